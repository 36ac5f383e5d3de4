"""Publishing: check the staged parts, derive facts into a new store, compute and write the release, then switch.

Store and release are each built aside. Until the last step the old ones serve, whatever happens to this process.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from common import paths, versions
from common.duck import connect_build
from common.errors import ProblemError, ProblemsError
from etl import check
from etl.cutoff import cutoff_of
from etl.parts import Part, live_parts
from etl.store import fill
from metrics.derive import derive
from metrics.value.parameters import parameters
from release import build
from release.about import code_version

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish made."""

    release: str
    store: str
    cutoff: dt.date
    synthetic: bool
    folder: Path


def publish(
    data_dir: Path,
    cutoff: dt.date | None = None,
    label: str | None = None,
    progress: Progress = lambda step, done: None,
    memory_limit: str = "6GB",
) -> Published:
    """Make a store and a release from the live parts of a data directory, and serve them."""
    parameters(data_dir)  # a mistake in the partnership's own is told before an hour's work, not in the midst of it
    parts = live_parts(data_dir)
    refuse_mixed(parts)
    day = cutoff_of(parts, cutoff)
    release_id = versions.new_id()
    stores, releases, tmp = paths.stores(data_dir), paths.releases(data_dir), paths.tmp(data_dir)
    tmp.mkdir(parents=True, exist_ok=True)
    version = code_version()
    with versions.building(stores) as store:
        con = connect_build(store.path / paths.STORE_FILE, memory_limit=memory_limit, temp_dir=tmp)
        try:
            progress("Linking people across agencies", 0.0)
            fill(con, data_dir, day, store_id=store.id, code_version=version)
            if problems := check.check_tables(con):
                raise ProblemsError(problems)
            progress("Deriving who entered which cohort and what followed", 0.25)
            derive(con, day)
            with versions.building(releases, release_id) as aside:
                progress("Computing every figure", 0.45)
                build.build(
                    con,
                    aside.path,
                    aside.id,
                    label=label or f"Data to {day.day} {day:%B %Y}",
                    data_dir=data_dir,
                    previous=_last(releases),
                    progress=lambda step, done: progress(step, 0.45 + 0.55 * done),
                )
            con.execute("CHECKPOINT")
            synthetic = bool(con.sql("SELECT synthetic FROM store").fetchall()[0][0])
        finally:
            con.close()
    versions.point(stores, store.id)
    versions.point(releases, release_id)
    _drop_old_stores(stores, store.id)
    progress("Done", 1.0)
    return Published(release_id, store.id, day, synthetic, releases / release_id)


def refuse_mixed(parts: Sequence[Part]) -> None:
    """Refuse invented and real extracts together: invented people would be published as real."""
    real = sorted({part.file for part in parts if not part.synthetic})
    if real and len(real) < len({part.file for part in parts}):
        raise ProblemError(
            what=f"Invented and real extracts are staged together; the real ones are {', '.join(real)}",
            where="the data directory",
            allowed="either invented extracts or real ones",
            remedy="load the real ones into a data directory of their own (--data-dir or IOM_DATA_DIR); take them out of"
            " this one with `iom withdraw FILE`",
        )


def _last(releases: Path) -> Path | None:
    """The release now served, whose unchanged comparisons are used again; a lost one stops nobody from publishing."""
    try:
        return versions.current(releases)
    except ProblemError:
        return None


def _drop_old_stores(root: Path, keep: str) -> None:
    """An old store holds people who may since have been withdrawn: only the current one stays."""
    for version in versions.list_versions(root):
        if version != keep:
            shutil.rmtree(root / version, ignore_errors=True)
