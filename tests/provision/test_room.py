"""Room by hand, and a programme that is kept full, simulated day by day."""

import random

import pytest

from metrics.provision.room import room


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((10, 4, 91.0), 6 + 10),  # six free places, and each place comes free once
        ((10, 12, 91.0), 8),  # two over: the first two to leave make no room
        ((2, 9, 182.0), 0),  # never below nothing
        ((None, 4, 60.0), None),
        ((10, 4, None), None),
    ],
)
def test_room_by_hand(given: tuple[int | None, int, float | None], expected: float | None) -> None:
    assert room(*given) == expected


def test_an_entry_that_begins_on_set_days_has_the_places_of_those_days() -> None:
    assert room(10, 0, 30.0, 2, 14, dated=True) == 14
    assert room(10, 0, 30.0, 0, 0, dated=True) == 0
    assert room(10, 0, 30.0, 2, None, dated=True) is None


def test_a_full_programme_lets_in_as_many_as_the_formula_says() -> None:
    chance, places, days, let_in, spans = random.Random(4), 20, 40.0, 0, 60
    leaves = [chance.expovariate(1 / days) for _ in range(places)]
    end = 91 * spans
    for place in range(places):
        while leaves[place] < end:
            let_in += 1
            leaves[place] += chance.expovariate(1 / days)
    assert let_in / spans == pytest.approx(room(places, places, days), rel=0.05)
