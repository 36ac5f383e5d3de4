"""Other partnerships' open releases beside ours: read as if hostile, kept as a copy that we wrote, compared like with like.

A file from elsewhere is copied first, opened closed and locked (no other file, no network, no extension), and checked:
tables only, the columns and types of our own schema, the level open, sizes within reason, every number finite and every
count either hidden or rounded. Only the checked rows are written, into a new file of our own in `areas/`; the file
itself is never kept, and nothing else ever opens it. A comparison needs the same indicator, definition version, formula and
follow-up on both sides; anything else is refused by name.
"""

import contextlib
import datetime as dt
import functools
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common import paths, versions
from common.duck import connect_build, connect_readonly
from common.errors import ProblemError
from release.read import Reader

FOLDER = "areas"
LARGEST_FILE = 500_000_000
MOST_ROWS = {"release": 1, "indicator": 500, "cohort": 500, "period": 5_000, "follow_up": 50_000, "figure": 2_000_000}
"""What is taken of another area's release, and the most rows that each table may have."""
SCHEMA = Path(__file__).with_name("schema.sql")
STATUSES = ("final", "provisional", "held", "suppressed", "withheld", "not available")
SAME = ("kind", "fact", "unit", "numerator", "denominator", "scale")
"""What two definitions of one version must also agree in: a version number alone can be mistaken."""
LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Area:
    """Another partnership's open release that has been taken in."""

    area: str
    release: str
    cutoff: dt.date
    synthetic: bool
    sha256: str
    indicators: int
    figures: int
    added: str


def folder(data_dir: Path) -> Path:
    """Where other areas' releases are kept."""
    return Path(data_dir) / FOLDER


def areas(data_dir: Path) -> list[Area]:
    """The other areas taken in, by name."""
    found = []
    for file in sorted(folder(data_dir).glob("*.json")):
        about = json.loads(file.read_text("utf-8"))
        found.append(Area(**about | {"cutoff": dt.date.fromisoformat(about["cutoff"])}))
    return sorted(found, key=lambda one: (one.area, one.release))


def add(data_dir: Path, file: Path) -> Area:
    """Take in an open release file: check it, write what was checked, and replace an earlier release of that area."""
    with _own_copy(file) as copy:
        con = _opened(copy, file.name)
        try:
            _check_tables(con, file.name)
            tables = {name: _rows(con, name, file.name) for name in MOST_ROWS}
        except duckdb.Error:
            raise _refused("It cannot be read as a release", file.name) from None
        finally:
            con.close()
        about = _checked(tables, file.name)
        area = Area(
            about["area"], about["id"], about["cutoff"], about["synthetic"], versions.sha256(copy),
            tables["indicator"].height, tables["figure"].height, dt.datetime.now(dt.UTC).date().isoformat(),
        )  # fmt: skip
        _write(data_dir, area, tables)
    return area


def remove(data_dir: Path, area: str) -> None:
    """Take an area out again."""
    known = areas(data_dir)
    if area not in {one.area for one in known}:
        raise ProblemError(
            "That area has not been added", str(folder(data_dir)), ", ".join(one.area for one in known) or "none yet",
            "run `iom areas` to see what there is",
        )  # fmt: skip
    for one in known:
        if one.area == area:
            for suffix in (".json", ".duckdb"):
                _file(data_dir, one, suffix).unlink(missing_ok=True)


# --- comparing --------------------------------------------------------------------------------------------------------

COLUMNS = {
    "area": pl.String, "ours": pl.Boolean, "release": pl.String, "period": pl.String, "value": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "numerator": pl.Float64, "denominator": pl.Float64, "status": pl.String,
    "reason": pl.String, "source": pl.String, "definition_note": pl.String,
}  # fmt: skip
"""`source` is a release or, for a published table, what it was taken from; `definition_note` says how it differs."""


def differences(reader: Reader, other: duckdb.DuckDBPyConnection, indicator: str, cohort: str) -> list[str]:
    """Why an indicator of another area cannot stand beside ours; empty when it can."""
    ours, group = reader.indicator(indicator), reader.cohort(cohort)
    theirs = _one(other, "SELECT * FROM indicator WHERE id = $id", indicator)
    people = _one(other, "SELECT * FROM cohort WHERE id = $id", cohort)
    if theirs is None:
        return [f"it has no {indicator}"]
    if people is None:
        return [f"it has no cohort {cohort}"]
    found = []
    if theirs["version"] != ours.version:
        found.append(f"its {indicator} is version {theirs['version']}, ours is {ours.version}")
    mine, its = ours.definition, json.loads(theirs["definition"])
    found += [f"its {indicator} has another {part}" for part in SAME if its.get(part) != mine.get(part)]
    days = ("follow_up_days", "waiting_days")
    found += [
        f"its {cohort} has another number of {d.replace('_', ' ')}" for d in days if people[d] != getattr(group, d)
    ]
    return found


def beside(
    data_dir: Path, reader: Reader, indicator: str, cohort: str, period: str, *, skip_different: bool = False
) -> pl.DataFrame:
    """Our figure for everybody in a cohort and period, then each other area's, then the published benchmarks.

    In order of name, never of value. Another definition is refused with every reason; `skip_different` leaves those
    areas out instead. The open level of ours is what others see: compare it when the page is open to all.
    """
    own = reader.figures(indicator, cohort, period).row(0, named=True)
    numbers = ("value", "lower", "upper", "numerator", "denominator", "status", "reason")
    rows: list[tuple[Any, ...]] = [
        (reader.area, True, reader.id, period, *(own[n] for n in numbers), f"release {reader.id}", "")
    ]
    for area in areas(data_dir):
        con = connect_readonly(_file(data_dir, area, ".duckdb"), memory_limit="256MB")
        try:
            if different := differences(reader, con, indicator, cohort):
                if skip_different:
                    continue
                raise ProblemError(
                    f"{area.area} cannot be compared: {'; '.join(different)}", f"release {area.release} of {area.area}",
                    "the same indicator, definition version, formula and follow-up on both sides",
                    "ask that area for a release made with the same version, or leave it out", exit_code=2,
                )  # fmt: skip
            figure = con.sql(
                f"SELECT {', '.join(numbers)} FROM figure WHERE indicator = $indicator AND cohort = $cohort"
                " AND period = $period AND dim1 = '' AND dim2 = ''",
                params={"indicator": indicator, "cohort": cohort, "period": period},
            ).fetchall()
        finally:
            con.close()
        none = (None,) * 5 + ("not available", "that release has no figure for this period")
        rows.append(
            (area.area, False, area.release, period, *(figure[0] if figure else none), f"release {area.release}", "")
        )
    return pl.concat([pl.DataFrame(rows, schema=COLUMNS, orient="row"), _benchmarks(reader, indicator, cohort)])


def _benchmarks(reader: Reader, indicator: str, cohort: str) -> pl.DataFrame:
    """Published figures of the indicator: for a cohort of the area, those of the area; each of its own period."""
    names = [cohort] if cohort not in ("adults", "children") else [cohort, "area"]
    found = reader.benchmarks(indicator).filter(pl.col("cohort").is_in(names))
    return found.select(
        "area", pl.lit(False).alias("ours"), pl.lit("").alias("release"), "period", "value",
        pl.lit(None, pl.Float64).alias("lower"), pl.lit(None, pl.Float64).alias("upper"), "numerator", "denominator",
        pl.lit("final").alias("status"), pl.lit("").alias("reason"), "source", "definition_note",
    )  # fmt: skip


# --- taking in --------------------------------------------------------------------------------------------------------


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


def _write(data_dir: Path, area: Area, tables: dict[str, pl.DataFrame]) -> None:
    """A new file of our own with the checked rows, then its note; an earlier release of the area goes last."""
    root = paths.private(folder(data_dir))
    earlier = [one for one in areas(data_dir) if one.area == area.area and one.sha256 != area.sha256]
    final = _file(data_dir, area, ".duckdb")
    aside = final.with_name(f".{final.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    con = connect_build(aside, memory_limit="512MB", threads=1)
    try:
        for table, frame in tables.items():
            con.register("incoming", frame)
            con.execute(f"CREATE TABLE {table} AS SELECT * FROM incoming")
            con.unregister("incoming")
        con.execute("CHECKPOINT")
    finally:
        con.close()
    versions.sync(aside)
    aside.replace(final)
    about = asdict(area) | {"cutoff": area.cutoff.isoformat()}
    versions.write_atomic(_file(data_dir, area, ".json"), json.dumps(about, indent=1, sort_keys=True))
    versions.sync(root)
    for one in earlier:
        for suffix in (".json", ".duckdb"):
            _file(data_dir, one, suffix).unlink(missing_ok=True)


def _file(data_dir: Path, area: Area, suffix: str) -> Path:
    slug = re.sub(r"[^a-z0-9]+", "-", area.area.lower()).strip("-")[:40]
    return folder(data_dir) / f"{slug}-{area.sha256[:16]}{suffix}"


def _one(con: duckdb.DuckDBPyConnection, sql: str, name: str) -> dict[str, Any] | None:
    frame = con.sql(sql, params={"id": name}).pl()
    return frame.row(0, named=True) if frame.height else None


def _refused(what: str, name: str) -> ProblemError:
    return ProblemError(
        what, name, "the open.duckdb of a release made by this program, as it was published",
        "ask that partnership for the file again; nothing has been taken from this one",
    )  # fmt: skip
