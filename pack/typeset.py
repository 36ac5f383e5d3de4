"""From Python to a tagged PDF: values as Typst's literals, one source text, compiled without network or files.

PDF/UA-1 is asked for, so a heading out of order or a picture without its words is an error here and not a reader's surprise.
The same release gives the same bytes: the date in the file is the release's own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from common.errors import ProblemError
from pack.tags import with_row_headers

STYLE = Path(__file__).with_name("style.typ")
FAMILIES = ("Liberation Sans", "Arial", "Helvetica", "Noto Sans", "DejaVu Sans", "Libertinus Serif")
"""Fonts in the order wanted; the last is within Typst itself."""


def literal(value: Any) -> str:
    """A value as Typst writes it: text is never read as markup."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, Mapping):
        inside = ", ".join(f"{literal(str(key).replace('_', '-'))}: {literal(one)}" for key, one in value.items())
        return f"({inside or ':'})"
    if isinstance(value, Sequence):
        return f"({''.join(literal(one) + ', ' for one in value)})"
    raise TypeError(f"Typst has no literal for {type(value).__name__}")


def call(name: str, *given: Any, **named: Any) -> str:
    """One call of a function of the style, as a line of the document."""
    parts = [*(literal(one) for one in given), *(f"{key}: {literal(one)}" for key, one in named.items())]
    return f"#{name.replace('_', '-')}({', '.join(parts)})"


def document(about: Mapping[str, Any], body: Sequence[str]) -> str:
    """The whole source of a document: the style, what is printed on every page, and what it says."""
    style = STYLE.read_text(encoding="utf-8")
    start = f"#let about = {literal({**about, 'fonts': list(fonts())})}\n#show: body => document-of(about, body)"
    return "\n".join([style, start, *body])


def pdf(source: str, made: dt.datetime) -> bytes:
    """The document as a tagged PDF, dated as its release."""
    import typst

    try:
        made_by_typst = typst.compile(source.encode(), pdf_standards=["ua-1"], timestamp=_utc(made))
    except typst.TypstError as wrong:
        raise ProblemError(
            f"The pack could not be typeset: {wrong.message}", "a document of the pack", "a tagged PDF with words for every picture",
            "report this with the release's version",
        ) from None  # fmt: skip
    assert isinstance(made_by_typst, bytes)  # it is given no file to write to
    return with_row_headers(made_by_typst)


def pictures(source: str, ppi: float = 80) -> list[bytes]:
    """Every page as a PNG, to look at."""
    import typst

    made = typst.compile(source.encode(), format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made)


@cache
def fonts() -> tuple[str, ...]:
    """The wanted fonts that this machine has, the best first; Typst's own where it has none of them."""
    import typst

    held = set(typst.Fonts().families())
    return tuple(name for name in FAMILIES if name in held)


def _utc(when: dt.datetime) -> dt.datetime:
    return when.replace(tzinfo=dt.UTC, microsecond=0)
