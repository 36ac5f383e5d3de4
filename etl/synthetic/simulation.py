"""One block of the county, simulated month by month from the warm-up to the cut-off."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from etl.synthetic.calendar import START, months
from etl.synthetic.chance import stream
from etl.synthetic.justice import Justice
from etl.synthetic.offending import Offending
from etl.synthetic.people import People, draw_people
from etl.synthetic.referrals import Referrals
from etl.synthetic.schemes import IOM, Schemes
from etl.synthetic.truth import MOST, SCHEMES, Truth

RAISED = 2.75
"""Offending in the year after a prison release from a sentence under 12 months, against what it would be."""


@dataclass
class Block:
    """What happened to one block of people. Days are whole days since 1970-01-01; FAR is not yet."""

    seed: int
    number: int
    people: People
    incidents: pl.DataFrame
    occasions: pl.DataFrame
    spells: pl.DataFrame
    recalls: pl.DataFrame
    episodes: pl.DataFrame
    decisions: pl.DataFrame
    referrals: pl.DataFrame
    sanctions_before: np.ndarray
    first_sanction: np.ndarray


def simulate(people: int, seed: int, truth: Truth, block: int = 0, *, on_paper: bool = False) -> Block:
    """Simulate a block. The same people, seed, truth and block number give the same block, whatever else runs.

    `on_paper`: people are chosen for IOM and listed, and nothing is done with them: no effect, no more recalls, no more
    referrals than for others. All chances being the same, it shows what would have become of each of them.
    """
    if on_paper:
        truth = replace(truth, scheme={**truth.scheme, SCHEMES[IOM]: 1.0})
    folk = draw_people(seed, block, people)
    offending = Offending(folk, seed, block)
    justice = Justice(folk)
    schemes = Schemes(folk, justice, truth, on_paper=on_paper)
    referrals = Referrals(folk, justice, schemes, truth)
    before = justice.prior.copy()
    for month in months():
        if month.first == START:
            before = justice.prior.copy()
        chance = stream(seed, block, f"month {month.number}").random((48, people))
        justice.release(month)
        justice.hear(month, chance[0:12])
        justice.recall(month, chance[12:16])
        found = offending.month(month)
        raised = np.where(found.day < justice.raised_to[found.person], RAISED, 1.0)
        effect = schemes.multiplier(found.person, found.day) * referrals.multiplier(found.person, found.day)
        found = justice.allow(month, found, np.minimum(raised * effect, MOST), MOST)
        charged = justice.process(month, found, chance[36:48])
        schemes.month(month, charged, chance[16:29])
        justice.managed = schemes.managed
        referrals.month(month, chance[29:36])
    justice.close_at_cutoff()
    schemes.close_at_cutoff()
    return Block(
        seed,
        block,
        folk,
        justice.incidents.frame(),
        justice.occasions.frame(),
        justice.spells.frame(),
        justice.recalls.frame(),
        schemes.episodes.frame(),
        schemes.decisions.frame(),
        referrals.spells.frame(),
        before,
        justice.first_sanction,
    )
