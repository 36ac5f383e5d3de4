"""The case of one choice, put together from what the release holds of it: the same figures that were worked out at publish."""

from dataclasses import fields, replace
from functools import lru_cache

import polars as pl

from common.errors import ProblemError
from components import data
from components.value.choices import Valued
from components.value.scenario import Figures
from metrics.value import cases
from metrics.value.break_even import NO_COST, NO_EFFECT, NO_UNIT_COST
from metrics.value.case import Basis, Case
from metrics.value.cost_per_person import EXACT
from metrics.value.parameter import Parameter
from metrics.value.parameters import Parameters, parameters
from metrics.value.published import Published
from metrics.value.results import Rows, results
from metrics.value.simulate import DRAWS, PUBLISH
from release.read import Reader
from release.value_open import ROUNDED


@lru_cache(maxsize=32)
def figures(source: Reader) -> Figures:
    """The parameters as the release holds them, those that its figures were worked out with; years of the deflator that it
    does not hold are as shipped."""
    names = {one.name for one in fields(Parameter)}
    exact = source.level == "partnership"
    draws, rounded = (PUBLISH, EXACT) if exact else (DRAWS, ROUNDED)
    listed = (
        {key: value for key, value in row.items() if key in names} for row in data.listed(source, "value_parameters")
    )
    return Figures(Parameters({**parameters(), **{row["name"]: Parameter(**row) for row in listed}}), draws, rounded)


def why_not(of: Valued) -> str:
    """Why there is no case to work with, or ''."""
    main = of.main
    if main is None or main["cost"] is None:
        return str(main["reason"]) if main and main["reason"] else NO_COST
    if main["unit_cost"] is None or not of.mix:
        return NO_UNIT_COST
    if of.effect is None or of.about is None or main["lower"] is None or not main["people"]:
        return NO_EFFECT
    return "" if of.parameters else "the release holds no parameters"


def case_of(of: Valued, basis: Basis, known: Figures) -> Case | None:
    """The case on one basis, or None where `why_not` has a reason."""
    even, about, effect = of.even.get(basis), of.about, of.effect
    if why_not(of) or even is None or about is None or effect is None:
        return None
    said = Published(
        effect["expected"], "comparison", effect["estimate"], effect["lower"], effect["upper"], about["id"], about["grade"], about["verdict"],
    )  # fmt: skip
    try:
        return cases.case_of(even, said, of.spend, of.mix, known.known)
    except ProblemError:
        return None


def bar(source: Reader) -> float:
    """The ratio that is asked for besides 1."""
    return figures(source).known["ratio_bar"].value


def paid(of: Valued, basis: Basis) -> list[tuple[str, float]]:
    """Running cost in the year by who bore it, in real terms, most first: additional cash, or all that was given."""
    borne: dict[str, float] = {}
    for row in of.spend:
        counted = row["kind"] == "running" and row["additional"] if basis == "cash" else row["kind"] != "set_up"
        if counted and row["real_pounds"] is not None:
            borne[row["agency"]] = borne.get(row["agency"], 0.0) + row["real_pounds"]
    return sorted(borne.items(), key=lambda pair: -pair[1])


def titles(of: Valued) -> dict[str, str]:
    """What each type of offence is called, by the parameters."""
    return {
        row["name"].removeprefix("crime."): row["title"] for row in of.parameters if row["name"].startswith("crime.")
    }


def impact(of: Valued, basis: str) -> dict[str, int]:
    """How much hangs on each parameter: its place among what moves the net present value most, 0 the first."""
    stands_for = {
        "unit_cost": [row["name"] for row in of.parameters if row["name"].startswith("crime.")],
        "costs": ["cost_spread"],
    }
    listed = [row["assumption"] for row in of.of(of.tornado, basis)]
    return {name: place for place, assumption in enumerate(listed) for name in stands_for.get(assumption, [assumption])}


def with_results(of: Valued, case: Case | None, known: Figures) -> Valued:
    """The choice with its costs and benefits: as published, else worked out here by the same arithmetic and draws.

    They are published for the latest year with a verdict alone.
    """
    if case is None or any(row["basis"] == case.basis for row in of.money):
        return of
    made = _results(case, known)
    return replace(
        of,
        money=[*of.money, *made["value_for_money"]],
        tornado=[*of.tornado, *made["tornado"]],
        switching=[*of.switching, *made["switching_value"]],
        tables={
            **of.tables,
            **{table: pl.DataFrame(rows, infer_schema_length=None) for table, rows in made.items() if rows},
        },
    )


@lru_cache(maxsize=64)
def _results(case: Case, known: Figures) -> Rows:
    return results(case, known.known, draws=known.draws)


def used(of: Valued) -> set[str]:
    """The unit costs that this choice's offences have."""
    return {f"crime.{row['offence_type']}" for row in of.mix if row["offence_type"]}
