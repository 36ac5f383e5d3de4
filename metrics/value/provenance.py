"""How far the figures behind a value can be trusted: who read them where, and which are a partnership's own."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

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
    """How some figures were read. `unit_costs` of offences: how many, how many of them as others quote them (`press`) and how
    many from `memory`; how many parts of who bears them (`bearers`) and corrections (`optimism`) are from memory; and what the
    `local` figures are."""

    unit_costs: int
    press: int
    memory: int
    bearers: int
    optimism: int
    local: tuple[str, ...]

    @property
    def unchecked(self) -> int:
        """Unit costs from memory or the press: what every page and export that uses them must say."""
        return self.memory + self.press


def provenance(figures: Iterable[Parameter]) -> Provenance:
    """How these figures were read."""
    listed = list(figures)

    def read(prefix: str, how: str) -> int:
        return sum(one.name.startswith(prefix) and one.read == how for one in listed)

    return Provenance(
        unit_costs=sum(one.name.startswith("crime.") for one in listed),
        press=read("crime.", "press"),
        memory=read("crime.", "memory"),
        bearers=read("gains.", "memory"),
        optimism=read("optimism.", "memory"),
        local=tuple(one.title or one.name for one in listed if one.local),
    )


def parameter(row: Mapping[str, Any]) -> Parameter:
    """A row of the release's `value_parameter` as the parameter that it was."""
    return Parameter(**{name: row[name] for name in COLUMNS})


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
