"""A measure in full."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release.read import IndicatorInfo


def definition(info: "IndicatorInfo") -> str:
    """One measure in full, from its definition in the release."""
    from components.export import parts_of

    parts = "".join(f"<dt>{escape(head)}</dt><dd>{_said(lines)}</dd>" for head, lines in parts_of(info))
    return f'<section class="definition"><h2 id="{escape(info.id)}">{escape(info.title)}</h2><dl>{parts}</dl></section>'


def _said(lines: Sequence[str]) -> str:
    return escape(lines[0]) if len(lines) == 1 else "<ul>" + "".join(f"<li>{escape(x)}</li>" for x in lines) + "</ul>"
