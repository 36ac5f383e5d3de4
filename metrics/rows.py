"""The fact's rows that count, one cohort at a time, as arrays of numbers ready to be summed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from common.errors import ProblemError

NOT_KNOWN = "not_known"
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as codes into its values. `row` says which row each code belongs to (None: one code a row, in order)."""

    codes: Codes
    values: list[str]
    row: Codes | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """One cohort's rows, sorted by person. `periods` holds -1 where a row lies in no period of that kind."""

    cohort: str
    person: Codes
    periods: dict[str, Coded]
    dimensions: dict[str, Coded]
    columns: list[NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Request:
    """Which rows, which columns (SQL over a row), which dimensions and kinds of period."""

    source: str
    expressions: Sequence[str]
    dimensions: Sequence[str]
    period_kinds: Sequence[str]
    cohorts: Sequence[str] | None = None
    where: Mapping[str, str] | None = None
    follow_up: str = "follow_up"


def each_cohort(con: duckdb.DuckDBPyConnection, request: Request) -> Iterator[Rows]:
    """The rows of each cohort in turn, so that memory holds one cohort's at most."""
    types = {row[0]: str(row[1]) for row in con.sql(f"DESCRIBE SELECT * FROM {request.source}").fetchall()}
    _check_dimensions([*request.dimensions, *(request.where or {})], types, request.source)
    lists = [name for name in request.dimensions if types[name].endswith("[]")]
    present = con.sql(f"SELECT DISTINCT cohort FROM {request.source} ORDER BY 1").fetchall()
    try:
        for name in request.dimensions:
            if name not in lists:
                _make_enumeration(con, request.source, name)
        for (cohort,) in present:
            if request.cohorts is None or cohort in request.cohorts:
                yield _coded(cohort, _fetched(con, *_query(request, types, cohort)), request, lists)
    finally:
        for name in request.dimensions:
            con.execute(f'DROP TYPE IF EXISTS "cube_{name}"')


def _check_dimensions(names: Sequence[str], types: Mapping[str, str], source: str) -> None:
    unknown = sorted(set(names) - set(types))
    if unknown:
        known = ", ".join(name for name in types if name not in ("cohort", "person_key", "period"))
        raise ProblemError(
            f"There is no breakdown {', '.join(unknown)}", where=f"the fact {source}", allowed=known, exit_code=2
        )


def _value(name: str) -> str:
    return f"coalesce(CAST(source.\"{name}\" AS VARCHAR), '{NOT_KNOWN}')"


def _make_enumeration(con: duckdb.DuckDBPyConnection, source: str, name: str) -> None:
    """A type of the dimension's own values: a byte a row instead of a text."""
    con.execute(f'DROP TYPE IF EXISTS "cube_{name}"')
    con.execute(
        f'CREATE TEMP TYPE "cube_{name}" AS ENUM (SELECT DISTINCT {_value(name)} FROM {source} AS source'
        f" UNION SELECT '{NOT_KNOWN}' ORDER BY 1)"
    )


def _query(request: Request, types: Mapping[str, str], cohort: str) -> tuple[str, list[object]]:
    columns = [f"CAST(({expression}) AS DOUBLE) AS c{i}" for i, expression in enumerate(request.expressions)]
    for name in request.dimensions:
        if types[name].endswith("[]"):
            columns.append(f'list_distinct(coalesce(source."{name}", [\'{NOT_KNOWN}\'])) AS "dim_{name}"')
        else:
            columns.append(f'CAST({_value(name)} AS "cube_{name}") AS "dim_{name}"')
    columns += [f'calendar."{kind}" AS "in_{kind}"' for kind in request.period_kinds]
    conditions, values = ["source.cohort = ?"], [cohort]
    for name, value in (request.where or {}).items():
        if types[name].endswith("[]"):
            conditions.append(f"list_contains(coalesce(source.\"{name}\", ['{NOT_KNOWN}']), ?)")
        else:
            conditions.append(f"{_value(name)} = ?")
        values.append(value)
    return (
        f"WITH who AS (SELECT person_key, row_number() OVER () AS number"
        f" FROM (SELECT DISTINCT person_key FROM {request.source} WHERE cohort = ?))"
        f" SELECT who.number, {', '.join(columns)} FROM {request.source} AS source"
        f" JOIN who ON who.person_key = source.person_key"
        f" JOIN ({_calendar(request.follow_up)}) AS calendar"
        f" ON calendar.cohort = source.cohort AND calendar.quarter = source.period"
        f" WHERE {' AND '.join(conditions)} ORDER BY who.number",
        [cohort, *values],
    )


def _calendar(follow_up: str) -> str:
    """For each cohort's quarter: the year and three years that hold it, and `all` when its follow-up is complete.

    A year that began before the cohort's records has no follow-up state, and so no cells.
    """
    return f"""
        SELECT f.cohort, q.period AS quarter, y.period AS year, t.period AS three_years,
            CASE WHEN f.state = 'complete' THEN 'all' END AS "all"
        FROM {follow_up} AS f
        JOIN period AS q ON q.period = f.period AND q.kind = 'quarter'
        LEFT JOIN ({_whole("year", follow_up)}) AS y
            ON y.cohort = f.cohort AND q.start >= y.start AND q."end" <= y."end"
        LEFT JOIN ({_whole("three_years", follow_up)}) AS t
            ON t.cohort = f.cohort AND q.start >= t.start AND q."end" <= t."end\""""


def _whole(kind: str, follow_up: str) -> str:
    return (
        f'SELECT s.cohort, p.period, p.start, p."end" FROM period AS p'
        f" JOIN {follow_up} AS s ON s.period = p.period WHERE p.kind = '{kind}'"
    )


def _coded(cohort: str, frame: pl.DataFrame, request: Request, lists: Sequence[str]) -> Rows:
    periods = {kind: _text_codes(frame[f"in_{kind}"]) for kind in request.period_kinds}
    dimensions = {}
    for name in request.dimensions:
        column = frame[f"dim_{name}"]
        if name in lists:
            long = pl.DataFrame({"row": np.arange(len(frame)), "value": column}).explode("value").drop_nulls("value")
            coded = _text_codes(long["value"])
            dimensions[name] = Coded(coded.codes, coded.values, long["row"].to_numpy())
        else:
            dimensions[name] = _category_codes(column)
    columns = [frame[f"c{i}"].fill_null(np.nan).to_numpy() for i in range(len(request.expressions))]
    return Rows(cohort, frame["number"].cast(pl.Int64).to_numpy(), periods, dimensions, columns)


def _category_codes(column: pl.Series) -> Coded:
    """An enumeration's own codes, renumbered from 0 in the order of their names."""
    pairs = pl.DataFrame({"code": column.to_physical().cast(pl.Int64), "name": column}).unique("code")
    pairs = pairs.with_columns(pl.col("name").cast(pl.String)).sort("name")
    codes = pairs["code"].to_numpy()
    numbers = np.zeros(codes.max(initial=0) + 1, np.int64)
    numbers[codes] = np.arange(len(pairs))
    return Coded(numbers[column.to_physical().cast(pl.Int64).to_numpy()], pairs["name"].to_list())


def _text_codes(column: pl.Series) -> Coded:
    values = column.drop_nulls().unique().sort().to_list()
    numbers = {value: number for number, value in enumerate(values)}
    codes = (
        column.replace_strict(numbers, default=-1, return_dtype=pl.Int64) if values else pl.Series([-1] * len(column))
    )
    return Coded(codes.cast(pl.Int64).fill_null(-1).to_numpy(), values)


def _fetched(con: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> pl.DataFrame:
    return con.sql(query, params=values).pl()
