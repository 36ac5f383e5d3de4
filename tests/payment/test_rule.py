"""Rules are data: those shipped load, an analyst's own stand beside them, and every mistake in a file is told at once."""

import re
import tomllib
from pathlib import Path

import pytest

from common.errors import ProblemError, ProblemsError
from metrics.payment.rule import MEASURES, Rule, from_json, parse, read, rules, shipped

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
title = "A rule"
about = "Pays."
against = "matched"
period = "cohort"
periods = 1
cap = 1000
price_year = "2024/25"
source = "Nowhere"
checked = true
[[element]]
id = "one"
title = "One"
measure = "rate"
trigger = 5
pays_for = "point"
price = 10
"""


def made(**changes: object) -> Rule:
    given = tomllib.loads(GOOD)
    element = changes.pop("element", {})
    for key, value in changes.items():
        given.pop(key, None)
        if value is not None:
            given[key] = value
    given["element"][0] |= element  # type: ignore[operator]
    given["element"][0] = {key: value for key, value in given["element"][0].items() if value is not None}
    return parse(given, "a_rule", "a_rule.toml")


def wrong(**changes: object) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        made(**changes)
    return [problem.what for problem in caught.value.problems]


def test_three_rules_are_shipped_and_travel_as_json() -> None:
    found = rules()
    assert [rule.id for rule in found] == ["peterborough", "hybrid_2015", "simple_local"]
    assert {measure for rule in found for measure in rule.measures} <= set(MEASURES)
    assert all(from_json(rule.as_json()) == rule for rule in found)
    assert not any(rule.local for rule in found)


def test_what_is_not_read_in_the_original_says_so() -> None:
    for rule in rules():
        assert rule.checked or len(rule.unchecked) > 50, rule.id


def test_the_peterborough_bond_is_as_it_was_reported() -> None:
    bond = next(rule for rule in rules() if rule.id == "peterborough")
    alone, pooled = bond.elements
    assert (alone.measure, alone.trigger, alone.over, bond.controls) == ("occasions", 10, "each", 10)
    assert (pooled.measure, pooled.trigger, pooled.over, pooled.less_paid) == ("occasions", 7.5, "all", "cohort")
    # the illustrative price: what was raised over the events that 7.5% of 155 for every 100 of 3,000 men would be
    assert alone.price == pytest.approx(5_000_000 / (0.075 * 1.55 * 3000), rel=0.005)


def test_an_analysts_own_rule_stands_beside_the_shipped_and_replaces_one_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "payment_rules"
    folder.mkdir()
    (folder / "mine.toml").write_text(GOOD)
    (folder / "simple_local.toml").write_text(GOOD)
    found = {rule.id: rule for rule in rules(tmp_path)}
    assert found["mine"].local and found["simple_local"].local and not found["peterborough"].local
    assert found["simple_local"].title == "A rule" and len(found) == 4


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cap": None}, "the cap is missing: without one a lucky draw has no limit"),
        ({"cap": -1}, "`cap` is a negative payment or not a number of pounds"),
        ({"cap": float("inf")}, "`cap` is a negative payment or not a number of pounds"),
        ({"cap": True}, "`cap` is a negative payment or not a number of pounds"),
        ({"floor": 2000}, "the floor is above the cap"),
        ({"floor": -1}, "`floor` is a negative payment or not a number of pounds"),
        ({"period": None}, "the period that results are counted over is missing"),
        ({"period": "month"}, "`period` is missing or not known"),
        ({"periods": 0}, "`periods` is missing or is not a whole number"),
        ({"price_year": None}, "the price year is missing or is not a financial year"),
        ({"price_year": "2024"}, "the price year is missing or is not a financial year"),
        ({"against": "last year"}, "`against` is missing or not known"),
        ({"title": ""}, "`title` is missing or is not text"),
        ({"baseline": "2011"}, "`baseline` is not a year"),
        ({"checked": False}, "it is not said which figures were not read in the original"),
        ({"bonus": 5}, "keys are not known: bonus"),
        ({"element": {"price": -10}}, "`price` is a negative payment or not a number of pounds"),
        ({"element": {"price": None}}, "the price is missing"),
        ({"element": {"trigger": 101}}, "the trigger is missing or beyond what a fall can be"),
        ({"element": {"trigger": 101, "trigger_unit": "points"}}, "the trigger is missing or beyond what a fall can be"),
        ({"element": {"trigger": -1}}, "the trigger is missing or beyond what a fall can be"),
        ({"element": {"measure": "severity"}}, "`measure` is missing or not known"),
        ({"element": {"pays_for": "effort"}}, "`pays_for` is missing or not known"),
        ({"element": {"deducts": "yes"}}, "`deducts` is not true or false"),
        ({"element": {"after": "two"}}, "`after` names no earlier element"),
        ({"element": {"less_paid": "one", "over": "all"}}, "`less_paid` names no earlier element"),
        ({"element": {"less_paid": "one"}}, "`less_paid` in each period would take one payment off several times"),
        ({"element": {"measure": "occasions", "trigger_unit": "standard_errors", "trigger": 2}},
         "only a share of people has a standard error by rule"),
    ],
)  # fmt: skip
def test_each_mistake_is_told(changes: dict[str, object], said: str) -> None:
    assert said in wrong(**changes)


def test_all_mistakes_are_told_at_once_with_where_they_are() -> None:
    with pytest.raises(ProblemsError) as caught:
        made(cap=None, period=None, element={"price": -1, "trigger": 200, "measure": "crime"})
    told = str(caught.value)
    assert len(caught.value.problems) == 5
    assert "Where: a_rule.toml, element one." in told and "Where: a_rule.toml." in told
    assert "Allowed: occasions, reoffences, rate, per_reoffender." in told


def test_nothing_to_pay_for_and_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError, match="nothing is paid for"):
        parse(tomllib.loads(GOOD.split("[[element]]", maxsplit=1)[0]), "a_rule", "a_rule.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ")
    with pytest.raises(ProblemError, match="the payment rule cannot be read"):
        read(broken)


def test_every_broken_file_of_a_folder_is_told_together(tmp_path: Path) -> None:
    folder = tmp_path / "payment_rules"
    folder.mkdir()
    (folder / "one.toml").write_text("title = ")
    (folder / "two.toml").write_text(GOOD.replace("cap = 1000", "cap = -5"))
    with pytest.raises(ProblemsError) as caught:
        rules(tmp_path)
    assert [problem.where for problem in caught.value.problems] == ["one.toml", "two.toml"]


def test_the_guides_example_is_a_rule_that_pays_what_the_guide_says() -> None:
    from app.pay import by_counts

    guide = (ROOT / "docs/guides/payment-rules.md").read_text("utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", guide, flags=re.S)
    rule = parse(tomllib.loads(example), "mentoring_2027", "mentoring_2027.toml", local=True)
    found = by_counts(rule, people=[200], treated_rate=[44], comparison_rate=[50])
    assert "pays £9,000" in guide and found.paid["payment"] == 9000
    short = by_counts(rule, people=[200], treated_rate=[48.5], comparison_rate=[50])
    assert "pays nothing" in guide and short.paid["payment"] == 0


def test_the_guide_names_every_key() -> None:
    guide = (ROOT / "docs/guides/payment-rules.md").read_text("utf-8")
    from dataclasses import fields

    from metrics.payment.rule import Element

    keys = {field.name for one in (Rule, Element) for field in fields(one)} - {"elements", "local"}
    assert [key for key in sorted(keys) if f"`{key}`" not in guide] == []


def test_the_shipped_rules_lie_where_they_are_committed() -> None:
    assert shipped() == ROOT / "data" / "payment_rules" and len(list(shipped().glob("*.toml"))) == 3
