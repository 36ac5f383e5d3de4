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


MOST_PULL = 0.8
"""No person's share of a rate is taken for more than this when their pull is undone."""


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

    Linearised (the delta method): person i of a group adds u_i = w (y_i - r d_i) / sum(w y) to the log of its rate r,
    divided by 1 - h_i, where h_i is the person's share of sum(w d): a few controls who stand for many pull the rate
    towards themselves, which hides how far they are from it. That is the jackknife's variance, to first order (CR3).
    Var = sum over people of (sum of their sign u)². Student's t has 1 / sum(h²) - 1 degrees of freedom, of the group with
    the fewest: n - 1 where all weigh the same. `extra_variance` is that of what the contrast also rests on (a fitted
    expectation). Source: Binder (1983), International Statistical Review 51; MacKinnon, Nielsen and Webb (2023), Journal
    of Econometrics 232, on CR3; Kish (1965), Survey Sampling, on the effective number.
    """
    from scipy.special import stdtrit

    total, freedom = 0.0, np.inf
    people, parts = [], []
    for group in groups:
        rate, offences = group.rate, float((group.weights * group.offences).sum())
        if not np.isfinite(rate) or offences <= 0:
            return NOTHING
        total += group.sign * np.log(rate)
        exposure = group.weights * group.exposure
        _, place = np.unique(group.person, return_inverse=True)
        share = np.bincount(place, exposure) / exposure.sum()
        pull = 1 - np.minimum(share, MOST_PULL)[place]
        people.append(group.person)
        parts.append(group.sign * group.weights * (group.offences - rate * group.exposure) / offences / pull)
        freedom = min(freedom, 1 / float((share**2).sum()) - 1)
    if freedom <= 0.5:
        return NOTHING
    _, place = np.unique(np.concatenate(people), return_inverse=True)
    each = np.bincount(place, np.concatenate(parts))
    error = float(np.sqrt(float((each**2).sum()) + extra_variance))
    half = float(stdtrit(freedom, 0.975)) * error
    ends = 100 * (np.exp([total, total - half, total + half]) - 1)
    return Contrast(float(ends[0]), float(ends[1]), float(ends[2]), error)
