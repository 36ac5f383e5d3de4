"""What is due under a rule: one reckoning, for what was measured and for every draw of a simulation alike.

For each element the fall is what was expected less what was observed; it pays where the fall reaches the trigger. Figures
come as arrays of shape (draws, periods), so that a page's steps and its simulated luck can never disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from metrics.payment.rule import Element, Rule

Numbers = NDArray[np.float64]
NEAR = 1e-9
"""A fall this close to the trigger has reached it: 10.0 is 10, however the machine rounds."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rule needs, each array (draws, periods): `people` followed, `compared` people behind what was expected, and
    for each measure the `observed` and the `expected` figure in its own unit. NaN is not known.

    `pooled` gives a measure over all periods together where it is known apart from them: (observed, expected), (draws, 1).
    `shared`: the people compared are the same in every period (a baseline year), so they are counted once over all.
    """

    people: Numbers
    compared: Numbers
    observed: Mapping[str, Numbers]
    expected: Mapping[str, Numbers]
    pooled: Mapping[str, tuple[Numbers, Numbers]] = field(default_factory=dict)
    shared: bool = False

    def over_all(self, measure: str) -> tuple[Numbers, Numbers]:
        """A measure pooled over the periods: by people, or by those who reoffended where it is counted for each of them."""
        if measure in self.pooled:
            return self.pooled[measure]
        weights = (self.people, self.people)
        if measure == "per_reoffender":
            weights = (self.people * self.observed["rate"], self.people * self.expected["rate"])
        return (_mean(self.observed[measure], weights[0]), _mean(self.expected[measure], weights[1]))

    def reoffenders(self, over: str) -> Numbers:
        """People who reoffended, in each period or over all."""
        if over == "each":
            return self.people * self.observed["rate"] / 100
        return self.people.sum(-1, keepdims=True) * self.over_all("rate")[0] / 100


@dataclass(frozen=True, slots=True)
class Part:
    """One element reckoned; arrays (draws, periods), or (draws, 1) over all.

    `fall` and `needed` in the measure's own unit, `percent` the fall in % of what was expected, `units` what is paid for
    (events or people averted, or points), `pounds` what is due; `barred` where an earlier element stood in the way;
    `waiting` while not all the contract's periods are in, so that nothing is due over all of them yet.
    """

    element: Element
    observed: Numbers
    expected: Numbers
    fall: Numbers
    percent: Numbers
    needed: Numbers
    units: Numbers
    before: Numbers
    pounds: Numbers
    barred: NDArray[np.bool_]
    waiting: bool

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Whether the fall reaches the trigger."""
        return self.fall >= self.needed - NEAR


@dataclass(frozen=True, slots=True)
class Due:
    """What is due: `total` = the sum of the parts' pounds within floor (or most deducted) and cap; arrays (draws,)."""

    parts: tuple[Part, ...]
    summed: Numbers
    total: Numbers


def due(rule: Rule, figures: Figures) -> Due:
    """What a rule pays for these figures."""
    parts: dict[str, Part] = {}
    for element in rule.elements:
        waiting = element.over == "all" and figures.people.shape[-1] < rule.periods
        parts[element.id] = _part(element, figures, parts, waiting=waiting)
    summed = np.asarray(sum(part.pounds.sum(-1) for part in parts.values()), dtype=np.float64)
    lowest = rule.floor if rule.floor > 0 else -rule.most_deducted
    return Due(tuple(parts.values()), summed + 0.0, np.minimum(np.maximum(summed, lowest), rule.cap) + 0.0)


def _part(element: Element, figures: Figures, earlier: Mapping[str, Part], *, waiting: bool) -> Part:
    if element.over == "each":
        observed, expected = figures.observed[element.measure], figures.expected[element.measure]
        people, compared = figures.people, figures.compared
    else:
        observed, expected = figures.over_all(element.measure)
        people = figures.people.sum(-1, keepdims=True)
        compared = figures.compared[..., :1] if figures.shared else figures.compared.sum(-1, keepdims=True)
    fall = expected - observed
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(expected > 0, 100 * fall / expected, 0.0)
    needed = _needed(element, expected, people, compared)
    size = np.abs(fall) - (needed if element.counted_from == "trigger" else 0.0)
    if element.pays_for == "success":
        units = np.ones_like(fall)
    elif element.pays_for == "point":
        units = size
    elif element.measure == "per_reoffender":
        units = size * figures.reoffenders(element.over)
    else:
        units = size * people / 100
    better, worse = fall >= needed - NEAR, -fall >= needed - NEAR
    side = np.where(better & (fall > 0), 1.0, np.where(worse & (fall < 0) & element.deducts, -1.0, 0.0))
    units = np.where(np.isnan(fall), np.nan, side * units)
    before = element.price * units
    barred = np.zeros(fall.shape, dtype=bool)
    pounds = before
    if element.after:
        barred = ~_open(element, figures, earlier[element.after]) & (pounds > 0)
        pounds = np.where(barred, 0.0, pounds)
    if element.less_paid:
        already = np.maximum(earlier[element.less_paid].pounds.sum(-1, keepdims=True), 0.0)
        pounds = np.where(pounds > 0, np.maximum(pounds - already, 0.0), pounds)
    if waiting:
        pounds = np.zeros_like(pounds)
    return Part(element, observed, expected, fall, percent, needed, units, before, pounds, barred, waiting)


def _needed(element: Element, expected: Numbers, people: Numbers, compared: Numbers) -> Numbers:
    """The least fall that pays, in the measure's own unit."""
    if element.trigger_unit == "percent":
        return expected * element.trigger / 100
    if element.trigger_unit == "points":
        return np.full_like(expected, element.trigger)
    return element.trigger * share_error(expected, people, compared)


def share_error(expected: Numbers, people: Numbers, compared: Numbers) -> Numbers:
    """Standard error of the difference of two shares (in %) under no effect: sqrt(p (100 - p) (1 / n + 1 / m))."""
    return np.sqrt(np.clip(expected * (100 - expected), 0, None) * (1 / people + 1 / compared))


def _open(element: Element, figures: Figures, other: Part) -> NDArray[np.bool_]:
    """Whether an earlier element lets this one pay."""
    if element.after_if == "paid":
        paid = other.pounds if element.over == other.element.over == "each" else other.pounds.sum(-1, keepdims=True)
        return paid > 0
    if element.over == "each" and other.element.over == "each":
        return other.fall >= -NEAR
    observed, expected = figures.over_all(other.element.measure)
    return expected - observed >= -NEAR


def _mean(values: Numbers, weights: Numbers) -> Numbers:
    total = weights.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (values * weights).sum(-1, keepdims=True) / total
