"""What happened against what was expected of these people: their expected rate, the difference, and the ratio.

With X = observed less expected, summed over a person's entries, D entries, E the sum of the probabilities e and
O = E + sum X: excess (O - E) / D and relative O / E. Both intervals come from one interval for the observed rate, so
that the difference excludes 0 exactly where the ratio excludes 1. The expectation itself is taken as given: what
error it has for people here is for the calibration to show (metrics/compare/recalibrate.py).
"""

from collections.abc import Mapping

import numpy as np

from metrics.kinds.proportion import wilson
from metrics.kinds.shared import Column, Result, divided, residual_moments


def rate(cells: Mapping[str, Column]) -> Result:
    """E / D. Known people have known probabilities: nothing is estimated, so there is no interval."""
    none = np.full_like(cells["se"], np.nan)
    return Result(divided(cells["se"], cells["sd"]), none, none, cells["se"], cells["sd"])


def excess(cells: Mapping[str, Column]) -> Result:
    """(O - E) / D, with the limits of the observed rate less the expected rate."""
    lower, upper = observed_limits(cells)
    middle = divided(cells["se"], cells["sd"])
    return Result(divided(cells["sx"], cells["sd"]), lower - middle, upper - middle, cells["sx"], cells["sd"])


def relative(cells: Mapping[str, Column]) -> Result:
    """O / E, with the limits of the observed rate over the expected rate; numerator O, denominator E.

    Poisson limits (metrics/compare/standardise.py) take a person to reoffend any number of times. At rates of 30 to 60%
    they hold the truth 98 to 99 times in a hundred, so they are not used here.
    """
    lower, upper = observed_limits(cells)
    observed, middle = cells["se"] + cells["sx"], divided(cells["se"], cells["sd"])
    return Result(divided(observed, cells["se"]), divided(lower, middle), divided(upper, middle), observed, cells["se"])


def observed_limits(cells: Mapping[str, Column]) -> tuple[Column, Column]:
    """Wilson's 95% limits for the observed rate p = O / D on an effective number of entries.

    D / effect, where effect = n/(n-1) sum (X - v D)² / (D p (1 - p)), v = (O - E) / D, over the n people: below 1
    because what is known of people explains part of the spread, above 1 where one person's entries are alike. Where all
    or nobody reoffended, or of one person: sum D² / D (Kish) x sum e (1 - e) / (D q (1 - q)), q = E / D. Holds the truth
    94 to 96 times in a hundred from 30 people up, entries repeated or not (`iom calibrate --only expected`).
    """
    entries, people = cells["sd"], cells["n"]
    known = np.where(entries > 0, entries, np.nan)
    share = np.clip((cells["se"] + cells["sx"]) / known, 0, 1)
    squared, _ = residual_moments(cells, cells["sx"] / known)
    binomial = known * share * (1 - share)
    mean = cells["se"] / known
    alike = cells["sdd"] / known * divided(cells["sv"], known * mean * (1 - mean))
    # a share of 0 or 1 that rounding has moved off its end is still one
    inside = (binomial > 1e-9 * known) & (people > 1) & (squared > 0)
    effect = np.where(inside, divided(squared * divided(people, people - 1), binomial), alike)
    return wilson(share, known / np.where(np.isfinite(effect) & (effect > 0), effect, 1.0))
