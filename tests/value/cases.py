"""A case with round figures: docs/methods/cost-benefit.md works it by hand."""

from dataclasses import replace
from typing import Any

from metrics.value.case import Assumptions, Case, Costs, Effect, OffenceCost, Part, Range

PARTS = (
    Part("police", "fiscal", 0.2),
    Part("nhs", "fiscal", 0.1),
    Part("victims", "social", 0.5),
    Part("society", "economic", 0.2),
)
THEFT = OffenceCost("theft", 0.5, Range(1000, 500, 1500), "2023/24", PARTS, checked=True)
BURGLARY = OffenceCost("burglary", 0.5, Range(4000, 3000, 6000), "2023/24", PARTS, checked=False)
COSTS = Costs(60_000, 30_000, 10_000, 20_000, "2023/24")
EFFECT = Effect(30.0, 10.0, 50.0, 200.0, 100.0, "made_up", 3, "fewer")
ASSUMPTIONS = Assumptions(
    multiplier=Range.fixed(1.0),
    displacement=Range(0.1, 0.0, 0.25),
    deadweight=Range.fixed(0.0),
    attribution=Range.fixed(1.0),
    lasting_years=Range(2.0, 1.0, 3.0),
    drop_off=Range(0.5, 0.2, 1.0),
    optimism_benefits=0.1,
    optimism_costs=0.1,
    price_year="2023/24",
)
BY_HAND = Case("scheme", "made_up", "", "2023", COSTS, EFFECT, (THEFT, BURGLARY), ASSUMPTIONS)


def case(**changes: Any) -> Case:
    """The case by hand with some of its parts' fields changed, whichever part they belong to."""
    parts: dict[str, dict[str, Any]] = {"costs": {}, "effect": {}, "assumptions": {}, "": {}}
    for name, value in changes.items():
        whose = next((part for part in parts if part and hasattr(getattr(BY_HAND, part), name)), "")
        parts[whose][name] = value
    own = parts.pop("")
    new = {part: replace(getattr(BY_HAND, part), **some) for part, some in parts.items() if some}
    return replace(BY_HAND, **new, **own)


def certain(made: Case) -> Case:
    """The case with every range but the effect's closed."""
    a = made.assumptions
    ranges = ("multiplier", "displacement", "deadweight", "attribution", "lasting_years", "drop_off")
    fixed = replace(a, **{name: Range.fixed(getattr(a, name).value) for name in ranges})
    offences = tuple(replace(one, pounds=one.pounds and Range.fixed(one.pounds.value)) for one in made.offences)
    return replace(made, assumptions=fixed, offences=offences)
