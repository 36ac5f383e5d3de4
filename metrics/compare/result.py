"""What a matched comparison is asked and what it answers: outcomes, a specification, effects.

Nothing here computes. Every person-row stays with the caller; what is answered holds aggregates only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

Kind = Literal["share", "mean", "days", "rate"]
Scale = Literal["difference", "ratio"]
Method = Literal["nearest", "radius", "overlap", "att", "none"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of the people compared.

    - `share`: the share of people for whom `value` (boolean) is true; in percentage points.
    - `mean`: the mean of `value` a person (counts, severity); `heavy` says that a few people make much of the total.
    - `days`: mean days without `event` in the first `horizon` days; `value` is the day of the event or, without one,
      the last day observed. Those who died or left before are censored.
    - `rate`: sum of `value` over sum of `exposure` (days), a year of 365.25 days.
    """

    id: str
    kind: Kind
    value: str
    unit: str
    scales: tuple[Scale, ...] = ("difference",)
    factor: float = 1.0
    heavy: bool = False
    exposure: str | None = None
    event: str | None = None
    horizon: float | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the people's frame that it needs."""
        return tuple(name for name in (self.value, self.exposure, self.event) if name)


RATE = Outcome("rate", "share", "reoffended", "percentage points", factor=100)
FREQUENCY = Outcome(
    "frequency", "mean", "reoffences", "reoffences per 100 people", ("difference", "ratio"), 100, heavy=True
)
OCCASIONS = Outcome("occasions", "mean", "occasions", "reconviction events per 100 people", factor=100, heavy=True)
"""Occasions in court at which reoffences were convicted: offences sentenced together are one. Payment by results counts them."""
TIME = Outcome("time", "days", "days_observed", "days", event="event", horizon=365)
"""`days_observed` is the day of the first reoffence where `event` is true, else the last day followed."""
SEVERITY = Outcome("severity", "mean", "severity", "severity a person", ("difference", "ratio"), heavy=True)
CUSTODY = Outcome("custody", "share", "custody", "percentage points", factor=100)
LIBERTY = Outcome(
    "liberty",
    "rate",
    "liberty_offences",
    "offences per year at liberty",
    ("difference", "ratio"),
    365.25,
    heavy=True,
    exposure="days_at_liberty",
)
OUTCOMES: tuple[Outcome, ...] = (RATE, FREQUENCY, TIME, SEVERITY, CUSTODY, LIBERTY)


@dataclass(frozen=True, slots=True)
class Specification:
    """How a comparison group is made. The default is the published one; `sensitivity.specifications` lists the others.

    - `method`: `nearest` (k nearest neighbours on the logit of the score), `radius` (everybody within the caliper),
      `overlap` or `att` (weights, no matching), `none` (everybody not treated, unweighted: the crude comparison).
    - `k`: controls to each person treated, 1 to 10. `caliper`: the furthest match, in standard deviations of the logit.
    - `exact`: fields on which a match must agree. `covariates`: the score's own, None for all that were given.
    - `adjust`: whether what imbalance is left is corrected by a regression in the comparison group.
    - `without_later_joiners`: leave out controls who join after (sensitivity only: it conditions on the future).
    """

    id: str = "main"
    method: Method = "nearest"
    k: int = 5
    caliper: float = 0.2
    replacement: bool = True
    exact: tuple[str, ...] = ()
    covariates: tuple[str, ...] | None = None
    adjust: bool = True
    without_later_joiners: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """Treated less comparison (or treated over comparison), in `unit`, with its 95% interval.

    `treated` and `comparison` are the two groups' figures in the outcome's unit, adjusted where the method adjusts.
    `people` are the treated analysed, `controls` those of the comparison group with any weight. A figure that cannot
    be worked out is None with a `reason`. The interval excludes no effect (0, or ratio 1) exactly where p_value < 0.05.
    """

    outcome: str
    method: str
    specification: str
    scale: Scale
    unit: str
    estimate: float | None
    lower: float | None
    upper: float | None
    treated: float | None
    comparison: float | None
    p_value: float | None
    people: int
    controls: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """All that one comparison says. Counts are rows (person-evaluations) of the frame, treated unless said.

    `submitted` treated rows; `outside` those for whom nobody comparable was found (no common support or no match within
    the caliper); `matched` = submitted - outside; `analysed` the matched whose outcomes are known; `controls` of the
    comparison group used, out of `pool`. `effective_controls` = (sum w)² / sum w².

    - `effects`: for each outcome and scale, method "matched" (the headline), "doubly robust" and, where replicates were
      asked for, "matched (bootstrap)".
    - `balance`: covariate, level, treated_mean, pool_mean, matched_mean, before, after (standardised mean differences),
      variance_ratio (null for levels).
    - `support`: bin, lower, upper (of the score), treated, pool, matched: people (or weight) by score, both sides.
    - `problems`: what the reader must know: no convergence, separation, poor balance; empty when all is well.
    - `largest_imbalance`: the largest |d| of the matched groups; `corrected_imbalance`: the same in standard deviations
      of the score's own columns after the correcting regression, which is what the matched effects rest on.
    - `whom`: by method, the rows of the treated whom the effect is about and their weights (summing to 1).
    """

    specification: Specification
    effects: list[Effect]
    balance: pl.DataFrame
    support: pl.DataFrame
    submitted: int
    outside: int
    matched: int
    analysed: int
    controls: int
    effective_controls: float
    pool: int
    largest_imbalance: float
    converged: bool
    separated: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default_factory=tuple)
    corrected_imbalance: float = 0.0
    whom: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=dict)

    def effect(self, outcome: str, method: str = "matched", scale: Scale = "difference") -> Effect:
        """The one effect asked for."""
        return next(e for e in self.effects if (e.outcome, e.method, e.scale) == (outcome, method, scale))


def frame(effects: Sequence[Effect]) -> pl.DataFrame:
    """Effects as a table, one row each."""
    schema = {
        "outcome": pl.String, "method": pl.String, "specification": pl.String, "scale": pl.String, "unit": pl.String,
        "estimate": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "treated": pl.Float64,
        "comparison": pl.Float64, "p_value": pl.Float64, "people": pl.Int64, "controls": pl.Int64, "reason": pl.String,
    }  # fmt: skip
    return pl.DataFrame([{name: getattr(e, name) for name in schema} for e in effects], schema=schema)
