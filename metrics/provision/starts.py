"""How long somebody who is ready waits for the next group to begin.

A programme that takes people in on set days makes everybody else wait for the next one. For starts at days t₁ < t₂ < … the
gaps are gᵢ = tᵢ₊₁ - tᵢ: the longest is the most that anybody waits, and somebody ready on a day drawn at random waits
Σ gᵢ² / (2 Σ gᵢ) on average, which is more than half the average gap when gaps differ (the inspection paradox).
Source: the county's review asks for education and training with staggered starts and without long waits.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WINDOW = 91
"""Days that the page looks ahead: 13 weeks."""
LOOK_BACK = 365
"""Days before the cut-off whose starts count towards the gaps."""


@dataclass(frozen=True, slots=True)
class Starts:
    """The starts of one entry of the directory. `ahead` and `places_ahead` are those of the next 13 weeks; places are None
    where a start does not say how many it has. Gaps are in days, and None where fewer than two starts are listed."""

    last: dt.date | None
    next: dt.date | None
    ahead: int
    places_ahead: int | None
    longest_gap: int | None
    mean_wait: float | None


def staggered(listed: Sequence[tuple[dt.date, int | None]], cutoff: dt.date) -> Starts:
    """The gaps between an entry's starts, from a year before the cut-off to the last that is listed. A day counts once."""
    days = sorted({day for day, _ in listed if day > cutoff - dt.timedelta(days=LOOK_BACK)})
    past, ahead = [day for day in days if day <= cutoff], [day for day in days if day > cutoff]
    soon = [places for day, places in listed if cutoff < day <= cutoff + dt.timedelta(days=WINDOW)]
    gaps = [(then - now).days for now, then in pairwise(days)]
    return Starts(
        past[-1] if past else None,
        ahead[0] if ahead else None,
        len(soon),
        None if None in soon else sum(places for places in soon if places is not None),
        max(gaps, default=None),
        sum(gap * gap for gap in gaps) / (2 * sum(gaps)) if gaps else None,
    )
