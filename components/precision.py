"""How many decimals a figure is shown with. At the open level, no more than rounding has left true. No Streamlit.

A count shown to the nearest 5 may truly be -2, -1, 0, 1 or 2 away from it: a standard error of sqrt(2) = 1.41. For a
ratio of two such counts x / d, on whatever scale, the standard error that rounding alone adds is about

    value * sqrt((1.41 / x)^2 + (1.41 / d)^2)

A decimal place is kept while that is at most one unit in it. 85 of 180 is 47%, not 47.2%, since the rounding moves it
by 0.9; 1,590 of 2,005 keeps its decimal. The intervals are widened for rounding where they are made (release/open_level.py).
"""

from math import floor, hypot, log10, sqrt
from typing import TYPE_CHECKING

from release.protect import BASE

if TYPE_CHECKING:
    from components.judge import Row

STEP = sqrt((BASE**2 - 1) / 12)
"""The standard error of a count known to the nearest 5."""


def usual(unit: str) -> int:
    """The decimals of a unit, where the definition does not say: 1 for a percentage, 2 for a rate, 0 for a count."""
    return 1 if unit == "%" else 2 if "per" in unit.split() else 0


def decimals(row: "Row", defined: int | None, level: str) -> int:
    """The decimals to show a figure with: its definition's, fewer at the open level where rounding makes them false."""
    most = usual(row["unit"]) if defined is None else defined
    value, top, bottom = row["value"], row["numerator"], row["denominator"]
    if level != "open" or not value or not top or not bottom:
        return most
    error = abs(value) * hypot(STEP / top, STEP / bottom)
    return max(min(most, floor(-log10(error))), 0)
