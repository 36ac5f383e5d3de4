"""Funnel plots: does a place differ from the whole by more than chance and the usual differences between places?

Limits at 95% and 99.8% around a target (by default what all places together have), narrowing as a place grows: exact
binomial limits for shares, exact Poisson ones for observed against expected and for rates, widened for overdispersion.
Places come back in the order they came in: a funnel plot is read, never ranked.

Source: Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24, 2005 (limits:
appendix A.1; overdispersion: section 5); and Handling over-dispersion of performance indicators, Quality and Safety in
Health Care 14, 2005. docs/methods/funnel-plots.md says what is chosen and how often the limits hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from metrics.compare.control_rules import Column
from metrics.kinds.shared import Z95

Kind = Literal["proportion", "ratio", "rate"]
Spread = Literal["multiplicative", "additive", "none"]

TAILS = {"lower_998": 0.001, "lower_95": 0.025, "upper_95": 0.975, "upper_998": 0.999}
WINSORISED = 0.1
"""The share of places at each end whose z-scores are drawn in before dispersion is measured."""
KEPT = 0.6786546
"""The mean of z² once a normal z is drawn in at its 10th and 90th percentiles: 0.8 - 2 c n(c) + 0.2 c², c = 1.2816."""
FEWEST_PLACES = 3
"""Dispersion between fewer places than this is not measured."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """All that is drawn and said of one funnel plot.

    `places`: place, observed, denominator, value, z, the four limits and `band`: `inside`, `above_95`, `above_998`,
    `below_95`, `below_998`; null where the place has no denominator. `curves`: the limits over a range of denominators,
    for the lines. `phi` is the measured dispersion (1 is chance), `tau` the spread between places on the transformed
    scale when the limits are widened by adding. `widened`: what was done, `multiplicative`, `additive` or `none`;
    `notes` are codes: `few_places` (dispersion cannot be measured), `no_more_than_chance` (it was, and is not beyond
    chance), `few_places_for_dispersion` (under ten places: it was measured, roughly), `clustered` (limits widened
    for prolific people too).
    """

    kind: Kind
    target: float
    unit: float
    places: pl.DataFrame
    curves: pl.DataFrame
    phi: float
    tau: float
    clustering: float
    widened: Spread
    notes: tuple[str, ...]


def funnel(
    kind: Kind,
    place: Sequence[str],
    observed: Sequence[float | None],
    denominator: Sequence[float | None],
    *,
    target: float | None = None,
    spread: Spread = "multiplicative",
    clustering: float = 1.0,
    unit: float = 1.0,
    points: int = 60,
) -> Funnel:
    """A funnel of places: `proportion` (people who reoffended, people), `ratio` (observed, expected) or `rate` (a count,
    people or days).

    Widened limits hold 94 to 98% of places (for 95%) where they truly vary by six points, at 6 to 40 places; around the
    average of six places on target 98%: with few places they are cautious.

    `target` is in the ratio's own terms (0.42, not 42%); `unit` turns values and limits into the unit shown (100 for
    %). `clustering` is how many times the variance within a place exceeds chance because people are prolific or enter
    repeatedly (see `clustering_of`): it widens all limits and is no evidence that places differ.
    """
    top, bottom = _numbers(observed), _numbers(denominator)
    known = np.isfinite(top) & (bottom > 0)
    whole = float(top[known].sum() / bottom[known].sum()) if known.any() else float("nan")
    aim = whole if target is None else float(target)
    z = z_scores(kind, top, bottom, aim) / np.sqrt(clustering)
    phi, tau, done, notes = _spread(spread, z[known], bottom[known] / clustering, kind)
    factor = phi if done == "multiplicative" else 1.0
    if clustering > 1:
        notes.append("clustered")
    at_places = limits(kind, bottom, aim, phi=factor, tau=tau, clustering=clustering)
    value = np.where(known, top / np.where(known, bottom, 1), np.nan)
    places = pl.DataFrame(
        {"place": list(place), "observed": top, "denominator": bottom, "value": value * unit, "z": z}
        | {name: np.where(known, line * unit, np.nan) for name, line in at_places.items()}
    ).with_columns(pl.Series("band", _bands(value, at_places, known), dtype=pl.String))
    grid = _grid(bottom[known], points)
    lines = limits(kind, grid, aim, phi=factor, tau=tau, clustering=clustering)
    curves = pl.DataFrame({"denominator": grid} | {name: line * unit for name, line in lines.items()})
    return Funnel(
        kind, aim * unit, unit, places.with_columns(pl.col(pl.Float64).fill_nan(None)), curves, phi, tau, clustering,
        done, tuple(notes),
    )  # fmt: skip


# --- limits -----------------------------------------------------------------------------------------------------------


def limits(
    kind: Kind, denominator: Column, target: float, *, phi: float = 1.0, tau: float = 0.0, clustering: float = 1.0
) -> dict[str, Column]:
    """The four limits at each denominator: exact, then drawn out on the scale where the variance is constant.

    With g the transformation (arcsine of the square root for shares, square root otherwise) and s its standard error,
    limit = g⁻¹(g(target) + f (g(exact) - g(target))), f = √(phi clustering), or √(clustering + tau²/s²) when spread is
    added. Without spread the limits are the exact ones; for large places they are Spiegelhalter's target ± z s √phi.
    """
    size = np.where(denominator > 0, denominator, np.nan)
    centre = _transform(kind, np.asarray(target, dtype=float))
    factor = np.sqrt(phi * clustering + (tau / _error(kind, size)) ** 2)
    found = {}
    for name, tail in TAILS.items():
        reach = _transform(kind, exact_limit(kind, size, target, tail)) - centre
        found[name] = _back(kind, centre + factor * reach)
    return found


def exact_limit(kind: Kind, denominator: Column, target: float, tail: float) -> Column:
    """The value below which a place on target lies with this probability (Spiegelhalter 2005, appendix A.1.1).

    Counts are whole, so it is interpolated: with r the smallest count with F(r) >= tail,
    limit = (r - (F(r) - tail) / (F(r) - F(r-1))) / denominator. F is binomial for a share, Poisson otherwise.
    """
    from scipy.special import betainc, gammaincc  # lazily: they cost a page nothing until used

    size = np.where(denominator > 0, denominator, np.nan)
    mean = size * target
    if not np.isfinite(target) or target <= 0 or (kind == "proportion" and target >= 1):
        return np.full(len(size), target)  # nobody or everybody: chance adds nothing
    people = np.round(size)

    def chance(count: Column) -> Column:
        whole = np.maximum(count, 0)
        if kind == "proportion":
            found = np.where(whole < people, betainc(np.maximum(people - whole, 1), whole + 1, 1 - target), 1.0)
        else:
            found = gammaincc(whole + 1, mean)
        return np.where(count < 0, 0.0, found)

    low = np.full(len(size), -1.0)
    high: Column = people.astype(np.float64) if kind == "proportion" else np.ceil(mean + 12 * np.sqrt(mean) + 30)
    while np.nanmax(high - low, initial=0) > 1:  # the smallest count whose chance reaches the tail, by halving
        middle = np.floor((low + high) / 2)
        reached = chance(middle) >= tail
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    at, below = chance(high), chance(high - 1)
    return np.maximum(high - (at - tail) / np.where(at > below, at - below, 1), 0.0) / size


# --- dispersion -------------------------------------------------------------------------------------------------------


def z_scores(kind: Kind, observed: Column, denominator: Column, target: float) -> Column:
    """How many standard errors each place is from the target, where the variance is constant: (g(value) - g(target)) / s."""
    size = np.where(denominator > 0, denominator, np.nan)
    gap = _transform(kind, observed / size) - _transform(kind, np.asarray(target, dtype=float))
    return gap / _error(kind, size)


def winsorised(z: Column, share: float = WINSORISED) -> Column:
    """The z-scores with those beyond the 10th and the 90th percentile drawn in to them, so that a few outlying places do
    not widen the limits that should show them."""
    return np.clip(z, np.quantile(z, share), np.quantile(z, 1 - share)) if len(z) else z


def dispersion(z: Column) -> float:
    """phi = Σ z² / places of winsorised z-scores, over 0.679, so that it is 1 when places differ by chance alone.

    Spiegelhalter leaves the last step out: his limits then hold 89% of places, not 95%, where places truly vary.
    """
    return float(np.mean(winsorised(z) ** 2)) / KEPT if len(z) else float("nan")


def between_places(z: Column, error: Column) -> float:
    """tau, the spread of places around the target beyond chance, by moments (DerSimonian and Laird 1986):

    tau² = (I phi - (I - 1)) / (Σ w - Σ w² / Σ w), w = 1 / s², never below 0.
    """
    weight = 1 / error**2
    room = weight.sum() - (weight**2).sum() / weight.sum()
    return float(np.sqrt(max((len(z) * dispersion(z) - (len(z) - 1)) / room, 0.0))) if room > 0 else 0.0


def clustering_of(
    kind: Kind,
    value: Sequence[float | None],
    lower: Sequence[float | None],
    upper: Sequence[float | None],
    denominator: Sequence[float | None],
) -> float:
    """How many times the variance within places exceeds chance, from the figures' own 95% intervals (never below 1).

    Prolific people and people who enter again make it: 1 for a share of one quarter, 5 to 20 for reoffences in a year, more
    over pooled years. Values and limits per unit of the denominator d (2.1 a person, not 210 per 100).
    For counts Σ variance_i d_i² / Σ value_i d_i, with variance_i = ((upper - lower) / 3.92)². For shares Σ d / Σ n, n the
    people that the width of Wilson's interval stands for: with h half the width and z = 1.96 the larger root of
    h² n² + (2 h² - p(1 - p)) z² n + (h² - 1/4) z⁴ = 0.
    """
    v, low, high, d = (_numbers(x) for x in (value, lower, upper, denominator))
    known = np.isfinite(v) & np.isfinite(low) & np.isfinite(high) & (d > 0)
    v, half, d = v[known], (high - low)[known] / 2, d[known]
    if kind != "proportion":
        chance = (v * d).sum()
        return max(float(((half / Z95 * d) ** 2).sum() / chance), 1.0) if chance > 0 else 1.0
    told = half > 0
    square, middle = half[told] ** 2, (2 * half[told] ** 2 - (v * (1 - v))[told]) * Z95**2
    root = np.sqrt(np.maximum(middle**2 - 4 * square * (square - 0.25) * Z95**4, 0))
    people = ((root - middle) / (2 * square)).sum()
    return max(float(d[told].sum() / people), 1.0) if people > 0 else 1.0


def _spread(asked: Spread, z: Column, size: Column, kind: Kind) -> tuple[float, float, Spread, list[str]]:
    """phi, tau, what to do and why. Widened only where dispersion is beyond chance: phi > 1 + 2 √(2 / places)."""
    phi = dispersion(z) if len(z) else 1.0
    if asked == "none":
        return phi, 0.0, "none", []
    if len(z) < FEWEST_PLACES:
        return phi, 0.0, "none", ["few_places"]
    notes = ["few_places_for_dispersion"] if len(z) < 10 else []
    if asked == "additive":
        tau = between_places(z, _error(kind, size))
        return phi, tau, "additive" if tau > 0 else "none", notes if tau > 0 else [*notes, "no_more_than_chance"]
    if phi <= 1:
        return phi, 0.0, "none", [*notes, "no_more_than_chance"]
    return phi, 0.0, "multiplicative", notes


# --- within -----------------------------------------------------------------------------------------------------------


def _transform(kind: Kind, value: Column) -> Column:
    return np.arcsin(np.sqrt(np.clip(value, 0, 1))) if kind == "proportion" else np.sqrt(np.maximum(value, 0))


def _back(kind: Kind, angle: Column) -> Column:
    low = np.maximum(angle, 0)
    return np.sin(np.minimum(low, np.pi / 2)) ** 2 if kind == "proportion" else low**2


def _error(kind: Kind, size: Column) -> Column:
    """The standard error of the transformed value: 1 / (2 √n), whatever the value."""
    return 1 / (2 * np.sqrt(size))


def _bands(value: Column, at: dict[str, Column], known: np.ndarray) -> list[str | None]:
    with np.errstate(invalid="ignore"):
        chosen = np.select(
            [value > at["upper_998"], value < at["lower_998"], value > at["upper_95"], value < at["lower_95"]],
            ["above_998", "below_998", "above_95", "below_95"],
            "inside",
        )
    return [str(name) if there else None for name, there in zip(chosen, known, strict=True)]


def _grid(size: Column, points: int) -> Column:
    """Denominators to draw the limits at: closer together where the limits bend."""
    if not len(size):
        return np.zeros(0)
    return np.linspace(np.sqrt(0.5 * size.min()), np.sqrt(1.1 * size.max()), points) ** 2


def _numbers(values: Sequence[float | None]) -> Column:
    return np.array([np.nan if v is None else v for v in values], dtype=float)
