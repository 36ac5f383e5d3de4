"""Which dates of everybody else a comparison draws on: a bounded number, by lot within bands of recent charges.

Drawing looks at the day and before it, so it changes who is compared and not what follows them.
"""

import duckdb
import polars as pl

POOL_ROWS = 150_000
"""The most person-dates that everybody else is drawn from; the busiest are all kept."""
POOL_PER_COMPARISON = 6_000
PER_TREATED = 8
"""The most dates that one comparison draws on: so many, or so many for each person treated where that is more."""
BUSY = (0, 1, 2, 4, 8)
"""Charges in a year above which the dates of the pool are banded when they are thinned."""
_BUSY_DATES = """
    CREATE OR REPLACE TEMP TABLE busy_moment AS
    SELECT p.person_key, p.day FROM pool_moment AS p
    JOIN known_offence AS k ON k.person_key = p.person_key AND k.charge_day <= p.day AND k.charge_day > p.day - 365
    GROUP BY p.person_key, p.day HAVING count(*) >= 3
"""
_FEWER_DATES = """
    CREATE OR REPLACE TEMP TABLE pool_moment AS
    SELECT p.person_key, p.day, p.lot FROM pool_moment AS p
    LEFT JOIN busy_moment AS b ON b.person_key = p.person_key AND b.day = p.day
    WHERE p.lot <= CASE WHEN b.person_key IS NULL THEN CAST($1 AS UBIGINT) ELSE CAST($2 AS UBIGINT) END
"""
LOTS = 2**64


def fewer_dates(con: duckdb.DuckDBPyConnection) -> None:
    """A bound on the dates described, whatever the size of the county: half of it for the busy (three charges or more in
    the year), the rest for the others, each drawn by lot."""
    everybody = _count(con, "pool_moment")
    if everybody <= POOL_ROWS:
        return
    con.execute(_BUSY_DATES)
    busy = _count(con, "busy_moment")
    kept = min(busy, POOL_ROWS // 2)
    shares = ((POOL_ROWS - kept) / max(everybody - busy, 1), kept / max(busy, 1))
    con.execute(_FEWER_DATES, [int(min(share, 1.0) * (LOTS - 2**12)) for share in shares])


def thinned(rows: pl.DataFrame, treated: pl.DataFrame) -> pl.DataFrame:
    """A bounded number of dates: from each band of recent charges as many as its share of those treated asks for.

    Drawn on what is known at the date alone, so that it changes who is compared but not what follows them.
    """
    most = max(POOL_PER_COMPARISON, PER_TREATED * treated.height)
    if rows.height <= most:
        return rows
    above = pl.sum_horizontal((pl.col("charges_365") > edge).cast(pl.Int32) for edge in BUSY)
    band = above * 2 + pl.col("at_release").cast(pl.Int32)
    wanted = treated.group_by(band.alias("_band")).len("_treated")
    banded = rows.with_columns(band.alias("_band")).join(wanted, on="_band", how="left")
    share = (pl.col("_treated").fill_null(0) + 1) / (treated.height + banded["_band"].n_unique())
    place = pl.col("lot").rank("ordinal").over("_band")
    return banded.filter(place <= share * most).drop("_band", "_treated")


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0])
