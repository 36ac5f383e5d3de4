"""The rules of control charts: which points do not come of chance.

Each rule is one small function of the values, the centre line and sigma at each point, and marks the points of its
pattern: +1 above or rising, -1 below or falling, 0 none. A missing value (NaN) is in no pattern and ends every run.

Sources: Shewhart, Economic Control of Quality of Manufactured Product (1931); Western Electric, Statistical Quality
Control Handbook (1956); Nelson, The Shewhart control chart: tests for special causes, Journal of Quality Technology
16(4), 1984. docs/methods/control-charts.md says where they differ from the NHS's and how often each is wrong.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Signs = NDArray[np.int64]

SIGMAS = 3.0
RUN = 8
TREND = 6


def outside_limits(value: Column, centre: Column, sigma: Column) -> Signs:
    """A single point more than three sigma from the centre line (Shewhart 1931; Western Electric rule 1)."""
    return _beyond(value, centre, SIGMAS * sigma)


def one_side(value: Column, centre: Column, sigma: Column, run: int = RUN) -> Signs:
    """Eight or more points in a row on one side of the centre line (Western Electric rule 4). On the line ends a run."""
    return _mark_runs(_side(value, centre), run)


def trend(value: Column, centre: Column, sigma: Column, points: int = TREND) -> Signs:
    """Six or more points in a row, each higher (or each lower) than the one before (Nelson rule 3)."""
    if not len(value):
        return np.zeros(0, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        step = np.nan_to_num(np.sign(np.diff(value)), nan=0.0).astype(np.int64)
    steps = _mark_runs(step, points - 1)
    # A step belongs to both of its points; where one trend turns into another the turning point is the earlier one's.
    arriving, leaving = np.r_[0, steps].astype(np.int64), np.r_[steps, 0].astype(np.int64)
    return arriving + leaving * (arriving == 0)


def two_of_three(value: Column, centre: Column, sigma: Column) -> Signs:
    """Two of three points in a row more than two sigma from the centre, on one side (Western Electric rule 2)."""
    far = _beyond(value, centre, 2 * sigma)
    if len(far) < 3:
        return np.zeros(len(far), dtype=np.int64)
    whole = np.isfinite(np.lib.stride_tricks.sliding_window_view(value, 3)).all(axis=1)
    found = np.zeros(len(far), dtype=np.int64)
    for side in (1, -1):
        pair = whole & ((np.lib.stride_tricks.sliding_window_view(far, 3) == side).sum(axis=1) >= 2)
        near = np.convolve(pair, [1, 1, 1]) > 0  # the points of every such window
        found += side * (near & (far == side))
    return found


RULES: dict[str, Callable[[Column, Column, Column], Signs]] = {
    "outside_limits": outside_limits,
    "one_side": one_side,
    "two_of_three": two_of_three,
    "trend": trend,
}
"""Every rule by name, the most telling first: a point that breaks several takes its direction from the first."""


def _beyond(value: Column, centre: Column, distance: Column) -> Signs:
    return _side(value, centre) * (np.abs(np.nan_to_num(value - centre)) > distance)


def _side(value: Column, centre: Column) -> Signs:
    with np.errstate(invalid="ignore"):
        gap = np.where(np.isfinite(value), value - centre, 0.0)
    # A value that is the centre but for the last digits of the arithmetic lies on it.
    near = np.abs(gap) <= 1e-12 * np.maximum(np.abs(centre), 1e-300)
    return np.where(near, 0, np.sign(gap)).astype(np.int64)


def _mark_runs(side: Signs, length: int) -> Signs:
    """All points of every run of `length` or more equal signs; 0 is in no run."""
    found = np.zeros(len(side), dtype=np.int64)
    first = 0
    for i in range(1, len(side) + 1):
        if i == len(side) or side[i] != side[first]:
            if side[first] and i - first >= length:
                found[first:i] = side[first]
            first = i
    return found
