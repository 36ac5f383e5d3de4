"""The review store: actions open until they are reviewed, one writer at a time, and nothing of it open unless marked public."""

import datetime as dt
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from common import locks, paths
from common.errors import ProblemError
from components import review
from components.review import files
from components.review.changes import quarters_between

TODAY = dt.date(2026, 1, 20)
DRAFT = review.Draft(
    quarter="2025Q4",
    indicator="waiting_days",
    cohort="referred",
    where={"pathway": "health"},
    red="target",
    what="Hold a weekly clinic at the police station",
    owner="health",
    due_on=dt.date(2026, 3, 31),
    move_by="2026Q2",
    period="2025Q4",
    value=41.0,
    lower=36.5,
    upper=45.5,
    release="20260101T000000-abcdef",
)


def opened(folder: Path, **changed: object) -> review.Action:
    return review.open_action(folder, replace(DRAFT, **changed), TODAY)  # type: ignore[arg-type]


def test_nothing_written_is_an_empty_review_and_makes_no_folder(tmp_path: Path) -> None:
    assert review.read(tmp_path) == review.Review()
    assert review.empty(tmp_path)
    assert not paths.review(tmp_path).exists()


def test_an_action_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = opened(tmp_path)
    assert made.id == "2025Q4-001"
    assert review.read(tmp_path).actions == (made,)
    assert made.open
    assert made.due_on == DRAFT.due_on
    assert not made.late(dt.date(2026, 3, 31))
    assert made.late(dt.date(2026, 4, 1))
    assert opened(tmp_path, indicator="referred_of_need").id == "2025Q4-002"


def test_an_action_is_open_until_a_review_closes_it(tmp_path: Path) -> None:
    made = opened(tmp_path)
    later = dt.date(2026, 6, 30)
    on = dt.date(2026, 4, 21)
    now = review.review_action(tmp_path, made.id, "2026Q1", "continued", note="A room is found", due_on=later, on=on)
    assert now.open
    assert now.due_on == later
    done = review.review_action(tmp_path, made.id, "2026Q2", "done", on=dt.date(2026, 7, 21))
    assert (done.open, done.closed_as, done.closed_on) == (False, "done", dt.date(2026, 7, 21))
    assert not done.late(dt.date(2030, 1, 1))
    with pytest.raises(ProblemError, match="no open action"):
        review.review_action(tmp_path, made.id, "2026Q2", "dropped", note="again")


def test_a_review_of_an_earlier_quarter_a_bare_drop_and_a_stray_date_are_refused(tmp_path: Path) -> None:
    made = opened(tmp_path)
    with pytest.raises(ProblemError, match="later quarter"):
        review.review_action(tmp_path, made.id, "2025Q3", "done")
    with pytest.raises(ProblemError, match="empty"):
        review.review_action(tmp_path, made.id, "2026Q1", "dropped")
    with pytest.raises(ProblemError, match="new due date"):
        review.review_action(tmp_path, made.id, "2026Q1", "continued")
    with pytest.raises(ProblemError, match="new due date"):
        review.review_action(tmp_path, made.id, "2026Q1", "done", due_on=dt.date(2099, 1, 1))
    assert review.read(tmp_path).actions == (made,)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"red": "cannot_tell"}, "only a red opens an action"),
        ({"owner": "somebody"}, "not one of the choices"),
        ({"quarter": "2025-4"}, "not a quarter"),
        ({"move_by": "2025Q4"}, "is over"),
        ({"due_on": TODAY}, "past or too far"),
        ({"due_on": dt.date(2030, 1, 1)}, "past or too far"),
        ({"what": "  "}, "is empty"),
        ({"where": {"sex": "female", "tier": "high", "need": "x"}}, "two groups"),
    ],
)
def test_an_action_that_breaks_a_rule_is_not_opened(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        opened(tmp_path, **changed)
    assert review.empty(tmp_path)


def test_a_measure_of_a_group_has_one_open_action_at_a_time(tmp_path: Path) -> None:
    made = opened(tmp_path)
    with pytest.raises(ProblemError, match="open action already"):
        opened(tmp_path)
    assert opened(tmp_path, where={}).id == "2025Q4-002"
    review.review_action(tmp_path, made.id, "2025Q4", "done")
    assert opened(tmp_path).id == "2025Q4-003"


IDENTIFYING = {
    "PNC": "See 2001/1234567A about this",
    "CRO": "CRO 123456/01B holds",
    "CRN": "X123456 was moved",
    "prison number": "A1234BC is due out",
    "National Insurance": "QQ 12 34 56 C",
    "National Insurance, together": "his is qq123456c",
    "postcode, small": "at cb1 2ab",
    "NHS number": "943 476 5919 was seen",
    "telephone": "ring 01223 496000 today",
    "mobile": "ring +44 7700 900123",
    "e-mail": "write to someone@example.org",
    "postcode": "at CB1 2AB",
    "birth": "DOB 3 May 1990",
    "crime": "crime 35/12345/25 is charged",
    "court": "URN 35AB1234525 is listed",
    "digits": "case 12345678",
    "address": "lives at 12 Mill Road",
    "title": "Mr Smith agreed",
    "name": "then Wayne Carter moved",
}


@pytest.mark.parametrize("text", IDENTIFYING.values(), ids=IDENTIFYING.keys())
def test_text_that_would_tell_of_a_person_is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(ProblemError) as refused:
        review.checked(text, what="The commentary")
    told = str(refused.value)
    assert not any(word in told for word in text.split() if any(c.isdigit() for c in word))
    assert "Carter" not in told


@pytest.mark.parametrize(
    "text",
    [
        "By 31 March 2026 the council takes over 25 tenancies at £12,500 each (2025/26 prices).",
        "Waiting fell from 41 days to 28; the target is 21. See page 12 of the plan of 2024/25.",
        "St John Street hostel and Peterborough Prison agreed with the Ormiston Trust to begin on 03/02/2026.",
        "Ask by 31 03 26 a second time; in Q3 4th and 5th of the month.",
        "Police Constable posts: 3.5 full time; HMP Peterborough; section 106; 30% fewer; 1 in 10.",
    ],
)
def test_what_a_plan_says_is_not_taken_for_a_person(text: str) -> None:
    assert review.checked(text, what="The commentary") == text


def test_public_text_counts_nobody_below_ten() -> None:
    for said in ("Two women were left out", "moved 3 people", "one young person waits"):
        review.checked(said, what="The commentary")
        with pytest.raises(ProblemError, match="fewer than ten"):
            review.checked(said, what="The commentary", public=True)
    assert review.checked("About 30 people wait; one agency is late", what="The commentary", public=True)


def test_the_open_level_sees_what_is_public_and_of_the_rest_a_count(tmp_path: Path) -> None:
    opened(tmp_path)
    public = opened(tmp_path, indicator="referred_of_need", public=True, aim=80.0)
    review.comment(tmp_path, "2025Q4", "Not for the public")
    review.comment(tmp_path, "2025Q4", "For everybody", "waiting_days", public=True)
    review.answer(tmp_path, "2025Q4", "police", {"multi_agency": ("partly", "We share a room")})
    held = review.read(tmp_path)
    inside, outside = (review.as_of(held, "2025Q4", level) for level in ("partnership", "open"))
    assert [one.id for one in inside.actions] == ["2025Q4-001", "2025Q4-002"]
    assert (inside.said(), inside.said("waiting_days"), len(inside.answers)) == (
        "Not for the public",
        "For everybody",
        1,
    )
    assert [one.id for one in outside.actions] == [public.id]
    assert (outside.said(), outside.said("waiting_days"), outside.answers, outside.hidden) == (
        "",
        "For everybody",
        (),
        1,
    )
    # the exact figure that it was opened from is the partnership's
    told = outside.actions[0].draft
    assert (told.value, told.lower, told.upper, told.aim) == (None, None, None, None)
    assert inside.action_on("waiting_days", "referred", {"pathway": "health"}) == inside.actions[0]
    assert outside.action_on("waiting_days", "referred", {"pathway": "health"}) is None


def test_an_earlier_release_sees_the_review_as_it_stood(tmp_path: Path) -> None:
    made = opened(tmp_path)
    review.review_action(tmp_path, made.id, "2026Q2", "done")
    held = review.read(tmp_path)
    assert review.as_of(held, "2025Q3", "partnership").actions == ()
    assert [one.id for one in review.as_of(held, "2026Q1", "partnership").open_actions] == [made.id]
    assert [one.id for one in review.as_of(held, "2026Q2", "partnership").closed_actions] == [made.id]


def test_commentary_is_replaced_only_by_somebody_who_has_seen_it(tmp_path: Path) -> None:
    first = review.comment(tmp_path, "2025Q4", "A good quarter")
    with pytest.raises(ProblemError, match="somebody wrote here"):
        review.comment(tmp_path, "2025Q4", "A bad quarter")
    assert first
    second = review.comment(tmp_path, "2025Q4", "A bad quarter", seen=first.written)
    assert [one.text for one in review.read(tmp_path).comments] == ["A bad quarter"]
    assert second
    assert review.comment(tmp_path, "2025Q4", "", seen=second.written) is None
    assert review.empty(tmp_path)


def test_an_agency_answers_anew_and_leaves_the_others(tmp_path: Path) -> None:
    review.answer(tmp_path, "2025Q4", "police", {"a": ("partly", ""), "b": ("not_yet", "")})
    review.answer(tmp_path, "2025Q4", "council", {"a": ("in_place", "")})
    review.answer(tmp_path, "2025Q4", "police", {"b": ("in_place", "Since May")})
    found = [(one.agency, one.statement, one.grade) for one in review.read(tmp_path).answers]
    assert found == [("council", "a", "in_place"), ("police", "a", "partly"), ("police", "b", "in_place")]


def test_twelve_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(number: int) -> None:
        opened(tmp_path, where={"pathway": f"p{number}"})

    writers = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    held = review.read(tmp_path).actions
    assert sorted(one.id for one in held) == [f"2025Q4-{n:03}" for n in range(1, 13)]
    assert {one.draft.where["pathway"] for one in held} == {f"p{n}" for n in range(12)}


def test_who_has_the_lock_is_waited_for_and_not_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "x.lock"
    with locks.held(file), pytest.raises(ProblemError, match="somebody else is writing"), locks.held(file, wait=0.05):
        pass
    with locks.held(file, wait=0):
        pass


def test_a_write_that_fails_leaves_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = opened(tmp_path)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        opened(tmp_path, where={})
    monkeypatch.undo()
    assert review.read(tmp_path).actions == (made,)
    assert sorted(p.name for p in paths.review(tmp_path).iterdir()) == [files.ACTIONS, files.LOCK]


def test_a_damaged_review_is_told_by_its_file_and_not_its_content(tmp_path: Path) -> None:
    opened(tmp_path)
    file = paths.review(tmp_path) / files.ACTIONS
    file.write_text(file.read_text("utf-8")[:-40], encoding="utf-8")
    with pytest.raises(ProblemError, match="cannot be read") as told:
        review.read(tmp_path)
    assert "clinic" not in str(told.value)
    file.write_text(json.dumps({"format": 99, "records": []}), encoding="utf-8")
    with pytest.raises(ProblemError, match="later version"):
        review.read(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    opened(tmp_path)
    assert paths.review(tmp_path).stat().st_mode & 0o077 == 0


def test_quarters_are_counted_over_the_year() -> None:
    assert quarters_between("2025Q4", "2026Q2") == 2
    assert quarters_between("2026Q1", "2025Q4") == -1
