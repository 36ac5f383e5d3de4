"""Balance: do the two groups look alike before and after matching?

Standardised mean difference d = (mean of the treated - mean of the others) / s, s = sqrt((s_t² + s_p²) / 2) from the
treated and the whole pool before matching, the same s after, so that balance cannot seem to improve because the spread
grew. For a category p (1 - p) stands for the variance. |d| <= 0.05 is good, <= 0.10 acceptable. Source: Austin (2009),
Statistics in Medicine 28. The variance ratio (treated over comparison, after) should lie between 0.5 and 2 (Rubin 2001).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.compare.propensity import MISSING, Covariate

Numbers = NDArray[np.float64]
GOOD, ACCEPTABLE = 0.05, 0.10
_SCHEMA = {
    "covariate": pl.String, "level": pl.String, "treated_mean": pl.Float64, "pool_mean": pl.Float64,
    "matched_mean": pl.Float64, "before": pl.Float64, "after": pl.Float64, "variance_ratio": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sides:
    """Rows of the treated and of the others: all; those with weight; their weights, each side's summing to 1."""

    all: tuple[NDArray[np.int64], NDArray[np.int64]]
    used: tuple[NDArray[np.int64], NDArray[np.int64]]
    share: tuple[Numbers, Numbers]


def balance(covariates: Sequence[Covariate], treated: NDArray[np.bool_], weights: Numbers) -> pl.DataFrame:
    """One row a number or category: covariate, level, treated_mean (everybody submitted), pool_mean, matched_mean,
    before, after, variance_ratio.

    `weights` are of every row (0 where not used); `after` compares the treated and the others as weighted. A share is
    a number between 0 and 1. A category that never varies has d = 0.
    """
    rows: list[tuple[str, str, float, float, float, float, float, float | None]] = []
    rows_of = (np.flatnonzero(treated), np.flatnonzero(~treated))
    used = (rows_of[0][weights[rows_of[0]] > 0], rows_of[1][weights[rows_of[1]] > 0])
    sides = _Sides(rows_of, used, (_normed(weights[used[0]]), _normed(weights[used[1]])))
    for covariate in covariates:
        if covariate.values is not None:
            missing = np.isnan(covariate.values)
            rows.append(_number(covariate.name, covariate.values, missing, sides))
            if missing.any():
                rows += _levels(covariate.name, missing.astype(np.int64), ("", MISSING), sides)[1:]
        else:
            assert covariate.codes is not None
            rows += _levels(covariate.name, covariate.codes, covariate.levels, sides)
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def largest(table: pl.DataFrame) -> float:
    """The largest |d| after matching, 0 for an empty table."""
    return float(table["after"].abs().max() or 0.0)  # type: ignore[arg-type]


def judged(difference: float) -> str:
    """`good`, `acceptable` or `poor`."""
    size = abs(difference)
    return "good" if size <= GOOD else "acceptable" if size <= ACCEPTABLE else "poor"


def _normed(weights: Numbers) -> Numbers:
    total = weights.sum()
    return weights / total if total > 0 else weights


def _number(
    name: str,
    values: Numbers,
    missing: NDArray[np.bool_],
    sides: _Sides,
) -> tuple[str, str, float, float, float, float, float, float | None]:
    known = [values[side[~missing[side]]] for side in sides.all]
    mean = [side.mean() if side.size else np.nan for side in known]
    spread = np.sqrt(sum(side.var(ddof=1) if side.size > 1 else 0.0 for side in known) / 2)
    after, variance = [], []
    for rows, weight in zip(sides.used, sides.share, strict=True):
        there = ~missing[rows]
        x, w = values[rows[there]], weight[there]
        total = w.sum()
        middle = (w @ x) / total if total > 0 else np.nan
        after.append(middle)
        freedom = total - (w @ w) / total if total > 0 else 0.0
        variance.append((w @ (x - middle) ** 2) / freedom if freedom > 0 else np.nan)
    ratio = variance[0] / variance[1] if variance[1] > 0 else np.nan
    return (
        name, "", float(mean[0]), float(mean[1]), float(after[1]),
        _standardised(mean[0] - mean[1], spread), _standardised(after[0] - after[1], spread),
        float(ratio) if np.isfinite(ratio) else None,
    )  # fmt: skip


def _levels(
    name: str,
    codes: NDArray[np.int64],
    levels: Sequence[str],
    sides: _Sides,
) -> list[tuple[str, str, float, float, float, float, float, float | None]]:
    size = len(levels)
    before = [np.bincount(codes[side], minlength=size) / max(len(side), 1) for side in sides.all]
    after = [np.bincount(codes[rows], weight, size) for rows, weight in zip(sides.used, sides.share, strict=True)]
    spread = np.sqrt(sum(p * (1 - p) for p in before) / 2)
    return [
        (
            name, level, float(before[0][i]), float(before[1][i]), float(after[1][i]),
            _standardised(before[0][i] - before[1][i], spread[i]),
            _standardised(after[0][i] - after[1][i], spread[i]), None,
        )
        for i, level in enumerate(levels)
    ]  # fmt: skip


def _standardised(difference: float, spread: float) -> float:
    if not np.isfinite(difference):
        return 0.0
    return float(difference / spread) if spread > 1e-12 else 0.0
