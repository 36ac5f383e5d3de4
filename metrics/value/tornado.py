"""What matters most? Each input alone at its low and its high, everything else at its value.

The effect goes to its 95% limits; unit costs move all together (as in simulate.py). Bars are ordered by how far they move
the net present value. One at a time says nothing of two inputs that move together: simulate.py does.
Source: HM Treasury, The Green Book (2022), section 5.5, sensitivity analysis.
"""

from dataclasses import dataclass, replace

from metrics.value.case import Case, Range
from metrics.value.worked import INPUTS, Account, ViewName


@dataclass(frozen=True, slots=True)
class Bar:
    """One input: its low and high, and the net present value at each. `at_low` may be above `at_high`.

    `effect` is in offences averted per 100 people, `unit_cost` in pounds an offence of the mix in the view, `costs` a
    multiple of the recorded, the rest as in Assumptions.
    """

    name: str
    value: float
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """Pounds from one end to the other."""
        return abs(self.at_high - self.at_low)


def tornado(case: Case, view: ViewName = "society") -> tuple[Bar, ...]:
    """The inputs that have a range, widest first."""
    account = Account(case)
    at = account.values()
    bars = []
    for name in INPUTS:
        one, shown = taken(account, name), range_of(account, name, view)
        if one.is_fixed or shown.is_fixed:
            continue
        ends = [account.net_present_value(replace(at, **{name: end}), view) for end in (one.low, one.high)]
        bars.append(Bar(name, shown.value, shown.low, shown.high, ends[0], ends[1]))
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def taken(account: Account, name: str) -> Range:
    """The range of an input as Inputs takes it: unit costs by their position."""
    return Range(1.0, 0.0, 2.0) if name == "unit_cost" else range_of(account, name)


def range_of(account: Account, name: str, view: ViewName = "society") -> Range:
    """The range of an input as it is shown."""
    effect = account.case.effect
    if name == "effect":
        return Range(effect.averted_per_100, effect.lower, min(effect.upper, effect.expected_per_100))
    if name == "unit_cost":
        return account.unit_costs[view]
    if name == "costs":
        return account.case.costs.spread
    one: Range = getattr(account.assumptions, name)
    return one
