"""Write extracts as agencies do: CSV in a given encoding, workbooks with title rows, and ODS."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl

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
    """A workbook of text cells: (sheet name, title rows, frame of text) for each sheet.

    The XML is made a column at a time. xlsxwriter makes it a cell at a time, in ten seconds instead of half a one
    for the default county.
    """
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_OFFICE}.spreadsheetml.worksheet+xml"/>'
            for n in numbers
        )
        _member(archive, "[Content_Types].xml", _XLSX_TYPES.format(parts=parts))
        _member(archive, "_rels/.rels", _XLSX_ROOT)
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, (name, _, _) in zip(numbers, sheets, strict=True)
        )
        _member(archive, "xl/workbook.xml", _XLSX_BOOK.format(sheets=names))
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        _member(archive, "xl/_rels/workbook.xml.rels", _XLSX_LINKS.format(links=links))
        for n, (_, titles, frame) in zip(numbers, sheets, strict=True):
            _member(archive, f"xl/worksheets/sheet{n}.xml", _xlsx_sheet(titles, frame))


def _xlsx_sheet(titles: Sequence[str], frame: pl.DataFrame) -> str:
    top = len(titles) + 1
    rows = [_xlsx_row(number, [title]) for number, title in enumerate(titles, start=1) if title]
    rows.append(_xlsx_row(top, frame.columns))
    number = (pl.int_range(pl.len()) + top + 1).cast(pl.String)
    cells = [
        pl.when(pl.col(name).fill_null("") == "")
        .then(pl.lit(""))
        .otherwise(
            pl.lit(f'<c r="{_letter(at)}') + number + pl.lit('" t="inlineStr"><is><t>') + _escaped(name)
            + pl.lit("</t></is></c>")
        )
        .alias(name)
        for at, name in enumerate(frame.columns)
    ]  # fmt: skip
    body = frame.lazy().select(pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>")))
    rows.extend(body.collect().to_series().to_list())
    return _XLSX_SHEET.format(rows="".join(rows))


def _xlsx_row(number: int, cells: Sequence[str]) -> str:
    inside = "".join(
        f'<c r="{_letter(at)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def _letter(column: int) -> str:
    """The letters of a spreadsheet column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _escaped(name: str) -> pl.Expr:
    text = pl.col(name)
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.str.replace_all(mark, entity, literal=True)
    return text


_OFFICE = "application/vnd.openxmlformats-officedocument"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_XLSX_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.spreadsheetml.sheet.main+xml"/>{{parts}}</Types>'
)
_XLSX_ROOT = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_XLSX_BOOK = f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{{sheets}}</sheets></workbook>'
_XLSX_LINKS = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{{links}}</Relationships>'
_XLSX_SHEET = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{{rows}}</sheetData></worksheet>'

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
    """An OpenDocument sheet, its rows streamed as text (odfpy builds the whole tree and takes a minute)."""
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
