"""A figure: one value with all that must travel with it (design section 6)."""

import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import Literal

Status = Literal["final", "provisional", "immature", "nowcast", "held", "suppressed", "withheld", "not available"]
Polarity = Literal["lower_is_better", "higher_is_better", "no_judgement"]

TOO_FEW = "too few to judge"
"""How the reason of a figure ends that is shown but rests on fewer people than its definition asks: no change, no status."""
NO_EXTRACT = "the extract that this needs has not been loaded"
"""Why a figure is not available where a partnership does not have what it rests on: never zero, never nobody."""
NOBODY_SCORED = "nobody here has all that a prediction needs: sex, age, offence and a history known in full"
"""Why nothing can be set against what was expected."""
EACH_QUARTER_ANEW = "(each quarter anew, when quarters are pooled)"
"""Said in a denominator's name by definitions whose counts are of one quarter: what they count in one quarter they count again
in the next, so over longer periods their shares hold and their counts are not of different things."""
QUARTER = re.compile(r"\d{4}Q[1-4]")
NOUN = re.compile(r"prison releases|days at liberty|\w+")
SHOWN: tuple[Status, ...] = ("final", "provisional", "nowcast", "held")
"""The statuses under which a value is shown. Under any other, `value` is None and `reason` says why."""


def noun_of(denominator: str) -> str:
    """As much of a denominator's name as stands beside its number: 'people', 'needs', 'days at liberty'."""
    found = NOUN.match(denominator)
    return found[0] if found else ""


def counted_again(denominator: str, period: str) -> bool:
    """Whether a period pools quarters that each count the same anew: then shares are given, and no counts."""
    return EACH_QUARTER_ANEW in denominator and not QUARTER.fullmatch(period)


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator, for one cohort, period and group of people.

    `value`, `lower` and `upper` are in `unit` and are never rescaled downstream. `numerator` and
    `denominator` are the counts behind the value (people, reoffences, days), in the order that the
    indicator's definition names them. `lower` and `upper` bound a 95% interval. `where` maps each
    dimension to its value; an empty mapping is everybody in the cohort.
    """

    indicator: str
    version: int
    cohort: str
    period: str
    where: dict[str, str]
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    polarity: Polarity
    status: Status
    reason: str
    held_from: str | None
    level: Literal["open", "partnership", "store"]
    release: str
    synthetic: bool
    cutoff: dt.date

    def __post_init__(self) -> None:
        if (self.value is None) == (self.status in SHOWN):
            raise ValueError(f"{self.indicator}: status {self.status!r} cannot go with value {self.value!r}")
        if self.value is None and not self.reason:
            raise ValueError(f"{self.indicator}: a missing figure needs its reason")

    @property
    def shown(self) -> bool:
        return self.value is not None

    def as_json(self) -> dict[str, object]:
        """The object that `iom figure --json` prints: every field, dates as ISO text."""
        return asdict(self) | {"cutoff": self.cutoff.isoformat()}
