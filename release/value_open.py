"""What the open level shows of money: coarse, of whole subjects and years, never by tier or district.

Two significant figures for pounds; people to the nearest 5 from 30; of those, how many completed or kept something only
where both they and the others are at least 10; time only where no one person could be half of it.
"""

import polars as pl

from metrics.value.cost_per_person import Rounded
from metrics.value.spending import PARTS
from metrics.value.unit_costs import with_types
from release.protect import ANALYSED, BASE, CONTRIBUTORS, SPLIT

MOST = 5
"""Person-years in all from which one person, a year at most, is a fifth or less of them (rule 4)."""
OFFENCES = 500
"""Reoffences in a mix that the open level may use."""
TOO_FEW = "too few people to be shown"
DOMINANT = 0.45
"""The most of a type's reoffences that one person may have committed; so two have less than 90% between them (rule 4)."""
ROUNDED = Rounded(counts=BASE / 2, costs=0.05)
"""How far the open level's rounding may move a count, and a cost of two significant figures."""
KEYS = ["subject_kind", "subject", "period"]
COUNTS = ("starts", "completions", "accommodation_kept", "work_kept")


def two_figures(column: pl.Expr) -> pl.Expr:
    """To two significant figures."""
    size = pl.lit(10.0) ** (column.abs().log10().floor() - 1)
    return pl.when(column == 0).then(0.0).otherwise((column / size).round() * size)


def nearest(name: str) -> pl.Expr:
    """A count to the nearest 5 (`protect.round_count`)."""
    return (((pl.col(name) + BASE / 2) // BASE).cast(pl.Int64) * BASE).alias(name)


def opened_managed(managed: pl.DataFrame) -> pl.DataFrame:
    """Who was managed, of subjects and years that may be shown; `people` to the nearest 5."""
    if not managed.height:
        return managed
    whole = managed.filter((pl.col("tier") == "") & (pl.col("district") == ""))
    everybody = whole.filter(pl.col("subject") == "").select("subject_kind", "period", all="people")
    others = pl.col("all") - pl.col("people")
    shown = whole.join(everybody, on=["subject_kind", "period"], how="left").filter(
        (pl.col("people") >= ANALYSED) & ((others == 0) | (others >= SPLIT))
    )
    enough = [
        pl.when((pl.col(name) >= SPLIT) & (pl.col("people") - pl.col(name) >= SPLIT)).then(nearest(name)).alias(name)
        for name in COUNTS
    ]
    long = pl.col("person_years") >= MOST
    return shown.with_columns(
        *enough,
        person_years=pl.when(long).then(two_figures(pl.col("person_years"))),
        months_at_liberty=pl.when(long & (pl.col("months_at_liberty") >= 12 * MOST)).then(
            two_figures(pl.col("months_at_liberty"))
        ),
        people=nearest("people"),
    ).drop("all")


def opened_costs(costs: pl.DataFrame, managed: pl.DataFrame) -> pl.DataFrame:
    """A year's costs of whole subjects that may be shown, each part to two significant figures."""
    if not costs.height or not managed.height:
        return costs.clear()
    return (
        costs.filter(pl.col("district") == "")
        .join(managed, on=KEYS, how="semi")
        .with_columns(two_figures(pl.col(name)).alias(name) for name in PARTS)
    )


def opened_spend(spend: pl.DataFrame, managed: pl.DataFrame) -> pl.DataFrame:
    """Lines of a year by kind, agency and additional or mainstream, everywhere and all tiers, to two significant figures."""
    if not spend.height or not managed.height:
        return spend.clear()
    kept = spend.filter(pl.col("period").str.contains("/")).join(managed, on=KEYS, how="semi")
    by = [*KEYS, "kind", "additional", "agency", "price_year", "real_price_year"]
    return (
        kept.group_by(by, maintain_order=True)
        .agg(pl.col("pounds", "real_pounds").sum())
        .with_columns(
            *(two_figures(pl.col(name)).alias(name) for name in ("pounds", "real_pounds")),
            *(pl.lit("").alias(name) for name in ("tier", "district", "funder")),
        )
    )


def opened_reoffences(reoffences: pl.DataFrame) -> pl.DataFrame:
    """Reoffences of everybody of a kind by type, to the nearest 5: no subject's own, and no type that has fewer than 30, or
    fewer than 10 people, or one whose share is near half. What is hidden counts among those without a unit cost."""
    if not reoffences.height:
        return reoffences
    by_type = (
        with_types(reoffences.filter(pl.col("subject") == ""))
        .group_by("subject_kind", "subject", "district", "offence_type", maintain_order=True)
        .agg(pl.col("offences", "most").sum(), pl.col("people").max())
        .filter(pl.col("offences").sum().over("subject_kind") >= OFFENCES)
    )
    many = (
        (pl.col("offences") >= ANALYSED)
        & (pl.col("people") >= CONTRIBUTORS)
        & (pl.col("most") <= DOMINANT * pl.col("offences"))
    )
    return (
        by_type.with_columns(offence_type=pl.when(many).then(pl.col("offence_type")).otherwise(pl.lit("")))
        .group_by("subject_kind", "subject", "district", "offence_type", maintain_order=True)
        .agg(pl.col("offences").sum())
        .with_columns(nearest("offences"))
        .filter(pl.col("offences") > 0)
    )
