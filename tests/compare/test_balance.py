"""Balance and weights, by hand and by what must hold."""

import numpy as np
import polars as pl
import pytest

from metrics.compare.balance import balance, judged, largest
from metrics.compare.propensity import design, fit, read
from metrics.compare.simulated import COVARIATES, simulated
from metrics.compare.weighting import att_weights, effective, histogram, on_support, overlap_weights


def test_a_literal_balance_table() -> None:
    people = pl.DataFrame({"age": [20, 30, 20, 30, 40, None], "sex": ["f", "m", "f", "f", "m", "m"]})
    treated = np.array([True, True, False, False, False, False])
    weights = np.array([1.0, 1.0, 1.5, 0.0, 0.5, 0.0])
    table = balance(read(people, ["age", "sex"]), treated, weights)
    assert table["level"].to_list() == ["", "not known", "f", "m"]
    age = table.row(0, named=True)
    # treated 20, 30: mean 25, variance 50. pool 20, 30, 40: mean 30, variance 100. s = sqrt(75).
    # matched: (1.5 x 20 + 0.5 x 40) / 2 = 25; its weighted variance (0.75 x 25 + 0.25 x 225) / (1 - 0.625) = 200.
    assert (age["treated_mean"], age["pool_mean"], age["matched_mean"]) == (25, 30, 25)
    assert age["before"] == pytest.approx(-5 / np.sqrt(75))
    assert age["after"] == pytest.approx(0)
    assert age["variance_ratio"] == pytest.approx(50 / 200)
    unknown = table.row(1, named=True)
    # nobody of the treated, 1 in 4 of the pool: s = sqrt((0 + 3/16) / 2)
    assert unknown["before"] == pytest.approx(-0.25 / np.sqrt(3 / 32))
    female = table.row(2, named=True)
    # 1/2 of the treated, 1/2 of the pool, 3/4 of the matched weight; s = sqrt((1/4 + 1/4) / 2) = 1/2
    assert (female["before"], female["after"]) == pytest.approx((0, -0.5))
    assert largest(table) == pytest.approx(0.5)


def test_words_for_a_difference() -> None:
    assert [judged(d) for d in (0.05, -0.05, 0.051, -0.10, 0.101)] == [
        "good", "good", "acceptable", "acceptable", "poor",
    ]  # fmt: skip


def test_overlap_weights_balance_exactly_where_the_score_has_no_ridge() -> None:
    # Li, Morgan and Zaslavsky (2018), theorem 3: a property of the logistic score's own equations.
    made = simulated(150, np.random.default_rng(8))
    x = design(read(made.people, COVARIATES))
    treated = made.people["treated"].to_numpy()
    score = fit(x, treated, ridge=0.0)
    weights = overlap_weights(score.probability, treated)
    means = [np.average(x.matrix[side], axis=0, weights=weights[side]) for side in (treated, ~treated)]
    assert means[0] == pytest.approx(means[1], abs=1e-6)


def test_odds_effective_number_and_support() -> None:
    logit = np.log(np.array([1 / 4, 3.0, 1.0, 1 / 3]))
    treated = np.array([True, False, False, True])
    assert att_weights(logit, treated) == pytest.approx([1, 3, 1, 1])
    assert effective(np.array([1.0, 1, 2, 0])) == pytest.approx(16 / 6)
    assert on_support(logit, treated).tolist() == [False, False]
    assert on_support(logit, treated, width=np.log(3.1)).tolist() == [False, True]


def test_the_histogram_counts_everybody_once() -> None:
    logit, treated = np.array([-3.0, -1, 0, 1, 3]), np.array([False, True, False, True, False])
    table = histogram(logit, treated, np.array([0.0, 1, 3, 1, 1]), bins=2)
    # bins of the logit from -1 to 0 and 0 to 1; the pool's ends fall in the end bins; 2 treated share 4 of weight
    assert table["treated"].to_list() == [1, 1]
    assert table["pool"].to_list() == [1, 2]
    assert table["matched"].to_list() == [0, 2]
    assert table["upper"].to_list() == [0.5, 1.0]
