"""The quarter's table of measures for paper: the lines of the Quarter page, in its words, with its shapes."""

from collections.abc import Sequence
from typing import Any

from components import words
from components.headlines import Headline
from components.judge import Change, Row, few
from components.markup import scale_of
from components.markup.intervals import CHANGE_SHAPES
from pack.sheet import Sheet

SIDES = {"reoffending": "Reoffending, followed up in full", "process": "What happened in the period"}
"""The two clocks, each a table of its own."""
HEADS = ("Measure", "Latest", "95% interval", "", "Before", "Change", "Status")


def together(sheet: Sheet, lines: Sequence[Headline]) -> None:
    """Both clocks in one table, grouped by whom they are about."""
    if lines:
        sheet.add("measures", "", list(HEADS), groups(lines))


def tables(sheet: Sheet, lines: Sequence[Headline]) -> None:
    """Reoffending, and what happened in the period: a table each, grouped by whom they are about."""
    for clock, caption in SIDES.items():
        if chosen := [x for x in lines if x.cohort.clock == clock]:
            sheet.add("measures", caption, list(HEADS), groups(chosen))


def key(lines: Sequence[Headline]) -> list[str]:
    """How to read the table, and what each sign in it means."""
    signs = words.key_to([x.now for x in lines] + [x.before for x in lines if x.before])
    return [words.HOW_TO_READ, *words.by_luck(words.compared(x.change.kind for x in lines)), *signs]


def groups(lines: Sequence[Headline]) -> list[dict[str, Any]]:
    """The measures of each cohort, under its title and the period that most of them show."""
    found = []
    for cohort in dict.fromkeys(x.cohort for x in lines):
        mine = [x for x in lines if x.cohort == cohort]
        periods = [words.against(x.now, x.before) for x in mine]
        usual = max(periods, key=periods.count)
        found.append({"title": cohort.title, "period": usual, "rows": [row(x, usual) for x in mine]})
    return found


def row(line: Headline, usual: str) -> dict[str, Any]:
    """One line of the table."""
    now, before = line.now, line.before
    known = now["value"] is not None
    drawn = known and min(x for one in (_at(now), _at(before)) if one for x in one) >= 0  # a strip begins at zero
    return {
        "measure": now["title"],
        "under": under(line, usual),
        "latest": f"{words.shown(now)} {words.symbol(now)}".strip() if known else words.shown(now),
        "few": few(now),
        "interval": words.interval(now),
        "before": words.shown(before) if before else "\u2013",
        "change": changed(line.change, now),
        "change_shape": CHANGE_SHAPES.get(line.change.kind, ""),
        "change_kind": line.change.kind,
        "status": standing(line),
        "status_shape": line.status.shape,
        "status_kind": line.status.kind,
        "top": scale_of([now, before]) if drawn else None,
        "now_at": _at(now),
        "before_at": _at(before),
        "target_at": None if line.status.kind == "none" else line.target,
    }


def changed(how: Change, now: Row) -> str:
    """The change in words: by how many where it is counted."""
    if how.kind == "difference" and how.difference:
        return f"{words.number(abs(how.difference), now)} {how.words.lower()}"
    return how.words


def standing(line: Headline) -> str:
    """The status in words, with the target beside it."""
    if line.target is None or line.status.kind == "none":
        return line.status.words
    return f"{line.status.words} ({words.number(line.target, line.now)})"


def under(line: Headline, usual: str) -> str:
    """The unit and the period of a measure, where they are not said already."""
    unit = line.now["unit"]
    told = unit in ("%", "people") or unit.lower() in line.now["title"].lower()
    parts = [] if told else [unit]
    if (period := words.against(line.now, line.before)) != usual:
        parts.append(period)
    return "; ".join(parts)


def _at(row: Row | None) -> list[float] | None:
    """The value and its interval, as numbers to draw by."""
    if row is None or row["value"] is None:
        return None
    low, high = (row["lower"], row["upper"]) if words.has_interval(row) else (row["value"], row["value"])
    return [row["value"], low, high]
