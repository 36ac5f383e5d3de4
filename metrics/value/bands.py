"""What a benefit-cost ratio is called: bands of value for money, whose cut-offs are data and not taste.

The shipped bands are the Department for Transport's, the one department that publishes them: Value for Money Framework
(2015, box 5.1; kept in the 2017 and 2024 editions). They were made for roads and rails. The cut-offs are read on the
department's own pages (Guidance on value for money; value for money indicator 2018), `very poor` from memory of the
framework. Use others by giving other bands. A band never stands without the share of draws that fall in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from metrics.value.case import wrong


@dataclass(frozen=True, slots=True)
class Band:
    """From this ratio upwards, until the next band begins."""

    name: str
    from_ratio: float


BANDS = (
    Band("very poor", -np.inf),
    Band("poor", 0.0),
    Band("low", 1.0),
    Band("medium", 1.5),
    Band("high", 2.0),
    Band("very high", 4.0),
)
SOURCE = (
    "Department for Transport, Value for Money Framework (2015), box 5.1; cut-offs 1, 1.5 and 2 checked, 0 and 4 not"
)


def band(ratio: float, bands: Sequence[Band] = BANDS) -> str:
    """The name of the band that a ratio falls in; a ratio at a cut-off is in the upper band."""
    _check(bands)
    return next(one.name for one in reversed(bands) if ratio >= one.from_ratio)


def shares(ratios: NDArray[np.float64], bands: Sequence[Band] = BANDS) -> dict[str, float]:
    """The share of ratios in each band, lowest first; they sum to 1."""
    _check(bands)
    at_least = [float(np.count_nonzero(ratios >= one.from_ratio)) / len(ratios) for one in bands]
    return {one.name: here - after for one, here, after in zip(bands, at_least, [*at_least[1:], 0.0], strict=True)}


def _check(bands: Sequence[Band]) -> None:
    cuts = [one.from_ratio for one in bands]
    if not cuts or cuts[0] != -np.inf or any(a >= b for a, b in pairwise(cuts)):
        raise wrong("bands of value are not in order", "bands that begin below everything and rise", "bands")
