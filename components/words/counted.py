"""What a figure counts: the counts behind it, and the name of what it is a share of. No denominator goes unnamed."""

from components.judge import COUNTED
from components.words.figures import Row, count, counted_anew, counts
from metrics.figure import EACH_QUARTER_ANEW, QUARTER, noun_of

NAMED = {
    "people with one or more proven reoffences": "people who reoffended",
    "people expected to reoffend": "expected to reoffend",
}
"""Denominators whose first words would not tell them from another."""
POOLED = "(index events, when quarters are pooled)"
"""Said by definitions that count people in a quarter, and entries over more quarters than one."""


def denominator(row: Row) -> str:
    """What a figure is a share of, in full, as its definition names it; nothing for a count."""
    text = str(row.get("denominator_of") or "")
    if not counted_anew(row):
        text = text.replace(f" {EACH_QUARTER_ANEW}", "")
    return "" if text.startswith("none") or row["unit"] in COUNTED else text


def noun(row: Row) -> str:
    """The denominator's name in a word or two: 'people', 'referrals', 'days at liberty'."""
    text = denominator(row)
    if POOLED in text and not QUARTER.fullmatch(str(row.get("period") or "")):
        return "index events"  # somebody who entered in two of the pooled quarters is there twice
    found = NAMED.get(text) or noun_of(text)
    return found or ("days" if "at liberty" in row["unit"] else "people" if row["unit"] == "%" else "")


def behind(row: Row) -> str:
    """How many a figure rests on, for small print: '86 of 181 people' for a share, '181 people' otherwise.

    Nothing for a count, nor where quarters are pooled that count the same anew. A rate over time has days below it, not people, and says so.
    """
    if row["value"] is None or row["denominator"] is None or row["unit"] in COUNTED or counted_anew(row):
        return ""
    below = count(row["denominator"])
    if row["unit"] == "%" and row["numerator"] is not None:
        return f"{counts(row)} {noun(row)}".strip()
    return f"{below} {noun(row)}" if noun(row) else f"n = {below}"


def what_is_counted(row: Row) -> str:
    """Numerator and denominator by name, for the note under a table of one measure."""
    below = denominator(row)
    above = str(row.get("numerator_of") or "")
    if not below:
        return f"Counted: {above}." if above else ""
    return f"Counted: {above}, out of {below}." if above else f"Out of {below}."
