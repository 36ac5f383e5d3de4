"""Criminal history as OGRS3 counts it: literal dated cases, expected values written out."""

import datetime as dt
from typing import Any

import pytest

from metrics.cohorts import resolved
from metrics.derive import choose, run_step
from metrics.derive import working_tables as working
from metrics.ogrs3 import probability
from tests.facts.stores import day, key, store

CUTOFF = day("2024-12-31")
BORN = {
    "person_key": key("a"),
    "sex": "male",
    "ethnicity": "white",
    "date_of_birth": "1990-06-15",
    "sanctions_before": 0,
}


def history(on: str, person: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> dict[str, Any]:
    """The history of person a on a day."""
    con = store(person=[BORN | (person or {})], **tables)
    with working(con):
        choose(con, resolved(con), [], CUTOFF)
        run_step(con, "records")
        con.execute("CREATE TEMP TABLE moment (person_key VARCHAR, day INTEGER)")
        con.execute("INSERT INTO moment VALUES (?, ?)", [key("a"), (day(on) - dt.date(1970, 1, 1)).days])
        run_step(con, "history")
        rows = con.sql("SELECT * FROM moment_history").pl().to_dicts()
    assert len(rows) <= 1
    return rows[0] if rows else {}


def proved(date: str, **more: Any) -> dict[str, Any]:
    return {"person": "a", "offence_date": date, "disposal": "fine", "offence_code": "046/00"} | more


def counts(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["previous_sanctions"], row["age"], row["age_at_conviction"], row["age_first_sanction"]


def test_the_first_sanction() -> None:
    row = history("2018-06-15", offence=[proved("2018-06-15")])
    assert counts(row) == (0, 28, 28, 28)
    one, two = probability(
        sex=["male"], age=28, age_at_conviction=28, age_first_sanction=28, previous_sanctions=0, category=["theft"]
    )
    assert (row["ogrs3_1y"], row["ogrs3_2y"]) == pytest.approx((one[0], two[0]))
    assert row["ogrs_category"] == "theft"


def test_ages_are_completed_years() -> None:
    assert counts(history("2018-06-14", offence=[proved("2018-06-14")])) == (0, 27, 27, 27)
    born = {"date_of_birth": "2000-02-29"}
    assert history("2019-02-28", born, offence=[proved("2019-02-28")])["age"] == 18
    assert history("2019-03-01", born, offence=[proved("2019-03-01")])["age"] == 19


def test_occasions_are_counted_not_offences() -> None:
    """Three offences sentenced together, then two proven on one day without a key, then the index: two before it."""
    together = [proved(f"2015-0{n}-01", proven_date="2015-05-01", occasion_key="t") for n in (1, 2, 3)]
    same_day = [proved("2016-01-01", proven_date="2016-03-01"), proved("2016-01-02", proven_date="2016-03-01")]
    assert counts(history("2018-07-01", offence=[*together, *same_day, proved("2018-07-01")])) == (2, 28, 28, 24)


def test_what_is_no_sanction() -> None:
    """Breaches alone, what was not recordable, not proven, or proven after the day do not count."""
    others = [
        proved("2015-01-01", breach=True), proved("2015-02-01", recordable=False),
        proved("2015-03-01", outcome="not_proven", proven_date=None), proved("2015-04-01", outcome="penalty_notice", proven_date=None),
        proved("2018-01-01", proven_date="2018-09-01"),
    ]  # fmt: skip
    assert counts(history("2018-07-01", offence=[*others, proved("2018-07-01")])) == (0, 28, 28, 28)


def test_a_breach_sentenced_with_an_offence_makes_one_occasion() -> None:
    rows = [
        proved("2016-01-01", occasion_key="t"),
        proved("2016-01-01", occasion_key="t", breach=True),
        proved("2018-07-01"),
    ]
    assert history("2018-07-01", offence=rows)["previous_sanctions"] == 1


def test_the_history_before_the_store_begins() -> None:
    earlier = {"sanctions_before": 4, "first_sanction_date": "2004-01-10"}
    row = history("2018-07-01", earlier, offence=[proved("2016-01-01"), proved("2018-07-01")])
    assert counts(row) == (5, 28, 28, 13)


@pytest.mark.parametrize(
    "person",
    [
        {"sanctions_before": None},  # truncated: how many there were is not known, never nil
        {"sanctions_before": None, "first_sanction_date": "2004-01-10"},
        {"sanctions_before": 3},  # there were some, but since when is not known
        {
            "sanctions_before": 3,
            "first_sanction_date": "2019-01-01",
        },  # before the store, and yet after the index offence
        {"sanctions_before": 3, "first_sanction_date": "1998-01-01"},  # at the age of 7
        {"sex": "not_known"},
        {"date_of_birth": None},
    ],
)
def test_not_scorable(person: dict[str, Any]) -> None:
    row = history("2018-07-01", person, offence=[proved("2018-07-01")])
    assert (row["ogrs3_1y"], row["ogrs3_2y"], row["ogrs_band"]) == (None, None, "not_scorable")


@pytest.mark.parametrize("code", [None, "28E", "88/00"])
def test_an_offence_that_cannot_be_placed_is_not_scorable(code: str | None) -> None:
    row = history("2018-07-01", offence=[proved("2018-07-01", offence_code=code)])
    assert (row["ogrs_category"], row["ogrs3_1y"]) == (None, None)


def test_no_sanction_yet() -> None:
    assert history("2018-07-01", offence=[proved("2018-08-01")]) == {}


def test_a_prison_release_follows_its_own_sentence() -> None:
    """Sentenced for burglary at 28, fined inside for theft at 29, released at 30: the burglary, at 28, then 30."""
    rows = [
        proved("2015-01-01"),
        proved("2018-07-01", disposal="custody", offence_code="028/01", sentence_days=1400),
        proved("2019-08-01", occasion_key="fine"),
    ]
    spell = [{"person": "a", "kind": "sentence", "start_date": "2018-07-01", "end_date": "2020-06-20"}]
    row = history("2020-06-20", offence=rows, custody_spell=spell)
    assert row["ogrs_category"] == "burglary_domestic"
    assert counts(row) == (1, 30, 28, 24)
    # on any other day the latest sanction stands
    assert history("2020-06-21", offence=rows, custody_spell=spell)["ogrs_category"] == "theft"


def test_a_release_from_a_sentence_before_the_records_is_not_scorable() -> None:
    """The sentence is not in the store, so neither is its offence; an older fine must not stand in for it."""
    spell = [{"person": "a", "kind": "sentence", "start_date": "2016-07-01", "end_date": "2018-06-20"}]
    assert history("2018-06-20", offence=[proved("2015-01-01")], custody_spell=spell) == {}


def test_cautions_alone_and_after_a_conviction() -> None:
    caution = {"outcome": "cautioned", "disposal": None}
    first = history("2018-07-01", offence=[proved("2018-07-01", **caution)])
    second = history("2018-07-01", offence=[proved("2016-07-01", **caution), proved("2018-07-01", **caution)])
    after = history("2018-07-01", offence=[proved("2016-07-01"), proved("2018-07-01", **caution)])
    told = {"sex": ["male"], "age": 28, "age_at_conviction": 28, "category": ["theft"]}
    wanted = [
        probability(**told, age_first_sanction=28, previous_sanctions=0, cautioned_only=True),
        probability(**told, age_first_sanction=26, previous_sanctions=1, cautioned_only=True),
        probability(**told, age_first_sanction=26, previous_sanctions=1),
    ]
    assert [row["ogrs3_1y"] for row in (first, second, after)] == pytest.approx([float(one[0]) for one, _ in wanted])


def test_two_years_for_the_two_year_cohorts() -> None:
    from metrics.derive import derive

    con = store(person=[BORN], offence=[{"person": "early", "offence_date": "2014-10-01"}, proved("2018-07-01")])
    derive(con, CUTOFF)
    rows = dict(con.sql("SELECT cohort, ogrs3 FROM index_event WHERE year(index_date) = 2018").fetchall())
    one, two = probability(
        sex=["male"], age=28, age_at_conviction=28, age_first_sanction=28, previous_sanctions=0, category=["theft"]
    )
    assert (rows["adults"], rows["adults_2y"]) == pytest.approx((one[0], two[0]))
