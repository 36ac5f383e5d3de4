"""Local recalibration of a national prediction: the same order of people, at the level and spread seen here before.

Logistic recalibration (Cox 1958; Steyerberg, Clinical Prediction Models, 2nd ed. 2019, chapter 20): with L = logit of
the prediction, P(reoffended) = 1 / (1 + exp(-(intercept + slope L))), fitted by maximum likelihood to earlier cohorts.
Intercept 0 and slope 1 say that the national prediction holds here as it stands; slope below 1 that it is too extreme.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
FEWEST_EVENTS = 50
"""With fewer people who did, or who did not, nothing is fitted: the national prediction stands alone."""
STEPS = 50


@dataclass(frozen=True, slots=True)
class Recalibration:
    """The intercept and slope fitted, with their standard errors (not clustered: entries taken as different people)."""

    intercept: float
    slope: float
    intercept_error: float
    slope_error: float

    def of(self, probability: Numbers) -> Numbers:
        """The recalibrated probability of each prediction."""
        return 1 / (1 + np.exp(-(self.intercept + self.slope * logit(probability))))


def logit(probability: Numbers) -> Numbers:
    """ln(p / (1 - p)), with p kept off 0 and 1 by a millionth."""
    kept = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.log(kept / (1 - kept))


def fit(happened: NDArray[np.bool_], probability: Numbers) -> Recalibration | None:
    """Fit to people whose outcome is known; None where too few did or did not, or where no maximum is found."""
    events = int(happened.sum())
    if min(events, len(happened) - events) < FEWEST_EVENTS:
        return None
    design = np.column_stack([np.ones(len(probability)), logit(probability)])
    at = np.array([0.0, 1.0])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(np.clip(-design @ at, -700, 700)))
        information = (design * (p * (1 - p))[:, None]).T @ design
        # predictions that do not differ tell nothing of a slope
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e12:
            return None
        step = np.linalg.solve(information, design.T @ (happened - p))
        at = at + step
        if np.abs(step).max() < 1e-9:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            return Recalibration(float(at[0]), float(at[1]), float(errors[0]), float(errors[1]))
    return None


def brier(happened: NDArray[np.bool_], probability: Numbers) -> float:
    """Mean squared distance of prediction from outcome: 0 is perfect, and p (1 - p) is no better than the rate p."""
    return float(np.mean((probability - happened) ** 2))


def auc(happened: NDArray[np.bool_], probability: Numbers) -> float:
    """How often somebody who reoffended had been given more than somebody who did not (ties count half): 0.5 is chance.

    The area under the ROC curve as Mann and Whitney's statistic. NaN where all or nobody reoffended.
    """
    events = int(happened.sum())
    others = len(happened) - events
    if not events or not others:
        return float("nan")
    _, place, count = np.unique(probability, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((rank[happened].sum() - events * (events + 1) / 2) / (events * others))
