"""Between places: a funnel plot whose limits narrow as a place grows, and partially pooled estimates beside the raw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from components import words
from components.charts import ACCENT, INK, MUTED, Spec, chart_of, text_at
from components.judge import FINAL, Row, few
from components.markup.plain import table
from metrics.compare.funnel import Funnel
from metrics.compare.shrinkage import Pooled
from release.places_and_times import between_places, partly_pooled
from release.read import IndicatorInfo, Reader

BANDS = {
    "inside": "Within the funnel",
    "above_95": "Above the 95% limit",
    "above_998": "Above the 99.8% limit",
    "below_95": "Below the 95% limit",
    "below_998": "Below the 99.8% limit",
}
NOTES = {
    "few_places": "With fewer than three places the usual differences between places cannot be measured: these limits are chance alone.",
    "no_more_than_chance": "Places differ by no more than chance: the limits are not widened.",
    "few_places_for_dispersion": "The limits allow for the usual differences between places, measured roughly: there are few.",
    "clustered": "The limits also allow for prolific people, who make much of any count.",
}


@dataclass(frozen=True, slots=True)
class Places:
    """A measure by place: the rows it was made of, the funnel, and the pooled estimates."""

    info: IndicatorInfo
    rows: Mapping[str, Row]
    funnel: Funnel
    pooled: Pooled


def between(source: Reader, info: IndicatorInfo, cohort: str, rows: Sequence[Row]) -> Places | None:
    """The funnel of one period's final figures by district, or None where the measure has none or they are too few."""
    kept = [row for row in rows if row["status"] in FINAL and row["value"] is not None]
    if len(kept) < 2:
        return None
    # observed over expected is held against 1, as many as expected; other measures against all districts together
    target = 1.0 if info.kind == "relative" else None
    made, pooled = _worked_out(source, info.id, cohort, kept[0]["period"], target)
    if made is None or pooled is None:
        return None
    return Places(info, {row["val1"]: row for row in kept}, made, pooled)


@lru_cache(maxsize=500)
def _worked_out(
    source: Reader, indicator: str, cohort: str, period: str, target: float | None
) -> tuple[Funnel | None, Pooled | None]:
    """The funnel and the pooled estimates, kept by their reader: the pooling is most of what the page would take."""
    made = between_places(source, indicator, cohort, period, target=target)
    return made, partly_pooled(source, indicator, cohort, period)


def _shown(of: Places) -> list[dict[str, Any]]:
    """The funnel's places that have a figure, each with its label."""
    rows = of.funnel.places.filter(pl.col("value").is_not_null()).to_dicts()
    return [{**row, "label": of.rows[row["place"]]["label1"]} for row in rows if row["place"] in of.rows]


def below_axis(info: IndicatorInfo, row: Row) -> str:
    """What a place's size is counted in."""
    if info.kind == "relative":
        return "Expected to reoffend"
    if "at liberty" in info.unit:
        return "Days at liberty"
    if "reoffender" in info.id:
        return "People who reoffended"
    return "Index events (a person may have several)" if words.noun(row) == "index events" else "People in the cohort"


def funnel_chart(of: Places, height: int = 380) -> Spec:
    """Places by size and value, each named, inside the limits of 95% and 99.8%."""
    curves = of.funnel.curves
    x = curves["denominator"].to_list()
    traces: list[Spec] = []
    for name, dash in (("lower_998", "solid"), ("upper_998", "solid"), ("lower_95", "dash"), ("upper_95", "dash")):
        line = {"color": MUTED, "width": 1.2, "dash": dash}
        traces.append(
            {"type": "scatter", "mode": "lines", "x": x, "y": curves[name].to_list(), "line": line, "hoverinfo": "skip"}
        )
    level = of.funnel.target
    traces.append(
        {"type": "scatter", "mode": "lines", "x": [x[0], x[-1]], "y": [level, level],
         "line": {"color": INK, "width": 1.5}, "hoverinfo": "skip"}
    )  # fmt: skip
    rows = _shown(of)
    traces.append({
        "type": "scatter", "mode": "markers", "cliponaxis": False, "hoverinfo": "text",
        "x": [row["denominator"] for row in rows], "y": [row["value"] for row in rows],
        "hovertext": [f"{row['label']}<br><b>{row['value']:,.1f}</b><br>{BANDS[row['band']]}" for row in rows],
        "marker": {
            "size": [9 if row["band"] == "inside" else 13 for row in rows],
            "symbol": ["circle" if row["band"] == "inside" else "diamond" for row in rows],
            "color": [MUTED if row["band"] == "inside" else ACCENT for row in rows],
            "line": {"color": "#ffffff", "width": 1},
        },
    })  # fmt: skip
    texts = [
        text_at(f"{label} limits", x=1, xref="paper", xanchor="right", y=curves[name][-1], yanchor="bottom",
                font={"color": MUTED, "size": 13}, bgcolor="rgba(255,255,255,0.75)")
        for name, label in (("upper_998", "99.8%"), ("lower_95", "95%"))
    ]  # fmt: skip
    texts += [_named(row, side) for row, side in zip(rows, _sides(rows, max(curves["upper_998"])), strict=True)]
    up = {"rangemode": "normal", "ticksuffix": "%" if of.info.unit == "%" else "", "nticks": 6}
    across = {
        "title": {"text": below_axis(of.info, next(iter(of.rows.values())))},
        "rangemode": "tozero",
        "tickformat": ",",
        "nticks": 6,
    }
    return chart_of(height, traces, annotations=texts, xaxis=across, yaxis=up)


def _named(row: Row, side: str) -> Spec:
    """A place's name beside its mark, on a pale ground so that no line strikes it through."""
    up, across = side.split()
    shift, anchor = {"left": (8, "right"), "center": (0, "center"), "right": (-8, "left")}[across]
    return text_at(
        row["label"], x=row["denominator"], y=row["value"], xanchor=anchor, xshift=shift, yshift=15 if up == "top" else -15,
        font={"color": INK}, bgcolor="rgba(255,255,255,0.8)",
    )  # fmt: skip


def _sides(rows: Sequence[Row], high: float) -> list[str]:
    """Names above their marks, or below where another place that is near in size and value stands just above."""
    sides = []
    top = max((row["denominator"] for row in rows), default=1.0)
    for row in rows:
        near = [
            r
            for r in rows
            if r is not row
            and abs(r["denominator"] - row["denominator"]) < 0.3 * top
            and abs(r["value"] - row["value"]) < 0.1 * high
        ]
        under = any((row["value"], row["place"]) < (r["value"], r["place"]) for r in near)
        side = "right" if row["denominator"] < 0.15 * top else "left" if row["denominator"] > 0.85 * top else "center"
        sides.append(f"{'bottom' if under else 'top'} {side}")
    return sides


def funnel_answer(of: Places) -> str:
    """Which places lie outside the funnel, in the order of the alphabet."""
    small = {figure["label1"] for figure in of.rows.values() if few(figure)}
    out = [(row["label"], row["band"]) for row in _shown(of) if row["band"] != "inside"]
    title = words.title_in_sentence(of.info.title)
    if not out:
        return f"No district\u2019s {title} differs from the others by more than chance and the usual differences between places."
    said = [
        f"{place} is {BANDS[band].lower()}" + (", on too few people to judge" if place in small else "")
        for place, band in sorted(out)
    ]
    return f"{'; '.join(said)}. It may reflect who is selected there, and how."


def funnel_notes(of: Places) -> list[str]:
    """What the limits allow for."""
    line = "1, as many as expected" if of.funnel.kind == "ratio" else f"all together, {_level(of)}"
    outside = "1 place in 20 or fewer" if of.funnel.kind == "ratio" else "1 place in 50"
    first = (
        f"The level line is {line}. If places differed by luck alone about {outside} would lie outside the 95% limits, and 1 in 500 or"
        " fewer outside 99.8%."
    )
    return [first, *(NOTES[note] for note in of.funnel.notes if note in NOTES)]


def _level(of: Places) -> str:
    """The figure of all together with its unit."""
    return f"{of.funnel.target:,.1f}{'%' if of.info.unit == '%' else ''}"


def places_table(of: Places) -> str:
    """Each place in alphabetical order: its own figure, the limits, and the estimate partially pooled with the others."""
    pooled = {row["place"]: row for row in of.pooled.places.to_dicts()}
    decimals = 2 if of.funnel.kind == "ratio" or of.funnel.unit not in (1.0, 100.0) else 1

    def n(value: float | None) -> str:
        return "" if value is None else f"{value:,.{decimals}f}"

    body = []
    for row in _shown(of):
        figure, near = of.rows[row["place"]], pooled[row["place"]]
        body.append((
            row["label"], n(row["value"]), f"{n(figure['lower'])} to {n(figure['upper'])}" if figure["lower"] is not None else "",
            f"{row['denominator']:,.0f}", f"{n(row['lower_95'])} to {n(row['upper_95'])}",
            f"{n(row['lower_998'])} to {n(row['upper_998'])}", BANDS[row["band"]] + (", too few to judge" if few(figure) else ""),
            n(near["estimate"]), f"{n(near['lower'])} to {n(near['upper'])}",
        ))  # fmt: skip
    heads = ("District", "Its own figure", "95% interval", below_axis(of.info, next(iter(of.rows.values()))), "95% limits", "99.8% limits", "Reading",
             "Pooled estimate", "95% interval")  # fmt: skip
    return table(
        heads, sorted(body), "Districts against funnel limits, and pooled estimates", numeric=(1, 2, 3, 4, 5, 7, 8)
    )


def alt_funnel(of: Places) -> str:
    """The funnel in words."""
    places = _shown(of)
    out = sum(row["band"] != "inside" for row in places)
    return (
        f"Funnel plot of {words.title_in_sentence(of.info.title)} for {len(places)} districts around {_level(of)}: "
        f"{out} outside the limits. {funnel_answer(of)}"
    )
