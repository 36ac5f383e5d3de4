"""Is the scheme doing what it promised: the page on the hand-written release with promises added, at both levels."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from components import compliance
from components.compliance import Weekday
from components.compliance import sentences as say
from metrics.catalogue import catalogue
from metrics.figure import TOO_FEW
from release.read import Reader
from tests.pack.test_reading_age import OLDEST, grade
from tests.pages.reading import lede, markup, text

Run = Callable[..., AppTest]
COHORTS = {"appointments_kept": "required_contacts", "breach_to_enforcement": "enforcement", "conferences_on_time": "conferences", "unexpected_releases": "prison_releases", "release_date_notified": "prison_releases"}  # fmt: skip
QUARTERS = ("2025Q3", "2026Q3")
DAYS = {"monday": (10, 2), "tuesday": (8, 0), "wednesday": (0, 0), "thursday": (5, 1), "friday": (7, 3), "saturday": (0, 0), "sunday": (0, 0)}  # fmt: skip
"""Prison releases by day of the week: all of them, and those unexpected; of one on a Monday it is not known."""


@pytest.fixture(scope="module")
def data_dir(literal: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written release with five promises: at the open level only conferences."""
    place = tmp_path_factory.mktemp("promises")
    literal.write(place)
    literal.add(place, lambda con, level: _fill(con, mine=level == "partnership"))
    return place


def _fill(con: duckdb.DuckDBPyConnection, *, mine: bool) -> None:
    def put(table: str, *values: Any) -> None:
        con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    for sort, (name, cohort) in enumerate(COHORTS.items(), 50):
        d = catalogue()[name]
        put("indicator", name, 1, d.title, d.unit, d.polarity, d.kind, d.fact, d.class_, d.minimum_n, sort, d.as_json())
        if not con.execute("SELECT 1 FROM cohort WHERE id = ?", [cohort]).fetchall():
            put("cohort", cohort, cohort.replace("_", " ").capitalize(), "people", "process", "managing_district", 0, 0, sort, "every_reoffence")  # fmt: skip
            con.execute(
                "INSERT INTO follow_up SELECT ?, period, 'complete', complete_on FROM follow_up WHERE cohort = 'caseload'",
                [cohort],
            )
    put("dimension", "weekday", "Day of the week", "partition", 60)
    for sort, day in enumerate(DAYS):
        put("member", "weekday", day, day.capitalize(), sort)

    def figure(name: str, period: str, group: tuple[str, str], *numbers: float) -> None:
        """A row of value, lower, upper, numerator and denominator."""
        few = f"fewer than 30 people: {TOO_FEW}" if name == "breach_to_enforcement" else ""
        put("figure", name, COHORTS[name], period, *group, "", "", *numbers, "final", few, None)

    def listed(name: str, dim: str) -> None:
        put("lattice", name, COHORTS[name], "quarter", dim, "")

    listed("conferences_on_time", "")
    for period, held in zip(QUARTERS, (12, 15), strict=True):
        figure("conferences_on_time", period, ("", ""), 100 * held / 18, 40.0, 92.0, held, 18)
    if not mine:
        return
    for name in ("appointments_kept", "breach_to_enforcement", "unexpected_releases"):
        listed(name, "")
    for period, kept in zip(QUARTERS, (210, 270), strict=True):
        figure("appointments_kept", period, ("", ""), kept / 3, kept / 3 - 4, kept / 3 + 4, kept, 300)
        figure("breach_to_enforcement", period, ("", ""), 14, 9, 20, 7, 9)
        figure("unexpected_releases", period, ("", ""), 20.7, 10.0, 38.0, 6, 29)
    put("target", "appointments_kept", "required_contacts", "", "2024-04-01", None, 95.0)
    for name in ("unexpected_releases", "release_date_notified"):
        listed(name, "weekday")
    for day, (all_of_them, unexpected) in DAYS.items():
        noticed = all_of_them - (day == "monday")
        if all_of_them:
            figure("release_date_notified", "2026Q3", ("weekday", day), 90.0, 50.0, 99.0, all_of_them - 1, all_of_them)
            figure("unexpected_releases", "2026Q3", ("weekday", day), 10.0, 1.0, 50.0, unexpected, noticed)


def test_the_page_tells_what_became_of_each_promise(run: Run) -> None:
    app = run("compliance")
    assert app.title[0].value == say.TITLE
    opening = lede(app)
    assert opening.startswith("In July to September 2026, people kept 90% of the contacts that they had to.")
    assert "Better than a year before, by more than chance: required contacts kept." in opening
    assert "Off target: required contacts kept." in opening
    assert "breaches" not in opening  # too few people to say it aloud; the table has it in grey
    shown = text(app)
    assert "Days from breach to enforcement" in shown and "too few" in shown
    assert "Of 30 prison releases in July to September 2026, 7 were on a Friday: 4 were expected a week before and 3 were not." in shown  # fmt: skip
    assert "undefined" not in markup(app)


def test_at_the_open_level_meetings_are_told_in_full_and_people_are_not(run: Run) -> None:
    app = run("compliance", level="open", periods="Quarters")
    assert lede(app).startswith(
        "In July to September 2026, 83% of case conferences were held by the day they were due."
    )
    assert say.NO_WEEKDAYS in text(app)
    assert "Required contacts kept" not in text(app)


@pytest.fixture
def promised(source: Reader) -> list[compliance.Measure]:
    return compliance.measures(source)


def test_a_measure_stands_in_the_group_of_its_fact(source: Reader, promised: list[compliance.Measure]) -> None:
    groups, *_ = compliance.groups(source, promised, "", "quarter")
    titles = [group.title for group in groups]
    if source.level == "open":
        assert titles == ["Case conferences"]
    else:
        assert titles == ["Contacts", "Breaches, recalls and warrants", "Release from prison", "Case conferences"]
    assert compliance.groups(source, promised, "fenland", "year")[0] == []


def test_the_opening_is_in_plain_english(source: Reader, promised: list[compliance.Measure]) -> None:
    groups, *_ = compliance.groups(source, promised, "", "quarter")
    assert grade(say.answer(groups)) <= OLDEST
    assert say.answer([]) == say.HIDDEN
    for said in (*say.SAID.values(), say.HIDDEN, say.NONE, say.ABOUT, say.NO_WEEKDAYS):
        assert grade(said.format("14 days")) <= OLDEST, said


def test_every_measure_that_the_opening_says_is_in_the_catalogue() -> None:
    assert {catalogue()[name].heading for name in say.SAID} == {"compliance"}
    facts = {d.fact for d in catalogue().values() if d.heading == "compliance"}
    assert facts <= set(compliance.FACTS)  # or the page would leave a measure out


WEEK = [Weekday("Thursday", 5, 4, 1), Weekday("Friday", 6, 3, 2), Weekday("Saturday", 0, 0, 0)]


def test_the_days_of_release_add_up() -> None:
    assert say.weekdays(WEEK, "Year to March 2026") == (
        "Of 11 prison releases in the year to March 2026, 6 were on a Friday: 3 were expected a week before, 2 were not"
        " and of 1 it is not known."
    )
    assert compliance.frame_of_weekdays(WEEK).rows() == [
        ("Thursday", 4, 1, 0, 5),
        ("Friday", 3, 2, 1, 6),
        ("Saturday", 0, 0, 0, 0),
    ]
    drawn = compliance.weekdays_chart(WEEK)
    assert [sum(trace["y"]) for trace in drawn["data"]] == [7, 3, 1]
    assert "Friday 6, 2 unexpected" in compliance.alt_weekdays(WEEK, "2026")


def test_without_any_notice_on_record_nobody_is_said_to_have_been_expected() -> None:
    unknown = [Weekday("Friday", 6, None, None)]
    assert "nobody can say how many were expected" in say.weekdays(unknown, "2026")
    assert compliance.frame_of_weekdays(unknown).rows() == [("Friday", None, None, 6, 6)]
    assert say.weekdays([Weekday("Friday", 6, 6, 0)], "2026").endswith(
        "6 were on a Friday, all of them expected a week before."
    )
    assert say.weekdays([Weekday("Friday", 0, 0, 0)], "2026") == "Nobody on a scheme left prison in 2026."
