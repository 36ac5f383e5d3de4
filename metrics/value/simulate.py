"""How sure is it? Monte Carlo over the effect, the unit costs, the costs and the assumptions.

Every draw takes one value of each input and puts it through the arithmetic of worked.py.

- **Effect**: normal on each side of the estimate, with the published interval's own reach on that side, so that the
  draws' 2.5, 50 and 97.5 percentiles are the published lower limit, estimate and upper limit, and the simulation can
  never say more than the comparison's verdict. Nobody averts more than was expected. (On the difference and not on the log
  of a ratio: benefits are proportional to offences, and a harmful effect must be able to be drawn.)
- **Unit costs**: triangular from low over value to high. All types move together (one draw for all): their errors come
  of the same survey, multipliers and value of health, and independent errors would cancel in the mix and make the sum
  look surer than it is. `together=False` draws each type apart.
- **Costs and duration** (how long the effect lasts, and what it loses each year): triangular over their ranges, each apart.
- **Not drawn** unless asked for with `drawn`: multiplier, displacement, deadweight, attribution. They are choices of what to
  count, with ranges that reach one way only; drawn, the multiplier alone would raise every benefit by half. The tornado and
  needed.py show what each would do.

Latin hypercube sampling (McKay, Beckman and Conover 1979, Technometrics 21): each input's draws lie one in each n-th part
of its distribution, in random order. 10,000 such draws place a probability about as well as 50,000 plain ones where
one input leads. Each input has its own stream of the PCG64 generator, from the seed and its place in the list: the same
seed gives the same draws on every machine, and an input that moves leaves the others' draws alone, so that a slider
moves figures smoothly. docs/methods/value-uncertainty.md is its page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from metrics.value.bands import BANDS, Band, shares
from metrics.value.case import Case, Effect, Range, wrong
from metrics.value.parameters import Parameters
from metrics.value.worked import INPUTS, VIEWS, Account, Inputs, Value, ViewName

Numbers = NDArray[np.float64]
DRAWS = 10_000
"""When a slider moves. At publish: PUBLISH."""
PUBLISH = 100_000
SEED = 20_100
BAR = 2.0
"""The ratio that a commissioner may ask for; the lower end of high value for money."""
DRAWN = ("effect", "unit_cost", "costs", "lasting_years", "drop_off")
"""What varies from draw to draw; everything else stays at its value."""
LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
Z = 1.959963984540054
BINS = 40


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over the draws: its mean and the quantiles at LEVELS."""

    mean: float
    quantiles: tuple[float, ...]

    def at(self, level: float) -> float:
        """The quantile at one of LEVELS."""
        return self.quantiles[LEVELS.index(level)]

    @property
    def lower(self) -> float:
        """2.5% of draws lie below it."""
        return self.at(0.025)

    @property
    def upper(self) -> float:
        return self.at(0.975)


@dataclass(frozen=True, slots=True)
class ViewDrawn:
    """One view over the draws, in present pounds.

    - `breaking_even`: the probability that benefits meet the running costs, set-up left out, as break-even does.
    - `ratio_above_1`, `ratio_above_bar`: that they are more than so many times all the costs; None without any cost,
      and with them `ratio` and `bands`.
    - `bands`: the share of draws in each band of value. `histogram`: edges and counts of the net present value.
    """

    net_present_value: Spread
    benefits: Spread
    ratio: Spread | None
    breaking_even: float
    ratio_above_1: float | None
    ratio_above_bar: float | None
    bands: dict[str, float]
    histogram: tuple[tuple[float, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the draws say. `harm` is the probability that the effect is harmful."""

    draws: int
    seed: int
    bar: float
    society: ViewDrawn
    fiscal: ViewDrawn
    averted: Spread
    costs: Spread
    harm: float
    price_year: str

    def view(self, name: ViewName) -> ViewDrawn:
        return self.society if name == "society" else self.fiscal


def simulate(
    case: Case,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    bar: float = BAR,
    together: bool = True,
    drawn: Sequence[str] = DRAWN,
    bands: Sequence[Band] = BANDS,
    known: Parameters | None = None,
) -> Simulated:
    """The case's figures over many draws of what is uncertain in it: `drawn` names the inputs (INPUTS of worked.py), `known`
    the parameters for prices and discounting."""
    if not 100 <= draws <= 10_000_000:
        raise wrong("the number of draws cannot be used", "100 to 10,000,000", "simulation")
    if unknown := set(drawn) - set(INPUTS):
        raise wrong(f"inputs to draw are not known: {', '.join(sorted(unknown))}", ", ".join(INPUTS), "simulation")
    account = Account(case, known)
    at = values(account, draws, seed, drawn)
    each = unit_costs(account, draws, seed, together=together) if "unit_cost" in drawn else _known(account)
    costs = account.costs(at)
    running = account.running * (1 + account.assumptions.optimism_costs) * at.costs
    first = account.averted_first_year(at)
    over_years = first * account.years(at)
    found = {}
    for view in VIEWS:
        benefits = np.broadcast_to(account.cautious(over_years * each[view]), (draws,))
        found[view] = _view(benefits, costs, running, bar, bands)
    return Simulated(
        draws=draws,
        seed=seed,
        bar=bar,
        society=found["society"],
        fiscal=found["fiscal"],
        averted=_spread(first * account.years(at, discounted=False)),
        costs=_spread(costs),
        harm=float(np.mean(np.asarray(at.effect) < 0)),
        price_year=account.assumptions.price_year,
    )


def values(account: Account, draws: int, seed: int, drawn: Sequence[str] = DRAWN) -> Inputs:
    """One value of each drawn input a draw; the others stay numbers. Unit costs are drawn by `unit_costs`."""
    at = account.values()
    for name in drawn:
        if name == "unit_cost":
            continue
        stream = INPUTS.index(name)
        if name == "effect":
            at = replace(at, effect=effects(account.case.effect, uniform(draws, seed, stream)))
        elif not (one := account.range_of(name)).is_fixed:
            at = replace(at, **{name: _drawn(one, draws, seed, stream)})
    return at


def effects(effect: Effect, chance: Numbers) -> Numbers:
    """Offences averted per 100 at these points (0 to 1) of the published interval's distribution."""
    from scipy.special import ndtri  # lazily: it costs a page nothing until used

    z = ndtri(chance)
    up, down = (effect.upper - effect.averted_per_100) / Z, (effect.averted_per_100 - effect.lower) / Z
    return np.minimum(effect.averted_per_100 + z * np.where(z > 0, up, down), effect.expected_per_100)


def unit_costs(account: Account, draws: int, seed: int, *, together: bool = True) -> dict[ViewName, Value]:
    """Pounds an offence of the mix in each draw, by view, in the order of the case's types."""
    total: dict[ViewName, Value] = {"society": 0.0, "fiscal": 0.0}
    common = INPUTS.index("unit_cost")
    for place, one in enumerate(account.case.offences):
        if one.pounds is None or one.share == 0:
            continue
        stream = common if together else len(INPUTS) + place
        pounds = one.share * (one.pounds.value if one.pounds.is_fixed else _drawn(one.pounds, draws, seed, stream))
        total["society"] = total["society"] + pounds
        if fiscal := one.borne("fiscal"):
            total["fiscal"] = total["fiscal"] + fiscal * pounds
    return total


def _known(account: Account) -> dict[ViewName, Value]:
    return {view: account.unit_costs[view].value for view in VIEWS}


@lru_cache(maxsize=12)
def uniform(draws: int, seed: int, stream: int) -> Numbers:
    """A Latin hypercube's column: one number in each n-th part of 0 to 1, in random order.

    Kept, as are `_chance` and `_drawn`: the cases of one release, and the moves of one slider, share draws. Read only.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream,))))
    return _kept((rng.permutation(draws) + rng.random(draws)) / draws)


@dataclass(frozen=True, slots=True)
class Chance:
    """Points between 0 and 1, and what every triangular distribution needs of them."""

    at: Numbers
    root: Numbers
    other_root: Numbers

    @classmethod
    def of(cls, at: Numbers) -> "Chance":
        return cls(at, np.sqrt(at), np.sqrt(1 - at))


@lru_cache(maxsize=6)
def _chance(draws: int, seed: int, stream: int) -> Chance:
    return Chance.of(uniform(draws, seed, stream))


@lru_cache(maxsize=32)
def _drawn(one: Range, draws: int, seed: int, stream: int) -> Numbers:
    """A range's triangular distribution at the points of one stream."""
    return _kept(triangular(one, _chance(draws, seed, stream)))


def _kept(numbers: Numbers) -> Numbers:
    numbers.flags.writeable = False
    return numbers


def forget() -> None:
    """Let go of kept draws: for measuring, and after a release."""
    for cached in (uniform, _chance, _drawn):
        cached.cache_clear()


def triangular(one: Range, chance: Chance) -> Numbers:
    """The triangular distribution's values at these points: low at 0, high at 1, most often near `value`."""
    width, rise, fall = one.high - one.low, one.value - one.low, one.high - one.value
    below = one.low + np.sqrt(width * rise) * chance.root
    above = one.high - np.sqrt(width * fall) * chance.other_root
    return np.where(chance.at * width <= rise, below, above)


def _view(benefits: Numbers, costs: Value, running: Value, bar: float, bands: Sequence[Band]) -> ViewDrawn:
    net = benefits - costs
    spent = bool(np.all(np.asarray(costs) > 0))
    ratio = benefits / costs if spent else None
    counts, edges = np.histogram(net, BINS)
    return ViewDrawn(
        net_present_value=_spread(net),
        benefits=_spread(benefits),
        ratio=None if ratio is None else _spread(ratio),
        breaking_even=float(np.mean(benefits >= running)),
        ratio_above_1=None if ratio is None else float(np.mean(ratio > 1)),
        ratio_above_bar=None if ratio is None else float(np.mean(ratio > bar)),
        bands={} if ratio is None else shares(ratio, bands),
        histogram=(tuple(edges.tolist()), tuple(counts.tolist())),
    )


def _spread(values: Value) -> Spread:
    if np.ndim(values) == 0:
        return Spread(float(values), (float(values),) * len(LEVELS))
    return Spread(float(np.mean(values)), tuple(np.quantile(values, LEVELS).tolist()))
