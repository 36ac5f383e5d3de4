"""Cells: the sums behind every figure, for every group of people in the tables asked for.

A cell is one cohort, period and group. Its sums are clustered by person: somebody who enters a pooled period four
times is one person with a summed numerator X and denominator D, so that intervals can allow for repeats.

One query fetches a cohort's rows as numbers, sorted by person; each table is then two passes of sums over arrays
(by person and cell, then by cell). The same in SQL, 65 sums over 33 grouping sets, took ten times as long.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.catalogue import PERIOD_KINDS, Definition
from metrics.rows import NOT_KNOWN, Codes, Request, Rows, each_cohort

KEYS = ("cohort", "period", "dim1", "val1", "dim2", "val2")
MOMENTS = ("n", "sx", "sd", "sxx", "sxd", "sdd", "sxxx", "sxxd", "sxdd", "sddd", "positive", "top1", "top2")
"""For each indicator, over the people in the cell whose X and D are known: n people with D other than 0; sums of X, D
and their products (of three only for ratios); people with X above 0; the largest and second largest X (ratios)."""
PRODUCTS = ("sx", "sd", "sxx", "sxd", "sdd")
THIRDS = ("sxxx", "sxxd", "sxdd", "sddd")

NULLABLE = (*THIRDS, "top1", "top2")

Table = Sequence[str]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited: `days` has one row per indicator, cell number and day (events, censored, horizon);
    `cells` gives each cell number its cohort, period and group."""

    cells: pl.DataFrame
    days: pl.DataFrame

    def of(self, indicator: str) -> "Waits":
        return Waits(self.cells, self.days.filter(pl.col("indicator") == indicator))


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
    expressions = [text for d in definitions for text in (d.numerator, d.denominator)]
    request = _request(source or fact, expressions, tables, period_kinds, cohorts, where, follow_up)
    frames = [_empty(tables)]
    for rows in each_cohort(con, request):
        mine = [(i, d) for i, d in enumerate(definitions) if d.serves(rows.cohort)]
        measures = Measures()
        pairs = [(d, measures.pair(rows.columns[2 * i], rows.columns[2 * i + 1])) for i, d in mine]
        for spot in _spots(rows, tables, period_kinds):
            grouped = _by_person(rows, spot, measures)
            keys = spot.keys(grouped.present, _depth(tables)).with_columns(
                pl.Series("people", grouped.number()), pl.Series("entries", grouped.all_entries())
            )
            frames += [_sums(keys, grouped, d, pair) for d, pair in pairs]
    return _sorted(pl.concat([frame for frame in frames if len(frame)] or frames, how="vertical_relaxed"))


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
) -> Waits:
    """How long people waited in every cell, for those definitions that follow waits."""
    waits = [d for d in definitions if d.waits]
    expressions = [text for d in waits for text in (d.numerator, d.denominator, d.event, d.horizon or d.numerator)]
    request = _request(source or fact, expressions, tables, period_kinds, cohorts, where, follow_up)
    keys, days, number = [_empty(tables).drop("indicator").select(_key_columns(_empty(tables)))], [_no_days()], 0
    for rows in each_cohort(con, request) if waits else ():
        for spot in _spots(rows, tables, period_kinds):
            present = np.flatnonzero(np.bincount(spot.cell, minlength=spot.size))
            numbers = np.zeros(spot.size, np.int64)
            numbers[present] = number + np.arange(len(present))
            keys.append(spot.keys(present, _depth(tables)))
            days += [
                _days(d, spot, numbers, rows.columns[4 * i : 4 * i + 4])
                for i, d in enumerate(waits)
                if d.serves(rows.cohort)
            ]
            number += len(present)
    named = pl.concat([frame for frame in keys if len(frame)] or keys, how="vertical_relaxed")
    named = named.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("cell"))
    return Waits(named, pl.concat(days, how="vertical_relaxed"))


def _request(  # noqa: PLR0917
    source: str,
    expressions: Sequence[str],
    tables: Sequence[Table],
    period_kinds: Sequence[str],
    cohorts: Sequence[str] | None,
    where: Mapping[str, str] | None,
    follow_up: str,
) -> Request:
    dimensions = list(dict.fromkeys(name for table in tables for name in table))
    return Request(source, expressions, dimensions, period_kinds, cohorts, where, follow_up)


@dataclass(slots=True)
class Measures:
    """The columns to be summed, each held once however many indicators use it. Column 0 counts entries."""

    columns: list[Numbers] = field(default_factory=list)
    _seen: list[Numbers] = field(default_factory=list)

    def pair(self, top: Numbers, bottom: Numbers) -> tuple[int, int, int]:
        """Places of X, D and whether both are known (-1: always), what is unknown adding nothing."""
        known = ~(np.isnan(top) | np.isnan(bottom))
        if known.all():
            return self._place(top), self._place(bottom), -1
        return (
            self._place(np.where(known, top, 0)),
            self._place(np.where(known, bottom, 0)),
            self._place(known.astype(float)),
        )

    def _place(self, column: Numbers) -> int:
        for place, other in enumerate(self.columns):
            if np.array_equal(column, other):
                return place
        self.columns.append(column)
        return len(self.columns) - 1


@dataclass(frozen=True, slots=True)
class Spot:
    """One table over one kind of period: which rows are in which cell (`cell` numbers period by group)."""

    cohort: str
    period_kind: str
    table: Table
    row: Codes
    cell: Codes
    periods: list[str]
    values: list[list[str]]

    @property
    def size(self) -> int:
        return len(self.periods) * int(np.prod([len(v) for v in self.values], dtype=np.int64))

    def keys(self, numbers: Codes, depth: int) -> pl.DataFrame:
        """The names of these cells: cohort, period, dim1, val1, ..."""
        rest, places = numbers, []
        for values in reversed(self.values):
            places.append(rest % len(values))
            rest = rest // len(values)
        columns: dict[str, pl.Series | pl.Expr] = {
            "period_kind": pl.repeat(self.period_kind, len(numbers), eager=True),
            "cohort": pl.repeat(self.cohort, len(numbers), eager=True),
            "period": pl.Series(self.periods, dtype=pl.String).gather(rest),
        }
        for i in range(depth):
            used = i < len(self.table)
            name = self.table[i] if used else ""
            columns[f"dim{i + 1}"] = pl.repeat(name, len(numbers), eager=True)
            columns[f"val{i + 1}"] = (
                pl.Series(self.values[i], dtype=pl.String).gather(places[len(self.table) - 1 - i])
                if used
                else pl.repeat("", len(numbers), eager=True)
            )
        return pl.DataFrame(columns)


def _spots(rows: Rows, tables: Sequence[Table], period_kinds: Sequence[str]) -> Iterator[Spot]:
    """Each table over each kind of period; a row is repeated for each value of a multi-valued dimension."""
    for kind in period_kinds:
        period = rows.periods[kind]
        within = np.flatnonzero(period.codes >= 0)
        for table in tables:
            row, cell = within, period.codes[within]
            for name in table:
                dimension = rows.dimensions[name]
                if dimension.row is None:
                    code = dimension.codes[row]
                else:
                    counts = np.bincount(dimension.row, minlength=len(rows.person))
                    starts = np.cumsum(counts) - counts
                    repeats = counts[row]
                    offset = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
                    code = dimension.codes[np.repeat(starts[row], repeats) + offset]
                    row, cell = np.repeat(row, repeats), np.repeat(cell, repeats)
                cell = cell * len(dimension.values) + code
            if len(row):
                values = [rows.dimensions[name].values for name in table]
                yield Spot(rows.cohort, kind, table, row, cell, period.values, values)


@dataclass(slots=True)
class Grouped:
    """Sums by person and cell: `cell` of each pair, its `entries`, its sums of each column."""

    cell: Codes
    entries: Numbers
    sums: list[Numbers]
    present: Codes
    size: int
    _products: dict[tuple[int, ...], Numbers] = field(default_factory=dict)

    def total(self, *places: int) -> Numbers:
        """Sum over people of the product of these columns, for each cell present."""
        key = tuple(sorted(places))
        if key not in self._products:
            product = self.sums[key[0]]
            for place in key[1:]:
                product = product * self.sums[place]
            summed = np.bincount(self.cell, product, self.size)
            self._products[key] = summed[self.present].astype(np.float64)
        return self._products[key]

    def all_entries(self) -> Codes:
        return np.bincount(self.cell, self.entries, self.size)[self.present].astype(np.int64)

    def number(self, which: NDArray[np.bool_] | None = None) -> Codes:
        """How many people, of those marked, are in each cell present."""
        cell = self.cell if which is None else self.cell[which]
        return np.bincount(cell, minlength=self.size)[self.present]


def _by_person(rows: Rows, spot: Spot, measures: Measures) -> Grouped:
    """Rows are sorted by person already; where a person is in several cells their rows are brought together."""
    key = rows.person[spot.row] * spot.size + spot.cell
    order = None
    if len(key) > 1 and not np.all(key[1:] >= key[:-1]):
        order = np.argsort(key, kind="stable")
        key = key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    entries = np.diff(np.r_[starts, len(key)]).astype(float)
    row = spot.row if order is None else spot.row[order]
    alone = len(starts) == len(key)
    sums = [column[row] if alone else np.add.reduceat(column[row], starts) for column in measures.columns]
    cell = key[starts] % spot.size
    present = np.flatnonzero(np.bincount(cell, minlength=spot.size))
    return Grouped(cell, entries, sums, present, spot.size)


def _sums(keys: pl.DataFrame, grouped: Grouped, definition: Definition, pair: tuple[int, int, int]) -> pl.DataFrame:
    """One indicator's cells of one table."""
    x, d, known = pair
    places = {"x": x, "d": d}
    people = keys["people"].to_numpy()
    sums: dict[str, NDArray[np.generic]] = {
        "known": people if known < 0 else grouped.number(grouped.sums[known] > 0),
        "n": grouped.number(grouped.sums[d] != 0),
    }
    ratio = definition.kind == "ratio"
    none = np.full(len(people), np.nan)
    for name in PRODUCTS + THIRDS:
        sums[name] = grouped.total(*(places[letter] for letter in name[1:])) if ratio or name in PRODUCTS else none
    sums["positive"] = grouped.number(grouped.sums[x] > 0)
    sums["top1"], sums["top2"] = _largest(grouped, x, people) if ratio else (none, none)
    columns = [pl.Series(name, values, nan_to_null=name in NULLABLE) for name, values in sums.items()]
    first = pl.repeat(definition.id, len(people), eager=True).alias("indicator")
    return pl.DataFrame([first, *keys.get_columns(), *columns])


def _largest(grouped: Grouped, x: int, people: Codes) -> tuple[Numbers, Numbers]:
    """The largest and the second largest X in each cell; there is no second where there is one person."""
    above = np.flatnonzero(grouped.sums[x] > 0)
    values, cell = grouped.sums[x][above], grouped.cell[above]
    first, second, where = np.zeros(grouped.size), np.zeros(grouped.size), np.full(grouped.size, -1)
    np.maximum.at(first, cell, values)
    top = np.flatnonzero(values == first[cell])
    where[cell[top]] = top
    others = np.delete(np.arange(len(values)), where[where >= 0])
    np.maximum.at(second, cell[others], values[others])
    return first[grouped.present], np.where(people > 1, second[grouped.present], np.nan)


def _days(definition: Definition, spot: Spot, numbers: Codes, columns: Sequence[Numbers]) -> pl.DataFrame:
    """Events and leavings by cell and day, for one indicator and table."""
    waited, bottom, event = (column[spot.row] for column in columns[:3])
    used = ~(np.isnan(waited) | np.isnan(event) | np.isnan(bottom)) & (bottom != 0)
    if not used.any():
        return _no_days()
    follow_up = int(np.nanmax(columns[3])) if np.isfinite(columns[3]).any() else 0
    day, cell = waited[used].astype(np.int64), numbers[spot.cell[used]]
    width = int(day.max()) + 1
    key, inverse = np.unique(cell * width + day, return_inverse=True)
    ended = np.bincount(inverse, event[used], len(key)).astype(np.int64)
    return pl.DataFrame(
        {
            "indicator": pl.repeat(definition.id, len(key), eager=True),
            "cell": key // width,
            "day": (key % width).astype(np.int32),
            "events": ended,
            "censored": np.bincount(inverse, minlength=len(key)) - ended,
            "horizon": np.full(len(key), follow_up, np.int32),
        }
    )


def _no_days() -> pl.DataFrame:
    integers = {"cell": pl.Int64, "day": pl.Int32, "events": pl.Int64, "censored": pl.Int64, "horizon": pl.Int32}
    return pl.DataFrame(schema={"indicator": pl.String, **integers})


def _empty(tables: Sequence[Table]) -> pl.DataFrame:
    text = ["indicator", "period_kind", "cohort", "period"]
    text += [f"{part}{i + 1}" for i in range(_depth(tables)) for part in ("dim", "val")]
    whole = ("people", "entries", "known", "n", "positive")
    order = ("people", "entries", "known", *MOMENTS)
    return pl.DataFrame(
        schema=dict.fromkeys(text, pl.String) | {name: pl.Int64 if name in whole else pl.Float64 for name in order}
    )


def _depth(tables: Sequence[Table]) -> int:
    return max([2, *(len(table) for table in tables)])


def _key_columns(frame: pl.DataFrame) -> list[str]:
    return frame.columns[frame.columns.index("period_kind") : frame.columns.index("people")]


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns[: frame.columns.index("people")])


__all__ = ["KEYS", "MOMENTS", "NOT_KNOWN", "Waits", "cells", "histogram"]
