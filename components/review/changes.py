"""What may be written in a review, and the rules it must keep. Each change is made alone, under the review's lock."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from common.errors import ProblemError
from components.review import files
from components.review.records import (
    AGENCIES,
    FINDINGS,
    GRADES,
    REDS,
    Action,
    Answer,
    Comment,
    Draft,
    Finding,
    Grade,
    Reviewed,
)
from components.review.text import checked

QUARTER = re.compile(r"^(\d{4})Q([1-4])$")
FURTHEST = 366 * 3
"""Days ahead that an action may be due: further is a wish."""


def open_action(data_dir: Path, draft: Draft, on: dt.date | None = None) -> Action:
    """Open an action from a red. One measure of one group has one open action at a time."""
    today = on or dt.date.today()
    _one_of(draft.red, REDS, "What it was opened from", "only a red opens an action")
    _one_of(draft.owner, AGENCIES, "Owner")
    if len(draft.where) > 2:
        raise ProblemError("the measure is of more than two groups at once", "Measure", "two at most", "choose one")
    _quarter(draft.quarter, "Reporting quarter")
    if _quarter(draft.move_by, "Should move by") <= _quarter(draft.quarter, "Reporting quarter"):
        raise ProblemError(
            "the measure should move by a quarter that is over", "Should move by", f"a quarter after {draft.quarter}",
            "choose a later one",
        )  # fmt: skip
    _due(draft.due_on, today)
    what = checked(draft.what, what="What is to be done", public=draft.public)
    post = checked(draft.post, what="Post", public=draft.public, needed=False)
    with files.writing(data_dir) as held:
        if same := [one for one in held.actions if one.open and one.moves(draft.indicator, draft.cohort, draft.where)]:
            raise ProblemError(
                "this measure has an open action already", same[0].id, "one open action for each measure and group",
                "review that one first: it goes on, or is closed",
            )  # fmt: skip
        number = 1 + max((int(one.id[-3:]) for one in held.actions if one.draft.quarter == draft.quarter), default=0)
        made = Action(
            f"{draft.quarter}-{number:03}", today, replace(draft, what=what, post=post, where=dict(draft.where))
        )
        files.write(data_dir, files.ACTIONS, (*held.actions, made))
    return made


def review_action(
    data_dir: Path,
    action: str,
    quarter: str,
    finding: Finding,
    *,
    note: str = "",
    due_on: dt.date | None = None,
    on: dt.date | None = None,
) -> Action:
    """Record a look at an action: it is done, dropped, or goes on with a new due date. What is closed stays closed."""
    today = on or dt.date.today()
    _one_of(finding, FINDINGS, "Finding")
    with files.writing(data_dir) as held:
        at = next((place for place, one in enumerate(held.actions) if one.id == action), None)
        if at is None or not held.actions[at].open:
            raise ProblemError(
                "there is no open action of this number",
                action,
                "one that is open",
                "open the page again: somebody closed it",
            )
        was = held.actions[at]
        latest = was.reviews[-1].quarter if was.reviews else was.draft.quarter
        if _quarter(quarter, "Reporting quarter") < _quarter(latest, "Reporting quarter"):
            raise ProblemError(
                "the action was looked at in a later quarter", action, f"{latest} or later", "review it there"
            )
        if (finding == "continued") != (due_on is not None):
            raise ProblemError(
                "only an action that goes on has a new due date, and it needs one", "Due", "a day", "give it"
            )
        if due_on:
            _due(due_on, today)
        said = checked(note, what="What was found", public=was.draft.public, needed=finding == "dropped")
        now = replace(was, reviews=(*was.reviews, Reviewed(quarter, today, finding, said, due_on)))
        files.write(data_dir, files.ACTIONS, (*held.actions[:at], now, *held.actions[at + 1 :]))
    return now


def comment(
    data_dir: Path,
    quarter: str,
    text: str,
    about: str = "",
    *,
    public: bool = False,
    seen: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> Comment | None:
    """Write what is said of a quarter, or of one measure in it; an empty text takes it away.

    `seen` is when the text that the writer had before them was written: if another has come since, nothing is saved.
    """
    _quarter(quarter, "Reporting quarter")
    plain = checked(text, what="The commentary", public=public, needed=False)
    with files.writing(data_dir) as held:
        was = next((one for one in held.comments if (one.quarter, one.about) == (quarter, about)), None)
        if was and was.written != seen:
            raise ProblemError(
                "somebody wrote here since you opened the page",
                quarter,
                "the text as it stands now",
                "open the page again",
            )
        made = Comment(quarter, about, plain, _moment(now), public) if plain else None
        kept = [one for one in held.comments if one is not was]
        files.write(data_dir, files.COMMENTS, tuple(sorted([*kept, *([made] if made else [])], key=_place)))
    return made


def answer(
    data_dir: Path,
    quarter: str,
    agency: str,
    grades: Mapping[str, tuple[Grade, str]],
    *,
    public: bool = False,
    now: dt.datetime | None = None,
) -> tuple[Answer, ...]:
    """Put one agency's answers of a quarter in the place of those it gave before: grade and evidence by statement."""
    _quarter(quarter, "Reporting quarter")
    _one_of(agency, AGENCIES, "Agency")
    made = []
    for statement, (grade, evidence) in grades.items():
        _one_of(grade, GRADES, statement)
        said = checked(evidence, what=f"Evidence for {statement}", public=public, needed=False)
        made.append(Answer(quarter, agency, statement, grade, said, _moment(now), public))
    with files.writing(data_dir) as held:
        kept = [
            one for one in held.answers if (one.quarter, one.agency) != (quarter, agency) or one.statement not in grades
        ]
        files.write(
            data_dir,
            files.ANSWERS,
            tuple(sorted([*kept, *made], key=lambda one: (one.quarter, one.agency, one.statement))),
        )
    return tuple(made)


def quarters_between(first: str, last: str) -> int:
    """How many quarters lie from one to another: 2025Q4 to 2026Q1 is one."""
    return _quarter(last, "Quarter") - _quarter(first, "Quarter")


def _place(one: Comment) -> tuple[str, str]:
    return one.quarter, one.about


def _moment(now: dt.datetime | None) -> dt.datetime:
    return now or dt.datetime.now(dt.UTC)


def _quarter(text: str, where: str) -> int:
    """A quarter as a running number."""
    found = QUARTER.match(text)
    if not found:
        raise ProblemError("this is not a quarter", where, "as 2025Q4", "give it so")
    return int(found[1]) * 4 + int(found[2]) - 1


def _due(due_on: dt.date, today: dt.date) -> None:
    if not today < due_on <= today + dt.timedelta(days=FURTHEST):
        raise ProblemError(
            "the day it is due by is past or too far ahead", "Due", "after today, within three years", "give another"
        )


def _one_of(given: str, allowed: Mapping[Any, str], where: str, remedy: str = "choose one") -> None:
    if given not in allowed:
        raise ProblemError("this is not one of the choices", where, ", ".join(allowed.values()), remedy)
