"""Larger areas than a district: community safety partnership, council, police force, contract area.

Each district lies in one of each, by data/reference/geography.csv, which the store holds as its table `geography`. A figure
by council is by the council of the cohort's own district (managing or home), so nothing is asked of a fact but its district.
People out of the area, of no fixed address or not known are in no council, and keep those names.
"""

import re
from collections.abc import Sequence
from functools import cache

import duckdb

from metrics.dimensions import dimensions


@cache
def area_dimensions() -> tuple[str, ...]:
    """The dimensions that group districts, in order of display."""
    return tuple(d.id for d in dimensions().values() if d.source == "areas")


def own_columns(names: Sequence[str]) -> list[str]:
    """Those of these dimensions that are a column of a fact, areas left out."""
    return [name for name in names if name not in area_dimensions()]


def value_of(name: str) -> str:
    """An area's code, from its name: 'Peterborough City Council' is peterborough_city_council."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def grouping(con: duckdb.DuckDBPyConnection, cohort: str, dimension: str) -> str:
    """The area of a row of a cohort as SQL over the fact (called `source`), by the cohort's own district."""
    [(district,)] = con.execute("SELECT district_dimension FROM cohort WHERE id = ?", [cohort]).fetchall()
    rows = con.sql(f'SELECT district, "{dimension}" FROM geography WHERE "{dimension}" IS NOT NULL').fetchall()
    whens = " ".join(f"WHEN '{district_}' THEN '{value_of(name)}'" for district_, name in sorted(rows))
    own = f'source."{district}"'
    return f"CASE {own} {whens} ELSE {own} END" if whens else own
