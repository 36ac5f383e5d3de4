"""Provision on paper: pathways by district, who is eligible for nothing, starts, money that ends, and the 13 weeks ahead."""

from collections.abc import Mapping, Sequence
from typing import Any

from components import words
from components.provision import rows, sentences
from components.provision.rows import Labels
from metrics.provision.directory import two_quarters_on
from pack.sheet import Sheet
from release.read import Reader

Row = Mapping[str, Any]
LISTED = 12
"""So many lines of a long list are printed; the workbook has all of it."""


def answer(source: Reader) -> tuple[str, str]:
    """What the directory lists, where it lists nothing, and how far it can be trusted."""
    entries = rows.directory(source)
    return "", sentences.answer(entries, rows.labels(source), "", "") if entries else sentences.NONE


def more(sheet: Sheet) -> None:
    """What stands on the page of provision beside its measures."""
    source, names = sheet.source, rows.labels(sheet.source)
    entries = rows.directory(source)
    if not entries:
        return
    needing = rows.needing(source)
    sheet.table(["Pathway", *names.districts.values()], covered(entries, names, needing), caption="Programmes by pathway and district",
                widths=[4, *[3] * len(names.districts)])  # fmt: skip
    sheet.add("note", sentences.cover(bool(needing)))
    eligible(sheet, names)
    unlike(sheet, entries, names)
    money(sheet, entries, names)
    starts(sheet, entries, names)
    if source.level == "open":
        sheet.add("note", sentences.OPEN)
        return
    ahead(sheet, names)


def covered(entries: Sequence[Row], names: Labels, needing: Mapping[tuple[str, str], int]) -> list[list[str]]:
    """Pathways down, districts across: how many programmes and places, and where there is nothing, who needs one."""
    grid = rows.cells(entries, names)
    return [[label, *(_cell(grid[p, d], needing.get((p, d))) for d in names.districts)] for p, label in names.pathways.items()]  # fmt: skip


def _cell(mine: Sequence[Row], needing: int | None) -> str:
    if not mine:
        return f"\u2715 Nothing{f': {needing:,} with the need' if needing else ''}"
    places = [e["places"] for e in mine if e["places"] is not None]
    told = f"{sum(places):,} places" if len(places) == len(mine) else "places not known"
    old = all(e["verified"] != "recently" for e in mine)
    return f"{len(mine)} ({told}){'; ! not verified' if old else ''}"


def eligible(sheet: Sheet, names: Labels) -> None:
    """The groups that no programme of a pathway takes."""
    found = rows.left_out(sheet.source, names)
    sheet.heading("Who is eligible for nothing?")
    sheet.add("before_table", sentences.groups(found))
    counted = any(one.needs is not None for one in found)
    body = [
        [sentences.who(one), words.listed([words.title_in_sentence(names.pathway(p)) for p in one.pathways]), _places(one.districts, names),
         *([sentences.count(one.needs)] if counted else [])]
        for one in found[:LISTED]
    ]  # fmt: skip
    heads = ["Eligible for nothing", "Pathways", "Where", *(["Needs of people on the scheme"] if counted else [])]
    sheet.table(heads, body, (3,), widths=[4, 6, 6, 2][: len(heads)])
    _rest(sheet, len(found))


def unlike(sheet: Sheet, entries: Sequence[Row], names: Labels) -> None:
    """Programmes that some districts have and others do not: the nearest that the directory comes to a service by name."""
    needing = rows.needing(sheet.source)
    found = rows.elsewhere(entries, names, needing)
    sheet.heading("What is not offered everywhere?")
    sheet.add("before_table", sentences.elsewhere(found))
    body = [
        [one.entry["title"], sentences.taken(one.entry), names.pathway(one.entry["pathway"]), _places(one.missing, names),
         *([sentences.count(one.people)] if needing else [])]
        for one in found[:LISTED]
    ]  # fmt: skip
    heads = ["Programme", "Takes", "Pathway", "Not offered in", *(["People there with the need"] if needing else [])]
    sheet.table(heads, body, (4,), widths=[5, 4, 4, 6, 2][: len(heads)])
    _rest(sheet, len(found))


def money(sheet: Sheet, entries: Sequence[Row], names: Labels) -> None:
    """Funding that ends within two quarters, and what would be left with nothing."""
    found, until = rows.ending(entries), two_quarters_on(sheet.source.cutoff)
    sheet.heading("Whose funding ends?")
    sheet.add("before_table", sentences.funding(found, rows.bare_after(entries, names), names, until))
    body = [
        [line.first["title"], line.first["provider"], line.first["funder"] or "not known", _places([e["district"] for e in line.entries], names),
         f"{words.day(line.first['funding_ends'])}{' (passed)' if line.first['funding'] == 'passed' else ''}"]
        for line in found[:LISTED]
    ]  # fmt: skip
    sheet.table(("Programme", "Provider", "Funder", "Districts", "Funding ends"), body, widths=[5, 4, 3, 5, 3])
    _rest(sheet, len(found))


def starts(sheet: Sheet, entries: Sequence[Row], names: Labels) -> None:
    """Programmes that begin on set days, the longest gap first."""
    found = rows.waits(entries)
    sheet.heading("When do groups start?")
    sheet.add("before_table", sentences.waits(found))
    body = [
        [row["title"], names.place(row["district"]), "none listed" if row["next_start"] is None else words.day(row["next_start"]),
         sentences.count(row["starts"]), sentences.count(row["longest_gap"])]
        for row in found[:LISTED]
    ]  # fmt: skip
    heads = ("Programme", "District", "Next start", "Starts in 13 weeks", "Longest gap, days")
    sheet.table(heads, body, (3, 4), widths=[6, 4, 4, 2, 2])
    _rest(sheet, len(found))


def ahead(sheet: Sheet, names: Labels) -> None:
    """The next 13 weeks: need against room, and who is due out of prison on which weekday. The partnership's alone."""
    source, told = sheet.source, rows.needs(sheet.source)
    if told:
        sheet.heading("Is there room for the next 13 weeks?")
        sheet.add("before_table", sentences.ahead(told, names, ""))
        body = [
            [names.pathway(row["pathway"]), sentences.expected(row), words.count(row["waiting"]), words.count(row["leaving"]),
             sentences.count(row["room"]), " ".join(sentences.VERDICTS[row["verdict"]])]
            for row in told
        ]  # fmt: skip
        heads = (
            "Pathway",
            "Needs to expect (95% interval)",
            "Waiting now",
            "Due out with it",
            "Room to start",
            "Verdict",
        )
        sheet.table(heads, body, (1, 2, 3, 4), widths=[6, 4, 2, 2, 2, 3])
        sheet.add("note", sentences.held(told))
    forecast, due = rows.forecast(source), rows.due(source)
    if forecast or due.people:
        sheet.heading("Who is due out of prison?")
        sheet.add("before_table", sentences.releases(due, forecast.get(""), ""))
        by = {name: rows.due(source, d) for d, name in names.districts.items()}
        body = [
            [name, *(words.count(n) if n else "\u2013" for n in one.weekdays), words.count(one.people)]
            for name, one in by.items()
        ]
        sheet.table(("District", *sentences.WEEKDAYS, "Known"), body, range(1, 9), widths=[4, *[2] * 8])
        sheet.add("note", " ".join(sentences.undated(due, forecast.get(""))))


def _places(districts: Sequence[str], names: Labels) -> str:
    kept = [names.place(d) for d in names.districts if d in districts]
    return "every district" if len(kept) == len(names.districts) else words.listed(kept)


def _rest(sheet: Sheet, many: int) -> None:
    if many > LISTED:
        sheet.add("note", f"{many - LISTED} more are in the workbook.")
