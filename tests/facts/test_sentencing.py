"""Days from offence and from arrest to sentence, as literal dated cases: one person a case, one store for all."""

from typing import Any

import pytest

from metrics.derive import derive
from tests.facts.stores import day, key, store


def offence(person: str, committed: str, sentenced: str, **more: Any) -> dict[str, Any]:
    dates = {"offence_date": committed, "proven_date": sentenced, "sentence_date": sentenced}
    return {"person": person} | dates | more


CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[Any, ...]]]] = {
    "from the offence and from the arrest": (
        [offence("a", "2018-01-10", "2018-03-21", arrest_date="2018-01-20")],
        [("2018Q1", ["deter"], 70, 60)],
    ),
    "without an arrest": ([offence("b", "2018-01-10", "2018-03-21")], [("2018Q1", ["deter"], 70, None)]),
    "the gravest counts, then the earliest": (
        [
            offence("c", "2018-01-02", "2018-03-21", disposal="fine"),
            offence("c", "2018-02-01", "2018-03-21", disposal="custody", sentence_days=60),
            offence("c", "2018-02-20", "2018-03-21", disposal="custody", sentence_days=60),
        ],
        [("2018Q1", ["deter"], 48, None)],
    ),
    "the day before joining": ([offence("d", "2017-11-01", "2017-12-31")], []),
    "the last day on the scheme": (
        [offence("e", "2018-02-01", "2018-06-30")],
        [("2018Q2", ["deter"], 149, None)],
    ),
    "the first day no longer on it": ([offence("f", "2018-02-01", "2018-07-01")], []),
    "a caution": ([offence("g", "2018-02-01", "2018-03-01", outcome="cautioned", disposal="caution")], []),
    "a breach": ([offence("h", "2018-02-01", "2018-03-01", breach=True)], []),
    "proven and not yet sentenced": (
        [{"person": "i", "offence_date": "2018-02-01", "proven_date": "2018-03-01", "sentence_date": "2019-02-01"}],
        [],
    ),
}


@pytest.fixture(scope="module")
def con():
    people = sorted({row["person"] for rows, _ in CASES.values() for row in rows})
    on = [{"person": p, "scheme": "deter", "start_date": "2018-01-01", "end_date": "2018-07-01"} for p in people]
    begun = {"person": "z", "offence_date": "2017-01-05", "sentence_date": "2017-02-01"}
    made = store(
        scheme_episode=[{"person": "z", "start_date": "2017-01-01"}, *on],
        offence=[begun, *(row for rows, _ in CASES.values() for row in rows)],
    )
    derive(made, day("2018-12-31"))
    return made


@pytest.mark.parametrize("case", CASES)
def test_each_case_by_hand(con, case: str) -> None:
    offences, expected = CASES[case]
    asked = (
        "SELECT period, scheme, days_from_offence, days_from_arrest FROM sentencing WHERE person_key = ? ORDER BY ALL"
    )
    assert con.execute(asked, [key(offences[0]["person"])]).fetchall() == expected
