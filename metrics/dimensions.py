"""The dimensions that figures break down by, and the members that each has in a store."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from metrics.dated import dated

FILE = Path(__file__).with_name("dimensions.toml")
FACTS = ("index_event", "caseload", "pathway_step", "referral", "prison_release", *dated())


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension. A `partition`'s groups add up to everybody; a `multi` dimension's groups overlap and never do.

    `source` is where values come from before those listed: `geography` (districts), `areas` (what districts lie in),
    `facts` (found in the data) or `listed`.
    `rests_on` is the store's table without which nobody can be placed.
    """

    id: str
    title: str
    kind: Literal["partition", "multi"]
    source: Literal["geography", "areas", "facts", "listed"]
    values: dict[str, str]
    sort: int
    rests_on: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One value of a dimension and the label that a reader sees."""

    dimension: str
    value: str
    label: str
    sort: int


def dimensions(path: Path = FILE) -> dict[str, Dimension]:
    """Every dimension by its id, in order of display."""
    found = {}
    for sort, (name, entry) in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).items(), start=1):
        source = entry.get("from", "listed")
        if entry["kind"] not in ("partition", "multi") or source not in ("geography", "areas", "facts", "listed"):
            raise ValueError(f"{path.name}: {name}: kind is partition or multi; from is geography, areas or facts")
        found[name] = Dimension(
            name, entry["title"], entry["kind"], source, dict(entry["values"]), sort, entry.get("rests_on")
        )
    return found


def members(con: duckdb.DuckDBPyConnection) -> tuple[Member, ...]:
    """The members of every dimension in a store whose facts are derived, in order of display."""
    found = []
    for dimension in dimensions().values():
        labels = _discovered(con, dimension) | dimension.values
        found += [Member(dimension.id, value, label, sort) for sort, (value, label) in enumerate(labels.items(), 1)]
    return tuple(found)


def _discovered(con: duckdb.DuckDBPyConnection, dimension: Dimension) -> dict[str, str]:
    """Values that the data brings: districts alphabetically by label, codes with the directory's title or a label made of the code."""
    if dimension.source == "geography":
        return dict(con.execute("SELECT district, label FROM geography ORDER BY label, district").fetchall())
    if dimension.source == "listed":
        return {}
    if dimension.source == "areas":
        return _areas(con, dimension.id)
    holding = con.execute(
        "SELECT table_name FROM information_schema.columns WHERE column_name = ? AND list_contains(?, table_name)",
        [dimension.id, list(FACTS)],
    ).fetchall()
    query = " UNION ".join(f'SELECT "{dimension.id}" AS value FROM {table}' for (table,) in holding)
    if not query:
        return {}
    values = [value for (value,) in con.execute(f"SELECT DISTINCT value FROM ({query}) ORDER BY value").fetchall()]
    titles = _programmes(con) if dimension.id == "programme" else {}
    return {value: titles.get(value, label_of(value)) for value in values if value not in dimension.values}


def _areas(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """What the districts lie in, by the geography; a store made without that column has none."""
    from metrics.areas import value_of

    columns = con.sql("SELECT column_name FROM duckdb_columns() WHERE table_name = 'geography'").fetchall()
    if (name,) not in columns:
        return {}
    rows = con.sql(f'SELECT DISTINCT "{name}" FROM geography WHERE "{name}" IS NOT NULL ORDER BY 1').fetchall()
    return {value_of(label): label for (label,) in rows}


def _programmes(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the directory calls each programme; of several names for one, the first by alphabet."""
    if not con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'programme'").fetchall():
        return {}
    return dict(con.execute("SELECT programme, min(title) FROM programme GROUP BY programme").fetchall())


def label_of(code: str) -> str:
    """A label made from a local code: `steady_work` and `STEADY_WORK` are shown as `Steady work`."""
    words = code.replace("_", " ").strip()
    words = words.lower() if words.isupper() and " " in words else words
    return words[:1].upper() + words[1:]
