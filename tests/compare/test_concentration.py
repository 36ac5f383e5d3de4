"""Concentration: by hand, by a slow twin, closed forms, invariants of the Lorenz curve, coverage, and the open rule."""

import datetime as dt

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compare.concentration import (
    COLUMNS,
    by_chance,
    compute,
    gini,
    lorenz,
    may_be_open,
    measures,
    summary,
    tail_error,
    top_share,
)
from metrics.periods import periods

COUNTS = st.lists(st.integers(1, 60), min_size=1, max_size=80)


def test_shares_by_hand() -> None:
    """Ten people: one of 11 offences and nine of 1. The top tenth holds 11 of 20; the top 5% half of that person's 11."""
    counts = np.array([1.0] * 9 + [11.0])
    assert top_share(counts, 0.10) == pytest.approx(11 / 20)
    assert top_share(counts, 0.05) == pytest.approx(5.5 / 20)
    assert top_share(counts, 0.30) == pytest.approx(13 / 20)
    assert gini(counts) == pytest.approx((9 * 11 - 9 * 1) / (10 * 20))


def test_gini_by_closed_forms() -> None:
    assert gini(np.full(7, 3.0)) == 0
    assert gini(np.array([0.0] * 9 + [5.0])) == pytest.approx(9 / 10)
    assert gini(np.arange(1.0, 101)) == pytest.approx((100 - 1) / (3 * 100))  # 1, 2, ..., n: (n - 1) / 3n
    exponential = np.random.default_rng(1).exponential(1, 100_000)
    assert gini(exponential) == pytest.approx(0.5, abs=0.005)


def slow(counts: list[int], share: float) -> tuple[float, float]:
    """The share of the top and Gini, one person and one pair of people at a time."""
    left, held = share * len(counts), 0.0
    for count in sorted(counts, reverse=True):
        part = min(left, 1.0)
        held, left = held + part * count, left - part
    pairs = sum(abs(a - b) for a in counts for b in counts)
    return held / sum(counts), pairs / (2 * len(counts) * sum(counts))


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_every_measure_equals_the_slow_twin(counts: list[int]) -> None:
    values, frequency = np.unique(counts, return_counts=True)
    found = {name: column[0] / 100 for name, column in measures(values.astype(float), frequency[None]).items()}
    for name, share in (("top_0.5", 0.005), ("top_10", 0.1)):
        top, concentration = slow(counts, share)
        assert found[name] == pytest.approx(top)
        assert top_share(np.array(counts), share) == pytest.approx(top)
    assert found["gini"] == pytest.approx(concentration, abs=1e-12)
    assert gini(np.array(counts)) == pytest.approx(concentration, abs=1e-12)
    for tenth in range(1, 10):
        assert found[f"lorenz_{10 * tenth}"] == pytest.approx(1 - slow(counts, 1 - tenth / 10)[0])


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_the_lorenz_curve_is_one(counts: list[int]) -> None:
    people, offences = lorenz(np.array(counts))
    assert (people[0], offences[0], people[-1]) == (0, 0, 1)
    assert offences[-1] == pytest.approx(1)
    assert (np.diff(offences) >= 0).all(), "it never falls"
    assert (np.diff(offences, 2) >= -1e-12).all(), "it bends upwards only"
    assert (offences <= people + 1e-12).all(), "it lies under the line of equality"
    area = ((offences[1:] + offences[:-1]) / 2 * np.diff(people)).sum()
    assert gini(np.array(counts)) == pytest.approx(1 - 2 * area), "Gini is twice the area between"


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.integers(2, 5))
def test_neither_scale_nor_copies_change_it(counts: list[int], times: int) -> None:
    one = np.array(counts, dtype=float)
    for other in (one * times, np.tile(one, times)):
        assert gini(other) == pytest.approx(gini(one))
        assert top_share(other, 0.1) == pytest.approx(top_share(one, 0.1))


def test_what_luck_alone_gives() -> None:
    """All equally likely to offend, at least once each: a simulation of two million people."""
    rng = np.random.default_rng(2)
    drawn = rng.poisson(1.5, 2_000_000)
    drawn = drawn[drawn > 0]
    found = by_chance(float(drawn.mean()), len(drawn))
    assert found["top_10"] == pytest.approx(100 * top_share(drawn, 0.1), abs=0.15)
    assert found["gini"] == pytest.approx(100 * gini(drawn), abs=0.15)
    assert by_chance(1.0, 50)["gini"] == pytest.approx(0)


def test_the_interval_holds_the_truth_and_planted_concentration_is_told_from_luck() -> None:
    """600 people, counts 1 + negative binomial (shape 0.5, mean 1.2). Measured over 2,000 lists: see the methods page."""
    rng = np.random.default_rng(3)

    def draw(n: int) -> np.ndarray:
        return 1 + rng.negative_binomial(0.5, 0.5 / 1.7, n)

    truth = {"top_10": 100 * top_share(draw(2_000_000), 0.1), "gini": 100 * gini(draw(2_000_000))}
    inside = dict.fromkeys(truth, 0)
    for seed in range(150):
        found = {row["measure"]: row for row in summary(draw(600), seed, replicates=300).iter_rows(named=True)}
        for name, true in truth.items():
            inside[name] += found[name]["lower"] <= true <= found[name]["upper"]
            assert found[name]["lower"] > found[name]["by_chance"]
    assert {name: round(n / 150, 2) for name, n in inside.items()} == pytest.approx(
        dict.fromkeys(truth, 0.94), abs=0.06
    )


@pytest.mark.parametrize("tail", ["negative binomial", "lognormal"])
def test_the_interval_of_the_top_half_percent_holds_it(tail: str) -> None:
    """1,700 people, eight or nine at the top: 80 lists. Drawing the same people again held it in 73 to 84%."""
    rng = np.random.default_rng(11)

    def draw(n: int) -> np.ndarray:
        if tail == "negative binomial":
            return 1 + rng.negative_binomial(0.5, 0.5 / 1.7, n)
        counts = rng.poisson(rng.lognormal(0.2, 1.1, 2 * n))
        return counts[counts > 0][:n]

    truth, held = top_share(draw(2_000_000), 0.005), 0
    for _ in range(80):
        ordered = np.sort(draw(1700))[::-1].astype(float)
        error = tail_error(ordered, 0.005, rng)
        assert error is not None
        held += abs(np.log(top_share(ordered, 0.005) / truth)) <= 1.96 * error
    assert 0.88 <= held / 80 <= 1.0


def test_a_tail_too_thin_is_not_fitted() -> None:
    assert tail_error(np.full(600, 2.0), 0.005, np.random.default_rng(1)) is None
    assert tail_error(np.r_[np.arange(60.0, 51.0, -1), np.full(600, 2.0)], 0.005, np.random.default_rng(1)) is None
    row = summary(np.full(5_999, 2)).row(0, named=True)
    assert (row["measure"], row["lower"], row["upper"]) == ("top_0.5", pytest.approx(0.5), pytest.approx(0.5))


def test_a_figure_is_open_only_when_thirty_people_hold_it_and_none_dominates() -> None:
    few = summary(np.full(5_999, 2))
    rows = {row["measure"]: row for row in few.iter_rows(named=True)}
    assert rows["top_0.5"]["people"] == 30, "0.5% of 5,999 is 29.995 people: 30 are touched"
    assert may_be_open(rows["top_0.5"])
    assert not may_be_open({row["measure"]: row for row in summary(np.full(5_800, 2)).iter_rows(named=True)}["top_0.5"])
    assert not may_be_open({row["measure"]: row for row in summary(np.full(290, 2)).iter_rows(named=True)}["lorenz_50"])
    prolific = np.r_[np.full(400, 1), 200]
    rows = {row["measure"]: row for row in summary(prolific).iter_rows(named=True)}
    assert rows["top_10"]["people"] == 41
    assert rows["top_10"]["dominated"], "one person made over half of the top tenth's offences"
    assert not may_be_open(rows["top_10"])


def test_nobody_offended() -> None:
    assert summary(np.zeros(5)).height == 0
    assert np.isnan(top_share(np.array([]), 0.1))


def store(offences: list[tuple[int, str, str, str, bool, bool]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute('CREATE TABLE period (period VARCHAR, kind VARCHAR, start DATE, "end" DATE)')
    for span in periods("2019Q2", "2024Q3"):
        con.execute("INSERT INTO period VALUES (?,?,?,?)", [span.period, span.kind, span.start, span.end])
    con.execute(
        "CREATE TABLE offence (person_key BIGINT, offence_date DATE, proven_date DATE, outcome VARCHAR,"
        " recordable BOOLEAN, breach BOOLEAN)"
    )
    for row in offences:
        con.execute("INSERT INTO offence VALUES (?,?,?,?,?,?)", list(row))
    return con


def test_a_proven_offence_counts_in_the_period_of_its_proof() -> None:
    con = store(
        [
            (1, "2020-03-30", "2020-04-01", "convicted", True, False),
            (1, "2020-05-01", "2021-03-31", "cautioned", True, False),
            (2, "2020-05-01", "2020-06-01", "convicted", True, False),
            (3, "2020-05-01", "2020-06-01", "not_proven", True, False),
            (4, "2020-05-01", "2020-06-01", "convicted", False, False),
            (5, "2020-05-01", "2020-06-01", "convicted", True, True),
            (6, "2019-04-01", "2019-04-01", "convicted", True, False),
            (7, "2024-05-01", "2024-06-01", "convicted", True, False),
        ]
    )
    found = compute(con, dt.date(2024, 6, 30))
    assert found.columns == list(COLUMNS)
    one = found.filter((pl.col("period") == "2020/21") & (pl.col("measure") == "top_10")).row(0, named=True)
    assert (one["of_people"], one["offences"], one["people"]) == (2, 3, 1)
    assert one["value"] == pytest.approx(100 * 0.2 * 2 / 3)
    assert "2024/25" not in found["period"].to_list(), "the year has not ended"
    whole = found.filter(pl.col("period") == "all").row(0, named=True)
    assert (whole["of_people"], whole["offences"]) == (4, 5)


def test_an_empty_store_has_no_rows() -> None:
    assert compute(store([]), dt.date(2024, 6, 30)).height == 0
