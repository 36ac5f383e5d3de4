"""The wait by which half have started, or another share, those still waiting counted for as long as they have waited."""

from collections.abc import Mapping

import numpy as np

from metrics.kinds.shared import Column, Result
from metrics.kinds.survival import Curves, design_effect, limits

MEDIAN = 50


def compute(cells: Mapping[str, Column], curves: Curves, centile: int = MEDIAN) -> Result:
    """First day by which `centile` % have started, with Brookmeyer and Crowley's (1982) interval.

    The interval holds the days on which the curve's log-log interval holds the share who have not; it has no upper end
    (null) when the curve's upper limit never falls so far. No value when too few have started.
    """
    left = 1 - centile / 100 + 1e-9
    effect = design_effect(cells, curves)
    low, high = limits(curves.free, curves.greenwood * effect[curves.cell], (curves.total / effect)[curves.cell])
    value = _first_day(curves, curves.free <= left)
    lower = _first_day(curves, (low <= left) & (curves.events > 0))
    upper = _first_day(curves, high <= left)
    none = np.isnan(value)
    return Result(value, np.where(none, np.nan, lower), np.where(none, np.nan, upper), curves.ended, curves.total)


def _first_day(curves: Curves, reached: np.ndarray) -> Column:
    """For each cell, the first of its days on which the condition holds; NaN when on none."""
    days = np.full(len(curves.total), np.inf)
    np.minimum.at(days, curves.cell[reached], curves.day[reached])
    return np.where(np.isfinite(days), days, np.nan)
