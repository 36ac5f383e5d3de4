"""Charts of a comparison: time to first reoffence in both groups, and how far the two groups overlap."""

from collections.abc import Sequence
from typing import Any

from components.charts import ACCENT, BAND, MUTED, PALETTE, Spec, chart_of, text_at
from components.verdicts import Row

OTHER = PALETTE[1]
ARMS = {"treated": "Took part", "comparison": "Similar people"}


def arms(rows: Sequence[Row], days: int) -> Spec:
    """The share who have reoffended by each day, in both groups, labelled where the lines end."""
    traces: list[Spec] = []
    texts = []
    ends = []
    for arm, colour, dash in (("treated", ACCENT, None), ("comparison", OTHER, "dash")):
        mine = [row for row in rows if row["arm"] == arm]
        if not mine:
            continue
        x, y = [row["day"] for row in mine], [row["value"] for row in mine]
        if all(row["lower"] is not None and row["upper"] is not None for row in mine):
            edge = [row["upper"] for row in mine] + [row["lower"] for row in mine][::-1]
            fill = BAND if arm == "treated" else "rgba(244,106,37,0.14)"
            traces.append(
                {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": x + x[::-1], "y": edge, "fill": "toself",
                 "fillcolor": fill, "line": {"width": 0, "shape": "hv"}}
            )  # fmt: skip
        line: dict[str, Any] = {"color": colour, "width": 2.5, "shape": "hv"} | ({"dash": dash} if dash else {})
        said = [f"Day {d}<br><b>{v:.0f}%</b> {ARMS[arm].lower()}" for d, v in zip(x, y, strict=True)]
        traces.append(
            {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hovertext": said, "hoverinfo": "text"}
        )
        ends.append((y[-1], arm, colour, x[-1]))
    higher = max((end for end, *_ in ends), default=0)
    for end, arm, colour, x in ends:
        over = end == higher
        texts.append(
            text_at(f"<b>{ARMS[arm]} {end:.0f}%</b>", x=x, y=end, xanchor="right", yshift=16 if over else -16,
                    font={"size": 15, "color": colour if arm == "treated" else "#b4430f"}, bgcolor="rgba(255,255,255,0.8)")
        )  # fmt: skip
    across = {"title": {"text": "Days since the evaluation date"}, "range": [0, 1.02 * days], "nticks": 6}
    return chart_of(340, traces, annotations=texts, xaxis=across, yaxis={"ticksuffix": "%", "rangemode": "tozero"})


def alt_arms(rows: Sequence[Row]) -> str:
    """The curves in words."""
    ends = []
    for arm, name in ARMS.items():
        mine = [row for row in rows if row["arm"] == arm]
        if mine:
            ends.append(f"{name.lower()} {mine[-1]['value']:.0f}% by day {mine[-1]['day']}")
    return f"Line chart of the share of people who have reoffended, by day: {' and '.join(ends)}."


def support(rows: Sequence[Row]) -> Spec:
    """How the two groups lie over the propensity score, each as shares of its own group: one above the line, one below."""
    ordered = sorted(rows, key=lambda row: row["bin"])
    ends = [f"{100 * row['bin']:.1f}%" if row["bin"] < 0.1 else f"{100 * row['bin']:.0f}%" for row in ordered]
    traces: list[Spec] = []
    for side, colour, pattern, who in (("treated", ACCENT, "", "took part"), ("pool", MUTED, "/", "did not")):
        total = sum(row[side] or 0 for row in rows) or 1
        share = [100 * (row[side] or 0) / total for row in ordered]
        said = [f"Score from {end}<br><b>{s:.1f}%</b> of those who {who}" for end, s in zip(ends, share, strict=True)]
        traces.append(
            {"type": "bar", "x": list(range(len(ordered))), "y": share if side == "treated" else [-s for s in share],
             "width": 0.92, "marker": {"color": colour, "pattern": {"shape": pattern, "size": 4}}, "hoverinfo": "text",
             "hovertext": said}
        )  # fmt: skip
    texts = [
        text_at("<b>Took part</b>", x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="top", font={"color": ACCENT}),
        text_at("<b>Everybody they could be matched with</b>", x=1, xref="paper", xanchor="right", y=0, yref="paper",
                yanchor="bottom", font={"color": MUTED}),
    ]  # fmt: skip
    up = {"showticklabels": False, "zeroline": True, "zerolinecolor": "#0b0c0c", "rangemode": "normal"}
    spots = list(range(0, len(ordered), 4))
    across = {
        "title": {"text": "How likely people like this were to take part (propensity score)"},
        "tickvals": spots,
        "ticktext": [ends[i] for i in spots],
        "rangemode": "normal",
    }
    return chart_of(280, traces, annotations=texts, barmode="overlay", xaxis=across, yaxis=up)


def alt_support(rows: Sequence[Row]) -> str:
    """The overlap in words."""
    alone = sum(row["treated"] or 0 for row in rows if not row["pool"])
    total = sum(row["treated"] or 0 for row in rows) or 1
    return (
        "Bar chart of the propensity score in both groups, one above the line and one below. "
        f"{100 * alone / total:.0f}% of those who took part lie where nobody could be matched with them."
    )
