"""Actions, commentary and the self-assessment, written at the desk."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import review
from tests.desk.conftest import ROOT
from tests.pages.reading import text
from tests.release import literal

REVIEW, ASSESSMENT = (ROOT / "app" / "desk_pages" / f"{name}.py" for name in ("review", "self_assessment"))
Desk = Callable[[], AppTest]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The hand-written release with a target for Friday releases that they miss, in a directory of its own."""
    literal.write(tmp_path)
    missed = "INSERT INTO target VALUES ('friday_releases', 'prison_releases', '', DATE '2023-04-01', NULL, 5.0)"
    literal.add(tmp_path, lambda con, _level: con.execute(missed))
    return tmp_path


def at(desk: Desk, page: Path) -> AppTest:
    app = desk()
    app.switch_page(str(page))
    app.run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def test_a_red_opens_an_action_and_a_look_closes_it(desk: Desk, data_dir: Path) -> None:
    app = at(desk, REVIEW)
    assert app.selectbox(key="review-red").options[0].startswith("Prison releases on a Friday: 20.0%")
    app.text_area(key="review-what").set_value("Mr Smith's team books Thursdays")
    app.selectbox(key="review-owner").set_value("prison")
    app.button(key="FormSubmitter:open-action-Open this action").click().run()
    assert "seems to hold a person's name" in app.error[0].value
    assert review.empty(data_dir)

    app.text_area(key="review-what").set_value("Book Thursdays")
    app.selectbox(key="review-owner").set_value("")
    app.button(key="FormSubmitter:open-action-Open this action").click().run()
    assert "Where: Owner" in app.error[0].value  # nobody has it unless somebody is chosen
    app.selectbox(key="review-owner").set_value("prison")
    app.text_input(key="review-aim").set_value("10%")
    app.button(key="FormSubmitter:open-action-Open this action").click().run()
    assert "An action is open" in app.success[0].value
    [action] = review.read(data_dir).actions
    assert (action.id, action.draft.red, action.draft.indicator, action.draft.aim) == (
        "2026Q3-001",
        "target",
        "friday_releases",
        10.0,
    )
    assert action.draft.value == pytest.approx(20.0, abs=1)
    assert (action.draft.release, action.draft.period, action.draft.public) == (literal.RELEASE_ID, "2026Q3", False)
    assert "has an open action" in text(app)

    app.button(key=f"FormSubmitter:look-{action.id}-Save this look").click().run()
    assert "Where: Finding" in app.error[0].value
    app.selectbox(key=f"finding-{action.id}").set_value("dropped")
    app.text_area(key=f"note-{action.id}").set_value("The prison moved them all")
    app.button(key=f"FormSubmitter:look-{action.id}-Save this look").click().run()
    [action] = review.read(data_dir).actions
    assert (action.open, action.closed_as, action.reviews[0].note) == (False, "dropped", "The prison moved them all")
    assert "0 actions are open" in text(app)


def test_commentary_is_written_and_taken_away(desk: Desk, data_dir: Path) -> None:
    app = at(desk, REVIEW)
    app.text_area(key="comment-text-").set_value("A steady quarter")
    app.button(key="FormSubmitter:comment--Save the commentary").click().run()
    [said] = review.read(data_dir).comments
    assert (said.quarter, said.about, said.text, said.public) == ("2026Q3", "", "A steady quarter", False)
    app.text_area(key="comment-text-").set_value("")
    app.button(key="FormSubmitter:comment--Save the commentary").click().run()
    assert review.read(data_dir).comments == ()


def test_an_agency_answers_for_itself(desk: Desk, data_dir: Path) -> None:
    app = at(desk, ASSESSMENT)
    app.button(key="FormSubmitter:assessment-police-Save these answers").click().run()
    assert "no statement was answered" in app.error[0].value
    app.selectbox(key="grade-police-together_lead").set_value("partly")
    app.text_input(key="evidence-police-together_lead").set_value("Ten cases: seven had one")
    app.button(key="FormSubmitter:assessment-police-Save these answers").click().run()
    assert app.success[0].value == "Police answered 1 of 25 statements."
    [answer] = review.read(data_dir).answers
    assert (answer.agency, answer.statement, answer.grade) == ("police", "together_lead", "partly")
    assert answer.written.date() <= dt.date.today() + dt.timedelta(days=1)
