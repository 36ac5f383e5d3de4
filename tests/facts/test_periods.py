"""Nested periods and follow-up states, as literal dates."""

import datetime as dt

import pytest

from metrics.cohorts import cohorts
from metrics.derive import derive, index_event_for
from metrics.periods import (
    block_of,
    first_quarter,
    follow_up,
    periods,
    quarter_after,
    quarter_of,
    state_of,
    year_before,
    year_of,
)
from tests.facts.stores import day, empty_store, store

BY_ID = {cohort.id: cohort for cohort in cohorts()}


@pytest.mark.parametrize(
    ("text", "quarter"),
    [("2024-01-01", "2024Q1"), ("2024-03-31", "2024Q1"), ("2024-04-01", "2024Q2"), ("2024-12-31", "2024Q4")],
)
def test_quarters_are_the_calendars(text: str, quarter: str) -> None:
    assert quarter_of(day(text)) == quarter


def test_years_run_from_april_and_blocks_from_april_2004() -> None:
    assert (year_of("2024Q1"), year_of("2024Q2"), year_of("1999Q4")) == ("2023/24", "2024/25", "1999/00")
    assert (block_of("2022/23"), block_of("2024/25"), block_of("2004/05")) == (
        "2022/23-2024/25",
        "2022/23-2024/25",
        "2004/05-2006/07",
    )
    assert (year_before("2024Q1"), quarter_after("2024Q4")) == ("2023Q1", "2025Q1")


def test_every_period_lies_in_its_parent() -> None:
    found = {period.period: period for period in periods("2014Q4", "2026Q3")}
    assert len([p for p in found.values() if p.kind == "quarter"]) == 48
    for period in found.values():
        if period.parent == "all":
            assert period.kind == "three_years"
        elif period.parent:
            parent = found[period.parent]
            assert parent.start <= period.start <= period.end <= parent.end
    assert (found["2023/24"].start, found["2023/24"].end) == (dt.date(2023, 4, 1), dt.date(2024, 3, 31))


@pytest.mark.parametrize(
    ("cutoff", "state"),
    [
        ("2026-09-29", "awaiting_proof"),
        ("2026-09-30", "complete"),
        ("2026-03-31", "awaiting_proof"),
        ("2026-03-30", "immature"),
    ],
)
def test_follow_up_is_counted_from_the_quarters_last_day(cutoff: str, state: str) -> None:
    # 31 March 2025 + 365 days = 31 March 2026; + 183 more = 30 September 2026
    assert state_of(day("2025-03-31"), 365, 183, day(cutoff)) == state


def test_without_waiting_what_is_observed_is_complete() -> None:
    assert state_of(day("2014-03-31"), 730, 0, day("2016-03-30")) == "complete"  # 2016 has a leap day before then
    assert state_of(day("2014-03-31"), 730, 0, day("2016-03-29")) == "immature"


def test_a_year_is_complete_when_all_its_quarters_are() -> None:
    rows = {row.period: row for row in follow_up(BY_ID["adults"], "2014Q4", day("2026-09-30"))}
    states = [rows[period].state for period in ("2025Q1", "2025Q2", "2025Q3", "2025Q4")]
    assert states == ["complete", "awaiting_proof", "awaiting_proof", "immature"]
    assert (rows["2024/25"].state, rows["2025/26"].state, rows["all"].state) == ("complete", "immature", "complete")
    assert (rows["2025Q1"].complete_on, rows["all"].complete_on) == (dt.date(2026, 9, 30), dt.date(2026, 9, 30))
    assert "2014/15" not in rows  # it began before the records did
    assert "2022/23-2024/25" in rows


def test_a_process_quarter_is_complete_when_it_has_ended() -> None:
    rows = {row.period: row.state for row in follow_up(BY_ID["caseload"], "2026Q1", day("2026-09-29"))}
    assert rows == {
        "2026Q1": "complete",
        "2026Q2": "complete",
        "2026Q3": "immature",
        "2026/27": "immature",
        "all": "complete",
    }


def test_records_must_reach_back_to_a_quarters_first_fortnight() -> None:
    assert first_quarter(day("2014-10-01")) == "2014Q4"
    assert first_quarter(day("2014-10-14")) == "2014Q4"
    assert first_quarter(day("2014-10-15")) == "2015Q1"


def test_each_cohorts_quarters_are_those_of_its_own_records() -> None:
    con = store(
        offence=[{"person": "a", "offence_date": "1990-05-05", "proven_date": "2018-01-10"}],
        scheme_episode=[{"person": "a", "start_date": "2019-04-01"}],
        cohort_member=[{"person": "a", "cohort": "trial", "index_date": "2017-09-20"}],
        cohort_definition=[{"cohort": "trial", "title": "A trial", "follow_up_days": 30, "waiting_days": 0}],
    )
    derive(con, day("2020-02-10"))
    rows = con.execute(
        "SELECT cohort, min(period), max(period) FROM follow_up WHERE period LIKE '%Q%' GROUP BY cohort ORDER BY cohort"
    ).fetchall()
    assert [row for row in rows if row[0] in ("adults", "scheme", "trial", "caseload")] == [
        ("adults", "2018Q1", "2020Q1"), ("caseload", "2019Q2", "2020Q1"), ("scheme", "2019Q2", "2020Q1"), ("trial", "2017Q3", "2020Q1"),
    ]  # fmt: skip
    assert con.execute("SELECT min(period) FROM period WHERE kind = 'quarter'").fetchall() == [("2017Q3",)]


def test_another_definition_has_its_own_states_and_leaves_the_store_alone() -> None:
    con = store(offence=[{"person": "a", "offence_date": "2018-01-10"}, {"person": "a", "offence_date": "2018-02-19"}])
    derive(con, day("2018-06-30"))
    asked = index_event_for(con, BY_ID["adults"], 40, 10, day("2018-06-30"))
    assert con.execute(f"SELECT reoffences, days_observed FROM {asked.index_event}").fetchall() == [(1, 40)]
    assert con.execute(f"SELECT state FROM {asked.follow_up} WHERE period = '2018Q1'").fetchall() == [("complete",)]
    assert con.execute("SELECT state FROM follow_up WHERE cohort = 'adults' AND period = '2018Q1'").fetchall() == [
        ("immature",)
    ]
    with pytest.raises(ValueError, match="not followed up"):
        index_event_for(con, BY_ID["caseload"], 40, 10, day("2018-06-30"))


def test_no_working_table_outlives_the_derivation() -> None:
    con = store(offence=[{"person": "a", "offence_date": "2018-01-10"}])
    derive(con, day("2018-06-30"))
    assert con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall() == []


def test_facts_of_an_empty_store_are_empty() -> None:
    con = empty_store()
    derive(con, day("2026-09-30"))
    for table in ("index_event", "caseload", "pathway_step", "referral", "prison_release", "period", "follow_up"):
        assert con.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM cohort").fetchall() == [(len(BY_ID),)]
    asked = index_event_for(con, BY_ID["scheme"], 730, 0, day("2026-09-30"))
    assert con.execute(f"SELECT count(*) FROM {asked.index_event}").fetchall() == [(0,)]
