"""What is said beside a figure wherever it is tabulated or downloaded: its change, its target, and how it stands to it."""

from collections.abc import Iterable
from typing import Any

from components import data
from components.headlines.quarter import target_for
from components.judge import Row, change, status
from release.read import Reader


def told(source: Reader, rows: Iterable[Row]) -> list[Row]:
    """Each figure with its change since the same period a year before, where that is among the rows, and its target.

    A target is of everybody, or of one district of the cohort's own kind; no other group has one.
    """
    kept = list(rows)
    earlier = {_key(row, row["period"]): row for row in kept}
    before = {period: source.year_before(period) for period in {row["period"] for row in kept}}
    return [{**row, **_beside(source, row, earlier.get(_key(row, before[row["period"]])))} for row in kept]


def target_of(source: Reader, row: Row) -> float | None:
    """What the partnership expects of a figure, in the period that it is of; nothing of one that is not judged."""
    if row["polarity"] == "no_judgement":
        return None
    dims = [(row["dim1"], row["val1"]), (row["dim2"], row["val2"])]
    own = source.cohort(row["cohort"]).district_dimension
    groups = [pair for pair in dims if pair[0]]
    if any(dim != own for dim, _ in groups):
        return None
    district = groups[0][1] if groups else ""
    start = source.period(row["period"]).start
    return target_for(data.listed(source, "targets"), row["indicator"], row["cohort"], district, start)


def targets_of(source: Reader, rows: Iterable[Row]) -> dict[str, float]:
    """The target of each district's figure, for those that have one."""
    return {row["val1"]: aim for row in rows if (aim := target_of(source, row)) is not None}


def _key(row: Row, period: str | None) -> tuple[Any, ...]:
    return (row["indicator"], row["cohort"], period, row["val1"], row["val2"])


def _beside(source: Reader, now: Row, before: Row | None) -> dict[str, Any]:
    how, aim = change(now, before), target_of(source, now)
    return {
        "compared_with": before["period_label"] if before else "",
        "change": how.difference,
        "change_lower": how.lower,
        "change_upper": how.upper,
        "change_kind": how.kind,
        "change_in_words": how.words,
        "target": aim,
        "against_target": status(now, aim, now["minimum_n"]).words,
    }
