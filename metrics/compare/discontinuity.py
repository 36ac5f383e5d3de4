"""Near misses: people just below a selection threshold as a comparison for those just above (regression discontinuity).

Where scores and thresholds are recorded, two people a point apart are much alike, and only one may be selected. The jump
in reoffending at the threshold, over the jump in selection, is the scheme's effect on people at the threshold who are
selected because of it: on nobody else. Local linear fits with a triangular kernel on both sides; the bandwidth and the
robust bias-corrected interval are those of Calonico, Cattaneo and Titiunik (2014), with HC3 variance; where selection
is not certain (fuzzy) the interval is Fieller's, which stays right when the jump in selection is small.

It refuses, with the reason, when people are too few or the scores too coarse: see `refusal`.
docs/methods/discontinuity.md is its page. Measured (`iom calibrate --only threshold`, 500 and 2,000 people, sharp and
fuzzy, rates and heavy-tailed counts): over 1,000 samples of each, coverage 92.8 to 96.4%, type I error 3.6 to 7.2%
(one standard error 0.8: most with a sharp rate at 500 people, and fuzzy counts at 2,000); its power is low (15 points
fewer found one time in seven with 500).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from common.errors import ProblemError
from metrics.compare.density import Density, density_check
from metrics.compare.result import Effect, Outcome
from metrics.kinds.shared import Z95, Column

FEWEST = 30
"""People needed on each side within the bandwidth."""
FEWEST_SCORES = 5
"""Different scores needed on each side within the bandwidth: a curve's bend cannot be told from fewer."""
FEWEST_AT_SCORES = 10
"""The bandwidth is widened to hold so many different scores a side where people share scores, as rdrobust does."""
WEAKEST = 10.0
"""The jump in selection must be so many times its variance, squared jump over variance (Staiger and Stock 1997)."""
SPREAD = 2.576
"""The pilot bandwidth's factor for a triangular kernel."""
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Discontinuity:
    """What the threshold did, and whether to believe it.

    `effect` as everywhere, its `treated` and `comparison` the outcome just above and just below, and a reason in place of a
    figure when it refuses. `conventional`: the estimate before its bias is taken off. `jump`: in the share selected,
    with its interval. People and different scores within the `bandwidth`, below and above. `continuity`: the same
    jump in what people were like before (covariate, estimate, lower, upper, p_value): there should be none.
    """

    effect: Effect
    design: str
    conventional: float | None
    bandwidth: float | None
    bias_bandwidth: float | None
    jump: tuple[float, float, float] | None
    people: tuple[int, int]
    scores: tuple[int, int]
    density: Density | None
    continuity: pl.DataFrame
    problems: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Jump:
    """Jumps of one or more columns at the threshold: `plain`, `corrected` for bias, the covariance of the corrected, and
    the fitted values just below and just above (corrected)."""

    plain: Column
    corrected: Column
    covariance: Matrix
    below: Column
    above: Column


def discontinuity(
    people: pl.DataFrame, outcome: Outcome, covariates: Sequence[str] = (), specification: str = "main"
) -> Discontinuity:
    """The effect at the threshold of one outcome (a share or a mean a person).

    `people`: one row a person: `distance` (score less threshold: 0 and more is selected), `treated` (joined), the outcome's
    `value`, numeric or boolean `covariates` known before the decision. Rows with a missing one of the first three are
    left out. Sharp when everybody at or above joined and nobody below; otherwise fuzzy.
    """
    if outcome.kind not in ("share", "mean"):
        raise ProblemError(
            "A jump can be told of a share or a mean only",
            f"outcome {outcome.id}",
            "share or mean",
            "use another outcome",
        )
    if people["cluster"].n_unique() < len(people):
        raise ProblemError(
            "Somebody is in the frame twice", "discontinuity", "one row a person", "keep each person's first decision"
        )
    kept = people.filter(pl.all_horizontal(pl.col("distance", "treated", outcome.value).is_not_null()))
    x, y = (kept[name].cast(pl.Float64).to_numpy() for name in ("distance", outcome.value))
    joined = kept["treated"].cast(pl.Float64).to_numpy()
    above = x >= 0
    sharp = bool((joined[above] == 1).all() and (joined[~above] == 0).all())
    density = density_check(x) if len(x) and 0 < above.sum() < len(x) else None

    def refused(reason: str, h: float | None = None) -> Discontinuity:
        effect = Effect(
            outcome.id, "discontinuity", specification, "difference", outcome.unit, None, None, None, None, None, None,
            *_within(x, h)[0][::-1], reason,
        )  # fmt: skip
        return Discontinuity(
            effect, "sharp" if sharp else "fuzzy", None, h, None, None, *_within(x, h), density, _no_covariates()
        )

    if reason := refusal(x):
        return refused(reason)
    chosen = bandwidths(x, y)
    if chosen is None:
        return refused(
            "no bandwidth can be worked out: the outcome or the scores do not vary enough near the threshold"
        )
    h, b = _widened(x, *chosen)
    if reason := refusal(x, h):
        return refused(reason, h)
    found = jump(x, np.column_stack([y, joined]), h, b)
    error = np.sqrt(np.diag(found.covariance))
    selected = (
        float(found.corrected[1]),
        float(found.corrected[1] - Z95 * error[1]),
        float(found.corrected[1] + Z95 * error[1]),
    )
    if not sharp and (error[1] == 0 or (found.corrected[1] / error[1]) ** 2 < WEAKEST or found.corrected[1] <= 0):
        return refused(
            _selection_unknown(*selected),
            h,
        )
    estimate, lower, upper, p_value = _ratio(found, sharp)
    continuity = _continuity(kept, x, covariates)
    (people_below, people_above), scores = _within(x, h)
    effect = Effect(
        outcome=outcome.id,
        method="discontinuity",
        specification=specification,
        scale="difference",
        unit=outcome.unit,
        estimate=outcome.factor * estimate,
        lower=None if lower is None else outcome.factor * lower,
        upper=None if upper is None else outcome.factor * upper,
        treated=outcome.factor * float(found.above[0]),
        comparison=outcome.factor * float(found.below[0]),
        p_value=p_value,
        people=people_above,
        controls=people_below,
        reason="" if lower is not None else "the interval has no end: selection changes too little at the threshold",
    )
    return Discontinuity(
        effect,
        "sharp" if sharp else "fuzzy",
        outcome.factor * float(found.plain[0] / (1 if sharp else found.plain[1])),
        h,
        b,
        selected,
        (people_below, people_above),
        scores,
        density,
        continuity,
        _problems(density, continuity),
    )


def _selection_unknown(jump: float, lower: float, upper: float) -> str:
    """Why selection at the threshold shows nothing; a jump in a share is at most all of it, whatever the estimate says."""
    low, high = (100 * max(-1.0, min(1.0, end)) for end in (lower, upper))
    if low <= 0 <= high:
        ends = f"{low:+.0f} to {high:+.0f}".replace("-", "\u2212")
        return f"whether selection changes at the threshold cannot be told (95% interval {ends} percentage points)"
    way = "falls" if jump < 0 else "rises too little"
    return f"selection {way} at the threshold (by {min(abs(100 * jump), 100):.0f} percentage points), so it cannot show what selection does"


def refusal(x: Column, h: float | None = None) -> str:
    """Why people or scores are too few (within `h` of the threshold, or anywhere), or an empty text."""
    (below, above), (scores_below, scores_above) = _within(x, h)
    where = "" if h is None else f" within {h:.3g} points"
    if min(below, above) < FEWEST:
        return f"{below} people below the threshold and {above} at or above it{where}: at least {FEWEST} of each are needed"
    if min(scores_below, scores_above) < FEWEST_SCORES:
        return (
            f"the scores are too coarse: {scores_below} different scores below the threshold and {scores_above} at or"
            f" above it{where}, and at least {FEWEST_SCORES} of each are needed to tell a bend from a jump"
        )
    return ""


def _within(x: Column, h: float | None) -> tuple[tuple[int, int], tuple[int, int]]:
    near = x if h is None else x[np.abs(x) < h]
    sides = near[near < 0], near[near >= 0]
    return (len(sides[0]), len(sides[1])), (len(np.unique(sides[0])), len(np.unique(sides[1])))


def _widened(x: Column, h: float, b: float) -> tuple[float, float]:
    """The bandwidths, wide enough for FEWEST_SCORES different scores and FEWEST people on each side."""
    sides = [np.sort(np.abs(x[side])) for side in (x < 0, x >= 0)]
    nearest = [(np.unique(one)[FEWEST_SCORES - 1], one[FEWEST - 1]) for one in sides]
    least = float(np.max(nearest)) * (1 + 1e-6) + 1e-9
    return (h, b) if h >= least else (least, max(b, least))


def _ratio(found: Jump, sharp: bool) -> tuple[float, float | None, float | None, float]:
    """The jump in the outcome, over the jump in selection when fuzzy, with its 95% interval and p value.

    Fieller: all r for which (dy - r dt)² <= z² (vyy - 2 r vyt + r² vtt); it has an end on both sides exactly when dt is
    more than z standard errors from 0. Its p value of no effect is that of the jump in the outcome alone.
    """
    from scipy.special import ndtr

    dy, dt = found.corrected
    vyy, vyt, vtt = found.covariance[0, 0], found.covariance[0, 1], found.covariance[1, 1]
    p_value = float(2 * ndtr(-abs(dy) / np.sqrt(vyy))) if vyy > 0 else 1.0
    if sharp:
        half = Z95 * float(np.sqrt(vyy))
        return float(dy), float(dy) - half, float(dy) + half, p_value
    a = dt**2 - Z95**2 * vtt
    middle, product = dy * dt - Z95**2 * vyt, dy**2 - Z95**2 * vyy
    root = middle**2 - a * product
    if a <= 0 or root < 0:
        return float(dy / dt), None, None, p_value
    half = float(np.sqrt(root))
    return float(dy / dt), float((middle - half) / a), float((middle + half) / a), p_value


def jump(x: Column, y: Matrix, h: float, b: float) -> Jump:
    """Jumps of each column of `y` at 0: local linear within `h`, less the bias that local quadratics within `b` show.

    Each side is a weighted sum of y with weights l = e0' (X'KX)^-1 X'K - (e0' (X'KX)^-1 X'K x²) e2' (Z'JZ)^-1 Z'J; the
    covariance is the sum of l² times squared residuals of the quadratic, each over 1 - its leverage (HC3).
    """
    sides = [_side(x, y, h, b, x < 0), _side(x, y, h, b, x >= 0)]
    (plain_below, below, v_below), (plain_above, above, v_above) = sides
    return Jump(plain_above - plain_below, above - below, v_above + v_below, below, above)


def _side(x: Column, y: Matrix, h: float, b: float, side: NDArray[np.bool_]) -> tuple[Column, Column, Matrix]:
    kept = side & (np.abs(x) < max(h, b))
    x, y = x[kept], y[kept]
    linear, quadratic = _solved(x, h, 1), _solved(x, b, 2)
    weights = linear[0] - (linear[0] @ x**2) * quadratic[2]
    z = _powers(x, 2)
    leverage = np.sum(z * quadratic.T, axis=1)
    residual = (y - z @ (quadratic @ y)) / np.maximum(1 - leverage, 1e-8)[:, None]
    moments = weights[:, None] * residual
    return linear[0] @ y, weights @ y, moments.T @ moments


def _powers(x: Column, degree: int) -> Matrix:
    return x[:, None] ** np.arange(degree + 1)


def _solved(x: Column, width: float, degree: int) -> Matrix:
    """(X'KX)^-1 X'K with the triangular kernel K = 1 - |x| / width: rows are coefficients, columns people."""
    kernel = np.maximum(1 - np.abs(x) / width, 0) / width
    root = np.sqrt(kernel)
    scale = width ** np.arange(degree + 1)  # in units of the bandwidth, or the powers are ill-conditioned
    inverse = np.linalg.pinv(_powers(x, degree) / scale * root[:, None])
    return (inverse * root) / scale[:, None]


def bandwidths(x: Column, y: Column) -> tuple[float, float] | None:
    """(h, b) that make the mean squared error of the jump least, and of its bias: `mserd` of Calonico, Cattaneo and
    Titiunik (2014) with regularisation. Where people share scores, as rdrobust adjusts for them: at least 10 scores a side.
    None where it cannot be worked out."""
    distinct = [np.unique(np.abs(x[side])) for side in (x < 0, x >= 0)]
    shared = any(1 - len(one) / side.sum() >= 0.2 for one, side in zip(distinct, (x < 0, x >= 0), strict=True))
    number = len(distinct[0]) + len(distinct[1])
    quartiles = np.quantile(x, [0.25, 0.75], method="averaged_inverted_cdf")
    spread = min(float(x.std(ddof=1)), float(quartiles[1] - quartiles[0]) / 1.349)
    furthest = float(np.abs(x).max())
    least = max(one[min(FEWEST_AT_SCORES, len(one)) - 1] * (1 + 1.5e-8) for one in distinct) if shared else 0.0

    def bounded(width: float) -> float:
        return max(min(width, furthest), least)

    pilot = bounded(SPREAD * spread * number ** (-0.2))
    if pilot <= 0:
        return None

    def stage(o: int, nu: int, inner: Sequence[float], regularised: bool) -> float:
        parts = [
            _terms(x, y, side, o, nu, pilot, width, regularised)
            for side, width in zip((x < 0, x >= 0), inner, strict=True)
        ]
        if any(part is None for part in parts):
            return np.nan
        (v0, b0, r0), (v1, b1, r1) = (part for part in parts if part is not None)
        bottom = (b1 - b0) ** 2 + (r0 + r1)
        return float(((v0 + v1) / bottom) ** (1 / (2 * o + 3))) if bottom > 0 else np.nan

    ranges = [float(one.max()) * (1 + 1.5e-8) for one in distinct]
    for_bias = stage(3, 3, ranges, regularised=False)
    if not np.isfinite(for_bias):
        return None
    b = stage(2, 2, [bounded(for_bias)] * 2, regularised=True)
    if not np.isfinite(b):
        return None
    b = min(b, furthest)
    h = stage(1, 0, [b] * 2, regularised=True)
    return (min(h, furthest), b) if np.isfinite(h) and h > 0 else None


def _terms(  # noqa: PLR0917  the stages differ in all of them
    x: Column, y: Column, side: NDArray[np.bool_], o: int, nu: int, pilot: float, inner: float, regularised: bool
) -> tuple[float, float, float] | None:  # fmt: skip
    """Variance, bias and regularisation terms of one side for the nu-th derivative by a fit of degree `o`, the
    bias from a fit of degree o + 1 within `inner`."""
    near, wide = side & (np.abs(x) < pilot), side & (np.abs(x) < inner)
    if len(np.unique(x[near])) < o + 1 or len(np.unique(x[wide])) < o + 2:
        return None
    solved = _solved(x[near], pilot, o)
    variance = float(np.sum((solved[nu] * _residual(x[near], y[near], solved, o)) ** 2))
    constant = float(solved[nu] @ (x[near] / pilot) ** (o + 1)) * pilot**nu
    bend = _solved(x[wide], inner, o + 1)
    again = 3 * constant**2 * float(np.sum((bend[o + 1] * _residual(x[wide], y[wide], bend, o + 1)) ** 2))
    return (
        (2 * nu + 1) * pilot ** (2 * nu + 1) * variance,
        float(np.sqrt(2 * (o + 1 - nu))) * constant * float(bend[o + 1] @ y[wide]),
        2 * (o + 1 - nu) * again if regularised else 0.0,
    )


def _residual(x: Column, y: Column, solved: Matrix, degree: int) -> Column:
    z = _powers(x, degree)
    return (y - z @ (solved @ y)) / np.maximum(1 - np.sum(z * solved.T, axis=1), 1e-8)


def _continuity(people: pl.DataFrame, x: Column, covariates: Sequence[str]) -> pl.DataFrame:
    """The jump of each covariate at the threshold, each with a bandwidth of its own; null where it cannot be told."""
    from scipy.special import ndtr

    rows = []
    for name in covariates:
        values = people[name].cast(pl.Float64)
        known = values.is_not_null().to_numpy()
        own, at = values.to_numpy()[known], x[known]
        chosen = None if refusal(at) or np.ptp(own) == 0 else bandwidths(at, own)
        row: dict[str, object] = dict.fromkeys(CONTINUITY) | {"covariate": name}
        if chosen is not None and not refusal(at, (widths := _widened(at, *chosen))[0]):
            found = jump(at, own[:, None], *widths)
            error, estimate = float(np.sqrt(found.covariance[0, 0])), float(found.corrected[0])
            if error > 0:
                row |= {
                    "estimate": estimate,
                    "lower": estimate - Z95 * error,
                    "upper": estimate + Z95 * error,
                    "p_value": float(2 * ndtr(-abs(estimate) / error)),
                }
        rows.append(row)
    return pl.DataFrame(rows, schema=CONTINUITY)


CONTINUITY = {
    "covariate": pl.String, "estimate": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "p_value": pl.Float64,
}  # fmt: skip


def _no_covariates() -> pl.DataFrame:
    return pl.DataFrame(schema=CONTINUITY)


def _problems(density: Density | None, continuity: pl.DataFrame) -> tuple[str, ...]:
    """What speaks against the comparison: people bunched on one side, or different before it."""
    found = []
    if density is None or density.p_value is None:
        found.append("it cannot be checked whether scores were moved over the threshold")
    elif density.p_value < 0.05:
        found.append("more people have scores on one side of the threshold than the other side leads one to expect")
    tested = continuity.filter(pl.col("p_value").is_not_null())
    for name in tested.filter(pl.col("p_value") < 0.05 / max(len(tested), 1))["covariate"]:
        found.append(f"people on the two sides differed already in {name}")
    return tuple(found)
