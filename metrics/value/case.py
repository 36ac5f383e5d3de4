"""The case of one subject: what it cost, what it averted and how sure that is, and what an offence costs.

Nothing here computes a result: `worked_out` (worked.py), `simulate`, `tornado` and `what_would_have_to_be_true` take a
Case. Money is in pounds (float) with the price year it is in; effects come from a published comparison with its interval
and are never typed in; every assumption has a range. What cannot be used is a ProblemError that says why.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from common.errors import ProblemError

Head = Literal["fiscal", "economic", "social"]
"""Who feels it: public budgets; businesses and households in money; everybody in harm that no budget holds."""
Basis = Literal["cash", "opportunity"]
"""`cash`: additional money alone. `opportunity`: all that was given, mainstream posts and gifts in kind with it."""
PRICE_YEAR = re.compile(r"^\d{4}(/\d{2})?$")
YEARS = 40
"""The longest that an effect may be said to last."""


@dataclass(frozen=True, slots=True)
class Range:
    """A figure and how low and high it may reasonably be: `low <= value <= high`."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (all(isfinite(x) for x in (self.value, self.low, self.high)) and self.low <= self.value <= self.high):
            raise wrong("a range is not in order", "numbers with low <= value <= high")

    @classmethod
    def fixed(cls, value: float) -> "Range":
        """A figure taken as known."""
        return cls(value, value, value)

    @property
    def is_fixed(self) -> bool:
        return self.low == self.high

    def scaled(self, by: float) -> "Range":
        """Each of the three times `by` (not negative)."""
        return Range(self.value * by, self.low * by, self.high * by)


@dataclass(frozen=True, slots=True)
class Part:
    """The share of an offence's unit cost that falls on one gainer under one head."""

    gainer: str
    head: Head
    share: float


@dataclass(frozen=True, slots=True)
class OffenceCost:
    """One type of offence: its share of the offences that the cohort commits, and what one costs.

    `parts` say who bears the cost; their shares sum to 1, or to less where part of it is not known. `pounds` None: no
    unit cost is known; such offences are averted and valued at nothing, and their share is shown.
    """

    offence_type: str
    share: float
    pounds: Range | None
    price_year: str
    parts: tuple[Part, ...] = ()
    checked: bool = False

    def __post_init__(self) -> None:
        where = f"unit cost of {self.offence_type}"
        if not 0 <= self.share <= 1:
            raise wrong("a share of the offences is not a share", "0 to 1", where)
        if self.pounds is not None:
            if self.pounds.low < 0:
                raise wrong("a unit cost is negative", "0 or more", where)
            check_price_year(self.price_year, where)
        if any(part.share < 0 for part in self.parts) or sum(part.share for part in self.parts) > 1 + 1e-9:
            raise wrong("the parts of a unit cost are more than the whole", "shares of 0 or more that sum to 1", where)

    def borne(self, head: Head | None = None) -> float:
        """The share of the unit cost that falls under a head; under any, without one."""
        return sum(part.share for part in self.parts if head is None or part.head == head)


@dataclass(frozen=True, slots=True)
class Costs:
    """What was spent on the people whom the effect is multiplied by, in one price year.

    - `cash`: additional running cost in money. `mainstream`: posts and places that would have been paid for anyway.
      `in_kind`: what partners gave. `set_up`: paid once, before anybody was helped.
    - `spread`: how far the true cost may lie from the recorded, as a multiple (1 is the recorded).
    - `payers`: who bore the running cost, name and pounds; empty where not known. For display: never added again.
    """

    cash: float
    mainstream: float
    in_kind: float
    set_up: float
    price_year: str
    spread: Range = Range(1.0, 1.0, 1.0)
    payers: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if any(not (isfinite(x) and x >= 0) for x in (self.cash, self.mainstream, self.in_kind, self.set_up)):
            raise wrong("a cost is negative or missing", "pounds, 0 or more", "costs")
        if self.spread.low < 0:
            raise wrong("the spread of costs is negative", "a multiple of 0 or more", "costs")
        check_price_year(self.price_year, "costs")

    def running(self, basis: Basis) -> float:
        """Pounds of running cost, set-up left out: additional cash, or everything that was given."""
        return self.cash if basis == "cash" else self.cash + self.mainstream + self.in_kind


@dataclass(frozen=True, slots=True)
class Effect:
    """Offences averted in the follow-up period (a year) for each 100 people, as a published comparison found it.

    `averted_per_100` is the comparison group's frequency less the treated people's, so harm is negative; `lower` and
    `upper` are its 95% limits. `expected_per_100` is the comparison group's frequency: nobody can avert more.
    `people` are those whom the costs were spent on, not those analysed. `grade` is the Maryland level of the comparison.
    """

    averted_per_100: float
    lower: float
    upper: float
    expected_per_100: float
    people: float
    comparison: str
    grade: int | None
    verdict: str

    def __post_init__(self) -> None:
        where = f"the effect from {self.comparison or 'a comparison'}"
        if self.lower is None or self.upper is None or not (isfinite(self.lower) and isfinite(self.upper)):
            raise wrong("an effect has no interval", "an effect with its 95% interval", where)
        if not (isfinite(self.averted_per_100) and self.lower <= self.averted_per_100 <= self.upper):
            raise wrong("an effect lies outside its interval", "lower <= effect <= upper", where)
        if not (isfinite(self.expected_per_100) and self.expected_per_100 >= 0 and self.people > 0):
            raise wrong(
                "the people or their expected offences are missing", "people above 0, offences of 0 or more", where
            )
        if self.averted_per_100 > self.expected_per_100 + 1e-9:
            raise wrong("more offences are averted than were expected", "at most those expected", where)

    @classmethod
    def from_difference(
        cls,
        *,
        estimate: float,
        lower: float | None,
        upper: float | None,
        expected: float,
        people: float,
        comparison: str,
        grade: int | None,
        verdict: str,
    ) -> "Effect":
        """From the release's `effect` row (frequency, scale difference): treated less comparison, fewer is negative."""
        if lower is None or upper is None:
            raise wrong("an effect has no interval", "an effect with its 95% interval", f"the effect from {comparison}")
        return cls(-estimate, -upper, -lower, expected, people, comparison, grade, verdict)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What no extract says. Each stands on the page with its source; shares are 0 to 1.

    - `multiplier`: crimes for each proven reoffence; 1 values what was proven and no more.
    - `displacement`: the share of averted offences that others commit instead.
    - `deadweight`: the share that would have been averted anyway. A comparison group has taken that off already: 0.
    - `attribution`: the share of the effect that is this subject's, where several work with the same people.
    - `lasting_years`: how long the effect lasts, the followed year being the first; `drop_off`: the share of it lost
      from one year to the next.
    - `optimism_benefits`, `optimism_costs`: what is taken off benefits and added to costs for the weakness of the
      evidence. Harm is never made smaller by it.
    - `price_year`: the year whose prices every result is in. `discount_rate`: None for the Green Book's schedule.
    """

    multiplier: Range
    displacement: Range
    deadweight: Range
    attribution: Range
    lasting_years: Range
    drop_off: Range
    optimism_benefits: float
    optimism_costs: float
    price_year: str
    discount_rate: float | None = None

    def __post_init__(self) -> None:
        for name in ("displacement", "deadweight", "attribution", "drop_off"):
            one: Range = getattr(self, name)
            if one.low < 0 or one.high > 1:
                raise wrong(f"{name.replace('_', ' ')} is not a share", "0 to 1", "assumptions")
        if self.multiplier.low < 0:
            raise wrong("the multiplier is negative", "0 or more", "assumptions")
        if self.lasting_years.low < 1 or self.lasting_years.high > YEARS:
            raise wrong(
                "the years that the effect lasts cannot be used", f"1 (the year followed) to {YEARS}", "assumptions"
            )
        if not (0 <= self.optimism_benefits <= 1 and 0 <= self.optimism_costs <= 10):
            raise wrong("optimism bias cannot be used", "0 to 1 off benefits, 0 or more on costs", "assumptions")
        if self.discount_rate is not None and not 0 <= self.discount_rate <= 0.25:
            raise wrong("the discount rate cannot be used", "0 to 0.25, as 0.035 for 3.5%", "assumptions")
        check_price_year(self.price_year, "assumptions")

    @property
    def counted(self) -> float:
        """The share of what was found that counts: (1 - displacement) x (1 - deadweight) x attribution."""
        return (1 - self.displacement.value) * (1 - self.deadweight.value) * self.attribution.value


@dataclass(frozen=True, slots=True)
class Case:
    """All that the value of one subject rests on. `district` is `` for everywhere, as in the release."""

    subject_kind: str
    subject: str
    district: str
    period: str
    costs: Costs
    effect: Effect
    offences: tuple[OffenceCost, ...]
    assumptions: Assumptions
    basis: Basis = "opportunity"

    def __post_init__(self) -> None:
        if self.basis not in ("cash", "opportunity"):
            raise wrong("the basis of cost is not known", "cash or opportunity", "case")
        if not self.offences or sum(one.share for one in self.offences) > 1 + 1e-6:
            raise wrong("the mix of offences is empty or more than the whole", "shares that sum to 1", "case")

    @property
    def share_without(self) -> float:
        """The share of offences without a unit cost."""
        return max(0.0, round(1 - sum(one.share for one in self.valued()), 9))

    @property
    def share_unchecked(self) -> float:
        """The share of offences whose unit cost nobody has checked against the original."""
        return sum((one.share for one in self.valued() if not one.checked), 0.0)

    def valued(self) -> Iterator[OffenceCost]:
        """The types that have a unit cost."""
        return (one for one in self.offences if one.pounds is not None)


def check_price_year(year: str, where: str) -> None:
    """Money without its price year is an error."""
    if not PRICE_YEAR.match(year or ""):
        raise wrong("the price year is missing", "a year as 2024/25 or 2024", where)


def wrong(what: str, allowed: str, where: str = "value for money") -> ProblemError:
    return ProblemError(what[0].upper() + what[1:], where, allowed, "give another value")
