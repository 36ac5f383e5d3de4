"""Governance on the hand-written release: what the page says at each level, and what the review adds to it."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import governance, headlines, review, words
from components.governance import sentences as say
from components.governance import tables
from release.files import open_level
from release.read import Reader
from tests.pack.test_reading_age import OLDEST, grade
from tests.pages.reading import LEVELS, ROOT, SHELL, lede, opening, text
from tests.release import literal, literal_governance

TODAY = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written release with governance, and a review of three actions and two agencies' answers."""
    place = tmp_path_factory.mktemp("governance")
    literal.write(place)
    literal.add(place, literal_governance.put)
    draft = review.Draft(
        quarter="2026Q1", indicator="friday_releases", cohort="prison_releases", red="target", what="Ask the prison for Thursdays",
        owner="prison", due_on=dt.date(2026, 10, 31), move_by="2026Q3", period="2026Q1", value=20.0, aim=10.0,
    )  # fmt: skip
    review.open_action(place, draft, dt.date(2026, 4, 20))
    review.open_action(
        place,
        review.Draft(
            quarter="2026Q2", indicator="extracts_received", cohort="", red="target", what="Send what is due",
            owner="council", due_on=dt.date(2026, 12, 31), move_by="2026Q4", period="2026Q2", public=True,
        ),
        dt.date(2026, 7, 20),
    )  # fmt: skip
    made = review.open_action(
        place,
        review.Draft(
            quarter="2026Q2", indicator="share_in_custody", cohort="caseload", where={"managing_district": "fenland"},
            red="special_cause", what="Meet the court", owner="court", due_on=dt.date(2026, 12, 31), move_by="2026Q4",
        ),
        dt.date(2026, 7, 20),
    )  # fmt: skip
    review.review_action(place, made.id, "2026Q3", "dropped", note="No longer needed", on=dt.date(2026, 10, 20))
    when = dt.datetime(2026, 10, 20, tzinfo=dt.UTC)
    first = {"together_sharing": ("in_place", "Signed in the spring"), "together_lead": ("partly", "")}
    review.answer(place, "2026Q3", "police", first, now=when)  # type: ignore[arg-type]
    review.answer(place, "2026Q3", "council", {"together_sharing": ("not_yet", "")}, public=True, now=when)
    review.answer(
        place, "2025Q3", "health", {"together_sharing": ("in_place", "")}, now=when
    )  # a year old: it stands no more
    return place


@pytest.fixture(scope="module")
def inside(data_dir: Path) -> Reader:
    return open_level(data_dir, "partnership")


@pytest.fixture(scope="module")
def outside(data_dir: Path) -> Reader:
    return open_level(data_dir, "open")


def planned(source: Reader, data_dir: Path) -> dict[str, governance.Planned]:
    return {one.ref: one for one in governance.actions(source, review.shown(source, data_dir))}


def test_an_action_past_its_day_is_late_whatever_the_plan_calls_it(inside: Reader, data_dir: Path) -> None:
    found = planned(inside, data_dir)
    assert {ref: one.state for ref, one in found.items()} == {
        "Plan 1": "late", "Plan 2": "on_track", "Plan 3": "done", "Plan 4": "dropped", "Plan 5": "open",
        "2026Q1-001": "open", "2026Q2-001": "open", "2026Q2-002": "dropped",
    }  # fmt: skip
    assert next(iter(found)) == "Plan 1"  # open ones first, by the day they are due
    assert governance.rows.by_owner(list(found.values()))[0] == ("Prison", 2, 1, 0, 1)


def test_plan_and_desk_are_late_by_one_clock_the_cut_off_of_the_release(inside: Reader, data_dir: Path) -> None:
    """The desk's is due on 31 October, after the cut-off of 30 September: it is not late, whatever today is."""
    kept = review.shown(inside, data_dir)
    [desk] = [one for one in kept.actions if one.id == "2026Q1-001"]
    past = replace(desk, draft=replace(desk.draft, due_on=dt.date(2026, 9, 29)))
    on_the_day = replace(desk, id="2026Q1-002", draft=replace(desk.draft, due_on=inside.cutoff))
    found = governance.actions(inside, replace(kept, actions=(past, on_the_day)))
    assert {one.ref: one.state for one in found if one.ref.startswith("2026")} == {
        "2026Q1-001": "late",
        "2026Q1-002": "open",
    }
    assert {one.as_at for one in found} == {inside.cutoff}
    assert "(2 late at 30 September 2026)" in say.actions_answer(found, kept)[0]
    assert "2 of them late at 30 September 2026" in say.answer([], found, None, None)
    assert "at 30 September 2026" in tables.actions(found)


def test_the_quarter_counts_the_open_actions_of_desk_and_plan_as_governance_does(
    inside: Reader, data_dir: Path
) -> None:
    kept = review.shown(inside, data_dir)
    of_plan = headlines.open_of_plan(inside)
    assert (len(kept.open_actions), of_plan) == (2, 3)
    assert len(kept.open_actions) + of_plan == sum(one.open for one in planned(inside, data_dir).values())
    assert words.actions_answer(kept, of_plan) == (
        "2 actions opened at the desk are open. Of the plan that was loaded 3 are open too."
    )


def test_what_became_of_each_measure(inside: Reader, data_dir: Path) -> None:
    found = planned(inside, data_dir)
    assert {ref: one.moved.kind for ref, one in found.items()} == {
        "Plan 1": "same",  # 20% before and since: eleven quarters are too few for a usual range
        "Plan 2": "early",  # entries since January 2026 are followed until 2028
        "Plan 3": "unjudged", "Plan 4": "same", "Plan 5": "none",
        "2026Q1-001": "same", "2026Q2-001": "counted_better", "2026Q2-002": "unjudged",
    }  # fmt: skip
    first = found["Plan 1"].moved
    assert first.before and first.after
    assert (first.before["period"], first.after["period"]) == ("2025Q4", "2026Q3")
    assert found["2026Q1-001"].moved.reached is False
    assert "too early" in say.moved_answer([found["Plan 2"]])
    assert say.moved_answer([found["Plan 1"]]) == (
        "The measure of the one action that can be read since it was opened changed by no more than chance."
    )
    assert say.moved_answer([found["Plan 1"], found["2026Q2-001"]]) == (
        "Of 2 actions whose measure can be read since they were opened, in none it moved for the better, beyond its usual"
        " range; in 1 it got better, by a full count; in 1 it changed by no more than chance."
    )
    back = replace(found["Plan 1"], moved=replace(first, kind="outside"))
    assert "in 1 it is outside its usual range on the good side, but within chance of where it stood" in (
        say.moved_answer([back, found["Plan 1"]])
    )
    assert say.moved_answer([]).startswith("No action names a measure")


def test_the_open_level_has_the_plan_and_the_public_action_without_its_figure(outside: Reader, data_dir: Path) -> None:
    found = planned(outside, data_dir)
    assert {ref for ref in found if not ref.startswith("Plan")} == {"2026Q2-001"}
    assert found["Plan 1"].moved.kind == "none"  # no quarters at this level
    kept = review.shown(outside, data_dir)
    assert say.actions_answer(list(found.values()), kept)[1].startswith("1 more open action")
    none = [
        (part, [governance.Said(one.statement, (), ()) for one in all_])
        for part, all_ in governance.said_of(outside, kept)
    ]
    assert "none is marked as public" in say.assessed_answer(none, kept)
    assert [len(answers) for answers in governance.rows.standing_answers(kept).values()] == [1]


def test_agencies_that_differ_are_told_and_an_old_answer_stands_no_more(inside: Reader, data_dir: Path) -> None:
    found = governance.said_of(inside, review.shown(inside, data_dir))
    sharing = found[0][1][0]
    assert [(one.agency, one.grade) for one in sharing.answers] == [("police", "in_place"), ("council", "not_yet")]
    assert sharing.split
    assert [title for title, _ in sharing.figures] == ["Agreements signed", "Extracts received"]
    said = say.assessed_answer(found)
    assert (
        said.startswith("2 agencies answered 2 of 25 statements.")
        and "On 1, one agency says in place and another not yet: begin there." in said
    )
    assert "Signed in the spring" in tables.evidence(found)
    assert say.assessed_answer(
        [(part, [governance.Said(one.statement, (), ()) for one in all_]) for part, all_ in found]
    ).startswith("No agency")


def test_words_without_a_list_a_plan_or_a_conference() -> None:
    assert say.answer([], [], None, None) == say.NOTHING
    assert say.opening([], [], None) == ""
    assert say.sectors_answer([], []) == "Neither a directory of programmes nor their costs were loaded."
    assert tables.actions([]) == ""


def partner(signed: bool, due: int, sent: int) -> dict[str, object]:
    return {"agreement_signed": TODAY if signed else None, "extracts_due": due, "extracts_received": sent}


@pytest.mark.parametrize(("signed", "sent", "came"), [(2, 3, 82.0), (1, 1, 34.0), (2, 0, None)])
def test_the_opening_is_plain(inside: Reader, data_dir: Path, signed: int, sent: int, came: float | None) -> None:
    found = [partner(number < signed, 3, sent) for number in range(2)]
    asked = None if came is None else {"value": came}
    late = list(planned(inside, data_dir).values())
    ended = [one for one in late if not one.open]
    open_ = [one for one in late if one.state == "open"]
    for plan in (late, ended, open_, open_[:1], []):
        said = say.opening(found, plan, asked)
        assert grade(said) <= OLDEST, said
        assert not [
            word for word in ("cohort", "interval", "extract", "indicator", "stakeholder") if word in said.lower()
        ]


Run = Callable[..., AppTest]


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("IOM_DATA_DIR", str(data_dir))

    def go(level: str) -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        app.query_params["level"] = LEVELS[level]
        app.switch_page(str(ROOT / "pages" / "governance.py"))
        app.run()
        assert not app.exception, [e.message for e in app.exception]
        return app

    return go


def test_the_page_at_the_partnership_level(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda label, data, **other: made.append(data))
    app = run("partnership")
    assert [t.value for t in app.title] == [say.TITLE]
    assert opening(app).startswith(
        "2 of 3 partners have signed up to share what they know. They have sent 5 of the 6 files they owe."
    )
    assert lede(app).startswith(
        "2 of 3 partners have signed the sharing agreement; 5 of 6 extracts due have come; 5 actions are open"
    )
    said = text(app)
    assert "No agreement is recorded for Courts Service. Extracts are owed by Fen Council (1 of 2)." in said
    assert "Ask the prison for Thursdays" in said and "Meet the court" in said
    assert (
        "3 of 4 programmes (75%) are run by the voluntary sector. It had 40% of what was spent on programmes in 2024/25: £40k of £100k"
        in said
    )
    assert "They differ" in said
    with zipfile.ZipFile(io.BytesIO(made[-1]())) as bundle:
        assert {"partners.csv", "actions.csv", "sectors.csv", "self_assessment.csv"} <= set(bundle.namelist())


def test_the_page_at_the_open_level_shows_no_text_that_is_not_public(run: Run) -> None:
    said = text(run("open"))
    assert (
        "Send what is due" in said and "1 more open action of the partnership's own is not shown to the public." in said
    )
    for private in ("Ask the prison for Thursdays", "Meet the court", "No longer needed", "Signed in the spring"):
        assert private not in said
