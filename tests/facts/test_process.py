"""Caseload, pathway steps, referrals, prison releases and person-years as literal dated cases."""

from typing import Any

import polars as pl
import pytest

from metrics.derive import derive
from metrics.dimensions import dimensions, members
from metrics.person_years import person_years
from tests.facts.stores import day, key, store

CUTOFF = day("2018-12-31")
BEGIN = {"person": "early", "start_date": "2017-01-01"}


def facts(fact: str, columns: str, cutoff: str = "2018-12-31", **tables: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Those columns of person a's rows in a fact, in order of period."""
    tables["scheme_episode"] = [BEGIN, *tables.get("scheme_episode", [])]
    con = store(**tables)
    derive(con, day(cutoff))
    return con.execute(f"SELECT {columns} FROM {fact} WHERE person_key = ? ORDER BY period", [key("a")]).fetchall()


def episode(start: str, end: str | None, **more: Any) -> dict[str, Any]:
    return {"person": "a", "start_date": start, "end_date": end} | more


def test_a_day_on_the_scheme_is_enough_and_leaving_belongs_to_the_last_day() -> None:
    columns = 'period, days_on_scheme, on_at_end, joined, "left", left_desisted, exit_reason'
    rows = facts("caseload", columns, scheme_episode=[episode("2018-03-31", "2018-04-02", exit_reason="desisted")])
    assert rows == [
        ("2018Q1", 1, True, True, False, False, "none"),
        ("2018Q2", 1, False, False, True, True, "desisted"),
    ]
    rows = facts("caseload", columns, scheme_episode=[episode("2018-03-01", "2018-04-01")])  # last day on it: 31 March
    assert rows == [("2018Q1", 31, True, True, True, False, "not_known")]
    assert facts("caseload", columns, scheme_episode=[episode("2018-03-01", "2018-03-01")]) == []


def test_moving_between_schemes_without_a_gap_is_neither_joining_nor_leaving() -> None:
    moves = [
        episode("2018-01-10", "2018-02-10"),
        episode("2018-02-10", None, scheme="mappa", managing_district="fenland"),
    ]
    rows = facts(
        "caseload",
        'period, joined, "left", days_on_scheme, scheme, managing_district',
        "2018-06-30",
        scheme_episode=moves,
    )
    assert rows == [
        ("2018Q1", True, False, 81, ["mappa"], "fenland"),
        ("2018Q2", False, False, 91, ["mappa"], "fenland"),
    ]


def test_overlapping_schemes_count_days_once() -> None:
    both = [episode("2018-01-01", "2018-02-01"), episode("2018-01-10", "2018-02-10", scheme="mappa")]
    assert facts("caseload", "days_on_scheme, joined", scheme_episode=both) == [(40, True)]


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [("2018-03-31", "2018-04-01", True), ("2018-03-01", "2018-03-31", False), ("2018-04-01", None, False)],
)
def test_in_custody_at_the_end_is_the_last_midnight(start: str, end: str | None, inside: bool) -> None:
    earlier = {"person": "b", "start_date": "2017-01-01", "end_date": "2017-01-02"}  # so that records have begun
    spells = [{"person": "a", "start_date": start, "end_date": end}, earlier]
    assert facts(
        "caseload",
        "in_custody_at_end",
        "2018-03-31",
        scheme_episode=[episode("2018-01-10", None)],
        custody_spell=spells,
    ) == [(inside,)]


def test_custody_is_not_available_without_a_prison_extract() -> None:
    assert facts("caseload", "in_custody_at_end", "2018-03-31", scheme_episode=[episode("2018-01-10", None)]) == [
        (None,)
    ]


def test_the_quarter_of_the_cut_off_counts_the_days_so_far() -> None:
    assert facts(
        "caseload",
        "period, days_on_scheme, on_at_end",
        "2018-01-20",
        scheme_episode=[episode("2018-01-10", "2018-02-10")],
    ) == [("2018Q1", 11, True)]


@pytest.mark.parametrize(
    ("spell", "steps"),
    [
        ({"referred_on": "2018-03-31"}, (True, False, False)),
        ({"referred_on": "2018-04-01"}, (False, False, False)),  # after the quarter
        ({"referred_on": "2017-03-31"}, (True, False, False)),  # 365 days before its end
        ({"referred_on": "2017-03-30"}, (False, False, False)),  # too long ago, never begun
        ({"referred_on": "2017-03-30", "started_on": "2017-04-01"}, (True, True, False)),  # begun and still going
        ({"referred_on": "2017-01-30", "started_on": "2017-02-01", "ended_on": "2017-03-30", "outcome": "completed"}, (False, False, False)),
        ({"referred_on": "2018-01-30", "started_on": "2018-02-01", "ended_on": "2018-03-31", "outcome": "completed"}, (True, True, True)),
        ({"referred_on": "2018-01-30", "started_on": "2018-02-01", "ended_on": "2018-04-01", "outcome": "completed"}, (True, True, False)),
        ({"referred_on": "2018-01-30", "started_on": "2018-02-01", "ended_on": "2018-03-01", "outcome": "dropped_out"}, (True, True, False)),
    ],
)  # fmt: skip
def test_steps_are_as_at_the_quarters_end(spell: dict[str, Any], steps: tuple[bool, bool, bool]) -> None:
    earlier = {"person": "b", "pathway": "health", "referred_on": "2017-01-01"}  # so that records have begun
    spells = [{"person": "a", "pathway": "health"} | spell, earlier]
    rows = facts(
        "(SELECT * FROM pathway_step WHERE pathway = 'health')",
        "period, referred, started, completed",
        scheme_episode=[episode("2018-01-10", "2018-03-20")],
        intervention_spell=spells,
    )
    assert rows == [("2018Q1", *steps)]


def test_every_pathway_has_a_row_and_need_is_that_of_the_caseload() -> None:
    needs = [{"person": "a", "pathway": "health", "assessed_on": "2018-01-10"}]
    rows = facts("pathway_step", "pathway, need", scheme_episode=[episode("2018-01-10", "2018-03-20")], need=needs)
    assert sorted(rows) == sorted((pathway, pathway == "health") for pathway in dimensions()["pathway"].values)


def test_what_no_extract_has_told_of_is_not_known_rather_than_no() -> None:
    """Without assessments, referrals or custody, or before the first of them, a quarter says nothing of them."""
    on = {"scheme_episode": [episode("2018-01-10", "2018-08-20")]}
    late = {
        "need": [{"person": "a", "pathway": "health", "assessed_on": "2018-04-01"}],
        "intervention_spell": [{"person": "a", "pathway": "health", "referred_on": "2018-04-01"}],
    }
    health = "(SELECT * FROM pathway_step WHERE pathway = 'health')"
    steps = "period, need, referred, started, completed"
    nothing = (None, None, None, None)
    assert sorted(facts(health, steps, **on)) == [(f"2018Q{quarter}", *nothing) for quarter in (1, 2, 3)]
    known = (True, True, False, False)
    assert sorted(facts(health, steps, **on, **late)) == [("2018Q1", *nothing), ("2018Q2", *known), ("2018Q3", *known)]
    spells = {"custody_spell": [{"person": "b", "start_date": "2018-04-01"}]}
    caseload = "(SELECT * FROM caseload WHERE on_at_end)"
    assert sorted(facts(caseload, "period, in_custody_at_end", **on, **spells)) == [("2018Q1", None), ("2018Q2", False)]


@pytest.mark.parametrize(
    ("spell", "expected"),
    [
        ({"started_on": "2018-02-10"}, (9, True, False)),
        ({"started_on": "2018-02-10", "ended_on": "2018-05-10", "outcome": "completed"}, (9, True, True)),
        ({"ended_on": "2018-02-21", "outcome": "not_started"}, (20, False, False)),  # the wait ended without a start
        ({}, (333, False, False)),  # still waiting on 31 December
        ({"started_on": "2019-01-10"}, (333, False, False)),  # not known on the cut-off
    ],
)
def test_waits(spell: dict[str, Any], expected: tuple[Any, ...]) -> None:
    early = {"person": "early", "referred_on": "2018-01-01"}
    rows = facts(
        "referral",
        "period, managing_district, waited_days, started, completed",
        intervention_spell=[early, {"person": "a", "referred_on": "2018-02-01"} | spell],
    )
    assert rows == [("2018Q1", "none", *expected)]


def test_prison_releases_are_those_of_people_on_a_scheme_after_sentence_or_recall() -> None:
    spells = [
        {"person": "early", "start_date": "2017-01-01", "end_date": "2017-01-03"},
        {"person": "a", "start_date": "2018-01-01", "end_date": "2018-02-02", "sentence_days": 364},  # a Friday
        {"person": "a", "start_date": "2018-04-01", "end_date": "2018-04-12", "kind": "recall"},  # a Thursday
        {"person": "a", "start_date": "2018-07-01", "end_date": "2018-07-06", "kind": "remand"},
        {"person": "a", "start_date": "2018-10-01", "end_date": "2018-10-12"},  # no longer on the scheme
    ]
    rows = facts(
        "prison_release",
        "period, friday, recall, sentence_length",
        scheme_episode=[episode("2018-01-10", "2018-09-01")],
        custody_spell=spells,
    )
    assert rows == [("2018Q1", True, False, "under_12_months"), ("2018Q2", False, True, "not_known")]


def test_members_bring_the_datas_own_districts_tiers_and_programmes() -> None:
    con = store(
        scheme_episode=[episode("2018-01-01", None)],
        scheme_state=[{"person": "a", "kind": "tier", "value": "high_risk", "from_date": "2018-01-01"}],
        intervention_spell=[{"person": "a", "referred_on": "2018-01-02", "programme": "steady_work"}],
    )
    derive(con, CUTOFF)
    found = {(member.dimension, member.value): member.label for member in members(con)}
    assert found["tier", "high_risk"] == "High risk"
    assert found["programme", "steady_work"] == "Steady work"
    districts = [member.label for member in members(con) if member.dimension == "home_district"]
    assert districts == ["Cambridge", "Fenland", "Peterborough", "Out of area", "No fixed address", "Not known"]


def test_person_years_before_and_after_a_date() -> None:
    con = store(
        person=[{"person": "a", "date_of_death": "2018-11-01"}],
        offence=[
            {"person": "a", "offence_date": "2017-06-30"},  # 366 days before
            {"person": "a", "offence_date": "2017-07-01"},  # 365 days before
            {"person": "a", "offence_date": "2018-06-30", "proven_date": "2018-12-30"},  # the day before, proven in time
            {"person": "a", "offence_date": "2018-06-29", "proven_date": "2018-12-31"},  # proven a day too late
            {"person": "a", "offence_date": "2018-07-01"},  # day 0
            {"person": "a", "offence_date": "2018-07-02"},
            {"person": "a", "offence_date": "2018-09-02", "in_custody": True},
        ],
        custody_spell=[{"person": "a", "start_date": "2018-06-30", "end_date": "2018-07-03"}, {"person": "a", "start_date": "2018-09-01", "end_date": "2018-09-11"}],
    )  # fmt: skip
    dates = pl.DataFrame({"person_key": [key("a")], "on_date": [day("2018-07-01")]})
    rows = person_years(con, dates, CUTOFF).drop("person_key", "on_date").to_dicts()
    assert rows == [
        # 2 July to 1 November: 123 days, both offences in custody (one by its date); inside on the nights of 2 July and 1 to 10 September
        {"side": "after", "days_observed": 123, "days_in_custody": 11, "days_at_liberty": 112, "offences": 2, "liberty_offences": 0},
        # 1 July 2017 to 30 June 2018: inside on its last night
        {"side": "before", "days_observed": 365, "days_in_custody": 1, "days_at_liberty": 364, "offences": 2, "liberty_offences": 2},
    ]  # fmt: skip


def test_a_programme_is_called_what_the_directory_calls_it() -> None:
    spell = {"person": "early", "referred_on": "2018-01-02"}
    known = {"title": "Thinking skills", "provider": "hmpps", "sector": "statutory", "pathway": "health", "district": "fenland", "sex_served": "all", "drop_in": False}  # fmt: skip
    con = store(
        scheme_episode=[BEGIN], intervention_spell=[spell | {"programme": "THINK_SKILLS"}, spell | {"programme": "RENT_HELP"}],
        programme=[known | {"programme": "THINK_SKILLS"}],
    )  # fmt: skip
    derive(con, CUTOFF)
    labels = {member.value: member.label for member in members(con) if member.dimension == "programme"}
    assert labels == {"RENT_HELP": "Rent help", "THINK_SKILLS": "Thinking skills"}
