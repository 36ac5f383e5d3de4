"""Small multiples and the map of real boundaries, drawn by hand as SVG: they reflow, print, and cost next to nothing.

Streamlit strips SVG from HTML, so each drawing is an image of its own, with its words as the image's `alt`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import cos, radians
from typing import Any

from components import words
from components.charts import alt_trend, runs
from components.judge import FINAL, Row
from components.markup import image, scale_of
from release.read import PeriodInfo, Reader

SVG = "http://www.w3.org/2000/svg"
STYLE = (
    "svg{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;fill:#0b0c0c}"
    ".grid{stroke:#d5d9dc}.base{stroke:#0b0c0c}.tick{text-anchor:end}.year{text-anchor:middle}"
    ".gap{text-anchor:middle;fill:#505a5f;font-size:11px}.band{fill:#12436d;fill-opacity:.14}"
    ".one{stroke:#12436d;stroke-opacity:.3;stroke-width:6}.line{fill:none;stroke:#12436d;stroke-width:2}"
    ".waiting{stroke-dasharray:2 3}.dot{fill:#12436d}circle.waiting{fill:#fff;stroke:#12436d;stroke-dasharray:none}"
    ".last{text-anchor:end;font-weight:700;font-size:14px;fill:#12436d;paint-order:stroke;stroke:#fff;stroke-width:3px}"
    ".area{fill:#f3f5f7;stroke:#0b0c0c;stroke-linejoin:round;fill-rule:evenodd}.improved{fill:#cfe6d8}.worsened{fill:#f3cfcf}"
    ".higher,.lower{fill:#cfdbe6}.name,.value{text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:3px;font-size:15px}"
    ".value{font-size:17px;font-weight:700}"
)
WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 360, 158, 44, 352, 18, 132


def small_multiples(panels: Sequence[tuple[str, Sequence[Row]]], periods: dict[str, PeriodInfo]) -> str:
    """One trend a district, all on one scale from zero and over one stretch of time."""
    inside = "".join(
        f'<figure class="panel"><figcaption>{escape(label)}</figcaption>{image(svg, alt)}</figure>'
        for label, svg, alt in panel_drawings(panels, periods)
    )
    return f'<div class="panels">{inside}</div>'


def panel_drawings(
    panels: Sequence[tuple[str, Sequence[Row]]], periods: dict[str, PeriodInfo]
) -> list[tuple[str, str, str]]:
    """Each trend as its label, its SVG and its words, all on one scale: for a page as images, for the pack as they are."""
    top = scale_of([row for _, rows in panels for row in rows])
    shown = [periods[row["period"]] for _, rows in panels for row in rows]
    span = min(p.start for p in shown).toordinal(), max(p.end for p in shown).toordinal()
    return [(label, _panel(rows, periods, top, span), alt_trend(rows, label)) for label, rows in panels]


def _panel(rows: Sequence[Row], periods: dict[str, PeriodInfo], top: float, span: tuple[int, int]) -> str:
    first, last = span

    def across(row: Row) -> float:
        period = periods[row["period"]]
        middle = (period.start.toordinal() + period.end.toordinal()) / 2
        return round(LEFT + (RIGHT - LEFT) * (middle - first) / max(last - first, 1), 1)

    def up(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * min(value, top) / top, 1)

    drawn = [_grid(rows[0], top, up), _years(periods, rows, across)]
    final = [i for i, row in enumerate(rows) if row["value"] is not None and row["status"] in FINAL]
    waiting = [i for i, row in enumerate(rows) if row["value"] is not None and row["status"] == "provisional"]
    for run in runs(final):
        known = [rows[i] for i in run if words.has_interval(rows[i])]
        edge = [(across(r), up(r["upper"])) for r in known] + [(across(r), up(r["lower"])) for r in reversed(known)]
        look = "band" if len(known) > 1 else "band one"
        drawn.append(f'<polygon class="{look}" points="{_points(edge)}"/>' if known else "")
        drawn.append(
            f'<polyline class="line" points="{_points([(across(rows[i]), up(rows[i]["value"])) for i in run])}"/>'
        )
    if waiting:
        lead = [i for i in final if i == waiting[0] - 1]
        ends = [(across(rows[i]), up(rows[i]["value"])) for i in lead + waiting]
        drawn.append(f'<polyline class="line waiting" points="{_points(ends)}"/>')
    few = len(final) < 17
    for i, row in enumerate(rows):
        if row["value"] is None and row["status"] != "immature":
            drawn.append(f'<text class="gap" x="{across(row)}" y="{BOTTOM - 3}">{words.symbol(row)}</text>')
        elif row["value"] is not None and (few or i in waiting):
            look = "dot waiting" if i in waiting else "dot"
            drawn.append(f'<circle class="{look}" cx="{across(row)}" cy="{up(row["value"])}" r="3.5"/>')
    if final:
        row = rows[final[-1]]
        height = max(min(up(rows[i]["value"]) for i in final[-3:]) - 9, 12)
        drawn.append(f'<text class="last" x="{min(across(row) + 4, RIGHT)}" y="{height}">{words.shown(row)}</text>')
    return _svg(WIDE, HIGH, "".join(drawn))


def _svg(wide: float, high: float, drawn: str) -> str:
    return f'<svg xmlns="{SVG}" viewBox="0 0 {wide:g} {high:g}"><style>{STYLE}</style>{drawn}</svg>'


def _points(spots: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in spots)


def _grid(row: Row, top: float, up: Callable[[float], float]) -> str:
    lines = ""
    for value in (0.0, top / 2, top):
        y = up(value)
        lines += f'<line class="{"base" if not value else "grid"}" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>'
        lines += f'<text class="tick" x="{LEFT - 6}" y="{y + 4}">{words.tick(value, row)}</text>'
    return lines


def _years(periods: dict[str, PeriodInfo], rows: Sequence[Row], across: Callable[[Row], float]) -> str:
    """The years of the first, middle and last period shown."""
    places = sorted({0, len(rows) // 2, len(rows) - 1})
    text = ""
    for i in places:
        text += (
            f'<text class="year" x="{across(rows[i])}" y="{BOTTOM + 18}">{periods[rows[i]["period"]].end.year}</text>'
        )
    return text


MAP = 560
"""The width of the map, in its own units; its height follows from the area's shape."""
Spot = tuple[float, float]
Ring = list[Spot]


@dataclass(frozen=True, slots=True)
class Outline:
    """The districts as drawn: each one's path, where its name stands, and how high the map is."""

    paths: dict[str, str]
    names: dict[str, Spot]
    high: float


def outline(shapes: Mapping[str, Mapping[str, Any]]) -> Outline | None:
    """Boundaries in the map's own units, with room found for each name; None where there are none."""
    rings = {district: _rings(shape["coordinates"]) for district, shape in shapes.items()}
    spots = [spot for found in rings.values() for ring in found for spot in ring]
    if not spots:
        return None
    west, east = min(x for x, _ in spots), max(x for x, _ in spots)
    south, north = min(y for _, y in spots), max(y for _, y in spots)
    # a county is small enough for straight lines: one degree of longitude shrinks with the cosine of the latitude
    squeeze = cos(radians((south + north) / 2))
    scale = (MAP - 8) / max((east - west) * squeeze, 1e-9)
    placed = {
        district: [
            [(round(4 + (x - west) * squeeze * scale, 1), round(4 + (north - y) * scale, 1)) for x, y in ring]
            for ring in found
        ]
        for district, found in rings.items()
    }
    edges = [spot for found in placed.values() for ring in found for spot in ring]
    paths = {
        district: "".join(f"M{' '.join(f'{x},{y}' for x, y in ring)}Z" for ring in found)
        for district, found in placed.items()
    }
    names = {district: _roomiest(found, edges) for district, found in placed.items()}
    return Outline(paths, names, (north - south) * scale + 8)


@lru_cache(maxsize=8)
def outline_of(source: Reader) -> Outline | None:
    """The boundaries that a release holds, worked out once."""
    return outline(source.boundaries())


def boundary_map(rows: Sequence[tuple[Row, str]], drawn: Outline | None, alt: str) -> str:
    """Districts on their real boundaries, each with its name and value, shaded by whether it has changed."""
    areas, names = "", ""
    for row, kind in rows if drawn else ():
        if drawn and row["val1"] in drawn.paths:
            areas += f'<path class="area {kind.replace(" ", "-")}" d="{drawn.paths[row["val1"]]}"/>'
            x, y = drawn.names[row["val1"]]
            names += (
                f'<text class="name" x="{x:.0f}" y="{y - 4:.0f}">{escape(row["label1"])}</text>'
                f'<text class="value" x="{x:.0f}" y="{y + 16:.0f}">{words.shown(row)}</text>'
            )
    return f'<div class="map">{image(_svg(MAP, drawn.high, areas + names), alt)}</div>' if drawn and areas else ""


def _rings(coordinates: Any) -> list[Ring]:
    """Every ring of a GeoJSON polygon or multipolygon."""
    if coordinates and isinstance(coordinates[0][0], int | float):
        return [[(float(spot[0]), float(spot[1])) for spot in coordinates]]
    return [ring for part in coordinates for ring in _rings(part)]


def _roomiest(rings: Sequence[Ring], edges: Sequence[Spot], steps: int = 16) -> Spot:
    """The place within a district farthest from every boundary, since a name is wider than high counted sideways half."""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    west, east, north, south = min(xs), max(xs), min(ys), max(ys)
    grid = [
        (west + (east - west) * (i + 0.5) / steps, north + (south - north) * (j + 0.5) / steps)
        for i in range(steps)
        for j in range(steps)
    ]
    inside = [spot for spot in grid if sum(_crossings(ring, spot) for ring in rings) % 2]
    middle = ((west + east) / 2, (north + south) / 2)
    return max(inside, key=lambda s: min(((s[0] - x) / 2) ** 2 + (s[1] - y) ** 2 for x, y in edges), default=middle)


def _crossings(ring: Ring, spot: Spot) -> int:
    """How often a line from the place to the far right crosses the ring: odd where the ring holds the place."""
    x, y = spot
    return sum(
        (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
    )
