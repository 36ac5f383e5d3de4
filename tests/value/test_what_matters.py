"""The tornado and what would have to be true: by hand, put back, and ordered."""

from dataclasses import replace

import pytest

from metrics.value.case import Range
from metrics.value.needed import Needed, what_would_have_to_be_true
from metrics.value.tornado import tornado
from metrics.value.worked import worked_out
from tests.value.cases import BY_HAND, case


def net(**changes: object) -> float:
    return worked_out(case(**changes)).society.net_present_value


def test_each_bar_is_the_case_with_that_one_input_at_its_ends() -> None:
    bars = {bar.name: bar for bar in tornado(BY_HAND)}
    assert set(bars) == {"effect", "unit_cost", "displacement", "lasting_years", "drop_off"}  # the rest are fixed
    assert bars["effect"].at_low == pytest.approx(net(averted_per_100=10.0))
    assert bars["effect"].at_high == pytest.approx(net(averted_per_100=50.0))
    assert bars["displacement"].at_high == pytest.approx(net(displacement=Range.fixed(0.25)))
    assert bars["lasting_years"].at_high == pytest.approx(net(lasting_years=Range.fixed(3)))
    assert bars["drop_off"].at_low == pytest.approx(net(drop_off=Range.fixed(0.2)))
    cheap = tuple(replace(one, pounds=one.pounds and Range.fixed(one.pounds.low)) for one in BY_HAND.offences)
    assert bars["unit_cost"].at_low == pytest.approx(net(offences=cheap))
    assert (bars["unit_cost"].low, bars["unit_cost"].high) == (1750, 3750)
    # Cash of its own value with the spread of costs: only then has the cost a bar, and more cost is less value.
    (spread,) = [bar for bar in tornado(case(spread=Range(1, 0.9, 1.2))) if bar.name == "costs"]
    assert spread.at_low - spread.at_high == pytest.approx(0.3 * 132_000)


def test_bars_are_widest_first_and_the_fiscal_view_has_its_own() -> None:
    for view in ("society", "fiscal"):
        swings = [bar.swing for bar in tornado(BY_HAND, "society" if view == "society" else "fiscal")]
        assert swings == sorted(swings, reverse=True)
    both = zip(tornado(BY_HAND), tornado(BY_HAND, "fiscal"), strict=True)
    for social, fiscal in both:
        assert fiscal.swing == pytest.approx(0.3 * social.swing)


def needed(**changes: object) -> dict[str, Needed]:
    return {one.name: one for one in what_would_have_to_be_true(case(**changes))}


def test_break_even_in_closed_form_and_put_back() -> None:
    """Benefits £90,098, costs £132,000: whatever multiplies benefits must rise by 132,000 / 90,098.13."""
    found = needed()
    by = 132_000 / worked_out(BY_HAND).society.benefits
    assert found["effect"].needed == pytest.approx(30 * by)
    assert found["unit_cost"].needed == pytest.approx(2500 * by)
    assert found["multiplier"].needed == pytest.approx(by)
    assert found["costs"].needed == pytest.approx(1 / by)
    assert found["effect"].within_range
    assert found["unit_cost"].within_range
    assert not found["multiplier"].within_range  # it has no range but 1
    assert not found["effect"].pays_already
    assert found["displacement"].needed is None  # even none displaced would not do
    years = found["lasting_years"].needed
    assert years is None  # 1 + 0.483 + 0.233 + ... never reaches 2.17 years
    assert net(averted_per_100=30 * by) == pytest.approx(0, abs=1e-3)
    slower = needed(drop_off=Range(0.1, 0.0, 1.0))
    lasting = slower["lasting_years"].needed
    assert lasting is not None and slower["lasting_years"].within_range
    assert net(drop_off=Range(0.1, 0.0, 1.0), lasting_years=Range.fixed(lasting)) == pytest.approx(0, abs=1e-3)


def test_one_that_pays_says_how_far_it_may_worsen() -> None:
    found = needed(averted_per_100=49.0)
    assert found["effect"].pays_already
    assert found["effect"].needed is not None and found["effect"].needed < 49
    moved = found["displacement"].needed
    assert moved is not None and moved > 0.1
    assert net(averted_per_100=49.0, displacement=Range.fixed(moved)) == pytest.approx(0, abs=1e-3)


def test_harm_has_no_value_that_would_do_but_another_effect() -> None:
    found = needed(averted_per_100=-30.0, lower=-50.0, upper=-10.0)
    assert found["effect"].needed is not None and found["effect"].needed > 0
    assert not found["effect"].within_range
    assert all(found[name].needed is None for name in ("unit_cost", "costs", "multiplier", "attribution"))


def test_an_effect_beyond_every_offence_expected_is_no_answer() -> None:
    found = needed(cash=5_000_000.0)
    assert found["effect"].needed is None
    assert found["unit_cost"].needed is not None
    assert not found["unit_cost"].within_range
