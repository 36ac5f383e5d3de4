"""Standing figures: how provision and the partners stand at the end of each quarter, in figures that are of nobody.

Entries of the directory that were checked in time, agencies that sent what was due, money with a voluntary provider: what
is counted is entries, agencies and pounds, so both levels have them exactly. A module that works some out gives them as a
frame of the columns below and is named in MAKERS; metrics/framework.toml says which stand on the summary.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl

from metrics.provision.standing import standing_of_provision
from release.partners import standing_of_partners

COLUMNS: dict[str, Any] = {
    "measure": pl.String, "heading": pl.String, "title": pl.String, "period": pl.String, "district": pl.String,
    "value": pl.Float64, "numerator": pl.Float64, "denominator": pl.Float64, "unit": pl.String, "polarity": pl.String,
    "decimals": pl.Int64, "status": pl.String, "reason": pl.String,
}  # fmt: skip
"""The columns of the release's table `standing`; release/schema.sql says what each holds."""

MAKERS: tuple[Callable[[duckdb.DuckDBPyConnection, dt.date], pl.DataFrame], ...] = (
    standing_of_provision,
    standing_of_partners,
)
"""What works standing figures out of a store as known on a date: one function a module."""


def standing(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """Every standing figure, one row a measure, quarter and district."""
    empty = pl.DataFrame(schema=COLUMNS)
    return pl.concat([empty, *(make(con, cutoff).select(*COLUMNS).cast(pl.Schema(COLUMNS)) for make in MAKERS)])
