"""The frontier: what promising places to every district costs."""

from collections.abc import Sequence

from components.charts import ACCENT, INK, MUTED, Spec, chart_of, text_at
from metrics.places.allocate import Allocation, Point


def frontier(points: Sequence[Point], chosen: Point, now: Allocation, places: int) -> Spec:
    """Offences faced by share of the places promised; the choice marked, and today's places as a line."""
    x, y = [100 * point.share for point in points], [point.faced for point in points]
    said = [
        f"{100 * p.share:.0f}% promised, {p.fewest} or more in each district<br><b>{p.faced:,.0f}</b> offences faced a year"
        for p in points
    ]
    line = {"color": ACCENT, "width": 2.5}
    traces = [
        {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hovertext": said, "hoverinfo": "text"},
        {"type": "scatter", "mode": "markers", "x": [100 * chosen.share], "y": [chosen.faced], "hoverinfo": "skip",
         "marker": {"size": 13, "color": "#ffffff", "line": {"color": INK, "width": 3}}},
    ]  # fmt: skip
    near = chosen.share > 0.6
    texts = [
        text_at(f"<b>{chosen.faced:,.0f} with the promise chosen</b>", x=100 * chosen.share, y=chosen.faced,
                xanchor="right" if near else "left", xshift=-12 if near else 12, yshift=16, font={"size": 15, "color": ACCENT}),
    ]  # fmt: skip
    shapes = []
    if sum(now.places) == places:
        held = {"color": MUTED, "width": 1.5, "dash": "dash"}
        shapes.append(
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": now.faced, "y1": now.faced, "line": held}
        )
        texts.append(
            text_at(f"As held today {now.faced:,.0f}", x=1, xref="paper", xanchor="right", y=now.faced, yanchor="top",
                    font={"color": MUTED})
        )  # fmt: skip
    across = {
        "title": {"text": "Share of the places promised to districts"},
        "range": [0, 101],
        "ticksuffix": "%",
        "nticks": 6,
    }
    floor = min([*y, now.faced]) if sum(now.places) == places else min(y)
    # a line and not a length: from below its lowest point, or what a promise costs could not be seen
    up = {"title": {"text": "Offences faced a year"}, "range": [0.92 * floor, 1.06 * max(y)], "nticks": 6}
    return chart_of(320, traces, shapes=shapes, annotations=texts, xaxis=across, yaxis=up)


def alt_frontier(points: Sequence[Point], chosen: Point) -> str:
    """The frontier in words."""
    first, last = points[0], points[-1]
    return (
        f"Line chart of offences faced a year by the share of places promised to districts: {first.faced:,.0f} with none promised,"
        f" {last.faced:,.0f} with all; {chosen.faced:,.0f} with {100 * chosen.share:.0f}%."
    )
