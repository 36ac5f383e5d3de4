"""The one-page summary as a table: a part for each heading, a line for each measure."""

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from components import words
from components.judge import Judged, few
from components.markup.intervals import CHANGE_SHAPES
from components.markup.plain import link, stacked, what
from components.markup.spark import spark

if TYPE_CHECKING:
    from components.headlines import Part, Summed

    Leads = Callable[["Summed"], tuple[str, str]]
    Note = Callable[["Summed"], tuple[str, list[tuple[str, str]]]]

SUMMARY_HEADS = (
    ("Measure", ""),
    ("Latest", "num"),
    ("On last quarter", "num"),
    ("On a year before", "word"),
    ("Target or expected", "word"),
    ("Chance or change", "spark"),
    ("Status", "word"),
)


def summary(
    parts: Sequence["Part"],
    to_heading: Callable[["Part"], str],
    leads: "Leads | None" = None,
    note: "Note | None" = None,
) -> str:
    """The summary. `to_heading` gives each heading's page, `leads` a measure's page and its definition (either may be
    empty), `note` what is said under its status and the links from there, as (words, address)."""
    header = "".join(
        f'<th scope="col" role="columnheader"{_css(css)}>{escape(head)}</th>' for head, css in SUMMARY_HEADS
    )
    body = "".join(_part(part, to_heading(part), leads, note) for part in parts if part.lines)
    return (
        '<table class="figures stack summary" role="table"><caption class="vh">The measures of the quarter by heading</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _css(css: str) -> str:
    return f' class="{css}"' if css else ""


def _usual(lines: Sequence["Summed"]) -> str:
    """The period, and the one before, that most of a heading's lines show."""
    said = [words.against(x.now, x.before) for x in lines]
    return max(said, key=said.count)


def _part(part: "Part", address: str, leads: "Leads | None", note: "Note | None") -> str:
    usual = _usual(part.lines)
    question = link(part.heading.question, address) if address else escape(part.heading.question)
    head = (
        f'<tr role="row" class="group"><th scope="rowgroup" role="cell" colspan="{len(SUMMARY_HEADS)}">{escape(part.heading.title)}'
        f'<span class="ask">{question}</span><span class="sub">{escape(words.short(usual))}</span></th></tr>'
    )
    return head + "".join(_line(line, usual, leads, note) for line in part.lines)


def _line(line: "Summed", usual: str, leads: "Leads | None", note: "Note | None") -> str:
    said, under = words.on_a_year_before(line)
    shape = CHANGE_SHAPES.get(line.change.kind, "")
    sign = f'<i aria-hidden="true">{shape}</i> ' if shape else ""
    told, caution = words.chance(line)
    picture = spark(line.quarters.chart, line.quarters.now) if line.quarters else ""
    cause = line.read.cause if line.read else "no_limits"
    under_status, onward = note(line) if note else ("", [])
    below = [escape(said) for said in (*words.also_red(line), under_status) if said] + [link(*each) for each in onward]
    aims = "".join(f'<span class="aim">{_two(*aim)}</span>' for aim in words.aims(line))
    last = words.on_last_quarter(line)
    changed = f'<span class="change {line.change.kind.replace(" ", "-")}">{sign}{_two(said, under)}</span>'
    against = f'<span class="quarters">{picture}<span class="cause {cause}">{_two(told, caution)}</span></span>'
    cells = (
        ("Latest", _latest(line), "num", True),
        ("On last quarter", _two(last or "\u2013", words.quarters_compared(line)), "num before", bool(last)),
        ("On a year before", changed, "word", line.change.kind != "none"),
        ("Target or expected", aims or '<span class="missing">None set</span>', "word", bool(aims)),
        ("Chance or change", against, "spark", bool(picture)),
        ("Status", judged_cell(line.status, below), "word", True),
    )
    return (
        f'<tr role="row"{_css("red" if line.status.red else "")}><th scope="row" role="rowheader">{_title(line, usual, leads)}</th>'
        + "".join(
            f'<td role="cell" class="{css}{"" if known else " absent"}" data-label="{head}">{inside}</td>'
            for head, inside, css, known in cells
        )
        + "</tr>"
    )


def _title(line: "Summed", usual: str, leads: "Leads | None") -> str:
    """The measure with its links, and under it the unit and the period where its neighbours' are others."""
    unit = line.now["unit"]
    told = unit in ("%", "people") or unit.lower() in line.title.lower()
    period = words.against(line.now, line.before)
    under = [*([] if told else [unit]), *([] if period == usual else [words.short(period)])]
    page, definition = leads(line) if leads else ("", "")
    title = link(line.title, page) if page else escape(line.title)
    mark = f"&nbsp;{what(line.title, definition)}" if definition else ""
    return f"{title}{mark}" + (f'<span class="sub">{escape("; ".join(under))}</span>' if under else "")


def _latest(line: "Summed") -> str:
    """The figure with its interval; or its symbol with the reason."""
    row = line.now
    if row["value"] is None:
        return f'<abbr class="missing" title="{escape(words.reason(row))}">{escape(words.shown(row))}</abbr>'
    mark = words.symbol(row)
    flag = f' <abbr title="{escape(words.SYMBOL_WORDS[mark])}">{mark}</abbr>' if mark else ""
    interval = words.interval(row) or ("" if row["cohort"] else words.counts(row))
    said = f'<b>{escape(words.shown(row))}</b>{flag}<span class="sub">{escape(interval)}</span>'
    return f'<span class="few">{said}</span>' if few(row) else said


def judged_cell(status: Judged, under: Sequence[str] = ()) -> str:
    """A status as a shape and a word, with what is said of it below (as HTML)."""
    shape = f'<i aria-hidden="true">{status.shape}</i> ' if status.shape else ""
    below = "".join(f'<span class="sub">{said}</span>' for said in under)
    return f'<span class="status {status.kind.replace(" ", "-")}">{shape}{escape(status.words)}</span>{below}'


def _two(said: str, under: str) -> str:
    return escape(said) + (f'<span class="sub">{escape(under)}</span>' if under else "")


def actions_table(rows: Sequence[tuple[str, str, str, str, str]], caption: str) -> str:
    """The actions that are open: measure, what is to be done, owner, due, and what it should move by when."""
    heads = ("Measure", "What is to be done", "Owner", "Due", "Should move by")
    return stacked(heads, rows, caption) if rows else ""
