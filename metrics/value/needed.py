"""What would have to be true? Each input alone, at the value where benefits just meet all the costs.

Everything else stays at its value. The value is looked for among all that are possible (an effect up to every offence
expected, shares from 0 to 1, an effect that lasts up to 40 years), and told with whether it lies within the input's own
range; None where no possible value would do. Source: HM Treasury, The Green Book (2022), section 5.5, switching values.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from metrics.value.case import YEARS, Case
from metrics.value.parameters import Parameters
from metrics.value.worked import INPUTS, Account, Inputs, ViewName

MOST = 1e6
"""How many times its value a unit cost, a multiplier or the costs may be looked for."""


@dataclass(frozen=True, slots=True)
class Needed:
    """One input: its value and range, and the value at which the case breaks even, set-up counted.

    `needed` None: no possible value would do. `within_range`: it lies between `low` and `high`. `pays_already`: the case
    breaks even as it stands, so that `needed` is how far the input could worsen. Units as in tornado.Bar.
    """

    name: str
    value: float
    low: float
    high: float
    needed: float | None
    within_range: bool
    pays_already: bool


def what_would_have_to_be_true(
    case: Case, view: ViewName = "society", known: Parameters | None = None
) -> tuple[Needed, ...]:
    """The value of each input at which the net present value is 0."""
    a = case.assumptions
    account = Account(case, known)
    long = replace(a, lasting_years=replace(a.lasting_years, high=float(YEARS)))
    longer = Account(replace(case, assumptions=long), account.known)
    at = account.values()
    pays = account.net_present_value(at, view) >= 0
    found = []
    for name in INPUTS:
        shown = account.range_of(name, view)
        net, low, high = _question(longer if name == "lasting_years" else account, at, name, view)
        value = _root(net, low, high)
        within = value is not None and shown.low - 1e-9 <= value <= shown.high + 1e-9
        found.append(Needed(name, shown.value, shown.low, shown.high, value, within, pays))
    return tuple(found)


def _question(account: Account, at: Inputs, name: str, view: ViewName) -> tuple[Callable[[float], float], float, float]:
    """The net present value as a function of one input, and the least and most that the input can be."""

    def net(value: float) -> float:
        if name == "unit_cost":
            return float(account.benefits(at, view, value) - account.costs(at))
        return account.net_present_value(replace(at, **{name: value}), view)

    possible = {
        "effect": (0.0, account.case.effect.expected_per_100),
        "unit_cost": (0.0, MOST * max(account.unit_costs[view].value, 1.0)),
        "costs": (0.0, MOST),
        "multiplier": (0.0, MOST),
        "lasting_years": (1.0, float(YEARS)),
    }
    low, high = possible.get(name, (0.0, 1.0))
    return net, low, high


def _root(net: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a function that rises or falls throughout crosses 0, by halving; None where it does not."""
    at_low, at_high = net(low), net(high)
    if at_low == 0:
        return low
    if at_high == 0:
        return high
    if (at_low > 0) == (at_high > 0):
        return None
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high) or high - low <= 1e-12 * abs(middle):
            break
        low, high = (middle, high) if (net(middle) > 0) == (at_low > 0) else (low, middle)
    return (low + high) / 2
