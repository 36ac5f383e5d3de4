"""A measure by district, now and before, and over time."""

from components import data
from components.headlines.periods import kind_shown, kinds_for, latest
from components.judge import Row, change
from release.read import CohortInfo, Reader


def district_kinds(source: Reader, indicator: str, cohort: CohortInfo) -> tuple[list[str], str | None]:
    """The kinds of period with a table by district, and the one to begin with: pooled for schemes."""
    by = cohort.district_dimension
    kinds = source.period_kinds(indicator, cohort.id, [by])
    return kinds, kind_shown(source, indicator, cohort, by=by, where={}, kinds=kinds_for(source, cohort))


def by_district(source: Reader, indicator: str, cohort: CohortInfo, kind: str) -> list[tuple[Row, Row | None]]:
    """A measure by district in the latest period of a kind, each with the one before; in alphabetical order."""
    period = latest(source, cohort, kind)
    if not period:
        return []
    earlier = source.year_before(period)
    asked = [period, *([earlier] if earlier else [])]
    rows = sorted(
        data.rows(source, indicator, cohort.id, asked, by=cohort.district_dimension) or (),
        key=lambda row: str(row["label1"]),
    )
    before = {row["val1"]: row for row in rows if row["period"] == earlier}
    return [(row, before.get(row["val1"])) for row in rows if row["period"] == period]


def known_of(pairs: list[tuple[Row, Row | None]]) -> bool:
    """Whether anything at all is known of a district: a figure, or one hidden or too early."""
    return any(now["status"] != "not available" for now, _ in pairs)


def inside_area(
    pairs: list[tuple[Row, Row | None]], places: dict[str, tuple[int, int]]
) -> tuple[list[tuple[Row, Row | None]], list[tuple[Row, Row | None]]]:
    """The districts of the area, and the rest (out of area, no fixed address, not known)."""
    inside = [pair for pair in pairs if not places or pair[0]["val1"] in places]
    return inside, [pair for pair in pairs if pair not in inside]


def judged(pairs: list[tuple[Row, Row | None]]) -> list[tuple[Row, str]]:
    """Each district's latest figure with the kind of change it shows."""
    return [(now, change(now, before).kind) for now, before in pairs]


def panels(over_time: list[Row], districts: list[str]) -> list[tuple[str, list[Row]]]:
    """One trend a district, over the same stretch of time, in the order given."""
    kept = [row for row in over_time if row["val1"] in districts]
    shown = {row["period"] for row in kept if row["value"] is not None}
    by_name = {d: [row for row in kept if row["val1"] == d and row["period"] in shown] for d in districts}
    return [(rows[0]["label1"], rows) for rows in by_name.values() if rows]
