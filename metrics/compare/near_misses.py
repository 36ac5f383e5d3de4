"""What every recorded selection score shows of the people just below its threshold: the release's table near_miss."""

import datetime as dt

import duckdb
import polars as pl

from metrics.compare.discontinuity import Discontinuity, discontinuity
from metrics.compare.result import FREQUENCY, RATE, Outcome
from metrics.compare.selection import COVARIATES, decisions, selection_frame, subject_of

SCHEMA = {
    "version": pl.String, "subject": pl.String, "outcome": pl.String, "design": pl.String, "unit": pl.String,
    "estimate": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "treated": pl.Float64, "comparison": pl.Float64,
    "p_value": pl.Float64, "people": pl.Int64, "below": pl.Int64, "above": pl.Int64, "jump": pl.Float64,
    "jump_lower": pl.Float64, "jump_upper": pl.Float64, "bandwidth": pl.Float64, "density_p_value": pl.Float64,
    "problems": pl.String, "reason": pl.String,
}  # fmt: skip


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """One row a version of the score and outcome: the effect at the threshold, or the reason why it cannot be told.

    `jump` is the jump in the share selected, in percentage points; `below` and `above` the people within the bandwidth
    (all, where there is none), `people` both. `subject` is what the score decides ('scheme:iom'). Estimates are in `unit`.
    """
    rows: list[dict[str, object]] = []
    scored = con.sql(
        "SELECT count(*) FROM selection_decision WHERE score IS NOT NULL AND threshold IS NOT NULL"
    ).fetchall()[0][0]
    if scored:
        made = decisions(con, cutoff)
        for version in made["version"].unique().sort():
            subject = subject_of(made, version)
            if subject is not None:
                people = selection_frame(made, version, subject)
                for outcome in (RATE, FREQUENCY):
                    found = discontinuity(people, outcome, COVARIATES)
                    rows.append({"version": version, "subject": subject} | _row(outcome, found))
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(outcome: Outcome, found: Discontinuity) -> dict[str, object]:
    effect = found.effect
    below, above = found.people
    jump, lower, upper = (100 * value for value in found.jump) if found.jump else (None, None, None)
    return {
        "outcome": outcome.id, "design": found.design, "unit": outcome.unit, "estimate": effect.estimate,
        "lower": effect.lower, "upper": effect.upper, "treated": effect.treated, "comparison": effect.comparison,
        "p_value": effect.p_value, "people": below + above, "below": below, "above": above, "jump": jump,
        "jump_lower": lower, "jump_upper": upper, "bandwidth": found.bandwidth,
        "density_p_value": found.density.p_value if found.density else None,
        "problems": "; ".join(found.problems), "reason": effect.reason,
    }  # fmt: skip
