"""A second opinion: augmented inverse probability weighting for the effect on the treated.

    effect = sum over treated of (y - m(x)) / n  -  sum over others of w (y - m(x)),  w = odds e / (1 - e), scaled to 1

m(x) is a regression of the outcome in all others on the support, fitted without weights. The estimate is right where
either the score or m is right, whence doubly robust, and where both are, having fitted them adds nothing to its
variance (Robins, Rotnitzky and Zhao 1994; Moodie, Saarela and Stephens 2018 for the treated). The interval is that of
its influence function, worked as for every linear form; in simulation it holds the truth 94 to 96 times in 100 at 60 and
200 treated, severity 93 to 95. See docs/methods/doubly-robust.md.
"""

import numpy as np
from numpy.typing import NDArray

from metrics.compare.linear_form import Groups
from metrics.compare.propensity import Design, Score
from metrics.compare.weighting import att_weights, on_support

SHRINK = 1.0
"""The regression's ridge is this times columns / others, as in the matched comparison (comparison.SHRINK)."""


def groups(design: Design, score: Score, treated: NDArray[np.bool_]) -> Groups:
    """The treated on the support and all others who reach down to them, by odds.

    Others whose score is below every treated person's carry next to no weight and are left out of the regression too:
    they are not like anybody compared.
    """
    inside = on_support(score.logit, treated)
    rows = np.flatnonzero(treated)[inside] if inside.any() else np.flatnonzero(treated)
    others = np.flatnonzero(~treated & (score.logit >= score.logit[rows].min()))
    weights = att_weights(score.logit[others], np.zeros(len(others), dtype=bool))
    size = len(others)
    return Groups(
        rows,
        others,
        np.full(len(rows), 1 / len(rows)),
        weights / weights.sum(),
        design.matrix[rows],
        design.matrix[others],
        np.full(size, 1 / size),
        SHRINK * design.matrix.shape[1] / size,
    )
