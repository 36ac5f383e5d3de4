"""XLSX, XLS and ODS as text, with title rows above the header, and their rows counted from the XML.

Dates come out as ISO text, whole numbers without a decimal point, empty cells as missing. Rows with nothing in
them are not rows. A cell that shows an error is named, so that it is not taken for an empty one.
"""

import fastexcel
import polars as pl

from common.errors import ProblemError
from etl.old_xls import scan_xls
from etl.settings import Read
from etl.sheet_xml import Scan, scan_ods, scan_xlsx

MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00(\.0+)?$"


def read(
    data: bytes, read: Read, form: str, name: str
) -> tuple[pl.DataFrame, list[str | None], int, list[tuple[int, int]]]:
    """The cells (columns c0, c1, ... beside `row`), the header, the count of data rows, and the places (row, column
    from 0) of the cells that show an error."""
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
    position = sheet if isinstance(sheet, int) else book.sheet_names.index(sheet)
    below = grid.filter(pl.col("row") > read.header_row)
    scan = {"xlsx": scan_xlsx, "xls": scan_xls, "ods": scan_ods}[form]
    found: Scan | None = scan(data, position, read.header_row)
    if found is None:  # Excel 95 and before: the loader alone reads it, so there is neither a second count nor errors
        body = below.filter(filled)
        return body, header, body.height, []
    body = below.filter(filled | pl.col("row").is_in([row for row, _ in found.errors]))
    return body, header, found.rows, [(row, column) for row, column in found.errors if column < len(cells)]
