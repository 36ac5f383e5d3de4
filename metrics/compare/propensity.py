"""The propensity score: how likely each person was to be treated, given what was known before.

logit P(treated | x) = b0 + x b, fitted by iteratively reweighted least squares (Newton's method) to the penalised
likelihood  sum [t log p + (1 - t) log(1 - p)] - ridge/2 |b|²  (b0 not penalised). The ridge is a normal prior with
standard deviation 1 / sqrt(ridge) on each coefficient, per standard deviation of a number or per category. It is small
beside the data, keeps every coefficient finite where a category holds the treated alone (separation), and steadies
the score where people treated are few. Source: Rosenbaum and Rubin (1983), Biometrika 70; le Cessie and van
Houwelingen (1992), Applied Statistics 41, for the penalty. See docs/methods/propensity-score.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from common.errors import ProblemError

Numbers = NDArray[np.float64]
MISSING = "not known"
RIDGE = 1.0
TOLERANCE = 1e-4
"""A last step this small leaves an error of about its square, 1e-8: Newton's convergence is quadratic."""
MOST_STEPS = 50
ROWS = 32_768
"""Rows worked at a time, so that the working copy stays in the processor's cache and memory stays flat."""
SKEWED = 2.0
"""A count that leans further right than this enters as log(1 + x): one person of 90 offences must not set the slope."""


@dataclass(frozen=True, slots=True)
class Covariate:
    """One covariate as it was given. Numbers: `values`, NaN where missing. Categories: `codes` into `levels`."""

    name: str
    values: Numbers | None
    codes: NDArray[np.int64] | None
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """The matrix behind the score: one column a number, an indicator for each category but the most common.

    Numbers are standardised; indicators are centred and keep their scale; `names` are (covariate, level).
    """

    matrix: Numbers
    names: tuple[tuple[str, str], ...]
    covariates: tuple[Covariate, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The fitted score of every row, and whether the fit can be trusted.

    `separated`: categories that hold the treated alone, or nobody treated: nobody in them can be compared, or nobody
    needs to be. `converged` is False when the steps ran out: say so, never use the score in silence.
    """

    logit: Numbers
    probability: Numbers
    intercept: float
    coefficients: Numbers
    converged: bool
    steps: int
    separated: tuple[str, ...]


def read(people: pl.DataFrame, covariates: Sequence[str]) -> tuple[Covariate, ...]:
    """The covariates of the frame. Missing categories are a level of their own, `not known`."""
    absent = [name for name in covariates if name not in people.columns]
    if absent:
        raise ProblemError(
            f"the people to compare lack {len(absent)} covariate(s)",
            where=", ".join(absent),
            allowed="columns of the comparison frame",
            remedy="name covariates that the frame has",
        )
    return tuple(_covariate(people[name]) for name in covariates)


def _covariate(column: pl.Series) -> Covariate:
    if column.dtype.is_numeric():
        values = column.cast(pl.Float64).to_numpy().astype(np.float64)
        return Covariate(column.name, np.where(np.isfinite(values), values, np.nan), None, ())
    if column.dtype == pl.Boolean:
        text = column.cast(pl.Int8).replace_strict({0: "no", 1: "yes"}, return_dtype=pl.String)
    else:
        text = column.cast(pl.String)
    text = text.fill_null(MISSING)
    levels = text.unique().sort()
    codes = text.cast(pl.Enum(levels)).to_physical().to_numpy().astype(np.int64)
    return Covariate(column.name, None, codes, tuple(levels.to_list()))


def design(covariates: Sequence[Covariate]) -> Design:
    """The design matrix. A covariate that never varies has no column."""
    columns: list[Numbers] = []
    names: list[tuple[str, str]] = []
    for covariate in covariates:
        if covariate.values is not None:
            missing = np.isnan(covariate.values)
            known = covariate.values[~missing]
            if known.size and known.max() > known.min():
                values = straightened(covariate.values, known)
                mean, spread = values[~missing].mean(), values[~missing].std()
                columns.append(np.where(missing, 0.0, (values - mean) / spread))
                names.append((covariate.name, ""))
            if missing.any() and not missing.all():
                columns.append(missing - missing.mean())
                names.append((covariate.name, MISSING))
        else:
            assert covariate.codes is not None
            counts = np.bincount(covariate.codes, minlength=len(covariate.levels))
            for code in np.flatnonzero(counts):
                if code != counts.argmax():
                    columns.append((covariate.codes == code) - counts[code] / len(covariate.codes))
                    names.append((covariate.name, covariate.levels[code]))
    rows = len(covariates[0].values if covariates[0].values is not None else covariates[0].codes) if covariates else 0  # type: ignore[arg-type]
    # Columns lie together in memory: they are made and read one by one.
    matrix = np.empty((len(columns), rows)).T
    for place, column in enumerate(columns):
        matrix[:, place] = column
    return Design(matrix, tuple(names), tuple(covariates))


def straightened(values: Numbers, known: Numbers) -> Numbers:
    """log(1 + x) of a number that is never negative and leans far to the right; any other as it is."""
    if known.min() < 0:
        return values
    centred = known - known.mean()
    squared = centred * centred
    if np.mean(squared * centred) <= SKEWED * np.mean(squared) ** 1.5:
        return values
    return np.log1p(values)


def fit(design: Design, treated: NDArray[np.bool_], ridge: float = RIDGE) -> Score:
    """Fit the score. Newton's steps are halved while they lower the penalised likelihood.

    Stops after a step in which no coefficient moves by 1e-4, or after 50 (`converged` False).
    """
    if not treated.any() or treated.all():
        raise ProblemError(
            "a comparison needs people on both sides",
            allowed="at least one person treated and one not",
            remedy="choose a longer period or another programme",
        )
    x, y = design.matrix, treated.astype(np.float64)
    beta = _start(x, y, ridge)
    value = _likelihood(x, y, beta, ridge)
    converged, steps = False, 0
    while steps < MOST_STEPS and not converged:
        steps += 1
        step = _step(x, y, beta, ridge)
        while True:
            asked = beta + step
            reached = _likelihood(x, y, asked, ridge)
            if reached >= value - 1e-9 * abs(value) or np.abs(step).max() < TOLERANCE:
                break
            step = step / 2
        converged = bool(np.abs(step).max() < TOLERANCE)
        beta, value = asked, reached
    logit = beta[0] + x @ beta[1:]
    return Score(logit, _expit(logit), float(beta[0]), beta[1:], converged, steps, separated(design, treated))


def _start(x: Numbers, y: Numbers, ridge: float) -> Numbers:
    """The prior odds; in a very large pool, the fit to all treated and a systematic sample of the others."""
    share = y.mean()
    beta = np.zeros(x.shape[1] + 1)
    beta[0] = np.log(share / (1 - share))
    treated = np.flatnonzero(y > 0)
    every = int((len(y) - len(treated)) // max(20 * len(treated), 20_000))
    if every < 2:
        return beta
    others = np.flatnonzero(y == 0)[::every]
    rows = np.concatenate([treated, others])
    small, outcome = x[rows], y[rows]
    beta[0] = np.log(len(treated) / len(others))
    for _ in range(12):
        step = _step(small, outcome, beta, ridge)
        step *= min(1.0, 3 / max(np.abs(step).max(), 1e-9))
        beta = beta + step
        if np.abs(step).max() < 1e-4:
            break
    beta[0] -= np.log(every)
    return beta


def _step(x: Numbers, y: Numbers, beta: Numbers, ridge: float) -> Numbers:
    """Newton's step: (X'WX + ridge)^-1 (X'(y - p) - ridge b)."""
    size = len(beta)
    gram, gradient = np.zeros((size, size)), np.zeros(size)
    for first in range(0, len(y), ROWS):
        part = x[first : first + ROWS]
        p = _expit(beta[0] + part @ beta[1:])
        w, left = p * (1 - p), y[first : first + ROWS] - p
        weighted = part * np.sqrt(w)[:, None]
        gram[1:, 1:] += weighted.T @ weighted
        side = w @ part
        gram[0, 0] += w.sum()
        gram[0, 1:] += side
        gram[1:, 0] += side
        gradient[0] += left.sum()
        gradient[1:] += left @ part
    penalty = np.r_[1e-12, np.full(size - 1, max(ridge, 1e-10))]
    gradient -= penalty * beta
    solved: Numbers = np.linalg.solve(gram + np.diag(penalty), gradient)
    return solved


def _likelihood(x: Numbers, y: Numbers, beta: Numbers, ridge: float) -> float:
    logit = beta[0] + x @ beta[1:]
    return float(y @ logit - np.logaddexp(0, logit).sum() - ridge / 2 * (beta[1:] @ beta[1:]))


def _expit(logit: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(logit, -700, 700)))


def separated(design: Design, treated: NDArray[np.bool_]) -> tuple[str, ...]:
    """Categories in which everybody is treated or nobody is, as "covariate: level"."""
    found = []
    for covariate in design.covariates:
        if covariate.codes is not None:
            size = len(covariate.levels)
            all_people = np.bincount(covariate.codes, minlength=size)
            inside = np.bincount(covariate.codes[treated], minlength=size)
            found += [
                f"{covariate.name}: {covariate.levels[code]}"
                for code in np.flatnonzero((all_people > 0) & ((inside == 0) | (inside == all_people)))
            ]
    return tuple(found)
