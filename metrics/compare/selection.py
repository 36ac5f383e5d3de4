"""The people of a discontinuity: each person's first scored selection decision, what was known then and what followed."""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl

from metrics.cohorts import Cohort
from metrics.derive import choose, run_step, working_tables

FOLDER = Path(__file__).parent
COVARIATES = ("age", "female", "statutory", "previous_sanctions")
"""What was settled before the decision and should not jump at the threshold."""


def selection_frame(
    con: duckdb.DuckDBPyConnection,
    cutoff: dt.date,
    *,
    version: str | None = None,
    scheme: str | None = None,
    programme: str | None = None,
    join_days: int = 90,
    follow_up_days: int = 365,
    waiting_days: int = 183,
) -> pl.DataFrame:
    """One row a person, at their first decision to select or not: `distance` (score less threshold, points), `treated`
    (an episode began within `join_days`), COVARIATES, and outcomes as for index events: proven reoffences committed on
    days 1 to `follow_up_days` after the decision and proven within `waiting_days` more. Only decisions with complete
    follow-up, of people at liberty and not yet on the scheme. `version` keeps one kind of score, `scheme` one scheme; with a
    `programme`, to join is to start it.

    The store is not changed; a connection that may only read will do.
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
        con.execute(
            "CREATE OR REPLACE TEMP TABLE selection_setting (version VARCHAR, scheme VARCHAR, programme VARCHAR, join_days INTEGER)"
        )
        con.execute("INSERT INTO selection_setting VALUES (?, ?, ?, ?)", [version, scheme, programme, join_days])
        for step in ("records", "age", "entry"):
            run_step(con, step)
        con.execute(_sql("selection_entry"))
        for step in ("state", "outcome"):
            run_step(con, step)
        return con.sql(_sql("selection_people")).pl()


def _sql(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
