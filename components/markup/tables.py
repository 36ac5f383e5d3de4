"""The figures behind a chart as tables."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from components import words
from components.judge import Row
from components.markup.plain import table

if TYPE_CHECKING:
    from release.read import CohortInfo


def figures_table(rows: Iterable[Row], caption: str, groups: Sequence[str] = ("label1",)) -> str:
    """Figures as a table: period, group, value, interval, the counts behind it, status and reason."""
    named = list(rows)
    groups = [g for g in groups if any(row[g] for row in named)]
    heads = ["Period", *("Group" for _ in groups), "Value", "95% interval", "Counts behind it", "Status"]
    body = [
        [
            row["period_label"],
            *(row[g] for g in groups),
            words.shown(row),
            words.interval(row),
            words.counts(row),
            f"{row['status']}: {row['reason']}" if row["reason"] else row["status"],
        ]
        for row in named
    ]
    start = 1 + len(groups)
    return table(heads, body, caption, numeric=(start, start + 1, start + 2))


def curve_table(curve: Any) -> str:
    """A survival curve as a table."""
    rows = [
        (r["day"], f"{r['value']:.1f}%", "" if r["lower"] is None else f"{r['lower']:.1f}% to {r['upper']:.1f}%", words.count(r["at_risk"]))
        for r in curve.iter_rows(named=True)
    ]  # fmt: skip
    return table(
        ("Day", "Not yet reoffended", "95% interval", "People followed"), rows, "Days to first reoffence", (0, 1, 2, 3)
    )


def crime_table(crime: Any) -> str:
    """Recorded crime by month and district as a table."""
    wide = crime.group_by("month", "district").agg(pl.col("incidents").sum()).sort("month", "district")
    rows = [(f"{r['month']:%B %Y}", r["district"], words.count(r["incidents"])) for r in wide.to_dicts()]
    return table(("Month", "District", "Crimes recorded"), rows, "Recorded crime", (2,))


def cohorts_table(cohorts: Sequence["CohortInfo"]) -> str:
    """The cohorts: who is in them, and how long they are followed."""
    rows = [
        (c.title, c.people, c.clock, words.count(c.follow_up_days) if c.follow_up_days else "none",
         words.count(c.waiting_days) if c.waiting_days else "none")
        for c in cohorts
    ]  # fmt: skip
    return table(("Cohort", "People", "Clock", "Days followed", "Days for proof"), rows, "Cohorts", (3, 4))
