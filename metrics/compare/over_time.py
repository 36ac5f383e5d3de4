"""What a comparison publishes by the day: first reoffences, what came before them, and the ratio of their hazards.

All of it weights the comparison group as it was matched; none of it makes the correction by regression that the matched
effects make, so that the last day of a curve and the published rate may differ a little.
"""

import numpy as np
import polars as pl

from common.errors import ProblemError
from metrics.compare.competing import competing_times, incidence_frame
from metrics.compare.cox import hazard_ratio
from metrics.compare.people import Frame
from metrics.compare.result import Effect
from metrics.compare.survival import curve_frame, log_rank, times

WEEKLY, MONTHLY = 7.0, 28.0
HAZARD = "hazard"
"""The outcome under which the hazard ratio is published."""


def weighted(frame: Frame, weights: np.ndarray) -> pl.DataFrame:
    """Both groups with the `_weight` that matching gave them, nobody without one."""
    return frame.people.with_columns(pl.Series("_weight", weights)).filter(pl.col("_weight") > 0)


def reoffended_by(frame: Frame, people: pl.DataFrame) -> pl.DataFrame:
    """The share who have reoffended by each week in both arms (%): arm, day, value, lower, upper, at_risk."""
    free = curve_frame(times(people, float(frame.comparison.follow_up_days), weight="_weight"), step=WEEKLY)
    return free.select(
        "arm",
        pl.col("day").cast(pl.Int32),
        (100 - pl.col("value")).alias("value"),
        (100 - pl.col("upper")).alias("lower"),
        (100 - pl.col("lower")).alias("upper"),
        pl.col("at_risk").cast(pl.Float64),
    )


def happened_first(frame: Frame, people: pl.DataFrame) -> pl.DataFrame:
    """The share of each arm to whom each cause came first, by each 28 days (%): arm, cause, day, value, lower, upper, at_risk.

    Causes: a proven reoffence, custody before any, death before either. Without a prison extract custody is not known:
    then nothing can be said of any, and the frame is empty.
    """
    if people["custody"].is_null().any():
        return pl.DataFrame()
    found, cause = competing_times(people, float(frame.comparison.follow_up_days), weight="_weight")
    return incidence_frame(found, cause, step=MONTHLY).with_columns(pl.col("at_risk").cast(pl.Float64))


def hazards(frame: Frame, people: pl.DataFrame) -> tuple[Effect, ...]:
    """The hazard of a first reoffence, treated over comparison, where one can be worked out; published as `hazard`.

    Beside it the log-rank test of the two curves, which has a p-value and no estimate (method `log_rank`).
    """
    found = times(people, float(frame.comparison.follow_up_days), weight="_weight")
    try:
        ratio = hazard_ratio(found)
    except ProblemError:
        return ()
    named = {name: getattr(ratio, name) for name in Effect.__slots__} | {"outcome": HAZARD}
    p_value = log_rank(found).p_value
    none = {"estimate": None, "lower": None, "upper": None, "p_value": p_value if np.isfinite(p_value) else None}
    test = Effect(**(named | none | {"method": "log_rank", "reason": "a test has no estimate"}))
    return Effect(**named), test
