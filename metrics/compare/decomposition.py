"""Why a rate moved between two cohorts: caseload, custody, season, and what is left; the parts add up exactly.

With strata s of people alike before the index date (age, earlier sanctions, kind of index event), a cohort's reoffences
per person are

    f = Σ_s w_s (L_s q u_s + c_s)

w_s the stratum's share of people (caseload mix), L_s days at liberty for each person and c_s reoffences in custody
(custody), q the quarter's season, u_s reoffences for each day at liberty once season is taken out (the remainder: what
none of the three explains). Each part's contribution is its Shapley value: the average, over every order in which the
parts could be changed from the first cohort's to the second's, of what changing it does. So no order is preferred and
the contributions sum to the change. With strata alone it is Kitagawa's (1955) decomposition.

The share of people who reoffend has no such formula for custody, because people are in custody *because* they
reoffended: there the change is split into mix, season and the remainder, and custody is said not to be told apart.

Sources: Kitagawa, Journal of the American Statistical Association 50 (1955); Das Gupta, Standardization and
Decomposition of Rates (US Bureau of the Census, 1993); Shapley (1953), as in Shorrocks, Journal of Economic Inequality
11 (2013). docs/methods/decomposition.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from metrics.compare.control_rules import Column
from metrics.kinds.shared import t95

PARTS = ("mix", "custody", "season", "remainder")
REPLICATES = 200


@dataclass(frozen=True, slots=True)
class Cohort:
    """The people of one cohort, a row an entry: `person` and `stratum` numbers, and what followed.

    `events`: reoffences (or 1 for who reoffended); `liberty_events` and `days`: reoffences at liberty and days at
    liberty, NaN throughout where no prison extract tells them (or the outcome is a share); `season`: the factor of each
    entry's quarter, 1 where it is not told apart.
    """

    person: NDArray[np.int64]
    stratum: NDArray[np.int64]
    events: Column
    liberty_events: Column
    days: Column
    season: Column

    @property
    def custody_known(self) -> bool:
        return bool(len(self.days)) and bool(np.isfinite(self.days).all() and np.isfinite(self.liberty_events).all())


@dataclass(frozen=True, slots=True)
class Change:
    """The rates of the two cohorts (`before`, `after`), and each part's contribution, with 95% intervals.

    Contributions sum to after - before. A part that cannot be told apart is None and is in the remainder.
    """

    before: tuple[float, float, float]
    after: tuple[float, float, float]
    change: tuple[float, float, float]
    parts: Mapping[str, tuple[float, float, float] | None]
    people: int


def decompose(
    before: Cohort, after: Cohort, strata: int, *, seed: int = 1, replicates: int = REPLICATES, scale: float = 1.0
) -> Change:
    """Split the change from one cohort to another. Intervals are a bootstrap of people: whoever is in both cohorts is
    drawn in both together, so that what repeats does not count twice. They hold 92 to 95% at 60 people a cohort, two
    or three points short for mix and remainder, and 94 to 96% from 200. `strata` is how many strata are numbered."""
    custody = before.custody_known and after.custody_known
    seasons = bool((before.season != before.season[:1]).any() or (after.season != before.season[:1]).any())
    names = [name for name in PARTS if (name != "custody" or custody) and (name != "season" or seasons)]
    everybody, place = np.unique(np.r_[before.person, after.person], return_inverse=True)
    rng = np.random.default_rng(seed)
    # The first row is the data as they are; the rest are people drawn with replacement.
    drawn = rng.multinomial(len(everybody), np.full(len(everybody), 1 / len(everybody)), replicates)
    weights = np.vstack([np.ones(len(everybody), dtype=np.int64), drawn]).astype(float)
    first, second = (
        sums(cohort, weights[:, mine], strata, custody)
        for cohort, mine in ((before, place[: len(before.person)]), (after, place[len(before.person) :]))
    )
    old, new = factors(first, second), factors(second, first)
    found = shapley(names, lambda chosen: rate({n: (new if n in chosen else old)[n] for n in PARTS}))
    start, end = rate(old), rate(new)
    t = float(t95(np.array([float(min(len(before.person), len(after.person)))]))[0])
    told = {name: _interval(scale * found[name], t) if name in names else None for name in PARTS}
    if not custody:
        told["custody"] = None
    return Change(
        _interval(scale * start, t),
        _interval(scale * end, t),
        _interval(scale * (end - start), t),
        told,
        len(everybody),
    )


# --- the formula ------------------------------------------------------------------------------------------------------

Sums = dict[str, Column]
Factors = dict[str, tuple[Column, ...]]


def sums(cohort: Cohort, weights: Column, strata: int, custody: bool) -> Sums:
    """For each replicate (row) and stratum: people, days, events at liberty, other events, and the seasons' days.

    Without custody, each person counts as one day and every event as at liberty: L = 1 and c = 0.
    """
    one = np.ones(len(cohort.person))
    days = cohort.days if custody else one
    at_liberty = cohort.liberty_events if custody else cohort.events
    columns = {
        "people": one,
        "days": days,
        "events": at_liberty,
        "inside": cohort.events - at_liberty,
        "expected": cohort.season * days,
    }
    order = np.argsort(cohort.stratum, kind="stable")
    present, first = np.unique(cohort.stratum[order], return_index=True)
    mine = weights[:, order]
    found = {}
    for name, column in columns.items():
        found[name] = np.zeros((len(weights), strata))
        found[name][:, present] = np.add.reduceat(mine * column[order], first, axis=1)
    return found


def factors(own: Sums, other: Sums) -> Factors:
    """The factors of one cohort: mix (w), custody (L, c), season (q) and remainder (u), a row a replicate.

    A stratum that this cohort has nobody in takes the other's L, c and u: its absence is a change of mix alone.
    """
    share = own["people"] / np.maximum(own["people"].sum(axis=1, keepdims=True), 1e-300)
    days, inside = _filled(own, other, "days", "people"), _filled(own, other, "inside", "people")
    # The season of a cohort of several quarters is its days' average, one factor for all strata.
    season = own["expected"].sum(axis=1, keepdims=True) / np.maximum(own["days"].sum(axis=1, keepdims=True), 1e-300)
    season = np.where(own["days"].sum(axis=1, keepdims=True) > 0, season, 1.0)
    own_season = own | {"seasonal": own["days"] * season}
    other_season = other["expected"].sum(axis=1, keepdims=True) / np.maximum(
        other["days"].sum(axis=1, keepdims=True), 1e-300
    )
    under = _filled(own_season, other | {"seasonal": other["days"] * other_season}, "events", "seasonal")
    return {"mix": (share,), "custody": (days, inside), "season": (season,), "remainder": (under,)}


def rate(of: Factors) -> Column:
    """f = Σ_s w_s (L_s q u_s + c_s), for each replicate."""
    (w,), (days, inside), (season,), (under,) = (of[name] for name in PARTS)
    return (w * (days * season * under + inside)).sum(axis=1)


def shapley(names: Sequence[str], worth: Callable[[frozenset[str]], Column]) -> dict[str, Column]:
    """Each name's Shapley value: Σ over sets S without it of |S|! (n - |S| - 1)! / n! (worth(S + it) - worth(S)).

    The values sum to worth(all) - worth(none), whatever `worth` is.
    """
    n = len(names)
    sets = [frozenset(chosen) for size in range(n + 1) for chosen in combinations(names, size)]
    known = {chosen: worth(chosen) for chosen in sets}
    return {
        name: np.sum(
            [
                factorial(len(s)) * factorial(n - len(s) - 1) / factorial(n) * (known[s | {name}] - known[s])
                for s in sets
                if name not in s
            ],
            axis=0,
        )
        for name in names
    }


def season_factors(quarter: Sequence[str], events: Column, days: Column, years: int = 3) -> dict[str, float] | None:
    """The factor of each quarter of the year: 1 is the year's average. None with fewer than three whole years.

    For every April to March year with four quarters, each quarter's events a day over the year's; the factor of a
    quarter is the geometric mean over the years, the four scaled to a geometric mean of 1.
    """
    year = np.array([int(q[:4]) - (q[-1] == "1") for q in quarter])
    number = np.array([int(q[-1]) for q in quarter])
    logs: dict[int, list[float]] = {1: [], 2: [], 3: [], 4: []}
    for one in np.unique(year):
        mine = (year == one) & (events > 0) & (days > 0)
        if sorted(number[mine]) != [1, 2, 3, 4]:
            continue
        average = np.log(events[mine].sum() / days[mine].sum())
        for q, x, d in zip(number[mine], events[mine], days[mine], strict=True):
            logs[int(q)].append(float(np.log(x / d) - average))
    if len(logs[1]) < years:
        return None
    means = {q: float(np.mean(found)) for q, found in logs.items()}
    middle = float(np.mean(list(means.values())))
    return {f"Q{q}": float(np.exp(mean - middle)) for q, mean in means.items()}


# --- within -----------------------------------------------------------------------------------------------------------


def _filled(own: Sums, other: Sums, top: str, bottom: str) -> Column:
    """top / bottom by stratum; the other cohort's where this one has nothing below, and 0 where neither has."""
    mine, theirs = own[bottom] > 0, other[bottom] > 0
    ours = own[top] / np.where(mine, own[bottom], 1)
    return np.where(mine, ours, np.where(theirs, other[top] / np.where(theirs, other[bottom], 1), 0.0))


def _interval(replicates: Column, t: float) -> tuple[float, float, float]:
    """The value, and t bootstrap standard errors to either side: with 200 replicates steadier than their percentiles."""
    value, drawn = float(replicates[0]), replicates[1:]
    half = t * float(drawn.std(ddof=1)) if len(drawn) > 1 else 0.0
    return value, value - half, value + half
