"""People with two identifiers of one kind: told by `iom check`, kept in the release, at the open level in tens."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from app.cli import main
from common import paths, versions
from release import files
from tests.cli import small

JOINED = 13


def run(data_dir: Path, *arguments: str) -> str:
    said = CliRunner().invoke(main, [*arguments, "--data-dir", str(data_dir)])
    assert said.exit_code == 0, said.output
    return said.stdout


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A list of 60 people with a PNC and a NOMS id. 13 NOMS ids come with two PNC ids each, and 2 PNC ids with two NOMS."""
    folder = tmp_path_factory.mktemp("conflicts")
    mapping, listing = small.write(folder / "in", people=60)
    mapping.write_text(mapping.read_text("utf-8").replace('source = "ref"', 'pnc = "ref"\nnoms = "noms"'), "utf-8")
    header, *rows = listing.read_text("utf-8").splitlines()
    noms = [f"N{n}" for n in range(60)]
    for n in range(JOINED):
        noms[2 * n] = noms[2 * n + 1] = f"SHARED{n}"
    told = [f"{row},{number}" for row, number in zip(rows, noms, strict=True)]
    told += [told[n].rpartition(",")[0] + f",OTHER{n}" for n in (50, 51)]
    listing.write_text("\n".join([f"{header},noms", *told]) + "\n", "utf-8")
    run(folder, "load", str(mapping), str(listing))
    run(folder, "publish")
    yield folder


def test_check_tells_of_them_and_finds_nothing_wrong(data_dir: Path) -> None:
    said = run(data_dir, "check")
    assert f"{JOINED} people have two different pnc identifiers, and count as one person each" in said
    assert "2 people have two different noms identifiers" in said
    assert "SHARED" not in said
    assert said.splitlines()[-1].endswith("nothing is wrong.")


def test_the_partnership_level_has_them_exactly(data_dir: Path) -> None:
    reader = files.open_level(data_dir, "partnership")
    assert reader.identity_conflicts().rows() == [("pnc", JOINED), ("noms", 2)]


def test_the_open_level_has_them_in_tens_and_small_ones_not_at_all(data_dir: Path) -> None:
    assert files.open_level(data_dir, "open").identity_conflicts().rows() == [("pnc", 10)]


def test_check_of_a_store_without_any_tells_of_none(tmp_path: Path) -> None:
    mapping, listing = small.write(tmp_path / "in", people=60)
    run(tmp_path, "load", str(mapping), str(listing))
    run(tmp_path, "publish")
    assert len(run(tmp_path, "check").splitlines()) == 1
    assert files.open_level(tmp_path, "partnership").identity_conflicts().is_empty()


def test_a_release_from_before_they_were_kept_has_none(data_dir: Path) -> None:
    folder = files.release_folder(data_dir)
    older = folder.with_name(versions.new_id())
    older.mkdir()
    for file in folder.iterdir():
        (older / file.name).write_bytes(file.read_bytes())
    with duckdb.connect(str(older / "open.duckdb")) as con:
        con.execute("DROP TABLE identity_conflict")
    versions.write_manifest(older)
    assert files.open_level(data_dir, "open", older.name).identity_conflicts().is_empty()
    assert json.loads((older / "manifest.json").read_text("utf-8"))["files"]
    assert paths.releases(data_dir) == older.parent
