"""`iom calculate`: difference, verdict and break-even from summary counts that somebody published."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from metrics.value.calculator import Calculated, Difference

PLACES = 1
"""Decimals of a difference: whole points would round an interval inward, 5.6 to 8.4 to 6 to 8."""
MANY_TIMES = 1000
"""How many times as many a comparison group is taken to hold, where only its rate is published."""


@click.command()
@click.option("--treated", required=True, type=click.IntRange(min=1), metavar="N", help="People treated and analysed.")
@click.option("--treated-reoffended", type=click.IntRange(min=0), metavar="N", help="How many of them reoffended.")
@click.option("--treated-rate", type=click.FloatRange(0, 100), metavar="%", help="Or the share of them in %.")
@click.option("--treated-reoffences", type=click.FloatRange(0), metavar="N", help="All their reoffences, where known.")
@click.option("--comparison", type=click.IntRange(min=1), metavar="N",
              help="People in the comparison group. Where nobody says, it is taken to be so large that its rate is exact.")  # fmt: skip
@click.option("--comparison-reoffended", type=click.IntRange(min=0), metavar="N", help="How many reoffended.")
@click.option("--comparison-rate", type=click.FloatRange(0, 100), metavar="%", help="Or the share in %.")
@click.option("--comparison-reoffences", type=click.FloatRange(0), metavar="N", help="All their reoffences.")
@click.option("--cost", type=click.FloatRange(0), metavar="POUNDS", help="What was spent on the people treated.")
@click.option("--unit-cost", type=click.FloatRange(0, min_open=True), metavar="POUNDS", help="What one offence costs.")
@click.option("--price-year", metavar="YEAR", help="The year whose prices these are, as 2023/24.")
@click.option("--multiplier", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True,
              help="Offences for each proven reoffence.")  # fmt: skip
@click.option("--per-reoffender", type=click.FloatRange(1), metavar="N",
              help="Reoffences of one who reoffends, for break-even where only rates are known.")  # fmt: skip
@click.option("--name", default="the programme", show_default=True, help="What it is called.")
@click.option("--json", "as_json", is_flag=True, help="The answer as data.")
def command(as_json: bool, **asked: Any) -> None:
    """Did it work and did it pay? From counts alone: people, how many reoffended, on both sides, and the cost."""
    name, year = asked.pop("name"), asked["price_year"] or ""
    found = answer(**asked)
    click.echo(
        json.dumps({**asdict(found), "price_year": year}, indent=1) if as_json else "\n".join(lines(found, name, year))
    )


def answer(
    *,
    treated: int,
    treated_reoffended: int | None,
    treated_rate: float | None,
    treated_reoffences: float | None,
    comparison: int | None,
    comparison_reoffended: int | None,
    comparison_rate: float | None,
    comparison_reoffences: float | None,
    cost: float | None,
    unit_cost: float | None,
    price_year: str | None,
    multiplier: float,
    per_reoffender: float | None,
) -> "Calculated":
    """The answer of metrics/value/calculator.py; pounds need their price year."""
    from metrics.value.calculator import Counts, calculate
    from metrics.value.case import check_price_year

    if cost is not None or unit_cost is not None:
        check_price_year(price_year or "", "--price-year")
    if comparison is None and comparison_reoffences is not None:
        raise click.UsageError("--comparison-reoffences need --comparison: of how many people are they?")
    if comparison is None and comparison_reoffended is not None:
        raise click.UsageError("--comparison-reoffended needs --comparison: of how many people are they?")
    others = comparison or treated * MANY_TIMES
    return calculate(
        Counts(treated, _reoffended("treated", treated, treated_reoffended, treated_rate), treated_reoffences),
        Counts(
            others, _reoffended("comparison", others, comparison_reoffended, comparison_rate), comparison_reoffences
        ),
        cost=cost,
        unit_cost=unit_cost,
        price_year=price_year or "",
        multiplier=multiplier,
        per_reoffender=per_reoffender,
    )


def _reoffended(side: str, people: int, count: int | None, rate: float | None) -> int:
    if (count is None) == (rate is None):
        raise click.UsageError(f"Give --{side}-reoffended or --{side}-rate, one of them.")
    return round(people * (rate or 0) / 100) if count is None else count


def lines(found: "Calculated", name: str, price_year: str) -> list[str]:
    """The answer in sentences, those of the pages where they have one; every pound in prices of its year."""
    from components import verdicts

    about = {"title": name, "verdict": found.rate.verdict, "reason": found.reason, "outcome_days": 365}
    rate = _row(found.rate, "rate")
    told = [verdicts.verdict(about, rate)]
    if found.rate.verdict != "no_verdict":
        told.append(verdicts.of_100(about, rate, PLACES))
    if found.frequency is not None and found.dispersion is not None:
        told.append(verdicts.outcome_line(_row(found.frequency, "frequency")))
        told.append(
            f"People differ in how much they offend: the counts vary {found.dispersion[0]:.1f} times as much as chance alone"
            f" would make them ({found.dispersion[1]:.1f} in the comparison group), judged by how many did not reoffend at"
            " all. With a few very prolific people the interval should be wider."
        )
    told += _value(found, name, price_year)
    told.append("Whether the comparison group was like the people treated, no count can tell.")
    return told


def _row(one: "Difference", outcome: str) -> dict[str, Any]:
    return {
        "outcome": outcome, "scale": "difference", "treated": one.treated, "expected": one.comparison,
        "estimate": one.estimate, "lower": one.lower, "upper": one.upper,
    }  # fmt: skip


def _value(found: "Calculated", name: str, price_year: str) -> list[str]:
    """Cost for each reoffence averted, and break-even."""
    from metrics.value.break_even import one_in_words

    if found.cost is None or found.rate.verdict == "no_verdict":
        return []
    if not found.basis:
        return ["Break-even needs the reoffences of both groups, or --per-reoffender."]
    told = [_each(found, price_year)]
    paid = found.break_even
    if paid is None:
        return [*told, "With --unit-cost it can be said whether that pays."]
    if paid.verdict == "free":
        return [*told, "It cost nothing, so it breaks even unless it did harm."]
    if paid.verdict == "not_available":
        return [*told, f"Break-even is not available: {paid.reason}."]
    assert paid.needed is not None and paid.offences_to_avert is not None
    told.append(
        f"To pay for itself it must avert {paid.offences_to_avert:,.0f} offences (cost and unit cost in {paid.price_year} prices): it pays if it prevents"
        f" {one_in_words(paid.needed)} of those expected without it ({paid.needed:.1f}% of {paid.expected:,.0f})."
    )
    said = {
        "past": "The whole interval of what was seen is beyond that: it has paid for itself.",
        "cannot_tell": "The interval of what was seen holds that point: we cannot tell whether it has paid for itself.",
        "short": "The whole interval of what was seen falls short of that: it has not paid for itself.",
        "cannot": "It cannot break even: preventing every offence would not pay for it.",
    }
    return [*told, said[paid.verdict]]


def _each(found: "Calculated", price_year: str) -> str:
    at, least, most = found.cost_per_averted
    year = f"in {price_year} prices"
    basis = "" if found.basis == "frequency" else ", taking those kept from reoffending for average reoffenders"
    if at is None:
        return f"No reoffence was averted, as far as can be seen, so there is no cost for each{basis}."
    if least is None or most is None:
        return f"Each reoffence averted cost about £{at:,.0f} {year}{basis}; it may be that none was averted."
    return f"Each reoffence averted cost about £{at:,.0f} (95% interval £{least:,.0f} to £{most:,.0f}, {year}){basis}."
