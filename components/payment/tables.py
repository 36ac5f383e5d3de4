"""The reckoning, luck and the rule as tables."""

from collections.abc import Sequence
from html import escape
from typing import Any

from components import markup
from components.payment import sentences as say
from components.payment.rows import Chance, Contract, Row
from metrics.payment.luck import Luck
from metrics.payment.rule import Element, Rule

UNITS = {"rate": "%", "occasions": "", "reoffences": "", "per_reoffender": ""}


def figure(value: float | None, measure: str, sign: str = "") -> str:
    """A figure in its measure's own unit; [x] where it is not known."""
    if value is None:
        return "[x]"
    places = 2 if measure == "per_reoffender" else 1
    return f"{value:{sign},.{places}f}{UNITS[measure]}".replace("-", "\u2212")


def stacked(
    heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str, *, words: int = 1, total: bool = False
) -> str:
    """A table that folds into one block a row on a phone: the first `words` columns are text, the others figures; the last
    row may be their `total`."""
    right = ["" if place < words else ' class="num"' for place in range(len(heads))]
    header = "".join(f'<th scope="col"{right[i]}>{escape(head)}</th>' for i, head in enumerate(heads))
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row[0])}</th>'
        + "".join(
            f'<td role="cell"{right[i]} data-label="{escape(heads[i] if cell else "")}">{escape(cell)}</td>'
            for i, cell in enumerate(row[1:], start=1)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="plain stack pay{" total" if total else ""}" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def span_of(found: Contract, period: str) -> str:
    """A cohort or quarter in words."""
    if period:
        return found.labels.get(period, period)
    only = found.spans[0] if len(found.spans) == 1 else ""
    return found.labels.get(only, only) or "All together"


def steps_table(found: Contract, span: str = "") -> str:
    """The reckoning: a row for each element in each period, then the sum, what limits it and what is paid."""
    body = [_line(found, *line) for line in found.lines(span)]
    for name, label in (("summed", "All of the above"), ("limited", ""), ("paid", "Would be paid")):
        if (row := found.of_whole(name)) is not None and not (span and name != "paid"):
            body.append(_total(label or say.LIMITS.get(row["reason"], "Limited"), row))
    heads = (
        "What pays",
        "When",
        "Observed",
        "Expected",
        "Fall",
        "Needed",
        "Paid for",
        f"Due, {found.rule.price_year} prices",
    )
    return stacked(heads, body, "The reckoning, step by step", words=2, total=True)


def _line(found: Contract, element: Element, period: str, steps: dict[str, Row]) -> tuple[str, ...]:
    held = {name: row["value"] for name, row in steps.items()}
    measure = element.measure
    fall = "[x]"
    if held["fall"] is not None:
        fall = f"{figure(held['fall'], measure, '+')}"
        if held["percent"] is not None and measure != "rate":
            fall += f" ({held['percent']:+.1f}%)".replace("-", "\u2212")
    due = steps.get("due")
    return (
        element.title,
        span_of(found, period),
        figure(held["observed"], measure),
        figure(held["expected"], measure),
        fall,
        _needed(element, held),
        _units(element, held.get("units")),
        "" if due is None else _due(due),
    )


def _needed(element: Element, held: dict[str, Any]) -> str:
    if held["needed"] is None:
        return "[x]"
    if element.trigger_unit == "percent":
        return f"{element.trigger:g}%"
    return figure(held["needed"], element.measure)


def _units(element: Element, units: float | None) -> str:
    if not units:
        return ""
    if element.pays_for == "success":
        return "reached"
    places = 1 if element.pays_for == "point" else 0
    return f"{units:,.{places}f}".replace("-", "\u2212")


def _due(row: Row) -> str:
    if row["payment"] is None:
        return "[x]"
    reason = say.why(row)
    return f"{say.pounds(row['payment'])}{f' ({reason[:1].lower()}{reason[1:]})' if reason else ''}"


def _total(label: str, row: Row) -> tuple[str, ...]:
    due = "[x]" if row["payment"] is None else say.pounds(row["payment"])
    return (label, "", "", "", "", "", "", due)


def schemes_table(found: Contract, told: Chance) -> str:
    """What four schemes of the chosen size would be paid: the chosen one, one that does nothing, a good and a harmful one."""
    rows: list[tuple[str, Luck]] = [
        ("Does nothing", told.nothing),
        ("Good: 10% fewer events", told.good),
        ("Harmful: 10% more events", told.harmful),
    ]
    if told.chosen.true_effect not in {one.true_effect for _, one in rows}:
        rows.insert(0, (f"As chosen: {100 * told.chosen.true_effect:+.0f}% events".replace("-", "\u2212"), told.chosen))
    paid = "Paid above the floor" if found.rule.floor else "Paid anything"
    body = [
        (name, f"{100 * one.probability:.0f} in 100", say.pounds(one.expected), f"{say.pounds(one.low)} to {say.pounds(one.high)}")
        for name, one in rows
    ]  # fmt: skip
    return stacked(
        ("In truth the scheme", paid, f"Paid on average, {found.rule.price_year} prices", "Nine times in ten"), body,
        f"What schemes would be paid, {say.in_prices(found.rule)}",
    )  # fmt: skip


def sizes_table(found: Contract, told: Chance) -> str:
    """The chance of payment by size of cohort."""
    body = [(f"{one.people:,}", f"{100 * one.probability:.0f} in 100", say.pounds(one.expected)) for one in told.curve]
    return markup.table(
        ("People in each", "Paid", f"Paid on average, {found.rule.price_year} prices"),
        body,
        "Chance of payment by size of cohort",
        numeric=(0, 1, 2),
    )


def hundred_table(found: Contract, told: Chance) -> str:
    """What each tenth of 100 schemes is paid."""
    paid = told.chosen.of_100()
    body = [(f"{10 * n + 1} to {10 * n + 10}", f"{say.pounds(paid[10 * n])} to {say.pounds(paid[10 * n + 9])}") for n in range(10)]  # fmt: skip
    return markup.table(
        ("Schemes, the least paid first", f"Paid, {found.rule.price_year} prices"),
        body,
        "What 100 schemes would be paid",
        numeric=(1,),
    )


def rule_words(rule: Rule) -> str:
    """The rule in words, with whose it is and what of it was not read in the original."""
    items = "".join(f"<li>{escape(say.element(one, rule))}</li>" for one in rule.elements)
    lines = [rule.about, say.expected_by(rule), say.limits(rule)]
    about, *rest = (f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="plainly">{about}<ul>{items}</ul>{"".join(rest)}</div>{markup.note(say.where_from(rule))}'


def method() -> str:
    """How the page is worked out."""
    return markup.headed(say.METHOD)
