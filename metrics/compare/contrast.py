"""Rates of groups set against each other on the log scale: a change, or a difference between two changes.

A rate is a ratio of sums, sum(w y) / sum(w d). A contrast is sum of sign x log rate, and its interval is clustered by
person: people differ in how much they offend (overdispersion), and the same person stands on both sides of a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """One group's offences and exposure (years or days), one element a person: `sign` is +1 or -1 in the contrast."""

    sign: int
    offences: Numbers
    exposure: Numbers
    person: Whole
    weight: Numbers | None = None

    @property
    def weights(self) -> Numbers:
        return np.ones(len(self.offences)) if self.weight is None else self.weight

    @property
    def rate(self) -> float:
        """Summed offences over summed exposure; NaN without exposure."""
        days = float((self.weights * self.exposure).sum())
        return float((self.weights * self.offences).sum()) / days if days > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Contrast:
    """A ratio less one, in %, with its 95% limits; None where a group has no offences or no exposure."""

    estimate: float | None
    lower: float | None
    upper: float | None
    error: float | None = None
    """Standard error of the log ratio."""


NOTHING = Contrast(None, None, None)


def contrast(groups: Sequence[Group], extra_variance: float = 0.0) -> Contrast:
    """100 (exp(sum sign log rate) - 1), with limits from the clustered variance and Student's t.

    Linearised (the delta method): person i of a group adds u_i = w (y_i - r d_i) / sum(w y) to the log of its rate r.
    Var = n / (n - 1) sum over people of (sum of their sign u)², n the people of the smallest group; t has n - 1 degrees
    of freedom. `extra_variance` is that of what the contrast also rests on (a fitted expectation).
    Source: Binder (1983), International Statistical Review 51; overdispersion enters through the people themselves.
    """
    from scipy.special import stdtrit

    total = 0.0
    people, parts = [], []
    smallest = np.inf
    for group in groups:
        rate, sum_offences = group.rate, float((group.weights * group.offences).sum())
        if not np.isfinite(rate) or sum_offences <= 0:
            return NOTHING
        total += group.sign * np.log(rate)
        people.append(group.person)
        parts.append(group.sign * group.weights * (group.offences - rate * group.exposure) / sum_offences)
        smallest = min(smallest, len(np.unique(group.person[group.weights > 0])))
    if smallest < 2:
        return NOTHING
    _, place = np.unique(np.concatenate(people), return_inverse=True)
    each = np.bincount(place, np.concatenate(parts))
    variance = smallest / (smallest - 1) * float((each**2).sum()) + extra_variance
    error = float(np.sqrt(variance))
    half = float(stdtrit(smallest - 1, 0.975)) * error
    ends = 100 * (np.exp([total, total - half, total + half]) - 1)
    return Contrast(float(ends[0]), float(ends[1]), float(ends[2]), error)
