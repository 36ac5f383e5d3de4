"""What a control chart says, made from its codes: special cause, which direction is good, and the target, kept apart."""

from components.words import figures as said
from metrics.compare.control_chart import Chart, Reading

RULES = {
    "outside_limits": "one quarter beyond the limits",
    "one_side": "eight or more quarters in a row on one side of the average",
    "two_of_three": "two of three quarters near the limit",
    "trend": "six or more quarters in a row in one direction",
}
CAUSES = {
    "improvement": "Better than chance explains",
    "concern": "Worse than chance explains",
    "change": "Different by more than chance explains",
    "common": "No more than chance",
    "no_limits": "Too few quarters for limits",
}
ASSURANCE = {
    "will_meet": "As it runs now it will meet the target every quarter, chance and all.",
    "will_miss": "As it runs now it will miss the target every quarter, chance and all.",
    "hit_or_miss": "As it runs now chance decides from quarter to quarter whether the target is met.",
    "no_target": "",
    "no_limits": "",
}
NOTES = {
    "few_points": "",
    "few_expected": "Few events are expected in a quarter: the upper limit is crossed by chance more often than it should be.",
    "neighbours_alike": "Neighbouring quarters are alike, so the limits may be too tight.",
    "too_tight": "Quarters vary by more than these limits allow for.",
}


def reading_answer(read: Reading | None, place: str, row: said.Row) -> str:
    """The latest quarter in a sentence or two. `row` is any figure of the measure: it says the unit and the decimals."""
    if read is None:
        return (
            f"There is no final quarter that can be shown for {'all districts' if place == 'All districts' else place}."
        )
    if read.cause == "no_limits":
        more = f"{read.needed} more finished quarter{'s' if read.needed != 1 else ''}"
        return (
            f"{place}: {read.points} finished quarters, and limits need 12. With {more} chance can be told from change."
        )
    value, centre = said.number(read.value or 0.0, row), said.number(read.centre or 0.0, row)
    if read.cause == "common":
        told = f"{place}: the latest quarter, {value}, differs from the average, {centre}, by no more than chance."
    else:
        why = RULES.get(read.rules[0], read.rules[0])
        told = f"{place}: {CAUSES[read.cause].lower()} ({why}): {value} against an average of {centre}."
    parts = [told, ASSURANCE[read.assurance], *(NOTES[note] for note in read.notes)]
    return " ".join(part for part in parts if part)


def meaning(chart: Chart) -> list[str]:
    """The key: what the lines and marks are, and which quarters are marked."""
    if not chart.has_limits:
        return []
    marked = [row for row in chart.points.to_dicts() if row["rules"]]
    kinds = sorted({RULES.get(rule, rule) for row in marked for rule in row["rules"]})
    key = "Full line: average. Dashed: where about 997 of 1,000 quarters would lie if nothing but chance were at work."
    return [key, f"Marked: {'; '.join(kinds)}." if kinds else "No quarter is marked."]
