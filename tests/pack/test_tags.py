"""Row headers: a screen reader that enters a cell is told its column, its row and its group, and the file stays sound."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from common.errors import ProblemError
from pack import tags, typeset

STYLED = """#set document(title: "Two groups")
#set text(lang: "en", region: "GB")
= A table
#table(columns: 3, table.header([Measure], [Latest], [Before]), table.cell(colspan: 3)[People on the scheme], [Rate], [52%], [50%],
  table.cell(colspan: 3)[Everybody], [Rate], [31%], [30%], [Days], [90], [])
= Another
#table(columns: 2, table.header([Sign], [Meaning]), [c], [Hidden])
"""


def elements(content: bytes) -> list[dict]:
    """Every element of the tree of tags, from the top."""

    def walk(node: object) -> list[dict]:
        held = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(held, list):
            return [one for kid in held for one in walk(kid)]
        return [held, *walk(held.get("/K", []))] if isinstance(held, dict) else []

    return walk(PdfReader(io.BytesIO(content), strict=True).trailer["/Root"]["/StructTreeRoot"])


def cells(content: bytes) -> list[list[dict]]:
    """The cells of each row of each table."""
    return [
        [kid.get_object() for kid in one["/K"]]
        for one in elements(content)
        if one.get("/S") == "/TR"
    ]  # fmt: skip


def about(cell: dict) -> tuple[str, str, list[str]]:
    """A cell's kind, its scope and the headers that it names."""
    held = cell["/A"][0].get_object()
    return cell["/S"], held.get("/Scope", ""), [str(one) for one in held["/Headers"]]


@pytest.fixture(scope="module")
def made() -> bytes:
    return typeset.pdf(STYLED, dt.datetime(2026, 10, 1))


def test_each_cell_names_its_column_its_group_and_its_row(made: bytes) -> None:
    head, first, rate, second, everybodys, days, _, sign = cells(made)
    column = [str(one["/ID"]) for one in head]
    assert [about(one)[:2] for one in head] == [("/TH", "/Column")] * 3
    assert about(first[0]) == ("/TH", "/Column", [])
    assert about(rate[0]) == ("/TH", "/Row", [column[0], first[0]["/ID"]])
    assert about(rate[1]) == ("/TD", "", [column[1], first[0]["/ID"], rate[0]["/ID"]])
    assert about(everybodys[2]) == ("/TD", "", [column[2], second[0]["/ID"], everybodys[0]["/ID"]])
    assert about(days[1])[2] == [column[1], second[0]["/ID"], days[0]["/ID"]]
    assert about(sign[0])[1] == "/Row"
    assert len(about(sign[1])[2]) == 2, "the second table has no group, and none of the first one's"


def test_every_identifier_is_in_the_tree_of_identifiers_once_in_order(made: bytes) -> None:
    root = PdfReader(io.BytesIO(made), strict=True).trailer["/Root"]["/StructTreeRoot"]
    listed = root["/IDTree"]["/Names"]
    names = [str(one) for one in listed[::2]]
    assert names == sorted(set(names))
    own = {str(one["/ID"]) for one in elements(made) if "/ID" in one}
    assert set(names) == own
    assert all(cell.get_object()["/ID"] == name for name, cell in zip(listed[::2], listed[1::2], strict=True))
    asked = {name for row in cells(made) for cell in row for name in about(cell)[2]}
    assert asked <= own


def test_nothing_that_is_read_is_lost(made: bytes) -> None:
    [page] = PdfReader(io.BytesIO(made), strict=True).pages
    said = page.extract_text().split()
    assert [one for one in ("Measure", "52%", "Everybody", "90", "Hidden") if one not in said] == []


def test_a_document_without_a_table_is_left_alone() -> None:
    bare = '#set document(title: "None")\n#set text(lang: "en")\n= A heading\nWords.'
    assert b"/S/TH" not in typeset.pdf(bare, dt.datetime(2026, 10, 1))


def test_a_file_laid_out_otherwise_is_refused() -> None:
    with pytest.raises(ProblemError, match="could not be given row headers"):
        tags.with_row_headers(b"%PDF-1.7\n1 0 obj\n<</Type/XRef>>\nendobj\nstartxref\n9\n%%EOF")
