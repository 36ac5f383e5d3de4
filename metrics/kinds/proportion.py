"""A share of people or entries, with Wilson's interval, widened where one person enters several times."""

from collections.abc import Mapping

import numpy as np

from metrics.kinds.shared import Z95, Column, Result, divided, residual_moments


def compute(cells: Mapping[str, Column]) -> Result:
    """Share p = X / D with Wilson's (1927) 95% interval on an effective number of entries, D / design effect."""
    top, bottom = cells["sx"], cells["sd"]
    share = divided(top, bottom)
    lower, upper = wilson(share, bottom / design_effect(cells, share))
    return Result(share, lower, upper, top, bottom)


def wilson(share: Column, entries: Column) -> tuple[Column, Column]:
    """Wilson's interval: (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)."""
    n = np.where(entries > 0, entries, np.nan)
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2)) / (1 + Z95**2 / n)
    # At 0% and 100% the exact end is 0 or 1; rounding must not carry it past the value.
    return np.minimum(np.clip(middle - half, 0, 1), share), np.maximum(np.clip(middle + half, 0, 1), share)


def design_effect(cells: Mapping[str, Column], share: Column) -> Column:
    """How many times wider the variance is than if every entry were another person (1 where nobody repeats).

    variance between people / binomial variance = n/(n-1) sum (x - p d)² / (D p (1-p)). Never below 1: repeats of one
    person can only tell less than as many people, and a lower estimate is chance. Where everybody or nobody reoffended
    nothing can be estimated, and a person's entries are taken to be all alike: sum d² / D (Kish).
    """
    entries, people = cells["sd"], cells["n"]
    squared, _ = residual_moments(cells, share)
    binomial = entries * share * (1 - share)
    estimated = divided(squared * divided(people, people - 1), binomial)
    alike = divided(cells["sdd"], entries)
    effect = np.where(np.isfinite(estimated), estimated, alike)
    repeats = np.isfinite(cells["sdd"]) & (cells["sdd"] > entries)
    return np.where(repeats, np.maximum(effect, 1.0), 1.0)
