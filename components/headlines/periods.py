"""Which period a figure is shown for: the latest that its clock points to, of a kind that has something to show."""

from collections.abc import Sequence
from functools import lru_cache

from components import data
from components.judge import Row
from release.read import CohortInfo, Reader

SHORTEST_FIRST = ("quarter", "year", "three_years", "all")


POOLED = ("year", "three_years", "all", "quarter")


def kinds_for(source: Reader, cohort: CohortInfo) -> tuple[str, ...]:
    """Which kinds of period to try, in order: schemes pool four quarters, and the open level leads with years."""
    pooled = cohort.clock == "reoffending" and cohort.district_dimension == "managing_district"
    return POOLED if pooled or source.level == "open" else SHORTEST_FIRST


@lru_cache(maxsize=2000)
def latest(source: Reader, cohort: CohortInfo, kind: str = "quarter") -> str | None:
    """The period that the cohort's clock points to: the reporting quarter, or the latest complete one."""
    states = source.follow_up(cohort.id)
    done = [p.id for p in source.periods(kind) if states.get(p.id) == "complete" and p.end <= source.cutoff]
    if cohort.clock == "process" and source.reporting_quarter in done:
        return source.reporting_quarter
    return done[-1] if done else None


def kind_shown(
    source: Reader, indicator: str, cohort: CohortInfo, *, by: str, where: dict[str, str], kinds: tuple[str, ...]
) -> str | None:
    """The first of these kinds of period with figures to show in its latest period; at the open level, that with most."""
    exist = [k for k in kinds if set(table_dims(by, where)) in map(set, source.tables(indicator, cohort.id, k))]
    counts = {kind: _shown(source, indicator, cohort, kind, by, where) for kind in exist}
    return _best(source, counts)


def _shown(source: Reader, indicator: str, cohort: CohortInfo, kind: str, by: str, where: dict[str, str]) -> int:  # noqa: PLR0917
    period = latest(source, cohort, kind)
    rows = data.rows(source, indicator, cohort.id, [period], by=by, where=where) if period else None
    return sum(row["value"] is not None for row in rows or ())


def _best(source: Reader, counts: dict[str, int]) -> str | None:
    known = [kind for kind, n in counts.items() if n]
    if not known:
        return next(iter(counts), None)
    return max(known, key=counts.__getitem__) if source.level == "open" else known[0]


def trend_kinds(
    source: Reader, indicator: str, cohort: CohortInfo, where: dict[str, str]
) -> tuple[list[str], str | None]:
    """The kinds of period a trend may run over, and the one to begin with: that of the headline.

    So schemes begin with years, which pool four quarterly cohorts, and the open level with the kind that shows most.
    """
    kinds = source.period_kinds(indicator, cohort.id, where)
    wanted = tuple(kind for kind in kinds_for(source, cohort) if kind in kinds)
    return kinds, kind_shown(source, indicator, cohort, by="", where=where, kinds=wanted)


def table_dims(by: str, where: dict[str, str]) -> tuple[str, ...]:
    """The dimensions of the table that a breakdown within a choice needs."""
    return (*([by] if by else []), *where)


def trimmed(rows: Sequence[Row]) -> list[Row]:
    """A trend from its first figure to its last: not the years before the data begin, nor those too early to say."""
    known = [i for i, row in enumerate(rows) if row["value"] is not None or row["status"] in ("suppressed", "withheld")]
    return list(rows[known[0] : known[-1] + 1]) if known else []
