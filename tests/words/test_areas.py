"""The areas in words: a figure of too few people is never said to lie within, nor beyond, the figure for all together."""

from typing import Any, cast

import pytest

from components import words
from components.headlines.areas import Area, AreaLine
from components.judge import TOO_FEW
from components.words.areas import Parts
from metrics.framework import Line, framework
from release.read import CohortInfo

AREAS = [Area("fenland", "Fenland", ("fenland",)), Area("cambridge", "Cambridge", ("cambridge",))]


def row(value: float, lower: float, upper: float, reason: str = "") -> dict[str, Any]:
    return {"value": value, "lower": lower, "upper": upper, "status": "final", "reason": reason}


def parts(*rows: dict[str, Any]) -> Parts:
    """One measure of two areas, 50% for all together."""
    line = AreaLine(Line("outcomes", "rate", "scheme"), "Rate", cast(CohortInfo, None), rows, row(50, 45, 55), "2025")
    return [(framework().headings[0], [line])]


FEW = row(90, 80, 95, TOO_FEW)


@pytest.mark.parametrize(
    ("rows", "opened", "answered"),
    [
        ((row(50, 40, 60), row(51, 41, 61)), "No area stands out", "No area's interval lies wholly"),
        (
            (FEW, row(51, 41, 61)),
            "Of those with enough people, no area stands out",
            "Of the figures of enough people, no area's interval lies wholly above or below the figure for all together,"
            " on any measure. 1 of 2 figures is of too few people to say.",
        ),
        (
            (FEW, row(70, 61, 80)),
            "In 1 place an area is higher or lower",
            "rate is higher in Cambridge. 1 of 2 figures is of too few people to say.",
        ),
    ],
)
def test_areas_of_too_few_people_are_counted_and_not_judged(
    rows: tuple[dict[str, Any], ...], opened: str, answered: str
) -> None:
    assert words.side(FEW, row(50, 45, 55)) == ""
    assert opened in words.areas_opening(AREAS, parts(*rows))
    assert answered in words.areas_answer(AREAS, parts(*rows))
    assert ("too few" in words.areas_answer(AREAS, parts(*rows))) == (FEW in rows)
