"""The parts that the tables of Provision are made of: they scroll where they are wide, and fold into rows on a phone."""

from collections.abc import Collection, Sequence
from html import escape

NUM = ' class="num"'


def framed(css: str, caption: str, head: str, body: str) -> str:
    """A table from its header's cells and its rows."""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="figures {css}" role="table">'
        f'<caption class="vh">{escape(caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def heads_of(names: Sequence[str], numeric: Collection[int] = ()) -> str:
    """The cells of a header; those of columns of numbers stand to the right."""
    return "".join(
        f'<th scope="col" role="columnheader"{NUM if n in numeric else ""}>{escape(name)}</th>'
        for n, name in enumerate(names)
    )


def line_of(first: str, rest: Sequence[tuple[str, str, str]]) -> str:
    """A row from its first cell and the others as (heading, class, HTML)."""
    cells = "".join(f'<td role="cell" data-label="{escape(head)}"{css}>{inside}</td>' for head, css, inside in rest)
    return f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{cells}</tr>'


def sub(text: str) -> str:
    """Small print under a value; nothing where there is none."""
    return f'<span class="sub">{text}</span>' if text else ""
