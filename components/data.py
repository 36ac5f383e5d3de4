"""What pages read, one cached function a read. Every cache is keyed by release and level, so nothing stale is shown."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import streamlit as st

from common import paths
from components import words
from release import files
from release.read import OutsideLatticeError, Reader

Pairs = tuple[tuple[str, str], ...]


def current_release() -> str | None:
    """The id of the release now served, or None where none has been published."""
    folder = files.current_release(paths.data_dir())
    return folder.name if folder else None


@st.cache_resource(show_spinner=False)
def _reader(data_dir: str, release: str, level: str) -> Reader:
    return files.open_level(paths.data_dir(data_dir), level, release)


def reader(release: str, level: str) -> Reader:
    """The reader of one level of a release."""
    return _reader(str(paths.data_dir()), release, level)


@st.cache_data(max_entries=5000, show_spinner=False)
def _figures(  # noqa: PLR0917  a cache is keyed by what is passed
    place: str, release: str, level: str, indicator: str, cohort: str, period: Any, kind: str, by: str, where: Pairs
) -> pl.DataFrame | None:
    source = _reader(place, release, level)
    try:
        frame = source.figures(
            indicator,
            cohort,
            list(period) if period else None,
            kind=kind,
            by=(by,) if by else (),
            where=dict(where),
        )
    except OutsideLatticeError:
        return None
    info, about = source.indicator(indicator), source.cohort(cohort)
    return frame.with_columns(
        title=pl.lit(info.title),
        decimals=pl.lit(info.definition.get("decimals"), dtype=pl.Int64),
        minimum_n=pl.lit(info.minimum_n),
        people=pl.lit(words.who(about.title)),
    )


def figures(
    source: Reader,
    indicator: str,
    cohort: str,
    period: Iterable[str] | None = None,
    *,
    kind: str = "quarter",
    by: str = "",
    where: Mapping[str, str] | None = None,
) -> pl.DataFrame | None:
    """Figures with their title, decimals and people beside them, or None for a table that does not exist."""
    asked = tuple(sorted((where or {}).items()))
    place = str(paths.data_dir())
    return _figures(
        place, source.id, source.level, indicator, cohort, tuple(period) if period else None, kind, by, asked
    )


@st.cache_data(max_entries=1000, show_spinner=False)
def _curve(  # noqa: PLR0917
    place: str, release: str, level: str, indicator: str, cohort: str, period: str, where: Pairs
) -> pl.DataFrame:
    try:
        return _reader(place, release, level).curve(indicator, cohort, period, dict(where))
    except OutsideLatticeError:
        return pl.DataFrame(schema={"day": pl.Int32})


def curve(
    source: Reader, indicator: str, cohort: str, period: str, where: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """A survival curve; empty where none is published for the group."""
    asked = tuple(sorted((where or {}).items()))
    return _curve(str(paths.data_dir()), source.id, source.level, indicator, cohort, period, asked)


@st.cache_data(max_entries=100, show_spinner=False)
def _part(place: str, release: str, level: str, name: str) -> Any:
    return getattr(_reader(place, release, level), name)()


def part(source: Reader, name: str) -> Any:
    """One of the release's small tables, by the name of the reader's method: sources, quarantine, targets, ..."""
    return _part(str(paths.data_dir()), source.id, source.level, name)


@st.cache_data(show_spinner=False)
def tiles() -> dict[str, tuple[int, int]]:
    """Where each district of the area stands on the hand-drawn map: column and row, from the reference geography."""
    table = pl.read_csv(paths.reference("geography.csv"))
    placed = table.filter(pl.col("tile_x").is_not_null() & pl.col("tile_y").is_not_null())
    return {row["district"]: (int(row["tile_x"]), int(row["tile_y"])) for row in placed.iter_rows(named=True)}
