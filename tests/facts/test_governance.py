"""Whether a lead professional is named, as literal dated cases."""

from typing import Any

from metrics.derive import derive
from metrics.periods import quarter_end
from tests.facts.stores import day, key, store


def episode(person: str, start: str, end: str | None, lead: str | None, **more: Any) -> dict[str, Any]:
    return {"person": person, "start_date": start, "end_date": end, "lead_agency": lead} | more


def named(cutoff: str, **tables: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Person, quarter, whether somebody leads for them, and their tier that day."""
    con = store(**tables)
    derive(con, day(cutoff))
    counted = "SELECT period, count(*) FROM {} GROUP BY period ORDER BY period"
    at_the_end = con.execute(counted.format("(FROM caseload WHERE on_at_end)")).fetchall()
    assert con.execute(counted.format("lead_professional")).fetchall() == [
        (quarter, people) for quarter, people in at_the_end if quarter_end(quarter) <= day(cutoff)
    ]  # the very people of the caseload
    people = {key(one["person"]): one["person"] for one in tables["scheme_episode"]}
    rows = con.execute("SELECT person_key, period, named, tier FROM lead_professional ORDER BY 1, 2").fetchall()
    return [(people[person], *rest) for person, *rest in rows]


def test_people_are_counted_once_on_the_last_day_of_each_quarter_that_they_are_on_a_scheme() -> None:
    rows = named(
        "2018-09-29",  # the third quarter has not ended
        scheme_episode=[
            episode("early", "2017-01-01", "2018-03-30", "police"),  # the records begin; off it on 31 March
            episode("left", "2018-03-31", "2018-06-30", "police"),  # no longer on it on 30 June
            episode("two", "2018-01-01", None, None),
            episode("two", "2018-02-01", None, "probation", scheme="mappa"),  # one that names a lead is enough
            episode("after", "2018-01-01", "2018-05-01", "police"),
            episode("after", "2018-05-01", None, None),
            episode("none", "2018-06-30", "2018-06-30", "police"),  # on it for no day
        ],
        scheme_state=[{"person": "two", "kind": "tier", "value": "t1", "from_date": "2018-06-30", "to_date": None}],
    )
    assert [row for row in rows if row[0] == "early"] == [
        ("early", f"2017Q{number}", True, "none") for number in (1, 2, 3, 4)
    ]
    assert sorted(row for row in rows if row[0] != "early") == [
        ("after", "2018Q1", True, "none"), ("after", "2018Q2", False, "none"), 
        ("left", "2018Q1", True, "none"), ("two", "2018Q1", True, "none"), ("two", "2018Q2", True, "t1"),
    ]  # fmt: skip


def test_a_register_that_never_names_a_lead_says_nothing() -> None:
    assert named("2018-03-31", scheme_episode=[episode("a", "2018-01-01", None, None)]) == [
        ("a", "2018Q1", None, "none")
    ]
