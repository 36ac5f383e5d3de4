"""Governance on paper: the partners, the actions and what they moved, what agencies say of themselves, and the sectors' shares."""

from collections.abc import Sequence
from typing import Any

from components import words
from components.governance import rows, sentences
from components.review import AGENCIES, Grade
from pack import summary
from pack.money import said
from pack.sheet import Sheet
from release.read import Reader

GRADES: tuple[Grade, ...] = ("in_place", "partly", "not_yet", "cannot_say")
NOBODY = "No agency has answered the self-assessment in the last year."
LISTED = 20
"""So many actions are printed; the workbook has all of them."""


def answer(source: Reader) -> tuple[str, str]:
    """The opening and the answer of the page of governance."""
    kept = summary.reviewed(source)
    found, planned = rows.partners(source), rows.actions(source, kept)
    came, named = rows.placed(source, rows.ATTENDANCE, rows.CONFERENCES), rows.placed(source, rows.LEAD, rows.LED)
    attended = came.now if came else None
    return sentences.opening(found, planned, attended), sentences.answer(
        found, planned, attended, named.now if named else None
    )


def more(sheet: Sheet) -> None:
    """What stands on the page of governance beside its measures."""
    source = sheet.source
    kept = summary.reviewed(source)
    partners(sheet)
    found = rows.actions(source, kept)
    sheet.heading("Is the action plan kept, and did it move anything?")
    sheet.add("before_table", " ".join(sentences.actions_answer(found, kept)))
    if found:
        sheet.table(
            ("Owner", "Open", "Of those late", "Done", "Dropped"),
            rows.by_owner(found),
            (1, 2, 3, 4),
            widths=[6, 2, 2, 2, 2],
        )
        told = rows.judged(found)
        sheet.add("before_table", sentences.moved_answer(told))
        body = [
            (one.ref, one.measure, one.place, one.owner, f"{one.moved.shape} {one.moved.words}".strip())
            for one in told[:LISTED]
        ]
        sheet.table(("Action", "Measure", "Where", "Owner", "What became of the measure"), body, widths=[2, 5, 4, 3, 7])
        sheet.add("note", " ".join([sentences.USUAL, sentences.NOT_PROOF]))
    assessed(sheet)
    shares(sheet)


def partners(sheet: Sheet) -> None:
    """Each organisation: what it has signed and sent."""
    found = rows.partners(sheet.source)
    if not found:
        return
    sheet.heading("Who has signed, and who has sent?")
    sheet.add("before_table", sentences.partners_answer(found))
    body = [
        (row["organisation"], AGENCIES.get(row["agency"], row["agency"]), "not known" if row["agreement_signed"] is None else words.day(row["agreement_signed"]),
         _yes(row["cleared"]), _posts(row["colocated_posts"]), _yes(row["link_worker"]), _of(row["extracts_received"], row["extracts_due"]))
        for row in found
    ]  # fmt: skip
    heads = (
        "Organisation",
        "Agency",
        "Agreement signed",
        "Cleared",
        "Co-located posts",
        "Link worker",
        "Extracts received, of those due",
    )
    sheet.table(heads, body, (4,), widths=[6, 4, 4, 2, 2, 2, 4])


def assessed(sheet: Sheet) -> None:
    """The self-assessment: how many agencies gave each answer, with the figures that bear on it."""
    said = rows.said_of(sheet.source, summary.reviewed(sheet.source))
    sheet.heading("What do the partners say of themselves?")
    if not any(one.answers for _, listed in said for one in listed):
        sheet.add("para", NOBODY)
        return
    sheet.add("before_table", sentences.assessed_answer(said))
    for part, listed in said:
        body = [(one.statement.text, *(one.counts[grade] for grade in GRADES), _figures(one.figures)) for one in listed]
        heads = ("Statement", "In place", "Partly", "Not yet", "Cannot say", "Figures that bear on it")
        sheet.table(heads, body, (1, 2, 3, 4), caption=part.title, widths=[8, 2, 2, 2, 2, 6])


def shares(sheet: Sheet) -> None:
    """Who has the programmes and the money, by sector."""
    now, money = rows.sectors(sheet.source)
    money = [said(sheet.source, row, ("amount", "total")) for row in money]
    if not now and not money:
        return
    sheet.heading("What share is voluntary?")
    sheet.add("before_table", sentences.sectors_answer(now, money))
    heads = ("What is shared", "Period", "Sector", "Share", "Of")
    body = [(row["measure"].capitalize(), words.period_in_sentence(row["period"]), rows.SECTORS[row["sector"]], _share(row["share"]),
             words.count(row["total"])) for row in now]  # fmt: skip
    latest = max((row["period"] for row in money), default="")
    body += [("Money for programmes", f"{row['period']} ({row['price_year']} prices)", rows.SECTORS[row["sector"]], _share(row["share"]),
              f"£{row['total']:,.0f}") for row in money if row["period"] == latest]  # fmt: skip
    sheet.table(heads, body, (3, 4), widths=[4, 4, 3, 2, 3])


def _figures(found: Sequence[tuple[str, Any]]) -> str:
    return "; ".join(f"{title} {words.shown(row)}" for title, row in found) or "none"


def _share(share: float | None) -> str:
    return "[x]" if share is None else f"{share:.0f}%"


def _yes(known: bool | None) -> str:
    return "not known" if known is None else "yes" if known else "no"


def _posts(many: float | None) -> str:
    return "[x]" if many is None else f"{many:g}"


def _of(got: int | None, due: int | None) -> str:
    return "not known" if got is None or due is None else f"{got} of {due}"
