"""Compliance on paper: what became of the scheme's promises, and on which day people leave prison."""

from components import compliance, words
from components.compliance import sentences
from pack.sheet import Sheet
from release.read import Reader


def answer(source: Reader) -> tuple[str, str]:
    """The opening of the page of compliance."""
    found = compliance.measures(source)
    kind = compliance.first_kind(source, found, compliance.kinds(source, found, ""))
    if not found or kind is None:
        return words.NOTHING_HERE, sentences.NONE
    return "", sentences.answer(compliance.groups(source, found, "", kind)[0])


def more(sheet: Sheet) -> None:
    """Prison releases by day of the week."""
    source = sheet.source
    found = compliance.measures(source)
    kind = compliance.first_kind(source, found, compliance.kinds(source, found, ""))
    period, days = compliance.weekdays(source, kind) if kind else ("", [])
    if not days:
        return
    sheet.heading("On which day do people leave prison?")
    sheet.add("before_table", sentences.weekdays(days, period))
    body = [
        (day.label, words.count(day.releases), words.count(day.expected), words.count(day.unexpected)) for day in days
    ]
    sheet.table(("Day", "Prison releases", "Expected", "Not expected"), body, (1, 2, 3), widths=[4, 3, 3, 3])
    sheet.add("note", sentences.FRIDAYS)
