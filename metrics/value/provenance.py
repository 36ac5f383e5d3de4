"""How far the figures behind a value can be trusted: who read them where, and which are a partnership's own."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import polars as pl

from metrics.value.parameter import Parameter
from metrics.value.parameters import Parameters
from metrics.value.reference import rows

COLUMNS = (
    "name", "title", "value", "low", "high", "unit", "price_year", "source", "edition", "retrieved", "checked", "local", "read",
    "note",
)  # fmt: skip
"""The columns of the release's table `value_parameter`."""
NUMBERS, FLAGS = ("value", "low", "high"), ("checked", "local")


@dataclass(frozen=True, slots=True)
class Provenance:
    """How many of some figures were read in each way, and how many are local. `unit_costs` counts pounds alone."""

    figures: int
    unit_costs: int
    memory: int
    press: int
    copy: int
    assumption: int
    local: int

    @property
    def unchecked(self) -> int:
        """Unit costs from memory or the press: what every page and export that uses them must say."""
        return self.memory + self.press


def provenance(figures: Iterable[Parameter]) -> Provenance:
    """Counts of how these figures were read; `memory` and `press` count unit costs (pounds) alone."""
    listed = list(figures)
    money = [one for one in listed if one.is_money]
    return Provenance(
        figures=len(listed),
        unit_costs=len(money),
        memory=sum(one.read == "memory" for one in money),
        press=sum(one.read == "press" for one in money),
        copy=sum(one.read == "copy" for one in listed),
        assumption=sum(one.read == "assumption" for one in listed),
        local=sum(one.local for one in listed),
    )


def used(known: Parameters) -> dict[str, Parameter]:
    """The parameters that a value for money can rest on: all but years of the deflator and agency costs that no share of
    an offence's cost is worked out from. What is local is always among them."""
    splits = {row["split"] for row in rows("who_gains.csv")} - {""}
    agencies = {f"agency.{row['code']}" for row in rows("agency_unit_costs.csv") if row["heading"] in splits}
    return {
        name: one
        for name, one in known.items()
        if one.local or name in agencies or not name.startswith(("agency.", "deflator."))
    }


def table(figures: Iterable[Parameter]) -> pl.DataFrame:
    """Parameters as rows of the release's `value_parameter`."""
    schema = {name: pl.Float64 if name in NUMBERS else pl.Boolean if name in FLAGS else pl.String for name in COLUMNS}
    listed = [{name: told[name] for name in COLUMNS} for told in map(asdict, figures)]
    return pl.DataFrame(listed, schema=schema)
