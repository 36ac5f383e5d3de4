"""Real terms: hand-worked, against a plain twin, and there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import ProblemError
from metrics.value.parameters import Parameters, parameters
from metrics.value.prices import assumed, index, real, year_of
from metrics.value.reference import rows

YEARS = (
    st.integers(1990, 2033)
    .flatmap(lambda year: st.sampled_from([str(year), f"{year}/{(year + 1) % 100:02d}"]))
    .filter(lambda year: year != "1989/90")
)


def test_the_case_in_the_docs() -> None:
    """£1,000 of 2015/16 in 2023/24 prices: (0.75 x 96.2507 + 0.25 x 100) / (0.75 x 75.1536 + 0.25 x 76.4554)."""
    assert index("2015/16") == pytest.approx(75.47905)
    assert index("2023/24") == pytest.approx(97.188025)
    assert real(1000, "2015/16", "2023/24") == pytest.approx(1287.62, abs=0.005)


def plain_twin(year: str) -> float:
    """Month by month: nine months of the first year and three of the second, each at its calendar year's index."""
    listed = {int(row["year"]): float(row["value"]) for row in rows("gdp_deflator.csv")}
    for later in range(2025, 2045):
        listed[later] = listed[later - 1] * 1.02
    first = int(year[:4])
    months = [first] * 9 + [first + 1] * 3 if "/" in year else [first] * 12
    return sum(listed[month] for month in months) / 12


@given(YEARS)
def test_the_index_agrees_with_its_plain_twin(year: str) -> None:
    assert index(year) == pytest.approx(plain_twin(year), rel=1e-12)


@given(st.floats(-1e9, 1e9), YEARS, YEARS, YEARS)
def test_there_and_back_and_by_way_of_another_year(pounds: float, one: str, two: str, three: str) -> None:
    assert real(real(pounds, one, two), two, one) == pytest.approx(pounds, rel=1e-12, abs=1e-9)
    assert real(real(pounds, one, two), two, three) == pytest.approx(real(pounds, one, three), rel=1e-12, abs=1e-9)
    assert real(2 * pounds, one, two) == pytest.approx(2 * real(pounds, one, two), rel=1e-12, abs=1e-9)


def test_years_after_the_deflator_are_an_assumption() -> None:
    assert not assumed("2024") and not assumed("2023/24")
    assert assumed("2024/25") and assumed("2025")
    assert index("2026") == pytest.approx(100 * 1.02**2)


def test_a_partnership_may_give_a_later_year() -> None:
    known = dict(parameters())
    base = known["deflator.2024"]
    known["deflator.2025"] = type(base)(
        **{**{f: getattr(base, f) for f in base.__slots__}, "name": "deflator.2025", "value": 103.0}
    )
    own = Parameters(known)
    assert index("2025", own) == 103.0 and not assumed("2024/25", own)
    assert index("2026", own) == pytest.approx(103 * 1.02)


@pytest.mark.parametrize("year", ["", "  ", "15/16", "2015/17", "2015-16", "twenty"])
def test_a_year_that_is_none_is_told(year: str) -> None:
    with pytest.raises(ProblemError, match=r"price year is (missing|not a year)") as told:
        year_of(year)
    assert "2015/16" in told.value.allowed


@pytest.mark.parametrize("year", ["1985", "2036", "2034/35"])
def test_a_year_without_prices_is_told(year: str) -> None:
    with pytest.raises(ProblemError, match="has no prices for") as told:
        index(year)
    assert told.value.allowed and told.value.remedy


def test_the_turn_of_the_century() -> None:
    assert year_of("1999/00") == (1999, True)
    assert real(100, "1999/00", "2000") == pytest.approx(100 * 54.8102 / (0.75 * 54.2793 + 0.25 * 54.8102))
