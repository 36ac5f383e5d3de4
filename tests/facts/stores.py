"""Small stores for the tests of facts: every canonical table empty, then filled with literal rows."""

import datetime as dt
from functools import cache
from typing import Any

import duckdb
import polars as pl

from etl.contracts import TABLES

DISTRICTS = [("cambridge", "Cambridge"), ("fenland", "Fenland"), ("peterborough", "Peterborough")]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def key(name: str) -> str:
    """A stand-in for a pseudonym: 64 hexadecimal digits made of a person's letter or number."""
    return name.encode().hex().rjust(64, "0")


DEFAULTS: dict[str, dict[str, Any]] = {
    "person": {"sex": "male", "ethnicity": "white", "date_of_birth": dt.date(1990, 1, 1), "sanctions_before": 0},
    "offence": {
        "offence_district": "fenland", "outcome": "convicted", "disposal": "community", "offence_group": "theft",
        "recordable": True, "breach": False, "in_custody": False, "record_source": "national",
    },
    "custody_spell": {"kind": "sentence"},
    "supervision_spell": {"kind": "licence"},
    "scheme_episode": {"scheme": "iom", "managing_district": "peterborough"},
    "scheme_state": {"scheme": "iom"},
    "need": {"level": "some"},
    "intervention_spell": {"programme": "steady_work", "pathway": "education_training_employment"},
    "residence": {"district": "cambridge"},
    "cohort_member": {"group_name": "none"},
}  # fmt: skip


def empty_store(con: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyConnection:
    """A store in memory with every canonical table of the contracts, empty, and the table of districts."""
    con = con or duckdb.connect()
    for statement in _statements():
        con.execute(statement)
    con.execute("CREATE TABLE geography (district VARCHAR, label VARCHAR)")
    con.executemany("INSERT INTO geography VALUES (?, ?)", DISTRICTS)
    return con


@cache
def _statements() -> tuple[str, ...]:
    """The statements that create the contracts' tables with the columns that the store adds."""
    con = duckdb.connect()
    for name, schema in TABLES.items():
        frame = schema.create_empty().with_columns(
            pl.lit(None, pl.String).alias("source_file"), pl.lit(None, pl.Int64).alias("source_row")
        )
        con.register("_empty", frame.to_arrow())
        con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _empty')
        con.unregister("_empty")
    return tuple(sql for (sql,) in con.execute("SELECT sql FROM duckdb_tables()").fetchall())


@cache
def _types(name: str) -> dict[str, pl.DataType]:
    return {column: kind.dtype for column, kind in TABLES[name].columns().items()}


def fill(con: duckdb.DuckDBPyConnection, **tables: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """Add rows to a store: dates may be ISO text, `person` is short for person_key, defaults fill the rest."""
    for name, rows in tables.items():
        full_rows = [_full(name, row, number, len(rows)) for number, row in enumerate(rows)]
        if full_rows:
            types = {column: _types(name)[column] for row in full_rows for column in row}
            con.register("_rows", pl.DataFrame(full_rows, schema=types).to_arrow())
            con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM _rows')
            con.unregister("_rows")
    return con


def _full(name: str, row: dict[str, Any], number: int, rows: int) -> dict[str, Any]:
    """A row with its defaults, dates parsed, and an offence proven on its own day unless told otherwise."""
    full = DEFAULTS.get(name, {}) | row
    if "person" in full:
        full["person_key"] = key(str(full.pop("person")))
    if name == "offence":
        full.setdefault("offence_key", f"{rows}-{number:04d}-{full['offence_date']}")
        if full["outcome"] in ("convicted", "cautioned"):
            full.setdefault("proven_date", full["offence_date"])
    types = _types(name)
    return {
        column: day(value) if isinstance(value, str) and types[column] == pl.Date else value
        for column, value in full.items()
    }


def store(**tables: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """A store with these rows, and a person (a man born on 1 January 1990, never sanctioned before) for each not given."""
    con = fill(empty_store(), **tables)
    known = {row["person_key"] for row in con.sql("SELECT person_key FROM person").pl().to_dicts()}
    for name in ("offence", "custody_spell", "scheme_episode", "intervention_spell", "cohort_member"):
        for (person_key,) in con.execute(f"SELECT DISTINCT person_key FROM {name}").fetchall():
            if person_key not in known:
                known.add(person_key)
                con.execute(
                    "INSERT INTO person (person_key, sex, ethnicity, date_of_birth, sanctions_before) VALUES (?, 'male', 'white', '1990-01-01', 0)",
                    [person_key],
                )
    return con
