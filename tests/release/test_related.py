"""What one count hides cannot be had from others of the same rows: parts of parts, the same people twice, and sums."""

import duckdb
import numpy as np
import polars as pl
import pytest

from metrics.cohorts import cohorts
from release import lattice, open_level
from release import protect as rules
from release.protect import Quantity, protect
from release.related import NOTHING_TIED, Related, also_hidden, related
from release.write import copied

SUM = ("differs", "above", "below")
KEY = ["cohort", "period", "dim1", "val1", "dim2", "val2"]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """Decisions: those against the score are above it and not selected, or below it and selected."""
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE decision AS SELECT above OR below AS differs, above, below, NOT above OR above AS known"
        " FROM (VALUES (true, false), (false, true), (false, false)) AS x(above, below)"
    )
    return made


def _cells(**counts: list[int]) -> pl.DataFrame:
    """The total of as many quarters as there are numbers."""
    size = len(next(iter(counts.values())))
    keys = {"cohort": ["c"] * size, "period": [f"2020Q{i}" for i in range(size)]} | {k: [""] * size for k in KEY[2:]}
    return pl.DataFrame(keys | counts | {f"{name}__people": found for name, found in counts.items()})


def test_what_hangs_together_is_read_from_the_rows(con) -> None:
    of = [Quantity(name) for name in ("true", "people:true", "above", "below", "differs", "known")]
    found, ties = related(con, "decision", of)
    within = {q.name: q.within for q in found}
    assert within["above"] == ("differs", "known", "true") and within["people:true"] == ()
    assert ties.sums == (("differs", "above", "below"),)
    assert ("true", "people:true") in ties.same and ("true", "known") in ties.same
    names = [q.name for q in found]
    assert names.index("differs") < min(names.index("above"), names.index("below"))


def test_of_a_sum_the_last_count_shown_does_not_tell_of_the_one_hidden() -> None:
    """92 decisions against the score, 85 of them above it: 7 below it, which are hidden by themselves."""
    cells = _cells(true=[300, 300], differs=[92, 60], above=[85, 40], below=[7, 20])
    of = [Quantity("true"), *(Quantity(name, of="true") for name in SUM)]
    alone = open_level.protected(cells, of, {}, {}, {"c": "c"})
    assert alone["below__shown"].to_list() == [None, 20] and alone["above__shown"].to_list() == [85, 40]
    tied = open_level.protected(cells, of, {}, {}, {"c": "c"}, ties=Related(sums=(SUM,)))
    assert tied["above__shown"].to_list() == [None, 40] and tied["differs__shown"].to_list() == [90, 60]


def test_the_same_people_counted_twice_are_hidden_in_both() -> None:
    found = _cells(a=[20, 20], b=[20, 20]).with_columns(
        a__shown=pl.Series([None, 20.0]), b__shown=pl.Series([20.0, 20.0])
    )
    hidden = also_hidden(found, Related(same=(("a", "b"),)))
    assert hidden["b"].tolist() == [True, False]
    assert also_hidden(found, NOTHING_TIED) == {}


def test_the_same_count_without_those_of_whom_something_is_unknown_leaves_none_or_more_than_seven_out() -> None:
    found = _cells(a=[53, 50, 60], b=[50, 50, 50]).with_columns(
        a__shown=pl.Series([55.0, 50.0, 60.0]), b__shown=pl.Series([50.0] * 3)
    )
    hidden = also_hidden(found, Related(same=(("a", "b"),)))
    assert hidden["b"].tolist() == [True, False, False]
    assert not hidden["a"].any()


@pytest.mark.parametrize(("part", "shown"), [(32, None), (33, None), (40, None), (30, 30), (0, 0)])
def test_a_part_of_a_part_leaves_more_than_seven_of_each(part: int, shown: float | None) -> None:
    """Referred and started, of 40 who started: fewer than 8 between them may not be told by subtraction."""
    cells = _cells(n=[100], started=[40 if part != 30 else 38], both=[part])
    of = [Quantity("n"), Quantity("started", of="n"), Quantity("both", of="n", within=("started",))]
    expected = shown if part != 32 else 30
    assert protect(cells, of, {}, {})["both__shown"].to_list() == [expected]


def test_a_count_beside_no_whole_hides_a_neighbour_and_not_the_total() -> None:
    """No indicator is of everybody in the fact: the count stands by itself."""
    rows = [("", "", 67), ("a", "x", 40), ("a", "y", 7), ("a", "z", 20)]
    cells = pl.DataFrame(
        [("c", "p", dim, val, "", "", 0, 0, n, n) for dim, val, n in rows],
        schema=[*KEY, "true", "true__people", "q", "q__people"], orient="row",
    )  # fmt: skip
    found = protect(cells, [Quantity("true"), Quantity("q", of="true")], {"a": "partition"}, {})
    assert found["q__shown"].to_list() == [65, 40, None, None]


@pytest.mark.parametrize(("centile", "fewest"), [(50, 30), (90, 100), (10, 100)])
def test_a_centile_has_ten_people_on_either_side(centile: int, fewest: int) -> None:
    assert rules.enough_analysed(np.array([fewest - 1, fewest]), centile).tolist() == [False, True]


def test_the_rows_of_a_list_of_people_are_in_tens_and_still_add_up() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE source AS SELECT 'f' AS file, 's' AS sha256, 'x' AS source, 'm' AS mapping_sha256, true AS layout_verified,"
        " NULL::DATE AS as_at, * FROM (VALUES (220, 219, 1, 0, 0, false), (220, 214, 1, 0, 208, false), (54, 54, 0, 0, 54, false))"
        " AS t(read, loaded, quarantined, duplicate, superseded, withdrawn)"
    )
    shown = (
        con.sql(copied("open")["source"]).pl().select("read", "loaded", "quarantined", "duplicate", "superseded").rows()
    )
    assert shown == [(221, 220, 1, 0, 0), (216, 210, 1, 0, 200), (50, 50, 0, 0, 50)]
    assert con.sql(copied("partnership")["source"]).pl()["loaded"].to_list() == [219, 214, 54]


@pytest.mark.parametrize("fact", ["wait_end", "programme_end"])
def test_who_waits_or_is_on_a_programme_now_cannot_be_had_from_all_who_ever_did(fact: str) -> None:
    cohort = next(c for c in cohorts() if c.entry == fact)
    assert lattice.tables("open", fact, cohort, "all") == ()
    assert lattice.tables("open", fact, cohort, "three_years")
