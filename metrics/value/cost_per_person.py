"""Cost for each person managed, month at liberty, completed programme and positive outcome, and what case mix explains.

    cost for each     = cost of the year / how many
    expected cost     = sum over strata of (how much of the stratum it has x average cost of that much)
    ratio             = cost / expected cost
    adjusted for mix  = ratio x average cost for each

Different projects deal with different client groups, so a plain cost for each person must not be compared. Indirect
standardisation puts the average cost of each stratum on the people that a project has: a ratio of 1.2 is a fifth dearer
than the same people cost on average. Strata are tiers where costs name them, weighed by person-years; else one stratum
whose size is the offences expected of its people without it. Two ratios have different weights: each is read
against the average, never against another. A managed person is one day or more in the year; person-years stand beside.
Source: Home Office IOM value for money toolkit (2011); Breslow and Day, volume II (1987), chapter 2.
docs/methods/cost-per-person.md works a case by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np

from metrics.kinds.proportion import wilson
from metrics.kinds.shared import Column
from metrics.value.case import wrong

MEASURES = ("person", "person_year", "month_at_liberty", "completion", "accommodation_kept", "work_kept")
CHANCE = ("completion", "accommodation_kept", "work_kept")
"""Measures whose count is itself a matter of chance among the people managed, so that the cost of each has limits."""
WHERE = "cost for each"


@dataclass(frozen=True, slots=True)
class Each:
    """Pounds for each, with 95% limits where the count is a matter of chance, else None. `upper` None beside a lower
    limit: so few that the cost of one has no upper limit."""

    value: float | None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What the same case mix costs on average, how far the cost is from it, and the cost for each at average mix."""

    expected_cost: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Rounded:
    """How far rounding may have moved what is known: counts by so many, costs by so large a share."""

    counts: float = 0.0
    costs: float = 0.0


EXACT = Rounded()


def cost_for_each(cost: float, count: float, people: int | None = None, rounded: Rounded = EXACT) -> Each:
    """Cost / count, with `limits` where `people` is given. None where there is nobody: nothing is divided by 0."""
    _check(cost, "a cost is negative or missing")
    _check(count, "a count is negative or missing")
    value = cost / count if count else None
    if not people:
        return Each(value)
    if count > people:
        raise wrong("more succeeded than were managed", "at most the people managed", WHERE)
    lower, upper = limits(np.array([cost]), np.array([count]), np.array([float(people)]), rounded)
    return Each(value, float(lower[0]), float(upper[0]) if np.isfinite(upper[0]) else None)


def limits(cost: Column, count: Column, people: Column, rounded: Rounded = EXACT) -> tuple[Column, Column]:
    """95% limits of the cost of each success, `count` of `people`, for whole columns.

    From Wilson's limits of the share: cost / (people x upper), cost / (people x lower), each widened by all that rounding
    may hide. Infinite above where nobody or nearly nobody succeeded.
    """
    by, more, fewer = rounded.counts, people + rounded.counts, np.maximum(people - rounded.counts, 1.0)
    low, _ = wilson(np.maximum(count - by, 0.0) / more, more)
    _, high = wilson(np.minimum((count + by) / more, 1.0), more)
    with np.errstate(divide="ignore", invalid="ignore"):
        upper = np.where(low > 0, cost * (1 + rounded.costs) / (low * fewer), np.inf)
    return cost * (1 - rounded.costs) / (high * more), upper


def adjusted(cost: float, has: Mapping[str, float], average: Mapping[str, float]) -> Adjusted | None:
    """Indirect standardisation of a cost. `has`: how much of each stratum it has (person-years, expected offences);
    `average`: what so much of it costs on average. None where a stratum that it has no average, or nothing is expected.
    """
    _check(cost, "a cost is negative or missing")
    if any(size > 0 and name not in average for name, size in has.items()):
        return None
    expected = sum(size * average[name] for name, size in has.items() if size > 0)
    return Adjusted(expected, cost / expected) if expected > 0 else None


def averages(costs: Mapping[str, float], sizes: Mapping[str, float]) -> dict[str, float]:
    """The average cost of a stratum, cost / size, of all groups together; strata without any size are left out."""
    return {name: costs.get(name, 0.0) / size for name, size in sizes.items() if size > 0}


def _check(value: float, what: str) -> None:
    if not (isfinite(value) and value >= 0):
        raise wrong(what, "0 or more", WHERE)
