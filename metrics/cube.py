"""Cells: the sums behind every figure, for every group of people in the tables asked for.

A cell is one cohort, period and group. Its sums are clustered by person: somebody who enters a pooled period four
times is one person with a summed numerator X and denominator D, so that intervals can allow for repeats.

One query fetches a cohort's rows as numbers, sorted by person. For each table they are brought together by cell, and
summed by person and then by cell. The same in SQL, 65 sums over 33 grouping sets, took ten times as long.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.catalogue import PERIOD_KINDS, Definition
from metrics.rows import NOT_KNOWN, Codes, Request, Rows, each_cohort

KEYS = ("cohort", "period", "dim1", "val1", "dim2", "val2")
MOMENTS = ("n", "sx", "sd", "sxx", "sxd", "sdd", "sxxx", "sxxd", "sxdd", "sddd", "positive", "top1", "top2", "se", "sv")
"""For each indicator, over the people in the cell whose X and D are known: n people with D other than 0; sums of X, D
and their products (of three only for ratios); people with X above 0; the largest and second largest X (ratios).
Against what was expected, X is what happened less its probability e, and se and sv are the sums of e and of e (1 - e)."""
PRODUCTS = ("sx", "sd", "sxx", "sxd", "sdd")
THIRDS = ("sxxx", "sxxd", "sxdd", "sddd")
SUMS = ("known", *MOMENTS)
WHOLE = ("known", "n", "positive")
DAYS: dict[str, type[pl.DataType]] = {
    "cell": pl.Int64,
    "day": pl.Int32,
    "events": pl.Int64,
    "censored": pl.Int64,
    "horizon": pl.Int32,
}

Table = Sequence[str]
Tables = Mapping[str, Sequence[Table]]
"""The tables over each kind of period."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited: `days` has one row per indicator, cell number and day (events, censored, horizon);
    `cells` gives each cell number its cohort, period and group."""

    cells: pl.DataFrame
    days: pl.DataFrame

    def of(self, indicator: str) -> "Waits":
        return Waits(self.cells, self.days.filter(pl.col("indicator") == indicator))


@dataclass(frozen=True, slots=True)
class Counted:
    """One cohort's cells and waits, of every indicator."""

    cells: pl.DataFrame
    waits: Waits


def counted(
    con: duckdb.DuckDBPyConnection,
    fact: str,
    definitions: Sequence[Definition],
    tables: Tables,
    *,
    cohorts: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
    source: str | None = None,
    follow_up: str = "follow_up",
) -> Iterator[Counted]:
    """The cells (as `cells` has them) and waits of one cohort after another, its rows read once.

    A definition is counted over those of the tables that it takes, and for the cohorts that it serves.
    """
    tables = {
        kind: [table for table in those if any(d.takes(table) for d in definitions)] for kind, those in tables.items()
    }
    waits = [d for d in definitions if d.waits]
    texts = [text for d in definitions for text in (d.numerator, d.denominator)]
    texts += [text for d in waits for text in (d.event, d.horizon or d.numerator)]
    texts += [d.expected for d in definitions if d.expected]
    dimensions = list(dict.fromkeys(name for each in tables.values() for table in each for name in table))
    request = Request(source or fact, list(dict.fromkeys(texts)), dimensions, list(tables), cohorts, where, follow_up)
    for rows in each_cohort(con, request):
        yield _counted(rows, [d for d in definitions if d.serves(rows.cohort)], tables)


def cells(
    con: duckdb.DuckDBPyConnection,
    fact: str,
    definitions: Sequence[Definition],
    tables: Sequence[Table],
    period_kinds: Sequence[str] = PERIOD_KINDS,
) -> pl.DataFrame:
    """Every cell of `tables` for every definition over one fact: one row per indicator and cell.

    Columns: indicator, period_kind, KEYS (and dim3, val3, ... for deeper tables), people (different people),
    entries (rows of the fact), known (people whose numerator and denominator are known), MOMENTS.
    """
    parts = [part.cells for part in counted(con, fact, definitions, dict.fromkeys(period_kinds, tables))]
    return pl.concat(parts) if parts else _empty(dict.fromkeys(period_kinds, tables))


def histogram(
    con: duckdb.DuckDBPyConnection,
    fact: str,
    definitions: Sequence[Definition],
    tables: Sequence[Table],
    period_kinds: Sequence[str] = PERIOD_KINDS,
) -> Waits:
    """How long people waited in every cell, for those definitions that follow waits."""
    keys, days, number = [], [], 0
    for part in counted(con, fact, definitions, dict.fromkeys(period_kinds, tables)):
        keys.append(part.waits.cells.with_columns(pl.col("cell") + number))
        days.append(part.waits.days.with_columns(pl.col("cell") + number))
        number += len(part.waits.cells)
    return Waits(pl.concat(keys), pl.concat(days))


def _counted(rows: Rows, definitions: Sequence[Definition], tables: Tables) -> Counted:
    measures = Measures(rows)
    pairs = {d.id: measures.of(d) for d in definitions}
    keys = Keys(rows.cohort, _depth(tables))
    found: dict[str, list[tuple[Codes, list[Numbers]]]] = {d.id: [] for d in definitions}
    days: dict[str, list[list[Codes]]] = {d.id: [] for d in definitions if d.waits}
    for spot in _spots(rows, tables):
        takers = [d for d in definitions if d.takes(spot.table)]
        if not takers:
            continue
        grouped = Grouped(rows, spot, measures)
        numbers = keys.add(spot, grouped)
        for d in takers:
            found[d.id].append((numbers, _sums(grouped, d, pairs[d.id])))
            if d.waits:
                days[d.id].append(_days(d, rows, grouped, numbers))
    named = keys.frame()
    parts = [_frame(named, d, found[d.id]) for d in definitions if found[d.id]]
    waits = Waits(named.drop("people", "entries").with_row_index("cell").cast({"cell": pl.Int64}), _days_frame(days))
    return Counted(pl.concat(parts) if parts else _empty(tables), waits)


def _frame(keys: pl.DataFrame, definition: Definition, found: Sequence[tuple[Codes, list[Numbers]]]) -> pl.DataFrame:
    """One indicator's cells."""
    numbers = np.concatenate([numbers for numbers, _ in found])
    columns = [np.concatenate(parts) for parts in zip(*(sums for _, sums in found), strict=True)]
    mine = keys if len(numbers) == len(keys) else keys[numbers]
    return mine.select(
        pl.lit(definition.id).alias("indicator"),
        pl.all(),
        *(
            pl.Series(name, values).cast(pl.Int64) if name in WHOLE else pl.Series(name, values, nan_to_null=True)
            for name, values in zip(SUMS, columns, strict=True)
        ),
    )


class Measures:
    """The columns to be summed, each held once however many indicators use it (None: 1 in every row)."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows.columns
        self._places: dict[tuple[str, ...], int] = {}
        self.columns: list[Numbers | None] = []

    def of(self, definition: Definition) -> tuple[int, ...]:
        """Places of an indicator's X, D and whether both are known; then, against what was expected, of e and e (1 - e)."""
        top, bottom, chance = definition.numerator, definition.denominator, definition.expected
        if definition.waits:
            return self.wait(top, bottom)
        if not chance:
            return self.pair(top, bottom)
        e = self._rows[chance]
        unknown = np.isnan(self._rows[top]) | np.isnan(self._rows[bottom]) | np.isnan(e)
        columns = {
            "less": self._rows[top] - e,
            "entries": self._rows[bottom],
            "known": np.ones(len(e)),
            "expected": e,
            "spread": e * (1 - e),
        }
        names = ("against", top, bottom, chance)
        return tuple(self._place((*names, name), np.where(unknown, 0, each)) for name, each in columns.items())

    def pair(self, top: str, bottom: str) -> tuple[int, int, int]:
        """Places of X, D and whether both are known (-1: always), what is unknown adding nothing."""
        unknown = np.isnan(self._rows[top]) | np.isnan(self._rows[bottom])
        if not unknown.any():
            return self._place((top,), self._rows[top]), self._place((bottom,), self._rows[bottom]), -1
        both = tuple(sorted((top, bottom)))
        return (
            self._place((top, *both), np.where(unknown, 0, self._rows[top])),
            self._place((bottom, *both), np.where(unknown, 0, self._rows[bottom])),
            self._place(("", *both), (~unknown).astype(float)),
        )

    def wait(self, days: str, bottom: str) -> tuple[int, int, int]:
        """As `pair`, with the days of the denominator's rows alone: how long others took says nothing of these waits."""
        places = self.pair(days, bottom)
        if (self._rows[bottom] != 0).all():
            return places
        counts = ~np.isnan(self._rows[days]) & ~np.isnan(self._rows[bottom]) & (self._rows[bottom] != 0)
        return self._place(("wait", days, bottom), np.where(counts, self._rows[days], 0)), *places[1:]

    def _place(self, name: tuple[str, ...], column: Numbers) -> int:
        if name not in self._places:
            self._places[name] = len(self.columns)
            self.columns.append(None if (column == 1).all() else column)
        return self._places[name]


@dataclass(frozen=True, slots=True)
class Spot:
    """One table over one kind of period: which rows are in which cell (`cell` numbers period by group)."""

    period_kind: str
    table: Table
    row: Codes
    cell: NDArray[np.integer[Any]]
    periods: list[str]
    values: list[list[str]]

    @property
    def size(self) -> int:
        return len(self.periods) * int(np.prod([len(v) for v in self.values], dtype=np.int64))


def _spots(rows: Rows, tables: Tables) -> Iterator[Spot]:
    """Each table over each kind of period; a row is repeated for each value of a multi-valued dimension."""
    for kind, those in tables.items():
        period = rows.periods[kind]
        within = np.flatnonzero(period.codes >= 0)
        for table in those:
            row, cell = within, period.codes[within]
            for name in table:
                dimension = rows.dimensions[name]
                if dimension.starts is None:
                    code = dimension.codes[row]
                else:
                    starts = dimension.starts[row]
                    repeats = dimension.starts[row + 1] - starts
                    before = np.cumsum(repeats) - repeats
                    row, cell = np.repeat(row, repeats), np.repeat(cell, repeats)
                    code = dimension.codes[np.repeat(starts - before, repeats) + np.arange(len(row))]
                cell = cell * len(dimension.values) + code
            if len(row):
                yield Spot(kind, table, row, cell, period.values, [rows.dimensions[name].values for name in table])


class Grouped:
    """A table's rows by cell and, within it, by person: sums of each column for each person in each cell."""

    def __init__(self, rows: Rows, spot: Spot, measures: Measures) -> None:
        # rows are sorted by person already; 16 bits are sorted in a fifth of the time
        order = np.argsort(spot.cell.astype(np.uint16) if spot.size <= 1 << 16 else spot.cell, kind="stable")
        self.row, cell = spot.row[order], spot.cell[order]
        new_cell = _changes(cell)
        new = new_cell | _changes(rows.person[self.row])
        first_row, starts = np.flatnonzero(new_cell), np.flatnonzero(new)
        self.first = np.flatnonzero(new_cell[starts])
        """Where each cell begins among the people."""
        self.cell = cell[first_row]
        self.entries = np.diff(first_row, append=len(cell))
        self.people = np.diff(self.first, append=len(starts))
        alone = len(starts) == len(cell)
        person = starts if alone else np.cumsum(new) - 1
        rows_each = np.diff(starts, append=len(cell)).astype(np.float64)
        self.sums: list[Numbers] = []
        for column in measures.columns:
            if column is None:
                self.sums.append(rows_each)
            else:
                given = column[self.row]
                self.sums.append(given if alone else np.bincount(person, given).astype(np.float64, copy=False))
        self._done: dict[tuple[int, ...], Numbers] = {}

    def total(self, *places: int) -> Numbers:
        """Sum over people of the product of these columns, for each cell."""
        key = tuple(sorted(places))
        if key not in self._done:
            product = self.sums[key[0]]
            for place in key[1:]:
                product = product * self.sums[place]
            self._done[key] = np.add.reduceat(product, self.first)
        return self._done[key]

    def number(self, which: NDArray[np.bool_]) -> Numbers:
        """How many of those people marked are in each cell."""
        return np.add.reduceat(which, self.first, dtype=np.float64)

    def largest(self, place: int) -> tuple[Numbers, Numbers]:
        """The largest and the second largest of a column in each cell; no second where there is one person."""
        values = self.sums[place]
        most = np.maximum.reduceat(values, self.first)
        top = values == np.repeat(most, self.people)
        rest = np.maximum.reduceat(np.where(top, 0, values), self.first)
        second = np.where(self.number(top) > 1, most, rest)
        return most, np.where(self.people > 1, second, np.nan)


def _changes(values: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Where a run of equal values begins."""
    return np.r_[True, values[1:] != values[:-1]]


def _sums(grouped: Grouped, definition: Definition, pair: tuple[int, ...]) -> list[Numbers]:
    """One indicator's SUMS in each cell of one table; NaN for what its kind does not use."""
    x, d, known, *against = pair
    places = {"x": x, "d": d}
    ratio = definition.kind == "ratio"
    none = np.full(len(grouped.cell), np.nan)
    sums = {
        "known": grouped.people.astype(float) if known < 0 else grouped.number(grouped.sums[known] > 0),
        "n": grouped.number(grouped.sums[d] != 0),
        "positive": grouped.number(grouped.sums[x] > 0),
    }
    for name in PRODUCTS + THIRDS:
        sums[name] = grouped.total(*(places[letter] for letter in name[1:])) if ratio or name in PRODUCTS else none
    sums["top1"], sums["top2"] = grouped.largest(x) if ratio else (none, none)
    sums["se"], sums["sv"] = (grouped.total(place) for place in against) if against else (none, none)
    return [sums[name] for name in SUMS]


class Keys:
    """The names of one cohort's cells, numbered from 0 in the order in which they were added."""

    def __init__(self, cohort: str, depth: int) -> None:
        self._cohort = cohort
        self._names = ["period_kind", "period", *(f"{part}{i + 1}" for i in range(depth) for part in ("dim", "val"))]
        self._parts: list[list[NDArray[np.object_]]] = []
        self._people: list[tuple[Codes, Codes]] = []
        self._size = 0

    def add(self, spot: Spot, grouped: Grouped) -> Codes:
        """Name a table's cells, and say their numbers."""
        rest, values = grouped.cell, []
        for names in reversed(spot.values):
            values.append(np.array(names, object)[rest % len(names)])
            rest = rest // len(names)
        size = len(grouped.cell)
        columns = [np.full(size, spot.period_kind, object), np.array(spot.periods, object)[rest]]
        for dimension, value in zip(spot.table, reversed(values), strict=True):
            columns += [np.full(size, dimension, object), value]
        columns += [np.full(size, "", object)] * (len(self._names) - len(columns))
        self._parts.append(columns)
        self._people.append((grouped.people, grouped.entries))
        self._size += size
        return np.arange(self._size - size, self._size)

    def frame(self) -> pl.DataFrame:
        """All names, with people and entries."""
        if not self._parts:
            texts = dict.fromkeys(["period_kind", "cohort", *self._names[1:]], pl.String)
            return pl.DataFrame(schema=texts | {"people": pl.Int64, "entries": pl.Int64})
        columns = [
            pl.Series(name, np.concatenate(parts).tolist(), dtype=pl.String)
            for name, parts in zip(self._names, zip(*self._parts, strict=True), strict=True)
        ]
        people, entries = (np.concatenate(parts) for parts in zip(*self._people, strict=True))
        columns.insert(1, pl.repeat(self._cohort, self._size, eager=True).alias("cohort"))
        return pl.DataFrame([*columns, pl.Series("people", people), pl.Series("entries", entries)])


def _days(definition: Definition, rows: Rows, grouped: Grouped, numbers: Codes) -> list[Codes]:
    """Events and leavings by cell and day, for one indicator and table: the columns of Waits.days."""
    texts = (definition.numerator, definition.denominator, definition.event)
    waited, bottom, event = (rows.columns[text][grouped.row] for text in texts)
    used = ~(np.isnan(waited) | np.isnan(event) | np.isnan(bottom)) & (bottom != 0)
    if not used.any():
        return [np.zeros(0, np.int64)] * len(DAYS)
    limit = rows.columns[definition.horizon or definition.numerator]
    day = waited[used].astype(np.int64)
    width = int(day.max()) + 1
    cell = np.repeat(np.arange(len(numbers)), grouped.entries)[used]
    # whether it ended is the last binary digit, so that one sort of whole numbers does for all
    key = np.sort(2 * (cell * width + day) + (event[used] != 0))
    starts = np.flatnonzero(_changes(key >> 1))
    ended = np.add.reduceat(key & 1, starts)
    place = key[starts] >> 1
    horizon = np.full(len(starts), int(np.nanmax(limit)) if np.isfinite(limit).any() else 0)
    return [numbers[place // width], place % width, ended, np.diff(starts, append=len(key)) - ended, horizon]


def _days_frame(found: Mapping[str, Sequence[Sequence[Codes]]]) -> pl.DataFrame:
    frames = [pl.DataFrame(schema={"indicator": pl.String, **DAYS})]
    for indicator, parts in found.items():
        columns = dict(zip(DAYS, map(np.concatenate, zip(*parts, strict=True)), strict=bool(parts)))
        frames.append(pl.DataFrame(columns, schema=DAYS).select(pl.lit(indicator).alias("indicator"), pl.all()))
    return pl.concat(frames)


def _empty(tables: Tables) -> pl.DataFrame:
    numbers = {name: pl.Int64 if name in WHOLE else pl.Float64 for name in SUMS}
    return pl.DataFrame(schema={"indicator": pl.String, **Keys("", _depth(tables)).frame().schema, **numbers})


def _depth(tables: Tables) -> int:
    return max([2, *(len(table) for each in tables.values() for table in each)])


__all__ = ["KEYS", "MOMENTS", "NOT_KNOWN", "Counted", "Waits", "cells", "counted", "histogram"]
