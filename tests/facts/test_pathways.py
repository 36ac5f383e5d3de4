"""Pathways as literal dated cases: the goal, waits and their ends, the order of starts, after prison and after arrest.

Each case is a person of one store, so that it is derived once for all of them.
"""

import datetime as dt
from typing import Any

import duckdb
import pytest

from metrics.derive import derive
from tests.facts.stores import day, key, store

Row = dict[str, Any]
Case = dict[str, list[Row]]
DIRECTORY = {"provider": "Change", "sector": "voluntary", "district": "fenland", "sex_served": "all", "title": "A"}
PROGRAMMES = [
    DIRECTORY | {"programme": "hub", "pathway": "health", "drop_in": True},
    DIRECTORY | {"programme": "clinic", "pathway": "health", "drop_in": False},
    DIRECTORY | {"programme": "rent", "pathway": "accommodation", "drop_in": False},
]
EARLY: Case = {
    "intervention_spell": [{"pathway": "finance", "referred_on": "2017-01-01", "started_on": "2017-01-02", "ended_on": "2017-02-01"}],
    "need": [{"pathway": "finance", "assessed_on": "2017-01-01"}],
    "custody_spell": [{"start_date": "2017-01-01", "end_date": "2017-03-01"}],
    "circumstance": [{"domain": name, "status": "none", "on_date": "2017-03-01"} for name in ("accommodation", "work_training", "benefit_payment")],
    "arrest": [{"arrest_date": "2017-01-05", "district": "fenland", "mental_health_contact_on": "2017-01-05"}],
}  # fmt: skip
"""What begins the records, of somebody else."""


def spell(**told: Any) -> Case:
    """A referral on the health pathway."""
    return {"intervention_spell": [{"pathway": "health", "programme": "clinic"} | told]}


def need(**told: Any) -> Case:
    return {"need": [{"pathway": "health"} | told]}


def together(*cases: Case) -> Case:
    """One person's rows from several."""
    return {name: [row for case in cases for row in case.get(name, [])] for name in {n for case in cases for n in case}}


DONE = {"referred_on": "2018-01-10", "started_on": "2018-02-01", "ended_on": "2018-03-20", "outcome": "completed"}
LEFT = DONE | {"outcome": "dropped_out"}
STEPS = [
    (spell(**DONE, goal_met=True), (True, True, False, False)),
    (spell(**DONE, goal_met=False), (True, False, False, False)),
    (spell(**DONE), (True, None, False, False)),  # completed, and nobody said
    (together(spell(**DONE), spell(**DONE, goal_met=False)), (True, False, False, False)),  # one of them said
    (spell(**LEFT, goal_met=True), (False, False, False, False)),  # not by completing
    (spell(**DONE | {"ended_on": None, "outcome": None}), (False, False, False, True)),  # on it still
    (spell(referred_on="2018-01-10"), (False, False, True, False)),  # waiting
    (
        spell(referred_on="2018-01-10", ended_on="2018-03-20", outcome="not_started"),
        (False, False, False, False),
    ),  # lost
    (
        spell(**DONE | {"started_on": "2018-04-01", "ended_on": "2018-05-01"}),
        (False, False, True, False),
    ),  # starts in April
]
FOUND = [
    (
        together(need(assessed_on="2017-06-01"), need(assessed_on="2018-02-01", level="none")),
        (False, True),
    ),  # met since
    (need(assessed_on="2018-02-01"), (True, True)),
    (need(assessed_on="2017-03-31"), (True, True)),  # 365 days before the last day of the quarter
    (need(assessed_on="2017-03-30"), (False, False)),
    (need(assessed_on="2018-02-01", level="none"), (False, False)),
]
ENDS = [
    ({"started_on": "2018-04-02"}, [("2018Q2", True, 72)]),
    ({"ended_on": "2018-07-01", "outcome": "not_started"}, [("2018Q3", False, 162)]),
    ({}, []),  # still waiting: counted either way only when it is over
    ({"started_on": "2019-01-01"}, []),  # not known on the cut-off
    ({"ended_on": "2018-12-31", "outcome": "not_started"}, [("2018Q4", False, 345)]),
]


def ordered(*other: Case, first: str | None = "accommodation", second: str | None = "health", on: str = "2018-01-05") -> Case:  # fmt: skip
    """A start on the health pathway on 1 March 2018, and which needs were put first and second."""
    ranks = [need(pathway=name, assessed_on=on, priority=i + 1) for i, name in enumerate((first, second)) if name]
    return together(spell(referred_on="2018-02-01", started_on="2018-03-01"), *ranks, *other)


def homes(started: str) -> Case:
    return spell(pathway="accommodation", programme="rent", referred_on="2017-01-10", started_on=started)


ORDER = [
    (ordered(first="health", second="accommodation"), True),
    (ordered(), False),
    (ordered(homes("2018-03-01")), True),  # on the same day
    (ordered(homes("2018-03-02")), False),  # a day later
    (ordered(homes("2017-03-02")), True),  # 364 days before
    (ordered(homes("2017-03-01")), False),  # 365 days before
    (ordered(need(pathway="accommodation", assessed_on="2018-02-01", level="none")), True),  # found no more
    (ordered(second=None), None),  # no priority of its own
    (ordered(on="2017-02-28"), None),  # assessed too long ago
]
DROP_INS = [("2018-03-01", True), ("2017-08-31", True), ("2017-08-30", False), ("2018-03-02", False), (None, False)]
FIXED = {"referred_on": "2018-02-01", "started_on": "2018-03-01"}
BEFORE = [
    together(spell(**FIXED), spell(**FIXED, pathway="accommodation", programme="rent"), spell(programme="hub", referred_on="2017-08-01", started_on=first))
    for first, _ in DROP_INS
]  # fmt: skip
OVER = together(
    spell(**FIXED, ended_on="2018-06-30", outcome="completed", goal_met=True),
    spell(**FIXED, ended_on="2018-09-30", outcome="dropped_out", goal_met=False),
    spell(**FIXED, ended_on="2018-12-31", outcome="completed"),
    spell(**FIXED),
    spell(referred_on="2018-01-01", ended_on="2018-03-01", outcome="not_started", programme="other"),
)
RELEASED = dt.date(2018, 5, 1)
HOME, WORK, CLAIM, PAID = "accommodation", "work_training", "benefit_claim", "benefit_payment"
SETTLED, WORKING = "settled", "in_work_or_training"


def out(*told: tuple[str, str, int], **more: list[Row]) -> Case:
    """A prison release on 1 May 2018, and what was written down (domain, status, days after it)."""
    rows = [{"domain": name, "status": status, "on_date": RELEASED + dt.timedelta(days=n)} for name, status, n in told]
    return together({"custody_spell": [{"start_date": "2018-01-01", "end_date": RELEASED}], "circumstance": rows}, more)


BACK = [{"kind": "recall", "start_date": "2018-07-31", "end_date": None}]  # inside on day 91
LOOKS = [
    ("week_1", "settled", out((HOME, SETTLED, 0), (HOME, "temporary", 6)), [True]),  # the first that is written down
    ("week_1", "settled", out((HOME, "rough_sleeping", 7)), [False]),
    ("week_1", "settled", out((HOME, SETTLED, 8), (HOME, SETTLED, -1)), [None]),
    ("month_3", "settled", out((HOME, SETTLED, 56)), [True]),
    ("month_3", "settled", out((HOME, SETTLED, 60), (HOME, "temporary", 91)), [False]),  # the latest
    ("month_3", "settled", out((HOME, SETTLED, 55), (HOME, SETTLED, 92)), [None]),
    ("month_3", "settled", out((HOME, SETTLED, 80), custody_spell=BACK), [None]),
    ("week_12", "working", out((WORK, WORKING, 84)), [True]),
    ("week_12", "working", out((WORK, "not_in_work_or_training", 49)), [False]),
    ("week_12", "working", out((WORK, WORKING, 85)), [None]),
    ("week_4", "paid", out((CLAIM, "claimed", -20), (PAID, "first_payment", 7)), [True]),
    ("week_4", "paid", out((PAID, "first_payment", 0)), [True]),  # paid without a claim on record
    ("week_4", "paid", out((CLAIM, "claimed", -20), (PAID, "first_payment", 8)), [False]),
    ("week_4", "paid", out((CLAIM, "claimed", 28)), [False]),  # claimed late, and not paid in time
    ("week_4", "paid", out((CLAIM, "claimed", 29)), [None]),  # nothing claimed by the day of the look
    ("week_4", "paid", out((CLAIM, "claimed", -92)), [None]),  # a claim of long ago
    ("week_4", "paid", out(), [None]),
    ("month_3", "period", out(), ["2018Q3"]),  # 31 July
    ("week_4", "period", out(), ["2018Q2"]),  # 29 May
    ("week_12", "period", out(person=[{"sex": "male", "date_of_death": "2018-06-01"}]), []),
    (
        "week_1",
        "period",
        out(scheme_episode=[{"start_date": "2017-01-01", "end_date": RELEASED}]),
        [],
    ),  # off the scheme
]


def arrested(*cases: Case, **told: Any) -> Case:
    return together({"arrest": [{"arrest_date": "2018-05-01", "district": "fenland"} | told]}, *cases)


def seen(status: str) -> Case:
    return {"circumstance": [{"domain": "mental_health_contact", "status": status, "on_date": "2018-05-03"}]}


def found_positive(**told: Any) -> Case:
    """A positive test on 1 May 2018, and a referral for substance misuse."""
    return arrested(spell(**{"pathway": "substance_misuse", "programme": "hub"} | told), drug_test="positive")


def before(on: str, test: str = "positive") -> Case:
    """An arrest before the person was on the scheme, with its drug test."""
    earlier = {"arrest_date": on, "district": "fenland", "drug_test": test}
    return {"arrest": [earlier], "scheme_episode": [{"start_date": "2018-01-01"}]}


ASSESSED = need(assessed_on="2018-03-01")
ARRESTS = [
    (
        "period || contact",
        arrested(mental_health_contact_on="2018-05-15"),
        "2018Q2true",
    ),  # the 28 days were up on 29 May
    ("contact", arrested(mental_health_contact_on="2018-05-16"), False),
    ("contact", arrested(seen("seen")), True),
    ("contact", arrested(seen("did_not_attend")), False),
    ("in_need", arrested(), False),
    ("in_need", arrested(mental_health_screened=True), True),
    ("in_need", arrested(ASSESSED), True),
    ("in_need", arrested(ASSESSED, need(assessed_on="2018-04-01", level="none")), False),
    ("treated", found_positive(referred_on="2018-05-29"), True),
    ("treated", found_positive(referred_on="2018-05-30"), False),
    ("treated", found_positive(referred_on="2018-04-01"), False),  # referred before, and not begun
    ("treated", found_positive(referred_on="2018-03-01", started_on="2018-04-01"), True),  # on a programme that day
    (
        "treated",
        found_positive(referred_on="2018-03-01", started_on="2018-04-01", ended_on="2018-05-01"),
        False,
    ),  # over by then
    ("treated", found_positive(referred_on="2018-05-02", pathway="health"), False),
    ("again", arrested(before("2017-05-01"), drug_test="positive"), True),  # 365 days before
    ("again", arrested(before("2017-04-30"), drug_test="positive"), False),
    ("again", arrested(before("2017-05-01", "negative"), drug_test="positive"), False),
    ("again", arrested(before("2017-05-01"), drug_test="negative"), False),
]
CASES: dict[str, list[Case]] = {
    "step": [case for case, _ in STEPS], "found": [case for case, _ in FOUND], "end": [spell(referred_on="2018-01-20", **told) for told, _ in ENDS],
    "order": [case for case, _ in ORDER], "drop": BEFORE, "over": [OVER], "look": [case for *_, case, _ in LOOKS], "arrest": [case for _, case, _ in ARRESTS],
}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Every case as a person of one store, all of them on a scheme since 2017."""
    people = {f"{name}{i}": case for name, cases in CASES.items() for i, case in enumerate(cases)} | {"early": EARLY}
    tables: dict[str, list[Row]] = {"programme": PROGRAMMES}
    for person, case in people.items():
        for name, rows in ({"scheme_episode": [{"start_date": "2017-01-01"}]} | case).items():
            tables.setdefault(name, []).extend(row | {"person": person} for row in rows)
    made = store(**tables)
    derive(made, day("2018-12-31"))
    return made


def of(con: duckdb.DuckDBPyConnection, person: str, fact: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:  # fmt: skip
    """Those columns of a case's rows in a fact, in order of period."""
    return con.execute(
        f"SELECT {columns} FROM {fact} WHERE person_key = ? AND {where} ORDER BY period", [key(person)]
    ).fetchall()


HEALTH = "pathway = 'health' AND period = '2018Q1'"


def test_what_became_of_a_referral_by_the_quarters_end(con: duckdb.DuckDBPyConnection) -> None:
    columns = "completed, gained, waiting, ongoing"
    found = [of(con, f"step{i}", "pathway_step", columns, HEALTH) for i in range(len(STEPS))]
    assert found == [[expected] for _, expected in STEPS]


def test_a_need_that_was_met_was_found(con: duckdb.DuckDBPyConnection) -> None:
    found = [of(con, f"found{i}", "pathway_step", "need, found", HEALTH) for i in range(len(FOUND))]
    assert found == [[expected] for _, expected in FOUND]


def test_a_wait_counts_in_the_quarter_in_which_it_ends(con: duckdb.DuckDBPyConnection) -> None:
    found = [of(con, f"end{i}", "wait_end", "period, started, waited_days") for i in range(len(ENDS))]
    assert found == [expected for _, expected in ENDS]


def test_a_start_is_in_order_when_all_that_is_more_urgent_was_started_within_the_year(con: duckdb.DuckDBPyConnection) -> None:  # fmt: skip
    found = [of(con, f"order{i}", "wait_end", "in_order", "pathway = 'health'") for i in range(len(ORDER))]
    assert found == [[(expected,)] for _, expected in ORDER]


def test_a_drop_in_counts_for_half_a_year_before_a_fixed_start(con: duckdb.DuckDBPyConnection) -> None:
    """A drop-in itself, and a pathway that has none, say nothing."""
    known = "drop_in_first IS NOT NULL"
    found = [of(con, f"drop{i}", "wait_end", "programme, drop_in_first", known) for i in range(len(DROP_INS))]
    assert found == [[("clinic", used)] for _, used in DROP_INS]


def test_a_programme_counts_when_it_ends_and_says_whether_its_goal_was_met(con: duckdb.DuckDBPyConnection) -> None:
    assert of(con, "over0", "programme_end", "period, completed, gained, provider, sector") == [
        ("2018Q2", True, True, "Change", "voluntary"),
        ("2018Q3", False, False, "Change", "voluntary"),
        ("2018Q4", True, None, "Change", "voluntary"),
    ]
    assert set(of(con, "over0", "referral", "programme, provider, sector")) == {
        ("clinic", "Change", "voluntary"),
        ("other", "not_known", "not_known"),
    }


def test_what_became_of_a_prison_release(con: duckdb.DuckDBPyConnection) -> None:
    found = [
        of(con, f"look{i}", "after_prison", column, f"point = '{point}'")
        for i, (point, column, _, _) in enumerate(LOOKS)
    ]
    assert [[value for (value,) in rows] for rows in found] == [expected for *_, expected in LOOKS]


def test_what_followed_an_arrest(con: duckdb.DuckDBPyConnection) -> None:
    found = [of(con, f"arrest{i}", "after_arrest", column) for i, (column, _, _) in enumerate(ARRESTS)]
    assert found == [[(expected,)] for *_, expected in ARRESTS]
