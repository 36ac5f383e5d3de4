"""Everything that `iom check` looks at: staged parts, the current store, and the release being served."""

from pathlib import Path

from common import paths, versions
from common.duck import connect_readonly
from common.errors import ProblemError
from etl.check import check as check_parts_and_store
from release import files


def problems(data_dir: Path) -> tuple[list[ProblemError], str]:
    """What is wrong, and in words what was looked at."""
    found = list(check_parts_and_store(data_dir))
    looked = ["the staged parts"]
    if nothing_in(data_dir):
        found.append(ProblemError(
            what="There is nothing to check: no staged file, no store and no release",
            where=str(data_dir),
            allowed="a data directory that files have been loaded into",
            remedy="check --data-dir or IOM_DATA_DIR, or load files with `iom load MAPPING.toml FILE...`",
        ))  # fmt: skip
    if (paths.stores(data_dir) / versions.CURRENT).is_file():
        looked.append("the current store")
    folder = None
    try:
        folder = files.current_release(data_dir)
    except ProblemError as lost:
        looked.append("the release served")
        found.append(lost)
    if folder:
        looked.append(f"release {folder.name}")
        found += [
            ProblemError(problem, where=str(folder.parent), remedy="use another release, or publish again")
            for problem in versions.verify(folder)
        ]
        if not found:
            found += _levels(data_dir)
    return found, " and ".join([", ".join(looked[:-1]), looked[-1]] if len(looked) > 1 else looked)


def nothing_in(data_dir: Path) -> bool:
    """Whether a directory is no data directory at all: a mistyped name must not pass for a clean bill of health."""
    kept = (paths.parts(data_dir), paths.stores(data_dir), paths.releases(data_dir))
    return not any(folder.is_dir() and any(folder.iterdir()) for folder in kept)


def conflicts(data_dir: Path) -> list[str]:
    """What the current store says of people with two identifiers of one kind, in words. It is no fault of the store."""
    folder = versions.current(paths.stores(data_dir))
    if folder is None:
        return []
    con = connect_readonly(folder / paths.STORE_FILE)
    try:
        found = con.sql("SELECT kind, people FROM identity_conflict ORDER BY people DESC, kind").fetchall()
    finally:
        con.close()
    return [
        f"{people:,} {'person has' if people == 1 else 'people have'} two different {kind} identifiers, and"
        f" {'counts' if people == 1 else 'count'} as one person{'' if people == 1 else ' each'}. Ask the agency whether"
        " each is one person (a merge) or two (a split), and load what it says."
        for kind, people in found
    ]


def _levels(data_dir: Path) -> list[ProblemError]:
    """Both levels must say that they are of one release, and the open one must hold no small count."""
    levels = [files.open_level(data_dir, level) for level in files.LEVELS]
    found = []
    if len({(level.id, level.cutoff, level.synthetic) for level in levels}) != 1:
        found.append(ProblemError("the two levels are of different releases", where=str(levels[0].path.parent)))
    small = levels[-1].small_counts()
    if small:
        found.append(
            ProblemError(
                f"{small} figures of the open level rest on counts of 1 to 7",
                where=str(levels[-1].path),
                allowed="none",
                remedy="do not share it; publish again and report this",
            )
        )
    return found
