"""The people of a discontinuity: first scored selection decisions, what was known then, what was joined, what followed."""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl

from metrics.cohorts import Cohort
from metrics.derive import choose, run_step, working_tables

FOLDER = Path(__file__).parent
COVARIATES = ("age", "female", "statutory", "previous_sanctions")
"""What was settled before the decision and should not jump at the threshold."""
JOIN_DAYS = 135
"""Joining counts within so many days: programmes have waiting lists."""
HIDDEN = ("version", "day", "joined", "already")


def decisions(
    con: duckdb.DuckDBPyConnection,
    cutoff: dt.date,
    *,
    join_days: int = JOIN_DAYS,
    follow_up_days: int = 365,
    waiting_days: int = 183,
) -> pl.DataFrame:
    """One row a person and version of the score, at their first decision to select or not, of people at liberty.

    `version`, `distance` (score less threshold, points), `district` (whose decision), `joined` and `already` (lists of
    'scheme:id' and 'programme:id' begun within `join_days`, or before), COVARIATES, and outcomes as for index events: proven
    reoffences committed on days 1 to `follow_up_days` after the decision and proven within `waiting_days` more. Only
    decisions whose follow-up is complete. The store is not changed; a connection that may only read will do.
    """
    asked = Cohort(
        id="selection",
        title="People considered for selection",
        people="people whose selection was decided",
        entry="named",
        age="any",
        clock="reoffending",
        district_dimension="managing_district",
        follow_up_days=follow_up_days,
        waiting_days=waiting_days,
        publish=False,
    )
    with working_tables(con):
        choose(con, [asked], [], cutoff)
        con.execute("CREATE OR REPLACE TEMP TABLE selection_setting (join_days INTEGER)")
        con.execute("INSERT INTO selection_setting VALUES (?)", [join_days])
        for step in ("records", "age", "entry"):
            run_step(con, step)
        con.execute(_sql("selection_entry"))
        for step in ("state", "outcome"):
            run_step(con, step)
        return con.sql(_sql("selection_people")).pl()


def selection_frame(made: pl.DataFrame, version: str, subject: str) -> pl.DataFrame:
    """The people whom one version of the score decided on, who were not on the `subject` ('scheme:iom') already:
    `cluster`, `distance`, `treated` (joined it), COVARIATES and outcomes, one row a person."""
    kept = made.filter((pl.col("version") == version) & ~pl.col("already").list.contains(subject))
    return kept.with_columns(treated=pl.col("joined").list.contains(subject)).drop(HIDDEN)


def subject_of(made: pl.DataFrame, version: str) -> str | None:
    """What a version of the score decides: of all that people joined, that whose share differs most between the two
    sides of the threshold. The sheet does not say; who joined what does, and reoffending plays no part in it."""
    mine = made.filter(pl.col("version") == version)
    sides = mine.group_by((pl.col("distance") >= 0).alias("above")).len("people")
    if sides.height < 2:
        return None
    shares = (
        mine.select((pl.col("distance") >= 0).alias("above"), "joined")
        .explode("joined")
        .drop_nulls()
        .group_by("above", "joined")
        .len("some")
        .join(sides, on="above")
        .with_columns(share=pl.col("some") / pl.col("people") * pl.when("above").then(1).otherwise(-1))
        .group_by("joined")
        .agg(pl.col("share").sum())
        .sort("share", "joined", descending=[True, False])
    )
    return None if shares.is_empty() else str(shares["joined"][0])


def _sql(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
