"""The rows behind a figure, as the release gives them, each with its unit, decimals and labels. No Streamlit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common import paths
from components import data
from components.judge import Row
from components.precision import usual
from release.other_areas import areas
from release.other_areas import beside as stand_beside
from release.read import CohortInfo, IndicatorInfo, Reader

MEASURES = ("reoffending_rate", "reoffences_per_100")
"""The measures that have a nowcast and a change taken apart."""
KINDS = ("quarter", "year")
EVERYBODY = ("adults", "children")
Changes = dict[str, dict[str, Row]]
"""Changes that were taken apart, under 'from, to': the parts of each by name."""
LATEST = 12
"""How many final periods stand before the unfinished ones."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Ours and other areas' on the same definition; published figures; how many areas' releases were left out."""

    ours: Row | None
    areas: Sequence[Row]
    published: Sequence[Row]
    left_out: int


def measures(source: Reader, about: CohortInfo) -> list[tuple[str, str]]:
    """The measures of a cohort that this page can look behind, by id and title."""
    return [(info.id, info.title) for info in source.indicators(about.id) if info.id in MEASURES]


def measure(source: Reader, about: CohortInfo, chosen: str) -> IndicatorInfo:
    """The measure chosen, as the release defines it."""
    return next(info for info in source.indicators(about.id) if info.id == chosen)


def has_any(source: Reader) -> bool:
    """Whether every cohort followed for reoffending, and there is one, has a measure to look behind."""
    followed = [about for about in source.cohorts() if about.clock == "reoffending"]
    return bool(followed) and all(measures(source, about) for about in followed)


def last_known(rows: Sequence[Row]) -> Row | None:
    """The latest cohort that has a nowcast."""
    return next((row for row in reversed(rows) if row["value"] is not None), None)


def _look(source: Reader, info: IndicatorInfo) -> dict[str, object]:
    defined = info.definition.get("decimals")
    most = usual(info.unit) if defined is None else defined
    return {"title": info.title, "unit": info.unit, "decimals": 0 if source.level == "open" else most}


def sights(source: Reader, info: IndicatorInfo, cohort: str, district: str) -> list[Row]:
    """Every nowcast of a measure, by period, with or without a value."""
    kinds = {p.id: p for p in source.periods()}
    return [
        {**row, **_look(source, info), "period_label": kinds[row["period"]].label, "kind": kinds[row["period"]].kind}
        for row in data.listed(source, "nowcasts")
        if (row["cohort"], row["indicator"], row["district"]) == (cohort, info.id, district) and row["period"] in kinds
    ]


def kinds_of(rows: Sequence[Row]) -> tuple[list[str], str | None]:
    """The kinds of period with an unfinished cohort, and the one to begin with: the first with a figure."""
    kinds = [kind for kind in KINDS if any(row["kind"] == kind for row in rows)]
    known = [kind for kind in kinds if any(row["kind"] == kind and row["value"] is not None for row in rows)]
    return kinds or list(KINDS), next(iter(known or kinds), None)


def finals(source: Reader, info: IndicatorInfo, about: CohortInfo, kind: str, district: str) -> list[Row]:
    """The latest final figures of a measure."""
    where = {about.district_dimension: district} if district else {}
    found = data.rows(source, info.id, about.id, kind=kind, where=where) or []
    return [row for row in found if row["status"] in ("final", "held") and row["value"] is not None][-LATEST:]


def changes(source: Reader, info: IndicatorInfo, cohort: str, district: str) -> Changes:
    """Every change that was taken apart, the latest year first: its parts by name, under 'from, to'."""
    labels = {p.id: p.label for p in source.periods()}
    found: dict[str, dict[str, Row]] = {}
    rows = [
        row
        for row in data.listed(source, "decomposition")
        if (row["cohort"], row["indicator"], row["district"]) == (cohort, info.id, district)
    ]
    for row in sorted(rows, key=lambda r: ("/" in r["to_period"], r["to_period"], r["from_period"]), reverse=True):
        ends = {"from_label": labels.get(row["from_period"], ""), "to_label": labels.get(row["to_period"], "")}
        key = f"{row['from_period']},{row['to_period']}"
        found.setdefault(key, {})[row["part"]] = {**row, **_look(source, info), **ends}
    return {key: dict(sorted(parts.items(), key=lambda item: item[1]["sort"])) for key, parts in found.items()}


def change_names(found: Mapping[str, Mapping[str, Row]]) -> list[tuple[str, str]]:
    """The changes to choose between: years by their number, quarters by their months."""

    def name(row: Row, end: str) -> str:
        return str(row[f"{end}_period"] if "/" in row[f"{end}_period"] else row[f"{end}_label"])

    ends = {key: parts["before"] for key, parts in found.items()}
    return [(key, f"{name(row, 'to')}, against {name(row, 'from')}") for key, row in ends.items()]


def lists(source: Reader) -> dict[str, dict[str, Row]]:
    """Concentration by period, the measures by name; the latest three years first, then years, then all."""
    periods = {p.id: p for p in source.periods()}
    order = {"three_years": 2, "year": 1}
    found: dict[str, dict[str, Row]] = {}
    rows = [row for row in data.listed(source, "concentration") if row["period"] in periods]
    for row in sorted(rows, key=lambda r: (order.get(periods[r["period"]].kind, 0), r["period"]), reverse=True):
        look = {
            "unit": "%",
            "decimals": 0 if source.level == "open" else 1,
            "status": "final",
            "reason": "",
            "period_label": periods[row["period"]].label,
        }
        found.setdefault(row["period"], {})[row["measure"]] = {**row, **look}
    return found


def label_of(measures: Mapping[str, Row]) -> str:
    """The period of one list, as a label."""
    return str(next(iter(measures.values()))["period_label"])


def list_names(found: Mapping[str, Mapping[str, Row]]) -> list[tuple[str, str]]:
    """The periods to choose between, with their labels."""
    return [(period, label_of(rows)) for period, rows in found.items()]


def elsewhere(source: Reader, info: IndicatorInfo, about: CohortInfo, period: str | None) -> Elsewhere:
    """Other areas' open releases on the same definition, and published figures, beside ours in one period."""
    published = _published(source, info, about)
    if period is None or not data.rows(source, info.id, about.id, [period]):
        return Elsewhere(None, (), published, 0)
    # another area whose definition differs is left out, and how many were is said; it is never made to fit
    found = stand_beside(paths.data_dir(), source, info.id, about.id, period, skip_different=True).to_dicts()
    told = [
        {**row, **_look(source, info), "period_label": source.period(period).label} for row in found if row["release"]
    ]
    others = [row for row in told if not row["ours"]]
    ours = next((row for row in told if row["ours"]), None)
    return Elsewhere(ours, others, published, len(areas(paths.data_dir())) - len(others))


def _published(source: Reader, info: IndicatorInfo, about: CohortInfo) -> list[Row]:
    """Published figures of a cohort; for everybody in the area, those of everybody elsewhere."""
    names = (about.id, "area") if about.id in EVERYBODY else (about.id,)
    labels = {p.id: p.label for p in source.periods()}
    return [
        {
            **row, **_look(source, info), "decimals": None, "status": "final", "reason": "",
            "period_label": labels.get(row["period"], row["period"].replace("-", " to ")),
        }
        for row in data.listed(source, "benchmarks")
        if row["indicator"] == info.id and row["cohort"] in names
    ]  # fmt: skip
