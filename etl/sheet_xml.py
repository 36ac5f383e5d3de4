"""What a worksheet's XML says of itself, apart from the loader: how many rows it has, and which cells show an error.

The loader gives an error cell (#N/A, #REF!, #DIV/0!) as an empty one. Here it is something that was there and is lost.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

ODS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Cells = list[tuple[int, bool]]
"""A row's cells that hold something: the column, counted from 0, and whether it shows an error."""
ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "Err:")


@dataclass(frozen=True, slots=True)
class Scan:
    """Rows below the header with something in them, and where error cells stand: row, and column counted from 0 at the
    first column that the sheet uses, as the loader counts."""

    rows: int
    errors: list[tuple[int, int]]


def scan_rows(rows: Iterable[tuple[int, int, Cells]], header_row: int) -> Scan:
    """From (row number, times it is repeated, its filled cells as column and whether it is an error)."""
    counted, first, errors = 0, None, []
    for number, repeats, cells in rows:
        if not cells:
            continue
        low = min(column for column, _ in cells)
        first = low if first is None else min(first, low)
        counted += max(0, min(repeats, number + repeats - 1 - header_row))
        wrong = [column for column, error in cells if error]
        if wrong:
            errors += [(n, column) for n in range(max(number, header_row + 1), number + repeats) for column in wrong]
    return Scan(counted, [(row, column - (first or 0)) for row, column in errors])


def scan_xlsx(data: bytes, position: int, header_row: int) -> Scan:
    """The sheet at this position of an XLSX workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        target = targets[list(book.iter(f"{SHEET}sheet"))[position].get(LINK)]
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return scan_rows(_xlsx_rows(archive, path, _blank_strings(archive)), header_row)


def _xlsx_rows(archive: zipfile.ZipFile, path: str, blank: set[str]) -> Iterator[tuple[int, int, Cells]]:
    number = 0
    with archive.open(path) as stream:
        for _, row in ElementTree.iterparse(stream):
            if row.tag != f"{SHEET}row":
                continue
            number = int(row.get("r", number + 1))
            cells: Cells = []
            column = -1
            for cell in row:
                column = _column(cell.get("r", "")) if cell.get("r") else column + 1
                if _xlsx_filled(cell, blank):
                    cells.append((column, cell.get("t") == "e"))
            yield number, 1, cells
            row.clear()


def _column(reference: str) -> int:
    """The column of a cell's reference, counted from 0: A1 is 0, AB7 is 27."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference.upper()):
        number = 26 * number + ord(letter) - 64
    return number - 1


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
    return bool(value) and not (kind == "s" and value in blank)


def scan_ods(data: bytes, position: int, header_row: int) -> Scan:
    """The sheet at this position of an ODS document, repeats counted out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = ElementTree.fromstring(archive.read("content.xml"))
    return scan_rows(_ods_rows(list(content.iter(f"{ODS % 'table'}table"))[position]), header_row)


def _ods_rows(sheet: ElementTree.Element) -> Iterator[tuple[int, int, Cells]]:
    table, text, office = ODS % "table", ODS % "text", ODS % "office"
    number = 1
    for row in sheet.iter(f"{table}table-row"):
        repeats = int(row.get(f"{table}number-rows-repeated", "1"))
        cells: Cells = []
        column = 0
        for cell in row:
            wide = int(cell.get(f"{table}number-columns-repeated", "1"))
            if cell.tag == f"{table}table-cell":
                said = " ".join("".join(line.itertext()) for line in cell.iter(f"{text}p")).strip()
                error = cell.get(CALC) == "error" or (bool(cell.get(f"{table}formula")) and said.startswith(ERRORS))
                if said or error or cell.get(f"{office}value-type") not in (None, "string"):
                    cells += [(at, error) for at in range(column, column + wide)]
            column += wide
        yield number, repeats, cells
        number += repeats
