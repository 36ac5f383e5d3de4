"""The areas side by side in words: which measures each has of its own, and why areas are never ranked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.judge import few
from components.words.figures import Row, has_interval
from components.words.sentences import listed, title_in_sentence

if TYPE_CHECKING:
    from components.headlines import Area, AreaLine
    from metrics.framework import Heading

Parts = Sequence[tuple["Heading", Sequence["AreaLine"]]]

NOT_ITS = "not its measure"
OPEN_HAS_NO_AREAS = (
    "The open level has figures by district only. A council of one district, or of all but one, would tell what is hidden "
    "there to protect people. The partnership's level has every kind of area."
)
NOT_RANKED = (
    "Areas take different people onto a scheme, so a figure that is higher or lower may reflect who is picked. They stand in "
    "the order of the alphabet, and nothing here is a ranking. Higher or lower is said only where the whole 95% interval lies "
    "beyond the figure for all areas together, whose own people are among them. About 1 area in 20 would by luck alone."
)


def areas_opening(areas: Sequence["Area"], parts: Parts) -> str:
    """The page in plain English: how many areas, whether any stands out, and that two may use different measures."""
    lines = [line for _, found in parts for line in found]
    apart = sum(side(row, line.everybody) != "" for line in lines for row in line.rows)
    own = [line for line in lines if line.own]
    many = len([line for line in lines if not line.own])
    said = f"Here are {len(areas)} areas side by side, on {many} measures that they share."
    if len(areas) == 1:
        said = f"Here is one area, on {many} measures."
    thin = _too_few(lines)
    if not apart:
        stands = (
            f"{'Of those with enough people, no' if thin else 'No'} area stands out from the rest by more than luck."
        )
    else:
        places = f"{apart} place{'s' if apart > 1 else ''}"
        stands = f"In {places} an area is higher or lower than all areas as one, by more than luck."
    chosen = " Some areas have picked measures of their own too." if own and len(areas) > 1 else ""
    return f"{said} {stands}{chosen}" if len(areas) > 1 else said


def areas_answer(areas: Sequence["Area"], parts: Parts) -> str:
    """Which measures of which areas lie beyond the figure for all together, in the order of the page; never ranked."""
    said = []
    for _, lines in parts:
        for line in lines:
            for way in ("higher", "lower"):
                names = [
                    area.label for area, row in zip(areas, line.rows, strict=True) if side(row, line.everybody) == way
                ]
                said += [f"{title_in_sentence(line.title)} is {way} in {listed(names)}"] if names else []
    if not any(row for _, lines in parts for line in lines for row in line.rows):
        return "No figure can be shown by these areas at this level."
    thin = _too_few([line for _, lines in parts for line in lines])
    held = sum(
        row is not None and row["value"] is not None for _, lines in parts for line in lines for row in line.rows
    )
    untold = f" {thin} of {held} figures {'is' if thin == 1 else 'are'} of too few people to say." if thin else ""
    if not said:
        whose = "Of the figures of enough people, no area's" if thin else "No area's"
        return f"{whose} interval lies wholly above or below the figure for all together, on any measure.{untold}"
    return f"With the whole interval beyond the figure for all together: {'; '.join(said)}.{untold}"


def _too_few(lines: Sequence["AreaLine"]) -> int:
    """How many areas' figures are of too few people for higher or lower to be said, wherever their interval lies."""
    return sum(row is not None and row["value"] is not None and few(row) for line in lines for row in line.rows)


def own_measures(areas: Sequence["Area"], parts: Parts) -> list[str]:
    """Which measures are an area's own, one sentence each."""
    said = []
    for _, lines in parts:
        for line in lines:
            theirs = [area.label for area, row in zip(areas, line.rows, strict=True) if row is not None]
            others = [area.label for area, row in zip(areas, line.rows, strict=True) if row is None]
            if line.own and theirs and others:
                said.append(
                    f"\u201c{line.title}\u201d is a measure of {listed(theirs)} alone. {listed(others)} "
                    f"{'have' if len(others) > 1 else 'has'} not chosen it."
                )
    return said


def side(row: Row | None, everybody: Row | None) -> str:
    """Whether an area's whole interval lies above or below the figure for everybody: 'higher', 'lower' or nothing."""
    if row is None or everybody is None or everybody["value"] is None or not has_interval(row) or few(row):
        return ""
    if row["status"] not in ("final", "held"):
        return ""
    return "higher" if row["lower"] > everybody["value"] else "lower" if row["upper"] < everybody["value"] else ""
