"""What is said of young people on Deter, from rows as the release has them."""

from typing import Any

from components import deter
from components.deter import Line
from metrics.figure import TOO_FEW


def row(value: float, lower: float, upper: float, unit: str, reason: str = "") -> dict[str, Any]:
    return {
        "value": value, "lower": lower, "upper": upper, "unit": unit, "decimals": 0, "status": "final", "reason": reason,
        "numerator": None, "denominator": 40.0, "denominator_of": "", "numerator_of": "", "minimum_n": 30, "indicator": "",
        "period_label": "Three years to March 2025",
    }  # fmt: skip


DAYS = row(77, 66, 87, "days")


def line(young: dict[str, Any], name: str = deter.MEASURES[1][2]) -> Line:
    return Line(name, "Young people on Deter", young, None, "Everybody on a scheme")


def test_days_are_said_with_what_they_run_from() -> None:
    said = deter.sentences([line(DAYS), line(row(65, 59, 75, "days"), deter.MEASURES[2][2])])
    assert said == [
        "In the three years to March 2025, half of young people on Deter were sentenced within 77 days of the offence (66 to 87).",
        "In the three years to March 2025, half of young people on Deter were sentenced within 65 days of the arrest (59 to 75).",
    ]


def test_a_rate_and_too_few() -> None:
    said = deter.sentences([line(row(52, 38, 66, "%"), deter.MEASURES[0][2])])
    assert said == [
        "In the three years to March 2025, 52% of young people on Deter reoffended within 12 months (38% to 66%)."
    ]
    few = line(row(70, 40, 90, "%", f"fewer than 30 people: {TOO_FEW}"), deter.MEASURES[0][2])
    assert deter.sentences([few]) == [
        "In the three years to March 2025 young people on Deter were too few to judge: reoffending within 12 months."
    ]


def test_the_table_shows_a_missing_figure_as_missing() -> None:
    html = deter.table([line(DAYS)])
    assert "77" in html and 'class="missing"' in html and "Everybody on a scheme" in html
