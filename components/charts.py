"""Charts: Plotly in one template of our own. Each function takes figures and returns a chart as Plotly's plain JSON.

A chart is put together from plain lists in one go: Plotly's own `add_vline` and its like cost some twenty
milliseconds each. `tests/pages/test_charts.py` has Plotly validate every one of them.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from components import words
from components.judge import FINAL, Row
from release.read import PeriodInfo

Spec = dict[str, Any]
"""A chart: its `data` (traces) and its `layout`."""

INK, MUTED, RULE, ACCENT = "#0b0c0c", "#505a5f", "#d5d9dc", "#12436D"
PALETTE = (ACCENT, "#F46A25", "#28A197", "#801650")
"""The Analysis Function palette: at most four series by colour, then dashes and markers."""
BAND = "rgba(18,67,109,0.14)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}

AXIS: Spec = {
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
TEMPLATE: Spec = {
    "layout": {
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
}


def chart_of(height: int, data: list[Spec], **layout: Any) -> Spec:
    """A chart of these traces in our template."""
    return {"data": data, "layout": {"template": TEMPLATE, "height": height, **layout}}


def stepped_band(x: Sequence[float], lower: Sequence[float], upper: Sequence[float]) -> Spec:
    """The area between two lines that hold each value until the next: its corners, there above and back below."""
    across = [at for here, then in pairwise(x) for at in (here, then)] + [x[-1]]

    def held(values: Sequence[float]) -> list[float]:
        return [value for value in values[:-1] for _ in range(2)] + [values[-1]]

    return {"x": across + across[::-1], "y": held(upper) + held(lower)[::-1], "fill": "toself"}


def text_at(text: str, **place: Any) -> Spec:
    """Words on a chart, without an arrow."""
    return {"text": text, "showarrow": False, **place}


def middle(period: PeriodInfo) -> dt.date:
    """The day in the middle of a period: where its figure stands on an axis of time."""
    return period.start + (period.end - period.start) / 2


def _hover(row: Row) -> str:
    state = " provisional" if row["status"] == "provisional" else ""
    return f"{row['period_label']}<br><b>{words.shown(row)}</b>{state}<br>{words.interval(row)}"


def trend(
    rows: Sequence[Row],
    periods: dict[str, PeriodInfo],
    *,
    events: Sequence[Row] = (),
    height: int = 360,
) -> Spec:
    """Figures over time with their intervals: final in a full line, provisional in dashes and said to be so.

    Each row's `target`, where it has one, is drawn over the stretch of periods that it holds for.
    """
    kept = [row for row in rows if row["period"] in periods]
    spots = [middle(periods[row["period"]]) for row in kept]
    final = [i for i, row in enumerate(kept) if row["value"] is not None and row["status"] in FINAL]
    waiting = [i for i, row in enumerate(kept) if row["value"] is not None and row["status"] == "provisional"]
    traces: list[Spec] = []
    shapes: list[Spec] = []
    texts = [
        text_at(words.symbol(row), x=spots[i], y=0, yref="paper", yanchor="bottom")
        for i, row in enumerate(kept)
        if row["value"] is None and row["status"] != "immature"
    ]
    for run in runs(final):
        traces += _band([spots[i] for i in run], [kept[i] for i in run])
        marker = 0 if len(run) > 16 else 8
        traces.append(_line([spots[i] for i in run], [kept[i] for i in run], marker, None))
    if waiting:
        lead = [i for i in final if i == waiting[0] - 1]
        traces.append(_line([spots[i] for i in lead + waiting], [kept[i] for i in lead + waiting], 8, "dot"))
        begin, end = periods[kept[waiting[0]]["period"]].start, periods[kept[waiting[-1]]["period"]].end
        shapes.append(_upright(begin, end, fillcolor="#f3f5f7", line={"width": 0}, layer="below"))
        texts.append(
            text_at("Provisional:<br>too low", x=end, xanchor="right", y=1, yref="paper", yanchor="top",
                  align="right", font={"color": MUTED})
        )  # fmt: skip
    if final:
        texts.append(_last(spots[final[-1]], kept[final[-1]], alone=not waiting))
    for value, run in aims(kept):
        first, last = periods[kept[run[0]]["period"]].start, periods[kept[run[-1]]["period"]].end
        line = {"color": MUTED, "width": 1.5, "dash": "dash"}
        shapes.append({"type": "line", "x0": first, "x1": last, "y0": value, "y1": value, "line": line})
        said = f"Target {words.number(value, kept[0])}"
        texts.append(
            text_at(said, y=value, font={"color": MUTED}, **_clear_of(value, [kept[i] for i in run], first, last))
        )
    for number, event in enumerate(events, 1):
        on, line = event["on_date"], {"color": MUTED, "width": 1, "dash": "dot"}
        shapes.append(_upright(on, on, line=line))
        # the key stands below the chart, where it can be read on a phone
        texts.append(
            text_at(str(number), x=on, y=1, yref="paper", yanchor="bottom", font={"color": MUTED, "size": 13})
        )  # fmt: skip
    across: Spec = {"type": "date", "nticks": 6, "tickangle": 0}
    if kept:
        first, last = periods[kept[0]["period"]].start, periods[kept[-1]["period"]].end
        # room for the last figure's words after its mark, on a phone as well
        across["range"] = [first, last + (last - first) / 8]
    up = {"ticksuffix": "%" if kept and kept[0]["unit"] == "%" else "", "rangemode": "tozero", "nticks": 7}
    return chart_of(height, traces, shapes=shapes, annotations=texts, xaxis=across, yaxis=up)


def _clear_of(aim: float, rows: Sequence[Row], first: dt.date, last: dt.date) -> Spec:
    """Where the words of a target stand: at the end of its line from which the figures lie further, on their other side."""
    gaps = [0.0 if row["value"] is None else row["value"] - aim for row in (rows[0], rows[-1])]
    at_end = len(rows) < 4 or abs(gaps[1]) >= abs(gaps[0])
    side = "top" if gaps[at_end] > 0 else "bottom"
    return {"x": last if at_end else first, "xanchor": "right" if at_end else "left", "yanchor": side}


def aims(rows: Sequence[Row]) -> list[tuple[float, list[int]]]:
    """Each target with the stretch of periods that it holds for."""
    own = [row.get("target") for row in rows]
    found = []
    for value in dict.fromkeys(aim for aim in own if aim is not None):
        found += [(value, run) for run in runs([i for i, aim in enumerate(own) if aim == value])]
    return found


def _upright(start: dt.date, end: dt.date, **look: Any) -> Spec:
    """A line or a band over the whole height of the chart."""
    kind = "line" if start == end else "rect"
    return {"type": kind, "x0": start, "x1": end, "yref": "paper", "y0": 0, "y1": 1, **look}


def runs(places: Sequence[int]) -> list[list[int]]:
    """Stretches without a gap: a line is never drawn across a missing figure."""
    found: list[list[int]] = []
    for i in places:
        if found and found[-1][-1] == i - 1:
            found[-1].append(i)
        else:
            found.append([i])
    return found


def _band(spots: Sequence[dt.date], rows: Sequence[Row]) -> list[Spec]:
    known = [(x, row) for x, row in zip(spots, rows, strict=True) if words.has_interval(row)]
    if not known:
        return []
    look: Spec = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    if len(known) == 1:
        [(x, row)] = known
        return [look | {"x": [x, x], "y": [row["lower"], row["upper"]], "line": {"color": BAND, "width": 10}}]
    there = [x for x, _ in known]
    upper, lower = [row["upper"] for _, row in known], [row["lower"] for _, row in known]
    area = {"x": there + there[::-1], "y": upper + lower[::-1], "fill": "toself", "fillcolor": BAND}
    return [look | area | {"line": {"width": 0}}]


def _line(spots: Sequence[dt.date], rows: Sequence[Row], marker: int, dash: str | None) -> Spec:
    inside = [ACCENT if row["status"] in FINAL else "#ffffff" for row in rows]
    line = {"color": ACCENT, "width": 2.5} | ({"dash": dash} if dash else {})
    return {
        "type": "scatter",
        "x": list(spots),
        "y": [row["value"] for row in rows],
        "mode": "lines+markers" if marker else "lines",
        "line": line,
        "marker": {"size": marker, "color": inside, "line": {"color": ACCENT, "width": 2}},
        "hovertext": [_hover(row) for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _last(spot: dt.date, row: Row, *, alone: bool) -> Spec:
    """The latest final figure in words: after its mark, or above it where a provisional line goes on from there."""
    look: Spec = {"xanchor": "left", "xshift": 7} if alone else {"yshift": 16, "bgcolor": "rgba(255,255,255,0.8)"}
    return text_at(f"<b>{words.shown(row)}</b>", x=spot, y=row["value"], font={"size": 16, "color": ACCENT}, **look)


def events_within(
    events: Sequence[Row], rows: Sequence[Row], periods: dict[str, PeriodInfo], district: str
) -> list[Row]:
    """The dated notes that fall within a trend, for the area or for the district shown."""
    if not rows:
        return []
    first, last = periods[rows[0]["period"]].start, periods[rows[-1]["period"]].end
    return [e for e in events if first <= e["on_date"] <= last and e["district"] in ("", district)]


def survival(curve: pl.DataFrame, follow_up_days: int) -> Spec:
    """The share of people who have not yet reoffended, by days since the index date, with its interval."""
    days, value = curve["day"].to_list(), curve["value"].to_list()
    lower, upper = curve["lower"].to_list(), curve["upper"].to_list()
    traces: list[Spec] = []
    if days and None not in lower and None not in upper:
        area = stepped_band(days, lower, upper) | {"fillcolor": BAND}
        plain = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"width": 0}}
        traces.append(area | plain)
    said = [f"Day {d}<br><b>{v:.0f}%</b> not yet reoffended" for d, v in zip(days, value, strict=True)]
    line = {"color": ACCENT, "width": 2.5, "shape": "hv"}
    traces.append(
        {"type": "scatter", "x": days, "y": value, "mode": "lines", "line": line, "hovertext": said,
         "hoverinfo": "text"}
    )  # fmt: skip
    end = []
    if days:
        look = {"yshift": 14, "xanchor": "right", "font": {"size": 16, "color": ACCENT}}
        end = [text_at(f"<b>{value[-1]:.0f}%</b>", x=days[-1], y=value[-1], **look)]
    ticks = [follow_up_days * k / 4 for k in range(5)]
    across = {
        "title": {"text": "Since the index date"},
        "range": [0, 1.03 * follow_up_days],
        "tickvals": ticks,
        "ticktext": ["0", *(f"{t / 30.4375:.0f} months" for t in ticks[1:])],
    }
    return chart_of(340, traces, annotations=end, xaxis=across, yaxis={"range": [0, 100], "ticksuffix": "%"})


def incidents(crime: pl.DataFrame) -> Spec:
    """Recorded crime by month, in bars from zero."""
    monthly = crime.group_by("month").agg(pl.col("incidents").sum()).sort("month")
    bars = {
        "type": "bar",
        "x": monthly["month"].to_list(),
        "y": monthly["incidents"].to_list(),
        "marker": {"color": "#8a9299"},
        "hovertext": [f"{m:%B %Y}<br><b>{n:,}</b>" for m, n in monthly.iter_rows()],
        "hoverinfo": "text",
    }
    return chart_of(
        260, [bars], bargap=0.25, xaxis={"type": "date"}, yaxis={"tickformat": ",", "title": {"text": "Crimes a month"}}
    )


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
