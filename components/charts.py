"""Charts: Plotly graph objects in one template of our own. Each function takes figures and returns a chart."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from components import words
from components.judge import FINAL, Row
from release.read import PeriodInfo

INK, MUTED, RULE, ACCENT = "#0b0c0c", "#505a5f", "#d5d9dc", "#12436D"
PALETTE = (ACCENT, "#F46A25", "#28A197", "#801650")
"""The Analysis Function palette: at most four series by colour, then dashes and markers."""
BAND = "rgba(18,67,109,0.14)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}

AXIS: dict[str, Any] = {
    "showline": True,
    "linecolor": INK,
    "ticks": "outside",
    "tickcolor": INK,
    "tickfont": {"size": 14, "color": INK},
    "title": {"font": {"size": 14, "color": INK}, "standoff": 8},
    "fixedrange": True,
    "zeroline": False,
    "automargin": True,
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "colorway": list(PALETTE),
        "margin": {"l": 8, "r": 16, "t": 22, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x",
        "hoverlabel": {"font": {"family": FONT, "size": 14, "color": INK}, "bgcolor": "#ffffff", "bordercolor": INK},
        "xaxis": {**AXIS, "showgrid": False},
        "yaxis": {**AXIS, "showline": False, "ticks": "", "gridcolor": RULE, "rangemode": "tozero"},
    }
)


def _figure(height: int) -> go.Figure:
    return go.Figure(layout={"template": TEMPLATE, "height": height})


def _middle(period: PeriodInfo) -> dt.date:
    return period.start + (period.end - period.start) / 2


def _hover(row: Row) -> str:
    state = " provisional" if row["status"] == "provisional" else ""
    return f"{row['period_label']}<br><b>{words.shown(row)}</b>{state}<br>{words.interval(row)}"


def trend(
    rows: Sequence[Row],
    periods: dict[str, PeriodInfo],
    *,
    target: float | None = None,
    events: Sequence[Row] = (),
    height: int = 360,
    top: float | None = None,
    small: bool = False,
) -> go.Figure:
    """Figures over time with their intervals: final in a full line, provisional in dashes and said to be so."""
    chart = _figure(height)
    kept = [row for row in rows if row["period"] in periods]
    spots = [_middle(periods[row["period"]]) for row in kept]
    final = [i for i, row in enumerate(kept) if row["value"] is not None and row["status"] in FINAL]
    waiting = [i for i, row in enumerate(kept) if row["value"] is not None and row["status"] == "provisional"]
    for run in _runs(final):
        _band(chart, [spots[i] for i in run], [kept[i] for i in run])
        many = len(run) > 16 or small
        _line(chart, [spots[i] for i in run], [kept[i] for i in run], 0 if many and len(run) > 1 else 8, None)
    if waiting:
        lead = [i for i in final if i == waiting[0] - 1]
        _line(chart, [spots[i] for i in lead + waiting], [kept[i] for i in lead + waiting], 8, "dot")
        if not small:
            begin = periods[kept[waiting[0]]["period"]].start
            _provisional(chart, begin, periods[kept[waiting[-1]]["period"]].end)
    for i, row in enumerate(kept):
        if row["value"] is None and row["status"] != "immature":
            chart.add_annotation(
                x=spots[i], y=0, yref="paper", yanchor="bottom", text=words.symbol(row), showarrow=False
            )
    if final and not small:
        _last(chart, spots[final[-1]], kept[final[-1]])
    if target is not None:
        chart.add_hline(y=target, line={"color": MUTED, "width": 1.5, "dash": "dash"})
        if not small:
            chart.add_annotation(
                x=1, xref="paper", xanchor="right", y=target, yanchor="top", showarrow=False,
                text=f"Target {words.number(target, kept[0])}", font={"color": MUTED},
            )  # fmt: skip
    if spots:
        first, last = periods[kept[0]["period"]].start, periods[kept[-1]["period"]].end
        for place, event in enumerate(events):
            _event(chart, event, place + 1)
        chart.update_xaxes(
            type="date", range=[first, last + (last - first) / (20 if small else 12)], nticks=4 if small else 10
        )
    unit = kept[0]["unit"] if kept else ""
    chart.update_yaxes(ticksuffix="%" if unit == "%" else "", rangemode="tozero", nticks=5 if small else 7)
    if top is not None:
        chart.update_yaxes(range=[0, top])
    return chart


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Stretches without a gap: a line is never drawn across a missing figure."""
    runs: list[list[int]] = []
    for i in places:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _band(chart: go.Figure, spots: Sequence[dt.date], rows: Sequence[Row]) -> None:
    known = [(x, row) for x, row in zip(spots, rows, strict=True) if words.has_interval(row)]
    if len(known) == 1:
        [(x, row)] = known
        chart.add_scatter(
            x=[x, x], y=[row["lower"], row["upper"]], mode="lines", line={"color": BAND, "width": 10}, hoverinfo="skip"
        )
    elif known:
        chart.add_scatter(
            x=[x for x, _ in known] + [x for x, _ in reversed(known)],
            y=[row["upper"] for _, row in known] + [row["lower"] for _, row in reversed(known)],
            mode="lines", line={"width": 0}, fill="toself", fillcolor=BAND, hoverinfo="skip",
        )  # fmt: skip


def _line(chart: go.Figure, spots: Sequence[dt.date], rows: Sequence[Row], marker: int, dash: str | None) -> None:
    fill = ACCENT if dash is None else "#ffffff"
    chart.add_scatter(
        x=spots, y=[row["value"] for row in rows], mode="lines+markers" if marker else "lines",
        line={"color": ACCENT, "width": 2.5, "dash": dash}, hovertext=[_hover(row) for row in rows], hoverinfo="text", cliponaxis=False,
        marker={"size": marker, "color": [ACCENT if r["status"] in FINAL else fill for r in rows], "line": {"color": ACCENT, "width": 2}},
    )  # fmt: skip


def _last(chart: go.Figure, spot: dt.date, row: Row) -> None:
    chart.add_annotation(
        x=spot, y=row["value"], yshift=16, text=f"<b>{words.shown(row)}</b>", showarrow=False,
        font={"size": 16, "color": ACCENT}, bgcolor="rgba(255,255,255,0.8)",
    )  # fmt: skip


def _provisional(chart: go.Figure, start: dt.date, end: dt.date) -> None:
    chart.add_vrect(x0=start, x1=end, fillcolor="#f3f5f7", line_width=0, layer="below")
    chart.add_annotation(
        x=end, xanchor="right", y=1, yref="paper", yanchor="top", showarrow=False, text="Provisional:<br>too low",
        align="right", font={"color": MUTED},
    )  # fmt: skip


def _event(chart: go.Figure, event: Row, number: int) -> None:
    """A dotted line with a number; the key stands below the chart, where it can be read on a phone."""
    chart.add_vline(x=event["on_date"], line={"color": MUTED, "width": 1, "dash": "dot"})
    chart.add_annotation(
        x=event["on_date"], y=1, yref="paper", yanchor="bottom", showarrow=False, text=str(number), font={"color": MUTED, "size": 13},
    )  # fmt: skip


def events_within(
    events: Sequence[Row], rows: Sequence[Row], periods: dict[str, PeriodInfo], district: str
) -> list[Row]:
    """The dated notes that fall within a trend, for the area or for the district shown."""
    if not rows:
        return []
    first, last = periods[rows[0]["period"]].start, periods[rows[-1]["period"]].end
    return [e for e in events if first <= e["on_date"] <= last and e["district"] in ("", district)]


def survival(curve: pl.DataFrame, follow_up_days: int) -> go.Figure:
    """The share of people who have not yet reoffended, by days since the index date, with its interval."""
    chart = _figure(340)
    days, value = curve["day"].to_list(), curve["value"].to_list()
    lower, upper = curve["lower"].to_list(), curve["upper"].to_list()
    if days and None not in lower and None not in upper:
        chart.add_scatter(
            x=days + days[::-1], y=upper + lower[::-1], mode="lines", line={"width": 0, "shape": "hv"},
            fill="toself", fillcolor=BAND, hoverinfo="skip",
        )  # fmt: skip
    said = [f"Day {d}<br><b>{v:.0f}%</b> not yet reoffended" for d, v in zip(days, value, strict=True)]
    chart.add_scatter(
        x=days,
        y=value,
        mode="lines",
        line={"color": ACCENT, "width": 2.5, "shape": "hv"},
        hovertext=said,
        hoverinfo="text",
    )
    if days:
        chart.add_annotation(
            x=days[-1], y=value[-1], text=f"<b>{value[-1]:.0f}%</b>", showarrow=False, yshift=14, xanchor="right",
            font={"size": 16, "color": ACCENT},
        )  # fmt: skip
    ticks = [follow_up_days * k / 4 for k in range(5)]
    months = ["0", *(f"{t / 30.4375:.0f} months" for t in ticks[1:])]
    chart.update_xaxes(
        title_text="Since the index date", range=[0, 1.03 * follow_up_days], tickvals=ticks, ticktext=months
    )
    chart.update_yaxes(range=[0, 100], ticksuffix="%")
    return chart


def incidents(crime: pl.DataFrame) -> go.Figure:
    """Recorded crime by month, in bars from zero."""
    monthly = crime.group_by("month").agg(pl.col("incidents").sum()).sort("month")
    chart = _figure(260)
    said = [f"{m:%B %Y}<br><b>{n:,}</b>" for m, n in monthly.iter_rows()]
    chart.add_bar(
        x=monthly["month"].to_list(),
        y=monthly["incidents"].to_list(),
        marker_color="#8a9299",
        hovertext=said,
        hoverinfo="text",
    )
    chart.update_layout(bargap=0.25)
    return chart


def boundary_map(rows: Sequence[tuple[Row, str]], shapes: dict[str, dict[str, Any]]) -> go.Figure:
    """Districts on their real boundaries, shaded by whether they have changed; on no background map."""
    known = {"improved": 0, "cannot tell": 1, "worsened": 2}
    drawn = [(row, kind) for row, kind in rows if row["val1"] in shapes]
    geojson = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": row["val1"], "properties": {}, "geometry": shapes[row["val1"]]}
            for row, _ in drawn
        ],
    }
    chart = _figure(460)
    chart.add_trace(
        go.Choroplethmap(
            geojson=geojson,
            locations=[row["val1"] for row, _ in drawn],
            z=[known.get(kind, 1) for _, kind in drawn],
            zmin=0, zmax=2, showscale=False, marker={"line": {"color": INK, "width": 1}},
            colorscale=[[0, "#9cc3e0"], [0.5, "#eef0f2"], [1, "#f6b89a"]],
            hovertext=[f"{row['label1']}<br><b>{words.shown(row)}</b><br>{kind}" for row, kind in drawn], hoverinfo="text",
        )
    )  # fmt: skip
    points = [point for row, _ in drawn for point in _points(shapes[row["val1"]]["coordinates"])]
    east, north = [x for x, _ in points], [y for _, y in points]
    bounds = {"west": min(east), "east": max(east), "south": min(north), "north": max(north)} if points else None
    middle = {"lon": (min(east) + max(east)) / 2, "lat": (min(north) + max(north)) / 2} if points else {}
    chart.update_layout(map={"style": "white-bg", "center": middle, "zoom": 7.6, "bounds": bounds})
    return chart


def _points(coordinates: Any) -> list[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [point for part in coordinates for point in _points(part)]


def alt_trend(rows: Sequence[Row], people: str) -> str:
    """What a trend shows, for those who do not see it."""
    final = [row for row in rows if row["value"] is not None and row["status"] in FINAL]
    if not final:
        return "No final figure to draw."
    first, last = final[0], final[-1]
    low, high = (pick(final, key=lambda row: row["value"]) for pick in (min, max))
    return (
        f"Line chart of {words.title_in_sentence(last['title'])} for {people}, {first['period_label']} to "
        f"{last['period_label']}. First {words.shown(first)}, last {words.in_sentence(last)}; lowest {words.shown(low)} "
        f"in {low['period_label']}, highest {words.shown(high)} in {high['period_label']}."
    )
