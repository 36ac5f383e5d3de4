"""Figures from a store: any indicator over any breakdown, with its interval and the state of its follow-up.

The release build and `iom figure --from-store` both call `figures`; what protects the open level works on the cells
(metrics.cube) instead.
"""

from collections.abc import Mapping, Sequence

import duckdb
import polars as pl

from metrics.catalogue import PERIOD_KINDS, Definition
from metrics.cube import Waits, counted
from metrics.figure import NO_EXTRACT, NOBODY_SCORED, TOO_FEW
from metrics.kinds import compute
from metrics.kinds.quantile import MEDIAN
from metrics.kinds.shared import keys_of

STATUS = {"complete": "final", "awaiting_proof": "provisional", "immature": "immature"}
IMMATURE = "follow-up is not over yet: this would read too low"
NOBODY = "nobody in the denominator"
NO_VALUE = "fewer than half have reached it, so there is no median"
NO_CENTILE = "fewer than {}% have reached it, so that wait cannot be told"
TOO_FEW_OF = "fewer than {} {}: " + TOO_FEW
NUMBERS = ("value", "lower", "upper", "numerator", "denominator")


def figures(
    con: duckdb.DuckDBPyConnection,
    definitions: Sequence[Definition],
    tables: Sequence[Sequence[str]],
    period_kinds: Sequence[str] = PERIOD_KINDS,
    *,
    cohorts: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
    follow_up: str = "follow_up",
) -> pl.DataFrame:
    """Exact figures in the shape of the release's figure table, for every group that anybody is in.

    `tables` are lists of dimensions, of any depth (beyond two, dim3, val3 and so on are added); an indicator takes
    those that its definition takes. `where` keeps one value of each dimension named. `sources` names another relation
    for a fact and `follow_up` another table of states, to work under another definition of follow-up.
    """
    frames = []
    for fact in dict.fromkeys(definition.fact for definition in definitions):
        these = [d for d in definitions if d.fact == fact and any(d.takes(table) for table in tables)]
        kinds = [kind for kind in period_kinds if any(kind in d.periods for d in these)]
        found = counted(
            con,
            fact,
            these,
            dict.fromkeys(kinds, tables),
            cohorts=cohorts,
            where=where,
            source=(sources or {}).get(fact),
            follow_up=follow_up,
        )
        frames += [worked_out(d, part.cells, part.waits) for part in found for d in these]
    if not frames:
        return pl.DataFrame()
    states = con.sql(f"SELECT cohort, period, state FROM {follow_up}").pl()
    return with_status(pl.concat(frames, how="diagonal"), definitions, states)


def worked_out(definition: Definition, found: pl.DataFrame, waits: Waits | None) -> pl.DataFrame:
    """One indicator's cells with its statistic, its own periods only."""
    mine = found.filter((pl.col("indicator") == definition.id) & pl.col("period_kind").is_in(list(definition.periods)))
    return compute(definition, mine, waits)


def _not_reached(definitions: Sequence[Definition]) -> dict[str, str]:
    """What is said where too few have reached a centile other than the median, by indicator."""
    return {d.id: NO_CENTILE.format(d.centile) for d in definitions if d.centile != MEDIAN}


def with_status(frame: pl.DataFrame, definitions: Sequence[Definition], states: pl.DataFrame) -> pl.DataFrame:
    """Cells that carry a statistic, as rows of the figure table: status and reason, and no value where there is none."""
    minimum = pl.DataFrame(
        [(d.id, d.minimum_n, d.counts) for d in definitions], schema=["indicator", "minimum", "counts"], orient="row"
    )
    state = pl.col("state").replace_strict(STATUS, default=None)
    frame = frame.join(states.unique(["cohort", "period"]), on=["cohort", "period"], how="left")
    frame = frame.join(minimum, on="indicator", how="left")
    # The pooled period holds complete quarters only, whatever the state of the whole is called.
    state = pl.when(pl.col("period") == "all").then(pl.lit("final")).otherwise(state)
    immature = pl.col("status") == "immature"
    missing = ~immature & pl.col("value").is_null()
    few = pl.col("n") < pl.col("minimum")
    against = pl.col("indicator").is_in([d.id for d in definitions if d.expected])
    why_missing = (
        pl.when((pl.col("known") == 0) & against)
        .then(pl.lit(NOBODY_SCORED))
        .when(pl.col("known") == 0)
        .then(pl.lit(NO_EXTRACT))
        .when(pl.col("denominator").fill_null(0) == 0)
        .then(pl.lit(NOBODY))
        .otherwise(pl.col("indicator").replace_strict(_not_reached(definitions), default=NO_VALUE))
    )
    too_few = pl.format(TOO_FEW_OF, pl.col("minimum"), pl.col("counts"))
    return (
        frame.with_columns(state.fill_null("immature").alias("status"))
        .with_columns(
            pl.when(immature)
            .then(pl.lit(IMMATURE))
            .when(missing)
            .then(why_missing)
            .when(few)
            .then(too_few)
            .otherwise(pl.lit(""))
            .alias("reason"),
            pl.when(missing).then(pl.lit("not available")).otherwise(pl.col("status")).alias("status"),
            *(pl.when(immature).then(None).otherwise(pl.col(name)).alias(name) for name in NUMBERS),
            pl.lit(None, dtype=pl.String).alias("held_from"),
        )
        .select("indicator", *keys_of(frame), *NUMBERS, "status", "reason", "held_from", "people")
    )
