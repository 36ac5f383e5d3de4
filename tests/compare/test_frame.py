"""Evaluation dates, what was known on them and what followed: literal dated cases, and a slow twin over random counties."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from metrics.compare import pool
from metrics.compare.frame import Frame, evaluation_frame, evaluation_frames
from metrics.compare.plan import Comparison
from tests.compare import evaluation_twin as twin
from tests.facts.random_county import CUTOFF as RANDOM_CUTOFF
from tests.facts.random_county import county
from tests.facts.stores import day, empty_store, fill, key, store
from tests.facts.twin import DAY, County

CUTOFF = dt.date(2022, 12, 31)
IOM = Comparison(id="scheme_iom", title="IOM", subject_kind="scheme", subject="iom")
EARLY = {"person": "z", "offence_date": "2015-01-05"}
"""The records begin here."""


def born(year: int) -> str:
    return f"{year}-01-01"


def person(name: str, year: int) -> dict[str, Any]:
    """Somebody who is told from others by their year of birth: a frame holds no identifier."""
    return {"person": name, "date_of_birth": born(year)}


def made(**tables: list[dict[str, Any]]) -> Frame:
    tables["offence"] = [EARLY, *tables.get("offence", [])]
    return evaluation_frame(store(**tables), IOM, CUTOFF)


def treated(frame: Frame) -> list[dict[str, Any]]:
    return frame.people.filter(pl.col("treated")).to_dicts()


def joined(start: str, **more: Any) -> dict[str, Any]:
    return {"person": "a", "start_date": start, **more}


def test_the_follow_up_runs_from_day_1_to_day_365_and_proof_may_take_until_day_548():
    def reoffences(committed: str, proven: str) -> int:
        offences = [
            {"person": "a", "offence_date": "2018-01-10"},
            {"person": "a", "offence_date": committed, "proven_date": proven},
        ]
        [row] = treated(made(scheme_episode=[joined("2018-03-01")], offence=offences))
        return row["reoffences"]

    assert reoffences("2018-03-01", "2018-06-01") == 0  # the day itself
    assert reoffences("2018-03-02", "2018-06-01") == 1
    assert reoffences("2019-03-01", "2019-04-01") == 1  # day 365
    assert reoffences("2019-03-02", "2019-04-01") == 0
    assert reoffences("2019-01-01", "2019-08-31") == 1  # proven on day 548
    assert reoffences("2019-01-01", "2019-09-01") == 0


def test_offences_sentenced_together_are_one_reconviction_event_and_a_caution_is_none():
    again = {"person": "a", "offence_date": "2018-05-01", "proven_date": "2018-06-01"}
    offences = [
        {"person": "a", "offence_date": "2018-01-10"},
        *({**again, "occasion_key": key} for key in ("court 1", "court 1", "court 2")),
        {**again, "offence_date": "2018-07-01", "proven_date": "2018-08-01"},
        {**again, "offence_date": "2018-07-02", "proven_date": "2018-08-01"},  # no key: proven on one day
        {**again, "offence_date": "2018-09-01", "proven_date": "2018-09-02", "outcome": "cautioned"},
    ]
    [row] = treated(made(scheme_episode=[joined("2018-03-01")], offence=offences))
    assert (row["reoffences"], row["occasions"]) == (6, 3)


def test_what_was_charged_counts_before_it_is_proven_and_what_was_proven_later_is_not_proven_yet():
    offences = [
        {"person": "a", "offence_date": "2018-01-10", "arrest_date": "2018-01-12", "proven_date": "2018-02-20"},
        {"person": "a", "offence_date": "2018-02-01", "arrest_date": "2018-02-10", "proven_date": "2018-05-01"},
        {"person": "a", "offence_date": "2018-02-20", "arrest_date": "2018-03-02", "proven_date": "2018-05-01"},
        {"person": "a", "offence_date": "2018-02-22", "arrest_date": "2018-02-23", "outcome": "not_proven"},
    ]
    frame = made(
        scheme_episode=[joined("2018-03-01")],
        offence=offences,
        person=[person("a", 1980)],
    )
    with evaluation_frames(
        store(scheme_episode=[joined("2018-03-01")], offence=[EARLY, *offences]), [IOM], CUTOFF
    ) as f:
        [row] = f._people.filter(pl.col("day") == (day("2018-03-01") - dt.date(1970, 1, 1)).days).to_dicts()
    # The third offence was committed before the date, and nobody knew of it: it is neither history nor a reoffence.
    assert (row["charges_90"], row["charges_30"], row["proven_365"]) == (3, 2, 1)
    assert row["days_since_charge"] == 6
    assert row["days_since_offence"] == 50
    assert treated(frame)[0]["reoffences"] == 0


def test_somebody_who_starts_in_custody_is_evaluated_on_release():
    spell = [{"person": "a", "start_date": "2018-02-01", "end_date": "2018-06-01", "sentence_days": 240}]
    before = {"person": "a", "offence_date": "2018-01-10"}
    after = {"person": "a", "offence_date": "2018-06-02"}
    frame = made(scheme_episode=[joined("2018-03-01")], custody_spell=spell, offence=[before, after])
    [row] = treated(frame)
    assert row["at_release"] and row["reoffences"] == 1 and row["days_to_first"] == 1 and row["quarter"] == "2018Q2"


@pytest.mark.parametrize("release", [{"end_date": None}, {"end_date": "2018-06-01", "release_type": "transfer"}])
def test_somebody_who_was_not_released_is_counted_and_left_out(release):
    spell = [{"person": "a", "start_date": "2018-02-01", **release}]
    frame = made(
        scheme_episode=[joined("2018-03-01")],
        custody_spell=spell,
        offence=[{"person": "a", "offence_date": "2018-01-10"}],
    )
    assert treated(frame) == []
    assert (frame.submitted, frame.flow[1].step, frame.flow[1].people) == (1, "at liberty", 0)


def test_those_of_a_named_cohort_who_start_after_the_cut_off_are_submitted_and_left_out_with_the_reason():
    def member(name: str, index_date: str, group_name: str = "treatment") -> dict[str, Any]:
        return {"person": name, "cohort": "trial", "index_date": index_date, "group_name": group_name}

    known = [EARLY, *({"person": name, "offence_date": "2017-01-10"} for name in "abcd")]
    members = [member("a", "2018-03-01"), member("b", "2023-01-01"), member("d", "2023-01-02", "comparison")]
    members.append(member("a", "2023-06-01"))  # again: the first counts
    subject = Comparison(id="cohort_trial", title="Trial", subject_kind="cohort", subject="trial")
    frame = evaluation_frame(store(cohort_member=members, offence=known), subject, CUTOFF)
    steps = [(step.step, step.people, step.reason) for step in frame.flow[:3]]
    assert steps == [
        ("submitted", 2, ""), ("started by the cut-off", 1, "they started after the cut-off"), ("at liberty", 1, ""),
    ]  # fmt: skip
    assert (frame.submitted, frame.treated) == (2, 1)


def test_the_follow_up_must_be_complete():
    known = [{"person": "a", "offence_date": "2021-01-10"}]
    assert len(treated(made(scheme_episode=[joined("2021-07-01")], offence=known))) == 1  # day 548 is the cut-off
    late = made(scheme_episode=[joined("2021-07-02")], offence=known)
    assert treated(late) == []
    assert next(step.reason for step in late.flow if step.step == "followed") == "their follow-up is not complete yet"


def test_only_the_first_start_counts_and_it_must_lie_in_the_period():
    known = [{"person": "a", "offence_date": "2018-01-10"}, {"person": "a", "offence_date": "2019-12-10"}]
    twice = [joined("2018-03-01", end_date="2018-09-01"), joined("2020-03-01")]
    assert [row["quarter"] for row in treated(made(scheme_episode=twice, offence=known))] == ["2018Q1"]
    later = Comparison(id="x", title="x", subject_kind="scheme", subject="iom", from_period="2019Q1")
    frame = evaluation_frame(store(scheme_episode=twice, offence=[EARLY, *known]), later, CUTOFF)
    assert treated(frame) == []


def test_controls_are_not_on_it_by_their_date_and_those_who_join_later_are_kept_and_flagged():
    known = [{"person": name, "offence_date": f"2018-0{month}-10"} for name in "abc" for month in range(1, 7)]
    episodes = [joined("2018-05-15"), {"person": "b", "start_date": "2018-11-01"}]
    people = [person("a", 1971), person("b", 1972), person("c", 1973)]
    frame = made(scheme_episode=episodes, offence=known, person=people)
    rows = frame.people.filter(~pl.col("treated") & (pl.col("quarter") == "2018Q2")).sort("age")
    # b (46) joins within the year that follows; c (45) never does; a's own day (47) may lie before their start.
    found = rows.filter(pl.col("age") < 47)
    assert found.select("age", "joined_later").rows() == [(45, False), (46, True)]
    assert all(rows.filter(pl.col("age") == 47)["joined_later"])
    assert {row["age"] for row in treated(frame)} == {47, 46}


def test_offences_from_different_records_are_seen():
    theirs = [{"person": "a", "offence_date": "2018-01-10", "record_source": "national"}]
    ours = [{"person": "b", "offence_date": "2017-06-10", "record_source": "local"}]
    mixed = made(scheme_episode=[joined("2018-03-01")], offence=theirs + ours)
    assert (mixed.source.treated, mixed.source.same) == (1.0, False)
    ours[0]["record_source"] = "national"
    assert made(scheme_episode=[joined("2018-03-01")], offence=theirs + ours).source.same


def test_a_named_cohort_brings_its_own_comparison_group():
    members = [
        {"person": "a", "cohort": "trial", "index_date": "2018-03-01", "group_name": "treatment"},
        {"person": "b", "cohort": "trial", "index_date": "2018-04-01", "group_name": "comparison"},
    ]
    known = [EARLY, *({"person": name, "offence_date": "2018-01-10"} for name in "abc")]
    asked = Comparison(id="x", title="x", subject_kind="cohort", subject="trial")
    frame = evaluation_frame(
        store(cohort_member=members, offence=known, person=[person("a", 1971), person("b", 1972)]), asked, CUTOFF
    )
    assert frame.people.select("treated", "age").rows() == [(True, 47), (False, 46)]


def test_without_a_prison_extract_custody_is_not_known_rather_than_none():
    [row] = treated(
        made(scheme_episode=[joined("2018-03-01")], offence=[{"person": "a", "offence_date": "2018-01-10"}])
    )
    assert (row["custody"], row["days_at_liberty"], row["liberty_offences"]) == (None, None, None)


def test_the_same_facts_give_the_same_fingerprint_and_others_another():
    known = [{"person": "a", "offence_date": "2018-01-10"}]
    tables = {"scheme_episode": [joined("2018-03-01")], "offence": known}
    more = {**tables, "offence": [*known, {"person": "a", "offence_date": "2018-06-10"}]}
    assert made(**tables).sha256() == made(**tables).sha256() != made(**more).sha256()


@pytest.mark.parametrize("seed", range(4))
def test_every_row_equals_its_slow_twin(seed):
    tables = county(seed, people=20)
    con = fill(empty_store(), **tables)
    slow = County(tables, RANDOM_CUTOFF)
    asked = Comparison(id="x", title="x", subject_kind="scheme", subject="iom", follow_up_days=200, waiting_days=60)
    epoch = dt.date(1970, 1, 1)
    with evaluation_frames(con, [asked], RANDOM_CUTOFF) as frames:
        raw = con.sql("SELECT * FROM moment_covariate").pl()
        followed = {(r["person_key"], r["day"]): r for r in con.sql("SELECT * FROM moment_outcome").pl().to_dicts()}
        drawn = con.sql("SELECT person_key, day FROM pool_moment").fetchall()
        dates = dict(con.sql("SELECT person_key, day FROM evaluation").fetchall())
        first_day = frames._first_day
    assert raw.height > 20
    for row in raw.to_dicts():
        on = epoch + row["day"] * DAY
        expected = twin.record(slow, row["person_key"], on)
        assert {name: row[name] for name in expected} == expected
        ours = followed.get((row["person_key"], row["day"]))
        theirs = twin.outcome(slow, row["person_key"], on, 200, 60)
        assert (ours is None) == (theirs is None)
        if ours is not None and theirs is not None:
            assert {name: ours[name] for name in theirs} == theirs
    starts: dict[str, dt.date] = {}
    for row in tables["scheme_episode"]:
        if row["scheme"] == "iom" and row["start_date"] <= RANDOM_CUTOFF and row["start_date"] != row["end_date"]:
            starts[row["person_key"]] = min(row["start_date"], starts.get(row["person_key"], row["start_date"]))
    assert {who: None if on is None else epoch + on * DAY for who, on in dates.items()} == {
        who: twin.evaluation_day(slow, who, start) for who, start in starts.items()
    }
    described = {(row["person_key"], row["day"]) for row in raw.to_dicts()}
    for who, number in drawn:
        on = epoch + number * DAY
        died = slow.death(who)
        assert not slow.inside(who, on) and number >= first_day and (died is None or died > on)
        assert ((who, number) in described) == twin.noticed(slow, who, on)


def test_a_date_is_drawn_in_every_quarter_for_everybody_who_could_be_compared():
    known = [EARLY, *({"person": "b", "offence_date": f"{year}-05-10"} for year in range(2016, 2021))]
    con = store(scheme_episode=[joined("2018-03-01")], offence=[*known, {"person": "a", "offence_date": "2018-01-10"}],
                custody_spell=[{"person": "b", "start_date": "2019-01-15", "end_date": "2019-08-01"}])  # fmt: skip
    with evaluation_frames(con, [IOM], CUTOFF):
        days = con.execute(
            "SELECT DATE '1970-01-01' + day FROM pool_moment WHERE person_key = ? ORDER BY day", [key("b")]
        ).fetchall()
    quarters = [f"{d.year}Q{(d.month + 2) // 3}" for (d,) in days]
    inside = [d for (d,) in days if day("2019-01-15") <= d < day("2019-08-01")]
    assert inside == []  # a day drawn in custody is moved to the release
    assert (day("2019-08-01"),) in days
    assert {f"2017Q{n}" for n in range(1, 5)} | {f"2018Q{n}" for n in range(1, 5)} <= set(quarters)


def test_a_large_pool_is_thinned_by_lot_and_the_busy_are_kept(monkeypatch):
    known = [EARLY]
    for number in range(40):
        known += [{"person": f"p{number}", "offence_date": f"{year}-05-10"} for year in (2016, 2018, 2020)]
    known += [{"person": "busy", "offence_date": f"2018-0{month}-10"} for month in range(1, 7)]
    con = store(offence=known, scheme_episode=[{"person": "p0", "start_date": "2018-03-01"}])

    def dates():
        with evaluation_frames(con, [IOM], CUTOFF):
            rows = con.sql("SELECT person_key, day FROM pool_moment").fetchall()
            return rows, con.execute(
                "SELECT count(*) FROM pool_moment WHERE person_key = ? AND day BETWEEN 17680 AND 17800", [key("busy")]
            ).fetchone()[0]

    everybody, _ = dates()
    monkeypatch.setattr(pool, "POOL_ROWS", 300)
    fewer, busy = dates()
    assert len(everybody) > 800
    assert 200 < len(fewer) < 400
    assert set(fewer) < set(everybody)
    assert busy == 1  # with six charges by then, the date is kept whatever its lot


def test_nobody_is_named_in_a_frame():
    frame = made(scheme_episode=[joined("2018-03-01")], offence=[{"person": "a", "offence_date": "2018-01-10"}])
    assert "person_key" not in frame.people.columns
    assert not any(key("a") in str(value) for row in frame.people.rows() for value in row)
