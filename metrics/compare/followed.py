"""What followed people on given days: proven reoffences, severity, custody, time at liberty, death.

docs/methods/evaluation-dates.md says what counts; outcomes.sql works it out for every row of `moment`.
"""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl

from metrics.derive import choose, run_step, working_tables

FOLDER = Path(__file__).parent


def followed(con: duckdb.DuckDBPyConnection, follow_up_days: int, waiting_days: int) -> pl.DataFrame:
    """What followed every `moment` that can be followed for so long. Needs evaluation.sql."""
    con.execute("CREATE OR REPLACE TEMP TABLE evaluation_span (follow_up_days INTEGER, waiting_days INTEGER)")
    con.execute("INSERT INTO evaluation_span VALUES (?, ?)", [follow_up_days, waiting_days])
    con.execute((FOLDER / "outcomes.sql").read_text(encoding="utf-8"))
    return con.sql("SELECT * FROM moment_outcome").pl()


def followed_from(
    con: duckdb.DuckDBPyConnection, moments: pl.DataFrame, cutoff: dt.date, follow_up_days: int, waiting_days: int
) -> pl.DataFrame:
    """What a store holds of what followed the given `moments` (person_key, day since 1970-01-01), whoever they are."""
    with working_tables(con):
        choose(con, [], [], cutoff)
        for step in ("records", "age", "entry"):
            run_step(con, step)
        kind = str(con.sql("SELECT person_key FROM person").types[0])
        con.execute(starts_table(kind))
        con.execute("CREATE OR REPLACE TEMP TABLE evaluation_setting AS SELECT 1 AS first_day, 0 AS last_day")
        con.execute((FOLDER / "evaluation.sql").read_text(encoding="utf-8"))
        con.register("_moments", moments.select("person_key", "day").to_arrow())
        con.execute("DELETE FROM moment")
        con.execute("INSERT INTO moment SELECT DISTINCT person_key, day FROM _moments")
        con.unregister("_moments")
        return followed(con, follow_up_days, waiting_days)


def starts_table(kind: str) -> str:
    """The SQL of an empty table of starts, where a person's key is of this type."""
    return (
        "CREATE OR REPLACE TEMP TABLE evaluation_start"
        f" (comparison INTEGER, person_key {kind}, treated BOOLEAN, start_day INTEGER, place VARCHAR)"
    )
