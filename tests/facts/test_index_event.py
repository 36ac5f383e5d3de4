"""Index events as the specification states them: literal dated cases, expected values written out."""

import datetime as dt
from typing import Any

import pytest

from metrics.cohorts import resolved
from metrics.derive import index_event_for
from tests.facts.stores import day, key, store

CUTOFF = day("2024-12-31")
EARLY = {"person": "early", "offence_date": "2014-10-01"}  # so that records begin with October 2014


def facts(cohort: str = "adults", cutoff: dt.date = CUTOFF, **tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of person a in a cohort's index events, in order of date."""
    tables["offence"] = [EARLY, *tables.get("offence", [])]
    con = store(**tables)
    chosen = next(one for one in resolved(con) if one.id == cohort)
    made = index_event_for(con, chosen, chosen.follow_up_days, chosen.waiting_days, cutoff)
    query = f"SELECT * FROM {made.index_event} WHERE person_key = ? ORDER BY index_date"
    return con.sql(query, params=[key("a")]).pl().to_dicts()


def offence(date: str, proven: str | None = None, **more: Any) -> dict[str, Any]:
    return {"person": "a", "offence_date": date, "proven_date": proven or date} | more


def spell(start: str, end: str | None, kind: str = "sentence", **more: Any) -> dict[str, Any]:
    return {"person": "a", "start_date": start, "end_date": end, "kind": kind} | more


def dates(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['index_date']} {row['index_kind']}" for row in rows]


# Days 1 to 365, proven by day 548. Index on 10 January 2018: day 365 is 10 January 2019, day 548 is 12 July 2019.
@pytest.mark.parametrize(
    ("committed", "proven", "counted"),
    [
        ("2018-01-10", "2018-02-01", False),  # day 0
        ("2018-01-11", "2018-02-01", True),  # day 1
        ("2019-01-10", "2019-02-01", True),  # day 365
        ("2019-01-11", "2019-02-01", False),  # day 366
        ("2018-06-01", "2019-07-12", True),  # proven on day 548
        ("2018-06-01", "2019-07-13", False),  # proven on day 549
    ],
)
def test_the_edges_of_follow_up_and_waiting(committed: str, proven: str, counted: bool) -> None:
    row = facts(offence=[offence("2018-01-10", disposal="fine"), offence(committed, proven)])[0]
    assert (row["index_date"], row["reoffended"], row["reoffences"]) == (day("2018-01-10"), counted, int(counted))
    assert row["days_to_first"] == ((day(committed) - day("2018-01-10")).days if counted else None)


@pytest.mark.parametrize(
    ("index", "last", "after"),
    [
        ("2020-02-29", "2021-02-28", "2021-03-01"),  # a leap day: day 365 is the last of February
        ("2019-03-01", "2020-02-29", "2020-03-01"),  # a leap day within: it is day 365
        ("2019-01-31", "2020-01-31", "2020-02-01"),  # a month's end
    ],
)
def test_a_year_is_365_days_whatever_the_calendar_says(index: str, last: str, after: str) -> None:
    assert facts(offence=[offence(index), offence(last, last)])[0]["reoffences"] == 1
    assert facts(offence=[offence(index), offence(after, after)])[0]["reoffences"] == 0


def test_two_years_follow_730_days_and_wait_183() -> None:
    offences = [offence("2018-01-10"), offence("2020-01-10", "2020-07-11"), offence("2020-01-11", "2020-07-11")]
    assert facts("adults_2y", offence=offences)[0]["reoffences"] == 1  # day 730 proven on day 913; not day 731


def test_a_breach_is_neither_an_index_event_nor_a_reoffence() -> None:
    rows = facts(
        offence=[offence("2018-01-10"), offence("2018-02-10", breach=True), offence("2018-05-10", breach=True)]
    )
    assert dates(rows) == ["2018-01-10 conviction"]
    assert rows[0]["reoffences"] == 0


def test_an_offence_that_is_not_recordable_is_neither() -> None:
    rows = facts(offence=[offence("2018-01-10"), offence("2018-05-10", recordable=False)])
    assert (dates(rows), rows[0]["reoffences"]) == (["2018-01-10 conviction"], 0)


@pytest.mark.parametrize("outcome", ["community_resolution", "penalty_notice", "not_proven", "pending"])
def test_only_conviction_and_caution_are_proof(outcome: str) -> None:
    rows = facts(offence=[offence("2018-01-10"), offence("2018-05-10", outcome=outcome, disposal=None)])
    assert (dates(rows), rows[0]["reoffences"]) == (["2018-01-10 conviction"], 0)


def test_a_caution_is_proof_and_an_index_event_but_not_a_reconviction() -> None:
    rows = facts(offence=[offence("2018-01-10"), offence("2018-05-10", outcome="cautioned", disposal=None)])
    assert dates(rows) == ["2018-01-10 conviction", "2018-05-10 caution"]
    assert (rows[0]["reoffences"], rows[0]["reconviction_occasions"], rows[1]["disposal"]) == (1, 0, "caution")


def test_offences_sentenced_together_are_one_occasion() -> None:
    together = {"occasion_key": "court-1"}
    rows = facts(
        offence=[
            offence("2018-01-10"),
            offence("2018-02-01", "2018-05-10", **together),
            offence("2018-02-02", "2018-05-10", **together),
            offence("2018-06-01", "2018-06-02"),
        ]
    )
    assert (rows[0]["reoffences"], rows[0]["reconviction_occasions"]) == (3, 2)


def test_custody_comes_before_court_and_court_before_caution_on_one_day() -> None:
    court = offence("2018-03-01", "2018-05-10", disposal="fine")
    caution = offence("2018-03-01", "2018-05-10", outcome="cautioned", disposal=None)
    release = [spell("2018-04-01", "2018-05-10")]
    assert dates(facts(offence=[court, caution], custody_spell=release)) == ["2018-05-10 release"]
    assert dates(facts(offence=[court, caution])) == ["2018-05-10 conviction"]
    assert dates(facts(offence=[caution])) == ["2018-05-10 caution"]


def test_the_conviction_dates_from_its_sentence() -> None:
    assert dates(facts(offence=[offence("2018-01-10", "2018-02-01", sentence_date="2018-03-05")])) == [
        "2018-03-05 conviction"
    ]


def test_a_conviction_whose_sentence_is_not_known_yet_is_not_an_index_event() -> None:
    assert facts(offence=[offence("2018-01-10", "2018-02-01", disposal=None)]) == []
    later = offence("2024-01-10", "2024-12-20", sentence_date="2025-01-15")
    assert facts(offence=[later]) == []


def test_a_custodial_sentence_enters_at_release() -> None:
    rows = facts(
        offence=[offence("2018-01-10", "2018-02-01", disposal="custody", sentence_days=364)],
        custody_spell=[spell("2018-02-01", "2018-05-10")],
    )
    assert dates(rows) == ["2018-05-10 release"]
    assert (rows[0]["disposal"], rows[0]["sentence_length"], rows[0]["offence_district"]) == (
        "custody",
        "under_12_months",
        "fenland",
    )


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (364, "under_12_months"),
        (365, "12_months_to_4_years"),
        (1459, "12_months_to_4_years"),
        (1460, "4_years_or_more"),
        (None, "not_known"),
    ],
)
def test_sentence_lengths(days: int | None, band: str) -> None:
    assert facts(custody_spell=[spell("2018-02-01", "2018-05-10", sentence_days=days)])[0]["sentence_length"] == band


def test_release_from_remand_alone_is_not_an_index_event() -> None:
    assert facts(custody_spell=[spell("2018-02-01", "2018-05-10", "remand", release_type="bail")]) == []


def test_time_served_counts_on_the_day_of_sentence() -> None:
    sentence = offence("2018-01-20", "2018-05-10", disposal="custody", sentence_days=90)
    assert dates(facts(offence=[sentence], custody_spell=[spell("2018-02-01", "2018-05-10", "remand")])) == [
        "2018-05-10 release"
    ]
    released_next_day = spell("2018-02-01", "2018-05-11", "remand", release_type="time_served")
    assert dates(facts(offence=[sentence], custody_spell=[released_next_day])) == ["2018-05-10 release"]


SENTENCED_LATER = {"disposal": "custody", "sentence_days": 60}
REMANDED = spell("2018-02-01", "2018-03-03", "remand", release_type="bail")  # 30 midnights


@pytest.mark.parametrize(
    ("sentence_days", "entered"), [(60, ["2018-06-20 release"]), (61, []), (None, [])]
)  # half of the sentence must have been served, and its length known
def test_time_served_before_bail_counts_on_the_day_of_sentence(sentence_days: int | None, entered: list[str]) -> None:
    sentence = offence("2018-01-20", "2018-06-20", disposal="custody", sentence_days=sentence_days)
    rows = facts(offence=[sentence], custody_spell=[REMANDED])
    assert dates(rows) == entered
    assert [(row["disposal"], row["sentence_length"], row["offence_district"]) for row in rows] == [
        ("custody", "under_12_months", "fenland") for _ in entered
    ]


def test_remand_before_the_offence_does_not_serve_its_sentence() -> None:
    sentence = offence("2018-02-02", "2018-06-20", **SENTENCED_LATER)
    assert facts(offence=[sentence], custody_spell=[REMANDED]) == []


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        ("2018-06-20", ["2018-08-01 release"]),  # taken to prison on the day
        ("2018-06-21", ["2018-08-01 release"]),  # and on the next
        ("2018-06-22", ["2018-06-20 release", "2018-08-01 release"]),  # a later stay is another matter
    ],
)
def test_a_sentence_that_began_in_prison_enters_at_release(begins: str, expected: list[str]) -> None:
    rows = facts(
        offence=[offence("2018-01-20", "2018-06-20", **SENTENCED_LATER)],
        custody_spell=[REMANDED, spell(begins, "2018-08-01")],
    )
    assert dates(rows) == expected


def test_remand_that_ended_the_day_before_the_sentence_served_it() -> None:
    sentence = offence("2018-01-20", "2018-03-04", **SENTENCED_LATER)
    assert dates(facts(offence=[sentence], custody_spell=[REMANDED])) == ["2018-03-04 release"]


def test_release_after_a_recall_is_not_an_index_event() -> None:
    spells = [spell("2018-02-01", "2018-05-10"), spell("2018-07-01", "2018-08-10", "recall")]
    assert dates(facts(custody_spell=spells)) == ["2018-05-10 release"]


def test_a_transfer_is_not_a_release() -> None:
    assert facts(custody_spell=[spell("2018-02-01", "2018-05-10", release_type="transfer")]) == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("2018-05-10", ["2018-07-10 release"]),
        ("2018-05-11", ["2018-07-10 release"]),
        ("2018-05-12", ["2018-05-10 release", "2018-07-10 release"]),
    ],
)
def test_spells_that_touch_or_are_a_day_apart_merge(second: str, expected: list[str]) -> None:
    assert dates(facts(custody_spell=[spell("2018-02-01", "2018-05-10"), spell(second, "2018-07-10")])) == expected


def test_death_in_custody_is_not_a_release() -> None:
    person = {"person": "a", "date_of_death": "2018-05-10"}
    assert facts(person=[person], custody_spell=[spell("2018-02-01", "2018-05-10")]) == []


def test_the_first_of_two_events_in_a_quarter_enters_and_each_quarter_has_its_own() -> None:
    rows = facts(offence=[offence("2018-02-10"), offence("2018-01-10"), offence("2018-04-01")])
    assert [(row["period"], str(row["index_date"]), row["reoffences"]) for row in rows] == [
        ("2018Q1", "2018-01-10", 2),
        ("2018Q2", "2018-04-01", 0),
    ]


def test_a_child_becomes_an_adult_on_the_eighteenth_birthday() -> None:
    person = [{"person": "a", "date_of_birth": "2000-05-10"}]
    assert facts("children", person=person, offence=[offence("2018-05-09")])[0]["age_band"] == "15-17"
    adult = facts("adults", person=person, offence=[offence("2018-05-10")])[0]
    assert (adult["age_band"], adult["age_group"], adult["young_adult"]) == ("18-20", "adult", "yes")
    assert facts("children", person=person, offence=[offence("2018-05-10")]) == []


def test_who_was_born_on_a_leap_day_comes_of_age_on_the_first_of_march() -> None:
    person = [{"person": "a", "date_of_birth": "2000-02-29"}]
    assert facts("children", person=person, offence=[offence("2018-02-28")]) != []
    assert facts("adults", person=person, offence=[offence("2018-03-01")]) != []


def test_a_birthday_within_the_quarter_does_not_enter_a_person_twice() -> None:
    tables: dict[str, Any] = {
        "person": [{"person": "a", "date_of_birth": "2000-05-10"}],
        "offence": [offence("2018-05-01"), offence("2018-05-20")],
    }
    assert len(facts("children", **tables)) == 1
    assert facts("adults", **tables) == []


def test_a_person_whose_age_is_not_known_is_in_neither_headline() -> None:
    tables: dict[str, Any] = {"person": [{"person": "a", "date_of_birth": None}], "offence": [offence("2018-05-01")]}
    assert facts("adults", **tables) + facts("children", **tables) == []
    assert facts("area", **tables)[0]["age_group"] == "not_known"


def episode(start: str, end: str | None, **more: Any) -> dict[str, Any]:
    return {"person": "a", "start_date": start, "end_date": end} | more


EPISODES_BEGIN = {"person": "early", "scheme": "iom", "start_date": "2014-10-01", "managing_district": "fenland"}


@pytest.mark.parametrize(
    ("index", "enters"), [("2018-01-31", False), ("2018-02-01", True), ("2018-02-28", True), ("2018-03-01", False)]
)
def test_the_scheme_cohort_takes_start_to_before_end(index: str, enters: bool) -> None:
    rows = facts(
        "scheme", offence=[offence(index)], scheme_episode=[EPISODES_BEGIN, episode("2018-02-01", "2018-03-01")]
    )
    assert bool(rows) is enters


def test_the_scheme_cohort_takes_the_first_event_while_on_it_not_the_first_in_the_quarter() -> None:
    tables: dict[str, Any] = {
        "offence": [offence("2018-01-10"), offence("2018-02-10")],
        "scheme_episode": [EPISODES_BEGIN, episode("2018-02-01", None)],
    }
    assert dates(facts("scheme", **tables)) == ["2018-02-10 conviction"]
    assert dates(facts("adults", **tables)) == ["2018-01-10 conviction"]


def test_a_person_de_selected_later_stays_in_the_scheme_cohort() -> None:
    rows = facts(
        "scheme",
        offence=[offence("2018-02-10"), offence("2018-06-10")],
        scheme_episode=[EPISODES_BEGIN, episode("2018-02-01", "2018-02-20", exit_reason="de_selected")],
    )
    assert [(row["period"], row["reoffences"]) for row in rows] == [("2018Q1", 1)]


def test_a_person_on_several_schemes_counts_once_and_shows_them_all() -> None:
    episodes = [
        EPISODES_BEGIN,
        episode("2018-01-01", None, category="fixed"),
        episode("2018-02-01", None, scheme="mappa", managing_district="fenland"),
    ]
    rows = facts("scheme", offence=[offence("2018-02-10")], scheme_episode=episodes)
    assert [(row["scheme"], row["managing_district"], row["category"]) for row in rows] == [
        (["iom", "mappa"], "peterborough", "fixed")
    ]


def test_home_is_the_last_address_before_custody_never_the_prisons() -> None:
    homes = [
        {"person": "a", "district": "cambridge", "from_date": "2015-01-01"},
        {"person": "a", "district": "fenland", "from_date": "2017-01-01"},
        {"person": "a", "district": "peterborough", "from_date": "2018-02-01"},  # the prison's
    ]
    assert facts(residence=homes, custody_spell=[spell("2018-02-01", "2018-05-10")])[0]["home_district"] == "fenland"
    assert facts(residence=homes, offence=[offence("2018-05-10")])[0]["home_district"] == "peterborough"
    assert facts(residence=homes, offence=[offence("2016-12-31")])[0]["home_district"] == "cambridge"
    assert facts(offence=[offence("2016-12-31")])[0]["home_district"] == "not_known"


def test_need_is_the_latest_assessment_of_the_twelve_months_before() -> None:
    needs = [
        {
            "person": "a",
            "pathway": "health",
            "assessed_on": "2017-05-09",
            "level": "significant",
        },  # 366 days before: too old
        {"person": "a", "pathway": "finance", "assessed_on": "2017-05-10", "level": "some"},  # 365 days before
        {"person": "a", "pathway": "women", "assessed_on": "2018-01-01", "level": "significant"},
        {"person": "a", "pathway": "women", "assessed_on": "2018-05-10", "level": "none"},  # cancels it
        {"person": "a", "pathway": "accommodation", "assessed_on": "2018-05-11", "level": "some"},  # after
    ]
    assert facts(offence=[offence("2018-05-10")], need=needs)[0]["need"] == ["finance"]


@pytest.mark.parametrize(
    ("index", "state"),
    [
        ("2018-01-31", "not_statutory"),
        ("2018-02-01", "statutory"),
        ("2018-02-28", "statutory"),
        ("2018-03-01", "not_statutory"),
    ],
)
def test_statutory_is_a_state_on_the_index_date(index: str, state: str) -> None:
    licence = [{"person": "a", "start_date": "2018-02-01", "end_date": "2018-03-01"}]
    assert facts(offence=[offence(index)], supervision_spell=licence)[0]["statutory"] == state


def test_statutory_is_not_known_without_an_extract_of_supervision() -> None:
    assert facts(offence=[offence("2018-02-01")])[0]["statutory"] == "not_known"


def test_tier_and_strand_are_those_of_the_index_date() -> None:
    states = [
        {"person": "a", "kind": "tier", "value": "red", "from_date": "2018-01-01", "to_date": "2018-02-10"},
        {"person": "a", "kind": "tier", "value": "amber", "from_date": "2018-02-10"},
        {"person": "a", "kind": "strand", "value": "catch_control", "from_date": "2018-02-11"},
    ]
    row = facts(
        "scheme",
        offence=[offence("2018-02-10")],
        scheme_episode=[EPISODES_BEGIN, episode("2018-01-01", None)],
        scheme_state=states,
    )[0]
    assert (row["tier"], row["strand"]) == ("amber", "none")


@pytest.mark.parametrize(
    ("before", "band"), [(0, "0"), (1, "1-2"), (3, "3-6"), (7, "7-10"), (11, "11+"), (None, "not_known")]
)
def test_earlier_sanctions_and_a_truncated_history_is_not_none(before: int | None, band: str) -> None:
    person = [{"person": "a", "sanctions_before": before}]
    assert facts(person=person, offence=[offence("2018-02-10")])[0]["prior_band"] == band


def test_earlier_sanctions_are_occasions_and_the_index_offences_own_is_not_one() -> None:
    together = {"occasion_key": "court-1"}
    rows = facts(offence=[
        offence("2016-01-10", "2016-02-01", **together), offence("2016-01-11", "2016-02-01", **together),
        offence("2018-01-10", "2018-02-01", sentence_date="2018-03-01"),
    ])  # fmt: skip
    assert [row["prior_band"] for row in rows] == ["0", "1-2"]  # none before, then one occasion of two offences


def test_a_prison_releases_own_sentence_is_not_an_earlier_sanction() -> None:
    sentence = offence("2018-01-10", "2018-02-01", disposal="custody")
    assert facts(offence=[sentence], custody_spell=[spell("2018-02-01", "2018-05-10")])[0]["prior_band"] == "0"


def test_a_custody_day_is_a_midnight_inside() -> None:
    index = offence("2018-01-10")
    nights = facts(offence=[index], custody_spell=[spell("2018-03-01", "2018-03-03", "remand")])[
        0
    ]  # nights of 1 and 2 March
    assert (nights["days_observed"], nights["days_in_custody"], nights["days_at_liberty"]) == (365, 2, 363)
    same_day = facts(offence=[index], custody_spell=[spell("2018-03-01", "2018-03-01", "remand")])[0]
    assert same_day["days_in_custody"] == 0
    overlapping = facts(
        offence=[index],
        custody_spell=[spell("2018-03-01", "2018-03-11", "remand"), spell("2018-03-06", "2018-03-21", "remand")],
    )[0]
    assert overlapping["days_in_custody"] == 20  # the nights of 1 to 20 March, none twice
    still_inside = facts(offence=[index], custody_spell=[spell("2018-12-31", None, "remand")])[0]
    assert still_inside["days_in_custody"] == 11  # the nights of 31 December to 10 January, the last day followed


def test_offences_in_custody_count_as_reoffences_but_not_against_time_at_liberty() -> None:
    offences = [
        offence("2018-01-10"),
        offence("2018-02-10", "2018-09-10", in_custody=True),
        offence("2018-03-02", "2018-09-10"),
        offence("2018-04-10", "2018-09-10"),
    ]
    row = facts(offence=offences, custody_spell=[spell("2018-03-01", "2018-03-04", "remand")])[0]
    assert (row["reoffences"], row["liberty_offences"]) == (3, 1)  # one flagged by its source, one dated within a spell


def test_without_a_prison_extract_time_at_liberty_is_not_available() -> None:
    row = facts(offence=[offence("2018-01-10"), offence("2018-04-10")])[0]
    assert (row["days_in_custody"], row["days_at_liberty"], row["liberty_offences"], row["reoffences"]) == (
        None,
        None,
        None,
        1,
    )


def test_death_ends_what_is_observed_but_the_person_still_counts() -> None:
    row = facts(person=[{"person": "a", "date_of_death": "2018-04-20"}], offence=[offence("2018-01-10")])[0]
    assert (row["days_observed"], row["reoffended"]) == (100, False)


def test_what_comes_after_the_cut_off_is_not_known() -> None:
    offences = [offence("2018-01-10"), offence("2018-04-10", "2018-07-01")]
    before = facts(cutoff=day("2018-06-30"), offence=offences)
    assert (dates(before), before[0]["reoffences"], before[0]["days_observed"]) == (["2018-01-10 conviction"], 0, 171)
    assert facts(cutoff=day("2018-07-01"), offence=offences)[0]["reoffences"] == 1
    assert facts(cutoff=day("2018-05-09"), custody_spell=[spell("2018-02-01", "2018-05-10")]) == []
    assert dates(facts(cutoff=day("2018-05-10"), custody_spell=[spell("2018-02-01", "2018-05-10")])) == [
        "2018-05-10 release"
    ]


def test_a_named_cohort_takes_its_own_dates_days_and_ages() -> None:
    members = [
        {"person": "a", "cohort": "trial", "index_date": "2018-02-10", "age_at_index": 17},
        {"person": "a", "cohort": "trial", "index_date": "2018-03-10", "age_at_index": 17},
    ]
    definition = [{"cohort": "trial", "title": "A trial", "follow_up_days": 30, "waiting_days": 0}]
    rows = facts(
        "trial",
        cohort_member=members,
        cohort_definition=definition,
        offence=[offence("2018-03-12"), offence("2018-03-13")],
    )
    assert dates(rows) == ["2018-02-10 named"]
    assert (rows[0]["reoffences"], rows[0]["days_to_first"], rows[0]["age_group"], rows[0]["disposal"]) == (
        1,
        30,
        "child",
        "not_known",
    )
