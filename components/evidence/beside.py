"""What stands beside a matched comparison: observed against expected, before and after, and people just below a threshold."""

from collections.abc import Sequence

from components import data, verdicts
from components.judge import FINAL
from components.markup.plain import table
from components.verdicts import Row
from release.read import Reader

EXPECTED = "observed_minus_expected"
LIBERTY = "offences_per_year_at_liberty"
DESIGNS = {
    "first_selection": "First selected in the year before, whether or not they stayed",
    "fixed_date": "On it on the day (the official design)",
}
FINDINGS = {
    "fewer": "Fell by more than selection explains",
    "more": "Fell by less than selection explains, or rose",
    "cannot_tell": "Cannot tell from what selection explains",
    "no_verdict": "No reading",
}


def against_expected(source: Reader, about: Row) -> list[Row]:
    """Observed minus expected for the people of a scheme, four pooled cohorts at a time; the latest last. Empty for others."""
    if about["subject_kind"] != "scheme" or "scheme" not in {c.id for c in source.cohorts()}:
        return []
    if EXPECTED not in {i.id for i in source.indicators("scheme")}:
        return []
    place = source.cohort("scheme").district_dimension
    where = {"scheme": about["subject"]} | ({place: about["district"]} if about["district"] else {})
    found = data.rows(source, EXPECTED, "scheme", kind="year", where=where) or []
    return [row for row in found if row["status"] in FINAL and row["value"] is not None]


def expected_table(rows: Sequence[Row]) -> str:
    """Each year's observed minus expected with its interval and the people behind it."""
    body = [
        (row["period_label"], f"{row['value']:+.1f}", f"{row['lower']:+.1f} to {row['upper']:+.1f}" if row["lower"] is not None else "",
         "" if row["denominator"] is None else f"{row['denominator']:,.0f}")
        for row in rows
    ]  # fmt: skip
    heads = ("Four cohorts to March", "Observed minus expected, percentage points", "95% interval", "People")
    return table(heads, body, "Observed minus expected reoffending", numeric=(1, 2, 3))


def before_and_after(source: Reader, about: Row) -> list[Row]:
    """The before and after figures of a scheme at liberty, the latest date of each design."""
    if about["subject_kind"] != "scheme":
        return []
    mine = [
        row
        for row in data.listed(source, "before_after")
        if row["scheme"] == about["subject"] and row["district"] == about["district"] and row["measure"] == LIBERTY
    ]
    latest = {row["design"]: row for row in sorted(mine, key=lambda row: row["fixed_date"])}
    return [latest[design] for design in DESIGNS if design in latest]


def before_after_table(rows: Sequence[Row]) -> str:
    """Before, after, what selection alone explains, what is left, and the change beside other people's."""
    body = []
    for row in rows:
        ends = [(row["change"], row["change_lower"], row["change_upper"]),
                (row["remainder"], row["remainder_lower"], row["remainder_upper"]), (row["did"], row["did_lower"], row["did_upper"])]  # fmt: skip
        changes = [_percent(*three) for three in ends]
        body.append((
            DESIGNS[row["design"]], f"{row['fixed_date']:%-d %B %Y}", f"{row['people']:,}", _rate(row["baseline"]),
            _rate(row["follow_up"]), changes[0], _rate(row["expected_follow_up"]), changes[1], changes[2],
            FINDINGS[row["finding"]] + (f": {row['reason']}" if row["reason"] else ""),
        ))  # fmt: skip
    heads = ("Whom", "Date", "People", "Year before", "Year after", "Change", "Expected after, from selection alone",
             "Left over", "Beside matched people", "Reading")  # fmt: skip
    return table(heads, body, "Offences per year at liberty, before and after", numeric=(2, 3, 4, 5, 6, 7, 8))


def near_misses(source: Reader, about: Row) -> list[Row]:
    """The scores that decide on a subject, with the effect at their threshold or why it cannot be told."""
    if about["district"]:
        return []
    subject = f"{about['subject_kind']}:{about['subject']}"
    return [row for row in data.listed(source, "near_misses") if row["subject"] == subject]


def near_miss_table(rows: Sequence[Row]) -> str:
    """Each score's effect at the threshold, with the checks, or the reason why it cannot be told."""
    body = [
        (row["version"], verdicts.SAY[row["outcome"]][1], f"{row['below']:,} below, {row['above']:,} above",
         "" if row["estimate"] is None else f"{row['estimate']:+.1f}",
         "" if row["lower"] is None or row["upper"] is None else f"{row['lower']:+.1f} to {row['upper']:+.1f}",
         row["reason"] or row["problems"].replace("_", " ") or "no problem found")
        for row in rows
    ]  # fmt: skip
    heads = ("Score", "Outcome", "People", "Difference at the threshold", "95% interval", "Checks")
    return table(heads, body, "People just above and just below the threshold", numeric=(3, 4))


def _rate(value: float | None) -> str:
    return "[x]" if value is None else f"{value:.2f}"


def _percent(value: float | None, lower: float | None, upper: float | None) -> str:
    if value is None:
        return "[x]"
    return f"{value:+.0f}%" + ("" if lower is None or upper is None else f" ({lower:+.0f} to {upper:+.0f})")
