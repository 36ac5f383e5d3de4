"""Value for money at publish: the tables of a small store at both levels, what the open level may never tell, and the reader."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from metrics.derive import derive, read_sql
from metrics.value import cases, provenance
from metrics.value.case import Case
from metrics.value.parameters import Parameters, parameters
from metrics.value.published import Published, published
from metrics.value.worked import worked_out
from release import value_open
from release.money import Money, _empty
from release.value import Value
from release.write import SCHEMA, put
from tests.facts.stores import empty_store, store

END = dt.date(2023, 9, 30)
KNOWN = parameters()
TABLES = (
    "spend", "managed", "offence_mix", "break_even", "cost_per_person", "value_for_money", "value_quantile", "tornado",
    "switching_value", "value_parameter",
)  # fmt: skip
PEOPLE = 60


def made_store() -> duckdb.DuckDBPyConnection:
    """60 people on IOM in two districts, each convicted on 1 May 2021 and of a burglary on 1 August; costs of three years."""
    names = [f"p{n}" for n in range(PEOPLE)]
    quarters = [f"{year}Q{q}" for year in (2020, 2021, 2022) for q in (1, 2, 3, 4)] + ["2023Q1", "2023Q2"]
    line = {"scheme": "iom", "agency": "police", "additional": True, "kind": "running", "tier": "tier_1"}
    con = store(
        scheme_episode=[
            {"person": name, "start_date": "2020-01-10", "end_date": None, "managing_district": "fenland" if n < 20 else "peterborough"}
            for n, name in enumerate(names)
        ],
        scheme_state=[{"person": name, "kind": "tier", "value": "tier_1", "from_date": "2020-01-10"} for name in names],
        offence=[{"person": "p0", "offence_date": "2020-01-12"}]  # the record begins
        + [
            {"person": name, "offence_date": day, "offence_code": code, "offence_group": group, "occasion_key": name + day}
            for name in names for day, code, group in (("2021-05-01", "105/01", "violence"), ("2021-08-01", "028/01", "burglary"))
        ],
        cost=[
            line | {"quarter": quarter, "district": district, "pence": pence, "price_year": "2021/22", **more}
            for quarter in quarters for district, pence in (("fenland", 1_000_000), ("peterborough", 2_345_600))
            for more in ({}, {"additional": False, "agency": "probation"}, {"kind": "in_kind", "tier": None, "pence": 10_000})
        ],
    )  # fmt: skip
    derive(con, END)
    return con


def comparison(people: int = 55, **more: Any) -> dict[str, pl.DataFrame]:
    about = {
        "id": "scheme_iom", "title": "IOM", "subject_kind": "scheme", "subject": "iom", "district": "", "outcome_days": 365,
        "submitted": 60, "analysed": people, "verdict": "fewer", "grade": 3, "sort": 1,
    }  # fmt: skip
    effect = {
        "comparison": "scheme_iom", "outcome": "frequency", "method": "matched", "specification": "main", "scale": "difference",
        "estimate": -40.0, "lower": -70.0, "upper": -10.0, "treated": 110.0, "expected": 150.0, "people": people,
    } | more  # fmt: skip
    rate = effect | {"outcome": "rate", "estimate": -5.0, "expected": 60.0}
    other = effect | {"specification": "k1", "estimate": -999.0}
    return {"comparison": pl.DataFrame([about]), "effect": pl.DataFrame([rate, other, effect])}


@pytest.fixture(scope="module")
def value() -> Value:
    return Value(made_store(), END, KNOWN)


@pytest.fixture(scope="module")
def exact(value: Value) -> dict[str, pl.DataFrame]:
    return value.tables("partnership", comparison())


@pytest.fixture(scope="module")
def shown(value: Value) -> dict[str, pl.DataFrame]:
    return value.tables("open", comparison())


def row_of(tables: dict[str, pl.DataFrame], table: str, **where: Any) -> dict[str, Any]:
    frame = tables[table]
    for name, wanted in where.items():
        frame = frame.filter(pl.col(name) == wanted)
    [row] = frame.to_dicts()
    return row


class TestPartnership:
    def test_every_table_fits_the_schema(self, exact: dict[str, pl.DataFrame]) -> None:
        assert set(exact) == set(TABLES)
        con = duckdb.connect()
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        for table, frame in exact.items():
            put(con, table, frame)
            assert con.sql(f"SELECT count(*) FROM {table}").fetchall() == [(frame.height,)]
            assert frame.height

    def test_break_even_is_the_sum_of_its_parts(self, exact: dict[str, pl.DataFrame]) -> None:
        """Cash 4 x (10,000 + 23,456) in 2021/22 prices; 60 people at 150 per 100; all reoffences burglary in a dwelling."""
        row = row_of(exact, "break_even", district="", period="2022/23", basis="cash")
        costs = exact["spend"].filter(
            (pl.col("period") == "2022/23") & pl.col("additional") & (pl.col("kind") == "running")
        )
        assert costs["pounds"].sum() == pytest.approx(4 * 33_456)
        assert row["cost"] == pytest.approx(costs["real_pounds"].sum())
        assert (row["people"], row["per_100"], row["expected"]) == (60, 150, 90)
        burglary = row_of(exact, "offence_mix", subject="iom", district="", offence_type="domestic_burglary")
        assert (burglary["share"], burglary["offences"]) == (1.0, 60)
        assert row["unit_cost"] == pytest.approx(burglary["pounds"])
        assert row["needed"] == pytest.approx(100 * row["cost"] / burglary["pounds"] / 90)
        assert [row["observed"], row["lower"], row["upper"]] == pytest.approx([100 * x / 150 for x in (40, 10, 70)])
        assert (row["verdict"], row["comparison"], row["mix"], row["expected_basis"]) == (
            "cannot_tell",
            "scheme_iom",
            "own",
            "comparison",
        )

    def test_opportunity_cost_holds_mainstream_and_in_kind(self, exact: dict[str, pl.DataFrame]) -> None:
        cash, all_of_it = (
            row_of(exact, "break_even", district="", period="2022/23", basis=basis)["cost"]
            for basis in ("cash", "opportunity")
        )
        kind = row_of(exact, "break_even", district="", period="2022/23", basis="cash")["in_kind"]
        assert all_of_it == pytest.approx(2 * cash + kind)

    def test_a_district_without_a_comparison_is_not_available_and_says_so(self, exact: dict[str, pl.DataFrame]) -> None:
        row = row_of(exact, "break_even", district="fenland", period="2022/23", basis="cash")
        assert (row["verdict"], row["expected"], row["people"]) == ("not_available", None, 20)
        assert row["reason"].startswith("nobody can say how many offences to expect")
        assert row["mix"] == "subject"  # 20 reoffences of its own are too few

    def test_value_is_worked_out_for_the_latest_whole_year_on_both_bases(self, exact: dict[str, pl.DataFrame]) -> None:
        found = exact["value_for_money"].select("period", "basis", "district").unique().sort("basis").rows()
        assert found == [("2022/23", "cash", ""), ("2022/23", "opportunity", "")]

    def test_published_value_is_what_the_same_rows_give_again(self, exact: dict[str, pl.DataFrame]) -> None:
        """A page makes the case from the release's rows: it must find the release's own figures."""
        even = row_of(exact, "break_even", district="", period="2022/23", basis="opportunity")
        said = Published(150.0, "comparison", -40.0, -70.0, -10.0, "scheme_iom", 3, "fewer")
        lines = exact["spend"].filter(pl.col("period") == "2022/23").to_dicts()
        mix = exact["offence_mix"].filter((pl.col("subject") == "iom") & (pl.col("district") == "")).to_dicts()
        known = held(exact)
        case: Case = cases.case_of(even, said, lines, mix, known)
        worked = worked_out(case, known)
        one = {"basis": "opportunity", "measure": "net_present_value"}
        assert worked.society.net_present_value == pytest.approx(
            row_of(exact, "value_for_money", head="society", **one)["value"]
        )
        assert worked.averted_first_year == pytest.approx(40 / 100 * 60)
        row = row_of(exact, "value_for_money", head="society", **one)
        assert row["lower"] < row["value"] < row["upper"]
        gains = exact["value_for_money"].filter((pl.col("measure") == "gain") & (pl.col("basis") == "cash"))
        rest = row_of(exact, "value_for_money", measure="not_attributed", basis="cash")["value"]
        whole = row_of(exact, "value_for_money", measure="benefits", head="society", basis="cash")["value"]
        assert gains["value"].sum() + rest == pytest.approx(whole)

    def test_an_effect_without_an_interval_gives_no_value_and_no_verdict(self, value: Value) -> None:
        tables = value.tables("partnership", comparison(lower=None, upper=None))
        row = row_of(tables, "break_even", district="", period="2022/23", basis="cash")
        assert (row["verdict"], row["reason"], row["observed"]) == (
            "not_available",
            "no matched comparison of it has an interval",
            None,
        )
        assert row["one_in"] == round(100 / row["needed"])
        assert tables["value_for_money"].is_empty()

    def test_history_stands_in_for_a_comparison_and_the_raw_year_never(self, value: Value) -> None:
        """2 offences a year at liberty expected of 50 people free for 12,000 days: 131 per 100. The raw year was 6 a year."""
        history = {
            "scheme": "iom", "district": "", "design": "fixed_date", "fixed_date": dt.date(2021, 2, 1), "people": 50, "status": "final",
            "measure": "offences_per_year_at_liberty", "days_after": 12_000, "baseline": 6.0, "expected_follow_up": 2.0,
        }  # fmt: skip
        row = row_of(
            value.tables("partnership", {"before_after": pl.DataFrame([history])}),
            "break_even",
            district="",
            period="2022/23",
            basis="cash",
        )
        assert row["per_100"] == pytest.approx(2 * 12_000 / 365.25 / 50 * 100)
        assert (row["expected_basis"], row["observed"], row["verdict"]) == ("history", None, "not_available")
        few = value.tables("partnership", {"before_after": pl.DataFrame([history | {"people": 29}])})
        assert row_of(few, "break_even", district="", period="2022/23", basis="cash")["expected_basis"] == ""


def held(tables: dict[str, pl.DataFrame]) -> Parameters:
    """The parameters as a page reads them out of a release."""
    from metrics.value.parameter import Parameter

    return Parameters({row["name"]: Parameter(**row) for row in tables["value_parameter"].to_dicts()})


class TestOpen:
    def test_no_tier_no_district_no_few(self, shown: dict[str, pl.DataFrame]) -> None:
        for table in ("spend", "managed", "break_even", "cost_per_person"):
            assert shown[table].height
            assert set(shown[table]["district"]) == {""}
            if "tier" in shown[table].columns:
                assert set(shown[table]["tier"]) == {""}
        assert shown["managed"]["people"].min() >= 30
        assert all(people % 5 == 0 for people in shown["managed"]["people"])

    def test_pounds_have_two_figures(self, shown: dict[str, pl.DataFrame]) -> None:
        cash = shown["break_even"].filter(pl.col("basis") == "cash")["cost"].drop_nulls()
        for pounds in [*shown["spend"]["pounds"], *cash]:
            assert float(f"{pounds:.1e}") == pytest.approx(pounds)

    def test_cost_for_each_is_of_shown_figures_alone(self, shown: dict[str, pl.DataFrame]) -> None:
        rows = shown["cost_per_person"].filter((pl.col("measure") == "person") & pl.col("value").is_not_null())
        assert rows.height
        costs = {(r["period"], r["basis"]): r["cost"] for r in shown["break_even"].to_dicts()}
        people = {r["period"]: r["people"] for r in shown["managed"].filter(pl.col("subject") == "iom").to_dicts()}
        for row in rows.to_dicts():
            assert row["value"] == pytest.approx(costs[row["period"], row["basis"]] / people[row["period"]])

    def test_what_is_too_few_has_that_reason_and_no_other(self, shown: dict[str, pl.DataFrame]) -> None:
        kept = shown["cost_per_person"].filter(pl.col("measure") == "accommodation_kept")
        assert set(kept["reason"]) == {value_open.TOO_FEW}

    def test_a_mix_of_500_reoffences_or_none(self, shown: dict[str, pl.DataFrame]) -> None:
        assert shown["offence_mix"].is_empty()
        assert set(shown["break_even"]["verdict"]) == {"not_available"}


def managed(**rows: int) -> pl.DataFrame:
    """Rows of `managed` in one year: people by subject; `everybody` is on any."""
    return pl.DataFrame([
        {"subject_kind": "scheme", "subject": "" if name == "everybody" else name, "tier": "", "district": "", "period": "2022/23",
         "people": people, "person_years": people / 2, "months_at_liberty": people * 5.0, "starts": people - 12, "completions": None,
         "accommodation_kept": 9, "work_kept": 13}
        for name, people in rows.items()
    ], schema_overrides={"completions": pl.Int64})  # fmt: skip


class TestOpenedManaged:
    @pytest.mark.parametrize(
        ("people", "everybody", "shown"),
        [(29, 200, False), (30, 200, True), (100, 100, True), (100, 101, False), (100, 109, False), (100, 110, True)],
    )
    def test_thirty_people_and_none_or_ten_others(self, people: int, everybody: int, *, shown: bool) -> None:
        found = value_open.opened_managed(managed(iom=people, everybody=everybody))
        assert ("iom" in set(found["subject"])) is shown

    def test_parts_and_the_rest_hold_ten(self) -> None:
        row = value_open.opened_managed(managed(iom=43, everybody=200)).filter(pl.col("subject") == "iom").to_dicts()[0]
        assert (row["people"], row["starts"], row["accommodation_kept"], row["work_kept"]) == (45, 30, None, 15)

    def test_time_only_where_nobody_could_be_half_of_it(self) -> None:
        brief = managed(iom=40, everybody=200).with_columns(person_years=pl.lit(4.9), months_at_liberty=pl.lit(50.0))
        row = value_open.opened_managed(brief).to_dicts()[0]
        assert (row["person_years"], row["months_at_liberty"]) == (None, None)
        long = value_open.opened_managed(managed(iom=43, everybody=200)).to_dicts()[0]
        assert (long["person_years"], long["months_at_liberty"]) == (22, 220)


def test_opened_reoffences_hide_rare_and_lopsided_types() -> None:
    rows = [
        ("028/01", "burglary", 402, 90, 20),
        ("046/00", "theft", 152, 60, 10),
        ("034/01", "robbery", 28, 20, 2),
        ("045/10", "vehicle", 60, 25, 40),
    ]
    frame = pl.DataFrame(
        [{"subject_kind": "scheme", "subject": "", "district": "", "offence_code": code, "offence_group": group, "offences": n, "people": people, "most": most}
         for code, group, n, people, most in rows]
    )  # fmt: skip
    found = value_open.opened_reoffences(frame)
    assert dict(found.select("offence_type", "offences").rows()) == {
        "domestic_burglary": 400,
        "shop_theft": 150,
        "": 90,
    }
    assert value_open.opened_reoffences(frame.head(1)).is_empty()


@pytest.mark.parametrize(
    ("pounds", "shown"), [(0, 0), (4, 4), (1234, 1200), (1250.01, 1300), (987_654, 990_000), (-1234, -1200)]
)
def test_two_figures(pounds: float, shown: float) -> None:
    assert pl.select(value_open.two_figures(pl.lit(float(pounds)))).item() == pytest.approx(shown)


def test_a_store_with_nothing_of_money_publishes_parameters_and_no_more() -> None:
    con = empty_store()
    con.execute(read_sql("shapes"))
    for level in ("partnership", "open"):
        tables = Value(con, END, KNOWN).tables(level, {})
        assert {table for table, frame in tables.items() if frame.height} == {"value_parameter"}


def test_people_without_costs_have_an_effect_and_no_verdict() -> None:
    con = store(scheme_episode=[{"person": f"p{n}", "start_date": "2020-01-10", "end_date": None} for n in range(40)])
    con.execute(read_sql("shapes"))
    for level in ("partnership", "open"):
        tables = Value(con, END, KNOWN).tables(level, comparison())
        assert set(tables["break_even"]["reason"]) == {"no cost of it is recorded for the year"}
        assert tables["value_for_money"].is_empty()
        assert tables["managed"].height


class Held(Money):
    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con


@pytest.fixture(scope="module")
def reader(exact: dict[str, pl.DataFrame]) -> Held:
    con = duckdb.connect()
    con.execute(SCHEMA.read_text(encoding="utf-8"))
    for table, frame in exact.items():
        put(con, table, frame)
    con.execute("INSERT INTO member VALUES ('scheme', 'iom', 'IOM', 1)")
    return Held(con)


class TestReader:
    def test_subjects(self, reader: Held) -> None:
        assert reader.value_subjects().to_dicts() == [
            {"subject_kind": "scheme", "subject": "iom", "label": "IOM", "spent": True, "compared": True}
        ]

    def test_filters(self, reader: Held) -> None:
        rows = reader.break_even("scheme", "iom", district="", period="2022/23")
        assert rows["basis"].to_list() == ["cash", "opportunity"]
        assert reader.break_even("programme").is_empty()
        assert reader.spend("scheme", "iom", district="fenland", period="2022Q1").height == 3
        assert set(reader.managed("scheme", "iom", district="fenland")["tier"]) == {"", "tier_1"}

    def test_every_method_has_rows(self, reader: Held) -> None:
        for method in (
            "offence_mix",
            "cost_per_person",
            "value_for_money",
            "value_quantiles",
            "tornado",
            "switching_values",
            "value_parameters",
        ):
            assert getattr(reader, method)().height

    def test_a_release_made_before_has_none(self) -> None:
        before = Held(duckdb.connect())
        before._con.execute("CREATE TABLE release (id VARCHAR)")
        assert before.value_subjects().is_empty()
        assert before.break_even().columns == _empty("break_even").columns
        assert before.value_parameters().is_empty()


def test_every_parameter_that_a_page_needs_again_is_published(exact: dict[str, pl.DataFrame]) -> None:
    names = set(exact["value_parameter"]["name"])
    assert set(provenance.used(KNOWN)) <= names
    assert {name for name in KNOWN if name.startswith("deflator.")} <= names


def test_a_local_parameter_moves_the_verdict_and_is_marked(tmp_path: Path, value: Value) -> None:
    (tmp_path / "parameters.csv").write_text(
        "name,value,low,high,unit,price_year,source,edition,retrieved,checked,note\n"
        "multiplier,3,1,4,ratio,,Local recorded crime,2023,2023-09-01,true,\n",
        encoding="utf-8",
    )
    own = Value(made_store(), END, parameters(tmp_path)).tables("partnership", comparison())
    row = row_of(own, "break_even", district="", period="2022/23", basis="cash")
    plain = row_of(value.tables("partnership", comparison()), "break_even", district="", period="2022/23", basis="cash")
    assert row["needed"] == pytest.approx(plain["needed"] / 3)
    assert (plain["verdict"], row["verdict"]) == ("cannot_tell", "cannot_tell")
    assert row_of(own, "value_parameter", name="multiplier")["local"] is True


def test_what_others_did_counts_for_nothing_in_the_published_verdict(
    tmp_path: Path, exact: dict[str, pl.DataFrame]
) -> None:
    """Attribution 50% and displacement 20%: two fifths of 26.7% (6.7% to 46.7%) fewer."""
    (tmp_path / "parameters.csv").write_text(
        "name,value,low,high,unit,price_year,source,edition,retrieved,checked,note\n"
        "attribution,50,50,50,%,,The partnership,2023,2023-09-01,true,\n"
        "displacement,20,20,20,%,,The partnership,2023,2023-09-01,true,\n",
        encoding="utf-8",
    )
    own = Value(made_store(), END, parameters(tmp_path)).tables("partnership", comparison())
    where = {"district": "", "period": "2022/23", "basis": "cash"}
    row, plain = row_of(own, "break_even", **where), row_of(exact, "break_even", **where)
    assert (plain["counted"], row["counted"]) == (1.0, pytest.approx(0.4))
    assert plain["observed"] == pytest.approx(100 * 40 / 150)
    for name in ("observed", "lower", "upper"):
        assert row[name] == pytest.approx(0.4 * plain[name])
    assert row["needed"] == plain["needed"]


def test_a_comparison_whose_period_moves_is_no_basis_of_money() -> None:
    """The same scheme over all its time and over its latest four quarters, the second listed first."""
    given = comparison()
    whole = given["comparison"].with_columns(definition=pl.lit('{"window": ""}'), sort=pl.lit(20, pl.Int64))
    moving = whole.with_columns(id=pl.lit("scheme_over_latest_iom"), definition=pl.lit('{"window": "latest"}'), sort=pl.lit(1, pl.Int64))  # fmt: skip
    effects = pl.concat([given["effect"], given["effect"].with_columns(comparison=pl.lit("scheme_over_latest_iom"))])
    found = published({"comparison": pl.concat([moving, whole]), "effect": effects})
    assert {one.comparison for one in found.values()} == {"scheme_iom"}
