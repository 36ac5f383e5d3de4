"""The scheme's red, amber and green: what those who know the person make of compliance and of risk, every quarter on IOM.

A meeting sees the arrests of the last half year and knows the person somewhat, so its rating of risk foretells offending,
but far from surely. Compliance is mostly a matter of the person. The joint rating is the worse of the two.
"""

import numpy as np
import polars as pl

from etl.synthetic.calendar import CUTOFF, START, as_dates
from etl.synthetic.chance import stream
from etl.synthetic.schemes import IOM
from etl.synthetic.simulation import Block

EVERY, FIRST = 91, 14
"""Days between ratings, and from joining to the first."""
LOOKS_BACK = 182
COLOURS = np.array(["Green", "Amber", "Red"])
RISK, COMPLIANCE = np.array([0.25, 1.35]), np.array([0.15, 1.25])
"""Above the first of these a judgement is amber, above the second red."""


def ratings(block: Block, spells: pl.DataFrame) -> pl.DataFrame:
    """A rating every quarter while on IOM: compliance with the scheme, risk, and both together."""
    rng = stream(block.seed, block.number, "ratings")
    iom = spells.filter(pl.col("scheme") == IOM)
    start, stop = iom["from_day"].to_numpy(), np.minimum(iom["to_day"].to_numpy(), CUTOFF + 1)
    count = np.maximum(0, (stop - start - FIRST + EVERY - 1) // EVERY)
    index = np.repeat(np.arange(len(start)), count)
    on = start[index] + FIRST + EVERY * (np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count))
    character = rng.standard_normal(len(start))
    index, on = index[on >= START], on[on >= START]
    who = iom["person"].to_numpy()[index]
    recent = np.log1p(_arrests(block, who, on))
    people = block.people
    active = (people.onset[who] <= on) & (on < people.desists[who])
    known = np.log1p(np.where(active, people.rate[who], 0.0))
    risk = 0.55 * recent + 0.45 * known + 0.75 * rng.standard_normal(len(on)) - 0.35
    compliance = 0.65 * character[index] + 0.25 * recent + 0.70 * rng.standard_normal(len(on))
    said = [np.searchsorted(edges, judged) for edges, judged in ((COMPLIANCE, compliance), (RISK, risk))]
    return pl.DataFrame(
        {
            "person": who, "on": as_dates(on), "compliance": COLOURS[said[0]], "risk": COLOURS[said[1]],
            "overall": COLOURS[np.maximum(*said)],
        }
    )  # fmt: skip


def _arrests(block: Block, who: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Incidents that a person was arrested for in the half year up to a day."""
    wide = 10_000_000
    known = block.incidents.filter(pl.col("arrest").is_between(0, CUTOFF))
    arrests = np.sort(known["person"].to_numpy() * wide + known["arrest"].to_numpy())
    key = who.astype(np.int64) * wide + on
    return np.searchsorted(arrests, key, side="right") - np.searchsorted(arrests, key - LOOKS_BACK, side="right")
