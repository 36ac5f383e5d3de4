"""The case worked by hand, closed forms, published figures, invariants, and what cannot be used or added."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import ProblemError
from metrics.value import discounting, prices
from metrics.value.case import Effect, Range
from metrics.value.worked import View, Worked, worked_out
from tests.value.cases import BURGLARY, BY_HAND, THEFT, case

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "cost-benefit.md"


def test_the_case_worked_by_hand() -> None:
    """docs/methods/cost-benefit.md has every step."""
    found = worked_out(BY_HAND)
    assert found.averted_first_year == pytest.approx(30 * 0.9)
    assert found.averted == pytest.approx(27 * 1.5)
    before = 27 * 2500 * (1 + 0.5 / 1.035)
    assert found.society.benefits == pytest.approx(before * 0.9)
    assert found.taken_for_optimism == pytest.approx(before * 0.1)
    assert found.society.costs == pytest.approx((100_000 + 20_000) * 1.1)
    assert round(found.society.net_present_value) == -41_902
    assert found.society.ratio == pytest.approx(0.6826, abs=5e-5)
    assert found.society.payback_years is None
    assert found.fiscal.benefits == pytest.approx(found.society.benefits * 0.3)
    assert found.saved_per_pound == pytest.approx(0.2048, abs=5e-5)
    cash = worked_out(replace(BY_HAND, basis="cash"))
    assert round(cash.society.net_present_value) == 2_098
    assert cash.society.payback_years == pytest.approx(1.9285, abs=5e-5)
    text = PAGE.read_text(encoding="utf-8")
    for shown in ("£41,902", "£2,098", "0.68", "1.93 years", "£90,098", "£27,029"):
        assert shown in text


def test_gains_add_to_their_heads_and_heads_to_society() -> None:
    found = worked_out(BY_HAND)
    by_head = {head: sum(g.pounds for g in found.gains if g.head == head) for head in ("fiscal", "economic", "social")}
    assert by_head["fiscal"] == pytest.approx(found.fiscal.benefits)
    assert sum(by_head.values()) + found.not_attributed == pytest.approx(found.society.benefits)
    assert found.not_attributed == 0
    half = replace(BURGLARY, parts=BURGLARY.parts[:2])
    part = worked_out(case(offences=(THEFT, half)))
    assert part.society.benefits == pytest.approx(found.society.benefits)
    assert part.not_attributed == pytest.approx(0.8 * 0.7 * found.society.benefits)


def test_views_cannot_be_added() -> None:
    """Society's view holds the fiscal one: whoever adds them counts public budgets twice."""
    found = worked_out(BY_HAND)
    for attempt in (
        lambda: found.fiscal + found.society,
        lambda: found.society + found.fiscal,
        lambda: sum([found.society, found.fiscal]),
        lambda: found.fiscal + 1.0,
    ):
        with pytest.raises(ProblemError, match="cannot be added"):
            attempt()


def test_heads_of_money_cannot_be_added() -> None:
    heads = worked_out(BY_HAND).heads()
    assert heads["fiscal"].pounds == pytest.approx(worked_out(BY_HAND).fiscal.benefits)
    assert sum(one.pounds for one in heads.values()) == pytest.approx(worked_out(BY_HAND).society.benefits)
    for one, other in (("fiscal", "social"), ("fiscal", "economic"), ("economic", "social"), ("fiscal", "unknown")):
        with pytest.raises(ProblemError, match="cannot be added"):
            heads[one] + heads[other]
    with pytest.raises(ProblemError, match="cannot be added"):
        sum(heads.values())


def test_harm_is_a_loss_and_caution_does_not_make_it_smaller() -> None:
    harm = worked_out(case(averted_per_100=-30.0, lower=-50.0, upper=-10.0))
    assert harm.harm
    assert harm.society.benefits == pytest.approx(-27 * 2500 * (1 + 0.5 / 1.035))
    assert harm.taken_for_optimism == 0
    assert harm.society.net_present_value < -harm.society.costs
    assert harm.society.payback_years is None
    assert all(gain.pounds < 0 for gain in harm.gains)


def test_published_arithmetic_of_the_washington_state_institute() -> None:
    """WSIPP, benefit-cost results a participant (pages read): prison education, December 2016 (2015 dollars); correctional
    education, December 2024; life skills, December 2024, which loses. Benefits less costs and ratio to the cent told."""
    for benefits, cost, net, ratio in (
        (21_788, 1_187, 20_601, 18.36),
        (15_337, 1_907, 13_430, 8.04),
        (-1_607, 1_402, -3_009, -1.15),
        (-1_916, 1_350, -3_267, -1.42),
    ):
        view = View("society", benefits, cost, None, "2015")
        assert view.net_present_value == pytest.approx(net, abs=1.01)
        assert view.ratio == pytest.approx(ratio, abs=0.006)
    assert 6_449 + 0 + 12_712 + 2_627 == 21_788  # perspectives that do not overlap add up


def test_published_break_even_of_the_prisoners_education_trust() -> None:
    """Pro Bono Economics 2016: £350 an award against £35,000 for a more serious offence breaks even at 1 in 100 people."""
    one = replace(THEFT, share=1.0, pounds=Range.fixed(35_000), price_year="2014/15")
    plain = case(
        averted_per_100=1.0, lower=0.0, upper=2.0, expected_per_100=26.0, people=100.0, offences=(one,),
        displacement=Range.fixed(0), lasting_years=Range.fixed(1), optimism_benefits=0.0, optimism_costs=0.0,
        cash=35_000.0, mainstream=0.0, in_kind=0.0, set_up=0.0,
    )  # fmt: skip
    made = replace(
        plain,
        costs=replace(plain.costs, price_year="2014/15"),
        assumptions=replace(plain.assumptions, price_year="2014/15"),
    )
    assert worked_out(made).society.net_present_value == pytest.approx(0)
    assert worked_out(made).society.payback_years == pytest.approx(1.0)


def test_ten_level_years_are_an_annuity_due() -> None:
    level = worked_out(
        case(
            lasting_years=Range.fixed(10),
            drop_off=Range.fixed(0),
            displacement=Range.fixed(0),
            optimism_benefits=0.0,
        )
    )
    each = 30 * 2500
    assert level.society.benefits == pytest.approx(each * (1 + discounting.annuity(0.035, 9)))
    flat = worked_out(
        case(
            lasting_years=Range.fixed(3),
            drop_off=Range.fixed(0),
            displacement=Range.fixed(0),
            optimism_benefits=0.0,
            discount_rate=0.0,
        )
    )
    assert flat.society.benefits == pytest.approx(3 * each)
    part = worked_out(case(lasting_years=Range.fixed(1.5), displacement=Range.fixed(0), optimism_benefits=0.0))
    assert part.society.benefits == pytest.approx(each * (1 + 0.5 * 0.5 / 1.035))


def test_money_is_put_into_one_years_prices() -> None:
    old = tuple(replace(one, price_year="2015/16") for one in BY_HAND.offences)
    found = worked_out(case(offences=old))
    by = prices.real(1.0, "2015/16", "2023/24")
    assert by > 1.2
    assert found.society.benefits == pytest.approx(worked_out(BY_HAND).society.benefits * by)
    assert found.society.costs == pytest.approx(worked_out(BY_HAND).society.costs)


def test_payback_is_where_benefits_meet_costs() -> None:
    """Evenly within a year; never where the effect ends first; at once where nothing was spent."""
    first = 27 * 2500 * 0.9
    quick = worked_out(case(cash=first / 4 / 1.1, mainstream=0.0, in_kind=0.0, set_up=0.0))
    assert quick.society.payback_years == pytest.approx(0.25)
    just = worked_out(case(cash=first / 1.1, mainstream=0.0, in_kind=0.0, set_up=0.0))
    assert just.society.payback_years == pytest.approx(1.0)
    assert quick.fiscal.payback_years == pytest.approx(0.25 / 0.3)
    nothing = worked_out(case(cash=0.0, mainstream=0.0, in_kind=0.0, set_up=0.0))
    assert nothing.society.payback_years == 0
    assert nothing.society.ratio is None


def test_offences_without_a_unit_cost_are_shown_and_worth_nothing() -> None:
    found = worked_out(case(offences=(THEFT, replace(BURGLARY, pounds=None))))
    assert found.share_without == pytest.approx(0.5)
    assert [one.pounds is None for one in found.by_type] == [False, True]
    assert sum(one.offences for one in found.by_type) == pytest.approx(found.averted)
    assert found.society.benefits == pytest.approx(27 * 500 * (1 + 0.5 / 1.035) * 0.9)
    assert worked_out(BY_HAND).share_unchecked == pytest.approx(0.5)


SOME = st.floats(0.1, 3.0)


@given(more=SOME, pounds=SOME)
@settings(max_examples=25, deadline=None)
def test_scaling(more: float, pounds: float) -> None:
    """Twice the people at twice the cost is twice the value; in another currency everything is worth as many times as
    much and no ratio changes; value is linear in the unit cost."""
    plain = worked_out(BY_HAND)
    costs = BY_HAND.costs

    def times(by: float) -> dict[str, float]:
        return {name: getattr(costs, name) * by for name in ("cash", "mainstream", "in_kind", "set_up")}

    dearer = tuple(replace(one, pounds=one.pounds and one.pounds.scaled(pounds)) for one in BY_HAND.offences)
    bigger = worked_out(case(people=100 * more, **times(more)))
    assert bigger.society.net_present_value == pytest.approx(more * plain.society.net_present_value)
    assert bigger.society.ratio == pytest.approx(plain.society.ratio)
    other = worked_out(case(offences=dearer, **times(pounds)))
    assert other.society.net_present_value == pytest.approx(pounds * plain.society.net_present_value)
    assert other.saved_per_pound == pytest.approx(plain.saved_per_pound)
    linear = worked_out(case(offences=dearer))
    assert linear.society.net_present_value == pytest.approx(pounds * plain.society.benefits - plain.society.costs)


EFFECTS = st.floats(-60.0, 60.0)


@given(one=EFFECTS, two=EFFECTS, cost=st.floats(0, 1e6), dearer=st.floats(1, 1e6))
@settings(max_examples=25, deadline=None)
def test_value_rises_with_the_effect_and_falls_with_the_cost(
    one: float, two: float, cost: float, dearer: float
) -> None:
    def value(effect: float, cash: float) -> Worked:
        return worked_out(case(averted_per_100=effect, lower=-100.0, upper=100.0, cash=cash))

    low, high = sorted((one, two))
    assert value(low, cost).society.net_present_value <= value(high, cost).society.net_present_value + 1e-6
    assert value(one, cost + dearer).society.net_present_value < value(one, cost).society.net_present_value
    worth = value(one, cost)
    assert worth.fiscal.benefits == pytest.approx(0.3 * worth.society.benefits)
    assert worth.harm == (one < 0)


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("no interval", {"lower": None}),
        ("no interval", {"upper": float("nan")}),
        ("outside its interval", {"lower": 31.0}),
        ("more offences are averted", {"averted_per_100": 210.0, "upper": 220.0}),
        ("people or their expected", {"people": 0.0}),
        ("cost is negative", {"cash": -1.0}),
        ("cost is negative or missing", {"set_up": float("nan")}),
        ("displacement is not a share", {"displacement": Range.fixed(1.2)}),
        ("years that the effect lasts", {"lasting_years": Range.fixed(0.5)}),
        ("discount rate", {"discount_rate": 3.5}),
        ("optimism bias", {"optimism_benefits": 1.5}),
        ("mix of offences", {"offences": (THEFT, BURGLARY, THEFT)}),
        ("mix of offences", {"offences": ()}),
        ("basis of cost", {"basis": "free"}),
    ],
)
def test_what_cannot_be_used_says_why(what: str, changes: dict[str, object]) -> None:
    with pytest.raises(ProblemError, match=f"(?i){what}"):
        case(**changes)


def test_money_needs_its_price_year_and_no_unit_cost_is_negative() -> None:
    with pytest.raises(ProblemError, match="price year"):
        replace(BY_HAND.costs, price_year="")
    with pytest.raises(ProblemError, match="price year"):
        replace(THEFT, price_year="then")
    with pytest.raises(ProblemError, match="unit cost is negative"):
        replace(THEFT, pounds=Range(1, -1, 2))
    with pytest.raises(ProblemError, match="more than the whole"):
        replace(THEFT, parts=(*THEFT.parts, THEFT.parts[0]))
    with pytest.raises(ProblemError, match="not in order"):
        Range(1, 2, 3)


def test_an_effect_is_read_off_a_published_difference() -> None:
    """Peterborough, cohort 1: 142 against 155 per 100, 13 averted; the sign and the limits turn round."""
    effect = Effect.from_difference(
        estimate=-13.0, lower=-20.0, upper=-6.0, expected=155.0, people=1000, comparison="one_service",
        grade=3, verdict="fewer",
    )  # fmt: skip
    assert (effect.averted_per_100, effect.lower, effect.upper) == (13.0, 6.0, 20.0)
    assert round(100 * effect.averted_per_100 / effect.expected_per_100, 1) == 8.4
    with pytest.raises(ProblemError, match="no interval"):
        Effect.from_difference(
            estimate=-13.0, lower=None, upper=-6.0, expected=155.0, people=9, comparison="x", grade=3, verdict="fewer"
        )
