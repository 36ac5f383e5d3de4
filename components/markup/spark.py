"""A measure's quarters in a line small enough for a table: the limits of chance shaded, the latest quarter marked."""

from components import words
from components.judge import Row
from components.markup.plain import image
from metrics.compare.control_chart import Chart

_WIDE, _HIGH, _EDGE = 148, 34, 6
_SHOWN = 16
"""Quarters drawn, the latest last: four years."""
_STYLE = (
    ".band{fill:#dfe5ea}.centre{stroke:#8a9299;stroke-width:1;stroke-dasharray:3 2}"
    ".line{fill:none;stroke:#0b0c0c;stroke-width:1.5;stroke-linejoin:round}.common,.no_limits{fill:#12436d}"
    ".improvement{fill:#00602f}.concern{fill:#a3161c}.change{fill:#12436d}"
)


def spark(chart: Chart, latest: Row) -> str:
    """The last four years of quarters, on a scale of their own; said in words for those who do not see it."""
    points = chart.points.tail(_SHOWN).to_dicts()
    known = [p for p in points if p["value"] is not None]
    if len(known) < 2:
        return ""
    spread = [p[name] for p in points for name in ("value", "lower", "upper") if p[name] is not None]
    low, high = min(spread), max(spread)
    width = (high - low) or 1.0
    step = (_WIDE - 2 * _EDGE) / max(len(points) - 1, 1)

    def spot(place: int, value: float) -> tuple[float, float]:
        return round(_EDGE + place * step, 1), round(_HIGH - _EDGE - (_HIGH - 2 * _EDGE) * (value - low) / width, 1)

    drawn = ""
    limits = [(i, p) for i, p in enumerate(points) if p["lower"] is not None]
    if limits:
        edge = [spot(i, p["upper"]) for i, p in limits] + [spot(i, p["lower"]) for i, p in reversed(limits)]
        drawn += f'<polygon class="band" points="{_line(edge)}"/>'
        drawn += f'<polyline class="centre" fill="none" points="{_line([spot(i, p["centre"]) for i, p in limits])}"/>'
    values = [(i, p["value"]) for i, p in enumerate(points) if p["value"] is not None]
    drawn += f'<polyline class="line" points="{_line([spot(i, v) for i, v in values])}"/>'
    drawn += _mark(*spot(*values[-1]), known[-1]["cause"])
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}"><style>{_STYLE}</style>{drawn}</svg>'
    ends = f"from {words.number(known[0]['value'], latest)} to {words.number(known[-1]['value'], latest)}"
    return image(svg, f"{len(known)} quarters to {latest['period_label']}, {ends}")


def _line(spots: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in spots)


def _mark(x: float, y: float, cause: str) -> str:
    """The latest quarter: a dot, or a shape of its own for each special cause."""
    if cause == "concern":
        return f'<path class="concern" d="M{x},{y - 5.5} L{x + 5.5},{y + 4.5} L{x - 5.5},{y + 4.5} Z"/>'
    if cause == "improvement":
        return f'<path class="improvement" d="M{x},{y - 5.5} L{x + 5.5},{y} L{x},{y + 5.5} L{x - 5.5},{y} Z"/>'
    if cause == "change":
        return f'<rect class="change" x="{x - 4}" y="{y - 4}" width="8" height="8"/>'
    return f'<circle class="common" cx="{x}" cy="{y}" r="3.5"/>'
