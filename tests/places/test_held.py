"""Who holds places: a literal store, a slow plain twin over random counties, closed forms, and a planted difference."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import poisson

from metrics.derive import EPOCH
from metrics.places import held
from tests.facts import twin
from tests.facts.random_county import CUTOFF, county
from tests.facts.stores import empty_store, fill, key

CUT = dt.date(2024, 6, 30)
QUARTER_ENDS = [dt.date(2024, 6, 30), dt.date(2022, 12, 31), dt.date(2022, 9, 30), dt.date(2022, 6, 30), dt.date(2022, 3, 31)]  # fmt: skip


def number(day: dt.date) -> int:
    return (day - EPOCH).days


def test_days_are_the_reporting_quarters_end_and_four_complete_ones() -> None:
    # 31 December 2022 + 365 + 183 days is 1 July 2024: not complete on 30 June.
    assert held.days(CUT) == [number(d) for d in (CUT, dt.date(2022, 9, 30), *QUARTER_ENDS[3:], dt.date(2021, 12, 31))]
    assert held.days(dt.date(2024, 7, 1)) == [number(d) for d in QUARTER_ENDS]
    assert held.days(dt.date(2024, 6, 29))[0] == number(dt.date(2024, 3, 31))


def test_bands_begin_where_they_say() -> None:
    charges = pl.Series([0, 1, 2, 3, 4, 6, 7, 11, 12, 40])
    assert held.band_of(charges).to_list() == ["0", "1", "2-3", "2-3", "4-6", "4-6", "7-11", "7-11", "12+", "12+"]


def test_a_literal_store() -> None:
    """A on the scheme with two charges; B outside with one; C charged the year before last; D inside; E a child; F too old."""
    today, learnt = dt.date(2024, 6, 30), dt.date(2022, 9, 30)
    people = {name: {"person_key": key(name)} for name in "ABCDEF"}
    people["E"]["date_of_birth"] = dt.date(2008, 1, 1)
    when = {"A": [(2024, 1, 5), (2023, 7, 2)], "B": [(2024, 6, 30)], "C": [(2022, 7, 2)], "D": [(2024, 5, 1)], "E": [(2024, 5, 1)], "F": [(2022, 6, 1)]}  # fmt: skip
    offences = [
        {"person": name, "offence_date": dt.date(*day), "arrest_date": dt.date(*day), "outcome": "pending"}
        for name, days in when.items() for day in days
    ]  # fmt: skip
    # F was charged once in the year to September 2022 and then proven to have committed two, one of them too late to count.
    offences += [
        {"person": "F", "offence_date": dt.date(2022, 10, 1), "proven_date": dt.date(2023, 1, 1)},
        {"person": "F", "offence_date": dt.date(2023, 9, 30), "proven_date": dt.date(2024, 4, 2)},
    ]
    con = fill(
        empty_store(), person=list(people.values()), offence=[_keyed(row, n) for n, row in enumerate(offences)],
        residence=[{"person_key": key(name), "district": "fenland", "from_date": dt.date(2010, 1, 1)} for name in "ABCDEF"],
        scheme_episode=[{"person_key": key("A"), "start_date": dt.date(2024, 2, 1), "managing_district": "fenland"}],
        scheme_state=[{"person_key": key("A"), "kind": "tier", "value": "tier_1", "from_date": dt.date(2024, 2, 1)}],
        custody_spell=[{"person_key": key("D"), "start_date": dt.date(2024, 6, 1)}],
    )  # fmt: skip
    rows = held.people(con, CUT, [number(today), number(learnt)]).drop("cluster")
    now = rows.filter(pl.col("day") == number(today))
    assert sorted(now.select("charges", "held", "inside", "district", "tier", "band").rows()) == [
        (0, False, False, "fenland", "none", "0"),  # C and F's proofs of 2023: F's arrest is not known, its proof is
        (1, False, False, "fenland", "none", "1"),  # B: charged on the day itself
        (1, False, False, "fenland", "none", "1"),  # F: proven on 2 April 2024, arrest unknown
        (1, False, True, "fenland", "none", "1"),  # D
        (2, True, False, "fenland", "tier_1", "2-3"),  # A: 2 July 2023 is day 364 of 0 to 364; 29 February counts
    ]
    then = rows.filter((pl.col("day") == number(learnt)) & (pl.col("charges") == 1))
    assert then.select("held", "reoffences").sort("reoffences").rows() == [
        (False, 0),
        (False, 1),
    ]  # C, and F's one in time

    made = held.compute(con, CUT)
    cell = made.filter((pl.col("district") == "fenland") & (pl.col("tier") == "") & (pl.col("band") == "1")).to_dicts()[
        0
    ]
    assert (cell["held"], cell["outside"], cell["outside_inside"], cell["period"]) == (0, 3, 1, "2024Q2")
    tier = made.filter(pl.col("tier") == "tier_1").to_dicts()
    assert [(t["band"], t["held"], t["expected"]) for t in tier] == [("2-3", 1, None)]
    assert tier[0]["reason"] == "the band's own figure holds for each tier"


def _keyed(row: dict[str, Any], n: int) -> dict[str, Any]:
    return {"person_key": key(row["person"]), "offence_key": str(n)} | {k: v for k, v in row.items() if k != "person"}


def test_a_store_without_a_scheme_has_no_table() -> None:
    con = fill(empty_store(), person=[{"person_key": key("A")}])
    assert held.compute(con, CUT).is_empty()


@pytest.mark.parametrize("seed", [1, 2, 6])
def test_people_equal_their_twin(seed: int) -> None:
    tables = county(seed, without=("custody_spell",) if seed == 6 else ())
    for row in tables["offence"]:
        row["arrest_date"] = row["offence_date"] if hash(row["offence_key"]) % 3 else None
    asked = [CUTOFF - dt.timedelta(days=n) for n in (10, 560, 700)]
    found = held.people(fill(empty_store(), **tables), CUTOFF, [number(day) for day in asked])
    known = twin.County(tables, CUTOFF)
    expected = []
    for day in asked:
        for person in known.people:
            died = known.death(person)
            age = twin.age_on(known, person, day)
            if age is None or age < 18 or (died and died <= day):
                continue
            charged = [
                row.get("arrest_date") or row.get("first_hearing_date") or row["proven_date"] for row in known.rows("offence", person)
                if row["recordable"] and not row["breach"] and row["offence_date"] <= CUTOFF
            ]  # fmt: skip
            ages = [(day - c).days for c in charged if c is not None and c <= CUTOFF]
            on = any(e["scheme"] == "iom" and e["end_date"] != e["start_date"] for e in known.episodes(person, day))
            if not on and not any(0 <= a < 730 for a in ages):
                continue
            like = twin.state(known, person, day)
            after = twin.outcome(known, person, day, 365, 183)
            expected.append((
                number(day), sum(0 <= a < 365 for a in ages), on, known.inside(person, day),
                like["managing_district"] if on else like["home_district"], like["tier"], after["reoffences"],
            ))  # fmt: skip
    rows = found.select("day", "charges", "held", "inside", "district", "tier", "reoffences").rows()
    assert sorted(rows) == sorted(expected)
    assert rows


def test_limits_are_poissons_own_where_nobody_is_prolific() -> None:
    low, high = held.limits(12, 40, 1.0)
    assert poisson.sf(11, 40 * low) == pytest.approx(0.025)
    assert poisson.cdf(12, 40 * high) == pytest.approx(0.025)
    wide = held.limits(12, 40, 4.0)
    assert wide[0] < low < 12 / 40 < high < wide[1]
    assert held.limits(0, 40, 1.0)[0] == 0


def test_overdispersion_by_hand() -> None:
    # two people counted twice, means 1.5 a day of counting: (5 - 3)² + (1 - 3)² = 8, over 6
    assert held.overdispersion(np.array([5, 1]), np.array([2, 2])) == pytest.approx(8 / 6)
    assert held.overdispersion(np.array([3, 3]), np.array([2, 2])) == 1.0


def test_a_planted_difference_between_bands_is_recovered() -> None:
    """Bands that offend at 20, 60 and 300 per 100, prolific people among them: each interval holds its truth, and a
    district's figure strays from it less than the raw one."""
    rng = np.random.default_rng(8)
    truth = {"1": 0.2, "2-3": 0.6, "7-11": 3.0}
    rows, inside, raw_error, error = [], 0, 0.0, 0.0
    for trial in range(12):
        rows = []
        for band, mean in truth.items():
            for person in range(160):
                own = mean * rng.gamma(1.0)
                for day in (1, 2):
                    rows.append((f"{trial}{band}{person}", day, False, False, "abcd"[person % 4], "none", band, rng.poisson(own)))  # fmt: skip
            rows += [("held", 9, True, False, place, "none", band, 0) for place in "abcd"]
        names = ("cluster", "day", "held", "inside", "district", "tier", "band", "reoffences")
        frame = pl.DataFrame(rows, schema=list(names), orient="row")
        made = held.summary(frame.with_columns(cluster=pl.col("cluster").rank("dense"), charges=pl.lit(1)), 9)
        wide = made.filter((pl.col("district") == "") & (pl.col("tier") == "") & pl.col("expected").is_not_null())
        inside += sum(row["lower"] <= 100 * truth[row["band"]] <= row["upper"] for row in wide.to_dicts())
        for row in made.filter((pl.col("district") != "") & pl.col("expected").is_not_null()).to_dicts():
            error += (row["expected"] / 100 - truth[row["band"]]) ** 2
            raw_error += (row["raw"] / 100 - truth[row["band"]]) ** 2
    assert inside >= 32, "at least 32 of 36 intervals of 95%"
    assert error < 0.8 * raw_error
