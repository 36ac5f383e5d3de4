"""How long after an index date reoffending can be counted: the joint delay of offending and of proof.

A reoffence counts on the day it is proven. So an unfinished cohort has been seen in part, and what complete cohorts
showed at the same age says what is still to come. docs/methods/nowcast.md has the theory and what was measured.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

WINDOW = 730
"""Days before the cut-off whose records are used: old enough to be many, recent enough to be like now."""
STRATUM_WEIGHT = 10.0
"""Expected reoffenders (or reoffences) that a stratum's own record is weighed against."""
GROUP_WEIGHT = 20.0
"""The same for a district, whose difference from its people's strata is smaller."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The index events of one cohort: day numbers, codes from 0, and the days after it of each proof.

    `seen` and `of` are one element a reoffence: days from index date to proof (1 to `horizon`), and whose entry.
    `first` is the smallest `seen` of an entry, horizon + 1 without one.
    """

    day: Whole
    stratum: Whole
    district: Whole
    of: Whole
    seen: Whole
    first: Whole
    horizon: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """What was learnt as at a cut-off.

    `hazard`: cumulative hazard of being first counted as a reoffender, by days since index (0 to horizon): minus the
    log of Kaplan and Meier's curve. `risk`: an entry's relative hazard. `share`: the share of reoffences counted by
    then (chain ladder). `mean`: an entry's expected final reoffences before its own are seen (Cape Cod).
    `credibility`: how many expected reoffences an entry's own count is weighed against. `dispersion`: variance of what
    is still to come against its mean. `complete`: entries that the oldest age rests on.
    """

    hazard: Numbers
    risk: Numbers
    share: Numbers
    mean: Numbers
    credibility: float
    dispersion: float
    complete: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Per entry: counted so far, expected to be added, and the variance of that."""

    seen: Numbers
    added: Numbers
    variance: Numbers


def entries(day: Whole, stratum: Whole, district: Whole, *, of: Whole, seen: Whole, horizon: int) -> Entries:
    """Entries, with the first day on which each counts as a reoffender worked out."""
    first = np.full(len(day), horizon + 1, dtype=np.int64)
    np.minimum.at(first, of, seen)
    return Entries(day, stratum, district, of, seen, first, horizon)


def learn(who: Entries, cutoff: int, window: int = WINDOW, credibility: float | None = None) -> Pattern:
    """Learn the delay from what was known at `cutoff` (a day number): nothing later is looked at.

    Each age (days since index) rests on the entries that reached it in the `window` days up to the cut-off, so
    unfinished cohorts tell of the ages they have reached. Hazard: first counted at that age / not counted before it.
    Chain ladder: f(a) = counted by age a / counted by age a - 1, over those entries; share(a) = 1 / (f(a+1) ... f(H)).
    """
    reached = np.minimum(cutoff - who.day, who.horizon)
    began = np.maximum(cutoff - window - who.day + 1, 1)
    inside = (reached >= 1) & (began <= reached)
    hazard = _hazard(who, began, reached, inside)
    share = _share(who, began, reached, inside)
    risk = _relative(
        who, _first_counted(who, began, reached, inside), _first_expected(who, hazard, began, reached, inside)
    )
    recent = inside & (who.day > cutoff - window - who.horizon)
    counted: Numbers = np.bincount(who.of, who.seen <= reached[who.of], len(who.day)).astype(np.float64) * recent
    exposure = share[np.maximum(reached, 0)] * recent
    level = counted.sum() / exposure.sum() if exposure.sum() > 0 else 0.0
    mean = level * _relative(who, counted, level * exposure)
    whole = recent & (reached >= who.horizon)
    weight, dispersion = _own_record(who, share, mean, whole)
    complete = int((inside & (reached >= who.horizon)).sum())
    return Pattern(hazard, risk, share, mean, weight if credibility is None else credibility, dispersion, complete)


def expect_people(who: Entries, pattern: Pattern, rows: Whole, cutoff: int) -> Expected:
    """Whether each of `rows` will count as a reoffender: 1 - exp(-risk (hazard(H) - hazard(age))) for those not seen."""
    age = np.clip(cutoff - who.day[rows], 0, who.horizon)
    seen = (who.first[rows] <= age).astype(np.float64)
    left = pattern.hazard[-1] - pattern.hazard[age]
    chance = np.where(seen > 0, 0.0, -np.expm1(-pattern.risk[rows] * left))
    return Expected(seen, chance, chance * (1 - chance))


def expect_reoffences(who: Entries, pattern: Pattern, rows: Whole, cutoff: int) -> Expected:
    """How many reoffences are still to come: mean (1 - share) (K + seen) / (K + mean share), K the credibility.

    K = 0 is the chain ladder (seen (1 - share) / share), a very large K the Bornhuetter-Ferguson expectation.
    """
    age = np.clip(cutoff - who.day[rows], 0, who.horizon)
    counted = np.bincount(who.of, who.seen <= np.clip(cutoff - who.day[who.of], 0, who.horizon), len(who.day))[rows]
    share, mean, k = pattern.share[age], pattern.mean[rows], pattern.credibility
    so_far = mean * share
    known = k + so_far > 0
    pace = np.where(known, (k + counted) / np.where(known, k + so_far, 1.0), 1.0)
    added = mean * (1 - share) * pace
    return Expected(counted.astype(np.float64), added, pattern.dispersion * added)


def _hazard(who: Entries, began: Whole, reached: Whole, inside: NDArray[np.bool_]) -> Numbers:
    """Cumulative hazard of the first count, ages 0 to horizon."""
    until = np.minimum(reached, who.first)
    at_risk = _between(began, until, inside & (until >= began), who.horizon)
    event = inside & (who.first >= began) & (who.first <= reached)
    events = np.bincount(who.first[event], minlength=who.horizon + 2)[: who.horizon + 1]
    chance = np.minimum(events / np.maximum(at_risk, 1), 1 - 1e-9)
    return np.cumsum(-np.log1p(-chance))


def _share(who: Entries, began: Whole, reached: Whole, inside: NDArray[np.bool_]) -> Numbers:
    """Share of the final count that is seen by each age, by the chain ladder on days."""
    start, stop, used = began[who.of], reached[who.of], inside[who.of]
    new = used & (who.seen >= start) & (who.seen <= stop)
    events = np.bincount(who.seen[new], minlength=who.horizon + 1)[: who.horizon + 1]
    from_age = np.maximum(start, who.seen + 1)
    before = _between(from_age, stop, used & (from_age <= stop), who.horizon)
    step = np.where(before + events > 0, before / np.maximum(before + events, 1), 1.0)  # 1 / f(a)
    share = np.ones(who.horizon + 1)
    share[:-1] = np.cumprod(step[:0:-1])[::-1]
    return share


def _between(first: Whole, last: Whole, used: NDArray[np.bool_], horizon: int) -> Numbers:
    """How many spans hold each age from 0 to horizon."""
    opened = np.bincount(first[used], minlength=horizon + 2)[: horizon + 2]
    closed = np.bincount(last[used] + 1, minlength=horizon + 2)[: horizon + 2]
    return np.cumsum(opened - closed)[: horizon + 1].astype(np.float64)


def _first_counted(who: Entries, began: Whole, reached: Whole, inside: NDArray[np.bool_]) -> Numbers:
    return (inside & (who.first >= began) & (who.first <= reached)).astype(np.float64)


def _first_expected(who: Entries, hazard: Numbers, began: Whole, reached: Whole, inside: NDArray[np.bool_]) -> Numbers:
    until = np.minimum(reached, who.first)
    used = inside & (until >= began)
    return np.where(used, hazard[np.where(used, until, 0)] - hazard[np.where(used, began - 1, 0)], 0.0)


def _relative(who: Entries, counted: Numbers, expected: Numbers) -> Numbers:
    """An entry's rate against everybody's: its stratum's, then its district's among such strata, each drawn to 1."""
    by_stratum = _drawn(counted, expected, who.stratum, STRATUM_WEIGHT)[who.stratum]
    return by_stratum * _drawn(counted, expected * by_stratum, who.district, GROUP_WEIGHT)[who.district]


def _drawn(counted: Numbers, expected: Numbers, group: Whole, weight: float) -> Numbers:
    size = int(group.max(initial=0)) + 1
    return (np.bincount(group, counted, size) + weight) / (np.bincount(group, expected, size) + weight)


def _own_record(who: Entries, share: Numbers, mean: Numbers, whole: NDArray[np.bool_]) -> tuple[float, float]:
    """Credibility of an entry's own count, and the dispersion of what follows, from entries seen to the end.

    Those who had many by the age at which half are counted go on to have more: the slope b of later on earlier counts
    gives K = later mean / b - earlier mean (Bühlmann's linear credibility).
    """
    half = int(np.searchsorted(share, 0.5))
    rows = np.flatnonzero(whole)
    early = np.bincount(who.of, who.seen <= half, len(who.day))[rows]
    late = np.bincount(who.of, who.seen > half, len(who.day))[rows]
    before, after = mean[rows] * share[half], mean[rows] * (1 - share[half])
    spread = ((early - before) ** 2).sum()
    slope = ((late - after) * (early - before)).sum() / spread if spread > 0 else 0.0
    k = after.mean() / slope - before.mean() if slope > 1e-6 else 50.0
    k = float(np.clip(k, 0.1, 50.0)) if len(rows) else 50.0
    expected = after * (k + early) / (k + before)
    dispersion = ((late - expected) ** 2).sum() / expected.sum() if expected.sum() > 0 else 1.0
    return k, float(max(dispersion, 1.0))
