"""The measures of what was promised, group by group, and prison releases by day of the week.

A measure belongs to a group by the fact that it counts: a new definition over one of these facts, under the heading
compliance, stands on the page without a change here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from components import data
from components.headlines import Headline, headline, kinds_for, latest
from components.judge import Row
from release.read import CohortInfo, IndicatorInfo, Reader

HEADING = "compliance"
FACTS = {
    "required_contact": ("Contacts", "Do people come when they must?"),
    "enforcement": ("Breaches, recalls and warrants", "Is something done, and soon, when they do not?"),
    "court_result": ("Courts", "Does the court know, and does the record follow?"),
    "prison_release": ("Release from prison", "Is the day known, kept and told?"),
    "review": ("Reviews", "Is each person looked at again in time?"),
    "conference": ("Case conferences", "Do the agencies meet when they said they would?"),
}
"""The groups in order: a title, and what the measures in it ask."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of what was promised, and whom or what it is about."""

    info: IndicatorInfo
    cohort: CohortInfo


@dataclass(frozen=True, slots=True)
class Group:
    """Some measures of one kind of promise, each beside the same period a year before."""

    title: str
    question: str
    lines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class Weekday:
    """Prison releases on one day of the week: all of them, and how many were expected and unexpected.

    Of those left over it is not known. `unexpected` is None where that cannot be told of any.
    """

    label: str
    releases: int
    expected: int | None
    unexpected: int | None


def measures(source: Reader) -> list[Measure]:
    """Every measure of what was promised that the release has, in the order of the groups and then of the catalogue."""
    found = [
        Measure(info, cohort)
        for cohort in source.cohorts()
        if cohort.clock == "process"
        for info in source.indicators(cohort.id)
        if info.fact in FACTS and info.definition.get("heading", HEADING) == HEADING
    ]
    order = list(FACTS)
    return sorted(found, key=lambda one: order.index(one.info.fact))


def kinds(source: Reader, found: Sequence[Measure], district: str) -> list[str]:
    """The kinds of period over which any of them has a table for the choice, the shortest first."""
    held = {kind for one in found for kind in source.period_kinds(one.info.id, one.cohort.id, _dims(one, district))}
    return [kind for kind in ("quarter", "year", "three_years", "all") if kind in held]


def first_kind(source: Reader, found: Sequence[Measure], available: Sequence[str]) -> str | None:
    """The kind of period to begin with: the reporting quarter, or at the open level the year."""
    wanted = kinds_for(source, found[0].cohort) if found else ()
    return next((kind for kind in wanted if kind in available), None)


def groups(
    source: Reader, found: Sequence[Measure], district: str, kind: str
) -> tuple[list[Group], list[str], list[str]]:
    """The groups over one kind of period; the titles of the measures that this level has no such table of; and of those
    that are hidden to protect people, so that no row of blanks stands for them."""
    made, missing, hidden = [], [], []
    for fact, (title, question) in FACTS.items():
        lines = []
        for one in found:
            if one.info.fact != fact:
                continue
            where = {one.cohort.district_dimension: district} if district else {}
            line = headline(source, one.info.id, one.cohort, where, district, kinds=(kind,))
            if line is None:
                missing.append(one.info.title)
            elif _hidden(line.now) and (line.before is None or line.before["value"] is None):
                hidden.append(one.info.title)
            else:
                lines.append(line)
        if lines:
            made.append(Group(title, question, tuple(lines)))
    return made, missing, hidden


def _hidden(row: Row) -> bool:
    return row["status"] in ("suppressed", "withheld")


def _dims(one: Measure, district: str) -> list[str]:
    return [one.cohort.district_dimension] if district else []


COUNTS_ALL, COUNTS_UNEXPECTED, RELEASES = "release_date_notified", "unexpected_releases", "prison_releases"


def weekdays(source: Reader, kind: str) -> tuple[str, list[Weekday]]:
    """Prison releases by day of the week in the latest period of a kind, and what that period is called.

    Empty where this level has no such table: at the open level, or where no prison sends its notices.
    """
    held = {cohort.id: cohort for cohort in source.cohorts()}
    if RELEASES not in held:
        return "", []
    period = latest(source, held[RELEASES], kind)
    known = {info.id for info in source.indicators(RELEASES)}
    if not period or not {COUNTS_ALL, COUNTS_UNEXPECTED} <= known:
        return "", []
    everybody = data.rows(source, COUNTS_ALL, RELEASES, [period], by="weekday")
    told = data.rows(source, COUNTS_UNEXPECTED, RELEASES, [period], by="weekday")
    if everybody is None or told is None or all(row["denominator"] is None for row in everybody):
        return "", []
    noticed = {row["val1"]: row for row in told}
    return everybody[0]["period_label"], [_weekday(row, noticed.get(row["val1"])) for row in everybody]


def _weekday(everybody: Row, told: Row | None) -> Weekday:
    if told is None or told["denominator"] is None or told["numerator"] is None:
        return Weekday(everybody["label1"], int(everybody["denominator"] or 0), None, None)
    unexpected = int(told["numerator"])
    return Weekday(
        everybody["label1"], int(everybody["denominator"] or 0), int(told["denominator"]) - unexpected, unexpected
    )
