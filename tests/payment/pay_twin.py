"""What a rule pays, over again in plain Python, slowly, from docs/methods/payment-by-results.md and not from the program."""

from math import sqrt

from metrics.payment.rule import Element, Rule

Row = dict[str, float]
"""One period: people, compared, and `<measure>` and `<measure>_expected` in the measure's own unit."""


def paid(rule: Rule, periods: list[Row], *, shared: bool = False) -> float:
    """The total after floor, deductions and cap."""
    due: dict[str, float] = {}
    for element in rule.elements:
        due[element.id] = _due(rule, element, periods, due, shared)
    total = sum(due.values())
    total = max(total, rule.floor) if rule.floor > 0 else max(total, -rule.most_deducted)
    return min(total, rule.cap)


def _due(rule: Rule, element: Element, periods: list[Row], earlier: dict[str, float], shared: bool) -> float:
    if element.over == "each":
        return sum(_one(rule, element, row, periods, earlier, shared) for row in periods)
    if len(periods) < rule.periods:
        return 0.0
    pounds = _one(rule, element, pooled(element.measure, periods, shared), periods, earlier, shared)
    if element.less_paid and pounds > 0:
        pounds = max(pounds - max(earlier[element.less_paid], 0.0), 0.0)
    return pounds


def pooled(measure: str, periods: list[Row], shared: bool) -> Row:
    people = sum(row["people"] for row in periods)
    compared = periods[0]["compared"] if shared else sum(row["compared"] for row in periods)
    row = {"people": people, "compared": compared}
    for name in {measure, "rate"} & {key for key in periods[0] if not key.endswith("_expected")}:
        for end in ("", "_expected"):
            weights = [r["people"] * (r["rate" + end] / 100 if name == "per_reoffender" else 1) for r in periods]
            total = sum(weights)
            row[name + end] = sum(r[name + end] * w for r, w in zip(periods, weights, strict=True)) / total
    return row


def _one(rule: Rule, element: Element, row: Row, periods: list[Row], earlier: dict[str, float], shared: bool) -> float:  # noqa: PLR0917
    observed, expected = row[element.measure], row[element.measure + "_expected"]
    fall = expected - observed
    if element.trigger_unit == "percent":
        needed = expected * element.trigger / 100
    elif element.trigger_unit == "points":
        needed = element.trigger
    else:
        needed = element.trigger * sqrt(expected * (100 - expected) * (1 / row["people"] + 1 / row["compared"]))
    if abs(fall) < needed or fall == 0:
        return 0.0
    size = abs(fall) - (needed if element.counted_from == "trigger" else 0.0)
    units = {"success": 1.0, "point": size}.get(element.pays_for)
    if units is None:
        units = size * row["people"] / 100 * (row["rate"] if element.measure == "per_reoffender" else 1)
    pounds = element.price * units
    if fall < 0:
        return -pounds if element.deducts else 0.0
    if element.after and not _open(rule, element, row, periods, earlier, shared):
        return 0.0
    return pounds


def _open(rule: Rule, element: Element, row: Row, periods: list[Row], earlier: dict[str, float], shared: bool) -> bool:  # noqa: PLR0917
    other = next(one for one in rule.elements if one.id == element.after)
    if element.after_if == "paid":
        return earlier[other.id] > 0
    whole = row if element.over == other.over == "each" else pooled(other.measure, periods, shared)
    return whole[other.measure] <= whole[other.measure + "_expected"]
