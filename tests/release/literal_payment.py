"""Payment by results in the hand-written release: what the program works out of its hand-written comparisons and figures."""

import duckdb
import polars as pl

from metrics.payment.rule import rules
from release.payment import payment_tables


def put(con: duckdb.DuckDBPyConnection, level: str) -> None:
    """The rows of one level."""
    tables = {name: con.sql(f"FROM {name}").pl() for name in ("comparison", "effect")}
    made = payment_tables(rules(), tables, con.sql("FROM figure").pl(), level=level)
    for table, frame in made.items():
        _insert(con, table, frame)


def _insert(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    if frame.height:
        con.register("_rows", frame.to_arrow())
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM _rows")
        con.unregister("_rows")
