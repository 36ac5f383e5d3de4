"""The quarter's measures, each on its own clock, with the figure before, the change and the status.

Process measures show the reporting quarter. Reoffending shows the latest cohort whose follow-up is complete:
a quarter for the area cohorts, four pooled quarterly cohorts (a year) for schemes. Where a level holds no
figure for so short a period, the shortest period that has one is shown, and named beside the figure.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from components import data
from components.judge import Change, Row, Status, change, status
from release.read import CohortInfo, IndicatorInfo, Reader

SHORTEST_FIRST = ("quarter", "year", "three_years", "all")
POOLED = ("year", "three_years", "all", "quarter")
AREA_MEASURES = 2
"""How many of the reoffending measures the area cohorts show on the quarter page; the rest are a click away."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One line of the quarter's table."""

    cohort: CohortInfo
    now: Row
    before: Row | None
    target: float | None
    change: Change
    status: Status


def quarter_cohorts(source: Reader) -> list[CohortInfo]:
    """The cohorts that the quarter page shows: the scheme first, others with the same follow-up, then process ones."""
    reoffending = sorted((c for c in source.cohorts() if c.clock == "reoffending"), key=lambda c: c.id != "scheme")
    lead = reoffending[:1]
    same = [c for c in reoffending[1:] if c.follow_up_days == lead[0].follow_up_days]
    return [*lead, *same, *(c for c in source.cohorts() if c.clock == "process")]


@lru_cache(maxsize=1000)
def headlines(source: Reader, district: str = "", pathway: str = "") -> tuple[list[Headline], list[str]]:
    """The lines of the table, and the titles of the measures that no table at this level can show for the choice."""
    lines: list[Headline] = []
    missing: list[str] = []
    for place, cohort in enumerate(quarter_cohorts(source)):
        measures = source.indicators(cohort.id)
        for info in measures[:AREA_MEASURES] if place and cohort.clock == "reoffending" else measures:
            where = narrowed(source, info.id, cohort, district, pathway)
            line = where is not None and headline(source, info.id, cohort, where, district)
            if line:
                lines.append(line)
            elif not (info.definition.get("requires") and not pathway):
                missing.append(info.title)
    return lines, list(dict.fromkeys(missing))


def narrowed(source: Reader, indicator: str, cohort: CohortInfo, district: str, pathway: str) -> dict[str, str] | None:
    """The chosen district and pathway as this measure knows them, or None where it has no such table."""
    if district and district not in dict(source.districts(cohort.id)):
        return None
    where = {cohort.district_dimension: district} if district else {}
    tables = source.tables(indicator, cohort.id)
    if pathway:
        own = next((d for d in ("pathway", "need") if any(d in table for table in tables)), None)
        if own is None:
            return None
        where[own] = pathway
    return where if any(set(table) == set(where) for table in tables) else None


def headline(
    source: Reader, indicator: str, cohort: CohortInfo, where: dict[str, str], district: str = ""
) -> Headline | None:
    """One measure: the shortest suitable period with a figure to show, and the one before it."""
    kinds = kinds_for(source, cohort)
    found = [pair for kind in kinds if (pair := _pair(source, indicator, cohort, kind, where)) is not None]
    if not found:
        return None
    now, before = next((pair for pair in found if pair[0]["value"] is not None), found[0])
    target = target_for(
        data.listed(source, "targets"), indicator, cohort.id, district, source.period(now["period"]).start
    )
    return Headline(cohort, now, before, target, change(now, before), status(now, target, now["minimum_n"]))


def kinds_for(source: Reader, cohort: CohortInfo) -> tuple[str, ...]:
    """Which kinds of period to try, in order: schemes pool four quarters, and the open level leads with years."""
    pooled = cohort.clock == "reoffending" and cohort.district_dimension == "managing_district"
    return POOLED if pooled or source.level == "open" else SHORTEST_FIRST


@lru_cache(maxsize=2000)
def latest(source: Reader, cohort: CohortInfo, kind: str = "quarter") -> str | None:
    """The period that the cohort's clock points to: the reporting quarter, or the latest complete one."""
    states = source.follow_up(cohort.id)
    done = [p.id for p in source.periods(kind) if states.get(p.id) == "complete" and p.end <= source.cutoff]
    if cohort.clock == "process" and source.reporting_quarter in done:
        return source.reporting_quarter
    return done[-1] if done else None


def _pair(
    source: Reader, indicator: str, cohort: CohortInfo, kind: str, where: dict[str, str]
) -> tuple[Row, Row | None] | None:
    period = latest(source, cohort, kind)
    if period is None:
        return None
    earlier = source.year_before(period)
    rows = data.rows(source, indicator, cohort.id, [period, *([earlier] if earlier else [])], where=where)
    if not rows:
        return None
    return rows[0], rows[1] if len(rows) > 1 else None


def target_for(targets: Sequence[Row], indicator: str, cohort: str, district: str, on: dt.date) -> float | None:
    """What the partnership expects of a measure on a date, for the area or for one district."""
    asked = (indicator, cohort, district)
    found = [
        row["value"]
        for row in targets
        if (row["indicator"], row["cohort"], row["district"]) == asked
        and row["from_date"] <= on
        and (row["to_date"] is None or row["to_date"] >= on)
    ]
    return found[-1] if found else None


def kind_shown(
    source: Reader, indicator: str, cohort: CohortInfo, *, by: str, where: dict[str, str], kinds: tuple[str, ...]
) -> str | None:
    """The first of these kinds of period with figures to show in its latest period; at the open level, that with most."""
    exist = [k for k in kinds if set(table_dims(by, where)) in map(set, source.tables(indicator, cohort.id, k))]
    counts = {kind: _shown(source, indicator, cohort, kind, by, where) for kind in exist}
    return _best(source, counts)


def _shown(source: Reader, indicator: str, cohort: CohortInfo, kind: str, by: str, where: dict[str, str]) -> int:  # noqa: PLR0917
    period = latest(source, cohort, kind)
    rows = data.rows(source, indicator, cohort.id, [period], by=by, where=where) if period else None
    return sum(row["value"] is not None for row in rows or ())


def _best(source: Reader, counts: dict[str, int]) -> str | None:
    known = [kind for kind, n in counts.items() if n]
    if not known:
        return next(iter(counts), None)
    return max(known, key=counts.__getitem__) if source.level == "open" else known[0]


def trend_kinds(
    source: Reader, indicator: str, cohort: CohortInfo, where: dict[str, str]
) -> tuple[list[str], str | None]:
    """The kinds of period a trend may run over, and the one to begin with: at the open level, years where they show."""
    kinds = source.period_kinds(indicator, cohort.id, where)
    if source.level != "open":
        return kinds, None
    return kinds, kind_shown(source, indicator, cohort, by="", where=where, kinds=POOLED)


def table_dims(by: str, where: dict[str, str]) -> tuple[str, ...]:
    """The dimensions of the table that a breakdown within a choice needs."""
    return (*([by] if by else []), *where)


def broken_down(
    source: Reader, indicator: str, cohort: CohortInfo, by: str, where: dict[str, str]
) -> tuple[list[Row], Row | None]:
    """A measure by one breakdown in the latest pooled period that has figures, and the figure for everybody in it."""
    kind = kind_shown(source, indicator, cohort, by=by, where=where, kinds=POOLED)
    period = kind and latest(source, cohort, kind)
    if not period:
        return [], None
    rows = data.rows(source, indicator, cohort.id, [period], by=by, where=where)
    overall = data.rows(source, indicator, cohort.id, [period], where=where)
    if not rows:
        return [], None
    side = "label1" if rows[0]["dim1"] not in where else "label2"
    return [{**row, "label": row[side]} for row in rows], overall[0] if overall else None


def district_kinds(source: Reader, indicator: str, cohort: CohortInfo) -> tuple[list[str], str | None]:
    """The kinds of period with a table by district, and the one to begin with: pooled for schemes."""
    by = cohort.district_dimension
    kinds = source.period_kinds(indicator, cohort.id, [by])
    return kinds, kind_shown(source, indicator, cohort, by=by, where={}, kinds=kinds_for(source, cohort))


def by_district(source: Reader, indicator: str, cohort: CohortInfo, kind: str) -> list[tuple[Row, Row | None]]:
    """A measure by district in the latest period of a kind, each with the one before; in alphabetical order."""
    period = latest(source, cohort, kind)
    if not period:
        return []
    earlier = source.year_before(period)
    asked = [period, *([earlier] if earlier else [])]
    rows = sorted(
        data.rows(source, indicator, cohort.id, asked, by=cohort.district_dimension) or (),
        key=lambda row: str(row["label1"]),
    )
    before = {row["val1"]: row for row in rows if row["period"] == earlier}
    return [(row, before.get(row["val1"])) for row in rows if row["period"] == period]


@dataclass(frozen=True, slots=True)
class Step:
    """A measure of getting through a pathway: need, referral, start, completion or waiting time."""

    info: IndicatorInfo
    cohort: CohortInfo
    dim: str


@dataclass(frozen=True, slots=True)
class Column:
    """A step on each pathway in one period, and over all pathways where that exists."""

    title: str
    unit: str
    rows: list[Row]
    overall: Row | None


def steps(source: Reader) -> list[Step]:
    """The steps that this level has by pathway, in the catalogue's order."""
    found = []
    for cohort in source.cohorts():
        for info in source.indicators(cohort.id) if cohort.clock == "process" else ():
            known = {d for table in source.tables(info.id, cohort.id) for d in table}
            dim = "pathway" if "pathway" in known else "need"
            if info.fact in ("pathway_step", "referral") and dim in known:
                found.append(Step(info, cohort, dim))
    return found


def step_kinds(source: Reader, found: list[Step], district: str) -> tuple[list[str], str | None]:
    """The kinds of period over which the pathways can be shown, and the one to begin with."""
    counts: dict[str, int] = {}
    for step in found:
        where = {step.cohort.district_dimension: district} if district else {}
        kinds = source.period_kinds(step.info.id, step.cohort.id, [step.dim, *where])
        for kind in kinds or source.period_kinds(step.info.id, step.cohort.id, [step.dim]):
            counts[kind] = counts.get(kind, 0) + _shown(source, step.info.id, step.cohort, kind, step.dim, where)
    order = [kind for kind in kinds_for(source, found[0].cohort) if kind in counts]
    return [kind for kind in SHORTEST_FIRST if kind in counts], _best(source, {kind: counts[kind] for kind in order})


def by_pathway(source: Reader, step: Step, kind: str, where: dict[str, str]) -> Column:
    """A step on each pathway in the latest period of a kind."""
    period = latest(source, step.cohort, kind)
    if period is None:
        return Column(step.info.title, step.info.unit, [], None)
    rows = data.rows(source, step.info.id, step.cohort.id, [period], by=step.dim, where=where)
    overall = data.rows(source, step.info.id, step.cohort.id, [period], where=where)
    if not rows:
        return Column(step.info.title, step.info.unit, [], None)
    i = 1 if rows[0]["dim1"] == step.dim else 2
    kept: list[Row] = [
        {**row, "label": row[f"label{i}"]} for row in rows if row[f"val{i}"] not in ("none", "not_known")
    ]
    return Column(step.info.title, step.info.unit, kept, overall[0] if overall else None)


def with_figures(columns: list[Column]) -> tuple[list[Column], list[Column]]:
    """The steps with a figure on some pathway, and those hidden on all; where all are hidden they are all kept."""
    kept = [column for column in columns if any(row["value"] is not None for row in column.rows)]
    return (kept, [column for column in columns if column not in kept]) if kept else (columns, [])


def first_shown(found: list[Step], kept: list[Column]) -> str:
    """The first step with a figure on some pathway."""
    titles = [column.title for column in kept]
    return next((step.info.id for step in found if step.info.title in titles), found[0].info.id)


def side_by_side(columns: list[Column]) -> tuple[list[str], list[tuple[str, list[Row | None]]]]:
    """The pathways down, the steps across; a step that a pathway lacks is None."""
    names = list(dict.fromkeys(row["label"] for column in columns for row in column.rows))
    found = [{row["label"]: row for row in column.rows} for column in columns]
    return names, [(name, [rows.get(name) for rows in found]) for name in names]


def nearest(source: Reader, step: Step, where: dict[str, str], kind: str) -> list[str]:
    """The tables of a step that do exist, nearest first."""
    return source.nearest(step.info.id, step.cohort.id, list({step.dim, *where}), kind)


def trimmed(rows: Sequence[Row]) -> list[Row]:
    """A trend from its first figure to its last: not the years before the data begin, nor those too early to say."""
    known = [i for i, row in enumerate(rows) if row["value"] is not None or row["status"] in ("suppressed", "withheld")]
    return list(rows[known[0] : known[-1] + 1]) if known else []


def breakdowns(source: Reader, indicator: str, cohort: CohortInfo, where: dict[str, str]) -> list[str]:
    """What the measure can be broken down by within the choice made."""
    found = [d for table in source.tables(indicator, cohort.id) for d in table if set(table) == {d, *where}]
    order = [d.id for d in source.dimensions()]
    return sorted({d for d in found if d not in where}, key=order.index)


def first_telling(source: Reader, indicator: str, cohort: CohortInfo, dims: list[str], where: dict[str, str]) -> str:
    """The cohort's own district, else the first breakdown with figures for two groups or more; else the first.

    Never the other kind of district to begin with: the districts page shows the cohort's own.
    """
    own = cohort.district_dimension
    if own in dims:
        return own
    for by in [d for d in dims if not d.endswith("_district")]:
        rows, _ = broken_down(source, indicator, cohort, by, where)
        if sum(row["value"] is not None for row in rows) > 1:
            return by
    return dims[0]


def drawn(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The groups to draw, and those that nobody is in."""
    kept = [row for row in rows if row["status"] != "not available"]
    return kept, [row for row in rows if row not in kept]


def known_of(pairs: list[tuple[Row, Row | None]]) -> bool:
    """Whether anything at all is known of a district: a figure, or one hidden or too early."""
    return any(now["status"] != "not available" for now, _ in pairs)


def survival(source: Reader, cohort: CohortInfo, where: dict[str, str]) -> tuple[str, str, pl.DataFrame]:
    """The curve of days to first reoffence for the shortest pooled period that has one: measure, period, curve."""
    for info in source.indicators(cohort.id):
        if info.kind == "survival":
            for kind in POOLED:
                period = latest(source, cohort, kind)
                curve = data.curve(source, info.id, cohort.id, period, where) if period else pl.DataFrame()
                if period and not curve.is_empty():
                    return info.id, period, curve
    return "", "", pl.DataFrame()


def inside_area(
    pairs: list[tuple[Row, Row | None]], places: dict[str, tuple[int, int]]
) -> tuple[list[tuple[Row, Row | None]], list[tuple[Row, Row | None]]]:
    """The districts of the area, and the rest (out of area, no fixed address, not known)."""
    inside = [pair for pair in pairs if not places or pair[0]["val1"] in places]
    return inside, [pair for pair in pairs if pair not in inside]


def judged(pairs: list[tuple[Row, Row | None]]) -> list[tuple[Row, str]]:
    """Each district's latest figure with the kind of change it shows."""
    return [(now, change(now, before).kind) for now, before in pairs]


def panels(over_time: list[Row], districts: list[str]) -> list[tuple[str, list[Row]]]:
    """One trend a district, over the same stretch of time, in the order given."""
    kept = [row for row in over_time if row["val1"] in districts]
    shown = {row["period"] for row in kept if row["value"] is not None}
    by_name = {d: [row for row in kept if row["val1"] == d and row["period"] in shown] for d in districts}
    return [(rows[0]["label1"], rows) for rows in by_name.values() if rows]


def clocks(source: Reader) -> list[tuple[str, ...]]:
    """For each cohort: the latest final quarter, those provisional, and those too early to say."""
    found = []
    quarters = source.periods("quarter")
    for cohort in source.cohorts():
        states = source.follow_up(cohort.id)
        names = {
            state: [f"{q.end:%B %Y}" for q in quarters if states.get(q.id) == state]
            for state in ("complete", "awaiting_proof", "immature")
        }
        found.append((cohort.title, *(_span(names[s], s == "complete") for s in names)))
    return found


def _span(labels: list[str], to_date: bool) -> str:
    if not labels:
        return "none"
    if to_date:
        return f"up to {labels[-1]}"
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"


def by_reason(quarantine: pl.DataFrame) -> list[Row]:
    """Rows set aside, summed over files: most first."""
    if quarantine.is_empty():
        return []
    summed = quarantine.group_by("rule", "table_name", "column_name").agg(
        rows=pl.col("rows").sum(), files=pl.col("file").n_unique()
    )
    ordered = summed.sort("rows", "rule", "table_name", "column_name", descending=[True, False, False, False])
    return list(ordered.iter_rows(named=True))
