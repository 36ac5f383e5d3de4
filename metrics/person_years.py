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
    day = pl.col("on_date").cast(pl.Int32)
    known = dates.select("person_key", "on_date").unique().filter(pl.col("on_date") <= cutoff)
    before = known.select("person_key", "on_date", side=pl.lit("before"), first_day=day - before_days, last_day=day - 1)
    after = known.select("person_key", "on_date", side=pl.lit("after"), first_day=day + 1, last_day=day + after_days)
    return person_spells(con, pl.concat([before, after]), cutoff, waiting_days=waiting_days).drop("alleged")


def person_spells(
    con: duckdb.DuckDBPyConnection, spells: pl.DataFrame, cutoff: dt.date, *, waiting_days: int = 183
) -> pl.DataFrame:
    """The same for any spells of days: columns `person_key`, `on_date`, `side` (a name), `first_day` and `last_day`
    (days since 1970-01-01, both included), one row for each person, date and side.

    `alleged` are offences charged, awaiting a result or proven, whenever that was: what was known of people then.
    """
    with working_tables(con):
        choose(con, [], [], cutoff)
        run_step(con, "records")
        return spells_of_records(con, spells, waiting_days=waiting_days)


def spells_of_records(con: duckdb.DuckDBPyConnection, spells: pl.DataFrame, *, waiting_days: int = 183) -> pl.DataFrame:
    """The same where facts/records.sql has been run: its working tables are read and stay."""
    asked = spells.select(
        "person_key", "on_date", "side", pl.col("first_day", "last_day").cast(pl.Int32),
        waiting_days=pl.lit(waiting_days, pl.Int32),
    )  # fmt: skip
    con.register("_asked_side", asked.to_arrow())
    con.execute("CREATE OR REPLACE TEMP TABLE asked_side AS SELECT * FROM _asked_side")
    con.unregister("_asked_side")
    return con.sql(read_sql("person_years")).pl()
