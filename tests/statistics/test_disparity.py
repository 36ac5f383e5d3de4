"""How many times one group's rate is another's: literal cases, a slow twin, Katz's interval, and a planted ratio."""

import math

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from metrics.disparity import Counts, Ratio, Side, effective, everybody_else, ratio
from metrics.kinds.proportion import wilson
from metrics.kinds.shared import Z95


def counts(top: float, bottom: float, design_effect: float = 1.0) -> Counts:
    low, high = wilson(np.array([top / bottom]), np.array([bottom / design_effect]))
    return Counts(top, bottom, float(low[0]), float(high[0]))


def test_a_ratio_by_hand() -> None:
    """40% (30 to 52) against 20% (16 to 25): twice; logs 0.2877 and 0.2231 downward, 0.2624 and 0.2231 upward."""
    found = ratio(Side(40, 30, 52), Side(20, 16, 25))
    assert found is not None
    assert found.value == pytest.approx(2)
    assert found.lower == pytest.approx(2 * math.exp(-math.hypot(0.28768, 0.22314)), rel=1e-4)
    assert found.upper == pytest.approx(2 * math.exp(math.hypot(0.26236, 0.22314)), rel=1e-4)
    assert (round(found.lower, 3), round(found.upper, 3), found.finding) == (1.39, 2.822, "higher")


def test_the_other_way_round_is_the_inverse() -> None:
    one, other = Side(40, 30, 52), Side(20, 16, 25)
    there, back = ratio(one, other), ratio(other, one)
    assert there is not None and back is not None
    assert (back.value, back.lower, back.upper) == pytest.approx((1 / there.value, 1 / there.upper, 1 / there.lower))
    assert back.finding == "lower"


@pytest.mark.parametrize("side", [Side(0, 0, 10), Side(5, 0, 10)])
def test_nobody_reoffended_is_nothing_to_divide_by(side: Side) -> None:
    assert ratio(side, Side(20, 16, 25)) is None and ratio(Side(20, 16, 25), side) is None


def test_an_interval_across_one_cannot_tell() -> None:
    assert Ratio(1.2, 0.99, 1.5).finding == Ratio(0.9, 0.7, 1.0).finding == "cannot tell"


@pytest.mark.parametrize(("x1", "n1", "x2", "n2"), [(12, 40, 90, 400), (3, 31, 210, 600), (45, 60, 30, 75)])
def test_with_log_limits_it_is_katzs_interval(x1: int, n1: int, x2: int, n2: int) -> None:
    def log_limits(x: int, n: int) -> Side:
        error = Z95 * math.sqrt((1 - x / n) / x)
        return Side(x / n, x / n * math.exp(-error), x / n * math.exp(error))

    found = ratio(log_limits(x1, n1), log_limits(x2, n2))
    assert found is not None
    katz = confint_proportions_2indep(x1, n1, x2, n2, compare="ratio", method="log", correction=False)
    assert (found.lower, found.upper) == pytest.approx(katz)


def test_simple_shares_have_statsmodels_wilson_limits_and_their_own_number_of_entries() -> None:
    for x, n in ((12, 40), (1, 30), (0, 30), (30, 30), (150, 300)):
        one = counts(x, n)
        assert (one.lower, one.upper) == pytest.approx(proportion_confint(x, n, method="wilson"), abs=1e-9)
        assert effective(one) == pytest.approx(n)
    assert effective(counts(40, 120, design_effect=1.5)) == pytest.approx(80)


def test_everybody_else_by_hand_and_by_a_slow_twin() -> None:
    """12 of 40 and 90 of 400 with repeats worth half as many again: 102 of 440."""
    groups = [(12, 40, 1.0), (90, 400, 1.5)]
    found = everybody_else([counts(*each) for each in groups])
    assert found is not None and found.value == pytest.approx(102 / 440)
    variance = 0.0
    for top, bottom, design_effect in groups:
        share = top / bottom
        for _ in range(bottom):  # one entry at a time
            variance += share * (1 - share) * design_effect
    share = 102 / 440
    n = share * (1 - share) / (variance / 440**2)
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    assert (found.lower, found.upper) == pytest.approx((centre - half, centre + half))


def test_one_simple_group_alone_is_itself_and_nobody_is_none() -> None:
    alone = everybody_else([counts(12, 40)])
    assert alone is not None and (alone.lower, alone.upper) == pytest.approx(
        (counts(12, 40).lower, counts(12, 40).upper)
    )
    assert everybody_else([]) is None and everybody_else([counts(0, 40)]) is None


def test_a_planted_ratio_is_recovered_and_held() -> None:
    """45% of 60 people against 30% of 300: a ratio of 1.5, in 800 samples."""
    rng = np.random.default_rng(7)
    held, logs = 0, []
    for x1, x2 in zip(rng.binomial(60, 0.45, 800), rng.binomial(300, 0.30, 800), strict=True):
        found = ratio(counts(int(x1), 60).side, counts(int(x2), 300).side)
        assert found is not None
        held += found.lower <= 1.5 <= found.upper
        logs.append(math.log(found.value))
    assert math.exp(np.mean(logs)) == pytest.approx(1.5, rel=0.02)
    assert 0.93 <= held / 800 <= 0.97
