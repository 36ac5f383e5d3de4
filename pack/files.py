"""The files of a pack: which there are, from which level each is made, and one archive of them for a page's button."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from common import versions
from common.errors import ProblemError
from metrics.framework import framework
from pack import agencies, public, quarter, scrutiny, tables, workbook
from release import files
from release.read import Reader

STAMP = (1980, 1, 1, 0, 0, 0)
"""The time on each file of an archive: the same release gives the same bytes."""


def read_at_once(source: Reader) -> None:
    """Read what a pack tells of in a few large reads: everybody, by district, by pathway, by both, and by group."""
    known = {one.id for one in source.dimensions()}
    places = [(d,) for d in dict.fromkeys(cohort.district_dimension for cohort in source.cohorts())]
    ways = [(d,) for d in ("pathway", "need") if d in known]
    managed = [place for place in places if place == ("managing_district",)]
    groups = [(d,) for d in (*tables.GROUPS, "sentence_length") if d in known]
    own = {one.id: one.district_dimension for one in source.cohorts()}
    lines = {(own[x.cohort], d) for x in framework().lines for d, _ in x.where if x.cohort in own and d in known}
    source.hold([(), *places, *ways, *groups, *sorted(lines), *((*place, *way) for place in managed for way in ways)])


def of_level(source: Reader) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Each file of one level's pack as its name and what makes it; the public summary at the open level alone."""
    read_at_once(source)
    name = f"{source.reporting_quarter}-{source.level}"
    yield f"pack-{name}.pdf", lambda: quarter.document(source).pdf()
    yield f"pack-{name}-tables.xlsx", lambda: workbook.workbook(source)
    yield f"pack-{name}-scrutiny.pdf", lambda: scrutiny.document(source).pdf()
    if source.level == "open":
        yield f"pack-{name}-public-summary.pdf", lambda: public.document(source).pdf()


def for_agency(source: Reader, name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """One agency's page."""
    about = agencies.agency(name)
    read_at_once(source)
    yield (
        f"pack-{source.reporting_quarter}-{source.level}-{about.id}.pdf",
        lambda: agencies.document(source, about).pdf(),
    )


def archive(source: Reader) -> bytes:
    """Every file of one level's pack as a ZIP: never two levels in one."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, make in of_level(source):
            bundle.writestr(zipfile.ZipInfo(name, STAMP), make(), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def release_of(data_dir: Path, wanted: str | None) -> str | None:
    """The newest release that reviews a quarter ("2026Q3"); the one now served where none is asked for.

    Raises ProblemError, naming the quarters there are, where no release reviews it.
    """
    if wanted is None or wanted == "latest":
        return None
    root = files.releases_root(data_dir)
    served = files.current_release(data_dir)
    known = [name for name in reversed(versions.list_versions(root)) if (root / name / "open.duckdb").is_file()]
    if served is not None and served.name in known:  # the one served goes first among those of a quarter
        known.sort(key=lambda name: name != served.name)
    quarters: dict[str, str] = {}
    for name in known:
        quarters.setdefault(files.open_level(data_dir, "open", name).reporting_quarter, name)
    if wanted not in quarters:
        raise ProblemError(
            f"No release here reviews the quarter {wanted}", str(root), ", ".join(sorted(quarters)) or "none yet",
            "choose one of these, or publish that quarter's data first", exit_code=2,
        )  # fmt: skip
    return quarters[wanted]
