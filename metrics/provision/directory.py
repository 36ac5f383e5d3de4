"""The directory of interventions at the cut-off, an entry for each programme and district: nothing in it is about people.

An entry is verified `recently` when somebody checked it in the six months to the cut-off, else `stale`, or `never`. Its funding
is `passed` when it ended before the cut-off, `soon` when it ends by the end of the second quarter after the one being
reviewed, else `later`; `unknown` when no day is recorded.
Source: the county's review asks for one directory that does not go stale, and to show what is at risk when funding ends.
"""

import datetime as dt

import duckdb
import polars as pl

from metrics.periods import quarter_end, quarter_of
from metrics.provision.starts import staggered

MONTHS = 6
COLUMNS = {
    "programme": pl.String, "title": pl.String, "provider": pl.String, "sector": pl.String, "pathway": pl.String,
    "district": pl.String, "sex_served": pl.String, "age_from": pl.Int64, "age_to": pl.Int64, "places": pl.Int64,
    "drop_in": pl.Boolean, "unit_cost": pl.Float64, "price_year": pl.String, "funder": pl.String, "funding_ends": pl.Date,
    "funding": pl.String, "last_verified": pl.Date, "verified": pl.String, "last_start": pl.Date, "next_start": pl.Date,
    "dated": pl.Boolean, "starts": pl.Int64, "start_places": pl.Int64, "longest_gap": pl.Int64, "mean_wait": pl.Float64,
}  # fmt: skip
"""The release table. `unit_cost` in pounds of `price_year`; `dated`: it takes people in on listed days alone, of which `starts`
lie in the next 13 weeks with `start_places` places; `longest_gap` and `mean_wait` in days (metrics.provision.starts)."""


def verified_since(cutoff: dt.date) -> dt.date:
    """The first day whose check still counts as recent: six months before the cut-off (the last day of a shorter month)."""
    year, month = divmod(cutoff.year * 12 + cutoff.month - 1 - MONTHS, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(cutoff.day, last))


def two_quarters_on(cutoff: dt.date) -> dt.date:
    """The last day of the second quarter after the one being reviewed: the last that had ended by the cut-off."""
    reviewed = quarter_of(cutoff + dt.timedelta(days=1))  # the quarter that runs when the reviewed one has ended
    return quarter_end(quarter_of(quarter_end(reviewed) + dt.timedelta(days=1)))


def directory(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """The release table, by pathway, title and district."""
    found = con.sql(
        "SELECT programme, title, provider, sector, pathway, district, sex_served, age_from, age_to, capacity AS places, drop_in,"
        " unit_cost_pence / 100.0 AS unit_cost, coalesce(price_year, '') AS price_year, coalesce(funder, '') AS funder,"
        " funding_ends, last_verified FROM programme ORDER BY pathway, title, programme, district"
    ).pl()
    checked, ends = pl.col("last_verified"), pl.col("funding_ends")
    found = found.join(_starts(con, cutoff), on=["programme", "district"], how="left", maintain_order="left").with_columns(
        verified=pl.when(checked.is_null() | (checked > cutoff)).then(pl.lit("never"))
        .when(checked >= verified_since(cutoff)).then(pl.lit("recently")).otherwise(pl.lit("stale")),
        funding=pl.when(ends.is_null()).then(pl.lit("unknown")).when(ends < cutoff).then(pl.lit("passed"))
        .when(ends <= two_quarters_on(cutoff)).then(pl.lit("soon")).otherwise(pl.lit("later")),
        dated=~pl.col("drop_in") & pl.col("starts").is_not_null(),
        starts=pl.col("starts").fill_null(0),
    )  # fmt: skip
    return found.select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


def _starts(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    listed: dict[tuple[str, str], list[tuple[dt.date, int | None]]] = {}
    rows = con.sql("SELECT programme, district, starts_on, places FROM programme_start ORDER BY ALL").fetchall()
    for programme, district, day, places in rows:
        listed.setdefault((programme, district), []).append((day, places))
    made = []
    for entry, days in listed.items():
        told = staggered(days, cutoff)
        made.append((*entry, told.last, told.next, told.ahead, told.places_ahead, told.longest_gap, told.mean_wait))
    names = ("programme", "district", "last_start", "next_start", "starts", "start_places", "longest_gap", "mean_wait")
    return pl.DataFrame(made, schema={name: COLUMNS[name] for name in names}, orient="row")
