"""A table of figures as it was asked for: every period by every group, and what the release does not have said to be so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import polars as pl

from metrics.cohorts import withheld
from metrics.figure import NO_EXTRACT
from release.infos import CohortInfo, IndicatorInfo, PeriodInfo

HELD = ("value", "lower", "upper", "numerator", "denominator", "status", "reason", "held_from")
"""What the release holds of each figure beside its key."""
Found = Mapping[tuple[str, str, str], Sequence[Any]]
"""The figures of one table as held, by period and groups."""

SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("indicator", "version", "cohort", "period", "dim1", "val1", "dim2", "val2"), pl.String), "version": pl.Int32,
    **dict.fromkeys(("value", "lower", "upper", "numerator", "denominator"), pl.Float64), **dict.fromkeys(("status", "reason", "held_from"), pl.String),
    **dict.fromkeys(("unit", "polarity", "period_label", "label1", "label2"), pl.String),
}  # fmt: skip
"""The columns of a frame of figures: those of the figure table, then what a reader of it needs beside."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One table of one indicator and cohort: its periods, and the groups of each of its two breakdowns (value, label)."""

    info: IndicatorInfo
    cohort: CohortInfo
    periods: Sequence[PeriodInfo]
    dims: tuple[str, str]
    groups: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]
    immature: frozenset[str]
    without: bool
    """Whether no extract was loaded that could place anybody in these groups."""


def keyed(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, str, str], Sequence[Any]]:
    """Rows of (period, first group, second group, then HELD) by their key."""
    return {(row[0], row[1], row[2]): row[3:] for row in rows}


def filled(asked: Asked, found: Found) -> Iterator[dict[str, Any]]:
    """A row for every period and every pair of groups, in order.

    What the release does not hold is *not available* with its reason, or *immature* where the follow-up has not run.
    """
    info, cohort, (dim1, dim2) = asked.info, asked.cohort, asked.dims
    never = withheld(info.definition.get("needs", ""), cohort.holds)
    for period, (val1, label1), (val2, label2) in product(asked.periods, *asked.groups):
        held = None if asked.without else found.get((period.id, val1, val2))
        if held is None:
            held = (None, None, None, None, None, *_missing(asked, period.id, never), None)
        yield {
            "indicator": info.id, "version": info.version, "cohort": cohort.id, "period": period.id,
            "dim1": dim1, "val1": val1, "dim2": dim2, "val2": val2, **dict(zip(HELD, held, strict=True)),
            "unit": info.unit, "polarity": info.polarity, "period_label": period.label, "label1": label1, "label2": label2,
        }  # fmt: skip


def _missing(asked: Asked, period: str, never: str) -> tuple[str, str]:
    """The status and the reason of a figure that the release does not hold."""
    immature = period in asked.immature
    status = "immature" if immature and not never else "not available"
    if never:
        return status, never
    if immature:
        return status, "follow-up has not run its course for this period"
    if asked.without:
        return status, NO_EXTRACT
    return status, f"no {asked.cohort.people} in this group in this period"
