"""Streams of random numbers: each belongs to a seed, a block and a named purpose, and to nothing else."""

import zlib

import numpy as np


def stream(seed: int, block: int, purpose: str) -> np.random.Generator:
    """A generator that gives the same numbers whenever it is asked for, whatever else has been drawn."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block, zlib.crc32(purpose.encode())])))


def pick(chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The column chosen in each row by a uniform number; weights are by row or one list for all.

    A row whose weights are all nothing gives -1.
    """
    if weights.ndim == 1:
        share = np.cumsum(weights) / np.sum(weights)
        return np.minimum(np.searchsorted(share, chance, side="right"), len(weights) - 1)
    running = np.cumsum(weights, axis=1)
    total = running[:, -1]
    chosen = (running <= (chance * total)[:, None]).sum(axis=1)
    return np.where(total > 0, np.minimum(chosen, weights.shape[1] - 1), -1)
