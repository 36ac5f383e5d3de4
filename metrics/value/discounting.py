"""What a pound in a later year is worth today.

    factor(n) = 1 / ((1 + r1)(1 + r2) ... (1 + rn)),      present value = sum of flow(n) x factor(n)

Year 0 is now (factor 1). The rate r is 3.5% in years 1 to 30 and falls in later bands (3.0% in years 31 to 75, ...), and
factors compound across bands: factor(31) = factor(30) / 1.03. Effects on health and life have a schedule of their own, from
1.5%. With one rate r a flow of 1 in each of years 1 to n is worth (1 - (1 + r)^-n) / r. Source: The Green Book (HM
Treasury, 2022), annex A6 and supplementary guidance on discounting. All flows are in real terms.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import isfinite
from typing import Literal

from common.errors import ProblemError
from metrics.value.parameters import Parameters, parameters

Schedule = Literal["standard", "health"]
LAST_YEAR = 1000
_PREFIX = {"standard": "discount", "health": "discount_health"}


def rate(year: int, schedule: Schedule = "standard", known: Parameters | None = None) -> float:
    """The rate that takes year `year` back to the one before it: 0.035 in year 30, 0.03 in year 31."""
    _check(year)
    return _rate(year, _bands(schedule, known))


def factor(year: int, schedule: Schedule = "standard", known: Parameters | None = None) -> float:
    """What £1 in `year` is worth in year 0.

    >>> round(factor(1), 6), round(factor(10), 6)
    (0.966184, 0.708919)
    """
    _check(year)
    return factors(year + 1, schedule, known)[year]


def factors(years: int, schedule: Schedule = "standard", known: Parameters | None = None) -> list[float]:
    """The factors of years 0 to `years` - 1."""
    bands = _bands(schedule, known)
    return list(accumulate(range(1, years), lambda before, year: before / (1 + _rate(year, bands)), initial=1.0))


def present_value(flow: Sequence[float], schedule: Schedule = "standard", known: Parameters | None = None) -> float:
    """The worth in year 0 of `flow`, real pounds in years 0, 1, 2, ..."""
    return sum(pounds * by for pounds, by in zip(flow, factors(max(len(flow), 1), schedule, known), strict=False))


def annuity(rate: float, years: int) -> float:
    """What £1 in each of years 1 to `years` is worth in year 0 at one rate (0.035 is 3.5%); `years` at a rate of 0."""
    if not (isfinite(rate) and 0 <= rate <= 0.2):
        raise ProblemError(f"A discount rate of {100 * rate:g}% cannot be used", "annuity", "0% to 20%", "give another")
    _check(years)
    return years if rate == 0 else (1 - (1 + rate) ** -years) / rate


def _bands(schedule: Schedule, known: Parameters | None) -> list[tuple[int, float]]:
    found = (known or parameters()).under(_PREFIX[schedule])
    return sorted(((int(first), one.share) for first, one in found.items()), reverse=True)


def _rate(year: int, bands: Sequence[tuple[int, float]]) -> float:
    return next(share for first, share in bands if year >= first or first == bands[-1][0])


def _check(year: int) -> None:
    if year != int(year) or not 0 <= year <= LAST_YEAR:
        raise ProblemError(f"Year {year} cannot be discounted", "discounting", f"whole years, 0 to {LAST_YEAR}", "")
