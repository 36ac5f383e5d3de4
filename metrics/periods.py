"""The nested periods, and how far each cohort's follow-up has come in them.

Quarters lie in April to March years, years in fixed blocks of three (from April 2004), blocks in `all`.
None is rolling: a figure of one period can never be subtracted from its neighbour's.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from metrics.cohorts import Cohort

State = Literal["complete", "awaiting_proof", "immature"]
ALL = "all"
FIRST_BLOCK = 2004
GRACE = dt.timedelta(days=14)
"""A quarter whose first record falls in its first fortnight counts as fully recorded: nothing happens on some days."""


@dataclass(frozen=True, slots=True)
class Period:
    period: str
    kind: Literal["quarter", "year", "three_years", "all"]
    label: str
    start: dt.date
    end: dt.date
    parent: str | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`complete_on` is the cut-off from which the period is complete for the cohort."""

    cohort: str
    period: str
    state: State
    complete_on: dt.date


def quarter_of(day: dt.date) -> str:
    """The calendar quarter of a date: 2024-03-31 is in 2024Q1."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_start(quarter: str) -> dt.date:
    year, number = quarter.split("Q")
    return dt.date(int(year), int(number) * 3 - 2, 1)


def quarter_end(quarter: str) -> dt.date:
    return quarter_start(quarter_after(quarter)) - dt.timedelta(days=1)


def quarter_after(quarter: str) -> str:
    start = quarter_start(quarter)
    return quarter_of(dt.date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1))


def year_before(quarter: str) -> str:
    year, number = quarter.split("Q")
    return f"{int(year) - 1}Q{number}"


def year_of(quarter: str) -> str:
    """The April to March year that a quarter lies in: 2024Q1 is in 2023/24."""
    start = quarter_start(quarter)
    return _year_name(start.year if start.month >= 4 else start.year - 1)


def block_of(year: str) -> str:
    """The fixed block of three years that a year lies in: 2023/24 is in 2022/23-2024/25."""
    first = int(year[:4])
    first -= (first - FIRST_BLOCK) % 3
    return f"{_year_name(first)}-{_year_name(first + 2)}"


def _year_name(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def first_quarter(first_day: dt.date) -> str:
    """The first quarter that holds all its data, when records begin on `first_day`."""
    quarter = quarter_of(first_day)
    return quarter if first_day < quarter_start(quarter) + GRACE else quarter_after(quarter)


def quarters(first: str, last: str) -> list[str]:
    """Every quarter from `first` to `last`, both included."""
    found = []
    while quarter_start(first) <= quarter_start(last):
        found.append(first)
        first = quarter_after(first)
    return found


def periods(first: str, last: str) -> list[Period]:
    """The quarters from `first` to `last`, the years and three-year blocks that they lie in, and `all`."""
    names = quarters(first, last)
    if not names:
        return []
    years = list(dict.fromkeys(year_of(name) for name in names))
    blocks = list(dict.fromkeys(block_of(name) for name in years))
    months = ("January to March", "April to June", "July to September", "October to December")
    found = [
        Period(name, "quarter", f"{months[int(name[-1]) - 1]} {name[:4]}", *_span(name), year_of(name))
        for name in names
    ]
    found += [
        Period(name, "year", f"April {name[:4]} to March {int(name[:4]) + 1}", *_span(name), block_of(name))
        for name in years
    ]
    found += [
        Period(name, "three_years", f"April {name[:4]} to March {int(name[:4]) + 3}", *_span(name), ALL)
        for name in blocks
    ]
    found.append(Period(ALL, "all", "All complete quarters", quarter_start(names[0]), quarter_end(names[-1]), None))
    return found


def _span(period: str) -> tuple[dt.date, dt.date]:
    if "Q" in period:
        return quarter_start(period), quarter_end(period)
    last = period.rsplit("-", maxsplit=1)[-1]
    return dt.date(int(period[:4]), 4, 1), dt.date(int(last[:4]) + 1, 3, 31)


def state_of(end: dt.date, follow_up_days: int, waiting_days: int, cutoff: dt.date) -> State:
    """How far follow-up has come for a period that ends on `end`, when every source reaches `cutoff`.

    Complete: cut-off >= end + follow-up + waiting. Awaiting proof: cut-off >= end + follow-up. Else immature.
    """
    if cutoff >= end + dt.timedelta(days=follow_up_days + waiting_days):
        return "complete"
    return "awaiting_proof" if cutoff >= end + dt.timedelta(days=follow_up_days) else "immature"


def follow_up(cohort: Cohort, first: str, cutoff: dt.date) -> list[FollowUp]:
    """The cohort's state in every period from its first full quarter to the one that holds the cut-off.

    A year or block of years is complete only when all its quarters are, so one that began before the cohort's
    records did is left out. `all` pools the complete quarters: it is complete when there is one.
    """
    found = []
    wait = dt.timedelta(days=cohort.follow_up_days + cohort.waiting_days)
    for period in periods(first, quarter_of(cutoff)):
        if period.kind == "all" or period.start < quarter_start(first):
            continue
        state = state_of(period.end, cohort.follow_up_days, cohort.waiting_days, cutoff)
        found.append(FollowUp(cohort.id, period.period, state, period.end + wait))
    complete = [row.complete_on for row in found if row.state == "complete" and "Q" in row.period]
    if complete:
        found.append(FollowUp(cohort.id, ALL, "complete", max(complete)))
    elif found:
        found.append(FollowUp(cohort.id, ALL, "immature", min(row.complete_on for row in found)))
    return found


def period_rows(firsts: Mapping[str, str] | Iterable[str], cutoff: dt.date) -> list[Period]:
    """The periods that any cohort appears in, given each cohort's first quarter."""
    starts = list(firsts.values() if isinstance(firsts, Mapping) else firsts)
    return periods(min(starts, key=quarter_start), quarter_of(cutoff)) if starts else []
