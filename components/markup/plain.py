"""The plain parts of a page as HTML: a table, a note, something behind a switch."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from components import words
from components.judge import Row


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    caption: str,
    numeric: Sequence[int] = (),
    *,
    short: bool = False,
) -> str:
    """A plain table: text to the left, numbers to the right in tabular figures."""
    css = [' class="num"' if i in numeric else "" for i in range(len(heads))]
    header = "".join(f'<th scope="col"{css[i]}>{escape(h)}</th>' for i, h in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{css[i]}>{escape(str(cell))}</td>" for i, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll{" short" if short else ""}" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="plain">'
        f'<caption class="vh">{escape(caption)}</caption><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def sub(text: str) -> str:
    """Small words under others; nothing where there are none."""
    return f'<span class="sub">{escape(text)}</span>' if text else ""


def headed(parts: Iterable[tuple[str, str]]) -> str:
    """Paragraphs, each under its own head."""
    return f"<dl>{''.join(f'<dt>{escape(head)}</dt><dd>{escape(said)}</dd>' for head, said in parts)}</dl>"


def beside(left: str, right: str) -> str:
    """Two things side by side where there is room, or the one there is."""
    return f'<div class="beside">{left}{right}</div>' if left else right


def details(summary: str, inside: str) -> str:
    """Something behind a switch that works by keyboard and needs no script."""
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def others(many: int, inside: str) -> str:
    """The rest of a long table, behind a switch on the screen and in full on paper; nothing where there is no rest."""
    return f'<details class="others"><summary>Show the other {many}</summary>{inside}</details>' if many > 0 else ""


def stacked(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str, numeric: Sequence[int] = ()) -> str:
    """A plain table of words that folds into one block a row on a phone; the first column names the row."""
    css = [' class="num"' if i in numeric else "" for i in range(len(heads))]
    header = "".join(f'<th scope="col" role="columnheader"{css[i]}>{escape(head)}</th>' for i, head in enumerate(heads))
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row[0])}</th>'
        + "".join(
            f'<td role="cell"{css[i]} data-label="{escape(heads[i])}">{escape(row[i])}</td>' for i in range(1, len(row))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="plain stack told" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def note(lines: Sequence[str]) -> str:
    """Small notes under a table."""
    return "".join(f'<p class="note">{escape(line)}</p>' for line in lines)


def subheading(text: str) -> str:
    """A heading within a section."""
    return f"<h3>{escape(text)}</h3>"


def paragraphs(lines: Sequence[str]) -> str:
    """Running text at a readable width."""
    return f'<div class="plainly">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'


def event_key(events: Sequence[Row]) -> str:
    """What the numbered lines on a chart mark."""
    items = "".join(f"<li>{escape(e['title'])}, {words.day(e['on_date'])}</li>" for e in events)
    return f'<ol class="events">{items}</ol>' if events else ""


def link(text: str, address: str, said: str = "") -> str:
    """A link within the dashboard, in the same tab; `said` is what a screen reader hears in place of a short text."""
    label = f' aria-label="{escape(said)}"' if said else ""
    return f'<a href="{escape(address)}" target="_self"{label}>{escape(text)}</a>'


def on_paper(chosen: Mapping[str, str]) -> str:
    """The filters as text: shown in print, where their boxes are left out."""
    said = "; ".join(f"{escape(label)}: <b>{escape(choice)}</b>" for label, choice in chosen.items())
    return f'<p class="on-paper">{said}</p>' if said else ""


def note_links(found: Sequence[tuple[str, str]]) -> str:
    """A line of links, as (text, address)."""
    return f'<p class="note links">{" ".join(link(text, address) for text, address in found)}</p>' if found else ""


def what(title: str, address: str) -> str:
    """A question mark beside a measure that leads to its definition."""
    said = escape(f"What does {title} mean?")
    return f'<a class="what" href="{escape(address)}" target="_self" title="{said}" aria-label="{said}">?</a>'


def image(svg: str, alt: str) -> str:
    """A drawing as an image of its own, since Streamlit strips SVG from HTML, with its words as the image's `alt`."""
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"/>'
