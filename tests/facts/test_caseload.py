"""Who is on the scheme, who comes and goes, ratings and decisions as literal dated cases, all in one store."""

from typing import Any

import duckdb
import pytest

from metrics.derive import derive
from tests.facts.stores import day, key, store

IOM = {"scheme": "iom", "managing_district": "peterborough", "exit_reason": None, "entry_route": None}


def episode(person: str, start: str, end: str | None, **more: Any) -> dict[str, Any]:
    return IOM | {"person": person, "start_date": start, "end_date": end} | more


def state(kind: str, value: str, start: str, end: str | None, review: str | None = None) -> dict[str, Any]:
    dates = {"from_date": start, "to_date": end, "review_due": review}
    return {"person": "a", "kind": kind, "value": value} | dates


def decided(person: str, on: str, score: float | None, decision: str, version: str = "matrix") -> dict[str, Any]:
    threshold = None if score is None else 4.0
    return {"person": person, "decided_on": on, "score": score, "threshold": threshold, "score_version": version,
            "decision": decision, "district": "peterborough"}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Everything at once: deriving a store takes over a second, whatever is in it."""
    made = store(
        scheme_episode=[
            episode("early", "2016-01-02", "2016-02-01"), episode("a", "2018-01-10", None),
            episode("back", "2018-02-01", "2018-05-01", entry_route="score", exit_reason="stepped_down"),
            episode("back", "2019-04-30", "2019-06-01", entry_route="transfer_in", exit_reason="transferred_out"),
            episode("late", "2018-02-01", "2018-05-01", exit_reason="desisted"), episode("late", "2019-05-01", None),
            episode("dead", "2018-02-01", "2018-05-01", exit_reason="died"), episode("rated", "2018-01-01", "2018-09-01"),
            episode("held", "2018-01-01", None), episode("high", "2018-03-10", None), episode("low", "2018-03-01", None),
        ],
        scheme_state=[
            state("tier", "tier_1", "2018-01-10", "2018-05-01", "2018-04-10"),
            state("tier", "tier_2", "2018-05-01", "2018-08-01", "2018-06-29"),
            state("tier", "tier_1", "2018-08-01", None, "2018-09-30"),
            state("consent", "refused", "2018-01-10", "2018-07-01"), state("consent", "consented", "2018-07-01", None),
        ],
        rag_rating=[
            {"person": "a", "rated_on": "2018-02-01", "overall": "green"}, {"person": "a", "rated_on": "2018-02-01", "overall": "red"},
            {"person": "rated", "rated_on": "2018-01-15", "overall": "amber"}, {"person": "rated", "rated_on": "2018-04-15", "overall": "red"},
            {"person": "rated", "rated_on": "2018-07-15", "overall": "green"}, {"person": "rated", "rated_on": "2018-10-15", "overall": "red"},
            {"person": "held", "rated_on": "2018-01-15", "overall": "red"}, {"person": "early", "rated_on": "2016-01-05", "overall": "red"},
        ],
        selection_decision=[
            decided("early", "2016-01-02", 4.0, "retained"), decided("high", "2018-03-01", 4.0, "selected"), decided("low", "2018-03-01", 3.5, "selected"),
            decided("passed", "2018-03-01", 9.0, "not_selected"), decided("inside", "2018-03-01", 1.0, "not_selected"),
            decided("blind", "2018-03-01", None, "not_selected"), decided("friend", "2018-03-01", 8.0, "selected", "mentoring"),
        ],
        offence=[
            {"person": "early", "offence_date": "2016-01-01"},
            {"person": "a", "offence_date": "2018-01-05", "proven_date": "2018-03-01"},
            {"person": "a", "offence_date": "2019-05-01", "outcome": "pending", "arrest_date": "2019-05-02", "disposal": None},
            {"person": "rated", "offence_date": "2019-01-15", "proven_date": "2019-07-17"},  # days 365 and 548 after the first rating
            {"person": "low", "offence_date": "2019-06-01"},  # 365 days after release
            {"person": "high", "offence_date": "2019-03-02"},  # 366 days after the decision
        ],
        custody_spell=[
            {"person": "early", "start_date": "2016-01-01", "end_date": "2016-01-02"},
            {"person": "a", "start_date": "2019-09-29", "end_date": "2019-09-30"},
            {"person": "held", "start_date": "2018-01-15", "end_date": "2018-01-16"},
            {"person": "low", "start_date": "2018-02-01", "end_date": "2018-06-01"},
            {"person": "inside", "start_date": "2018-02-01", "end_date": "2018-09-01"},
        ],
    )  # fmt: skip
    for person in ("passed", "inside", "blind", "friend"):
        made.execute("INSERT INTO person (person_key, sex, ethnicity) SELECT ?, 'male', 'white' WHERE NOT EXISTS"
                     " (SELECT 1 FROM person WHERE person_key = ?)", [key(person), key(person)])  # fmt: skip
    derive(made, day("2020-12-31"))
    return made


def rows(con: duckdb.DuckDBPyConnection, table: str, columns: str, person: str, where: str = "true") -> list[Any]:
    query = f"SELECT {columns} FROM {table} WHERE person_key = ? AND {where} ORDER BY period"
    return con.execute(query, [key(person)]).fetchall()


def test_a_tier_is_set_against_the_quarter_before_or_joining_since(con: duckdb.DuckDBPyConnection) -> None:
    found = rows(con, "caseload", "period, tier, top_tier, stepped_down, stepped_up", "a", "period < '2019'")
    assert found == [
        ("2018Q1", "tier_1", True, False, False),
        ("2018Q2", "tier_2", False, True, False),
        ("2018Q3", "tier_1", True, False, True),
        ("2018Q4", "tier_1", True, False, False),
    ]
    assert rows(con, "caseload", "top_tier, stepped_down", "dead") == [(None, None), (None, None)]  # no tier recorded


def test_a_review_is_overdue_from_the_day_after_it_was_due(con: duckdb.DuckDBPyConnection) -> None:
    found = rows(con, "caseload", "period, review_overdue", "a", "period < '2019'")
    assert found == [("2018Q1", False), ("2018Q2", True), ("2018Q3", False), ("2018Q4", True)]
    assert rows(con, "caseload", "review_overdue", "dead", "period = '2018Q1'") == [(None,)]  # none is on record


def test_a_rating_holds_for_183_days_and_the_worse_of_two_counts(con: duckdb.DuckDBPyConnection) -> None:
    found = rows(con, "caseload", "period, rating, consent", "a", "period < '2019'")
    assert found == [("2018Q1", "red", "refused"), ("2018Q2", "red", "refused"), ("2018Q3", "none", "consented"), ("2018Q4", "none", "consented")]  # fmt: skip


def test_free_of_offences_means_neither_a_charge_nor_a_night_inside(con: duckdb.DuckDBPyConnection) -> None:
    found = rows(con, "caseload", "period, free_six_months, free_twelve_months", "a", "period < '2020'")
    assert found == [
        ("2018Q1", False, False), ("2018Q2", False, False),  # 5 January is 176 days before the end of June
        ("2018Q3", True, False),
        ("2018Q4", True, False),  # 5 January is 360 days before
        ("2019Q1", True, True),
        ("2019Q2", False, False),  # charged on 2 May, and still pending
        ("2019Q3", False, False), ("2019Q4", False, False),  # a night inside, on 29 September
    ]  # fmt: skip
    assert rows(con, "caseload", "days_since_joining", "a", "period = '2018Q1'") == [(81,)]  # 10 January to 31 March


def test_joining_and_leaving(con: duckdb.DuckDBPyConnection) -> None:
    columns = "period, entry_route, came_back, stay_days, stay_ended"
    assert rows(con, "joining", columns, "back") == [
        ("2018Q1", "score", False, 89, True),
        ("2019Q2", "transfer_in", True, 32, True),
    ]
    assert rows(con, "joining", columns, "a") == [("2018Q1", "not_known", False, 1087, False)]  # to 31 December 2020
    leaving = "period, exit_reason, returned"
    after = "cohort = 'leavers_followed'"
    # back on 30 April 2019: 365 days after the last day, 30 April 2018; a day later it is no return
    assert rows(con, "leaving", leaving, "back", after) == [("2018Q2", "stepped_down", True), ("2019Q2", "transferred_out", False)]  # fmt: skip
    assert rows(con, "leaving", leaving, "late", after) == [("2018Q2", "desisted", False)]
    assert rows(con, "leaving", leaving, "dead", "cohort = 'leavers'") == [("2018Q2", "died", False)]
    assert rows(con, "leaving", leaving, "a") == []


def test_ratings_are_set_against_the_one_before_and_followed(con: duckdb.DuckDBPyConnection) -> None:
    columns = "period, rating, improved, worsened, at_liberty, reoffended"
    assert rows(con, "rating", columns, "rated", "cohort = 'ratings_followed'") == [
        ("2018Q1", "amber", None, None, True, True),  # day 365, proven on day 548
        ("2018Q2", "red", False, True, True, True),
        ("2018Q3", "green", True, False, True, True),
    ]  # that of October was of nobody on the scheme
    assert rows(con, "rating", "at_liberty, reoffended", "held", "cohort = 'ratings'") == [(False, False)]


def test_decisions_stand_to_their_score(con: duckdb.DuckDBPyConnection) -> None:
    columns = "decided, differs, followed, reoffended"

    def found(person: str) -> list[Any]:
        return rows(con, "selection", columns, person, "cohort = 'decisions_followed'")

    assert found("high") == [("above_selected", False, True, False)]  # the offence came a day too late
    assert found("low") == [("below_selected", True, True, True)]  # released 92 days later, and followed from then
    assert found("passed") == [("above_not_selected", True, True, False)]
    assert found("inside") == [("below_not_selected", False, False, False)]  # released 184 days later
    assert found("blind") == [("none", None, True, False)]
    assert found("early") == [("none", None, True, False)]  # to retain is neither of the two
    assert found("friend") == []  # a list whose people join no scheme selects for none
