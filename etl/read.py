"""Read a source file as text, cell by cell, with its rows counted apart from the loader.

Settings come from the mapping and nothing is guessed. `row` is the number that a spreadsheet shows beside the
row (the header's row is usually 1). Raw files are read in place and decoded in memory: no copy touches the disk.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from common.errors import ProblemError
from etl import csv_text, sheets
from etl.mapping import Read


@dataclass(frozen=True)
class Rows:
    """A file's rows: `frame` is all text beside `row`; `rejected` has the rows that could not be read, and the rule;
    `counted` is the number of data rows, counted independently of what loaded them."""

    frame: pl.DataFrame
    counted: int
    rejected: pl.DataFrame
    sha256: str


REJECTED = {"row": pl.Int64, "rule": pl.String}


def read_rows(path: str | Path, read: Read, form: str = "csv") -> Rows:
    """Read one file. What cannot be read as a row is rejected with a rule, never loaded shifted."""
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError:
        raise ProblemError("the file cannot be read", path.name, remedy="check the path") from None
    digest = hashlib.sha256(data).hexdigest()
    if form == "csv":
        grid, header, counted, rejected = csv_text.read(data, read, path.name)
    elif form == "parquet":
        grid, header, counted, rejected = _parquet(path)
    else:
        grid, header, counted, rejected = sheets.read(data, read, form, path.name)
    names = column_names(header)
    frame = grid.rename(dict(zip([name for name in grid.columns if name != "row"], names, strict=True)))
    bad = pl.DataFrame(rejected, schema=REJECTED, orient="row")
    if frame.height + bad.height != counted:
        raise ProblemError(
            f"{counted} rows were counted in the file, but {frame.height} were read and {bad.height} rejected",
            path.name, remedy="check the delimiter, the quote and the header row in the mapping",
        )  # fmt: skip
    return Rows(frame, counted, bad, digest)


def column_names(header: list[str | None]) -> list[str]:
    """The columns' names: as in the file, repeats numbered _2, _3, and columns without a header column_N."""
    names: list[str] = []
    for position, cell in enumerate(header, start=1):
        plain = " ".join((cell or "").split()) or f"column_{position}"
        name, repeat = plain, 1
        while name in names or name == "row":
            repeat += 1
            name = f"{plain}_{repeat}"
        names.append(name)
    return names


def _parquet(path: Path) -> tuple[pl.DataFrame, list[str | None], int, list[tuple[int, str]]]:
    counted = pq.read_metadata(path).num_rows
    frame = pl.read_parquet(path).cast(pl.String)
    header: list[str | None] = list(frame.columns)
    frame = frame.rename({name: f"c{position}" for position, name in enumerate(frame.columns)})
    return frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64)), header, counted, []
