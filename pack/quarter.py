"""The pack itself: cover, the quarter on one page and what to act on, a page a heading, a district and a pathway, composites
as case studies, what was revised, and methods."""

from components import words
from pack import changed, composites, districts, headings, methods, old_measures, pathways, summary
from pack.sheet import Sheet, quarter
from pack.typeset import literal
from release.read import Reader

LED_BY = "Figures for the strategic group: how the quarter went, where it changed, and what to act on."
OPEN = "This pack is made from the open level alone: anybody may read it."
PARTNERSHIP = "This pack holds exact figures for those inside the information-sharing agreement. Do not pass it on."
LUCK = (
    "Better or worse is said only where the difference is more than chance. Elsewhere we cannot tell, which does not mean that"
    " nothing changed."
)


def document(source: Reader) -> Sheet:
    """The pack of one level of one release."""
    sheet = Sheet(source, f"Quarterly pack, {quarter(source)}", f"quarterly pack, {quarter(source)}")
    cover(sheet)
    summary.page(sheet)
    headings.pages(sheet)
    old_measures.page(sheet)
    districts.pages(sheet)
    pathways.pages(sheet)
    composites.page(sheet)
    changed.page(sheet)
    methods.pages(sheet)
    return sheet


def cover(sheet: Sheet) -> None:
    """Whose pack it is, of which quarter, from which release, for whom, and what is in it."""
    source = sheet.source
    made = f"Release {source.id}, made {words.day(source.created.date())} from data to {words.day(source.cutoff)}."
    said = [LED_BY, OPEN if source.level == "open" else PARTNERSHIP, made, LUCK]
    if source.synthetic:
        said.insert(0, "Everything here is invented: nobody in these figures exists.")
    if not source.synthetic and source.label != f"Data to {words.day(source.cutoff)}":
        said.append(source.label)
    sheet.body.append(f"#cover(about, {literal('Integrated Offender Management: the quarterly pack')}, {literal(quarter(source))},"
                      f" {literal(said)}, true)")  # fmt: skip
