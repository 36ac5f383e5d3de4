"""Break-even: how many offences a year's spending must avert to pay for itself, and whether it has.

    offences to avert = cost / unit cost of an offence
    expected          = comparison group's frequency per 100 / 100 x people x multiplier
    needed, %         = 100 x offences to avert / expected

The cost is running cost, additional cash alone or all that was given (mainstream and in kind); set-up is left out. The
expected offences are those of matched people, else of a history adjusted for regression to the mean, never the raw year
before: people are chosen at their worst. Proven reoffences are not all crimes: the multiplier says how many stand behind
one, and is 1 unless somebody says otherwise. Source: Home Office IOM value for money toolkit (2011); design, section 5.
docs/methods/break-even.md works a case by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Literal

from metrics.value.case import check_price_year, wrong

Verdict = Literal["past", "cannot_tell", "short", "cannot", "free", "not_available"]
ExpectedBasis = Literal["comparison", "history", ""]
ALL = 100.0
ALMOST = 1e-9
WHERE = "break-even"
NO_COST = "no cost of it is recorded for the year"
NO_UNIT_COST = "no unit cost is known for the offences of its people"
NO_EXPECTED = (
    "nobody can say how many offences to expect without it: no comparison, and no history adjusted for selection"
)
NOTHING_EXPECTED = "no offences would be expected without it, so that there are none to prevent"
NO_EFFECT = "no matched comparison of it has an interval"
ROUNDING = "rounding leaves open whether it can"


@dataclass(frozen=True, slots=True)
class Expected:
    """The proven reoffences of its people in a year without it.

    `per_100` is the frequency for each 100 people in a year of follow-up: the matched comparison group's (`basis`
    comparison), else that of their own adjusted history (`basis` history). `people` are those managed in the year.
    """

    per_100: float
    people: float
    basis: ExpectedBasis = "comparison"

    def __post_init__(self) -> None:
        if not (isfinite(self.per_100) and self.per_100 >= 0):
            raise wrong("the offences expected are negative or missing", "reoffences per 100 people, 0 or more", WHERE)
        if not (isfinite(self.people) and self.people > 0):
            raise wrong("there are no people to expect offences of", "people above 0", WHERE)

    @property
    def offences(self) -> float:
        """Proven reoffences a year: per 100 / 100 x people."""
        return self.per_100 / 100 * self.people


@dataclass(frozen=True, slots=True)
class Reduction:
    """What has been seen: fewer offences than expected, in % of those expected, with 95% limits. Harm is below 0."""

    estimate: float
    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not (all(isfinite(x) for x in (self.estimate, self.lower, self.upper)) and self.lower <= self.upper):
            raise wrong("an effect has no interval", "an effect with its 95% interval", WHERE)

    @classmethod
    def from_difference(
        cls, estimate: float | None, lower: float | None, upper: float | None, expected: float | None
    ) -> "Reduction | None":
        """From the published `effect` (frequency, scale difference: treated less comparison, fewer is negative) and the
        comparison group's figure in the same unit. None where it has no interval. Nobody prevents more than all."""
        if estimate is None or lower is None or upper is None or not expected or expected <= 0:
            return None
        seen = (-ALL * found / expected for found in (estimate, upper, lower))
        return cls(*(min(ALL, one) + 0.0 for one in seen))  # no difference is 0 and not -0

    def counted(self, share: float) -> "Reduction":
        """As far as it counts: what others commit instead, what would have been anyway and what is others' work taken off."""
        return Reduction(*(share * one + 0.0 for one in (self.estimate, self.lower, self.upper)))


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The answer. `needed` may be above 100 (then it cannot break even, but for a dearer unit cost); `one_in`: it pays if it prevents one in so many
    of the offences expected, to the nearest whole number; None where more than half are needed."""

    cost: float | None
    unit_cost: float | None
    price_year: str
    offences_to_avert: float | None
    expected: float | None
    needed: float | None
    one_in: int | None
    verdict: Verdict
    reason: str = ""


def break_even(
    cost: float | None,
    unit_cost: float | None,
    price_year: str,
    expected: Expected | None,
    observed: Reduction | None,
    *,
    multiplier: float = 1.0,
    within: float = 0.0,
    unit_cost_high: float | None = None,
) -> BreakEven:
    """Whether a year's cost has been met. `cost` and `unit_cost` are pounds of one `price_year`; None is not known.

    past: the whole interval of what has been seen is at or beyond what is needed. short: the whole of it is below.
    cannot_tell: it holds what is needed. All three at the middle of the unit cost. cannot: more than 100% would be needed
    even at the high end of the unit cost, `unit_cost_high` (left out, it has no range), whatever has been seen. free: it
    costs nothing on this basis. not_available: something is missing, and `reason` says what.

    `within`: how far rounding may have moved what is needed, as a share of it; past, short and cannot are said only where
    that could not turn them.
    """
    check_price_year(price_year, WHERE)
    if cost is not None and not (isfinite(cost) and cost >= 0):
        raise wrong("a cost is negative", "pounds, 0 or more", WHERE)
    if unit_cost is not None and not (isfinite(unit_cost) and unit_cost >= 0):
        raise wrong("a unit cost is negative", "pounds, 0 or more", WHERE)
    if not (isfinite(multiplier) and multiplier > 0):
        raise wrong("the multiplier cannot be used", "above 0: offences for each proven reoffence", WHERE)
    offences = None if expected is None else expected.offences * multiplier
    to_avert = 0.0 if cost == 0 else None if cost is None or not unit_cost else cost / unit_cost
    needed = 0.0 if cost == 0 else None if to_avert is None or not offences else ALL * to_avert / offences
    one_in = None if not needed or needed > ALL / 2 else one_in_so_many(needed)
    least = None if needed is None else needed * (unit_cost or 1.0) / max(unit_cost_high or 0.0, unit_cost or 1.0)
    verdict, reason = _verdict(cost, to_avert, offences, (needed, least), (observed, within))
    return BreakEven(cost, unit_cost, price_year, to_avert, offences, needed, one_in, verdict, reason)


def _verdict(
    cost: float | None,
    to_avert: float | None,
    offences: float | None,
    need: tuple[float | None, float | None],
    seen: tuple[Reduction | None, float],
) -> tuple[Verdict, str]:
    """`need` is what is needed at the middle and at the high end of the unit cost; `seen` what was, and the rounding."""
    (needed, least), (observed, within) = need, seen
    if cost == 0:
        return "free", ""
    missing = ((cost, NO_COST), (to_avert, NO_UNIT_COST), (offences, NO_EXPECTED))
    if reason := next((why for found, why in missing if found is None), ""):
        return "not_available", reason
    if needed is None or least is None or (observed is None and least <= ALL):
        return "not_available", NOTHING_EXPECTED if needed is None else NO_EFFECT
    if least > ALL or observed is None:
        return ("cannot", "") if least * (1 - within) > ALL else ("not_available", ROUNDING)
    if observed.lower >= needed * (1 + within):
        return "past", ""
    return ("short" if observed.upper < needed * (1 - within) else "cannot_tell"), ""


def pays_for(reduction: float, unit_cost: float, expected: Expected, *, multiplier: float = 1.0) -> float:
    """The yearly cost that a reduction (%) pays for: reduction / 100 x expected x multiplier x unit cost."""
    return reduction / ALL * expected.offences * multiplier * unit_cost


def curve(
    unit_cost: float, expected: Expected, *, multiplier: float = 1.0, reductions: Sequence[float] = tuple(range(101))
) -> list[tuple[float, float]]:
    """The break-even curve as (reduction %, pounds that it pays for): on it a cost is just met, above it is not."""
    return [(float(one), pays_for(one, unit_cost, expected, multiplier=multiplier)) for one in reductions]


def one_in_so_many(needed: float) -> int:
    """The whole number nearest to 100 / needed: 34% is one in 3. A tie goes to the smaller, which asks more."""
    return ceil(ALL / needed - 0.5 - ALMOST)


def one_in_words(needed: float) -> str:
    """How many of the offences expected must be prevented, to the nearest whole number: `one in 31`, `about one in 3` of 34%
    (a tie to the side that asks more); above one in two, rounded up: `6 in every 10`; `more than all`."""
    if needed > ALL:
        return "more than all"
    if needed <= 0:
        return "none"
    if needed <= ALL / 2:
        exact = ALL / needed
        nearest = one_in_so_many(needed)
        return f"{'' if abs(exact - nearest) < ALMOST * exact else 'about '}one in {nearest:,}"
    tenths = ceil(needed / 10 - ALMOST)
    return f"{tenths} in every 10" if tenths < 10 else "all" if needed == ALL else "nearly all"
