"""DuckDB connections: locked for reading, bounded for building. One connection, a cursor for every query."""

from pathlib import Path

import duckdb

from common import paths
from common.errors import ProblemError

Settings = dict[str, str | bool | int | float | list[str]]

CLOSED: Settings = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}
"""A connection opened so reaches no file, no network, no extension and no Python variable."""


def connect_readonly(path: str | Path, memory_limit: str = "1GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Open a store or release for reading only, closed and locked. Share it, and take a `cursor` for each query."""
    settings: Settings = {**CLOSED, "memory_limit": memory_limit, "threads": str(threads)}
    try:
        con = duckdb.connect(str(path), read_only=True, config=settings)
    except duckdb.Error:
        raise ProblemError(
            f"{Path(path).name} is missing or cannot be read",
            str(Path(path).parent.name),
            "a file as it was published",
            "run `iom check`; serve another release with `iom use ID`, or publish again",
        ) from None
    if con.execute("SELECT current_setting('lock_configuration')").fetchall() != [
        (True,)
    ]:  # a file that this process has open already is locked already
        con.execute("SET lock_configuration = true")
    return con


def connect_build(
    path: str | Path | None = None,
    memory_limit: str = "4GB",
    temp_dir: str | Path | None = None,
    threads: int | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a database to build into, or one in memory. Without `temp_dir`, made private, nothing is ever spilt to disk."""
    settings: Settings = {
        "memory_limit": memory_limit,
        "temp_directory": "" if temp_dir is None else str(paths.private(Path(temp_dir))),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "python_enable_replacements": "false",
        "preserve_insertion_order": "false",
    }
    if threads is not None:
        settings["threads"] = str(threads)
    return duckdb.connect(":memory:" if path is None else str(path), config=settings)


def cursor(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A cursor for one query. Threads that shared a connection were given each other's answers."""
    return con.cursor()
