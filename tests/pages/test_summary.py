"""The one-page summary: each line's figures are the release's, and what stands beside them is worked by hand."""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from components import data, headlines, markup, words
from components.headlines import Summed, lines_of, summary
from components.headlines.summary import PREDICTED, _beside
from components.review import Action, Draft, Shown
from metrics.framework import Framework, Line, framework
from release.read import Reader
from release.standing import COLUMNS


def line_of(source: Reader, indicator: str, district: str = "") -> Summed:
    return next(x for x in lines_of(summary(source, district)) if x.now["indicator"] == indicator)


def test_every_line_is_the_releases_figure_for_its_period_and_group(source: Reader) -> None:
    for district in ("", "fenland"):
        for line in (x for x in lines_of(summary(source, district)) if x.cohort):
            figure = source.figure(line.now["indicator"], line.now["cohort"], line.now["period"], dict(line.where))
            assert line.now["value"] == figure.value
            assert line.where.get(line.cohort.district_dimension, "") == district


def test_the_quarter_before_is_stated_and_the_year_before_judged(source: Reader, level: str) -> None:
    """The hand-written caseload: 100 + the place of the quarter, so one more than a quarter before and four than a year."""
    line = line_of(source, "people_on_scheme")
    if level == "partnership":
        assert words.on_last_quarter(line) == "+1"
        assert words.on_a_year_before(line) == ("+4", "")
        assert line.quarters is not None
        assert line.quarters.now["period"] == source.reporting_quarter
    else:
        assert line.change.kind in ("difference", "none")


def test_the_target_and_the_status_are_those_of_the_area_alone(source: Reader) -> None:
    whole, part = line_of(source, "reoffending_rate"), line_of(source, "reoffending_rate", "fenland")
    assert whole.target == 40.0  # set by hand, for the area
    assert (whole.status.kind, part.status.kind) in [("cannot tell", "no target"), ("cannot tell", "none")]
    assert part.target is None
    assert words.aims(whole)[0] == ("Target 40.0%", "") or words.aims(whole)[0] == ("Target 40%", "")


def test_a_measure_without_judgement_has_no_target_though_the_plan_names_one(
    source: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target of the plan for every measure alike: those judged by it show it, and no others do."""
    for place in ("summary", "quarter"):
        monkeypatch.setattr(sys.modules[f"components.headlines.{place}"], "target_for", lambda *asked: 45.0)
    for cache in (summary, headlines.headlines):
        cache.cache_clear()
    lines = [x for x in lines_of(summary(source)) if not x.line.where]
    quiet = [x for x in lines if x.rule.id == "none"]
    assert quiet
    for x in lines:
        assert (x.target, any(told.startswith("Target") for told, _ in words.aims(x))) == (
            (None, False) if x in quiet else (45.0, True)
        )
    for one in headlines.headlines(source)[0]:
        assert one.target == (None if one.now["polarity"] == "no_judgement" else 45.0)
    for cache in (summary, headlines.headlines):
        cache.cache_clear()


def test_what_was_expected_is_the_releases_own_figure_and_not_the_rate_less_the_gap(source: Reader) -> None:
    """The gap is of the people scored and the rate of everybody: 51.4% and +8.6 points leave 42.8%, and 42.9% was expected."""
    line = line_of(source, "reoffending_rate")
    assert line.cohort
    assert line.line.expected in PREDICTED
    own = _beside(source, "reoffending_rate", line.cohort, line.now, line.where)
    assert own == line.now  # the same cohort, period and group
    assert _beside(source, "", line.cohort, line.now, line.where) is None
    scored = {**line.now, "value": 42.9, "decimals": 1}
    gap = {**scored, "value": 8.6, "unit": "percentage points", "lower": 0.4, "upper": 16.7}
    here = replace(line, target=None, now={**scored, "value": 51.4}, gap=gap, expected=scored)
    assert words.aims(here) == [("Expected 42.9%", "+8.6 points (0.4 to 16.7)")]
    assert words.aims(replace(here, expected=None)) == [("Expected: not available", "+8.6 points (0.4 to 16.7)")]
    assert words.aims(replace(here, gap=None)) == [("Expected 42.9%", "")]
    assert words.aims(replace(here, line=replace(here.line, expected=""))) == []


def test_a_measure_that_is_in_no_table_is_named_and_not_blank(source: Reader) -> None:
    for part in summary(source, "", "finance"):
        assert not {x.title for x in part.lines} & set(part.missing)
    told = " ".join(words.summary_paragraphs(summary(source, "", "finance")))
    assert "Not shown for this choice" in told
    assert "prison releases on a Friday" in told or "friday releases" in told


def test_a_line_of_one_areas_own_stands_on_its_summary_alone(source: Reader) -> None:
    own = [line for line in framework().lines if line.districts]
    for line in own:
        for district in ("", "peterborough", "fenland"):
            titles = [part for part in summary(source, district) if part.heading.id == line.heading]
            shown = {x.line for part in titles for x in part.lines}
            assert (line in shown) <= (district in line.districts)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, source: Reader) -> Iterator[list[dict[str, Any]]]:
    """Standing figures by hand: 60% of entries verified now, 55% a quarter before, 70% a year before."""
    rows = [
        ("2026Q3", "", 60.0, 30.0, 50.0), ("2026Q2", "", 55.0, 22.0, 40.0), ("2025Q3", "", 70.0, 35.0, 50.0),
        ("2026Q3", "fenland", 20.0, 1.0, 5.0),
    ]  # fmt: skip
    frame = pl.DataFrame(
        [
            ("verified", "provision", "Entries verified", period, district, value, top, bottom, "%", "higher_is_better", 0,
             "final", "")
            for period, district, value, top, bottom in rows
        ],
        schema=COLUMNS, orient="row",
    )  # fmt: skip
    line = Line("provision", "provision", standing="verified")
    made = Framework(framework().headings, (line,), framework().rules)
    monkeypatch.setattr(Reader, "standing", lambda self, measure=None: frame)
    monkeypatch.setattr(sys.modules["components.headlines.summary"], "framework", lambda: made)
    for cache in (data.listed, data.part, summary):
        cache.cache_clear()
    yield frame.to_dicts()
    for cache in (data.listed, data.part, summary):
        cache.cache_clear()


def test_a_standing_figure_is_stated_and_compared_and_is_of_nobody(source: Reader, held: list[dict[str, Any]]) -> None:
    [line] = lines_of(summary(source))
    assert (line.now["value"], line.cohort) == (60.0, None)
    assert words.on_last_quarter(line) == "+5 points"
    assert words.on_a_year_before(line) == ("\u221210 points", "")
    assert line.status.kind == "no target"
    assert "30 of 50" in markup.summary(summary(source), lambda part: "")
    [there] = lines_of(summary(source, "fenland"))
    assert (there.now["value"], there.before, words.on_last_quarter(there)) == (20.0, None, "")
    assert lines_of(summary(source, "cambridge")) == []
    assert [m for p in summary(source, "cambridge") for m in p.missing] == ["Entries verified"]


def test_only_a_red_without_an_action_asks_for_one(source: Reader) -> None:
    line = line_of(source, "reoffending_rate")
    red = replace(
        line, status=replace(line.status, kind="red", words="Misses target", reasons=("target", "special_cause"))
    )
    draft = Draft(
        "2026Q3", "reoffending_rate", "scheme", "misses_target", "See each person in the first week", "probation",
        dt.date(2026, 12, 1), "2027Q1",
    )  # fmt: skip
    action = Action("2026Q3-001", dt.date(2026, 10, 20), draft)
    none, one = (Shown("2026Q3", "partnership", found, (), ()) for found in ((), (action,)))
    before, after = dt.date(2026, 11, 1), dt.date(2026, 12, 2)
    assert headlines.action_note(none, line, before) == ""
    assert headlines.action_note(none, red, before) == "No action is open"
    assert headlines.action_note(one, red, before) == "Probation, due 1 December 2026"
    assert headlines.action_note(one, red, after).endswith(", late at 2 December 2026")
    assert words.also_red(red) == ["worse by more than chance"]
    past = Shown("2026Q3", "partnership", (replace(action, draft=replace(draft, due_on=dt.date(2026, 9, 29))),), (), ())
    for kept, due in ((one, "1 December 2026"), (past, "29 September 2026 (late at 30 September 2026)")):
        [row] = headlines.open_actions(source, kept)
        assert row == (red.now["title"], draft.what, "Probation", due, "January to March 2027")
    assert words.actions_answer(one, 0) == "1 action opened at the desk is open."
    assert words.actions_answer(none, 1) == (
        "No action opened at the desk is open. Of the plan that was loaded 1 is open too."
    )


def test_a_line_that_is_not_of_the_scheme_says_of_whom_it_is(source: Reader) -> None:
    """Beside the scheme's own rate: a title of other people's reoffending names them."""
    others = [line for line in framework().lines if line.indicator == "reoffending_rate" and line.cohort != "scheme"]
    assert others
    assert all(line.cohort.startswith("adults") and "(all adults)" in line.title for line in others)
    lines = lines_of(summary(source))
    assert (words.ALL_ADULTS in words.summary_notes(lines)) == any(x.line in others for x in lines)


def test_the_download_has_a_row_for_each_line(source: Reader) -> None:
    lines = lines_of(summary(source))
    frame = headlines.summary_frame(lines)
    assert frame is not None
    assert frame["measure"].to_list() == [x.title for x in lines]
    assert frame["value"].to_list() == [x.now["value"] for x in lines]
    assert headlines.summary_frame([]) is None


def test_areas_stand_side_by_side_and_none_is_ranked(source: Reader, level: str) -> None:
    kinds = [kind for kind, _ in headlines.area_kinds(source)]
    assert kinds == ["district"]  # the hand-written release has no larger areas
    areas = headlines.areas_of(source, "district")
    assert [a.label for a in areas] == sorted(a.label for a in areas)
    parts = headlines.by_area(source, "district")
    rate = next(line for _, lines in parts for line in lines if line.line.indicator == "reoffending_rate")
    for area, row in zip(areas, rate.rows, strict=True):
        if row is not None and row["value"] is not None:
            where = {"managing_district": area.value}
            assert row["value"] == source.figure("reoffending_rate", "scheme", row["period"], where).value
    assert "not a ranking" in words.NOT_RANKED or "nothing here is a ranking" in words.NOT_RANKED
    if level == "partnership":
        assert rate.everybody is not None
        low = {**rate.rows[0], "value": 1.0, "lower": 0.5, "upper": 2.0, "reason": ""}  # type: ignore[dict-item]
        assert words.side(low, rate.everybody) == "lower"
        assert words.side({**low, "upper": 99.0}, rate.everybody) == ""
        assert words.side({**low, "status": "provisional"}, rate.everybody) == ""
