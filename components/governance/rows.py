"""What the page of governance shows: the partners, the actions of plan and review, and what the agencies say of themselves."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from components import data, words
from components.governance.moved import Moved, moved, standing_moved
from components.headlines import latest
from components.judge import Row, few
from components.review import AGENCIES, Action, Answer, Grade, Shown
from components.review.assessment import Measured, Part, Statement, assessment
from components.review.changes import quarters_between
from metrics.catalogue import catalogue
from release.partners import ENDED
from release.read import CohortInfo, Reader

STATUSES = {"open": "Open", "on_track": "On track", "late": "Late", "done": "Done", "dropped": "Dropped"}
SECTORS = {"voluntary": "Voluntary", "private": "Private", "statutory": "Statutory", "not_known": "Not known"}
LONG = ("three_years", "all")
VALID = 4
"""How many quarters an agency's answer goes on standing for it: a year."""
ATTENDANCE, CONFERENCES = "conference_attendance", "conferences"
LEAD, LED = "lead_professional_named", "lead_professionals"


@dataclass(frozen=True, slots=True)
class Planned:
    """An action, of the plan that was loaded or of the review: who has it, by when, how it stands on the
    release's cut-off (`as_at`), and what it moved."""

    ref: str
    what: str
    measure: str
    place: str
    owner: str
    opened_on: dt.date
    due_on: dt.date
    state: str
    as_at: dt.date
    closed_on: dt.date | None
    move_by: str
    moved: Moved

    @property
    def open(self) -> bool:
        """Whether it has neither been done nor dropped."""
        return self.state not in ENDED

    @property
    def told(self) -> bool:
        """Whether something can be said of what became of its measure."""
        return self.moved.kind not in ("none", "unjudged", "few", "early")


@dataclass(frozen=True, slots=True)
class Said:
    """What the agencies answered to one statement: their latest answers, and the figures that bear on it."""

    statement: Statement
    answers: tuple[Answer, ...]
    figures: tuple[tuple[str, Row], ...]

    @property
    def counts(self) -> Counter[Grade]:
        """How many agencies gave each answer."""
        return Counter(one.grade for one in self.answers)

    @property
    def split(self) -> bool:
        """Whether one agency says that it is in place and another that it is not yet."""
        return bool(self.counts["in_place"] and self.counts["not_yet"])


# --- the actions ------------------------------------------------------------------------------------------------------


def actions(source: Reader, kept: Shown) -> list[Planned]:
    """Every action of the plan that was loaded and of the review, the open ones first, each by the day that it is due.

    Whether one is late is told as at the release's cut-off, for both alike, so a release says the same on any day.
    """
    found = [_of_plan(source, row) for row in data.listed(source, "action_plan")]
    found += [_of_review(source, one) for one in kept.actions]
    return sorted(found, key=lambda one: (not one.open, one.due_on, one.ref))


def _of_plan(source: Reader, row: Row) -> Planned:
    """A line of the plan. One that is open and past its day is late, whatever the plan calls it."""
    cohort = cohort_of(source, row["indicator"])
    where = {cohort.district_dimension: row["district"]} if cohort and row["district"] else {}
    ended = row["status"] in ENDED
    return Planned(
        ref=f"Plan {row['number']}",
        what="",
        measure=title_of(source, row["indicator"]),
        place=_district(source, row["district"]) or source.area,
        owner=AGENCIES.get(row["owner_agency"]) or str(row["owner_agency"]),
        opened_on=row["opened_on"],
        due_on=row["due_on"],
        state=row["status"] if ended or row["due_on"] >= source.cutoff else "late",
        as_at=source.cutoff,
        closed_on=row["closed_on"],
        move_by="",
        moved=moved(source, row["indicator"], cohort.id if cohort else "", where, _quarter_start(row["opened_on"])),
    )


def _of_review(source: Reader, one: Action) -> Planned:
    draft = one.draft
    own = {"period": draft.period, "aim": draft.aim}
    return Planned(
        ref=one.id,
        what=draft.what,
        measure=title_of(source, draft.indicator),
        place=_whom(source, one),
        owner=AGENCIES[draft.owner] + (f" ({draft.post})" if draft.post else ""),
        opened_on=one.opened_on,
        due_on=one.due_on,
        state=one.closed_as or ("late" if one.late(source.cutoff) else "open"),
        as_at=source.cutoff,
        closed_on=one.closed_on,
        move_by=draft.move_by,
        moved=moved(source, draft.indicator, draft.cohort, draft.where, _since(draft.quarter), **own)  # type: ignore[arg-type]
        if draft.cohort
        else standing_moved(source, draft.indicator, draft.where.get("district", ""), _since(draft.quarter), **own),  # type: ignore[arg-type]
    )


def measure_of(source: Reader, one: Action) -> str:
    """The measure that an action of the review should move, and of whom."""
    return f"{title_of(source, one.draft.indicator)}, {_whom(source, one)}"


def _whom(source: Reader, one: Action) -> str:
    where = one.draft.where
    labels = [dict(source.members(d)).get(v, v) for d, v in where.items() if d in _dimensions(source)]
    return words.listed(labels) or _district(source, where.get("district", "")) or source.area


def _since(quarter: str) -> dt.date:
    """The first day after the quarter that an action was opened from: what began before then it could not move."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return dt.date(year + number // 4, 3 * number % 12 + 1, 1)


def _quarter_start(day: dt.date) -> dt.date:
    """The first day of the quarter in which a line of the plan was opened: the one that could first show a difference."""
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def by_owner(found: Sequence[Planned]) -> list[tuple[str, int, int, int, int]]:
    """Owner, open, of those late, done, dropped: most late first, then most open."""
    owners = list(dict.fromkeys(one.owner.split(" (")[0] for one in found))
    rows = []
    for owner in owners:
        own = [one for one in found if one.owner.split(" (")[0] == owner]
        rows.append((
            owner, sum(one.open for one in own), sum(one.state == "late" for one in own),
            sum(one.state == "done" for one in own), sum(one.state == "dropped" for one in own),
        ))  # fmt: skip
    return sorted(rows, key=lambda row: (-row[2], -row[1], row[0]))


def judged(found: Sequence[Planned]) -> list[Planned]:
    """The actions of which it can be told what became of their measure, then those of which it cannot be told yet."""
    told = [one for one in found if one.moved.kind not in ("none", "unjudged")]
    return sorted(told, key=lambda one: not one.told)


# --- the partners -----------------------------------------------------------------------------------------------------


def partners(source: Reader) -> list[Row]:
    """The organisations, by agency."""
    return list(data.listed(source, "partners"))


@dataclass(frozen=True, slots=True)
class Placed:
    """A measure of the partners' work: for everybody in the latest quarter, and by district in the shortest period in which
    most districts have enough to say, beside everybody in that period."""

    now: Row
    whole: Row
    districts: tuple[Row, ...]


def placed(source: Reader, indicator: str, cohort: str) -> Placed | None:
    """A measure and its districts; None where the release has no figure of it."""
    if indicator not in {i.id for i in source.indicators()} or cohort not in {c.id for c in source.cohorts(indicator)}:
        return None
    about = source.cohort(cohort)
    found: list[tuple[bool, int, Row, tuple[Row, ...]]] = []
    for kind in ("quarter", "year", "three_years", "all"):
        period = latest(source, about, kind)
        whole = data.rows(source, indicator, cohort, [period]) if period else None
        if not period or not whole or whole[0]["value"] is None:
            continue
        if found and kind in LONG:  # three years that ended long ago say nothing of the partners now
            break
        rows = data.rows(source, indicator, cohort, [period], by=about.district_dimension)
        inside = tuple(row for row in rows or () if row["val1"] in data.tiles())
        telling = sum(row["value"] is not None and not few(row) for row in inside)
        found.append((2 * telling >= len(inside) > 0, telling, whole[0], inside))
    if not found:
        return None
    best = next((one for one in found if one[0]), max(found, key=lambda one: one[1]))
    shown = best[3] if any(row["value"] is not None for row in best[3]) else ()
    return Placed(found[0][2], best[2], shown)


def sectors(source: Reader) -> tuple[list[Row], list[Row]]:
    """Programmes and providers by sector now, and pounds by sector and year."""
    rows = data.listed(source, "sector_share")
    return [r for r in rows if r["measure"] != "pounds"], [r for r in rows if r["measure"] == "pounds"]


# --- the self-assessment ----------------------------------------------------------------------------------------------


def said_of(source: Reader, kept: Shown) -> list[tuple[Part, list[Said]]]:
    """Every part of the self-assessment with its statements, the answers that stand and the figures that bear on them."""
    standing = standing_answers(kept)
    return [
        (
            part,
            [
                Said(one, tuple(standing.get(one.id, ())), tuple(_figures(source, one.figures)))
                for one in part.statements
            ],
        )
        for part in assessment()
    ]


def counted(said: Sequence[Said]) -> Counter[Grade]:
    """How many answers of each grade were given to the statements of a part."""
    return sum((one.counts for one in said), Counter())


def standing_answers(kept: Shown) -> dict[str, list[Answer]]:
    """Each agency's latest answer to each statement, of the last year; by statement, agencies in their order."""
    found: dict[tuple[str, str], Answer] = {}
    for one in sorted(kept.answers, key=lambda one: one.quarter):
        if 0 <= quarters_between(one.quarter, kept.quarter) < VALID:
            found[one.statement, one.agency] = one
    order = list(AGENCIES)
    return {
        statement: sorted(
            (one for (of, _), one in found.items() if of == statement), key=lambda one: order.index(one.agency)
        )
        for statement in dict.fromkeys(of for of, _ in found)
    }


def _figures(source: Reader, asked: Sequence[Measured]) -> list[tuple[str, Row]]:
    """Title and row of each figure that the release shows for everybody, in its latest period."""
    found = []
    for one in asked:
        row = _standing(source, one.standing) if one.standing else _latest(source, one.indicator, one.cohort)
        if row is not None and row["value"] is not None:
            found.append((row["title"], row))
    return found


def _standing(source: Reader, measure: str) -> Row | None:
    rows = [row for row in data.listed(source, "standing") if row["measure"] == measure and row["district"] == ""]
    return {**rows[-1], "lower": None, "upper": None} if rows else None  # a full count


@lru_cache(maxsize=200)
def _latest(source: Reader, indicator: str, cohort: str) -> Row | None:
    if cohort not in {c.id for c in source.cohorts()} or indicator not in {i.id for i in source.indicators(cohort)}:
        return None
    for kind in ("quarter", "year", "three_years"):
        period = latest(source, source.cohort(cohort), kind)
        rows = data.rows(source, indicator, cohort, [period]) if period else None
        if rows and rows[0]["value"] is not None:
            return rows[0]
    return None


# --- names ------------------------------------------------------------------------------------------------------------


def cohort_of(source: Reader, indicator: str) -> CohortInfo | None:
    """The people whom a plan means by a measure: those on a scheme where there are any, else the first that have it."""
    found = source.cohorts(indicator) if indicator in {i.id for i in source.indicators()} else []
    return next((c for c in found if c.district_dimension == "managing_district"), found[0] if found else None)


def title_of(source: Reader, indicator: str) -> str:
    """What readers call a measure, a standing figure among them; a code that nobody knows is shown as words."""
    known: Mapping[str, str] = {d.id: d.title for d in catalogue().values()} | {
        i.id: i.title for i in source.indicators()
    }
    standing = {row["measure"]: row["title"] for row in data.listed(source, "standing")}
    return (
        known.get(indicator)
        or standing.get(indicator)
        or indicator.replace("_", " ").capitalize()
        or "No measure named"
    )


def _district(source: Reader, district: str) -> str:
    return dict(source.members("managing_district")).get(district, district) if district else ""


def _dimensions(source: Reader) -> set[str]:
    return {one.id for one in source.dimensions()}


def frames(source: Reader, found: Sequence[Planned], kept: Shown) -> dict[str, pl.DataFrame | None]:
    """The tables of the page for the download."""
    listed = [
        {"action": x.ref, "what": x.what, "measure": x.measure, "place": x.place, "owner": x.owner, "opened": x.opened_on,
         "due": x.due_on, "state": STATUSES.get(x.state, x.state), "state_as_at": x.as_at, "closed": x.closed_on, "move_by": x.move_by,
         "when_opened": x.moved.before["value"] if x.moved.before else None,
         "since": x.moved.after["value"] if x.moved.after else None,
         "usual_low": x.moved.usual[0] if x.moved.usual else None,
         "usual_high": x.moved.usual[1] if x.moved.usual else None, "finding": x.moved.words}
        for x in found
    ]  # fmt: skip
    answers = [
        {"statement": one.statement, "agency": AGENCIES[one.agency], "quarter": one.quarter, "answer": one.grade,
         "evidence": one.evidence}
        for listed_ in standing_answers(kept).values() for one in listed_
    ]  # fmt: skip
    return {
        "partners": data.part(source, "partners"),
        "actions": pl.DataFrame(listed, infer_schema_length=None) if listed else None,
        "sectors": data.part(source, "sector_share"),
        "self_assessment": pl.DataFrame(answers) if answers else None,
    }
