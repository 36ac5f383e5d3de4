"""How many times as often one group reoffends as another: a ratio of two published rates, with its 95% interval.

Ethnic groups are set against White people and against everybody else whose group is known. Both are described: neither
says why. The ratio of rates p1 / p2 has an interval on the log scale, made from the two rates' own intervals (the method
of variance estimates recovery: Zou and Donner, Statistics in Medicine 27, 2008). With limits (l1, u1) and (l2, u2):

    log lower = log(p1 / p2) - sqrt(log(p1 / l1)^2 + log(u2 / p2)^2)
    log upper = log(p1 / p2) + sqrt(log(u1 / p1)^2 + log(p2 / l2)^2)

So whatever the published intervals allow for (people who enter several times, rounding at the open level), the ratio's
allows for too. Where they are log limits of two simple shares it is Katz's interval (1978), to the last digit.

*Everybody else* is pooled from the other groups' published counts. Its interval is Wilson's on an effective number of entries:
each group's own is recovered from the width of its interval, and variances of counts are added.

Holds the truth in 93.6 to 95.8% of simulated samples (30 to 200 people against 400, rates of 15 to 60%, one to four
entries a person), and in 93.9 to 96.1 against everybody else; least where 60 people with several entries each rarely
reoffend. A person has one ethnic group, so the two sides share nobody: not for groups that overlap (need, scheme) or for
bands that people pass through (age).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, log, sqrt
from typing import Literal

import numpy as np

from metrics.kinds.proportion import wilson
from metrics.kinds.shared import Z95

Finding = Literal["higher", "lower", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a rate of any unit with its 95% interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Counts:
    """A share with the counts behind it: `top` of `bottom` entries, and its 95% interval as shares (0 to 1)."""

    top: float
    bottom: float
    lower: float
    upper: float

    @property
    def side(self) -> Side:
        return Side(self.top / self.bottom, self.lower, self.upper)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the other side's rate this one is."""

    value: float
    lower: float
    upper: float

    @property
    def finding(self) -> Finding:
        """Higher or lower only where the whole interval is on that side of 1."""
        return "higher" if self.lower > 1 else "lower" if self.upper < 1 else "cannot tell"


def ratio(one: Side, other: Side) -> Ratio | None:
    """The ratio of two rates of groups that share nobody. None where a rate or a limit that it needs is nought.

    23 of 60 against 37 of 120 with Wilson's limits, worked by hand:

    >>> found = ratio(Side(0.38333, 0.27063, 0.51035), Side(0.30833, 0.23267, 0.39582))
    >>> round(found.value, 2), round(found.lower, 2), round(found.upper, 2), found.finding
    (1.24, 0.81, 1.86, 'cannot tell')
    """
    if min(one.value, one.lower, other.value, other.lower) <= 0:
        return None
    middle = log(one.value / other.value)
    down = hypot(log(one.value / one.lower), log(other.upper / other.value))
    up = hypot(log(one.upper / one.value), log(other.value / other.lower))
    return Ratio(exp(middle), exp(middle - down), exp(middle + up))


def everybody_else(others: Sequence[Counts]) -> Side | None:
    """The pooled rate of the other groups, with its interval. None where there is nobody, or nobody reoffended."""
    top, bottom = sum(each.top for each in others), sum(each.bottom for each in others)
    if not bottom or not top:
        return None
    share = top / bottom
    variance = sum(each.bottom**2 * _variance(each) for each in others) / bottom**2
    entries = share * (1 - share) / variance if variance > 0 else bottom
    low, high = wilson(np.array([share]), np.array([min(entries, bottom)]))
    return Side(share, float(low[0]), float(high[0]))


def _variance(each: Counts) -> float:
    """Of a group's share, with the effective number of entries that its interval tells. Where everybody or nobody
    reoffended, that of half a reoffender."""
    share = min(max(each.top, 0.5), each.bottom - 0.5) / each.bottom if each.bottom > 1 else 0.5
    return share * (1 - share) / effective(each)


def effective(each: Counts) -> float:
    """How many entries of different people would give an interval as wide.

    Wilson's interval on n entries has width w = 2 z sqrt(p (1-p) / n + z² / 4n²) / (1 + z²/n). With k = z²/n that is
    (w²/4 - 1/4) k² + (w²/2 - p (1-p)) k + w²/4 = 0, which has one positive root where w is below 1.

    >>> round(effective(Counts(30, 100, 0.218950, 0.395851)), 1)
    100.0
    """
    share, width = each.top / each.bottom, min(each.upper - each.lower, 0.999)
    if width <= 0:
        return each.bottom
    a, b, c = (width**2 - 1) / 4, width**2 / 2 - share * (1 - share), width**2 / 4
    k = (-b - sqrt(b * b - 4 * a * c)) / (2 * a)
    return Z95**2 / k
