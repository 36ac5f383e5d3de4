"""`iom power`: how many people would it take, and what could so many show?"""

from dataclasses import asdict
from typing import Any

from common.errors import ProblemError
from metrics.compare import power as ask

EXPECTED_SHAPE = 0.55
"""The shape that gives the prolific of 2009: 56% reoffend, 4.3 times each."""


def answer(
    *,
    rate: float | None,
    reoffences: float | None,
    shape: float,
    fall: float | None,
    people: int | None,
    controls: float,
    repeats: float,
    likeness: float,
    power: float,
) -> dict[str, Any]:
    """The answer as data. `rate`, `fall` and `power` in %, `reoffences` per 100 people; `fall` is relative to them."""
    if (rate is None) == (reoffences is None):
        raise ProblemError(
            "It is not said what is expected without the programme", "iom power", "--rate or --reoffences, one of them",
            "for example --rate 45, or --reoffences 240", exit_code=2,
        )  # fmt: skip
    outcome: ask.Rate | ask.Count
    outcome = ask.Count((reoffences or 0) / 100, shape) if rate is None else ask.Rate(rate / 100)
    effect = ask.design_effect(repeats, likeness)
    design = ask.Design(controls, effect)
    answered: dict[str, Any] = {
        "outcome": "reoffences per 100 people" if rate is None else "reoffending rate, %",
        "without": reoffences if rate is None else rate,
        "controls_a_person": controls,
        "design_effect": effect,
        "power": power,
    }
    if fall is not None:
        with_it = outcome.without * (1 - fall / 100)
        answered["with"] = 100 * with_it
        if people is None:
            answered["people_needed"] = ask.people_needed(outcome, with_it, design, power / 100)
        else:
            answered["people"] = people
            answered["power"] = 100 * outcome.power(people, with_it, design)
        return answered
    sizes = ask.SIZES if people is None else (people,)
    answered["smallest_falls"] = [
        asdict(row) | {"without": 100 * row.without, "with_it": None if row.with_it is None else 100 * row.with_it}
        | {"fall": None if row.fall is None else 100 * row.fall, "fall_percent": row.fall_percent}
        for row in ask.table(outcome, design, power / 100, sizes)
    ]  # fmt: skip
    return answered


def lines(answered: dict[str, Any]) -> list[str]:
    """The answer in sentences."""
    what, without = answered["outcome"], answered["without"]
    unit = "%" if "%" in what else " reoffences per 100 people"
    group = f"{answered['controls_a_person']:g} controls each"
    if "people_needed" in answered:
        return [
            f"To find a fall from {without:g} to {answered['with']:.1f}{unit} {answered['power']:.0f} times in 100 takes"
            f" {answered['people_needed']:,} people analysed, with {group}."
        ]
    if "people" in answered:
        return [
            f"{answered['people']:,} people analysed, with {group}, would find a fall from {without:g} to"
            f" {answered['with']:.1f}{unit} {answered['power']:.0f} times in 100."
        ]
    made = [
        f"Expected without the programme: {without:g}{unit}. Smallest fall found {answered['power']:.0f} times in 100, with {group}:"
    ]
    for row in answered["smallest_falls"]:
        found = (
            "nothing, not even no reoffending at all"
            if row["with_it"] is None
            else f"a fall to {row['with_it']:.1f}{unit}, which is {row['fall_percent']:.0f}% fewer"
        )
        made.append(f"{row['people']:>6,} people: {found}")
    return [*made, "A comparison that finds nothing does not say that there is nothing."]
