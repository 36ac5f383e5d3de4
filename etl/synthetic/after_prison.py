"""What is written down after prison and after a programme: money, homes and work, and whether the goal was reached."""

import datetime as dt

import numpy as np
import polars as pl

from etl.contracts.terms import PATHWAYS
from etl.synthetic.calendar import day
from etl.synthetic.chance import stream
from etl.synthetic.places import FENLAND
from etl.synthetic.referrals import COMPLETED, PATHWAY
from etl.synthetic.simulation import Block

CLAIMS_IN_PRISON = day(dt.date(2019, 4, 1))
"""From here benefit claims are begun in the prison at Peterborough before release."""
HOMES = PATHWAYS.index("accommodation")


def claimed_in_prison(
    block: Block, out: pl.DataFrame, left: np.ndarray, claimed: np.ndarray, paid: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Some begin their claim in prison, most of all at Peterborough since 2019, and are paid within days of release."""
    rng = stream(block.seed, block.number, "claims in prison")
    size = out.height
    there = out["prison"].str.starts_with("HMP Peterborough").to_numpy() & (left >= CLAIMS_IN_PRISON)
    early = rng.random(size) < np.where(there, 0.55, 0.18)
    begun, first = left - rng.integers(7, 36, size), left + rng.integers(1, 11, size)
    return np.where(early, begun, claimed), np.where(early, first, paid)


def recorded(block: Block, who: np.ndarray, left: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    """Where people live on release and three months on, and whether they work at 12 weeks; some are not asked."""
    rng = stream(block.seed, block.number, "after release")
    needs, size = block.people.needs[who], len(who)
    home = np.where(left < block.people.moves[who], block.people.home[who], block.people.second_home[who])
    settled = 0.92 - 0.55 * needs[:, 1] - 0.15 * (home == FENLAND)
    parts: list[tuple[np.ndarray, ...]] = []
    for on, chance, asked in ((left + rng.integers(0, 4, size), settled, 0.88), (left + rng.integers(70, 92, size), settled + 0.08, 0.78)):  # fmt: skip
        here = rng.random(size) < asked
        where = np.where(
            rng.random(size) < chance, "Settled", np.where(rng.random(size) < 0.75, "Temporary", "Rough sleeping")
        )
        parts.append((who[here], on[here], np.full(here.sum(), "Accommodation"), where[here]))
    here = rng.random(size) < 0.74
    works = np.where(rng.random(size) < 0.52 - 0.4 * needs[:, 2], "Work or training", "Neither")
    parts.append((who[here], (left + rng.integers(62, 85, size))[here], np.full(here.sum(), "Employment"), works[here]))
    return parts


def goals(block: Block, found: pl.DataFrame, home: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """Whether what a programme was for was reached, as its provider wrote it down when it ended; one in ten did not.

    Less often the deeper the need, rarely by those who dropped out, and for homes less often in Fenland.
    """
    rng = stream(block.seed, block.number, "goals")
    pathway = PATHWAY[found["programme"].to_numpy()]
    chance = 0.86 - 0.45 * block.people.needs[found["person"].to_numpy(), pathway]
    chance -= 0.16 * ((pathway == HOMES) & (home == FENLAND))
    chance *= np.where(found["outcome"].to_numpy() == COMPLETED, 1.0, 0.2)
    said = np.where(rng.random(found.height) < chance, "Yes", "No")
    return np.where(ended & (rng.random(found.height) > 0.1), said, "")
