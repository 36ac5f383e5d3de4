"""Offences and days at liberty in any spell of days equal loops over days and offences, in crowded random counties."""

import datetime as dt
import random

import polars as pl
import pytest

from metrics.person_years import person_spells, person_years
from tests.facts import twin
from tests.facts.random_county import CUTOFF, START, county
from tests.facts.stores import empty_store, fill

DAY = dt.timedelta(days=1)
EPOCH = dt.date(1970, 1, 1)


def plain(rows: twin.County, person: str, first: dt.date, last: dt.date, waiting: int) -> dict[str, int | None]:
    proven_by = last + waiting * DAY
    last = min(last, rows.cutoff, rows.death(person) or rows.cutoff)
    days = [first + n * DAY for n in range(max(0, (last - first).days + 1))]
    inside = sum(rows.inside(person, day) for day in days)
    proofs = [p for p in rows.proofs(person) if first <= p["offence_date"] <= last and p["proven_date"] <= proven_by]
    alleged = [
        row
        for row in rows.rows("offence", person)
        if first <= row["offence_date"] <= last
        and row["outcome"] in ("convicted", "cautioned", "not_proven", "pending")
        and row["recordable"] and not row["breach"] and not row["in_custody"]
        and not any(s[0]["start_date"] < row["offence_date"] < twin.end_of(s) for s in rows.stays(person))
    ]  # fmt: skip
    custody = rows.has_custody
    return {
        "days_observed": len(days), "days_in_custody": inside if custody else None,
        "days_at_liberty": len(days) - inside if custody else None, "offences": len(proofs), "alleged": len(alleged),
        "liberty_offences": sum(not p["inside"] for p in proofs) if custody else None,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("without", [(), ("custody_spell",)])
def test_spells_equal_the_slow_twin(seed: int, without: tuple[str, ...]) -> None:
    tables = county(seed, people=8, without=without)
    con, rows, rng = fill(empty_store(), **tables), twin.County(tables, CUTOFF), random.Random(seed)
    asked, expected = [], {}
    for person in rows.people:
        for number in range(5):
            first = START + rng.randrange(1300) * DAY
            last = first + rng.randrange(400) * DAY
            asked.append({"person_key": person, "on_date": first, "side": str(number),
                          "first_day": (first - EPOCH).days, "last_day": (last - EPOCH).days})  # fmt: skip
            expected[person, str(number)] = plain(rows, person, first, last, 100)
    found = person_spells(con, pl.DataFrame(asked), CUTOFF, waiting_days=100).to_dicts()
    assert len(found) == len(expected)
    for row in found:
        wanted = expected[row["person_key"], row["side"]]
        assert {name: row[name] for name in wanted} == wanted


def test_the_years_around_a_date_are_two_such_spells() -> None:
    tables = county(9, people=8)
    con, rows = fill(empty_store(), **tables), twin.County(tables, CUTOFF)
    on = START + 700 * DAY
    asked = pl.DataFrame({"person_key": rows.people, "on_date": [on] * len(rows.people)})
    found = person_years(con, asked, CUTOFF, before_days=300, after_days=200).to_dicts()
    assert len(found) == 2 * len(rows.people)
    for row in found:
        span = (on - 300 * DAY, on - DAY) if row["side"] == "before" else (on + DAY, on + 200 * DAY)
        wanted = plain(rows, row["person_key"], *span, 183)
        del wanted["alleged"]
        assert {name: row[name] for name in wanted} == wanted
