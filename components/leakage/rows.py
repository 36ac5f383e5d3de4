"""How many of the needs found reached each step, how many are still on the way, and how many were lost.

Needs are those that any assessment of the 12 months found. In one quarter every need is counted once; a longer period
holds four quarters or more, each with the needs of its own 12 months, so that it gives shares and no counts.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from components import data
from components.headlines.periods import latest
from components.judge import Row
from components.leakage.cost import Start, cost_of_a_start
from release.read import CohortInfo, Reader

COHORT = "caseload"
STEPS = (
    ("need_to_referral", "Referred", ""),
    ("need_to_start", "Started", "need_waited_for"),
    ("need_to_completion", "Completed", "need_being_met"),
    ("need_to_goal", "Goal met", ""),
)
"""Each step: the share of needs found that reached it, its name, and the share that is still on the way to it."""
FOUND = "Need found"
PAID_FROM = "Completed"
"""From this step on, what is lost has been paid for: a start was made."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `row` is its figure (None for the first). Of 100 needs found, `reached` got here, `still` are on the way
    and `lost` got to the step before and no further. `pounds` of 100 needs: spent on what was lost, or what starting
    those lost before a start would cost."""

    name: str
    row: Row | None
    reached: float
    still: float
    lost: float
    pounds: float | None


@dataclass(frozen=True, slots=True)
class Leak:
    """The steps of one pathway (or of all), `found` needs in a quarter (None over longer periods), the cost of a start.

    `own_cost`: whether all pathways are reckoned each at its own cost of a start, rather than at the average.
    """

    pathway: str
    label: str
    period_label: str
    ends: dt.date
    found: int | None
    steps: tuple[Step, ...]
    start: Start | None
    own_cost: bool = False

    @property
    def worst(self) -> Step:
        """The step before which most are lost."""
        return max(self.steps, key=lambda step: step.lost)

    def counted(self, share: float) -> int | None:
        """How many needs a share of 100 found is, where they are counted."""
        return None if self.found is None else round(share * self.found / 100)

    def money(self, step: Step) -> float | None:
        """Pounds lost at a step: of all needs found where they are counted, else of every 100."""
        return None if step.pounds is None else step.pounds * (1 if self.found is None else self.found / 100)


def leaks(source: Reader, where: dict[str, str], kind: str) -> tuple[Leak | None, list[Leak]]:
    """All pathways together, and each of those that have figures, in the latest period of a kind."""
    cohort = next((c for c in source.cohorts() if c.id == COHORT), None)
    if cohort is None or not _held(source, cohort):
        return None, []
    named = [(value, label) for value, label in source.members("pathway") if value not in ("none", "not_known")]
    each = [one for pair in named if (one := leak(source, cohort, pair, where, kind)) is not None]
    everything = leak(source, cohort, ("", "All pathways"), where, kind)
    return everything and _at_own_cost(everything, each), each


def _at_own_cost(everything: Leak, each: Sequence[Leak]) -> Leak:
    """All pathways with what each lost at its own cost of a start, so that the pathways add up to it.

    Where a pathway is missing, or has no cost, it keeps the average cost of any start.
    """
    needs = [float(one.steps[1].row["denominator"]) if one.steps[1].row else 0.0 for one in each]
    row = everything.steps[1].row
    if row is None or sum(needs) != row["denominator"] or any(one.start is None for one in each):
        return everything
    steps = [
        replace(
            step, pounds=sum(n * (one.steps[i].pounds or 0.0) for n, one in zip(needs, each, strict=True)) / sum(needs)
        )
        if i
        else step
        for i, step in enumerate(everything.steps)
    ]
    return replace(everything, steps=tuple(steps), own_cost=True)


def _held(source: Reader, cohort: CohortInfo) -> bool:
    return {name for name, _, _ in STEPS} <= {info.id for info in source.indicators(cohort.id)}


def leak(source: Reader, cohort: CohortInfo, named: tuple[str, str], where: dict[str, str], kind: str) -> Leak | None:
    """The steps of one pathway (its value, '' for all, and label) in the latest period of a kind.

    None where any step may not be shown.
    """
    pathway, label = named
    period = latest(source, cohort, kind)
    asked = {**where, "pathway": pathway} if pathway else where
    names = [name for name, _, still in STEPS for name in (name, still) if name]
    found = {name: _row(source, name, period, asked) for name in names}
    rows = [found[name] for name, _, _ in STEPS]
    first = rows[0]
    if first is None or any(row is None or row["value"] is None for row in rows):
        return None
    start = cost_of_a_start(source, pathway)
    return Leak(
        pathway,
        label,
        first["period_label"],
        source.period(first["period"]).end,
        int(first["denominator"]) if kind == "quarter" else None,
        tuple(_steps([row for row in rows if row is not None], found, start)),
        start,
    )


def _row(source: Reader, name: str, period: str | None, where: dict[str, str]) -> Row | None:
    found = data.rows(source, name, COHORT, [period], where=where) if period else None
    return found[0] if found else None


def _steps(rows: Sequence[Row], found: dict[str, Row | None], start: Start | None) -> list[Step]:
    made = [Step(FOUND, None, 100.0, 0.0, 0.0, None)]
    for (_, name, going), row in zip(STEPS, rows, strict=True):
        on_the_way = found.get(going) if going else None
        still = 0.0 if on_the_way is None or on_the_way["value"] is None else float(on_the_way["value"])
        # rounding at the open level may put a step a little above the one before
        lost = max(0.0, made[-1].reached - float(row["value"]) - still)
        made.append(Step(name, row, float(row["value"]), still, lost, None if start is None else lost * start.pounds))
    return made


def is_paid(step: Step) -> bool:
    """Whether what is lost before this step had begun, and so had been paid for."""
    names = [name for _, name, _ in STEPS]
    return step.name in names[names.index(PAID_FROM) :]
