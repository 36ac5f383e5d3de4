"""The data quality headline counts the files that are in the figures: not those withdrawn or replaced."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from components import data, words
from components.markup import files_table
from release.read import Reader
from tests.pages.reading import text


def file(name: str, read: int, *, superseded: int = 0, withdrawn: bool = False) -> dict[str, Any]:
    return {
        "file": name, "source": "police", "as_at": None, "read": read, "loaded": read - 10, "quarantined": 10,
        "duplicate": 0, "superseded": superseded, "withdrawn": withdrawn, "layout_verified": True,
    }  # fmt: skip


def test_a_replaced_file_is_listed_and_not_counted() -> None:
    files = [file("old.csv", 900, superseded=890), file("new.csv", 1000), file("gone.csv", 50, withdrawn=True)]
    said = words.quality_answer(files, synthetic=True)
    assert said.startswith("In 1 file with 1,000 rows, every row is accounted for; 10 rows (1.0%) were set aside")
    assert said.endswith("1 earlier file, replaced by later ones, not counted.")
    table = files_table(files)
    assert table.count("replaced by a later file") == 1
    assert table.count(">withdrawn<") == 1


def test_a_file_that_lost_some_rows_to_a_later_one_still_counts() -> None:
    said = words.quality_answer([file("old.csv", 900, superseded=400), file("new.csv", 1000)], synthetic=True)
    assert said.startswith("In 2 files with 1,900 rows")
    assert "earlier" not in said


def test_identities_that_disagree_are_counted_by_kind() -> None:
    assert words.conflicts_answer([], "partnership") == ["No conflict is recorded."]
    assert words.conflicts_answer([], "open") == [
        "No conflict is recorded. Counted in tens; fewer than five people are not listed."
    ]
    said = words.conflicts_answer([{"kind": "pnc", "people": 1}, {"kind": "noms", "people": 1204}], "partnership")
    assert said == ["Two identifiers of one kind, counted as one person each: PNC (1 person) and NOMS (1,204 people)."]


def test_the_page_shows_conflicts_where_the_release_holds_them(
    run: Callable[..., AppTest], level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pl.DataFrame({"kind": ["crn"], "people": [7]})
    data.part.cache_clear()
    monkeypatch.setattr(Reader, "identity_conflicts", lambda _: found)
    said = text(run("data_quality", level))
    data.part.cache_clear()
    assert "Do the identifiers agree?" in said
    assert "CRN (7 people)" in said
