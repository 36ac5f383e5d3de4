"""The steps along the pathways, the waits between them, who provides them, and what follows prison and arrest."""

from collections.abc import Sequence
from dataclasses import dataclass

from components import data
from components.headlines.periods import SHORTEST_FIRST, _best, _shown, kinds_for, latest
from components.headlines.quarter import Headline, headline
from components.judge import Row
from release.read import CohortInfo, IndicatorInfo, Reader

FROM_NEED_TO_GOAL = (
    *("need_identified", "referred_of_need", "started_of_referred", "completed_of_started"),
    *("outcome_gained", "waiting_days"),
)
"""The steps from need to goal and the usual wait, side by side for every pathway."""
OF_WAITS = ("waiting_days", "longest_waits", "lost_while_waiting", "starts_in_order", "drop_in_first")
"""What is told of waits, pathway by pathway."""
OF_PROVIDERS = ("waiting_days", "lost_while_waiting", "completed_of_ended", "goal_met_of_ended")
"""What is told of providers, whom commissioners hold to account."""
PATHWAY_FACTS = ("pathway_step", "referral", "wait_end", "programme_end")
"""The facts whose measures are by pathway."""
AFTER_FACTS = {
    "after_prison": ("After prison", "Do people have a home, money and work?"),
    "after_arrest": ("After arrest", "Does being arrested lead to help?"),
}
"""The facts of what follows prison and arrest: a head, and what their measures ask."""


@dataclass(frozen=True, slots=True)
class Step:
    """A measure of getting through a pathway: need, referral, start, completion or waiting time."""

    info: IndicatorInfo
    cohort: CohortInfo
    dim: str


@dataclass(frozen=True, slots=True)
class Column:
    """A step on each pathway in one period, and over all pathways where that exists."""

    title: str
    unit: str
    rows: list[Row]
    overall: Row | None


def steps(source: Reader) -> list[Step]:
    """The steps from need to goal that this level has by pathway, in the catalogue's order."""
    return [step for step in every_step(source) if step.info.id in FROM_NEED_TO_GOAL]


def every_step(source: Reader) -> list[Step]:
    """Every measure that this level has by pathway, in the catalogue's order."""
    found = [
        step
        for cohort in source.cohorts()
        if cohort.clock == "process"
        for info in source.indicators(cohort.id)
        if info.fact in PATHWAY_FACTS and (step := _by(source, info, cohort, ("pathway", "need")))
    ]
    order = [info.id for info in source.indicators()]
    return sorted(found, key=lambda step: order.index(step.info.id))


def measured(source: Reader, wanted: Sequence[str], dim: str) -> list[Step]:
    """Those of these measures that this level has by a breakdown, in their order."""
    held = {info.id: (info, cohort) for cohort in source.cohorts() for info in source.indicators(cohort.id)}
    found = [_by(source, *held[name], (dim,)) for name in wanted if name in held]
    return [step for step in found if step]


def _by(source: Reader, info: IndicatorInfo, cohort: CohortInfo, dims: Sequence[str]) -> Step | None:
    known = {d for table in source.tables(info.id, cohort.id) for d in table}
    return next((Step(info, cohort, dim) for dim in dims if dim in known), None)


def after(source: Reader, district: str, kind: str) -> list[tuple[str, str, list[Headline]]]:
    """What follows prison and arrest over a kind of period: a head, a question and its measures, those with figures."""
    found = []
    for fact, (head, question) in AFTER_FACTS.items():
        lines = [
            headline(source, info.id, cohort, {cohort.district_dimension: district} if district else {}, district, kinds=(kind,))
            for cohort in source.cohorts()
            for info in source.indicators(cohort.id)
            if info.fact == fact
        ]  # fmt: skip
        shown = [line for line in lines if line and line.now["status"] not in ("suppressed", "withheld")]
        found += [(head, question, shown)] if shown else []
    return found


def hidden_after(source: Reader, groups: Sequence[tuple[str, str, list[Headline]]]) -> list[str]:
    """The measures of what follows prison and arrest that the open level has and does not show here, by title."""
    if source.level != "open":
        return []
    shown = {line.now["indicator"] for _, _, lines in groups for line in lines}
    infos = {info.id: info for cohort in source.cohorts() for info in source.indicators(cohort.id)}
    return [info.title for name, info in infos.items() if info.fact in AFTER_FACTS and name not in shown]


def step_kinds(source: Reader, found: list[Step], district: str) -> tuple[list[str], str | None]:
    """The kinds of period over which the pathways can be shown, and the one to begin with: every figure that is shown counts,
    by pathway and of all pathways together."""
    counts: dict[str, int] = {}
    for step in found:
        where = {step.cohort.district_dimension: district} if district else {}
        kinds = source.period_kinds(step.info.id, step.cohort.id, [step.dim, *where])
        for kind in kinds or source.period_kinds(step.info.id, step.cohort.id, [step.dim]):
            shown = [_shown(source, step.info.id, step.cohort, kind, by, where) for by in (step.dim, "")]
            counts[kind] = counts.get(kind, 0) + sum(shown)
    order = [kind for kind in kinds_for(source, found[0].cohort) if kind in counts]
    return [kind for kind in SHORTEST_FIRST if kind in counts], _best(source, {kind: counts[kind] for kind in order})


def by_pathway(source: Reader, step: Step, kind: str, where: dict[str, str]) -> Column:
    """A step on each pathway in the latest period of a kind."""
    period = latest(source, step.cohort, kind)
    if period is None:
        return Column(step.info.title, step.info.unit, [], None)
    rows = data.rows(source, step.info.id, step.cohort.id, [period], by=step.dim, where=where)
    overall = data.rows(source, step.info.id, step.cohort.id, [period], where=where)
    if not rows:
        return Column(step.info.title, step.info.unit, [], None)
    i = 1 if rows[0]["dim1"] == step.dim else 2
    kept: list[Row] = [
        {**row, "label": row[f"label{i}"]} for row in rows if row[f"val{i}"] not in ("none", "not_known")
    ]
    return Column(step.info.title, step.info.unit, kept, overall[0] if overall else None)


def with_figures(columns: list[Column]) -> tuple[list[Column], list[Column]]:
    """The steps with a figure on some pathway, and those hidden on all; where all are hidden they are all kept."""
    kept = [column for column in columns if any(row["value"] is not None for row in column.rows)]
    return (kept, [column for column in columns if column not in kept]) if kept else (columns, [])


def first_shown(found: list[Step], kept: list[Column]) -> str:
    """The first step with a figure on some pathway."""
    titles = [column.title for column in kept]
    return next((step.info.id for step in found if step.info.title in titles), found[0].info.id)


def side_by_side(columns: list[Column]) -> tuple[list[str], list[tuple[str, list[Row | None]]]]:
    """The pathways down, the steps across; a step that a pathway lacks is None."""
    names = list(dict.fromkeys(row["label"] for column in columns for row in column.rows))
    found = [{row["label"]: row for row in column.rows} for column in columns]
    return names, [(name, [rows.get(name) for rows in found]) for name in names]


def nearest(source: Reader, step: Step, where: dict[str, str], kind: str) -> list[str]:
    """The tables of a step that do exist, nearest first."""
    return source.nearest(step.info.id, step.cohort.id, list({step.dim, *where}), kind)
