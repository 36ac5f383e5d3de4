"""What is read of a breakdown at once is what its tables are when they are asked for one by one."""

import pytest

from release import files
from release.read import Reader
from tests.release import literal

HELD = [(), ("managing_district",), ("sex",), ("managing_district", "sex")]


@pytest.fixture(scope="module", params=["partnership", "open"])
def readers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Reader, Reader]:
    """A level read table by table, and the same with its breakdowns read at once."""
    folder = tmp_path_factory.mktemp("data")
    literal.write(folder)
    one_by_one = files.open_level(folder, request.param)
    at_once = Reader(one_by_one.path)
    at_once.hold(HELD)
    return one_by_one, at_once


def test_every_table_is_the_same(readers: tuple[Reader, Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one, at_once = readers
    monkeypatch.setattr(at_once, "_query", lambda *_: pytest.fail("a table that is held was asked for again"))
    asked = [
        (info.id, cohort.id, kind, dims)
        for info in one_by_one.indicators()
        for cohort in one_by_one.cohorts(info.id)
        for kind in ("quarter", "all")
        for dims in one_by_one.tables(info.id, cohort.id, kind)
        if dims in HELD
    ]
    assert len(asked) >= 8
    for indicator, cohort, kind, dims in asked:
        wanted = one_by_one.figures(indicator, cohort, kind=kind, by=dims)
        assert at_once.figures(indicator, cohort, kind=kind, by=dims).equals(wanted)
        assert wanted.to_dicts() == one_by_one.figure_rows(indicator, cohort, kind=kind, by=dims)


def test_a_choice_within_a_held_table_is_the_same(readers: tuple[Reader, Reader]) -> None:
    one_by_one, at_once = readers
    asked = {"cohort": "scheme", "period": "all", "where": {"district": "fenland"}}
    assert at_once.figures("reoffending_rate", **asked).equals(one_by_one.figures("reoffending_rate", **asked))
    assert at_once.figure("reoffending_rate", **asked).denominator
