"""Matching on the logit of the propensity score: for each person treated, the people most like them.

Both sides are sorted once and found by bisection, so the work grows as (n + m) log m, never n m. Ties are settled by
the seed: among controls of one score each treated person starts at a random place, so that a score of few values
spreads its matches instead of using the same people over and over. See docs/methods/matching.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Matches:
    """`pairs`: for each person treated the places of their controls, nearest first, NOBODY where there is none."""

    pairs: Places

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Which of the treated have at least one control."""
        return (self.pairs != NOBODY).any(axis=1)

    def weights(self, controls: int) -> Numbers:
        """Each control's weight: every matched person shares 1 among their controls; sums to the people matched."""
        count = (self.pairs != NOBODY).sum(axis=1)
        share = np.repeat(1 / np.maximum(count, 1), self.pairs.shape[1]).reshape(self.pairs.shape)
        used = self.pairs != NOBODY
        return np.bincount(self.pairs[used], share[used], controls).astype(np.float64)


def caliper_width(treated: Numbers, controls: Numbers, deviations: float = 0.2) -> float:
    """The furthest allowed distance: `deviations` of the logit's pooled SD, sqrt((s_t² + s_c²) / 2).

    Source: Austin (2011), Pharmaceutical Statistics 10, who found 0.2 to serve best.
    """
    spread = [side.var(ddof=1) if len(side) > 1 else 0.0 for side in (treated, controls)]
    return float(deviations * np.sqrt(sum(spread) / 2))


def nearest(
    treated: Numbers,
    controls: Numbers,
    k: int,
    caliper: float,
    rng: np.random.Generator,
    *,
    replacement: bool = True,
    groups: tuple[Places, Places] | None = None,
) -> Matches:
    """The k nearest controls of each person treated, within the caliper (in logits), agreeing on their group.

    Without replacement a control serves once: in k rounds, each of the treated in turn, the highest score first (those
    with the fewest like them choose first), takes the nearest who is left. `groups` are the codes of the exact fields.
    """
    order = _sorted(controls, groups, rng)
    reach = _reach(treated, controls, caliper, groups, order)
    # Among controls of one's own score, start at random.
    left, right = _reach(treated, controls, 0.0, groups, order)
    place = left + np.floor(rng.random(len(treated)) * (right - left + 1)).astype(np.int64)
    if replacement:
        return Matches(_window(treated, controls, k, reach=reach, place=place, order=order))
    turn = np.lexsort((rng.permutation(len(treated)), -treated))
    return Matches(_greedy(treated, controls, k, reach=reach, place=place, order=order, turn=turn))


def radius(
    treated: Numbers, controls: Numbers, caliper: float, groups: tuple[Places, Places] | None = None
) -> tuple[NDArray[np.bool_], Numbers]:
    """Everybody within the caliper: which of the treated have anybody, and each control's weight (as Matches.weights).

    The controls near one treated person are a run of the sorted scores, so weights are a running sum of what begins
    and ends at each place.
    """
    order = _sorted(controls, groups, None)
    first, last = _reach(treated, controls, caliper, groups, order)
    count = last - first
    found = count > 0
    share = 1 / count[found]
    change = np.bincount(first[found], share, len(controls) + 1) - np.bincount(last[found], share, len(controls) + 1)
    weights = np.empty(len(controls))
    weights[order] = np.maximum(np.cumsum(change)[:-1], 0)
    weights[weights < 1e-9 / max(len(controls), 1)] = 0
    return found, weights


def _sorted(controls: Numbers, groups: tuple[Places, Places] | None, rng: np.random.Generator | None) -> Places:
    """Controls by group, then score, equal scores in the seed's order."""
    chance = rng.permutation(len(controls)) if rng is not None else np.arange(len(controls))
    if groups is None:
        return chance[np.argsort(controls[chance], kind="stable")]
    return np.lexsort((chance, controls, groups[1]))


def _reach(
    treated: Numbers, controls: Numbers, caliper: float, groups: tuple[Places, Places] | None, order: Places
) -> tuple[Places, Places]:
    """The run of sorted controls within the caliper of each of the treated: from `first` to before `last`."""
    if groups is None:
        ordered = controls[order]
        return np.searchsorted(ordered, treated - caliper, "left"), np.searchsorted(ordered, treated + caliper, "right")
    first, last = np.zeros(len(treated), np.int64), np.zeros(len(treated), np.int64)
    group_of_control = groups[1][order]
    for group in np.unique(groups[0]):
        start, end = np.searchsorted(group_of_control, [group, group + 1])
        mine = groups[0] == group
        within = controls[order[start:end]]
        first[mine] = start + np.searchsorted(within, treated[mine] - caliper, "left")
        last[mine] = start + np.searchsorted(within, treated[mine] + caliper, "right")
    return first, last


def _window(
    treated: Numbers,
    controls: Numbers,
    k: int,
    *,
    reach: tuple[Places, Places],
    place: Places,
    order: Places,
) -> Places:
    """The k nearest are among the k on either side of one's own place."""
    if not len(controls):
        return np.full((len(treated), k), NOBODY)
    first, last = reach
    candidates = place[:, None] + np.arange(-k, k)[None, :]
    allowed = (candidates >= first[:, None]) & (candidates < last[:, None])
    who = order[np.clip(candidates, 0, len(order) - 1)]
    distance = np.where(allowed, np.abs(controls[who] - treated[:, None]), np.inf)
    # Equal distances: the one nearer by place, which the seed has shuffled.
    nearer = np.argsort(distance, axis=1, kind="stable")[:, :k]
    chosen = np.take_along_axis(who, nearer, axis=1)
    return np.where(np.isfinite(np.take_along_axis(distance, nearer, axis=1)), chosen, NOBODY)


def _greedy(
    treated: Numbers,
    controls: Numbers,
    k: int,
    *,
    reach: tuple[Places, Places],
    place: Places,
    order: Places,
    turn: Places,
) -> Places:
    """Each takes the nearest who is left, found through links over those taken (with path halving)."""
    pairs = np.full((len(treated), k), NOBODY)
    first, last = reach
    scores, own = controls[order].tolist(), treated.tolist()
    starts, ends, places = first.tolist(), last.tolist(), place.tolist()
    size = len(scores)
    right = list(range(size + 1))
    left = list(range(-1, size))  # left[p + 1] leads to the free place at or before p; left[0] = -1 is the end

    def free_right(p: int) -> int:
        while right[p] != p:
            right[p] = right[right[p]]
            p = right[p]
        return p

    def free_left(p: int) -> int:
        while p >= 0 and left[p + 1] != p:
            step = left[p + 1]
            left[p + 1] = left[step + 1] if step >= 0 else -1
            p = left[p + 1]
        return p

    for round_number in range(k):
        for person in turn.tolist():
            above = free_right(min(places[person], size))
            below = free_left(places[person] - 1)
            up = scores[above] - own[person] if above < ends[person] else np.inf
            down = own[person] - scores[below] if below >= starts[person] else np.inf
            if up == down == np.inf:
                continue
            chosen = above if up < down else below
            pairs[person, round_number] = chosen
            right[chosen] = chosen + 1
            left[chosen + 1] = chosen - 1
    used = pairs != NOBODY
    pairs[used] = order[pairs[used]]
    return pairs
