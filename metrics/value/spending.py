"""Spending in real terms, and what a year of it comes to: cash, mainstream, in kind and set-up."""

import datetime as dt

import polars as pl

from common.errors import ProblemError
from metrics.value import prices
from metrics.value.parameters import Parameters

SUBJECT = ("subject_kind", "subject")
PLACE = (*SUBJECT, "district", "period")
PARTS = ("cash", "mainstream", "in_kind", "set_up")
LINE = (*SUBJECT, "tier", "district", "period", "kind", "additional", "agency", "funder", "price_year")
BEGINS_LATE = "its costs begin part way through the year"
NOT_ALL_YET = "the costs of the year are not all recorded yet"
ONLY_SET_UP = "only set-up costs of it are recorded for the year"
NEGATIVE = "its costs come to less than nothing: refunds outweigh them"
NO_PRICES = "some of its costs have a price year that the deflator does not have"


def spend_table(lines: pl.DataFrame, cutoff: dt.date, known: Parameters) -> pl.DataFrame:
    """The release's `spend`: every quarter's lines, and the sums of each whole year, in pounds of their own price year
    and in real terms (`prices.real`). A price year without a deflator has no real pounds.

    `lines` are those of inputs.Inputs.spend, with `quarter` and `year`; a year that has not ended on `cutoff` is left out.
    """
    if not lines.height:
        return pl.DataFrame()
    ended = pl.col("year").str.head(4).cast(pl.Int32) < (
        cutoff.year if cutoff >= dt.date(cutoff.year, 3, 31) else cutoff.year - 1
    )
    quarters = lines.rename({"quarter": "period"}).select(*LINE, "pounds")
    years = lines.filter(ended).rename({"year": "period"}).group_by(*LINE, maintain_order=True).agg(
        pl.col("pounds").sum()
    )  # fmt: skip
    rows = pl.concat([quarters, years])
    by = {one: _real(one, known) for one in rows["price_year"].unique().to_list()}
    factor = pl.col("price_year").replace_strict(by, return_dtype=pl.Float64)
    return rows.with_columns(real_pounds=pl.col("pounds") * factor, real_price_year=pl.lit(known.price_year))


def _real(price_year: str, known: Parameters) -> float | None:
    try:
        return prices.real(1.0, price_year, known.price_year, known)
    except ProblemError:
        return None


def yearly(spend: pl.DataFrame, *, by: tuple[str, ...] = ()) -> pl.DataFrame:
    """What each whole year of `spend` comes to in real pounds, by subject, district ('' is everywhere) and `by`.

    `cash`: additional running cost. `mainstream`: the other running cost. `in_kind` and `set_up`: those kinds. `reason`
    says why a year cannot be used, else ''.
    """
    if not spend.height:
        return pl.DataFrame(schema=dict.fromkeys((*PLACE, *by, "reason"), pl.String) | dict.fromkeys(PARTS, pl.Float64))
    part = (
        pl.when(pl.col("kind") == "running")
        .then(pl.when(pl.col("additional")).then(pl.lit("cash")).otherwise(pl.lit("mainstream")))
        .otherwise(pl.col("kind"))
    )
    both = pl.concat([spend.filter(pl.col("district") != ""), spend.with_columns(district=pl.lit(""))]).with_columns(
        part=part
    )
    is_year = pl.col("period").str.contains("/")
    last = spend.filter(~is_year)["period"].max() or ""
    firsts = both.filter(~is_year).group_by(*SUBJECT, "district").agg(first=pl.col("period").min())
    sums = (pl.col("real_pounds").filter(pl.col("part") == name).sum().round(6).alias(name) for name in PARTS)
    begins, ends = (
        pl.col("period").str.head(4) + "Q2",
        (pl.col("period").str.head(4).cast(pl.Int64) + 1).cast(pl.String) + "Q1",
    )
    running = pl.sum_horizontal("cash", "mainstream", "in_kind")
    return (
        both.filter(is_year)
        .group_by(*PLACE, *by)
        .agg(*sums, priced=pl.col("real_pounds").is_not_null().all(), runs=(pl.col("part") != "set_up").any())
        .join(firsts, on=[*SUBJECT, "district"], how="left")
        .with_columns(
            reason=pl.when(~pl.col("priced")).then(pl.lit(NO_PRICES))
            .when(~pl.col("runs")).then(pl.lit(ONLY_SET_UP))
            .when((pl.min_horizontal(*PARTS) < 0) | (running < 0)).then(pl.lit(NEGATIVE))
            .when((pl.col("first") > begins) & (pl.col("first") <= ends)).then(pl.lit(BEGINS_LATE))
            .when(ends > pl.lit(last)).then(pl.lit(NOT_ALL_YET))
            .otherwise(pl.lit(""))
        )
        .drop("priced", "runs", "first")
        .sort(*PLACE, *by)
    )  # fmt: skip


def running(basis: str) -> pl.Expr:
    """Pounds of running cost on a basis: cash is additional money alone, opportunity all that was given."""
    return pl.col("cash") if basis == "cash" else pl.sum_horizontal("cash", "mainstream", "in_kind")
