"""Kinds of statistic: each turns a whole frame of cells into value, lower, upper, numerator and denominator.

Every kind works on all cells at once. A cell for which the statistic has no value (nobody in its denominator, or a
median not reached) gets null; nothing ever comes out as NaN or infinite.
"""

import numpy as np
import polars as pl

from metrics.catalogue import Definition
from metrics.cube import Waits
from metrics.kinds import count, expected, proportion, quantile, ratio, survival
from metrics.kinds.shared import Column, Result, keys_of

WEEKLY, MONTHLY = 7, 365.25 / 12
"""Spacing of a curve's days at partnership and at open level."""


def compute(definition: Definition, cells: pl.DataFrame, histogram: Waits | None = None) -> pl.DataFrame:
    """The cells of one indicator (metrics.cube.cells, or its protected copy) with the statistic worked out.

    Adds value, lower, upper, numerator and denominator, in the definition's unit. Kinds survival and quantile need
    the histogram of waits as well. Cells whose second and third moments are null (an open-level copy keeps only its
    protected counts) are worked out without clustering for a proportion, and without interval for a ratio.
    """
    if cells.is_empty():
        empty = dict.fromkeys(("value", "lower", "upper", "numerator", "denominator"), pl.Float64)
        return cells.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in empty.items())
    columns = {name: cells[name].cast(pl.Float64).to_numpy() for name in cells.columns if name in _USED}
    if definition.waits:
        if histogram is None:
            raise ValueError(f"{definition.id}: a {definition.kind} needs the histogram of its waits")
        curves = survival.curves(cells, histogram.of(definition.id))
        result = (
            survival.compute(columns, curves)
            if definition.kind == "survival"
            else quantile.compute(columns, curves, definition.centile)
        )
    else:
        result = _COMPUTE[definition.kind](columns)
    return cells.with_columns(
        _clean(result.value * definition.scale, "value"),
        _clean(result.lower * definition.scale, "lower"),
        _clean(result.upper * definition.scale, "upper"),
        _clean(result.numerator, "numerator"),
        _clean(result.denominator, "denominator"),
    )


def curve(definition: Definition, cells: pl.DataFrame, histogram: Waits, step: float = WEEKLY) -> pl.DataFrame:
    """The share free of what is waited for, in %, day 0 and every `step` days to the end of follow-up.

    One row per cell and day: KEYS, day, value, lower, upper, at_risk (entries still followed just before that day).
    """
    columns = {name: cells[name].cast(pl.Float64).to_numpy() for name in cells.columns if name in _USED}
    return survival.curve_frame(
        cells.select(keys_of(cells)), columns, survival.curves(cells, histogram.of(definition.id)), step
    )


_USED = (
    "people", "entries", "known", "n", "sx", "sd", "sxx", "sxd", "sdd", "sxxx", "sxxd", "sxdd", "sddd", "positive", "se", "sv",
)  # fmt: skip
_COMPUTE = {
    "proportion": proportion.compute, "ratio": ratio.compute, "count": count.compute,
    "expected": expected.rate, "excess": expected.excess, "relative": expected.relative,
}  # fmt: skip


def _clean(values: Column, name: str) -> pl.Series:
    """Null for what has no value; the rest as it is."""
    return pl.Series(name, np.where(np.isfinite(values), values, np.nan)).fill_nan(None)


__all__ = ["MONTHLY", "WEEKLY", "Result", "compute", "curve"]
