"""`iom pay`: what a payment rule would pay, for a contract of the release or for counts given by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.options import data_dir_option
from common.errors import ProblemError

if TYPE_CHECKING:
    from components.payment import Contract
    from metrics.payment.rule import Rule

SHAPE = 0.55
"""The shape that gives the prolific of 2009: 56% reoffend, 4.3 times each. Used where counts alone are given."""


@click.command()
@click.argument("rule", required=False)
@click.option("--subject", metavar="KIND:NAME", help="A contract of the release, such as scheme:iom.")
@click.option("--district", default="", metavar="NAME", help="With --subject: the district; left out, all of them.")
@click.option("--level", type=click.Choice(["open", "partnership"]), default="partnership", show_default=True)
@click.option("--release", metavar="ID", help="Another release than the one served.")
@click.option("--people", multiple=True, type=click.IntRange(min=1), metavar="N",
              help="By hand: people in a cohort. Give it, and the figures below, once for each cohort or quarter.")  # fmt: skip
@click.option("--treated-events", multiple=True, type=click.FloatRange(0), metavar="N",
              help="Events for every 100 people: of whatever the rule counts, reconvictions or reoffences.")  # fmt: skip
@click.option("--comparison-events", multiple=True, type=click.FloatRange(0), metavar="N", help="Those expected.")
@click.option("--treated-rate", multiple=True, type=click.FloatRange(0, 100), metavar="%", help="People who reoffended.")  # fmt: skip
@click.option("--comparison-rate", multiple=True, type=click.FloatRange(0, 100), metavar="%", help="Those expected.")
@click.option("--treated-per-reoffender", multiple=True, type=click.FloatRange(0), metavar="N",
              help="Reoffences of each who reoffended.")  # fmt: skip
@click.option("--comparison-per-reoffender", multiple=True, type=click.FloatRange(0), metavar="N", help="Those expected.")  # fmt: skip
@click.option("--compared", type=click.FloatRange(min=0.01), metavar="N",
              help="People compared for each person. Default: the most that the rule allows.")  # fmt: skip
@click.option("--shape", default=SHAPE, show_default=True, type=click.FloatRange(min=0.01),
              help="Luck by hand: negative binomial shape of events a person; less is a longer tail.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The rule, the steps and the luck as JSON.")
@data_dir_option
def command(  # noqa: PLR0917  click gives each option by name
    rule: str | None, subject: str | None, district: str, level: str, release: str | None, as_json: bool,
    data_dir: Path, **by_hand: Any,
) -> None:  # fmt: skip
    """What would a payment RULE pay, and how often would it pay a scheme that does nothing? Without RULE: the rules.

    RULE is the name of a rule, or of a TOML file. Give --subject for a contract of the release, or counts by hand.
    """
    from metrics.payment.rule import rules

    if rule is None:
        for one in rules(data_dir):
            click.echo(f"{one.id:24}{one.title}{' (local)' if one.local else ''}")
        click.echo(f"{len(rules(data_dir))} payment rules; `iom pay RULE --help` says what each can be asked.")
        return
    if subject is not None:
        found = _published(rule, subject, district, level, release, data_dir)
    else:
        found = by_counts(_chosen(rule, data_dir), **by_hand)
    click.echo(json.dumps(as_data(found), indent=1, ensure_ascii=False) if as_json else "\n".join(lines(found)))


def _chosen(name: str, data_dir: Path) -> "Rule":
    """A rule by its name, or from a file."""
    from metrics.payment.rule import read, rules

    if name.endswith(".toml"):
        return read(Path(name), local=True)
    known = {one.id: one for one in rules(data_dir)}
    if name not in known:
        raise ProblemError(
            f"There is no payment rule {name!r}", "iom pay", ", ".join(known), "choose one of these, or name a .toml file",
            exit_code=2,
        )  # fmt: skip
    return known[name]


def _published(rule: str, subject: str, district: str, level: str, release: str | None, data_dir: Path) -> "Contract":  # noqa: PLR0917
    """A contract as the release has it."""
    from components import payment
    from release import files

    source = files.open_level(data_dir, level, release)
    known = payment.rules(source)
    if rule not in known:
        raise ProblemError(
            f"The release has no payment rule {rule!r}", f"release {source.id}", ", ".join(known) or "none",
            "choose one of these; a rule that is new is there after the next `iom publish`", exit_code=2,
        )  # fmt: skip
    found = payment.contract(source, known[rule], subject, district)
    if found is None:
        keys = ", ".join(one.key for one in payment.subjects(source, rule))
        raise ProblemError(
            f"The rule {rule} is not worked out for {subject}{f' in {district}' if district else ''}",
            f"release {source.id}, {level} level", keys or "nothing", "choose one of these", exit_code=2,
        )  # fmt: skip
    return found


def by_counts(
    rule: "Rule",
    *,
    people: Sequence[int],
    treated_events: Sequence[float] = (),
    comparison_events: Sequence[float] = (),
    treated_rate: Sequence[float] = (),
    comparison_rate: Sequence[float] = (),
    treated_per_reoffender: Sequence[float] = (),
    comparison_per_reoffender: Sequence[float] = (),
    compared: float | None = None,
    shape: float = SHAPE,
) -> "Contract":
    """A contract from figures given by hand, one of each for every cohort."""
    from components.payment.rows import Contract
    from metrics.payment.measured import Measured, Period
    from metrics.payment.reckoning import reckoned
    from metrics.payment.spread import by_hand

    counted = next((measure for measure in rule.measures if measure in ("occasions", "reoffences")), "occasions")
    given = {
        counted: (treated_events, comparison_events),
        "rate": (treated_rate, comparison_rate),
        "per_reoffender": (treated_per_reoffender, comparison_per_reoffender),
    }
    needed = dict.fromkeys(("rate", *rule.measures) if "per_reoffender" in rule.measures else rule.measures)
    options = {counted: "events", "rate": "rate", "per_reoffender": "per-reoffender"}
    absent = [name for name in needed if not len(people) == len(given[name][0]) == len(given[name][1]) or not people]
    if absent:
        wanted = " ".join(f"--treated-{options[name]} --comparison-{options[name]}" for name in needed)
        raise ProblemError(
            "It is not said what was observed and expected", "iom pay", f"--people {wanted}, once for each {rule.period}",
            "give them, or --subject for a contract of the release", exit_code=2,
        )  # fmt: skip
    each = float(rule.controls if compared is None else compared)
    periods = tuple(
        Period(
            f"{rule.period} {place + 1}", float(count), count * each,
            {name: given[name][0][place] for name in needed}, {name: given[name][1][place] for name in needed},
        )
        for place, count in enumerate(people)
    )  # fmt: skip
    share = comparison_rate[0] / 100 if comparison_rate else None
    mean = comparison_events[0] / 100 if comparison_events else 0.0
    name = counted
    if "per_reoffender" in needed and share is not None:
        name, mean = "reoffences", comparison_per_reoffender[0] * share
    spread = by_hand(max(mean, 0.001), shape, share, each, name)
    measured = Measured("by hand", "by hand", "this provider", "", periods, spread=spread)
    rows = [row | {"price_year": rule.price_year} for row in reckoned(rule, measured).rows()]
    return Contract(rule, "this provider", rows, spread, round(measured.people / len(periods)), len(periods), {})


def as_data(found: "Contract") -> dict[str, Any]:
    """Everything as data: the rule, the steps, what is paid, and luck at the contract's own size."""
    from components import payment

    told = payment.chance(found, found.size, 0)
    made: dict[str, Any] = {
        "rule": json.loads(found.rule.as_json()),
        "title": found.title,
        "payment": found.paid["payment"],
        "lower": found.paid["lower"],
        "upper": found.paid["upper"],
        "reason": found.paid["reason"],
        "price_year": found.rule.price_year,
        "steps": [
            {name: row[name] for name in ("element", "step", "period", "measure", "value", "lower", "upper", "payment", "reason")}
            for row in found.rows
        ],
    }  # fmt: skip
    if told is not None:
        made["luck"] = [
            {"true_effect": one.true_effect, "people": one.people, "periods": one.periods, "probability": one.probability,
             "expected_payment": one.expected, "low": one.low, "high": one.high}
            for one in (told.nothing, told.good, told.harmful)
        ]  # fmt: skip
    return made


def lines(found: "Contract") -> list[str]:
    """The answer, the reckoning and the luck in sentences."""
    from components import payment
    from components.payment import sentences as say
    from components.payment.tables import figure, span_of

    told = payment.chance(found, found.size, 0)
    said = [say.answer(found, payment.of_nothing(found))]
    for element, period, steps in found.lines():
        percent, due = steps["percent"]["value"], steps.get("due")
        said.append(
            f"  {element.title}, {span_of(found, period)}: {figure(steps['observed']['value'], element.measure)} against"
            f" {figure(steps['expected']['value'], element.measure)} expected"
            + ("" if percent is None else f", {abs(percent):.1f}% {'below' if percent >= 0 else 'above'}")
            + (
                ""
                if due is None or due["payment"] is None
                else f": {say.pounds(due['payment'])} {say.in_prices(found.rule)}"
            )
            + (f" ({say.why(due).lower()})" if due is not None and due["reason"] else "")
        )
    said += [line for line in (say.over_the_intervals(found),) if line]
    if told is not None:
        said += say.luck_lines(found, told)
    return [*said, *say.where_from(found.rule)]


__all__ = ["as_data", "by_counts", "command", "lines"]
