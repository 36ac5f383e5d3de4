"""The measures and the field's words in full, with a list of contents that works under a thumb."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from components.markup.plain import details
from components.words.glossary import Term

if TYPE_CHECKING:
    from release.read import IndicatorInfo

GROUPS = {
    "index_event": "Reoffending",
    "caseload": "People on the scheme",
    "pathway_step": "Pathways",
    "referral": "Pathways",
    "prison_release": "Prison releases",
}
"""Under which head a measure stands in the contents, by its fact, where its definition names no part of the framework."""
ELSEWHERE = {
    "cohorts": "Whom the figures are about",
    "words": "What the words mean",
    "signs": "Signs",
    "rules": "Change",
}


def contents(infos: Sequence["IndicatorInfo"]) -> str:
    """A list of contents: measures by part of the framework, then the rest of the page; each a link down the page."""
    heads: dict[str, list[tuple[str, str]]] = {}
    for info in infos:
        part = str(info.definition.get("heading", "")).capitalize()
        heads.setdefault(part or GROUPS.get(info.fact, "Other measures"), []).append((info.id, info.title))
    heads["Words and rules"] = list(ELSEWHERE.items())
    lists = "".join(
        f"<div><b>{escape(head)}</b><ul>"
        + "".join(f'<li><a href="#{escape(place)}" target="_self">{escape(title)}</a></li>' for place, title in found)
        + "</ul></div>"
        for head, found in heads.items()
    )
    return f'<nav class="contents" aria-label="Contents">{lists}</nav>'


def definition(info: "IndicatorInfo", whole: bool = True) -> str:
    """One measure from its definition in the release: its question and formula, and the rest at once or on request."""
    from components.export import parts_of

    found = parts_of(info)
    brief = [part for part in found if not whole and part[0] in ("Question", "How it is worked out")]
    rest = [part for part in found if part not in brief]
    inside = _list(rest) if whole else _list(brief) + details(f"All of {info.title}", _list(rest))
    return f'<section class="definition"><h2 id="{escape(info.id)}">{escape(info.title)}</h2>{inside}</section>'


def glossary(terms: Sequence[Term]) -> str:
    """The words and what they mean, in alphabetical order."""
    lines = "".join(f'<dt id="{term.anchor}">{escape(term.name)}</dt><dd>{escape(term.meaning)}</dd>' for term in terms)
    return f'<dl class="glossary">{lines}</dl>'


def place(name: str) -> str:
    """A place on the page that the contents lead to."""
    return f'<h2 id="{name}">{escape(ELSEWHERE[name])}</h2>'


def _list(parts: Sequence[tuple[str, list[str]]]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(head)}</dt><dd>{_said(lines)}</dd>' for head, lines in parts)}</dl>"


def _said(lines: Sequence[str]) -> str:
    return escape(lines[0]) if len(lines) == 1 else "<ul>" + "".join(f"<li>{escape(x)}</li>" for x in lines) + "</ul>"
