"""The people of one block: who they are, where they live, and how much they would offend if left alone.

Most come once or twice to the police's notice. About a third have a career: a spell of years between
onset and desistance, on and off, at a yearly rate drawn from a lognormal. The two together give the heavy
tail that every study of offending finds.
"""

from dataclasses import dataclass

import numpy as np

from etl.synthetic.calendar import CUTOFF, FAR, START, WARM_UP
from etl.synthetic.chance import pick, stream
from etl.synthetic.places import HOME_SHARE

YEAR = 365.25
CAREER_SHARE = 0.27
CAREER_MEDIAN_RATE = 1.55
CAREER_SIGMA = 1.07
CAREER_MOST = 30.0
ONCE_RATE = 0.05
"""Incidents a year for somebody without a career, beside the one that brought them to notice."""

ETHNICITIES = ("white", "asian", "black", "mixed", "other", "not_known")
_ETHNIC_SHARE = np.array([0.79, 0.08, 0.035, 0.03, 0.015, 0.05])


@dataclass
class People:
    """One array an attribute, one element a person. Days count from 1970-01-01."""

    female: np.ndarray
    ethnicity: np.ndarray
    born: np.ndarray
    died: np.ndarray
    career: np.ndarray
    rate: np.ndarray
    onset: np.ndarray
    desists: np.ndarray
    once: np.ndarray
    kind: np.ndarray
    drugs: np.ndarray
    home: np.ndarray
    moves: np.ndarray
    second_home: np.ndarray
    earlier: np.ndarray
    first_sanction: np.ndarray
    needs: np.ndarray

    def __len__(self) -> int:
        return len(self.born)

    def home_on(self, day: np.ndarray | int) -> np.ndarray:
        """The home district on a day (never a prison's)."""
        return np.where(day < self.moves, self.home, self.second_home)

    def age_on(self, day: np.ndarray | int) -> np.ndarray:
        """Age in years, near enough for a rate."""
        return (day - self.born) / YEAR


def _careers(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Onset and desistance of careers that touch the simulated years, as a steady state would have them."""
    onset = rng.uniform(WARM_UP - 25 * YEAR, CUTOFF - 120, size * 6)
    length = rng.gamma(1.3, 6.0 * YEAR, size * 6)
    touching = np.flatnonzero(onset + length > START + 90)[:size]
    return onset[touching].astype(np.int64), (onset + length)[touching].astype(np.int64)


def draw_people(seed: int, block: int, size: int) -> People:
    """The people of a block: the same for a seed, block number and size, whatever else is drawn."""
    rng = stream(seed, block, "people")
    career = rng.random(size) < CAREER_SHARE
    female = rng.random(size) < np.where(career, 0.16, 0.24)
    onset, desists = _careers(rng, size)
    once = rng.integers(WARM_UP + 400, CUTOFF - 30, size)
    onset = np.where(career, onset, once - 200)
    desists = np.where(career, desists, once + (4 * YEAR * rng.random(size)).astype(np.int64))
    # A career starts young; a single appearance may come at any age.
    age_at_onset = np.where(career, 10.5 + rng.gamma(2.2, 3.4, size), 12 + rng.gamma(2.0, 10.5, size))
    born = onset - (np.minimum(age_at_onset, 70) * YEAR).astype(np.int64)
    rate = CAREER_MEDIAN_RATE * np.exp(CAREER_SIGMA * rng.standard_normal(size))
    rate = np.where(career, np.minimum(rate, CAREER_MOST), ONCE_RATE) * np.where(female, 0.85, 1.0)
    kind = pick(rng.random(size), np.array([0.42, 0.28, 0.30]))
    drugs = rng.random(size) < np.where(kind == 0, 0.55, 0.22) * np.where(career, 1.2, 0.5)
    home = pick(rng.random(size), HOME_SHARE)
    moves = np.where(rng.random(size) < 0.22, rng.integers(START, CUTOFF, size), FAR)
    second_home = pick(rng.random(size), HOME_SHARE)
    before = np.clip(WARM_UP - onset, 0, None) / YEAR
    earlier = np.where(career, rng.poisson(0.55 * rate * before), 0)
    first = onset + (rng.random(size) * 0.4 * np.clip(WARM_UP - onset, 1, None)).astype(np.int64)
    first_sanction = np.where(earlier > 0, first, FAR)
    died = np.where(rng.random(size) < 0.012, rng.integers(START, CUTOFF + 3000, size), FAR)
    died = np.where(died > CUTOFF, FAR, died)
    base = np.array([0.5, 0.40, 0.48, 0.32, 0.30, 0.40, 0.28, 0.50, 0.0])
    needs = np.clip(base + 0.28 * rng.standard_normal((size, 9)) + 0.12 * career[:, None], 0, 1)
    needs[:, 4] = np.where(drugs, np.maximum(needs[:, 4], 0.75), needs[:, 4] * 0.6)
    needs[:, 8] = np.where(female, 0.35 + 0.6 * rng.random(size), 0.0)
    ethnicity = pick(rng.random(size), _ETHNIC_SHARE)
    return People(
        female, ethnicity, born, died, career, rate, onset, desists, once, kind, drugs,
        home, moves, second_home, earlier, first_sanction, needs,
    )  # fmt: skip
