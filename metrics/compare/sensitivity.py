"""How far the answer moves, and how much hidden difference would undo it.

- Specification curve: the same comparison under every reasonable choice. The One Service's evaluation could not be
  replicated exactly by those who reassessed it; a reader should see how much hangs on choices.
- E-value (VanderWeele and Ding 2017, Annals of Internal Medicine 167): the strength, as a risk ratio with both treatment
  and outcome, that something unmeasured would need to explain the effect away: RR + sqrt(RR (RR - 1)).
- Rosenbaum's bound (2002, Observational Studies, chapter 4): the factor by which two people alike in what was measured
  may differ in their odds of treatment before chance could give the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import comb, log2, sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.compare.comparison import MAIN, Prepared, matched_effects, prepare
from metrics.compare.matching import NOBODY, caliper_width, nearest
from metrics.compare.result import Effect, Outcome, Specification

LARGEST_BOUND = 64.0
"""A bound beyond this is given as this: no hidden difference of such a size is credible."""


def specifications(
    covariates: Sequence[str], main: Specification = MAIN, *, later_joiners: bool = True, leave_out: bool = True
) -> list[Specification]:
    """The main specification and its reasonable alternatives, each changing one choice.

    `leave_out`: also each covariate left out of the score in turn (a fit of the score each).
    """
    vary = partial(replace, main)
    found = [
        main,
        vary(id="k1", k=1, note="one match each"),
        vary(id="k3", k=3, note="three matches each"),
        vary(id="k10", k=10, note="ten matches each"),
        vary(id="caliper_0.1", caliper=0.1, note="half the caliper"),
        vary(id="caliper_0.4", caliper=0.4, note="twice the caliper"),
        vary(id="once", k=1, replacement=False, note="each control used once"),
        vary(id="radius", method="radius", caliper=0.1, note="everybody within 0.1 of a standard deviation"),
        vary(id="overlap", method="overlap", note="overlap weights, no matching"),
        vary(id="odds", method="att", note="odds weights, no matching"),
        vary(id="unadjusted", adjust=False, note="matched, remaining imbalance not corrected"),
    ]
    found = [s for s in found if s is main or replace(s, id="", note="") != replace(main, id="", note="")]
    if later_joiners:
        found.append(vary(id="no_later_joiners", without_later_joiners=True, note="without those who join later"))
    if leave_out:
        kept = tuple(main.covariates or covariates)
        found += [
            vary(id=f"without_{name}", covariates=tuple(c for c in kept if c != name), note=f"{name} left out")
            for name in kept
            if len(kept) > 1
        ]
    return found


def curve(
    people: pl.DataFrame,
    covariates: Sequence[str],
    outcomes: Sequence[Outcome],
    choices: Sequence[Specification],
    *,
    seed: int = 1,
    ready: tuple[Specification, Prepared] | None = None,
) -> list[Effect]:
    """The matched effects under every choice. The score is fitted once for all choices that share it; `ready` is one
    that has been fitted already, with its specification."""
    prepared: dict[tuple[object, ...], Prepared] = {}
    if ready is not None:
        main, fitted = ready
        prepared[main.covariates, main.without_later_joiners, main.exact] = replace(fitted, outcomes=tuple(outcomes))
    found: list[Effect] = []
    for choice in choices:
        key = (choice.covariates, choice.without_later_joiners, choice.exact)
        if key not in prepared:
            prepared.clear()
            prepared[key] = prepare(people, covariates, outcomes, choice)
        found += matched_effects(prepared[key], choice, seed=seed)
    return found


@dataclass(frozen=True, slots=True)
class Moves:
    """How one outcome's answer moves: of `choices` that gave a figure, how many say what the main one says; the range."""

    outcome: str
    scale: str
    choices: int
    agree: int
    lowest: float
    highest: float
    changed: tuple[str, ...]
    """Specifications whose interval says otherwise (fewer, more, or cannot tell)."""


def moves(effects: Sequence[Effect], main: str = MAIN.id) -> list[Moves]:
    """For each outcome and scale of a curve. Nothing is said where the main specification has no figure."""
    found = []
    for first in effects:
        if first.specification != main or first.estimate is None:
            continue
        alike = [e for e in effects if (e.outcome, e.scale) == (first.outcome, first.scale) and e.estimate is not None]
        values = [e.estimate for e in alike if e.estimate is not None]
        changed = tuple(e.specification for e in alike if direction(e) != direction(first))
        found.append(
            Moves(first.outcome, first.scale, len(alike), len(alike) - len(changed), min(values), max(values), changed)
        )
    return found


def direction(effect: Effect) -> int:
    """-1 where the whole interval lies below no effect, 1 above, 0 where it holds it or there is none."""
    if effect.lower is None or effect.upper is None:
        return 0
    none = 1.0 if effect.scale == "ratio" else 0.0
    return -1 if effect.upper < none else 1 if effect.lower > none else 0


def e_value(ratio: float) -> float:
    """RR + sqrt(RR (RR - 1)), of 1 / RR below 1; 1 for no effect. A ratio of 0 has no finite E-value."""
    if ratio <= 0:
        return float("inf")
    above = max(ratio, 1 / ratio)
    return above + sqrt(above * (above - 1))


def e_values(effect: Effect) -> tuple[float, float] | None:
    """E-values of the estimate and of the interval's end nearer to no effect (1 where the interval holds it).

    Of a ratio, or of a share's difference against the comparison group's figure: RR = (comparison + d) / comparison.
    None where there is no such ratio.
    """
    if effect.estimate is None or effect.lower is None or effect.upper is None:
        return None
    ends = (effect.estimate, effect.lower, effect.upper)
    if effect.scale == "difference":
        if effect.comparison is None or effect.comparison <= 0 or effect.unit == "days":
            return None
        ends = tuple(max((effect.comparison + d) / effect.comparison, 0.0) for d in ends)  # type: ignore[assignment]
    value, lower, upper = ends
    nearer = lower if lower > 1 else upper if upper < 1 else 1.0
    return e_value(value), e_value(nearer)


def rosenbaum_bound(prepared: Prepared, outcome: Outcome, *, seed: int = 1, k: int = 1, caliper: float = 0.2) -> float:
    """The largest factor at which the outcome's difference would still be told from chance (two-sided 5%).

    On a match of its own: k to one, each control used once. 1 where it cannot be told even with no hidden difference.
    """
    score, treated = prepared.score.logit, prepared.treated
    ours, theirs = score[treated], score[~treated]
    width = caliper_width(ours, theirs, caliper)
    pairs = nearest(ours, theirs, k, width, np.random.default_rng(seed), replacement=False).pairs
    have = prepared.columns[outcome.value] > 0
    events = np.where(pairs != NOBODY, have[~treated][np.clip(pairs, 0, None)], False).sum(1)
    used = (pairs != NOBODY).sum(1)
    kept = used > 0
    return bound(have[treated][kept], events[kept], used[kept])


def bound(treated: NDArray[np.bool_], events: NDArray[np.int64], controls: NDArray[np.int64]) -> float:
    """Rosenbaum's bound for matched sets: whether the treated one has the outcome, how many of the controls have."""
    fewer = float(treated.sum()) < float(((treated + events) / (1 + controls)).sum())

    def chance(factor: float) -> float:
        return upper_chance(treated, events, controls, 1 / factor if fewer else factor, fewer=fewer)

    if chance(1.0) > 0.025:
        return 1.0
    low, high = 0.0, log2(LARGEST_BOUND)
    if chance(LARGEST_BOUND) <= 0.025:
        return LARGEST_BOUND
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(2**middle) <= 0.025 else (low, middle)
    return float(2**low)


def upper_chance(
    treated: NDArray[np.bool_],
    events: NDArray[np.int64],
    controls: NDArray[np.int64],
    factor: float,
    *,
    fewer: bool = False,
) -> float:
    """The largest one-sided p-value if hidden differences multiply the odds of treatment by `factor`.

    In a set of n with d having the outcome the treated one is among them with probability at most
    p = factor d / (factor d + n - d); the number who are is normal with mean sum p and variance sum p (1 - p), with a
    continuity correction. For pairs with few that differ the binomial is exact. `fewer` asks how likely so few are
    instead, with 1 / factor.
    """
    d, n = events + treated, controls + 1
    differs = (d > 0) & (d < n)
    p = factor * d[differs] / (factor * d[differs] + n[differs] - d[differs])
    total, size = int(treated[differs].sum()), int(differs.sum())
    if not size:
        return 1.0
    if (n[differs] == 2).all() and size <= 60:
        share = float(p[0])
        ends = range(total + 1) if fewer else range(total, size + 1)
        return float(sum(comb(size, i) * share**i * (1 - share) ** (size - i) for i in ends))
    from scipy.special import ndtr

    away = (p.sum() - total if fewer else total - p.sum()) - 0.5
    return float(ndtr(-away / np.sqrt((p * (1 - p)).sum())))
