"""What if? A case with some of its assumptions moved, how an address writes that down, and what it comes to.

A scenario supposes; it is no verdict. A setting left alone keeps the published value with its whole range; one that is
moved is taken as known. An address holds only settings and a name of a safe pattern: nothing personal may be in one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from common.errors import ProblemError
from metrics.value import prices
from metrics.value.break_even import ALL, BreakEven, Expected, Reduction, break_even
from metrics.value.break_even_rows import within
from metrics.value.case import Basis, Case, Effect, Range
from metrics.value.cost_per_person import EXACT, Rounded
from metrics.value.parameters import Parameters
from metrics.value.simulate import BAR, DRAWS, Simulated, simulate
from metrics.value.worked import Account, Worked, worked_out

MOST_BESIDE = 3
"""How many named scenarios may stand beside the one that is being tried."""
PUBLISHED = "As published"
NAME = re.compile(r"^(?!.*\d.* .*\d)(?:[A-Za-z]+|\d{1,3})(?: (?:[A-Za-z]+|\d{1,3})){0,4}$")
LONGEST_NAME = 24
NAME_RULE = (
    "Up to five plain words, one of which may be a number below 1,000, 24 letters in all. The name stands in the page's"
    " address, which gets sent on and logged: name the idea, such as Half the cost, and never a person. A person's name"
    " cannot be told from other words here, and is not stopped."
)
END, OF = "~", "."


@dataclass(frozen=True, eq=False, slots=True)
class Figures:
    """The parameters of one level of a release, how many draws it was published with, and how it is rounded. Each is told from every other by being that one, so that what is worked out with it can be kept."""

    known: Parameters
    draws: int = DRAWS
    rounded: Rounded = EXACT


@dataclass(frozen=True, slots=True)
class Knob:
    """One thing that can be moved: what it is called, from where to where, where it stands when it is left alone."""

    id: str
    label: str
    help: str
    least: float = 0
    most: float = 0
    step: float = 1
    default: float = 0
    suffix: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_choice(self) -> bool:
        return bool(self.options)

    @property
    def whole(self) -> bool:
        """Whether its numbers have no decimals."""
        return all(float(x).is_integer() for x in (self.least, self.most, self.step, self.default))

    def read(self, text: str) -> float | str | None:
        """A setting as an address writes it; None where it is not one of this knob's."""
        if self.is_choice:
            return text if text in dict(self.options) else None
        if not re.fullmatch(r"-?\d{1,4}(?:\.\d{1,2})?", text):
            return None
        number = float(text)
        if not self.least <= number <= self.most:
            return None
        return int(number) if self.whole and number.is_integer() else number

    def said(self, value: float | str) -> str:
        """A setting as a reader sees it."""
        if self.is_choice:
            return dict(self.options)[str(value)]
        if self.id == "effect":
            end = "most" if float(value) > 0 else "least"
            return f"{abs(float(value)):g}% of the way to its {end} favourable end"
        return f"{float(value):g}{self.suffix}"

    @property
    def standing(self) -> float | str:
        """Where it stands when it is left alone."""
        return self.options[0][0] if self.is_choice else self.default


Settings = Mapping[str, float | str]
"""What is moved, by the knob's id; what is left alone is not in it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A scenario with the name it was given."""

    name: str
    settings: Settings


def knobs(case: Case, years: Sequence[str]) -> tuple[Knob, ...]:
    """All that can be moved, each standing at the published value of this case."""
    a = case.assumptions

    def percent(name: str) -> float:
        return round(100 * getattr(a, name).value, 2)

    return (
        Knob("cost", "What it cost", "In % of what was recorded.", 20, 300, 5, 100, "%"),
        Knob("effect", "Effect", "Where in its 95% interval: \u2212100 is the least favourable end, 0 as found, 100 the most favourable.",
             -100, 100, 10, 0),
        Knob("unit", "Unit costs", "Every type of offence at the low end, the middle or the high end of its range.",
             options=(("middle", "As published"), ("low", "Low"), ("high", "High"))),
        Knob("multiplier", "Crimes for each proven reoffence", "1 counts what was proven and no more.", 1, 10, 0.5, a.multiplier.value, " to 1"),
        Knob("deadweight", "Deadweight", "The share that would have been prevented anyway. A comparison group has taken that off already.",
             0, 100, 5, percent("deadweight"), "%"),
        Knob("displacement", "Displacement", "The share of prevented offences that others commit instead.", 0, 100, 5, percent("displacement"), "%"),
        Knob("attribution", "Attribution", "The share of the effect that is this scheme's own.", 0, 100, 5, percent("attribution"), "%"),
        Knob("lasting", "Years that it lasts", "The year that was followed is the first.", 1, 10, 1, a.lasting_years.value),
        Knob("discount", "Discount rate", "What a later year's pound is taken down by.",
             options=(("green", "Green Book"), ("0", "0%"), ("1.5", "1.5%"), ("3.5", "3.5% throughout"), ("6", "6%"))),
        Knob("prices", "Price year", "The year whose prices every amount is in.",
             options=((a.price_year, f"{a.price_year} (as published)"), *((y, y) for y in years if y != a.price_year))),
    )  # fmt: skip


def moved(found: Mapping[str, float | str], of: Sequence[Knob]) -> dict[str, float | str]:
    """The settings that do not stand where they were published."""
    return {knob.id: found[knob.id] for knob in of if knob.id in found and found[knob.id] != knob.standing}


def written(named: Named) -> str:
    """A named scenario as the address holds it: `Half the cost~cost.50~unit.low`."""
    return END.join([named.name, *(f"{key}{OF}{_number(value)}" for key, value in named.settings.items())])


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{float(value):g}"


def read(text: str, of: Sequence[Knob]) -> Named | None:
    """A named scenario out of an address; None where any part of it is not as `written` writes it."""
    name, *parts = text.split(END)
    knobs = {knob.id: knob for knob in of}
    settings: dict[str, float | str] = {}
    for part in parts:
        key, _, value = part.partition(OF)
        found = knobs[key].read(value) if key in knobs else None
        if found is None or key in settings:
            return None
        settings[key] = found
    return Named(name, settings) if is_name(name) and settings else None


def is_name(text: str) -> bool:
    """Whether a scenario may be called so: plain words and at most one number below 1,000, so that no
    reference, telephone number, date of birth or house and flat of a person fits. A name cannot be told from a word."""
    return len(text) <= LONGEST_NAME and bool(NAME.match(text)) and text != PUBLISHED


def under(case: Case, settings: Settings) -> Case:
    """The case with these settings; whatever is moved is taken as known."""
    a, costs, effect, offences = case.assumptions, case.costs, case.effect, case.offences
    if "displacement" in settings:
        a = replace(a, displacement=_share(settings["displacement"]))
    if "deadweight" in settings:
        a = replace(a, deadweight=_share(settings["deadweight"]))
    if "attribution" in settings:
        a = replace(a, attribution=_share(settings["attribution"]))
    if "multiplier" in settings:
        a = replace(a, multiplier=Range.fixed(float(settings["multiplier"])))
    if "lasting" in settings:
        a = replace(a, lasting_years=Range.fixed(float(settings["lasting"])))
    if "discount" in settings and settings["discount"] != "green":
        a = replace(a, discount_rate=float(settings["discount"]) / 100)
    if "prices" in settings:
        a = replace(a, price_year=str(settings["prices"]))
    if "cost" in settings:
        by = float(settings["cost"]) / 100
        costs = replace(
            costs, cash=costs.cash * by, mainstream=costs.mainstream * by, in_kind=costs.in_kind * by, set_up=costs.set_up * by,
            spread=Range.fixed(costs.spread.value), payers=tuple((who, pounds * by) for who, pounds in costs.payers),
        )  # fmt: skip
    if "effect" in settings:
        at = placed(effect, float(settings["effect"]))
        effect = replace(effect, averted_per_100=at, lower=at, upper=at)
    if (unit := settings.get("unit")) in ("low", "high"):
        offences = tuple(
            one if one.pounds is None else replace(one, pounds=Range.fixed(getattr(one.pounds, str(unit))))
            for one in offences
        )
    return replace(case, assumptions=a, costs=costs, effect=effect, offences=offences)


def _share(percent: float | str) -> Range:
    return Range.fixed(float(percent) / 100)


def placed(effect: Effect, position: float) -> float:
    """Offences averted per 100 at a place in the interval: -100 its lower limit, 0 as found, 100 its upper limit."""
    reach = effect.upper - effect.averted_per_100 if position > 0 else effect.averted_per_100 - effect.lower
    return min(effect.averted_per_100 + position / 100 * reach, effect.expected_per_100)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario comes to: break-even, one set of figures, and the draws."""

    name: str
    settings: Settings
    case: Case
    even: BreakEven
    reduction: Reduction
    worked: Worked
    drawn: Simulated
    basis: Basis

    @property
    def paying(self) -> float:
        """The share of draws in which everybody's gain is more than all the costs; where nothing was spent, that it is no harm."""
        above = self.drawn.society.ratio_above_1
        return 1 - self.drawn.harm if above is None else above

    @property
    def supposes_the_effect(self) -> bool:
        """Whether the effect is taken as known: then whatever it says is an `if so`, and no finding."""
        return self.case.effect.lower == self.case.effect.upper


@lru_cache(maxsize=256)
def _come_to(case: Case, bar: float, draws: int, figures: Figures) -> tuple[BreakEven, Reduction, Worked, Simulated]:
    known = figures.known
    account = Account(case, known)
    a, effect = case.assumptions, case.effect
    expected = Expected(effect.expected_per_100, effect.people)
    ends = [
        min(ALL, ALL * x / effect.expected_per_100) if effect.expected_per_100 else 0.0
        for x in (effect.averted_per_100, effect.lower, effect.upper)
    ]
    seen = Reduction(*ends).counted(a.counted)
    even = break_even(
        account.running, account.unit_costs["society"].value, a.price_year, expected, seen,
        multiplier=a.multiplier.value, within=within(expected, figures.rounded),
        unit_cost_high=account.unit_costs["society"].high,
    )  # fmt: skip
    return even, seen, worked_out(case, known), simulate(case, draws, bar=bar, known=known)


def come_to(
    name: str, case: Case, settings: Settings, figures: Figures, *, bar: float = BAR, draws: int = DRAWS
) -> Outcome:
    """What the case comes to under these settings. Kept by its figures: the same question is answered once."""
    moved_case = under(case, settings)
    even, seen, worked, drawn = _come_to(moved_case, bar, draws, figures)
    return Outcome(name, settings, moved_case, even, seen, worked, drawn, case.basis)


def published(case: Case, figures: Figures, bar: float) -> Outcome:
    """The case as it was published, with as many draws."""
    return come_to(PUBLISHED, case, {}, figures, bar=bar, draws=figures.draws)


def price_years(case: Case, figures: Figures) -> list[str]:
    """The price years that can be chosen: those around the published one for which there is a deflator, the latest first."""
    first = int(case.assumptions.price_year[:4])
    return [year for year in (_label(y) for y in range(first + 2, first - 13, -1)) if _has(year, figures)]


def _label(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def _has(year: str, figures: Figures) -> bool:
    try:
        return prices.real(1.0, year, year, figures.known) > 0
    except ProblemError:
        return False


def listed(values: Sequence[str], of: Sequence[Knob]) -> Iterator[Named | str]:
    """The named scenarios of an address, in order, each once and no more than may stand side by side; a text that is none as it is."""
    seen: set[str] = set()
    for text in values:
        named = read(text, of)
        if named is None or named.name in seen or len(seen) == MOST_BESIDE:
            yield text
            continue
        seen.add(named.name)
        yield named
