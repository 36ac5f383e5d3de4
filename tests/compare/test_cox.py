"""Cox: R's published output, statsmodels, the score test that is the log-rank, and derivatives."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from common.errors import ProblemError
from metrics.compare.cox import _Data, fit, hazard_ratio, proportional
from metrics.compare.survival import log_rank, times
from tests.compare.waits import AML, random_waits, waits


def test_equals_r_on_the_leukaemia_data() -> None:
    """R survival, coxph(Surv(time, status) ~ x, aml), Efron: not maintained 0.9155 (0.5119), hazard ratio 2.498."""
    made = waits(*AML, horizon=161)
    found = fit(made, 1 - made.treated[:, None].astype(float), ("not maintained",))
    assert round(float(found.coefficient[0]), 4) == 0.9155
    assert round(float(np.sqrt(found.covariance[0, 0])), 4) == 0.5119
    assert round(found.hazard_ratio("not maintained", clustered=False)[0], 3) == 2.498


@pytest.mark.parametrize("seed", range(3))
def test_equals_statsmodels(seed: int) -> None:
    from statsmodels.duration.hazard_regression import PHReg

    rows = random_waits(seed, rows=200)
    made = times(rows, 25)
    x = np.column_stack([made.treated, np.random.default_rng(seed).normal(5, 3, 200)]).astype(float)
    found = fit(made, x, ("treated", "age"))
    theirs = PHReg(made.day, x, status=made.event.astype(int), ties="efron").fit()
    assert found.coefficient == pytest.approx(theirs.params, abs=1e-6)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(theirs.bse, rel=1e-5)
    assert found.likelihood[1] == pytest.approx(theirs.llf)


def test_without_ties_the_score_test_is_the_log_rank() -> None:
    rng = np.random.default_rng(2)
    frame = pl.DataFrame(
        {
            "cluster": range(80),
            "treated": rng.random(80) < 0.5,
            "days_observed": rng.permutation(80) + 1.0,
            "event": rng.random(80) < 0.7,
        }
    )
    made = times(frame, 100)
    assert fit(made, made.treated[:, None].astype(float), ("treated",)).score_test == pytest.approx(log_rank(made).chi2)


@pytest.mark.parametrize("seed", range(2))
def test_score_residuals_are_derivatives(seed: int) -> None:
    """The coefficients' change when a row's weight changes a little, ties and weights included (R's dfbeta)."""
    made = times(random_waits(seed, rows=50), 20, weight="weight")
    x = np.column_stack([made.treated, np.random.default_rng(seed).normal(size=50)]).astype(float)
    found = fit(made, x, ("treated", "age"))
    influence = _Data(made, x).score_residuals(found.coefficient) @ found.covariance
    for row in range(0, 50, 7):
        step = np.zeros(50)
        step[row] = 1e-4 * made.weight[row]
        ends = [
            fit(replace(made, weight=made.weight + sign * step), x, ("treated", "age")).coefficient for sign in (1, -1)
        ]
        assert influence[row] == pytest.approx((ends[0] - ends[1]) / 2e-4, abs=1e-4)
    people = [influence[made.cluster == one].sum(axis=0) for one in np.unique(made.cluster)]
    assert found.clustered == pytest.approx(sum(np.outer(one, one) for one in people))


def test_schoenfeld_residuals_add_up_to_nothing() -> None:
    made = times(random_waits(4, rows=100), 25)
    found = fit(made, made.treated[:, None].astype(float), ("treated",))
    assert found.residuals.sum(axis=0) == pytest.approx([0], abs=1e-5)
    assert len(found.residuals) == found.events == made.event.sum()


def test_a_ratio_that_does_not_keep_still_is_noticed() -> None:
    """Half the hazard for 60 days, twice it afterwards; and a steady one is not blamed."""
    rng = np.random.default_rng(8)
    size = 1500
    treated = np.arange(size) % 2 == 0
    early = rng.exponential(np.where(treated, 240, 120))
    late = 60 + rng.exponential(np.where(treated, 60, 120))
    crossing = np.ceil(np.where(early < 60, early, late))
    steady = np.ceil(rng.exponential(np.where(treated, 200, 120)))
    p = {}
    for name, day in (("crossing", crossing), ("steady", steady)):
        frame = pl.DataFrame(
            {"cluster": range(size), "treated": treated, "days_observed": np.minimum(day, 300), "event": day <= 300}
        )
        made = times(frame, 300)
        p[name] = proportional(fit(made, treated[:, None].astype(float), ("treated",)), made).p_value[0]
    assert p["crossing"] < 0.001
    assert p["steady"] > 0.05


def test_what_cannot_be_told_is_refused() -> None:
    made = waits(*AML, horizon=161)
    with pytest.raises(ProblemError, match="does not vary"):
        fit(made, np.ones((23, 1)), ("same",))
    with pytest.raises(ProblemError, match="does not vary, or says the same"):
        fit(made, np.column_stack([made.treated, ~made.treated]).astype(float), ("a", "b"))
    with pytest.raises(ProblemError, match="too few"):
        fit(waits([1, 2, 3], [1, 0, 0], [1, 0, 1], 9), np.array([[1.0], [0], [1]]), ("treated",))
    apart = waits([1, 2, 3, 9, 9, 9], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], 9)
    with pytest.raises(ProblemError, match="nobody of some group"):
        fit(apart, apart.treated[:, None].astype(float), ("treated",))


def test_the_effect_carries_its_interval() -> None:
    found = hazard_ratio(waits(*AML, horizon=161))
    assert found.estimate == pytest.approx(1 / 2.498, abs=1e-3)
    assert found.lower < found.estimate < found.upper
    assert (found.people, found.controls, found.scale) == (11, 12, "ratio")
