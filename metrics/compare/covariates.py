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
    "committed_30": 8, "committed_90": 12, "committed_182": 16, "committed_365": 25, "committed_730": 40,
    "undecided_365": 20, "stays_730": 12, "nights_inside": 1826,
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
    "released_from",
    "season",
)


HOME = "home_district"
NUMBERS = (
    *(
        "age",
        "year",
        "ogrs3",
        "previous_sanctions",
        "years_since_first_sanction",
        "charges_30",
        "charges_90",
        "charges_182",
    ),
    *("charges_365", "charges_730", "charges_1826", "proven_365", "proven_730", "proven_1826", "arrests_90"),
    *("arrests_365", "arrests_730", "committed_30", "committed_90", "committed_182"),
    *(
        "committed_365",
        "committed_730",
        "undecided_365",
        "acquisitive_1826",
        "drugs_1826",
        "violent_1826",
        "days_since_offence",
    ),
    *("days_since_charge", "days_since_index", "days_since_release", "custody_days_365", "custody_days_730"),
    *("stays_730", "nights_inside"),
)
FLAGS = ("at_release", "short_sentence_in_year")


def described(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of covariates.sql with every covariate that does not hang on the comparison's subject."""
    date = (pl.col("day").cast(pl.Int64) * 86_400_000_000).cast(pl.Datetime("us")).dt
    waited = ("days_since_offence", "days_since_charge", "days_since_index", "days_since_release")
    return rows.with_columns(
        *(pl.col(name).clip(upper_bound=cap).alias(name) for name, cap in CAPS.items()),
        *(pl.col(name).fill_null(LONG_AGO).clip(upper_bound=LONG_AGO).alias(name) for name in waited),
        (pl.col("days_since_short_sentence") < 365).fill_null(False).alias("short_sentence_in_year"),
        (pl.col("days_since_first_sanction").clip(0, 40 * 365.25) / 365.25)
        .fill_null(0.0)
        .alias("years_since_first_sanction"),
        pl.concat_str(pl.lit("Q"), date.quarter()).alias("season"),
        date.year().cast(pl.Int32).alias("year"),
        pl.concat_str(date.year(), pl.lit("Q"), date.quarter()).alias("quarter"),
        pl.col("schemes").list.contains("iom").alias("_on_iom"),
    )


def named(rows: pl.DataFrame, comparison: Comparison, pathway: str | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The described rows of one comparison with the covariates that hang on its subject, and the names of all.

    `pathway` is that of a programme: whether the person was assessed as needing it is then one of them. Needs and
    programmes are left out of a scheme's comparison: those on it are assessed because they joined. So is the home
    district: it decides who is selected (each has its own threshold and places), so matching on it leaves only those
    whom the scheme passed over there; docs/methods/evaluation-dates.md has what was measured. A covariate that is the
    same for everybody is left out.
    """
    subject, scheme = comparison.subject, comparison.subject_kind == "scheme"
    other = pl.col("schemes").list.set_difference(pl.lit(["iom", subject if scheme else "iom"]))
    frame = rows.with_columns(
        (pl.lit(not scheme or subject != "iom") & pl.col("_on_iom")).alias("on_iom"),
        (other.list.len() > 0).alias("on_other_scheme"),
        pl.col("programmes").list.set_difference(pl.lit([subject])).list.len().cast(pl.Int32).alias("other_programmes"),
        pl.col("needs").list.len().cast(pl.Int32).alias("needs_assessed"),
        (pl.col("needs").list.contains(pathway) if pathway else pl.lit(False)).alias("needs_pathway"),
        (pl.col("person_key").rank("dense") - 1).cast(pl.Int64).alias("cluster"),
    )
    own = ("on_iom", "on_other_scheme", *(() if scheme else ("other_programmes", "needs_assessed", "needs_pathway")))
    words = [name for name in WORDS if name != HOME or not scheme]
    covariates = tuple(name for name in (*NUMBERS, *FLAGS, *own, *words, "prior_band") if frame[name].n_unique() > 1)
    return frame, covariates
