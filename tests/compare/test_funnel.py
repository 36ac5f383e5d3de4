"""Funnel plots: exact limits by hand and by a slow twin, dispersion by closed forms, coverage, and no ranking."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compare.funnel import (
    KEPT,
    Funnel,
    between_places,
    clustering_of,
    dispersion,
    exact_limit,
    funnel,
    limits,
    winsorised,
    z_scores,
)

NAMES = ["cambridge", "east_cambridgeshire", "fenland", "huntingdonshire", "south_cambridgeshire", "peterborough"]


def slow_limit(kind: str, size: int, target: float, tail: float) -> float:
    """The smallest count whose probability reaches the tail, by adding probabilities one at a time, interpolated."""
    below = at = 0.0
    count = -1
    mean = size * target
    while at < tail:
        count += 1
        if kind == "proportion":
            chance = math.comb(size, count) * target**count * (1 - target) ** (size - count)
        else:
            chance = math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
        below, at = at, at + chance
    return max(count - (at - tail) / (at - below), 0) / size


@pytest.mark.parametrize("kind", ["proportion", "rate"])
@pytest.mark.parametrize("size", [1, 2, 7, 30, 200])
@pytest.mark.parametrize("target", [0.05, 0.4, 0.9])
@pytest.mark.parametrize("tail", [0.001, 0.025, 0.975, 0.999])
def test_exact_limits_equal_the_slow_twin(kind: str, size: int, target: float, tail: float) -> None:
    found = exact_limit(kind, np.array([float(size)]), target, tail)[0]  # type: ignore[arg-type]
    assert found == pytest.approx(slow_limit(kind, size, target, tail), abs=1e-9)


def test_an_exact_limit_by_hand() -> None:
    """Two people at 50%: chances 1/4, 1/2, 1/4. F(1) = 0.75, F(2) = 1: 97.5% lies at 2 - (1 - 0.975) / 0.25 = 1.9 of 2."""
    assert exact_limit("proportion", np.array([2.0]), 0.5, 0.975)[0] == pytest.approx((2 - 0.025 / 0.25) / 2)


@pytest.mark.parametrize(("expected", "low", "high"), [(15, 0.5596924, 1.649348), (20, 0.6108260, 1.544419), (30, 0.6746958, 1.427562)])  # fmt: skip
def test_limits_are_lower_than_the_confidence_limits_that_others_draw(expected: float, low: float, high: float) -> None:
    """R's FunnelPlotR draws the exact confidence limits of a count equal to its expected one (figures from its tests).

    Both of them lie above where a place on target falls 95 times in 100; ours are Spiegelhalter's.
    """
    from scipy.stats import chi2

    assert chi2.ppf(0.025, 2 * expected) / 2 / expected == pytest.approx(low, abs=1e-6)
    assert chi2.ppf(0.975, 2 * expected + 2) / 2 / expected == pytest.approx(high, abs=1e-5)
    ours = limits("ratio", np.array([float(expected)]), 1.0)
    assert low - 0.1 < ours["lower_95"][0] < low < 1 < ours["upper_95"][0] < high


def test_large_places_have_spiegelhalters_normal_limits() -> None:
    for kind, target, error in (("proportion", 0.4, 0.24), ("ratio", 1.0, 1.0), ("rate", 2.0, 2.0)):
        found = limits(kind, np.array([40_000.0]), target)  # type: ignore[arg-type]
        assert found["upper_95"][0] == pytest.approx(target + 1.96 * math.sqrt(error / 40_000), rel=1e-3)
        assert found["lower_998"][0] == pytest.approx(target - 3.09 * math.sqrt(error / 40_000), rel=1e-3)


def test_widening_multiplies_the_reach_on_the_transformed_scale() -> None:
    plain, wide = (limits("rate", np.array([500.0]), 2.0, phi=phi) for phi in (1.0, 4.0))
    reach = math.sqrt(plain["upper_95"][0]) - math.sqrt(2)
    assert wide["upper_95"][0] == pytest.approx((math.sqrt(2) + 2 * reach) ** 2)
    both = limits("rate", np.array([500.0]), 2.0, clustering=2.0, phi=2.0)
    assert both["upper_95"][0] == pytest.approx(wide["upper_95"][0])


def test_z_scores_by_hand() -> None:
    assert z_scores("ratio", np.array([25.0]), np.array([16.0]), 1.0)[0] == pytest.approx(2 * (5 - 4))
    arcsine = math.asin(math.sqrt(0.5)) - math.asin(math.sqrt(0.25))
    assert z_scores("proportion", np.array([50.0]), np.array([100.0]), 0.25)[0] == pytest.approx(2 * 10 * arcsine)


def test_dispersion_is_one_for_normal_z_scores() -> None:
    """The closed form 0.8 - 2 c n(c) + 0.2 c² of a winsorised normal's mean square, and a long series."""
    from scipy.stats import norm

    c = norm.ppf(0.9)
    assert pytest.approx(0.8 - 2 * c * norm.pdf(c) + 0.2 * c**2, abs=1e-6) == KEPT
    z = np.random.default_rng(1).normal(0, 1, 20_000)
    assert dispersion(z) == pytest.approx(1, abs=0.04)
    assert dispersion(2 * z) == pytest.approx(4, abs=0.16)


def test_one_outlying_place_is_drawn_in_before_dispersion_is_measured() -> None:
    z = np.r_[np.linspace(-1, 1, 19), 30.0]
    assert winsorised(z).max() < 2
    assert dispersion(z) < 2


def test_the_spread_between_places_by_hand() -> None:
    """Equal errors s: tau² = s² (I phi - (I - 1)) / (I - 1)."""
    z, s = np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, -4.0, 0.0, 0.5, -0.5]), 0.1
    want = s**2 * (12 * dispersion(z) - 11) / 11
    assert between_places(z, np.full(12, s)) == pytest.approx(math.sqrt(want))
    assert between_places(np.zeros(5), np.full(5, 0.1)) == 0


def test_the_spread_between_places_equals_statsmodels_combination() -> None:
    """DerSimonian and Laird's moments, with the dispersion measured around the target and winsorised left out."""
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(8)
    error = rng.uniform(0.05, 0.2, 30)
    effect = rng.normal(0, 0.3, 30) + rng.normal(0, error)
    weight = 1 / error**2
    mean = (weight * effect).sum() / weight.sum()
    z = (effect - mean) / error
    q = (z**2).sum()
    theirs = combine_effects(effect, error**2, method_re="dl").tau2
    room = weight.sum() - (weight**2).sum() / weight.sum()
    assert (q - 29) / room == pytest.approx(theirs)
    ours = between_places(z, error)
    assert ours**2 == pytest.approx((30 * dispersion(z) - 29) / room)
    assert 0.5 < ours / math.sqrt(theirs) < 2


def bands(of: Funnel) -> list[str | None]:
    return of.places["band"].to_list()


def test_places_come_back_in_their_order_with_their_band() -> None:
    found = funnel("proportion", NAMES, [20, 80, 35, 42, 1, None], [100, 100, 100, 100, 2, 10], spread="none", target=0.4, unit=100)  # fmt: skip
    assert found.places["place"].to_list() == NAMES
    assert bands(found) == ["below_998", "above_998", "inside", "inside", "inside", None]
    assert found.places["value"].to_list() == [20, 80, 35, 42, 50, None]
    assert found.target == 40
    assert found.curves.columns == ["denominator", "lower_998", "lower_95", "upper_95", "upper_998"]


def test_the_target_is_the_whole_unless_given() -> None:
    found = funnel("rate", NAMES[:3], [10, 20, 30], [10, 10, 10])
    assert found.target == pytest.approx(2.0)
    assert funnel("ratio", NAMES[:3], [10, 20, 30], [10, 10, 10], target=1.0).target == 1


def test_few_places_and_no_dispersion_are_said() -> None:
    assert "few_places" in funnel("rate", NAMES[:2], [100, 900], [100, 100]).notes
    alike = funnel("rate", NAMES, [100] * 6, [50] * 6)
    assert (alike.widened, alike.phi) == ("none", 0)
    assert set(alike.notes) == {"few_places_for_dispersion", "no_more_than_chance"}


def test_nobody_and_everybody_have_no_chance_left() -> None:
    none = funnel("proportion", NAMES[:3], [0, 0, 0], [10, 20, 30])
    assert bands(none) == ["inside"] * 3
    assert funnel("proportion", [], [], []).places.height == 0


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["proportion", "ratio", "rate"]),
    st.lists(st.integers(1, 400), min_size=1, max_size=8),
    st.floats(0.02, 0.98),
    st.floats(1, 9),
    st.floats(0, 0.3),
)
def test_limits_nest_and_never_cross(kind: str, sizes: list[int], target: float, phi: float, tau: float) -> None:
    size = np.array(sizes, dtype=float)
    plain = limits(kind, size, target)  # type: ignore[arg-type]
    wide = limits(kind, size, target, phi=phi, tau=tau)  # type: ignore[arg-type]
    for found in (plain, wide):
        assert (found["lower_998"] <= found["lower_95"] + 1e-12).all()
        assert (found["lower_95"] <= found["upper_95"]).all()
        assert (found["upper_95"] <= found["upper_998"] + 1e-12).all()
    # A limit that lies on the far side of the target (one person is never at 5%) is drawn further that way.
    outside = np.sign(plain["upper_95"] - target) >= 0
    assert (wide["upper_95"] >= plain["upper_95"] - 1e-12)[outside].all()


def share_outside(made: list[pl.DataFrame]) -> tuple[float, float]:
    every = pl.concat(made)["band"]
    return float((every != "inside").mean()), float(every.str.ends_with("998").mean())  # type: ignore[arg-type]


def test_exact_limits_hold_95_and_998_of_places_on_target() -> None:
    rng = np.random.default_rng(21)
    for kind in ("proportion", "rate"):
        made = []
        for _ in range(20):
            size = rng.integers(10, 200, 60)
            count = rng.binomial(size, 0.4) if kind == "proportion" else rng.poisson(0.4 * size)
            made.append(funnel(kind, ["x"] * 60, count, size, target=0.4, spread="none", points=2).places)  # type: ignore[arg-type]
        outside, far = share_outside(made)
        assert outside == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / 1200) ** 0.5 + 0.003)
        assert far == pytest.approx(0.002, abs=3 * (0.002 / 1200) ** 0.5 + 0.001)


def test_widened_limits_hold_where_places_truly_vary() -> None:
    """Shares with a true spread of 6 points at about 250 people: 94% with ours, 66% with chance alone (12 places)."""
    rng = np.random.default_rng(22)
    plain, wide = [], []
    for _ in range(80):
        size = rng.integers(100, 400, 12)
        count = rng.binomial(size, np.clip(rng.normal(0.4, 0.06, 12), 0, 1))
        for spread, made in (("none", plain), ("multiplicative", wide)):
            made.append(funnel("proportion", ["x"] * 12, count, size, spread=spread, points=2).places)  # type: ignore[arg-type]
    assert share_outside(plain)[0] > 0.25
    assert share_outside(wide)[0] == pytest.approx(0.06, abs=0.03)


def test_a_planted_place_is_found_although_limits_are_widened() -> None:
    rng = np.random.default_rng(23)
    found = 0
    for _ in range(50):
        size = np.full(12, 300)
        rate = np.clip(rng.normal(0.4, 0.02, 12), 0, 1)
        rate[4] = 0.65
        found += bands(funnel("proportion", ["x"] * 12, rng.binomial(size, rate), size, points=2))[4] == "above_998"
    assert found >= 45


def test_prolific_people_are_allowed_for_by_the_figures_own_intervals() -> None:
    """Poisson intervals give 1; intervals twice as wide give 4. By hand for one place."""
    value, d = [2.0, 3.0], [100.0, 50.0]
    half = [1.96 * math.sqrt(v / n) for v, n in zip(value, d, strict=True)]
    low, high = [v - h for v, h in zip(value, half, strict=True)], [v + h for v, h in zip(value, half, strict=True)]
    assert clustering_of("rate", value, low, high, d) == pytest.approx(1.0, abs=1e-3)
    low, high = ([v + 2 * s * h for v, h in zip(value, half, strict=True)] for s in (-1, 1))
    assert clustering_of("rate", value, low, high, d) == pytest.approx(4.0, abs=1e-2)
    assert clustering_of("rate", [], [], [], []) == 1
    wide = funnel("rate", NAMES, [200] * 6, [100] * 6, clustering=4.0)
    assert "clustered" in wide.notes
    narrow = funnel("rate", NAMES, [200] * 6, [100] * 6)
    assert wide.places["upper_95"][0] > narrow.places["upper_95"][0]


@pytest.mark.parametrize(
    ("reoffended", "people", "effect"), [(12, 40, 1.0), (0, 25, 1.0), (90, 300, 2.5), (50, 50, 4.0)]
)
def test_people_who_enter_again_are_read_from_wilsons_interval(reoffended: int, people: int, effect: float) -> None:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(reoffended / effect, people / effect, method="wilson")
    found = clustering_of("proportion", [reoffended / people], [low], [high], [float(people)])
    assert found == pytest.approx(effect, rel=1e-6)
