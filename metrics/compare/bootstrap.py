"""A bootstrap that is valid for matching: resample what people add, never the matching.

Drawing people anew and matching again is invalid for nearest neighbours with replacement, however many are drawn, because
the copies of one person match each other (Abadie and Imbens 2008, Econometrica 76). Otsu and Rai (2017, JASA 112)
keep the matched sets and give each person's term of the linear form a random weight. Here the weights are Mammen's
(1993), of mean 0, variance 1 and third moment 1, one a person, so that a prolific person who is in several sets
moves as one and the lean of the counts is kept.
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_ROOT = float(np.sqrt(5.0))
CELLS = 4_000_000
"""Random weights drawn at a time, so that memory stays flat."""


def draws(terms: Numbers, replicates: int, rng: np.random.Generator) -> Numbers:
    """`terms`: (people, figures). Returns (replicates, figures): each figure's chance deviation, replicate by replicate."""
    low, high, share = (1 - _ROOT) / 2, (1 + _ROOT) / 2, (_ROOT + 1) / (2 * _ROOT)
    some = terms[(terms != 0).any(axis=1)].astype(np.float32)
    size = max(1, CELLS // max(len(some), 1))
    found = np.zeros((replicates, terms.shape[1]))
    for first in range(0, replicates, size):
        number = min(size, replicates - first)
        chance = rng.random((number, len(some)), dtype=np.float32)
        weights = np.where(chance < np.float32(share), np.float32(low), np.float32(high))
        found[first : first + number] = weights @ some
    return found


def ends(difference: float, deviations: Numbers, level: float = 0.95) -> tuple[float, float]:
    """The percentile interval: the difference plus the tails of its deviations."""
    below, above = np.quantile(deviations, [(1 - level) / 2, (1 + level) / 2])
    return difference + float(below), difference + float(above)
