"""A control chart: quarters with the limits of chance, special causes marked by shape and colour."""

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from components import words
from components.charts import ACCENT, INK, MUTED, Spec, chart_of, middle, runs, text_at
from components.judge import Row
from components.markup.plain import table
from components.variation.sentences import CAUSES, RULES
from metrics.compare.control_chart import Chart
from release.read import PeriodInfo

LOOK = {
    "common": ("circle", MUTED, 7),
    "no_limits": ("circle", MUTED, 7),
    "improvement": ("diamond", "#00602f", 12),
    "concern": ("triangle-up", "#a3161c", 13),
    "change": ("square", ACCENT, 11),
}


def control(
    chart: Chart, periods: Mapping[str, PeriodInfo], unit: str, target: float | None = None, height: int = 340
) -> Spec:
    """The quarters joined by a line, the average, the limits, and a mark of its own for each special cause."""
    points = chart.points.to_dicts()
    spots = [middle(periods[row["period"]]) for row in points]
    traces: list[Spec] = []
    for name, dash, width in (("lower", "dash", 1.2), ("upper", "dash", 1.2), ("centre", "solid", 1.5)):
        line = {"color": MUTED, "width": width, "dash": dash, "shape": "hvh"}
        traces.append(_trace(spots, [row[name] for row in points], line))
    shown = [i for i, row in enumerate(points) if row["value"] is not None]
    for run in runs(shown):
        traces.append(_trace([spots[i] for i in run], [points[i]["value"] for i in run], {"color": INK, "width": 1.5}))
    traces.append({
        "type": "scatter", "mode": "markers", "cliponaxis": False, "hoverinfo": "text",
        "x": [spots[i] for i in shown], "y": [points[i]["value"] for i in shown],
        "hovertext": [_hover(points[i], periods) for i in shown],
        "marker": {
            "symbol": [LOOK[points[i]["cause"]][0] for i in shown],
            "color": [LOOK[points[i]["cause"]][1] for i in shown],
            "size": [LOOK[points[i]["cause"]][2] for i in shown],
            "line": {"color": "#ffffff", "width": 1},
        },
    })  # fmt: skip
    texts, shapes = [], []
    if chart.has_limits:
        last = points[-1]
        for name, label in (("upper", "upper limit"), ("centre", "average"), ("lower", "lower limit")):
            texts.append(
                text_at(label, x=1, xref="paper", xanchor="right", y=last[name], yanchor="bottom", yshift=3,
                        font={"color": MUTED, "size": 13}, bgcolor="rgba(255,255,255,0.75)")
            )  # fmt: skip
    if target is not None:
        line = {"color": ACCENT, "width": 1.5, "dash": "dot"}
        shapes.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target, "line": line})
        texts.append(
            text_at("target", x=0, xref="paper", xanchor="left", y=target, yanchor="bottom", font={"color": ACCENT})
        )
    across: Spec = {"type": "date", "nticks": 6, "tickangle": 0}
    if points:
        first, last_day = periods[points[0]["period"]].start, periods[points[-1]["period"]].end
        across["range"] = [first, last_day + (last_day - first) / 8]  # room for the lines' names
    up = {"ticksuffix": "%" if unit == "%" else "", "rangemode": "normal", "nticks": 6}
    return chart_of(height, traces, shapes=shapes, annotations=texts, xaxis=across, yaxis=up)


def _trace(spots: Sequence[dt.date], values: Sequence[float | None], line: Spec) -> Spec:
    return {"type": "scatter", "mode": "lines", "x": list(spots), "y": list(values), "line": line, "hoverinfo": "skip"}


def _hover(row: Row, periods: Mapping[str, PeriodInfo]) -> str:
    why = "; ".join(RULES.get(rule, rule) for rule in row["rules"])
    label = periods[row["period"]].label
    return f"{label}<br><b>{row['value']:,.1f}</b><br>{CAUSES[row['cause']]}" + (f"<br>{why}" if why else "")


def alt_control(chart: Chart, place: str, title: str) -> str:
    """The chart in words."""
    points = chart.points
    marked = points.filter(pl.col("rules").list.len() > 0).height
    if not chart.has_limits:
        return f"Line chart of {words.title_in_sentence(title)} by quarter, {place}, without limits: too few quarters."
    last = points.row(-1, named=True)
    return (
        f"Control chart of {words.title_in_sentence(title)}, {place}, {points.height} quarters: average {last['centre']:.1f},"
        f" limits {last['lower']:.1f} to {last['upper']:.1f}; {marked} quarters marked as more than chance."
    )


def points_table(chart: Chart, periods: Mapping[str, PeriodInfo]) -> str:
    """Every quarter of the chart with its limits and what marks it."""

    def one(value: float | None) -> str:
        return "" if value is None else f"{value:,.1f}"

    body = [
        (periods[row["period"]].label, one(row["value"]), one(row["centre"]), one(row["lower"]), one(row["upper"]),
         CAUSES[row["cause"]], "; ".join(RULES.get(rule, rule) for rule in row["rules"]))
        for row in chart.points.to_dicts()
    ]  # fmt: skip
    heads = ("Quarter", "Value", "Average", "Lower limit", "Upper limit", "Reading", "Marked because")
    return table(heads, body, "Control chart", numeric=(1, 2, 3, 4), short=True)
