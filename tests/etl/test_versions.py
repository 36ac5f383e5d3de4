"""Versioned folders: a version is whole or it is not there, and CURRENT serves through failures and kills."""

import datetime as dt
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from common import duck, paths, versions
from common.errors import ProblemError

REPO = Path(__file__).resolve().parents[2]


def publish(root: Path, text: str) -> str:
    with versions.building(root) as build:
        (build.path / "store.txt").write_text(text, "utf-8")
    versions.point(root, build.id)
    return build.id


def test_ids_sort_by_time() -> None:
    first = versions.new_id(dt.datetime(2026, 9, 30, 10, 15))
    assert first.startswith("20260930T101500-")
    assert first < versions.new_id(dt.datetime(2026, 9, 30, 10, 16))


def test_a_version_is_built_aside_then_pointed_to(tmp_path: Path) -> None:
    one = publish(tmp_path, "one")
    with versions.building(tmp_path) as build:
        (build.path / "store.txt").write_text("two", "utf-8")
        assert versions.list_versions(tmp_path) == [one]
    current = versions.current(tmp_path)
    assert current is not None
    assert (current / "store.txt").read_text("utf-8") == "one"
    versions.point(tmp_path, build.id)
    assert versions.current(tmp_path) == tmp_path / build.id


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    one = publish(tmp_path, "one")
    with pytest.raises(RuntimeError), versions.building(tmp_path) as build:
        (build.path / "store.txt").write_text("half", "utf-8")
        raise RuntimeError
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([one, "CURRENT"])


def test_changed_missing_and_added_files_are_found(tmp_path: Path) -> None:
    folder = tmp_path / publish(tmp_path, "one")
    assert versions.verify(folder) == []
    (folder / "extra.txt").write_text("x", "utf-8")
    assert versions.verify(folder) == [f"{folder.name}/extra.txt: not in the manifest"]
    (folder / "extra.txt").unlink()
    (folder / "store.txt").write_text("onf", "utf-8")
    assert "checksum differs" in versions.verify(folder)[0]
    (folder / "store.txt").unlink()
    assert versions.verify(folder) == [f"{folder.name}/store.txt: missing"]


@pytest.mark.parametrize("text", ["20200101T000000-abcdef\n", "garbage", "", ".", "../elsewhere", "\x00\n"])
def test_a_current_that_names_nothing_is_said(tmp_path: Path, text: str) -> None:
    """It is not taken for an empty start, it says how to mend it, and pointing anew mends it."""
    (tmp_path / "elsewhere").mkdir()
    for root, remedy in ((tmp_path / paths.RELEASES, "iom use ID"), (tmp_path / paths.STORES, "iom publish")):
        one = publish(root, "one")
        (root / versions.CURRENT).write_text(text, "utf-8")
        with pytest.raises(ProblemError, match="names a version that is not there") as caught:
            versions.current(root)
        assert str(root / versions.CURRENT) in str(caught.value)
        assert remedy in str(caught.value)
        versions.point(root, one)
        assert versions.current(root) == root / one


def test_a_current_of_stray_bytes_is_said(tmp_path: Path) -> None:
    publish(tmp_path, "one")
    (tmp_path / versions.CURRENT).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProblemError, match="names a version that is not there"):
        versions.current(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="modes are for POSIX")
def test_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    """A new root, an open one, the version in each, and where a build spills."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o775)
    for root in (tmp_path / "new", tmp_path / "open"):
        folder = root / publish(root, "one")
        assert [stat.S_IMODE(one.stat().st_mode) for one in (root, folder)] == [0o700, 0o700]
    (tmp_path / "tmp").mkdir(mode=0o755)
    duck.connect_build(temp_dir=tmp_path / "tmp").close()
    assert stat.S_IMODE((tmp_path / "tmp").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="modes are for POSIX")
def test_a_folder_that_cannot_be_closed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(ProblemError, match="chmod 700"), versions.building(tmp_path):
        pass


def test_a_path_is_never_used_twice(tmp_path: Path) -> None:
    one = publish(tmp_path, "one")
    with pytest.raises(FileExistsError), versions.building(tmp_path, one):
        pass


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
def test_a_killed_build_leaves_the_last_version_serving(tmp_path: Path) -> None:
    one = publish(tmp_path, "one")
    script = (
        "import sys, time, pathlib\nfrom common import versions\n"
        "with versions.building(pathlib.Path(sys.argv[1])) as build:\n"
        "    (build.path / 'store.txt').write_text('half'); print('ready', flush=True); time.sleep(60)\n"
    )
    run = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=REPO, stdout=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stdout.readline() == b"ready\n"
    versions.sweep(tmp_path)
    assert len(list(tmp_path.glob(".building-*"))) == 1, "a live build is never swept"
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert versions.current(tmp_path) == tmp_path / one
    assert versions.list_versions(tmp_path) == [one]
    for _ in range(50):
        if versions.sweep(tmp_path):
            break
        time.sleep(0.02)
    assert not list(tmp_path.glob(".building-*"))


def test_a_reader_is_closed_and_locked(tmp_path: Path) -> None:
    """No files, no network, no Python variables, no settings."""
    con = duck.connect_build(tmp_path / "x.duckdb")
    con.execute("CREATE TABLE t AS SELECT 1 AS n")
    con.close()
    reader = duck.connect_readonly(tmp_path / "x.duckdb")
    assert duck.cursor(reader).sql("SELECT n FROM t").fetchall() == [(1,)]
    frame = {"n": [1]}
    assert frame
    for hostile in (
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM frame", "COPY t TO '/tmp/out.csv'", "INSERT INTO t VALUES (2)",
        "SET enable_external_access = true", "ATTACH '/tmp/other.duckdb'", "INSTALL httpfs", "RESET memory_limit",
    ):  # fmt: skip
        with pytest.raises(duckdb.Error):
            duck.cursor(reader).execute(hostile)
    reader.close()


def test_the_data_directory_is_the_option_then_the_variable_then_local(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.VARIABLE, raising=False)
    assert paths.data_dir() == REPO / "data" / "local"
    assert not paths.was_configured()
    monkeypatch.setenv(paths.VARIABLE, str(tmp_path / "a"))
    assert paths.data_dir() == tmp_path / "a"
    assert paths.was_configured()
    assert paths.data_dir(str(tmp_path / "b")) == tmp_path / "b"
