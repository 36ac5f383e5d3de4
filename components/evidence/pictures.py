"""Charts of a comparison: time to first reoffence in both groups, and how far the two groups overlap."""

import math
from collections.abc import Sequence
from typing import Any

from components import verdicts
from components.charts import ACCENT, BAND, MUTED, PALETTE, Spec, chart_of, stepped_band, text_at
from components.verdicts import Row

OTHER = PALETTE[1]
ARMS = {"treated": "Took part", "comparison": "Similar people"}


MONTH = 365.25 / 12


def arms(rows: Sequence[Row], days: int, high: float | None = None) -> Spec:
    """The share to whom it has happened by each day, in both groups, named where the lines end; below, how many were still at risk.

    `high` is the top of the scale, for charts that stand side by side.
    """
    traces: list[Spec] = []
    texts = []
    ends = []
    for arm, colour, dash in (("treated", ACCENT, None), ("comparison", OTHER, "dash")):
        mine = [row for row in rows if row["arm"] == arm]
        if not mine:
            continue
        x, y = [row["day"] for row in mine], [row["value"] for row in mine]
        if all(row["lower"] is not None and row["upper"] is not None for row in mine):
            fill = BAND if arm == "treated" else "rgba(244,106,37,0.14)"
            traces.append(
                {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "fillcolor": fill, "line": {"width": 0}}
                | stepped_band(x, [row["lower"] for row in mine], [row["upper"] for row in mine])
            )
        line: dict[str, Any] = {"color": colour, "width": 2.5, "shape": "hv"} | ({"dash": dash} if dash else {})
        said = [
            f"Day {row['day']}<br><b>{row['value']:.0f}%</b> {ARMS[arm].lower()}<br>{row['at_risk']:,.0f} at risk" for row in mine
        ]  # fmt: skip
        traces.append(
            {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hovertext": said, "hoverinfo": "text"}
        )
        ends.append((y[-1], arm, colour, x[-1]))
    for place, (end, arm, colour, x) in enumerate(sorted(ends, key=lambda one: -one[0])):
        over = place == 0
        texts.append(
            text_at(f"<b>{ARMS[arm]} {end:.0f}%</b>", x=x, y=end, xanchor="right", yshift=16 if over else -16,
                    font={"size": 15, "color": colour if arm == "treated" else "#b4430f"}, bgcolor="rgba(255,255,255,0.8)")
        )  # fmt: skip
    spots, names = months(days)
    texts += _at_risk(rows, spots, "Days" if days < 4 * MONTH else "Months")
    across = {"range": [0, 1.03 * days], "tickvals": spots, "ticktext": names, "automargin": False, "tickangle": 0}
    up: Spec = {"ticksuffix": "%", "rangemode": "tozero", "nticks": 6}
    if high is not None:
        up["range"] = [0, high]
    margin = {"l": 46, "r": 22, "t": 22, "b": 122}
    return chart_of(420, traces, annotations=texts, xaxis=across, yaxis=up, margin=margin)


def months(days: int) -> tuple[list[float], list[str]]:
    """Where an axis of days is marked: five marks, in months of the follow-up, or in days where it is short."""
    spots = [days * k / 4 for k in range(5)]
    if days < 4 * MONTH:
        return spots, [f"{spot:.0f}" for spot in spots]
    return spots, [f"{spot / MONTH:.1f}".removesuffix(".0") for spot in spots]


def _at_risk(rows: Sequence[Row], spots: Sequence[float], unit: str) -> list[Spec]:
    """Under the axis, for each group, at the published day nearest each mark: how many were followed to then without it."""
    texts = [text_at(f"{unit} since the evaluation date; still at risk:", x=0, xref="paper", xanchor="left", xshift=-40, y=0, yref="paper", yanchor="top", yshift=-30,
                     font={"size": 13, "color": MUTED})]  # fmt: skip
    place = -48
    for arm, colour in (("treated", ACCENT), ("comparison", "#b4430f")):
        mine = [row for row in rows if row["arm"] == arm]
        if not mine:
            continue
        look = {"y": 0, "yref": "paper", "yanchor": "top", "font": {"size": 13, "color": colour}}
        texts.append(text_at(ARMS[arm], x=0, xref="paper", xanchor="left", xshift=-40, yshift=place, **look))
        nearest = {min(mine, key=lambda row: abs(row["day"] - spot))["day"] for spot in spots}
        for row in mine:
            if row["day"] in nearest:
                said = f"{row['at_risk']:,.0f}"
                texts.append(text_at(said, x=row["day"], xanchor="center", yshift=place - 16, **look))
        place -= 35
    return texts


def by_cause(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """What came first, by cause, those that enough people had; a curve of a reoffence stands first."""
    return {cause: mine for cause in verdicts.CAUSES if (mine := [row for row in rows if row["cause"] == cause])}


def ends(rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """The share of each arm to whom each cause came first by the last day: by (arm, cause)."""
    return {(row["arm"], row["cause"]): row["value"] for row in sorted(rows, key=lambda row: row["day"])}


def top_of(rows: Sequence[Row]) -> float:
    """One scale for charts that stand side by side: the nearest ten beyond the highest interval, in %."""
    highest = max((row["upper"] if row["upper"] is not None else row["value"] for row in rows), default=10.0)
    return min(100.0, 10.0 * math.ceil(highest / 10))


def alt_arms(rows: Sequence[Row], what: str = "who have reoffended") -> str:
    """The curves in words."""
    ends = []
    for arm, name in ARMS.items():
        mine = [row for row in rows if row["arm"] == arm]
        if mine:
            ends.append(f"{name.lower()} {mine[-1]['value']:.0f}% by day {mine[-1]['day']}")
    return f"Line chart of the share of people {what}, by day: {' and '.join(ends)}."


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
        "title": {"text": "Propensity score (logit scale: stretched at both ends)"},
        "tickvals": spots,
        "ticktext": [ends[i] for i in spots],
        "rangemode": "normal",
    }
    return chart_of(280, traces, annotations=texts, barmode="overlay", xaxis=across, yaxis=up)


def overlap(rows: Sequence[Row]) -> str:
    """How many of those who took part have nobody with a score like theirs, in a sentence."""
    alone = sum(row["treated"] or 0 for row in rows if not row["pool"])
    total = sum(row["treated"] or 0 for row in rows) or 1
    if not alone:
        return "Yes: everybody who took part lies where somebody could be matched with them."
    share = f"{alone:,} of {total:,} who took part ({_share(100 * alone / total)})"
    return f"{share} lie in a band of the score that holds nobody they could be matched with. The steps above count those who found nobody near."


def _share(percent: float) -> str:
    """A share that is not none never reads as none."""
    return "below 1%" if percent < 1 else f"{percent:.0f}%"


def alt_support(rows: Sequence[Row]) -> str:
    """The overlap in words."""
    return f"Bar chart of the propensity score in both groups, one above the line and one below. {overlap(rows)}"
