"""How often a scheme that does nothing is paid, worked out on paper: the closed forms that the simulation must agree with.

A fall that pays is T <= (1 - t) C, T the events of the people and C those of the people compared, both means of so many. With
no effect  (1 - t) C - T  has mean -t m and variance s² (1 / n + (1 - t)² / c), so the chance is Phi(-t m / error): the delta
method's first order, and exact for normal figures. A share against a fixed figure is exactly binomial.
"""

from math import floor, sqrt

from metrics.payment.rule import Element
from metrics.payment.spread import Spread


def chance_of_pay(element: Element, spread: Spread, people: int, periods: int = 1) -> float:
    """The chance that one element's trigger is reached in one period (or over all periods pooled) by luck alone.

    Normal approximation; measures `occasions`, `reoffences` and `rate`. `people` in each period.
    """
    from scipy.special import ndtr

    times = periods if element.over == "all" else 1
    n = people * times
    c = people * spread.compared * (1 if spread.shared else times)
    if element.measure == "rate":
        mean, variance = spread.share, spread.share * (1 - spread.share)
    else:
        counts = spread.counts[element.measure]
        mean, variance = counts.mean, counts.variance
    if element.trigger_unit == "standard_errors":
        return float(ndtr(-element.trigger))
    if element.trigger_unit == "percent":
        left = 1 - element.trigger / 100
        return float(ndtr(-mean * (1 - left) / sqrt(variance * (1 / n + left**2 / c))))
    return float(ndtr(-element.trigger / 100 / sqrt(variance * (1 / n + 1 / c))))


def chance_of_share(share: float, people: int, needed: float) -> float:
    """Exactly: the chance that at most  n (share - needed)  of n people reoffend, each with chance `share`."""
    from scipy.special import bdtr

    most = floor(people * (share - needed) + 1e-9)
    return float(bdtr(most, people, share)) if most >= 0 else 0.0


def chance_of_any(chance: float, periods: int) -> float:
    """The chance that at least one of several independent periods is paid."""
    return 1 - (1 - chance) ** periods
