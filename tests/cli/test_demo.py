"""The demonstration is built once however many ask, tells its steps, and a failure is told and can be retried."""

import subprocess
import sys
from pathlib import Path

import pytest

from app import demo
from app.demo import Progress
from common.errors import ProblemError

ASK = """
import sys, time
from pathlib import Path
from app import demo
from tests.release import literal

def slow(data_dir, *arguments, **extra):
    with (data_dir / "runs").open("a") as file:
        file.write("ran\\n")
    time.sleep(2)
    literal.write(data_dir)

demo.make_demo = slow
demo.build_behind_lock(Path(sys.argv[1]))
"""


def test_many_processes_build_it_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASK, str(tmp_path)]
    asking = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(3)]
    assert [process.wait(60) for process in asking] == [0, 0, 0]
    assert (tmp_path / "runs").read_text() == "ran\n"
    assert demo.read_progress(tmp_path) == Progress("ready", "Done", 1.0)
    assert demo.ensure_demo(tmp_path).state == "ready"


def test_nothing_is_built_where_a_data_directory_was_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    assert demo.ensure_demo().state == "absent"
    assert not list(tmp_path.iterdir())


def test_a_problem_is_told_in_its_own_words_and_anything_else_by_its_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(error: Exception) -> None:
        def make(*_arguments: object, progress: object = None, **_extra: object) -> None:
            progress("Loading police", 0.3)  # type: ignore[operator]
            raise error

        monkeypatch.setattr(demo, "make_demo", make)
        with pytest.raises(type(error)):
            demo.build_behind_lock(tmp_path)

    fail(ProblemError("the disk is full", where="here"))
    told = demo.read_progress(tmp_path)
    assert (told.state, told.step, told.fraction) == ("failed", "Loading police", 0.3)
    assert "the disk is full" in told.message
    fail(ValueError("a name that must not be shown"))
    assert "must not be shown" not in demo.read_progress(tmp_path).message
    assert "ValueError" in demo.read_progress(tmp_path).message


def test_a_child_that_died_is_a_failure_and_can_be_retried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    class Child:
        def __init__(self, *_arguments: object, **_extra: object) -> None:
            started.append(1)

        def poll(self) -> int:
            return -9

    monkeypatch.setattr(demo.subprocess, "Popen", Child)
    assert demo.ensure_demo(tmp_path).state == "building"
    assert demo.ensure_demo(tmp_path).state == "failed"
    assert demo.ensure_demo(tmp_path).state == "failed"
    assert len(started) == 1
    assert demo.ensure_demo(tmp_path, retry=True).state == "building"
    assert len(started) == 2


def test_real_extracts_are_never_mixed_with_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Real:
        synthetic = False

    monkeypatch.setattr("etl.parts.all_parts", lambda _folder: [Real()])
    with pytest.raises(ProblemError, match="real extracts"):
        demo.make_demo(tmp_path)
