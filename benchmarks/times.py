"""How often the intervals of times to first reoffence hold the truth: `python -m benchmarks.times [SAMPLES]`.

People differ in risk (a gamma frailty: a heavy tail of the quick), 15 in 100 are treated, some enter twice, controls are
drawn with replacement and so repeat, the treated go to custody twice as often, and 2% die in the year. Each line draws
many such comparisons whose truth is known in closed form. docs/methods/comparing-times.md and competing-events.md
hold what was reached.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.compare.competing import CUSTODY, REOFFENCE, competing_times, difference_at
from metrics.compare.cox import hazard_ratio
from metrics.compare.result import Effect
from metrics.compare.survival import Times, log_rank, restricted_mean_difference, times

HORIZON = 365
SIZES = (60, 200, 1000)
RATE, FRAILTY = 0.75, 1.0
"""First reoffences a person-year, and the variance of people's multipliers of it: about 43% in a year."""
CUSTODY_RATES = (0.30, 0.15)
"""Custody without an offence, a year: treated, comparison."""
DEATH = 0.02


@dataclass(frozen=True, slots=True)
class Held:
    """Of `samples` intervals the share that held the truth, and of tests that found something (nothing there: type I)."""

    name: str
    people: int
    samples: int
    coverage: float | None
    found: float

    @property
    def error(self) -> float:
        """The Monte Carlo standard error of a share that should be 95% or 5%."""
        return float(np.sqrt(0.05 * 0.95 / self.samples))


def drawn(rng: np.random.Generator, people: int, ratio: float, frailty: float = FRAILTY) -> pl.DataFrame:
    """One comparison: `people` treated and 17 in 3 controls, of whom those drawn several times weigh as often."""
    pool = round(people * 85 / 15)
    entries = rng.integers(1, 3, people)
    treated = np.repeat(np.arange(people), entries)[:people]
    control = rng.integers(0, pool, pool)
    cluster = np.r_[treated, people + control]
    own = rng.gamma(1 / frailty, frailty, people + pool) if frailty else np.ones(people + pool)
    risk = rng.normal(size=people + pool)
    is_treated = np.r_[np.ones(len(treated), bool), np.zeros(pool, bool)]
    factor = np.exp(0.5 * risk[cluster]) if not frailty else own[cluster]
    rate = RATE / 365 * factor * np.where(is_treated, ratio, 1.0)
    first = np.ceil(rng.exponential(1 / np.maximum(rate, 1e-12)))
    # A control drawn twice is one person with one follow-up; somebody treated who enters twice has two.
    first[~is_treated] = first[~is_treated][np.unique(control, return_index=True)[1]][
        np.unique(control, return_inverse=True)[1]
    ]
    custody = _own(rng, CUSTODY_RATES, is_treated, cluster)
    death = _own(rng, (DEATH, DEATH), is_treated, cluster)
    return pl.DataFrame({
        "cluster": cluster, "treated": is_treated, "days_to_first": first, "days_to_custody": custody,
        "days_to_death": death, "risk": risk[cluster],
        "days_observed": np.minimum(np.minimum(first, HORIZON), death),
        "event": (first <= HORIZON) & (first <= death),
    })  # fmt: skip


def _own(rng: np.random.Generator, rates: tuple[float, float], treated: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Exponential days, the same for a control's repeats."""
    day = np.ceil(rng.exponential(365 / np.where(treated, *rates)))
    by_person = np.ceil(rng.exponential(365 / rates[1], cluster.max() + 1))
    return np.where(treated, day, by_person[cluster])


def free(day: np.ndarray, ratio: float) -> np.ndarray:
    """The true share without a reoffence after `day`: the Laplace transform of the frailty."""
    return (1 + FRAILTY * ratio * RATE * day / 365) ** (-1 / FRAILTY)


def true_days(ratio: float) -> float:
    return float(free(np.arange(HORIZON), ratio).sum() - free(np.arange(HORIZON), 1.0).sum())


def true_incidence(ratio: float) -> float:
    """Percentage points of reoffence first, treated less comparison: nobody goes to custody or dies before that day."""
    day = np.arange(1, HORIZON + 1)

    def share(ratio: float, custody: float) -> float:
        gone = np.exp(-(custody + DEATH) * (day - 1) / 365)
        return float(((free(day - 1, ratio) - free(day, ratio)) * gone).sum())

    return 100 * (share(ratio, CUSTODY_RATES[0]) - share(1.0, CUSTODY_RATES[1]))


def true_custody(ratio: float) -> float:
    day = np.arange(1, HORIZON + 1)

    def share(ratio: float, rate: float) -> float:
        here = np.exp(-rate * (day - 1) / 365) - np.exp(-rate * day / 365)
        return float((here * free(day, ratio) * np.exp(-DEATH * (day - 1) / 365)).sum())

    return 100 * (share(ratio, CUSTODY_RATES[0]) - share(1.0, CUSTODY_RATES[1]))


def plain(people: pl.DataFrame) -> Times:
    return times(people, HORIZON)


def days_free(people: pl.DataFrame) -> Effect:
    return restricted_mean_difference(plain(people))


def first_of(cause: int) -> Callable[[pl.DataFrame], Effect]:
    def effect(people: pl.DataFrame) -> Effect:
        made, causes = competing_times(people, HORIZON)
        return difference_at(made, causes, cause)

    return effect


def cox(people: pl.DataFrame) -> Effect:
    made = plain(people)
    return hazard_ratio(made, people, ("risk",))


def in_sets(rng: np.random.Generator, people: int) -> Times:
    """Five controls each, alike within their set, no effect: for the stratified log-rank."""
    set_risk = rng.gamma(1.0, 1.0, people)
    member = np.repeat(np.arange(people), 6)
    day = np.ceil(rng.exponential(365 / RATE / np.maximum(set_risk[member], 1e-9)))
    treated = np.tile(np.r_[True, np.zeros(5, bool)], people)
    frame = pl.DataFrame({
        "cluster": np.arange(len(day)), "set": member, "treated": treated,
        "days_observed": np.minimum(day, HORIZON), "event": day <= HORIZON,
    })  # fmt: skip
    return times(frame, HORIZON, matched_set="set")


def measured(sizes: tuple[int, ...], samples: int, seed: int = 1) -> Iterator[Held]:
    """Coverage with an effect and type I error without, of each method."""
    methods: tuple[tuple[str, Callable[[pl.DataFrame], Effect], float, float, float], ...] = (
        ("restricted mean difference", days_free, true_days(0.7), 0.7, FRAILTY),
        ("restricted mean difference, no effect", days_free, 0.0, 1.0, FRAILTY),
        ("reoffence first, by day 365", first_of(REOFFENCE), true_incidence(0.7), 0.7, FRAILTY),
        ("custody first, by day 365", first_of(CUSTODY), true_custody(0.7), 0.7, FRAILTY),
        ("Cox with one covariate", cox, 0.7, 0.7, 0.0),
        ("Cox with one covariate, no effect", cox, 1.0, 1.0, 0.0),
    )
    for people in sizes:
        for number, (name, effect, truth, ratio, frailty) in enumerate(methods):
            rng = np.random.default_rng([seed, number, people])
            made = [effect(drawn(rng, people, ratio, frailty)) for _ in range(samples)]
            holds = np.mean([e.lower is not None and e.upper is not None and e.lower <= truth <= e.upper for e in made])
            found = np.mean([e.p_value is not None and e.p_value < 0.05 for e in made])
            yield Held(name, people, samples, float(holds), float(found))
        rng = np.random.default_rng([seed, 100, people])
        p = np.array([log_rank(plain(drawn(rng, people, 1.0))).p_value for _ in range(samples)])
        yield Held("log-rank, no effect", people, samples, None, float(np.mean(p < 0.05)))
        p = np.array([log_rank(in_sets(rng, people), stratified=True).p_value for _ in range(samples)])
        yield Held("log-rank within matched sets, no effect", people, samples, None, float(np.mean(p < 0.05)))


def main(samples: int) -> None:
    print(
        f"{samples:,} samples each; three Monte Carlo standard errors are {300 * Held('', 0, samples, 0, 0).error:.2f} points"
    )
    print(f"{'':44s}{'treated':>8s}{'coverage':>10s}{'found':>8s}")
    for line in measured(SIZES, samples):
        coverage = "" if line.coverage is None else f"{line.coverage:.1%}"
        print(f"{line.name:44s}{line.people:8,}{coverage:>10s}{line.found:8.1%}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
