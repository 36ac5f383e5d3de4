"""What pages read. Every read is kept by its reader, which is one level of one release, so nothing stale is shown.

A reader is given only where the release may be served to whoever is asking (components/guard.py): the shell asks, and
so does every read of a page.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from common import paths
from components import words
from components.judge import Row
from components.precision import decimals
from release import files
from release.read import OutsideLatticeError, Reader

Pairs = tuple[tuple[str, str], ...]


def current_release() -> str | None:
    """The id of the release now served, or None where none has been published."""
    folder = files.current_release(paths.data_dir())
    return folder.name if folder else None


@lru_cache(maxsize=64)
def _reader(data_dir: str, release: str, level: str) -> Reader:
    found = files.open_level(paths.data_dir(data_dir), level, release)
    found.hold([()])  # the figures of everybody, which each page asks for one by one
    return found


def reader(release: str, level: str) -> Reader:
    """The reader of one level of a release. Raises ProblemError where it may not be shown to whoever is asking."""
    from components.guard import check_may_serve  # it asks Streamlit who is there; the command line has no need of it

    found = _reader(str(paths.data_dir()), release, level)
    check_may_serve(found)
    return found


@lru_cache(maxsize=5000)
def _rows(  # noqa: PLR0917  a cache is keyed by what is passed
    source: Reader, indicator: str, cohort: str, period: tuple[str, ...] | None, kind: str, by: str, where: Pairs
) -> tuple[Row, ...] | None:
    try:
        found = source.figure_rows(
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
    text = info.definition.get("text", {})
    beside = {
        "title": info.title,
        "minimum_n": info.minimum_n,
        "people": words.who(about.title),
        "numerator_of": text.get("numerator", ""),
        "denominator_of": text.get("denominator", ""),
    }
    defined = info.definition.get("decimals")
    return tuple({**row, **beside, "decimals": decimals(row, defined, source.level)} for row in found)


def _pairs(where: Mapping[str, str] | None) -> Pairs:
    return tuple(sorted((where or {}).items()))


def rows(
    source: Reader,
    indicator: str,
    cohort: str,
    period: Iterable[str] | None = None,
    *,
    kind: str = "quarter",
    by: str = "",
    where: Mapping[str, str] | None = None,
) -> list[Row] | None:
    """Figures with what is said beside them, or None for a table that does not exist.

    Beside each: title, people, decimals, fewest people, and what its numerator and denominator count. The rows are
    shared between readers, so nobody changes them.
    """
    found = _rows(source, indicator, cohort, tuple(period) if period else None, kind, by, _pairs(where))
    return None if found is None else list(found)


@lru_cache(maxsize=1000)
def _curve(source: Reader, indicator: str, cohort: str, period: str, where: Pairs) -> pl.DataFrame:
    try:
        return source.curve(indicator, cohort, period, dict(where))
    except OutsideLatticeError:
        return pl.DataFrame(schema={"day": pl.Int32})


def curve(
    source: Reader, indicator: str, cohort: str, period: str, where: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """A survival curve; empty where none is published for the group."""
    return _curve(source, indicator, cohort, period, _pairs(where))


@lru_cache(maxsize=200)
def part(source: Reader, name: str) -> Any:
    """One of the release's small tables, by the name of the reader's method: sources, quarantine, targets, ..."""
    return getattr(source, name)()


@lru_cache(maxsize=200)
def listed(source: Reader, name: str) -> tuple[Row, ...]:
    """One of the release's small tables as rows."""
    return tuple(part(source, name).to_dicts())


@lru_cache(maxsize=1)
def tiles() -> dict[str, tuple[int, int]]:
    """Where each district of the area stands on the hand-drawn map: column and row, from the reference geography."""
    table = pl.read_csv(paths.reference("geography.csv"))
    placed = table.filter(pl.col("tile_x").is_not_null() & pl.col("tile_y").is_not_null())
    return {row["district"]: (int(row["tile_x"]), int(row["tile_y"])) for row in placed.iter_rows(named=True)}
