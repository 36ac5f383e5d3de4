"""How often the 95% intervals hold the truth: `python -m benchmarks.coverage [--quick]`.

Each scenario draws many samples of n people whose true figure is known, works out the interval with the product's own
kind, and counts how often it holds the truth; beside it Poisson's interval and robust t. Seeded: the table is the same
every time. What was reached is in docs/methods/intervals.md.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from metrics.kinds import proportion, ratio
from metrics.kinds.shared import Z95, divided

Numbers = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], tuple[Numbers, Numbers]]
SIZES = {30: 6000, 100: 4000, 1000: 1000}


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
    Scenario("mean 0.5, negative binomial 0.4", lambda r, s: (negative_binomial(r, 0.5, 0.4, s), np.ones(s))),
    Scenario("30% reoffend, 2.0 each", OCCASIONAL),
    Scenario("30% reoffend, 2.9 each (national)", NATIONAL),
    Scenario("45% reoffend, 3.3 each, lognormal 1.0", people(0.45, lognormal(2.33, 1.0))),
    Scenario("56% reoffend, 4.3 each (PPO)", PROLIFIC),
    Scenario("60% reoffend, 6.7 each, lognormal 1.2", LONG_TAIL),
    Scenario("national, per reoffender", per_reoffender(NATIONAL)),
    Scenario("lognormal 1.2, per reoffender", per_reoffender(LONG_TAIL)),
    Scenario("national, per year at liberty", at_liberty(NATIONAL)),
    Scenario("lognormal 1.2, per year at liberty", at_liberty(LONG_TAIL)),
    Scenario("PPO, four quarters pooled", pooled(PROLIFIC)),
    Scenario("1 person in 100 commits 40", with_prolific(0.01, people(0.40, gamma(1.5, 0.8))), hard=True),
    Scenario("3 people in 100 commit 40", with_prolific(0.03, people(0.40, gamma(1.5, 0.8))), hard=True),
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
    """The figure over two million people."""
    x, d = scenario.draw(np.random.default_rng(0), (1, 2_000_000))
    return float(x.sum() / d.sum())


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


def share_coverage(n: int, samples: int, seed: int, alike: float) -> tuple[float, float]:
    """A pooled reoffending rate of 45%, people entering one to four times; `alike` is how far entries agree.

    Coverage of our interval, and of Wilson's without regard to repeats.
    """
    rng = np.random.default_rng(seed)
    chance = np.full((samples, n), 0.45) if alike == 0 else rng.beta(0.45 / alike, 0.55 / alike, (samples, n))
    entries = rng.integers(1, 5, (samples, n)).astype(float)
    made = cells(rng.binomial(entries.astype(int), chance).astype(float), entries)
    ours = proportion.compute(made)
    plain = proportion.wilson(ours.value, made["sd"])
    holds = [float(np.mean((low <= 0.45) & (high >= 0.45))) for low, high in ((ours.lower, ours.upper), plain)]
    return holds[0], holds[1]


def main(quick: bool) -> None:
    for n, samples in SIZES.items():
        print(f"\nn = {n} people: share of intervals that hold the truth (width against robust t)")
        print(f"{'':40s}{'ours':>15s}{'robust t':>12s}{'Poisson':>12s}")
        for number, scenario in enumerate(SCENARIOS):
            found = coverage(scenario, n, samples // (10 if quick else 1), 1000 + number)
            ours, usual, poisson = found["ours"], found["robust t"], found["Poisson"]
            name = scenario.name + (" *" if scenario.hard else "")
            print(f"{name:40s}{ours[0]:9.1%} {ours[1]:5.2f}{usual[0]:12.1%}{poisson[0]:12.1%}")
    print("\nPooled reoffending rate: ours, Wilson's without regard to repeats")
    for n in SIZES:
        for alike in (0.0, 0.5, 2.0):
            ours_share, plain = share_coverage(n, 4000, 5, alike)
            print(f"n = {n:5d}, likeness {alike:3.1f}: {ours_share:8.1%}{plain:8.1%}")
    print(f"\n* the truth rests on rare people whom most small samples miss. z = {Z95:.2f}")


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
