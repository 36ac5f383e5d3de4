"""The cohort on paper: whether ratings foretell, consent, score and judgement, why people leave, and where places are."""

from collections.abc import Sequence

from components import caseload, words
from components.caseload import sentences
from components.judge import Row
from pack import districts
from pack.sheet import Sheet
from release.read import Reader


def answer(source: Reader) -> tuple[str, str]:
    """The opening and the answer of the page of the cohort."""
    kind = first_kind(source)
    if kind is None:
        return words.NOTHING_HERE, sentences.NONE
    found, _ = caseload.groups(source, "", kind)
    lines = {line.now["indicator"]: line.now for group in found for line in group.lines}
    stock, ratings = caseload.stock(source, {}), caseload.by_rating(source)[0]
    return sentences.opening(stock, ratings), sentences.answer(stock, caseload.flows(source, {}, kind), ratings, lines)


def first_kind(source: Reader) -> str | None:
    """The kind of period that the page begins with."""
    known = caseload.kinds(source, {})
    wanted = ("year", *known) if source.level == "open" else known
    return next((kind for kind in wanted if kind in known), None)


def more(sheet: Sheet) -> None:
    """What stands on the page of the cohort beside its measures."""
    source = sheet.source
    if first_kind(source) is None:
        return
    ratings, _ = caseload.by_rating(source)
    if any(row["value"] is not None for row in ratings):
        sheet.heading("Does a rating foretell reoffending?")
        sheet.add("before_table", sentences.foretells(ratings))
        _followed(sheet, "Rating", ratings)
        sheet.add("note", f"{sentences.RATING_TEST} {sentences.RATING_CAUTION}")
    decided, _ = caseload.by_decision(source)
    if any(row["value"] is not None for row in decided):
        sheet.heading("Score or judgement?")
        sheet.add("before_table", " ".join(sentences.fared(decided)))
        _followed(sheet, "Decision", decided)
        sheet.add("note", f"{sentences.DECISION_TEST} {sentences.DECISION_CAUTION}")
    parts(sheet)
    if reasons := caseload.reasons(source, {}):
        sheet.heading("Why did people leave?")
        sheet.add("before_table", sentences.why_left(reasons))
        sheet.table(
            ("Reason for leaving", "People"), [(row["label"], words.shown(row)) for row in reasons], (1,), widths=[5, 1]
        )
    shares(sheet)


def parts(sheet: Sheet) -> None:
    """Ratings by district and consent by strand."""
    rated = caseload.ratings_by_district(sheet.source)
    if rated:
        sheet.heading("How are people rated?")
        sheet.add("before_table", sentences.rated(rated))
        _parts(sheet, "District", sentences.COLOURS, rated)
    consent = caseload.consent_by_strand(sheet.source, {})
    if consent:
        sheet.heading("Who has consented?")
        sheet.add("before_table", sentences.consented(consent, None))
        _parts(sheet, "Strand", sentences.CONSENT, consent)
        sheet.add("note", sentences.CONSENT_RULE)


def shares(sheet: Sheet) -> None:
    """Each district's places beside its share of reoffences."""
    found, places, offences = caseload.shares(sheet.source)
    if not found:
        return
    sheet.heading("Do places follow offending?")
    sheet.add("before_table", sentences.standing(found, places, offences))
    body = [
        (one.label, words.count(one.people), f"{one.of_people:.0f}%", words.count(one.offences), f"{one.of_offences.share:.0f}%",
         f"{one.of_offences.lower:.0f}% to {one.of_offences.upper:.0f}%", STANDS[one.stands])
        for one in found
    ]  # fmt: skip
    heads = ("District", "Places", "Share", "Reoffences", "Share", "95% interval", "Places against reoffences")
    sheet.table(heads, body, (1, 2, 3, 4, 5), widths=[5, 2, 2, 3, 2, 4, 4])
    sheet.add("note", f"{sentences.SHARES} {sentences.SHARES_CAUTION}")


STANDS = {"more": "More places", "fewer": "Fewer places", "about": "About level"}


def _followed(sheet: Sheet, head: str, rows: Sequence[Row]) -> None:
    body = [(row["label"], districts.cell(row), words.counts(row), row["period_label"]) for row in rows]
    sheet.table((head, "Reoffended within 12 months", "People", "Period"), body, (1, 2), widths=[6, 5, 3, 6])


def _parts(sheet: Sheet, head: str, names: Sequence[str], found: Sequence[caseload.Parts]) -> None:
    body = [(one.label, *(words.count(many) for many in one.counts), words.count(one.whole)) for one in found]
    sheet.table((head, *names, "All"), body, range(1, len(names) + 2), widths=[6, *[2] * (len(names) + 1)])
