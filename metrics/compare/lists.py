"""Providers' lists: people by pseudonym and the day they started, and who of them the store knows.

A list that is to be published is kept in a data directory's lists/ID/: pseudonyms and dates in list.parquet, title and
days in list.json. It is resolved against each store anew, because a store numbers its people afresh.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import polars as pl

from common import paths
from common.errors import ProblemError
from metrics.compare.plan import Comparison

FOLDER = "lists"
PEOPLE, ABOUT = "list.parquet", "list.json"
COLUMNS = {"row": pl.Int64, "id_kind": pl.String, "id_key": pl.String, "start_date": pl.Date}


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a list by what became of them, and each known person's first start (`person_key`, `start_date`).

    `unknown` rows have no identifier that any loaded extract holds; `conflicting` rows have identifiers of two people;
    `twice` rows name somebody whom an earlier row names.
    """

    starts: pl.DataFrame
    rows: int
    unknown: int
    conflicting: int
    twice: int


def found(con: duckdb.DuckDBPyConnection, ids: pl.DataFrame) -> Found:
    """Look up rows of (row, id_kind, id_key, start_date), one for each identifier, in a store's links."""
    con.register("_list", ids.select(list(COLUMNS)).to_arrow())
    try:
        rows = con.sql(
            "SELECT l.row, any_value(l.start_date) AS start_date, min(k.person_key) AS person_key,"
            " count(DISTINCT k.person_key) AS people FROM _list AS l"
            " LEFT JOIN identity_link AS k ON k.id_kind = l.id_kind AND k.id_key = l.id_key GROUP BY l.row ORDER BY l.row"
        ).pl()
    finally:
        con.unregister("_list")
    known = rows.filter(pl.col("people") == 1)
    starts = known.group_by("person_key").agg(pl.col("start_date").min()).sort("person_key")
    return Found(
        starts,
        rows.height,
        rows.filter(pl.col("people") == 0).height,
        rows.filter(pl.col("people") > 1).height,
        known.height - starts.height,
    )


def keep(data_dir: Path, comparison: Comparison, ids: pl.DataFrame) -> Path:
    """Keep a list for the next publishes; one of the same id is replaced."""
    folder = paths.private(paths.private(data_dir / FOLDER) / comparison.id)
    ids.select(list(COLUMNS)).write_parquet(folder / PEOPLE)
    (folder / ABOUT).write_text(json.dumps(asdict(comparison), indent=1), "utf-8")
    return folder


def kept(con: duckdb.DuckDBPyConnection, data_dir: Path | None) -> list[tuple[Comparison, pl.DataFrame]]:
    """The lists of a data directory as comparisons, each with its people's starts in this store."""
    folder = None if data_dir is None else data_dir / FOLDER
    if folder is None or not folder.is_dir():
        return []
    made = []
    for one in sorted(path for path in folder.iterdir() if (path / ABOUT).is_file()):
        try:
            about = json.loads((one / ABOUT).read_text("utf-8"))
            comparison = Comparison(**{**about, "exact": tuple(about["exact"])})
            made.append((comparison, found(con, pl.read_parquet(one / PEOPLE)).starts))
        except (OSError, ValueError, TypeError, KeyError, pl.exceptions.PolarsError):
            raise ProblemError(
                "a kept list cannot be read", f"{FOLDER}/{one.name}", "a list as `iom evaluate` kept it",
                "evaluate it again with --add, or delete its folder",
            ) from None  # fmt: skip
    return made
