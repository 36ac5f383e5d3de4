"""The centre line and sigma of XmR, p and u charts.

Sources: Wheeler and Chambers, Understanding Statistical Process Control (1992); Montgomery, Introduction to Statistical
Quality Control, chapters 6 and 7; Laney, Improved control charts for attributes, Quality Engineering 14(4), 2002.
"""

from dataclasses import dataclass

import numpy as np

from metrics.compare.control_rules import Column

D2 = 1.128
"""The mean range of two values of a normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The centre line of one stretch of points and sigma at each. `dispersion` is how many times wider than binomial
    or Poisson chance sigma is (1 for an XmR chart, which assumes neither); `measured` is what was found before the
    floor of 1 was put to it."""

    centre: Column
    sigma: Column
    dispersion: float
    measured: float


def mean_moving_range(value: Column) -> float:
    """The mean distance between neighbours; a missing quarter has none."""
    ranges = np.abs(np.diff(value))
    ranges = ranges[np.isfinite(ranges)]
    return float(ranges.mean()) if len(ranges) else float("nan")


def xmr_limits(value: Column) -> Limits:
    """Centre = mean; sigma = mean moving range / 1.128, so that limits are mean ± 2.66 mean moving ranges."""
    known = value[np.isfinite(value)]
    centre = float(known.mean()) if len(known) else float("nan")
    sigma = mean_moving_range(value) / D2
    return Limits(np.full(len(value), centre), np.full(len(value), sigma), 1.0, 1.0)


def p_limits(count: Column, people: Column, primed: bool = True) -> Limits:
    """Centre p = Σ count / Σ people; sigma_i = z √(p(1-p) / people_i), z the dispersion (1 when not primed).

    z (Laney's sigma of z) = mean moving range of (p_i - p) / √(p(1-p) / people_i), over 1.128. Never below 1: fewer
    than two dozen quarters cannot show that they vary by less than chance, and limits would be too tight.
    """
    centre = _pooled(count, people)
    return _primed(count / positive(people), centre, np.sqrt(centre * (1 - centre) / positive(people)), primed)


def u_limits(count: Column, exposure: Column, primed: bool = True) -> Limits:
    """Centre u = Σ count / Σ exposure; sigma_i = z √(u / exposure_i), z as in `p_limits`."""
    centre = _pooled(count, exposure)
    return _primed(count / positive(exposure), centre, np.sqrt(centre / positive(exposure)), primed)


def correlation(value: Column) -> float:
    """The correlation of each value with the one before, r = Σ (x_t - m)(x_t-1 - m) / Σ (x_t - m)²; 0 when constant."""
    gap = value - np.nanmean(value) if np.isfinite(value).any() else value
    whole = float(np.nansum(gap**2))
    return float(np.nansum(gap[1:] * gap[:-1])) / whole if whole > 0 else 0.0


def positive(number: Column) -> Column:
    """The number, or NaN where it is 0 or less: nothing is divided by it."""
    return np.where(number > 0, number, np.nan)


def _pooled(count: Column, size: Column) -> float:
    both = np.isfinite(count) & (size > 0)
    return float(count[both].sum() / size[both].sum()) if both.any() else float("nan")


def _primed(value: Column, centre: float, chance: Column, primed: bool) -> Limits:
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(chance > 0, (value - centre) / np.where(chance > 0, chance, 1), 0.0)
    z = np.where(np.isfinite(value), z, np.nan)
    measured = mean_moving_range(z) / D2
    dispersion = max(measured, 1.0) if primed and np.isfinite(measured) else 1.0
    return Limits(np.full(len(value), centre), chance * dispersion, dispersion, measured)
