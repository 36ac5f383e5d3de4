"""What would have become of the very people compared, had the scheme been on paper alone: the truth of a synthetic county.

The same seed gives the same people, the same chances and the same choices; on paper those chosen for IOM are listed and
nothing is done with them. So each person of a comparison has, from the same day, the year that they would have had.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from app.calibrate.county_store import CUTOFF_DATE
from metrics.compare.followed import followed_from
from metrics.compare.plan import Comparison

COLUMNS = {"rate": "reoffended", "frequency": "reoffences"}
"""The outcomes judged, and what each counts; both a hundred people."""


@dataclass(frozen=True, slots=True)
class Truth:
    """One outcome of a comparison, a hundred people, by what came of them (`_real`) and what would have (`_paper`).

    `effect`: of being on it against never: treated_real - treated_paper. `dilution`: what joining later did to the
    comparison group, others_real - others_paper. What the matched comparison asks, starting now against not starting
    now, is effect - dilution. `unlike`: others_paper - treated_paper, by how much the two groups differ though neither
    is on it: the confounding that is left, before any correction by regression.
    """

    treated_real: float
    treated_paper: float
    others_real: float
    others_paper: float

    @property
    def effect(self) -> float:
        return self.treated_real - self.treated_paper

    @property
    def dilution(self) -> float:
        return self.others_real - self.others_paper

    @property
    def asked(self) -> float:
        """The effect of starting now against not starting now."""
        return self.effect - self.dilution

    @property
    def unlike(self) -> float:
        return self.others_paper - self.treated_paper


def truths(
    paper: duckdb.DuckDBPyConnection,
    comparison: Comparison,
    moments: pl.DataFrame,
    people: pl.DataFrame,
    weights: np.ndarray,
) -> Mapping[str, Truth]:
    """The truth of each outcome. `moments` are the frame's people and days, `people` the frame's own rows, `weights`
    those that matching gave them; `paper` is the same county with the scheme on paper alone."""
    there = followed_from(paper, moments, CUTOFF_DATE, comparison.follow_up_days, comparison.waiting_days)
    key, day = (pl.col(name).cast(there.schema[name]) for name in ("person_key", "day"))
    both = moments.with_columns(key, day).join(there, on=["person_key", "day"], how="left", maintain_order="left")
    treated = people["treated"].to_numpy()
    found = {}
    for outcome, column in COLUMNS.items():
        sides = []
        for rows in (people, both):
            value = rows[column].cast(pl.Float64).to_numpy()
            known = ~np.isnan(value) & (weights > 0)
            sides += [
                100 * float(np.average(value[known & side], weights=weights[known & side]))
                for side in (treated, ~treated)
            ]
        found[outcome] = Truth(sides[0], sides[2], sides[1], sides[3])
    return found
