"""Partial pooling: what a small district's rate probably is, given its own people and all the districts.

A district of 12 people with 8 who reoffended is more likely to have been unlucky than to be at 67%. Its estimate is
drawn towards the whole by as much as its own evidence is weak. It always stands beside the raw figure, never instead.

Three models: `shares` (beta-binomial), `counts` (gamma-Poisson) and `estimates` (normal-normal, for figures that have an
estimate and a standard error). How far places truly differ is itself uncertain, above all with six districts: the prior's
mean and spread are averaged over a grid, weighted by how well they explain all the places, and not fixed at their best
values (which would make intervals too narrow). docs/methods/partial-pooling.md has the coverage.

Sources: Gelman and others, Bayesian Data Analysis (3rd edition, 2013), chapter 5; Efron and Morris, Stein's paradox in
statistics, Scientific American 236(5), 1977; Clayton and Kaldor, Biometrics 43(3), 1987.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.compare.control_rules import Column

GRID = 32
"""Values of the prior's spread, and of its mean, that are tried."""
NEGLIGIBLE = 1e-5
"""Priors with less than this share of the weight are left out."""
HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Pooled:
    """The places, in the order they came in, and the prior that they share.

    `places`: place, raw, estimate, lower, upper (95%), pull (0: its own figure; 1: the whole's). `mean` is the average
    place; `spread` the standard deviation of the true figures between places, with its own 95% interval
    `spread_lower`, `spread_upper`: where that reaches nearly to nothing, places may not differ at all.
    """

    places: pl.DataFrame
    mean: float
    spread: float
    spread_lower: float
    spread_upper: float


def shares(
    place: Sequence[str], count: Sequence[float], people: Sequence[float], *, clustering: float = 1.0, unit: float = 1.0
) -> Pooled:
    """Beta-binomial: count_i ~ Binomial(people_i, θ_i), θ_i ~ Beta(m k, (1 - m) k).

    Given m and k, θ_i is Beta(m k + count_i, (1 - m) k + people_i - count_i). Prior: m uniform, 1 / (1 + k) = the
    squared spread relative to m(1 - m), and its square root uniform. `clustering` as in `counts`, for pooled periods that
    a person may enter several times.
    """
    from scipy.special import betainc, betaln

    y, n = _column(count) / clustering, _column(people) / clustering
    root = (np.arange(GRID) + 0.5) / GRID  # √(1 / (1 + k)), the spread over √(m (1 - m))
    m, r = (x.ravel() for x in np.meshgrid(_means(y.sum() + 0.5, n.sum() + 1.0, len(y)), root))
    k = 1 / r**2 - 1
    a, b = m * k, (1 - m) * k
    fit = sum(betaln(a + y_i, b + n_i - y_i) - betaln(a, b) for y_i, n_i in zip(y, n, strict=True))
    weight, kept = _weights(fit, _spacing(m))
    a, b, m, r = a[kept], b[kept], m[kept], r[kept]

    def below(x: Column) -> Column:
        return (weight * betainc(a + y[:, None], b + (n - y)[:, None], x[:, None])).sum(axis=1)

    estimate = (weight * (a + y[:, None]) / (a + b + n[:, None])).sum(axis=1)
    pull = (weight * (a + b) / (a + b + n[:, None])).sum(axis=1)
    raw = np.where(n > 0, y / np.where(n > 0, n, 1), np.nan)
    prior = (weight, m, r * np.sqrt(m * (1 - m)))
    return _pooled(place, (raw, estimate, pull), below, prior, between=(0.0, 1.0), unit=unit)


def counts(
    place: Sequence[str],
    count: Sequence[float],
    exposure: Sequence[float],
    *,
    clustering: float = 1.0,
    unit: float = 1.0,
) -> Pooled:
    """Gamma-Poisson: count_i ~ Poisson(exposure_i θ_i), θ_i ~ Gamma(shape k, mean m).

    `exposure` is people, days or expected counts. Given m and k, θ_i is Gamma(k + count_i, k / m + exposure_i). Prior:
    log m uniform, and the relative spread 1 / √k uniform up to 2. `clustering` (funnel.clustering_of) is how many times
    prolific people make a count vary beyond Poisson: count and exposure are both divided by it, so that a place of 100
    reoffences by few people tells as little as it does.
    """
    from scipy.special import gammainc, gammaln

    y, e = _column(count) / clustering, _column(exposure) / clustering
    relative = 2 * (np.arange(GRID) + 0.5) / GRID
    centre = np.log((y.sum() + 0.5) / e.sum())
    width = 5 * np.sqrt(1 / (y.sum() + 0.5) + 1 / len(y))
    logs, v = (x.ravel() for x in np.meshgrid(centre + width * np.linspace(-1, 1, GRID), relative))
    m, k = np.exp(logs), 1 / v**2
    rate = k / m
    fit = sum(
        gammaln(k + y_i) - gammaln(k) + k * np.log(rate) - (k + y_i) * np.log(rate + e_i)
        for y_i, e_i in zip(y, e, strict=True)
    )
    weight, kept = _weights(fit, np.ones_like(m))
    m, k, v, rate = m[kept], k[kept], v[kept], rate[kept]

    def below(x: Column) -> Column:
        return (weight * gammainc(k + y[:, None], (rate + e[:, None]) * x[:, None])).sum(axis=1)

    estimate = (weight * (k + y[:, None]) / (rate + e[:, None])).sum(axis=1)
    pull = (weight * rate / (rate + e[:, None])).sum(axis=1)
    raw = np.where(e > 0, y / np.where(e > 0, e, 1), np.nan)
    top = 20 * float(np.nanmax(np.r_[raw, m.max()])) + 1.0
    return _pooled(place, (raw, estimate, pull), below, (weight, m, m * v), between=(0.0, top), unit=unit)


def estimates(place: Sequence[str], value: Sequence[float], error: Sequence[float]) -> Pooled:
    """Normal-normal: value_i ~ N(θ_i, error_i²), θ_i ~ N(m, t²); m flat and averaged exactly, t uniform (Gelman 2006).

    Given t, with w_i = 1 / (error_i² + t²): m ~ N(Σ w value / Σ w, 1 / Σ w), and θ_i is normal with mean
    (value_i / error_i² + m / t²) / (1 / error_i² + 1 / t²).
    """
    from scipy.special import ndtr

    y, s = _column(value), _column(error)
    t = (
        4
        * max(float(np.std(y, ddof=1)) if len(y) > 1 else 0.0, float(s.mean()))
        * (np.arange(8 * GRID) + 0.5)
        / (8 * GRID)
    )
    w = 1 / (s[:, None] ** 2 + t**2)
    v = 1 / w.sum(axis=0)
    m = v * (w * y[:, None]).sum(axis=0)
    fit = 0.5 * np.log(v) + 0.5 * np.log(w).sum(axis=0) - 0.5 * (w * (y[:, None] - m) ** 2).sum(axis=0)
    weight, kept = _weights(fit, np.ones_like(t))
    t, w, v, m = t[kept], w[:, kept], v[kept], m[kept]
    own = t**2 * w  # the weight of the place's own value; the rest is the whole's
    middle = own * y[:, None] + (1 - own) * m
    deviation = np.sqrt(own * s[:, None] ** 2 + (1 - own) ** 2 * v)

    def below(x: Column) -> Column:
        return (weight * ndtr((x[:, None] - middle) / deviation)).sum(axis=1)

    reach = 10 * float(deviation.max())
    between = (float(middle.min()) - reach, float(middle.max()) + reach)
    pull = (weight * (1 - own)).sum(axis=1)
    estimate = (weight * middle).sum(axis=1)
    return _pooled(place, (y, estimate, pull), below, (weight, m, t), between=between)


# --- within -----------------------------------------------------------------------------------------------------------


def _pooled(
    place: Sequence[str],
    numbers: tuple[Column, Column, Column],
    below: Callable[[Column], Column],
    prior: tuple[Column, Column, Column],
    *,
    between: tuple[float, float],
    unit: float = 1.0,
) -> Pooled:
    """`numbers`: raw, estimate, pull; `below`: each place's posterior distribution; `prior`: weight, mean, spread."""
    (raw, estimate, pull), (weight, mean, spread) = numbers, prior
    lower, upper = (_quantile(below, tail, len(raw), between) for tail in (0.025, 0.975))
    order = np.argsort(spread)
    reached = np.cumsum(weight[order])
    low, high = (float(spread[order][np.searchsorted(reached, tail)]) for tail in (0.025, 0.975))
    shown = {"raw": raw, "estimate": estimate, "lower": lower, "upper": upper}
    frame = pl.DataFrame(
        {"place": list(place)} | {name: column * unit for name, column in shown.items()} | {"pull": pull}
    ).with_columns(pl.col("raw").fill_nan(None))
    middle, typical = float((weight * mean).sum()), float((weight * spread).sum())
    return Pooled(frame, middle * unit, typical * unit, low * unit, high * unit)


def _quantile(below: Callable[[Column], Column], tail: float, places: int, between: tuple[float, float]) -> Column:
    """Where each place's mixture of posteriors reaches this probability, by halving."""
    low, high = np.full(places, between[0]), np.full(places, between[1])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        over = below(middle) >= tail
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return (low + high) / 2


def _weights(fit: Column, spacing: Column) -> tuple[Column, np.ndarray]:
    """Normalised weights of the priors tried, and which are kept."""
    weight = np.exp(fit - fit.max()) * spacing
    weight /= weight.sum()
    kept = weight > NEGLIGIBLE
    return weight[kept] / weight[kept].sum(), kept


def _means(count: float, people: float, places: int) -> Column:
    """Means to try for a share: wide enough for what few places leave open, evenly spaced on the logit scale."""
    share = count / people
    logit = np.log(share / (1 - share))
    width = 5 * np.sqrt(1 / (people * share * (1 - share)) + 1 / places)
    return 1 / (1 + np.exp(-(logit + width * np.linspace(-1, 1, GRID))))


def _spacing(m: Column) -> Column:
    """A uniform prior on m, tried at points even on the logit scale: dm = m (1 - m) d logit."""
    return m * (1 - m)


def _column(values: Sequence[float]) -> Column:
    return np.asarray(values, dtype=float)
