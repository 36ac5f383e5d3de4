"""The quarter's measures, each on its own clock, with the figure before, the change and the status."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from components import data
from components.headlines.periods import kinds_for, latest
from components.judge import Change, Row, Status, change, status
from release.read import CohortInfo, Reader

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
    source: Reader,
    indicator: str,
    cohort: CohortInfo,
    where: dict[str, str],
    district: str = "",
    *,
    kinds: tuple[str, ...] = (),
) -> Headline | None:
    """One measure in the latest period of the first of these kinds with a figure to show, and the one before it.

    Without `kinds`, those that suit the cohort and level, in order.
    """
    kinds = kinds or kinds_for(source, cohort)
    pairs = (pair for kind in kinds if (pair := _pair(source, indicator, cohort, kind, where)) is not None)
    first = next(pairs, None)
    if first is None:
        return None
    # the kinds are asked one at a time: most often the first has a figure, and the others are never read
    now, before = (
        first if first[0]["value"] is not None else next((p for p in pairs if p[0]["value"] is not None), first)
    )
    judged = now["polarity"] != "no_judgement"
    start = source.period(now["period"]).start
    target = target_for(data.listed(source, "targets"), indicator, cohort.id, district, start) if judged else None
    return Headline(cohort, now, before, target, change(now, before), status(now, target, now["minimum_n"]))


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
