"""Each number of the disclosure rules at its boundary, and the shape of complementary suppression."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.cube import THIRDS
from metrics.kinds import proportion as kinds_proportion
from release import open_level
from release import protect as rules
from release.protect import Quantity, protect


def test_one_to_seven_is_small() -> None:
    assert rules.small(np.array([0, 1, 7, 8])).tolist() == [False, True, True, False]


def test_a_complement_of_seven_or_fewer_is_uneven() -> None:
    part, whole = np.array([8, 8, 0, 7, 20]), np.array([15, 16, 20, 40, 20])
    assert rules.uneven(part, whole).tolist() == [True, False, False, True, True]


def test_a_split_needs_ten_on_both_sides() -> None:
    inside, outside = np.array([9, 10, 10, 0]), np.array([50, 9, 10, 50])
    assert rules.overlap_fails(inside, outside).tolist() == [True, True, False, True]


def test_magnitudes_need_ten_contributors_none_of_whom_dominates() -> None:
    contributors = np.array([9, 10, 10, 10, 10, 10])
    largest = np.array([10, 50, 51, 50, 50, 10])
    two = np.array([20, 60, 60, 90, 91, 20])
    total = np.full(6, 100)
    expected = [True, False, True, False, True, False]
    assert rules.dominated(contributors, total, largest, two).tolist() == expected


def test_model_outputs_need_thirty_people() -> None:
    assert rules.enough_analysed(np.array([29, 30])).tolist() == [False, True]


def test_counts_go_to_the_nearest_five_and_model_outputs_outward() -> None:
    assert rules.round_count(np.array([0, 8, 12, 13, 17, 18])).tolist() == [0, 10, 10, 15, 15, 20]
    value, lower, upper = rules.outward(np.array([41.2]), np.array([33.9]), np.array([48.1]), 1.0)
    assert (value[0], lower[0], upper[0]) == (41, 33, 49)


@pytest.mark.parametrize(
    ("lower", "upper", "step", "said"),
    [
        (0.016, 4.2, 1.0, (0.01, 5.0)),  # a tenth of a step would be tighter than the exact limit
        (-14.0, -0.225, 10.0, (-20.0, -0.2)),
        (0.4, 6.9, 1.0, (0.1, 7.0)),
        (-0.0413, -0.0013, 0.05, (-0.05, -0.001)),
        (-3.2, 4.1, 1.0, (-4.0, 5.0)),
    ],
)
def test_a_limit_stays_on_its_side_and_is_never_tighter(lower, upper, step, said) -> None:
    middle, low, high = (np.array([end]) for end in ((lower + upper) / 2, lower, upper))
    found = rules.outward_on_its_side(middle, low, high, np.array([step]))
    assert (found[1][0], found[2][0]) == pytest.approx(said)


@given(
    st.floats(-60, 60).filter(lambda end: abs(end) > 1e-9),
    st.floats(0, 60),
    st.floats(0, 1),
    st.sampled_from([0.05, 0.1, 1.0, 5.0, 10.0]),
)
def test_the_open_interval_holds_the_exact_one_on_the_same_side_of_none(lower, width, share, step) -> None:
    upper = lower + width
    middle, least, most = (np.array([end]) for end in (lower + share * width, lower, upper))
    value, low, high = (found[0] for found in rules.outward_on_its_side(middle, least, most, np.array([step])))
    assert low <= lower + 1e-8 * step and high >= upper - 1e-8 * step and low <= value <= high
    assert (low > 0) == (lower > 0) and (high < 0) == (upper < 0 and abs(upper) > 0)


def test_no_value_stays_none() -> None:
    none = np.array([np.nan])
    assert all(np.isnan(found[0]) for found in rules.outward_on_its_side(none, none, none, np.array([1.0])))


def _cells(*rows: tuple[str, str, str, str, int]) -> pl.DataFrame:
    """Cells of one cohort and period from (dim1, val1, dim2, val2, people)."""
    full = [("c", "p", *row[:4], row[4], row[4]) for row in rows]
    names = ["cohort", "period", "dim1", "val1", "dim2", "val2", "n", "n__people"]
    return pl.DataFrame(full, schema=names, orient="row")


def _shown(cells: pl.DataFrame, kinds: dict[str, str]) -> list[float | None]:
    return protect(cells, [Quantity("n")], kinds, {})["n__shown"].to_list()


TOTAL = ("", "", "", "")


def test_a_small_group_takes_its_smallest_neighbour_with_it() -> None:
    cells = _cells((*TOTAL, 67), ("a", "x", "", "", 40), ("a", "y", "", "", 7), ("a", "z", "", "", 20))
    assert _shown(cells, {"a": "partition"}) == [65, 40, None, None]


@pytest.mark.parametrize(("people", "shown"), [(7, None), (8, 10)])
def test_the_boundary_holds_in_a_table(people: int, shown: float | None) -> None:
    rows = [(*TOTAL, 60 + people), ("a", "x", "", "", 30), ("a", "y", "", "", people), ("a", "z", "", "", 30)]
    assert _shown(_cells(*rows), {"a": "partition"})[2] == shown


def test_two_small_groups_that_hold_seven_together_take_a_third() -> None:
    cells = _cells((*TOTAL, 47), ("a", "x", "", "", 20), ("a", "y", "", "", 3), ("a", "z", "", "", 4),
                   ("a", "w", "", "", 20))  # fmt: skip
    shown = _shown(cells, {"a": "partition"})
    assert shown[0] == 45
    assert shown.count(None) == 3


def test_when_everybody_is_in_one_group_the_empty_groups_are_hidden_too() -> None:
    """Else it would say of everybody here that they are in that group."""
    cells = _cells((*TOTAL, 40), ("a", "x", "", "", 40), ("a", "y", "", "", 0))
    assert _shown(cells, {"a": "partition"}) == [40, None, None]


def test_both_directions_of_a_two_way_table_are_closed() -> None:
    rows = [(*TOTAL, 200), ("a", "x", "", "", 100), ("a", "y", "", "", 100)]
    rows += [("b", "u", "", "", 55), ("b", "v", "", "", 75), ("b", "w", "", "", 70)]
    rows += [("a", "x", "b", "u", 5), ("a", "x", "b", "v", 45), ("a", "x", "b", "w", 50)]
    rows += [("a", "y", "b", "u", 50), ("a", "y", "b", "v", 30), ("a", "y", "b", "w", 20)]
    shown = _shown(_cells(*rows), {"a": "partition", "b": "partition"})
    assert None not in shown[:6]
    table = np.array([value is None for value in shown[6:]]).reshape(2, 3)
    assert table[0, 0]
    assert all(n in (0, 2, 3) for n in table.sum(axis=1))
    assert all(n in (0, 2) for n in table.sum(axis=0))


@pytest.mark.parametrize(("inside", "shown"), [(9, None), (10, 10), (40, 40), (41, None)])
def test_a_multi_valued_split_stands_by_itself(inside: int, shown: float | None) -> None:
    """50 people: the part and everybody outside it each need 10; other parts are no neighbours."""
    cells = _cells((*TOTAL, 50), ("m", "x", "", "", inside), ("m", "y", "", "", 25))
    found = protect(cells, [Quantity("n")], {"m": "multi"}, {})
    assert found["n__shown"].to_list() == [50, shown, 25]
    assert found["withheld"].to_list() == [False, shown is None, False]


def test_quarters_are_not_told_by_a_year_less_the_rest() -> None:
    cells = pl.DataFrame(
        [("c", q, *TOTAL, n, n) for q, n in (("2023/24", 63), ("Q1", 20), ("Q2", 20), ("Q3", 18), ("Q4", 5))],
        schema=["cohort", "period", "dim1", "val1", "dim2", "val2", "n", "n__people"],
        orient="row",
    )
    covers = {("c", "2023/24"): ["Q1", "Q2", "Q3", "Q4"]}
    assert protect(cells, [Quantity("n")], {}, covers)["n__shown"].to_list() == [65, 20, 20, None, None]


def test_quarters_left_out_of_every_year_are_not_told_by_subtraction() -> None:
    """All cohorts pooled, less the years, leaves 3 people whom no table shows: a year is hidden."""
    cells = pl.DataFrame(
        [("c", p, *TOTAL, n, n) for p, n in (("all", 63), ("2022/23", 40), ("2023/24", 20))],
        schema=["cohort", "period", "dim1", "val1", "dim2", "val2", "n", "n__people"],
        orient="row",
    )
    covers = {("c", "all"): ["2022/23", "2023/24"]}
    assert protect(cells, [Quantity("n")], {}, covers)["n__shown"].to_list() == [65, 40, None]


def test_a_hidden_denominator_hides_its_numerator() -> None:
    cells = _cells((*TOTAL, 60), ("a", "x", "", "", 25), ("a", "y", "", "", 28), ("a", "z", "", "", 7)).with_columns(
        r=pl.Series([30, 12, 12, 6]), r__people=pl.Series([30, 12, 12, 6])
    )
    found = protect(cells, [Quantity("n"), Quantity("r", of="n")], {"a": "partition"}, {})
    hidden = found["n__shown"].is_null()
    assert hidden.to_list() == [False, True, False, True]
    assert found.filter(hidden)["r__shown"].null_count() == 2


def test_a_dominated_magnitude_is_hidden_with_another() -> None:
    cells = _cells((*TOTAL, 90), ("a", "x", "", "", 30), ("a", "y", "", "", 30), ("a", "z", "", "", 30)).with_columns(
        m=pl.Series([200, 60, 80, 60]),
        m__people=pl.Series([45, 15, 15, 15]),
        m__top1=pl.Series([41, 10, 41, 10]),
        m__top2=pl.Series([10, 10, 5, 10]),
    )
    found = protect(cells, [Quantity("n"), Quantity("m", magnitude=True, of="n")], {"a": "partition"}, {})
    assert found["n__shown"].null_count() == 0
    assert found["m__shown"].to_list() == [200, None, None, 60]


def test_a_group_with_nobody_in_it_hides_nothing_else() -> None:
    """No district, no needs there to split: the empty margin stays shown, and so do its neighbours."""
    rows = [(*TOTAL, 60), ("a", "x", "", "", 30), ("a", "y", "", "", 30), ("a", "none", "", "", 0)]
    rows += [("m", "u", "", "", 30), ("a", "x", "m", "u", 15), ("a", "y", "m", "u", 15), ("a", "none", "m", "u", 0)]
    assert None not in _shown(_cells(*rows), {"a": "partition", "m": "multi"})


def test_before_the_first_complete_period_there_is_nothing_to_protect() -> None:
    names = ("n", "n__people", "n__top1", "n__top2")
    frame = pl.DataFrame(schema={**dict.fromkeys(open_level.KEY, pl.String), **dict.fromkeys(names, pl.Float64)})
    assert open_level.protected(frame, [Quantity("n")], {}, {}, {}).height == 0


def test_the_open_interval_holds_the_exact_one_where_some_enter_again_and_again() -> None:
    """150 people who entered once and a third of whom reoffended; 50 who entered nine times, each alike every time."""
    once, often = [(float(i < 50), 1.0) for i in range(150)], [(9.0 * (i < 30), 9.0) for i in range(50)]
    x, d = np.array(once + often).T
    sums = {"n": 200.0, "sx": x.sum(), "sd": d.sum(), "sxx": x @ x, "sxd": x @ d, "sdd": d @ d}
    cells = {name: np.array([value]) for name, value in (sums | dict.fromkeys(THIRDS, 0.0)).items()}
    exact = kinds_proportion.compute(cells)
    total = pl.DataFrame(cells | {"cohort": ["a"], "period": ["all"], "dim1": [""]})
    worth = open_level.repeats(total, pl.DataFrame({"cohort": ["a", "b"], "period": ["all", "all"]}))
    assert worth.tolist() == [2.5, 1.0]  # the design effect, 6.93, times 200 people over 600 entries, is 2.31
    shown = np.array([320.0]), np.array([600.0])
    _, lower, upper = open_level.proportion(*shown, np.array([200.0]) / worth[:1], 1.0)
    assert lower[0] <= exact.lower[0] and exact.upper[0] <= upper[0]
    _, lower, upper = open_level.proportion(
        *shown, np.array([200.0]), 1.0
    )  # a repeater counted as one person like any other
    assert lower[0] > exact.lower[0]
