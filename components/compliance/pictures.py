"""Prison releases by day of the week: bars from zero, expected below and unexpected above."""

from collections.abc import Sequence

from components.charts import ACCENT, INK, MUTED, PALETTE, Spec, chart_of, text_at
from components.compliance.rows import Weekday

COLOURS = {"expected": ACCENT, "unexpected": PALETTE[1], "rest": "#d5d9dc"}
NAMES = {"expected": "expected", "unexpected": "unexpected", "rest": "not known"}


def weekdays_chart(found: Sequence[Weekday]) -> Spec:
    """One bar a day; each part is named once, on the day where it is largest."""
    shown = _shown(found)
    days = [day.label for day in shown]
    parts = {
        "expected": [day.expected or 0 for day in shown],
        "unexpected": [day.unexpected or 0 for day in shown],
        "rest": [day.releases - (day.expected or 0) - (day.unexpected or 0) for day in shown],
    }
    traces = [
        {
            "type": "bar", "x": days, "y": counts, "marker": {"color": COLOURS[name], "line": {"color": "#ffffff", "width": 1}},
            "hoverinfo": "text", "hovertext": [f"{day}<br><b>{count:,}</b> {NAMES[name]}" for day, count in zip(days, counts, strict=True)],
            "width": 0.62,
        }
        for name, counts in parts.items()
        if any(counts)
    ]  # fmt: skip
    texts = [
        text_at(_said(day), x=day.label, y=day.releases, yanchor="bottom", yshift=3, font={"size": 14, "color": INK})
        for day in shown
    ]
    top = max((day.releases for day in shown), default=1)
    key = [
        f'<span style="color:{COLOURS[name] if name != "rest" else MUTED}">■ {NAMES[name]}</span>'
        for name, counts in parts.items()
        if any(counts)
    ]
    texts.append(
        text_at(
            "   ".join(key),
            x=0,
            xref="paper",
            xanchor="left",
            y=1.08,
            yref="paper",
            yanchor="bottom",
            font={"size": 14},
        )
    )
    up = {"title": {"text": "Prison releases"}, "range": [0, 1.18 * top], "nticks": 5}
    across = {"type": "category", "categoryorder": "array", "categoryarray": days}
    return chart_of(
        300, traces, annotations=texts, barmode="stack", hovermode="closest", xaxis=across, yaxis=up, margin={"l": 8, "r": 16, "t": 44, "b": 8}
    )  # fmt: skip


def alt_weekdays(found: Sequence[Weekday], period: str) -> str:
    """The chart in words."""
    said = "; ".join(f"{day.label} {_said(day)}" for day in _shown(found))
    return f"Bar chart of prison releases by day of the week, {period}, with how many were unexpected: {said}."


def _shown(found: Sequence[Weekday]) -> list[Weekday]:
    """The working days, and a day of the weekend where anybody came out on it."""
    return [day for place, day in enumerate(found) if place < 5 or day.releases]


def _said(day: Weekday) -> str:
    return f"{day.releases:,}" + (f", {day.unexpected:,} unexpected" if day.unexpected else "")
