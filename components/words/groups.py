"""Groups of people, and how long until the first reoffence, in words."""

from collections.abc import Sequence
from typing import Any

from components.words.figures import Row
from components.words.sentences import listed

BREAKDOWN_POOLS = "Groups differ in who is in them: a difference is not an effect. The period is pooled, whatever periods are chosen above."


def survival_of(period: str) -> str:
    """What a curve of days to the first reoffence shows, and when."""
    return f"Share of people not yet reoffended, {period}: pooled, whatever periods are chosen above."


def nobody_in(rows: Sequence[Row]) -> list[str]:
    """The groups that nobody is in, in one line."""
    names = [str(row["label"]) for row in rows]
    return [f"Not drawn, since nothing is known of them in this period: {listed(names)}."] if names else []


def multi_note(dimension: Any) -> list[str]:
    """Groups that overlap say so."""
    return (
        ["One person may be in several of these groups: they overlap and never add up."]
        if dimension.kind == "multi"
        else []
    )


def alt_survival(curve: Any, people: str) -> str:
    """What a survival curve shows."""
    last = curve.row(-1, named=True)
    return f"Curve of the share of {people} not yet reoffended, from 100% at day 0 to {last['value']:.0f}% at day {last['day']}."
