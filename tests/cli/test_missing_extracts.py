"""A partnership without a prison or a needs extract: what depends on them is not available, never zero, never nobody."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.publish import publish
from etl.mapping import read_mapping
from etl.stage import stage
from etl.synthetic import county
from metrics.figure import NO_EXTRACT
from release.files import open_level

MAPPINGS = Path(__file__).parents[2] / "etl" / "mappings"
KEPT = ("pnc_nominals", "police_crime", "police_address", "ndelius_register")


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of a county that sends its police and probation registers only."""
    folder = tmp_path_factory.mktemp("without")
    for name, file in county.write(folder / "extracts", people=400, seed=5):
        if name in KEPT:
            stage(read_mapping(MAPPINGS / f"{name}.toml"), [file], folder, synthetic=True)
    publish(folder)
    return folder


def asked(folder: Path, *words: str) -> list[dict[str, object]]:
    found: Result = CliRunner().invoke(main, ["figure", *words, "--json", "--data-dir", str(folder)])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.mark.parametrize("store", [[], ["--from-store"]])
@pytest.mark.parametrize(
    "words",
    [
        ["share_in_custody", "--quarter", "latest"],
        ["need_identified", "--by", "pathway", "--quarter", "latest"],
        ["referred_of_need", "--by", "pathway", "--quarter", "latest"],
        ["offences_per_year_at_liberty", "--where", "cohort=adults"],
        ["reoffending_rate", "--where", "cohort=scheme", "--by", "need"],
    ],
    ids=lambda words: words[0] + "-" + words[-1],
)
def test_what_depends_on_a_missing_extract_says_so(without: Path, words: list[str], store: list[str]) -> None:
    found = asked(without, *words, *store)
    assert found
    assert {(one["status"], one["reason"], one["value"]) for one in found} == {("not available", NO_EXTRACT, None)}


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_the_reader_tells_that_the_prison_is_missing(without: Path, level: str) -> None:
    assert open_level(without, level).without_prison()


def test_what_can_be_told_is_told(without: Path) -> None:
    [rate] = asked(without, "reoffending_rate", "--where", "cohort=adults")
    assert rate["status"] == "final"
    assert rate["denominator"]
