"""XLSX, XLS and ODS as text, with title rows above the header, and their rows counted from the XML.

Dates come out as ISO text, whole numbers without a decimal point, empty cells as missing. Rows with nothing in
them are not rows.
"""

import io
import zipfile
from xml.etree import ElementTree

import fastexcel
import polars as pl

from common.errors import ProblemError
from etl.settings import Read

ODS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00(\.0+)?$"


def read(
    data: bytes, read: Read, form: str, name: str
) -> tuple[pl.DataFrame, list[str | None], int, list[tuple[int, str]]]:
    """The cells (columns c0, c1, ... beside `row`), the header, the count of data rows, and no rejected rows."""
    try:
        book = fastexcel.read_excel(data)
    except fastexcel.FastExcelError:
        raise ProblemError(
            "the file is not a readable workbook",
            name,
            "XLSX, XLS or ODS as the mapping says, without a password",
            "open it in a spreadsheet program, remove any password and save it again",
        ) from None
    sheet = read.sheet
    known = (isinstance(sheet, int) and sheet < len(book.sheet_names)) or sheet in book.sheet_names
    if not known:
        raise ProblemError("the sheet is not in the workbook", name, remedy="check sheet in the mapping")
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    grid = loaded.to_polars()
    grid = grid.rename({column: f"c{position}" for position, column in enumerate(grid.columns)})
    grid = grid.with_columns(pl.all().str.replace(MIDNIGHT, "$1"))
    grid = grid.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    header_row = grid.filter(pl.col("row") == read.header_row).drop("row")
    if not header_row.height or all(cell is None for cell in header_row.row(0)):
        raise ProblemError("the header row is empty", name, f"a header in row {read.header_row}", "check header_row")
    header: list[str | None] = list(header_row.row(0))
    cells = [column for column in grid.columns if column != "row"]
    filled = pl.any_horizontal(pl.col(column).fill_null("").str.strip_chars() != "" for column in cells)
    body = grid.filter((pl.col("row") > read.header_row) & filled)
    position = sheet if isinstance(sheet, int) else book.sheet_names.index(sheet)
    if form == "xlsx":
        counted = _count_xlsx(data, position, read.header_row)
    elif form == "ods":
        counted = _count_ods(data, position, read.header_row)
    else:
        counted = body.height  # the old binary format offers no second way to count
    return body, header, counted, []


def _count_xlsx(data: bytes, position: int, header_row: int) -> int:
    """Rows below the header with something in them, from the worksheet's XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        target = targets[list(book.iter(f"{SHEET}sheet"))[position].get(LINK)]
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        blank = _blank_strings(archive)
        counted = number = 0
        with archive.open(path) as stream:
            for _, row in ElementTree.iterparse(stream):
                if row.tag != f"{SHEET}row":
                    continue
                number = int(row.get("r", number + 1))
                if number > header_row and any(_xlsx_filled(cell, blank) for cell in row):
                    counted += 1
                row.clear()
    return counted


def _blank_strings(archive: zipfile.ZipFile) -> set[str]:
    """The numbers of the shared strings that hold nothing but blanks."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return set()
    items = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return {str(index) for index, item in enumerate(items) if not "".join(item.itertext()).strip()}


def _xlsx_filled(cell: ElementTree.Element, blank: set[str]) -> bool:
    kind = cell.get("t")
    if kind == "inlineStr":
        return bool("".join(cell.itertext()).strip())
    value = (cell.findtext(f"{SHEET}v") or "").strip()
    return kind != "e" and bool(value) and not (kind == "s" and value in blank)


def _count_ods(data: bytes, position: int, header_row: int) -> int:
    """Rows below the header with something in them, from the document's XML, repeats counted out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = ElementTree.fromstring(archive.read("content.xml"))
    table, text, office = ODS % "table", ODS % "text", ODS % "office"
    counted = number = 0
    for row in list(content.iter(f"{table}table"))[position].iter(f"{table}table-row"):
        repeats = int(row.get(f"{table}number-rows-repeated", "1"))
        cells = row.iter(f"{table}table-cell")
        filled = any(
            cell.get(f"{office}value-type") not in (None, "string")
            or any("".join(line.itertext()).strip() for line in cell.iter(f"{text}p"))
            for cell in cells
        )
        if filled:
            counted += max(0, min(repeats, number + repeats - header_row))
        number += repeats
    return counted
