"""Answering `iom figure`: from a release as the pages do, or afresh from the store for the analyst."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common import paths, versions
from common.duck import connect_readonly
from common.errors import ProblemError
from metrics.catalogue import Definition, definition
from metrics.cohorts import Cohort, leading, resolved, withheld
from metrics.compute import figures
from metrics.derive import index_event_for
from metrics.dimensions import dimensions, members
from metrics.figure import EACH_QUARTER_ANEW, NO_EXTRACT, Figure, counted_again
from metrics.periods import ALL
from release import files
from release.exact import facts
from release.read import DISTRICT, Reader

EACH, LATEST = "each", "latest"
PERIODS = {None: ALL, "pooled": ALL, "all": EACH}
"""What --quarter may say beside `latest` and a period's id: nothing pools all complete cohorts, `all` lists every quarter."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: `cohort` None is the one that pages lead with, of those that have the indicator; `period` may be latest, each or an id."""

    indicator: str
    by: tuple[str, ...]
    where: Mapping[str, str]
    period: str
    cohort: str | None


def question(
    indicator: str, by: Sequence[str], where: Sequence[str], quarter: str | None, cohort: str | None
) -> Question:
    """The options of the command as a question."""
    chosen: dict[str, str] = {}
    for pair in where:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise _wrong(f"{pair!r} is not KEY=VALUE", "--where", "for example sex=female, cohort=adults")
        if name.endswith("district"):
            value = "_".join(value.lower().split())  # a label will do
        if chosen.setdefault(name, value) != value:
            raise _wrong(f"Two values were given for {name}", "--where", "one value for each dimension")
    named = chosen.pop("cohort", None)
    if cohort and named and cohort != named:
        raise _wrong("Two cohorts were named", "--cohort and --where cohort=", "one cohort")
    if len(set(by)) < len(by):
        raise _wrong("A dimension was given twice", "--by", "each dimension once")
    return Question(indicator, tuple(by), chosen, PERIODS.get(quarter, quarter or ALL), cohort or named)


def from_release(data_dir: Path, asked: Question, level: str, release: str | None) -> list[Figure]:
    """The figures as the release has them."""
    reader = files.open_level(data_dir, level, release)
    reader.indicator(asked.indicator)
    cohort = asked.cohort or _first(reader, asked.indicator)
    reader.cohort(cohort)
    period: str | list[str] = asked.period
    if asked.period == LATEST:
        found = reader.latest_complete(cohort)
        if found is None:
            raise _wrong(f"No quarter of {cohort} is complete yet", "--quarter latest", "a quarter by its id")
        period = found
    elif asked.period == EACH:
        period = [p.id for p in reader.periods("quarter") if p.id in reader.follow_up(cohort)]
    elif asked.period not in {p.id for p in reader.periods()}:
        raise _no_period(asked.period, cohort, [(p.id, p.kind) for p in reader.periods()])
    return reader.as_figures(reader.figures(asked.indicator, cohort, period, by=asked.by, where=asked.where))


def _first(reader: Reader, indicator: str) -> str:
    able = [cohort.id for cohort in reader.cohorts(indicator)]
    return leading(able) if able else ""


def from_store(data_dir: Path, asked: Question, follow_up: int | None, waiting: int | None) -> list[Figure]:
    """The figures computed afresh from the current store, crossing freely, under another follow-up where asked."""
    wanted = definition(asked.indicator)
    folder = versions.current(paths.stores(data_dir))
    if folder is None:
        raise ProblemError(
            what="There is no store yet",
            where=str(paths.stores(data_dir)),
            allowed="a data directory with a published store",
            remedy="run `iom load` and then `iom publish`",
        )
    con = connect_readonly(folder / paths.STORE_FILE, memory_limit="4GB")
    try:
        return _computed(con, wanted, asked, follow_up, waiting)
    finally:
        con.close()


def _computed(
    con: duckdb.DuckDBPyConnection, wanted: Definition, asked: Question, follow_up: int | None, waiting: int | None
) -> list[Figure]:
    [(store, cutoff, synthetic)] = con.sql("SELECT id, cutoff, synthetic FROM store").fetchall()
    cohort = _cohort(con, wanted, asked.cohort)
    sources: dict[str, str] = {}
    states = "follow_up"
    if follow_up is not None or waiting is not None:
        if cohort.clock != "reoffending":
            raise _wrong(f"{cohort.id} has no follow-up", "--follow-up", "a cohort with the reoffending clock")
        days = cohort.follow_up_days if follow_up is None else follow_up
        wait = cohort.waiting_days if waiting is None else waiting
        other = index_event_for(con, cohort, days, wait, cutoff)
        sources, states = {"index_event": other.index_event}, other.follow_up
    own = {DISTRICT: cohort.district_dimension}
    by = [own.get(name, name) for name in asked.by]
    where = {own.get(name, name): value for name, value in asked.where.items()}
    if both := sorted(set(by) & set(where)):
        raise _wrong(f"{both[0]} is both broken down by and held to one value", "--by and --where", "one or the other")
    values = _values(con)
    for name, value in where.items():
        if name in values and value not in values[name]:
            raise _wrong(f"There is no {name} {value!r}", "--where", ", ".join(values[name]))
    kind, periods = _periods(con, cohort.id, states, asked.period)
    table = tuple(by)
    if not wanted.takes((*by, *where)):
        allowed = ", ".join(wanted.dimensions)
        raise _wrong(f"{wanted.id} is not broken down by {' and '.join([*by, *where]) or 'nothing'}", "--by and --where",
                     allowed + (f" (always by {', '.join(wanted.requires)})" if wanted.requires else ""))  # fmt: skip
    if never := withheld(wanted.needs, cohort.holds):
        frame, missing = pl.DataFrame(), NOBODY | {"reason": never}
    else:
        frame = _figures(con, wanted, table, kind, cohort.id, where, sources, states)
        missing = _missing(con, [*by, *where])
    if frame.height:
        frame = frame.filter(pl.col("period").is_in(periods))
    return list(_in_order(frame, wanted, cohort, periods, (by, where, values), (store, cutoff, synthetic), missing))


def _figures(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection,
    wanted: Definition,
    table: tuple[str, ...],
    kind: str,
    cohort: str,
    where: dict[str, str],
    sources: dict[str, str],
    states: str,
) -> pl.DataFrame:
    from dataclasses import replace

    # what a filter fixes need not be in the table as well
    free = replace(wanted, requires=tuple(name for name in wanted.requires if name not in where))
    return figures(con, [free], [table], [kind], cohorts=[cohort], where=where, sources=sources, follow_up=states)


def _cohort(con: duckdb.DuckDBPyConnection, wanted: Definition, name: str | None) -> Cohort:
    able = [c for c in resolved(con) if wanted.serves(c.id) and wanted.fact in facts(c)]
    if name is None:
        held = {c for (c,) in con.sql(f"SELECT DISTINCT cohort FROM {wanted.fact}").fetchall()}
        lead = leading([c.id for c in able if c.id in held] or [c.id for c in able])
        return next(c for c in able if c.id == lead)
    found = next((c for c in able if c.id == name), None)
    if found is None:
        raise _wrong(f"{wanted.id} has no cohort {name!r}", "the cohort", ", ".join(c.id for c in able))
    return found


def _periods(con: duckdb.DuckDBPyConnection, cohort: str, states: str, asked: str) -> tuple[str, list[str]]:
    """The kind of period asked for, and the periods."""
    rows = con.sql(
        f"SELECT p.period, p.kind, f.state FROM period p JOIN {states} f ON f.period = p.period"
        " WHERE f.cohort = $cohort ORDER BY p.start, p.period",
        params={"cohort": cohort},
    ).fetchall()
    quarters = [(period, state) for period, kind, state in rows if kind == "quarter"]
    if asked == EACH:
        return "quarter", [period for period, _ in quarters]
    if asked == LATEST:
        done = [period for period, state in quarters if state == "complete"]
        if not done:
            raise _wrong(f"No quarter of {cohort} is complete yet", "--quarter latest", "a quarter by its id")
        return "quarter", done[-1:]
    if asked == ALL:
        return ALL, [ALL]
    kinds = {period: kind for period, kind, _ in rows}
    if asked not in kinds:
        raise _no_period(asked, cohort, list(kinds.items()))
    return kinds[asked], [asked]


def _values(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for member in members(con):
        values.setdefault(member.dimension, []).append(member.value)
    return values


def _in_order(  # noqa: PLR0917
    frame: pl.DataFrame,
    wanted: Definition,
    cohort: Cohort,
    periods: list[str],
    asked: tuple[list[str], dict[str, str], dict[str, list[str]]],
    store: tuple[str, object, bool],
    missing: dict[str, Any],
) -> Iterator[Figure]:
    """Figures by period and then in the order of each dimension's values; a group with nobody is not available."""
    by, where, values = asked
    found = {}
    for row in frame.iter_rows(named=True) if frame.height else ():
        in_row = {row[f"dim{i}"]: row[f"val{i}"] for i in range(1, len(by) + 1)}
        found[(row["period"], *(in_row[name] for name in by))] = row
    groups: list[tuple[str, ...]] = [()]
    for place, name in enumerate(by):
        seen = {key[place + 1] for key in found}
        order = values.get(name, []) + sorted(seen - set(values.get(name, [])))
        groups = [(*group, value) for group in groups for value in order]
    for period in periods:
        for group in groups:
            row = found.get((period, *group), missing)
            yield Figure(
                indicator=wanted.id,
                version=wanted.version,
                cohort=cohort.id,
                period=period,
                where=where | dict(zip(by, group, strict=True)),
                **{name: row[name] for name in ("value", "lower", "upper", "numerator", "denominator")},
                unit=wanted.unit,
                polarity=wanted.polarity,
                status=row["status"],
                reason=row["reason"],
                held_from=None,
                level="store",
                release=store[0],
                synthetic=store[2],
                cutoff=store[1],  # type: ignore[arg-type]
            )


def _missing(con: duckdb.DuckDBPyConnection, dims: Sequence[str]) -> dict[str, Any]:
    """What a group without a figure is: nobody, or not available where the extract that places people is missing."""
    for name in dims:
        table = dimensions()[name].rests_on if name in dimensions() else None
        if table and not con.sql(f"SELECT 1 FROM {table} LIMIT 1").fetchall():
            return NOBODY | {"reason": NO_EXTRACT}
    return NOBODY


NOBODY: dict[str, Any] = dict.fromkeys(("value", "lower", "upper", "numerator", "denominator")) | {
    "status": "not available",
    "reason": "nobody in this group in this period",
}


def lines(found: Sequence[Figure]) -> Iterator[str]:
    """Figures in words, one a line."""
    for one in found:
        group = ", ".join(f"{name} {value}" for name, value in one.where.items()) or "everybody"
        yield f"{one.cohort} {one.period} {group}: {_words(one)}"


def _words(one: Figure) -> str:
    if one.value is None:
        return f"{one.status}: {one.reason}"
    about = definition(one.indicator)
    places = about.decimals
    share = one.unit == "%"
    text = f"{one.value:,.{places}f}{'' if share else ' '}{one.unit}"
    if one.lower is not None and one.upper is not None:
        text += f" (95% interval {one.lower:,.{places}f} to {one.upper:,.{places}f})"
    if counted_again(about.text.denominator, one.period):
        text += f": {about.text.numerator}, of {about.text.denominator}"
    elif one.numerator is not None and one.denominator is not None:
        whole = about.text.denominator.removesuffix(f" {EACH_QUARTER_ANEW}")  # one quarter: nothing is counted again
        below = f" {'over' if about.kind == 'ratio' else 'of'} {one.denominator:,.0f} {whole}"
        text += f": {one.numerator:,.0f} {about.text.numerator}{'' if about.kind == 'count' else below}"
    if one.status != "final":
        text += f"; {one.status}"
    return text + (f"; {one.reason}" if one.reason else "")


def _no_period(asked: str, cohort: str, known: Sequence[tuple[str, str]]) -> ProblemError:
    """There is no such period: those there are, kind by kind, the first and the last of each."""
    spans = []
    for kind, words in (("quarter", "a quarter"), ("year", "a year"), ("three_years", "three years")):
        if ids := sorted(period for period, of in known if of == kind):
            spans.append(f"{words} from {ids[0]} to {ids[-1]}" if len(ids) > 1 else f"{words}, {ids[0]}")
    allowed = ["latest", "all (every quarter)", "pooled (all complete quarters together)", *spans]
    return _wrong(f"{cohort} has no period {asked!r}", "--quarter", "; ".join(allowed))


def _wrong(what: str, where: str, allowed: str) -> ProblemError:
    return ProblemError(what=what, where=where, allowed=allowed, remedy="change the arguments", exit_code=2)
