"""Luck alone: exact chances by convolution, closed forms, a planted effect, heavy tails, and the time it takes."""

import re
import time
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from metrics.payment.luck import DRAWS, by_size, drawn, luck
from metrics.payment.rule import Element, Rule, rules
from metrics.payment.spread import Counts, Spread, by_hand, extra, variance_made, variance_of
from metrics.payment.theory import chance_of_any, chance_of_pay, chance_of_share

RULES = {rule.id: rule for rule in rules()}
BOND, HYBRID, SIMPLE = RULES["peterborough"], RULES["hybrid_2015"], RULES["simple_local"]
PEOPLE = Spread(0.6, {"occasions": Counts(1.55, 4.0), "reoffences": Counts(2.4, 12.0)}, 10.0)
ERROR = 3.5
"""Monte Carlo errors within which a simulated chance must agree with the exact one."""


def alone(element: Element, **changes: object) -> Rule:
    return replace(SIMPLE, id="alone", elements=(element,), floor=0.0, cap=1e9, **changes)  # type: ignore[arg-type]


def agrees(found: float, exact: float, draws: int = DRAWS) -> bool:
    return abs(found - exact) <= ERROR * sqrt(max(exact * (1 - exact), 1e-4) / draws)


# --- exact -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "needed"), [(60, 0.02), (200, 0.0475), (1000, 0.0105)])
def test_a_share_against_a_fixed_figure_is_paid_as_often_as_the_binomial_says(people: int, needed: float) -> None:
    # falls between whole people, so that what the expected share is out by changes nothing
    spread = Spread(0.45, {}, 1e7 / people)  # ten million people compared: their share is as good as fixed
    element = Element("one", "", "rate", 100 * needed, "point", 1.0, trigger_unit="points")
    found = luck(alone(element), spread, people)
    assert agrees(found.probability, chance_of_share(0.45, people, needed))


def one_person(share: float, counts: Counts, most: int) -> np.ndarray:
    """The chances of 0, 1, 2, ... events of one person, by the recursion of the negative binomial."""
    more = extra(share, counts)
    assert more.shape is not None
    p = more.shape / (more.shape + more.mean)
    chances = np.zeros(most)
    chances[0] = p**more.shape
    for k in range(1, most):
        chances[k] = chances[k - 1] * (more.shape + k - 1) / k * (1 - p)
    return np.concatenate([[1 - share], share * chances])[:most]


def of_many(chances: np.ndarray, people: int, most: int) -> np.ndarray:
    """The chances of 0, 1, 2, ... events of so many people together: convolved exactly."""
    return np.clip(np.fft.irfft(np.fft.rfft(chances, most) ** people, most), 0, None)


@pytest.mark.parametrize(("people", "each"), [(60, 3), (150, 2), (400, 1)])
def test_the_bond_pays_a_worthless_cohort_exactly_as_often_as_convolution_says(people: int, each: int) -> None:
    most = 1 << 13
    counts = PEOPLE.counts["occasions"]
    single = one_person(PEOPLE.share, counts, most)
    ours, theirs = of_many(single, people, most), np.cumsum(of_many(single, people * each, most))
    # paid where events / people <= 0.9 x events compared / people compared
    least = np.ceil(np.arange(most) * each / 0.9 - 1e-9).astype(int)
    exact = float(
        sum(ours[t] * (1 - (theirs[least[t] - 1] if least[t] else 0.0)) for t in range(most) if least[t] < most)
    )
    spread = replace(PEOPLE, compared=float(each))
    found = luck(BOND, spread, people, periods=1)
    assert agrees(found.probability, exact)
    if people >= 150:  # the closed form leans on normal sums
        assert chance_of_pay(BOND.elements[0], spread, people) == pytest.approx(exact, abs=0.012)


def test_the_bond_pays_as_often_as_theory_says_over_all_its_cohorts() -> None:
    for people in (300, 1000):
        chance = chance_of_any(chance_of_pay(BOND.elements[0], PEOPLE, people), BOND.periods)
        together = chance_of_pay(BOND.elements[1], PEOPLE, people, BOND.periods)
        found = luck(BOND, PEOPLE, people)
        assert max(chance, together) - 0.015 <= found.probability <= chance + together + 0.015


def test_the_hybrids_share_is_paid_by_luck_at_its_level_of_significance() -> None:
    """1.96 standard errors one side: 2.5% a quarter; four quarters against one baseline are not independent."""
    binary = replace(HYBRID, elements=HYBRID.elements[:1])
    spread = Spread(0.5, {}, 4.0, shared=True)
    one = luck(binary, spread, 1000, periods=1)
    assert one.probability == pytest.approx(0.025, abs=0.006)
    four = luck(binary, spread, 1000)
    assert 0.025 < four.probability <= chance_of_any(0.025, 4) + 0.006
    assert abs(four.expected) < 4000  # what it pays by luck it takes off by luck


def test_the_simple_rule_pays_worthless_schemes_half_the_time_but_for_its_floor() -> None:
    plain = replace(SIMPLE, floor=0.0)
    assert luck(plain, PEOPLE, 400).probability == pytest.approx(0.5, abs=0.03)
    # the floor of £20,000 is two points: a fall of more than that pays above it
    beyond = replace(SIMPLE.elements[0], trigger=2.0)
    assert luck(SIMPLE, PEOPLE, 400).probability == pytest.approx(chance_of_pay(beyond, PEOPLE, 400), abs=0.015)


# --- what it is made of ------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [Counts(1.55, 4.0), Counts(2.4, 12.0), Counts(0.7, 1.9)])
def test_the_spread_has_the_mean_and_the_variance_it_was_given(counts: Counts) -> None:
    found = extra(0.5, counts)
    assert 0.5 * (1 + found.mean) == pytest.approx(counts.mean)
    assert variance_made(0.5, found) == pytest.approx(counts.variance)
    people, spread = 1, Spread(0.5, {"occasions": counts}, 1.0)
    made = drawn(BOND, spread, people, 0.0, draws=200_000, rng=np.random.default_rng(1), periods=1)
    events = made.observed["occasions"][:, 0] / 100
    assert events.mean() == pytest.approx(counts.mean, rel=0.02)
    assert events.var() == pytest.approx(counts.variance, rel=0.05)
    assert (events == 0).mean() == pytest.approx(0.5, abs=0.005)


def test_few_commit_much_of_it() -> None:
    made = drawn(BOND, PEOPLE, 1, 0.0, draws=100_000, rng=np.random.default_rng(2), periods=1)
    events = np.sort(made.observed["occasions"][:, 0])[::-1]
    assert events[:10_000].sum() / events.sum() > 0.3  # the busiest tenth; a Poisson of this mean gives 0.23


def test_a_variance_below_what_a_share_alone_gives_is_met_as_nearly_as_can_be() -> None:
    found = extra(0.5, Counts(0.5, 0.01))
    assert (found.mean, found.shape) == (0.0, None) and variance_made(0.5, found) == 0.25


def test_the_variance_is_read_off_an_interval() -> None:
    n, m, variance = 400, 900, 5.0
    width = 2 * 1.959963984540054 * 100 * sqrt(variance * (1 / n + 1 / m))
    assert variance_of(-width / 2 - 3, width / 2 - 3, n, m) == pytest.approx(variance)


def test_by_hand_a_negative_binomial_says_how_many_reoffend() -> None:
    spread = by_hand(2.4, 0.55, None, 10, "reoffences")
    assert spread.share == pytest.approx(0.6, abs=0.04)  # 56% of the prolific of 2009, 2.4 each
    assert spread.counts["reoffences"].variance == pytest.approx(2.4 + 2.4**2 / 0.55)


# --- effects and sizes -------------------------------------------------------------------------


@pytest.mark.parametrize("effect", [-0.3, -0.1, 0.1])
def test_a_planted_effect_is_found_in_all_its_parts(effect: float) -> None:
    made = drawn(HYBRID, replace(PEOPLE, compared=1.0), 200_000, effect, draws=20, rng=np.random.default_rng(3), periods=1)  # fmt: skip
    rate = float(made.observed["rate"].mean() / made.expected["rate"].mean())
    each = float(made.observed["per_reoffender"].mean() / made.expected["per_reoffender"].mean())
    assert rate * each == pytest.approx(1 + effect, abs=0.01)
    assert rate == pytest.approx((1 + effect) ** 0.5, abs=0.01)


@pytest.mark.parametrize("rule", [BOND, SIMPLE])
def test_the_better_the_scheme_the_more_it_is_paid(rule: Rule) -> None:
    found = [luck(rule, PEOPLE, 500, effect) for effect in (0.2, 0.1, 0.0, -0.1, -0.2)]
    assert [one.expected for one in found] == sorted(one.expected for one in found)
    assert [one.probability for one in found] == sorted(one.probability for one in found)


def test_the_larger_the_cohort_the_less_luck_pays() -> None:
    chances = [one.probability for one in by_size(BOND, PEOPLE, (100, 300, 1000, 3000))]
    assert chances == sorted(chances, reverse=True) and chances[0] > 0.3 and chances[-1] < 0.01


def test_a_harmful_scheme_is_not_paid_more_than_a_worthless_one_under_any_rule() -> None:
    spread = replace(PEOPLE, compared=4.0, shared=True)
    for rule in RULES.values():
        worse, none, good = (luck(rule, spread, 200, effect) for effect in (0.15, 0.0, -0.15))
        assert worse.expected < none.expected < good.expected, rule.id


def test_one_baseline_makes_quarters_rise_and_fall_together() -> None:
    def spreads(shared: bool) -> float:
        made = drawn(HYBRID, replace(PEOPLE, compared=1.0, shared=shared), 100, 0.0, draws=4000,
                     rng=np.random.default_rng(4), periods=4)  # fmt: skip
        return float((made.expected["rate"] - made.observed["rate"]).mean(-1).std())

    # p (1 - p) (1/400 + 1/100) against p (1 - p) (1/400 + 1/400)
    assert spreads(True) / spreads(False) == pytest.approx(sqrt(5 / 2), rel=0.05)


def test_the_same_seed_gives_the_same_luck_and_another_other() -> None:
    one, two = luck(BOND, PEOPLE, 300), luck(BOND, PEOPLE, 300)
    assert np.array_equal(one.payments, two.payments)
    assert not np.array_equal(one.payments, luck(BOND, PEOPLE, 300, seed=2).payments)


def test_payments_are_told_of_100_and_beside_todays() -> None:
    found = luck(SIMPLE, PEOPLE, 400)
    hundred = found.of_100()
    assert len(hundred) == 100 and hundred == sorted(hundred) and hundred[0] == SIMPLE.floor
    assert found.share_up_to(SIMPLE.floor) + found.probability == pytest.approx(1)
    assert found.share_from(SIMPLE.cap) + found.share_up_to(SIMPLE.cap - 1) == pytest.approx(1)


def test_ten_thousand_contracts_take_less_than_a_fifth_of_a_second() -> None:
    for rule, spread in ((BOND, PEOPLE), (HYBRID, replace(PEOPLE, shared=True)), (SIMPLE, PEOPLE)):
        begun = time.process_time()
        luck(rule, spread, 800)
        assert time.process_time() - begun < 0.2, rule.id


def test_the_table_of_the_methods_page_is_what_theory_and_simulation_say() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/methods/payment-by-results.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|$", page, flags=re.MULTILINE)
    assert len(rows) == 3
    for people, paper, simulated in rows:
        size = int(people.replace(",", ""))
        places = len(paper.split(".")[1])
        assert round(chance_of_pay(BOND.elements[0], PEOPLE, size), places) == float(paper)
        assert round(luck(BOND, PEOPLE, size, periods=1).probability, places) == pytest.approx(
            float(simulated), abs=1e-9
        )
