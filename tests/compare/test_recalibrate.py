"""Recalibration: recovered when planted, equal to statsmodels, and never fitted on the people that it judges."""

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from metrics.compare.calibration import LOCAL, NATIONAL, SCHEMA, _year, against, compute
from metrics.compare.recalibrate import Recalibration, auc, brier, fit, logit
from metrics.derive import derive
from tests.facts.stores import store


def drawn(n: int, intercept: float, slope: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    national = 1 / (1 + np.exp(-rng.normal(-1, 1.2, n)))
    true = 1 / (1 + np.exp(-(intercept + slope * logit(national))))
    return rng.random(n) < true, national


def test_equals_statsmodels() -> None:
    happened, national = drawn(3000, 0.4, 0.8)
    model = fit(happened, national)
    oracle = sm.Logit(happened.astype(float), sm.add_constant(logit(national))).fit(disp=0)
    assert model is not None
    assert (model.intercept, model.slope) == pytest.approx(tuple(oracle.params), abs=1e-8)
    assert (model.intercept_error, model.slope_error) == pytest.approx(tuple(oracle.bse), rel=1e-6)


def test_what_was_planted_is_recovered() -> None:
    """Over 200 draws the mean is what was planted, and 1.96 standard errors hold it 19 times in 20."""
    models = [fit(*drawn(800, 0.4, 0.8, seed)) for seed in range(200)]
    found = np.array([[m.intercept, m.slope, m.intercept_error, m.slope_error] for m in models if m])
    assert found[:, :2].mean(axis=0) == pytest.approx([0.4, 0.8], abs=0.04)
    held = np.abs(found[:, :2] - [0.4, 0.8]) <= 1.96 * found[:, 2:]
    assert (np.abs(held.mean(axis=0) - 0.95) < 3.2 * math.sqrt(0.95 * 0.05 / 200)).all()


def test_a_prediction_that_holds_stays_as_it_is() -> None:
    happened, national = drawn(200_000, 0, 1)
    model = fit(happened, national)
    assert model is not None
    assert (model.intercept, model.slope) == pytest.approx((0, 1), abs=0.03)
    assert Recalibration(0, 1, 0, 0).of(national) == pytest.approx(national)


@pytest.mark.parametrize("case", ["few", "one value", "told apart"])
def test_where_nothing_can_be_fitted(case: str) -> None:
    happened, national = drawn(400, 0, 1)
    if case == "few":
        happened = np.arange(400) < 49
    elif case == "one value":
        national = np.full(400, 0.3)
    else:
        happened = national > 0.3
    assert fit(happened, national) is None


def test_auc_and_brier_by_hand() -> None:
    """Pairs of one who did and one who did not: 0.9 over 0.2 and 0.6, 0.6 over 0.2 and level with 0.6: 3.5 of 4."""
    happened, chance = np.array([True, True, False, False]), np.array([0.9, 0.6, 0.6, 0.2])
    assert auc(happened, chance) == pytest.approx(3.5 / 4)
    assert brier(happened, chance) == pytest.approx((0.01 + 0.16 + 0.36 + 0.04) / 4)
    assert math.isnan(auc(np.array([True, True]), np.array([0.1, 0.2])))


def test_auc_equals_all_pairs() -> None:
    rng = np.random.default_rng(5)
    chance, happened = rng.integers(0, 12, 150) / 12, rng.random(150) < 0.4
    pairs = [(p > q) + 0.5 * (p == q) for p in chance[happened] for q in chance[~happened]]
    assert auc(happened, chance) == pytest.approx(np.mean(pairs))


def year_of_people(n: int, seed: int) -> pl.DataFrame:
    happened, national = drawn(n, 0.5, 1, seed)
    return pl.DataFrame(
        {"quarter": "2016Q1", "person": np.arange(n) // 2, "reoffended": happened, "ogrs3": national,
         "ogrs_band": np.where(national < 0.25, "0-24", "25-49"), "home_district": "fenland",
         "scheme": [["iom", "ppo"] if i % 2 else [] for i in range(n)]},
        schema_overrides={"scheme": pl.List(pl.String)},
    )  # fmt: skip


def test_this_year_does_not_set_its_own_expectation() -> None:
    """However this year turns out, it is expected the same; what is known of earlier years decides."""
    earlier, people = year_of_people(3000, 1), year_of_people(400, 2)
    worse = people.with_columns(reoffended=pl.lit(True))

    def local(of: pl.DataFrame) -> dict:
        return next(r for r in _year(of, earlier, "home_district") if r["basis"] == LOCAL and not r["dim1"])

    assert local(people)["expected"] == pytest.approx(local(worse)["expected"])
    assert local(people)["intercept"] == pytest.approx(0.5, abs=0.15)
    rows = list(_year(people, earlier, "home_district"))
    national = next(r for r in rows if r["basis"] == NATIONAL and not r["dim1"])
    assert national["value"] > local(people)["value"] + 3
    assert local(people)["lower"] < 0 < local(people)["upper"]
    assert national["auc"] == local(people)["auc"]
    # nothing earlier: the national prediction stands alone
    assert {r["basis"] for r in _year(people, earlier.clear(), "home_district")} == {NATIONAL}
    # partitions add up, schemes overlap
    for name in ("ogrs_band", "home_district"):
        assert sum(r["entries"] for r in rows if r["dim1"] == name and r["basis"] == NATIONAL) == 400
    assert {r["val1"]: r["entries"] for r in rows if r["dim1"] == "scheme" and r["basis"] == NATIONAL} == {
        "iom": 200,
        "ppo": 200,
    }


def test_against_equals_loops() -> None:
    people = year_of_people(101, 3)
    found = against(people, ["ogrs_band"])
    for row in found:
        mine = [r for r in people.to_dicts() if r["ogrs_band"] == row["ogrs_band"]]
        assert row["people"] == len({r["person"] for r in mine})
        assert row["observed"] == sum(r["reoffended"] for r in mine)
        assert row["expected"] == pytest.approx(sum(r["ogrs3"] for r in mine))
        assert row["value"] == pytest.approx(100 * (row["observed"] - row["expected"]) / len(mine))
        assert row["lower"] < row["value"] < row["upper"]


def test_the_table_of_a_store() -> None:
    """Sixty people each proved once a year in theft: too few years and people to fit, but set against OGRS3."""
    rows = [
        {"person": f"p{n}", "offence_date": f"{year}-0{5 + n % 3}-1{n % 7}", "disposal": "fine", "offence_code": "046/00"}
        for n in range(60) for year in (2016, 2018) if (n + year) % 3
    ]  # fmt: skip
    con = store(offence=[{"person": "early", "offence_date": "2015-01-01"}, *rows])
    derive(con, dt.date(2022, 12, 31))
    found = compute(con, dt.date(2022, 12, 31))
    assert found.schema == pl.Schema(SCHEMA)
    told = found.filter((pl.col("cohort") == "adults") & (pl.col("dim1") == ""))
    assert told["period"].to_list() == ["2016/17", "2018/19"]
    assert set(told["basis"]) == {NATIONAL}
    by_hand = con.sql(
        "SELECT count(*), sum(ogrs3) FROM index_event WHERE cohort = 'adults' AND year(index_date) = 2018"
    ).fetchall()[0]
    assert (told["entries"][1], told["expected"][1]) == (by_hand[0], pytest.approx(by_hand[1]))
