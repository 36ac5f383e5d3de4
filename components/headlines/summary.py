"""The one-page summary: the framework's lines by heading, each with what it is held against and how it stands.

Each measure is shown on its own clock, beside the same period a year before. How it differs from the quarter before is
stated and never judged: from quarter to quarter only a control chart can tell a change from chance. Its status is by the
published rule that the framework names for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components import data
from components.headlines.periods import POOLED
from components.headlines.quarter import Headline, headline, target_for
from components.judge import Change, Judged, Row, by_rule, few
from metrics.compare.control_chart import Chart, Reading, control_chart, reading
from metrics.framework import Framework, Heading, Line, Rule, framework
from release.places_and_times import over_time
from release.read import CohortInfo, OutsideLatticeError, Reader

PREDICTED = {"observed_minus_expected": "expected_reoffending_rate"}
"""The rate that was expected, by the measure that says how far the figure is from it."""


@dataclass(frozen=True, slots=True)
class OverQuarters:
    """A measure's quarters: the latest final one and the one before it, the control chart, and what it says."""

    now: Row
    before: Row | None
    chart: Chart
    read: Reading | None

    @property
    def difference(self) -> float | None:
        """How far the latest quarter lies from the one before: stated, not judged."""
        if self.before is None or self.before["value"] is None or self.now["value"] is None:
            return None
        return float(self.now["value"] - self.before["value"])


@dataclass(frozen=True, slots=True)
class Summed:
    """One line of the summary.

    `cohort` is None for a standing figure, which is of nobody. `before` is the same period a year before, `gap` how far the
    figure is from what was expected, `expected` the release's own rate that was expected of the people who can be scored (so not
    the figure less the gap, for the figure is of everybody), `quarters` what came quarter by quarter; each None where there is none.
    """

    line: Line
    title: str
    cohort: CohortInfo | None
    where: Mapping[str, str]
    now: Row
    before: Row | None
    change: Change
    target: float | None
    gap: Row | None
    quarters: OverQuarters | None
    rule: Rule
    status: Judged
    expected: Row | None = None

    @property
    def read(self) -> Reading | None:
        """The latest reading of its control chart, where the chart has limits."""
        found = self.quarters.read if self.quarters else None
        return found if found and found.cause != "no_limits" else None


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the summary with its lines, and the titles of the lines that cannot be shown for this choice."""

    heading: Heading
    lines: tuple[Summed, ...]
    missing: tuple[str, ...]


@lru_cache(maxsize=300)
def summary(source: Reader, district: str = "", pathway: str = "") -> tuple[Part, ...]:
    """The framework's lines by heading, for the area or for one district, and for one pathway where one is chosen."""
    framed = framework()
    return tuple(_part(source, framed, heading, district, pathway) for heading in framed.headings)


def lines_of(parts: tuple[Part, ...]) -> list[Summed]:
    """Every line of a summary, in order."""
    return [line for part in parts for line in part.lines]


def reds(parts: tuple[Part, ...]) -> list[Summed]:
    """The lines that need an action."""
    return [line for line in lines_of(parts) if line.status.red]


def _part(source: Reader, framed: Framework, heading: Heading, district: str, pathway: str) -> Part:
    found: list[Summed] = []
    missing: list[str] = []
    for line in framed.under(heading.id):
        if line.districts and district not in line.districts:
            continue
        one = (
            _standing(source, framed, line, district)
            if line.standing
            else _of_people(source, framed, line, district, pathway)
        )
        if isinstance(one, Summed):
            found.append(one)
        elif one:
            missing.append(one)
    return Part(heading, tuple(found), tuple(missing))


def _of_people(source: Reader, framed: Framework, line: Line, district: str, pathway: str) -> Summed | str:
    """A measure of people; else its title, where no table of it exists for this choice."""
    if line.indicator not in {i.id for i in source.indicators(line.cohort)} or line.cohort not in _cohorts(source):
        return line.title or line.indicator.replace("_", " ").capitalize()
    info, cohort = source.indicator(line.indicator), source.cohort(line.cohort)
    title = line.title or info.title
    where = _where(source, line, cohort, district, pathway)
    top = _pooled(source, info.id, cohort, where, district) if where is not None else None
    if top is None or where is None:
        return "" if info.definition.get("requires") and not pathway else title
    rule = framed.rule_of(line, info.polarity)
    target = None if line.where or pathway or not _held_to_target(rule) else top.target
    gap = _beside(source, line.expected, cohort, top.now, where)
    quarters = _quarters(source, info.id, cohort.id, tuple(sorted(where.items())))
    return Summed(
        line, title, cohort, where, top.now, top.before, top.change, target, gap, quarters, rule,
        by_rule(top.now, rule, target, gap, quarters.read if quarters and _is_latest(source, cohort, quarters) else None),
        _beside(source, PREDICTED.get(line.expected, ""), cohort, top.now, where),
    )  # fmt: skip


def _held_to_target(rule: Rule) -> bool:
    """Whether a rule holds a measure to its target: one that nothing is judged by is not shown, lest it be read as judged."""
    return "target" in (*rule.red, *rule.green)


def _pooled(
    source: Reader, indicator: str, cohort: CohortInfo, where: dict[str, str], district: str
) -> Headline | None:
    """A measure on its own clock; of reoffending, over longer where one quarter has too few people to judge."""
    top = headline(source, indicator, cohort, where, district)
    if top is None or not few(top.now) or cohort.clock != "reoffending":
        return top
    longer = headline(source, indicator, cohort, where, district, kinds=POOLED)
    return longer if longer is not None and longer.now["value"] is not None and not few(longer.now) else top


def _cohorts(source: Reader) -> set[str]:
    return {cohort.id for cohort in source.cohorts()}


def _where(source: Reader, line: Line, cohort: CohortInfo, district: str, pathway: str) -> dict[str, str] | None:
    """The line's own group with the district and pathway chosen, or None where no such table exists."""
    if district and district not in dict(source.districts(cohort.id)):
        return None
    where = dict(line.where) | ({cohort.district_dimension: district} if district else {})
    tables = [set(table) for table in source.tables(line.indicator, cohort.id)]
    if pathway:
        own = next((d for d in ("pathway", "need") if {d, *where} in tables), None)
        if own is None or own in where:
            return None
        where[own] = pathway
    return where if set(where) in tables else None


def _beside(source: Reader, indicator: str, cohort: CohortInfo, now: Row, where: Mapping[str, str]) -> Row | None:
    """Another measure of the same cohort, period and group; None where the release has none of enough people."""
    if not indicator or indicator not in {i.id for i in source.indicators(cohort.id)}:
        return None
    rows = data.rows(source, indicator, cohort.id, [now["period"]], where=where)
    return rows[0] if rows and rows[0]["value"] is not None and not few(rows[0]) else None


@lru_cache(maxsize=2000)
def _quarters(source: Reader, indicator: str, cohort: str, where: tuple[tuple[str, str], ...]) -> OverQuarters | None:
    """The measure quarter by quarter, or None where this level has no quarters of it or none can be shown."""
    try:
        found = over_time(source, indicator, cohort, dict(where))
    except OutsideLatticeError:
        return None
    periods = found.chart.points["period"].to_list()[-2:]
    rows = data.rows(source, indicator, cohort, periods, where=dict(where)) if periods else None
    if not rows or rows[-1]["value"] is None:
        return None
    return OverQuarters(rows[-1], rows[0] if len(rows) > 1 else None, found.chart, found.reading)


def _is_latest(source: Reader, cohort: CohortInfo, quarters: OverQuarters) -> bool:
    """Whether the chart reaches the cohort's latest complete quarter: an older special cause is no news."""
    return quarters.now["period"] == source.latest_complete(cohort.id)


# --- standing figures: of nobody --------------------------------------------------------------------------------------


def _standing(source: Reader, framed: Framework, line: Line, district: str) -> Summed | str:
    """A standing figure as at the reporting quarter's end, beside the quarter before and the year before."""
    mine = [row for row in data.listed(source, "standing") if row["measure"] == line.standing]
    rows = {row["period"]: _as_row(source, line, row) for row in mine if row["district"] == district}
    now = rows.get(source.reporting_quarter)
    if now is None:
        return line.title or (mine[0]["title"] if mine else line.standing.replace("_", " ").capitalize())
    earlier = source.year_before(now["period"])
    before = rows.get(earlier) if earlier else None
    target = target_for(data.listed(source, "targets"), line.standing, "", district, source.period(now["period"]).start)
    rule = framed.rule_of(line, now["polarity"])
    target = target if _held_to_target(rule) else None
    status = by_rule(now, rule, target)
    return Summed(
        line, line.title or now["title"], None, {"district": district} if district else {}, now, before, _differs(now, before), target, None,
        _standing_quarters(source, rows), rule, status,
    )  # fmt: skip


def _as_row(source: Reader, line: Line, row: Mapping[str, Any]) -> Row:
    """A standing figure as a row like any other. It is a full count, so it has no interval."""
    return {
        **row, "indicator": line.standing, "cohort": "", "lower": None, "upper": None, "held_from": None,
        "dim1": "", "val1": "", "dim2": "", "val2": "", "label1": "", "label2": "", "people": "",
        "minimum_n": 0, "numerator_of": "", "denominator_of": "", "version": 1,
        "period_label": source.period(row["period"]).label,
    }  # fmt: skip


def _differs(now: Row, before: Row | None) -> Change:
    """How a standing figure differs from the one before: what was counted is all there is, so it is stated, not judged."""
    if before is None or now["value"] is None or before["value"] is None:
        return Change("none", "No comparison")
    gap = now["value"] - before["value"]
    return Change("difference", "No difference" if gap == 0 else "Higher" if gap > 0 else "Lower", gap)


def _standing_quarters(source: Reader, rows: Mapping[str, Row]) -> OverQuarters | None:
    kept = [rows[p.id] for p in source.periods("quarter") if p.id in rows]
    if not kept or kept[-1]["value"] is None:
        return None
    chart = control_chart(
        "xmr", [row["period"] for row in kept], [row["value"] for row in kept], polarity=kept[-1]["polarity"]
    )
    return OverQuarters(kept[-1], kept[-2] if len(kept) > 1 else None, chart, reading(chart))
