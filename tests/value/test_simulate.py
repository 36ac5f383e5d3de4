"""The simulation: a plain twin, closed forms, determinism, what the interval and each probability mean, and monotony."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from common.errors import ProblemError
from metrics.value import bands
from metrics.value.case import Range
from metrics.value.simulate import LEVELS, Chance, simulate, triangular, uniform
from metrics.value.worked import worked_out
from tests.value.cases import BY_HAND, case, certain
from tests.value.value_twin import drawn

UNSURE = case(spread=Range(1.0, 0.9, 1.3))


@pytest.mark.parametrize("view", ["society", "fiscal"])
def test_equals_the_plain_twin(view: str) -> None:
    """Within four Monte Carlo errors of 8,000 plain draws."""
    n = 8_000
    twin = drawn(UNSURE, n, 3, view)
    ours = simulate(UNSURE, 50_000, seed=5).view("society" if view == "society" else "fiscal")
    for mine, theirs in ((ours.net_present_value, twin.net), (ours.benefits, twin.benefits)):
        assert mine.mean == pytest.approx(np.mean(theirs), abs=4 * np.std(theirs) / n**0.5)
        for level in LEVELS:
            share = np.mean(np.array(theirs) <= mine.at(level))
            assert share == pytest.approx(level, abs=4 * (level * (1 - level) / n) ** 0.5)
    even = np.mean([gain >= spent for gain, spent in zip(twin.benefits, twin.running, strict=True)])
    above = np.mean([gain > spent for gain, spent in zip(twin.benefits, twin.costs, strict=True)])
    twice = np.mean([gain > 2 * spent for gain, spent in zip(twin.benefits, twin.costs, strict=True)])
    assert (ours.breaking_even, ours.ratio_above_1, ours.ratio_above_bar) == pytest.approx(
        (even, above, twice), abs=4 * 0.5 / n**0.5
    )


def test_with_the_effect_alone_unsure_the_draws_are_the_published_interval() -> None:
    """Then the net present value is linear in the effect on either side: quantiles and probabilities in closed form."""
    lone = certain(case(averted_per_100=30.0, lower=-8.0, upper=50.0, expected_per_100=500.0))
    found = simulate(lone, 50_000)

    def net(effect: float) -> float:
        made = replace(
            lone, effect=replace(lone.effect, averted_per_100=effect, lower=min(effect, -8), upper=max(effect, 50))
        )
        return worked_out(made).society.net_present_value

    for level, effect in ((0.025, -8.0), (0.5, 30.0), (0.975, 50.0)):
        assert found.society.net_present_value.at(level) == pytest.approx(net(effect), abs=60)
    assert found.harm == pytest.approx(stats.norm.cdf(-30 / (38 / 1.96)), abs=2e-4)
    needed = 30 * 132_000 / worked_out(lone).society.benefits
    assert found.society.ratio_above_1 == pytest.approx(stats.norm.sf((needed - 30) / (20 / 1.96)), abs=2e-4)
    running = 30 * 110_000 / worked_out(lone).society.benefits
    assert found.society.breaking_even == pytest.approx(stats.norm.sf((running - 30) / (20 / 1.96)), abs=2e-4)


def test_nobody_averts_more_than_was_expected() -> None:
    most = certain(case(averted_per_100=30.0, lower=-200.0, upper=200.0, expected_per_100=40.0))
    found = simulate(most, 10_000)
    assert found.averted.upper == pytest.approx(found.averted.at(0.75))
    assert found.averted.upper == pytest.approx(40 * 0.9 * 1.5)


def test_the_same_seed_gives_the_same_draws_everywhere() -> None:
    """The literal numbers hold the generator and the order of the streams fast, on any machine."""
    assert simulate(UNSURE, 2_000, seed=7) == simulate(UNSURE, 2_000, seed=7)
    one, other = simulate(UNSURE, 2_000, seed=7), simulate(UNSURE, 2_000, seed=8)
    assert one.society.net_present_value != other.society.net_present_value
    assert uniform(5, 1, 0).tolist() == pytest.approx(
        [0.8640404773199475, 0.2193722245928286, 0.562515657740829, 0.6301999093864861, 0.1688712434465265]
    )
    # 10,000 draws, as a slider makes, stand close to the 100,000 of a release.
    few, many = (simulate(UNSURE, n) for n in (10_000, 100_000))
    assert few.society.breaking_even == pytest.approx(many.society.breaking_even, abs=0.006)


def test_an_input_that_moves_leaves_the_other_draws_alone() -> None:
    """So a slider moves a probability one way and never to and fro."""
    found = [simulate(case(cash=float(cash)), 2_000).society.ratio_above_1 for cash in range(20_000, 120_000, 5_000)]
    assert found == sorted(found, reverse=True)
    rising = [
        simulate(case(averted_per_100=float(at), lower=at - 20.0, upper=at + 20.0), 2_000).society.breaking_even
        for at in range(0, 80, 5)
    ]
    assert rising == sorted(rising)


def test_a_hypercube_has_one_draw_in_each_part() -> None:
    chance = uniform(1_000, 4, 2)
    assert np.array_equal(np.sort((chance * 1_000).astype(int)), np.arange(1_000))


@pytest.mark.parametrize("one", [Range(3, 1, 7), Range(1, 1, 2), Range(2, 1, 2)])
def test_triangular_is_scipys(one: Range) -> None:
    chance = np.linspace(0, 1, 101)
    width = one.high - one.low
    theirs = stats.triang.ppf(chance, (one.value - one.low) / width, one.low, width)
    np.testing.assert_allclose(triangular(one, Chance.of(chance)), theirs, atol=1e-12)


def test_unit_costs_that_move_together_are_less_sure() -> None:
    """One draw for all types is the wider of the two, which is why it is the rule; the middle is the same."""
    sure = case(lower=29.9, upper=30.1, lasting_years=Range.fixed(2), drop_off=Range.fixed(0.5))
    both = simulate(sure, 20_000).society.benefits
    apart = simulate(sure, 20_000, together=False).society.benefits
    assert both.upper - both.lower > 1.15 * (apart.upper - apart.lower)
    assert both.mean == pytest.approx(apart.mean, rel=0.005)


def test_choices_are_drawn_only_when_asked() -> None:
    plain, asked = simulate(UNSURE, 2_000), simulate(UNSURE, 2_000, drawn=("effect", "displacement"))
    assert plain.averted.at(0.5) != asked.averted.at(0.5)
    assert asked.costs.lower == asked.costs.upper  # costs were not drawn
    with pytest.raises(ProblemError, match="not known"):
        simulate(UNSURE, 2_000, drawn=("luck",))
    with pytest.raises(ProblemError, match="number of draws"):
        simulate(UNSURE, 10)


def test_without_cost_there_is_no_ratio_and_harm_is_still_a_loss() -> None:
    free = simulate(case(cash=0.0, mainstream=0.0, in_kind=0.0, set_up=0.0, lower=-8.0), 5_000)
    assert free.society.ratio is None
    assert free.society.ratio_above_1 is None
    assert free.society.bands == {}
    assert free.society.breaking_even == pytest.approx(1 - free.harm, abs=1e-3)


def test_bands_hold_every_draw_and_meet_the_ratio() -> None:
    found = simulate(UNSURE, 5_000).society
    assert sum(found.bands.values()) == pytest.approx(1)
    assert found.bands["high"] + found.bands["very high"] == pytest.approx(found.ratio_above_bar, abs=1e-3)
    assert sum(found.histogram[1]) == 5_000
    for ratio, name in (
        (-0.1, "very poor"),
        (0.0, "poor"),
        (1.0, "low"),
        (1.5, "medium"),
        (2.0, "high"),
        (4.0, "very high"),
    ):
        assert bands.band(ratio) == name
    own = (bands.Band("no", -np.inf), bands.Band("yes", 3.0))
    assert bands.band(2.99, own) == "no"
    with pytest.raises(ProblemError, match="Bands of value"):
        bands.band(1.0, own[1:])


def test_one_sided_ranges_pull_the_middle_and_are_seen_to() -> None:
    """Lasting 1 to 3 years with 1 as its value: the draws' middle lies above the value; with it known they agree."""
    known = certain(BY_HAND)
    assert simulate(known, 20_000).society.net_present_value.at(0.5) == pytest.approx(
        worked_out(known).society.net_present_value, abs=30
    )
    longer = case(lasting_years=Range(1, 1, 3))
    assert simulate(longer, 5_000).society.net_present_value.at(0.5) > worked_out(longer).society.net_present_value
