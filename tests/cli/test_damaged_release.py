"""A release that is not as it was published is shown by nothing; and old releases go only when asked, never the one served."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from common import versions
from common.errors import ProblemError
from release import files
from tests.release import literal

IDS = [f"2026100{day}T090000-abc12{day}" for day in range(1, 6)]


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--data-dir", str(data_dir)])


def flip(file: Path) -> None:
    """Turn one byte of the data over, in the middle of the file: it opens all the same."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))


@pytest.mark.parametrize("level", files.LEVELS)
@pytest.mark.parametrize("damaged", files.LEVELS)
def test_a_release_with_a_flipped_byte_is_not_served(tmp_path: Path, level: str, damaged: str) -> None:
    """Either file: the two levels were published as one, and who damaged one had the other in hand."""
    literal.write(tmp_path)
    flip(files.release_folder(tmp_path) / f"{damaged}.duckdb")
    with pytest.raises(ProblemError, match=rf"damaged: .*{damaged}\.duckdb.*checksum.*iom use ID"):
        files.open_level(tmp_path, level)
    said = run(tmp_path, "figure", "reoffending_rate", "--level", level)
    assert said.exit_code == 1
    assert "is damaged" in said.stderr
    assert said.stdout == ""


def test_the_page_says_so_and_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.testing.v1 import AppTest

    literal.write(tmp_path)
    flip(files.release_folder(tmp_path) / "partnership.duckdb")
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    shown = AppTest.from_file(str(Path(__file__).parents[2] / "app" / "shell.py"), default_timeout=60).run()
    assert not shown.exception
    assert [title.value for title in shown.title] == ["This release is not shown here"]
    assert any("is damaged" in text.value for text in shown.text)


def test_the_checksums_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    literal.write(tmp_path)
    read = []
    of = versions.verify
    monkeypatch.setattr(versions, "verify", lambda folder: read.append(folder) or of(folder))
    for level in (*files.LEVELS, *files.LEVELS):
        files.open_level(tmp_path, level)
    assert len(read) == 1


def test_a_release_without_its_manifest_is_refused(tmp_path: Path) -> None:
    literal.write(tmp_path)
    (files.release_folder(tmp_path) / "manifest.json").unlink()
    with pytest.raises(ProblemError, match="the manifest is missing"):
        files.open_level(tmp_path, "open")


@pytest.fixture
def five(tmp_path: Path) -> Path:
    for release in IDS:
        literal.write(tmp_path, release)
    return tmp_path


def ids(data_dir: Path) -> list[str]:
    return [row["id"] for row in json.loads(run(data_dir, "releases", "--json").stdout)]


def test_keep_deletes_the_oldest(five: Path) -> None:
    said = run(five, "releases", "--keep", "2")
    assert said.exit_code == 0
    assert said.stdout.startswith(f"Deleted 3 old releases from {files.releases_root(five)}: {', '.join(IDS[:3])}.")
    assert ids(five) == IDS[3:]
    assert not [path for path in files.releases_root(five).iterdir() if path.name.startswith(".")]


def test_the_one_served_is_never_deleted(five: Path) -> None:
    assert run(five, "use", IDS[0]).exit_code == 0
    assert run(five, "releases", "--keep", "1").exit_code == 0
    assert ids(five) == [IDS[0], IDS[4]]
    assert run(five, "figure", "reoffending_rate").exit_code == 0


def test_nothing_goes_unasked_and_none_may_not_be_asked(five: Path) -> None:
    assert run(five, "releases").exit_code == 0
    assert run(five, "releases", "--keep", "9").stdout.startswith("Deleted 0 old releases")
    assert run(five, "releases", "--keep", "0").exit_code == 2
    assert ids(five) == IDS


def test_json_stays_a_list_and_nothing_else(five: Path) -> None:
    assert len(json.loads(run(five, "releases", "--keep", "2", "--json").stdout)) == 2


def test_where_current_is_lost_nothing_is_deleted(five: Path) -> None:
    (files.releases_root(five) / "CURRENT").write_text("20200101T000000-000000\n")
    said = run(five, "releases", "--keep", "1")
    assert said.exit_code == 1
    assert "CURRENT names a version that is not there" in said.stderr
    assert len(versions.list_versions(files.releases_root(five))) == 5
