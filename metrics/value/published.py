"""Which published figure says what would have happened without a scheme or programme, and what it changed.

Only the release's own tables are read: the headline specification of the matched comparison over all its time (reoffences per
100 people, method matched, specification main, difference with its 95% interval), else the latest before and after whose history
is adjusted for regression to the mean. A raw year before is never used: people are chosen at their worst.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from metrics.compare.plan import moves
from metrics.value.break_even import ExpectedBasis, Reduction

Key = tuple[str, str, str]
"""subject_kind, subject, district ('' is everywhere)."""
FEWEST = 30
YEAR = 365
AT_LIBERTY = "offences_per_year_at_liberty"


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of one subject: `per_100` expected without it; the difference (treated less comparison, fewer is
    negative) and its limits where a comparison has them; `comparison` is that comparison's id."""

    per_100: float
    basis: ExpectedBasis
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    comparison: str = ""
    grade: int | None = None
    verdict: str = ""

    @property
    def observed(self) -> Reduction | None:
        return Reduction.from_difference(self.estimate, self.lower, self.upper, self.per_100)


def published(tables: Mapping[str, pl.DataFrame]) -> dict[Key, Published]:
    """The figure for each subject and district that has one, from the tables comparison, effect and before_after."""
    return _histories(tables.get("before_after", pl.DataFrame())) | _comparisons(
        tables.get("comparison", pl.DataFrame()), tables.get("effect", pl.DataFrame())
    )


def _comparisons(about: pl.DataFrame, effects: pl.DataFrame) -> dict[Key, Published]:
    if not about.height or not effects.height:
        return {}
    headline = effects.filter(
        (pl.col("outcome") == "frequency") & (pl.col("method") == "matched") & (pl.col("specification") == "main")
        & (pl.col("scale") == "difference") & pl.col("expected").is_not_null()
    ).select("comparison", "estimate", "lower", "upper", "expected")  # fmt: skip
    known = about.filter(
        pl.col("subject_kind").is_in(["scheme", "programme"])
        & (pl.col("verdict") != "no_verdict")
        & (pl.col("outcome_days") == YEAR)
    )
    if "definition" in known.columns:
        known = known.filter(~pl.col("definition").fill_null("").map_elements(moves, return_dtype=pl.Boolean))
    rows = known.sort("sort", descending=True).join(headline, left_on="id", right_on="comparison")
    return {  # the first listed stands where two are about the same people
        (row["subject_kind"], row["subject"], row["district"]): Published(
            row["expected"], "comparison", row["estimate"], row["lower"], row["upper"],
            row["id"], row["grade"], row["verdict"],
        )
        for row in rows.iter_rows(named=True)
    }  # fmt: skip


def _histories(frame: pl.DataFrame) -> dict[Key, Published]:
    """Offences expected per 100 people in the follow-up year: expected rate at liberty x years at liberty / people x 100."""
    if not frame.height:
        return {}
    rows = frame.filter(
        (pl.col("measure") == AT_LIBERTY) & (pl.col("design") == "fixed_date") & (pl.col("status") == "final")
        & (pl.col("people") >= FEWEST) & pl.col("expected_follow_up").is_not_null() & (pl.col("days_after") > 0)
    ).sort("fixed_date")  # fmt: skip
    per_100 = pl.col("expected_follow_up") * pl.col("days_after") / 365.25 / pl.col("people") * 100
    return {
        ("scheme", row["scheme"], row["district"]): Published(row["per_100"], "history")
        for row in rows.with_columns(per_100=per_100).iter_rows(named=True)
    }
