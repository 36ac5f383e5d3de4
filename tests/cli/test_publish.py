"""Loading and publishing, and what happens when a publish is killed or fails: the last release goes on serving."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from common import paths, versions
from tests.cli import small

ROOT = Path(__file__).parents[2]


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--data-dir", str(data_dir)])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one small release."""
    folder = tmp_path_factory.mktemp("published")
    mapping, listing = small.write(folder / "extracts")
    loaded = run(folder, "load", str(mapping), str(listing))
    assert loaded.exit_code == 0, loaded.output
    assert "400 rows read, 400 loaded" in loaded.stdout
    assert loaded.stdout.splitlines()[-1].endswith(".")
    made = run(folder, "publish", "--label", "The first")
    assert made.exit_code == 0, made.output
    return folder


def serving(data_dir: Path) -> tuple[str, str]:
    """What CURRENT names, and a figure of it as a fresh process reads it."""
    release = (paths.releases(data_dir) / "CURRENT").read_text()
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "figure", "reoffending_rate", "--json", "--data-dir", str(data_dir)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return release, done.stdout


def test_loading_again_is_nothing_to_do(published: Path) -> None:
    mapping, listing = small.write(published / "extracts")
    said = run(published, "load", str(mapping), str(listing))
    assert said.exit_code == 0
    assert "nothing to do" in said.stdout


def test_the_release_says_what_it_is_made_of(published: Path) -> None:
    folder = versions.current(paths.releases(published))
    assert folder is not None
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["cutoff"] == "2024-09-30"
    assert manifest["label"] == "The first"
    assert manifest["sources"][0]["read"] == 400
    assert set(manifest["files"]) == {"partnership.duckdb", "open.duckdb"}
    assert manifest["definitions"]["reoffending_rate"] >= 1
    assert manifest["code_version"].startswith("0.")
    assert run(published, "check").exit_code == 0


def test_the_release_equals_the_store(published: Path) -> None:
    for extra in ([], ["--by", "sex"], ["--quarter", "2022Q2"]):
        of_release = json.loads(run(published, "figure", "reoffending_rate", *extra, "--json").stdout)
        of_store = json.loads(run(published, "figure", "reoffending_rate", *extra, "--from-store", "--json").stdout)
        assert len(of_release) == len(of_store) > 0
        for one, other in zip(of_release, of_store, strict=True):
            same = ("where", "period", "value", "lower", "upper", "numerator", "denominator", "status")
            assert {name: one[name] for name in same} == {name: other[name] for name in same}


def test_the_store_answers_under_another_definition(published: Path) -> None:
    """Counted by hand from the list: offences from 1 to 100 days after the start, nothing to wait for."""
    import csv
    import datetime as dt

    def gap(row: dict[str, str]) -> int:
        start, offence = (dt.date.fromisoformat(row[name]) for name in ("started", "offended"))
        return (offence - start).days

    with (published / "extracts" / "list_2024-09-30.csv").open() as file:
        rows = list(csv.DictReader(file))
    again = sum(1 <= gap(row) <= 100 for row in rows if row["offended"])
    arguments = ["--from-store", "--follow-up", "100", "--waiting", "0", "--cohort", "starters", "--json"]
    [found] = json.loads(run(published, "figure", "reoffending_rate", *arguments).stdout)
    assert (found["numerator"], found["denominator"]) == (again, 400)


def test_a_cut_off_later_than_a_source_is_refused_by_its_name(published: Path) -> None:
    said = run(published, "publish", "--cutoff", "2024-10-01")
    assert said.exit_code == 1
    assert "programme_list" in said.stderr
    assert "2024-09-30" in said.stderr


STEPS = ["Linking people", "Computing the partnership", "Writing the partnership", "Writing the open"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="killing outright needs SIGKILL")
def test_a_killed_publish_leaves_the_last_release_serving(published: Path) -> None:
    before = serving(published)
    for step in STEPS:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "publish", "--label", "Never", "--data-dir", str(published)],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT,
        )  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            if step in line:
                os.kill(process.pid, signal.SIGKILL)
                break
        assert process.wait() == -signal.SIGKILL, step
        process.stderr.close()
        assert serving(published) == before, step
    left = [path.name for path in paths.releases(published).iterdir() if path.name.startswith(".building")]
    assert left, "nothing was killed while a release was being written, so nothing was tested"
    made = run(published, "publish", "--label", "The second")
    assert made.exit_code == 0, made.output
    assert (paths.releases(published) / "CURRENT").read_text() != before[0]
    for root in (paths.releases(published), paths.stores(published)):
        assert not [path.name for path in root.iterdir() if path.name.startswith(".building")]
    assert len(versions.list_versions(paths.stores(published))) == 1


def test_a_failed_publish_leaves_the_last_release_serving(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = serving(published)

    def fail(*_arguments: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("release.build.protected_level", fail)
    assert run(published, "publish").exit_code == 1
    assert serving(published) == before
    assert not [path.name for path in paths.releases(published).iterdir() if path.name.startswith(".building")]


def test_a_lost_current_is_said_and_can_be_mended(published: Path) -> None:
    """Figures say what is wrong; the commands that mend it still work; a publish mends the store's too."""
    root = paths.releases(published)
    release = (root / versions.CURRENT).read_text().strip()
    (root / versions.CURRENT).write_text("20200101T000000-abcdef\n")
    for command in (["figure", "reoffending_rate"], ["check"]):
        said = run(published, *command)
        assert said.exit_code == 1
        assert "names a version that is not there" in said.stderr
        assert "iom use ID" in said.stderr
    listed = run(published, "releases", "--json")
    assert listed.exit_code == 0
    assert release in [row["id"] for row in json.loads(listed.stdout)]
    assert not any(row["current"] for row in json.loads(listed.stdout))
    assert "names a version that is not there" in listed.stderr
    assert run(published, "use", release).exit_code == 0
    assert run(published, "figure", "reoffending_rate").exit_code == 0
    for folder in (root, paths.stores(published)):
        (folder / versions.CURRENT).write_text("garbage")
    said = run(published, "figure", "reoffending_rate", "--from-store")
    assert said.exit_code == 1
    assert "iom publish" in said.stderr
    made = run(published, "publish", "--label", "Mended")
    assert made.exit_code == 0, made.output
    assert run(published, "check").exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="modes are for POSIX")
def test_a_published_directory_is_for_its_owner_alone(published: Path) -> None:
    for name in (paths.PARTS, paths.STORES, paths.RELEASES, paths.TMP):
        assert stat.S_IMODE((published / name).stat().st_mode) == 0o700, name
