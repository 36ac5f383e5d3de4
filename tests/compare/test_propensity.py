"""The score: a literal design, statsmodels' answer, a penalised likelihood that nothing improves, separation."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from common.errors import ProblemError
from metrics.compare.propensity import design, fit, read, straightened
from metrics.compare.simulated import COVARIATES, simulated


def test_the_design_is_as_worked_by_hand() -> None:
    people = pl.DataFrame(
        {"age": [20, 30, None, 40], "kind": ["a", "b", "a", None], "need": [True, False, False, False]}
    )
    made = design(read(people, ["age", "kind", "need"]))
    # age: mean 30, standard deviation sqrt(200 / 3); missing at the mean, with an indicator less its share 1/4.
    # kind: b and "not known" against the most common, a; need: yes against no; each less its share.
    assert made.names == (("age", ""), ("age", "not known"), ("kind", "b"), ("kind", "not known"), ("need", "yes"))
    spread = np.sqrt(200 / 3)
    expected = [
        [-10 / spread, 0.0, 0.0, 10 / spread],
        [-0.25, -0.25, 0.75, -0.25],
        [-0.25, 0.75, -0.25, -0.25],
        [-0.25, -0.25, -0.25, 0.75],
        [0.75, -0.25, -0.25, -0.25],
    ]
    columns = made.matrix.T
    assert columns == pytest.approx(np.array(expected))


def test_a_count_that_leans_right_enters_by_its_logarithm_and_others_as_they_are() -> None:
    counts = np.array([0.0] * 20 + [1, 2, 90])
    assert straightened(counts, counts) == pytest.approx(np.log1p(counts))
    ages = np.array([20.0, 30, 40, 50])
    assert straightened(ages, ages) is ages


def test_without_ridge_it_is_statsmodels_logit() -> None:
    import statsmodels.api as sm

    made = simulated(150, np.random.default_rng(3))
    x = design(read(made.people, COVARIATES))
    treated = made.people["treated"].to_numpy()
    score = fit(x, treated, ridge=0.0)
    oracle = sm.Logit(treated.astype(float), sm.add_constant(x.matrix)).fit(disp=0, method="newton", tol=1e-12)
    assert score.converged
    assert np.r_[score.intercept, score.coefficients] == pytest.approx(oracle.params, abs=1e-6)
    assert score.probability == pytest.approx(oracle.predict(), abs=1e-7)


def test_with_ridge_nothing_improves_the_penalised_likelihood() -> None:
    rng = np.random.default_rng(4)
    people = pl.DataFrame({"a": rng.normal(size=80), "b": rng.choice(["x", "y", "z"], 80)})
    treated = rng.random(80) < 0.3
    made = design(read(people, ["a", "b"]))
    score = fit(made, treated, ridge=2.0)

    def loss(beta: np.ndarray) -> float:  # written out person by person
        total = 1.0 * sum(b * b for b in beta[1:])
        for row, is_treated in zip(made.matrix, treated, strict=True):
            logit = beta[0] + sum(b * x for b, x in zip(beta[1:], row, strict=True))
            total += np.log1p(np.exp(logit)) - is_treated * logit
        return float(total)

    best = minimize(loss, np.zeros(4), tol=1e-12)
    assert np.r_[score.intercept, score.coefficients] == pytest.approx(best.x, abs=1e-4)


def test_the_start_from_a_sample_of_a_large_pool_does_not_change_the_answer() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=90_000)
    treated = rng.random(90_000) < 1 / (1 + np.exp(5.5 - x))
    made = design(read(pl.DataFrame({"x": x}), ["x"]))
    import statsmodels.api as sm

    oracle = sm.Logit(treated.astype(float), sm.add_constant(made.matrix)).fit(disp=0)
    score = fit(made, treated, ridge=0.0)
    assert np.r_[score.intercept, score.coefficients] == pytest.approx(oracle.params, abs=1e-6)


def test_a_category_of_the_treated_alone_is_named_and_keeps_a_finite_score() -> None:
    people = pl.DataFrame({"kind": ["only"] * 5 + ["both"] * 25 + ["never"] * 10})
    treated = np.array([True] * 5 + [True] * 5 + [False] * 30)
    score = fit(design(read(people, ["kind"])), treated)
    assert score.separated == ("kind: never", "kind: only")
    assert score.converged
    assert np.abs(score.logit).max() < 10


def test_a_covariate_that_never_varies_has_no_column_and_the_score_is_the_share() -> None:
    score = fit(design(read(pl.DataFrame({"x": [3.0] * 10}), ["x"])), np.array([True] * 2 + [False] * 8))
    assert score.probability == pytest.approx(np.full(10, 0.2))


def test_one_side_alone_and_unknown_covariates_are_problems() -> None:
    made = design(read(pl.DataFrame({"x": [1.0, 2.0]}), ["x"]))
    with pytest.raises(ProblemError, match="both sides"):
        fit(made, np.array([True, True]))
    with pytest.raises(ProblemError, match="lack 1 covariate"):
        read(pl.DataFrame({"x": [1.0]}), ["x", "shoe_size"])
