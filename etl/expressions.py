"""Where mappings' SQL expressions run, and what is said of one that does not."""

import functools

import duckdb

from common import duck
from common.errors import ProblemError
from etl.settings import Mapping


@functools.cache
def _database() -> duckdb.DuckDBPyConnection:
    """A database in memory for mappings' expressions, one a process: they reach no file, no network, no setting."""
    con = duck.connect_build()
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def connect() -> duckdb.DuckDBPyConnection:
    """A connection for one file. What it registers and creates goes when it is closed."""
    return duck.cursor(_database())


def bad_sql(mapping: Mapping, where: str, file: str, error: duckdb.Error) -> ProblemError:
    """A faulty expression. Only what is wrong with its text is repeated, never what a row made of it."""
    spoken = isinstance(error, duckdb.BinderException | duckdb.ParserException | duckdb.CatalogException)
    reason = f": {str(error).splitlines()[0][:200]}" if spoken else ""
    if isinstance(error, duckdb.PermissionException):
        reason = ": it reaches for a file, the network or a setting, which a mapping may not"
    return ProblemError(
        f"a SQL expression does not work{reason}", f"{mapping.path.name}, {where}; {file}", remedy="correct the mapping"
    )
