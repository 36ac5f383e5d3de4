"""What luck alone would do where many comparisons stand on one page."""

from collections.abc import Iterable

COMPARED = ("improved", "worsened", "higher", "lower", "cannot tell")
"""The kinds of change that an interval decided."""
MANY = 5
"""From so many comparisons on a page the note is shown."""
LUCK_RULE = (
    "Many comparisons on one page: each is told from chance at 95%, so about 1 in 20 of those where nothing changed will "
    "seem to have changed, by luck alone. A difference that lasts, or that was expected beforehand, deserves more weight."
)


def compared(kinds: Iterable[str]) -> int:
    """How many of these changes an interval decided."""
    return sum(kind in COMPARED for kind in kinds)


def by_luck(comparisons: int) -> list[str]:
    """The note under a page of many comparisons, each told apart from chance by 95% intervals."""
    if comparisons < MANY:
        return []
    return [
        f"{comparisons} comparisons stand here. If nothing truly differed, about 1 in 20 would differ by luck alone: take one "
        "difference among many as a question to ask, and see whether it lasts."
    ]
