"""What a release says of its indicators, cohorts, breakdowns and periods."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from common.errors import ProblemError
from metrics.cohorts import EVERY

PERIOD_KINDS = ("quarter", "year", "three_years", "all")


class OutsideLatticeError(ProblemError):
    """A table that does not exist at this level; the message names the nearest that do."""


@dataclass(frozen=True, slots=True)
class IndicatorInfo:
    """An indicator as the release defines it."""

    id: str
    version: int
    title: str
    unit: str
    polarity: str
    kind: str
    fact: str
    class_: str
    minimum_n: int
    definition: dict[str, Any] = field(hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class CohortInfo:
    """A cohort: who is in it, on which clock, which district is its own, how long it is followed, and which
    reoffences its source holds."""

    id: str
    title: str
    people: str
    clock: str
    district_dimension: str
    follow_up_days: int
    waiting_days: int
    holds: str = EVERY


@dataclass(frozen=True, slots=True)
class DimensionInfo:
    """A breakdown: a partition puts each person in one group, a multi in none, one or several."""

    id: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class PeriodInfo:
    """A period and the one that it nests in."""

    id: str
    kind: str
    label: str
    start: dt.date
    end: dt.date
    parent: str | None


def kind_words(kind: str) -> str:
    """A kind of period in words."""
    return {"quarter": "quarters", "year": "years", "three_years": "three years", "all": "all complete cohorts"}[kind]
