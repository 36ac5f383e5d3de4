"""What separates the two levels is said on the page, and no decimal is shown that rounding has made false."""

from collections.abc import Callable
from itertools import product

import pytest
from streamlit.testing.v1 import AppTest

from components import data, words
from components.precision import decimals
from release.protect import round_count
from release.read import Reader
from tests.pages.reading import lede, text

Run = Callable[..., AppTest]


def row(value: float | None, top: float | None, bottom: float | None, unit: str = "%") -> dict[str, object]:
    return {"value": value, "numerator": top, "denominator": bottom, "unit": unit}


@pytest.mark.parametrize(
    ("value", "top", "bottom", "defined", "shown"),
    [
        (100 * 85 / 180, 85, 180, 1, 0),  # 47.2 times hypot(1.41/85, 1.41/180) = 0.87: no tenth of a point is true
        (100 * 1590 / 2005, 1590, 2005, 1, 1),  # 79.3 times hypot(1.41/1590, 1.41/2005) = 0.09
        (420 / 85, 420, 85, 2, 1),  # 4.94 times hypot(1.41/420, 1.41/85) = 0.08
        (47.0, None, None, 1, 1),  # nothing was rounded
        (0.0, 0, 200, 1, 1),
    ],
)
def test_a_decimal_is_kept_while_rounding_moves_it_by_one_at_most(
    value: float, top: float | None, bottom: float | None, defined: int, shown: int
) -> None:
    assert decimals(row(value, top, bottom), defined, "open") == shown
    assert decimals(row(value, top, bottom), defined, "partnership") == defined


@pytest.mark.parametrize("base", [180, 600, 2000, 20000])
def test_the_decimals_kept_are_those_that_exact_counts_would_give(base: int) -> None:
    """Slow twin: every exact pair of counts behind the rounded one; the last digit is out by 2.5 at the worst."""
    top, bottom = round_count([base * 0.47, base])  # type: ignore[arg-type]
    places = decimals(row(100 * top / bottom, top, bottom), 3, "open")
    worst = max(
        abs(100 * (top + i) / (bottom + j) - 100 * top / bottom) for i, j in product(range(-2, 3), range(-2, 3))
    )
    assert worst <= 2.5 * 10**-places
    if places:
        assert worst > 0.1 * 10**-places


def test_the_open_level_shows_fewer_decimals_than_the_partnership(run: Run) -> None:
    assert "41.1%" in lede(run("quarter", "partnership"))
    said = lede(run("quarter", "open"))
    assert "42%" in said
    assert "41.7%" not in said


@pytest.mark.parametrize("page", ["quarter", "reoffending", "districts", "pathways"])
def test_each_page_says_why_the_levels_differ(run: Run, level: str, page: str) -> None:
    said = text(run(page, level))
    assert words.WHY_LEVELS_DIFFER in said
    assert all(line in said for line in words.LEVELS_DIFFER)
    assert (words.OPEN_IN_SHORT in said) == (level == "open")


def test_the_rows_keep_their_value_whatever_is_shown(source: Reader) -> None:
    [found] = data.rows(source, "reoffending_rate", "scheme", ["2024/25"]) or []
    assert found["value"] == source.figure("reoffending_rate", "scheme", "2024/25").value
