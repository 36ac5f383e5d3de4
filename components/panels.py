"""Small multiples drawn by hand as SVG: they reflow on a phone, print, and take a hundredth of a chart's time."""

from collections.abc import Callable, Sequence
from html import escape

from components import words
from components.charts import alt_trend, runs
from components.judge import FINAL, Row
from components.markup import scale_of
from release.read import PeriodInfo

WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 360, 158, 44, 352, 18, 132


def small_multiples(panels: Sequence[tuple[str, Sequence[Row]]], periods: dict[str, PeriodInfo]) -> str:
    """One trend a district, all on one scale from zero and over one stretch of time."""
    top = scale_of([row for _, rows in panels for row in rows])
    shown = [periods[row["period"]] for _, rows in panels for row in rows]
    first, last = min(p.start for p in shown).toordinal(), max(p.end for p in shown).toordinal()
    inside = "".join(
        f'<figure class="panel"><figcaption>{escape(label)}</figcaption>'
        f"{_panel(label, rows, periods, top, (first, last))}</figure>"
        for label, rows in panels
    )
    return f'<div class="panels">{inside}</div>'


def _panel(label: str, rows: Sequence[Row], periods: dict[str, PeriodInfo], top: float, span: tuple[int, int]) -> str:
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
    for i, row in enumerate(rows):
        if row["value"] is not None:
            few = len(final) < 17 or i in waiting
            look = "dot waiting" if i in waiting else "dot" if few else "dot unseen"
            said = f"{row['period_label']}: {words.in_sentence(row)}{', provisional' if i in waiting else ''}"
            drawn.append(
                f'<circle class="{look}" cx="{across(row)}" cy="{up(row["value"])}" r="{3.5 if few else 6}">'
                f"<title>{escape(said)}</title></circle>"
            )
        elif row["status"] != "immature":
            drawn.append(
                f'<text class="gap" x="{across(row)}" y="{BOTTOM - 3}"><title>{escape(words.reason(row))}</title>'
                f"{words.symbol(row)}</text>"
            )
    if final:
        row = rows[final[-1]]
        height = max(up(row["value"]) - 9, 12)
        drawn.append(f'<text class="last" x="{min(across(row) + 4, RIGHT)}" y="{height}">{words.shown(row)}</text>')
    about = escape(alt_trend(rows, label))
    return f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{about}">{"".join(drawn)}</svg>'


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
