"""Control charts: which quarter differs by more than chance, and which only looks as if it does.

Three charts share one shape. XmR (values one at a time), p (a share of people) and u (a count for each unit of
exposure). p and u are the primed charts of Laney (2002): limits are widened where quarters vary by more than binomial
or Poisson chance allows. Three questions are kept apart: is there a special cause (rules), which direction is good
(polarity), and will the process meet its target (assurance). Pure functions over figures read from a release.

Limits are in control_limits, rules in control_rules. Sources: those named there; NHS England, Making Data Count, for
variation and assurance as two questions. docs/methods/control-charts.md says where ours differ, and how often they err.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from common.errors import ProblemError
from metrics.compare.control_limits import Limits, correlation, p_limits, positive, u_limits, xmr_limits
from metrics.compare.control_rules import RULES, SIGMAS, Column
from metrics.figure import Polarity

Kind = Literal["xmr", "p", "u"]

LEAST_POINTS = 12
"""Fewer points than this have no limits: they would be drawn from noise."""
FEW_EXPECTED = 5.0
"""With fewer expected events than this the distribution leans, and limits at three sigma are crossed above too often."""
RANGE_ERROR = 0.8
"""The standard error of a mean moving range of n points is about this share of it, over sqrt n."""
ALIKE = 2.0
"""Neighbouring quarters are alike when their correlation is over this many standard errors, 1 / sqrt(points)."""


# --- the chart --------------------------------------------------------------------------------------------------------

POINTS: dict[str, Any] = {
    "period": pl.String, "value": pl.Float64, "segment": pl.Int64, "centre": pl.Float64, "lower": pl.Float64,
    "upper": pl.Float64, "lower_two": pl.Float64, "upper_two": pl.Float64, "rules": pl.List(pl.String),
    "direction": pl.Int64, "cause": pl.String,
}  # fmt: skip
SEGMENTS: dict[str, Any] = {
    "segment": pl.Int64, "first": pl.String, "last": pl.String, "points": pl.Int64, "centre": pl.Float64,
    "dispersion": pl.Float64, "measured_dispersion": pl.Float64, "correlation": pl.Float64, "notes": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn and said of one chart.

    `points`: one row a quarter, in order; limits are null where a stretch has fewer than 12 points. `rules` names the
    rules that mark the point, `direction` is +1 above or rising, -1 below or falling, `cause` is `improvement`,
    `concern`, `change` (no direction is good), `common` or `no_limits`. `segments`: one row a stretch between declared
    changes; its notes are codes: `few_points` (no limits), `few_expected` (under 5 events expected in a quarter: limits
    are crossed too often above), `neighbours_alike` (quarters follow one another: limits are too tight), `too_tight`
    (not primed, though quarters vary by more than chance).
    """

    kind: Kind
    polarity: Polarity
    points: pl.DataFrame
    segments: pl.DataFrame

    @property
    def has_limits(self) -> bool:
        """Whether the latest stretch has limits."""
        return bool(self.points.height and self.points["lower"][-1] is not None)


def control_chart(
    kind: Kind,
    periods: Sequence[str],
    numerator: Sequence[float | None],
    denominator: Sequence[float | None] | None = None,
    *,
    scale: float = 1.0,
    polarity: Polarity = "no_judgement",
    breaks: Sequence[str] = (),
    primed: bool = True,
) -> Chart:
    """A chart of quarters in order. On a stable process the latest quarter is marked about 1 time in 100 and a chart of 24
    somewhere 16 in 100; where neighbouring quarters are correlated (0.5) 8 to 13 and 68, which `neighbours_alike` notes.

    A missing value is null: it has no moving range and ends every run.

    `xmr` takes the values as `numerator` and no denominator; `p` counts of people and people; `u` counts and exposure.
    `scale` turns the ratio into its unit (100 for %). `breaks` are the periods in which a new stretch begins: use
    `rebased`, which takes them from declared events and from nothing else.
    """
    top = np.array([np.nan if n is None else n for n in numerator], dtype=float)
    if kind == "xmr":
        value, bottom = top * scale, np.ones_like(top)
    else:
        if denominator is None:
            raise ValueError(f"a {kind} chart needs a denominator")
        bottom = np.array([np.nan if n is None else n for n in denominator], dtype=float)
        value = top / positive(bottom) * scale
    if not len(periods) == len(top) == len(bottom):
        raise ValueError("a chart needs one value for each period")
    starts = sorted({0, *(list(periods).index(period) for period in breaks)}) if len(periods) else []
    unit = 1.0 if kind == "xmr" else scale
    points, segments = [], []
    for number, (first, end) in enumerate(zip(starts, [*starts[1:], len(periods)], strict=False)):
        part = slice(first, end)
        limits = _limits(kind, value[part], top[part], bottom[part], primed)
        stretch = _Stretch(kind, number, list(periods[part]), value[part], limits.centre * unit, limits.sigma * unit)
        points.append(_points(stretch, unit, polarity))
        segments.append(_segment(stretch, limits, bottom[part], primed))
    return Chart(
        kind,
        polarity,
        pl.concat(points) if points else pl.DataFrame(schema=POINTS),
        pl.DataFrame(segments, schema=SEGMENTS, orient="row"),
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Points under one set of limits, in the chart's unit."""

    kind: Kind
    number: int
    periods: list[str]
    value: Column
    centre: Column
    sigma: Column

    @property
    def known(self) -> int:
        return int(np.isfinite(self.value).sum())

    @property
    def drawn(self) -> bool:
        return self.known >= LEAST_POINTS


def _limits(kind: Kind, value: Column, top: Column, bottom: Column, primed: bool) -> Limits:
    if kind == "xmr":
        return xmr_limits(value)
    return p_limits(top, bottom, primed) if kind == "p" else u_limits(top, bottom, primed)


def _points(of: _Stretch, unit: float, polarity: Polarity) -> pl.DataFrame:
    nothing = np.zeros(len(of.value), dtype=np.int64)
    marks = {name: rule(of.value, of.centre, of.sigma) if of.drawn else nothing for name, rule in RULES.items()}
    names = [[name for name, signs in marks.items() if signs[i]] for i in range(len(of.value))]
    direction = [int(marks[mine[0]][i]) if mine else 0 for i, mine in enumerate(names)]
    floor, ceiling = -np.inf if of.kind == "xmr" else 0.0, unit if of.kind == "p" else np.inf
    lines = {
        "centre": of.centre,
        "lower": np.maximum(of.centre - SIGMAS * of.sigma, floor),
        "upper": np.minimum(of.centre + SIGMAS * of.sigma, ceiling),
        "lower_two": np.maximum(of.centre - 2 * of.sigma, floor),
        "upper_two": np.minimum(of.centre + 2 * of.sigma, ceiling),
    }
    columns = {
        "period": of.periods,
        "value": of.value,
        "segment": [of.number] * len(of.value),
        **{name: line if of.drawn else np.full(len(line), np.nan) for name, line in lines.items()},
        "rules": names,
        "direction": direction,
        "cause": [cause_of(way, polarity) if of.drawn else "no_limits" for way in direction],
    }
    return pl.DataFrame(columns, schema=POINTS).with_columns(pl.col(pl.Float64).fill_nan(None))


def _segment(of: _Stretch, limits: Limits, bottom: Column, primed: bool) -> tuple[object, ...]:
    notes = [] if of.drawn else ["few_points"]
    alike = correlation(of.value)
    if of.drawn:
        expected = limits.centre * bottom
        rest = bottom - expected if of.kind == "p" else expected
        if of.kind != "xmr" and min(np.nanmin(expected), np.nanmin(rest)) < FEW_EXPECTED:
            notes.append("few_expected")
        if not primed and limits.measured > 1 + 2 * RANGE_ERROR / np.sqrt(of.known):
            notes.append("too_tight")
        if alike > ALIKE / np.sqrt(of.known):
            notes.append("neighbours_alike")
    numbers = (float(of.centre[0]), limits.dispersion, limits.measured, alike)
    known = [None if not np.isfinite(number) else number for number in numbers]
    return (of.number, of.periods[0], of.periods[-1], of.known, *known, notes)


# --- what it says -----------------------------------------------------------------------------------------------------

Cause = Literal["improvement", "concern", "change", "common", "no_limits"]
Assurance = Literal["will_meet", "will_miss", "hit_or_miss", "no_target", "no_limits"]


def cause_of(direction: int, polarity: Polarity) -> Cause:
    """Special cause in the direction that is good, in the one that is not, or common cause."""
    if direction == 0:
        return "common"
    if polarity == "no_judgement":
        return "change"
    return "improvement" if (direction > 0) == (polarity == "higher_is_better") else "concern"


def assurance(chart: Chart, target: float | None) -> Assurance:
    """Whether the process as it is now will meet the target, whatever its special causes.

    `will_meet`: both limits of the latest quarter are on the good side; `will_miss`: both on the other; otherwise chance
    decides each quarter. Without polarity there is no good side, so there is no target to meet.
    """
    if target is None or chart.polarity == "no_judgement":
        return "no_target"
    if not chart.has_limits:
        return "no_limits"
    low, high = chart.points["lower"][-1], chart.points["upper"][-1]
    if chart.polarity == "lower_is_better":
        low, high, target = -high, -low, -target
    return "will_meet" if low >= target else "will_miss" if high < target else "hit_or_miss"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the latest quarter of a chart says, as codes; the words are made of them elsewhere."""

    period: str
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    cause: Cause
    rules: tuple[str, ...]
    direction: int
    assurance: Assurance
    points: int
    needed: int
    notes: tuple[str, ...]


def reading(chart: Chart, target: float | None = None) -> Reading | None:
    """The latest quarter that has a value, or None where there is none. `needed` is how many more points it takes."""
    shown = chart.points.filter(pl.col("value").is_not_null())
    if not shown.height:
        return None
    last = shown.row(-1, named=True)
    segment = chart.segments.filter(pl.col("segment") == last["segment"]).row(0, named=True)
    return Reading(
        last["period"], last["value"], last["centre"], last["lower"], last["upper"], last["cause"],
        tuple(last["rules"]), last["direction"], assurance(chart, target), segment["points"],
        max(LEAST_POINTS - segment["points"], 0), tuple(segment["notes"]),
    )  # fmt: skip


# --- events -----------------------------------------------------------------------------------------------------------


def annotations(spans: pl.DataFrame, events: pl.DataFrame, district: str = "") -> pl.DataFrame:
    """The dated notes that fall in a chart's quarters: period, on_date, title, district.

    `spans` has period, start, end; `events` is the release's event table (on_date, title, district). A note of a
    district is shown on that district's chart only; one without a district is shown on all.
    """
    mine = events.filter((pl.col("district") == "") | (pl.col("district") == district))
    return (
        mine.join(spans.select("period", "start", "end"), how="cross")
        .filter(pl.col("on_date").is_between(pl.col("start"), pl.col("end")))
        .select("period", "on_date", "title", "district")
        .sort("on_date", "title")
    )


def rebased(spans: pl.DataFrame, events: pl.DataFrame, dates: Sequence[dt.date], district: str = "") -> list[str]:
    """The periods in which new limits begin: those that hold the declared events of these dates.

    A change that no event declares is refused: limits redrawn after looking at the points would hide special causes.
    """
    found = annotations(spans, events, district)
    declared = found["on_date"].to_list()
    if missing := [date for date in dates if date not in declared]:
        raise ProblemError(
            f"No event is declared on {', '.join(date.isoformat() for date in missing)}",
            "the choice of where limits begin anew",
            ", ".join(sorted({date.isoformat() for date in declared})) or "none: no event lies within the chart",
            "add the event, dated and titled, to the file of events, and publish again",
        )
    chosen = found.filter(pl.col("on_date").is_in(list(dates)))
    return list(dict.fromkeys(chosen["period"].to_list()))


def chart_kind(kind: str) -> Kind:
    """The chart for a kind of statistic: p for a share, u for a ratio of counts, XmR for all others."""
    return {"proportion": "p", "ratio": "u"}.get(kind, "xmr")  # type: ignore[return-value]
