"""Against results from elsewhere: statsmodels, published arithmetic, closed forms."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from metrics.catalogue import definition
from metrics.cube import MOMENTS, Waits
from metrics.kinds import compute, count, curve, proportion, quantile, ratio
from metrics.kinds.survival import curves

KEYS = {"cohort": "c", "period": "p", "dim1": "", "val1": "", "dim2": "", "val2": ""}


def cell(x: np.ndarray, d: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """The sums of one cell, a person an element."""
    d = np.ones(len(x)) if d is None else d
    made = {name: np.array([float(np.sum(x ** name.count("x") * d ** name.count("d")))]) for name in MOMENTS[1:10]}
    counts = {"n": np.sum(d != 0), "positive": np.sum(x > 0), "people": len(x), "known": len(x), "entries": d.sum()}
    return made | {name: np.array([float(value)]) for name, value in counts.items()}


def waits(day: np.ndarray, ended: np.ndarray, horizon: int) -> tuple[pl.DataFrame, Waits]:
    """One cell's frame and histogram; everybody waits once."""
    frame = pl.DataFrame(KEYS | cell(day.astype(float)))
    days = (
        pl.DataFrame({"day": day.astype(np.int32), "ended": ended.astype(np.int64)})
        .group_by("day")
        .agg(pl.col("ended").sum().alias("events"), (pl.len().cast(pl.Int64) - pl.col("ended").sum()).alias("censored"))
        .with_columns(pl.lit(0, dtype=pl.Int64).alias("cell"), pl.lit(horizon, dtype=pl.Int32).alias("horizon"))
    )
    both = [days.with_columns(pl.lit(name).alias("indicator")) for name in ("days_to_first_reoffence", "waiting_days")]
    cells = pl.DataFrame(KEYS).with_columns(pl.lit(0, dtype=pl.Int64).alias("cell"))
    return frame, Waits(cells, pl.concat(both))


@pytest.mark.parametrize(("reoffended", "people"), [(0, 12), (1, 30), (28, 100), (2202, 6207), (45, 45)])
def test_the_rate_equals_statsmodels_wilson(reoffended: int, people: int) -> None:
    from statsmodels.stats.proportion import proportion_confint

    x = np.r_[np.ones(reoffended), np.zeros(people - reoffended)]
    result = proportion.compute(cell(x))
    low, high = proportion_confint(reoffended, people, method="wilson")
    assert result.value[0] == pytest.approx(reoffended / people)
    assert (result.lower[0], result.upper[0]) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))


def test_published_arithmetic_closes() -> None:
    # PPO 2009: 56% of 10,635 people at 4.3 each, about 2.4 per person.
    reoffenders = round(0.56 * 10635)
    x = np.r_[np.full(reoffenders, 4.3), np.zeros(10635 - reoffenders)]
    assert ratio.compute(cell(x)).value[0] == pytest.approx(2.4, abs=0.05)
    assert ratio.compute(cell(x, (x > 0).astype(float))).value[0] == pytest.approx(4.3)
    # July 2011 to June 2012: 590,000 people, 26.2%, 450,000 reoffences, 2.9 each.
    reoffenders = round(0.262 * 590_000)
    assert 450_000 / reoffenders == pytest.approx(2.9, abs=0.05)
    x = np.r_[np.full(reoffenders, 450_000 / reoffenders), np.zeros(590_000 - reoffenders)]
    assert proportion.compute(cell((x > 0).astype(float))).value[0] == pytest.approx(0.262, abs=1e-6)
    assert ratio.compute(cell(x, (x > 0).astype(float))).value[0] == pytest.approx(2.9, abs=0.05)
    # 2006 cohort: 146.1 reoffences per 100 adults.
    frame = pl.DataFrame(KEYS | cell(np.r_[np.full(461, 2.0), np.full(539, 1.0)]))
    assert compute(definition("reoffences_per_100"), frame)["value"][0] == pytest.approx(146.1)


def test_kaplan_meier_equals_statsmodels_on_arrests_after_prison_release(shared_data: Path) -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    rossi = pl.read_csv(shared_data / "rossi" / "Rossi.csv")
    week, arrest = rossi["week"].to_numpy(), rossi["arrest"].to_numpy()
    frame, days = waits(week, arrest, 52)
    found = curves(frame, days.of("waiting_days"))
    theirs = SurvfuncRight(week, arrest)
    at = np.searchsorted(found.day, theirs.surv_times)
    assert found.free[at] == pytest.approx(theirs.surv_prob)
    assert found.risk[at] == pytest.approx(theirs.n_risk)
    assert np.sqrt(found.greenwood[at]) * found.free[at] == pytest.approx(theirs.surv_prob_se)
    shown = curve(definition("days_to_first_reoffence"), frame, days, step=1)
    low, high = shown.filter(pl.col("day") == 30).select("lower", "upper").row(0)
    share, error = theirs.surv_prob[theirs.surv_times <= 30][-1], theirs.surv_prob_se[theirs.surv_times <= 30][-1]
    power = np.exp(1.959963984540054 * error / share / np.log(share))
    assert (low, high) == (pytest.approx(100 * share ** (1 / power)), pytest.approx(100 * share**power))


def test_the_median_wait_equals_statsmodels() -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(4)
    wait = np.ceil(rng.exponential(30, 200)).astype(int)
    still = rng.random(200) < 0.2
    frame, days = waits(wait, ~still, 365)
    columns = {name: frame[name].cast(pl.Float64).to_numpy() for name in frame.columns if name not in KEYS}
    result = quantile.compute(columns, curves(frame, days.of("waiting_days")))
    theirs = SurvfuncRight(wait, (~still).astype(int))
    assert result.value[0] == theirs.quantile(0.5)
    low, high = theirs.quantile_ci(0.5, method="cloglog")
    assert (result.lower[0], result.upper[0]) == (low, high)
    ninth = quantile.compute(columns, curves(frame, days.of("waiting_days")), 90)
    assert ninth.value[0] == theirs.quantile(0.9)
    assert (ninth.lower[0], ninth.upper[0]) == theirs.quantile_ci(0.9, method="cloglog")
    assert (result.numerator[0], result.denominator[0]) == ((~still).sum(), 200)


def test_without_leavers_days_free_are_the_plain_mean_and_its_error() -> None:
    rng = np.random.default_rng(5)
    day = np.minimum(np.ceil(rng.exponential(300, 500)), 365).astype(int)
    ended = day < 365
    frame, days = waits(day, ended, 365)
    result = compute(definition("days_to_first_reoffence"), frame, days).row(0, named=True)
    assert result["value"] == pytest.approx(day.mean())
    share, error = day.mean() / 365, day.std() / np.sqrt(500) / 365
    logit = np.log(share / (1 - share))
    half = 1.959963984540054 * error / share / (1 - share)
    assert result["lower"] == pytest.approx(365 / (1 + np.exp(-(logit - half))))
    assert result["upper"] == pytest.approx(365 / (1 + np.exp(-(logit + half))))


def test_no_reoffence_has_the_rule_of_three() -> None:
    """Nobody of 100 reoffended: between 0 and about 3.7 per 100 people, a little above Poisson's 3.69."""
    result = ratio.compute(cell(np.zeros(100)))
    assert (result.value[0], result.lower[0]) == (0, 0)
    assert result.upper[0] == pytest.approx(0.025 ** (-1 / 100) - 1)
    assert 0.0369 < result.upper[0] < 0.0385


@pytest.mark.parametrize("x", [[3.0], [2.0, 2.0, 2.0], [1.0] * 40, [0.0], [40.0, 0.0]])
def test_one_person_and_people_all_alike_have_an_interval(x: list[float]) -> None:
    result = ratio.compute(cell(np.array(x)))
    assert 0 <= result.lower[0] <= result.value[0] <= result.upper[0] < np.inf


def test_a_count_has_no_interval() -> None:
    result = count.compute(cell(np.array([1.0, 0.0, 1.0])))
    assert (result.value[0], result.numerator[0]) == (2, 2)
    assert np.isnan([result.lower[0], result.upper[0], result.denominator[0]]).all()
