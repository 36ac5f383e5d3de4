"""Check what stands: the parts and the current store against checksums, reconciliation and contracts."""

from pathlib import Path

import duckdb
import polars as pl

from common import duck, paths, versions
from common.errors import ProblemError, ProblemsError
from etl import contract_rules
from etl.columns_sql import quoted
from etl.contracts import KEYS, TABLES
from etl.parts import live_parts
from etl.settings import contract_columns
from etl.store import check_parts

BATCH = 500_000


def check(data_dir: Path) -> list[ProblemError]:
    """Everything that is wrong with the live parts and the current store; an empty list when all is well."""
    problems: list[ProblemError] = []
    try:
        check_parts(live_parts(data_dir), data_dir)
    except ProblemsError as found:
        problems += found.problems
    try:
        folder = versions.current(paths.stores(data_dir))
    except ProblemError as lost:
        return [*problems, lost]
    if folder is not None:
        problems += check_store(folder)
    return problems


def check_store(folder: Path) -> list[ProblemError]:
    """What is wrong with one finished store: its checksum first, and if that holds its rows."""
    changed = [ProblemError(one, "stores", remedy="publish again from the parts") for one in versions.verify(folder)]
    if changed:
        return changed
    con = duck.connect_readonly(folder / paths.STORE_FILE)
    try:
        return check_tables(con)
    finally:
        con.close()


def check_tables(con: duckdb.DuckDBPyConnection) -> list[ProblemError]:
    """Reconciliation, contracts, keys and origins of an open store."""
    problems = []
    unbalanced = con.sql(
        "SELECT file FROM source WHERE read <> loaded + quarantined + duplicate OR superseded < 0 ORDER BY file"
    ).fetchall()
    problems += [ProblemError("rows read are not all accounted for", file) for (file,) in unbalanced]
    for table in TABLES:
        problems += _contract(con, table)
        problems += _repeats(con, table)
    return problems


def _contract(con: duckdb.DuckDBPyConnection, table: str) -> list[ProblemError]:
    """The rules of the contract that rows of a store table break, with how many rows break each."""
    names = ", ".join(_as_staged(name) for name in contract_columns(table))
    counts: dict[tuple[str, str], int] = {}
    for batch in con.sql(f"SELECT {names}, source_file, source_row FROM {table}").to_arrow_reader(BATCH):
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        missing = frame.filter(pl.col("source_file").is_null() | pl.col("source_row").is_null()).height
        if missing:
            counts["source_row", "no origin"] = counts.get(("source_row", "no origin"), 0) + missing
        numbered = contract_rules.shaped(table, frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64)))
        found = contract_rules.broken(table, numbered)
        for column, rule, rows in found.group_by("column_name", "rule").len().iter_rows():
            counts[column, rule] = counts.get((column, rule), 0) + rows
    return [
        ProblemError(f"{rows} row(s) break the contract: {column}: {rule}", f"store table {table}")
        for (column, rule), rows in sorted(counts.items())
    ]


def _as_staged(name: str) -> str:
    """A column as the contract has it: a person's number is written out as the 64 digits of a pseudonym."""
    return "lower(lpad(hex(person_key), 64, '0')) AS person_key" if name == "person_key" else quoted(name)


def _repeats(con: duckdb.DuckDBPyConnection, table: str) -> list[ProblemError]:
    """Keys that stand for more than one row."""
    if table not in KEYS:
        return []
    key = ", ".join(KEYS[table])
    repeats = con.sql(f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1)").fetchall()[0][
        0
    ]
    return [ProblemError(f"{repeats} key(s) stand for more than one row", f"store table {table}")] if repeats else []
