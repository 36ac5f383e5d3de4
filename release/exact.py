"""The exact figures and curves of both levels, worked out of each cohort's rows, which are read once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from metrics import kinds as statistics
from metrics.catalogue import Definition, catalogue
from metrics.cohorts import Cohort, resolved, withheld
from metrics.compute import with_status, worked_out
from metrics.cube import Waits, counted
from metrics.dated import dated
from metrics.dimensions import FACTS
from release import lattice
from release.protect import ANALYSED

FACT_OF_ENTRY = {
    "caseload": ("caseload", "pathway_step"),
    "referral": ("referral",),
    "prison_release": ("prison_release",),
}
"""The facts that each way into a cohort fills; a dated fact's cohort fills that fact, all others fill index_event."""
FIGURE = (
    *("indicator", "cohort", "period", "dim1", "val1", "dim2", "val2"),
    *("value", "lower", "upper", "numerator", "denominator", "status", "reason", "held_from"),
)
CURVE = ("indicator", "cohort", "period", "dim1", "val1", "day", "value", "lower", "upper", "at_risk")
Listed = tuple[str, str, str, lattice.Table]
"""A published table: indicator, cohort, kind of period, dimensions."""
Made = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]
"""A level's figures, curves and list of tables."""


def published_cohorts(con: duckdb.DuckDBPyConnection) -> list[Cohort]:
    """The cohorts to publish: those meant to be, whose records have begun and that anybody has entered."""
    query = " UNION ".join(f"SELECT DISTINCT cohort FROM {fact}" for fact in FACTS)
    entered = {name for (name,) in con.sql(query).fetchall()}
    return [cohort for cohort in resolved(con) if cohort.publish and cohort.id in entered]


@dataclass(slots=True)
class Exact:
    """What is worked out of each cohort's rows, read once for both levels.

    `figures` and `curves` are the partnership level's. `cells` (by fact) and `monthly` are what the open level's
    figures and curves are made from; `nobody` are its figures of work, which need no protection. `tables` lists the lattice of each level.
    """

    figures: list[pl.DataFrame] = field(default_factory=list)
    curves: list[pl.DataFrame] = field(default_factory=list)
    cells: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    monthly: list[pl.DataFrame] = field(default_factory=list)
    nobody: list[pl.DataFrame] = field(default_factory=list)
    tables: dict[str, list[Listed]] = field(default_factory=lambda: {level: [] for level in lattice.LEVELS})

    def partnership(self) -> Made:
        """The partnership level's figures, curves and list of tables."""
        listed = lattice_frame(self.tables["partnership"])
        return together(self.figures, FIGURE), together(self.curves, CURVE), listed


def exact_figures(con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort]) -> Exact:
    """Every exact figure and curve of both levels, a cohort at a time."""
    made = Exact()
    states = con.sql("SELECT cohort, period, state FROM follow_up").pl()
    for fact in FACTS:
        for cohort in cohorts:
            if fact in facts(cohort):
                _add_cohort(con, made, states, fact, cohort)
    return made


def _add_cohort(con: duckdb.DuckDBPyConnection, made: Exact, states: pl.DataFrame, fact: str, cohort: Cohort) -> None:
    these = serving(fact, [cohort])
    tables = {level: _tables(level, fact, cohort) for level in lattice.LEVELS}
    listed = {}
    for level, by_kind in tables.items():
        made.tables[level] += (mine := _listed(these, cohort, by_kind))
        listed[level] = lattice_frame(mine)
    either = {kind: tuple(dict.fromkeys(t for level in tables.values() for t in level[kind])) for kind in lattice.KINDS}
    able = [d for d in these if not withheld(d.needs, cohort.holds)]
    for part in counted(con, fact, able, either, cohorts=[cohort.id]):
        for definition in able:
            found = worked_out(definition, part.cells, part.waits)
            exact = _within(found, listed["partnership"], states.filter(pl.col("state") != "immature"))
            made.figures.append(with_status(exact, these, states).select(FIGURE))
            protectable = _within(found, listed["open"], states.filter(pl.col("state") == "complete"))
            if fact in dated() and dated()[fact].about == "work":
                made.nobody.append(with_status(protectable, these, states).select(FIGURE))
                continue
            made.cells.setdefault(fact, []).append(protectable)
            if definition.has_curve:
                made.curves.append(_weekly(definition, exact, part.waits))
                made.monthly.append(_monthly(definition, protectable, part.waits))


def _within(found: pl.DataFrame, tables: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Those cells that are in the tables of a level, over periods in one of these states."""
    keys = ["indicator", "cohort", "period_kind", "dim1", "dim2"]
    inside = found.join(tables, on=keys, how="semi", maintain_order="left")
    return inside.join(states, on=["cohort", "period"], how="semi", maintain_order="left")


def _weekly(definition: Definition, exact: pl.DataFrame, waits: Waits) -> pl.DataFrame:
    """The partnership level's curves: quarters for everybody, longer periods one-way too."""
    wanted = (pl.col("dim2") == "") & ((pl.col("dim1") == "") | (pl.col("period_kind") != "quarter"))
    return _curve(definition, exact.filter(wanted), waits, statistics.WEEKLY)


def _monthly(definition: Definition, protectable: pl.DataFrame, waits: Waits) -> pl.DataFrame:
    """Curves for the open level, not yet protected: over three years and all, of 30 people or more."""
    wanted = (pl.col("dim2") == "") & pl.col("period_kind").is_in(["three_years", "all"]) & (pl.col("n") >= ANALYSED)
    return _curve(definition, protectable.filter(wanted), waits, statistics.MONTHLY)


def _curve(definition: Definition, cells: pl.DataFrame, waits: Waits, step: float) -> pl.DataFrame:
    if not cells.height:
        return pl.DataFrame(schema=dict.fromkeys(CURVE, pl.Float64))
    return statistics.curve(definition, cells, waits, step).with_columns(indicator=pl.lit(definition.id)).select(CURVE)


def facts(cohort: Cohort) -> tuple[str, ...]:
    if cohort.entry in dated():
        return (cohort.entry,)
    return FACT_OF_ENTRY.get(cohort.entry, ("index_event",))


def serving(fact: str, cohorts: Sequence[Cohort]) -> list[Definition]:
    return [d for d in catalogue().values() if d.fact == fact and any(d.serves(cohort.id) for cohort in cohorts)]


def _tables(level: str, fact: str, cohort: Cohort) -> dict[str, Sequence[lattice.Table]]:
    return {kind: lattice.tables(level, fact, cohort, kind) for kind in lattice.KINDS}


def _listed(these: Iterable[Definition], cohort: Cohort, by_kind: dict[str, Sequence[lattice.Table]]) -> list[Listed]:
    return [
        (definition.id, cohort.id, kind, table)
        for definition in these
        for kind, tables in by_kind.items()
        if kind in definition.periods
        for table in tables
        if definition.takes(table)
    ]


def together(parts: Sequence[pl.DataFrame], columns: Sequence[str]) -> pl.DataFrame:
    """All parts, each of which is in order already, those of an indicator and cohort together."""
    parts = sorted((part for part in parts if part.height), key=lambda part: part.row(0)[:2])
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return pl.concat(parts, how="vertical_relaxed")


def lattice_frame(listed: Iterable[Listed]) -> pl.DataFrame:
    rows = [(i, c, k, *(*table, "", "")[:2]) for i, c, k, table in listed]
    names = ("indicator", "cohort", "period_kind", "dim1", "dim2")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").unique().sort(names)
