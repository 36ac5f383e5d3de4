"""Discounting against closed forms and the published factors."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import ProblemError
from metrics.value.discounting import annuity, factor, factors, present_value, rate


def test_published_factors() -> None:
    """The Green Book's table of discount factors: years 1, 10 and the change of band."""
    assert round(factor(1), 6) == 0.966184
    assert round(factor(10), 6) == 0.708919
    assert (round(factor(30), 6), round(factor(31), 6)) == (0.356278, 0.345901)
    assert factor(31) == pytest.approx(factor(30) / 1.03, rel=1e-12)
    assert factor(76) == pytest.approx(factor(75) / 1.025, rel=1e-12)
    assert factor(0) == 1


def test_closed_form_within_a_band_and_across_two() -> None:
    assert factor(30) == pytest.approx(1.035**-30, rel=1e-12)
    assert factor(75) == pytest.approx(1.035**-30 * 1.03**-45, rel=1e-12)
    assert factor(1, "health") == pytest.approx(1 / 1.015, rel=1e-12)
    assert factor(31, "health") == pytest.approx(1.015**-30 / 1.0129, rel=1e-12)


def test_rates_change_where_the_bands_do() -> None:
    assert [rate(year) for year in (1, 30, 31, 75, 76, 126, 201, 301)] == [
        0.035,
        0.035,
        0.03,
        0.03,
        0.025,
        0.02,
        0.015,
        0.01,
    ]


@pytest.mark.parametrize("years", [1, 5, 10, 30])
def test_annuity_is_a_flow_of_one_pound(years: int) -> None:
    """Closed form (1 - (1 + r)^-n) / r against the sum, within the first band."""
    assert annuity(0.035, years) == pytest.approx(present_value([0.0] + [1.0] * years), rel=1e-12)


def test_annuity_by_hand() -> None:
    """£1 in each of three years at 3.5%: 0.966184 + 0.933511 + 0.901943."""
    assert annuity(0.035, 3) == pytest.approx(0.966184 + 0.933511 + 0.901943, abs=2e-6)
    assert annuity(0.0, 7) == 7


def plain_twin(flow: list[float]) -> float:
    """Each year's pounds taken back one year at a time."""
    worth = 0.0
    for year, pounds in enumerate(flow):
        one = pounds
        for back in range(year, 0, -1):
            one /= 1.035 if back <= 30 else 1.03 if back <= 75 else 1.025
        worth += one
    return worth


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=90))
def test_present_value_agrees_with_its_plain_twin(flow: list[float]) -> None:
    assert present_value(flow) == pytest.approx(plain_twin(flow), rel=1e-9, abs=1e-3)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60), st.floats(0.1, 10))
def test_present_value_scales_and_later_is_worth_less(flow: list[float], by: float) -> None:
    assert present_value([by * pounds for pounds in flow]) == pytest.approx(by * present_value(flow), rel=1e-9)
    assert present_value([0.0, *flow]) <= present_value(flow)


def test_factors_fall_year_by_year() -> None:
    listed = factors(320)
    assert all(later < earlier for earlier, later in pairwise(listed))


def test_a_rate_or_year_that_cannot_be_used_is_told() -> None:
    with pytest.raises(ProblemError, match=r"350%.*0% to 20%"):
        annuity(3.5, 10)
    with pytest.raises(ProblemError, match="Year -1"):
        factor(-1)
