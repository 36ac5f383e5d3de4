"""The committed files of money in data/reference, and the table that says where each of their figures comes from.

`versions.csv` has a row for every source of every reference file: edition, price year, when it was retrieved, and whether
our figures were checked against the original. A row of a value file names its version, and in `read` how its own figure
was read: from the `original`, a `copy` of it, the `press` (a report that quotes it), from `memory`, or none of these
because it is an `assumption` of ours.
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from common.paths import reference

Read = Literal["original", "copy", "press", "memory", "assumption", "local"]
READS = get_args(Read)


@dataclass(frozen=True, slots=True)
class Version:
    """One source of a reference file, in the edition that our figures come from. Empty where it is not known."""

    id: str
    file: str
    source: str
    edition: str
    price_year: str
    retrieved: str
    checked: bool
    licence: str
    note: str


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a committed CSV file."""
    with reference(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def versions() -> dict[str, Version]:
    """Every version by its id."""
    return {row["id"]: Version(**{**row, "checked": row["checked"] == "true"}) for row in rows("versions.csv")}  # type: ignore[arg-type]
