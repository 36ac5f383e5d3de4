"""The fact's rows that count, one cohort at a time, as arrays of numbers ready to be summed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from common.errors import ProblemError
from metrics.areas import area_dimensions, grouping, own_columns

NOT_KNOWN = "not_known"
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as codes into its values.

    Of a multi-valued column, `starts[i]` to `starts[i + 1]` are the places of row i's codes (None: one code a row).
    """

    codes: NDArray[np.integer[Any]]
    values: list[str]
    starts: Codes | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """One cohort's rows, sorted by person. `periods` holds -1 where a row lies in no period of that kind.

    `columns` has each expression's numbers, NaN where unknown.
    """

    cohort: str
    person: Codes
    periods: dict[str, Coded]
    dimensions: dict[str, Coded]
    columns: dict[str, NDArray[np.float64]]


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
    _check_dimensions(own_columns([*request.dimensions, *(request.where or {})]), types, request.source)
    lists = {name for name, kind in types.items() if kind.endswith("[]")}
    for (cohort,) in con.sql(f"SELECT DISTINCT cohort FROM {request.source} ORDER BY 1").fetchall():
        if request.cohorts is None or cohort in request.cohorts:
            yield _rows(con, request, cohort, lists)


def _check_dimensions(names: Sequence[str], types: Mapping[str, str], source: str) -> None:
    unknown = sorted(set(names) - set(types))
    if unknown:
        known = ", ".join(name for name in types if name not in ("cohort", "person_key", "period"))
        raise ProblemError(
            f"There is no breakdown {', '.join(unknown)}", where=f"the fact {source}", allowed=known, exit_code=2
        )


def _rows(con: duckdb.DuckDBPyConnection, request: Request, cohort: str, lists: set[str]) -> Rows:
    calendar = con.sql(_calendar(request.follow_up), params=[cohort]).pl()
    areas = [name for name in {*request.dimensions, *(request.where or {})} if name in area_dimensions()]
    asked = _Asked(lists, {name: grouping(con, cohort, name) for name in areas})
    values = _values(con, request, cohort, asked)
    query, parameters = _query(request, cohort, asked, calendar["quarter"].to_list(), values)
    frame = con.sql(query, params=parameters).pl()
    quarter = frame["quarter"].to_numpy()
    periods = {kind: _period_codes(calendar[kind], quarter) for kind in request.period_kinds}
    dimensions = {}
    for name in request.dimensions:
        column = frame[f"dim_{name}"]
        if name in lists:
            dimensions[name] = _list_codes(column, values[name])
        else:
            dimensions[name] = Coded(_codes(column, values[name]), values[name])
    columns = {text: frame[f"c{i}"].fill_null(np.nan).to_numpy() for i, text in enumerate(request.expressions)}
    return Rows(cohort, frame["person"].to_numpy(), periods, dimensions, columns)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the dimensions asked for are had of a row: which are lists, and the SQL of those that group districts."""

    lists: set[str]
    areas: Mapping[str, str]

    def value(self, name: str) -> str:
        column = self.areas.get(name, f'source."{name}"')
        return f"coalesce(CAST({column} AS VARCHAR), '{NOT_KNOWN}')"


def _list(name: str) -> str:
    return f"coalesce(source.\"{name}\", ['{NOT_KNOWN}'])"


def _values(con: duckdb.DuckDBPyConnection, request: Request, cohort: str, asked: _Asked) -> dict[str, list[str]]:
    """The values that each dimension has in the cohort, in the order of their names."""
    if not request.dimensions:
        return {}
    found = [
        f"list_sort(list_distinct(flatten(list(DISTINCT {_list(name)}))))"
        if name in asked.lists
        else f"list_sort(list(DISTINCT {asked.value(name)}))"
        for name in request.dimensions
    ]
    query = f"SELECT {', '.join(found)} FROM {request.source} AS source WHERE cohort = ?"
    [row] = con.sql(query, params=[cohort]).fetchall()
    return dict(zip(request.dimensions, row, strict=True))


def _query(
    request: Request, cohort: str, asked: _Asked, quarters: Sequence[str], values: Mapping[str, Sequence[str]]
) -> tuple[str, list[object]]:
    """The query for one cohort's rows, and its parameters.

    A dimension comes as an enumeration of its own values: a byte a row instead of a text.
    """
    columns = [f"CAST(({expression}) AS DOUBLE) AS c{i}" for i, expression in enumerate(request.expressions)]
    for name in request.dimensions:
        if name in asked.lists:
            columns.append(f'list_distinct({_list(name)}) AS "dim_{name}"')
        else:
            members = ", ".join("'" + value.replace("'", "''") + "'" for value in values[name])
            columns.append(f'CAST({asked.value(name)} AS ENUM({members})) AS "dim_{name}"')
    conditions, chosen = ["source.cohort = ?"], []
    for name, value in (request.where or {}).items():
        conditions.append(f"list_contains({_list(name)}, ?)" if name in asked.lists else f"{asked.value(name)} = ?")
        chosen.append(value)
    query = (
        f"WITH who AS (SELECT person_key, row_number() OVER () AS number"
        f" FROM (SELECT DISTINCT person_key FROM {request.source} WHERE cohort = ?)),"
        f" quarters AS (SELECT unnest(CAST(? AS VARCHAR[])) AS period, unnest(range(?)) AS number)"
        f" SELECT who.number AS person, quarters.number AS quarter, {', '.join(columns)}"
        f" FROM {request.source} AS source JOIN who ON who.person_key = source.person_key"
        f" JOIN quarters ON quarters.period = source.period"
        f" WHERE {' AND '.join(conditions)} ORDER BY who.number"
    )
    return query, [cohort, list(quarters), len(quarters), cohort, *chosen]


def _calendar(follow_up: str) -> str:
    """For each quarter of a cohort: the year and three years that hold it, and `all` when its follow-up is complete.

    A year that began before the cohort's records has no follow-up state, and so no cells.
    """
    return f"""
        WITH state AS (SELECT * FROM {follow_up} WHERE cohort = ?)
        SELECT q.period AS quarter, y.period AS year, t.period AS three_years,
            CASE WHEN state.state = 'complete' THEN 'all' END AS "all"
        FROM state
        JOIN period AS q ON q.period = state.period AND q.kind = 'quarter'
        LEFT JOIN ({_whole("year")}) AS y ON q.start >= y.start AND q."end" <= y."end"
        LEFT JOIN ({_whole("three_years")}) AS t ON q.start >= t.start AND q."end" <= t."end"
        ORDER BY 1"""


def _whole(kind: str) -> str:
    return (
        'SELECT p.period, p.start, p."end" FROM period AS p'
        f" JOIN state ON state.period = p.period WHERE p.kind = '{kind}'"
    )


def _period_codes(column: pl.Series, quarter: Codes) -> Coded:
    """The code of each row's period of a kind, by the number of its quarter in the calendar."""
    values = column.drop_nulls().unique().sort().to_list()
    numbers = {value: number for number, value in enumerate(values)}
    return Coded(np.array([numbers.get(value, -1) for value in column], np.int64)[quarter], values)


def _codes(column: pl.Series, values: list[str]) -> NDArray[np.integer[Any]]:
    return column.cast(pl.Enum(values)).to_physical().to_numpy()


def _list_codes(column: pl.Series, values: list[str]) -> Coded:
    lists = column.list.drop_nulls()
    codes = _codes(lists.explode(empty_as_null=False), values)
    return Coded(codes, values, np.r_[0, np.cumsum(lists.list.len().to_numpy(), dtype=np.int64)])
