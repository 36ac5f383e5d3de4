"""A measure by breakdown, and how long until the first reoffence."""

import polars as pl

from components import data
from components.headlines.periods import POOLED, kind_shown, latest
from components.judge import Row
from release.read import CohortInfo, Reader


def broken_down(
    source: Reader, indicator: str, cohort: CohortInfo, by: str, where: dict[str, str]
) -> tuple[list[Row], Row | None]:
    """A measure by one breakdown in the latest pooled period that has figures, and the figure for everybody in it."""
    kind = kind_shown(source, indicator, cohort, by=by, where=where, kinds=POOLED)
    period = kind and latest(source, cohort, kind)
    if not period:
        return [], None
    rows = data.rows(source, indicator, cohort.id, [period], by=by, where=where)
    overall = data.rows(source, indicator, cohort.id, [period], where=where)
    if not rows:
        return [], None
    side = "label1" if rows[0]["dim1"] not in where else "label2"
    return [{**row, "label": row[side]} for row in rows], overall[0] if overall else None


def breakdowns(source: Reader, indicator: str, cohort: CohortInfo, where: dict[str, str]) -> list[str]:
    """What the measure can be broken down by within the choice made."""
    found = [d for table in source.tables(indicator, cohort.id) for d in table if set(table) == {d, *where}]
    order = [d.id for d in source.dimensions()]
    return sorted({d for d in found if d not in where}, key=order.index)


def first_telling(source: Reader, indicator: str, cohort: CohortInfo, dims: list[str], where: dict[str, str]) -> str:
    """The cohort's own district, else the first breakdown with figures for two groups or more; else the first.

    Never the other kind of district to begin with: the districts page shows the cohort's own.
    """
    own = cohort.district_dimension
    if own in dims:
        return own
    for by in [d for d in dims if not d.endswith("_district")]:
        rows, _ = broken_down(source, indicator, cohort, by, where)
        if sum(row["value"] is not None for row in rows) > 1:
            return by
    return dims[0]


def drawn(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The groups to draw, and those that nobody is in."""
    kept = [row for row in rows if row["status"] != "not available"]
    return kept, [row for row in rows if row not in kept]


def survival(source: Reader, cohort: CohortInfo, where: dict[str, str]) -> tuple[str, str, pl.DataFrame]:
    """The curve of days to first reoffence for the shortest pooled period that has one: measure, period, curve."""
    for info in source.indicators(cohort.id):
        if info.kind == "survival":
            for kind in POOLED:
                period = latest(source, cohort, kind)
                curve = data.curve(source, info.id, cohort.id, period, where) if period else pl.DataFrame()
                if period and not curve.is_empty():
                    return info.id, period, curve
    return "", "", pl.DataFrame()
