"""What the case comes to: offences averted, benefits by who gains, net present value, ratio and payback.

`worked_out(case)` gives the one set of figures; simulate.py, tornado.py and needed.py put other values through the same
arithmetic (`Inputs`, `Account`). docs/methods/cost-benefit.md has a case worked by hand.

    averted, first year  = effect / 100 x people x multiplier x (1 - displacement) x (1 - deadweight) x attribution
    benefit              = averted x unit cost of the mix x sum over years (share left x discount factor)
                           less optimism bias, where it is a gain
    net present value    = benefit - (running + set-up) x spread x (1 + optimism bias of costs)

Two views, each complete and never added: *society* counts all that an offence costs anybody, public budgets with it;
*fiscal* counts public budgets alone. The year followed is year 0, with the costs: its discount factor is 1.
Source: HM Treasury, The Green Book (2022), chapters 5 and 6; Greater Manchester Combined Authority, Supporting public
service transformation: cost benefit analysis guidance (2014), sections 3 to 6.
"""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from math import ceil, isclose
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from common.errors import ProblemError
from metrics.value import discounting, prices
from metrics.value.benefits import KINDS, UNKNOWN, Money
from metrics.value.case import Case, Head, Range
from metrics.value.parameters import Parameters, parameters

Numbers = NDArray[np.float64]
Value = float | Numbers
ViewName = Literal["society", "fiscal"]
VIEWS: tuple[ViewName, ...] = ("society", "fiscal")


@dataclass(frozen=True, slots=True)
class View:
    """One complete account, in present pounds of `price_year`. Two views overlap, so that adding them is an error.

    `benefits` is a loss where negative. `ratio` = benefits / costs: what comes back for each pound spent; None where
    nothing was spent. `payback_years`: how long until discounted benefits have met costs; None is never.
    """

    name: ViewName
    benefits: float
    costs: float
    payback_years: float | None
    price_year: str

    @property
    def net_present_value(self) -> float:
        return self.benefits - self.costs

    @property
    def ratio(self) -> float | None:
        return self.benefits / self.costs if self.costs > 0 else None

    def __add__(self, other: object) -> "View":
        raise ProblemError(
            "Views of value cannot be added: society's holds the fiscal one already",
            "value for money",
            "one view at a time",
            "show them side by side",
        )

    __radd__ = __add__


@dataclass(frozen=True, slots=True)
class Averted:
    """Offences of one type averted over all the years that the effect lasts, and their present worth to society before
    optimism bias; `pounds` None where the type has no unit cost."""

    offence_type: str
    offences: float
    pounds: float | None
    checked: bool


@dataclass(frozen=True, slots=True)
class Gain:
    """What one gainer gains under one head, after optimism bias, in present pounds."""

    gainer: str
    head: Head
    pounds: float


@dataclass(frozen=True, slots=True)
class Worked:
    """All that the one set of figures says.

    - `averted_first_year`, `averted`: offences in the followed year and in all years (not discounted).
    - `society`, `fiscal`: the two views. `saved_per_pound` is fiscal benefits for each pound spent.
    - `gains`: by gainer and head; those under `fiscal` sum to the fiscal view's benefits, and all of them, with
      `not_attributed`, to society's.
    - `running`, `set_up`, `added_for_optimism`: what the costs are made of; `taken_for_optimism`: what was taken off
      society's benefits. `share_without`: offences without a unit cost, valued at nothing.
    - `harm`: whether more offences were committed than expected, so that the benefits are a loss.
    """

    averted_first_year: float
    averted: float
    by_type: tuple[Averted, ...]
    society: View
    fiscal: View
    gains: tuple[Gain, ...]
    not_attributed: float
    running: float
    set_up: float
    added_for_optimism: float
    taken_for_optimism: float
    share_without: float
    share_unchecked: float
    harm: bool
    price_year: str

    def view(self, name: ViewName) -> View:
        return self.society if name == "society" else self.fiscal

    def heads(self) -> dict[str, Money]:
        """Society's benefits by head, as money that adds to its own kind alone; `unknown` is what is not attributed."""
        sums = dict.fromkeys(KINDS, 0.0)
        for gain in self.gains:
            sums[gain.head] += gain.pounds
        sums[UNKNOWN] = self.not_attributed
        return {head: KINDS[head](pounds, self.price_year) for head, pounds in sums.items()}

    @property
    def saved_per_pound(self) -> float | None:
        """Pounds that public budgets save for each pound spent; a negative one is a loss; None where none was."""
        return self.fiscal.ratio


@dataclass(frozen=True, slots=True)
class Inputs:
    """The values that one working-out takes, each a number or an array of draws.

    `unit_cost` is a position: 0 every type at its low, 1 at its value, 2 at its high, straight between.
    `costs` is a multiple of the recorded costs. The rest are as in Effect and Assumptions.
    """

    effect: Value
    unit_cost: Value
    costs: Value
    multiplier: Value
    displacement: Value
    deadweight: Value
    attribution: Value
    lasting_years: Value
    drop_off: Value


INPUTS = tuple(one.name for one in fields(Inputs))


class Account:
    """The arithmetic of one case, all money in its price year: any inputs to benefits, costs and net present value."""

    def __init__(self, case: Case, known: Parameters | None = None) -> None:
        self.known = known or parameters()
        self.case = real_terms(case, self.known)
        self.assumptions = self.case.assumptions
        self.running = self.case.costs.running(self.case.basis)
        self.set_up = self.case.costs.set_up
        self.spent = (self.running + self.set_up) * (1 + self.assumptions.optimism_costs)

    @cached_property
    def factors(self) -> tuple[float, ...]:
        """The discount factor of each year that the effect may last; year 0 is 1."""
        rate, years = self.assumptions.discount_rate, ceil(self.assumptions.lasting_years.high)
        if rate is None:
            return tuple(discounting.factors(years, known=self.known))
        return tuple((1 + rate) ** -year for year in range(years))

    @cached_property
    def unit_costs(self) -> dict[ViewName, Range]:
        """What one offence of the mix costs by view; types without a unit cost add nothing."""
        return {"society": _mix(self.case, None), "fiscal": _mix(self.case, "fiscal")}

    def values(self) -> Inputs:
        """The case's own values."""
        a = self.assumptions
        return Inputs(
            effect=self.case.effect.averted_per_100,
            unit_cost=1.0,
            costs=self.case.costs.spread.value,
            multiplier=a.multiplier.value,
            displacement=a.displacement.value,
            deadweight=a.deadweight.value,
            attribution=a.attribution.value,
            lasting_years=a.lasting_years.value,
            drop_off=a.drop_off.value,
        )

    def range_of(self, name: str, view: ViewName = "society") -> Range:
        """An input's range as it is shown: unit costs in pounds an offence of the mix, the effect by its 95% limits."""
        effect = self.case.effect
        if name == "effect":
            return Range(effect.averted_per_100, effect.lower, min(effect.upper, effect.expected_per_100))
        if name == "unit_cost":
            return self.unit_costs[view]
        if name == "costs":
            return self.case.costs.spread
        one: Range = getattr(self.assumptions, name)
        return one

    def averted_first_year(self, at: Inputs) -> Value:
        """Offences averted in the followed year."""
        kept = (1 - at.displacement) * (1 - at.deadweight) * at.attribution
        return at.effect / 100 * self.case.effect.people * at.multiplier * kept

    def years(self, at: Inputs, *, discounted: bool = True) -> Value:
        """The sum over years of the share of the first year's effect that is left, discounted.

        Year t counts in full, or for the part of it that the effect still lasts: clip(lasting - t, 0, 1) (1 - drop)^t.
        """
        total: Value = 0.0
        left: Value = 1.0
        for year, factor in enumerate(self.factors):
            total = total + part_of_year(at.lasting_years, year) * left * (factor if discounted else 1.0)
            left = left * (1 - at.drop_off)
        return total

    def unit_cost(self, at: Inputs, view: ViewName) -> Value:
        """Pounds an offence of the mix, at the position of `Inputs.unit_cost`."""
        one = self.unit_costs[view]
        below, above = np.minimum(at.unit_cost, 1.0), np.maximum(at.unit_cost, 1.0) - 1.0
        return one.low + (one.value - one.low) * below + (one.high - one.value) * above

    def benefits(self, at: Inputs, view: ViewName, unit_cost: Value | None = None) -> Value:
        """Present pounds, after optimism bias; a loss is not made smaller by it."""
        each = self.unit_cost(at, view) if unit_cost is None else unit_cost
        return self.cautious(self.averted_first_year(at) * self.years(at) * each)

    def cautious(self, benefits: Value) -> Value:
        """What optimism bias leaves of benefits."""
        return benefits - self.assumptions.optimism_benefits * np.maximum(benefits, 0.0)

    def costs(self, at: Inputs) -> Value:
        """Present pounds spent, set-up with them, optimism bias added."""
        return self.spent * at.costs

    def net_present_value(self, at: Inputs, view: ViewName = "society") -> float:
        """For single values."""
        return float(self.benefits(at, view) - self.costs(at))


def worked_out(case: Case, known: Parameters | None = None) -> Worked:
    """The case at its own values. `known`: parameters for prices and discounting, those shipped by default."""
    account = Account(case, known)
    at, effect = account.values(), case.effect
    first = float(account.averted_first_year(at))
    years, all_years = float(account.years(at)), float(account.years(at, discounted=False))
    multiple = account.case.costs.spread.value
    by_type = tuple(
        Averted(
            one.offence_type,
            first * all_years * one.share,
            None if one.pounds is None else first * years * one.share * one.pounds.value,
            one.checked,
        )
        for one in account.case.offences
    )
    gains = _gains(account, first * years)
    told = sum(gain.pounds for gain in gains)
    society, fiscal = (_view(account, at, view) for view in VIEWS)
    before = first * years * account.unit_costs["society"].value
    return Worked(
        averted_first_year=first,
        averted=first * all_years,
        by_type=by_type,
        society=society,
        fiscal=fiscal,
        gains=gains,
        not_attributed=0.0 if isclose(told, society.benefits) else society.benefits - told,
        running=account.running * multiple,
        set_up=account.set_up * multiple,
        added_for_optimism=(account.running + account.set_up) * multiple * account.assumptions.optimism_costs,
        taken_for_optimism=before - society.benefits,
        share_without=case.share_without,
        share_unchecked=case.share_unchecked,
        harm=effect.averted_per_100 < 0,
        price_year=case.assumptions.price_year,
    )


def real_terms(case: Case, known: Parameters | None = None) -> Case:
    """The case with all its money in the prices of its price year (GDP deflator)."""
    year, costs = case.assumptions.price_year, case.costs
    years = {costs.price_year, *(one.price_year for one in case.valued())}
    by = {one: prices.real(1.0, one, year, known) for one in years}
    more = by[costs.price_year]
    return replace(
        case,
        costs=replace(
            costs,
            cash=costs.cash * more,
            mainstream=costs.mainstream * more,
            in_kind=costs.in_kind * more,
            set_up=costs.set_up * more,
            payers=tuple((who, pounds * more) for who, pounds in costs.payers),
            price_year=year,
        ),
        offences=tuple(
            one if one.pounds is None else replace(one, pounds=one.pounds.scaled(by[one.price_year]), price_year=year)
            for one in case.offences
        ),
    )


def part_of_year(lasting: Value, year: int) -> Value:
    """How much of year `year` (0 is the first) an effect lasts that goes on for `lasting` years."""
    return np.clip(lasting - year, 0.0, 1.0)


def _mix(case: Case, head: Head | None) -> Range:
    """Share x unit cost over the types, of one head's part of it or of the whole."""
    ends = []
    for name in ("value", "low", "high"):
        ends.append(
            sum(
                one.share * getattr(one.pounds, name) * (1.0 if head is None else one.borne(head))
                for one in case.valued()
            )
        )
    return Range(*ends)


def _gains(account: Account, offences: float) -> tuple[Gain, ...]:
    """Discounted offences to pounds, by gainer and head, each after optimism bias."""
    found: dict[tuple[str, Head], float] = {}
    for one in account.case.valued():
        assert one.pounds is not None
        for part in one.parts:
            key = (part.gainer, part.head)
            found[key] = found.get(key, 0.0) + offences * one.share * one.pounds.value * part.share
    return tuple(Gain(gainer, head, float(account.cautious(pounds))) for (gainer, head), pounds in found.items())


def _view(account: Account, at: Inputs, view: ViewName) -> View:
    benefits, costs = float(account.benefits(at, view)), float(account.costs(at))
    return View(view, benefits, costs, _payback(account, at, view, costs), account.assumptions.price_year)


def _payback(account: Account, at: Inputs, view: ViewName, costs: float) -> float | None:
    """Years until discounted benefits meet the costs, evenly within a year; 0 where nothing was spent; None never."""
    if costs <= 0:
        return 0.0
    each = float(account.cautious(account.averted_first_year(at) * account.unit_cost(at, view)))
    if each <= 0:
        return None
    met, left = 0.0, 1.0
    for year, factor in enumerate(account.factors):
        part = float(part_of_year(at.lasting_years, year))
        rate = each * left * factor
        if part > 0 and rate > 0 and met + rate * part >= costs * (1 - 1e-12):
            return year + (costs - met) / rate
        met += rate * part
        left *= 1 - float(at.drop_off)
    return None
