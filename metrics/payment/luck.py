"""What a provider would be paid under luck alone, and how often a scheme that does nothing would be paid.

Each draw makes a whole contract: for every period how many of the people reoffend (binomial) and how often (spread.py),
the same for those compared with them, and what the rule pays for it (pay.py). Sums of negative binomials of one scale are
negative binomial, so a group is two draws whatever its size: 10,000 contracts take some 5 to 30 ms. The same seed gives
the same luck. What matching cannot see is not luck and comes on top: this is the least chance there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.payment.pay import Figures, Numbers, due
from metrics.payment.rule import Rule
from metrics.payment.spread import Extra, Spread, extra

DRAWS = 10_000
SEED = 20_261_122
STOPPING = 0.5
"""How much of a true effect is people who stop altogether; the rest is those who go on but less often (logarithms)."""
MOST_SHARE = 0.99
GOOD, HARMFUL = -0.10, 0.10
"""The true effects that are set beside no effect: 10% fewer events, and 10% more."""
SIZES = (50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000)


@dataclass(frozen=True, slots=True)
class Luck:
    """What a scheme of this true effect would be paid: `payments` of each draw, in order of size, pounds.

    `probability` that anything is paid above the floor; `expected` the mean; `low` and `high` hold 90% of draws.
    """

    people: int
    periods: int
    true_effect: float
    payments: Numbers
    probability: float
    expected: float
    low: float
    high: float

    def of_100(self) -> list[float]:
        """What each of 100 such schemes is paid, from the least to the most: the middle of each hundredth of the draws."""
        return [float(value) for value in np.quantile(self.payments, (np.arange(100) + 0.5) / 100)]

    def share_up_to(self, payment: float) -> float:
        """The share of draws that are paid no more than this."""
        return float(np.searchsorted(self.payments, payment + 0.005) / len(self.payments))

    def share_from(self, payment: float) -> float:
        """The share of draws that are paid this or more."""
        return float(1 - np.searchsorted(self.payments, payment - 0.005) / len(self.payments))


def luck(
    rule: Rule,
    spread: Spread,
    people: int,
    true_effect: float = 0.0,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    periods: int | None = None,
) -> Luck:
    """Simulate contracts of `people` in each period. `true_effect`: -0.1 is 10% fewer events than without the scheme."""
    rng = np.random.default_rng([seed, people])
    figures = drawn(rule, spread, people, true_effect, draws=draws, rng=rng, periods=periods or rule.periods)
    paid = np.sort(due(rule, figures).total)
    low, high = np.quantile(paid, (0.05, 0.95))
    chance = float(np.mean(paid > max(rule.floor, 0.0) + 0.005))
    return Luck(
        people, figures.people.shape[-1], true_effect, paid, chance, float(paid.mean()), float(low), float(high)
    )


def by_size(
    rule: Rule,
    spread: Spread,
    sizes: Sequence[int] = SIZES,
    true_effect: float = 0.0,
    *,
    draws: int = DRAWS,
    periods: int | None = None,
) -> list[Luck]:
    """The same scheme at several sizes of cohort."""
    return [luck(rule, spread, size, true_effect, draws=draws, periods=periods) for size in sizes]


def drawn(
    rule: Rule, spread: Spread, people: int, true_effect: float, *, draws: int, rng: np.random.Generator, periods: int
) -> Figures:
    """Contracts drawn: those followed with the effect, those compared without it."""
    compared = max(round(people * spread.compared), 1)
    ours, theirs = (draws, periods), (draws, 1 if spread.shared else periods)
    factor = 1 + true_effect
    share = min(spread.share * factor**STOPPING, MOST_SHARE)
    did, would = rng.binomial(people, share, ours), rng.binomial(compared, spread.share, theirs)
    observed = {"rate": 100 * did / people}
    expected = {"rate": np.broadcast_to(100 * would / compared, ours)}
    for measure in _counted(rule):
        name = "reoffences" if measure == "per_reoffender" else measure
        plain = extra(spread.share, spread.counts[name])
        # those who go on: fewer events each, so that all events together change by the factor
        changed = max((1 + plain.mean) * spread.share * factor / share - 1, 0.0)
        mine = _events(rng, did, Extra(changed, plain.shape))
        other = _events(rng, would, plain)
        if measure == "per_reoffender":
            observed[measure] = mine / np.maximum(did, 1)
            expected[measure] = np.broadcast_to(other / np.maximum(would, 1), ours)
        else:
            observed[measure] = 100 * mine / people
            expected[measure] = np.broadcast_to(100 * other / compared, ours)
    held = np.full((1, periods), float(people)), np.full((1, periods), float(compared))
    return Figures(*held, observed, expected, shared=spread.shared)


def _counted(rule: Rule) -> tuple[str, ...]:
    return tuple(measure for measure in rule.measures if measure != "rate")


def _events(rng: np.random.Generator, people: NDArray[np.int64], each: Extra) -> NDArray[np.int64]:
    """All the events of so many who reoffended: one each, and the rest."""
    if each.shape is None or each.mean <= 0:
        return people + rng.poisson(people * each.mean)
    return people + rng.poisson(rng.gamma(people * each.shape, each.mean / each.shape))
