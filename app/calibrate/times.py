"""Times to first reoffence: the restricted mean difference, which came first, log-rank tests and the hazard ratio.

People differ in risk (a gamma frailty: a heavy tail of the quick), 15 in 100 are treated, some enter twice, controls are
drawn with replacement and so repeat, the treated go to custody twice as often, and 2% die in the year. The truth is
known in closed form. docs/methods/comparing-times.md and competing-events.md hold what was reached.
"""

from functools import cache, partial

import numpy as np
import polars as pl

from app.calibrate.harness import Answers, Experiment
from metrics.compare.competing import CUSTODY, REOFFENCE, competing_times, difference_at
from metrics.compare.cox import hazard_ratio
from metrics.compare.result import Effect
from metrics.compare.survival import Times, log_rank, restricted_mean_difference, times

HORIZON = 365
SIZES = (60, 200, 1000)
RATIO = 0.7
"""The planted fall: the treated reoffend at 0.7 of the rate."""
RATE, FRAILTY = 0.75, 1.0
"""First reoffences a person-year, and the variance of people's multipliers of it: about 43% in a year."""
CUSTODY_RATES = (0.30, 0.15)
"""Custody without an offence, a year: treated, comparison."""
DEATH = 0.02
CLAIMS = {
    "days_free.coverage": "coverage",
    "reoffence_first.coverage": "coverage",
    "custody_first.coverage": "coverage",
    "hazard_ratio.coverage": "coverage",
    "days_free.type_one": "type_one",
    "log_rank.type_one": "type_one",
    "log_rank_in_sets.type_one": "type_one",
    "hazard_ratio.type_one": "type_one",
}


def draw(size: int, seed: int) -> Answers:
    """A comparison with the planted fall and one without, with frailty and (for Cox) without, and one of matched sets."""
    rng = np.random.default_rng([seed, size, 7])
    fall, nothing = (drawn(rng, size, ratio) for ratio in (RATIO, 1.0))
    cox_fall, cox_nothing = (drawn(rng, size, ratio, frailty=0.0) for ratio in (RATIO, 1.0))
    made, causes = competing_times(fall, HORIZON)
    plain = times(nothing, HORIZON)
    return {
        "days_free.coverage": held(restricted_mean_difference(times(fall, HORIZON)), true_days()),
        "reoffence_first.coverage": held(difference_at(made, causes, REOFFENCE), true_reoffence()),
        "custody_first.coverage": held(difference_at(made, causes, CUSTODY), true_custody()),
        "hazard_ratio.coverage": held(cox(cox_fall), RATIO),
        "days_free.type_one": found(restricted_mean_difference(plain).p_value),
        "log_rank.type_one": found(log_rank(plain).p_value),
        "log_rank_in_sets.type_one": found(log_rank(in_sets(rng, size), stratified=True).p_value),
        "hazard_ratio.type_one": found(cox(cox_nothing).p_value),
    }


def held(effect: Effect, true_value: float) -> bool | None:
    """Whether the interval holds the truth; None without one."""
    if effect.lower is None or effect.upper is None:
        return None
    return bool(effect.lower <= true_value <= effect.upper)


def found(p: float | None) -> bool | None:
    return None if p is None or np.isnan(p) else bool(p < 0.05)


def cox(people: pl.DataFrame) -> Effect:
    return hazard_ratio(times(people, HORIZON), people, ("risk",))


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


# --- the truth --------------------------------------------------------------------------------------------------------


def free(day: np.ndarray, ratio: float) -> np.ndarray:
    """The true share without a reoffence after `day`: the Laplace transform of the frailty."""
    return (1 + FRAILTY * ratio * RATE * day / 365) ** (-1 / FRAILTY)


@cache
def true_days() -> float:
    day = np.arange(HORIZON)
    return float(free(day, RATIO).sum() - free(day, 1.0).sum())


@cache
def true_reoffence() -> float:
    """Percentage points of reoffence first, treated less comparison: nobody goes to custody or dies before that day."""
    day = np.arange(1, HORIZON + 1)

    def share(ratio: float, custody: float) -> float:
        gone = np.exp(-(custody + DEATH) * (day - 1) / 365)
        return float(((free(day - 1, ratio) - free(day, ratio)) * gone).sum())

    return 100 * (share(RATIO, CUSTODY_RATES[0]) - share(1.0, CUSTODY_RATES[1]))


@cache
def true_custody() -> float:
    day = np.arange(1, HORIZON + 1)

    def share(ratio: float, rate: float) -> float:
        here = np.exp(-rate * (day - 1) / 365) - np.exp(-rate * day / 365)
        return float((here * free(day, ratio) * np.exp(-DEATH * (day - 1) / 365)).sum())

    return 100 * (share(RATIO, CUSTODY_RATES[0]) - share(1.0, CUSTODY_RATES[1]))


def experiments() -> list[Experiment]:
    return [
        Experiment(
            f"times_{size}", f"Times to first reoffence, {size:,} treated", CLAIMS, partial(draw, size),
            quick=40 if size == 60 else 0,
        )
        for size in SIZES
    ]  # fmt: skip
