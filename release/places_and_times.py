"""An indicator over time and between places, from the figures of a release: all that a page draws and says, as codes.

Nothing is worked out here but by metrics.compare: this reads the figures, leaves out what is not final, and says which
chart and which limits an indicator's kind has.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from metrics.compare.control_chart import Chart, Reading, annotations, chart_kind, control_chart, reading, rebased
from metrics.compare.funnel import Funnel, Kind, Spread, clustering_of, funnel
from metrics.compare.shrinkage import Pooled, counts, shares
from release.read import Reader

FUNNELS: Mapping[str, Kind] = {"proportion": "proportion", "ratio": "rate", "relative": "ratio"}
"""The funnel for each kind of statistic; the other kinds have none."""
NOT_PLACES = ("out_of_area", "no_fixed_address", "not_known", "none")
"""Members of a district dimension that are no district: they are in the whole and not in the funnel."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """A control chart of final quarters, its latest reading (None: nothing to read), the dated notes, and the quarters
    whose figures are provisional: drawn apart, without limits and without a word on change."""

    chart: Chart
    reading: Reading | None
    notes: pl.DataFrame
    provisional: pl.DataFrame
    target: float | None


@lru_cache(maxsize=16)
def _events(reader: Reader) -> pl.DataFrame:
    """The dated notes of a release, read once for all its charts."""
    return reader.events()


def over_time(
    reader: Reader,
    indicator: str,
    cohort: str,
    where: Mapping[str, str] | None = None,
    *,
    rebase: Sequence[dt.date] = (),
    target: float | None = None,
) -> OverTime:
    """An indicator's quarters as a control chart. `where` is a district at most; `rebase` are dates of declared events."""
    info = reader.indicator(indicator)
    frame = reader.figures(indicator, cohort, kind="quarter", where=where)
    spans = pl.DataFrame(
        [(p.id, p.start, p.end) for p in reader.periods("quarter")],
        schema={"period": pl.String, "start": pl.Date, "end": pl.Date},
        orient="row",
    )
    final = frame.with_columns(
        pl.when(pl.col("status").is_in(["final", "held"])).then(pl.col(name)).alias(name)
        for name in ("value", "numerator", "denominator")
    )
    known = [i for i, value in enumerate(final["value"]) if value is not None]
    final = final.slice(known[0], known[-1] - known[0] + 1) if known else final.clear()
    district = next(iter((where or {}).values()), "")
    mine = spans.filter(pl.col("period").is_in(final["period"].implode()))
    kind = chart_kind(info.kind)
    chart = control_chart(
        kind,
        final["period"].to_list(),
        final["value" if kind == "xmr" else "numerator"].to_list(),
        None if kind == "xmr" else final["denominator"].to_list(),
        scale=1.0 if kind == "xmr" else float(info.definition.get("scale", 1)),
        polarity=info.polarity,  # type: ignore[arg-type]
        breaks=rebased(mine, _events(reader), rebase, district) if rebase else (),
    )
    waiting = frame.filter(pl.col("status") == "provisional").select(
        "period", "period_label", "value", "lower", "upper"
    )
    return OverTime(chart, reading(chart, target), annotations(mine, _events(reader), district), waiting, target)


def between_places(
    reader: Reader,
    indicator: str,
    cohort: str,
    period: str,
    *,
    target: float | None = None,
    spread: Spread = "multiplicative",
) -> Funnel | None:
    """The districts of a cohort as a funnel plot; None for a kind of statistic that has none.

    Counts are by few prolific people, and a person may enter a pooled period several times: the limits allow for both by
    the figures' own intervals. Observed over expected has Poisson limits, a little too wide for a share of people (their
    variance is np(1 - p), not np).
    """
    info = reader.indicator(indicator)
    if info.kind not in FUNNELS:
        return None
    frame, scale = _districts(reader, indicator, cohort, period), float(info.definition.get("scale", 1))
    return funnel(
        FUNNELS[info.kind],
        frame["place"].to_list(),
        frame["numerator"].to_list(),
        frame["denominator"].to_list(),
        target=None if target is None else target / scale,
        spread=spread,
        clustering=_clustering(frame, info.kind, scale),
        unit=scale,
    )


def partly_pooled(reader: Reader, indicator: str, cohort: str, period: str) -> Pooled | None:
    """The districts' figures drawn towards the whole, to stand beside the raw; None for a kind that has no model here."""
    info = reader.indicator(indicator)
    if info.kind not in FUNNELS:
        return None
    scale = float(info.definition.get("scale", 1))
    frame = _districts(reader, indicator, cohort, period)
    frame = frame.filter(pl.col("numerator").is_not_null() & (pl.col("denominator") > 0))
    if frame.height < 2 or not frame["numerator"].sum():
        return None
    place, top, bottom = (frame[name].to_list() for name in ("place", "numerator", "denominator"))
    model = shares if info.kind == "proportion" else counts
    return model(place, top, bottom, clustering=_clustering(frame, info.kind, scale), unit=scale)


def _districts(reader: Reader, indicator: str, cohort: str, period: str) -> pl.DataFrame:
    frame = reader.figures(indicator, cohort, period, by="district")
    shown = pl.col("status").is_in(["final", "held"])
    return frame.filter(~pl.col("val1").is_in(NOT_PLACES)).select(
        pl.col("val1").alias("place"),
        *(pl.when(shown).then(pl.col(n)).alias(n) for n in ("value", "lower", "upper", "numerator", "denominator")),
    )


def _clustering(frame: pl.DataFrame, kind: str, scale: float) -> float:
    value, lower, upper = ([None if v is None else v / scale for v in frame[n]] for n in ("value", "lower", "upper"))
    if kind == "relative":  # of the observed count, whose chance is Poisson's around what was expected
        return clustering_of("ratio", value, lower, upper, frame["denominator"].to_list())
    return clustering_of(FUNNELS[kind], value, lower, upper, frame["denominator"].to_list())
