"""The old schemes' measures beside the single cohort's, worked by hand from literal rows."""

import datetime as dt

import polars as pl
import pytest

from metrics.catalogue import definition
from metrics.compare import before_after, parallel
from metrics.compute import figures
from metrics.derive import derive
from tests.facts.stores import store

CUTOFF = dt.date(2021, 12, 31)
YEAR = "2019/20"


def offences(name: str, *days: str) -> list[dict]:
    return [{"person": name, "offence_date": day} for day in days]


@pytest.fixture(scope="module")
def con():
    """Ann and Bob are on IOM on 1 February 2019, Bob in prison for all of the next year; Cat joins in May; Dan tests
    positive in February and is on no scheme; Eve died the day before; Zoe begins the records."""
    made = store(
        scheme_episode=[
            {"person": "zoe", "start_date": "2016-01-01", "end_date": "2016-02-01"},
            {"person": "ann", "start_date": "2018-01-01"},
            {"person": "bob", "start_date": "2018-01-01"},
            {"person": "cat", "start_date": "2019-05-01"},
            {"person": "eve", "start_date": "2018-01-01"},
        ],
        offence=[
            *offences("zoe", "2016-01-05"),
            *offences("ann", "2018-03-01", "2018-05-01"),  # the baseline: October 2017 to September 2018
            *offences("ann", "2018-12-01"),  # the gap, which holds the months of selection
            *offences("ann", "2019-06-10", "2019-09-01"),  # the follow-up, and two index events
            *offences("bob", "2018-07-01"),
            *offences("cat", "2019-07-01", "2019-12-01"),
            *offences("dan", "2018-06-01", "2019-03-01"),
        ],
        custody_spell=[{"person": "bob", "start_date": "2019-01-01", "end_date": "2020-06-30"}],
        arrest=[
            {"person": "dan", "arrest_date": day, "district": "fenland", "drug_test": test}
            for day, test in (("2019-02-10", "positive"), ("2019-03-20", "positive"), ("2019-01-05", "negative"))
        ],
        person=[
            {"person": name, "sex": "male", "date_of_birth": "1990-01-01", "date_of_death": died}
            for name, died in (("dan", None), ("eve", "2019-01-31"))
        ],
    )
    derive(made, CUTOFF)
    return made


@pytest.fixture(scope="module")
def rows(con) -> dict[tuple[str, str], dict]:
    found = parallel.compute(con, CUTOFF).filter(pl.col("year") == YEAR)
    assert set(found["scheme"]) == {"iom", "dip"}
    return {(row["rule"], row["step"]): row for row in found.to_dicts()}


def measured(row: dict) -> tuple:
    return row["people"], row["entries"], row["rate"], row["per_100"]


def test_the_ppo_measure_counts_who_is_on_the_scheme_that_day(rows) -> None:
    old = rows["on_date", "old"]
    assert measured(old) == (2, 2, 50.0, 100.0)  # Ann twice, Bob not at all; Eve had died
    assert old["before_per_100"] == 150.0  # Ann's two and Bob's one
    assert old["in_custody"] == pytest.approx(50.0)  # Bob throughout
    # 2 offences in 2 x 366 days (April 2019 to March 2020) against 3 in 2 x 365
    assert old["change"] == pytest.approx(100 * ((2 / 732) / (3 / 730) - 1))


def test_each_step_changes_one_thing(rows) -> None:
    assert measured(rows["on_date", "entered"]) == (1, 1, 100.0, 200.0)  # Ann alone was convicted while on the scheme
    # Ann from 10 June, who offends on 1 September, and from 1 September, who does not again within 12 months
    assert measured(rows["on_date", "clock"]) == (1, 2, 50.0, 50.0)
    assert measured(rows["on_date", "scheme"]) == (2, 4, 50.0, 50.0)  # and Cat, from 1 July and from 1 December
    assert measured(rows["on_date", "all"]) == (2, 4, 50.0, 50.0)


def test_the_dip_measure_counts_from_the_first_positive_test_of_the_quarter(rows) -> None:
    assert measured(rows["tested", "old"]) == (1, 1, 100.0, 100.0)  # 1 March 2019 is after 10 February
    assert rows["tested", "old"]["before_per_100"] == 100.0
    assert ("tested", "entered") not in rows and ("tested", "scheme") not in rows  # Dan was on no scheme


def test_the_last_step_is_the_published_figure_to_the_last_digit(con, rows) -> None:
    asked = [definition("reoffending_rate"), definition("reoffences_per_100")]
    found = figures(con, asked, [[], ["scheme"]], ["year"], cohorts=["scheme"]).filter(pl.col("period") == YEAR)
    for step, value in (("all", ""), ("scheme", "iom")):
        for name, indicator in (("rate", "reoffending_rate"), ("per_100", "reoffences_per_100")):
            published = found.filter((pl.col("indicator") == indicator) & (pl.col("val1") == value)).to_dicts()[0]
            row = rows["on_date", step]
            for ours, theirs in ((name, "value"), (f"{name}_lower", "lower"), (f"{name}_upper", "upper")):
                assert row[ours] == pytest.approx(published[theirs], rel=1e-12), (step, ours)


def test_the_change_is_that_of_the_official_design(con, rows) -> None:
    official = before_after.compute(con, CUTOFF).filter(
        (pl.col("scheme") == "iom") & (pl.col("design") == "fixed_date") & (pl.col("fixed_date") == dt.date(2019, 2, 1))
        & (pl.col("measure") == "offences_per_year")
    ).to_dicts()[0]  # fmt: skip
    for name in ("change", "change_lower", "change_upper"):
        assert rows["on_date", "old"][name] == pytest.approx(official[name])


def test_a_year_without_records_before_it_or_whose_follow_up_is_not_over_has_no_rows(con) -> None:
    years = set(parallel.compute(con, CUTOFF)["year"])
    assert YEAR in years and "2016/17" not in years and "2020/21" not in years
    assert parallel.compute(store(), CUTOFF).is_empty()
