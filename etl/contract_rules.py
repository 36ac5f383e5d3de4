"""The contracts applied: which rows of a table break which rule, in words."""

import functools
from typing import Any

import dataframely as dy
import polars as pl

from etl.contracts import TABLES

POLARS = {dy.String: pl.String, dy.Date: pl.Date, dy.Int64: pl.Int64, dy.Float64: pl.Float64, dy.Bool: pl.Boolean}
WHOLE_ROW = "(whole row)"
NO_IDENTIFIER = "no identifier"


def polars_type(column: dy.Column) -> type[pl.DataType]:
    """The Polars type of a contract's column."""
    return POLARS[type(column)]


def shaped(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with the contract's columns and types beside `row`; columns that nothing feeds are missing."""
    columns = TABLES[table].columns()
    present = set(frame.columns)
    return frame.select(
        "row",
        *(
            pl.col(name).cast(polars_type(column)) if name in present
            else pl.lit(None, dtype=polars_type(column)).alias(name)
            for name, column in columns.items()
        ),
    )  # fmt: skip


def broken(table: str, frame: pl.DataFrame, known: pl.DataFrame | None = None) -> pl.DataFrame:
    """Every (row, table_name, column_name, rule) that a table's rows break, beyond what is `known` of them."""
    schema = _with_row(table)
    checked = frame
    if table == "identity_link":  # the loader fills these afterwards
        filler = {"id_kind": "source", "id_key": "0" * 64, "person_key": "0" * 64}
        checked = frame.with_columns(*(pl.col(name).fill_null(value) for name, value in filler.items()),
                                     pl.col("action").fill_null("same"))  # fmt: skip
    _, failure = schema.filter(checked)
    found = [
        pl.DataFrame(schema={"row": pl.Int64, "table_name": pl.String, "column_name": pl.String, "rule": pl.String})
    ]
    if not len(failure):
        return found[0]
    details = failure.details()
    for name in details.columns:
        if name in frame.columns:
            continue
        rows = details.filter(pl.col(name).cast(pl.String) == "invalid").select("row")
        if rows.height:
            column, rule = words(table, name)
            found.append(
                rows.with_columns(
                    pl.lit(table).alias("table_name"), pl.lit(column).alias("column_name"), pl.lit(rule).alias("rule")
                )
            )
    everything = pl.concat(found)
    if known is None or not known.height:
        return everything
    return everything.join(known, on=["row", "table_name", "column_name"], how="anti")


def words(table: str, rule: str) -> tuple[str, str]:
    """A contract's rule as a column and a sentence that names what is allowed, never what was found."""
    name, _, kind = rule.partition("|")
    if not kind:
        return WHOLE_ROW, name.replace("_", " ")
    column = TABLES[table].columns()[name]
    allowed = (column.metadata or {}).get("allowed")
    if kind == "nullability":
        return name, NO_IDENTIFIER if name == "person_key" else "missing"
    if kind == "regex":
        return name, f"not one of: {', '.join(allowed)}" if allowed else "not in the form of a code"
    if kind in ("min", "max"):
        return name, f"{'below' if kind == 'min' else 'above'} {getattr(column, kind)}"
    return name, {"min_length": "too short", "max_length": "too long"}.get(kind, kind.replace("_", " "))


@functools.cache
def _with_row(table: str) -> type[dy.Schema]:
    contract = TABLES[table]
    meta: Any = type(contract)
    made: type[dy.Schema] = meta(f"{contract.__name__}Row", (contract,), {"row": dy.Int64()})
    return made
