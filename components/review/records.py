"""What a review is made of. Every record names the reporting quarter that it belongs to, such as 2025Q4."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Red = Literal["target", "expected", "special_cause"]
Finding = Literal["done", "continued", "dropped"]
Grade = Literal["in_place", "partly", "not_yet", "cannot_say"]

REDS: dict[Red, str] = {
    "target": "Misses its target",
    "expected": "Worse than expected of the same people",
    "special_cause": "Worse by more than chance",
}
"""What can make a measure red: the tests of the published status rules (metrics/status_rules.toml)."""
FINDINGS: dict[Finding, str] = {
    "done": "Done: closed",
    "continued": "Goes on, with a new due date",
    "dropped": "Dropped: closed",
}
GRADES: dict[Grade, str] = {
    "in_place": "In place",
    "partly": "Partly in place",
    "not_yet": "Not yet in place",
    "cannot_say": "We cannot say",
}
AGENCIES = {
    "police": "Police",
    "probation": "Probation",
    "prison": "Prison",
    "council": "Council",
    "health": "Health",
    "yot": "Youth justice",
    "voluntary": "Voluntary sector",
    "private": "Private provider",
    "court": "Court",
}
"""Who can own an action or answer the self-assessment: the agencies that the extracts know, as readers call them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An action as it is asked for: what is to be done, by whom, and the measure it should move.

    `indicator`, `cohort` and `where` (two dimensions at most) name the figure that was red in `period`; of a standing figure,
    which is of nobody, `indicator` is its measure and `cohort` is empty.
    `value`, `lower` and `upper` are that figure as it stood. `move_by` is the reporting quarter by which the measure should
    have moved, `aim` the value it should reach, where one is set. `post` is a post, never a person's name.
    """

    quarter: str
    indicator: str
    cohort: str
    red: Red
    what: str
    owner: str
    due_on: dt.date
    move_by: str
    where: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    release: str = ""
    aim: float | None = None
    post: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One look at an action: the reporting quarter in which it was taken, what was found, and the day it is due by now."""

    quarter: str
    on: dt.date
    finding: Finding
    note: str = ""
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action on the plan: how it was opened, and every look that was taken at it since."""

    id: str
    opened_on: dt.date
    draft: Draft
    reviews: tuple[Reviewed, ...] = ()

    @property
    def open(self) -> bool:
        """Whether nobody has closed it: an action is open until a review says that it is done or dropped."""
        return not any(look.finding != "continued" for look in self.reviews)

    @property
    def due_on(self) -> dt.date:
        """The day it is due by, after every review that moved it."""
        moved = [look.due_on for look in self.reviews if look.due_on]
        return moved[-1] if moved else self.draft.due_on

    @property
    def closed_on(self) -> dt.date | None:
        """The day of the review that closed it."""
        return None if self.open else self.reviews[-1].on

    @property
    def closed_as(self) -> Finding | None:
        """How the review closed it: done or dropped."""
        return None if self.open else self.reviews[-1].finding

    def late(self, on: dt.date) -> bool:
        """Whether it is open and past the day that it was due by."""
        return self.open and on > self.due_on

    def moves(self, indicator: str, cohort: str, where: Mapping[str, str] | None = None) -> bool:
        """Whether it should move this measure of this group."""
        return (self.draft.indicator, self.draft.cohort, dict(self.draft.where)) == (
            indicator,
            cohort,
            dict(where or {}),
        )


@dataclass(frozen=True, slots=True)
class Comment:
    """What the analyst says of a reporting quarter: of all of it (`about` is empty), or of one measure."""

    quarter: str
    about: str
    text: str
    written: dt.datetime
    public: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One agency's answer to one statement of the self-assessment."""

    quarter: str
    agency: str
    statement: str
    grade: Grade
    evidence: str
    written: dt.datetime
    public: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """All that a partnership has written, of every reporting quarter, the oldest first."""

    actions: tuple[Action, ...] = ()
    comments: tuple[Comment, ...] = ()
    answers: tuple[Answer, ...] = ()
