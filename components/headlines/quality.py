"""Which quarters are final, and why rows were set aside."""

import polars as pl

from components.judge import Row
from release.read import Reader


def clocks(source: Reader) -> list[tuple[str, ...]]:
    """For each cohort: the latest final quarter, those provisional, and those too early to say."""
    found = []
    quarters = source.periods("quarter")
    for cohort in source.cohorts():
        states = source.follow_up(cohort.id)
        names = {
            state: [f"{q.end:%B %Y}" for q in quarters if states.get(q.id) == state]
            for state in ("complete", "awaiting_proof", "immature")
        }
        found.append((cohort.title, *(_span(names[s], s == "complete") for s in names)))
    return found


def _span(labels: list[str], to_date: bool) -> str:
    if not labels:
        return "none"
    if to_date:
        return f"up to {labels[-1]}"
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"


def by_reason(quarantine: pl.DataFrame) -> list[Row]:
    """Rows set aside, summed over files: most first."""
    if quarantine.is_empty():
        return []
    summed = quarantine.group_by("rule", "table_name", "column_name").agg(
        rows=pl.col("rows").sum(), files=pl.col("file").n_unique()
    )
    ordered = summed.sort("rows", "rule", "table_name", "column_name", descending=[True, False, False, False])
    return list(ordered.iter_rows(named=True))
