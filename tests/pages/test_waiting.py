"""The waiting page: every step is named from the first, the time is honest, and the size is what was asked for."""

import json
from pathlib import Path

import pytest

from app import demo, waiting
from app.demo import Progress
from common.errors import ProblemError


def test_the_first_thing_told_is_a_step_and_when_it_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    class Child:
        def __init__(self, command: list[str], **_extra: object) -> None:
            commands.append(command)

        def poll(self) -> None:
            return None

    monkeypatch.setattr(demo.subprocess, "Popen", Child)
    monkeypatch.setenv(demo.SIZE, "400")
    told = demo.ensure_demo(tmp_path)
    assert told.step == demo.BEGIN
    assert told.started > 1.7e9
    assert demo.ensure_demo(tmp_path) == told  # another browser is told the same time
    assert commands == [[*commands[0][:-2], "--people", "400"]]


def test_the_build_names_its_step_before_its_first_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, object]] = []

    def make(data_dir: Path, *_arguments: object, **_extra: object) -> None:
        seen.append(json.loads((data_dir / demo.PROGRESS).read_text("utf-8")))

    monkeypatch.setattr(demo, "make_demo", make)
    demo.build_behind_lock(tmp_path)
    assert [told["step"] for told in seen] == [demo.READY]


@pytest.mark.parametrize("asked", ["many", "-5", "12", "3.5"])
def test_a_size_that_cannot_be_is_refused(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(demo.SIZE, asked)
    with pytest.raises(ProblemError, match="IOM_DEMO_PEOPLE"):
        demo.people_of_the_first_start()


def test_the_time_is_promised_for_what_was_measured_alone() -> None:
    assert waiting.how_long(8000).startswith("That takes 75 to 95 seconds")
    assert waiting.how_long(300).endswith("for 300, less.")
    assert waiting.how_long(90_000).endswith("for 90,000, more.")


def test_the_stages_and_the_time_so_far_are_told() -> None:
    at = Progress("building", "Loading PNC", 0.3, started=100.0)
    assert waiting.so_far(at, 112.4) == "Loading PNC (12 seconds so far)"
    assert waiting.so_far(Progress("building", "Loading PNC"), 112.4) == "Loading PNC"
    first, second, third, _ = waiting.stages(at).splitlines()
    assert first.startswith("1. \u2713")
    assert second.startswith("2. **\u25b6 Load the extracts")
    assert third.startswith("3. \u25cb")
    assert waiting.stages(Progress("building", demo.BEGIN)).startswith("1. **\u25b6")
