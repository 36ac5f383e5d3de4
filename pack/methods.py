"""How the figures are worked out: the clocks, the rules of change and status, the levels, the signs, and each measure."""

from common.errors import sentence
from components import export, words
from pack import changed
from pack.sheet import Sheet
from pack.typeset import literal
from release.revisions import previous

HEADS = ("How it is worked out", "Take care")
"""What of a definition is printed; the workbook has all of it."""
MORE = "The sheet Measures of the workbook has all of each definition: what is counted, the follow-up, the direction and the source."


def pages(sheet: Sheet) -> None:
    """Methods."""
    source = sheet.source
    sheet.part("How are these figures worked out?")
    sheet.heading("Changes, targets and chance")
    sheet.each("para", words.CHANGE_RULES)
    sheet.add("para", words.LUCK_RULE)
    sheet.heading("How long people are followed")
    sheet.each("para", words.follow_up_of(source.cohorts()))
    sheet.heading(words.WHY_LEVELS_DIFFER)
    sheet.each("para", words.LEVELS_DIFFER)
    sheet.heading("Signs")
    sheet.table(("Sign", "Meaning"), list(words.SYMBOL_WORDS.items()), widths=[1, 12])
    if previous(source) is None:
        sheet.heading(changed.TITLE)
        sheet.add("para", changed.FIRST)
    sheet.heading("Each measure")
    sheet.add("para", MORE)
    sheet.body.append("#columns(2, gutter: 6mm)[")
    for info in source.indicators():
        sheet.body.append(f"#heading(level: 3, {literal(info.title)})")
        parts = [(head, said) for head, said in export.parts_of(info, source.cohorts(info.id)) if head in HEADS]
        sheet.add("note", " ".join(f"{head}: {sentence(' '.join(said))}" for head, said in parts))
    sheet.body.append("]")
