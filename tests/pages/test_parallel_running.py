"""The old measures beside the single cohort's: pages run on the hand-written release, and sentences from rows."""

from collections.abc import Callable

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from components import parallel
from components.parallel import Case
from release.read import Reader
from tests.pack.test_reading_age import OLDEST, grade
from tests.pages.reading import lede, markup, opening, text


def test_the_page_says_what_both_measures_say_and_how_the_one_becomes_the_other(run: Callable[..., AppTest]) -> None:
    page = run("parallel_running")
    assert page.title[0].value == "How do the old measures and the new compare?"
    assert lede(page).startswith(
        "By the old measure, 28.0% of the 190 people counted had a proven offence in the year from April 2024."
    )
    assert opening(page).startswith(
        "The old way of counting says that 28 in 100 broke the law again within a year. The new way says"
    )
    assert grade(opening(page)) <= OLDEST
    said = text(page)
    for expected in (
        "PPO measure, people on IOM",
        "Single cohort, people on IOM",
        "offences fell by 55% on the year before (38% to 68%)",
        "is not what a scheme did",
        "Of those 190 people, the 72 who were released, convicted or cautioned in the year while on a scheme",
        "+15.0 points.",
        "\u22124.0 points.",
    ):
        assert expected in said, expected
    assert markup(page).count('class="dots-row" role="listitem"') == 5


def test_the_open_level_shows_the_measures_and_not_the_steps_between(run: Callable[..., AppTest]) -> None:
    page = run("parallel_running", level="open", old_measure="DIP measure, people who tested positive")
    said = text(page)
    assert "60% of the 41 people counted" in said
    assert "the steps between the measures are not shown" in said and "Those whom both count" not in said


@pytest.fixture
def found(source: Reader) -> Case:
    return parallel.case(source, "on_date:iom", "2024/25")


@pytest.mark.parametrize("level", ["partnership"], indirect=True)
def test_the_steps_end_in_the_published_groups(found: Case) -> None:
    rows = parallel.step_rows(found)
    assert [row["label"] for row in rows] == [
        "The old measure", "Those whom both count", "The same people, new clock", "Everybody on IOM", "The new measure"
    ]  # fmt: skip
    assert [row["value"] for row in rows] == [28.0, 43.0, 48.0, 44.0, 41.0]


def test_the_chart_is_one_that_plotly_takes_and_its_description_says_both_ends(source: Reader) -> None:
    go.Figure(parallel.chart(source, "on_date:iom"))
    said = parallel.alt(source, "on_date:iom")
    assert "old measure: 28% in 2024/25" in said and "single cohort: " in said


@pytest.mark.parametrize("level", ["partnership"], indirect=True)
def test_a_change_that_chance_could_make_is_not_called_a_fall(found: Case) -> None:
    steps = {"old": found.old | {"change_lower": -30.0, "change_upper": 4.0}}
    unsure = Case(found.rule, found.scheme, found.year, found.label, steps, found.new, found.often)
    assert parallel.change_said(unsure)[0].startswith("By the old measure we cannot tell whether offences changed")
    none = Case(found.rule, found.scheme, found.year, found.label, {"old": found.old | {"change": None}}, None, None)
    assert parallel.change_said(none) == []
    assert parallel.answer(none).endswith("The single cohort has no figure for that year at this level.")
    few = Case(found.rule, found.scheme, found.year, found.label, {"old": found.old | {"people": 12}}, None, None)
    assert parallel.answer(few) == "In the year to March 2025 the old measure counts 12 people: too few to judge."


def test_a_lists_change_stands_beside_what_was_to_be_expected() -> None:
    row = {
        "people": 218, "fixed_date": None, "change": -32.6, "change_lower": -49.1, "change_upper": -10.8, "expected_change": -36.8,
        "finding": "cannot_tell", "reason": "",
    }  # fmt: skip
    said = parallel.list_said(row)
    assert said[1] == (
        "Their offences fell by 33%. For people like them, with nothing done, we would expect a change of \u221237%: they were chosen at "
        "their worst. Cannot tell from what selection explains."
    )
