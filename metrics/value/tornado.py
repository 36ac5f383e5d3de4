"""What matters most? Each input alone at its low and its high, everything else at its value.

The effect goes to its 95% limits; unit costs move all together (as in simulate.py). Bars are ordered by how far they move
the net present value. One at a time says nothing of two inputs that move together: simulate.py does.
Source: HM Treasury, The Green Book (2022), section 5.5, sensitivity analysis.
"""

from dataclasses import dataclass, replace

from metrics.value.case import Case
from metrics.value.parameters import Parameters
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


def tornado(case: Case, view: ViewName = "society", known: Parameters | None = None) -> tuple[Bar, ...]:
    """The inputs that have a range, widest first."""
    account = Account(case, known)
    at = account.values()
    bars = []
    for name in INPUTS:
        shown = account.range_of(name, view)
        if shown.is_fixed:
            continue
        low, high = (0.0, 2.0) if name == "unit_cost" else (shown.low, shown.high)  # the position of every type at once
        ends = [account.net_present_value(replace(at, **{name: end}), view) for end in (low, high)]
        bars.append(Bar(name, shown.value, shown.low, shown.high, ends[0], ends[1]))
    return tuple(sorted(bars, key=lambda bar: -bar.swing))
