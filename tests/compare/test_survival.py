"""Two arms' times: by hand, against loops, statsmodels and R's published output, and in simulation."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from app.calibrate.harness import judged
from app.calibrate.times import CLAIMS, draw
from common.errors import ProblemError
from metrics.compare.survival import _area as area
from metrics.compare.survival import (
    curve_frame,
    curve_of,
    effective,
    log_rank,
    restricted_mean_difference,
    times,
    variance,
)
from tests.compare.waits import AML, frame, random_waits, waits

SMALL = ([2, 4, 6, 10, 1, 3, 10, 10], [1, 0, 1, 0, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0])


def test_the_restricted_mean_by_hand() -> None:
    """Treated: 3/4 free after day 2, 3/8 after day 6. Comparison: 3/4 after day 1, 1/2 after day 3. Ten days."""
    found = restricted_mean_difference(waits(*SMALL, horizon=10))
    assert found.treated == pytest.approx(2 + 4 * 3 / 4 + 4 * 3 / 8)
    assert found.comparison == pytest.approx(1 + 2 * 3 / 4 + 7 / 2)
    assert found.estimate == pytest.approx(6.5 - 6)
    assert (found.people, found.controls) == (4, 4)


def test_its_variance_by_hand() -> None:
    """Sum of A² d / (r (r - d)): treated 4.5² / (4 x 3) + 1.5² / (2 x 1), comparison 5² / (4 x 3) + 3.5² / (3 x 2)."""
    made = waits(*SMALL, horizon=10)
    spread = variance(area(made, True)[1] - area(made, False)[1], made)
    assert spread == pytest.approx(4.5**2 / 12 + 1.5**2 / 2 + 25 / 12 + 3.5**2 / 6)


def test_the_log_rank_by_hand() -> None:
    """Events on days 1, 2, 3 and 6, with 4 of 8, 4 of 7, 3 of 6 and 2 of 4 at risk treated."""
    found = log_rank(waits(*SMALL, horizon=10))
    assert (found.observed, found.expected) == (2, pytest.approx(4 / 8 + 4 / 7 + 3 / 6 + 2 / 4))
    assert found.chi2 == pytest.approx((2 - found.expected) ** 2 / (1 / 4 + 12 / 49 + 1 / 4 + 1 / 4))


def test_curves_and_numbers_at_risk_by_hand() -> None:
    shown = curve_frame(waits(*SMALL, horizon=10), step=5)
    treated = shown.filter(pl.col("arm") == "treated")
    assert treated["day"].to_list() == [0, 5, 10]
    assert treated["value"].to_list() == pytest.approx([100, 75, 37.5])
    assert treated["at_risk"].to_list() == [4, 2, 1]  # followed to day 5 or longer: 6 and 10
    assert shown.filter(pl.col("arm") == "comparison")["value"].to_list() == pytest.approx([100, 50, 50])
    assert (shown["lower"] <= shown["value"]).all()
    assert (shown["value"] <= shown["upper"]).all()


def test_nobody_is_followed_past_the_horizon() -> None:
    """An event on day 12 has not happened by day 10; one on day 10 has."""
    made = waits([12, 10, 10], [1, 1, 0], [1, 1, 0], horizon=10)
    assert made.event.tolist() == [False, True, False]
    assert made.day.tolist() == [10, 10, 10]


def test_equals_r_on_the_leukaemia_data() -> None:
    """R survival, survfit and survdiff of Surv(time, status) ~ x, aml: 7 observed, 10.69 expected, chisq 3.4, p 0.07."""
    made = waits(*AML, horizon=161)
    curve = curve_of(made, True)
    printed = {9: 0.909, 13: 0.818, 18: 0.716, 23: 0.614, 31: 0.491, 34: 0.368, 48: 0.184}
    assert {
        int(d): round(float(s), 3) for d, s in zip(curve.day, curve.free, strict=True) if int(d) in printed
    } == printed
    found = log_rank(made)
    assert (found.observed, round(found.expected, 2), round(found.chi2, 1), round(found.p_value, 2)) == (
        7,
        10.69,
        3.4,
        0.07,
    )


@pytest.mark.parametrize("seed", range(3))
def test_equals_statsmodels(seed: int) -> None:
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff

    rows = random_waits(seed, rows=200).with_columns(cluster=pl.arange(200))
    made = times(rows, 25)
    day, event = rows["days_observed"].to_numpy(), rows["event"].to_numpy().astype(int)
    group, strata = made.treated.astype(int), rows["set"].to_numpy()
    assert (log_rank(made).chi2, log_rank(made).p_value) == pytest.approx(survdiff(day, event, group))
    within = log_rank(times(rows, 25, matched_set="set"), stratified=True)
    assert (within.chi2, within.p_value) == pytest.approx(survdiff(day, event, group, strata=strata))
    theirs = SurvfuncRight(day[made.treated], event[made.treated])
    curve = curve_of(made, True)
    at = np.searchsorted(curve.day, theirs.surv_times)
    assert curve.free[at] == pytest.approx(theirs.surv_prob)
    assert curve.risk[at] == pytest.approx(theirs.n_risk)
    weighted = times(rows, 25, weight="weight")
    freq = SurvfuncRight(day[made.treated], event[made.treated], freq_weights=weighted.weight[made.treated])
    curve = curve_of(weighted, True)
    assert curve.free[np.searchsorted(curve.day, freq.surv_times)] == pytest.approx(freq.surv_prob)


def slow_area(rows: list[dict], horizon: float) -> float:
    """Area under the weighted Kaplan-Meier, day by day."""
    free, total = 1.0, 0.0
    for day in range(int(horizon)):
        risk = sum(r["weight"] for r in rows if r["days_observed"] >= day)
        ended = sum(r["weight"] for r in rows if r["days_observed"] == day and r["event"])
        free *= 1 - ended / risk if risk else 1
        total += free
    return total


def slow_scores(rows: list[dict], strata: bool) -> dict[int, float]:
    """Each person's log-rank score, by loops."""
    found: dict[int, float] = {}
    for row in rows:
        peers = [r for r in rows if not strata or r["set"] == row["set"]]
        score = 0.0
        for day in sorted({r["days_observed"] for r in peers if r["event"]}):
            if day > row["days_observed"]:
                continue
            here = [r for r in peers if r["days_observed"] >= day]
            risk = sum(r["weight"] for r in here)
            share = sum(r["weight"] for r in here if r["treated"]) / risk
            hazard = sum(r["weight"] for r in here if r["days_observed"] == day and r["event"]) / risk
            own = row["event"] and row["days_observed"] == day
            score += row["weight"] * (row["treated"] - share) * (own - hazard)
        found[row["cluster"]] = found.get(row["cluster"], 0) + score
    return found


@pytest.mark.parametrize("seed", range(4))
def test_equals_a_slow_twin(seed: int) -> None:
    """Weights, repeats, sets: areas, and the variance as the change in the figure when a person's weight changes a little."""
    rows = random_waits(seed)
    made = times(rows, 20, weight="weight")
    found = restricted_mean_difference(made)
    listed = rows.with_columns(
        event=pl.col("event") & (pl.col("days_observed") <= 20),
        days_observed=pl.col("days_observed").clip(upper_bound=20),
    ).to_dicts()
    sides = [slow_area([r for r in listed if r["treated"] is side], 20) for side in (True, False)]
    assert (found.treated, found.comparison) == pytest.approx(sides)
    influence = []
    for person in np.unique(made.cluster):
        step = np.where(made.cluster == person, 1e-4, 0) * made.weight
        moved = [
            restricted_mean_difference(replace(made, weight=made.weight + sign * step)).estimate for sign in (1, -1)
        ]
        influence.append((moved[0] - moved[1]) / 2e-4)
    spread = variance(area(made, True)[1] - area(made, False)[1], made)
    assert spread == pytest.approx(np.sum(np.square(influence)), rel=1e-5)


@pytest.mark.parametrize("strata", [False, True])
def test_the_robust_log_rank_equals_a_slow_twin(strata: bool) -> None:
    rows = random_waits(9)
    found = log_rank(times(rows, 30, weight="weight", matched_set="set"), stratified=strata)
    scores = slow_scores(rows.to_dicts(), strata)
    assert found.robust
    assert found.observed - found.expected == pytest.approx(sum(scores.values()))
    assert found.chi2 == pytest.approx(sum(scores.values()) ** 2 / sum(s**2 for s in scores.values()))


def test_a_control_used_twice_counts_as_one_person() -> None:
    """Two rows of weight one are one row of weight two, in everything."""
    once = frame([2, 5, 7, 3, 6, 9], [1, 0, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], weight=[1.0, 1, 1, 2, 1, 1])
    twice = pl.concat([once, once.filter(pl.col("weight") == 2)]).with_columns(weight=pl.lit(1.0))
    first, second = times(once, 9, weight="weight"), times(twice, 9, weight="weight")
    assert restricted_mean_difference(first).lower == pytest.approx(restricted_mean_difference(second).lower)
    assert log_rank(first).chi2 == pytest.approx(log_rank(second).chi2)
    assert effective(first, False) == effective(second, False) == pytest.approx(16 / 6)
    values = [curve_frame(one, 3).drop("at_risk") for one in (first, second)]
    assert values[0].equals(values[1], null_equal=True) or np.allclose(
        *(v.select("value", "lower", "upper") for v in values)
    )


def test_without_repeats_curve_limits_are_greenwoods() -> None:
    from metrics.kinds.survival import limits

    made = waits(*AML, horizon=161)
    shown = curve_frame(made, step=40).filter(pl.col("arm") == "treated")
    curve = curve_of(made, True)
    greenwood = np.cumsum(np.where(curve.staying > 0, curve.events / curve.risk / np.maximum(curve.staying, 1e-9), 0))
    at = np.searchsorted(curve.day, shown["day"].to_numpy()[1:], side="right") - 1
    lower, upper = limits(curve.free[at], greenwood[at], np.full(len(at), 11.0))
    assert shown["lower"].to_numpy()[1:] == pytest.approx(100 * lower)
    assert shown["upper"].to_numpy()[1:] == pytest.approx(100 * upper)


def test_rows_of_one_matched_set_go_together() -> None:
    """People + sets - both; where that is not above 0, people."""
    made = times(frame([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 0, 0], set=[0, 1, 0, 1]), 9, matched_set="set")
    assert variance(np.array([1.0, 2, -3, 4]), made) == (1 - 3) ** 2 + (2 + 4) ** 2
    assert variance(np.array([1.0, 2, -1, -2]), made) == 1 + 4 + 1 + 4
    repeated = replace(made, cluster=np.array([0, 1, 2, 2]))
    assert variance(np.array([1.0, 2, -3, 4]), repeated) == (1 + 4 + 1) + (4 + 36) - (1 + 4 + 9 + 16)


def test_refusals_say_what_to_do() -> None:
    with pytest.raises(ProblemError, match="nobody in the comparison group"):
        times(frame([3], [1], [1]), 10)
    with pytest.raises(ProblemError, match="negative"):
        times(frame([-1, 2], [1, 0], [1, 0]), 10)
    with pytest.raises(ProblemError, match="needs matched sets"):
        log_rank(waits(*SMALL, horizon=10), stratified=True)


def test_nothing_varies_has_no_interval() -> None:
    found = restricted_mean_difference(waits([10] * 6, [0] * 6, [1, 1, 1, 0, 0, 0], horizon=10))
    assert (found.estimate, found.lower, found.p_value) == (0, None, None)
    assert found.reason
    assert np.isnan(log_rank(waits([10] * 6, [0] * 6, [1, 1, 1, 0, 0, 0], horizon=10)).chi2)


def test_coverage_and_type_i_error_in_a_short_run() -> None:
    """Gross faults only: the full run is `iom calibrate --only times`."""
    answers = [draw(60, seed) for seed in range(40)]
    for claim, kind in CLAIMS.items():
        found = judged("times_60", claim, kind, [answer[claim] for answer in answers], quick=True)
        assert found.accepted, found
