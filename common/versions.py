"""Versioned folders: built aside, checked, made durable, renamed, and pointed to by an atomic CURRENT.

A killed build leaves the version that CURRENT names serving. A path once used is never used again, because
a process that still has the old file open would be given old data.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common import paths
from common.errors import ProblemError

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
BUILDING = re.compile(r"^\.building-(?P<id>.+)-(?P<pid>\d+)$")
VERSION = re.compile(r"^\d{8}T\d{6}-[0-9a-f]{6}$")


@dataclass(frozen=True)
class Build:
    """A version being built: its id, and the folder to write into until it is finished."""

    id: str
    path: Path


def new_id(now: dt.datetime | None = None) -> str:
    """A fresh version id, such as 20260930T101500-ab12cd. Ids sort by time."""
    moment = now or dt.datetime.now(dt.UTC)
    return f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


@contextlib.contextmanager
def building(root: Path, version: str | None = None) -> Iterator[Build]:
    """Build a version aside. On success it gets a manifest and its own name; on failure nothing is left."""
    paths.private(root)
    sweep(root)
    name = version or new_id()
    final = root / name
    if final.exists():
        raise FileExistsError(f"the version {name} exists already")
    aside = root / f".building-{name}-{os.getpid()}"
    paths.private(aside)
    try:
        yield Build(name, aside)
        write_manifest(aside)
        sync_tree(aside)
        aside.rename(final)
        sync(root)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def write_manifest(folder: Path, extra: dict[str, object] | None = None) -> None:
    """Write `manifest.json`: the SHA-256 of every other file in the folder, beside whatever is there to record."""
    file = folder / MANIFEST
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    known.update(extra or {})
    known["files"] = {name: sha256(folder / name) for name in _files(folder)}
    write_atomic(file, json.dumps(known, indent=1, sort_keys=True))


def verify(folder: Path) -> list[str]:
    """What is wrong with a finished folder: files missing, added or changed since its manifest was written."""
    file = folder / MANIFEST
    if not file.is_file():
        return [f"{folder.name}: the manifest is missing"]
    try:
        expected = json.loads(file.read_text("utf-8"))["files"]
    except (ValueError, KeyError, TypeError):
        return [f"{folder.name}: the manifest cannot be read"]
    found = set(_files(folder))
    problems = [f"{folder.name}/{name}: missing" for name in sorted(set(expected) - found)]
    problems += [f"{folder.name}/{name}: not in the manifest" for name in sorted(found - set(expected))]
    problems += [
        f"{folder.name}/{name}: changed since it was written (checksum differs)"
        for name in sorted(set(expected) & found)
        if sha256(folder / name) != expected[name]
    ]
    return problems


def point(root: Path, version: str) -> None:
    """Make CURRENT name this version, in one step that a reader sees whole or not at all."""
    if not (root / version).is_dir():
        raise FileNotFoundError(f"there is no version {version}")
    write_atomic(root / CURRENT, version + "\n")


def current(root: Path) -> Path | None:
    """The folder that CURRENT names, or None where nothing has been published yet.

    A CURRENT that names nothing there is a fault to mend, never taken for an empty start."""
    file = root / CURRENT
    if not file.is_file():
        return None
    name = file.read_text("utf-8", errors="replace").strip()
    if name not in list_versions(root):
        stores = root.name == paths.STORES
        raise ProblemError(
            "CURRENT names a version that is not there", str(file), "a version in that folder",
            "run `iom publish` again" if stores else "run `iom use ID` with an ID that `iom releases` lists, or publish again",
        )  # fmt: skip
    return root / name


def list_versions(root: Path) -> list[str]:
    """The ids of the finished versions, oldest first."""
    if not root.is_dir():
        return []
    return sorted(path.name for path in root.iterdir() if path.is_dir() and VERSION.match(path.name))


def remove(root: Path, version: str) -> None:
    """Delete a finished version. It is renamed first, so that nobody sees half of it; a killed removal is swept up."""
    aside = root / f".building-{version}-{os.getpid()}"
    (root / version).rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def sweep(root: Path) -> list[str]:
    """Remove what killed builds left (it may be personal data): folders whose process is gone."""
    swept = []
    for path in root.iterdir() if root.is_dir() else ():
        match = BUILDING.match(path.name)
        if match and not _alive(int(match["pid"])):
            shutil.rmtree(path, ignore_errors=True)
            swept.append(path.name)
    return swept


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomic(file: Path, text: str) -> None:
    """Write a small file so that a reader, or a power loss, sees the old text or the new and nothing between."""
    aside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(3)}")
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    sync(file.parent)


def sync_tree(folder: Path) -> None:
    """Make every file of a folder durable, then the folder."""
    for path in sorted(folder.rglob("*")):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Make one file or folder durable. Windows cannot sync a folder and does not need to."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if path.is_file() and os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(name for path in paths if (name := path.relative_to(folder).as_posix()) != MANIFEST)


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return True
    if os.name == "nt":  # signal 0 would end the process on Windows
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, pid)  # type: ignore[attr-defined]
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)  # type: ignore[attr-defined]
        return bool(handle)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
