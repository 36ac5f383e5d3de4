"""Row headers in a typeset PDF: the first cell of each row names the row to a screen reader, and so does a group's title.

Typst tags the head of a table alone: what tags a row's own header stands behind a switch that the library does not pass on
(`pdf.header-cell`, feature `a11y-extras`). So the tree of tags is completed here: in the body of every table the first cell of a
row becomes a header cell of that row, a title that spans the table becomes a header cell of the rows below it, and every other
cell names both beside the head of its column (ISO 32000-1, 14.8.5.7: attributes Scope and Headers, and the tree of identifiers).
Nothing else of the file is touched.
"""

import re
from collections.abc import Iterable, Sequence

from common.errors import ProblemError

OBJECT = re.compile(rb"(\d+) 0 obj\n(<</Type/StructElem/S/(TBody|TR|TD|Table)/.*?)\nendobj\n", re.DOTALL)
KIDS = re.compile(rb"/K\[((?:\d+ 0 R ?)*)\](?:/Pg|>>)")
HEADERS = re.compile(rb"/A\[<</O/Table/Headers\[(.*?)\]")
NAMES = re.compile(rb"/IDTree<</Names\[(.*?)\]>>", re.DOTALL)
TAIL = re.compile(rb"xref\n0 (\d+)\n(.*?)trailer\n(.*?)startxref\n\d+\n%%EOF\s*$", re.DOTALL)
AFTER_TYPSTS = "V"
"""Begins the identifiers given here: they sort behind Typst's own, which begin with U, as the tree of identifiers asks."""


def with_row_headers(content: bytes) -> bytes:
    """The same PDF with its row headers tagged; as it came where it holds no table.

    Raises ProblemError where the file is not laid out as the pinned Typst lays it out: it would be the less accessible unseen.
    """
    tail = TAIL.search(content)
    names = NAMES.search(content)
    if tail is None:
        raise _unknown("its list of objects is compressed")
    elements = {int(number): (kind, text) for number, text, kind in OBJECT.findall(content)}
    if not any(kind == b"TBody" for kind, _ in elements.values()):
        return content
    if names is None:
        raise _unknown("its header cells have no list of identifiers")
    changed, given = _headed(elements)
    listed = b"".join(b"(%s)%d 0 R" % (name, number) for name, number in sorted(given))
    head = content[: tail.start()]
    head = head[: names.end(1)] + listed + head[names.end(1) :]
    pieces, done = [], 0
    for found in OBJECT.finditer(head):
        if (text := changed.get(int(found[1]))) is not None:
            pieces += [head[done : found.start(2)], text]
            done = found.end(2)
    return _listed(b"".join([*pieces, head[done:]]), int(tail[1]), tail[3])


def _headed(elements: dict[int, tuple[bytes, bytes]]) -> tuple[dict[int, bytes], list[tuple[bytes, int]]]:
    """The elements of the tables' bodies as they should be, and the identifiers given to their header cells."""
    changed: dict[int, bytes] = {}
    given: list[tuple[bytes, int]] = []
    for kind, text in elements.values():
        if kind != b"Table":
            continue
        group: list[bytes] = []
        bodies = [kid for kid in _kids(text) if elements.get(kid, (b"",))[0] == b"TBody"]
        for row in (row for body in bodies for row in _kids(elements[body][1])):
            first, *others = _kids(elements[row][1])
            name = b"%s%07d" % (AFTER_TYPSTS.encode(), first)
            given.append((name, first))
            if others:
                changed[first] = _header(elements[first][1], b"Row", name, group)
                for cell in others:
                    changed[cell] = _beside(elements[cell][1], [*group, name])
            else:
                group = [name]
                changed[first] = _header(elements[first][1], b"Column", name, [])
    return changed, given


def _header(text: bytes, scope: bytes, name: bytes, above: Sequence[bytes]) -> bytes:
    """A data cell made a header cell; the title of a group is under no column's head, for it spans them all."""
    held = HEADERS.search(text)
    if held is None:
        raise _unknown("a cell names no header")
    under = b"" if scope == b"Column" else held[1] + _names(above)
    text = text.replace(held[0], b"/A[<</O/Table/Scope/%s/Headers[%s]" % (scope, under), 1)
    return re.sub(rb"/S/TD/P (\d+) 0 R", rb"/S/TH/P \1 0 R/ID(%s)" % name, text, count=1)


def _beside(text: bytes, above: Sequence[bytes]) -> bytes:
    """A data cell that names its row and its group beside its column."""
    held = HEADERS.search(text)
    if held is None:
        raise _unknown("a cell names no header")
    return text.replace(held[0], b"/A[<</O/Table/Headers[%s]" % (held[1] + _names(above)), 1)


def _kids(text: bytes) -> list[int]:
    found = KIDS.search(text)
    if found is None:
        raise _unknown("an element of a table holds no other")
    return [int(number) for number in re.findall(rb"(\d+) 0 R", found[1])]


def _names(names: Iterable[bytes]) -> bytes:
    return b"".join(b"(%s)" % name for name in names)


def _listed(body: bytes, size: int, trailer: bytes) -> bytes:
    """The file with the list of where each object begins written anew."""
    at = {int(found[1]): found.start() for found in re.finditer(rb"(?<=\n)(\d+) 0 obj\n", body)}
    if len(at) != size - 1:
        raise _unknown("an object is missing from its list")
    lines = [b"0000000000 65535 f\r\n", *(b"%010d 00000 n\r\n" % at[number] for number in range(1, size))]
    return b"%sxref\n0 %d\n%strailer\n%sstartxref\n%d\n%%%%EOF" % (body, size, b"".join(lines), trailer, len(body))


def _unknown(why: str) -> ProblemError:
    return ProblemError(
        f"The pack's tables could not be given row headers: {why}", "a document of the pack", "a tagged PDF as Typst 0.15 writes it",
        "install the pinned version of typst, or report this with the release's version",
    )  # fmt: skip
