"""iom value: what is published of one subject, in words and as data, and what is wrong with a question."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from components.value import sentences
from tests.pages import value_release


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("data")
    value_release.write(place)
    return place


def value(data_dir: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["value", *words, "--data-dir", str(data_dir)])


def test_what_there_is(data_dir: Path) -> None:
    found = value(data_dir)
    assert found.exit_code == 0
    lines = found.output.splitlines()
    assert lines[0].startswith("scheme:iom")
    assert any(line.startswith("programme:work_club") and "without a comparison" in line for line in lines)
    assert any(line.startswith("programme:long") and "without costs" in line for line in lines)


def test_the_latest_year_with_a_verdict_in_words(data_dir: Path) -> None:
    found = value(data_dir, "iom")
    assert found.exit_code == 0
    assert found.output.startswith("IOM, 2024/25, release ")
    assert "All that was given: We cannot tell whether IOM paid for itself in 2024/25" in found.output
    assert "Additional cash alone:" in found.output
    assert "prices" in found.output


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_set_up_worth_and_every_warning_stand_in_the_words(data_dir: Path, level: str) -> None:
    said = value(data_dir, "iom", "--level", level).output
    found = json.loads(value(data_dir, "iom", "--json", "--level", level).output)
    main = next(row for row in found["break_even"] if row["basis"] == "opportunity")
    for line in (sentences.set_up(main), *sentences.unit_cost_warnings(main)):
        assert line and line in said
    assert "not checked against the original" in said and "spent on setting it up" in said
    for row in found["value_for_money"]:
        if row["measure"] in ("net_present_value", "ratio") and row["head"] in ("society", "fiscal"):
            ends = f"({sentences.pounds(row['lower'])} to {sentences.pounds(row['upper'])})"
            assert f"{sentences.pounds(row['value'])} {ends}" in said
    assert said.count("payback: ") == 4
    for line in said.splitlines():
        if "£" in line and not line.startswith(("Unit costs", "Of ")):
            assert "prices" in line, line


def test_another_year_and_a_district(data_dir: Path) -> None:
    assert "fell short of paying for itself in 2023/24" in value(data_dir, "scheme:iom", "--year", "2023/24").output
    fenland = value(data_dir, "iom", "--district", "Fenland").output
    assert "is not available: nobody can say how many offences to expect without it" in fenland


def test_a_programme_that_costs_no_cash(data_dir: Path) -> None:
    said = value(data_dir, "mentoring").output
    assert "cost no additional cash in 2024/25" in said
    assert "does not show that it prevents anything" in said and "pays whatever" not in said


def test_every_table_as_data(data_dir: Path) -> None:
    found = json.loads(value(data_dir, "iom", "--json").output)
    assert (found["subject_kind"], found["subject"], found["period"], found["level"]) == (
        "scheme",
        "iom",
        "2024/25",
        "partnership",
    )
    even = {row["basis"]: row for row in found["break_even"]}
    assert set(even) == {"cash", "opportunity"}
    assert {row["district"] for row in found["spend"]} == {"peterborough", "fenland"}  # lines add up to everywhere
    spent = sum(row["real_pounds"] for row in found["spend"] if row["kind"] == "running" and row["additional"])
    assert even["cash"]["cost"] == pytest.approx(spent)
    assert sum(row["share"] for row in found["offence_mix"]) == pytest.approx(1)
    names = (
        "managed",
        "cost_per_person",
        "value_for_money",
        "value_quantile",
        "tornado",
        "switching_value",
        "value_parameter",
    )
    assert all(found[name] for name in names)


def test_the_open_level_has_its_own(data_dir: Path) -> None:
    found = json.loads(value(data_dir, "iom", "--json", "--level", "open").output)
    assert {row["district"] for row in found["spend"]} <= {""}


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["nobody"], "There is no one scheme or programme 'nobody'"),
        (["iom", "--district", "Atlantis"], "has no value for money in atlantis"),
        (["iom", "--year", "1066/67"], "has no value for money in 1066/67"),
    ],
)
def test_a_wrong_question_names_what_there_is(data_dir: Path, words: list[str], what: str) -> None:
    found = value(data_dir, *words)
    assert found.exit_code != 0
    problem = str(found.exception) + found.output
    assert what in problem
