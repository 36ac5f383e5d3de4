"""A ratio of sums: reoffences per 100 people, per reoffender, per year at liberty.

A few very prolific people make much of the numerator, so counts vary far more than Poisson's and their distribution
leans far to the right. The interval is Hall's (1992) transformation of Student's t, corrected for skewness; see
docs/methods/intervals.md for what else was tried, and `iom calibrate --only counts` for how often it holds the truth.

Falls short: where one person in 100 commits 40 offences it holds 89% at 30 people and 83% at 100; where three do, 76%
at 30 and 94% at 100: most such groups hold none of them. A long lognormal tail costs up to two points (93% at 30 and
100). At 1,000 people 93.6 to 95.9%.
"""

from collections.abc import Mapping

import numpy as np

from metrics.kinds.shared import Column, Result, divided, residual_moments, t95

LEAST_SKEW = 2.0
"""A sample often misses the most prolific: skewness is taken to be at least that of an exponential distribution."""
MOST_SKEW = 0.9
"""... and at most this times sqrt(people) / t: beyond it the transformation turns, and one person decides all."""
WEAK_SHAPE = 1.0
"""Where people show no spread (none reoffended, all alike, or one person): negative binomial with this shape (geometric)."""
FEWEST = 5
"""With fewer people than this, spread is not estimated and the weak shape is used."""


def compute(cells: Mapping[str, Column]) -> Result:
    """Value X / D with its 95% interval. No interval where second moments are unknown."""
    top, bottom, people = cells["sx"], cells["sd"], cells["n"]
    value = divided(top, bottom)
    squared, cubed = residual_moments(cells, value)
    lower, upper = skew_corrected(value, people, divided(bottom, people), squared, cubed)
    plain = (squared <= 0) | (people < FEWEST)
    to_ratio = divided(people, bottom)[plain]
    unknown = ~np.isfinite(cells["sxx"])
    weak_lower, weak_upper = weak(top[plain], people[plain])
    lower[plain], upper[plain] = weak_lower * to_ratio, weak_upper * to_ratio
    return Result(value, np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper), top, bottom)


def skew_corrected(
    value: Column, people: Column, mean_bottom: Column, squared: Column, cubed: Column
) -> tuple[Column, Column]:
    """Hall's interval for a ratio, clustered by person.

    With residuals z = x - value d, s² = sum z² / (n-1), g = (sum z³ / n) / (sum z² / n)^1.5 bounded to
    [2, 0.9 sqrt n / t], a = g / sqrt n, standard error e = s / (sqrt n mean d), and h(t) = 3/a (cbrt(1 + a (t - a/6)) - 1):
    the interval runs from value - e h(t) to value - e h(-t), t the 97.5% point of Student's t on n - 1.
    """
    n = np.where(people > 1, people, np.nan)
    spread = np.where(squared > 0, squared, np.nan)
    error = np.sqrt(spread / (n - 1) / n) / mean_bottom
    skew = (cubed / n) / (spread / n) ** 1.5
    t = t95(people)
    a = np.minimum(np.maximum(skew, LEAST_SKEW) / np.sqrt(n), MOST_SKEW / t)

    def corrected(t: Column) -> Column:
        return 3 / a * (np.cbrt(1 + a * (t - a / 6)) - 1)

    return np.maximum(value - error * corrected(t), 0), value - error * corrected(-t)


def weak(top: Column, people: Column) -> tuple[Column, Column]:
    """Exact 95% limits of the mean for a total over people, each negative binomial with shape k = 1.

    P(total <= T) = I_q(n k, T + 1) with q = k / (k + mean). With none at all in n people the upper limit is
    k (0.025^(-1/(n k)) - 1): just above the Poisson's 3.69 / n, as the rule of three has it.
    """
    from scipy.special import betaincinv

    total = np.where(np.isfinite(top), np.maximum(top, 0), 0)
    size = WEAK_SHAPE * np.maximum(people, 1)
    highest = betaincinv(size, total + 1, 0.025)
    lowest = betaincinv(size, np.maximum(total, 1e-9), 0.975)
    lower = np.where(total > 0, WEAK_SHAPE * (1 - lowest) / lowest, 0.0)
    return lower, WEAK_SHAPE * (1 - highest) / highest
