"""One figure in words: its value, its interval, the counts behind it, or the sign that stands in its place."""

from collections.abc import Iterable, Mapping
from typing import Any

from components.precision import usual
from metrics.figure import counted_again

Row = Mapping[str, Any]
"""One row of a frame of figures, as `release.read.Reader.figures` gives it."""


SYMBOLS = {
    "suppressed": "[c]",
    "withheld": "[c]",
    "not available": "[x]",
    "immature": "[t]",
}


SYMBOL_WORDS = {
    "[c]": "hidden to protect people",
    "[x]": "not available",
    "[t]": "too early: follow-up has not run its course",
    "[p]": "provisional: some cases are not yet proven, so the figure is too low",
    "[h]": "held: carried forward from an earlier release to protect people",
}


def number(value: float, row: Row) -> str:
    """A value with the decimals that its definition gives it: '58.2%', '104', '4.85'."""
    unit, decimals = row["unit"], row.get("decimals")
    decimals = usual(unit) if decimals is None else decimals
    return f"{value:,.{decimals}f}{'%' if unit == '%' else ''}"


def count(value: float | None) -> str:
    """A count with its thousands set apart, or a dash where there is none."""
    return "\u2013" if value is None else f"{value:,.0f}"


def with_unit(value: float, row: Row) -> str:
    """A value and its unit, as in a sentence."""
    return number(value, row) if row["unit"] == "%" else f"{number(value, row)} {row['unit']}"


def symbol(row: Row) -> str:
    """The mark that stands for a figure's status: none for a final one."""
    if row["value"] is None:
        return SYMBOLS.get(row["status"], "[x]")
    return {"provisional": "[p]", "held": "[h]"}.get(row["status"], "")


def shown(row: Row) -> str:
    """The value, or the symbol that stands in its place. Never 0 and never blank for a missing figure."""
    return symbol(row) if row["value"] is None else number(row["value"], row)


def has_interval(row: Row) -> bool:
    """Whether a figure has an interval of any width."""
    return None not in (row["value"], row["lower"], row["upper"]) and bool(row["lower"] < row["upper"])


def interval(row: Row) -> str:
    """The 95% interval: '53.4% to 62.9%', or nothing for a figure that has none (a full count has none)."""
    if not has_interval(row):
        return ""
    return f"{number(row['lower'], row)} to {number(row['upper'], row)}"


def counted_anew(row: Row) -> bool:
    """Whether quarters are pooled here that each count the same anew: a share is given, and no counts."""
    return counted_again(str(row.get("denominator_of") or ""), str(row.get("period") or ""))


def counts(row: Row) -> str:
    """The counts behind a value: '72 of 124' for a part of a whole, '162 for 28' for what is counted for each of them."""
    if counted_anew(row) or row["numerator"] is None or row["denominator"] is None or row["value"] is None:
        return ""
    between = "for" if "per" in row["unit"].split() else "of"
    return f"{count(row['numerator'])} {between} {count(row['denominator'])}"


def in_sentence(row: Row) -> str:
    """A figure as a sentence says it, with its interval or with the reason it is missing."""
    if row["value"] is None:
        return f"not shown ({row['reason']})"
    bounds = interval(row)
    text = with_unit(row["value"], row)
    return f"{text} (95% interval {bounds})" if bounds else text


def key_to(rows: Iterable[Row]) -> list[str]:
    """What each symbol in these rows means, with the reasons given, for the note under a table."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if mark := symbol(row):
            reasons = found.setdefault(mark, [])
            if row["reason"] and reason(row) not in reasons:
                reasons.append(reason(row))
    return [f"{mark} {SYMBOL_WORDS[mark]}" + (f" ({'; '.join(r[:3])})" if r else "") for mark, r in found.items()]


def tick(value: float, row: Row) -> str:
    """A tick on an axis: as few decimals as it needs."""
    return f"{value:,.0f}{'%' if row['unit'] == '%' else ''}" if value == int(value) else f"{value:,.3g}"


FEWER_THAN_HALF = "fewer than half have reached it"


def reason(row: Row) -> str:
    """Why a figure is missing, in as few words as will do."""
    text = str(row["reason"])
    if row.get("indicator") == "waiting_days" and text.startswith(FEWER_THAN_HALF):
        return "fewer than half have started so far"
    return "nobody in this group in this period" if text.startswith("no ") and text.endswith("in this period") else text
