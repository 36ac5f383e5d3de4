"""The case of one subject and year, put together from the rows that the release holds: at publish, and again on a page.

Rows are mappings with the columns of the release's tables. Nothing is typed in; amounts are in real terms already.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from metrics.value import benefits, optimism
from metrics.value.case import Assumptions, Basis, Case, Costs, Effect, OffenceCost, Part, Range, wrong
from metrics.value.parameters import Parameters
from metrics.value.published import Published

Row = Mapping[str, Any]
Borne = Mapping[str, tuple[Part, ...]]


def case_of(
    even: Row,
    said: Published,
    spend: Iterable[Row],
    mix: Sequence[Row],
    known: Parameters,
    *,
    borne: Borne | None = None,
) -> Case:
    """The case behind a row of `break_even`, on its basis.

    `said`: the published difference behind it; `spend`: the year's lines; `mix`: the rows of `offence_mix` that its unit
    cost is of; `borne`: `bearers(known)`, for those who make many. An effect without an interval is a ProblemError.
    """
    if said.estimate is None:
        raise wrong("an effect has no interval", "an effect with its 95% interval", "value for money")
    basis: Basis = even["basis"]
    effect = Effect.from_difference(
        estimate=said.estimate, lower=said.lower, upper=said.upper, expected=said.per_100, people=even["people"] or 0,
        comparison=said.comparison, grade=said.grade, verdict=said.verdict,
    )  # fmt: skip
    return Case(
        even["subject_kind"], even["subject"], even["district"], even["period"],
        costs(spend, known), effect, offences(mix, known, borne), assumptions(known, said.grade), basis,
    )  # fmt: skip


def assumptions(known: Parameters, grade: int | None) -> Assumptions:
    """The parameters' own assumptions, with the optimism bias that goes with evidence of a Maryland level."""
    sure = optimism.grade_for(grade)
    return Assumptions(
        multiplier=ranged(known, "multiplier"),
        displacement=ranged(known, "displacement"),
        deadweight=ranged(known, "deadweight"),
        attribution=ranged(known, "attribution"),
        lasting_years=ranged(known, "lasting_years"),
        drop_off=ranged(known, "drop_off"),
        optimism_benefits=optimism.correction(sure, "benefits", known),
        optimism_costs=optimism.correction(sure, "costs", known),
        price_year=known.price_year,
    )


def costs(spend: Iterable[Row], known: Parameters) -> Costs:
    """What was spent in the year, in real terms, and who bore the running cost of it, most first."""
    sums = dict.fromkeys(("cash", "mainstream", "in_kind", "set_up"), 0.0)
    payers: dict[str, float] = {}
    for row in spend:
        part = ("cash" if row["additional"] else "mainstream") if row["kind"] == "running" else row["kind"]
        sums[part] += row["real_pounds"]
        if part != "set_up":
            payers[row["agency"]] = payers.get(row["agency"], 0.0) + row["real_pounds"]
    paid = tuple(sorted(payers.items(), key=lambda pair: -pair[1]))
    return Costs(**sums, price_year=known.price_year, spread=ranged(known, "cost_spread"), payers=paid)


def offences(mix: Sequence[Row], known: Parameters, borne: Borne | None = None) -> tuple[OffenceCost, ...]:
    """The mix of offences, what one of each type costs, and on whom it falls."""
    borne = bearers(known) if borne is None else borne
    return tuple(
        OffenceCost(
            row["offence_type"],
            row["share"],
            None if row["pounds"] is None else Range(row["pounds"], row["low"], row["high"]),
            row["price_year"],
            borne.get(row["offence_type"], ()),
            bool(row["checked"]),
        )
        for row in mix
    )


def ranged(known: Parameters, name: str) -> Range:
    """A parameter with its range, a percentage as a share."""
    value, low, high = known[name].ranged()
    return Range(value, low, high)


def bearers(known: Parameters) -> Borne:
    """Who bears each type's unit cost, stages together."""
    found: dict[str, dict[tuple[str, benefits.Head], float]] = {}
    for one in benefits.shares(known):
        parts = found.setdefault(one.type, {})
        parts[one.gainer, one.head] = parts.get((one.gainer, one.head), 0.0) + one.share
    return {
        kind: tuple(Part(who, head, share) for (who, head), share in parts.items()) for kind, parts in found.items()
    }
