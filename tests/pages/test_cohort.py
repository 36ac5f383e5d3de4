"""Who is on the scheme, and is it the right people: the page on the hand-written release with its measures added, at both levels."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from components import caseload
from components.caseload import CaseloadShare, Flow, Parts, Stock
from components.caseload import sentences as say
from components.caseload.rows import unbroken
from metrics.catalogue import catalogue
from metrics.figure import TOO_FEW
from metrics.places.share import Share
from release.read import Reader
from tests.pack.test_reading_age import OLDEST, grade
from tests.pages.reading import lede, markup, text

Run = Callable[..., AppTest]
MORE = {"people_at_quarter_end": "caseload", "joined_scheme": "caseload", "left_scheme": "caseload", "reviews_overdue": "caseload", "rated_red": "caseload",
        "rated_green": "caseload", "consent_given": "caseload", "consent_refused": "caseload", "free_6_months_top_tier": "caseload", "selected_below_threshold": "decisions",
        "reoffended_after_rating": "ratings_followed", "reoffended_after_decision": "decisions_followed"}  # fmt: skip
RATINGS = {"red": (44, 80), "amber": (60, 200), "green": (14, 90)}
DECIDED = {
    "above_selected": (40, 100),
    "below_selected": (18, 45),
    "above_not_selected": (30, 150),
    "below_not_selected": (5, 50),
}
REASONS = {"stepped_down": 12, "desisted": 9, "died": 1}


@pytest.fixture(scope="module")
def data_dir(literal: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written release with the caseload's measures; at the open level those of the county alone."""
    place = tmp_path_factory.mktemp("caseload")
    literal.write(place)
    literal.add(place, lambda con, level: _fill(con, mine=level == "partnership"))
    return place


def _fill(con: duckdb.DuckDBPyConnection, *, mine: bool) -> None:
    def put(table: str, *values: Any) -> None:
        con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    for sort, (name, cohort) in enumerate(MORE.items(), 80):
        d = catalogue()[name]
        put("indicator", name, 1, d.title, d.unit, d.polarity, d.kind, d.fact, d.class_, d.minimum_n, sort, d.as_json())
        if not con.execute("SELECT 1 FROM cohort WHERE id = ?", [cohort]).fetchall():
            put("cohort", cohort, cohort.replace("_", " ").capitalize(), "people", "process", "managing_district", 0, 0, sort, "every_reoffence")  # fmt: skip
            con.execute("INSERT INTO follow_up SELECT ?, period, 'complete', complete_on FROM follow_up WHERE cohort = 'caseload'", [cohort])  # fmt: skip
    for table in ("rag_rating", "selection_decision"):  # without these records nobody is placed by rating or decision
        put("completeness", table, "person_key", 100, 100)
    for dim, values in (("rating", RATINGS), ("decided", DECIDED), ("exit_reason", REASONS)):
        if not con.execute("SELECT 1 FROM dimension WHERE id = ?", [dim]).fetchall():
            put("dimension", dim, dim.capitalize(), "partition", 70)
        for sort, value in enumerate([*values, "none"]):
            put("member", dim, value, value.replace("_", " ").capitalize(), sort)

    def figure(name: str, period: str, counts: tuple[int, int | None], group: tuple[str, str] = ("", "")) -> None:
        top, bottom = counts
        value = float(top) if bottom is None else 100 * top / bottom
        ends = (None, None) if bottom is None else (max(value - 9, 0), min(value + 9, 100))
        put("figure", name, MORE[name], period, *group, "", "", value, *ends, top, bottom, "final", "", None)
        kind = "quarter" if "Q" in period else "year"
        if not con.execute("SELECT 1 FROM lattice WHERE indicator = ? AND period_kind = ? AND dim1 = ?", [name, kind, group[0]]).fetchall():  # fmt: skip
            put("lattice", name, MORE[name], kind, group[0], "")

    for period, people, joined, left in (("2025Q3", 200, 20, 25), ("2026Q1", 190, 20, 30), ("2026Q2", 195, 30, 25), ("2026Q3", 205, 30, 20)):  # fmt: skip
        figure("people_at_quarter_end", period, (people, None))
        figure("joined_scheme", period, (joined, None))
        figure("left_scheme", period, (left, None))
    for name, counts in (("reviews_overdue", (16, 200)), ("rated_red", (50, 200)), ("rated_green", (40, 200)), ("consent_given", (140, 200)),
                         ("consent_refused", (30, 200)), ("free_6_months_top_tier", (12, None)), ("selected_below_threshold", (10, 40))):  # fmt: skip
        figure(name, "2026Q3", counts)
    if not mine:
        return
    year = "2025/26"
    for name, dim, groups in (("reoffended_after_rating", "rating", RATINGS), ("reoffended_after_decision", "decided", DECIDED)):  # fmt: skip
        figure(name, year, (sum(a for a, _ in groups.values()), sum(b for _, b in groups.values())))
        for value, counts in groups.items():
            figure(name, year, counts, (dim, value))
    for value, people in REASONS.items():
        figure("left_scheme", year, (people, None), ("exit_reason", value))


def test_the_page_tells_who_is_on_the_scheme(run: Run) -> None:
    app = run("cohort")
    assert [t.value for t in app.title] == [say.TITLE]
    said = text(app)
    assert "There were 205 people on the scheme at the end of September 2026" in said
    assert "From January 2026 to September 2026, 80 joined and 75 left: the caseload grew by 5." in said
    assert "people rated red reoffended more than those rated green, by 39 percentage points (95% interval 27 to 52). Amber (30%) lies between" in said  # fmt: skip
    assert "25% of those selected had a score below the threshold (10 of 40, July to September 2026)" in said
    assert "Those at or above the threshold who were not chosen reoffended less than those who were: 20% against 40%." in said  # fmt: skip
    assert "Of 200 people with a rating of the last six months, 50 red, 110 amber and 40 green." in said
    assert "140 gave it, 30 refused and of 30 it was not sought" in said
    assert "Why 22 people left" in said and "stepped down 12, desisted 9 and died 1" in said
    assert say.NO_SHARES in said  # no district's figures are written
    assert "undefined" not in markup(app)


def test_at_the_open_level_the_county_is_shown(run: Run) -> None:
    app = run("cohort", level="open")
    assert "205 people" in text(app)
    assert say.foretells([]) in text(app) and say.ROUNDED in text(app)
    assert "of those rated green" not in lede(app)


def test_the_opening_is_in_plain_english(source: Reader) -> None:
    stock, ratings = caseload.stock(source, {}), caseload.by_rating(source)[0]
    opening = say.opening(stock, ratings)
    assert grade(opening) <= OLDEST
    assert ("A red mark does mean more risk" in opening) == (source.level == "partnership")
    assert say.opening([], []) == "There are too few people to show this."


def test_every_measure_of_the_cohort_stands_on_the_page() -> None:
    shown = {name for _, _, names in caseload.GROUPS for name in names}
    alone = {"people_on_scheme", "reoffended_after_rating", "reoffended_after_decision"}
    written = {d.id for d in catalogue().values() if d.heading == "cohort"}
    assert shown <= written
    assert written - shown == alone


def row(value: str, share: float, spread: float = 9, **more: Any) -> dict[str, Any]:
    figure = {
        "value": share,
        "lower": share - spread,
        "upper": share + spread,
        "status": "final",
        "reason": "",
        "unit": "%",
        "decimals": 0,
    }
    return {"val1": value, "label": value.capitalize(), "period_label": "Year to March 2025", "polarity": "no_judgement", "minimum_n": 30,
            "numerator": 10, "denominator": 50} | figure | more  # fmt: skip


@pytest.mark.parametrize(
    ("red", "green", "said"),
    [
        (55, 19, "Yes: in the year to March 2025 people rated red reoffended more than those rated green, by 36 percentage points (95% interval 23 to 49)."),
        (30, 26, "Cannot tell: in the year to March 2025 the difference between red and green is 4 percentage points (95% interval from 9 fewer to 17 more), which chance could make."),
        (20, 50, "No: in the year to March 2025 people rated red reoffended less than those rated green, by 30 percentage points (95% interval 17 to 43). Such a rating misleads."),
    ],
)  # fmt: skip
def test_whether_a_rating_foretells(red: float, green: float, said: str) -> None:
    assert say.foretells([row("red", red), row("green", green)]) == said
    assert say.foretells([row("red", red), row("amber", 99), row("green", green)]).endswith("Amber (99%) does not lie between them.")  # fmt: skip


def test_too_few_are_neither_compared_nor_said() -> None:
    few = row("green", 10, reason=f"fewer than 30 people: {TOO_FEW}")
    assert "cannot be said here" in say.foretells([row("red", 50), few])
    assert say.fared([]) == ["How they fared cannot be said here: too few of these people can be shown."]


FLOWS = [
    Flow("2025Q1", "January to March 2025", 3, 1),
    Flow("2025Q3", "July to September 2025", 4, 6),
    Flow("2025Q4", "October to December 2025", 5, 5),
]


def test_only_periods_that_follow_one_another_are_added_up() -> None:
    assert [flow.period for flow in unbroken(FLOWS, 4)] == ["2025Q3", "2025Q4"]
    assert say.come_and_go(FLOWS).startswith(
        "From July 2025 to December 2025, 9 joined and 11 left: the caseload shrank by 2."
    )
    assert "9 joined and about 11 left: rounding hides whether the caseload grew or shrank." in say.come_and_go(
        FLOWS, rounded=True
    )
    assert "the caseload grew by about 9." in say.come_and_go(
        [Flow("2025/26", "April 2025 to March 2026", 30, 21)], rounded=True
    )
    assert say.come_and_go([]) == "Who joined and who left cannot be shown for this choice."
    years = [Flow("2024/25", "April 2024 to March 2025", 10, 9), Flow("2025/26", "April 2025 to March 2026", 9, 10)]
    assert "From April 2024 to March 2026, 19 joined and 19 left: the caseload is as it was." in say.come_and_go(years)


SHARES = [
    CaseloadShare("Fenland", 26, 11.0, 212, Share("Fenland", 28.0, 16.0, 42.0)),
    CaseloadShare("Peterborough", 115, 60.0, 266, Share("Peterborough", 35.0, 22.0, 51.0)),
    CaseloadShare("Cambridge", 41, 29.0, 95, Share("Cambridge", 37.0, 25.0, 40.0)),
]  # fmt: skip


def test_shares_beyond_chance_are_named_and_the_others_are_not() -> None:
    assert [one.stands for one in SHARES] == ["fewer", "more", "about"]
    assert say.standing(SHARES, "P", "Q") == (
        "Peterborough holds a larger share of places than of reoffences; Fenland a smaller one; the others are about level."
        " Places in P, reoffences after index events in Q."
    )
    assert say.standing(SHARES[2:], "P", "Q").startswith(
        "Every district's share of places is about its share of reoffences."
    )


def charts() -> Iterator[tuple[str, dict[str, Any], str]]:
    stock = [Stock("2025Q1", "January to March 2025", 40, 10), Stock("2025Q4", "October to December 2025", 44, None)]
    parts = [Parts("Everybody", (3, 5, 2)), Parts("Fenland", (1, 1, 0))]
    yield "stock", caseload.stock_chart(stock), caseload.alt_stock(stock)
    yield "flows", caseload.flows_chart(FLOWS), caseload.alt_flows(FLOWS)
    yield "rag", caseload.rag_chart(parts), caseload.alt_parts(parts, say.COLOURS, "people rated")
    yield "consent", caseload.consent_chart(parts), caseload.alt_parts(parts, say.CONSENT, "people asked")
    yield "shares", caseload.shares_chart(SHARES), caseload.alt_shares(SHARES)


def test_charts_are_valid_and_said_in_words() -> None:
    for name, drawn, alt in charts():
        go.Figure(data=drawn["data"], layout=drawn["layout"])
        assert len(alt) > 60, name
    flows, rag = (next(drawn for name, drawn, _ in charts() if name == asked) for asked in ("flows", "rag"))
    assert flows["data"][0]["x"] == [8101, 8103, 8104]  # the quarter that is missing leaves a gap
    assert [bar["x"] for bar in rag["data"]] == [[30.0, 50.0], [50.0, 50.0], [20.0, 0.0]]
