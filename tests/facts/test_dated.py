"""Dated facts: a file is a fact, filled in the quarters of its cohort with what people were like on the day."""

from pathlib import Path

import pytest

from metrics import cohorts, dated, derive
from metrics.cohorts import Cohort
from tests.facts.stores import day, key, store

CONTACT = """-- One row for each required contact.
-- begins: appointment.due_on, scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE tried_contact ({described}, kept BOOLEAN NOT NULL);
SELECT person_key, CAST(date_diff('day', DATE '1970-01-01', due_on) AS INTEGER) AS day, result = 'kept' AS kept FROM appointment;
"""
MEETING = """-- One row for each conference.
-- begins: case_conference.due_on
-- about: work
CREATE OR REPLACE TABLE tried_meeting ({described}, held BOOLEAN NOT NULL);
SELECT conference_key AS person_key, CAST(date_diff('day', DATE '1970-01-01', due_on) AS INTEGER) AS day,
    district AS managing_district, held_on IS NOT NULL AS held FROM case_conference;
"""


@pytest.fixture
def facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tried_contact.sql").write_text(CONTACT, encoding="utf-8")
    (tmp_path / "tried_meeting.sql").write_text(MEETING, encoding="utf-8")
    found = dated.dated(tmp_path)
    monkeypatch.setattr(dated, "dated", lambda: found)
    monkeypatch.setattr(derive, "dated", lambda: found)


def cohort(entry: str) -> Cohort:
    return Cohort(f"all_{entry}", "Tried", "people tried", entry, "any", "process", "managing_district", 0, 0, True)


def test_a_file_is_a_fact_with_what_people_were_like_on_the_day(facts: None) -> None:
    con = store(
        scheme_episode=[{"person": "a", "start_date": "2018-01-01", "end_date": None}],
        scheme_state=[
            {"person": "a", "kind": "tier", "value": "t1", "from_date": "2018-01-01", "to_date": "2018-06-01"},
            {"person": "a", "kind": "tier", "value": "t2", "from_date": "2018-06-01", "to_date": None},
        ],
        appointment=[
            {"person": "b", "due_on": "2018-01-05", "agency": "police", "result": "kept"},  # the records begin
            {"person": "a", "due_on": "2018-05-31", "agency": "probation", "result": "kept"},
            {"person": "a", "due_on": "2018-08-01", "agency": "police", "result": "missed"},
            {"person": "a", "due_on": "2019-02-01", "agency": "police", "result": "kept"},  # after the cut-off
        ],
    )
    derive.derive(con, day("2018-12-31"), [*cohorts.cohorts(), cohort("tried_contact")])
    rows = con.execute(
        "SELECT cohort, period, person_key, tier, managing_district, scheme, age_group, kept FROM tried_contact"
        " WHERE person_key = ? ORDER BY period",
        [key("a")],
    ).fetchall()
    assert rows == [
        ("all_tried_contact", "2018Q2", key("a"), "t1", "peterborough", ["iom"], "adult", True),
        ("all_tried_contact", "2018Q3", key("a"), "t2", "peterborough", ["iom"], "adult", False),
    ]


def test_work_has_nobody_in_it_and_keeps_its_own_district(facts: None) -> None:
    meeting = {"agencies_invited": 8, "agencies_attending": None, "people_discussed": None}
    con = store(
        case_conference=[
            {"conference_key": "c1", "district": "fenland", "due_on": "2018-01-02", "held_on": "2018-01-02"} | meeting,
            {"conference_key": "c2", "district": "fenland", "due_on": "2018-07-02", "held_on": None} | meeting,
        ]
    )
    derive.derive(con, day("2018-12-31"), [*cohorts.cohorts(), cohort("tried_meeting")])
    rows = con.execute("SELECT period, person_key, managing_district, held FROM tried_meeting ORDER BY 1").fetchall()
    assert rows == [("2018Q1", "c1", "fenland", True), ("2018Q3", "c2", "fenland", False)]


def test_records_that_a_fact_rests_on_are_all_needed(facts: None) -> None:
    con = store(appointment=[{"person": "a", "due_on": "2018-05-31", "agency": "probation", "result": "kept"}])
    derive.derive(con, day("2018-12-31"), [*cohorts.cohorts(), cohort("tried_contact")])  # nobody is on a scheme
    assert con.execute("SELECT count(*) FROM tried_contact").fetchone() == (0,)


def test_every_mistake_in_the_files_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.sql").write_text(CONTACT.replace("-- about: people\n", ""), encoding="utf-8")
    (tmp_path / "two.sql").write_text(MEETING, encoding="utf-8")  # creates another table than its name says
    with pytest.raises(ValueError, match=r"one.sql: a line `-- about:`.*two.sql: the file must create the table two"):
        dated.dated(tmp_path)


def test_the_shipped_facts_are_well_formed_and_none_takes_the_name_of_a_canonical_table() -> None:
    from etl.contracts import TABLES

    assert not set(dated.dated()) & set(TABLES)
