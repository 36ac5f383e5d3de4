"""Did an action move the measure that it named? What may be said of it, and what may not. No Streamlit.

An action is opened from a quarter that was worse than usual, so the next is likely to be better whatever is done: regression to the
mean. So the figure since is held against the measure's own earlier quarters, without the one that the action was opened from:
beyond their limits on the good side it has moved; within them it may have come back by itself. And a measure that moved need not
have been moved by the action. docs/methods/did-the-action-move-it.md has the rule, and how often it errs.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from components import data
from components.judge import FINAL, Change, Row, change, few
from metrics.compare.control_chart import LEAST_POINTS, chart_kind, control_chart
from release.read import Reader

Kind = Literal[
    "moved",
    "still",
    "worse",
    "back",
    "better",
    "outside",
    "same",
    "counted_better",
    "counted_worse",
    "early",
    "few",
    "unjudged",
    "none",
]
WORDS: dict[Kind, str] = {
    "moved": "Better, beyond its usual range",
    "still": "As it was when opened: still outside its usual range",
    "worse": "Worse than when it was opened, by more than chance",
    "back": "Better than when it was opened, within its usual range: it may have come back by itself",
    "better": "Better than when it was opened; too few earlier quarters to know its usual range",
    "outside": "Outside its usual range on the good side, but within chance of where it stood when opened",
    "same": "No more than chance",
    "counted_better": "Better, by a full count",
    "counted_worse": "Worse, by a full count",
    "early": "Too early: nothing that began since it was opened is final",
    "few": "Too few people to tell",
    "unjudged": "No direction is good: no judgement",
    "none": "Cannot be told at this level",
}
SHAPES: dict[Kind, str] = {
    "moved": "●", "still": "▲", "worse": "▲", "back": "◆", "better": "◆", "outside": "◆", "same": "◆", "counted_better": "●", "counted_worse": "▲",
}  # fmt: skip
Usual = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Moved:
    """The figure that an action was opened from, the latest since, the usual range, and what may be said."""

    kind: Kind
    before: Row | None = None
    after: Row | None = None
    usual: Usual | None = None
    change: Change | None = None
    reached: bool | None = None

    @property
    def words(self) -> str:
        """The finding as a reader is told it."""
        return WORDS[self.kind]

    @property
    def shape(self) -> str:
        """The shape that goes with the word."""
        return SHAPES.get(self.kind, "")


def moved(
    source: Reader,
    indicator: str,
    cohort: str,
    where: Mapping[str, str],
    opened_on: dt.date,
    *,
    period: str = "",
    aim: float | None = None,
) -> Moved:
    """What became of a measure of people since an action was opened. `opened_on` is the first day of the quarter in which it
    was; `period` the quarter that it was opened from, where it was a quarter: else the latest that was final on that day."""
    if cohort not in {c.id for c in source.cohorts()} or indicator not in {i.id for i in source.indicators(cohort)}:
        return Moved("none")
    found = data.rows(source, indicator, cohort, kind="quarter", where=where)
    if not found:
        return Moved("none")
    info, about = source.indicator(indicator), source.cohort(cohort)
    wait = dt.timedelta(days=about.follow_up_days + about.waiting_days)
    rows = [row for row in found if row["value"] is not None and row["status"] in FINAL]
    spans = {p.id: p for p in source.periods("quarter")}
    known = [row for row in rows if spans[row["period"]].end + wait < opened_on]
    before = next((row for row in rows if row["period"] == period), known[-1] if known else None)
    if before is None:
        return Moved("none")
    since = [row for row in rows if spans[row["period"]].start >= opened_on]
    if not since:
        return Moved("early", before)
    after = since[-1]
    if few(after) or few(before):
        return Moved("few", before, after)
    earlier = [row for row in rows if row["period"] < min(before["period"], after["period"])]
    usual = usual_range(earlier, after, info.kind, float(info.definition.get("scale", 1)))
    return finding(before, after, usual, aim)


def finding(before: Row, after: Row, usual: Usual | None, aim: float | None = None) -> Moved:
    """The published rule: whether it differs from the quarter it was opened from, and whether it lies beyond its usual range."""
    how = change(after, before)
    polarity = after["polarity"]
    if polarity == "no_judgement":
        return Moved("unjudged", before, after, usual, how)
    lower_is_better = polarity == "lower_is_better"
    reached = None if aim is None else (after["value"] <= aim if lower_is_better else after["value"] >= aim)
    side = 0 if usual is None else _outside(after["value"], usual, lower_is_better)
    if how.kind == "improved" or (how.kind == "difference" and _good(how.difference, lower_is_better)):
        kind: Kind = "better" if usual is None else "moved" if side > 0 else "back"
    elif how.kind == "worsened":
        kind = "worse"
    else:
        kind = "still" if side < 0 else "outside" if side > 0 else "same"
    return Moved(kind, before, after, usual, how, reached)


def _outside(value: float, usual: Usual, lower_is_better: bool) -> int:
    """1 beyond the range on the good side, -1 on the other, 0 within it."""
    low, high = usual
    return 0 if low <= value <= high else 1 if (value < low) == lower_is_better else -1


def usual_range(earlier: Sequence[Row], after: Row, kind: str, scale: float) -> Usual | None:
    """Where the quarter since would lie 19 times in 20 had nothing changed: two sigma about the average of the earlier
    quarters, for as many people as it has. None with fewer than 12 of them."""
    if len(earlier) < LEAST_POINTS:
        return None
    chart = chart_kind(kind)
    shares = chart != "xmr"
    # the quarter since is given without its count: its limits come from the others, for its own number of people
    made = control_chart(
        chart,
        [row["period"] for row in (*earlier, after)],
        [*(row["numerator" if shares else "value"] for row in earlier), None],
        [row["denominator"] for row in (*earlier, after)] if shares else None,
        scale=scale if shares else 1.0,
    )
    low, high = made.points["lower_two"][-1], made.points["upper_two"][-1]
    return None if low is None or high is None else (low, high)


def standing_moved(
    source: Reader, measure: str, district: str, opened_on: dt.date, *, period: str = "", aim: float | None = None
) -> Moved:
    """The same of a standing figure: a full count of agencies or entries, so that every difference is one."""
    rows = [
        {**row, "indicator": measure, "cohort": "", "lower": None, "upper": None}
        for row in data.listed(source, "standing")
        if row["measure"] == measure and row["district"] == district and row["value"] is not None
    ]
    ends = {p.id: p.end for p in source.periods("quarter")}
    known = [row for row in rows if row["period"] in ends and ends[row["period"]] < opened_on]
    before = next((row for row in rows if row["period"] == period), known[-1] if known else None)
    since = [row for row in rows if row["period"] in ends and ends[row["period"]] >= opened_on]
    if before is None:
        return Moved("none")
    if not since or since[-1]["period"] == before["period"]:
        return Moved("early", before)
    after = since[-1]
    if after["polarity"] == "no_judgement":
        return Moved("unjudged", before, after)
    gap, lower_is_better = after["value"] - before["value"], after["polarity"] == "lower_is_better"
    reached = None if aim is None else (after["value"] <= aim if lower_is_better else after["value"] >= aim)
    kind: Kind = "same" if not gap else "counted_better" if _good(gap, lower_is_better) else "counted_worse"
    return Moved(kind, before, after, None, Change("difference", "", gap), reached)


def _good(difference: float | None, lower_is_better: bool) -> bool:
    return bool(difference) and (difference < 0) == lower_is_better  # type: ignore[operator]
