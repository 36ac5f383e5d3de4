"""Optimism bias: literal corrections, order, and harm left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import ProblemError
from metrics.value.optimism import WEAKEST, adjusted, correction, grade_for


@pytest.mark.parametrize(
    ("grade", "benefit", "cost"), [(1, 100, 100), (2, 95, 105), (3, 90, 110), (4, 85, 115), (5, 75, 125), (6, 60, 140)]
)
def test_each_grade(grade: int, benefit: float, cost: float) -> None:
    assert adjusted(100, grade) == pytest.approx(benefit)
    assert adjusted(100, grade, "costs") == pytest.approx(cost)


def test_the_weaker_the_evidence_the_larger_the_correction() -> None:
    for of in ("benefits", "costs"):
        listed = [correction(grade, of) for grade in range(1, WEAKEST + 1)]  # type: ignore[arg-type]
        assert listed == sorted(listed) and listed[0] == 0


@given(st.floats(-1e9, 1e9), st.integers(1, WEAKEST))
def test_a_correction_never_flatters(pounds: float, grade: int) -> None:
    assert adjusted(pounds, grade) <= pounds
    if pounds <= 0:
        assert adjusted(pounds, grade) == pounds
    else:
        assert adjusted(pounds, grade, "costs") >= pounds


def test_a_comparisons_level_has_a_grade_and_none_has_the_weakest() -> None:
    assert [grade_for(level) for level in (5, 4, 3, 2, 1, None, 9)] == [1, 2, 3, 5, 6, 6, 6]


def test_a_grade_that_is_not_known_is_told() -> None:
    with pytest.raises(ProblemError, match="Grade 7"):
        adjusted(100, 7)
