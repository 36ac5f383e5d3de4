"""What was published before and is different now: the same indicator, cohort, period and group in two releases of one level.

A figure that was final and has changed is a revision. One that was provisional was bound to rise, and is counted apart.
"""

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from common import versions
from release import files
from release.read import Reader

KEY = ("indicator", "cohort", "period", "dim1", "val1")
FINAL = ("final", "held")
KINDS = ("year", "quarter", "three_years", "all")
"""The kinds of period in the order in which revisions are listed."""
SAME = 1e-9
"""Differences this small are of arithmetic."""
SIMPLE = (
    "SELECT indicator, cohort, period, dim1, val1, value, numerator, denominator, status FROM figure WHERE dim2 = ''"
)
SIDES = [f"{name}{side}" for side in ("", "_before") for name in ("value", "numerator", "denominator", "status")]


@dataclass(frozen=True, slots=True)
class Revisions:
    """Two releases of one level side by side, over figures for everybody and by one breakdown.

    `revised` holds the key, the value and counts, and those before (`value_before`), of each figure that was final in both and differs, totals first. The counts are
    of figures in both; `redefined` are indicators whose definition has another version.
    """

    before: str
    compared: int
    revised: pl.DataFrame
    finished: int
    hidden: int
    brought: int
    redefined: list[str]


def previous(source: Reader) -> Reader | None:
    """The newest earlier release beside this one of the same area and level, both synthetic or neither."""
    root = source.path.parent.parent
    earlier = [name for name in versions.list_versions(root) if name < source.id]
    for name in reversed(earlier):
        path = root / name / f"{source.level}.duckdb"
        if not path.is_file():
            continue
        files.check_sound(path.parent)
        found = Reader.open(path)
        if (found.area, found.synthetic) == (source.area, source.synthetic):
            return found
    return None


@lru_cache(maxsize=8)
def revisions(now: Reader, before: Reader) -> Revisions:
    """Every figure that both hold, compared."""
    both = now._query(SIMPLE).join(before._query(SIMPLE), on=KEY, suffix="_before")
    known, was = pl.col("value").is_not_null(), pl.col("value_before").is_not_null()
    final, final_then = pl.col("status").is_in(FINAL), pl.col("status_before").is_in(FINAL)
    differs = (pl.col("value") - pl.col("value_before")).abs() > SAME
    revised = both.filter(known & was & final & final_then & differs)
    order = {info.id: place for place, info in enumerate(now.indicators())}
    kinds = {p.id: KINDS.index(p.kind) for p in now.periods()}
    revised = revised.with_columns(
        _sort=pl.col("indicator").replace_strict(order, default=len(order)),
        _kind=pl.col("period").replace_strict(kinds, default=len(KINDS)),
    ).sort(
        [pl.col("dim1") != "", pl.col("cohort") != "scheme", "cohort", "_kind", "_sort", "period", "dim1", "val1"],
        descending=[False, False, False, False, False, True, False, False],
    )
    versions_now = {info.id: info.version for info in now.indicators()}
    redefined = [i.id for i in before.indicators() if versions_now.get(i.id, i.version) != i.version]
    return Revisions(
        before=before.id,
        compared=both.filter(known | was).height,
        revised=revised.select(*KEY, *SIDES),
        finished=both.filter(known & was & final & ~final_then).height,
        hidden=both.filter(~known & was).height,
        brought=both.filter(known & ~was).height,
        redefined=redefined,
    )
