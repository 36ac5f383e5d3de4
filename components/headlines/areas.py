"""The framework's measures by area: districts, or what they lie in (partnership, council, police force, contract area).

Two areas may have chosen different measures and still share a page: a line of one area's own is shown for it, and for the
others it is said that it is not theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from common import paths
from components import data
from components.headlines.periods import kind_shown, kinds_for, latest
from components.judge import Row
from metrics.areas import area_dimensions, value_of
from metrics.framework import Heading, Line, framework
from release.read import CohortInfo, Reader

DISTRICT = "district"
"""The kind of area that every level has; the others are the partnership's alone."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area and the districts that lie in it."""

    value: str
    label: str
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A measure by area: a row for each, None where it is not that area's measure; and the figure for everybody."""

    line: Line
    title: str
    cohort: CohortInfo
    rows: tuple[Row | None, ...]
    everybody: Row | None
    period: str

    @property
    def own(self) -> bool:
        """Whether only some areas have chosen it."""
        return bool(self.line.districts)


@lru_cache(maxsize=1)
def _geography() -> pl.DataFrame:
    return pl.read_csv(paths.reference("geography.csv"), infer_schema=False).filter(pl.col("in_area") == "true")


def area_kinds(source: Reader) -> list[tuple[str, str]]:
    """The kinds of area that this level has figures by, as (value, label)."""
    known = {
        d
        for info in source.indicators()
        for c in source.cohorts(info.id)
        for t in source.tables(info.id, c.id)
        for d in t
    }
    return [
        (DISTRICT, "District"),
        *((d.id, d.title) for d in source.dimensions() if d.id in known & set(area_dimensions())),
    ]


def areas_of(source: Reader, kind: str) -> list[Area]:
    """The areas of a kind, in the order of the alphabet, each with its districts."""
    table = _geography()
    if kind == DISTRICT:
        return [
            Area(row["district"], row["label"], (row["district"],)) for row in table.sort("label").iter_rows(named=True)
        ]
    held = {value for value, _ in source.members(kind)}
    grouped = table.filter(pl.col(kind).is_not_null()).group_by(kind).agg(pl.col("district").sort()).sort(kind)
    found = [Area(value_of(row[kind]), row[kind], tuple(row["district"])) for row in grouped.iter_rows(named=True)]
    return [area for area in found if area.value in held]


@lru_cache(maxsize=50)
def by_area(source: Reader, kind: str) -> tuple[tuple[Heading, tuple[AreaLine, ...]], ...]:
    """The framework's lines by heading, each for every area of a kind. Lines with no table by such areas are left out."""
    framed, areas = framework(), areas_of(source, kind)
    found = [
        (
            heading,
            tuple(one for line in framed.under(heading.id) if (one := _line(source, line, kind, areas)) is not None),
        )
        for heading in framed.headings
    ]
    return tuple((heading, lines) for heading, lines in found if lines)


def _line(source: Reader, line: Line, kind: str, areas: list[Area]) -> AreaLine | None:
    if line.standing or line.cohort not in {c.id for c in source.cohorts(line.indicator)}:
        return None
    info, cohort = source.indicator(line.indicator), source.cohort(line.cohort)
    by, where = cohort.district_dimension if kind == DISTRICT else kind, dict(line.where)
    shown = kind_shown(source, info.id, cohort, by=by, where=where, kinds=kinds_for(source, cohort))
    period = shown and latest(source, cohort, shown)
    rows = data.rows(source, info.id, cohort.id, [period], by=by, where=where) if period else None
    if not rows or not period:
        return None
    side = "val1" if rows[0]["dim1"] == by else "val2"
    found = {row[side]: row for row in rows}
    whole = data.rows(source, info.id, cohort.id, [period], where=where)
    return AreaLine(
        line, line.title or info.title, cohort, tuple(_own(line, area, found) for area in areas),
        whole[0] if whole and not line.districts else None, source.period(period).label,
    )  # fmt: skip


def _own(line: Line, area: Area, found: Mapping[str, Row]) -> Row | None:
    """An area's figure, or None where the measure is not that area's."""
    return None if line.districts and not set(area.districts) <= set(line.districts) else found.get(area.value)
