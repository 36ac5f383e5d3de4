"""The status of a measure by its published rule, each case worked by hand from the intervals."""

from dataclasses import replace
from typing import Any

import pytest

from components.judge import by_rule
from metrics.compare.control_chart import Reading
from metrics.figure import TOO_FEW
from metrics.framework import status_rules

RULES = status_rules()
READ = Reading("2025Q1", 60.0, 50.0, 40.0, 58.0, "concern", ("outside_limits",), 1, "no_target", 16, 0, ())


def row(value: float | None, lower: float, upper: float, **more: Any) -> dict[str, Any]:
    return {
        "value": value, "lower": lower, "upper": upper, "status": "final", "reason": "", "denominator": 100, "minimum_n": 30,
        "unit": "%", "polarity": "lower_is_better", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("interval", "target", "kind", "words"),
    [
        ((41.0, 60.0), 40.0, "red", "Misses target"),  # the whole interval lies above 40
        ((40.0, 60.0), 40.0, "cannot tell", "Cannot tell"),  # its end is the target itself
        ((20.0, 40.0), 40.0, "green", "Meets target"),
        ((20.0, 41.0), 40.0, "cannot tell", "Cannot tell"),
        ((20.0, 41.0), None, "no target", "No target"),
    ],
)
def test_a_target_decides_by_the_whole_interval(
    interval: tuple[float, float], target: float | None, kind: str, words: str
) -> None:
    found = by_rule(row(sum(interval) / 2, *interval), RULES["judged"], target)
    assert (found.kind, found.words) == (kind, words)
    assert found.red == (kind == "red")


def test_where_higher_is_better_the_sides_are_the_other_way() -> None:
    higher = {"polarity": "higher_is_better"}
    assert by_rule(row(50, 41, 60, **higher), RULES["judged"], 40.0).kind == "green"
    assert by_rule(row(30, 20, 39, **higher), RULES["judged"], 40.0).kind == "red"


def test_a_special_cause_for_the_worse_is_red_and_names_itself_where_no_target_is_missed() -> None:
    assert by_rule(row(50, 30, 70), RULES["judged"], None, None, READ).words == "Worse by more than chance"
    both = by_rule(row(50, 41, 60), RULES["judged"], 40.0, None, READ)
    assert (both.words, both.reasons) == ("Misses target", ("target", "special_cause"))
    met = by_rule(row(30, 20, 39), RULES["judged"], 40.0, None, READ)
    assert met.kind == "red"  # on target, and yet getting worse by more than chance


@pytest.mark.parametrize("note", ["neighbours_alike", "few_expected", "too_tight"])
def test_a_chart_whose_limits_may_be_too_tight_turns_nothing_red(note: str) -> None:
    assert by_rule(row(50, 30, 70), RULES["judged"], None, None, replace(READ, notes=(note,))).kind == "no target"


@pytest.mark.parametrize("cause", ["improvement", "change", "common", "no_limits"])
def test_no_other_reading_of_the_chart_is_red(cause: Any) -> None:
    assert not by_rule(row(50, 30, 70), RULES["judged"], None, None, replace(READ, cause=cause)).red


def test_what_was_expected_decides_only_by_the_rule_that_says_so() -> None:
    worse, better, unsure = row(9, 1, 17), row(-9, -17, -1), row(1, -5, 7)
    now = row(50, 41, 60)
    assert by_rule(now, RULES["judged"], None, worse).kind == "no target"
    for gap, kind in ((worse, "red"), (better, "green"), (unsure, "cannot tell")):
        assert by_rule(now, RULES["against_expected"], None, gap).kind == kind
    assert by_rule(now, RULES["against_expected"], None, row(None, 1, 2)).kind == "no target"


def test_few_people_provisional_figures_and_no_judgement_are_grey_whatever_else() -> None:
    few = row(90, 80, 99, reason=f"fewer than 30 people: {TOO_FEW}")
    assert by_rule(few, RULES["judged"], 40.0, None, READ).kind == "too few"
    assert by_rule(row(90, 80, 99, denominator=29), RULES["judged"], 40.0, None, READ).kind == "too few"
    assert by_rule(few, RULES["judged"], None, None, READ).kind == "too few"
    assert by_rule(row(90, 80, 99, status="provisional"), RULES["judged"], 40.0, None, READ).words == "Provisional"
    assert by_rule(row(None, 0, 0), RULES["judged"], 40.0, None, READ).words == "Not shown"
    assert by_rule(row(90, 80, 99), RULES["none"], 40.0, None, READ).words == "No judgement"
    neutral = row(90, 80, 99, polarity="no_judgement")
    assert by_rule(neutral, RULES["judged"], 40.0, None, READ).words == "No judgement"
