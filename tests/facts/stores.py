"""Small stores for the tests of facts: every canonical table empty, then filled with literal rows."""

import datetime as dt
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
    for name, schema in TABLES.items():
        frame = schema.create_empty().with_columns(
            pl.lit(None, pl.String).alias("source_file"), pl.lit(None, pl.Int64).alias("source_row")
        )
        con.register("_empty", frame.to_arrow())
        con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _empty')
        con.unregister("_empty")
    con.execute("CREATE TABLE geography (district VARCHAR, label VARCHAR)")
    con.executemany("INSERT INTO geography VALUES (?, ?)", DISTRICTS)
    return con


def fill(con: duckdb.DuckDBPyConnection, **tables: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """Add rows to a store: dates may be ISO text, `person` is short for person_key, defaults fill the rest."""
    for name, rows in tables.items():
        for number, row in enumerate(rows):
            full = DEFAULTS.get(name, {}) | row
            if "person" in full:
                full["person_key"] = key(str(full.pop("person")))
            if name == "offence":
                full.setdefault("offence_key", f"{len(rows)}-{number:04d}-{full['offence_date']}")
                if full["outcome"] in ("convicted", "cautioned"):
                    full.setdefault("proven_date", full["offence_date"])
            columns = ", ".join(f'"{column}"' for column in full)
            con.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({", ".join("?" * len(full))})', list(full.values()))
    return con


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
