"""Proven offences and time at liberty before and after a date: the raw material of any before and after comparison."""

import datetime as dt

import duckdb
import polars as pl

from metrics.derive import choose, read_sql, run_step, working_tables


def person_years(
    con: duckdb.DuckDBPyConnection,
    dates: pl.DataFrame,
    cutoff: dt.date,
    *,
    before_days: int = 365,
    after_days: int = 365,
    waiting_days: int = 183,
) -> pl.DataFrame:
    """Offences and days on either side of each person's date (columns `person_key`, `on_date`).

    Two rows a date, `side` before and after: `days_observed` (whole days, ended by death or the cut-off),
    `days_in_custody` (midnights inside), `days_at_liberty`, `offences` (proven within `waiting_days` of the
    side's last day, so that both sides have had as long to be proven), `liberty_offences` (not in custody).
    A rate is `liberty_offences / days_at_liberty x 365.25`, summed over people before it is divided.
    Without a prison extract what depends on custody is null. Source: design section 5, time at liberty.

    It misleads alone: people are chosen at their worst, so offences fall anyway (regression to the mean).
    """
    with working_tables(con):
        choose(con, [], [], cutoff)
        con.register("_asked_dates", dates.select("person_key", "on_date").to_arrow())
        con.execute("CREATE OR REPLACE TEMP TABLE asked_date AS SELECT person_key, on_date FROM _asked_dates")
        con.unregister("_asked_dates")
        con.execute(
            "CREATE OR REPLACE TEMP TABLE asked_window (before_days INTEGER, after_days INTEGER, waiting_days INTEGER)"
        )
        con.execute("INSERT INTO asked_window VALUES (?, ?, ?)", [before_days, after_days, waiting_days])
        run_step(con, "records")
        return con.sql(read_sql("person_years")).pl()
