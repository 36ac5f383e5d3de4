"""The quarter's table: each measure with the figure before, the change and the status."""

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from components import words
from components.markup.intervals import change_cell, status_cell, strip, value_cell
from components.markup.plain import link, what

if TYPE_CHECKING:
    from components.headlines import Headline
    from components.links import Links

    About = Callable[[Headline], Links]


def _usual_period(lines: Sequence["Headline"], cohort: str) -> str:
    """The period, and the one before, that most of a cohort's measures show."""
    said = [words.against(x.now, x.before) for x in lines if x.cohort.id == cohort]
    return max(said, key=said.count)


SIDES = {"reoffending": "Reoffending, followed up in full", "process": "What happened in the period"}
"""The two clocks, each a table of its own: side by side where there is room."""


def measures(lines: Sequence["Headline"], about: "About | None" = None) -> str:
    """The quarter's measures: those followed up on one side, those of the reporting period on the other.

    `about` gives each its links: its definition, the page that shows more, and where a target is missed.
    """
    found = {head: [x for x in lines if x.cohort.clock == clock] for clock, head in SIDES.items()}
    tables = [_measures_of(head, chosen, about) for head, chosen in found.items() if chosen]
    return f'<div class="sides{" two" if len(tables) == 2 else ""}">{"".join(tables)}</div>' if tables else ""


def _measures_of(caption: str, lines: Sequence["Headline"], about: "About | None") -> str:
    """One side's measures, grouped by whom they are about and when."""
    heads = ("Measure", "Latest", "", "Before", "Change", "Status")
    header = "".join(f'<th scope="col" role="columnheader">{h or "<span class=vh>Interval</span>"}</th>' for h in heads)
    body: list[str] = []
    group = ""
    for line in lines:
        if line.cohort.id != group:
            group, usual = line.cohort.id, _usual_period(lines, line.cohort.id)
            body.append(
                f'<tr role="row" class="group"><th scope="rowgroup" role="cell" colspan="6">{escape(line.cohort.title)}'
                f'<span class="sub">{escape(usual)}</span></th></tr>'
            )
        body.append(_measure(line, usual, about(line) if about else None))
    return (
        f'<table class="figures stack" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{"".join(body)}</tbody></table>'
    )


def _measure(line: "Headline", usual: str, links: "Links | None") -> str:
    """One measure; its unit and its period where they are not those of its neighbours."""
    told = line.now["unit"] in ("%", "people") or line.now["unit"].lower() in line.now["title"].lower()
    under = [] if told else [line.now["unit"]]
    under += [] if words.against(line.now, line.before) == usual else [words.against(line.now, line.before)]
    unit = f'<span class="sub">{escape("; ".join(under))}</span>' if under else ""
    title = escape(line.now["title"])
    if links:
        title = f"{link(line.now['title'], links.more)} {what(line.now['title'], links.definition)}"
    target = None if line.status.kind == "none" else line.target
    missed = "".join(f'<span class="sub">{link(said, where)}</span>' for said, where in (links.missed if links else ()))
    cells = (
        ("Latest", value_cell(line.now), "num"),
        ("", strip(line.now, line.before, target), "graphic"),
        ("Before", value_cell(line.before), "num before"),
        ("Change", change_cell(line.change, line.now), "word"),
        ("Status", status_cell(line) + missed, "word"),
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{title}{unit}</th>'
        + "".join(f'<td role="cell" class="{c}" data-label="{h}">{x}</td>' for h, x, c in cells)
        + "</tr>"
    )
