"""Stage files: map, replace identifiers by keyed hashes, check the contracts, and keep typed Parquet parts.

A part is kept under the hash of its file and of its mapping. It is built aside and renamed, so a killed run
leaves nothing. A row loads whole or not at all: if any table that it feeds refuses it, the row is quarantined.
For each file: rows read = loaded + quarantined + exact duplicates.
"""

import calendar
import datetime as dt
import fnmatch
import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from common import paths, versions
from common.errors import ProblemError, ProblemsError
from etl import identity
from etl.expressions import bad_sql, connect
from etl.parts import QUARANTINE, Part, live_parts, read_part
from etl.read import read_bytes, read_rows
from etl.settings import Mapping
from etl.transform import transform

LAYOUT = 4
"""Raised when the way files become parts changes, so that old parts are not taken for new ones."""


def stage(
    mapping: Mapping,
    files: Iterable[str | Path],
    data_dir: Path,
    as_at: dt.date | None = None,
    *,
    synthetic: bool = False,
    any_name: bool = False,
) -> list[Part]:
    """Stage files one at a time. A file already staged with this mapping is left alone (`Part.fresh` is false).

    `synthetic` marks these files as invented, for a mapping that is shared with real extracts. A file that is not
    named as the mapping's `files` says is refused, before any is staged, unless `any_name` allows it."""
    given = [Path(file) for file in files]
    if not any_name:
        _refuse_other_names(mapping, given)
    try:
        key = identity.load_key(data_dir)
        return [_stage_file(mapping, file, data_dir, as_at, key, synthetic) for file in given]
    except OSError as error:
        raise ProblemError(
            f"the data directory cannot be written: {(error.strerror or 'unknown reason').lower()}", str(data_dir),
            "a folder that you may write to, with room on its disk", "check the folder, or give another with --data-dir",
        ) from None  # fmt: skip


def _refuse_other_names(mapping: Mapping, files: Iterable[Path]) -> None:
    """Refuse files that are not named as the mapping says. Capitals do not matter: agencies' programs vary them."""
    patterns = [pattern.lower() for pattern in mapping.files]
    others = [
        ProblemError(
            f"the file's name is not one that the mapping {mapping.path.name} is for", file.name,
            f"a name like {' or '.join(mapping.files)}, in capitals or small letters",
            "use the mapping of this extract, rename the file, or load it with --any-name if it is the right one",
        )
        for file in files
        if not any(fnmatch.fnmatchcase(file.name.lower(), pattern) for pattern in patterns)
    ]  # fmt: skip
    if others:
        raise ProblemsError(others)


def _refuse_second_name(folder: Path, name: str) -> None:
    """One extract counts once: the same content under a second name would stand in for the first, or count twice.

    Two quarters with no rows at all are alike and are let through."""
    if not (folder / versions.MANIFEST).is_file():
        return
    part = read_part(folder)
    if part.file != name and part.read and not part.withdrawn:
        raise ProblemError(
            f"the file has the same content as {part.file}, which is staged already", name,
            "each extract under one name", f"check which file was meant, or run `iom withdraw {part.file}` first",
        )  # fmt: skip


def _stage_file(  # noqa: PLR0917
    mapping: Mapping, file: Path, data_dir: Path, as_at: dt.date | None, key: bytes, synthetic: bool = False
) -> Part:
    data = read_bytes(file)
    reaches = as_at or _as_at(mapping, file.name)
    root = paths.parts(data_dir) / mapping.source
    digest = hashlib.sha256(data).hexdigest()
    folder = root / f"{digest[:16]}-{mapping.sha256[:16]}"
    mark = identity.fingerprint(key)
    known = _known(folder, mark, file.name)
    if known is not None and known.synthetic == (mapping.synthetic or synthetic):
        return _restored(known, data_dir, reaches)
    _refuse_second_name(folder, file.name)
    rows = read_rows(file, mapping.read, mapping.format, data)
    counted = rows.counted
    del data
    used = _used_columns(mapping, rows.frame.columns, file.name)
    sound, rejected = rows.without_errors(used)
    frame, duplicate = _without_duplicates(mapping, sound, file.name)
    frame = frame.select("row", *used)
    del rows, sound  # the columns that are not mapped go before anything else is done
    tables, failures, loaded = transform(mapping, frame, rejected, key, file.name)
    if folder.exists():
        shutil.rmtree(folder)
    quarantined = failures["row"].n_unique()
    record = {
        "layout": LAYOUT, "file": file.name, "sha256": digest, "source": mapping.source, "agency": mapping.agency,
        "title": mapping.title, "area": mapping.area, "mapping_sha256": mapping.sha256, "layout_verified": mapping.layout_verified,
        "synthetic": mapping.synthetic or synthetic, "replaces": mapping.replaces,
        "as_at": reaches.isoformat() if reaches else None, "staged_at": _now(), "key_mark": mark,
        "read": counted, "loaded": loaded, "quarantined": quarantined, "duplicate": duplicate,
        "tables": {name: frame.height for name, frame in tables.items()}, "withdrawn": False,
    }  # fmt: skip
    paths.private(paths.parts(data_dir))
    with versions.building(root, folder.name) as build:
        for name, frame in tables.items():
            frame.write_parquet(build.path / f"{name}.parquet", compression="zstd", compression_level=1)
        failures.write_parquet(build.path / f"{QUARANTINE}.parquet")
        (build.path / versions.MANIFEST).write_text(json.dumps(record), "utf-8")
    return _with_fresh(read_part(folder))


def _known(folder: Path, mark: str, file: str) -> Part | None:
    """The part of this file and mapping, if it is there, whole, and made with this key and this layout."""
    if not (folder / versions.MANIFEST).is_file():
        return None
    part = read_part(folder)
    layout = json.loads((folder / versions.MANIFEST).read_text("utf-8")).get("layout")
    same = part.key_mark == mark and layout == LAYOUT and part.file == file and not part.withdrawn
    return part if same and not versions.verify(folder) else None


def _restored(part: Part, data_dir: Path, reaches: dt.date | None) -> Part:
    """A file staged again after another version of it becomes the latest again; a day given anew is kept."""
    changed: dict[str, object] = {}
    if not any(live.path == part.path for live in live_parts(data_dir)):
        changed["staged_at"] = _now()
    if reaches != part.as_at:
        changed["as_at"] = reaches.isoformat() if reaches else None
    if not changed:
        return part
    versions.write_manifest(part.path, changed)
    return read_part(part.path)


def _with_fresh(part: Part) -> Part:
    return Part(**{**part.__dict__, "fresh": True})


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def _as_at(mapping: Mapping, name: str) -> dt.date | None:
    """The day the extract reaches to, from its file name. A month alone means the month's last day.

    Where names do not say, it is the one day that the mapping gives for a published file, if it does."""
    if mapping.read.as_at is None:
        return mapping.read.reaches
    match = re.search(mapping.read.as_at, name)
    for form in ("%Y-%m-%d", "%Y%m%d", "%d-%m-%Y", "%d%m%Y", "%Y-%m") if match else ():
        try:
            day = dt.datetime.strptime(match.group(1), form).date()  # type: ignore[union-attr]
        except ValueError:
            continue
        last = calendar.monthrange(day.year, day.month)[1]
        return day.replace(day=last) if form == "%Y-%m" else day
    raise ProblemError(
        "the day that the extract reaches to is not in the file name", name,
        "a name that matches as_at in the mapping, with a real date", "rename the file, or give the day: iom load --as-at YYYY-MM-DD",
    )  # fmt: skip


def _used_columns(mapping: Mapping, present: list[str], file: str) -> list[str]:
    """The source columns that the mapping uses; all that it names and the file lacks are reported together."""
    named = [(f"[[table]] {table.to}, columns.{c.name}", c.column) for table in mapping.tables for c in table.columns]
    named += [(f"[identity] {one.kind}", one.column) for one in mapping.identity]
    lacking = [
        ProblemError(f"the file has no column {column}", f"{mapping.path.name}, {where}; {file}",
                     remedy="check the column's name, header_row and delimiter in the mapping")
        for where, column in named
        if column is not None and column not in present
    ]  # fmt: skip
    if lacking:
        raise ProblemsError(lacking)
    expressions = [c.sql for table in mapping.tables for c in table.columns] + [one.sql for one in mapping.identity]
    text = " ".join(part for part in [*expressions, *(table.where for table in mapping.tables)] if part).lower()
    wanted = {column for _, column in named}
    return [name for name in present if name != "row" and (name in wanted or name.lower() in text)]


def _without_duplicates(mapping: Mapping, frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, int]:
    """Drop rows that repeat an earlier row in every cell. A hash finds the candidates, the cells decide."""
    cells = frame.drop("row")
    shared = cells.hash_rows().is_duplicated()
    if not shared.any():
        return frame, 0
    candidates = frame.filter(shared)
    if mapping.read.distinct_where is not None:
        con = connect()
        try:
            con.register("raw", candidates.to_arrow())
            chosen = con.sql(f"SELECT row FROM raw WHERE TRY({mapping.read.distinct_where})").pl()
        except duckdb.Error as error:
            raise bad_sql(mapping, "[read] distinct_where", file, error) from None
        finally:
            con.close()
        candidates = candidates.join(chosen, on="row", how="semi")
    repeats = candidates.filter(~candidates.drop("row").select(pl.struct(pl.all())).to_series().is_first_distinct())
    return frame.join(repeats.select("row"), on="row", how="anti"), repeats.height
