"""Weights in place of matches, and where the two sides overlap.

With e the score: overlap weights are 1 - e for the treated and e for the others (Li, Morgan and Zaslavsky 2018, JASA
113): they answer for the people who might have gone either way, and balance every covariate of a logistic score exactly
(but for its ridge). ATT weights are 1 for the treated and e / (1 - e) for the others: they answer for the people treated.
Common support is the range of scores that both sides reach.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
BINS = 20


def overlap_weights(probability: Numbers, treated: NDArray[np.bool_]) -> Numbers:
    """1 - e for the treated, e for the others: between 0 and 1, so nobody can outweigh many."""
    return np.where(treated, 1 - probability, probability)


def att_weights(logit: Numbers, treated: NDArray[np.bool_]) -> Numbers:
    """1 for the treated, the odds e / (1 - e) = exp(logit) for the others."""
    return np.where(treated, 1.0, np.exp(np.clip(logit, -700, 30)))


def on_support(logit: Numbers, treated: NDArray[np.bool_], width: float = 0.0) -> NDArray[np.bool_]:
    """Which of the treated are no further than `width` beyond the scores that controls reach."""
    controls = logit[~treated]
    inside = logit[treated]
    return (inside >= controls.min() - width) & (inside <= controls.max() + width)


def effective(weights: Numbers) -> float:
    """How many equally weighted people would tell as much: (sum w)² / sum w² (Kish)."""
    squared = float(weights @ weights)
    return float(weights.sum()) ** 2 / squared if squared > 0 else 0.0


def histogram(logit: Numbers, treated: NDArray[np.bool_], weights: Numbers, bins: int = BINS) -> pl.DataFrame:
    """People by score on both sides: bin, lower, upper (probability), treated, pool, and matched (controls' weight).

    Bins are equal steps of the logit over the range of the treated; what the pool has below or above falls in an end
    bin. `matched` is scaled to the number of treated with weight, so that the two can be laid over each other.
    """
    low, high = logit[treated].min(), logit[treated].max()
    edges = np.linspace(low, high, bins + 1) if high > low else np.array([low - 0.5, low + 0.5])
    place = np.clip(np.searchsorted(edges, logit, side="right") - 1, 0, len(edges) - 2)
    size = len(edges) - 1
    weight = np.where(treated, 0.0, weights)
    scale = (weights[treated] > 0).sum() / weight.sum() if weight.sum() > 0 else 0.0
    chance = 1 / (1 + np.exp(-edges))
    return pl.DataFrame(
        {
            "bin": np.arange(size, dtype=np.int64),
            "lower": np.r_[0.0, chance[1:-1]],
            "upper": np.r_[chance[1:-1], 1.0],
            "treated": np.bincount(place[treated], minlength=size).astype(np.int64),
            "pool": np.bincount(place[~treated], minlength=size).astype(np.int64),
            "matched": np.bincount(place, weight * scale, minlength=size),
        }
    )
