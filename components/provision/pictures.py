"""The 13 weeks ahead as a chart: people known to be due out in each week, against what a week usually brings."""

import datetime as dt
from collections.abc import Sequence

from components.charts import ACCENT, MUTED, Spec, chart_of, text_at
from components.provision.rows import Due
from components.words.sentences import day


def weeks(found: Due, starts: Sequence[dt.date], usual: float | None) -> Spec:
    """A bar a week, with a line at what a week usually brings where that is known."""
    labels = [f"{start.day} {start:%b}" for start in starts]
    said = [
        f"Week of {day(start)}<br><b>{n}</b> known to be due out" for start, n in zip(starts, found.weeks, strict=True)
    ]
    traces = [
        {"type": "bar", "x": labels, "y": list(found.weeks), "marker": {"color": ACCENT}, "hovertext": said, "hoverinfo": "text",
         "cliponaxis": False}
    ]  # fmt: skip
    # each count on white, for the dashed line runs behind some of them
    shapes: list[Spec] = []
    notes = [text_at(str(n), x=week, y=n, yanchor="bottom", yshift=1, bgcolor="#ffffff", borderpad=0) for week, n in zip(labels, found.weeks, strict=True) if n]  # fmt: skip
    if usual is not None:
        shapes.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": usual, "y1": usual, "line": {"color": MUTED, "dash": "dash", "width": 2}})  # fmt: skip
        notes.append(text_at(f"Dashed: a usual week, {usual:.1f}", xref="paper", x=1, xanchor="right", yref="paper", y=1.02, yanchor="bottom", font={"color": MUTED}))  # fmt: skip
    top = max([*found.weeks, usual or 0, 1])
    return chart_of(
        240, traces, shapes=shapes, annotations=notes, bargap=0.35, hovermode="closest",
        xaxis={"type": "category", "title": {"text": "Week beginning"}}, yaxis={"title": {"text": "People"}, "range": [0, top * 1.2], "dtick": 1 if top <= 6 else None},
    )  # fmt: skip


def alt_weeks(found: Due, usual: float | None) -> str:
    """The chart in words."""
    beside = f" A usual week brings {usual:.1f}." if usual is not None else ""
    return f"Bars of people known to be due out of prison in each of the next 13 weeks: {', '.join(str(n) for n in found.weeks)}.{beside}"
