"""iom pay: published counts by hand, contracts of a release, a rule from a file, and what is wrong with a question."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.release import literal


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("data")
    literal.write(place)
    return place


def pay(*words: str) -> Result:
    return CliRunner().invoke(main, ["pay", *words])


def test_the_rules_are_listed() -> None:
    found = pay()
    assert "peterborough" in found.output and "3 payment rules" in found.output and found.exit_code == 0


def test_peterborough_cohort_1_by_hand() -> None:
    found = pay("peterborough", "--treated-events", "142", "--comparison-events", "155", "--people", "936")
    assert found.exit_code == 0
    assert "would be paid nothing (reconviction events for every 100 people: 8.4% below what was expected, and it takes 10.0%)" in found.output  # fmt: skip
    assert "waits until every one is in" in found.output and "Not all of it was read in the original." in found.output
    assert "142.0 against 155.0 expected, 8.4% below: £0 in 2010/11 prices" in found.output


def test_two_cohorts_by_hand_as_data() -> None:
    cohorts = ("--treated-events", "142", "--comparison-events", "155", "--people", "936",
               "--treated-events", "140", "--comparison-events", "155", "--people", "1000")  # fmt: skip
    found = json.loads(pay("peterborough", *cohorts, "--json").output)
    assert found["payment"] == pytest.approx(271.68 * 14_300) and found["price_year"] == "2010/11"
    assert found["rule"]["checked"] is False and found["rule"]["cap"] == 8_000_000
    assert [round(one["true_effect"], 2) for one in found["luck"]] == [0.0, -0.1, 0.1]
    assert 0.01 < found["luck"][0]["probability"] < 0.15


def test_the_hybrid_by_hand() -> None:
    quarter = ("--people", "500", "--treated-rate", "40", "--comparison-rate", "50", "--treated-per-reoffender", "4",
               "--comparison-per-reoffender", "4", "--compared", "4")  # fmt: skip
    found = json.loads(pay("hybrid_2015", *quarter * 4, "--json").output)
    assert found["payment"] == pytest.approx(4 * 50 * 4000)


def test_a_contract_of_the_release(data_dir: Path) -> None:
    found = pay("simple_local", "--subject", "scheme:iom", "--data-dir", str(data_dir))
    assert "IOM would be paid £64,000 in 2024/25 prices" in found.output and found.exit_code == 0
    refused = pay("simple_local", "--subject", "scheme:iom", "--district", "fenland", "--data-dir", str(data_dir))
    assert "fewer than 60 people were submitted" in refused.output
    asked = json.loads(pay("simple_local", "--subject", "scheme:iom", "--data-dir", str(data_dir), "--json").output)
    assert asked["payment"] == pytest.approx(64_000) and asked["lower"] == pytest.approx(36_000)


def test_a_rule_from_a_file(tmp_path: Path) -> None:
    rule = Path(__file__).resolve().parents[2] / "data/payment_rules/simple_local.toml"
    mine = tmp_path / "mine.toml"
    mine.write_text(rule.read_text().replace("price = 10_000", "price = 20_000"))
    asked = ("--people", "300", "--treated-rate", "45", "--comparison-rate", "48")
    found = pay(str(mine), *asked)
    assert "would be paid £60,000 in 2024/25 prices" in found.output and "The partnership's own rule" in found.output
    mine.write_text(rule.read_text().replace("cap = 150_000", "").replace("price = 10_000", "price = -1"))
    wrong = pay(str(mine), *asked)
    assert wrong.exit_code == 1 and "the cap is missing" in wrong.stderr and "negative payment" in wrong.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "There is no payment rule 'nobody'"),
        (("peterborough",), "It is not said what was observed and expected"),
        (("peterborough", "--people", "100", "--treated-events", "5"), "--people --treated-events --comparison-events, once for each cohort"),
        (("peterborough", "--people", "0"), "Invalid value for '--people'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(words: tuple[str, ...], said: str) -> None:
    found = pay(*words)
    assert found.exit_code == 2 and said in found.stderr


def test_what_the_release_does_not_have_is_said(data_dir: Path) -> None:
    for words, said in (
        (("peterborough", "--subject", "scheme:nobody"), "is not worked out for scheme:nobody"),
        (("mine", "--subject", "scheme:iom"), "The release has no payment rule 'mine'"),
    ):
        found = pay(*words, "--data-dir", str(data_dir))
        assert found.exit_code == 2 and said in found.stderr
