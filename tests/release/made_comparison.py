"""A small store in which a scheme has enough people to be compared, and one that has too few; a provider's list of them."""

import datetime as dt
import random
from pathlib import Path

import duckdb

from common import paths, versions
from etl import identity
from tests.facts.stores import fill, store

CUTOFF = dt.date(2022, 12, 31)


def pnc(number: int) -> str:
    """The PNC number of somebody in the store."""
    return f"20/{number:07d}Q"


SEVENTY = [(pnc(n), "", "2018-05-01") for n in range(70)]
"""A list of 70 of them: PNC ID, CRN, Start Date."""


def county(treated: int = 70, others: int = 150, seed: int = 1) -> duckdb.DuckDBPyConnection:
    """Everybody offends now and then; the first `treated` start on IOM in 2018 or 2019, three of them on DIP too."""
    rng = random.Random(seed)
    offences, episodes, people = [], [], []
    for number in range(treated + others):
        name = f"p{number}"
        people.append({
            "person": name, "date_of_birth": f"{rng.randrange(1960, 1999)}-0{rng.randrange(1, 10)}-15",
            "sex": rng.choice(["male", "male", "female"]), "sanctions_before": rng.randrange(6),
        })  # fmt: skip
        for year in range(2015, 2022):
            offences += [
                {
                    "person": name,
                    "offence_date": f"{year}-{rng.randrange(1, 13):02d}-10",
                    "offence_group": rng.choice(["theft", "violence"]),
                }
                for _ in range(rng.randrange(3))
            ]
        offences.append({"person": name, "offence_date": "2017-06-10"})
        if number < treated:
            start = f"{rng.choice((2018, 2019))}-{rng.randrange(1, 13):02d}-20"
            episodes.append(
                {"person": name, "start_date": start, "managing_district": rng.choice(["fenland", "cambridge"])}
            )
            if number < 3:
                episodes.append({"person": name, "scheme": "dip", "start_date": start})
    con = store(person=people, offence=offences, scheme_episode=episodes)
    return fill(con, custody_spell=[{"person": "p1", "start_date": "2016-01-01", "end_date": "2016-02-01"}])


def write_store(root: Path) -> None:
    """The county as the current store of a data directory, everybody with a PNC number and a probation number."""
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
