"""The mix of offences that people of a scheme or programme reoffend with, and what an average one of it costs.

A district's own mix stands where it holds `ENOUGH` proven reoffences; else the mix of the whole scheme or programme;
else that of everybody on any of its kind. `which` says which it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from metrics.value.parameters import Parameters
from metrics.value.published import Key
from metrics.value.unit_costs import UnitCost, mix_cost, with_types

ENOUGH = 50
"""Reoffences in a mix below which one more burglary would move the unit cost too far."""
POOLED = "all"
Which = Literal["own", "subject", "kind"]


@dataclass(frozen=True, slots=True)
class Mix:
    """Offences by type ('' has no unit cost), what an average one costs, and whose mix it is."""

    offences: Mapping[str, float]
    cost: UnitCost
    which: Which


class Mixes:
    """The mixes of a store, by subject and district ('' is everywhere; subject '' everybody of the kind)."""

    def __init__(self, counted: Mapping[Key, Mapping[str, float]], known: Parameters) -> None:
        self._counted, self._known = counted, known
        self._found: dict[Key, UnitCost] = {}

    @classmethod
    def of(cls, reoffences: pl.DataFrame, known: Parameters) -> "Mixes":
        """From offences by subject_kind, subject, district, offence_code and offence_group (inputs.Inputs), or by offence_type."""
        if not reoffences.height:
            return cls({}, known)
        typed = reoffences if "offence_type" in reoffences.columns else with_types(reoffences)
        keys = ["subject_kind", "subject", "district"]
        sums = typed.group_by(*keys, "offence_type", maintain_order=True).agg(pl.col("offences").sum())
        counted: dict[Key, dict[str, float]] = {}
        for *key, type_, offences in sums.select(*keys, "offence_type", "offences").iter_rows():
            counted.setdefault((key[0], key[1], key[2]), {})[type_] = offences
        return cls(counted, known)

    def mix(self, key: Key) -> Mix | None:
        """The mix that stands for a subject and district; None where nobody of its kind reoffended."""
        kind, subject, _ = key
        choices: tuple[tuple[Key, Which], ...] = (
            (key, "own"), ((kind, subject, ""), "subject" if key[2] else "own"), ((kind, "", ""), "kind"),
        )  # fmt: skip
        for place, which in choices:
            offences = self._counted.get(place, {})
            if sum(offences.values()) >= (ENOUGH if place[1] else 1):
                if place not in self._found:
                    self._found[place] = mix_cost(offences, self._known.price_year, self._known)
                return Mix(offences, self._found[place], which)
        return None

    def table(self) -> pl.DataFrame:
        """The release's `offence_mix`: every mix, in the price year of results."""
        rows = []
        for (kind, subject, district), offences in self._counted.items():
            total = sum(offences.values())
            cost = mix_cost(offences, self._known.price_year, self._known)
            by_type = {one.type: one for one in cost.by_type}
            for type_, count in offences.items():
                one = by_type.get(type_)
                rows.append({
                    "subject_kind": kind, "subject": subject, "district": district, "period": POOLED,
                    "offence_type": type_, "offences": int(count), "share": count / total,
                    "pounds": one and one.pounds, "low": one and one.low, "high": one and one.high,
                    "price_year": cost.price_year, "checked": one and one.checked,
                })  # fmt: skip
        return pl.DataFrame(rows, infer_schema_length=None)
