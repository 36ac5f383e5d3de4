"""A data directory with the hand-written release and a store of 220 people, and lists of some of them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from common import paths, versions
from etl import identity
from tests.release import literal
from tests.release.made_comparison import CUTOFF, county

Rows = Sequence[Sequence[str]]


def pnc(number: int) -> str:
    return f"20/{number:07d}Q"


SEVENTY = [(pnc(n), "", "2018-05-01") for n in range(70)]


def as_csv(rows: Rows, header: Sequence[str] = ("PNC ID", "CRN", "Start Date")) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows([header, *rows])
    return held.getvalue().encode()


def write(root: Path) -> None:
    """The release, and the store: everybody has a PNC number and a probation number."""
    literal.write(root)
    key = identity.load_key(root)
    with versions.building(paths.stores(root)) as aside:
        con = county()
        con.execute("CREATE TABLE store (id VARCHAR, cutoff DATE, synthetic BOOLEAN, area VARCHAR)")
        con.execute("INSERT INTO store VALUES (?, ?, true, 'Made county')", [aside.id, CUTOFF])
        people = [k for (k,) in con.execute("SELECT person_key FROM person ORDER BY person_key").fetchall()]
        for number, person in enumerate(people):
            for kind, text in (("pnc", pnc(number)), ("crn", f"X{number:06d}")):
                con.execute(
                    "INSERT INTO identity_link (id_kind, id_key, person_key, action) VALUES (?, ?, ?, 'same')",
                    [kind, identity.keyed(key, kind, text), person],
                )
        con.execute(f"ATTACH '{aside.path / paths.STORE_FILE}' AS out")
        con.execute("COPY FROM DATABASE memory TO out")
        con.close()
    versions.point(paths.stores(root), aside.id)
