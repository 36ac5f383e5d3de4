"""Luck in two pictures: what 100 schemes would be paid, and how the chance of payment moves with the size of the cohort."""

from math import ceil, floor, log10

from components.charts import ACCENT, INK, MUTED, PALETTE, Spec, chart_of, text_at
from components.payment import sentences as say
from components.payment.rows import Chance, Contract

PAID, UNPAID = ACCENT, "#aab1b5"
MARK = "#b4430f"


def hundred(found: Contract, told: Chance) -> Spec:
    """Each bar is one of 100 schemes of the chosen kind, from the least paid to the most; today's payment is a line across."""
    paid = told.chosen.of_100()
    least = max(found.rule.floor, 0.0)
    colours = [PAID if value > least + 0.005 else UNPAID if value >= 0 else PALETTE[3] for value in paid]
    said = [f"Scheme {n} of 100<br><b>{say.pounds(value)}</b>" for n, value in enumerate(paid, start=1)]
    bars = {"type": "bar", "x": list(range(1, 101)), "y": paid, "marker": {"color": colours}, "hovertext": said,
            "hoverinfo": "text", "width": 0.85}  # fmt: skip
    shapes, texts = [], []
    today = found.paid["payment"]
    if today is not None:
        line = {"color": MARK, "width": 2.5, "dash": "dash"}
        shapes.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": today, "y1": today, "line": line})
        texts.append(
            text_at(f"<b>{found.title} today {say.pounds(today)}</b>", x=0.01, xref="paper", xanchor="left", y=today,
                    yanchor="bottom", font={"size": 15, "color": MARK}, bgcolor="rgba(255,255,255,0.8)")
        )  # fmt: skip
    across = {
        "title": {"text": "100 schemes, the least paid first"},
        "range": [0, 101],
        "tickvals": [1, 25, 50, 75, 100],
    }
    marks = ticks(min([*paid, today or 0.0, 0.0]), max([*paid, today or 0.0, 0.0]))
    title = {"text": f"Paid, pounds of {found.rule.price_year}"}
    up = {"tickvals": marks, "ticktext": [short(mark) for mark in marks], "title": title}
    return chart_of(320, [bars], shapes=shapes, annotations=texts, bargap=0.1, xaxis=across, yaxis=up)


def ticks(low: float, high: float) -> list[float]:
    """Round amounts, some five of them, from the least to the most."""
    span = (high - low) or 1.0
    size = 10 ** floor(log10(span / 5))
    step = next(size * times for times in (1, 2, 5, 10) if span / (size * times) <= 6)
    return [step * n for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def short(value: float) -> str:
    """'£500k', '£1.5m', '-£50k' with a minus sign: an amount on an axis."""
    sign, size = ("\u2212" if value < 0 else ""), abs(value)
    if size >= 1e6:
        return f"{sign}£{size / 1e6:g}m"
    return f"{sign}£{size / 1e3:g}k" if size >= 1000 else f"{sign}£{size:g}"


def alt_hundred(found: Contract, told: Chance) -> str:
    """The picture in words."""
    paid = told.chosen.of_100()
    least = max(found.rule.floor, 0.0)
    count = sum(value > least + 0.005 for value in paid)
    today = found.paid["payment"]
    beside = "" if today is None else f" {found.title} today: {say.pounds(today)} {say.in_prices(found.rule)}."
    return (
        f"Bar chart of what 100 schemes would be paid, from the least to the most: {count} are paid for results, the most"
        f" {say.pounds(paid[-1])} {say.in_prices(found.rule)}.{beside}"
    )


def by_size(found: Contract, told: Chance, people: int) -> Spec:
    """The chance of payment by the number of people in each cohort, with the size chosen marked."""
    x, y = [one.people for one in told.curve], [100 * one.probability for one in told.curve]
    said = [f"{n:,} people in each<br><b>{p:.0f}</b> times in 100" for n, p in zip(x, y, strict=True)]
    line = {"type": "scatter", "mode": "lines+markers", "x": x, "y": y, "hovertext": said, "hoverinfo": "text",
            "line": {"color": ACCENT, "width": 2.5}, "marker": {"size": 7}}  # fmt: skip
    chosen = 100 * told.chosen.probability
    spot = {"type": "scatter", "mode": "markers", "x": [people], "y": [chosen], "hoverinfo": "skip",
            "marker": {"size": 14, "color": "#ffffff", "line": {"color": INK, "width": 3}}}  # fmt: skip
    right = people > max(x) * 0.6
    texts = [
        text_at(f"<b>{chosen:.0f} in 100 with {people:,} people</b>", x=people, y=chosen, yshift=18, xshift=-12 if right else 12,
                xanchor="right" if right else "left", font={"size": 15, "color": INK}, bgcolor="rgba(255,255,255,0.8)"),
    ]  # fmt: skip
    span = say.PERIODS[found.rule.period][0]
    across = {"title": {"text": f"People in each {span}"}, "rangemode": "tozero", "tickformat": ",", "nticks": 7}
    up = {"title": {"text": "Paid, times in 100"}, "range": [0, 105], "nticks": 6, "color": MUTED}
    return chart_of(320, [line, spot], annotations=texts, xaxis=across, yaxis=up)


def alt_by_size(found: Contract, told: Chance) -> str:
    """The picture in words."""
    first, last = told.curve[0], told.curve[-1]
    return (
        f"Line chart of how often the scheme would be paid by the number of people in each {say.PERIODS[found.rule.period][0]}:"
        f" {100 * first.probability:.0f} times in 100 with {first.people:,}, {100 * last.probability:.0f} with {last.people:,}."
    )
