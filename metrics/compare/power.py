"""How many would it take? Power before a programme starts, for a reoffending rate and for counts of reoffences.

Two questions, both ways round: with so many people, what is the smallest fall that a comparison would find four times in
five; and for such a fall, how many people. Comparison groups are k controls to each person, so 60 people with ten
controls each are not 120 people. docs/methods/power.md is its page, with what simulation gave.

It says what a good comparison could find. Poor matching, missing follow-up and people who do not turn up all take power
away, so plan for more; and it never says afterwards why a result is what it is (the interval does).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log, sqrt

from common.errors import ProblemError

LEVEL = 0.05
"""Two-sided type I error; as everywhere, a finding in the wrong direction does not count as power."""
POWER = 0.80
MOST = 10_000_000
STEPS = 1000
"""Falls are looked for in so many steps, then by halving."""
SIZES = (60, 200, 1000)
"""The numbers of people that the table shows."""


@dataclass(frozen=True, slots=True)
class Design:
    """`controls` to each person, and how far people's being alike cuts what they tell.

    `design_effect` = 1 + (entries a person - 1) x likeness, or (1 + (people a cluster - 1) x likeness) where people come
    in groups (officers, hostels): variances are multiplied by it. `level` is two-sided.
    """

    controls: float = 10.0
    design_effect: float = 1.0
    level: float = LEVEL

    def __post_init__(self) -> None:
        if not (self.controls > 0 and self.design_effect >= 1 and 0 < self.level < 1):
            raise _wrong("the design", "controls above 0, a design effect of at least 1, a level between 0 and 1")

    @property
    def z(self) -> float:
        return _quantile(1 - self.level / 2)


def design_effect(size: float, likeness: float) -> float:
    """1 + (size - 1) x likeness (Kish 1965): people in a cluster (or entries a person) and their intraclass correlation."""
    if not (size >= 1 and 0 <= likeness <= 1):
        raise _wrong("the design effect", "a size of at least 1 and a likeness between 0 and 1")
    return 1 + (size - 1) * likeness


@dataclass(frozen=True, slots=True)
class Rate:
    """Shares of people who reoffend: `without` the programme, `controls` observed at that rate."""

    without: float

    def __post_init__(self) -> None:
        if not 0 < self.without < 1:
            raise _wrong("the reoffending rate", "a share between 0 and 1")

    def power(self, people: float, with_it: float, design: Design) -> float:
        """Power of the comparison of two proportions, with p = (p1 + k p0) / (1 + k):

        Phi((|p1 - p0| sqrt(n / D) - z sqrt(p (1 - p) (1 + 1/k))) / sqrt(p1 (1 - p1) + p0 (1 - p0) / k)), n the people, D the
        design effect (Fleiss, Levin and Paik 2003, 4.2; R's power.prop.test for k = 1).
        """
        k, p1, p0 = design.controls, with_it, self.without
        pooled = (p1 + k * p0) / (1 + k)
        top = abs(p1 - p0) * sqrt(people / design.design_effect) - design.z * sqrt(pooled * (1 - pooled) * (1 + 1 / k))
        return _normal(top / sqrt(p1 * (1 - p1) + p0 * (1 - p0) / k))


@dataclass(frozen=True, slots=True)
class Count:
    """Reoffences a person: mean `without` the programme, negative binomial with `shape` (variance m + m² / shape).

    The smaller the shape, the more of the total a few people commit: about 0.3 to 0.7 for reoffences in a year (0.55 gives
    the prolific of 2009, 56% reoffending 4.3 times each). A longer tail needs more people than this says.
    """

    without: float
    shape: float

    def __post_init__(self) -> None:
        if not (self.without > 0 and self.shape > 0):
            raise _wrong("reoffences a person and their shape", "numbers above 0")

    def power(self, people: float, with_it: float, design: Design) -> float:
        """Power of the comparison of log means, with V = (1/m1 + 1/shape) + (1/m0 + 1/shape) / k:

        Phi(|log(m1 / m0)| sqrt(n / (D V)) - z), as the verdict reads the interval, whose width is that under the difference
        itself (Zhu and Lakkis 2014, with the true rates; Friede and Schmidli 2010).
        """
        k, m1, m0 = design.controls, with_it, self.without
        spread = (1 / m1 + 1 / self.shape) + (1 / m0 + 1 / self.shape) / k
        return _normal(abs(log(m1 / m0)) * sqrt(people / design.design_effect / spread) - design.z)


Outcome = Rate | Count


def people_needed(outcome: Outcome, with_it: float, design: Design | None = None, power: float = POWER) -> int:
    """The fewest people (controls come on top) for whom the comparison finds the difference with this power."""
    design = design or Design()
    _check(power, design)
    if with_it <= 0 or with_it == outcome.without or (isinstance(outcome, Rate) and with_it >= 1):
        raise _wrong("the outcome with the programme", "above 0, different from the outcome without it, a rate below 1")
    if outcome.power(MOST, with_it, design) < power:
        raise ProblemError(
            f"More than {MOST:,} people would be needed", "power", "a difference that can be found", "expect more of it"
        )
    return ceil(_root(lambda people: outcome.power(people, with_it, design) - power, 1e-6, MOST) - 1e-6)


def smallest_fall(outcome: Outcome, people: float, design: Design | None = None, power: float = POWER) -> float | None:
    """The outcome with the programme, the nearest below `without` that would be found with this power; None if no
    fall would be."""
    design = design or Design()
    _check(power, design)
    if people <= 0:
        raise _wrong("people", "a number above 0")
    # From no fall downwards: near no reoffending at all, a count's own chance of none takes the power away again.
    levels = [outcome.without * (1 - step / STEPS) for step in range(1, STEPS)]
    found = next((at for at, level in enumerate(levels) if outcome.power(people, level, design) >= power), None)
    if found is None:
        return None
    above = levels[found - 1] if found else outcome.without * (1 - 1e-9)
    return _root(lambda level: power - outcome.power(people, level, design), levels[found], above)


def _check(power: float, design: Design) -> None:
    if not design.level / 2 < power < 1:
        raise _wrong("power", "between half the level and 1, usually 0.8")


def _root(over: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses 0, by halving."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if over(middle) < 0 else (low, middle)
    return high


def _normal(z: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(z))


def _quantile(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))


def _wrong(what: str, allowed: str) -> ProblemError:
    return ProblemError(f"{what[0].upper()}{what[1:]} cannot be used", "power", allowed, "give another value")


@dataclass(frozen=True, slots=True)
class Row:
    """What `people` with their controls could find: the outcome with the programme, the fall and the fall in %."""

    people: int
    controls: float
    without: float
    with_it: float | None

    @property
    def fall(self) -> float | None:
        return None if self.with_it is None else self.without - self.with_it

    @property
    def fall_percent(self) -> float | None:
        return None if self.fall is None else 100 * self.fall / self.without


def table(
    outcome: Outcome, design: Design | None = None, power: float = POWER, sizes: Sequence[int] = SIZES
) -> list[Row]:
    """The smallest fall that 60, 200 and 1,000 people would show."""
    design = design or Design()
    return [Row(n, n * design.controls, outcome.without, smallest_fall(outcome, n, design, power)) for n in sizes]
