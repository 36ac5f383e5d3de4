"""Whether every row is accounted for, and what the measures and cohorts are, in words."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from components.words.figures import Row, count
from components.words.sentences import listed

if TYPE_CHECKING:
    from release.read import CohortInfo


def reconciled(row: Row) -> bool:
    """A file's rows are all accounted for: read = loaded + quarantined + exact duplicates."""
    return bool(row["read"] == row["loaded"] + row["quarantined"] + row["duplicate"])


def replaced(row: Row) -> bool:
    """A file whose every loaded row a later file took the place of: none of it is in the figures."""
    return bool(not row["withdrawn"] and row["loaded"] and row["superseded"] >= row["loaded"])


def _earlier(files: int) -> str:
    """How many replaced files are listed and not counted."""
    return (
        f" {count(files)} earlier {'file' if files == 1 else 'files'}, replaced by later ones, not counted."
        if files
        else ""
    )


def quality_answer(files: Sequence[Row], synthetic: bool) -> str:
    """Whether every row of every file is accounted for, and how many were set aside."""
    if not files:
        return "This release lists no files, so nothing can be said of them."
    live = [row for row in files if not row["withdrawn"] and not replaced(row)]
    earlier = sum(replaced(row) for row in files)
    broken = [row for row in live if not reconciled(row)]
    read, aside = sum(row["read"] for row in live), sum(row["quarantined"] for row in live)
    share = f"{100 * aside / read:.1f}%" if read else "none"
    whole = "every row is accounted for" if not broken else f"{len(broken)} do not reconcile"
    layouts = sum(not row["layout_verified"] for row in live)
    unverified = "" if synthetic or not layouts else f" The layout of {layouts} is not yet verified with the agency."
    plural = "file" if len(live) == 1 else "files"
    return f"In {len(live)} {plural} with {read:,} rows, {whole}; {aside:,} rows ({share}) were set aside with a reason.{unverified}{_earlier(earlier)}"


def definitions_answer(infos: Sequence[Any], cohorts: Sequence[Any]) -> str:
    """How many measures there are, about how many cohorts."""
    return f"{len(infos)} measures over {len(cohorts)} cohorts, each as the release defines it: what was computed is what is written here."


def follow_up_of(cohorts: Iterable["CohortInfo"]) -> list[str]:
    """How long each reoffending cohort of a release is followed, and how much longer it waits for proof."""
    return [
        f"{about.title}: offences on days 1 to {about.follow_up_days:,} after the index date, proven by day "
        f"{about.follow_up_days + about.waiting_days:,}."
        for about in cohorts
        if about.clock == "reoffending"
    ]


CONFLICTS_UNDER = (
    "One person should have one identifier of each kind. Two that no row joins may be two people taken for one, or one "
    "person's record made twice: the agency can tell."
)


def conflicts_answer(conflicts: Sequence[Row], level: str) -> list[str]:
    """How many people have two identifiers of one kind, by kind; or that none is known. In tens at the open level."""
    tens = " Counted in tens; fewer than five people are not listed." if level == "open" else ""
    found = [f"{row['kind'].upper()} ({count(row['people'])} {'person' if row['people'] == 1 else 'people'})"
             for row in conflicts if row["people"]]  # fmt: skip
    if not found:
        return [f"No conflict is recorded.{tens}"]
    return [f"Two identifiers of one kind, counted as one person each: {listed(found)}.{tens}"]
