"""Charts of what lies behind a figure: the nowcast beside final figures, the change as a waterfall, the Lorenz curve."""

from collections.abc import Mapping, Sequence

from components.behind.sentences import PARTS, TOPS, held, signed, sure, unit_of_change
from components.charts import ACCENT, BAND, INK, MUTED, Spec, chart_of, middle, text_at
from components.judge import Row
from components.words.figures import has_interval, interval, number
from components.words.sentences import title_in_sentence
from release.read import PeriodInfo

PALE, EDGE = "#b9c0c4", "#505a5f"
LINE: Spec = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}


def sight(final: Sequence[Row], nowcasts: Sequence[Row], spans: Sequence[PeriodInfo]) -> Spec:
    """Final figures as a filled line on its band; nowcasts hollow and dashed on theirs, in a part marked provisional."""
    known = [row for row in nowcasts if row["value"] is not None]
    periods = {span.id: span for span in spans}
    traces: list[Spec] = []
    banded = [row for row in final if has_interval(row)]
    if len(banded) > 1:
        x = [middle(periods[row["period"]]) for row in banded]
        edge = [row["upper"] for row in banded] + [row["lower"] for row in reversed(banded)]
        traces.append(LINE | {"x": x + x[::-1], "y": edge, "fill": "toself", "fillcolor": BAND, "line": {"width": 0}})
    joined = [*final[-1:], *known]
    look = {"color": ACCENT, "width": 2, "dash": "dot"}
    x = [middle(periods[row["period"]]) for row in joined]
    traces.append(LINE | {"x": x, "y": [row["value"] for row in joined], "line": look})
    for row in known:
        spot = middle(periods[row["period"]])
        traces.append(LINE | {"x": [spot, spot], "y": [row["lower"], row["upper"]], "line": look | {"dash": "dash"}})
    seen = [row for row in known if row["seen_so_far"] is not None]
    traces.append(
        _marks(seen, periods, "seen_so_far", {"symbol": "line-ew", "size": 16, "line": {"color": INK, "width": 2}})
    )
    traces.append(
        _marks(final, periods, "value", {"size": 9, "color": ACCENT})
        | {"mode": "lines+markers", "line": {"color": ACCENT, "width": 2.5}}
    )
    traces.append(
        _marks(known, periods, "value", {"size": 11, "color": "#ffffff", "line": {"color": ACCENT, "width": 2}})
    )
    texts, shapes = [], []
    if known:
        start, end = periods[known[0]["period"]].start, periods[known[-1]["period"]].end
        area = {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": start,
            "x1": end,
            "y0": 0,
            "y1": 1,
            "layer": "below",
        }
        shapes.append(area | {"fillcolor": "#f3f5f7", "line": {"width": 0}})
        texts.append(
            text_at(
                "<b>Provisional</b>", x=end, xanchor="right", y=1, yref="paper", yanchor="bottom", font={"color": EDGE}
            )
        )
    for row in final[-1:]:
        texts.append(_end(row, periods, row["value"], {"xanchor": "right", "yshift": -16}))
    for row in known[-1:]:
        texts.append(_end(row, periods, row["upper"], {"yshift": 15}))
    suffix = "%" if [*final, *known][0]["unit"] == "%" else ""
    return chart_of(
        340, traces, shapes=shapes, annotations=texts, xaxis={"type": "date", "nticks": 6, "tickangle": 0},
        yaxis={"ticksuffix": suffix, "nticks": 6},
    )  # fmt: skip


def _end(row: Row, periods: Mapping[str, PeriodInfo], over: float, where: Spec) -> Spec:
    said, spot = f"<b>{number(row['value'], row)}</b>", middle(periods[row["period"]])
    look = {"font": {"size": 16, "color": ACCENT}, "bgcolor": "rgba(255,255,255,0.8)"}
    return text_at(said, x=spot, y=over, **where, **look)


def _marks(rows: Sequence[Row], periods: Mapping[str, PeriodInfo], name: str, marker: Spec) -> Spec:
    said = {"value": "", "seen_so_far": " proven so far"}[name]
    texts = [
        f"{row['period_label']}<br><b>{number(row[name], row)}</b>{said}"
        + ("<br>provisional" if "backcasts" in row else "") + (f"<br>{interval(row)}" if not said else "")
        for row in rows
    ]  # fmt: skip
    spots = [middle(periods[row["period"]]) for row in rows]
    return {"type": "scatter", "mode": "markers", "x": spots, "y": [row[name] for row in rows], "marker": marker,
            "hovertext": texts, "hoverinfo": "text", "cliponaxis": False}  # fmt: skip


def alt_sight(final: Sequence[Row], nowcasts: Sequence[Row], title: str) -> str:
    """The chart in words."""
    known = [row for row in nowcasts if row["value"] is not None]
    said = [f"Line chart of {title_in_sentence(title)}."]
    if final:
        said.append(f"Final: {final[0]['period_label']} {number(final[0]['value'], final[0])} to "
                    f"{final[-1]['period_label']} {number(final[-1]['value'], final[-1])}.")  # fmt: skip
    for row in known[-1:]:
        said.append(
            f"Provisional nowcast for {row['period_label']}: {number(row['value'], row)}, {interval(row)}; {held(row)}."
        )
    return " ".join(said)


def waterfall(parts: Mapping[str, Row]) -> Spec:
    """From one cohort's figure to the other's: each part starts where the one before it ended, on its interval."""
    before, after = parts["before"], parts["after"]
    shown = [(name, row) for name, row in parts.items() if name in PARTS and row["value"] is not None]
    names = ["Before", *(PARTS[name] for name, _ in shown), "After"]
    at, traces, texts = float(before["value"]), [], []
    base, size, colour, edge, said = [], [], [], [], []
    steps = [("Before", at)]
    for name, row in shown:
        base.append(at)
        size.append(row["value"])
        colour.append(ACCENT if sure(row) else PALE)
        edge.append(ACCENT if sure(row) else EDGE)
        low, high = signed(row["lower"], row), signed(row["upper"], row)
        said.append(f"{PARTS[name]}<br><b>{signed(row['value'], row)}</b> {unit_of_change(row)}<br>{low} to {high}")
        whisker = {
            "x": [PARTS[name]] * 2,
            "y": [at + row["lower"], at + row["upper"]],
            "line": {"color": INK, "width": 1.5},
        }
        traces.append(LINE | whisker)
        texts.append(_label(signed(row["value"], row), PARTS[name], max(at, at + row["upper"], at + row["value"])))
        at += row["value"]
        steps.append((PARTS[name], at))
    bars = {"type": "bar", "x": [PARTS[name] for name, _ in shown], "y": size, "base": base, "width": 0.5, "hoverinfo": "text",
            "hovertext": said, "marker": {"color": colour, "line": {"color": edge, "width": 1.5}}}  # fmt: skip
    joins = [LINE | {"x": [name, following], "y": [level, level], "line": {"color": MUTED, "width": 1, "dash": "dot"}}
             for (name, level), following in zip(steps, names[1:], strict=True)]  # fmt: skip
    ends = []
    for name, row in (("Before", before), ("After", after)):
        traces.append(
            LINE | {"x": [name, name], "y": [row["lower"], row["upper"]], "line": {"color": "#9bb3c7", "width": 6}}
        )
        hover = f"{name}<br><b>{number(row['value'], row)}</b><br>{interval(row)}"
        ends.append({"type": "scatter", "mode": "markers", "x": [name], "y": [row["value"]], "hovertext": [hover],
                     "hoverinfo": "text", "marker": {"size": 13, "color": ACCENT}})  # fmt: skip
        texts.append(_label(f"<b>{number(row['value'], row)}</b>", name, row["upper"]))
    # every second name stands a line lower, so that they do not run together on a narrow screen
    labels = [f"<br>{name}" if place % 2 else name for place, name in enumerate(names)]
    across = {
        "type": "category",
        "tickvals": names,
        "ticktext": labels,
        "categoryorder": "array",
        "categoryarray": names,
        "tickangle": 0,
        "automargin": True,
    }
    up = {"rangemode": "normal", "ticksuffix": "%" if before["unit"] == "%" else "", "nticks": 6}
    return chart_of(380, [*joins, bars, *traces, *ends], annotations=texts, xaxis=across, yaxis=up)


def _label(said: str, x: str, y: float) -> Spec:
    return text_at(said, x=x, y=y, yshift=13, font={"size": 15, "color": INK}, bgcolor="rgba(255,255,255,0.8)")


def alt_waterfall(parts: Mapping[str, Row], title: str) -> str:
    """The waterfall in words."""
    before, after = parts["before"], parts["after"]
    said = [
        f"{PARTS[n].lower()} {signed(r['value'], r)}" for n, r in parts.items() if n in PARTS and r["value"] is not None
    ]
    return (
        f"Waterfall of {title_in_sentence(title)} from {number(before['value'], before)}, {before['from_label']}, to "
        f"{number(after['value'], after)}, {before['to_label']}: {', '.join(said)}."
    )


def curve_points(measures: Mapping[str, Row]) -> list[tuple[float, float, float]]:
    """The Lorenz curve that the release holds: % of people, % of their offences, and the same by chance."""
    inner = sorted(
        (float(name.removeprefix("lorenz_")), row) for name, row in measures.items() if name.startswith("lorenz_")
    )
    points = [(share, row["value"], row["by_chance"]) for share, row in inner]
    return [(0.0, 0.0, 0.0), *points, (100.0, 100.0, 100.0)] if points else []


def lorenz(measures: Mapping[str, Row]) -> Spec:
    """How offences pile up: the least active people first; beside what chance alone would give, and equal shares."""
    points = curve_points(measures)
    x, y, chance = (list(column) for column in zip(*points, strict=True))
    rows = [row for name, row in sorted(measures.items()) if name.startswith("lorenz_")]
    edge = [0.0, *(row["upper"] for row in rows), 100.0, 100.0, *(row["lower"] for row in rows[::-1]), 0.0]
    said = [
        f"The least active {share:.0f}% of people<br><b>{value:.0f}%</b> of the offences" for share, value, _ in points
    ]
    traces = [
        LINE | {"x": x + x[::-1], "y": edge, "fill": "toself", "fillcolor": BAND, "line": {"width": 0}},
        LINE | {"x": [0, 100], "y": [0, 100], "line": {"color": PALE, "width": 1}},
        LINE | {"x": x, "y": chance, "line": {"color": EDGE, "width": 1.5, "dash": "dash"}},
        LINE | {"x": x, "y": y, "mode": "lines+markers", "line": {"color": ACCENT, "width": 2.5}, "marker": {"size": 7},
                "hovertext": said, "hoverinfo": "text"},
    ]  # fmt: skip
    late = len(points) // 2 + 1
    texts = [
        text_at("equal shares", x=50, y=50, xanchor="right", xshift=-8, yanchor="bottom", font={"color": EDGE}),
        text_at("by chance alone", x=x[late], y=chance[late], xanchor="right", xshift=-10, font={"color": EDGE}, bgcolor="rgba(255,255,255,0.8)"),
        text_at("<b>these people</b>", x=100, y=18, xanchor="right", font={"color": ACCENT}),
    ]  # fmt: skip
    across = {
        "title": {"text": "People, the least active first"},
        "range": [0, 101],
        "ticksuffix": "%",
    }
    up = {"title": {"text": "Their offences"}, "range": [0, 101], "ticksuffix": "%"}
    return chart_of(380, traces, annotations=texts, xaxis=across, yaxis=up)


def alt_lorenz(measures: Mapping[str, Row]) -> str:
    """The curve in words."""
    tops = [f"{name.lower()} {number(row['value'], row)}" for code, name in TOPS.items() if (row := measures.get(code))]
    half = measures.get("lorenz_50")
    said = f"; the less active half {number(half['value'], half)}" if half else ""
    return f"Lorenz curve of proven offences by people, well below equal shares: {', '.join(tops)}{said}."
