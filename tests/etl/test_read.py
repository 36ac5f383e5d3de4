"""Reading: what is in the file comes out cell for cell, and every row is accounted for."""

import csv
import datetime as dt
import io
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from common.errors import ProblemError
from etl.mapping import Read
from etl.read import column_names, read_rows

QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LETTERS = "ab,;\"'\n\r \t£éŠ€1-"


def cells_of(frame: pl.DataFrame) -> list[tuple[str, ...]]:
    return frame.drop("row").rows()


@QUIET
@given(data=st.data())
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_any_table_reads_back_equal(tmp_path: Path, encoding: str, data: st.DataObject) -> None:
    """Quotes, line ends inside cells, delimiters and accents survive, whatever the encoding and delimiter."""
    width = data.draw(st.integers(1, 4))
    delimiter = data.draw(st.sampled_from([",", ";", "\t", "|"]))
    table = data.draw(st.lists(st.lists(st.text(LETTERS, max_size=6), min_size=width, max_size=width), max_size=8))
    out = io.StringIO(newline="")
    ends, quoting = data.draw(st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL)]))
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=quoting)
    writer.writerow([f"h{i}" for i in range(width)])
    writer.writerows(table)
    text = out.getvalue()
    file = tmp_path / "any.csv"
    file.write_bytes((text if data.draw(st.booleans()) else text.removesuffix(ends)).encode(encoding))
    rows = read_rows(file, Read(encoding=encoding, delimiter=delimiter))
    assert cells_of(rows.frame) == [tuple(line) for line in table]
    assert rows.counted == len(table)
    assert rows.rejected.height == 0


@QUIET
@given(
    st.lists(
        st.sampled_from(["a,b,c", "a,b", "a,b,c,d", '"x\ny",b,c', 'st"ray,b,c', '"open,b,c', '"a"b,c,d', '"q""q",,']),
        max_size=12,
    )
)
def test_a_broken_row_never_shifts_another(tmp_path: Path, lines: list[str]) -> None:
    """Each row that loads has three cells that stand in the file in that order; all rows are accounted for."""
    file = tmp_path / "faults.csv"
    file.write_text("\n".join(["h1,h2,h3", *lines, ""]), "utf-8")
    rows = read_rows(file, Read())
    assert rows.counted == rows.frame.height + rows.rejected.height
    allowed = {("a", "b", "c"), ("x\ny", "b", "c"), ('q"q', "", "")}
    sound = [line for line in lines if line in ("a,b,c", '"x\ny",b,c', '"q""q",,')]
    if not any(line.startswith(('"open', '"a"b', 'st"')) for line in lines):
        assert rows.frame.height == len(sound)
        assert set(cells_of(rows.frame)) <= allowed
    assert all(len(line) == 3 for line in cells_of(rows.frame))
    assert set(rows.rejected["rule"]) <= {"wrong number of columns", "stray quote or line end"}


def test_the_rows_around_a_stray_quote_load(tmp_path: Path) -> None:
    file = tmp_path / "stray.csv"
    file.write_text('a,b\n1,2\n3 "x,4\n5,6\n"7,8\n9,10\n', "utf-8")
    rows = read_rows(file, Read())
    assert cells_of(rows.frame) == [("1", "2"), ("5", "6"), ("9", "10")]
    assert rows.rejected.rows() == [(3, "stray quote or line end"), (5, "stray quote or line end")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    file = tmp_path / "titled.csv"
    file.write_text('Police extract\n\na,b\n1,"two\nlines"\n\n3\n4,5\n', "utf-8")
    rows = read_rows(file, Read(header_row=3))
    assert rows.frame.to_dicts() == [{"a": "1", "b": "two\nlines", "row": 4}, {"a": "4", "b": "5", "row": 7}]
    assert rows.rejected.rows() == [(6, "wrong number of columns")]
    assert rows.counted == 3


def test_a_carriage_return_alone_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "returns.csv"
    file.write_bytes(b'a,b\r\n1,x\ry\r\n2,"x\ry"\r\n')
    rows = read_rows(file, Read())
    assert cells_of(rows.frame) == [("2", "x\ry")]
    assert rows.rejected.rows() == [(2, "stray quote or line end")]


def test_windows_1252_is_decoded_and_not_taken_for_latin_1(tmp_path: Path) -> None:
    file = tmp_path / "windows.csv"
    file.write_bytes(b"a,b\n\x80100,\x93quoted\x94\n")
    assert cells_of(read_rows(file, Read(encoding="windows-1252")).frame) == [("€100", "“quoted”")]


def test_text_that_is_not_in_the_encoding_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_bytes(b"a,b\n1,\x81\n2,fine\n")
    rows = read_rows(file, Read(encoding="windows-1252"))
    assert cells_of(rows.frame) == [("2", "fine")]
    assert rows.rejected.rows() == [(2, "text that is not windows-1252")]


def test_nothing_is_guessed(tmp_path: Path) -> None:
    """Leading noughts, dates, NULL and numbers are the text in the file."""
    file = tmp_path / "text.csv"
    file.write_text("a,b,c,d\n007,01/02/2020,NULL,1e5\n", "utf-8")
    assert cells_of(read_rows(file, Read()).frame) == [("007", "01/02/2020", "NULL", "1e5")]


def test_a_byte_order_mark_is_not_part_of_the_header(tmp_path: Path) -> None:
    file = tmp_path / "mark.csv"
    file.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    assert read_rows(file, Read()).frame.columns == ["a", "b", "row"]


def test_repeated_and_missing_headers_are_named() -> None:
    assert column_names(["a", "a", None, " ", "a", "row"]) == ["a", "a_2", "column_3", "column_4", "a_3", "row_2"]


def test_a_missing_header_is_a_problem_that_quotes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "short.csv"
    file.write_text("secret,cell\n", "utf-8")
    with pytest.raises(ProblemError) as caught:
        read_rows(file, Read(header_row=4))
    assert "header in row 4" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_workbook_is_text_below_its_titles(tmp_path: Path) -> None:
    """Whole numbers have no decimal point, dates are ISO days, empty cells are missing, empty rows are not rows."""
    file = tmp_path / "caseload.xlsx"
    with xlsxwriter.Workbook(file) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet("Notes").write(0, 0, "nothing here")
        sheet = book.add_worksheet("Caseload")
        sheet.write(1, 0, "Probation caseload")
        sheet.write_row(3, 0, ["Ref", "N", "When", "N"])
        sheet.write_row(4, 0, ["0012", 12345678901])
        sheet.write_datetime(4, 2, dt.datetime(2024, 2, 29), day)
        sheet.write(4, 3, 1.25)
        sheet.write(6, 3, "last")
        sheet.write(8, 0, "   ")
    rows = read_rows(file, Read(sheet="Caseload", header_row=4), "xlsx")
    assert rows.frame.columns == ["row", "Ref", "N", "When", "N_2"]
    assert rows.frame.rows() == [(5, "0012", "12345678901", "2024-02-29", "1.25"), (7, None, None, None, "last")]
    assert rows.counted == 2


def test_an_open_document_counts_repeated_rows(tmp_path: Path) -> None:
    document, table = OpenDocumentSpreadsheet(), Table(name="Referrals")

    def add(*cells: str | None, repeat: int = 1) -> None:
        line = TableRow(numberrowsrepeated=repeat)
        for text in cells:
            cell = TableCell(valuetype="string") if text is not None else TableCell()
            if text is not None:
                cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)

    add("Referrals")
    add(None)
    add("Ref", "Programme")
    add("A1", "ETE", repeat=3)
    add(None, None, repeat=2)
    add("A2", None)
    document.spreadsheet.addElement(table)
    file = tmp_path / "provider.ods"
    document.save(str(file))
    rows = read_rows(file, Read(sheet="Referrals", header_row=3), "ods")
    assert rows.frame.rows() == [(4, "A1", "ETE"), (5, "A1", "ETE"), (6, "A1", "ETE"), (9, "A2", None)]
    assert rows.counted == 4


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    pl.DataFrame({"n": [1, None], "d": [dt.date(2024, 1, 2), None]}).write_parquet(file)
    rows = read_rows(file, Read(), "parquet")
    assert rows.frame.rows() == [(1, "1", "2024-01-02"), (2, None, None)]


@pytest.mark.shared
def test_messy_exports_read(shared_data: Path) -> None:
    """Mangled headers, title rows, legacy XLS: the shapes agencies really send."""
    folder = shared_data / "messy_exports"
    for name in ("prison_estate_geocoded.csv", "gm_probation_offices.csv", "splink_fake_1000.csv"):
        rows = read_rows(folder / name, Read())
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            plain = list(csv.reader(stream))
        assert cells_of(rows.frame) == [tuple(line) for line in plain[1:]]
    old = read_rows(folder / "ons_pop_data.xls", Read(sheet="MYE2-All", header_row=5), "xls")
    assert old.frame.columns[:5] == ["row", "Code", "Name", "Geography1", "All ages"]
    assert old.frame.row(0)[:5] == (6, "K02000001", "UNITED KINGDOM", "Country", "66435550")
    ratios = read_rows(folder / "disparity_ratios.xlsx", Read(sheet="comparisons_table"), "xlsx")
    assert ratios.counted == ratios.frame.height == 24
