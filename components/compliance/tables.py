"""What was promised as a table by group, and prison releases by day of the week."""

from collections.abc import Callable, Sequence
from html import escape

import polars as pl

from components import headlines, words
from components.compliance.rows import Group, Weekday
from components.headlines import Headline
from components.markup.groups import dots
from components.markup.intervals import change_cell, status_cell, strip, value_cell
from components.markup.plain import link, note, subheading, table, what

HEADS = (
    ("Measure", ""),
    ("Latest", "num"),
    ("", ""),
    ("A year before", "num"),
    ("Change", ""),
    ("Status", ""),
)
Address = Callable[[Headline], str]


def promises(
    found: Sequence[Group],
    more: Address,
    definition: Address,
    caption: str = "What was promised, and what became of it",
) -> str:
    """Every measure by group: the latest figure, a year before, whether that is a change, and how it stands to its target.

    `more` is where a measure is shown over time, `definition` where it is defined.
    """
    header = "".join(
        f'<th scope="col" role="columnheader"{f" class={css}" if css else ""}>{head or "<span class=vh>Interval</span>"}</th>'
        for head, css in HEADS
    )
    body = "".join(_group(group, more, definition) for group in found)
    return (
        f'<table class="figures stack" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _group(group: Group, more: Address, definition: Address) -> str:
    said = [words.against(line.now, line.before) for line in group.lines]
    usual = max(said, key=said.count)
    head = (
        f'<tr role="row" class="group"><th scope="rowgroup" role="cell" colspan="{len(HEADS)}">{escape(group.title)}'
        f'<span class="sub">{escape(group.question)} {escape(usual)}</span></th></tr>'
    )
    return head + "".join(_line(line, usual, more, definition) for line in group.lines)


def _line(line: Headline, usual: str, more: Address, definition: Address) -> str:
    period = words.against(line.now, line.before)
    under = "" if period == usual else f'<span class="sub">{escape(period)}</span>'
    title = f"{link(line.now['title'], more(line))} {what(line.now['title'], definition(line))}{under}"
    target = None if line.status.kind == "none" else line.target
    picture = strip(line.now, line.before, target) if line.now["value"] is not None and _drawn(line.now) else ""
    cells = (
        ("Latest", value_cell(line.now), "num"),
        ("", picture, "graphic"),
        ("A year before", value_cell(line.before), "num before"),
        ("Change", change_cell(line.change, line.now), "word"),
        ("Status", status_cell(line), "word"),
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{title}</th>' + "".join(
        f'<td role="cell" class="{css}" data-label="{head}">{inside}</td>' for head, inside, css in cells
    ) + "</tr>"  # fmt: skip


def _drawn(row: words.Row) -> bool:
    """A full count has no interval to draw: a dot alone on a scale of its own would say nothing."""
    return words.has_interval(row) or row["unit"] == "%"


def by_group(rows: Sequence[words.Row], overall: words.Row | None, head: str) -> str:
    """One measure by group in its latest pooled period, with those groups left out that nothing is known of."""
    drawn, empty = headlines.drawn(list(rows))
    if not drawn:
        return ""
    return (
        subheading(f"{head}, {words.period_in_sentence(drawn[0]['period_label'])}")
        + dots(drawn, "label", overall, head)
        + note([*words.nobody_in(empty), *words.key_to(drawn)])
    )


NOTICE = ("Expected", "Unexpected", "Not known")


def weekdays_table(found: Sequence[Weekday], caption: str) -> str:
    """Prison releases by day of the week, as a table."""
    rows = [(day.label, *map(_count, _parts(day)), words.count(day.releases)) for day in found]
    return table(("Day", *NOTICE, "All"), rows, caption, numeric=(1, 2, 3, 4))


def frame_of_weekdays(found: Sequence[Weekday]) -> pl.DataFrame:
    """The same for the download."""
    names = ("day", "expected", "unexpected", "not_known", "all")
    rows = [(day.label, *_parts(day), day.releases) for day in found]
    return pl.DataFrame(rows, schema=dict(zip(names, (pl.String, *[pl.Int64] * 4), strict=True)), orient="row")


def _parts(day: Weekday) -> tuple[int | None, int | None, int | None]:
    """Expected, unexpected, and the rest; all unknown where no notice is on record at all."""
    if day.expected is None or day.unexpected is None:
        return None, None, day.releases or None
    return day.expected, day.unexpected, day.releases - day.expected - day.unexpected


def _count(value: int | None) -> str:
    return words.count(value)
