"""How each programme is used, by district, at the cut-off: who is on it, who waits, who was referred and started in a year."""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl

FOLDER = Path(__file__).parent
COLUMNS = {
    "programme": pl.String, "district": pl.String, "on_it": pl.Int64, "waiting": pl.Int64, "referred": pl.Int64, "started": pl.Int64,
}  # fmt: skip
"""The release table: people on the programme and waiting for it, people referred and started in the last 364 days."""


def use(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """The release table. A person counts once in each cell. Needs `metrics.provision.ahead.begin`."""
    for step in ("used", "placed"):
        con.execute(_read(step))
    return (
        con.sql(_read("use"), params={"cutoff": cutoff})
        .pl()
        .select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    )


def stay(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """programme, days: how long people stayed on average, those who left early too, of stays that ended in the last two years."""
    return con.sql(
        "SELECT programme, avg(date_diff('day', started_on, ended_on)) AS days FROM intervention_spell"
        " WHERE started_on <= ended_on AND ended_on <= $cutoff AND ended_on > $cutoff - 730 GROUP BY programme ORDER BY programme",
        params={"cutoff": cutoff},
    ).pl()


def _read(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
