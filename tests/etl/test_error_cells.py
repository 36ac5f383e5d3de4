"""Worksheet cells that show an error are something that was lost: their rows are quarantined, never taken for empty."""

import struct
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from etl import quarantine
from etl.mapping import read_mapping
from etl.old_xls import END, scan_xls
from etl.read import read_rows
from etl.settings import Read
from etl.sheet_xml import Scan
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


CODES = {"#N/A": 0x2A, "#REF!": 0x17, "#DIV/0!": 0x07, "#VALUE!": 0x0F}


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(file: Path) -> Path:
    """A workbook in the old binary format, record by record: errors as cells and, in odd rows, as formulas."""
    texts = sorted({text for line in LINES for text in line if text and not text.startswith("#")} | {"A title", "  "})
    strings = b"".join(struct.pack("<HB", len(text), 0) + text.encode("latin-1") for text in texts)
    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0x41, 0x06)
    shared = record(0x00FC, struct.pack("<II", 99, len(texts)) + strings)
    listed = record(0x0085, struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"S")
    before = len(record(0x0809, start)) + len(listed) + len(shared) + len(record(0x000A, b""))
    listed = record(0x0085, struct.pack("<IBBBB", before, 0, 0, 1, 0) + b"S")
    book = record(0x0809, start) + listed + shared + record(0x000A, b"")
    book += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0x41, 0x06))
    blanks = [[None, "  ", None, None]]  # a row of blanks is no row
    for down, line in enumerate([["A title"], [], *LINES, *blanks]):
        for right, text in enumerate(line, start=1):
            place = struct.pack("<HHH", down, right, 0)
            if text in CODES and down % 2:
                shown = bytes([2, 0, CODES[text], 0, 0, 0, 0xFF, 0xFF])
                book += record(0x0006, place + shown + struct.pack("<HIH", 0, 0, 2) + bytes([0x1C, CODES[text]]))
            elif text in CODES:
                book += record(0x0205, place + bytes([CODES[text], 1]))
            elif text:
                book += record(0x00FD, place + struct.pack("<I", texts.index(text)))
    book += record(0x000A, b"")
    file.write_bytes(compound(book.ljust(4096, b"\0")))
    return file


def compound(stream: bytes) -> bytes:
    """A compound file of one stream, `Workbook`: the header, a sector of the table, one of the directory, the stream."""
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    sectors = len(stream) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + b"\xff" * 432
    table = [0xFFFFFFFD, END, *range(3, sectors + 2), END]

    def entry(name: str, kind: int, first: int, size: int, child: int) -> bytes:
        text = (name + "\0").encode("utf-16-le") if name else b""
        told = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return told + bytes(36) + struct.pack("<III", first, size, 0)

    folder = entry("Root Entry", 5, END, 0, 1) + entry("Workbook", 2, 2, len(stream), 0xFFFFFFFF)
    folder += 2 * entry("", 0, 0, 0, 0xFFFFFFFF)
    packed = b"".join(struct.pack("<I", word) for word in table).ljust(512, b"\xff")
    return header + packed + folder + stream


WRITERS = {"xlsx": xlsx, "ods": ods, "xls": xls}


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


@pytest.mark.shared
def test_a_published_old_workbook_has_the_rows_that_the_loader_finds(shared_data: Path) -> None:
    """Thirteen sheets with title rows, blanks, formulas and more shared strings than one record holds."""
    file = shared_data / "messy_exports" / "ons_pop_data.xls"
    data = file.read_bytes()
    book = fastexcel.read_excel(data)
    assert len(book.sheet_names) == 13
    for position in range(13):
        grid = book.load_sheet(position, header_row=None, skip_rows=0, dtypes="string").to_polars()
        filled = grid.filter(pl.any_horizontal(pl.all().fill_null("").str.strip_chars() != ""))
        assert scan_xls(data, position, 0) == Scan(filled.height, [])


def test_an_older_kind_of_workbook_is_left_to_the_loader() -> None:
    assert scan_xls(b"not a compound file", 0, 0) is None
    assert (
        scan_xls(compound(b"x" * 4096).replace("Workbook".encode("utf-16-le"), "Book4321".encode("utf-16-le")), 0, 0)
        is None
    )


def test_a_text_that_looks_like_an_error_is_a_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "text.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["Note", "#N/A"])
    rows = read_rows(tmp_path / "text.xlsx", Read(), "xlsx")
    assert rows.errors.is_empty()
    assert rows.frame.rows() == [(2, "#N/A")]
