"""What the kinds share: a column of numbers, a result, and how far a person's repeats cut the information."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Column = NDArray[np.float64]
_DIMENSION = re.compile(r"(dim|val)\d+")
Z95 = 1.959963984540054
"""The 97.5% point of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Result:
    """One statistic over many cells; what does not exist is NaN until the frame is made."""

    value: Column
    lower: Column
    upper: Column
    numerator: Column
    denominator: Column


def keys_of(frame: pl.DataFrame) -> list[str]:
    """The columns that name a cell: cohort, period and its dimension pairs."""
    return [name for name in frame.columns if name in ("cohort", "period") or _DIMENSION.fullmatch(name)]


def divided(top: Column, bottom: Column) -> Column:
    """top / bottom, NaN where bottom is 0 or unknown."""
    known = np.isfinite(bottom) & (bottom != 0)
    return np.where(known, top / np.where(known, bottom, 1), np.nan)


def residual_moments(cells: Mapping[str, Column], ratio: Column) -> tuple[Column, Column]:
    """Sums over people of (X - ratio D) squared and cubed, from the sums that the cell carries."""
    squared = cells["sxx"] - 2 * ratio * cells["sxd"] + ratio**2 * cells["sdd"]
    cubed = cells["sxxx"] - 3 * ratio * cells["sxxd"] + 3 * ratio**2 * cells["sxdd"] - ratio**3 * cells["sddd"]
    # What is left of equal terms after subtraction is rounding, not spread.
    size = cells["sxx"] + ratio**2 * cells["sdd"]
    return np.where(squared > 1e-12 * size, squared, 0.0), cubed


def t95(people: Column) -> Column:
    """The 97.5% point of Student's t with people - 1 degrees of freedom."""
    from scipy.special import stdtrit  # lazily: it costs a page nothing until used

    freedom, place = np.unique(np.maximum(people - 1, 1), return_inverse=True)
    return stdtrit(freedom, 0.975)[place]
