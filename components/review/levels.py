"""What a level of a release may see of the review, as it stood in the release's reporting quarter.

Inside the partnership: all of it. At the open level: what its writer marked as public, and of the rest only how many
there are. The figure that an action was opened from is the partnership's own, exact: at the open level it is left out even
of a public action, and a page reads the measure again from the open release.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from common import paths
from components.review.files import read
from components.review.records import Action, Answer, Comment, Review
from release.read import Reader


@dataclass(frozen=True, slots=True)
class Shown:
    """The review as a level sees it in one reporting quarter, the oldest action first. `hidden` counts the open actions that
    are not shown to it, `unshown` the answers."""

    quarter: str
    level: str
    actions: tuple[Action, ...]
    comments: tuple[Comment, ...]
    answers: tuple[Answer, ...]
    hidden: int = 0
    unshown: int = 0

    @property
    def open_actions(self) -> list[Action]:
        """Actions that nobody had closed by then."""
        return [one for one in self.actions if one.open]

    @property
    def closed_actions(self) -> list[Action]:
        """Actions that were done or dropped by then."""
        return [one for one in self.actions if not one.open]

    def action_on(self, indicator: str, cohort: str, where: Mapping[str, str] | None = None) -> Action | None:
        """The open action that should move this measure of this group, or None where there is none."""
        return next((one for one in self.open_actions if one.moves(indicator, cohort, where)), None)

    def said(self, about: str = "") -> str:
        """The commentary of this quarter on all of it, or on one measure; empty where there is none."""
        return next((one.text for one in self.comments if (one.quarter, one.about) == (self.quarter, about)), "")


def shown(source: Reader, data_dir: Path | None = None) -> Shown:
    """What this level of this release may see: nothing that belongs to a later reporting quarter than its own."""
    return as_of(read(data_dir or paths.data_dir()), source.reporting_quarter, source.level)


def as_of(review: Review, quarter: str, level: str) -> Shown:
    """The review as it stood in a reporting quarter, for a level."""
    actions = [
        replace(one, reviews=tuple(look for look in one.reviews if look.quarter <= quarter))
        for one in review.actions
        if one.draft.quarter <= quarter
    ]
    comments = [one for one in review.comments if one.quarter <= quarter]
    answers = [one for one in review.answers if one.quarter <= quarter]
    if level == "partnership":
        return Shown(quarter, level, tuple(actions), tuple(comments), tuple(answers))
    public = [_without_figure(one) for one in actions if one.draft.public]
    return Shown(
        quarter,
        level,
        tuple(public),
        tuple(one for one in comments if one.public),
        tuple(one for one in answers if one.public),
        hidden=sum(one.open and not one.draft.public for one in actions),
        unshown=sum(not one.public for one in answers),
    )


def _without_figure(action: Action) -> Action:
    return replace(action, draft=replace(action.draft, value=None, lower=None, upper=None, aim=None))
