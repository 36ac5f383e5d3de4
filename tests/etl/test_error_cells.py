"""Worksheet cells that show an error are something that was lost: their rows are quarantined, never taken for empty."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from etl import quarantine
from etl.mapping import read_mapping
from etl.read import read_rows
from etl.settings import Read
from etl.stage import stage

MAPPING = """
source = "list"
agency = "voluntary"
files = "list*"
format = "{form}"
[read]
header_row = 3
[identity]
source = "Ref"
[[table]]
to = "person"
columns.sex = {{column = "Sex", values = {{"M" = "male"}}, missing = "not_known"}}
columns.ethnicity = {{value = "not_known"}}
columns.date_of_birth = "Born"
"""
# the header is in row 3 and column B. None is empty, a text that begins with # an error
LINES = [
    ["Ref", "Sex", "Born", "Note"],
    ["A", "M", "1990-01-01", "x"],
    ["B", "#N/A", "1991-01-01", "x"],
    ["B", "#REF!", "1991-01-01", "x"],
    ["C", None, "1992-01-01", "#DIV/0!"],
    ["#N/A", "M", "1993-01-01", None],
    [None, None, "#VALUE!", None],
    [None, None, None, "#N/A"],
    [None, None, None, None],
    ["D", "M", "1994-01-01", "x"],
]


def xlsx(file: Path) -> Path:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 1, "A title")
        for down, line in enumerate(LINES, start=2):
            for right, text in enumerate(line, start=1):
                if text and text.startswith("#"):
                    sheet.write_formula(down, right, "=NA()", None, text)
                elif text:
                    sheet.write(down, right, text)
    return file


def ods(file: Path) -> Path:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Sheet1")
    for texts in [[None, "A title"], [None], *([None, *line] for line in LINES)]:
        row = TableRow()
        for text in texts:
            error = text is not None and text.startswith("#")
            cell = TableCell(**({"formula": "of:=NA()", "valuetype": "string", "stringvalue": ""} if error else {}),
                             **({"valuetype": "string"} if text and not error else {}))  # fmt: skip
            if text is not None:
                cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(file))
    return file


WRITERS = {"xlsx": xlsx, "ods": ods}


@pytest.mark.parametrize("form", WRITERS)
def test_every_error_cell_is_named_and_its_row_counted(tmp_path: Path, form: str) -> None:
    rows = read_rows(WRITERS[form](tmp_path / f"list.{form}"), Read(header_row=3), form)
    assert rows.errors.sort("row").rows() == [
        (5, "Sex"), (6, "Sex"), (7, "Note"), (8, "Ref"), (9, "Born"), (10, "Note"),
    ]  # fmt: skip
    assert rows.counted == 8
    assert rows.frame["row"].to_list() == [4, 5, 6, 7, 8, 9, 10, 12]


@pytest.mark.parametrize("form", WRITERS)
def test_rows_with_an_error_where_the_mapping_reads_are_quarantined(tmp_path: Path, form: str) -> None:
    """Rows 5 and 6 differ in their error alone and are no duplicates; an error in a column that is not used is nothing."""
    (tmp_path / "list.toml").write_text(MAPPING.format(form=form), "utf-8")
    file = WRITERS[form](tmp_path / f"list.{form}")
    (part,) = stage(read_mapping(tmp_path / "list.toml"), [file], tmp_path / "data")
    assert (part.read, part.loaded, part.quarantined, part.duplicate) == (8, 3, 5, 0)
    assert part.reconciles
    told = {(reason.rule, reason.first) for reason in quarantine.reasons(part) if "shows an error" in reason.rule}
    shows = "the cell under {} shows an error, such as #N/A or #REF!"
    assert told == {(shows.format("Sex"), (5, 6)), (shows.format("Ref"), (8,)), (shows.format("Born"), (9,))}
    assert pl.read_parquet(part.path / "person.parquet")["source_row"].to_list() == [4, 7, 12]


def test_a_text_that_looks_like_an_error_is_a_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "text.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["Note", "#N/A"])
    rows = read_rows(tmp_path / "text.xlsx", Read(), "xlsx")
    assert rows.errors.is_empty()
    assert rows.frame.rows() == [(2, "#N/A")]
