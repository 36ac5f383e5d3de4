"""Areas: a figure by council is of all that its districts hold, counted again from the rows, and never a sum of figures."""

import csv
from collections import defaultdict

import duckdb
import pytest

from common import paths
from metrics.areas import area_dimensions, grouping, value_of
from metrics.catalogue import catalogue
from metrics.cube import cells
from metrics.dimensions import FACTS, members
from release import lattice
from tests.statistics.store import random_rows, store

COUNCIL = {"fenland": "Shire Council", "cambridge": "Shire Council", "peterborough": "City Council"}
RATE = catalogue()["reoffending_rate"]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """Random people in three districts of two councils, some out of the area."""
    rows = random_rows(5, people=60)
    for i, row in enumerate(rows):
        row["home_district"] = ("fenland", "cambridge", "peterborough", "out_of_area")[i % 4]
    found = store(rows)
    found.execute("CREATE TABLE geography (district VARCHAR, label VARCHAR, council VARCHAR)")
    found.executemany("INSERT INTO geography VALUES (?, ?, ?)", [(d, d.title(), c) for d, c in COUNCIL.items()])
    found.execute("INSERT INTO geography VALUES ('out_of_area', 'Out of area', NULL)")
    found.execute("CREATE TABLE cohort (id VARCHAR, district_dimension VARCHAR)")
    found.execute("INSERT INTO cohort VALUES ('adults', 'home_district'), ('scheme', 'home_district')")
    return found


def test_a_council_counts_each_person_of_its_districts_once(con: duckdb.DuckDBPyConnection) -> None:
    """Somebody with entries in two districts of one council is one person of it: districts' people do not add up."""
    rows = con.execute("SELECT cohort, period, person_key, home_district, reoffended FROM index_event").fetchall()
    wanted: dict[tuple[str, str], tuple[set[str], int, int]] = defaultdict(lambda: (set(), 0, 0))
    held = {
        q
        for (q,) in con.execute(
            "SELECT period FROM follow_up WHERE cohort = 'adults' AND state = 'complete'"
        ).fetchall()
    }
    for cohort, period, person, district, reoffended in rows:
        if period in held:
            key = (cohort, value_of(COUNCIL.get(district, district)))
            people, entries, reoffenders = wanted[key]
            wanted[key] = (people | {person}, entries + 1, reoffenders + reoffended)
    found = cells(con, "index_event", [RATE], [("council",)], ["all"])
    got = {(r["cohort"], r["val1"]): (r["people"], r["entries"], int(r["sx"])) for r in found.iter_rows(named=True)}
    assert got == {key: (len(people), entries, reoffenders) for key, (people, entries, reoffenders) in wanted.items()}
    assert {value for _, value in got} == {"shire_council", "city_council", "out_of_area"}
    districts = cells(con, "index_event", [RATE], [("home_district",)], ["all"])
    shire = districts.filter(districts["val1"].is_in(["fenland", "cambridge"]) & (districts["cohort"] == "adults"))
    assert shire["people"].sum() > got["adults", "shire_council"][0]


def test_an_area_is_by_the_cohorts_own_district(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE cohort SET district_dimension = 'managing_district' WHERE id = 'scheme'")
    assert 'source."home_district"' in grouping(con, "adults", "council")
    assert 'source."managing_district"' in grouping(con, "scheme", "council")


def test_the_members_are_the_areas_of_the_geography(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("caseload", "programme"):
        con.execute(f"DROP TABLE IF EXISTS {name}")
    found = [(m.value, m.label) for m in members(con) if m.dimension == "council"]
    assert found[:2] == [("city_council", "City Council"), ("shire_council", "Shire Council")]
    assert next(m.value for m in members(con) if m.dimension == "contract_area") == "out_of_area"  # no such column here


def test_every_district_of_the_reference_lies_in_one_of_each() -> None:
    with paths.reference("geography.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["in_area"] == "true"]
    assert len(area_dimensions()) == 4
    for name in area_dimensions():
        assert all(row[name] for row in rows), name
        assert len({value_of(row[name]) for row in rows}) == len({row[name] for row in rows}), name


def test_every_fact_is_by_area_for_the_partnership_and_none_at_the_open_level() -> None:
    rules = [rule for rule in lattice.rules() if set(rule.dimensions) & set(area_dimensions())]
    assert {rule.level for rule in rules} == {"partnership"}
    assert any(lattice.EVERY_FACT in rule.facts and not rule.clock for rule in rules)
    assert len(FACTS) > 5
    assert all(d.takes(("council",)) for d in catalogue().values() if not d.requires)
