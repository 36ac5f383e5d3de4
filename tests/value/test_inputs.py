"""What value for money reads out of a store: literal rows, empty tables, and loops over people and days."""

import datetime as dt
import random
from typing import Any

import duckdb
import polars as pl
import pytest

from metrics.derive import derive, read_sql
from metrics.value import prices
from metrics.value.inputs import inputs
from metrics.value.parameters import parameters
from metrics.value.spending import BEGINS_LATE, NEGATIVE, NOT_ALL_YET, ONLY_SET_UP, spend_table, yearly
from tests.facts import random_county
from tests.facts.random_county import CUTOFF, DAYS, START
from tests.facts.stores import empty_store, fill, store
from tests.value.managed_twin import Managed

KNOWN = parameters()
END = dt.date(2023, 9, 30)
LINE = {
    "scheme": "iom",
    "district": "fenland",
    "agency": "police",
    "kind": "running",
    "additional": True,
    "price_year": "2022/23",
}


def shaped(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """With the tables of facts, empty: what is read here needs none of them but for reoffences."""
    con.execute(read_sql("shapes"))
    return con


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    """The release's `spend` of a store with these cost lines."""
    con = shaped(store(cost=[LINE | row for row in rows]))
    return spend_table(inputs(con, END).spend, END, KNOWN)


def year_of(*rows: dict[str, Any]) -> dict[str, Any]:
    """2022/23 everywhere."""
    found = yearly(lines(*rows)).filter((pl.col("district") == "") & (pl.col("period") == "2022/23"))
    return found.to_dicts()[0]


WHOLE = [{"quarter": q, "pence": 100_000} for q in ("2022Q1", "2022Q2", "2022Q3", "2022Q4", "2023Q1", "2023Q2")]


class TestSpending:
    def test_quarters_add_up_to_their_year_and_only_whole_years_are_there(self) -> None:
        spend = lines(*WHOLE)
        by = dict(zip(spend["period"], spend["pounds"], strict=True))
        assert by == dict.fromkeys(["2022Q1", "2022Q2", "2022Q3", "2022Q4", "2023Q1", "2023Q2"], 1000.0) | {
            "2021/22": 1000.0, "2022/23": 4000.0,
        }  # fmt: skip

    def test_real_terms_and_their_price_year(self) -> None:
        spend = lines(*WHOLE)
        assert set(spend["real_price_year"]) == {KNOWN.price_year} == {"2023/24"}
        row = spend.filter(pl.col("period") == "2022/23").to_dicts()[0]
        index = {year: KNOWN[f"deflator.{year}"].value for year in (2022, 2023, 2024)}
        by = (0.75 * index[2023] + 0.25 * index[2024]) / (0.75 * index[2022] + 0.25 * index[2023])
        assert row["real_pounds"] == pytest.approx(4000 * by)

    def test_kinds_of_money(self) -> None:
        given = [{"quarter": "2022Q3", "price_year": "2023/24"} | one for one in (
            {"pence": 100}, {"pence": 1000, "additional": False}, {"pence": 10_000, "kind": "in_kind", "additional": False},
            {"pence": 100_000, "kind": "set_up"}, {"pence": 1_000_000, "district": "cambridge"},
        )]  # fmt: skip
        row = year_of(*given, *({**one, "pence": 0} for one in WHOLE))
        assert [round(row[name], 6) for name in ("cash", "mainstream", "in_kind", "set_up")] == [10_001, 10, 100, 1000]
        assert row["reason"] == ""

    def test_a_line_of_a_programme_within_a_scheme_is_the_programmes(self) -> None:
        spend = lines({"quarter": "2022Q3", "pence": 100, "programme": "steady_work"})
        assert spend.select("subject_kind", "subject").unique().rows() == [("programme", "steady_work")]

    def test_a_quarter_that_has_not_ended_is_not_known(self) -> None:
        assert lines(*WHOLE, {"quarter": "2023Q4", "pence": 5}).height == lines(*WHOLE).height

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            (WHOLE, ""),
            (WHOLE[2:], BEGINS_LATE),
            (WHOLE[:4], NOT_ALL_YET),
            ([*({**one, "kind": "set_up"} for one in WHOLE)], ONLY_SET_UP),
            ([*WHOLE, {"quarter": "2022Q4", "pence": -900_000}], NEGATIVE),
            ([WHOLE[1], WHOLE[5]], ""),  # one bill for the year, and the next
        ],
    )
    def test_a_year_that_cannot_be_used_says_why(self, rows: list[dict[str, Any]], reason: str) -> None:
        assert year_of(*rows)["reason"] == reason

    def test_a_price_year_without_a_deflator_has_no_real_pounds(self) -> None:
        row = year_of(*WHOLE, {"quarter": "2022Q3", "pence": 1, "price_year": "1950/51"})
        assert row["reason"] == "some of its costs have a price year that the deflator does not have"


def managed(**tables: list[dict[str, Any]]) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    con = shaped(store(**tables))
    rows = inputs(con, END).managed.to_dicts()
    return {(row["subject"], row["tier"], row["district"], row["period"]): row for row in rows}


EARLY = {"person": "early", "start_date": "2019-04-01", "end_date": "2019-04-03"}
"""So that records begin before the years that are looked at."""


class TestManaged:
    def test_one_day_is_managed(self) -> None:
        """On it 31 March 2022 alone: in 2021/22, a day of 365.25, and not in 2022/23."""
        found = managed(scheme_episode=[EARLY, {"person": "a", "start_date": "2022-03-31", "end_date": "2022-04-01"}])
        row = found["iom", "", "", "2021/22"]
        assert (row["people"], row["starts"], row["person_years"]) == (1, 1, pytest.approx(1 / 365.25))
        assert ("iom", "", "", "2022/23") not in found

    def test_a_whole_year_with_custody_in_it(self) -> None:
        """365 days on it, of which 100 midnights inside: 265 x 12 / 365.25 months at liberty."""
        found = managed(
            scheme_episode=[EARLY, {"person": "a", "start_date": "2021-01-01", "end_date": None}],
            custody_spell=[{"person": "a", "start_date": "2022-06-01", "end_date": "2022-09-09"}],
        )
        row = found["iom", "", "", "2022/23"]
        assert (row["people"], row["starts"]) == (1, 0)
        assert row["months_at_liberty"] == pytest.approx(265 * 12 / 365.25)
        assert row["person_years"] == pytest.approx(365 / 365.25)

    def test_two_districts_count_a_person_once_everywhere(self) -> None:
        found = managed(scheme_episode=[
            EARLY, {"person": "a", "start_date": "2022-04-10", "end_date": "2022-05-10"},
            {"person": "a", "start_date": "2022-05-10", "end_date": "2022-06-10", "managing_district": "fenland"},
        ])  # fmt: skip
        people = {key[2]: row["people"] for key, row in found.items() if key[0] == "iom" and key[3] == "2022/23"}
        assert people == {"": 1, "peterborough": 1, "fenland": 1}
        assert found["iom", "", "", "2022/23"]["starts"] == 1
        assert found["", "", "", "2022/23"]["people"] == 1

    def test_tiers(self) -> None:
        found = managed(
            scheme_episode=[EARLY, {"person": "a", "start_date": "2022-04-01", "end_date": "2022-05-01"}],
            scheme_state=[
                {"person": "a", "kind": "tier", "value": "tier_1", "from_date": "2022-04-01", "to_date": "2022-04-11"},
                {"person": "a", "kind": "tier", "value": "tier_2", "from_date": "2022-04-11", "to_date": None},
            ],
        )
        days = {
            key[1]: row["person_years"] * 365.25
            for key, row in found.items()
            if key[2] == "" and key[0] == "iom" and key[3] == "2022/23"
        }
        assert days == {"": pytest.approx(30), "tier_1": pytest.approx(10), "tier_2": pytest.approx(20)}

    def test_a_programme_by_home_district_and_its_completions(self) -> None:
        early = {
            "person": "early",
            "referred_on": "2019-04-01",
            "started_on": "2019-04-02",
            "ended_on": "2019-04-03",
            "outcome": "dropped_out",
        }
        spell = {"referred_on": "2022-05-01", "started_on": "2022-06-01", "ended_on": "2022-06-10"}
        found = managed(
            residence=[{"person": "a", "district": "cambridge", "from_date": "2020-01-01"}],
            intervention_spell=[
                early, {"person": "a", "outcome": "completed", **spell}, {"person": "b", "outcome": "dropped_out", **spell},
                {"person": "c", "outcome": None, **spell, "started_on": None, "ended_on": None},
            ],
        )  # fmt: skip
        row = found["steady_work", "", "", "2022/23"]
        assert (row["people"], row["completions"], row["person_years"]) == (2, 1, pytest.approx(20 / 365.25))
        assert found["steady_work", "", "cambridge", "2022/23"]["completions"] == 1
        assert found["steady_work", "", "not_known", "2022/23"]["completions"] == 0

    def test_what_a_partnership_has_no_table_for_is_null_and_never_0(self) -> None:
        found = managed(scheme_episode=[EARLY, {"person": "a", "start_date": "2022-04-01", "end_date": None}])
        row = found["iom", "", "", "2022/23"]
        assert [row[name] for name in ("months_at_liberty", "completions", "accommodation_kept", "work_kept")] == [
            None
        ] * 4


def kept(on: str, until: str | None, *circumstances: tuple[str, str], period: str = "2021/22") -> int | None:
    rows = [
        {"domain": "accommodation", "person": "a", "on_date": day, "status": status} for day, status in circumstances
    ]
    found = managed(scheme_episode=[EARLY, {"person": "a", "start_date": on, "end_date": until}], circumstance=rows)
    return found["iom", "", "", period]["accommodation_kept"]


class TestKept:
    def test_ninety_one_days_and_not_ninety(self) -> None:
        """Settled from 1 June: 30 August is the 91st day, so another status recorded on 31 August comes too late to matter."""
        assert kept("2021-05-01", None, ("2021-06-01", "settled"), ("2021-08-31", "temporary")) == 1
        assert kept("2021-05-01", None, ("2021-06-01", "settled"), ("2021-08-30", "temporary")) == 0

    def test_counted_from_joining(self) -> None:
        assert kept("2021-05-01", None, ("2020-01-01", "settled"), ("2021-07-31", "temporary")) == 1
        assert kept("2021-05-01", None, ("2020-01-01", "settled"), ("2021-07-30", "temporary")) == 0

    def test_half_a_year_after_leaving_is_looked_at(self) -> None:
        """Last day on it 31 July 2021; 183 days after is 30 January 2022: the 91st day may fall then and no later."""
        assert kept("2021-05-01", "2021-08-01", ("2021-11-01", "settled")) == 1
        assert kept("2021-05-01", "2021-08-01", ("2021-11-02", "settled")) == 0

    def test_still_on_it_the_year_ends_at_its_end(self) -> None:
        assert kept("2021-05-01", None, ("2021-12-31", "settled")) == 1
        assert kept("2021-05-01", None, ("2022-01-01", "settled")) == 0

    def test_the_same_status_again_is_no_break(self) -> None:
        assert (
            kept("2021-05-01", None, ("2021-06-01", "settled"), ("2021-07-01", "settled"), ("2021-09-15", "temporary"))
            == 1
        )

    def test_not_told_until_the_half_year_has_passed(self) -> None:
        """The cut-off is 30 September 2023, 183 days after 31 March 2023: 2022/23 is the last that can be told."""
        assert kept("2021-05-01", None, ("2021-06-01", "settled"), period="2022/23") == 1
        con = shaped(store(
            scheme_episode=[EARLY, {"person": "a", "start_date": "2021-05-01", "end_date": None}],
            circumstance=[{"domain": "accommodation", "person": "a", "on_date": "2021-06-01", "status": "settled"}],
        ))  # fmt: skip
        rows = inputs(con, END - dt.timedelta(days=1)).managed
        assert rows.filter(pl.col("period") == "2022/23")["accommodation_kept"].unique().to_list() == [None]


def test_reoffences_by_code_of_a_scheme_and_a_programme() -> None:
    """On IOM and convicted on 1 June 2020, then of a burglary on 1 August: an index event of its own too. The vehicle crime, 366
    days after the first and 305 after the second, counts once. The programme began after the burglary and before it."""
    crimes = [
        ("2020-05-01", "105/01", "violence"),
        ("2020-08-01", "028/01", "burglary"),
        ("2021-06-02", "045/10", "vehicle"),
    ]
    con = store(
        scheme_episode=[EARLY, {"person": "a", "start_date": "2020-01-01", "end_date": None}],
        offence=[{"person": "a", "offence_date": day, "offence_code": code, "offence_group": group,
                  "proven_date": "2020-06-01" if day < "2020-06" else day, "occasion_key": day} for day, code, group in crimes]
        + [{"person": "early", "offence_date": "2019-04-01"}],  # the record begins
        intervention_spell=[{"person": "a", "referred_on": "2020-11-01", "started_on": "2020-12-01", "ended_on": "2020-12-20", "outcome": "completed"}],
    )  # fmt: skip
    derive(con, END)
    rows = inputs(con, END).reoffences
    found = {
        (r["subject"], r["district"], r["offence_code"]): (r["offences"], r["people"], r["most"])
        for r in rows.to_dicts()
    }
    once = (1, 1, 1)
    assert found == {
        ("iom", "", "028/01"): once, ("iom", "", "045/10"): once,
        ("iom", "peterborough", "028/01"): once, ("iom", "peterborough", "045/10"): once,
        ("steady_work", "", "045/10"): once, ("steady_work", "not_known", "045/10"): once,
        ("", "", "028/01"): once, ("", "", "045/10"): once,
    }  # fmt: skip
    assert rows.filter(pl.col("subject") == "").sort("subject_kind", "offence_code").select("subject_kind", "offence_code").rows() == [
        ("programme", "045/10"), ("scheme", "028/01"), ("scheme", "045/10"),
    ]  # fmt: skip


def test_an_empty_store_gives_nothing() -> None:
    con = shaped(empty_store())
    found = inputs(con, END)
    assert (found.spend.height, found.managed.height, found.reoffences.height) == (0, 0, 0)
    assert spend_table(found.spend, END, KNOWN).is_empty()
    assert yearly(pl.DataFrame()).is_empty()


@pytest.mark.parametrize(("seed", "without"), [(0, ()), (1, ()), (2, ("custody_spell",))])
def test_managed_equals_loops_over_people_and_days(seed: int, without: tuple[str, ...]) -> None:
    tables = random_county.county(seed, people=6, without=without)
    rng = random.Random(seed)
    tables["circumstance"] = [
        {"person_key": row["person_key"], "domain": domain, "on_date": day, "status": rng.choice(statuses)}
        for row in tables["scheme_episode"] + tables["intervention_spell"]
        for domain, statuses in (("accommodation", ["settled", "settled", "temporary"]), ("work_training", ["in_work_or_training", "not_in_work_or_training"]))
        for day in {START + dt.timedelta(days=rng.randrange(DAYS)) for _ in range(2)}
    ]  # fmt: skip
    once = {(r["person_key"], r["domain"], r["on_date"]): r for r in tables["circumstance"]}
    tables["circumstance"] = list(once.values())
    con = shaped(fill(empty_store(), **tables))
    rows = inputs(con, CUTOFF).managed.to_dicts()
    expected = Managed(tables, CUTOFF).table()
    found = {
        tuple(row[name] for name in ("subject_kind", "subject", "tier", "district", "period")): row for row in rows
    }
    assert found.keys() == expected.keys()
    assert len(found) > 10
    for key, wanted in expected.items():
        for name, value in wanted.items():
            assert found[key][name] == (value if not isinstance(value, float) else pytest.approx(value)), (key, name)


@pytest.mark.parametrize("seed", range(3))
def test_a_year_of_spending_equals_a_loop_over_its_lines(seed: int) -> None:
    rng = random.Random(seed)
    quarters = [f"{year}Q{q}" for year in (2020, 2021, 2022, 2023) for q in (1, 2, 3, 4)][:14]
    rows = [
        {"subject_kind": "scheme", "subject": rng.choice(["iom", "ppo"]), "tier": rng.choice(["", "1"]),
         "district": rng.choice(["fenland", "cambridge"]), "quarter": quarter, "year": year_name(quarter),
         "kind": rng.choice(["running", "running", "in_kind", "set_up"]), "additional": rng.random() < 0.5, "agency": "police",
         "funder": "", "price_year": rng.choice(["2019/20", "2021/22"]), "pounds": float(rng.randrange(1, 9000))}
        for quarter in quarters for _ in range(12)
    ]  # fmt: skip
    found = yearly(spend_table(pl.DataFrame(rows), END, KNOWN))
    for row in found.iter_rows(named=True):
        mine = [
            r
            for r in rows
            if r["subject"] == row["subject"] and r["year"] == row["period"] and row["district"] in ("", r["district"])
        ]
        parts = dict.fromkeys(("cash", "mainstream", "in_kind", "set_up"), 0.0)
        for line in mine:
            kind = ("cash" if line["additional"] else "mainstream") if line["kind"] == "running" else line["kind"]
            parts[kind] += line["pounds"] * prices.real(1.0, line["price_year"], KNOWN.price_year, KNOWN)
        assert {name: row[name] for name in parts} == {name: pytest.approx(value) for name, value in parts.items()}
    assert set(found["period"]) == {"2019/20", "2020/21", "2021/22", "2022/23"}


def year_name(quarter: str) -> str:
    year = int(quarter[:4]) - (quarter[-1] == "1")
    return f"{year}/{(year + 1) % 100:02d}"
