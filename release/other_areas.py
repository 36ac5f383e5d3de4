"""Other partnerships' open releases beside ours: taken in as checked rows, compared like with like.

release/inspected.py holds the checks. Only the checked rows are written, into a new file of our own in `areas/`; the
file itself is never kept, and nothing else ever opens it. A comparison needs the same indicator, definition version,
formula and follow-up on both sides; anything else is refused by name.
"""

import datetime as dt
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common import paths, versions
from common.duck import connect_build, connect_readonly
from common.errors import ProblemError
from release.inspected import inspected
from release.read import Reader

FOLDER = "areas"
SAME = ("kind", "fact", "unit", "numerator", "denominator", "scale")
"""What two definitions of one version must also agree in: a version number alone can be mistaken."""


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
    """Take in an open release file: check it, write what was checked, and replace an earlier release of that area.

    One of our own, by its area's name or its id, is refused: it would stand beside itself as somebody else.
    """
    with inspected(file) as (tables, about, copy):
        _refuse_own(data_dir, about)
        area = Area(
            about["area"], about["id"], about["cutoff"], about["synthetic"], versions.sha256(copy),
            tables["indicator"].height, tables["figure"].height, dt.datetime.now(dt.UTC).date().isoformat(),
        )  # fmt: skip
        _write(data_dir, area, tables)
    return area


def _refuse_own(data_dir: Path, about: dict[str, Any]) -> None:
    """Raises ProblemError for a release of our own area, or with the id of one of ours."""
    root = paths.releases(data_dir)
    served = versions.current(root)
    ours = set()
    if served is not None:
        con = connect_readonly(served / "open.duckdb", memory_limit="256MB")
        try:
            ours = {_plain(name) for (name,) in con.sql("SELECT area FROM release").fetchall()}
        finally:
            con.close()
    if about["id"] in versions.list_versions(root) or _plain(about["area"]) in ours:
        raise ProblemError(
            "That release is our own: it cannot stand beside itself", f"release {about['id']} of {about['area']}",
            "another partnership's open release, of an area of another name", "ask that partnership for its open.duckdb", exit_code=2,
        )  # fmt: skip


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
        if _plain(area.area) == _plain(reader.area):  # taken in before anything was published here
            continue
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


# --- within ----------------------------------------------------------------------------------------------------------


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


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _file(data_dir: Path, area: Area, suffix: str) -> Path:
    return folder(data_dir) / f"{_plain(area.area)[:40]}-{area.sha256[:16]}{suffix}"


def _one(con: duckdb.DuckDBPyConnection, sql: str, name: str) -> dict[str, Any] | None:
    frame = con.sql(sql, params={"id": name}).pl()
    return frame.row(0, named=True) if frame.height else None
