"""Providers' lists: people by pseudonym and the day they started, and who of them the store knows.

A list that is to be published is kept in a data directory's lists/ID/: pseudonyms and dates in list.parquet, title and
days in list.json. It is resolved against each store anew, because a store numbers its people afresh.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept list in counts: its `rows`, the `people` of them that the store knows (None without a store), and its starts.

    Where it cannot be read, `broken` says so and the counts are 0: it stops a publish until it is taken out or kept anew.
    """

    id: str
    title: str
    follow_up_days: int = 0
    rows: int = 0
    people: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    broken: bool = False


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
    made = []
    for one in _folders(data_dir):
        comparison, ids = _read(one)
        made.append((comparison, found(con, ids).starts))
    return made


def counted(data_dir: Path, con: duckdb.DuckDBPyConnection | None = None) -> list[Kept]:
    """The lists of a data directory in counts, by title; `con` is a store to count their people in."""
    made = []
    for one in _folders(data_dir):
        try:
            comparison, ids = _read(one)
        except ProblemError:
            made.append(Kept(one.name, one.name, broken=True))
            continue
        people = None if con is None else found(con, ids).starts.height
        first, last = ids["start_date"].min(), ids["start_date"].max()
        made.append(
            Kept(
                one.name, comparison.title, comparison.follow_up_days, ids["row"].n_unique(), people,
                first if isinstance(first, dt.date) else None, last if isinstance(last, dt.date) else None,
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: one.title.casefold())


def take_out(data_dir: Path, name: str) -> None:
    """Delete a kept list by its id: the next publish is without it. Raises ProblemError where none is kept by that id."""
    for one in _folders(data_dir):
        if one.name == name:
            shutil.rmtree(one)
            return
    held = ", ".join(one.name for one in _folders(data_dir)) or "none is kept"
    raise ProblemError(
        "no list is kept by that id", name, held, "see `iom evaluate --lists` for the ids", exit_code=2
    )  # fmt: skip


def _folders(data_dir: Path | None) -> Iterator[Path]:
    folder = None if data_dir is None else data_dir / FOLDER
    if folder is not None and folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if (path / ABOUT).is_file())


def _read(one: Path) -> tuple[Comparison, pl.DataFrame]:
    try:
        about = json.loads((one / ABOUT).read_text("utf-8"))
        # Not the subject: lists kept by earlier versions name the file there.
        return Comparison(**{**about, "subject": about["id"], "exact": tuple(about["exact"])}), pl.read_parquet(
            one / PEOPLE
        )
    except (OSError, ValueError, TypeError, KeyError, pl.exceptions.PolarsError):
        raise ProblemError(
            "a kept list cannot be read", f"{FOLDER}/{one.name}", "a list as `iom evaluate` kept it",
            f"evaluate it again with --add, or take it out: `iom evaluate --take-out {one.name}`",
        ) from None  # fmt: skip
