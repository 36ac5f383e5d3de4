"""Many comparisons at once: of twenty programmes without effect, one passes at 5% by chance.

Benjamini and Hochberg (1995, J. Royal Statistical Society B 57): order the m p-values; q of the i-th is the least of
p_j m / j over j >= i, at most 1. Acting on all with q <= 0.05 keeps the expected share of false findings at 5% where
the comparisons are independent or go together.
"""

from collections.abc import Sequence


def q_values(p_values: Sequence[float | None]) -> list[float | None]:
    """The q-value of each p-value, in the same order; None stays None and is not counted among the comparisons."""
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    found: list[float | None] = [None] * len(p_values)
    least = 1.0
    for rank in range(len(known), 0, -1):
        p, place = known[rank - 1]
        least = min(least, p * len(known) / rank)
        found[place] = least
    return found
