"""Model outputs, which the rules for counts cannot protect: each with its own declared rule for the open level.

Design section 7, rule 5: declared tables only, at least 30 people analysed, counts to the nearest 5, values outward in
coarse steps. Partnership readers see what was worked out. A new output is an entry here and a table in schema.sql.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from metrics.compare import (
    before_after,
    calibration,
    concentration,
    near_misses,
    nowcast,
    parallel,
    standardise,
    why_it_moved,
)
from metrics.places import held
from release.protect import ANALYSED, outward_on_its_side, round_count

Tables = dict[str, pl.DataFrame]
CURVE_MONTH = 28
LEVEL_PEOPLE = 10


@dataclass(frozen=True, slots=True)
class Model:
    """One model output: how it is worked out, and what the open level may show of it.

    `kept` says in Polars which rows are declared for the open level; `people` is the column of those analysed; `counts` are
    rounded; `values` are triples (value, lower, upper) with their step, or single columns; `hidden` are left empty.
    `tells` are the columns of the periods for which it tells how many of a cohort reoffended: the open level shows it only
    where the rate itself is shown, or what is suppressed there could be read here.
    """

    table: str
    compute: Callable[[duckdb.DuckDBPyConnection, dt.date], pl.DataFrame]
    kept: pl.Expr
    counts: tuple[str, ...]
    values: tuple[tuple[tuple[str, ...], float], ...]
    hidden: tuple[str, ...] = ()
    people: str = "people"
    tells: tuple[str, ...] = ()


_AREA = (pl.col("district") == "") & (pl.col("tier") == "")
_ENOUGH = _AREA & (pl.col("held") >= LEVEL_PEOPLE) & (pl.col("outside") >= LEVEL_PEOPLE)
_ALONE = (_AREA & ~_ENOUGH).sum() == 1
_BANDS = _ENOUGH & ~(_ALONE & (pl.col("held") == pl.col("held").filter(_ENOUGH).min()))
"""Bands of the whole area with enough people on both sides. One left out alone could be had from the total: then the smallest
shown goes too."""

_TOGETHER = pl.col("design").is_in([*before_after.POOLED.values()])
_FEWEST = (
    pl.when(~_TOGETHER)
    .then("people")
    .min()
    .over("scheme", "district", "measure", pl.col("design").str.strip_suffix("_pooled"))
)
_DATES = (pl.col("district") == "") & (~_TOGETHER | (_FEWEST >= ANALYSED))
"""Dates taken together are shown where each of them is: what is withheld at one could be had from the rest."""


MODELS = (
    Model(
        "nowcast", nowcast.compute, pl.col("district") == "", ("people",), ((("value", "lower", "upper"), 1.0),),
        ("seen_so_far",),
    ),
    Model(
        "before_after", before_after.compute, _DATES, ("people", "comparable", "controls", "matched"),
        (
            (("change", "change_lower", "change_upper"), 5.0), (("remainder", "remainder_lower", "remainder_upper"), 5.0),
            (("did", "did_lower", "did_upper"), 5.0), (("trend", "trend_lower", "trend_upper"), 5.0),
            (("baseline",), 0.1), (("first_baseline",), 0.1), (("follow_up",), 0.1), (("expected_follow_up",), 0.1),
            (("expected_change",), 5.0),
        ),
        ("days_before", "days_after", "offences_before", "offences_after"),
    ),
    Model(
        # the steps between overlap so much that their differences would tell of a few people
        "parallel", parallel.compute, pl.col("step") == "old", ("people", "entries"),
        (
            (("rate", "rate_lower", "rate_upper"), 5.0), (("per_100", "per_100_lower", "per_100_upper"), 10.0),
            (("change", "change_lower", "change_upper"), 5.0), (("in_custody",), 5.0), (("before_per_100",), 10.0),
        ),
    ),
    Model(
        "calibration", calibration.compute, pl.col("dim1") == "", ("people", "entries", "fitted_entries"),
        (
            (("value", "lower", "upper"), calibration.STEP), (("brier",), 0.01), (("auc",), 0.01), (("intercept",), 0.05),
            (("slope",), 0.05),
        ),
        ("observed", "expected"), tells=("period",),
    ),
    Model(
        "standardised", standardise.compute, pl.col("dim1") == "", ("people", "entries"),
        ((("ratio", "ratio_lower", "ratio_upper"), 0.1), (("rate", "lower", "upper"), 1.0), (("standard",), 1.0)),
        ("observed", "expected", "byar_lower", "byar_upper"), tells=("period",),
    ),
    Model(
        "concentration", concentration.compute, ~pl.col("dominated"), ("people", "of_people", "offences"),
        ((("value", "lower", "upper"), 1.0), (("by_chance",), 1.0)),
    ),
    Model(
        "decomposition", why_it_moved.compute, (pl.col("district") == "") & pl.col("to_period").str.contains("/"),
        ("people",), ((("value", "lower", "upper"), 1.0),), tells=("from_period", "to_period"),
    ),
    Model(
        "near_miss", near_misses.compute, pl.col("lower").is_not_null(), ("people", "below", "above"),
        ((("estimate", "lower", "upper"), 5.0), (("jump", "jump_lower", "jump_upper"), 5.0)),
        ("treated", "comparison", "p_value", "bandwidth", "density_p_value"),
    ),
    Model(
        "place", held.compute, _BANDS, ("held", "outside", "people", "entries"),
        ((("expected", "lower", "upper"), 5.0),), ("held_inside", "outside_inside", "reoffences", "raw"),
    ),
)  # fmt: skip


def model_tables(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> Tables:
    """Every model output of the list, as the partnership sees it."""
    return {model.table: model.compute(con, cutoff) for model in MODELS}


RATE = "reoffending_rate"


def at_level(tables: Mapping[str, pl.DataFrame], level: str, figures: pl.DataFrame) -> Tables:
    """The model outputs, and the comparisons, as a level may show them; `figures` are the level's own."""
    if level == "partnership":
        return dict(tables)
    told = figures.filter((pl.col("indicator") == RATE) & (pl.col("dim1") == "") & pl.col("value").is_not_null())
    shown = {model.table: _opened(tables[model.table], model, told) for model in MODELS if model.table in tables}
    return shown | opened_comparisons(tables)


def _opened(frame: pl.DataFrame, model: Model, told: pl.DataFrame) -> pl.DataFrame:
    """What the open level may show of one output; `told` are the cells whose rate it shows."""
    frame = frame.filter(model.kept & (pl.col(model.people) >= ANALYSED))
    for period in model.tells if frame.height else ():
        cells = told.select("cohort", pl.col("period").alias(period))
        frame = frame.join(cells, on=["cohort", period], how="semi", maintain_order="left")
    if not frame.height:
        return frame
    for names, step in model.values:
        frame = _outward(frame, names, pl.Series([step] * frame.height))
    frame = _rounded(frame, model.counts)
    return frame.with_columns(pl.lit(None).cast(frame.schema[name]).alias(name) for name in model.hidden)


def _outward(frame: pl.DataFrame, names: Sequence[str], step: pl.Series, none: pl.Series | None = None) -> pl.DataFrame:
    """Values to the nearest step within their limits, limits to the next one outward, but never across no difference (`none`, else 0)."""
    size = step.to_numpy()
    middle = np.zeros(frame.height) if none is None else none.to_numpy()
    value, lower, upper = (
        frame[names[min(place, len(names) - 1)]].cast(pl.Float64).to_numpy() - middle for place in range(3)
    )
    coarse = [*outward_on_its_side(value, lower, upper, size)] if len(names) > 1 else [size * np.round(value / size)]
    return frame.with_columns(
        pl.Series(name, np.round(found + middle, 12)).fill_nan(None) for name, found in zip(names, coarse, strict=False)
    )


def _rounded(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    return frame.with_columns(
        pl.Series(name, round_count(frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()))
        .fill_nan(None)
        .cast(frame.schema[name])
        for name in names
    )


STEPS = {"rate": 1.0, "custody": 1.0, "frequency": 5.0, "occasions": 5.0, "time": 5.0, "severity": 10.0, "liberty": 0.1}
"""The open level's step for each outcome's difference, in its unit; a ratio's is RATIO."""
RATIO = 0.05
COUNTS = ("submitted", "matched", "analysed", "controls", "pool", "joined_later")


def opened_comparisons(tables: Mapping[str, pl.DataFrame]) -> Tables:
    """The comparisons as the open level may show them: those of 30 people analysed or more, and the others' bare verdict.

    No common support, no means, no rare levels, no p-values, no fingerprint; curves by the month.
    """
    found = {
        name: tables.get(name, pl.DataFrame()) for name in ("comparison", "flow", "effect", "balance", "sensitivity")
    }
    about = found["comparison"]
    if not about.height:
        return {}
    told = about.filter(pl.col("analysed") >= ANALYSED)["id"]
    analysed = about.select(pl.col("id").alias("comparison"), pl.col("analysed").alias("_analysed"))
    enough = pl.col("submitted") >= ANALYSED
    shown = _rounded(about, COUNTS).with_columns(
        *(pl.when(enough & about["analysed"].ge(ANALYSED)).then(pl.col(name)).alias(name) for name in COUNTS),
        evidence=pl.lit("{}"),
        inputs_sha256=pl.lit(""),
    )
    made: Tables = {"comparison": shown}
    flow = found["flow"]
    if flow.height:
        made["flow"] = _rounded(
            flow.filter(pl.col("comparison").is_in(told) & (pl.col("people") >= ANALYSED)), ["people"]
        )
    effect = found["effect"]
    if effect.height:
        effect = effect.filter(pl.col("comparison").is_in(told) & (pl.col("people") >= ANALYSED))
        ratio = effect["scale"] == "ratio"
        step = effect["outcome"].replace_strict(STEPS, default=1.0, return_dtype=pl.Float64)
        scaled = pl.select(pl.when(ratio).then(RATIO).otherwise(step)).to_series()
        effect = _outward(effect, ("estimate", "lower", "upper"), scaled, ratio.cast(pl.Float64))
        for side in ("treated", "expected"):
            effect = _outward(effect, (side,), step)
        made["effect"] = _rounded(effect, ["people"]).with_columns(
            p_value=pl.lit(None, pl.Float64), q_value=(pl.col("q_value") * 100).ceil() / 100
        )
    balance = found["balance"]
    if balance.height:
        people = pl.col("treated_mean") * pl.col("_analysed")
        common = (pl.col("level") == "") | people.is_between(LEVEL_PEOPLE, pl.col("_analysed") - LEVEL_PEOPLE)
        balance = balance.filter(pl.col("comparison").is_in(told)).join(analysed, on="comparison").filter(common)
        made["balance"] = balance.drop("_analysed").with_columns(
            *(((pl.col(name) / 0.05).round() * 0.05).round(2).alias(name) for name in ("before", "after")),
            *(pl.lit(None, pl.Float64).alias(name) for name in ("treated_mean", "pool_mean", "matched_mean")),
        )
    for table in ("effect_curve", "competing"):
        curve = tables.get(table, pl.DataFrame())
        if curve.height:
            curve = curve.filter(
                pl.col("comparison").is_in(told) & (pl.col("day") % CURVE_MONTH == 0) & (pl.col("at_risk") >= ANALYSED)
            )
            curve = _common(curve, analysed)
            curve = _outward(curve, ("value", "lower", "upper"), pl.Series([1.0] * curve.height))
            made[table] = _rounded(curve, ["at_risk"])
    if found["sensitivity"].height:
        made["sensitivity"] = (
            found["sensitivity"].filter(pl.col("comparison").is_in(told)).with_columns(pl.col("value").round(1))
        )
    return made


def _common(curve: pl.DataFrame, analysed: pl.DataFrame) -> pl.DataFrame:
    """Curves by cause without the causes that came first to fewer than 10 of those treated; other curves as they are."""
    if "cause" not in curve.columns:
        return curve
    treated = curve.filter(pl.col("arm") == "treated").join(analysed, on="comparison")
    enough = (
        treated.group_by("comparison", "cause", "_analysed")
        .agg(pl.col("value").max())
        .filter(pl.col("value") / 100 * pl.col("_analysed") >= LEVEL_PEOPLE)
    )
    return curve.join(enough, on=["comparison", "cause"], how="semi", maintain_order="left")
