"""Whether a lead professional is named, and who comes to conferences, as literal dated cases."""

from typing import Any

from metrics.derive import derive
from tests.facts.stores import day, key, store


def named(cutoff: str = "2018-12-31", **tables: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The quarters in which person a is counted, and whether somebody leads for them."""
    con = store(**tables)
    derive(con, day(cutoff))
    found = "SELECT period, named, tier FROM lead_professional WHERE person_key = ? ORDER BY period"
    return con.execute(found, [key("a")]).fetchall()


def episode(person: str, start: str, end: str | None, lead: str | None, **more: Any) -> dict[str, Any]:
    return {"person": person, "start_date": start, "end_date": end, "lead_agency": lead} | more


EARLY = episode("b", "2017-01-01", "2017-02-01", "police")


def test_a_person_is_counted_on_the_last_day_of_each_quarter_that_they_are_on_a_scheme() -> None:
    rows = named(
        scheme_episode=[EARLY, episode("a", "2018-03-31", "2018-09-30", "police")],
        scheme_state=[{"person": "a", "kind": "tier", "value": "t1", "from_date": "2018-06-30", "to_date": None}],
    )
    assert rows == [("2018Q1", True, "none"), ("2018Q2", True, "t1")]  # no longer on it on 30 September
    rows = named("2018-06-29", scheme_episode=[EARLY, episode("a", "2018-03-31", None, None)])
    assert rows == [("2018Q1", False, "none")]  # the second quarter has not ended


def test_one_scheme_that_names_a_lead_is_enough_and_a_person_is_counted_once() -> None:
    both = [episode("a", "2018-01-01", None, None), episode("a", "2018-02-01", None, "probation", scheme="mappa")]
    assert named("2018-03-31", scheme_episode=[EARLY, *both]) == [("2018Q1", True, "none")]
    after = [episode("a", "2018-01-01", "2018-03-01", "police"), episode("a", "2018-03-01", None, None)]
    assert named("2018-03-31", scheme_episode=[EARLY, *after]) == [("2018Q1", False, "none")]


def test_a_register_that_never_names_a_lead_says_nothing() -> None:
    early = episode("b", "2017-01-01", "2017-02-01", None)
    assert named("2018-03-31", scheme_episode=[early, episode("a", "2018-01-01", None, None)]) == [
        ("2018Q1", None, "none")
    ]


def test_who_died_before_the_quarters_end_has_no_lead_to_miss() -> None:
    rows = named(
        person=[{"person": "a", "date_of_death": "2018-06-30"}],
        scheme_episode=[EARLY, episode("a", "2018-01-01", None, None)],
    )
    assert rows == [("2018Q1", False, "none")]
