"""Cells: the sums behind every figure, for every group of people in the tables asked for.

A cell is one cohort, period and group. Its sums are clustered by person: somebody who enters a pooled period four
times is one person with a summed numerator X and denominator D, so that intervals can allow for repeats. Those who
enter once need no clustering: all their tables come from one grouping-sets query. Only people with several entries
are summed person by person, a table at a time, which keeps memory to one table's people.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import polars as pl

from common.errors import ProblemError
from metrics.catalogue import PERIOD_KINDS, Definition

NOT_KNOWN = "not_known"
KEYS = ("cohort", "period", "dim1", "val1", "dim2", "val2")
MOMENTS = ("n", "sx", "sd", "sxx", "sxd", "sdd", "sxxx", "sxxd", "sxdd", "sddd", "positive", "top1", "top2")
"""For each indicator, over the people in the cell whose X and D are known: n people with D other than 0; sums of X, D
and their products; people with X above 0; the largest and second largest X."""

Table = Sequence[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The fact's rows made ready: dimensions as enumerations, a column for each kind of period."""

    name: str
    dimensions: tuple[str, ...]
    lists: frozenset[str]


def cells(
    con: duckdb.DuckDBPyConnection,
    fact: str,
    definitions: Sequence[Definition],
    tables: Sequence[Table],
    period_kinds: Sequence[str] = PERIOD_KINDS,
    *,
    cohorts: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
    source: str | None = None,
    follow_up: str = "follow_up",
) -> pl.DataFrame:
    """Every cell of `tables` for every definition over one fact: one row per indicator and cell.

    Columns: indicator, period_kind, KEYS (and dim3, val3, ... for deeper tables), people (different people),
    entries (rows of the fact), known (people whose numerator and denominator are known), MOMENTS.
    `source` and `follow_up` name other relations of the same shape, to work under another definition of follow-up.
    """
    measures = [_measure(definition) for definition in definitions]
    with _rows(con, source or fact, measures, tables, period_kinds, cohorts, where, follow_up) as rows:
        frames = [_period_cells(con, rows, kind, definitions, tables) for kind in period_kinds]
    return _sorted(pl.concat(frames, how="vertical"))


def histogram(
    con: duckdb.DuckDBPyConnection,
    fact: str,
    definitions: Sequence[Definition],
    tables: Sequence[Table],
    period_kinds: Sequence[str] = PERIOD_KINDS,
    *,
    cohorts: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
    source: str | None = None,
    follow_up: str = "follow_up",
) -> pl.DataFrame:
    """How long people waited, for the definitions that follow waits: one row per indicator, cell and day.

    Columns: indicator, period_kind, KEYS, day, events (waits that ended that day), censored (people followed no
    further than that day), horizon (the days that anybody in the cohort is followed at most).
    """
    frames = [_empty_histogram()]
    for definition in (d for d in definitions if d.waits):
        horizon = definition.horizon or definition.numerator
        measures = [
            (definition.numerator, definition.denominator),
            (definition.event, definition.denominator),
            (horizon, definition.denominator),
        ]
        with _rows(con, source or fact, measures, tables, period_kinds, cohorts, where, follow_up) as rows:
            horizons = con.sql(
                f"SELECT cohort, CAST(max(x2) AS INTEGER) AS horizon FROM {rows.name} GROUP BY cohort"
            ).pl()
            for kind in period_kinds:
                found = _grouped(
                    con,
                    rows,
                    tables,
                    f'SELECT *, CAST(x0 AS INTEGER) AS day, "{kind}" AS period FROM {rows.name}'
                    f' WHERE "{kind}" IS NOT NULL AND x0 IS NOT NULL AND x1 IS NOT NULL AND d0 <> 0',
                    "CAST(sum(x1) AS BIGINT) AS events, CAST(sum(1 - x1) AS BIGINT) AS censored",
                    extra=("day",),
                )
                frames.append(
                    found.join(horizons, on="cohort", how="left").with_columns(
                        pl.lit(definition.id).alias("indicator"), pl.lit(kind).alias("period_kind")
                    )
                )
    frames = [frame for frame in frames if len(frame)] or frames[:1]
    found = pl.concat(frames, how="diagonal_relaxed")
    return _sorted(found, "day")


def _empty_histogram() -> pl.DataFrame:
    text = dict.fromkeys(("indicator", "period_kind", *KEYS), pl.String)
    return pl.DataFrame(schema=text | {"day": pl.Int32, "events": pl.Int64, "censored": pl.Int64, "horizon": pl.Int32})


def _sorted(frame: pl.DataFrame, *more: str) -> pl.DataFrame:
    names = ["indicator", "period_kind", *_key_columns(frame), *more]
    return frame.select(names + [name for name in frame.columns if name not in names]).sort(names)


def _key_columns(frame: pl.DataFrame) -> list[str]:
    """cohort, period, then dim1, val1, dim2, val2 and any deeper pairs in order."""
    depth = max(int(name[3:]) for name in frame.columns if name.startswith("dim"))
    return ["cohort", "period"] + [f"{part}{i}" for i in range(1, depth + 1) for part in ("dim", "val")]


def _measure(definition: Definition) -> tuple[str, str]:
    return definition.numerator, definition.denominator


@contextmanager
def _rows(  # noqa: PLR0917 - private, and its callers name nothing twice
    con: duckdb.DuckDBPyConnection,
    source: str,
    measures: Sequence[tuple[str, str]],
    tables: Sequence[Table],
    period_kinds: Sequence[str],
    cohorts: Sequence[str] | None,
    where: Mapping[str, str] | None,
    follow_up: str,
) -> Iterator[Rows]:
    """The rows that count, once, in a temporary table."""
    wanted = list(dict.fromkeys(name for table in tables for name in table))
    types = {row[0]: str(row[1]) for row in con.sql(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    _check_dimensions([*wanted, *(where or {})], types, source)
    lists = frozenset(name for name in types if types[name].endswith("[]"))
    filters, values = _filters(cohorts, where, lists)
    columns = ["source.cohort", "who.pid"]
    columns += [_dimension(con, source, name, name in lists) for name in wanted]
    for i, (numerator, denominator) in enumerate(measures):
        known = f"({numerator}) IS NOT NULL AND ({denominator}) IS NOT NULL"
        columns.append(f"CASE WHEN {known} THEN CAST(({numerator}) AS DOUBLE) END AS x{i}")
        columns.append(f"CASE WHEN {known} THEN CAST(({denominator}) AS DOUBLE) END AS d{i}")
    columns += [f'when_."{kind}"' for kind in period_kinds]
    con.execute("DROP TABLE IF EXISTS cube_person")
    con.execute(
        f"CREATE TEMP TABLE cube_person AS SELECT person_key, CAST(row_number() OVER () AS INTEGER) AS pid"
        f" FROM (SELECT DISTINCT person_key FROM {source})"
    )
    try:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE cube_rows AS SELECT {', '.join(columns)} FROM {source} AS source"
            f" JOIN cube_person AS who ON who.person_key = source.person_key"
            f" JOIN ({_periods(follow_up)}) AS when_ ON when_.cohort = source.cohort AND when_.quarter = source.period"
            f" WHERE {filters}",
            values,
        )
        yield Rows("cube_rows", tuple(wanted), lists & set(wanted))
    finally:
        con.execute("DROP TABLE IF EXISTS cube_rows")
        con.execute("DROP TABLE IF EXISTS cube_person")
        for name in wanted:
            con.execute(f'DROP TYPE IF EXISTS "cube_{name}"')


def _check_dimensions(names: Sequence[str], types: Mapping[str, str], source: str) -> None:
    unknown = sorted(set(names) - set(types))
    if unknown:
        known = ", ".join(name for name in types if name not in ("cohort", "person_key", "period"))
        raise ProblemError(
            f"There is no breakdown {', '.join(unknown)}", where=f"the fact {source}", allowed=known, exit_code=2
        )


def _filters(
    cohorts: Sequence[str] | None, where: Mapping[str, str] | None, lists: frozenset[str]
) -> tuple[str, list[object]]:
    """SQL conditions and their values, for rows of the wanted cohorts and groups."""
    conditions, values = ["TRUE"], []
    if cohorts is not None:
        conditions.append("list_contains(?, source.cohort)")
        values.append(list(cohorts))
    for name, value in (where or {}).items():
        if name in lists:
            conditions.append(f"list_contains(coalesce(source.\"{name}\", ['{NOT_KNOWN}']), ?)")
        else:
            conditions.append(f"coalesce(CAST(source.\"{name}\" AS VARCHAR), '{NOT_KNOWN}') = ?")
        values.append(value)
    return " AND ".join(conditions), values


def _dimension(con: duckdb.DuckDBPyConnection, source: str, name: str, is_list: bool) -> str:
    """The dimension's column: an enumeration made of its own values (a byte a row instead of a text)."""
    if is_list:
        return f'list_distinct(coalesce(source."{name}", [\'{NOT_KNOWN}\'])) AS "{name}"'
    value = f"coalesce(CAST(\"{name}\" AS VARCHAR), '{NOT_KNOWN}')"
    con.execute(f'DROP TYPE IF EXISTS "cube_{name}"')
    con.execute(
        f'CREATE TEMP TYPE "cube_{name}" AS ENUM'
        f" (SELECT DISTINCT {value} FROM {source} UNION SELECT '{NOT_KNOWN}' ORDER BY 1)"
    )
    return f'CAST(coalesce(CAST(source."{name}" AS VARCHAR), \'{NOT_KNOWN}\') AS "cube_{name}") AS "{name}"'


def _periods(follow_up: str) -> str:
    """For each cohort's quarter: the year and three years that hold it, and `all` when its follow-up is complete."""
    return f"""
        SELECT f.cohort, q.period AS quarter, y.period AS year, t.period AS three_years,
            CASE WHEN f.state = 'complete' THEN 'all' END AS "all"
        FROM {follow_up} AS f
        JOIN period AS q ON q.period = f.period AND q.kind = 'quarter'
        LEFT JOIN period AS y ON y.kind = 'year' AND q.start >= y.start AND q."end" <= y."end"
        LEFT JOIN period AS t ON t.kind = 'three_years' AND q.start >= t.start AND q."end" <= t."end\""""


def _period_cells(
    con: duckdb.DuckDBPyConnection, rows: Rows, kind: str, definitions: Sequence[Definition], tables: Sequence[Table]
) -> pl.DataFrame:
    """Cells of one kind of period: people with one entry at once, people with several a table at a time."""
    period = f'"{kind}"'
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE cube_often AS SELECT cohort, pid, {period} AS period FROM {rows.name}"
        f" WHERE {period} IS NOT NULL GROUP BY cohort, pid, {period} HAVING count(*) > 1"
    )
    on = f"o.cohort = r.cohort AND o.pid = r.pid AND o.period = r.{period}"
    once = (
        f"SELECT *, 1.0 AS entries, {period} AS period FROM {rows.name} AS r"
        f" WHERE {period} IS NOT NULL AND NOT EXISTS (FROM cube_often AS o WHERE {on})"
    )
    often = f"SELECT *, {period} AS period FROM {rows.name} AS r WHERE EXISTS (FROM cube_often AS o WHERE {on})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE cube_repeats AS {often}")
    sums = _sums(definitions)
    frames = [_grouped(con, rows, tables, once, sums)]
    if con.sql("SELECT count(*) FROM cube_repeats").fetchall()[0][0]:
        per_person = "count(*) AS entries, " + ", ".join(
            f"sum(x{i}) AS x{i}, sum(d{i}) AS d{i}" for i in range(len(definitions))
        )
        for table in tables:
            by = "".join(f', "{name}"' for name in table)
            clustered = (
                f"SELECT cohort, period, pid{by}, {per_person}"
                f" FROM ({_unnested('SELECT * FROM cube_repeats', rows, table)}) GROUP BY cohort, period, pid{by}"
            )
            found = con.sql(f"SELECT cohort, period{by}, {sums} FROM ({clustered}) GROUP BY cohort, period{by}").pl()
            frames.append(_keyed(found, table, _depth(tables)))
    con.execute("DROP TABLE cube_often")
    con.execute("DROP TABLE cube_repeats")
    return _long(_merged(frames), definitions, kind)


def _sums(definitions: Sequence[Definition]) -> str:
    parts = ["count(*) AS people", "CAST(sum(entries) AS BIGINT) AS entries"]
    for i in range(len(definitions)):
        x, d = f"x{i}", f"d{i}"
        parts.append(f"count({x}) AS known_{i}, count(*) FILTER ({d} <> 0) AS n_{i}")
        parts.append(f"count(*) FILTER ({x} > 0) AS positive_{i}")
        for name in ("sx", "sd", "sxx", "sxd", "sdd", "sxxx", "sxxd", "sxdd", "sddd"):
            product = " * ".join({"x": x, "d": d}[letter] for letter in name[1:])
            parts.append(f"coalesce(CAST(sum({product}) AS DOUBLE), 0) AS {name}_{i}")
        parts.append(f"max({x}) AS top1_{i}, max({x}, 2) AS tops_{i}")
    return ", ".join(parts)


def _unnested(query: str, rows: Rows, table: Sequence[str]) -> str:
    """The query with a row for each value of the table's multi-valued dimensions."""
    lists = [name for name in table if name in rows.lists]
    if not lists:
        return query
    replaced = ", ".join(f'"{name}"' for name in lists)
    values = ", ".join(f'unnest("{name}") AS "{name}"' for name in lists)
    return f"SELECT * EXCLUDE ({replaced}), {values} FROM ({query})"


def _grouped(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection,
    rows: Rows,
    tables: Sequence[Table],
    query: str,
    aggregates: str,
    extra: Sequence[str] = (),
) -> pl.DataFrame:
    """Every table in one grouping-sets query (and one more for each multi-valued dimension used)."""
    frames = []
    more = "".join(f', "{name}"' for name in extra)
    for lists in dict.fromkeys(tuple(name for name in table if name in rows.lists) for table in tables):
        these = [table for table in tables if tuple(name for name in table if name in rows.lists) == lists]
        names = list(dict.fromkeys(name for table in these for name in table))
        different = {frozenset(table): table for table in these}.values()
        sets = ", ".join(
            "(cohort, period" + more + "".join(f', "{name}"' for name in table) + ")" for table in different
        )
        by = "".join(f', "{name}"' for name in names)
        which = f"CAST(grouping({by[2:]}) AS BIGINT)" if names else "CAST(0 AS BIGINT)"
        found = con.sql(
            f"SELECT {which} AS which, cohort, period{more}{by}, {aggregates} FROM ({_unnested(query, rows, lists)})"
            f" GROUP BY GROUPING SETS ({sets})"
        ).pl()
        for table in these:
            absent = sum(1 << place for place, name in enumerate(reversed(names)) if name not in table)
            part = found.filter(pl.col("which") == absent).drop("which", *(n for n in names if n not in table))
            frames.append(_keyed(part, table, _depth(tables)))
    return pl.concat(frames, how="diagonal_relaxed")


def _depth(tables: Sequence[Table]) -> int:
    return max(2, *(len(table) for table in tables)) if tables else 2


def _keyed(frame: pl.DataFrame, table: Table, depth: int) -> pl.DataFrame:
    """Dimensions by name turned into dim1, val1, dim2, val2."""
    columns = []
    for i in range(depth):
        used = i < len(table)
        columns.append(pl.lit(table[i] if used else "").alias(f"dim{i + 1}"))
        columns.append((pl.col(table[i]).cast(pl.String) if used else pl.lit("")).alias(f"val{i + 1}"))
    return frame.with_columns(columns).drop(list(table))


def _merged(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """People with one entry and people with several, together."""
    both = pl.concat(frames, how="vertical_relaxed")
    if len(frames) == 1:
        return both
    keys = _key_columns(both)
    rest = [name for name in both.columns if name not in keys]
    largest = [name for name in rest if name.startswith("top1_")]
    lists = [name for name in rest if name.startswith("tops_")]
    summed = [name for name in rest if name not in (*largest, *lists)]
    return both.group_by(keys).agg(
        *(pl.col(name).sum() for name in summed),
        *(pl.col(name).max() for name in largest),
        *(pl.col(name).explode().sort(descending=True, nulls_last=True).head(2) for name in lists),
    )


def _long(wide: pl.DataFrame, definitions: Sequence[Definition], kind: str) -> pl.DataFrame:
    """One row per indicator and cell."""
    keys = _key_columns(wide)
    frames = []
    for i, definition in enumerate(definitions):
        second = pl.col(f"tops_{i}").list.get(1, null_on_oob=True)
        frames.append(
            wide.select(
                pl.lit(definition.id).alias("indicator"),
                pl.lit(kind).alias("period_kind"),
                *keys,
                "people",
                "entries",
                pl.col(f"known_{i}").alias("known"),
                *(pl.col(f"{name}_{i}").alias(name) for name in MOMENTS[:-1]),
                second.alias("top2"),
            ).filter(pl.lit(True) if definition.serves("*") else pl.col("cohort").is_in(list(definition.cohorts)))
        )
    return pl.concat(frames, how="vertical_relaxed")


__all__ = ["KEYS", "MOMENTS", "NOT_KNOWN", "cells", "histogram"]
