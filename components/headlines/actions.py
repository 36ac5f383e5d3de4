"""The actions that stand beside the summary: what each red has, and all that are open."""

import datetime as dt
from collections.abc import Sequence

import polars as pl

from components import data, words
from components.headlines.summary import Summed
from components.review import AGENCIES, Action, Shown
from metrics.catalogue import catalogue
from metrics.framework import framework
from release.partners import ENDED
from release.read import Reader


def action_note(kept: Shown, line: Summed, on: dt.date) -> str:
    """What is said under a line's status: the action that should move it, late or not on a day (the cut-off), or that a red has none."""
    found = kept.action_on(line.now["indicator"], line.now["cohort"], line.where)
    return words.action_on(line, found, on)


def open_actions(source: Reader, kept: Shown) -> list[tuple[str, str, str, str, str]]:
    """Every action open at the desk, the one that is due first at the top: measure, what is to be done, owner, due, move by."""
    return [
        (
            _of(source, one),
            one.draft.what,
            AGENCIES[one.draft.owner],
            _due(one, source.cutoff),
            _quarter(source, one.draft.move_by),
        )
        for one in sorted(kept.open_actions, key=lambda one: (one.due_on, one.id))
    ]


def open_of_plan(source: Reader) -> int:
    """How many lines of the plan that was loaded are open: they have no words, and stand on the page of governance."""
    return sum(row["status"] not in ENDED for row in data.listed(source, "action_plan"))


def _of(source: Reader, one: Action) -> str:
    """The measure that an action should move, and of whom."""
    known = {i.id: i.title for i in source.indicators()} | {d.id: d.title for d in catalogue().values()}
    standing = {line.standing: line.title for line in framework().lines if line.standing}
    title = known.get(one.draft.indicator) or standing.get(one.draft.indicator) or one.draft.indicator
    labels = [
        dict(source.members(d)).get(v, v)
        for d, v in one.draft.where.items()
        if d in {x.id for x in source.dimensions()}
    ]
    return f"{title}: {', '.join(labels)}" if labels else title


def _due(one: Action, on: dt.date) -> str:
    return words.day(one.due_on) + (f" (late at {words.day(on)})" if one.late(on) else "")


def _quarter(source: Reader, quarter: str) -> str:
    """A quarter's label: the release knows those up to its own, an action names those to come."""
    known = {p.id: p.label for p in source.periods("quarter")}
    months = ("January to March", "April to June", "July to September", "October to December")
    return known.get(quarter) or f"{months[int(quarter[-1]) - 1]} {quarter[:4]}"


def summary_frame(lines: Sequence[Summed]) -> pl.DataFrame | None:
    """The summary as a table for the download: one row a line, in the order of the page."""
    if not lines:
        return None
    return pl.DataFrame([
        {
            "heading": x.line.heading, "measure": x.title, "people": x.cohort.title if x.cohort else "",
            "period": x.now["period_label"], "value": x.now["value"], "lower": x.now["lower"], "upper": x.now["upper"],
            "unit": x.now["unit"], "status_of_figure": x.now["status"], "reason": x.now["reason"],
            "on_last_quarter": x.quarters.difference if x.quarters else None,
            "a_year_before": x.before["value"] if x.before else None, "change": x.change.difference,
            "change_lower": x.change.lower, "change_upper": x.change.upper, "change_in_words": x.change.words,
            "target": x.target, "expected": x.expected["value"] if x.expected else None,
            "against_expected": x.gap["value"] if x.gap else None, "chance": words.chance(x)[0],
            "status": x.status.words, "red": x.status.red, "rule": x.rule.says,
        }
        for x in lines
    ], infer_schema_length=None)  # fmt: skip
