"""People of the comparison group who join later: how many do, and what the difference would be if nobody did.

They are kept, so that the question is starting now against not starting now, and a difference is diluted where many join.
docs/methods/evaluation-dates.md is its page. Weighting by the inverse of the probability of joining, which does without
the assumption made here, was tried and left: its page says what was measured.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from metrics.compare.result import Effect

UNDILUTED = "undiluted"
"""The method under which the difference is published that would be if nobody joined."""


@dataclass(frozen=True, slots=True)
class Joining:
    """Of the comparison group's weight: the share of those who join within the follow-up (`later`), and the share of all
    its follow-up that comes after somebody joined (`exposed`): sum of w (days - days to join) / days, over the sum of w."""

    later: float
    exposed: float


def joining(people: pl.DataFrame, weights: np.ndarray, days: int) -> Joining:
    """How many of those compared, as weighted, join within so many days, and for how much of them."""
    others = people.with_columns(pl.Series("_weight", weights)).filter(~pl.col("treated"))
    whole = float(others["_weight"].sum())
    if not whole:
        return Joining(0.0, 0.0)
    joined = others.filter(pl.col("joined_later"))
    after = (joined["_weight"] * (days - joined["days_to_join"]) / days).sum()
    return Joining(float(joined["_weight"].sum()) / whole, float(after) / whole)


def undiluted(effect: Effect, found: Joining) -> Effect | None:
    """The difference if nobody joined: the difference and both limits over 1 - exposed; None where nobody joins.

    It takes the scheme to do as much for those who join, from that day on, as for those it is about, and the share for
    known; the interval is as wide for its size as the one it comes from.
    """
    if effect.estimate is None or effect.lower is None or effect.upper is None or not 0 < found.exposed < 1:
        return None
    left = 1 - found.exposed
    estimate, lower, upper = (value / left for value in (effect.estimate, effect.lower, effect.upper))
    expected = None if effect.treated is None else effect.treated - estimate
    return replace(effect, method=UNDILUTED, estimate=estimate, lower=lower, upper=upper, comparison=expected)
