"""Gaps between starts by hand, and the average wait against people who turn up on every day."""

import datetime as dt

import pytest

from metrics.provision.starts import staggered

CUT = dt.date(2026, 9, 30)


def days(*found: int) -> list[tuple[dt.date, int | None]]:
    """Starts so many days after the cut-off, with 5 places each."""
    return [(CUT + dt.timedelta(days=n), 5) for n in found]


def test_gaps_places_and_the_next_start_by_hand() -> None:
    told = staggered(days(-400, -60, -10, 20, 91, 92), CUT)  # the first is more than a year ago
    assert (told.last, told.next) == (dt.date(2026, 9, 20), dt.date(2026, 10, 20))
    assert (told.ahead, told.places_ahead) == (2, 10)  # days 20 and 91; day 92 is the 14th week
    assert told.longest_gap == 71
    assert told.mean_wait == pytest.approx((50**2 + 30**2 + 71**2 + 1) / (2 * (50 + 30 + 71 + 1)))


def test_a_start_today_has_begun_and_a_day_twice_is_one_start() -> None:
    told = staggered([*days(0), *days(0)], CUT)
    assert (told.last, told.next, told.ahead, told.places_ahead, told.longest_gap) == (CUT, None, 0, 0, None)


def test_places_that_one_start_does_not_say_are_not_known() -> None:
    assert staggered([*days(10), (CUT + dt.timedelta(days=20), None)], CUT).places_ahead is None
    assert staggered([], CUT).mean_wait is None


def test_the_average_wait_is_that_of_somebody_ready_at_any_moment() -> None:
    starts = [0, 7, 40, 130]
    told = staggered(days(*(n + 1 for n in starts)), CUT)
    moments = [n / 10 for n in range(1300)]
    waits = [min(s for s in starts if s > at) - at for at in moments]
    assert told.mean_wait == pytest.approx(sum(waits) / len(waits), abs=0.06)
