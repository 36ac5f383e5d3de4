"""The cut-off: the day that every source reaches that a reoffending figure rests on. One rule, wherever it is asked.

A cut-off later than the data would make unfinished follow-up final. Context, such as recorded crime, does not hold it
back, but has a cut-off of its own where nothing else is loaded.
"""

import datetime as dt
from collections.abc import Sequence

from common.errors import ProblemError
from etl.parts import Part

CONTRIBUTING = ("offence", "custody_spell", "scheme_episode", "cohort_member")
"""What a reoffending figure rests on: every source of these must reach the cut-off."""


def cutoff_of(parts: Sequence[Part], asked: dt.date | None = None) -> dt.date:
    """The cut-off: the day that every contributing source reaches, or the one asked for where all reach it."""
    if not parts:
        raise ProblemError(
            what="Nothing has been loaded",
            where="the data directory",
            allowed="at least one staged file",
            remedy="run `iom load MAPPING.toml FILE...` first",
        )
    reached: dict[str, dt.date] = {}
    contributing = [part for part in parts if any(part.tables.get(table) for table in CONTRIBUTING)]
    unknown = sorted({part.source for part in contributing if not part.as_at})
    if unknown:
        raise ProblemError(
            what=f"Nothing says which day these sources reach: {', '.join(unknown)}",
            where="the staged files",
            allowed="a day for every source that a reoffending figure rests on, or unfinished follow-up would pass as final",
            remedy="load them again with `iom load --as-at YYYY-MM-DD`, or give the mapping `as_at` or `reaches`",
        )
    for part in contributing or parts:  # context alone, such as recorded crime, has a cut-off too
        if part.as_at:
            reached[part.source] = max(part.as_at, reached.get(part.source, part.as_at))
    late = [f"{source} (reaches {day})" for source, day in sorted(reached.items()) if asked and day < asked]
    if late:
        raise ProblemError(
            what=f"The cut-off {asked} is later than the data of {', '.join(late)}",
            where="--cutoff",
            allowed=f"a day no later than {min(reached.values())}",
            remedy="choose an earlier cut-off, or load later extracts of these sources",
        )
    if asked:
        return asked
    if not reached:
        raise ProblemError(
            what="No source says which day it reaches",
            where="the staged files",
            allowed="an `as_at` pattern in a mapping, or a cut-off given by you",
            remedy="give the day that all sources reach: `iom publish --cutoff YYYY-MM-DD`",
        )
    return min(reached.values())
