"""Break-even: the case of docs/methods/break-even.md, published arithmetic, every verdict at its boundary, and invariants."""

import random
from dataclasses import replace

import pytest

from common.errors import ProblemError
from metrics.value.break_even import (
    NO_COST,
    NO_EFFECT,
    NO_EXPECTED,
    NO_UNIT_COST,
    NOTHING_EXPECTED,
    ROUNDING,
    BreakEven,
    Expected,
    Reduction,
    break_even,
    curve,
    one_in_words,
    pays_for,
)
from metrics.value.unit_costs import mix_cost

YEAR = "2023/24"
SEEN = Reduction(30, 20, 40)
EXPECTED = Expected(150, 120)


def even(cost: float | None, **given: object) -> BreakEven:
    """The documented case at some cost, or with something else in place of a part of it."""
    case = {"unit_cost": 3000.0, "price_year": YEAR, "expected": EXPECTED, "observed": SEEN} | given
    return break_even(cost, **case)  # type: ignore[arg-type]


class TestWorkedByHand:
    """docs/methods/break-even.md has every step."""

    def test_cash(self) -> None:
        found = even(90_000)
        assert EXPECTED.offences == 180
        assert (found.offences_to_avert, found.expected, found.one_in, found.verdict) == (30, 180, 6, "past")
        assert found.needed == pytest.approx(100 * 30 / 180)

    def test_opportunity_cost(self) -> None:
        found = even(90_000 + 150_000 + 30_000)
        assert (found.offences_to_avert, found.needed, found.one_in, found.verdict) == (90, 50, 2, "short")

    def test_the_effect_is_the_published_difference_over_what_was_expected(self) -> None:
        found = Reduction.from_difference(-45, -60, -30, 150)
        assert found == SEEN

    def test_half_of_it_its_own(self) -> None:
        assert SEEN.counted(0.5) == Reduction(15, 10, 20)
        assert even(90_000, observed=SEEN.counted(0.5)).verdict == "cannot_tell"

    def test_two_offences_behind_each_proven_one(self) -> None:
        cash, opportunity = even(90_000, multiplier=2.0), even(270_000, multiplier=2.0)
        assert (cash.expected, round(cash.needed or 0, 1), opportunity.needed) == (360, 8.3, 25)
        assert opportunity.verdict == "cannot_tell"

    def test_too_few_people_for_it_ever_to_pay(self) -> None:
        found = even(270_000, expected=Expected(150, 50))
        assert (found.expected, found.needed, found.verdict, found.one_in) == (75, 120, "cannot", None)

    def test_too_few_people_but_for_a_dearer_unit_cost(self) -> None:
        """120% at £3,000 an offence, 90% at £4,000 and 103% at £3,500."""
        few = Expected(150, 50)
        found = even(270_000, expected=few, unit_cost_high=4_000.0)
        assert (found.needed, found.verdict) == (120, "short")
        assert even(270_000, expected=few, unit_cost_high=3_500.0).verdict == "cannot"
        assert even(270_000, expected=few, unit_cost_high=3_600.0).verdict == "short"  # exactly all of them
        blind = even(270_000, expected=few, unit_cost_high=4_000.0, observed=None)
        assert (blind.verdict, blind.reason) == ("not_available", NO_EFFECT)
        assert even(270_000, expected=few, unit_cost_high=3_000.0, observed=None).verdict == "cannot"

    def test_unit_cost_of_its_mix(self) -> None:
        assert 0.40 * 5000 + 0.25 * 4000 == 3000
        mix = mix_cost({"robbery": 40, "shop_theft": 25, "": 35}, "2015/16")
        by_type = {one.type: one.pounds for one in mix.by_type}
        assert mix.pounds == pytest.approx(0.40 * by_type["robbery"] + 0.25 * by_type["shop_theft"])
        assert mix.share_without == 0.35

    def test_the_curve_meets_the_cost_at_what_is_needed(self) -> None:
        assert pays_for(50, 3000, EXPECTED) == 270_000
        line = curve(3000, EXPECTED)
        assert (line[0], line[50], line[-1]) == ((0, 0), (50, 270_000), (100, 540_000))


class TestPublished:
    def test_peterborough_first_cohort(self) -> None:
        """142 reconviction events per 100 against 155 of matched controls: 8.4% fewer, below the trigger of 10%."""
        found = Reduction.from_difference(142 - 155, 142 - 155, 142 - 155, 155)
        assert found is not None
        assert round(found.estimate, 1) == 8.4
        assert 7.5 < found.estimate < 10

    def test_ppo_2009(self) -> None:
        """56% of 10,635 people reoffended 4.3 times each: 2.4 a person, 25,600 in all. £1 million at £2,000 an offence needs 2%."""
        expected = Expected(100 * 0.56 * 4.3, 10_635)
        assert round(expected.per_100 / 100, 1) == 2.4
        assert round(expected.offences, -2) == 25_600
        assert round(break_even(1e6, 2000, "2009/10", expected, None).needed or 0, 1) == 2.0

    def test_the_2006_cohort(self) -> None:
        """146.1 reoffences per 100 adults, 13% below the year before: 167.9 then; 21.8 fewer is a reduction of 13%."""
        before = 146.1 / (1 - 0.13)
        assert round(before, 1) == 167.9
        found = Reduction.from_difference(146.1 - before, -30, -10, before)
        assert found is not None
        assert round(found.estimate) == 13


class TestVerdicts:
    def test_every_code(self) -> None:
        cost = 90_000  # needs 16.7%
        codes = {
            "past": even(cost),
            "cannot_tell": even(cost, observed=Reduction(30, 10, 40)),
            "short": even(cost, observed=Reduction(5, -10, 16)),
            "cannot": even(600_000),
            "free": even(0.0),
            "not_available": even(None),
        }
        assert {code: found.verdict for code, found in codes.items()} == {code: code for code in codes}

    def test_a_limit_exactly_at_what_is_needed_is_past(self) -> None:
        assert even(108_000, observed=Reduction(30, 20, 40)).verdict == "past"
        assert even(108_001, observed=Reduction(30, 20, 40)).verdict == "cannot_tell"
        assert even(216_000, observed=Reduction(30, 20, 40)).verdict == "cannot_tell"
        assert even(216_001, observed=Reduction(30, 20, 40)).verdict == "short"

    def test_exactly_all_of_them_is_not_yet_impossible(self) -> None:
        assert even(540_000).verdict == "short"
        assert even(540_001).verdict == "cannot"

    def test_where_rounding_could_turn_it_nothing_sure_is_said(self) -> None:
        """Needed 16.7% to within a tenth: 15 to 18.3."""
        codes = {
            "past": Reduction(30, 18.4, 40), "cannot_tell": Reduction(30, 18.3, 40), "short": Reduction(5, -10, 14.9),
        }  # fmt: skip
        assert [even(90_000, observed=seen, within=0.1).verdict for seen in codes.values()] == list(codes)
        assert even(90_000, observed=Reduction(5, -10, 15.1), within=0.1).verdict == "cannot_tell"
        assert even(590_000, within=0.1).reason == ROUNDING
        assert even(610_000, within=0.1).verdict == "cannot"

    def test_a_scheme_that_harms_is_short_and_never_past(self) -> None:
        assert even(1.0, observed=Reduction(-20, -40, -5)).verdict == "short"

    def test_no_cost_on_a_basis_breaks_even_whatever_else_is_missing(self) -> None:
        found = break_even(0.0, None, YEAR, None, None)
        assert (found.verdict, found.offences_to_avert, found.needed, found.one_in) == ("free", 0, 0, None)

    def test_what_is_missing_is_said_and_what_is_known_is_kept(self) -> None:
        assert even(None).reason == NO_COST
        assert even(90_000, unit_cost=None).reason == NO_UNIT_COST
        assert even(90_000, unit_cost=0.0).reason == NO_UNIT_COST
        without = even(90_000, expected=None)
        assert (without.reason, without.offences_to_avert, without.needed) == (NO_EXPECTED, 30, None)
        unseen = even(90_000, observed=None)
        assert (unseen.reason, unseen.one_in, unseen.verdict) == (NO_EFFECT, 6, "not_available")

    def test_nothing_to_prevent(self) -> None:
        found = even(90_000, expected=Expected(0, 40))
        assert (found.verdict, found.reason, found.needed) == ("not_available", NOTHING_EXPECTED, None)

    def test_an_effect_without_an_interval_is_no_effect(self) -> None:
        assert Reduction.from_difference(-45, None, -30, 150) is None
        assert Reduction.from_difference(None, None, None, 150) is None
        assert Reduction.from_difference(-45, -60, -30, 0) is None

    def test_nobody_prevents_more_than_all(self) -> None:
        assert Reduction.from_difference(-46.8, -243.9, 38.3, 141.5) == Reduction(
            100 * 46.8 / 141.5, -100 * 38.3 / 141.5, 100
        )


class TestWords:
    @pytest.mark.parametrize(
        ("needed", "words"),
        [
            (3.2, "about one in 31"), (100 / 31, "one in 31"), (50, "one in 2"), (34, "about one in 3"), (36, "about one in 3"),
            (40, "about one in 2"), (45, "about one in 2"), (50.1, "6 in every 10"),
            (60, "6 in every 10"), (61, "7 in every 10"), (90, "9 in every 10"), (90.5, "nearly all"), (100, "all"),
            (100.1, "more than all"), (0.05, "one in 2,000"), (0, "none"),
        ],
    )  # fmt: skip
    def test_the_nearest_whole_number_is_said(self, needed: float, words: str) -> None:
        assert one_in_words(needed) == words


class TestRefused:
    @pytest.mark.parametrize(
        ("given", "what"),
        [
            ({"unit_cost": -1.0}, "A unit cost is negative"),
            ({"price_year": ""}, "The price year is missing"),
            ({"multiplier": 0.0}, "The multiplier cannot be used"),
        ],
    )
    def test_by_name(self, given: dict[str, object], what: str) -> None:
        with pytest.raises(ProblemError, match=what):
            even(90_000, **given)

    def test_a_negative_cost(self) -> None:
        with pytest.raises(ProblemError, match="A cost is negative"):
            even(-1.0)

    def test_people_and_frequency(self) -> None:
        with pytest.raises(ProblemError, match="no people"):
            Expected(150, 0)
        with pytest.raises(ProblemError, match="negative or missing"):
            Expected(-1, 10)

    def test_limits_the_wrong_way_round(self) -> None:
        with pytest.raises(ProblemError, match="no interval"):
            Reduction(30, 40, 20)


def cases(number: int = 200) -> list[tuple[float, float, Expected, Reduction, float]]:
    rng = random.Random(4)
    made = []
    for _ in range(number):
        seen = sorted(rng.uniform(-80, 100) for _ in range(3))
        made.append((rng.uniform(1, 1e6), rng.uniform(50, 20_000), Expected(rng.uniform(1, 400), rng.randrange(1, 500)),
                     Reduction(seen[1], seen[0], seen[2]), rng.choice([1.0, 1.5, 4.0])))  # fmt: skip
    return made


ORDER = ("cannot", "short", "cannot_tell", "past", "free")
"""From worst to best."""


class TestInvariants:
    @pytest.mark.parametrize("case", cases())
    def test_needed_moves_as_it_should(self, case: tuple[float, float, Expected, Reduction, float]) -> None:
        cost, unit, expected, seen, multiplier = case
        found = break_even(cost, unit, YEAR, expected, seen, multiplier=multiplier)
        assert found.needed is not None
        again = break_even(3 * cost, 3 * unit, YEAR, expected, seen, multiplier=multiplier)
        assert again.needed == pytest.approx(found.needed)  # money in another unit changes nothing
        assert again.verdict == found.verdict
        twice = break_even(2 * cost, unit, YEAR, expected, seen, multiplier=multiplier)
        more = break_even(cost, unit, YEAR, replace(expected, people=2 * expected.people), seen, multiplier=multiplier)
        assert twice.needed == pytest.approx(2 * found.needed)
        assert more.needed == pytest.approx(found.needed / 2)
        assert ORDER.index(twice.verdict) <= ORDER.index(found.verdict) <= ORDER.index(more.verdict)
        assert pays_for(found.needed, unit, expected, multiplier=multiplier) == pytest.approx(cost)
        if found.one_in:
            assert abs(100 / found.needed - found.one_in) <= 0.5 + 1e-6

    @pytest.mark.parametrize("case", cases(60))
    def test_a_better_effect_is_never_a_worse_verdict(
        self, case: tuple[float, float, Expected, Reduction, float]
    ) -> None:
        cost, unit, expected, seen, multiplier = case
        better = Reduction(seen.estimate + 10, seen.lower + 10, seen.upper + 10)
        first, then = (break_even(cost, unit, YEAR, expected, one, multiplier=multiplier) for one in (seen, better))
        assert ORDER.index(then.verdict) >= ORDER.index(first.verdict)
