"""Kaplan-Meier for all cells at once: days free of what is waited for, and the curve.

Kaplan and Meier (1958); Greenwood's variance; log-log limits for the curve. The headline is the restricted mean:
the area under the curve from day 0 to the end of follow-up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.cube import Waits
from metrics.kinds.proportion import wilson
from metrics.kinds.shared import Z95, Column, Result, divided, keys_of, residual_moments

FEWEST = 5
"""With fewer entries than this, spread is not estimated and the widest interval for a bounded figure is used."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Every cell's days in one long run, cell after cell.

    `cell` numbers the row of the cells frame; `free` is the share still free after that day, `greenwood` the sum of
    d / (r (r - d)) to that day. Per cell: `total` entries, `ended` waits that ended, `horizon` days of follow-up, and
    the mean and spread of days between entries.
    """

    cell: NDArray[np.int64]
    day: Column
    events: Column
    risk: Column
    free: Column
    greenwood: Column
    first: NDArray[np.bool_]
    total: Column
    ended: Column
    horizon: Column
    spread: Column


def curves(cells: pl.DataFrame, waits: Waits) -> Curves:
    """Kaplan-Meier curves of each row of `cells` from its days of the histogram."""
    keys = keys_of(cells)
    numbered = waits.cells.join(cells.select(keys).with_row_index("row"), on=keys, how="inner").select("cell", "row")
    found = waits.days.join(numbered, on="cell", how="inner").drop("cell").rename({"row": "cell"}).sort("cell", "day")
    cell = found["cell"].cast(pl.Int64).to_numpy()
    day, events, censored = (found[name].cast(pl.Float64).to_numpy() for name in ("day", "events", "censored"))
    size = len(cells)
    leaving = events + censored
    total = _summed(cell, leaving, size)
    first = np.r_[True, cell[1:] != cell[:-1]] if len(cell) else np.zeros(0, bool)
    risk = total[cell] - within(leaving, first) + leaving
    last = events >= risk
    steps = np.log1p(-np.where(last, 0, events) / risk)
    free = np.exp(within(steps, first)) * (within(last.astype(float), first) == 0)
    greenwood = within(np.where(last, 0, events / (risk * np.where(last, 1, risk - events))), first)
    horizon = np.zeros(size)
    np.maximum.at(horizon, cell, found["horizon"].cast(pl.Float64).to_numpy())
    mean = divided(_summed(cell, leaving * day, size), total)
    spread = divided(_summed(cell, leaving * day**2, size), total) - mean**2
    return Curves(cell, day, events, risk, free, greenwood, first, total, _summed(cell, events, size), horizon, spread)


def _summed(cell: NDArray[np.int64], values: Column, size: int) -> Column:
    """Sums by cell (of floats, also where there is nothing to sum)."""
    return np.bincount(cell, values, size).astype(np.float64)


def within(values: Column, first: NDArray[np.bool_]) -> Column:
    """Running sums that start afresh with each cell."""
    if not len(values):
        return values
    running = np.cumsum(values)
    start = np.maximum.accumulate(np.where(first, np.arange(len(values)), 0))
    return running - running[start] + values[start]


def design_effect(cells: Mapping[str, Column], curves: Curves) -> Column:
    """How many times wider the variance of mean days is, people against entries; 1 where nobody repeats, never below."""
    mean = divided(cells["sx"], cells["sd"])
    squared, _ = residual_moments(cells, mean)
    people = cells["n"]
    between_people = divided(squared * divided(people, people - 1), cells["sd"] ** 2)
    between_entries = divided(curves.spread, curves.total)
    effect = divided(between_people, np.where(between_entries > 1e-12, between_entries, np.nan))
    effect = np.where(np.isfinite(effect), effect, divided(cells["sdd"], cells["sd"]))
    return np.where(cells["sdd"] > cells["sd"], np.maximum(effect, 1.0), 1.0)


def compute(cells: Mapping[str, Column], curves: Curves) -> Result:
    """Restricted mean days free, with its 95% interval on the logit of its share of the follow-up.

    Variance = sum A² d / (r (r - d)), A the area under the curve from that day to the end. A curve that ends early
    because everybody left is carried level to the end.
    """
    size = len(curves.total)
    before = np.where(curves.first, 1.0, np.r_[1.0, curves.free[:-1]][: len(curves.free)])
    from_day = np.where(curves.first, 0.0, np.r_[0.0, curves.day[:-1]][: len(curves.day)])
    pieces = before * (curves.day - from_day)
    is_last = np.r_[curves.first[1:], True] if len(curves.first) else curves.first
    tail = np.zeros(size)
    end = curves.cell[is_last]
    tail[end] = curves.free[is_last] * (curves.horizon[end] - curves.day[is_last])
    area = _summed(curves.cell, pieces, size) + tail
    remaining = area[curves.cell] - within(pieces, curves.first)
    steps = np.where(
        curves.risk > curves.events,
        curves.events / (curves.risk * np.where(curves.risk > curves.events, curves.risk - curves.events, 1)),
        0.0,
    )
    effect = design_effect(cells, curves)
    variance = _summed(curves.cell, remaining**2 * steps, size) * effect
    value = np.where(curves.total > 0, area, np.nan)
    lower, upper = _interval(value, variance, curves.horizon, curves.total / effect)
    return Result(value, lower, upper, curves.ended, curves.total)


def _interval(value: Column, variance: Column, horizon: Column, entries: Column) -> tuple[Column, Column]:
    share = divided(value, horizon)
    inside = (share > 0) & (share < 1) & (variance > 0) & (entries >= FEWEST)
    odds = np.where(inside, share, 0.5)
    logit = np.log(odds / (1 - odds))
    half = Z95 * np.sqrt(variance) / np.where(horizon > 0, horizon, 1) / (odds * (1 - odds))
    # A figure between 0 and 1 varies at most as a yes or no does: Wilson's interval is wide enough for any.
    widest = wilson(share, entries)
    lower = np.where(inside, 1 / (1 + np.exp(-(logit - half))), widest[0])
    upper = np.where(inside, 1 / (1 + np.exp(-(logit + half))), widest[1])
    return lower * horizon, upper * horizon


def limits(free: Column, greenwood: Column, entries: Column) -> tuple[Column, Column]:
    """Log-log 95% limits of the curve: S to the power exp(± z sqrt(greenwood) / log S); Wilson's where S is 0 or 1."""
    inside = (free > 0) & (free < 1) & (greenwood > 0)
    logged = np.log(np.where(inside, free, 0.5))
    power = np.exp(np.minimum(Z95 * np.sqrt(greenwood) / -logged, 50))
    ends = wilson(free, np.maximum(entries, 1e-9))
    return np.where(inside, np.exp(logged * power), ends[0]), np.where(inside, np.exp(logged / power), ends[1])


def curve_frame(keys: pl.DataFrame, cells: Mapping[str, Column], curves: Curves, step: float) -> pl.DataFrame:
    """The curve of each cell on day 0 and every `step` days to the end of its follow-up, in %."""
    effect = design_effect(cells, curves)
    # day 0, every step before the last day of follow-up, and that day
    counts = np.maximum(np.ceil((curves.horizon - 0.5) / step), 0).astype(int) + 1
    cell = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(counts) - counts, counts)
    day = np.where(place == (counts - 1)[cell], curves.horizon[cell], np.round(place * step))
    span = (curves.day.max() if len(curves.day) else 0) + curves.horizon.max(initial=0) + 2
    keyed = curves.cell * span + curves.day
    at = np.searchsorted(keyed, cell * span + day, side="right") - 1
    started = (at >= 0) & (curves.cell[np.maximum(at, 0)] == cell) if len(keyed) else np.zeros(len(cell), bool)
    free = np.where(started, curves.free[at], 1.0)
    greenwood = np.where(started, curves.greenwood[at], 0.0) * effect[cell]
    gone = np.searchsorted(keyed, cell * span + day, side="left")
    still = (gone < len(keyed)) & (curves.cell[np.minimum(gone, len(keyed) - 1)] == cell)
    risk = np.where(still, curves.risk[np.minimum(gone, len(keyed) - 1)], 0.0)
    lower, upper = limits(free, greenwood, curves.total[cell] / effect[cell])
    frame = keys[cell].with_columns(
        pl.Series("day", day.astype(np.int32)),
        pl.Series("value", 100 * free),
        pl.Series("lower", 100 * lower),
        pl.Series("upper", 100 * upper),
        pl.Series("at_risk", risk),
    )
    return frame.filter(pl.Series(curves.total[cell] > 0))
