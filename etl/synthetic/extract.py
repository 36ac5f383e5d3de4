"""What an extract is: one agency's file as text, and how it is to be written."""

from dataclasses import dataclass

import polars as pl

from etl.synthetic.faults import Fault

UK = "%d/%m/%Y"
ISO = "%Y-%m-%d"


@dataclass(frozen=True)
class Extract:
    """One sheet or file. `mapping` is the mapping that loads it, `stem` the start of its file name.

    `file` is the whole name, where a publisher fixes it.
    """

    mapping: str
    stem: str
    frame: pl.DataFrame
    form: str = "csv"
    encoding: str = "utf-8"
    sheet: str = ""
    titles: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    spare: str | None = None
    file: str = ""


def text(frame: pl.DataFrame, dates: str = UK) -> pl.DataFrame:
    """A frame as an agency writes it: every cell text, dates in one format, missing cells empty."""
    shown = [
        pl.col(name).dt.strftime(dates) if kind == pl.Date else pl.col(name).cast(pl.String)
        for name, kind in frame.schema.items()
    ]
    return frame.select(shown).with_columns(pl.all().fill_null(""))


def with_people(frame: pl.DataFrame, ids: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Add the identifiers and names of each row's person, keeping the order of the rows."""
    return frame.join(ids.select("person", *columns), on="person", how="left", maintain_order="left")


def some(frame: pl.DataFrame, column: str, person: str, share: float) -> pl.Expr:
    """An identifier that is filled on each person's first row and on most later ones, but not all.

    Which rows lack it follows from their position, so that it needs no chance of its own.
    """
    position = pl.int_range(pl.len())
    kept = pl.col(person).is_first_distinct() | ((position * 2_654_435_761 % 1000) >= share * 1000)
    return pl.when(kept).then(pl.col(column)).otherwise(pl.lit(""))
