"""Every sentence about places, with the figures that lead to it."""

import pytest

from components.places import sentences as say
from components.places.rows import EQUAL, Reduction, Tier
from metrics.places.allocate import Cell, Marginal, Point, allocate, marginal, swaps, today

CELLS = (
    Cell("north", "7-11", 1, 1, 4.0, 2.0, 6.0),
    Cell("north", "1", 2, 8, 0.5, 0.3, 0.7),
    Cell("south", "7-11", 0, 2, 3.0, 1.0, 5.0),
    Cell("south", "1", 1, 5, 0.2, 0.1, 0.3),
)
LABELS = {"north": "North", "south": "South"}


@pytest.mark.parametrize(
    ("band", "said"), [("0", "No charge"), ("1", "1 charge"), ("4-6", "4 to 6 charges"), ("12+", "12 or more charges")]
)
def test_a_band(band: str, said: str) -> None:
    assert say.bands_of(band) == said


def test_the_answer() -> None:
    now = today(CELLS)
    assert say.answer(marginal(CELLS[:2]), now, allocate(CELLS, 4)) == (
        "Outside the scheme, people with 7 to 11 charges in the last year are expected to be proven to commit 4.0 (2.0 to 6.0) each"
        " in a year; those with 1 charge, 0.50 (0.30 to 0.70). The 4 places held at liberty face about 5 offences a year; given to the"
        " highest bands, the same number would face about 14."
    )
    assert say.answer(marginal(CELLS[:2]), None, None).endswith("0.50 (0.30 to 0.70).")
    assert say.answer([Marginal("1", 5, 0, 0.2, 0.1, 0.3)], None, None) == say.NONE
    assert say.reach(now, now) == "The 4 places held at liberty are already where they face the most offences."


def test_what_a_place_averts_is_said_no_stronger_than_the_comparison() -> None:
    assert "says what a place faces, not what it averts" in say.averts(None)
    assert say.averts(Reduction(0.15, -0.03, 0.31, "cannot_tell", "IOM")) == (
        "Whether a place averts any of it cannot be told: the scheme's latest comparison reaches from 3% more reoffences to 31% fewer"
        " reoffences (95% interval)."
    )
    assert say.averts(Reduction(0.15, 0.03, 0.31, "fewer", "IOM")) == (
        "The scheme's latest comparison finds fewer: from 3% fewer reoffences to 31% fewer reoffences (95% interval)."
    )
    assert "finds more: from 30% more reoffences to 5% more reoffences" in say.averts(
        Reduction(-0.2, -0.3, -0.05, "more", "IOM")
    )


def test_the_explorers_choice_and_its_price() -> None:
    chosen = allocate(CELLS, 4, {"north": 0, "south": 3})
    point = Point(0.75, 1, chosen.faced, 3.8, chosen.by_district)
    low, high = chosen.limits
    assert say.explored(chosen, today(CELLS), 4, point, EQUAL) == (
        f"4 places, 75% of them promised to districts equally, would face about 10 offences a year (95% interval {low:.0f} to {high:.0f});"
        " today's 4 at liberty face about 5. The promise costs about 4 of them: the price of serving every district."
    )
    free = Point(0.0, 0, 14.0, 0.0, {})
    assert say.explored(allocate(CELLS, 25), today(CELLS), 25, free, EQUAL).endswith(
        "The promise costs nothing. 5 places find nobody charged in the last two years."
    )


def test_places_passed_on() -> None:
    assert say.swapped([], LABELS) == "No place would face more by passing it on within its district."
    assert say.swapped(swaps(CELLS), LABELS) == (
        "Passing 2 held places to the highest bands waiting in the same district would face about 6 offences a year more: the most in"
        " North, from 1 charge to 7 to 11 charges (3.5 a year for the place, 95% interval 1.5 to 5.5). The highest of several estimates is"
        " likely to be too high."
    )
    assert say.swapped(swaps(CELLS)[:1], LABELS).startswith("Passing 1 held place to")


def test_the_sliding_scale() -> None:
    dear = Tier("tier_1", "Tier 1", 20, 5, 30.0, 4.0, 5200.0, "2023/24", "2025/26")
    cheap = Tier("tier_3", "Tier 3", 10, 5, 6.0, 2.0, 900.0, "2023/24", "2025/26")
    assert say.sliding([dear, cheap]) == (
        "Tier 1 cost £5,200 a place and year in 2025/26 and Tier 3 £900 (2023/24 prices; lines that name a tier, in-kind money left out):"
        " its people at liberty are expected to commit more offences (1.50 and 0.60 each a year)."
    )
    same = Tier("tier_3", "Tier 3", 20, 5, 30.0, 4.0, 900.0, "2023/24", "2025/26")
    assert "expected to commit as many offences" in say.sliding([dear, same])
    assert "expected to commit fewer offences" in say.sliding([cheap, dear])
    assert say.sliding([dear]).startswith("The scale cannot be shown")
    assert dear.cost_of_each_faced == pytest.approx(5200 * 25 / 30), "places in custody are paid for and face nothing"


def test_what_a_place_is_taken_to_cost_names_its_year_and_prices() -> None:
    assert say.costs("", "") == []
    assert (
        "in 2025/26" in say.costs("2023/24", "2025/26")[0] and "(2023/24 prices)" in say.costs("2023/24", "2025/26")[0]
    )
