"""What a start on a programme of a pathway costs: what was spent on its programmes in a year, over all who started."""

from dataclasses import dataclass

import polars as pl

from components import data
from release.read import Reader


@dataclass(frozen=True, slots=True)
class Start:
    """The average cost of a start: `pounds` of `price_year`, from `spent` on `programmes` with `starts` in a year (`period`).

    Running money and help in kind count, whoever paid; setting up does not.
    """

    pounds: float
    spent: float
    starts: int
    programmes: int
    period: str
    price_year: str


def cost_of_a_start(source: Reader, pathway: str = "") -> Start | None:
    """The average cost of a start on a pathway's programmes, or on any; None where no year has both money and starts.

    A programme with money and no starts, or starts and no money, is left out of both. At the open level, where some are
    hidden, there is a cost only where every programme of the directory is known: a few of them could mislead.
    """
    spend, managed = data.part(source, "spend"), data.part(source, "managed")
    if not spend.height or not managed.height:
        return None
    programme = pl.col("subject_kind") == "programme"
    starts = managed.filter(
        programme & (pl.col("subject") != "") & (pl.col("tier") == "") & (pl.col("district") == "")
    ).select("subject", "period", "starts")
    spent = (
        spend.filter(programme & (pl.col("kind") != "set_up") & pl.col("real_pounds").is_not_null())
        .group_by("subject", "period")
        .agg(pl.col("real_pounds").sum(), pl.col("real_price_year").first())
    )
    both = spent.join(starts, on=["subject", "period"]).filter(pl.col("starts") > 0)
    directory = data.part(source, "directory").filter((pl.col("pathway") == pathway) | pl.lit(not pathway))
    if pathway:
        both = both.filter(pl.col("subject").is_in(directory["programme"].implode()))
    if not both.height:
        return None
    year = both.filter(pl.col("period") == both["period"].max())
    if source.level == "open" and not set(directory["programme"]) <= set(year["subject"]):
        return None
    spent_, count = float(year["real_pounds"].sum()), int(year["starts"].sum())
    return Start(spent_ / count, spent_, count, year.height, year["period"][0], year["real_price_year"][0])
