"""A count of people. It is a full count, not a sample: it has no interval and no denominator."""

from collections.abc import Mapping

import numpy as np

from metrics.kinds.shared import Column, Result


def compute(cells: Mapping[str, Column]) -> Result:
    """Value and numerator: different people with a numerator above 0. Unknown for everybody: no value."""
    people = np.where(cells["known"] > 0, cells["positive"], np.nan)
    none = np.full_like(people, np.nan)
    return Result(people, none, none, people, none)
