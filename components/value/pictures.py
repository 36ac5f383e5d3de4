"""Charts of value for money: the break-even curve, the spread of net present value, and what moves it most."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

from components.charts import ACCENT, INK, PALETTE, Spec, chart_of, text_at
from components.value.sentences import BASES, SHORT, Row, chance, count, found, pounds, share

LINE: Spec = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
PAYS, EDGE, LOSS = "rgba(40,161,151,0.10)", "#505a5f", "rgba(163,22,28,0.07)"
WHITE = "rgba(255,255,255,0.85)"
COLOURS = {"opportunity": ACCENT, "cash": "#b4430f"}
Histogram = tuple[Sequence[float], Sequence[int]]
"""Edges, one more than the bars, and how many draws fell between them."""
TAIL = 0.005
NAMES: dict[str, str] = {
    "effect": "Offences averted",
    "unit_cost": "Unit costs of offences",
    "costs": "What it cost",
    "multiplier": "Crimes for each proven reoffence",
    "displacement": "Displacement",
    "deadweight": "Deadweight",
    "attribution": "Attribution",
    "lasting_years": "Years that it lasts",
    "drop_off": "Lost from year to year",
}
"""Inputs and assumptions as readers know them."""


def name_of(row: Row) -> str:
    """An assumption as readers know it."""
    return NAMES.get(row["assumption"], str(row["assumption"]).replace("_", " ").capitalize())


def curve(rows: Mapping[str, Row]) -> Spec:
    """Cost against reduction: the line that pays, each basis's cost across it, what is needed, and what was found."""
    drawn = [row for basis in BASES if (row := rows.get(basis)) and can_draw(row)]
    names = BASES
    if len({row["cost"] for row in drawn}) < len(drawn):  # one line where both bases cost the same
        drawn, names = drawn[:1], {drawn[0]["basis"]: "On both bases"}
    any_row = drawn[0]
    slope = any_row["expected"] * any_row["unit_cost"] / 100
    seen = [(row["lower"], row["upper"]) for row in drawn if row["observed"] is not None]
    needs = [row["needed"] for row in drawn if row["needed"] <= 100]
    right = min(100.0, max([1.15 * x for x in (*needs, *(upper for _, upper in seen))] or [100.0]))
    right = 100.0 if not needs or max(needs) > 85 else right
    left = min([0.0, *(1.1 * lower for lower, _ in seen)])
    top = 1.3 * max(row["cost"] for row in drawn) or slope * right
    end = min(right, top / slope) if slope else right
    corner = [end, right, right, 0] if end < right else [right, right, 0]
    heights = [top, top, 0, 0] if end < right else [slope * right, 0, 0]
    traces: list[Spec] = [
        LINE | {"x": [0, *corner], "y": [0, *heights], "fill": "toself", "fillcolor": PAYS, "line": {"width": 0}},
        LINE | {"x": [0, end], "y": [0, slope * end], "line": {"color": INK, "width": 2}},
    ]
    texts = [
        text_at("<b>Pays</b>", x=right, y=0, xanchor="right", yanchor="bottom", xshift=-6, yshift=4, font={"color": "#0d6b63"}),
        text_at("Does not pay", x=0, y=top, xanchor="left", yanchor="top", xshift=4, font={"color": EDGE}),
    ]  # fmt: skip
    shapes: list[Spec] = []
    if left < 0:
        area = {"type": "rect", "xref": "x", "yref": "paper", "x0": left, "x1": 0, "y0": 0, "y1": 1, "layer": "below"}
        shapes.append(area | {"fillcolor": LOSS, "line": {"width": 0}})
        texts.append(
            text_at(
                "More offences", x=0, y=1, yref="paper", xanchor="right", yanchor="top", xshift=-4, font={"color": EDGE}
            )
        )
    for place, row in enumerate(drawn):
        traces += _basis(row, left, right)
        texts += _words(row, left, right, names[row["basis"]], above=place == 0)
    across = {
        "title": {"text": "Reduction in the offences expected"},
        "range": [left, right],
        "ticksuffix": "%",
        "nticks": 7,
    }
    up = {
        "range": [0, top],
        **ticks(0, top),
        "title": {"text": f"Cost in the year, {any_row['price_year']} prices"},
    }
    return chart_of(380, traces, shapes=shapes, annotations=texts, xaxis=across, yaxis=up, hovermode="closest")


def can_draw(row: Row) -> bool:
    """Whether a basis has a cost and a line that it can be set against."""
    known = all(row[name] is not None for name in ("cost", "unit_cost", "expected", "needed"))
    return known and row["cost"] > 0 and row["expected"] > 0


def _basis(row: Row, left: float, right: float) -> list[Spec]:
    """One cost: its level, where it meets the line, and the comparison's interval upon it."""
    colour, cost = COLOURS[row["basis"]], row["cost"]
    traces = [LINE | {"x": [left, right], "y": [cost, cost], "line": {"color": colour, "width": 1, "dash": "dot"}}]
    if row["needed"] <= 100:
        traces.append(
            LINE | {"x": [row["needed"]] * 2, "y": [0, cost], "line": {"color": colour, "width": 1.5, "dash": "dash"}}
        )
        said = f"{BASES[row['basis']]}: {pounds(cost)}<br>needs <b>{share(row['needed'])}</b> of the offences expected"
        mark = {"symbol": "diamond-open", "size": 13, "color": colour, "line": {"width": 2.5}}
        traces.append(_mark(row["needed"], cost, mark, said))
    if row["observed"] is not None:
        traces.append(
            LINE
            | {
                "x": [row["lower"], row["upper"]],
                "y": [cost, cost],
                "line": {"color": colour, "width": 7},
                "opacity": 0.45,
            }
        )
        said = f"Found: <b>{_reduction(row['observed'])}</b><br>{share(row['lower'])} to {share(row['upper'])} (95% interval)"
        traces.append(_mark(row["observed"], cost, {"size": 12, "color": colour}, said))
    return traces


def _mark(x: float, y: float, marker: Spec, said: str) -> Spec:
    return {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": marker, "hovertext": [said],
            "hoverinfo": "text", "cliponaxis": False}  # fmt: skip


def _words(row: Row, left: float, right: float, name: str, *, above: bool) -> list[Spec]:
    """A cost's name at the side away from what was found, and how much it needs."""
    colour, cost = COLOURS[row["basis"]], row["cost"]
    look = {"color": colour, "size": 14}
    middle = row["observed"] if row["observed"] is not None else row["needed"]
    at_left = middle > (left + right) / 2
    side = {"x": left if at_left else right, "xanchor": "left" if at_left else "right", "xshift": 4 if at_left else -4}
    said = f"<b>{name} {pounds(cost)}</b>"
    texts = [
        text_at(
            said,
            y=cost,
            yanchor="bottom" if above else "top",
            yshift=7 if above else -7,
            font=look,
            bgcolor=WHITE,
            **side,
        )
    ]
    if row["needed"] <= 100:
        near_edge = row["needed"] > left + 0.8 * (right - left)  # else its words would run out of the chart
        texts.append(text_at(f"needs {share(row['needed'])}", x=row["needed"], y=0, yanchor="bottom", yshift=24 if above else 42,
                             xanchor="right" if near_edge else "left", xshift=-4 if near_edge else 4, font=look, bgcolor=WHITE))  # fmt: skip
    return texts


def _reduction(value: float) -> str:
    return f"{share(abs(value))} {'more' if value < 0 else 'fewer'}"


def alt_curve(rows: Mapping[str, Row]) -> str:
    """The curve in words."""
    said = [
        "Chart of the cost in a year against the reduction in offences that would pay for it, a straight line from nought."
    ]
    for basis, name in BASES.items():
        row = rows.get(basis)
        if row is None or not can_draw(row):
            continue
        need = (
            f"needs a reduction of {share(row['needed'])}"
            if row["needed"] <= 100
            else "needs more than all of the offences expected"
        )
        what = f"; {found(row)}" if row["observed"] is not None else ""
        said.append(
            f"{name}, {pounds(row['cost'])} ({row['price_year']} prices): {need}{what}. {SHORT[row['verdict']]}."
        )
    return " ".join(said)


def bars(histogram: Histogram) -> list[tuple[float, float, float]]:
    """(from, to, share of draws) of each bar, the outermost half per cent on either side left out."""
    edges, counts = histogram
    total, gone = sum(counts) or 1, 0.0
    found = []
    for place, many in enumerate(counts):
        share_of, before = many / total, gone
        gone += share_of
        if gone > TAIL and before < 1 - TAIL:
            found.append((edges[place], edges[place + 1], share_of))
    return found


def spread(histogram: Histogram, value: float, paying: float, price_year: str) -> Spec:
    """The draws' net present value: what pays filled, what does not hatched, nought drawn."""
    parts = bars(histogram)
    tall = max(mass for *_, mass in parts)
    traces = [
        {
            "type": "bar", "x": [(low + high) / 2 for low, high, _ in mine], "y": [mass for *_, mass in mine],
            "width": [0.94 * (high - low) for low, high, _ in mine], "marker": look, "hoverinfo": "text",
            "hovertext": [f"{pounds(low)} to {pounds(high)}<br><b>{100 * mass:.1f}%</b> of draws" for low, high, mass in mine],
        }
        for mine, look in (
            ([part for part in parts if part[0] + part[1] < 0],
             {"color": "#ffffff", "line": {"color": EDGE, "width": 1}, "pattern": {"shape": "/", "fgcolor": EDGE, "size": 5}}),
            ([part for part in parts if part[0] + part[1] >= 0], {"color": ACCENT}),
        )
        if mine
    ]  # fmt: skip
    ends = (min(parts[0][0], 0.0), max(parts[-1][1], 0.0))
    pad = 0.04 * (ends[1] - ends[0])
    shapes = [{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": INK, "width": 2}},
              {"type": "line", "x0": value, "x1": value, "yref": "paper", "y0": 0, "y1": 0.86, "line": {"color": PALETTE[3], "width": 2, "dash": "dash"}}]  # fmt: skip
    middle = sum(ends) / 2
    texts = [
        text_at(f"Loses: {_of_100(1 - paying)}", x=0, y=1.12, yref="paper", xref="paper", xanchor="left", font={"color": EDGE}),
        text_at(f"<b>Pays: {_of_100(paying)}</b>", x=1, y=1.12, yref="paper", xref="paper", xanchor="right", font={"color": ACCENT}),
        text_at(f"best estimate {pounds(value)}", x=value, y=0.9, yref="paper", yanchor="bottom", font={"color": PALETTE[3]}, bgcolor=WHITE,
                xanchor="right" if value > middle else "left"),
    ]  # fmt: skip
    across = {"range": [ends[0] - pad, ends[1] + pad], **ticks(*ends, most=5),
              "title": {"text": f"Net present value, {price_year} prices"}}  # fmt: skip
    up = {"visible": False, "range": [0, 1.15 * tall]}
    return chart_of(
        280, traces, shapes=shapes, annotations=texts, xaxis=across, yaxis=up, bargap=0, hovermode="closest"
    )


def _of_100(probability: float) -> str:
    return f"{chance(probability)} of draws"


def alt_spread(histogram: Histogram, value: float, paying: float, price_year: str) -> str:
    """The spread in words."""
    parts = bars(histogram)
    return (
        f"Histogram of net present value over the draws, in {price_year} prices: best estimate {pounds(value)}, from {pounds(parts[0][0])} to"
        f" {pounds(parts[-1][1])}; {_of_100(paying)} pay and {_of_100(1 - paying)} lose."
    )


def end_words(row: Row, end: str) -> str:
    """An end of an assumption as readers say it."""
    value, name = row[end], row["assumption"]
    if value is None:
        return "[x]"
    if name == "costs":
        return f"{100 * value:.0f}% of recorded"
    if name == "multiplier":
        return f"{_two(value)} for each"
    if name == "lasting_years":
        return f"{_two(value)} {'year' if _two(value) == '1' else 'years'}"
    if name == "effect":
        return f"{count(abs(value))} {'more' if value < 0 else 'fewer'} per 100"
    return pounds(value) if name == "unit_cost" else share(100 * value)


def _two(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def ticks(low: float, high: float, most: int = 6) -> Spec:
    """Round amounts between two ends, each written with its sign before its pound."""
    step = 10.0 ** floor(log10(max(high - low, 1.0)))
    step = next(step * k for k in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if (high - low) / (step * k) <= most)
    at = [step * k for k in range(ceil(low / step), floor(high / step) + 1)]
    return {"tickvals": at, "ticktext": [short(value) for value in at], "tickangle": 0}


def short(value: float) -> str:
    """An amount on an axis: £0, £20k, £1.5m."""
    size, sign = abs(value), "\u2212" if value < 0 else ""
    if size >= 1e6:
        return f"{sign}£{size / 1e6:g}m"
    return f"{sign}£{size / 1e3:g}k" if size >= 1e3 else f"{sign}£{size:g}"
