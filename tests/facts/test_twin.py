"""Every fact equals its slow twin, row for row, over random counties."""

import datetime as dt
from typing import Any

import pytest

from metrics.cohorts import resolved
from metrics.derive import derive, index_event_for
from tests.facts import happened_twin, twin
from tests.facts.random_county import CUTOFF, county
from tests.facts.stores import empty_store, fill


def built(tables: dict[str, list[dict[str, Any]]]):
    con = fill(empty_store(), **tables)
    fill(con, cohort_definition=[{"cohort": "trial", "title": "A trial", "follow_up_days": 200, "waiting_days": 30}])
    return con


def quarters(con: Any, cohort: str) -> list[str]:
    return [
        p
        for (p,) in con.execute(
            "SELECT period FROM follow_up WHERE cohort = ? AND period LIKE '%Q%'", [cohort]
        ).fetchall()
    ]


def same(con: Any, table: str, where: str, expected: list[dict[str, Any]]) -> None:
    rows = con.sql(f"SELECT * FROM {table} WHERE {where}").pl().to_dicts()
    for row in rows:
        if row.get("ogrs3") is not None:
            row["ogrs3"] = round(row["ogrs3"], 12)

    def order(row: dict[str, Any]) -> str:
        return repr(sorted(row.items(), key=lambda item: item[0]))

    rows, expected = sorted(rows, key=order), sorted(expected, key=order)
    for row, wanted in zip(rows, expected, strict=False):
        assert row == wanted
    assert len(rows) == len(expected)


SEEDS = range(8)
HAPPENED = {name: getattr(happened_twin, name) for name in ("joining", "leaving", "rating", "selection")}


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_equal_their_twins(seed: int) -> None:
    tables = county(seed, without=("custody_spell",) if seed == 6 else ("supervision_spell",) if seed == 7 else ())
    con = built(tables)
    derive(con, CUTOFF)
    known = twin.County(tables, CUTOFF)
    for cohort in resolved(con):
        if cohort.clock == "reoffending":
            expected = twin.index_event(known, cohort, quarters(con, cohort.id))
            same(con, "index_event", f"cohort = '{cohort.id}'", expected)
    same(con, "caseload", "true", twin.caseload(known, quarters(con, "caseload")))
    for cohort in resolved(con):
        if rows := HAPPENED.get(cohort.entry):
            same(con, cohort.entry, f"cohort = '{cohort.id}'", rows(known, cohort.id, quarters(con, cohort.id)))
    same(con, "pathway_step", "true", twin.pathway_step(known, quarters(con, "caseload")))
    same(con, "referral", "true", twin.referral(known, quarters(con, "referrals")))
    same(con, "prison_release", "true", twin.prison_release(known, quarters(con, "prison_releases")))


@pytest.mark.parametrize("seed", [101, 102])
def test_another_definition_equals_the_twin(seed: int) -> None:
    tables = county(seed)
    con = built(tables)
    cutoff = CUTOFF - dt.timedelta(days=100)
    known = twin.County(tables, cutoff)
    for cohort in resolved(con):
        if cohort.id in ("scheme", "trial", "area"):
            asked = index_event_for(con, cohort, 90, 0, cutoff)
            names = [
                p for (p,) in con.execute(f"SELECT period FROM {asked.follow_up} WHERE period LIKE '%Q%'").fetchall()
            ]
            same(con, asked.index_event, "true", twin.index_event(known, asked.cohort, names))
