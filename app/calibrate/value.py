"""Value for money on invented groups whose true worth is known, and on counties with planted programmes.

True net benefit = offences truly averted among the people paid for x what an offence costs - what was spent; the estimand
is the comparison's own, reoffences in the followed year. Asked: how often does the simulated interval hold it; is a harmful
programme shown as a loss and a worthless one seldom as a gain; and does a stated probability of breaking even come
true as often as it says?
"""

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.calibrate.harness import Answers, Experiment
from metrics.compare.interval import limits, side
from metrics.value.case import Assumptions, Case, Costs, Effect, OffenceCost, Part, Range
from metrics.value.simulate import simulate

Numbers = NDArray[np.float64]
YEAR = "2023/24"
CONTROLS = 10
"""Controls to each person treated, as most matched comparisons have."""
SHAPE = 0.44
"""Of reoffences a person: 56% reoffend 4.3 times each (the prolific of 2009)."""
EXPECTED = 2.4
"""Reoffences a person without the programme."""
WORLDS = {"works": 0.75, "worthless": 1.0, "harmful": 1.4}
"""What the programme truly multiplies offending by."""
COST = 1_500.0
"""Pounds spent on each person. What works averts £1,740 a person in the year, so that breaking even is in doubt."""
TYPES = (
    OffenceCost("theft", 0.5, Range(1_000, 500, 1_500), YEAR, (Part("police", "fiscal", 0.3),), checked=True),
    OffenceCost("burglary", 0.4, Range(6_000, 4_000, 9_000), YEAR, (Part("police", "fiscal", 0.3),), checked=True),
    OffenceCost("drugs", 0.1, None, YEAR),
)
DRAWS = 2_000
"""A hypercube of so many places a 2.5% quantile within a hundredth of the interval's width."""


def case_of(effect: Effect, *, sure: bool) -> Case:
    """A programme's case; `sure`: everything but the effect is known."""
    duration = (Range.fixed(1.0), Range.fixed(0.0)) if sure else (Range(2, 1, 3), Range(0.5, 0.2, 0.9))
    offences = tuple(replace(one, pounds=one.pounds and Range.fixed(one.pounds.value)) for one in TYPES)
    costs = Costs(COST * effect.people, 0, 0, 0, YEAR, Range.fixed(1.0) if sure else Range(1, 0.8, 1.3))
    fixed = Range.fixed(1.0), Range.fixed(0.0), Range.fixed(0.0), Range.fixed(1.0)
    assumed = Assumptions(*fixed, *duration, optimism_benefits=0, optimism_costs=0, price_year=YEAR)
    return Case("programme", "invented", "", "2023", costs, effect, offences if sure else TYPES, assumed)


def compared(people: int, multiple: float, rng: np.random.Generator) -> Effect:
    """The people treated and their controls, and the difference with its interval as a matched comparison works it out."""
    treated = _reoffences(EXPECTED * multiple, people, rng)
    controls = _reoffences(EXPECTED, CONTROLS * people, rng)
    ours, theirs = float(treated.mean()), float(controls.mean())
    one, two = (
        side((group - group.mean()) / len(group), len(group), centred=True, least_skew=2.0)
        for group in (treated, controls)
    )
    lower, upper = limits(ours - theirs, one, two)
    averted = 100 * (theirs - ours)
    return Effect(averted, -100 * upper, -100 * lower, 100 * theirs, people, "invented", 3, "")


def _reoffences(mean: float, people: int, rng: np.random.Generator) -> Numbers:
    return rng.poisson(rng.gamma(SHAPE, mean / SHAPE, people)).astype(float)


def true_value(averted: float, luck: np.random.Generator | None) -> float:
    """The net benefit of a person paid for, from the offences that each truly averts in the followed year.

    With `luck`, what is unsure takes a value of its own range: unit costs together, costs, how long the effect lasts.
    """

    def taken(one: Range, chance: float | None = None) -> float:
        if luck is None:
            return one.value
        return float(luck.triangular(one.low, one.value, one.high)) if chance is None else _triangular(one, chance)

    chance = None if luck is None else float(luck.random())
    each = sum(one.share * taken(one.pounds, chance) for one in TYPES if one.pounds is not None)
    if luck is None:
        return averted * each - COST
    lasting, drop = taken(Range(2, 1, 3)), taken(Range(0.5, 0.2, 0.9))
    years = sum(float(np.clip(lasting - t, 0, 1)) * ((1 - drop) / 1.035) ** t for t in range(3))
    return averted * each * years - COST * taken(Range(1, 0.8, 1.3))


def _triangular(one: Range, chance: float) -> float:
    """Inverse of the triangular distribution, written apart from the one that is being judged."""
    rise, width = one.value - one.low, one.high - one.low
    if chance < rise / width:
        return one.low + (chance * width * rise) ** 0.5
    return one.high - ((1 - chance) * width * (one.high - one.value)) ** 0.5


def draw(people: int, seed: int) -> Answers:
    """One programme of each world: what the simulated interval says of its true worth."""
    rng = np.random.default_rng([seed, people, 4])
    answers: dict[str, bool | float | None] = {}
    for name, multiple in WORLDS.items():
        effect = compared(people, multiple, rng)
        averted = EXPECTED * (1 - multiple)
        for kind, sure in (("effect_alone", True), ("all_unsure", False)):
            found = simulate(case_of(effect, sure=sure), DRAWS, seed).society
            truth = people * true_value(averted, None if sure else rng)
            net = found.net_present_value
            answers[f"{name}.{kind}.coverage"] = bool(net.lower <= truth <= net.upper)
            if sure:
                answers[f"{name}.surely_averted"] = bool(found.benefits.lower > 0)
                answers[f"{name}.surely_a_gain"] = bool(net.lower > 0)
                answers[f"{name}.shown_as_a_loss"] = bool(net.at(0.5) < 0)
    answers["came_true_less_stated"] = stated(people, rng, seed)
    return answers


def stated(people: int, rng: np.random.Generator, seed: int) -> float:
    """Of programmes whose true effect is anything, as likely one as another: whether each breaks even (100 or 0), less its
    stated probability of doing so in %. Nought on average where probabilities mean what they say."""
    multiple = rng.uniform(0.2, 1.6)
    effect = compared(people, multiple, rng)
    probability = simulate(case_of(effect, sure=True), DRAWS, seed).society.breaking_even
    return 100 * (float(true_value(EXPECTED * (1 - multiple), None) >= 0) - probability)


CLAIMS = {
    **{f"{name}.{kind}.coverage": "coverage" for name in WORLDS for kind in ("effect_alone", "all_unsure")},
    "works.surely_averted": "fact",
    "worthless.surely_averted": "at_most_5",
    "harmful.surely_averted": "at_most_5",
    **{f"{name}.surely_a_gain": "fact" if name == "works" else "at_most_5" for name in WORLDS},
    "works.shown_as_a_loss": "fact",
    "worthless.shown_as_a_loss": "most",
    "harmful.shown_as_a_loss": "most",
    "came_true_less_stated": "unbiased",
}


def experiments() -> list[Experiment]:
    """Programmes of 60, 200 and 1,000 people."""
    return [
        Experiment(
            f"value_{people}",
            f"Value for money, {people:,} people",
            CLAIMS,
            partial(draw, people),
            quick=60 if people == 200 else 0,
        )
        for people in (60, 200, 1_000)
    ]
