"""The one-page summary for paper: the framework's lines by heading, in the words of the Quarter page, and what to act on."""

from collections.abc import Sequence
from typing import Any

from components import headlines, review, words
from components.headlines import Part, Summed
from components.judge import few
from components.markup.intervals import CHANGE_SHAPES
from pack.sheet import Sheet
from release.read import Reader

HEADS = ("Measure", "Latest", "On last quarter", "On a year before", "Target or expected", "Chance or change", "Status")
QUARTERS = 16
"""Quarters drawn, the latest last: four years."""
ACTION_HEADS = ("Measure", "What is to be done", "Owner", "Due", "Should move by")


def page(sheet: Sheet) -> None:
    """The quarter on one page, then what to act on: the actions that are open, and what may be said of the figures."""
    source = sheet.source
    parts, kept = headlines.summary(source), reviewed(source)
    sheet.part("How did we do this quarter?")
    sheet.add("lede", words.summary_opening(parts))
    sheet.add("para", words.summary_answer(parts))
    table(sheet, parts, kept)
    sheet.add("note", " ".join([*cautions(headlines.lines_of(parts)), *words.summary_notes(headlines.lines_of(parts))]))
    sheet.heading("What to act on")
    sheet.add("before_table", words.actions_answer(kept, headlines.open_of_plan(source)))
    sheet.table(ACTION_HEADS, headlines.open_actions(source, kept), widths=[5, 7, 3, 4, 4])
    sheet.each("para", [kept.said(), *words.summary_paragraphs(parts)])
    before(sheet, kept)


def reviewed(source: Reader) -> review.Shown:
    """What was written of the quarter beside the release, as this level may see it and as it stood in that quarter."""
    return review.shown(source, source.path.parents[2])


def table(sheet: Sheet, parts: Sequence[Part], kept: review.Shown | None = None) -> None:
    """The lines under their headings: every cell as the Quarter page has it."""
    groups = [
        {"title": part.heading.title, "period": usual(part.lines), "rows": [row(sheet, x, usual(part.lines), kept) for x in part.lines]}
        for part in parts if part.lines
    ]  # fmt: skip
    if groups:
        sheet.add("summary", list(HEADS), groups)


def cautions(lines: Sequence[Summed]) -> list[str]:
    """What the dagger beside a word of chance means, where there is one."""
    return [f"\u2020 {words.TIGHT}."] if any(words.chance(x)[1] == words.TIGHT for x in lines) else []


def usual(lines: Sequence[Summed]) -> str:
    """The period, and the one before, that most of these lines show."""
    said = [words.against(x.now, x.before) for x in lines]
    return max(said, key=said.count)


def row(sheet: Sheet, line: Summed, usual_period: str, kept: review.Shown | None) -> dict[str, Any]:
    """One line of the summary."""
    now = line.now
    known = now["value"] is not None
    change, size = words.on_a_year_before(line)
    chance, caution = words.chance(line)
    under = words.also_red(line)
    if kept is not None:
        under = [*under, *filter(None, [headlines.action_note(kept, line, sheet.source.cutoff)])]
    period = "" if usual_period.startswith(now["period_label"]) else now["period_label"]
    told = now["unit"] in ("%", "people") or now["unit"].lower() in line.title.lower()
    return {
        "measure": line.title,
        "under": "; ".join([*([] if told else [now["unit"]]), *([period] if period else [])]),
        "latest": f"{words.shown(now)} {words.symbol(now)}".strip() if known else words.shown(now),
        "few": few(now),
        "interval": words.interval(now) or ("" if now["cohort"] else words.counts(now)) if known else "",
        "quarter": words.on_last_quarter(line) or "\u2013",
        "quarter_under": words.quarters_compared(line),
        "change": change,
        "change_shape": CHANGE_SHAPES.get(line.change.kind, ""),
        "change_kind": line.change.kind,
        "change_under": size,
        "aims": words.aims(line) or [("None set", "")],
        "spark": spark(line),
        "cause": line.read.cause if line.read else "no_limits",
        "chance": f"{chance} \u2020" if caution == words.TIGHT else f"{chance}, {caution}" if caution else chance,
        "status": line.status.words,
        "status_shape": line.status.shape,
        "status_kind": {"red": "misses", "green": "meets"}.get(line.status.kind, line.status.kind),
        "status_under": "; ".join(under),
    }  # fmt: skip


def spark(line: Summed) -> list[list[float | None]]:
    """The quarters of a line as (value, lower limit, upper limit), each a share of the height; none where there are not two."""
    if line.quarters is None:
        return []
    points = line.quarters.chart.points.tail(QUARTERS).select("value", "lower", "upper").rows()
    spread = [x for point in points for x in point if x is not None]
    if sum(point[0] is not None for point in points) < 2:
        return []
    low, wide = min(spread), (max(spread) - min(spread)) or 1.0
    return [[None if x is None else round((x - low) / wide, 4) for x in point] for point in points]


def before(sheet: Sheet, kept: review.Shown) -> None:
    """Actions that were closed in this quarter, and as what."""
    closed = [one for one in kept.closed_actions if one.reviews[-1].quarter == kept.quarter]
    rows = [(one.draft.what, review.AGENCIES[one.draft.owner], review.FINDINGS[one.reviews[-1].finding], one.reviews[-1].note) for one in closed]  # fmt: skip
    sheet.table(("Closed this quarter", "Owner", "As", "What was found"), rows, widths=[7, 3, 3, 6])
