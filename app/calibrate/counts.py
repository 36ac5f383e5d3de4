"""Figures of one group: rates, counts of reoffences and ratios, and the intervals that every page shows.

Each scenario draws many samples of n people whose true figure is known, works out the interval with the product's own
kind, and counts how often it holds the truth; beside it, as facts, Poisson's interval, robust t, and the width against
t. What was reached is in docs/methods/intervals.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from app.calibrate.harness import Answers, Experiment
from metrics.kinds import proportion, ratio
from metrics.kinds.shared import divided

Numbers = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], tuple[Numbers, Numbers]]
SIZES = (30, 100, 1000)
LIKENESS = (0.0, 0.5, 2.0)
"""How far one person's entries agree, where they enter several times."""


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    draw: Draw
    hard: bool = False
    """The truth rests on rare people whom most small samples miss: no interval made from the sample can reach it."""


def negative_binomial(rng: np.random.Generator, mean: float, shape: float, size: tuple[int, int]) -> Numbers:
    return rng.poisson(rng.gamma(shape, mean / shape, size)).astype(float)


def people(reoffend: float, more: Callable[[np.random.Generator, tuple[int, int]], Numbers]) -> Draw:
    """A share of people reoffend once and then some more; each counts as one in the denominator."""

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> tuple[Numbers, Numbers]:
        count = np.where(rng.random(size) < reoffend, 1 + more(rng, size), 0.0)
        return count, np.ones(size)

    return draw


def lognormal(mean: float, sigma: float) -> Callable[[np.random.Generator, tuple[int, int]], Numbers]:
    return lambda rng, size: rng.poisson(rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, size)).astype(float)


def gamma(mean: float, shape: float) -> Callable[[np.random.Generator, tuple[int, int]], Numbers]:
    return lambda rng, size: negative_binomial(rng, mean, shape, size)


def with_prolific(share: float, of: Draw) -> Draw:
    """A share of people commit 40 each."""

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> tuple[Numbers, Numbers]:
        count, one = of(rng, size)
        return np.where(rng.random(size) < share, 40.0, count), one

    return draw


def per_reoffender(of: Draw) -> Draw:
    def draw(rng: np.random.Generator, size: tuple[int, int]) -> tuple[Numbers, Numbers]:
        count, _ = of(rng, size)
        return count, (count > 0).astype(float)

    return draw


def at_liberty(of: Draw) -> Draw:
    """A quarter of people, and most of the prolific, lose part of the year to custody, and those offences with it."""

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> tuple[Numbers, Numbers]:
        count, _ = of(rng, size)
        days = np.where(rng.random(size) < 0.25, rng.uniform(30, 365, size), 365.0)
        days = np.where(count > 6, np.minimum(days, rng.uniform(60, 365, size)), days)
        return rng.binomial(count.astype(int), days / 365).astype(float), days / 365.25

    return draw


def pooled(of: Draw) -> Draw:
    """Each person enters one to four times, offending at much the same pace each time."""

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> tuple[Numbers, Numbers]:
        pace, _ = of(rng, size)
        entries = rng.integers(1, 5, size).astype(float)
        return rng.poisson(pace * entries * 0.75).astype(float), entries

    return draw


NATIONAL = people(0.30, gamma(1.9, 0.7))
OCCASIONAL = people(0.30, gamma(1.0, 1.0))
PROLIFIC = people(0.56, gamma(3.3, 0.6))
LONG_TAIL = people(0.60, lognormal(5.67, 1.2))

SCENARIOS = (
    Scenario("mean_0.5", lambda r, s: (negative_binomial(r, 0.5, 0.4, s), np.ones(s))),
    Scenario("30%_reoffend_2.0_each", OCCASIONAL),
    Scenario("national", NATIONAL),
    Scenario("45%_reoffend_3.3_each_lognormal", people(0.45, lognormal(2.33, 1.0))),
    Scenario("ppo", PROLIFIC),
    Scenario("60%_reoffend_6.7_each_lognormal", LONG_TAIL),
    Scenario("national_per_reoffender", per_reoffender(NATIONAL)),
    Scenario("lognormal_per_reoffender", per_reoffender(LONG_TAIL)),
    Scenario("national_at_liberty", at_liberty(NATIONAL)),
    Scenario("lognormal_at_liberty", at_liberty(LONG_TAIL)),
    Scenario("ppo_pooled", pooled(PROLIFIC)),
    Scenario("1_in_100_commits_40", with_prolific(0.01, people(0.40, gamma(1.5, 0.8))), hard=True),
    Scenario("3_in_100_commit_40", with_prolific(0.03, people(0.40, gamma(1.5, 0.8))), hard=True),
)


def cells(x: Numbers, d: Numbers) -> dict[str, Numbers]:
    """The sums that the cube carries, a row of the matrices being one cell."""
    sums = {"s" + "x" * a + "d" * b: (x**a * d**b).sum(1) for a in range(4) for b in range(4) if 1 <= a + b <= 3}
    return sums | {"n": (d != 0).sum(1).astype(float), "entries": d.sum(1)}


def intervals(made: Mapping[str, Numbers]) -> dict[str, tuple[Numbers, Numbers]]:
    """Ours, robust t and Poisson's."""
    from scipy.stats import chi2, t

    ours = ratio.compute(made)
    value, n = ours.value, made["n"]
    squared = made["sxx"] - 2 * value * made["sxd"] + value**2 * made["sdd"]
    half = t.ppf(0.975, np.maximum(n - 1, 1)) * np.sqrt(np.maximum(squared, 0) * divided(n, n - 1)) / made["sd"]
    total = made["sx"]
    low = np.where(total > 0, chi2.ppf(0.025, np.maximum(2 * total, 1e-9)), 0) / 2
    return {
        "ours": (ours.lower, ours.upper),
        "robust t": (value - half, value + half),
        "Poisson": (low / made["sd"], chi2.ppf(0.975, 2 * total + 2) / 2 / made["sd"]),
    }


@cache
def true_figure(scenario: Scenario) -> float:
    """The figure over half a million people: its own chance is 1 part in 22 of the error of 1,000 people."""
    rng = np.random.default_rng(0)
    sums = np.array([[part.sum() for part in scenario.draw(rng, (1, 100_000))] for _ in range(5)]).sum(axis=0)
    return float(sums[0] / sums[1])


def coverage(scenario: Scenario, n: int, samples: int, seed: int) -> dict[str, tuple[float, float]]:
    """For each method, the share of samples whose interval holds the truth, and its median width against robust t."""
    rng = np.random.default_rng(seed)
    truth = true_figure(scenario)
    x, d = scenario.draw(rng, (samples, n))
    some = d.sum(1) > 0
    found = intervals(cells(x[some], d[some]))
    usual = np.maximum(found["robust t"][1] - found["robust t"][0], 1e-9)
    return {
        name: (float(np.mean((low <= truth) & (truth <= high))), float(np.nanmedian((high - low) / usual)))
        for name, (low, high) in found.items()
    }


def draw(n: int, seed: int) -> Answers:
    """One sample of each scenario, all of them the cells of one figure."""
    rng = np.random.default_rng([seed, n])
    samples = [scenario.draw(rng, (1, n)) for scenario in SCENARIOS]
    x, d = (np.concatenate([sample[side] for sample in samples]) for side in (0, 1))
    found = intervals(cells(x, d))
    answers: dict[str, bool | float | None] = {}
    for place, scenario in enumerate(SCENARIOS):
        truth, some = true_figure(scenario), d[place].sum() > 0
        for name, (low, high) in found.items():
            held = bool(low[place] <= truth <= high[place]) if some else None
            answers[f"{scenario.name}.{'coverage' if name == 'ours' else name.replace(' ', '_')}"] = held
        width, usual = (float(high[place] - low[place]) for low, high in (found["ours"], found["robust t"]))
        answers[f"{scenario.name}.width_against_t"] = width / usual if some and usual > 0 else None
    return answers


def share_coverage(n: int, samples: int, seed: int, alike: float) -> tuple[float, float]:
    """A pooled reoffending rate of 45%, people entering one to four times; `alike` is how far entries agree.

    Coverage of our interval, and of Wilson's without regard to repeats.
    """
    held = _shares_held(np.random.default_rng(seed), n, samples, alike)
    return float(held[0].mean()), float(held[1].mean())


def _shares_held(
    rng: np.random.Generator, n: int, samples: int, alike: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    chance = np.full((samples, n), 0.45) if alike == 0 else rng.beta(0.45 / alike, 0.55 / alike, (samples, n))
    entries = rng.integers(1, 5, (samples, n)).astype(float)
    made = cells(rng.binomial(entries.astype(int), chance).astype(float), entries)
    ours = proportion.compute(made)
    low, high = proportion.wilson(ours.value, made["sd"])
    return (ours.lower <= 0.45) & (ours.upper >= 0.45), (low <= 0.45) & (high >= 0.45)


def draw_shares(n: int, seed: int) -> Answers:
    """A pooled rate, at each likeness of a person's entries."""
    rng = np.random.default_rng([seed, n, 45])
    answers: dict[str, bool | float | None] = {}
    for alike in LIKENESS:
        ours, plain = _shares_held(rng, n, 1, alike)
        answers |= {f"likeness_{alike}.coverage": bool(ours[0]), f"likeness_{alike}.plain_wilson": bool(plain[0])}
    return answers


def experiments() -> list[Experiment]:
    claims: dict[str, str] = {}
    for scenario in SCENARIOS:
        claims[f"{scenario.name}.coverage"] = "coverage"
        claims |= {f"{scenario.name}.{fact}": "fact" for fact in ("robust_t", "Poisson", "width_against_t")}
    shares = {f"likeness_{alike}.coverage": "coverage" for alike in LIKENESS}
    shares |= {f"likeness_{alike}.plain_wilson": "fact" for alike in LIKENESS}
    found = []
    for n in SIZES:
        quick = 200 if n == 100 else 0
        found.append(
            Experiment(f"counts_{n}", f"Counts of reoffences, {n:,} people", claims, partial(draw, n), quick=quick)
        )
        found.append(
            Experiment(
                f"shares_{n}", f"Pooled reoffending rates, {n:,} people", shares, partial(draw_shares, n), quick=quick
            )
        )
    return found
