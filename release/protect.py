"""What the open level may show (design section 7): rules on aggregates, before any statistic is worked out.

Rounding alone and suppression alone are both undone by subtraction; together, on a closed list of tables,
with complementary suppression, they held against an exact attack (docs/disclosure.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from release.complement import SMALL, Lines, complete, lines

BASE = 5
"""Counts are rounded to the nearest of these, so that a shown count stands for five true ones."""
SLACK = 2
"""How far a true count can lie from the one shown."""
SPLIT = 10
"""A split of a multi-valued dimension needs this many people in it and as many outside."""
CONTRIBUTORS = 10
LARGEST = 0.5
TWO_LARGEST = 0.9
ANALYSED = 30
"""The fewest people that a model output may rest on."""

SUPPRESSED = "too few people, or it would tell of a group with too few"
WITHHELD = "this group, or everybody outside it, has fewer than 10 people"
TOO_FEW_ANALYSED = "fewer than 30 people to analyse"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An additive quantity of the cells: a count of people, or a magnitude (reoffences, days).

    `of` names the count that this one is a part of (those who reoffended, of those in the cohort) or, for a
    magnitude, the count of those whom it belongs to. `split` applies the overlap rule to it: those with a need,
    and those without. `within` names other counts that it is a part of (those referred who started, of those who
    started): what is between the two must not be of 1 to 7 people either.
    """

    name: str
    magnitude: bool = False
    of: str | None = None
    split: bool = False
    within: tuple[str, ...] = ()


def round_count(count: np.ndarray) -> np.ndarray:
    """A count to the nearest 5."""
    return BASE * np.floor(np.asarray(count, dtype=float) / BASE + 0.5)


def small(count: np.ndarray) -> np.ndarray:
    """Whether a count is of 1 to 7 people."""
    return (count > 0) & (count <= SMALL)


def uneven(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Whether a part of a count is small, or leaves 7 or fewer of the whole outside it."""
    return (whole > 0) & (small(part) | (whole - part <= SMALL))


def overlap_fails(inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Whether a yes/no split has fewer than 10 people on either side."""
    return (inside < SPLIT) | (outside < SPLIT)


def dominated(contributors: np.ndarray, total: np.ndarray, largest: np.ndarray, two_largest: np.ndarray) -> np.ndarray:
    """Whether a magnitude has fewer than 10 contributors, one with over half, or two with over nine tenths."""
    return (contributors < CONTRIBUTORS) | (largest > LARGEST * total) | (two_largest > TWO_LARGEST * total)


def enough_analysed(people: np.ndarray, centile: int = 50) -> np.ndarray:
    """Whether a model output rests on 30 people or more, and a centile has 10 or more of them on either side."""
    beyond = people * min(centile, 100 - centile) / 100
    return (people >= ANALYSED) & (beyond >= CONTRIBUTORS)


def outward(
    value: np.ndarray, lower: np.ndarray, upper: np.ndarray, step: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A model output in coarse steps: the value to the nearest, its interval to the next step outward.

    What is a whole number of steps but for the last digits of the arithmetic is one.
    """
    value, lower, upper = (np.round(number / step, 9) for number in (value, lower, upper))
    return step * np.round(value), step * np.floor(lower), step * np.ceil(upper)


COARSEST = 0.1
"""A limit on one side of no difference stays on it: where a step would cross, it becomes this share of a step, or the exact
limit to one figure nearer to none, where that is less. So it is never tighter than the exact one."""


def outward_on_its_side(
    value: np.ndarray, lower: np.ndarray, upper: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Differences and their intervals outward in coarse steps, but never across nought; the value stays within its limits."""
    middle, low, high = (step * found for found in outward(value / step, lower / step, upper / step, 1.0))
    low = np.where((lower > 0) & (low <= 0), np.minimum(COARSEST * step, one_figure(lower)), low)
    high = np.where((upper < 0) & (high >= 0), -np.minimum(COARSEST * step, one_figure(-upper)), high)
    return np.where(np.isnan(middle), np.nan, np.fmin(np.fmax(middle, low), high)), low, high


def one_figure(above: np.ndarray) -> np.ndarray:
    """Numbers above nought to one figure, never upward: 0.016 to 0.01, 0.225 to 0.2; others to nought."""
    known = np.where(above > 0, above, 1.0)
    unit = 10.0 ** np.floor(np.log10(known))
    return np.where(above > 0, np.floor(np.round(known / unit, 9)) * unit, 0.0)


def protect(
    cells: pl.DataFrame,
    quantities: Sequence[Quantity],
    kinds: Mapping[str, str],
    covers: Mapping[tuple[str, str], Sequence[str]],
    complementary: bool = True,
) -> pl.DataFrame:
    """The cells with each quantity's protected form beside it.

    `cells` has one row for every group of every published table, empty ones too: the key columns; for each
    quantity its value under its name; for a count `<name>__people`, the different people in it; for a magnitude
    `<name>__people` (who contribute), `<name>__top1` and `<name>__top2` (the largest, the second largest).
    `hide`, if there, marks cells whose people are to be hidden whatever their number, and `<name>__hide` those of a quantity.
    Added: `<name>__shown`, rounded to 5, null where hidden; and `withheld`, where the overlap rule fails.
    `complementary=False` is the weak scheme that the attack test must break, and is used by nothing else.
    """
    net = lines(cells, kinds, covers)
    hidden: dict[str, np.ndarray] = {}
    withheld = np.zeros(cells.height, dtype=bool)
    shown = {}
    for q in quantities:
        value = _array(cells, q.name)
        people = _array(cells, f"{q.name}__people")
        whole = _array(cells, q.of) if q.of else None
        apart = whole is not None and not whole.any()  # nothing published is of everybody: a count beside no whole
        if apart:
            whole = None
        unsafe = hidden[q.of].copy() if q.of else np.zeros(cells.height, dtype=bool)
        if f"{q.name}__hide" in cells.columns:
            unsafe |= cells[f"{q.name}__hide"].to_numpy()
        if q.magnitude:
            top1, top2 = _array(cells, f"{q.name}__top1"), _array(cells, f"{q.name}__top2")
            anybody = np.ones_like(people, dtype=bool) if whole is None else whole > 0
            unsafe |= anybody & dominated(people, value, top1, top1 + top2)
            left = net.residual(people)
            secret = (net.residual(value) > 0) & (left < CONTRIBUTORS)
            weights: Iterable[np.ndarray] = ()
        elif apart:
            unsafe |= small(value) | small(people) | _between(cells, q, value, hidden)
            secret = small(net.residual(value))
            weights = (value,)
        elif whole is None:
            if "hide" in cells.columns:
                unsafe |= cells["hide"].to_numpy()
            unsafe |= small(value) | small(people) | _leaves_few(net, value)
            fails = _split_fails(net, people)
            withheld |= fails
            unsafe |= fails
            secret = small(net.residual(value)) | (
                net.multi & (people[net.parent] > 0) & (net.residual(people) < SPLIT)
            )
            weights = (value,)
        else:
            unsafe |= uneven(value, whole) | ((value > 0) & small(people))
            unsafe |= _between(cells, q, value, hidden)
            if q.split:
                fails = (whole > 0) & overlap_fails(value, whole - value)
                withheld |= fails
                unsafe |= fails
            secret = uneven(net.residual(value), net.residual(whole))
            weights = (value, whole - value)
        there = net.multi | (net.residual(value if whole is None else whole) > 0)
        hidden[q.name] = (
            complete(net, value, unsafe, (there, secret & there), weights, base=people if whole is None else whole)
            if complementary
            else unsafe
        )
        shown[f"{q.name}__shown"] = np.where(hidden[q.name], np.nan, round_count(value))
    return cells.with_columns(
        pl.Series("withheld", withheld), *(pl.Series(n, a).fill_nan(None) for n, a in shown.items())
    )


def _array(cells: pl.DataFrame, name: str) -> np.ndarray:
    return cells[name].cast(pl.Float64).fill_null(0).to_numpy()


def _between(cells: pl.DataFrame, q: Quantity, value: np.ndarray, hidden: Mapping[str, np.ndarray]) -> np.ndarray:
    """Cells of a count that 7 people or fewer divide from another, shown, that it is within."""
    found = np.zeros(len(value), dtype=bool)
    for name in q.within:
        around = _array(cells, name)
        found |= ~hidden[name] & (value > 0) & (around >= value) & (around - value <= SMALL)
    return found


def _leaves_few(net: Lines, value: np.ndarray) -> np.ndarray:
    """Cells of a partition that leave 7 people or fewer in all the other groups of their line."""
    found = np.zeros(len(value), dtype=bool)
    few = (net.split & ~net.multi)[net.line] & (value[net.cell] > 0)
    few &= value[net.parent][net.line] - value[net.cell] <= SMALL
    found[net.cell[few]] = True
    return found


def _split_fails(net: Lines, people: np.ndarray) -> np.ndarray:
    """Cells of a multi-valued dimension with fewer than 10 people inside, or outside within the same margin."""
    found = np.zeros(len(people), dtype=bool)
    inside, around = people[net.cell], people[net.parent][net.line]
    fails = net.multi[net.line] & (around > 0) & overlap_fails(inside, around - inside)
    found[net.cell[fails]] = True
    return found
