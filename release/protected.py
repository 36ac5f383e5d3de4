"""The open level's figures and curves: protected as aggregates, before any statistic is worked out."""

from collections.abc import Sequence

import duckdb
import polars as pl

from metrics.catalogue import Definition
from metrics.cohorts import Cohort, withheld
from metrics.dimensions import dimensions, members
from release import lattice, open_level
from release.exact import CURVE, FIGURE, Exact, Made, facts, lattice_frame, serving, together
from release.protect import outward, round_count
from release.related import related

CURVE_STEP = 1.0


def protected_level(con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort], made: Exact) -> Made:
    """The open level's figures, curves and list of tables: complete periods only, protected before any statistic."""
    states = {(c, p): s for c, p, s in con.sql("SELECT cohort, period, state FROM follow_up").fetchall()}
    spans = con.sql("SELECT period, kind, parent FROM period").fetchall()
    kind_of, parent = {p: k for p, k, _ in spans}, {p: above for p, _, above in spans}
    periods: dict[tuple[str, str], list[str]] = {}
    for (cohort, period), state in states.items():
        if state == "complete":
            periods.setdefault((cohort, kind_of[period]), []).append(period)
    values: dict[str, list[str]] = {}
    for member in members(con):
        values.setdefault(member.dimension, []).append(member.value)
    found, curves = list(made.nobody), []
    for fact, parts in made.cells.items():
        mine = [cohort for cohort in cohorts if fact in facts(cohort)]
        these = serving(fact, mine)
        exact = pl.concat(parts, how="diagonal_relaxed")
        names = {definition.id for definition in these}
        tables = [entry for entry in made.tables["open"] if entry[0] in names]
        if not tables:
            continue  # a fact that the open level has no table of
        holds = {cohort.id: cohort.holds for cohort in mine}
        of, ties = related(con, fact, open_level.quantities(con, fact, these))
        wanted: dict[tuple[str, str], list[lattice.Table]] = {}
        for _, cohort, kind, table in dict.fromkeys(("", *entry[1:]) for entry in tables):
            wanted.setdefault((cohort, kind), []).append(table)
        frame = open_level.wide(exact, open_level.grid(wanted, periods, values), these, of)
        over = open_level.covers(mine, kind_of, states, parent)
        same = {cohort.id: f"{cohort.entry}/{cohort.age}" if cohort.entry != "named" else cohort.id for cohort in mine}
        safe = open_level.protected(frame, of, _column_kinds(con, fact), over, same, ties=ties)
        for definition in these:
            takes = pl.DataFrame(
                [
                    (c, k, *(*t, "", "")[:2])
                    for i, c, k, t in tables
                    if i == definition.id and not withheld(definition.needs, holds[c])
                ],
                schema=["cohort", "_kind", "dim1", "dim2"],
                orient="row",
            )
            if not takes.height:
                continue
            of_kind = pl.col("period").replace_strict(kind_of).alias("_kind")
            part = (
                safe.with_columns(of_kind).join(takes, on=["cohort", "_kind", "dim1", "dim2"], how="semi").drop("_kind")
            )
            statistic = exact.filter(pl.col("indicator") == definition.id)
            found.append(open_level.figures(definition, part, statistic).select(FIGURE))
            if definition.has_curve:
                curves += [protected_curves(definition, part, curve) for curve in made.monthly]
    return together(found, FIGURE), together(curves, CURVE), lattice_frame(made.tables["open"])


def protected_curves(definition: Definition, part: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """Monthly curves of cells whose number of people, and of those who reoffended, is shown, outward to whole points."""
    told = [f"{definition.denominator}__shown"]
    told += [name for name in (f"{open_level.TELLS_OF}__shown",) if name in part.columns]
    shown = part.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in told))
    key = list(open_level.KEY[:4])
    if not monthly.height:
        return pl.DataFrame(schema={name: monthly.schema.get(name, pl.Float64) for name in CURVE})
    frame = monthly.filter(pl.col("indicator") == definition.id).join(
        shown.filter(pl.col("dim2") == ""), on=key, how="semi", maintain_order="left"
    )
    value, lower, upper = (frame[name].to_numpy() for name in ("value", "lower", "upper"))
    value, lower, upper = outward(value, lower, upper, CURVE_STEP)
    return frame.with_columns(
        pl.Series("value", value),
        pl.Series("lower", lower).clip(0, 100),
        pl.Series("upper", upper).clip(0, 100),
        pl.Series("at_risk", round_count(frame["at_risk"].to_numpy())),
    ).select(CURVE)


def _column_kinds(con: duckdb.DuckDBPyConnection, fact: str) -> dict[str, str]:
    """Whether people can be in several groups of a dimension in this fact: only where its column is a list."""
    types = {row[0]: str(row[1]) for row in con.sql(f"DESCRIBE {fact}").fetchall()}
    return {d: "multi" if types[d].endswith("[]") else "partition" for d in dimensions() if d in types}
