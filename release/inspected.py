"""Another partnership's release file, read as if hostile: the checks that it must pass before a row of it is taken.

A file from elsewhere is copied first, opened closed and locked (no other file, no network, no extension), and checked:
tables only, the columns and types of our own schema, the level open, sizes within reason, every number finite, every
count of a share rounded, no text that a release does not write.
"""

import contextlib
import functools
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common.duck import connect_build, connect_readonly
from common.errors import ProblemError

LARGEST_FILE = 500_000_000
MOST_ROWS = {"release": 1, "indicator": 500, "cohort": 500, "period": 5_000, "follow_up": 50_000, "figure": 2_000_000}
"""What is taken of another area's release, and the most rows that each table may have."""
SCHEMA = Path(__file__).with_name("schema.sql")
STATUSES = ("final", "provisional", "held", "suppressed", "withheld", "not available")
LONGEST_TEXT = 300


@contextlib.contextmanager
def inspected(file: Path) -> Iterator[tuple[dict[str, pl.DataFrame], dict[str, Any], Path]]:
    """The checked rows of each table, what the release says of itself, and our copy of the file while it is needed."""
    with _own_copy(file) as copy:
        con = _opened(copy, file.name)
        try:
            _check_tables(con, file.name)
            tables = {name: _rows(con, name, file.name) for name in MOST_ROWS}
        except duckdb.Error:
            raise _refused("It cannot be read as a release", file.name) from None
        finally:
            con.close()
        yield tables, _checked(tables, file.name), copy


@contextlib.contextmanager
def _own_copy(file: Path) -> Iterator[Path]:
    """A private copy that nobody can change while it is checked: a plain file of reasonable size that begins as DuckDB's do."""
    aside = Path(tempfile.mkdtemp(prefix="iom-area-"))
    try:
        copy = aside / "other.duckdb"
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            with os.fdopen(os.open(file, flags), "rb") as source, copy.open("wb") as target:
                size = os.fstat(source.fileno()).st_size
                if size > LARGEST_FILE or not Path(file).is_file():
                    raise _refused("It is not a file of a release's size", file.name)
                shutil.copyfileobj(source, target, length=1 << 20)
        except OSError:
            raise _refused("It cannot be opened (a link is not followed)", file.name) from None
        with copy.open("rb") as start:
            if start.read(12)[8:12] != b"DUCK":
                raise _refused("It is not a DuckDB file", file.name)
        yield copy
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _opened(copy: Path, name: str) -> duckdb.DuckDBPyConnection:
    try:
        return connect_readonly(copy, memory_limit="512MB", threads=1)
    except (ProblemError, duckdb.Error):
        raise _refused("It cannot be opened by this version of DuckDB", name) from None


@functools.cache
def _expected() -> dict[str, dict[str, str]]:
    """The columns and types of our own schema, by table."""
    con = connect_build()
    try:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        return _columns(con)
    finally:
        con.close()


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = con.sql(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main'"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _check_tables(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Only tables, none computed, with the columns and types that ours have."""
    for what, query in {
        "views": "SELECT count(*) FROM duckdb_views() WHERE NOT internal",
        "functions": "SELECT count(*) FROM duckdb_functions() WHERE NOT internal",
        "types of its own": "SELECT count(*) FROM duckdb_types() WHERE NOT internal AND schema_name = 'main' AND database_name = current_database()",
        "other schemas": "SELECT count(*) FROM duckdb_tables() WHERE NOT internal AND schema_name <> 'main'",
    }.items():
        if con.sql(query).fetchall()[0][0]:
            raise _refused(f"It holds {what}, which no release does", name)
    ddl = con.sql("SELECT sql FROM duckdb_tables() WHERE NOT internal").fetchall()
    if any(re.search(r"\bGENERATED\b|\bAS\s*\(", sql or "", re.IGNORECASE) for (sql,) in ddl):
        raise _refused("It holds computed columns, which no release does", name)
    ours, theirs = _expected(), _columns(con)
    for table in MOST_ROWS:
        if table not in theirs:
            raise _refused(f"It has no table {table}", name)
        wanted = {column: kind for column, kind in ours[table].items() if column in _needed(table)}
        if wrong := sorted(column for column, kind in wanted.items() if theirs[table].get(column) != kind):
            raise _refused(f"Its table {table} differs from a release's in {', '.join(wrong)}", name)


def _needed(table: str) -> tuple[str, ...]:
    return {
        "release": ("id", "level", "area", "synthetic", "cutoff"),
        "indicator": ("id", "version", "title", "unit", "polarity", "definition"),
        "cohort": ("id", "title", "people", "follow_up_days", "waiting_days"),
        "period": ("period", "kind", "label", "start", "end"),
        "follow_up": ("cohort", "period", "state"),
        "figure": (
            "indicator", "cohort", "period", "dim1", "val1", "dim2", "val2", "value", "lower", "upper", "numerator",
            "denominator", "status", "reason",
        ),
    }[table]  # fmt: skip


def _rows(con: duckdb.DuckDBPyConnection, table: str, name: str) -> pl.DataFrame:
    """The rows of a table that are needed. Figures: everybody and one-way only; more would only take room."""
    columns = ", ".join(f'"{column}"' for column in _needed(table))
    frame = con.sql(f"SELECT {columns} FROM main.{table} LIMIT {MOST_ROWS[table] + 1}").pl()
    if not 0 < frame.height <= MOST_ROWS[table]:
        raise _refused(f"Its table {table} has no rows, or more than {MOST_ROWS[table]:,}", name)
    return frame


def _checked(tables: dict[str, pl.DataFrame], name: str) -> dict[str, Any]:
    """What the release says of itself, once every value has been looked at."""
    about = tables["release"].row(0, named=True)
    if about["level"] != "open":
        raise _refused("It is not an open release: partnership figures are not to be passed on", name)
    for table, frame in tables.items():
        for column, kind in frame.schema.items():
            text = frame[column]
            if kind == pl.String and column != "definition":
                control = text.str.contains(r"[\x00-\x1f\x7f<>\u200b-\u200f\u202a-\u202e]").any()
                if control or (text.str.len_chars().max() or 0) > LONGEST_TEXT:  # type: ignore[operator]
                    raise _refused(f"{table}.{column} holds text that no release does", name)
            if kind == pl.Float64 and not text.is_finite().fill_null(True).all():
                raise _refused(f"{table}.{column} holds a number that is not one", name)
    if not re.fullmatch(r"[\w .,'&()-]{1,100}", about["area"]):
        raise _refused("The name of its area is not one", name)
    _check_definitions(tables["indicator"], name)
    _check_figures(tables["figure"], tables["indicator"], name)
    return about


def _check_definitions(indicator: pl.DataFrame, name: str) -> None:
    for row in indicator.iter_rows(named=True):
        try:
            definition = json.loads(row["definition"])
        except (ValueError, RecursionError):
            definition = None
        if not isinstance(definition, dict) or len(row["definition"]) > 50_000:
            raise _refused("A definition of it cannot be read", name)
        if definition.get("id") != row["id"] or definition.get("version") != row["version"]:
            raise _refused("A definition of it says another id or version than its table of indicators", name)
    if indicator["id"].n_unique() < indicator.height:
        raise _refused("It defines an indicator twice", name)


def _check_figures(figure: pl.DataFrame, indicator: pl.DataFrame, name: str) -> None:
    known = ("value", "lower", "upper")
    if not figure["status"].is_in(STATUSES).all():
        raise _refused("A figure of it has a status that no open release has", name)
    if not figure["indicator"].is_in(indicator["id"].implode()).all():
        raise _refused("A figure of it is of an indicator that it does not define", name)
    if figure.select("indicator", "cohort", "period", "dim1", "val1", "dim2", "val2").is_duplicated().any():
        raise _refused("It gives a figure twice", name)
    hidden = figure.filter(pl.col("status").is_in(["suppressed", "withheld", "not available"]))
    if not hidden.select(pl.all_horizontal(pl.col(column).is_null().all() for column in known)).item():
        raise _refused("A figure that it calls hidden has a value", name)
    bounds = figure.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value")))
    if bounds.height:
        raise _refused("A value of it lies outside its own interval", name)
    shares = indicator.filter(pl.col("unit") == "%")["id"]
    counts = figure.filter(pl.col("indicator").is_in(shares.implode()))
    for column in ("numerator", "denominator"):
        exact = (counts[column] % 5 != 0).fill_null(False)
        if exact.any():
            raise _refused("It shows exact counts: an open release rounds them to 5", name)


def _refused(what: str, name: str) -> ProblemError:
    return ProblemError(
        what, name, "the open.duckdb of a release made by this program, as it was published",
        "ask that partnership for the file again; nothing has been taken from this one",
    )  # fmt: skip
