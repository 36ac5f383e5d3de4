"""How the figures are worked out: the clocks, the rules of change and status, the levels, the signs, and each measure."""

from components import export, words
from pack.sheet import Sheet

HEADS = ("How it is worked out", "Top of the fraction", "Bottom of the fraction", "Follow-up", "Take care", "Source")
"""What of a definition is printed; the Definitions page has all of it."""
CASE_STUDIES = (
    "There are no case studies. One could only be a composite of ten or more people, labelled so, and a release holds nothing that"
    " a story could be made from: no person's record and no free text is in it."
)


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
    sheet.heading("Case studies")
    sheet.add("para", CASE_STUDIES)
    sheet.heading("Each measure")
    for info in source.indicators():
        sheet.body.append(f"#heading(level: 3, {_text(info.title)})")
        parts = [
            (head, said)
            for head, said in export.parts_of(info, source.cohorts(info.id))
            if head in HEADS and head != "Follow-up"
        ]
        sheet.add("note", " ".join(f"{head}: {_sentence(' '.join(said))}" for head, said in parts))


def _text(said: str) -> str:
    from pack.typeset import literal

    return literal(said)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
