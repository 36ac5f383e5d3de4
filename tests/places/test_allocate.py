"""Sharing out places: literal tables, every way tried one by one, an independent optimiser, and what must always hold."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from metrics.places.allocate import Cell, allocate, floors, frontier, marginal, swaps, today

CELLS = (
    Cell("north", "7+", held=1, outside=1, expected=4.0, lower=2.0, upper=6.0),
    Cell("north", "1", held=2, outside=8, expected=0.5, lower=0.3, upper=0.7),
    Cell("south", "7+", held=0, outside=2, expected=3.0, lower=1.0, upper=5.0),
    Cell("south", "1", held=1, outside=5, expected=0.2, lower=0.1, upper=0.3),
)


def test_places_as_they_are_held() -> None:
    assert today(CELLS).faced == pytest.approx(1 * 4.0 + 2 * 0.5 + 1 * 0.2)
    assert today(CELLS).by_district == {"north": 3, "south": 1}


def test_the_same_places_where_they_face_most() -> None:
    made = allocate(CELLS, 4)
    assert made.places == (2, 0, 2, 0)
    assert made.faced == pytest.approx(2 * 4.0 + 2 * 3.0)
    assert made.limits == pytest.approx((14 - 1.96 * (4 / 3.92) * 8**0.5, 14 + 1.96 * (4 / 3.92) * 8**0.5))


def test_a_promise_is_kept_with_the_districts_own_highest() -> None:
    made = allocate(CELLS, 4, {"north": 0, "south": 3})
    assert made.places == (1, 0, 2, 1)
    assert made.faced == pytest.approx(4.0 + 6.0 + 0.2)


def test_places_beyond_the_people_stay_unfilled() -> None:
    assert allocate(CELLS, 25).unfilled == 25 - 20


def test_more_promised_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="5 places are promised, and there are 4"):
        allocate(CELLS, 4, {"north": 2, "south": 3})


def test_floors_by_largest_remainders() -> None:
    assert floors(10, {"a": 1, "b": 1, "c": 1}, 1.0) == {"a": 4, "b": 3, "c": 3}
    assert floors(10, {"a": 6, "b": 3, "c": 1}, 0.5) == {"a": 3, "b": 2, "c": 0}, "1.5 and 0.5 tie: by name"
    assert floors(10, {"a": 1, "b": 1}, 0.0) == {"a": 0, "b": 0}


def test_frontier_says_what_fairness_costs() -> None:
    points = frontier(CELLS, 4, {"north": 1, "south": 1}, shares=(0.0, 0.5, 1.0))
    assert [(p.fewest, p.faced, p.cost) for p in points] == [(2, 14.0, 0.0)] * 3
    points = frontier(CELLS, 4, {"north": 0, "south": 1}, shares=(0.0, 0.75, 1.0))
    assert [p.faced for p in points] == pytest.approx([14.0, 10.2, 6.4])
    assert [p.cost for p in points] == pytest.approx([0.0, 3.8, 7.6])


def test_the_next_place_by_band() -> None:
    rows = marginal(CELLS[:2], reduction=(0.25, 0.05, 0.45), cost=3000)
    assert [row.band for row in rows] == ["7+", "1"]
    assert rows[0].averted == pytest.approx(1.0)
    # Var(xy) with sd(x) = 4/3.92 and sd(y) = 0.4/3.92
    error = 1.96 * np.sqrt(16 * (0.4 / 3.92) ** 2 + 0.0625 * (4 / 3.92) ** 2 + (0.4 / 3.92) ** 2 * (4 / 3.92) ** 2)
    assert (rows[0].averted_lower, rows[0].averted_upper) == pytest.approx((1 - error, 1 + error))
    assert [row.pounds for row in rows] == pytest.approx([3000, 24000])


def test_the_limits_of_what_is_averted_are_those_of_a_product() -> None:
    rng = np.random.default_rng(5)
    drawn = rng.normal(4, 4 / 3.92, 400_000) * rng.normal(0.25, 0.4 / 3.92, 400_000)
    row = marginal(CELLS[:1], reduction=(0.25, 0.05, 0.45))[0]
    assert row.averted_upper is not None and row.averted is not None
    assert (row.averted_upper - row.averted) / 1.96 == pytest.approx(drawn.std(), rel=0.01)


def test_nothing_is_said_to_be_averted_where_nothing_was_measured() -> None:
    assert marginal(CELLS)[0].averted is None
    assert marginal(CELLS, reduction=(-0.1, -0.3, 0.1), cost=3000)[0].pounds is None, "a harmful scheme averts nothing"


def test_swaps_pass_the_lowest_held_place_to_the_highest_outside() -> None:
    assert [(s.district, s.held_band, s.next_band, s.gained, s.places) for s in swaps(CELLS)] == [
        ("north", "1", "7+", 3.5, 1),
        ("south", "1", "7+", 2.8, 1),
    ]
    total = sum(s.gained * s.places for s in swaps(CELLS, anywhere=True))
    assert total == pytest.approx(allocate(CELLS, 4).faced - today(CELLS).faced)


cells = st.lists(
    st.builds(
        lambda d, b, h, o, e: Cell(d, b, h, o, e, 0.5 * e, 1.5 * e),
        st.sampled_from("abc"), st.sampled_from("123"), st.integers(0, 2), st.integers(0, 2),
        st.floats(0, 10, allow_nan=False).map(lambda x: round(x, 2)),
    ),
    min_size=1, max_size=4, unique_by=lambda cell: (cell.district, cell.band),
)  # fmt: skip


def every_way(given: tuple[Cell, ...], places: int, promised: dict[str, int]) -> float:
    """The slow twin: each number of places in each cell, tried in turn."""
    best = 0.0
    for ways in product(*(range(cell.people + 1) for cell in given)):
        of = {d: sum(n for n, c in zip(ways, given, strict=True) if c.district == d) for d in promised}
        people = {d: sum(c.people for c in given if c.district == d) for d in promised}
        if sum(ways) <= places and all(of[d] >= min(promised[d], people[d]) for d in promised):
            best = max(best, sum(n * c.expected for n, c in zip(ways, given, strict=True)))
    return best


@settings(max_examples=40, deadline=None)
@given(cells, st.integers(0, 8), st.floats(0, 1))
def test_no_other_way_faces_more(found: list[Cell], places: int, share: float) -> None:
    given = tuple(found)
    promised = floors(places, dict.fromkeys(sorted({cell.district for cell in given}), 1.0), share)
    made = allocate(given, places, promised)
    assert made.faced == pytest.approx(every_way(given, places, promised))
    assert sum(made.places) + made.unfilled == places
    assert all(0 <= n <= cell.people for n, cell in zip(made.places, given, strict=True))


def test_an_independent_optimiser_finds_the_same() -> None:
    rng = np.random.default_rng(3)
    given = tuple(
        Cell(d, b, int(rng.integers(0, 20)), int(rng.integers(0, 60)), float(rng.gamma(1, 2)), 0, 1)
        for d in "abcdef" for b in "12345"
    )  # fmt: skip
    promised = dict.fromkeys("abcdef", 15)
    rows = [np.ones(30)] + [np.array([cell.district == d for cell in given], float) for d in promised]
    limits = LinearConstraint(np.array(rows), [0, *promised.values()], [200] + [np.inf] * 6)
    bounds = Bounds(0, [cell.people for cell in given])
    best = milp([-cell.expected for cell in given], constraints=limits, integrality=np.ones(30), bounds=bounds)
    assert best.success
    assert allocate(given, 200, promised).faced == pytest.approx(-best.fun)


@given(cells, st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_a_larger_promise_never_faces_more(found: list[Cell], places: int) -> None:
    weight = dict.fromkeys(sorted({cell.district for cell in found}), 1.0)
    faced = [point.faced for point in frontier(found, places, weight)]
    assert max(faced) == pytest.approx(faced[0])


def test_the_case_worked_by_hand_is_what_the_code_says() -> None:
    said = (Path(__file__).resolve().parents[2] / "docs" / "methods" / "places.md").read_text(encoding="utf-8")
    said = said.replace("\u00d7", "x")
    promised = allocate(CELLS, 4, {"north": 0, "south": 3})
    for sentence in (
        f"2 x 0.5 + 1 x 0.2 = {today(CELLS).faced:.1f} offences",
        f"2 x 4.0 + 2 x 3.0 = {allocate(CELLS, 4).faced:.1f}.",
        f"4.0 + 2 x 3.0 + 0.2 = {promised.faced:.1f}, so the promise costs {allocate(CELLS, 4).faced - promised.faced:.1f}",
        f"4.0 x 0.25 = {marginal(CELLS[:1], (0.25, 0.1, 0.4))[0].averted:.1f} a year",
        *(f"{row.pounds:,.0f}" for row in marginal(CELLS[:2], (0.25, 0.1, 0.4), 3000)),
        *(f"= {swap.gained:.1f}" for swap in swaps(CELLS)),
    ):
        assert sentence in said
