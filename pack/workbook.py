"""The pack's figures as an accessible workbook, in the conventions of gptables and of government statistics.

A cover, contents and notes; then one table a sheet, its title in A1, what it is about below it, and one header row. No cell
is merged, none of the tables has a gap, and a missing figure is a sign with its reason. Numbers are rounded as the pages
show them: the open level's never carry more than they say.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from components import data, evidence, export, headlines, value, verdicts, words
from components.headlines import Headline
from components.judge import Row
from components.value import sentences
from pack import changed, districts, measures
from pack.sheet import SYNTHETIC, quarter
from release.read import Reader
from release.revisions import previous, revisions

HEADS = ("Group", "Measure", "People", "Period", "Value", "Lower limit", "Upper limit", "Unit", "Top of the fraction", "Bottom of the fraction",
         "Before", "Before: period", "Change", "Target", "Status", "Note")  # fmt: skip
MOST = 5_000
"""So many revised figures are listed."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table for a sheet of its own: its name as a tab, its title, what it is about, its heads and its rows."""

    tab: str
    title: str
    about: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


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


def the_quarter(source: Reader) -> Table:
    """The Quarter page."""
    lines, _ = headlines.headlines(source)
    return Table(
        "Quarter",
        f"The quarter: {quarter(source)}",
        "Every measure of the Quarter page.",
        HEADS,
        [line("Everybody", x) for x in lines],
    )


def by_district(source: Reader) -> Table:
    """The Quarter page of every district."""
    rows = [line(name, x) for d, name in districts.inside(source) for x in headlines.headlines(source, d)[0]]
    return Table(
        "Districts",
        "Each district",
        "The measures of the Quarter page for each district, in alphabetical order.",
        HEADS,
        rows,
    )


def by_pathway(source: Reader) -> Table:
    """The Quarter page of every pathway."""
    steps = headlines.steps(source)
    known = [one for one in source.members(steps[0].dim) if one[0] not in ("none", "not_known")] if steps else []
    rows = [line(name, x) for p, name in known for x in headlines.headlines(source, "", p)[0]]
    about = "The measures of the Quarter page for each pathway. One person may be on several: the rows never add up to a whole."
    return Table("Pathways", "Each pathway", about, HEADS, rows)


def comparisons(source: Reader) -> Table:
    """Every comparison's verdict."""
    names = (
        dict(source.members("managing_district"))
        if any(d.id == "managing_district" for d in source.dimensions())
        else {}
    )
    rows = []
    for case in evidence.every(source):
        about, effect = case.about, case.headline
        known = effect is not None and effect["estimate"] is not None
        cells = (
            [effect[name] for name in ("treated", "expected", "estimate", "lower", "upper")]
            if known and effect is not None
            else ["[x]"] * 5
        )
        place = names.get(about["district"], about["district"]) or "Everywhere"
        rows.append((about["title"], place, about["from_period"], about["to_period"], about["analysed"] if about["analysed"] is not None else "[x]",
                     *(round(c, 1) if isinstance(c, float) else c for c in cells), verdicts.SHORT[about["verdict"]], about["reason"] or ""))  # fmt: skip
    heads = ("Comparison", "District", "From", "To", "People analysed", "Of 100, took part", "Of 100 similar people", "Difference", "Lower limit",
             "Upper limit", "Verdict", "Note")  # fmt: skip
    return Table(
        "Comparisons", "Compared with similar people", "Verdicts of matched comparisons, with 95% limits.", heads, rows
    )


def break_even(source: Reader) -> Table:
    """What was needed and what was seen, by year."""
    labels = {(one.kind, one.id): one.name for one in value.subjects(source)}
    rows = [
        (labels.get((r["subject_kind"], r["subject"]), r["subject"]), r["district"] or "Everywhere", r["period"], sentences.BASES[r["basis"]],
         _whole(r["cost"]), _whole(r["unit_cost"]), r["price_year"] or "", _whole(r["offences_to_avert"]), _whole(r["expected"]), _tenth(r["needed"]),
         _tenth(r["lower"]), _tenth(r["upper"]), sentences.SHORT[r["verdict"]], r["reason"])
        for r in data.listed(source, "break_even")
        if r["subject"]
    ]  # fmt: skip
    heads = ("Scheme or programme", "District", "Year", "Counting", "Cost (pounds)", "Cost of an offence (pounds)", "Price year", "Offences to avert",
             "Offences expected", "Needed (%)", "Seen: lower limit (%)", "Seen: upper limit (%)", "Verdict", "Note")  # fmt: skip
    return Table(
        "Break-even", "Does it pay?", "Offences to avert, beside those that the comparison saw averted.", heads, rows
    )


def revised(source: Reader) -> Table:
    """Final figures that differ from the release before."""
    before = previous(source)
    none = [("None", *[""] * (len(changed.HEADS) - 1))]
    if before is None:
        return Table("Revisions", "Revisions", changed.FIRST, changed.HEADS, none)
    found = revisions(source, before)
    rows = changed.rows(source, found, MOST) or none
    return Table("Revisions", "Revisions since last time", changed.answer(found, before), changed.HEADS, rows)


def definitions(source: Reader) -> Table:
    """How each measure is worked out."""
    rows = [
        (info.title, info.unit, head, " ".join(said))
        for info in source.indicators()
        for head, said in export.parts_of(info, source.cohorts(info.id))
    ]
    return Table(
        "Measures",
        "How each measure is worked out",
        "One row for each part of a definition.",
        ("Measure", "Unit", "Part", "What it says"),
        rows,
    )


TABLES: tuple[Callable[[Reader], Table], ...] = (
    the_quarter, by_district, by_pathway, comparisons, break_even, revised, definitions,
)  # fmt: skip


def line(group: str, one: Headline) -> tuple[Any, ...]:
    """A headline as a row: numbers as they are shown, and a sign with its reason where there is none."""
    now, before = one.now, one.before
    return (
        group, now["title"], now["people"], now["period_label"], shown(now, "value"), shown(now, "lower"), shown(now, "upper"), now["unit"],
        _count(now["numerator"]), _count(now["denominator"]), shown(before, "value") if before else "[x]", before["period_label"] if before else "",
        measures.changed(one.change, now), "" if one.target is None else one.target, one.status.words, words.reason(now) if now["reason"] else "",
    )  # fmt: skip


def shown(row: Row, part: str) -> Any:
    """A value or a limit as the pages show it, as a number; the sign where the value is missing, nothing where there is no limit."""
    if row["value"] is None:
        return words.shown(row)
    if row[part] is None or (part != "value" and not words.has_interval(row)):
        return ""
    return float(words.number(row[part], row).rstrip("%").replace(",", ""))


def _count(many: float | None) -> Any:
    return "" if many is None else round(many)


def _whole(many: float | None) -> Any:
    return "[x]" if many is None else round(many)


def _tenth(many: float | None) -> Any:
    return "[x]" if many is None else round(many, 1)


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
