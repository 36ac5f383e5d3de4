"""Both measures over the years, with their intervals."""

import datetime as dt

from components import charts
from components.parallel.rows import over_time
from release.read import Reader

Point = tuple[str, dt.date, float, float, float]
"""The year's label, its middle, the value and its interval."""


def chart(source: Reader, measure: str) -> charts.Spec:
    """The share with a proven offence by year, of an old measure (dashed) and of the single cohort."""
    old, new = over_time(source, measure)
    periods = {period.id: (period.label, charts.middle(period)) for period in source.periods("year")}
    before = [(*periods[r["year"]], r["rate"], r["rate_lower"], r["rate_upper"]) for r in old if r["year"] in periods]
    now = [(*periods[r["period"]], r["value"], r["lower"], r["upper"]) for r in new if r["period"] in periods]
    traces = _series("Old measure", charts.PALETTE[1], "dash", before) + _series(
        "Single cohort", charts.ACCENT, "solid", now
    )
    named = [("Old measure", charts.INK, before), ("Single cohort", charts.ACCENT, now)]
    top = max((points for _, _, points in named if points), key=lambda points: points[-1][2], default=[])
    texts = [_name(name, colour, points, above=points is top) for name, colour, points in named if points]
    up = {"ticksuffix": "%", "rangemode": "tozero"}
    return charts.chart_of(320, traces, annotations=texts, xaxis={"type": "date", "nticks": 6}, yaxis=up)


def _name(name: str, colour: str, points: list[Point], *, above: bool) -> charts.Spec:
    """A line's name at its end: over the higher line and under the lower, clear of the last intervals on a phone too."""
    last = points[-4:]
    y = max(point[4] for point in last) if above else min(point[3] for point in last)
    look = {"xanchor": "right", "yshift": 14 if above else -14, "font": {"size": 15, "color": colour}}
    return charts.text_at(f"<b>{name}</b>", x=points[-1][1], y=y, **look)


def _series(name: str, colour: str, dash: str, points: list[Point]) -> list[charts.Spec]:
    """A line with a bar for each interval."""
    if not points:
        return []
    across, value = [point[1] for point in points], [point[2] for point in points]
    bars = {
        "type": "data", "symmetric": False, "color": colour, "thickness": 1.5, "width": 4,
        "array": [high - middle for _, _, middle, _, high in points],
        "arrayminus": [middle - low for _, _, middle, low, _ in points],
    }  # fmt: skip
    said = [
        f"{name}<br>{year}<br><b>{middle:.1f}%</b> ({low:.1f}% to {high:.1f}%)" for year, _, middle, low, high in points
    ]
    return [
        {
            "type": "scatter", "mode": "lines+markers", "x": across, "y": value, "error_y": bars, "hoverinfo": "text",
            "hovertext": said, "line": {"color": colour, "width": 2.5, "dash": dash}, "marker": {"size": 8, "color": colour},
        }
    ]  # fmt: skip


def alt(source: Reader, measure: str) -> str:
    """What the chart shows, for those who do not see it."""
    old, new = over_time(source, measure)
    parts = [
        f"{name}: {rows[0][value]:.0f}% in {rows[0][when]}, {rows[-1][value]:.0f}% in {rows[-1][when]}"
        for name, rows, value, when in (("old measure", old, "rate", "year"), ("single cohort", new, "value", "period"))
        if rows
    ]
    return f"Line chart of the share of people with a proven offence. {'; '.join(parts)}."
