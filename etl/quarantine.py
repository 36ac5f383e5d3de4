"""Why a file's rows were set aside, as the analyst is told: by reason, with row numbers, never what a cell held."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.parts import QUARANTINE, Part

FIRST = 5
"""How many row numbers are told of each reason; the full list has them all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that rows of a file broke: how many rows, and the numbers of the first few of them."""

    table: str
    column: str
    rule: str
    rows: int
    first: tuple[int, ...]

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.table, self.column) if part)
        numbers = ", ".join(str(number) for number in self.first)
        more = ", ..." if self.rows > len(self.first) else ""
        return f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}: {where}: {self.rule} (row {numbers}{more})"


def full_list(part: Part) -> Path:
    """The Parquet file of every row that was set aside: its number, table, column and rule."""
    return part.path / f"{QUARANTINE}.parquet"


def reasons(part: Part, first: int = FIRST) -> list[Reason]:
    """The rules that a part's rows broke, most rows first. A row that broke two rules is under both."""
    frame = pl.read_parquet(full_list(part)).select("table_name", "column_name", "rule", "row").unique().sort("row")
    found = frame.group_by("table_name", "column_name", "rule").agg(
        rows=pl.len(), first=pl.col("row").sort().head(first)
    )
    ordered = found.sort("rows", "table_name", "column_name", "rule", descending=[True, False, False, False])
    return [Reason(table, column, rule, rows, tuple(few)) for table, column, rule, rows, few in ordered.iter_rows()]


def lines(part: Part) -> Iterator[str]:
    """What to print of a part with quarantined rows; nothing where there are none."""
    if not part.quarantined:
        return
    yield from (f"  {reason}" for reason in reasons(part))
    yield f"  Every one of them, by row number as a spreadsheet counts: {full_list(part)}"
