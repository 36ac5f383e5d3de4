"""How often the discontinuity's interval holds the truth: `python -m benchmarks.threshold [SAMPLES]`.

Scores lean to the right as real ones do (few people score high), reoffending bends with the score, and selection is certain
(sharp) or likely (fuzzy, 10% below and 70% above). Counts are heavy-tailed. Scores are continuous or whole points.
docs/methods/discontinuity.md holds what was reached.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.compare.density import density_check
from metrics.compare.discontinuity import discontinuity
from metrics.compare.result import FREQUENCY, RATE, Outcome

SIZES = (500, 2000)
SHARE, MEAN = -0.15, -0.8
"""The true effects at the threshold: on the share who reoffend, and on reoffences a person."""


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    fuzzy: bool
    whole: bool
    outcome: Outcome


SETTINGS = (
    Setting("sharp, rate", False, False, RATE),
    Setting("sharp, counts", False, False, FREQUENCY),
    Setting("sharp, whole points, rate", False, True, RATE),
    Setting("fuzzy, rate", True, False, RATE),
    Setting("fuzzy, counts", True, False, FREQUENCY),
    Setting("fuzzy, whole points, rate", True, True, RATE),
)


def drawn(rng: np.random.Generator, people: int, setting: Setting, works: bool) -> pl.DataFrame:
    """People with a gamma score of mean 12 and a threshold of 12; whole points are rounded down, selection goes by them."""
    score = rng.gamma(4.0, 3.0, people)
    if setting.whole:
        score = np.floor(score)
    x = score - 12
    likely = np.where(x >= 0, 0.7, 0.1) if setting.fuzzy else (x >= 0).astype(float)
    treated = rng.random(people) < likely
    bent = 0.02 * x - 0.0006 * x**2
    share = np.clip(0.45 + bent + (SHARE * treated if works else 0), 0.02, 0.98)
    mean = np.clip(2.0 + 4 * bent + (MEAN * treated if works else 0), 0.05, None)
    return pl.DataFrame({
        "cluster": np.arange(people), "distance": x, "treated": treated, "reoffended": rng.random(people) < share,
        "reoffences": rng.poisson(rng.gamma(0.55, mean / 0.55)), "before": rng.normal(size=people) + bent,
    })  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """`told` is the share of samples with an answer; of those the share holding the truth, and that found something."""

    name: str
    people: int
    told: float
    coverage: float
    found: float


def measured(sizes: tuple[int, ...], samples: int, works: bool, seed: int = 1) -> Iterator[Held]:
    """Of each setting: answers, coverage, and how often an effect is found (type I when nothing works)."""
    for people in sizes:
        for number, setting in enumerate(SETTINGS):
            rng = np.random.default_rng([seed, number, people, works])
            truth = (100 * (SHARE if setting.outcome is RATE else MEAN)) if works else 0.0
            made = [discontinuity(drawn(rng, people, setting, works), setting.outcome).effect for _ in range(samples)]
            told = [e for e in made if e.lower is not None and e.upper is not None and e.p_value is not None]
            held = np.mean([(e.lower or 0) <= truth <= (e.upper or 0) for e in told]) if told else np.nan
            found = np.mean([(e.p_value or 0) < 0.05 for e in told]) if told else np.nan
            yield Held(setting.name, people, len(told) / samples, float(held), float(found))


def bunching(people: int, samples: int, whole: bool, moved: float = 0.0, seed: int = 1) -> float:
    """How often the density check says that people bunch; `moved` is the share just below who were moved above."""
    rng = np.random.default_rng([seed, people, whole])
    found = 0
    for _ in range(samples):
        score = rng.gamma(4.0, 3.0, people)
        x = (np.floor(score) if whole else score) - 12
        near = (x < 0) & (x >= -2) & (rng.random(people) < moved)
        x = np.where(near, x + 2, x)
        p = density_check(x).p_value
        found += p is not None and p < 0.05
    return found / samples


def main(samples: int) -> None:
    print(
        f"{samples:,} samples each; three Monte Carlo standard errors are {300 * np.sqrt(0.05 * 0.95 / samples):.2f} points"
    )
    for works in (True, False):
        for line in measured(SIZES, samples, works):
            print(
                f"{line.name:28s}{'effect' if works else 'none':>8s}{line.people:7,} answered {line.told:6.1%}"
                f" coverage {line.coverage:6.1%} found {line.found:6.1%}", flush=True,
            )  # fmt: skip
    for people in SIZES:
        for whole in (False, True):
            kind = "whole points" if whole else "continuous"
            shares = [bunching(people, samples, whole, moved) for moved in (0.0, 0.5)]
            print(
                f"density check, {kind}, {people:,} people: found in {shares[0]:.1%}; half moved over, {shares[1]:.1%}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
