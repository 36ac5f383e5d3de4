"""The directory, its gaps, its use and the weeks ahead from a literal store, and the weeks ahead against a slow plain twin."""

import datetime as dt
import random
from typing import Any

import duckdb
import polars as pl
import pytest

from metrics.derive import derive, working_tables
from metrics.provision import ahead, gaps
from metrics.provision.adults import turning_18
from metrics.provision.directory import directory, two_quarters_on, verified_since
from metrics.provision.standing import standing_of_provision
from metrics.provision.tables import tables
from metrics.provision.use import use
from tests.facts.stores import empty_store, fill, key, store

CUT = dt.date(2024, 6, 30)
BASE: dict[str, Any] = {
    "provider": "Fen Homes", "sector": "voluntary", "pathway": "accommodation", "sex_served": "all", "age_from": 18, "drop_in": False,
    "capacity": 10,
}  # fmt: skip


def entry(programme: str, district: str, **more: Any) -> dict[str, Any]:
    return BASE | {"programme": programme, "title": programme.lower(), "district": district} | more


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def one(frame: pl.DataFrame, **where: Any) -> dict[str, Any]:
    found = frame.filter([pl.col(name) == value for name, value in where.items()]).to_dicts()
    assert len(found) == 1, (where, found)
    return found[0]


@pytest.mark.parametrize(
    ("cutoff", "since", "until"),
    [
        ("2026-09-30", "2026-03-30", "2027-03-31"),
        ("2026-08-31", "2026-02-28", "2026-12-31"),  # the quarter reviewed is April to June
        ("2026-12-31", "2026-06-30", "2027-06-30"),
        ("2024-01-15", "2023-07-15", "2024-06-30"),
    ],
)
def test_six_months_back_and_two_quarters_on(cutoff: str, since: str, until: str) -> None:
    assert (verified_since(day(cutoff)), two_quarters_on(day(cutoff))) == (day(since), day(until))


def test_entries_are_verified_and_funded_as_the_days_say() -> None:
    checks = ["2024-06-30", "2023-12-30", "2023-12-29", "2024-07-01", None]
    money = ["2024-12-31", "2025-01-01", "2024-06-30", "2024-06-29", None]
    rows = [
        entry(f"P{n}", "fenland", last_verified=check, funding_ends=ends)
        for n, (check, ends) in enumerate(zip(checks, money, strict=True))
    ]
    made = directory(fill(empty_store(), programme=rows), CUT)
    assert made["verified"].to_list() == ["recently", "recently", "stale", "never", "never"]  # a check to come is none
    assert made["funding"].to_list() == ["soon", "later", "soon", "passed", "unknown"]
    assert made["dated"].to_list() == [False] * 5


@pytest.fixture(scope="module")
def literal() -> duckdb.DuckDBPyConnection:
    """Three districts. A home in Fenland, a clinic for women in Cambridge, nothing in Peterborough; needs, use and people inside."""
    needs = [
        ("a", "accommodation", "2024-06-01", "some"), ("b", "accommodation", "2024-06-01", "some"),
        ("c", "health", "2024-06-01", "significant"), ("d", "accommodation", "2024-06-01", "none"),
        ("e", "accommodation", "2022-01-01", "some"),
    ]  # fmt: skip
    con = store(
        scheme_episode=[
            {"person": "early", "start_date": "2022-01-01"},
            *({"person": who, "start_date": "2024-05-01", "managing_district": place}
              for who, place in (("a", "fenland"), ("b", "peterborough"), ("c", "cambridge"), ("d", "fenland"))),
        ],
        need=[{"person": who, "pathway": p, "assessed_on": on, "level": level} for who, p, on, level in needs],
        programme=[
            entry("HOME", "fenland", last_verified="2024-05-01", funding_ends="2024-09-30"),
            entry("CLINIC", "cambridge", pathway="health", sex_served="female", drop_in=True),
            entry("GROUP", "fenland", pathway="finance"),
        ],
        programme_start=[{"programme": "GROUP", "district": "fenland", "starts_on": on, "places": 4} for on in ("2024-05-01", "2024-07-28")],
        intervention_spell=[
            {"person": "a", "programme": "HOME", "referred_on": "2024-06-01", "started_on": "2024-06-10"},
            {"person": "d", "programme": "HOME", "referred_on": "2024-06-20"},
            {"person": "b", "programme": "HOME", "referred_on": "2024-01-01", "started_on": "2024-01-11", "ended_on": "2024-02-10", "outcome": "completed"},
            {"person": "c", "programme": "HOME", "referred_on": "2023-06-29"},  # a record left open: too long to be waiting
        ],
        custody_spell=[
            {"person": "a", "start_date": "2022-01-10", "end_date": "2022-02-01"},
            {"person": "a", "start_date": "2024-06-15", "first_notified_on": "2024-06-20", "release_first_notified": "2024-07-05"},
            {"person": "b", "start_date": "2024-06-01", "first_notified_on": "2024-06-02", "release_first_notified": "2024-07-30",
             "last_notified_on": "2024-06-28", "release_last_notified": "2024-06-29"},
            {"person": "c", "start_date": "2024-06-01", "kind": "remand"},
            {"person": "d", "start_date": "2024-06-01", "first_notified_on": "2024-07-02", "release_first_notified": "2024-07-09"},
        ],
    )  # fmt: skip
    derive(con, CUT)
    return con


def test_a_literal_store(literal: duckdb.DuckDBPyConnection) -> None:
    made = tables(literal, CUT)
    unmet = {
        (r["pathway"], r["district"]): (r["need"], r["nothing"], r["not_for_them"])
        for r in made["provision_unmet"].to_dicts()
    }
    assert unmet == {
        ("accommodation", "fenland"): (1, 0, 0),
        ("accommodation", "peterborough"): (1, 1, 0),
        ("health", "cambridge"): (1, 0, 1),  # a man, and the clinic is for women
    }
    use = one(made["provision_use"], programme="HOME", district="fenland")
    assert use == {"programme": "HOME", "district": "fenland", "on_it": 1, "waiting": 1, "referred": 2, "started": 1}
    assert made["provision_use"]["waiting"].sum() == 1

    due = {(r["district"], r["state"]): (r["week"], r["weekday"], r["people"]) for r in made["release_due"].to_dicts()}
    assert due == {
        ("fenland", "dated"): (1, 4, 1),  # Friday 5 July
        ("peterborough", "overdue"): (None, None, 1),  # what was told last counts
        ("fenland", "undated"): (None, None, 1),  # told of after the cut-off: not known yet
    }
    home = one(made["need_expected"], pathway="accommodation", district="fenland")
    assert (home["leaving"], home["waiting"], home["on_it"], home["places"], home["entries"]) == (1, 1, 1, 10, 1)
    assert home["room"] == pytest.approx(10 - 1 + 10 * 91 / 30)  # the one stay that ended lasted 30 days
    group = one(made["need_expected"], pathway="finance", district="fenland")
    assert (group["room"], group["room_unknown"]) == (4.0, 0)  # the start of 28 July
    assert one(made["need_expected"], pathway="health", district="peterborough")["verdict"] == "nothing"
    gap = made["provision_gap"].filter((pl.col("pathway") == "health") & (pl.col("district") == "cambridge"))
    assert gap.select("sex", "age_from", "age_to").rows() == [("female", 10, 17), ("male", 10, None)]
    assert made["provision_gap"].filter(pl.col("district") == "peterborough")["nothing"].all()


def test_how_provision_stands(literal: duckdb.DuckDBPyConnection) -> None:
    found = standing_of_provision(literal, CUT)
    area = {r["measure"]: (r["numerator"], r["denominator"]) for r in found.filter(pl.col("district") == "").to_dicts()}
    assert area == {
        "directory_verified": (1, 3),
        "pathways_without_provision": (24, 27),
        "open_within_four_weeks": (2, 2),  # the drop-in, and the group on 28 July; the home does not say
        "funding_ending": (1, 3),
    }
    assert one(found, measure="directory_verified", district="peterborough")["reason"] == "no entry is listed here"
    assert set(found["period"]) == {"2024Q2"}


def test_without_a_directory_there_is_nothing_to_tell() -> None:
    con = empty_store()
    assert tables(con, CUT) == {}
    assert set(standing_of_provision(con, CUT)["status"]) == {"not_available"}


def test_the_weeks_ahead_equal_their_twin() -> None:
    chance = random.Random(7)
    people = [f"{n}" for n in range(60)]

    def any_day(first: int, last: int) -> dt.date:
        return CUT - dt.timedelta(days=chance.randint(first, last))

    needs = [
        {"person_key": key(p), "pathway": chance.choice(["health", "finance"]), "assessed_on": any_day(-30, 1900), "level": chance.choice(["none", "some"])}
        for p in people for _ in range(9)
    ]  # fmt: skip
    spells = []
    for p in people:
        start = any_day(30, 1100)
        end = chance.choice([None, start + dt.timedelta(days=chance.randint(1, 200))])
        told = start + dt.timedelta(days=chance.randint(0, 60))
        spells.append({"person_key": key(p), "kind": chance.choice(["sentence", "recall"]), "start_date": start, "end_date": end,
                       "first_notified_on": told, "release_first_notified": told + dt.timedelta(days=chance.randint(0, 300))})  # fmt: skip
    homes = [
        {"person_key": key(p), "district": chance.choice(["fenland", "cambridge"]), "from_date": dt.date(2015, 1, 1)}
        for p in people
    ]
    con = fill(
        empty_store(), person=[{"person_key": key(p)} for p in people], need=needs, custody_spell=spells, residence=homes,
        programme=[entry("HUB", "fenland", pathway="health")],
    )  # fmt: skip
    home = {row["person_key"]: row["district"] for row in homes}
    with working_tables(con):
        ahead.begin(con, CUT)
        used = use(con, CUT)
        ahead.prepare(con)
        due_out = ahead.releases(con, CUT)
        forecast = ahead.forecast(con, CUT, due_out)
        expected = ahead.needs(
            con, CUT, directory(con, CUT), used, pathways=["finance", "health"], districts=["cambridge", "fenland"]
        )

    spans = min(ahead.WINDOWS, ((CUT - min(n["assessed_on"] for n in needs)).days - 365) // 91)
    counts: dict[tuple[str, str], list[set[str]]] = {}
    for n in needs:
        mine = [m for m in needs if (m["person_key"], m["pathway"]) == (n["person_key"], n["pathway"])]
        before = [m["assessed_on"] for m in mine if m["assessed_on"] < n["assessed_on"]]
        last = [m for m in mine if before and m["assessed_on"] == max(before)]
        lately = before and (n["assessed_on"] - max(before)).days <= 365 and any(m["level"] != "none" for m in last)
        back = (CUT - n["assessed_on"]).days
        if n["level"] != "none" and not lately and 0 <= back < 91 * spans:
            for place in ("", home[n["person_key"]]):
                counts.setdefault((n["pathway"], place), [set() for _ in range(spans)])[back // 91].add(n["person_key"])
    for (pathway, place), found in counts.items():
        row = one(expected, pathway=pathway, district=place)
        assert row["value"] == pytest.approx(sum(len(each) for each in found[:8]) / 8), (pathway, place)

    inside = [s for s in spells if s["end_date"] is None or s["end_date"] > CUT]
    due = [s["release_first_notified"] for s in inside if s["first_notified_on"] <= CUT]
    soon = [d for d in due if 1 <= (d - CUT).days <= 91]
    dated = due_out.filter(pl.col("state") == "dated")
    assert dated["people"].sum() == len(soon)
    for weekday in range(7):
        assert dated.filter(pl.col("weekday") == weekday)["people"].sum() == sum(d.weekday() == weekday for d in soon)
    whole = min(ahead.WINDOWS, (CUT - min(s["start_date"] for s in spells)).days // 91)
    ended = [s for s in spells if s["end_date"] is not None and 0 <= (CUT - s["end_date"]).days < 91 * 8]
    known = [s for s in spells if s["end_date"] is not None and 0 <= (CUT - s["end_date"]).days < 91 * whole]
    told = [
        s
        for s in known
        if s["first_notified_on"] <= CUT - dt.timedelta(days=91 * ((CUT - s["end_date"]).days // 91 + 1))
    ]
    row = one(forecast, district="")
    assert row["value"] == pytest.approx(len(ended) / 8)
    assert row["foretold"] == pytest.approx(100 * len(told) / len(known))


def test_a_directory_alone_foretells_nothing() -> None:
    con = store(programme=[entry("HUB", "fenland", pathway="health")])
    derive(con, CUT)
    made = tables(con, CUT)
    [row] = made["release_expected"].to_dicts()
    assert (row["known"], row["value"], row["foretold"], row["windows"]) == (0, None, None, 0)
    hub = one(made["need_expected"], pathway="health", district="fenland")
    assert (hub["value"], hub["room_unknown"], hub["verdict"]) == (None, 1, "cannot_tell")
    assert made["release_due"].is_empty() and made["provision_use"].is_empty() and made["provision_unmet"].is_empty()


def test_young_people_are_followed_to_adult_services() -> None:
    """a turns 18 in August; b, c, d, e turned 18 on 31 January 2024 and are looked at on 1 May; f left the scheme too long before."""
    born = {"a": "2006-08-01", **dict.fromkeys("bcdef", "2006-01-31")}
    left = {"e": "2024-01-20", "f": "2023-10-31"}
    con = fill(
        empty_store(),
        person=[{"person": who, "date_of_birth": on} for who, on in born.items()],
        scheme_episode=[
            {"person": who, "scheme": "deter", "start_date": "2023-09-01", "end_date": left.get(who, "2024-01-31" if who != "a" else None),
             "managing_district": "fenland" if who in "ab" else "cambridge"}
            for who in born
        ] + [{"person": "b", "start_date": "2024-04-01", "end_date": "2024-05-02", "managing_district": "peterborough"}],
        supervision_spell=[
            {"person": "b", "kind": "community_order", "start_date": "2024-05-01"},
            {"person": "c", "kind": "youth_order", "start_date": "2024-01-01"},
        ],
        programme=[entry("YOUTH", "cambridge", age_from=10, age_to=17)],
        intervention_spell=[
            {"person": "c", "programme": "YOUTH", "referred_on": "2024-01-01", "started_on": "2024-01-01"},
            {"person": "d", "programme": "HOME", "referred_on": "2024-03-01", "started_on": "2024-05-01"},
        ],
    )  # fmt: skip
    found = {row["district"]: tuple(row.values())[1:] for row in turning_18(con, CUT).to_dicts()}
    # ahead, turned, on a scheme, supervised, on a programme, followed
    assert found == {"": (1, 4, 1, 1, 1, 2), "fenland": (1, 1, 1, 1, 0, 1), "cambridge": (0, 3, 0, 0, 1, 1)}


def test_the_quarter_reviewed() -> None:
    assert [gaps.reviewed(day(d)) for d in ("2026-09-30", "2026-09-29", "2027-01-01")] == ["2026Q3", "2026Q2", "2026Q4"]
