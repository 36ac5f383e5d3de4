"""What value for money is worked out from, out of the store: spending, who was managed, and what was reoffended with.

Each is one SQL file of this folder, over the canonical tables and facts/records.sql. Nothing of a person leaves: frames
of sums alone. Tables that the partnership does not have give nothing, or null: never 0.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from metrics.derive import EPOCH, choose, run_step, working_tables
from metrics.periods import first_quarter, periods, quarter_of, quarter_start

HERE = Path(__file__).parent
EARLIEST = "1990Q1"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Frames of sums.

    - `spend`: pounds by subject_kind, subject, tier, district, quarter, kind, additional, agency, funder, price_year.
    - `managed`: the columns of the release's table, one row for each group and whole year.
    - `reoffences`: offences by subject_kind, subject ('' any of the kind), district ('' everywhere), offence_code and
      offence_group, with how many people committed them and how many the most prolific did.
    """

    spend: pl.DataFrame
    managed: pl.DataFrame
    reoffences: pl.DataFrame


def inputs(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> Inputs:
    """All of them, as known on `cutoff`. The connection may be read only: working tables are temporary, and go."""
    ended = [one for one in periods(EARLIEST, quarter_of(cutoff)) if one.end <= cutoff]
    with working_tables(con):
        choose(con, [], [], cutoff)
        run_step(con, "records")
        _put(con, "value_quarter", "quarter VARCHAR, period VARCHAR", [
            (one.period, one.parent) for one in ended if one.kind == "quarter"
        ])  # fmt: skip
        _put(con, "value_year", "subject_kind VARCHAR, period VARCHAR, start_day INTEGER, end_day INTEGER", [
            (kind, year.period, (year.start - EPOCH).days, (year.end - EPOCH).days)
            for kind, first in _records_begin(con, cutoff) for year in ended
            if year.kind == "year" and year.start >= first
        ])  # fmt: skip
        spend = con.sql(_sql("spend")).pl()
        con.execute(_sql("on_it"))
        con.execute(_sql("kept"))
        managed = con.sql(_sql("managed")).pl()
        reoffences = con.sql(_sql("reoffences")).pl()
    return Inputs(spend.with_columns(pounds=pl.col("pence") / 100).drop("pence"), managed, reoffences)


def _records_begin(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> list[tuple[str, dt.date]]:
    """The first day from which each kind's records are whole: a year that began before it is no whole year."""
    firsts = con.execute(
        "SELECT 'scheme', min(start_date) FROM scheme_episode UNION ALL SELECT 'programme', min(referred_on) FROM intervention_spell"
    ).fetchall()
    return [(kind, quarter_start(first_quarter(day))) for kind, day in firsts if day is not None and day <= cutoff]


def _put(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    if rows:
        places = f"({', '.join('?' * len(rows[0]))})"
        con.execute(
            f"INSERT INTO {table} VALUES {', '.join([places] * len(rows))}", [value for row in rows for value in row]
        )


def _sql(name: str) -> str:
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")
