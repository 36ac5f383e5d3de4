"""Indirect standardisation: worked by hand, against published limits and national tables, and how often limits hold."""

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from metrics.compare.standardise import SCHEMA, byar_limits, compute, exact_limits, standardised
from metrics.derive import derive
from tests.facts.stores import store

PEOPLE = pl.DataFrame(
    {
        "district": ["fenland", "fenland", "cambridge", "cambridge", "cambridge"],
        "age": ["child", "adult", "child", "adult", "unheard of"],
        "entries": [10, 90, 20, 30, 4],
        "events": [5, 20, 6, 9, 3],
    }
)
STANDARD = pl.DataFrame({"age": ["child", "adult"], "rate": [0.4, 0.2]})


def test_worked_by_hand() -> None:
    fenland, cambridge = (
        standardised(PEOPLE, STANDARD, ["age"], group=["district"], overall=0.25)
        .sort("district", descending=True)
        .to_dicts()
    )
    assert (fenland["observed"], fenland["expected"]) == pytest.approx((25, 10 * 0.4 + 90 * 0.2))
    assert fenland["ratio"] == pytest.approx(25 / 22)
    assert fenland["rate"] == pytest.approx(0.25 * 25 / 22)
    assert (cambridge["observed"], cambridge["expected"], cambridge["left_out"]) == pytest.approx((15, 14, 4))


def test_a_group_like_the_standard_has_the_standards_rate() -> None:
    same = pl.DataFrame({"g": ["a", "a"], "age": ["child", "adult"], "entries": [100, 300], "events": [40, 60]})
    found = standardised(same, STANDARD, ["age"], group=["g"], overall=0.25).row(0, named=True)
    assert (found["ratio"], found["rate"]) == pytest.approx((1, 0.25))


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    # Garwood's table of exact limits for a Poisson count, as in Breslow and Day (1987), table 2.10
    [(0, 0, 3.69), (1, 0.0253, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (20, 12.22, 30.89), (50, 37.11, 65.92)],
)
def test_the_published_limits(count: int, lower: float, upper: float) -> None:
    low, high = exact_limits(count)
    assert (low, high) == (pytest.approx(lower, abs=0.006), pytest.approx(upper, abs=0.006))
    chi = (stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0, stats.chi2.ppf(0.975, 2 * count + 2) / 2)
    assert (low, high) == (pytest.approx(chi[0], abs=1e-9), pytest.approx(chi[1]))


def test_byar_is_close_to_exact() -> None:
    counts = np.arange(10, 500)
    for byar, exact in zip(byar_limits(counts), exact_limits(counts), strict=True):
        assert np.abs(byar / exact - 1).max() < 0.01


@pytest.mark.parametrize(("rate", "least", "most"), [(0.02, 0.94, 0.98), (0.3, 0.97, 0.995), (0.6, 0.995, 1.0)])
def test_how_often_the_limits_hold_the_truth(rate: float, least: float, most: float) -> None:
    """With nothing planted, ratio 1: right where few reoffend, too wide where many do, as the module says."""
    counts = np.random.default_rng(1).binomial(200, rate, 20_000)
    low, high = exact_limits(counts)
    assert least <= np.mean((low <= 200 * rate) & (high >= 200 * rate)) <= most


def test_a_planted_ratio_is_recovered() -> None:
    rng = np.random.default_rng(3)
    draws = [
        PEOPLE.head(4).with_columns(
            events=pl.Series(rng.binomial([10, 90, 20, 30], 1.3 * np.array([0.4, 0.2, 0.4, 0.2])))
        )
        for _ in range(400)
    ]
    found = [
        standardised(one, STANDARD, ["age"], group=["district"], overall=0.25)["ratio"].to_numpy() for one in draws
    ]
    assert np.mean(found, axis=0) == pytest.approx([1.3, 1.3], abs=0.05)


def test_national_rates_as_the_standard(shared_data: Path) -> None:
    """The year to March 2017 standing against itself: every kind of person at the national rate gives ratio 1."""
    path = shared_data / "reference" / "moj_reoffending_by_age_and_index_offence_2006_2017.csv"
    if not path.exists():
        pytest.skip("the national table is not here: expected shared/data/reference/moj_reoffending_by_age_...csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["year_ending"] == "2017-03-31" and r["proportion"] != "NA"]
    assert len(rows) > 20
    rates = pl.DataFrame(
        [{"age": r["age"], "offence": r["index_offence"], "rate": float(r["proportion"])} for r in rows]
    )
    people = rates.with_columns(entries=pl.Series(np.arange(1, len(rates) + 1) * 100.0), group=pl.lit("all"))
    people = people.with_columns(events=pl.col("entries") * pl.col("rate")).drop("rate")
    found = standardised(people, rates, ["age", "offence"], group=["group"], overall=0.3).row(0, named=True)
    assert (found["ratio"], found["rate"]) == pytest.approx((1, 0.3))


def test_the_table_against_loops_over_the_entries() -> None:
    """A store of four people: what is expected of each is the share of all entries like theirs that were reoffended after."""
    offences = [
        {"person": p, "offence_date": day, "disposal": "fine", "occasion_key": f"{p}{day}"}
        for p, days in {"a": ["2016-05-01", "2016-09-01"], "b": ["2016-06-01"], "c": ["2017-06-01", "2017-07-01"], "d": ["2017-07-02"]}.items()
        for day in days
    ]  # fmt: skip
    con = store(offence=[{"person": "early", "offence_date": "2015-01-01"}, *offences])
    derive(con, dt.date(2022, 12, 31))
    found = compute(con, dt.date(2022, 12, 31))
    assert found.schema == pl.Schema(SCHEMA)
    rows = con.sql(
        "SELECT period, person_key, age_band, sex, prior_band, reoffended FROM index_event WHERE cohort = 'area' AND period >= '2015Q2'"
    ).pl().to_dicts()  # fmt: skip

    def like(row: dict) -> float:
        same = [r["reoffended"] for r in rows if all(r[k] == row[k] for k in ("age_band", "sex", "prior_band"))]
        return sum(same) / len(same)

    year = [r for r in rows if r["period"] in ("2016Q2", "2016Q3", "2016Q4", "2017Q1")]
    told = found.filter(
        (pl.col("cohort") == "adults") & (pl.col("period") == "2016/17") & (pl.col("dim1") == "")
    ).to_dicts()
    assert len(told) == 1
    assert told[0]["entries"] == len(year) == 3
    assert told[0]["people"] == 2
    assert told[0]["observed"] == sum(r["reoffended"] for r in year) == 1
    assert told[0]["expected"] == pytest.approx(sum(like(r) for r in year))
