"""Stage files: map, replace identifiers by keyed hashes, check the contracts, and keep typed Parquet parts.

A part is kept under the hash of its file and of its mapping. It is built aside and renamed, so a killed run
leaves nothing. A row loads whole or not at all: if any table that it feeds refuses it, the row is quarantined.
For each file: rows read = loaded + quarantined + exact duplicates.
"""

import calendar
import datetime as dt
import fnmatch
import functools
import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from common import duck, paths, versions
from common.errors import ProblemError, ProblemsError
from etl import contract_rules, identity
from etl.columns_sql import EXPRESSION_FAILED, guarded, hashed_sql, literal, quoted, value_sql
from etl.contracts import TABLES
from etl.mapping import Column, Mapping, Table, contract_columns
from etl.read import read_bytes, read_rows

BATCH = 50_000
LAYOUT = 3
"""Raised when the way files become parts changes, so that old parts are not taken for new ones."""
QUARANTINE = "quarantine"
WHOLE_ROW = "(whole row)"
PERSON = "_person_of_the_row"
"""The name that expressions do not use: the row's own pseudonym beside the source's columns."""
PLACEHOLDER = "_placeholder_in_the_row"
"""Beside it: whether the row has no pseudonym because a placeholder stands in an identifier's place."""
PLACEHOLDER_RULE = "no identifier: a placeholder stands where an identifier should be"
NO_TABLE = "no table takes this row"
FAILURES = {"row": pl.Int64, "table_name": pl.String, "column_name": pl.String, "rule": pl.String}
BLANKS = " \t\r\n\u00a0"


@dataclass(frozen=True)
class Part:
    """A staged file: where its typed tables are, and what became of its rows."""

    path: Path
    file: str
    sha256: str
    source: str
    agency: str
    mapping_sha256: str
    layout_verified: bool
    synthetic: bool
    replaces: str
    as_at: dt.date | None
    staged_at: str
    key_mark: str
    read: int
    loaded: int
    quarantined: int
    duplicate: int
    tables: dict[str, int]
    area: str = ""
    withdrawn: bool = False
    fresh: bool = False

    @property
    def reconciles(self) -> bool:
        """Whether every row read is accounted for."""
        return self.read == self.loaded + self.quarantined + self.duplicate

    def __str__(self) -> str:
        if not self.fresh:
            return f"{self.file}: nothing to do, it is staged already with this mapping."
        return (
            f"{self.file}: {self.read} rows read, {self.loaded} loaded, {self.quarantined} quarantined, "
            f"{self.duplicate} exact duplicates."
        )


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


def read_part(folder: Path) -> Part:
    """A part's own record of itself."""
    try:
        record = json.loads((folder / versions.MANIFEST).read_text("utf-8"))
        day, record = record["as_at"], {"area": "", **record}
        fields = {name: record[name] for name in Part.__dataclass_fields__ if name not in ("path", "as_at", "fresh")}
    except (OSError, ValueError, KeyError):
        raise ProblemError(
            "a part's manifest cannot be read", f"parts/{folder.parent.name}/{folder.name}",
            remedy="delete that folder and stage the file again",
        ) from None  # fmt: skip
    return Part(path=folder, as_at=dt.date.fromisoformat(day) if day else None, **fields)


def all_parts(data_dir: Path) -> list[Part]:
    """Every finished part, in the order in which they were staged."""
    manifests = paths.parts(data_dir).glob(f"*/*/{versions.MANIFEST}")
    found = [read_part(file.parent) for file in manifests if not file.parent.name.startswith(".")]
    return sorted(found, key=lambda part: (part.staged_at, part.path.name))


def live_parts(data_dir: Path) -> list[Part]:
    """The parts that count: not withdrawn, and not superseded by a later part of the same file or source."""
    live: list[Part] = []
    for part in all_parts(data_dir):
        live = [earlier for earlier in live if not _supersedes(part, earlier)]
        if not part.withdrawn:
            live.append(part)
    return live


def withdraw(data_dir: Path, file: str) -> list[Part]:
    """Take a file's rows out of the product: its Parquet is deleted, and what remains says that it was withdrawn."""
    withdrawn = [part for part in all_parts(data_dir) if part.file == file and not part.withdrawn]
    if not withdrawn:
        raise ProblemError("no staged file has this name", remedy="see the names on the data quality page")
    for part in withdrawn:
        for path in part.path.glob("*.parquet"):
            path.unlink()
        versions.write_manifest(part.path, {"withdrawn": True})
    return withdrawn


def _supersedes(later: Part, earlier: Part) -> bool:
    if later.withdrawn or later.source != earlier.source:
        return False
    if later.replaces == "source":
        return True
    return later.file == earlier.file


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
    frame, duplicate = _without_duplicates(mapping, rows.frame, file.name)
    rejected, frame = rows.rejected, frame.select("row", *used)
    del rows  # the columns that are not mapped go before anything else is done
    tables, failures, loaded = _transform(mapping, frame, rejected, key, file.name)
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


@functools.cache
def _database() -> duckdb.DuckDBPyConnection:
    """A database in memory for mappings' expressions, one a process: they reach no file, no network, no setting."""
    con = duck.connect_build()
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _connect() -> duckdb.DuckDBPyConnection:
    """A connection for one file. What it registers and creates goes when it is closed."""
    return duck.cursor(_database())


def _transform(
    mapping: Mapping, frame: pl.DataFrame, rejected: pl.DataFrame, key: bytes, file: str
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, int]:
    """The tables that a file's rows make, the rows that failed and why, and how many rows loaded."""
    con = _connect()
    try:
        source = _clean(mapping, frame)
        con.register("src", _arrow(source))
        binds = identity.pads(key)
        ids = _identifiers(con, mapping, binds, file)
        if ids is not None:
            con.register("src", _arrow(source.with_columns(ids[PERSON])))
        failures = [_read_failures(rejected)]
        made: dict[str, list[pl.DataFrame]] = {}
        for number, table in enumerate(mapping.tables):
            typed, failed = _table(con, mapping, table, number, binds, file)
            made.setdefault(table.to, []).append(typed)
            failures += [failed, contract_rules.broken(table.to, typed, failed)]
        everything = {name: pl.concat(frames) for name, frames in made.items()}
        failed_rows = pl.concat([one.select(list(FAILURES)) for one in failures])
        if ids is not None:
            failed_rows = _telling_placeholders(failed_rows, ids)
        whole = pl.concat([frame["row"] for frame in everything.values()]).unique().to_frame()
        untaken = _apart_from(_apart_from(frame.select("row"), whole), failed_rows)
        failed_rows = (
            pl.concat([failed_rows, _failures(untaken, "", WHOLE_ROW, NO_TABLE)]).unique().sort(list(FAILURES))
        )
        tables = {
            name: _apart_from(found, failed_rows).sort("row").rename({"row": "source_row"})
            for name, found in everything.items()
        }
        loaded = pl.concat([found["source_row"] for found in tables.values()]).unique().alias("row").to_frame()
        if ids is not None:
            dated = tables.get("identity_link")
            undated = loaded if dated is None else _apart_from(loaded, dated.rename({"source_row": "row"}))
            links = _links(mapping, ids.join(undated, on="row", how="semi"))
            tables["identity_link"] = links if dated is None else pl.concat([links, _dated_links(mapping, ids, dated)])
        if "person" in tables:  # a file of offences says the same of its people again and again
            person = tables["person"]
            tables["person"] = person.unique([c for c in person.columns if c != "source_row"], keep="last").sort(
                "source_row"
            )
    except duckdb.Error:  # its message may quote a cell
        raise ProblemError("the mapping could not be applied to the file", f"{mapping.path.name}, {file}") from None
    finally:
        con.close()
    if mapping.cohorts:
        tables["cohort_definition"] = _cohorts(mapping)
    kept = {name: found for name, found in tables.items() if found.height}
    return kept, failed_rows, loaded.height


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
        con = _connect()
        try:
            con.register("raw", candidates.to_arrow())
            chosen = con.sql(f"SELECT row FROM raw WHERE TRY({mapping.read.distinct_where})").pl()
        except duckdb.Error as error:
            raise _bad_sql(mapping, "[read] distinct_where", file, error) from None
        finally:
            con.close()
        candidates = candidates.join(chosen, on="row", how="semi")
    repeats = candidates.filter(~candidates.drop("row").select(pl.struct(pl.all())).to_series().is_first_distinct())
    return frame.join(repeats.select("row"), on="row", how="anti"), repeats.height


def _clean(mapping: Mapping, frame: pl.DataFrame) -> pl.DataFrame:
    """The source as expressions see it: trimmed text, with the mapping's codes for missing as NULL."""
    names = [name for name in frame.columns if name != "row"]
    missing = sorted({"", *mapping.read.missing})
    trimmed = frame.with_columns(pl.col(names).str.strip_chars(BLANKS))
    return trimmed.with_columns(pl.when(~pl.col(name).is_in(missing)).then(pl.col(name)) for name in names)


def _arrow(frame: pl.DataFrame) -> pa.Table:
    """A frame for DuckDB, in batches, because it gives each thread a batch."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.newest())
    return pa.Table.from_batches(table.to_batches(max_chunksize=BATCH), schema=table.schema)


def _identifiers(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, binds: dict[str, bytes], file: str
) -> pl.DataFrame | None:
    """Each row's pseudonyms, k0, k1, ... The first that is present is the row's own key, its person for now.

    A placeholder such as UNKNOWN or 0000000 has no pseudonym: the row falls to its next identifier. People come up many times in a file, so each spelling of an identifier is hashed once.
    """
    if not mapping.identity:
        return None
    found = []
    for number, one in enumerate(mapping.identity):
        text = quoted(one.column) if one.column is not None else f"TRY(CAST(({one.sql}) AS VARCHAR))"
        prefix = f"source|{mapping.source}" if one.kind == "source" else one.kind
        try:
            column = con.sql(
                f"""WITH told AS (SELECT row, {text} AS t FROM src),
                    once AS ({_once_sql(one.kind, prefix, "t", "told")})
                    SELECT row, k AS k{number}, coalesce(p, false) AS p{number} FROM told LEFT JOIN once USING (t)""",
                params=binds,
            ).pl()
        except duckdb.BinderException as error:
            raise _bad_sql(mapping, f"[identity] {one.kind}", file, error) from None
        found.append(column.sort("row"))
    ids = found[0].hstack([series for column in found[1:] for series in column.drop("row")])
    numbers = range(len(found))
    ids = ids.with_columns(pl.coalesce(f"k{number}" for number in numbers).alias(PERSON))
    held = pl.any_horizontal(f"p{number}" for number in numbers)
    return ids.with_columns((held & pl.col(PERSON).is_null()).alias(PLACEHOLDER))


def _once_sql(kind: str, prefix: str, text: str, origin: str) -> str:
    """SQL for (t, k, p): each spelling of an identifier once, with its keyed hash, or whether it is a placeholder."""
    found = f"SELECT DISTINCT {text} AS t FROM {origin} WHERE {text} IS NOT NULL"
    judged = f"SELECT t, {identity.placeholder_sql(kind, 't')} AS p FROM ({found})"
    return f"SELECT t, CASE WHEN NOT p THEN {identity.keyed_sql(prefix, 't')} END AS k, p FROM ({judged})"


def _telling_placeholders(failures: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Failures that say, of rows without an identifier, where a placeholder is the reason."""
    held = pl.col("row").is_in(ids.filter(PLACEHOLDER)["row"].implode())
    absent = pl.col("rule") == contract_rules.NO_IDENTIFIER
    return failures.with_columns(rule=pl.when(absent & held).then(pl.lit(PLACEHOLDER_RULE)).otherwise("rule"))


def _table(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection, mapping: Mapping, table: Table, number: int, binds: dict[str, bytes], file: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One table's typed rows (columns of the contract beside `row`) and the failures found on the way."""
    contract = contract_columns(table.to)
    where = f"[[table]] {table.to}"
    condition = "{'v': true}" if table.where is None else guarded(table.where)
    types = _types(con, mapping, table, file)
    origins, joins, values, broken = [], [], [], []
    needs_person = "person_key" in contract
    for at, column in enumerate(table.columns):
        origin, failed, given = _origin(column, types.get(column.name, "VARCHAR"))
        origins.append(f"{origin} AS a{at}")
        x, unmapped = f"a{at}.v" if failed else f"a{at}", "NULL"
        if column.values is not None:
            x, given = (x if given == "VARCHAR" else f"CAST({x} AS VARCHAR)"), "VARCHAR"
            joins.append(_map_join(con, column, f"m{number}_{at}", x))
            source, x = x, f"m{number}_{at}.v"
            if column.otherwise is not None:
                x = f"CASE WHEN {source} IS NOT NULL THEN coalesce({x}, {literal(column.otherwise)}) END"
            else:
                rule = column.rule or "not a value that the mapping knows"
                unmapped = f"CASE WHEN {source} IS NOT NULL AND {x} IS NULL THEN {literal(rule)} END"
        if column.hash is not None:
            x, given = hashed_sql(column, x if given == "VARCHAR" else f"CAST({x} AS VARCHAR)"), "VARCHAR"
        if column.missing is not None:
            x = f"coalesce({x if given == 'VARCHAR' else f'CAST({x} AS VARCHAR)'}, {literal(column.missing)})"
            given = "VARCHAR"
        value, wrong = value_sql(contract[column.name], column, mapping, x, given)
        failing = f"CASE WHEN a{at} IS NULL THEN {literal(EXPRESSION_FAILED)} END" if failed else "NULL"
        values.append(f"{value} AS {quoted(column.name)}")
        broken.append(f"coalesce({failing}, {unmapped}, {wrong}) AS e{at}")
    if needs_person and table.to != "identity_link":
        values.append(f"{PERSON} AS person_key")
    inner = ", ".join(["row", f"{condition} AS taken", *([PERSON] if needs_person else []), *origins])
    query = f"""SELECT row, taken IS NULL AS unsure, {", ".join([*values, *broken])}
                FROM (SELECT {inner} FROM src) t {" ".join(joins)}
                WHERE taken IS NULL OR taken.v"""
    try:
        bound = binds if "$ipad" in query else None
        found = con.sql(query, params=bound).pl()
    except duckdb.Error as error:
        raise _bad_sql(mapping, where, file, error) from None
    failures = [
        _failures(found.filter("unsure").select("row"), table.to, WHOLE_ROW, "the table's where fails on this row")
    ]
    for at, column in enumerate(table.columns):
        name = f"e{at}"
        if found[name].null_count() < found.height:
            wrong_rows = found.filter(pl.col(name).is_not_null()).select("row", pl.col(name).alias("rule"))
            failures.append(
                wrong_rows.with_columns(
                    pl.lit(table.to).alias("table_name"), pl.lit(column.name).alias("column_name"),
                    pl.col("rule").cast(pl.String),
                ).select(list(FAILURES))
            )  # fmt: skip
    typed = contract_rules.shaped(table.to, found.filter(~pl.col("unsure")))
    return typed, pl.concat(failures)


def _types(con: duckdb.DuckDBPyConnection, mapping: Mapping, table: Table, file: str) -> dict[str, str]:
    """The DuckDB type of each of a table's expressions; an expression that cannot be bound is reported."""
    types, wrong = {}, []
    for column in table.columns:
        if column.sql is None:
            continue
        try:
            described = con.sql(f"DESCRIBE SELECT ({column.sql}) AS v FROM src").fetchall()
            types[column.name] = str(described[0][1])
            if types[column.name].endswith("]") or types[column.name].startswith(("STRUCT", "MAP", "UNION")):
                wrong.append(
                    ProblemError(
                        "a SQL expression gives several values for one row",
                        f"{mapping.path.name}, [[table]] {table.to}, columns.{column.name}; {file}",
                        "a single value", "correct the mapping",
                    )
                )  # fmt: skip
        except duckdb.Error as error:
            wrong.append(_bad_sql(mapping, f"[[table]] {table.to}, columns.{column.name}", file, error))
    if wrong:
        raise ProblemsError(wrong)
    return types


def _origin(column: Column, given: str) -> tuple[str, bool, str]:
    """SQL of where a column comes from, whether it is wrapped to catch failures, and its DuckDB type."""
    if column.column is not None:
        return quoted(column.column), False, "VARCHAR"
    if column.sql is not None:
        return guarded(column.sql), True, given
    return literal(column.value or ""), False, "VARCHAR"


def _map_join(con: duckdb.DuckDBPyConnection, column: Column, name: str, x: str) -> str:
    """Join a column's value map, looked up by its folded spelling."""
    pairs = pl.DataFrame(list((column.values or {}).items()), schema={"k": pl.String, "v": pl.String}, orient="row")
    con.register(name, pairs.to_arrow())
    folded = f"CASE WHEN contains({x}, '  ') THEN lower(regexp_replace({x}, '\\s+', ' ', 'g')) ELSE lower({x}) END"
    return f"LEFT JOIN {name} ON {name}.k = {folded}"


def _links(mapping: Mapping, ids: pl.DataFrame) -> pl.DataFrame:
    """The links that the loaded rows give, each once, at the first row that gives it."""
    undated = pl.lit(None, dtype=pl.Date).alias("from_date"), pl.lit("same").alias("action")
    found = [
        _link(one.kind, number, ids).unique(["id_key", "person_key"], keep="first", maintain_order=True)
        for number, one in enumerate(mapping.identity)
    ]
    return _in_order(pl.concat(found).with_columns(undated))


def _dated_links(mapping: Mapping, ids: pl.DataFrame, dated: pl.DataFrame) -> pl.DataFrame:
    """Links from a table of merges and splits: each row's date and action apply to all its identifiers."""
    told = dated.select("source_row", "from_date", pl.col("action").fill_null("same"))
    found = [_link(one.kind, number, ids) for number, one in enumerate(mapping.identity)]
    return _in_order(pl.concat(found).join(told, on="source_row"))


def _link(kind: str, number: int, ids: pl.DataFrame) -> pl.DataFrame:
    return ids.filter(pl.col(f"k{number}").is_not_null()).select(
        pl.lit(kind).alias("id_kind"), pl.col(f"k{number}").alias("id_key"), pl.col(PERSON).alias("person_key"),
        pl.col("row").alias("source_row"),
    )  # fmt: skip


def _in_order(links: pl.DataFrame) -> pl.DataFrame:
    return links.select(*TABLES["identity_link"].column_names(), "source_row").sort("source_row", "id_kind", "id_key")


def _apart_from(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """A frame without certain rows."""
    return frame.join(rows.select("row").unique(), on="row", how="anti") if rows.height else frame


def _cohorts(mapping: Mapping) -> pl.DataFrame:
    rows = [(c.name, c.title, c.follow_up_days, c.waiting_days, c.holds, 0) for c in mapping.cohorts]
    return pl.DataFrame(rows, schema=[*TABLES["cohort_definition"].column_names(), "source_row"], orient="row")


def _read_failures(rejected: pl.DataFrame) -> pl.DataFrame:
    return rejected.select(
        "row", pl.lit("").alias("table_name"), pl.lit(WHOLE_ROW).alias("column_name"), "rule"
    )  # fmt: skip


def _failures(rows: pl.DataFrame, table: str, column: str, rule: str) -> pl.DataFrame:
    return rows.select(
        pl.col("row").cast(pl.Int64), pl.lit(table).alias("table_name"), pl.lit(column).alias("column_name"),
        pl.lit(rule).alias("rule"),
    )  # fmt: skip


def _bad_sql(mapping: Mapping, where: str, file: str, error: duckdb.Error) -> ProblemError:
    """A faulty expression. Only what is wrong with its text is repeated, never what a row made of it."""
    spoken = isinstance(error, duckdb.BinderException | duckdb.ParserException | duckdb.CatalogException)
    reason = f": {str(error).splitlines()[0][:200]}" if spoken else ""
    if isinstance(error, duckdb.PermissionException):
        reason = ": it reaches for a file, the network or a setting, which a mapping may not"
    return ProblemError(
        f"a SQL expression does not work{reason}", f"{mapping.path.name}, {where}; {file}", remedy="correct the mapping"
    )
