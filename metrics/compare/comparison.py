"""The matched comparison: one score, one comparison group, every outcome.

compare(people, covariates) fits the propensity score once, matches, weighs the balance and works out every outcome
with its interval, matched and doubly robust. docs/methods/matched-comparison.md says why each choice was made.
"""

from collections.abc import Sequence

import polars as pl

from metrics.compare.result import (
    CUSTODY,
    FREQUENCY,
    LIBERTY,
    OUTCOMES,
    RATE,
    SEVERITY,
    TIME,
    Compared,
    Effect,
    Outcome,
    Specification,
    frame,
)

MAIN = Specification()


def compare(
    people: pl.DataFrame,
    covariates: Sequence[str],
    outcomes: Sequence[Outcome] = OUTCOMES,
    specification: Specification = MAIN,
    *,
    seed: int = 1,
    replicates: int = 1000,
) -> Compared:
    """Compare the treated people with others like them.

    `people`: one row a person-evaluation: `treated` (boolean), `cluster` (integer: the person; rows of one person are
    never taken for independent), the covariates (numeric, boolean or string), the outcomes' columns and, where
    controls who join later should be known, `joined_later`. Missing covariates are a level of their own; rows with a
    missing outcome are left out of that outcome.
    """
    raise NotImplementedError


__all__ = [
    "CUSTODY", "FREQUENCY", "LIBERTY", "MAIN", "OUTCOMES", "RATE", "SEVERITY", "TIME",
    "Compared", "Effect", "Outcome", "Specification", "compare", "frame",
]  # fmt: skip
