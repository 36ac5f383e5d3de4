"""The figures behind a chart as tables."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from components import words
from components.judge import Row
from components.markup.plain import note, table

if TYPE_CHECKING:
    from release.read import CohortInfo


HEADS = {"title": "Measure", "people": "People"}


def figures_table(rows: Iterable[Row], caption: str, groups: Sequence[str] = ("label1",)) -> str:
    """Figures as a table: period, group, value, interval, counts and what they are of, change, target and status.

    The change and the target are there for rows that carry them (`headlines.told`), where any row has one.
    """
    named = list(rows)
    groups = [g for g in groups if any(row[g] for row in named)]
    below = list(dict.fromkeys(words.denominator(row) for row in named))
    told = any(row.get("compared_with") for row in named)
    aims = any(row.get("target") is not None for row in named)
    columns: list[tuple[str, Callable[[Row], Any], bool]] = [("Period", lambda r: r["period_label"], False)]
    columns += [(_head(named, g), lambda r, g=g: r[g], False) for g in groups]  # type: ignore[misc]
    columns += [("Value", words.shown, True)]
    columns += [("Unit", lambda r: r["unit"], False)] if any(row["unit"] != "%" for row in named) else []
    columns += [("95% interval", words.interval, True)]
    columns += [("Counts behind it", words.counts, True)] if any(words.denominator(row) for row in named) else []
    columns += [("Out of", words.denominator, False)] if len(below) > 1 else []
    if told:
        columns += [("Change since a year before", words.change_and_words, False)]
    if aims:
        columns += [("Target", words.target, True), ("Against target", lambda r: r["against_target"], False)]
    columns += [("Status", lambda r: f"{r['status']}: {r['reason']}" if r["reason"] else r["status"], False)]
    body = [[cell(row) for _, cell, _ in columns] for row in named]
    numeric = [i for i, (_, _, number) in enumerate(columns) if number]
    under = note([words.what_is_counted(named[0])]) if named and len(below) == 1 and below[0] else ""
    return table([head for head, _, _ in columns], body, caption, numeric=numeric) + under


def _head(rows: Sequence[Row], group: str) -> str:
    """The head of a column of groups: what they are groups of, where all rows agree."""
    side = "dim2" if group == "label2" or (group == "label" and rows[0]["label"] == rows[0]["label2"]) else "dim1"
    dims = {row[side] for row in rows if row[side]}
    fallback = dims.pop().replace("_", " ").capitalize() if len(dims) == 1 else "Group"
    return HEADS.get(group, fallback)


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
