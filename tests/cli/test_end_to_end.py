"""A county of 2,000 people from raw extracts to figures: what the release shows is what the store gives afresh."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.demo import EXTRACTS
from common.duck import connect_readonly
from release import files
from release.read import Reader
from tests.cli import secrets


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    made = CliRunner().invoke(main, ["demo", "--people", "2000", "--seed", "3", "--data-dir", str(folder)])
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines()[-1].endswith(".")
    (folder / "said.txt").write_text(made.output, "utf-8")
    return folder


def ask(data_dir: Path, *arguments: str) -> list[dict[str, object]]:
    said = CliRunner().invoke(main, ["figure", *arguments, "--json", "--data-dir", str(data_dir)])
    assert said.exit_code == 0, said.output
    found: list[dict[str, object]] = json.loads(said.stdout)
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ["reoffending_rate"],
        ["reoffending_rate", "--by", "district", "--where", "cohort=scheme", "--quarter", "latest"],
        ["reoffences_per_100", "--by", "sex", "--by", "age_band", "--where", "cohort=adults", "--quarter", "2022/23"],
        ["reoffences_per_reoffender", "--by", "need", "--where", "cohort=scheme"],
        ["days_to_first_reoffence", "--by", "sentence_length", "--where", "cohort=adults"],
        ["offences_per_year_at_liberty", "--by", "category", "--where", "cohort=scheme"],
        ["people_on_scheme", "--quarter", "all"],
        ["started_of_referred", "--by", "pathway", "--quarter", "2025/26"],
        ["waiting_days", "--by", "pathway"],
        ["friday_releases", "--quarter", "all"],
    ],
)
def test_the_release_equals_the_store(data_dir: Path, arguments: list[str]) -> None:
    released, fresh = ask(data_dir, *arguments), ask(data_dir, *arguments, "--from-store")

    def by_group(found: list[dict[str, object]]) -> dict[str, dict[str, object]]:
        same = ("value", "lower", "upper", "numerator", "denominator")
        shown = [one for one in found if one["value"] is not None]
        return {
            f"{one['period']} {one['where']} {one['status']}": {n: one[n] for n in same if one[n] is not None}
            for one in shown
        }

    assert by_group(released)
    one, other = by_group(released), by_group(fresh)
    assert one.keys() == other.keys()
    for group, numbers in one.items():
        assert numbers == pytest.approx(other[group], rel=1e-9), group


def test_both_levels_are_of_one_county(data_dir: Path) -> None:
    exact, shown = (files.open_level(data_dir, level) for level in files.LEVELS)
    assert exact.synthetic
    assert shown.synthetic
    assert shown.small_counts() == 0
    assert exact.small_counts() > 0, "the partnership level has small counts, or the line above proves nothing"
    assert _shown(shown) > 200


def _shown(reader: Reader) -> int:
    found = [
        reader.figures(i.id, c.id, kind=kind, by=table)
        for i in reader.indicators()
        for c in reader.cohorts(i.id)
        for kind in ("year", "all")
        for table in reader.tables(i.id, c.id, kind)
    ]
    return sum(frame["value"].count() for frame in found)


def test_check_finds_nothing_wrong_and_then_a_changed_file(data_dir: Path) -> None:
    assert CliRunner().invoke(main, ["check", "--data-dir", str(data_dir)]).exit_code == 0
    folder = files.release_folder(data_dir)
    with (folder / "open.duckdb").open("ab") as file:
        file.write(b"x")
    said = CliRunner().invoke(main, ["check", "--data-dir", str(data_dir)])
    assert said.exit_code == 1
    assert "checksum" in said.stderr


def test_no_identifier_name_or_address_leaves_the_extracts(data_dir: Path) -> None:
    """Every byte and every text cell of the parts, the store, both levels, the manifests and what was said."""
    extracts = data_dir / EXTRACTS
    held = secrets.of_extracts(extracts)
    assert all(len(found) > 20 for found in held.values())
    assert len(secrets.in_file(next(extracts.glob("police_address*.csv")), held)) > 1000, (
        "the search finds what is there"
    )
    searched = [file for file in sorted(data_dir.rglob("*")) if file.is_file() and extracts not in file.parents]
    kinds = {file.suffix for file in searched}
    assert {".parquet", ".duckdb", ".json", ".txt"} <= kinds
    leaked = {file.relative_to(data_dir).as_posix(): secrets.in_file(file, held) for file in searched}
    assert {name: len(found) for name, found in leaked.items() if found} == {}


def test_nothing_at_the_open_level_tells_a_rate_that_is_hidden_there(data_dir: Path) -> None:
    folder = files.current_release(data_dir)
    assert folder is not None
    with connect_readonly(folder / "open.duckdb") as con:
        told = """
            SELECT count(*) FROM figure AS a JOIN figure AS rate USING (cohort, period, dim1, val1, dim2, val2)
            JOIN indicator AS i ON i.id = a.indicator AND i.class = 'model' AND i.fact = 'index_event'
            WHERE rate.indicator = 'reoffending_rate' AND rate.value IS NULL AND a.value IS NOT NULL"""
        ends = """
            SELECT count(*) FROM decomposition AS d JOIN figure AS rate ON rate.cohort = d.cohort AND rate.dim1 = ''
                AND rate.period IN (d.from_period, d.to_period)
            WHERE rate.indicator = 'reoffending_rate' AND rate.value IS NULL"""
        shown = "SELECT count(*) FROM figure AS a JOIN indicator AS i ON i.id = a.indicator AND i.class = 'model' WHERE a.value IS NOT NULL"
        assert [con.sql(query).fetchall()[0][0] for query in (told, ends)] == [0, 0]
        assert con.sql(shown).fetchall()[0][0] > 0
