"""Waits that ended, and what became of prison releases, over again in plain Python over random counties."""

import datetime as dt
import random
from typing import Any

import pytest

from metrics.derive import derive
from tests.facts import twin
from tests.facts.random_county import CUTOFF, county
from tests.facts.stores import empty_store, fill
from tests.facts.twin import DAY, County, Row, end_of, quarter

DROP_IN = {"a": True, "b": False}
"""Whether each programme of the random county is a drop-in."""
STATUS = {"accommodation": ("settled", "temporary"), "work_training": ("in_work_or_training", "not_in_work_or_training"), "benefit_claim": ("claimed",), "benefit_payment": ("first_payment",)}  # fmt: skip
LOOKS = {"week_1": (7, "accommodation", 0), "week_4": (28, "benefit_payment", 0), "week_12": (84, "work_training", 49), "month_3": (91, "accommodation", 56)}  # fmt: skip


def tables(seed: int) -> dict[str, list[Row]]:
    """A random county with priorities, a directory and circumstances, many of them soon after a prison release."""
    rng, made = random.Random(seed), county(seed)
    made["need"] = [row | {"priority": rng.choice([None, 1, 2, 3])} for row in made["need"]]
    managed = made["scheme_episode"][0] | {
        "scheme": "iom",
        "start_date": dt.date(2015, 1, 1),
        "end_date": None,
        "exit_reason": None,
    }
    made["scheme_episode"] += [
        managed | {"person_key": row["person_key"]} for row in made["person"] if rng.random() < 0.6
    ]
    made["programme"] = [
        {"programme": name, "title": name, "provider": "one", "sector": "voluntary", "pathway": "health", "district": "fenland", "sex_served": "all", "drop_in": drop_in}
        for name, drop_in in DROP_IN.items()
    ]  # fmt: skip
    told = {}
    for spell in made["custody_spell"]:
        for _ in range(rng.randrange(5)):
            domain = rng.choice(list(STATUS))
            on = (spell["end_date"] or CUTOFF) + rng.randrange(-100, 110) * DAY
            told[spell["person_key"], domain, on] = rng.choice(STATUS[domain])
    made["circumstance"] = [
        {"person_key": person, "domain": domain, "on_date": on, "status": status}
        for (person, domain, on), status in told.items()
    ]
    return made


def wait_ends(known: County, quarters: list[str]) -> list[tuple[Any, ...]]:
    found = []
    for person in known.people:
        spells = known.rows("intervention_spell", person)
        for spell in spells:
            over = spell["started_on"] or spell["ended_on"]
            if over is None or over > known.cutoff or quarter(over) not in quarters:
                continue
            start, pathway = spell["started_on"], spell["pathway"]
            started = [
                s for s in spells if s["started_on"] is not None and start is not None and s["started_on"] <= start
            ]
            order = drop = None
            if start is not None:
                ranks = priorities(known, person, start)
                if pathway in ranks:
                    recent = {s["pathway"] for s in started if s["started_on"] > start - 365 * DAY}
                    order = all(name in recent for name, rank in ranks.items() if rank < ranks[pathway])
                if pathway == "health" and not DROP_IN[spell["programme"]]:
                    drop = any(
                        s["pathway"] == pathway and DROP_IN[s["programme"]] and s["started_on"] >= start - 182 * DAY
                        for s in started
                    )
            found.append((person, quarter(over), pathway, start is not None, (over - spell["referred_on"]).days, order, drop))  # fmt: skip
    return found


def priorities(known: County, person: str, day: dt.date) -> dict[str, int]:
    """The rank of each pathway whose latest assessment of the year before found a need and gave it one."""
    ranks = {}
    for pathway in twin.PATHWAYS:
        rows = [
            row
            for row in known.rows("need", person)
            if row["pathway"] == pathway and day - 365 * DAY <= row["assessed_on"] <= day
        ]
        rows.sort(key=lambda row: (-row["assessed_on"].toordinal(), row["level"] == "none", row["priority"] is None, row["priority"] or 0))  # fmt: skip
        if rows and rows[0]["level"] != "none" and rows[0]["priority"] is not None:
            ranks[pathway] = rows[0]["priority"]
    return ranks


def after_prison(known: County, quarters: list[str]) -> list[tuple[Any, ...]]:
    found = []
    paid_first = min((row["on_date"] for rows in known.by_person["circumstance"].values() for row in rows if row["domain"] == "benefit_payment"), default=dt.date.max)  # fmt: skip
    for person in known.people:
        for stay in known.stays(person):
            out, kinds = end_of(stay), {spell["kind"] for spell in stay}
            last = {spell["release_type"] for spell in stay if spell["end_date"] == out}
            if out > known.cutoff or kinds == {"remand"} or "transfer" in last or not known.episodes(person, out):
                continue
            for point, (after, domain, since) in LOOKS.items():
                day = out + after * DAY
                died = known.death(person)
                if day > known.cutoff or quarter(day) not in quarters or (died is not None and died <= day):
                    continue
                told = sorted(
                    (row["on_date"], row["status"])
                    for row in known.rows("circumstance", person)
                    if row["domain"] == domain and out + since * DAY <= row["on_date"] <= day
                )
                status = None if not told else told[-1][1] if since else told[0][1]
                inside = known.inside(person, day)
                settled = status == "settled" if domain == "accommodation" and status and not inside else None
                working = status == "in_work_or_training" if domain == "work_training" and status and not inside else None  # fmt: skip
                paid = None
                if point == "week_4" and out >= paid_first:
                    claimed = any(
                        row["domain"] == "benefit_claim" and out - 91 * DAY <= row["on_date"] <= day
                        for row in known.rows("circumstance", person)
                    )
                    if told or claimed:
                        paid = bool(told) and told[0][0] <= out + 7 * DAY
                found.append((person, quarter(day), point, settled, working, paid))
    return found


@pytest.mark.parametrize("seed", [3, 10])
def test_waits_and_prison_releases_equal_their_twins(seed: int) -> None:
    made = tables(seed)
    con = fill(empty_store(), **made)
    derive(con, CUTOFF)
    known = County(made, CUTOFF)

    def same(fact: str, cohort: str, columns: str, expected: list[tuple[Any, ...]]) -> None:
        rows = con.execute(f"SELECT person_key, period, {columns} FROM {fact}").fetchall()
        assert sorted(map(repr, rows)) == sorted(map(repr, expected)), cohort
        assert len(rows) > 10

    def quarters(cohort: str) -> list[str]:
        query = "SELECT period FROM follow_up WHERE cohort = ? AND period LIKE '%Q%'"
        return [period for (period,) in con.execute(query, [cohort]).fetchall()]

    same("wait_end", "wait_ends", "pathway, started, waited_days, in_order, drop_in_first", wait_ends(known, quarters("wait_ends")))  # fmt: skip
    same("after_prison", "after_prison", "point, settled, working, paid", after_prison(known, quarters("after_prison")))
