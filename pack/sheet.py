"""What is printed on every page of a document, and the calls that a document is written with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components import words
from pack import typeset
from release.read import Reader

SYNTHETIC = "Synthetic data: nobody here exists"
Row = Mapping[str, Any]


class Faint(str):
    """What stands in a cell in grey."""


@dataclass(slots=True)
class Sheet:
    """One document from one level of one release: its title, and what it says so far, as lines of Typst."""

    source: Reader
    title: str
    running: str
    size: float = 9.2
    body: list[str] = field(default_factory=list)

    def add(self, name: str, *given: Any, **named: Any) -> None:
        """One thing more, by a function of the style."""
        self.body.append(typeset.call(name, *given, **named))

    def part(self, title: str) -> None:
        """A page of its own, with its heading."""
        self.add("part", title)

    def heading(self, title: str) -> None:
        """A heading within a page."""
        self.body.append(f"#heading(level: 2, {typeset.literal(title)})")

    def each(self, name: str, said: Sequence[str]) -> None:
        """Several of one thing."""
        for one in said:
            if one:
                self.add(name, one)

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[Any]], numeric: Sequence[int] = (), *, caption: str = "",
        widths: Sequence[int] | None = None,
    ) -> None:  # fmt: skip
        """A plain table, where it has any row."""
        if rows:
            cells = [[{"faint": str(cell)} if isinstance(cell, Faint) else str(cell) for cell in row] for row in rows]
            self.add("plain", caption, list(heads), cells, list(numeric), list(widths) if widths else None)

    @property
    def text(self) -> str:
        """The document's whole source."""
        return typeset.document(about(self), self.body)

    def pdf(self) -> bytes:
        """The document, typeset."""
        return typeset.pdf(self.text, self.source.created)


def about(sheet: Sheet) -> dict[str, Any]:
    """What every page names: the area, the release, its cut-off and level, and whether anybody in it exists."""
    source = sheet.source
    return {
        "title": f"{sheet.title}, {source.area}",
        "running": sheet.running,
        "area": source.area,
        "level_words": words.LEVELS[source.level],
        "synthetic": source.synthetic,
        "synthetic_words": SYNTHETIC,
        "release": source.id,
        "cutoff": words.day(source.cutoff),
        "size": sheet.size,
    }


def quarter(source: Reader) -> str:
    """The quarter being reviewed, in words."""
    return source.period(source.reporting_quarter).label
