"""Every estimate here is a weighted sum: treated outcomes less controls' outcomes, each with its own weight.

Given who was treated and their covariates, matching, weighting and the regression that corrects what imbalance is left
all give an estimate  sum v_i y_i - sum omega_c y_c  whose weights do not look at the outcomes. So

- the comparison's figure is sum omega_c y_c, omega being the match weights plus the regression's correction;
- its variance is sum v_i² (r_i - effect)² + sum omega_c² e_c², summed within people first, r and e the residuals from
  the outcome expected of such a person. A control used often weighs often; one prolific person counts as one.
- the score having been estimated changes nothing in it: the weights are given. What the estimated score leaves in
  the means is taken out by the regression (Abadie and Imbens 2011, J. Business and Economic Statistics 29).

Residuals of controls are made up for h, how far each draws the regression to itself: e / sqrt(1 - h), unbiased where
people vary alike (MacKinnon and White's HC2, 1985), for shares and days; e / (1 - h) (their HC3) for counts, whose
spread grows with their mean. HC3 for all gave errors 3 to 7% too large for shares at 60 treated; HC2 for all held 92 to
94% for counts. See docs/methods/matched-comparison.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
LARGEST_LEVERAGE = 0.9


@dataclass(frozen=True, slots=True)
class Groups:
    """The two groups as analysed. Rows with no weight are left out before.

    `treated`, `controls`: their rows in the frame. `v`, `w`: their weights, each summing to 1. `x_treated`,
    `x_controls`: the covariates of the regression, no intercept, or no columns for none. `u`: the controls' weights in
    the regression. `ridge`: its penalty, in units of sum u.
    """

    treated: NDArray[np.int64]
    controls: NDArray[np.int64]
    v: Numbers
    w: Numbers
    x_treated: Numbers
    x_controls: Numbers
    u: Numbers
    ridge: float


@dataclass(frozen=True, slots=True)
class Form:
    """The linear form of a set of groups; apply it to any outcome by `expected`.

    `omega`: the controls' effective weights, summing to 1 (some may be negative). `leverage`: how far each control
    draws the regression to itself.
    """

    groups: Groups
    omega: Numbers
    leverage: Numbers
    centre: Numbers
    slope: Numbers
    """(columns x columns) inverse of the penalised sum of squares: b = slope @ X'U(y - mean)."""

    def expected(self, y_controls: Numbers) -> tuple[Numbers, Numbers]:
        """What outcome is expected of each treated and each control, from the controls' outcomes."""
        g = self.groups
        u = g.u / g.u.sum()
        mean = float(u @ y_controls)
        if not g.x_controls.shape[1]:
            return np.full(len(g.treated), mean), np.full(len(g.controls), mean)
        # u (y - mean) sums to 0, so the covariates need not be centred first.
        beta = self.slope @ ((u * (y_controls - mean)) @ g.x_controls)
        level = mean - float(self.centre @ beta)
        return level + g.x_treated @ beta, level + g.x_controls @ beta

    def imbalance(self) -> float:
        """The largest difference of means that the effective weights leave, in the columns' own standard deviations."""
        g = self.groups
        if not g.x_controls.shape[1]:
            return 0.0
        spread = np.sqrt((g.x_treated.var(axis=0) + g.x_controls.var(axis=0)) / 2)
        gap = np.abs(g.v @ g.x_treated - self.omega @ g.x_controls)
        return float(np.max(gap[spread > 1e-9] / spread[spread > 1e-9], initial=0.0))

    def left(self, y_controls: Numbers, expected: Numbers, *, uneven: bool = False) -> Numbers:
        """The controls' residuals, made up for how far each draws the regression to itself; `uneven` for counts."""
        free = 1 - np.minimum(self.leverage, LARGEST_LEVERAGE)
        return (y_controls - expected) / (free if uneven else np.sqrt(free))


def form(groups: Groups) -> Form:
    """Work out the weights once for all outcomes."""
    u = groups.u / groups.u.sum()
    x = groups.x_controls
    columns = x.shape[1]
    centre = u @ x if columns else np.zeros(0)
    if not columns:
        return Form(groups, groups.w, u.copy(), centre, np.zeros((0, 0)))
    weighted = x * np.sqrt(u)[:, None]
    gram = weighted.T @ weighted - np.outer(centre, centre) + np.eye(columns) * max(groups.ridge, 1e-10)
    slope = np.linalg.inv(gram)
    gap = groups.v @ groups.x_treated - groups.w @ x
    omega = groups.w + u * (x @ (slope @ gap) - centre @ slope @ gap)
    root = np.linalg.cholesky(slope)
    turned = x @ root - centre @ root
    leverage = u * (1 + np.einsum("ij,ij->i", turned, turned))
    return Form(groups, omega, leverage, centre, slope)
