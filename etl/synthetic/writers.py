"""Write extracts as agencies do: CSV in a given encoding, workbooks with title rows, and ODS."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl
import xlsxwriter

MADE = (2026, 10, 1, 6, 0, 0)
"""The time stamped on files inside workbooks, so that one seed gives the same bytes."""


def write_csv(path: Path, frame: pl.DataFrame, encoding: str, titles: Sequence[str], wide: set[int]) -> None:
    """CSV with Windows line ends; titles stand above the header; rows in `wide` get a cell too many."""
    text = io.StringIO()
    for title in titles:
        text.write('"' + title.replace('"', '""') + '"\r\n')
    body = frame.write_csv(line_terminator="\r\n", null_value="")
    if wide:
        lines = body.split("\r\n")
        for row in wide:
            lines[row + 1] += ",,"
        body = "\r\n".join(lines)
    text.write(body)
    # A letter that the encoding lacks becomes ?, as in the systems these files come from.
    path.write_bytes(text.getvalue().encode(encoding, errors="replace"))


def write_xlsx(path: Path, sheets: Sequence[tuple[str, Sequence[str], pl.DataFrame]]) -> None:
    """A workbook of text cells: (sheet name, title rows, frame of text) for each sheet."""
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    book.set_properties({"created": dt.datetime(*MADE)})
    for name, titles, frame in sheets:
        sheet = book.add_worksheet(name)
        rows = chain(([title] for title in titles), [frame.columns], frame.iter_rows())
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(row, column, cell)
    book.close()


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write_ods(path: Path, sheet: str, titles: Sequence[str], frame: pl.DataFrame) -> None:
    """An OpenDocument sheet, its rows streamed as text (odfpy builds the whole tree first; see decisions)."""
    with zipfile.ZipFile(path, "w") as archive:
        _member(archive, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        parts = [_ODS_HEAD, f'<table:table table:name="{escape(sheet)}">']
        parts += [_ods_row([title]) for title in titles]
        parts.append(_ods_row(frame.columns))
        parts += [_ods_row(cells) for cells in frame.iter_rows()]
        parts += ["</table:table>", _ODS_TAIL]
        _member(archive, "content.xml", "".join(parts))
        _member(archive, "META-INF/manifest.xml", _MANIFEST)


def _member(archive: zipfile.ZipFile, name: str, text: str, how: int = zipfile.ZIP_DEFLATED) -> None:
    info = zipfile.ZipInfo(name, MADE)
    info.compress_type = how
    archive.writestr(info, text.encode("utf-8"))


def _ods_row(cells: Sequence[str | None]) -> str:
    return "<table:table-row>" + "".join(map(_ods_cell, cells)) + "</table:table-row>"


def _ods_cell(cell: str | None) -> str:
    if not cell:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
