"""The workbook opens, has a header row on every sheet and no merged cell, and holds the screen's figures."""

import io
import zipfile
from collections.abc import Callable

import fastexcel
import pytest

from components import headlines, words
from pack import tables, workbook
from pack.sheet import SYNTHETIC
from release.read import Reader

Workbooks = Callable[[str], bytes]
TABLES = (
    *("Quarter", "Outcomes", "Cohort", "Pathways", "Compliance", "Groups", "Each district", "Each pathway"),
    *("Directory", "Gaps", "Next 13 weeks", "Due out", "Comparisons", "Break-even", "Revisions", "Measures"),
)


LACKING = ("Pathways", "Compliance", "Each pathway", "Next 13 weeks", "Due out")
"""What the hand-written open level has no figure of, or may not show."""


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_it_opens_with_cover_contents_notes_and_a_table_a_sheet(workbooks: Workbooks, level: str) -> None:
    book = fastexcel.read_excel(workbooks(level))
    # the hand-written open level has no table by pathway: a table without a row has no sheet
    held = [name for name in TABLES if level == "partnership" or name not in LACKING]
    assert book.sheet_names == ["Cover", "Contents", "Notes", *held]
    cover = [row[0] for row in book.load_sheet("Cover", header_row=None).to_polars().rows()]
    assert SYNTHETIC in cover
    assert f"Level: {words.LEVELS[level]}" in cover
    listed = book.load_sheet("Contents", header_row=2).to_polars()
    assert listed["Sheet"].to_list() == held


@pytest.mark.parametrize("name", ["Contents", "Notes", *TABLES])
def test_every_sheet_has_one_full_header_row_and_no_gap(workbooks: Workbooks, name: str) -> None:
    book = fastexcel.read_excel(workbooks("partnership"))
    table = book.load_sheet(name, header_row=2).to_polars()
    assert table.height
    assert all(not head.startswith("__UNNAMED") for head in table.columns)
    assert table[table.columns[0]].null_count() == 0


def test_no_cell_is_merged_and_every_sheet_has_a_named_table(workbooks: Workbooks) -> None:
    with zipfile.ZipFile(io.BytesIO(workbooks("partnership"))) as held:
        sheets = [held.read(name).decode() for name in held.namelist() if name.startswith("xl/worksheets/sheet")]
        tables = [held.read(name).decode() for name in held.namelist() if name.startswith("xl/tables/")]
    assert len(sheets) == len(TABLES) + 3
    assert not any("mergeCell" in one for one in sheets)
    assert len(tables) == len(TABLES) + 2
    assert all('headerRowCount="0"' not in one for one in tables)


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_the_quarter_holds_the_pages_figures_to_the_last_digit(
    workbooks: Workbooks, levels: dict[str, Reader], level: str
) -> None:
    rows = (
        fastexcel.read_excel(workbooks(level))
        .load_sheet("Quarter", header_row=2, dtypes={"Value": "string"})
        .to_polars()
        .to_dicts()
    )
    lines = headlines.lines_of(headlines.summary(levels[level]))
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        assert row["Measure"] == line.title
        assert row["Status"] == line.status.words
        if line.now["value"] is None:
            assert row["Value"] == words.shown(line.now)
        else:
            assert words.number(float(row["Value"]), line.now) == words.shown(line.now)


def test_a_number_is_no_finer_than_the_page_shows_it() -> None:
    row = {"value": 47.2222, "lower": 40.111, "upper": 55.5, "unit": "%", "decimals": 0, "status": "final"}
    assert [tables.shown(row, part) for part in ("value", "lower", "upper")] == [47.0, 40.0, 56.0]
    assert tables.shown({**row, "value": None, "status": "suppressed"}, "value") == "[c]"


def test_the_same_release_gives_the_same_bytes(workbooks: Workbooks, levels: dict[str, Reader]) -> None:
    assert workbook.workbook(levels["open"]) == workbooks("open")
