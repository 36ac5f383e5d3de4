"""Who gains when an offence is averted: which share of its unit cost would have fallen on whom.

Three heads, never added twice. *Fiscal*: what public bodies would have spent. *Economic*: what people and firms would have
lost or spent in money, and output lost. *Social*: harm to the victim that no budget holds. All are parts of one unit cost,
so for each type their shares add to at most 1; what no source tells apart is `unknown`. `Fiscal`, `Economic` and `Social`
are sums of money that cannot be added to one another; `whole` puts parts of one unit cost together, once.

Shares: Home Office Online Report 30/05 (costs by category, 2003/04), with what criminal justice spends split among police,
courts, prison and probation as in the Greater Manchester unit cost database; where the report has no such crime, the
Greater Manchester pounds against the unit cost in use. docs/methods/who-gains.md has the theory.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, Self

from common.errors import ProblemError
from metrics.value.parameters import CRIMINAL_JUSTICE, Parameters, parameters
from metrics.value.prices import real
from metrics.value.reference import rows
from metrics.value.unit_costs import UnitCost

Head = Literal["fiscal", "economic", "social"]
HEADS: tuple[Head, ...] = ("fiscal", "economic", "social")
GAINERS = (
    *("police", "courts", "prison", "probation", "other_criminal_justice", "nhs", "council", "victim_services"),
    *("victims", "society"),
)
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Share:
    """The share (0 to 1) of a type's unit cost that one gainer is spared, under one head, at one stage.

    `stage`: anticipation (before a crime), consequence (of it) or response (to it); Research Report 99's three heads.
    """

    type: str
    gainer: str
    head: Head
    stage: str
    share: float
    read: str


@dataclass(frozen=True, slots=True)
class Money:
    """Pounds of one price year under one head. Adds to its own kind and price year only."""

    pounds: float
    price_year: str

    def __add__(self, other: object) -> Self:
        if type(other) is not type(self) or not isinstance(other, Money):
            raise ProblemError(
                f"{type(self).__name__.lower()} and {type(other).__name__.lower()} money cannot be added",
                "value for money",
                "money of one head: fiscal, economic and social figures overlap and are shown apart",
                "show them side by side, or add parts of one unit cost with `whole`",
            )
        if other.price_year != self.price_year:
            raise ProblemError(
                "Money of two price years cannot be added", "value for money", "one price year", "use real terms"
            )
        return type(self)(self.pounds + other.pounds, self.price_year)

    def __radd__(self, other: object) -> Self:
        """`sum` begins from 0."""
        return self if other == 0 else self.__add__(other)


class Fiscal(Money):
    """What public bodies would have spent."""


class Economic(Money):
    """What people and firms would have lost or spent in money."""


class Social(Money):
    """Harm that no budget holds, in money."""


class Unknown(Money):
    """The part of a unit cost that no source tells apart by who bears it."""


KINDS: dict[str, type[Money]] = {"fiscal": Fiscal, "economic": Economic, "social": Social, UNKNOWN: Unknown}


@dataclass(frozen=True, slots=True)
class Gain:
    """What one gainer is spared under one head for each offence of a mix averted."""

    gainer: str
    head: str
    money: Money


def shares(known: Parameters | None = None) -> tuple[Share, ...]:
    """Who gains, by type of offence: for each type the shares add to at most 1. The rest is not known."""
    return tuple(_shares(known or parameters()))


def gains(cost: UnitCost, known: Parameters | None = None) -> tuple[Gain, ...]:
    """Who is spared what for each averted offence of a mix: all heads and the unknown rest add to `cost.pounds`."""
    found: dict[tuple[str, str], float] = {}
    listed = shares(known)
    for one in cost.by_type:
        mine = [share for share in listed if share.type == one.type]
        for share in mine:
            key = share.gainer, share.head
            found[key] = found.get(key, 0) + one.share * one.pounds * share.share
        rest = one.share * one.pounds * max(0.0, 1 - sum(share.share for share in mine))
        if rest > 1e-9:
            found[UNKNOWN, UNKNOWN] = found.get((UNKNOWN, UNKNOWN), 0) + rest
    order = [*HEADS, UNKNOWN]
    listed_gains = (Gain(who, head, KINDS[head](pounds, cost.price_year)) for (who, head), pounds in found.items())
    return tuple(sorted(listed_gains, key=lambda gain: (order.index(gain.head), -gain.money.pounds)))


def total(found: Iterable[Gain], head: str) -> Money:
    """What all gainers are spared under one head."""
    parts = [gain.money for gain in found if gain.head == head]
    years = {part.price_year for part in parts}
    return sum(parts, start=KINDS[head](0.0, years.pop() if years else ""))


def whole(found: Iterable[Gain]) -> tuple[float, str]:
    """The pounds and price year of the unit cost that the gains of one `gains` are parts of, each counted once."""
    listed = list(found)
    years = {gain.money.price_year for gain in listed}
    if len(years) != 1:
        raise ProblemError("Gains are empty or of several price years", "value for money", "gains of one unit cost", "")
    return sum(gain.money.pounds for gain in listed), years.pop()


def _shares(known: Parameters) -> Iterator[Share]:
    @cache
    def uprated(from_year: str, to_year: str) -> float:
        return real(1, from_year, to_year, known)

    def heading(code: str, price_year: str) -> dict[str, float]:
        """Pounds by agency under one heading of the Greater Manchester database, in prices of one year."""
        found = ((row["gainer"], known[f"agency.{row['code']}"]) for row in _headings().get(code, ()))
        return {gainer: one.value * uprated(one.price_year, price_year) for gainer, one in found}

    for type_, listed in _rows_by_type().items():
        unit = known[f"crime.{type_}"]
        parts = {
            name: one.value * uprated(one.price_year, unit.price_year)
            for name, one in known.under(f"gains.{type_}").items()
        }
        for row in listed:
            agencies = heading(row["split"], unit.price_year)
            if row["of"]:  # the source has health apart
                agencies.pop("nhs", None)
            part = _part(row, parts, sum(agencies.values()), unit.value)
            for gainer, share in _split(row, agencies).items():
                yield Share(type_, gainer, row["head"], row["stage"], part * share, row["read"])  # type: ignore[arg-type]


def _part(row: Mapping[str, str], parts: Mapping[str, float], agencies: float, unit: float) -> float:
    """The share of the type's unit cost that a row is: of all its source's rows, else of the unit cost in use.

    A source's rows add to the whole that it publishes (`of`) within £1, so they are divided by their own sum: what a
    partnership puts in their place changes who gains, and never the unit cost.
    """
    if not row["of"]:
        return min(1.0, agencies / unit) if unit else 0.0
    whole_ = sum(parts.values())
    return parts[f"{row['stage']}.{row['gainer'] or CRIMINAL_JUSTICE}.{row['head']}"] / whole_ if whole_ else 0.0


def _split(row: Mapping[str, str], agencies: Mapping[str, float]) -> dict[str, float]:
    """A row's share among its gainers: its own, else as the agencies of a Greater Manchester heading bear it."""
    if row["gainer"]:
        return {row["gainer"]: 1.0}
    spent = sum(agencies.values())
    return {gainer: pounds / spent for gainer, pounds in agencies.items()} if spent else {}


@cache
def _rows_by_type() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("who_gains.csv"):
        found.setdefault(row["type"], []).append(row)
    return found


@cache
def _headings() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("agency_unit_costs.csv"):
        found.setdefault(row["heading"], []).append(row)
    found.pop("", None)
    return found
