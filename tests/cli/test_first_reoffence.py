"""A source of first reoffences only: what counts every reoffence is not available, everywhere, and says why."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from app.cli import main
from common import paths, versions
from common.errors import ProblemError
from etl.mapping import read_mapping
from etl.parts import live_parts
from metrics.catalogue import catalogue
from metrics.cohorts import FIRST_ONLY
from release import files
from tests.cli import small

COUNTS_EVERY = ["reoffences_per_100", "reoffences_per_reoffender", "offences_per_year_at_liberty"]
COUNTS_FIRST = ["reoffending_rate", "days_to_first_reoffence"]
SAYS = 'holds = "first_reoffence"\n'


def run(data_dir: Path, *arguments: str) -> str:
    said = CliRunner().invoke(main, [*arguments, "--data-dir", str(data_dir)])
    assert said.exit_code == 0, said.output
    return said.stdout


def published(folder: Path, says: str) -> Path:
    mapping, listing = small.write(folder / "in")
    text = mapping.read_text("utf-8")
    mapping.write_text(text.replace("waiting_days = 183\n", "waiting_days = 183\n" + says, 1), "utf-8")
    run(folder, "load", str(mapping), str(listing))
    run(folder, "publish")
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("first"), SAYS)


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("every"), "")


WAYS = [["--level", "partnership"], ["--level", "open"], ["--from-store"], ["--from-store", "--follow-up", "100"]]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("indicator", COUNTS_EVERY)
def test_what_counts_every_reoffence_is_not_available(first: Path, indicator: str, way: list[str]) -> None:
    for by in ([], ["--by", "sex"]):
        found = json.loads(run(first, "figure", indicator, "--cohort", "starters", *by, *way, "--json"))
        assert found
        assert {(one["status"], one["reason"], one["value"], one["numerator"]) for one in found} == {
            ("not available", FIRST_ONLY, None, None)
        }


@pytest.mark.parametrize("way", WAYS[::2], ids=" ".join)
@pytest.mark.parametrize("indicator", COUNTS_FIRST)
def test_whether_and_when_is_told_as_ever(first: Path, every: Path, indicator: str, way: list[str]) -> None:
    def numbers(data_dir: Path) -> list[object]:
        found = json.loads(run(data_dir, "figure", indicator, "--cohort", "starters", *way, "--json"))
        return [(one["value"], one["numerator"], one["denominator"]) for one in found]

    assert numbers(first) == numbers(every)
    assert numbers(first)[0][0] is not None  # type: ignore[index]


@pytest.mark.parametrize("way", WAYS[::2], ids=" ".join)
@pytest.mark.parametrize("indicator", COUNTS_EVERY[:2])
def test_a_source_of_every_reoffence_has_them_all(every: Path, indicator: str, way: list[str]) -> None:
    [found] = json.loads(run(every, "figure", indicator, "--cohort", "starters", *way, "--json"))
    assert found["value"] > 0


@pytest.mark.parametrize("level", files.LEVELS)
def test_no_number_of_it_is_in_the_release(first: Path, level: str) -> None:
    reader = files.open_level(first, level)
    assert reader.cohort("starters").holds == "first_reoffence"
    kept = reader._rows("SELECT DISTINCT indicator FROM figure")
    shown = {row["indicator"] for row in kept}
    assert shown >= set(COUNTS_FIRST)
    assert not shown & set(COUNTS_EVERY)
    every_quarter = reader.figures("reoffences_per_100", "starters", kind="year")
    assert every_quarter["reason"].unique().to_list() == [FIRST_ONLY]


def test_the_definitions_that_count_every_reoffence_say_so() -> None:
    every = {"reoffences", "liberty_offences", "acquisitive_reoffences", "severity"}
    counts = {d.id for d in catalogue().values() if every & set(re.findall(r"\w+", f"{d.numerator} {d.denominator}"))}
    assert counts == {d.id for d in catalogue().values() if d.needs} >= set(COUNTS_EVERY)


def test_a_mapping_may_say_only_what_is_known(tmp_path: Path) -> None:
    mapping, _ = small.write(tmp_path)
    mapping.write_text(mapping.read_text("utf-8").replace("waiting_days = 183\n", 'holds = "some"\n', 1), "utf-8")
    with pytest.raises(ProblemError, match="every_reoffence, first_reoffence"):
        read_mapping(mapping)


def test_the_published_data_set_says_so() -> None:
    [cohort] = read_mapping(Path(__file__).parents[2] / "etl" / "mappings" / "compas.toml").cohorts
    assert cohort.holds == "first_reoffence"


def test_a_part_staged_before_cohorts_said_so_is_refused_by_name(tmp_path: Path) -> None:
    """It is not known what it held; loading it again says."""
    mapping, listing = small.write(tmp_path / "in")
    run(tmp_path, "load", str(mapping), str(listing))
    [part] = live_parts(tmp_path)
    file = part.path / "cohort_definition.parquet"
    pl.read_parquet(file).drop("holds").write_parquet(file)
    versions.write_manifest(part.path, {"layout": 2})
    said = CliRunner().invoke(main, ["publish", "--data-dir", str(tmp_path)])
    assert said.exit_code == 1
    assert "its cohort_definition lacks holds" in said.stderr
    assert "staged already" not in run(tmp_path, "load", str(mapping), str(listing))
    run(tmp_path, "publish")
    assert paths.stores(tmp_path).is_dir()
