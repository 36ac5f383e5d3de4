"""Were scores moved over the threshold? The number of people at each score should run on smoothly through it.

McCrary (2008): a histogram, local fits of it on each side, and the log of the ratio of the two at the threshold. Here the
fits are quadratic within McCrary's bandwidth (a linear fit's own bias taken off, as for the effect itself) and the
variance is the counts' own. Where people share scores, each score is a bin and the threshold lies half way between the
last score below and the first above.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.kinds.shared import Column

LEAST_BINS = 5
"""Bins needed on each side."""
MOST_BINS = 2000


@dataclass(frozen=True, slots=True)
class Density:
    """People at the threshold, above over below: `ratio` (1: no jump; None where a side has nobody there), z score and p
    value, bandwidth and bin in points of score. All None where there are too few scores."""

    ratio: float | None
    z: float | None
    p_value: float | None
    bandwidth: float | None
    bin: float | None


NOTHING = Density(None, None, None, None, None)


def density_check(x: Column) -> Density:
    """Is there a jump in the number of people at 0? `x` is score less threshold; 0 is above.

    z = (log f+ - log f-) / sqrt(v+ / f+² + v- / f-²), f± the local quadratic's value at the threshold, v the sum of squared
    weights times counts; where a side has nobody at the threshold, of the difference f+ - f- itself. p is 2 P(Z > |z|). Measured type I error: see docs/methods/discontinuity.md.
    """
    from scipy.special import ndtr

    if len(x) < 2:
        return NOTHING
    width, centres, counts = _histogram(x)
    sides = centres < 0, centres >= 0
    if any(side.sum() < LEAST_BINS for side in sides):
        return NOTHING
    h = max(_bandwidth(centres, counts, width), (LEAST_BINS + 0.5) * width)
    fits = []
    for side in sides:
        near = side & (np.abs(centres) < h)
        kernel = np.sqrt(1 - np.abs(centres[near]) / h)
        powers = (centres[near, None] / h) ** np.arange(3)
        weights = (np.linalg.pinv(powers * kernel[:, None]) * kernel)[0]
        fits.append((float(weights @ counts[near]), float(weights**2 @ counts[near])))
    (below, v_below), (above, v_above) = fits
    if min(below, above) <= 0:  # nobody at all on one side: there is no ratio, and the difference is tested
        spread = v_above + v_below
        z = (above - below) / float(np.sqrt(spread)) if spread > 0 else 0.0
        return Density(None, z, float(2 * ndtr(-abs(z))), h, width)
    z = float(np.log(above / below) / np.sqrt(v_above / above**2 + v_below / below**2))
    return Density(above / below, z, float(2 * ndtr(-abs(z))), h, width)


def _histogram(x: Column) -> tuple[float, Column, Column]:
    """Bin width, bin centres from the threshold, and counts."""
    distinct = np.unique(x)
    if len(distinct) < 0.8 * len(x):
        width = float(np.min(np.diff(distinct))) if len(distinct) > 1 else 1.0
        below, above = distinct[distinct < 0], distinct[distinct >= 0]
        edge = float((below.max() + above.min()) / 2) if len(below) and len(above) else 0.0
    else:
        width, edge = 2 * float(x.std(ddof=1)) / np.sqrt(len(x)), 0.0
    width = max(width, float(np.ptp(x)) / MOST_BINS, 1e-12)
    number = np.floor((x - edge) / width + 1e-9).astype(np.int64)
    first = int(number.min())
    counts = np.bincount(number - first).astype(np.float64)
    return width, ((np.arange(len(counts)) + first + 0.5) * width).astype(np.float64), counts


def _bandwidth(centres: Column, counts: Column, width: float) -> float:
    """McCrary's rule: 3.348 (s² (range) / sum of squared second derivatives)^(1/5) of a quartic on each side, averaged."""
    found = []
    for side in (centres < 0, centres >= 0):
        at, count = centres[side], counts[side]
        reach = max(float(np.abs(at).max()), width)
        degree = min(4, len(at) - 1)
        powers: NDArray[np.float64] = (at / reach)[:, None] ** np.arange(degree + 1)
        fit = np.linalg.lstsq(powers, count, rcond=None)[0]
        freedom = max(len(at) - degree - 1, 1)
        noise = float(np.sum((count - powers @ fit) ** 2)) / freedom
        bend = sum(j * (j - 1) * fit[j] * (at / reach) ** (j - 2) for j in range(2, degree + 1)) / reach**2
        bottom = float(np.sum(np.square(bend)))
        found.append(3.348 * (noise * reach / bottom) ** 0.2 if bottom > 0 and noise > 0 else reach)
    return float(np.mean(found))
