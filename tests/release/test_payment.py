"""Payment by results in a release: both levels, an analyst's own rule, what is told apart, and old releases."""

from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from common.errors import ProblemsError
from metrics.payment.rule import rules
from release import build
from release.payment import SCHEMA, coarse, payment_tables
from release.read import Reader
from tests.release import literal, literal_comparison

TABLES = {
    "comparison": pl.DataFrame(literal_comparison.COMPARISONS, infer_schema_length=None),
    "effect": pl.DataFrame(literal_comparison.EFFECTS, infer_schema_length=None),
}


@pytest.fixture(scope="module")
def exact() -> dict[str, pl.DataFrame]:
    return payment_tables(rules(), TABLES, pl.DataFrame(), level="partnership")


def test_every_contract_ends_in_what_is_paid_or_why_not(exact: dict[str, pl.DataFrame]) -> None:
    paid = exact["payment"].filter(pl.col("step") == "paid")
    assert sorted(zip(paid["rule"], paid["district"], strict=True)) == [
        ("hybrid_2015", ""), ("peterborough", ""), ("peterborough", "fenland"), ("simple_local", ""), ("simple_local", "fenland"),
    ]  # fmt: skip
    assert ((paid["payment"].is_null()) == (paid["reason"] != "")).all()
    assert (exact["payment"]["price_year"].str.len_chars() == 7).all()


def test_luck_is_published_for_nothing_good_and_harm_at_the_contracts_own_size(exact: dict[str, pl.DataFrame]) -> None:
    own = (
        exact["payment_luck"].filter((pl.col("people") == 98) & (pl.col("rule") == "simple_local")).sort("true_effect")
    )
    assert own["true_effect"].to_list() == [-0.1, 0.0, 0.1] and (own["periods"] == 1).all()
    assert own["probability"].is_sorted(descending=True) and own["expected_payment"].is_sorted(descending=True)
    assert set(exact["payment_luck"]["people"]) == {98, 300, 1000}


def test_the_rules_travel_with_what_they_pay_and_say_whose_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "payment_rules"
    folder.mkdir()
    shipped = Path(__file__).resolve().parents[2] / "data/payment_rules/simple_local.toml"
    (folder / "ours.toml").write_text(shipped.read_text())
    made = payment_tables(rules(tmp_path), TABLES, pl.DataFrame(), level="partnership")["payment_rule"]
    assert dict(zip(made["rule"], made["local"], strict=True)) == {
        "peterborough": False, "hybrid_2015": False, "simple_local": False, "ours": True,
    }  # fmt: skip
    assert made["checked"].to_list() == [False, False, True, True]


def test_the_open_level_tells_nothing_finer_than_its_own_figures(exact: dict[str, pl.DataFrame]) -> None:
    shown = payment_tables(rules(), TABLES, pl.DataFrame(), level="open")
    money = shown["payment"].filter(pl.col("measure") == "pounds")
    for name in ("payment", "value", "lower", "upper"):
        assert all(value is None or value == coarse(value) for value in money[name])
    others = shown["payment"].filter(pl.col("measure") != "pounds")
    assert others["lower"].is_null().all() and others["upper"].is_null().all()
    given = {row["treated"] for row in literal_comparison.EFFECTS} | {
        row["expected"] for row in literal_comparison.EFFECTS
    }
    stood = others.filter(pl.col("step").is_in(["observed", "expected"]))["value"]
    assert set(stood) <= given and len(stood)
    # 12.4% of figures rounded to 5 may be anything from 8.8% to 15.8%: nothing is said of the bond's payment
    bond = shown["payment"].filter((pl.col("rule") == "peterborough") & (pl.col("step") == "paid") & (pl.col("district") == ""))  # fmt: skip
    assert bond["payment"].to_list() == [None] and "rounded" in bond["reason"][0]
    assert exact["payment"].filter((pl.col("step") == "paid") & (pl.col("rule") == "peterborough"))["payment"][0] > 0


def test_a_rule_cannot_have_fewer_than_30_people_told_of_at_the_open_level() -> None:
    few = {
        "comparison": TABLES["comparison"].with_columns(analysed=pl.when(pl.col("id") == "iom").then(20)),
        "effect": TABLES["effect"],
    }
    free = [replace(rule, least=1) for rule in rules() if rule.id == "simple_local"]
    told = {
        level: payment_tables(free, few, pl.DataFrame(), level=level)["payment"].filter(
            (pl.col("step") == "paid") & (pl.col("district") == "")
        )
        for level in ("partnership", "open")
    }
    assert told["partnership"]["payment"][0] == pytest.approx(64_000)
    assert told["open"]["payment"].to_list() == [None] and told["open"]["reason"][0].startswith("fewer than 30 people")


def test_the_tables_are_those_of_the_schema_and_the_reader(tmp_path: Path) -> None:
    literal.write_level(tmp_path / "partnership.duckdb", "partnership")
    source = Reader(tmp_path / "partnership.duckdb")
    for table, frame in (("payment", source.payments()), ("payment_luck", source.payment_luck()),
                         ("payment_spread", source.payment_spreads()), ("payment_rule", source.payment_rules())):  # fmt: skip
        assert set(frame.columns) == set(SCHEMA[table]) and frame.height, table


def test_a_release_made_before_has_them_empty(tmp_path: Path) -> None:
    literal.write_level(tmp_path / "open.duckdb", "open")
    with duckdb.connect(str(tmp_path / "open.duckdb")) as con:
        for table in SCHEMA:
            con.execute(f"DROP TABLE {table}")
    source = Reader(tmp_path / "open.duckdb")
    for frame in (source.payments(), source.payment_luck(), source.payment_spreads(), source.payment_rules()):
        assert frame.is_empty() and frame.width


def test_a_broken_rule_stops_a_publish_before_anything_is_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    (tmp_path / "payment_rules").mkdir()
    (tmp_path / "payment_rules" / "ours.toml").write_text('title = "Ours"')
    monkeypatch.setattr(build, "about", lambda con, release, label: {})
    monkeypatch.setattr(build, "published_cohorts", lambda con: [])
    with duckdb.connect() as con, pytest.raises(ProblemsError, match="the cap is missing"):
        build.build(con, tmp_path, "x", label="", data_dir=tmp_path)
