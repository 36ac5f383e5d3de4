"""A small store in which a scheme has enough people to be compared, and one that has too few."""

import datetime as dt
import random

import duckdb

from tests.facts.stores import fill, store

CUTOFF = dt.date(2022, 12, 31)


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
