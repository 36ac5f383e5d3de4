"""Where releases lie, which one is served, and how a level of one is opened."""

import json
import threading
from pathlib import Path
from typing import Any

from common import versions
from common.errors import ProblemError
from release.read import Reader

LEVELS = ("partnership", "open")
"""Exact figures for those inside the sharing agreement; protected figures for everybody."""

_sound: set[Path] = set()
_lock = threading.Lock()


def releases_root(data_dir: Path) -> Path:
    """The folder of releases within a data directory."""
    return Path(data_dir) / "releases"


def current_release(data_dir: Path) -> Path | None:
    """The folder of the release now served, or None where none has been published."""
    return versions.current(releases_root(data_dir))


def release_folder(data_dir: Path, release_id: str | None = None) -> Path:
    """The folder of a release: the one named, else the one now served."""
    root = releases_root(data_dir)
    if release_id is None:
        found = current_release(data_dir)
        if found is None:
            raise ProblemError(
                what="No release has been published yet",
                where=str(root),
                allowed="a data directory with a published release",
                remedy="run `iom demo`, or `iom load` and then `iom publish`",
            )
        return found
    known = versions.list_versions(root)
    if release_id not in known:
        raise ProblemError(
            what=f"There is no release {release_id!r}",
            where=str(root),
            allowed=", ".join(known) or "none yet",
            remedy="run `iom releases` to see what there is",
        )
    return root / release_id


def manifest(folder: Path) -> dict[str, Any]:
    """What the release was made of: sources with hashes and row counts, cut-off, versions of code and definitions."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def open_level(data_dir: Path, level: str, release_id: str | None = None) -> Reader:
    """One level of one release, opened for reading."""
    if level not in LEVELS:
        raise ProblemError(
            what=f"There is no level {level!r}",
            where="the choice of level",
            allowed=" or ".join(LEVELS),
            remedy="choose one of these",
        )
    folder = release_folder(data_dir, release_id)
    check_sound(folder)
    return Reader.open(folder / f"{level}.duckdb")


def check_sound(folder: Path) -> None:
    """Refuse a release whose files are not as they were published, by their checksums.

    Once a process and release, when it is first opened: about 6 ms of processor time for each megabyte, 0.2 s for the
    34 MB of the default county. A file that changes later in the life of a process is found by `iom check`.
    """
    folder = folder.resolve()
    with _lock:
        if folder in _sound:
            return
        if wrong := versions.verify(folder):
            raise ProblemError(
                what=f"The release {folder.name} is damaged: {'; '.join(wrong)}",
                where=str(folder.parent),
                allowed="a release whose files are as they were published",
                remedy="serve another with `iom use ID` (`iom releases` lists them), or publish again",
            )
        _sound.add(folder)


def remove_old(data_dir: Path, keep: int) -> list[str]:
    """Delete all releases but the newest `keep` and the one served; returns the ids of those deleted, oldest first."""
    root = releases_root(data_dir)
    served = current_release(data_dir)
    known = versions.list_versions(root)
    old = [name for name in known[: max(0, len(known) - keep)] if served is None or name != served.name]
    for name in old:
        versions.remove(root, name)
    return old
