"""A data directory with the hand-written release and a store of 220 people, and lists of some of them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tests.release import literal
from tests.release.made_comparison import write_store

Rows = Sequence[Sequence[str]]


def as_csv(rows: Rows, header: Sequence[str] = ("PNC ID", "CRN", "Start Date")) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows([header, *rows])
    return held.getvalue().encode()


def write(root: Path) -> None:
    """The release, and the store."""
    literal.write(root)
    write_store(root)
