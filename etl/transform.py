"""From a file's rows to the typed rows of the canonical tables, and to the rows that failed and why.

A row loads whole or not at all: if any table that it feeds refuses it, it fails.
"""

import duckdb
import polars as pl
import pyarrow as pa

from common.errors import ProblemError, ProblemsError
from etl import contract_rules, identity
from etl.columns_sql import EXPRESSION_FAILED, guarded, hashed_sql, literal, quoted, value_sql
from etl.contracts import TABLES
from etl.expressions import bad_sql, connect
from etl.linking import PERSON, dated_links, identifiers, telling_placeholders, undated_links
from etl.settings import Column, Mapping, Table, contract_columns

BATCH = 50_000
WHOLE_ROW = "(whole row)"
NO_TABLE = "no table takes this row"
FAILURES = {"row": pl.Int64, "table_name": pl.String, "column_name": pl.String, "rule": pl.String}
BLANKS = " \t\r\n\u00a0"


def transform(
    mapping: Mapping, frame: pl.DataFrame, rejected: pl.DataFrame, key: bytes, file: str
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, int]:
    """The tables that a file's rows make, the rows that failed and why, and how many rows loaded."""
    con = connect()
    try:
        source = _clean(mapping, frame)
        con.register("src", _arrow(source))
        binds = identity.pads(key)
        ids = identifiers(con, mapping, binds, file)
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
            failed_rows = telling_placeholders(failed_rows, ids)
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
            links = undated_links(mapping, ids.join(undated, on="row", how="semi"))
            tables["identity_link"] = links if dated is None else pl.concat([links, dated_links(mapping, ids, dated)])
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
        raise bad_sql(mapping, where, file, error) from None
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
            wrong.append(bad_sql(mapping, f"[[table]] {table.to}, columns.{column.name}", file, error))
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
