"""One parameter: a figure, how low and high it may reasonably be, in which year's prices, from where, and whose."""

import re
from dataclasses import dataclass

from common.errors import ProblemError

AHEAD = 10
"""Years after the last of the deflator that prices may be carried on for."""
_YEAR = re.compile(r"^(\d{4})(?:/(\d{2}))?$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure. `low` and `high` are the range it may reasonably have, None where none is stated.

    `price_year` ("2015/16" or "2015") is empty for what is not money. `checked`: somebody compared it with the original.
    `read` says how it was read: original, copy, press, memory, assumption or local. `least` and `most` bound what may be
    given for it.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    unit: str
    price_year: str
    source: str
    edition: str
    retrieved: str
    checked: bool
    local: bool
    note: str
    title: str = ""
    read: str = "local"
    least: float = 0.0
    most: float = 1e9

    @property
    def is_money(self) -> bool:
        return self.unit.startswith("£")

    @property
    def share(self) -> float:
        """A percentage as a proportion: 3.5% is 0.035; anything else as it is."""
        return self.value / 100 if self.unit.startswith("%") else self.value

    def ranged(self) -> tuple[float, float, float]:
        """Value, low and high, percentages as proportions; without a range all three are the value."""
        by = 100 if self.unit.startswith("%") else 1
        low, high = (self.value if end is None else end for end in (self.low, self.high))
        return self.value / by, low / by, high / by


def year_of(price_year: str, where: str = "a price year") -> tuple[int, bool]:
    """The (first) calendar year of a price year, and whether it is a financial year.

    >>> year_of("2015/16"), year_of("2015")
    ((2015, True), (2015, False))
    """
    match = _YEAR.match((price_year or "").strip())
    if not match or (match[2] and int(match[2]) != (int(match[1]) + 1) % 100):
        what = "A price year is missing" if not (price_year or "").strip() else "A price year is not a year"
        raise ProblemError(
            what, where, "a financial year as 2015/16, or a calendar year as 2015", "give the price year"
        )
    return int(match[1]), bool(match[2])
