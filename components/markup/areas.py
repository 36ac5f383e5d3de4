"""The framework's measures by area as a table: a part for each heading, a column for each area."""

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from components import words
from components.judge import Row, few
from components.markup.plain import link

if TYPE_CHECKING:
    from components.headlines import Area, AreaLine
    from metrics.framework import Heading

NOTHING = "\u2013"
MARKS = {"higher": "\u2191", "lower": "\u2193"}


def areas_table(
    areas: Sequence["Area"], parts: Sequence[tuple["Heading", Sequence["AreaLine"]]], lead: Callable[["AreaLine"], str]
) -> str:
    """One line a measure, one column an area, then all areas together; `lead` is where a measure is shown in full."""
    names = ["Measure", *(area.label for area in areas), *(["All together"] if len(areas) > 1 else [])]
    header = "".join(
        f'<th scope="col" role="columnheader"{"" if i == 0 else " class=num"}>{escape(name)}</th>'
        for i, name in enumerate(names)
    )
    body = ""
    for heading, lines in parts:
        body += f'<tr role="row" class="group"><th scope="rowgroup" role="cell" colspan="{len(names)}">{escape(heading.title)}</th></tr>'
        body += "".join(_line(areas, line, lead(line)) for line in lines)
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Measures by area">'
        '<table class="figures matrix areas stack" role="table"><caption class="vh">Measures by area</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _line(areas: Sequence["Area"], line: "AreaLine", address: str) -> str:
    under = [unit for unit in _unit(line) if unit not in ("%", "people") and unit.lower() not in line.title.lower()]
    under.append(line.period)
    title = f'{link(line.title, address)}<span class="sub">{escape("; ".join(under))}</span>'
    cells = [
        f'<td role="cell" class="num" data-label="{escape(area.label)}">{_cell(row, line.everybody, line.own)}</td>'
        for area, row in zip(areas, line.rows, strict=True)
    ]
    if len(areas) > 1:
        whole = _cell(line.everybody, None, False) if line.everybody else '<span class="missing">\u2013</span>'
        cells.append(f'<td role="cell" class="num all" data-label="All together">{whole}</td>')
    return f'<tr role="row"><th scope="row" role="rowheader">{title}</th>{"".join(cells)}</tr>'


def _unit(line: "AreaLine") -> list[str]:
    units = [row["unit"] for row in (*line.rows, line.everybody) if row]
    return units[:1]


def _cell(row: Row | None, everybody: Row | None, own: bool) -> str:
    """A figure with its interval, and a mark where it differs from everybody's by more than chance."""
    if row is None:
        return f'<span class="missing">{words.NOT_ITS if own else NOTHING}</span>'
    if row["value"] is None:
        return f'<abbr class="missing" title="{escape(words.reason(row))}">{escape(words.shown(row))}</abbr>'
    way = words.side(row, everybody)
    mark = f'<i aria-hidden="true">{MARKS[way]}</i> ' if way else ""
    under = [words.interval(row), f"{way} than all" if way else "", "too few to judge" if few(row) else ""]
    said = f"{mark}<b>{escape(words.shown(row))}</b>" + "".join(
        f'<span class="sub">{escape(u)}</span>' for u in under if u
    )
    return f'<span class="{"few" if few(row) else f"apart {way}" if way else ""}">{said}</span>'
