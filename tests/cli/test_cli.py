"""The commands on a release written by hand: what they print, where, and how they exit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.release import literal

COMMANDS = ["demo", "load", "publish", "releases", "use", "check", "indicators", "figure", "withdraw"]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    literal.write(folder)
    return folder


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--data-dir", str(data_dir)])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_data_directory(command: str) -> None:
    said = CliRunner().invoke(main, [command, "--help"])
    assert said.exit_code == 0
    assert "--data-dir" in said.stdout


def test_json_is_a_list_of_figures_and_nothing_else(data_dir: Path) -> None:
    said = run(data_dir, "figure", "reoffending_rate", "--quarter", "2025Q1", "--json")
    assert said.exit_code == 0
    [figure] = json.loads(said.stdout)
    assert (figure["numerator"], figure["denominator"], figure["status"]) == (25, 66, "final")
    assert (figure["cutoff"], figure["release"]) == ("2026-09-30", literal.RELEASE_ID)


def test_without_a_quarter_complete_cohorts_are_pooled(data_dir: Path) -> None:
    [pooled] = json.loads(run(data_dir, "figure", "reoffending_rate", "--json").stdout)
    [same] = json.loads(run(data_dir, "figure", "reoffending_rate", "--quarter", "pooled", "--json").stdout)
    assert pooled == same
    people = sum(n for q in literal.COMPLETE for n, _, _ in literal.PEOPLE[q].values())
    assert (pooled["period"], pooled["denominator"]) == ("all", people)


def test_latest_is_the_latest_complete_quarter(data_dir: Path) -> None:
    [latest] = json.loads(run(data_dir, "figure", "reoffending_rate", "--quarter", "latest", "--json").stdout)
    assert latest["period"] == "2025Q1"


def test_all_is_every_quarter_one_by_one(data_dir: Path) -> None:
    found = json.loads(run(data_dir, "figure", "reoffending_rate", "--quarter", "all", "--json").stdout)
    assert [figure["period"] for figure in found] == literal.QUARTERS


def test_in_words_it_ends_with_a_sentence(data_dir: Path) -> None:
    said = run(data_dir, "figure", "reoffending_rate", "--by", "district", "--where", "cohort=scheme")
    assert said.exit_code == 0
    last = said.stdout.splitlines()[-1]
    assert last.endswith(".")
    assert str(data_dir) in last


def test_a_suppressed_figure_exits_well_with_its_reason(data_dir: Path) -> None:
    said = run(
        data_dir, "figure", "reoffending_rate", "--level", "open", "--where", "district=east_cambridgeshire", "--json"
    )
    assert said.exit_code == 0
    [figure] = json.loads(said.stdout)
    assert (figure["status"], figure["value"]) == ("suppressed", None)
    assert figure["reason"]


def test_outside_the_lattice_exits_2_and_names_the_nearest(data_dir: Path) -> None:
    said = run(data_dir, "figure", "reoffending_rate", "--by", "sex", "--by", "need", "--json")
    assert said.exit_code == 2
    assert said.stdout == ""
    assert "by sex over" in said.stderr
    assert "--from-store" in said.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["no_such_indicator"],
        ["reoffending_rate", "--by", "no_such_breakdown"],
        ["reoffending_rate", "--where", "sex"],
        ["reoffending_rate", "--where", "sex=purple"],
        ["reoffending_rate", "--where", "cohort=nobody"],
        ["reoffending_rate", "--quarter", "1066Q1"],
        ["reoffending_rate", "--follow-up", "730"],
        ["reoffending_rate", "--cohort", "scheme", "--where", "cohort=caseload"],
    ],
)
def test_wrong_arguments_exit_2_on_standard_error(data_dir: Path, arguments: list[str]) -> None:
    said = run(data_dir, "figure", *arguments)
    assert said.exit_code == 2, said.output
    assert said.stdout == ""
    assert said.stderr


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    said = run(tmp_path, "figure", "reoffending_rate")
    assert said.exit_code == 1
    assert "iom publish" in said.stderr


def test_publish_with_nothing_loaded_says_what_to_do(tmp_path: Path) -> None:
    said = run(tmp_path, "publish")
    assert said.exit_code == 1
    assert "iom load" in said.stderr


def test_releases_marks_the_one_served_and_use_refuses_strangers(data_dir: Path) -> None:
    assert f"* {literal.RELEASE_ID}" in run(data_dir, "releases").stdout
    [row] = json.loads(run(data_dir, "releases", "--json").stdout)
    assert row["current"]
    said = run(data_dir, "use", "20200101T000000-000000")
    assert said.exit_code == 1
    assert literal.RELEASE_ID in said.stderr


def test_indicators_is_the_catalogue(data_dir: Path) -> None:
    listed = json.loads(run(data_dir, "indicators", "--json").stdout)
    assert "reoffending_rate" in {one["id"] for one in listed}


def test_the_environment_variable_names_the_data_directory(data_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "figure", "reoffending_rate", "--json"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2], env={"IOM_DATA_DIR": str(data_dir), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["release"] == literal.RELEASE_ID
