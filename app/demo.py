"""The demonstration: a synthetic county, made once, by a child process behind a lock, however many browsers ask.

`ensure_demo` returns at once with how far the build has come; whoever shows it asks again. The child holds an
operating-system lock for as long as it lives, so a killed build is told from a running one.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from common import paths, versions
from common.errors import ProblemError

if TYPE_CHECKING:
    from etl.mapping import Mapping

State = Literal["absent", "building", "ready", "failed"]
PROGRESS, LOCK, LOG, EXTRACTS = "demo-progress.json", "demo.lock", "demo.log", "demo-extracts"
MAPPINGS = paths.REPO / "etl" / "mappings"
PEOPLE, SEED = 8000, 1
SIZE = "IOM_DEMO_PEOPLE"
"""The environment variable that makes the first start's county of another size: smaller for a test or a slow machine."""
FEWEST = 300
BEGIN = "Starting the program that builds it"
READY = "Getting the agencies' layouts and the measures' definitions ready"
LABEL = "Synthetic county"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the build has come. `fraction` runs from 0 to 1; `message` is the reason of a failure.

    `started` is when it began, in seconds since 1970, so that every browser tells the same time; 0 where unknown.
    """

    state: State
    step: str = ""
    fraction: float = 0.0
    message: str = ""
    started: float = 0.0


def people_of_the_first_start() -> int:
    """How many people the first start invents: 8,000, or what IOM_DEMO_PEOPLE says (from 300)."""
    asked = os.environ.get(SIZE, "")
    if not asked:
        return PEOPLE
    if not asked.isdecimal() or int(asked) < FEWEST:
        raise ProblemError(
            what=f"{SIZE} is {asked!r}",
            where="the environment",
            allowed=f"a whole number from {FEWEST}",
            remedy="unset it, or give such a number",
        )
    return int(asked)


_children: dict[Path, subprocess.Popen[bytes]] = {}


def ensure_demo(data_dir: Path | None = None, retry: bool = False) -> Progress:
    """Start the build unless it is running, done, or has failed; say how far it is.

    Without `data_dir`, only where nobody configured one. After a failure nothing starts again until `retry`
    (or a new server, which tries once).
    """
    if data_dir is None:
        if paths.was_configured():
            return Progress("absent", message="a data directory is configured, so no demonstration is made in it")
        data_dir = paths.data_dir()
    data_dir = Path(data_dir)
    if versions.current(paths.releases(data_dir)):
        return Progress("ready", "Done", 1.0)
    child = _children.get(data_dir)
    running = (child is not None and child.poll() is None) or _locked(data_dir)
    if running:
        told = read_progress(data_dir)
        return told if told.state == "building" else Progress("building", BEGIN, 0.0)
    if child is not None and not retry:
        told = read_progress(data_dir)
        stopped = "the build stopped before it was done; its log is demo.log in the data directory"
        return told if told.state == "failed" else Progress("failed", told.step, told.fraction, stopped)
    people = people_of_the_first_start()
    data_dir.mkdir(parents=True, exist_ok=True)
    begun = Progress("building", BEGIN, 0.0, started=time.time())
    _write(data_dir, begun)
    with (data_dir / LOG).open("wb") as log:
        command = [sys.executable, "-m", "app.demo", "--data-dir", str(data_dir), "--people", str(people)]
        _children[data_dir] = subprocess.Popen(
            command, cwd=paths.REPO, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    return begun


def read_progress(data_dir: Path) -> Progress:
    """What the build last wrote of itself."""
    try:
        return Progress(**json.loads((data_dir / PROGRESS).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress("absent")


def make_demo(
    data_dir: Path,
    people: int = PEOPLE,
    seed: int = SEED,
    *,
    out: Path | None = None,
    extracts_only: bool = False,
    progress: Callable[[str, float], None] = lambda step, done: None,
) -> tuple[list[tuple[str, Path]], str | None]:
    """Write the county's extracts, load them and publish them; returns the files and the release's id.

    Above 100,000 people, unless the extracts are asked for with `out`, each is loaded and deleted as soon as it is
    written, so that the disk holds a block's extracts at most.
    """
    from app.demo_review import write_review
    from app.publish import publish
    from etl.parts import all_parts
    from etl.synthetic import county

    if not extracts_only and any(not part.synthetic for part in all_parts(data_dir)):
        raise ProblemError(
            what="This data directory holds real extracts",
            where=str(data_dir),
            allowed="a data directory of its own for the synthetic county",
            remedy="give another: `iom demo --data-dir DIR`",
        )
    folder = out or data_dir / EXTRACTS
    folder.mkdir(parents=True, exist_ok=True)
    if people > county.WORKBOOKS_UP_TO and out is None and not extracts_only:
        files = _load_as_written(folder, data_dir, people, seed, progress)
        _forget_other_parts(data_dir, {file.name for _, file in files})
    else:
        files = county.write(folder, people, seed, lambda step, done: progress(step, 0.15 * done))
        if extracts_only:
            return files, None
        _forget_other_parts(data_dir, {file.name for _, file in files})
        _load(files, data_dir, progress)
    made = publish(data_dir, label=LABEL, progress=lambda step, done: progress(step, 0.5 + 0.5 * done))
    write_review(data_dir)
    return files, made.release


def _mapping(name: str) -> "Mapping":
    """A mapping by its name. Above 100,000 people the county writes its own and names them by their path."""
    from etl.mapping import read_mapping

    return read_mapping(MAPPINGS / f"{name}.toml")


def _load(files: list[tuple[str, Path]], data_dir: Path, progress: Callable[[str, float], None]) -> None:
    """Stage the files in two threads: DuckDB and Polars let others run. The steps are told in the files' order."""
    from etl import identity
    from etl.stage import stage

    identity.load_key(data_dir)
    mappings = {name: _mapping(name) for name, _ in files}
    with ThreadPoolExecutor(2) as pool:
        staged = pool.map(lambda one: stage(mappings[one[0]], [one[1]], data_dir, synthetic=True), files)
        for place, (name, _) in enumerate(files):
            progress(f"Loading {mappings[name].title}", 0.15 + 0.35 * place / len(files))
            next(staged)


def _load_as_written(
    folder: Path, data_dir: Path, people: int, seed: int, progress: Callable[[str, float], None]
) -> list[tuple[str, Path]]:
    """Stage and delete each extract as it is written; returns what was written. The sidecars and mappings stay."""
    from etl.stage import stage
    from etl.synthetic import county

    reached = 0.0

    def tell(step: str, done: float) -> None:
        nonlocal reached
        reached = 0.5 * done
        progress(step, reached)

    files = []
    for name, file in county.write_streaming(folder, people, seed, tell):
        mapping = _mapping(name)
        progress(f"Loading {mapping.title}", reached)
        stage(mapping, [file], data_dir, synthetic=True)
        file.unlink()
        files.append((name, file))
    return files


def _forget_other_parts(data_dir: Path, names: set[str]) -> None:
    """Parts of an earlier demonstration, which had other people."""
    from etl.parts import all_parts

    for part in all_parts(data_dir):
        if part.synthetic and part.file not in names:
            shutil.rmtree(part.path)


def _write(data_dir: Path, progress: Progress) -> None:
    versions.write_atomic(data_dir / PROGRESS, json.dumps(asdict(progress)))


@contextmanager
def _lock(data_dir: Path) -> Iterator[bool]:
    """Hold the lock of the build, if nobody does; the operating system lets go of it however the process ends."""
    with (data_dir / LOCK).open("a+b") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def _locked(data_dir: Path) -> bool:
    if not (data_dir / LOCK).exists():
        return False
    with _lock(data_dir) as free:
        return not free


def build_behind_lock(data_dir: Path, people: int = PEOPLE, seed: int = SEED) -> bool:
    """Build the demonstration unless another process is at it or it is there; True when it is there afterwards."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with _lock(data_dir) as mine:
        if not mine:
            return False
        if versions.current(paths.releases(data_dir)):
            return True
        started = read_progress(data_dir).started or time.time()
        told = Progress("building", READY, 0.0, started=started)
        _write(data_dir, told)

        def tell(step: str, done: float) -> None:
            nonlocal told
            told = Progress("building", step, done, started=started)
            _write(data_dir, told)

        try:
            make_demo(data_dir, people, seed, progress=tell)
        except Exception as error:
            _write(data_dir, Progress("failed", told.step, told.fraction, _reason(error)))
            raise
        _write(data_dir, Progress("ready", "Done", 1.0))
        return True


def _reason(error: Exception) -> str:
    """A problem in its own words; of anything else only its kind, because its text may hold what is in a file."""
    if isinstance(error, ProblemError):
        return str(error)
    return f"an unexpected {type(error).__name__}; its trace is in {LOG} in the data directory"


@click.command()
@click.option("--data-dir", required=True, type=click.Path(path_type=Path))
@click.option("--people", default=PEOPLE)
@click.option("--seed", default=SEED)
def main(data_dir: Path, people: int, seed: int) -> None:
    """The child process."""
    build_behind_lock(data_dir, people, seed)


if __name__ == "__main__":
    main()
