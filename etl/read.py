"""Read a source file as text, cell by cell, with its rows counted apart from the loader.

Settings come from the mapping and nothing is guessed. `row` is the number that a spreadsheet shows beside the
row (the header's row is usually 1). Raw files are read in place and decoded in memory: no copy touches the disk.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from common.errors import ProblemError
from etl import csv_text, sheets
from etl.settings import Read

REJECTED = {"row": pl.Int64, "rule": pl.String}
ERRORS = {"row": pl.Int64, "column": pl.String}
ERROR_RULE = "the cell under {} shows an error, such as #N/A or #REF!"


@dataclass(frozen=True)
class Rows:
    """A file's rows: `frame` is all text beside `row`; `rejected` has the rows that could not be read, and the rule;
    `counted` is the number of data rows, counted independently of what loaded them; `errors` are the worksheet cells
    that show an error (row, column's name), which are empty in `frame`."""

    frame: pl.DataFrame
    counted: int
    rejected: pl.DataFrame
    errors: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ERRORS))

    def without_errors(self, used: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with no error cell in the columns that are used, and those rejected, the rows with one among them."""
        wrong = self.errors.filter(pl.col("column").is_in(list(used)))
        if wrong.is_empty():
            return self.frame, self.rejected
        told = wrong.select("row", rule=pl.format(ERROR_RULE, "column"))
        return self.frame.join(wrong, on="row", how="anti", maintain_order="left"), pl.concat([self.rejected, told])


def read_rows(path: str | Path, read: Read, form: str = "csv", data: bytes | None = None) -> Rows:
    """Read one file (or its bytes, where they are in hand). What is not a sound row is rejected, never loaded shifted."""
    path = Path(path)
    data = read_bytes(path) if data is None else data
    rejected: list[tuple[int, str]] = []
    errors: list[tuple[int, int]] = []
    if form == "csv":
        grid, header, counted, rejected = csv_text.read(data, read, path.name)
    elif form == "parquet":
        grid, header, counted, rejected = _parquet(data, path.name)
    else:
        grid, header, counted, errors = sheets.read(data, read, form, path.name)
    names = column_names(header)
    frame = grid.rename(dict(zip([name for name in grid.columns if name != "row"], names, strict=True)))
    bad = pl.DataFrame(rejected, schema=REJECTED, orient="row")
    if frame.height + bad.height != counted:
        raise ProblemError(
            f"{counted} rows were counted in the file, but {frame.height} were read and {bad.height} rejected",
            path.name, remedy="check the delimiter, the quote and the header row in the mapping",
        )  # fmt: skip
    named = [(row, names[column]) for row, column in errors]
    return Rows(frame, counted, bad, pl.DataFrame(named, schema=ERRORS, orient="row"))


def read_bytes(path: Path) -> bytes:
    """A file's bytes, read once."""
    try:
        return path.read_bytes()
    except OSError:
        raise ProblemError("the file cannot be read", path.name, remedy="check the path") from None


def column_names(header: list[str | None]) -> list[str]:
    """The columns' names: as in the file, repeats numbered _2, _3, and columns without a header column_N."""
    names: dict[str, None] = {}  # in order, and quick to search
    for position, cell in enumerate(header, start=1):
        plain = " ".join((cell or "").split()) or f"column_{position}"
        name, repeat = plain, 1
        while name in names or name == "row":
            repeat += 1
            name = f"{plain}_{repeat}"
        names[name] = None
    return list(names)


def _parquet(data: bytes, name: str) -> tuple[pl.DataFrame, list[str | None], int, list[tuple[int, str]]]:
    try:
        counted = pq.read_metadata(io.BytesIO(data)).num_rows
        frame = pl.read_parquet(data).cast(pl.String)
    except (pa.ArrowException, pl.exceptions.PolarsError):  # the message may quote a cell
        raise ProblemError(
            "the file is not a readable Parquet file of plain columns", name, remedy="check format in the mapping"
        ) from None
    header: list[str | None] = list(frame.columns)
    frame = frame.rename({name: f"c{position}" for position, name in enumerate(frame.columns)})
    return frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64)), header, counted, []
