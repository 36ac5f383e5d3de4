"""The parts of a data directory: one for each file staged by each mapping, with its own record of itself."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from common import paths, versions
from common.errors import ProblemError

QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Part:
    """A staged file: where its typed tables are, and what became of its rows."""

    path: Path
    file: str
    sha256: str
    source: str
    agency: str
    mapping_sha256: str
    layout_verified: bool
    synthetic: bool
    replaces: str
    as_at: dt.date | None
    staged_at: str
    key_mark: str
    read: int
    loaded: int
    quarantined: int
    duplicate: int
    tables: dict[str, int]
    area: str = ""
    withdrawn: bool = False
    fresh: bool = False

    @property
    def reconciles(self) -> bool:
        """Whether every row read is accounted for."""
        return self.read == self.loaded + self.quarantined + self.duplicate

    def __str__(self) -> str:
        if not self.fresh:
            return f"{self.file}: nothing to do, it is staged already with this mapping."
        return (
            f"{self.file}: {self.read} rows read, {self.loaded} loaded, {self.quarantined} quarantined, "
            f"{self.duplicate} exact duplicates."
        )


def read_part(folder: Path) -> Part:
    """A part's own record of itself."""
    try:
        record = json.loads((folder / versions.MANIFEST).read_text("utf-8"))
        day, record = record["as_at"], {"area": "", **record}
        fields = {name: record[name] for name in Part.__dataclass_fields__ if name not in ("path", "as_at", "fresh")}
    except (OSError, ValueError, KeyError):
        raise ProblemError(
            "a part's manifest cannot be read", f"parts/{folder.parent.name}/{folder.name}",
            remedy="delete that folder and stage the file again",
        ) from None  # fmt: skip
    return Part(path=folder, as_at=dt.date.fromisoformat(day) if day else None, **fields)


def all_parts(data_dir: Path) -> list[Part]:
    """Every finished part, in the order in which they were staged."""
    manifests = paths.parts(data_dir).glob(f"*/*/{versions.MANIFEST}")
    found = [read_part(file.parent) for file in manifests if not file.parent.name.startswith(".")]
    return sorted(found, key=lambda part: (part.staged_at, part.path.name))


def live_parts(data_dir: Path) -> list[Part]:
    """The parts that count: not withdrawn, and not superseded by a later part of the same file or source."""
    live: list[Part] = []
    for part in all_parts(data_dir):
        live = [earlier for earlier in live if not _supersedes(part, earlier)]
        if not part.withdrawn:
            live.append(part)
    return live


def withdraw(data_dir: Path, file: str) -> list[Part]:
    """Take a file's rows out of the product: its Parquet is deleted, and what remains says that it was withdrawn."""
    withdrawn = [part for part in all_parts(data_dir) if part.file == file and not part.withdrawn]
    if not withdrawn:
        named = sorted({part.file for part in all_parts(data_dir) if not part.withdrawn})
        more = f" and {len(named) - 20} more" if len(named) > 20 else ""
        raise ProblemError(
            what="No staged file has this name",
            where=str(data_dir),
            allowed=f"{', '.join(named[:20])}{more}" if named else "none: nothing has been loaded",
            remedy="give the file's name as it was loaded, without its folder; the data quality page lists them",
        )
    for part in withdrawn:
        for path in part.path.glob("*.parquet"):
            path.unlink()
        versions.write_manifest(part.path, {"withdrawn": True})
    return withdrawn


def _supersedes(later: Part, earlier: Part) -> bool:
    if later.withdrawn or later.source != earlier.source:
        return False
    if later.replaces == "source":
        return True
    return later.file == earlier.file
