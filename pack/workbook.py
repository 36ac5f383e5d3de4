"""The pack's figures as an accessible workbook, in the conventions of gptables and of government statistics.

A cover, contents and notes; then one table a sheet (pack/tables.py), its title in A1, what it is about below it, and one
header row. No cell is merged, none of the tables has a gap, and a missing figure is a sign with its reason.
"""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from components import words
from pack.listed import Table
from pack.sheet import SYNTHETIC, quarter
from pack.tables import TABLES
from release.read import Reader


def workbook(source: Reader) -> bytes:
    """The workbook of one level of one release; the same bytes each time."""
    found = [table for make in TABLES if (table := make(source)).rows]
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({
        "title": f"Quarterly pack, {quarter(source)}: tables", "author": source.area, "created": source.created.replace(tzinfo=None, microsecond=0),
        "comments": f"Release {source.id}. Level: {words.LEVELS[source.level]}. {SYNTHETIC if source.synthetic else ''}".strip(),
    })  # fmt: skip
    book.set_size(2400, 1600)
    looks = _looks(book)
    _lines(book, "Cover", cover(source), looks)
    _grid(
        book,
        Table("Contents", "Contents", "One row for each table.", ("Sheet", "Title"), [(t.tab, t.title) for t in found]),
        looks,
        link=True,
    )
    _grid(
        book,
        Table(
            "Notes",
            "Notes",
            "Signs that stand in place of a number, and notes on the figures.",
            ("Sign or note", "Meaning"),
            notes(source),
        ),
        looks,
    )
    for table in found:
        _grid(book, table, looks)
    book.close()
    return held.getvalue()


def cover(source: Reader) -> list[str]:
    """What the workbook is, from which release, at which level."""
    return [
        f"{source.area}: quarterly pack, {quarter(source)}",
        *([SYNTHETIC] if source.synthetic else []),
        f"Level: {words.LEVELS[source.level]}",
        f"Release {source.id}, made {words.day(source.created.date())}. Data to {words.day(source.cutoff)}.",
        "These are the figures of the quarterly pack. Each sheet holds one table with one row of headings. A sign in square brackets stands"
        " where there is no number: the sheet Notes says what each means.",
        words.OPEN_IN_SHORT if source.level == "open" else "Exact figures for those inside the information-sharing agreement. Do not pass them on.",
    ]  # fmt: skip


def notes(source: Reader) -> list[tuple[str, str]]:
    """Signs, the rules of change, how long people are followed, and the levels."""
    found = [*words.SYMBOL_WORDS.items(), *(("Change and status", said) for said in words.CHANGE_RULES)]
    found += [("Follow-up", said) for said in words.follow_up_of(source.cohorts())]
    return [*found, *(("Levels", said) for said in words.LEVELS_DIFFER)]


def _looks(book: Any) -> dict[str, Format]:
    font = {"font_name": "Arial", "font_size": 12}
    return {
        "title": book.add_format({**font, "bold": True, "font_size": 16}),
        "text": book.add_format({**font, "text_wrap": True, "valign": "top"}),
        "plain": book.add_format(font),
        "head": book.add_format({**font, "bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "number": book.add_format({**font, "align": "right", "valign": "top"}),
        "link": book.add_format({**font, "font_color": "#12436D", "underline": 1}),
    }


def _lines(book: Any, name: str, lines: Sequence[str], looks: dict[str, Format]) -> None:
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    for at, said in enumerate(lines):
        sheet.write_string(at, 0, said, looks["title" if not at else "text"])


def _grid(book: Any, table: Table, looks: dict[str, Format], *, link: bool = False) -> None:
    sheet: Worksheet = book.add_worksheet(table.tab)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, table.title, looks["title"])
    sheet.write_string(1, 0, f"This sheet holds one table. {table.about}", looks["plain"])
    first, last = 2, 2 + len(table.rows)
    columns = [{"header": head, "header_format": looks["head"]} for head in table.heads]
    sheet.add_table(first, 0, last, len(table.heads) - 1, {
        "name": table.tab.replace("-", "_").replace(" ", "_"), "columns": columns, "autofilter": False, "banded_rows": False, "style": None,
    })  # fmt: skip
    for down, row in enumerate(table.rows, first + 1):
        for across, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(down, across, cell, looks["number"])
            elif link and not across:
                sheet.write_url(down, 0, f"internal:'{cell}'!A1", looks["link"], str(cell))
            else:
                sheet.write_string(down, across, str(cell), looks["number" if str(cell).startswith("[") else "text"])
    for across, head in enumerate(table.heads):
        longest = max([len(str(row[across])) for row in table.rows] + [len(head) // 2])
        sheet.set_column(across, across, min(max(longest + 2, 10), 60))
    sheet.freeze_panes(first + 1, 0)
