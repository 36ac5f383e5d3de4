"""Required contacts, enforcement, court results, reviews, conferences and notice of prison releases as literal dated cases.

Each case is somebody of their own, on a scheme in Peterborough from 10 January to 31 August 2018; one store holds them
all, as known on 30 September 2018. Nobody's case touches another's. Sixty more people, of 2017, are for a plain count.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pytest

from metrics.catalogue import catalogue
from metrics.compute import figures
from metrics.derive import derive
from tests.facts.stores import day, key, store

CUTOFF = "2018-09-30"
Rows = list[tuple[Any, ...]]


def contact(on: str, result: str = "kept") -> dict[str, Any]:
    return {"due_on": on, "agency": "probation", "result": result}


def event(**dates: str) -> dict[str, Any]:
    return {"kind": "warrant", "identified_on": "2018-08-01"} | dates


def heard(sentenced: str | None, told: bool | None, recorded: str | None, **more: Any) -> dict[str, Any]:
    return {
        "offence_date": "2018-02-01", "proven_date": "2018-03-01", "sentence_date": sentenced,
        "scheme_told_to_court": told, "result_recorded_date": recorded,
    } | more  # fmt: skip


def state(on: str, due: str | None, kind: str = "tier") -> dict[str, Any]:
    return {"kind": kind, "value": "tier_1", "from_date": on, "review_due": due}


def spell(**told: Any) -> dict[str, Any]:
    """A sentence that ended on Friday 1 June 2018."""
    return {"start_date": "2018-03-01", "end_date": "2018-06-01", "establishment": "HMP Here"} | told


def notice(first: str, on: str, last: str | None = None, last_on: str | None = None, **more: Any) -> dict[str, Any]:
    return spell(release_first_notified=first, first_notified_on=on, release_last_notified=last, last_notified_on=last_on, **more)  # fmt: skip


FRIDAY, MONDAY = "2018-06-01", "2018-06-04"
INSIDE = {"kind": "remand", "start_date": "2018-02-09", "end_date": "2018-02-20"}
REMAND = {"kind": "remand", "start_date": "2018-02-01", "end_date": "2018-03-01", "establishment": "HMP There"}
CONTACT, ENFORCED = (
    "period, kept, missed, excused",
    "issued, executed, outstanding, days_to_issue, days_to_end, days_since_issue",
)
COURT, REVIEW = "told, recorded, days_to_record", "period, done, on_time, days_late"
RELEASED = "notice, unexpected, date_notified, date_changed, police_told"

CASES: dict[str, tuple[str, str, dict[str, list[dict[str, Any]]], Rows]] = {
    # --- contacts: while on a scheme, and not on a day spent wholly in custody
    "kept on the first day": ("required_contact", CONTACT, {"appointment": [contact("2018-01-10")]}, [("2018Q1", True, False, False)]),
    "due the day before joining": ("required_contact", CONTACT, {"appointment": [contact("2018-01-09")]}, []),
    "due on the first day no longer on it": ("required_contact", CONTACT, {"appointment": [contact("2018-09-01")]}, []),
    "missed on the last day": ("required_contact", CONTACT, {"appointment": [contact("2018-08-31", "missed")]}, [("2018Q3", False, True, False)]),
    "going in, inside and coming out": (
        "required_contact", CONTACT,
        {"appointment": [contact("2018-02-09", "missed"), contact("2018-02-10", "missed"), contact("2018-02-20", "acceptable_absence")], "custody_spell": [INSIDE]},
        [("2018Q1", False, False, True), ("2018Q1", False, True, False)],
    ),
    # --- enforcement: from 1 August; the cut-off is 60 days later
    "done": ("enforcement", ENFORCED, {"enforcement_event": [event(issued_on="2018-08-11", executed_on="2018-08-31")]}, [(True, True, False, 10, 30, 20)]),
    "still out": ("enforcement", ENFORCED, {"enforcement_event": [event(issued_on="2018-08-11")]}, [(True, False, True, 10, 60, 50)]),
    "not acted on": ("enforcement", ENFORCED, {"enforcement_event": [event()]}, [(False, False, True, 60, 60, None)]),
    "withdrawn": ("enforcement", ENFORCED, {"enforcement_event": [event(issued_on="2018-08-11", executed_on="2018-08-31", result="withdrawn")]}, [(True, False, False, 10, 30, 20)]),
    "dropped before it was issued": ("enforcement", ENFORCED, {"enforcement_event": [event(executed_on="2018-08-06", result="withdrawn")]}, [(False, False, False, 5, 5, None)]),
    "executed after the cut-off": ("enforcement", ENFORCED, {"enforcement_event": [event(issued_on="2018-08-11", executed_on="2018-10-01")]}, [(True, False, True, 10, 60, 50)]),
    "issued after the cut-off": ("enforcement", ENFORCED, {"enforcement_event": [event(issued_on="2018-10-01", executed_on="2018-10-01")]}, [(False, False, True, 60, 60, None)]),
    "on the scheme that day": (
        "enforcement", "period, enforcement_kind, managing_district",
        {"enforcement_event": [event(kind="recall", identified_on=on) for on in ("2018-01-09", "2018-02-01", "2018-09-01")]},
        [("2018Q1", "recall", "peterborough")],
    ),
    # --- courts: a day in court is one result, when the last of it is on record
    "two offences on one day": ("court_result", COURT, {"offence": [heard("2018-03-10", True, "2018-03-12"), heard("2018-03-10", None, "2018-03-20")]}, [(True, True, 10)]),
    "one of two not on record": ("court_result", COURT, {"offence": [heard("2018-08-31", True, "2018-09-03"), heard("2018-08-31", None, None)]}, [(True, False, 30)]),
    "not told, recorded at once": ("court_result", COURT, {"offence": [heard("2018-03-10", False, "2018-03-10")]}, [(False, True, 0)]),
    "the verdict recorded before the sentence": ("court_result", COURT, {"offence": [heard("2018-03-10", None, "2018-03-05")]}, [(None, True, 0)]),
    "convicted, not yet sentenced": ("court_result", COURT, {"offence": [heard(None, True, "2018-03-05")]}, [(None, True, 4)]),
    "sentenced when no longer on the scheme": ("court_result", COURT, {"offence": [heard("2018-09-10", True, "2018-09-11")]}, []),
    "a caution": ("court_result", COURT, {"offence": [heard("2018-03-10", True, "2018-03-11", outcome="cautioned")]}, []),
    "a breach": ("court_result", COURT, {"offence": [heard("2018-03-10", True, "2018-03-11", breach=True, recordable=False)]}, [(True, True, 1)]),
    # --- reviews: made when a state on the scheme is marked anew
    "reviewed on the day due": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-04-11"), state("2018-04-11", None)]}, [("2018Q2", True, True, 0)]),
    "reviewed a day late": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-04-11"), state("2018-04-12", None)]}, [("2018Q2", True, False, 1)]),
    "reviewed in the quarter before": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-04-11"), state("2018-03-30", None)]}, [("2018Q2", True, True, -12)]),
    "another state marked anew": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-04-11"), state("2018-02-01", None, "strand")]}, [("2018Q2", True, True, -69)]),
    "another state marked on the same day": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-04-11"), state("2018-01-10", None, "strand")]}, [("2018Q2", False, False, None)]),
    "never reviewed": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-04-11")]}, [("2018Q2", False, False, None)]),
    "reviewed after the cut-off": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-04-11"), state("2018-10-01", None)]}, [("2018Q2", False, False, None)]),
    "off the scheme before it was due": ("review", REVIEW, {"scheme_state": [state("2018-01-10", "2018-09-01")]}, []),
    "no review set": ("review", REVIEW, {"scheme_state": [state("2018-01-10", None)]}, []),
    # --- prison releases: a notice stands from the day on which it was given
    "as first notified, police told the day before": ("prison_release", RELEASED, {"custody_spell": [notice(FRIDAY, "2018-03-10", police_told_on="2018-05-31")]}, [("planned", False, True, False, True)]),
    "police told on the day": ("prison_release", RELEASED, {"custody_spell": [notice(FRIDAY, "2018-03-10", police_told_on=FRIDAY)]}, [("planned", False, True, False, False)]),
    "another day than notified": ("prison_release", RELEASED, {"custody_spell": [notice(MONDAY, "2018-03-10")]}, [("unexpected", True, True, True, False)]),
    "changed seven days before": ("prison_release", RELEASED, {"custody_spell": [notice(MONDAY, "2018-03-10", FRIDAY, "2018-05-25")]}, [("planned", False, True, True, False)]),
    "changed six days before": ("prison_release", RELEASED, {"custody_spell": [notice(MONDAY, "2018-03-10", FRIDAY, "2018-05-26")]}, [("unexpected", True, True, True, False)]),
    "changed fourteen days before": ("prison_release", RELEASED, {"custody_spell": [notice(MONDAY, "2018-03-10", FRIDAY, "2018-05-18")]}, [("planned", False, True, False, False)]),
    "first notified within the fortnight": ("prison_release", RELEASED, {"custody_spell": [notice(FRIDAY, "2018-05-20")]}, [("planned", False, False, None, False)]),
    "first notified two days before": ("prison_release", RELEASED, {"custody_spell": [notice(FRIDAY, "2018-05-30")]}, [("unexpected", True, False, None, False)]),
    "no notice on record": ("prison_release", RELEASED, {"custody_spell": [spell()]}, [("unexpected", True, False, None, False)]),
    "the notice of the spell that ended": ("prison_release", "weekday, establishment, unexpected", {"custody_spell": [REMAND, notice(FRIDAY, "2018-03-10")]}, [("friday", "HMP Here", False)]),
}  # fmt: skip

EARLY: dict[str, list[dict[str, Any]]] = {
    "scheme_episode": [{"person": "early", "start_date": "2016-01-01"}],
    "appointment": [{"person": "early"} | contact("2016-12-01")],
    "enforcement_event": [{"person": "early", "kind": "breach", "identified_on": "2016-12-01"}],
    "offence": [{"person": "early"} | heard("2016-12-01", None, "2016-12-02", offence_date="2016-11-01", proven_date="2016-12-01")],
    "scheme_state": [{"person": "early"} | state("2016-09-01", "2016-12-01")],
    "custody_spell": [{"person": "early", "start_date": "2016-02-01", "end_date": "2016-04-03", "first_notified_on": "2016-02-02", "police_told_on": "2016-04-01"}],
}  # fmt: skip
"""Somebody with whom all these records begin, in a quarter before those looked at."""


def together(*given: dict[str, list[dict[str, Any]]]) -> duckdb.DuckDBPyConnection:
    """A store of all these tables, its facts derived."""
    names = {name for tables in given for name in tables}
    con = store(**{name: [row for tables in given for row in tables.get(name, [])] for name in sorted(names)})
    derive(con, day(CUTOFF))
    return con


def of(person: str, tables: dict[str, list[dict[str, Any]]], year: int = 2018) -> dict[str, list[dict[str, Any]]]:
    """These rows as one person's, on a scheme from 10 January to 31 August of a year."""
    mine = {**tables, "scheme_episode": [{"start_date": f"{year}-01-10", "end_date": f"{year}-09-01"}]}
    return {name: [{"person": person} | row for row in rows] for name, rows in mine.items()}


@dataclass
class Counted:
    """Sixty people of 2017 with a made-up record, and what a plain count makes of it."""

    people: list[dict[str, list[dict[str, Any]]]] = field(default_factory=list)
    kept: int = 0
    missed: int = 0
    changed: int = 0
    waits: list[int] = field(default_factory=list)


def sixty() -> Counted:
    """Contacts in June, a breach found on 1 May, and a prison release on Friday 2 June 2017, of which two in three were notified: the rest were unexpected."""
    draw, made = random.Random(7), Counted()
    for number in range(60):
        results = [draw.choice(["kept", "kept", "missed", "acceptable_absence"]) for _ in range(draw.randrange(1, 6))]
        made.kept, made.missed = made.kept + results.count("kept"), made.missed + results.count("missed")
        first, told = draw.choice(["2017-06-02", "2017-06-05"]), number % 3 > 0
        made.changed += not told or first == "2017-06-05"
        made.waits.append(draw.randrange(25))
        issued = f"2017-05-{1 + made.waits[-1]:02d}"
        out = {"start_date": "2017-03-01", "end_date": "2017-06-02"}
        out |= {"release_first_notified": first, "first_notified_on": "2017-05-10"} if told else {}
        rows = {
            "appointment": [contact(f"2017-06-{5 + 3 * week:02d}", result) for week, result in enumerate(results)],
            "custody_spell": [out],
            "enforcement_event": [event(kind="breach", identified_on="2017-05-01", issued_on=issued)],
        }
        made.people.append(of(f"p{number}", rows, 2017))
    return made


SIXTY = sixty()


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    meetings = (("2018-04-02", "2018-04-02"), ("2018-05-02", "2018-05-01"), ("2018-06-02", "2018-06-03"), ("2018-06-20", None), ("2018-06-25", "2018-10-02"))  # fmt: skip
    asked = {"district": "fenland", "agencies_invited": 8, "agencies_attending": 6, "people_discussed": 9}
    work = [
        {"conference_key": f"c{i}", "due_on": due, "held_on": held} | asked
        for i, (due, held) in enumerate([("2018-01-01", "2018-01-01"), *meetings])
    ]
    cases = (of(name, tables) for name, (_, _, tables, _) in CASES.items())
    return together(EARLY, {"case_conference": work}, *cases, *SIXTY.people)


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_as_worked_by_hand(con: duckdb.DuckDBPyConnection, name: str) -> None:
    fact, columns, _, expected = CASES[name]
    query = f"SELECT {columns} FROM {fact} WHERE person_key = ? ORDER BY {columns}"
    assert con.execute(query, [key(name)]).fetchall() == expected


def test_conferences_are_work_held_by_the_day_due_or_not(con: duckdb.DuckDBPyConnection) -> None:
    columns = "managing_district, held, on_time, days_late, agencies_attending"
    found = con.execute(f"SELECT {columns} FROM conference WHERE period = '2018Q2' ORDER BY person_key").fetchall()
    assert found == [
        ("fenland", True, True, 0, 6),
        ("fenland", True, True, -1, 6),
        ("fenland", True, False, 1, 6),
        ("fenland", False, False, None, None),
        ("fenland", False, False, None, None),  # held after the cut-off: not known
    ]


def test_what_no_record_has_told_of_is_not_known_rather_than_no() -> None:
    """No notice, no word to the police and no result recorded anywhere in the store."""
    early = {
        "scheme_episode": EARLY["scheme_episode"],
        "custody_spell": [{"person": "early", "start_date": "2016-02-01", "end_date": "2016-04-03"}],
        "offence": [EARLY["offence"][0] | {"result_recorded_date": None}],
    }
    con = together(early, of("a", {"custody_spell": [spell()], "offence": [heard("2018-03-10", True, None)]}))
    query = f"SELECT {RELEASED} FROM prison_release WHERE person_key = ?"
    assert con.execute(query, [key("a")]).fetchall() == [("not_known", None, None, None, None)]
    query = f"SELECT {COURT} FROM court_result WHERE person_key = ?"
    assert con.execute(query, [key("a")]).fetchall() == [(True, False, None)]


def test_the_measures_are_what_a_plain_count_makes_of_the_records(con: duckdb.DuckDBPyConnection) -> None:
    """The catalogue's own expressions over the sixty people of 2017."""
    names = ("appointments_kept", "unexpected_releases", "unexpected_friday_releases", "breach_to_enforcement")
    found = figures(con, [catalogue()[name] for name in names], [()], ["quarter"]).to_dicts()
    mine = {row["indicator"]: row for row in found if row["period"] == "2017Q2"}
    counts = {name: (row["numerator"], row["denominator"]) for name, row in mine.items()}
    assert counts["appointments_kept"] == (SIXTY.kept, SIXTY.kept + SIXTY.missed)
    assert counts["unexpected_releases"] == counts["unexpected_friday_releases"] == (SIXTY.changed, 60)
    # the first day by which 30 of 60 had been issued
    assert mine["breach_to_enforcement"]["value"] == sorted(SIXTY.waits)[29]
