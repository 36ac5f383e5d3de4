"""The effect on each outcome, with its interval, for any pair of weighted groups (linear_form).

Differences are treated less comparison; ratios treated over comparison, worked on the log scale. Whatever the outcome, a
person's own term is linear in what happened to them, so one interval (interval.py) serves all: for a rate R = Y / D the
person's z = (y - R d) / mean d, for days free the pseudo-value. Rows of one person are summed first.

What is reached, by simulation, is in docs/methods/matched-comparison.md (`python -m benchmarks.matched_coverage`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from metrics.compare.bootstrap import draws, ends
from metrics.compare.interval import Side, limits, p_value, side
from metrics.compare.linear_form import Form, Groups, form
from metrics.compare.pseudo import pseudo_values
from metrics.compare.result import Effect, Outcome, Scale
from metrics.compare.weighting import effective

Numbers = NDArray[np.float64]
NO_RATIO = "one side has none, so there is no ratio"
FEWEST = 5
"""With fewer people than this who have (or lack) an outcome, the spread is not left to the sample alone."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One outcome of two groups before it is put in words: figures in the outcome's raw unit, terms a person."""

    treated: float
    comparison: float
    difference: tuple[Numbers, Numbers]
    """Terms of the difference (below, of the log ratio): what each person adds to the treated figure and to the
    comparison's. A person may be on both sides, at different times."""
    log_ratio: tuple[Numbers, Numbers] | None
    people: int
    controls: int
    freedom: float
    """The comparison's effective number of people."""
    lean: bool
    """Whether the outcome is a count of a few prolific people, whose chance leans right (Outcome.heavy)."""
    floors: tuple[float, float]
    """The least standard error of each side, where few have the outcome."""


def effects(
    fitted: Form,
    columns: Mapping[str, Numbers],
    cluster: NDArray[np.int64],
    outcome: Outcome,
    *,
    method: str,
    name: str,
    replicates: int = 0,
    seed: int = 1,
) -> list[Effect]:
    """The outcome's effects on each of its scales. `columns`: the outcome's columns, NaN where not known.

    With `replicates` a second row each, method "... (bootstrap)", with the interval of that many replicates.
    """
    known = _known(fitted.groups, columns, outcome)
    if known is None:
        return [
            unanswered(outcome, scale, method, name, reason="not recorded on both sides") for scale in outcome.scales
        ]
    if known is not fitted.groups:
        fitted = form(known)
    found = estimate(fitted, columns, cluster, outcome)
    if found is None:
        return [unanswered(outcome, scale, method, name, reason="nobody was at liberty") for scale in outcome.scales]
    answers = [_effect(found, outcome, scale, method, name) for scale in outcome.scales]
    return answers + (_bootstrapped(found, outcome, answers, replicates, seed) if replicates else [])


def estimate(
    fitted: Form, columns: Mapping[str, Numbers], cluster: NDArray[np.int64], outcome: Outcome
) -> Estimate | None:
    """Both figures and every person's term; None where a rate has no days at liberty on one side."""
    g, omega = fitted.groups, fitted.omega
    y = columns[outcome.value]
    top = (y[g.treated], y[g.controls])
    if outcome.kind == "rate":
        days = columns[outcome.exposure or ""]
        bottom = (days[g.treated], days[g.controls])
        below = (float(g.v @ bottom[0]), float(omega @ bottom[1]))
        if min(below) <= 0:
            return None
        figure = (float(g.v @ top[0]) / below[0], float(omega @ top[1]) / below[1])
        own = tuple((top[i] - figure[i] * bottom[i]) / below[i] for i in (0, 1))
    elif outcome.kind == "days":
        event, horizon = columns[outcome.event or ""] > 0, float(outcome.horizon or 365)
        own = (
            pseudo_values(top[0], event[g.treated], g.v, horizon),
            pseudo_values(top[1], event[g.controls], g.w, horizon),
        )
        figure = (float(g.v @ own[0]), float(omega @ own[1]))
    else:
        own, figure = top, (float(g.v @ top[0]), float(omega @ top[1]))
    codes, size = (cluster[g.treated], cluster[g.controls]), int(cluster.max()) + 1
    people = (_different(codes[0], size), _different(codes[1], size))
    freedom = effective(_summed(codes[1], g.w, size))

    expected = fitted.expected(own[1])
    right = _summed(codes[1], omega * fitted.left(own[1], expected[1]), size)

    def terms(scale: tuple[float, float]) -> tuple[Numbers, Numbers]:
        left = own[0] / scale[0] - expected[0] / scale[1]
        return _summed(codes[0], g.v * (left - g.v @ left), size), right / scale[1]

    positive = min(figure) > 0 and "ratio" in outcome.scales
    per = below if outcome.kind == "rate" else (1.0, 1.0)
    seen = tuple(event[rows].astype(np.float64) for rows in (g.treated, g.controls)) if outcome.kind == "days" else top
    sizes = ((g.v, float(people[0])), (g.w, freedom))
    least = [_floor(seen[i], *sizes[i], outcome) / per[i] for i in (0, 1)]
    return Estimate(
        figure[0],
        figure[1],
        terms((1.0, 1.0)),
        terms(figure) if positive else None,
        people[0],
        people[1],
        freedom,
        outcome.heavy,
        tuple(least),  # type: ignore[arg-type]
    )


def _different(codes: NDArray[np.int64], size: int) -> int:
    return int(np.count_nonzero(np.bincount(codes, minlength=size)))


def _summed(codes: NDArray[np.int64], values: Numbers, size: int) -> Numbers:
    return np.bincount(codes, values, size).astype(np.float64)


def sides(found: Estimate, scale: Scale) -> tuple[Side, Side]:
    """Both sides' uncertainty on the scale."""
    terms = found.difference if scale == "difference" else found.log_ratio
    assert terms is not None
    one = side(terms[0], found.people, centred=True)
    two = side(terms[1], found.freedom, centred=False)
    # What a person on both sides adds to both cancels in the difference.
    alone = one.error**2 + two.error**2
    shared = np.sqrt(max(1 - 2 * float(terms[0] @ terms[1]) / alone, 0.1)) if alone > 0 else 1.0
    unit = (1.0, 1.0) if scale == "difference" else (found.treated, found.comparison)
    return tuple(  # type: ignore[return-value]
        Side(max(s.error * shared, least / of), s.skew if found.lean and s.error >= least / of else 0.0, s.freedom)
        for s, least, of in zip((one, two), found.floors, unit, strict=True)
    )


def _effect(found: Estimate, outcome: Outcome, scale: Scale, method: str, name: str) -> Effect:
    figures = (found.treated * outcome.factor, found.comparison * outcome.factor)
    if scale == "ratio" and found.log_ratio is None:
        return unanswered(outcome, scale, method, name, reason=NO_RATIO, found=found, figures=figures)
    one, two = sides(found, scale)
    if scale == "difference":
        value = found.treated - found.comparison
        lower, upper = limits(value, one, two)
        if outcome.kind == "share":
            lower, upper = max(lower, -1.0), min(upper, 1.0)
        ends = (value * outcome.factor, lower * outcome.factor, upper * outcome.factor)
    else:
        value = float(np.log(found.treated / found.comparison))
        ends = tuple(float(np.exp(end)) for end in (value, *limits(value, one, two)))  # type: ignore[assignment]
    unit = outcome.unit if scale == "difference" else "ratio"
    p = p_value(value, one, two)
    return Effect(
        outcome.id, method, name, scale, unit, *ends, *figures, p, found.people, found.controls
    )  # fmt: skip


def _bootstrapped(
    found: Estimate, outcome: Outcome, answers: Sequence[Effect], replicates: int, seed: int
) -> list[Effect]:
    """The same effects with a bootstrap's interval and p-value (twice the smaller tail beyond no effect)."""
    told = [answer for answer in answers if answer.estimate is not None]
    if not told:
        return []
    pairs = [found.difference if a.scale == "difference" else found.log_ratio for a in told]
    terms = np.stack([pair[0] - pair[1] for pair in pairs if pair], axis=1)
    deviations = draws(terms, replicates, np.random.default_rng(seed))
    answered = []
    for answer, moved in zip(told, deviations.T, strict=True):
        assert answer.estimate is not None
        ratio = answer.scale == "ratio"
        value = float(np.log(answer.estimate)) if ratio else answer.estimate / outcome.factor
        limits_ = tuple(float(np.exp(e)) if ratio else e * outcome.factor for e in ends(value, moved))
        beyond = min(np.mean(value + moved <= 0), np.mean(value + moved >= 0))
        p = min(1.0, 2 * (float(beyond) * replicates + 1) / (replicates + 1))
        answered.append(
            replace(answer, method=f"{answer.method} (bootstrap)", lower=limits_[0], upper=limits_[1], p_value=p)
        )
    return answered


def unanswered(
    outcome: Outcome,
    scale: Scale,
    method: str,
    name: str,
    *,
    reason: str,
    found: Estimate | None = None,
    figures: tuple[float | None, float | None] = (None, None),
) -> Effect:
    people = (found.people, found.controls) if found else (0, 0)
    unit = outcome.unit if scale == "difference" else "ratio"
    return Effect(outcome.id, method, name, scale, unit, None, None, None, *figures, None, *people, reason)


def _known(groups: Groups, columns: Mapping[str, Numbers], outcome: Outcome) -> Groups | None:
    """The groups without those whose outcome is not known; None where a side has nobody left."""
    unknown = np.zeros(len(next(iter(columns.values()))), dtype=bool)
    for column in outcome.columns:
        unknown |= np.isnan(columns[column])
    treated, controls = ~unknown[groups.treated], ~unknown[groups.controls]
    if treated.all() and controls.all():
        return groups
    if treated.sum() < 2 or controls.sum() < 2 or groups.w[controls].sum() <= 0:
        return None
    return Groups(
        groups.treated[treated],
        groups.controls[controls],
        groups.v[treated] / groups.v[treated].sum(),
        groups.w[controls] / groups.w[controls].sum(),
        groups.x_treated[treated],
        groups.x_controls[controls],
        groups.u[controls],
        groups.ridge,
    )


def _floor(y: Numbers, weights: Numbers, people: float, outcome: Outcome) -> float:
    """The least standard error: 0 where at least 5 people have the outcome and, for a share, 5 lack it.

    Else, with one person more on either side (Agresti and Caffo 2000): sqrt(p (1 - p) / (n + 2)), p = (x + 1) / (n + 2)
    for a share, half the horizon times that for days free; sqrt(m (1 + m) / n), m = (total + 1) / n, a geometric
    count's, for a mean.
    """
    have = int((y > 0).sum())
    n = max(people, 1.0)
    if outcome.kind in ("share", "days"):
        if min(have, len(y) - have) >= FEWEST:
            return 0.0
        p = (float(weights @ y) * n + 1) / (n + 2)
        unit = (outcome.horizon or 365) / 2 if outcome.kind == "days" else 1.0
        return float(np.sqrt(p * (1 - p) / (n + 2))) * unit
    if have >= FEWEST:
        return 0.0
    m = (float(weights @ y) * n + 1) / n
    return float(np.sqrt(m * (1 + m) / n))
