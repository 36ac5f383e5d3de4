"""What an offence costs: by type, and for the mix of offences that a cohort commits.

    unit cost of a mix = sum over types of share(type) x unit cost(type), in one year's prices

`share` is of all offences, those without a unit cost included: these are valued at nothing, so the unit cost is of an
average offence and `share_without` travels with it. Low and high add each type's low and high: as if all were low, or all
high, at once. Unit costs are economic and social costs of a crime (Home Office Research Report 99, second edition, 2015/16
prices, and older editions for theft): what public bodies spend in response is in them. Which offence has which unit cost is
data/reference/offence_unit_costs.csv. docs/methods/unit-costs.md has the theory.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite

import polars as pl

from common.errors import ProblemError
from metrics.value.parameter import Parameter
from metrics.value.parameters import Parameters, parameters
from metrics.value.prices import real
from metrics.value.reference import rows

NONE = ""
"""The type of an offence that no unit cost is known for."""
_CLASS = re.compile(r"^0*(\d{1,3})(?:$|[/.]|[A-Za-z]|\d{2}$)")


@dataclass(frozen=True, slots=True)
class TypeCost:
    """One type of offence in a mix: its share of all offences, and what one costs in the price year of the mix."""

    type: str
    title: str
    share: float
    pounds: float
    low: float
    high: float
    checked: bool
    read: str
    local: bool


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What an average offence of a mix costs, in pounds of `price_year`.

    `share_without` of the offences have no unit cost and count as nothing; `share_unchecked` of all offences have a
    shipped one that nobody compared with the original (a partnership's own is its own affair, and marked local), and
    `share_from_memory` one that was typed from memory. `by_type`: the greatest
    part of the cost first.
    """

    pounds: float
    low: float
    high: float
    price_year: str
    share_without: float
    share_unchecked: float
    share_from_memory: float
    by_type: tuple[TypeCost, ...]


def crime_unit_costs(known: Parameters | None = None) -> Mapping[str, Parameter]:
    """The unit cost of each type of offence: value, low, high, price year, and how it was read."""
    return (known or parameters()).under("crime")


def mix_cost(mix: Mapping[str, float], price_year: str, known: Parameters | None = None) -> UnitCost:
    """What an average offence of a mix costs.

    `mix`: offences (or shares) of each type; `` holds those that have no unit cost. Errors: an unknown type, a negative
    count, an empty mix.
    """
    known = known or parameters()
    costs = crime_unit_costs(known)
    total = _total(mix, costs)
    found = []
    for type_, count in mix.items():
        if type_ == NONE or count == 0:
            continue
        one = costs[type_]
        low, high = (one.value if end is None else end for end in (one.low, one.high))
        by = real(1, one.price_year, price_year, known)
        found.append(
            TypeCost(
                type_, one.title, count / total, one.value * by, low * by, high * by, one.checked, one.read, one.local
            )
        )
    found.sort(key=lambda one: (-one.share * one.pounds, one.type))
    return UnitCost(
        pounds=sum(one.share * one.pounds for one in found),
        low=sum(one.share * one.low for one in found),
        high=sum(one.share * one.high for one in found),
        price_year=price_year,
        share_without=mix.get(NONE, 0) / total,
        share_unchecked=sum(one.share for one in found if not (one.checked or one.local)),
        share_from_memory=sum(one.share for one in found if one.read == "memory"),
        by_type=tuple(found),
    )


def _total(mix: Mapping[str, float], costs: Mapping[str, Parameter]) -> float:
    if unknown := sorted(type_ for type_ in mix if type_ != NONE and type_ not in costs):
        raise ProblemError(
            f"{len(unknown)} type(s) of offence have no unit cost", "a mix of offences", ", ".join(costs),
            "give these offences the type without a unit cost (empty)",
        )  # fmt: skip
    if any(not isfinite(count) or count < 0 for count in mix.values()):
        raise ProblemError("A count of offences is negative or missing", "a mix of offences", "0 or more", "")
    total = sum(mix.values())
    if total <= 0:
        raise ProblemError("A mix holds no offence", "a mix of offences", "at least one offence", "")
    return total


def offence_type(code: str | None, group: str) -> str:
    """The type whose unit cost an offence has, from its Home Office class and its group; `` where there is none.

    The class is the number before the stroke (028/01), or before the letter of a crime recording code (28E). Without one
    the offence has the cheapest type of its group.

    >>> offence_type("028/01", "burglary"), offence_type("30C", "burglary"), offence_type(None, "drugs")
    ('domestic_burglary', 'commercial_burglary', '')
    """
    by_class, others = _map()
    match = _CLASS.match((code or "").strip())
    if match and (group, int(match[1])) in by_class:
        return by_class[group, int(match[1])]
    return others.get((group, "other" if match else "unknown"), NONE)


def with_types(offences: pl.DataFrame) -> pl.DataFrame:
    """`offences` (offence_code, offence_group and any more columns) with `offence_type` beside them, `` where there is none."""
    kinds = offences.select("offence_code", "offence_group").unique()
    types = [offence_type(code, group) for code, group in kinds.iter_rows()]
    kinds = kinds.with_columns(offence_type=pl.Series(types, dtype=pl.String))
    return offences.join(
        kinds, on=["offence_code", "offence_group"], how="left", nulls_equal=True, maintain_order="left"
    )


@cache
def _map() -> tuple[dict[tuple[str, int], str], dict[tuple[str, str], str]]:
    by_class: dict[tuple[str, int], str] = {}
    others: dict[tuple[str, str], str] = {}
    for row in rows("offence_unit_costs.csv"):
        type_, group = NONE if row["type"] == "none" else row["type"], row["offence_group"]
        if row["classes"] == "any":
            others |= {(group, "other"): type_, (group, "unknown"): type_}
        elif row["classes"] in ("other", "unknown"):
            others[group, row["classes"]] = type_
        else:
            by_class |= {(group, int(number)): type_ for number in row["classes"].split()}
    return by_class, others
