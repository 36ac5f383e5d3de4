"""The covariates of a matched comparison: what was known of a person on the evaluation date, named for the reader.

People are chosen at a peak of offending, so the record is told in windows: a count a year would match somebody at a peak
with somebody who is always so. Counts are cut off at the level above which hardly anybody lies, because one person with
80 charges would steer the whole score.
"""

import polars as pl

from metrics.compare.plan import Comparison

LONG_AGO = 1826
"""Days: what was longer ago than five years, or never, counts as this."""
CAPS = {
    "charges_30": 8, "charges_90": 12, "charges_182": 16, "charges_365": 25, "charges_730": 40, "charges_1826": 80,
    "proven_365": 20, "proven_730": 30, "proven_1826": 60, "arrests_90": 8, "arrests_365": 20, "arrests_730": 30,
    "acquisitive_1826": 50, "drugs_1826": 20, "violent_1826": 30, "previous_sanctions": 50,
}  # fmt: skip
WORDS = (
    "sex",
    "ethnicity",
    "home_district",
    "statutory",
    "index_kind",
    "disposal",
    "sentence_length",
    "index_group",
    "season",
)
PRIOR_BANDS = ["0", "1-2", "3-6", "7-10", "11+"]


def named(rows: pl.DataFrame, comparison: Comparison, pathway: str | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows of frame.py with their covariates by name, and the names.

    `pathway` is that of a programme: whether the person was assessed as needing it is then one of them. A covariate that
    is the same for everybody is left out.
    """
    schemes, programmes = pl.col("schemes"), pl.col("programmes")
    subject = comparison.subject
    other = schemes.list.set_difference(pl.lit(["iom", subject if comparison.subject_kind == "scheme" else "iom"]))
    date = (pl.col("day") * 86_400_000_000).cast(pl.Datetime("us")).dt
    frame = rows.with_columns(
        *(pl.col(name).clip(upper_bound=cap).alias(name) for name, cap in CAPS.items()),
        *(
            pl.col(name).fill_null(LONG_AGO).clip(upper_bound=LONG_AGO).alias(name)
            for name in ("days_since_offence", "days_since_charge", "days_since_index", "days_since_release")
        ),
        (pl.col("days_since_short_sentence") < 365).fill_null(False).alias("short_sentence_in_year"),
        (pl.col("days_since_first_sanction").clip(0, 40 * 365.25) / 365.25)
        .fill_null(0.0)
        .alias("years_since_first_sanction"),
        pl.col("previous_sanctions")
        .cut([0, 2, 6, 10], labels=PRIOR_BANDS)
        .cast(pl.String)
        .fill_null("not_known")
        .alias("prior_band"),
        pl.concat_str(pl.lit("Q"), date.quarter()).alias("season"),
        date.year().cast(pl.Int32).alias("year"),
        pl.concat_str(date.year(), pl.lit("Q"), date.quarter()).alias("quarter"),
        (pl.lit(subject != "iom") & schemes.list.contains("iom")).alias("on_iom"),
        (other.list.len() > 0).alias("on_other_scheme"),
        programmes.list.set_difference(pl.lit([subject])).list.len().cast(pl.Int32).alias("other_programmes"),
        pl.col("needs").list.len().cast(pl.Int32).alias("needs_assessed"),
        (pl.col("needs").list.contains(pathway) if pathway else pl.lit(False)).alias("needs_pathway"),
        (pl.col("person_key").rank("dense") - 1).cast(pl.Int64).alias("cluster"),
        pl.col("day").alias("_day"),
    )
    numbers = (
        "age", "year", "previous_sanctions", "years_since_first_sanction", "charges_30", "charges_90", "charges_182",
        "charges_365", "charges_730", "charges_1826", "proven_365", "proven_730", "proven_1826", "arrests_90",
        "arrests_365", "arrests_730", "acquisitive_1826", "drugs_1826", "violent_1826", "days_since_offence",
        "days_since_charge", "days_since_index", "days_since_release", "custody_days_365", "custody_days_730",
        "other_programmes", "needs_assessed",
    )  # fmt: skip
    flags = ("at_release", "short_sentence_in_year", "on_iom", "on_other_scheme", "needs_pathway")
    wanted = (*numbers, *flags, *WORDS, "prior_band")
    covariates = tuple(name for name in wanted if frame[name].n_unique() > 1)
    keep = list(dict.fromkeys([
        "cluster", "treated", "joined_later", "_day", *covariates, "age_group", "sex", "ethnicity", "home_district",
        "index_kind", "disposal", "sentence_length", "index_group", "prior_band", "statutory", "at_release", "on_iom",
        "on_other_scheme", "season", "year", "quarter",
        "reoffended", "reoffences", "days_to_first", "event", "days_observed", "days_followed", "severity", "custody",
        "days_at_liberty", "liberty_offences", "died",
    ]))  # fmt: skip
    return frame.select(keep), covariates
