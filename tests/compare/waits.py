"""Small sets of times, and data that every textbook prints."""

import numpy as np
import polars as pl

from metrics.compare.survival import Times, times

AML = (
    [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
    [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
    [1] * 11 + [0] * 12,
)
"""Weeks, event, maintained: acute myelogenous leukaemia (Miller 1997, p. 49; `aml` in R's survival)."""


def frame(day: list[float], event: list[int], treated: list[int], **more: list) -> pl.DataFrame:
    given = {"days_observed": day, "event": [bool(e) for e in event], "treated": [bool(t) for t in treated]}
    return pl.DataFrame(given | {"cluster": list(range(len(day)))} | more)


def waits(day: list[float], event: list[int], treated: list[int], horizon: float) -> Times:
    return times(frame(day, event, treated), horizon)


def random_waits(seed: int, people: int = 40, rows: int = 60) -> pl.DataFrame:
    """Rows of people who repeat, weights, ties, early leavers."""
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, people, rows)
    return pl.DataFrame({
        "cluster": cluster, "treated": cluster % 3 == 0, "days_observed": rng.integers(1, 25, rows),
        "event": rng.random(rows) < 0.6, "weight": rng.choice([0.5, 1.0, 2.0], rows), "set": rng.integers(0, 8, rows),
    })  # fmt: skip
