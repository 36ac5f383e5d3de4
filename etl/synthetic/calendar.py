"""The days of the synthetic county: whole days since 1970-01-01, the month steps, and back to dates."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

EPOCH = dt.date(1970, 1, 1)
FAR = 10_000_000
"""A day that never comes: an order without end, a hearing not listed."""


def day(date: dt.date) -> int:
    """Days since 1970-01-01."""
    return (date - EPOCH).days


START = day(dt.date(2014, 10, 1))
"""First day that the extracts cover."""
CUTOFF = day(dt.date(2026, 9, 30))
"""Last day that the extracts reach."""
WARM_UP = day(dt.date(2012, 10, 1))
"""The simulation runs two years before the first extract, so that nobody starts with a clean slate."""


@dataclass(frozen=True)
class Month:
    """One step of the simulation: first <= day < end."""

    number: int
    first: int
    end: int
    date: dt.date

    @property
    def days(self) -> int:
        return self.end - self.first


def months() -> list[Month]:
    """Every month from the start of the warm-up to the cut-off."""
    found: list[Month] = []
    date = EPOCH + dt.timedelta(days=WARM_UP)
    while day(date) <= CUTOFF:
        following = dt.date(date.year + date.month // 12, date.month % 12 + 1, 1)
        found.append(Month(len(found), day(date), day(following), date))
        date = following
    return found


def as_dates(days: np.ndarray, known: np.ndarray | None = None) -> pl.Series:
    """Days as a date column; a day that never comes, or is not known, is missing."""
    kept = np.asarray(days) < FAR if known is None else known & (np.asarray(days) < FAR)
    return pl.Series(np.where(kept, days, 0)).cast(pl.Int32).cast(pl.Date).set(pl.Series(~kept), None)


def on_a_working_day(days: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Move a prison release off the weekend so that a fifth of prison releases fall on each Friday.

    Two Saturdays in five go to the Friday before, the rest to Monday; Sundays go to Monday or Thursday.
    """
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday; 0 is Monday
    moved = np.where(weekday == 5, np.where(chance < 0.4, days - 1, days + 2), days)
    return np.where(weekday == 6, np.where(chance < 0.5, days + 1, days - 3), moved)
