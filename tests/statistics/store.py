"""A small store of random rows, and what any reader could work out from it by hand."""

import datetime as dt
import random

import duckdb

from metrics.periods import periods

QUARTERS = ("2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2")
COLUMNS = (
    "cohort VARCHAR, person_key VARCHAR, period VARCHAR, sex VARCHAR, home_district VARCHAR, need VARCHAR[],"
    " reoffended BOOLEAN, reoffences BIGINT, days_to_first INTEGER, days_observed INTEGER,"
    " liberty_offences BIGINT, days_at_liberty INTEGER, ogrs3 DOUBLE,"
    " acquisitive_reoffences BIGINT, severity DOUBLE"
)


def random_rows(seed: int, people: int = 40) -> list[dict]:
    """People who enter once or more in six quarters, some prolific, some with unknown sex or days at liberty."""
    rng = random.Random(seed)
    rows = []
    for number in range(people):
        sex = rng.choice(["female", "male", "male", None])
        for period in rng.sample(QUARTERS, rng.choice([1, 1, 2, 3])):
            count = rng.choice([0, 0, 0, 1, 2, 3, 25])
            observed = rng.choice([365, 365, 365, 200])
            liberty = rng.choice([None, 0, 100, 365])
            rows.append(
                {
                    "cohort": rng.choice(["adults", "scheme"]),
                    "person_key": f"p{number}",
                    "period": period,
                    "sex": sex,
                    "home_district": rng.choice(["fenland", "cambridge"]),
                    "need": rng.choice([[], ["health"], ["health", "finance"], None]),
                    "reoffended": count > 0,
                    "reoffences": count,
                    "days_to_first": rng.randint(1, observed) if count else None,
                    "days_observed": observed,
                    "liberty_offences": None if liberty is None else min(count, liberty),
                    "days_at_liberty": liberty,
                    "ogrs3": rng.choice([None, 0.05, 0.3, 0.3, 0.75, 0.9]),
                    "acquisitive_reoffences": rng.choice([None, 0, min(count, 2), count]),
                    "severity": rng.choice([None, 0.0, 11.86 * count]),
                }
            )
    return rows


def store(rows: list[dict], immature: tuple[str, ...] = ("2024Q2",)) -> duckdb.DuckDBPyConnection:
    """The rows as a fact, with the periods and the state of follow-up of both cohorts."""
    con = duckdb.connect()
    con.execute('CREATE TABLE period (period VARCHAR, kind VARCHAR, start DATE, "end" DATE)')
    spans = periods(QUARTERS[0], QUARTERS[-1])
    con.executemany("INSERT INTO period VALUES (?, ?, ?, ?)", [[p.period, p.kind, p.start, p.end] for p in spans])
    con.execute("CREATE TABLE follow_up (cohort VARCHAR, period VARCHAR, state VARCHAR)")
    late = [p.period for p in spans if p.end > dt.date(2024, 3, 31) and p.kind != "all"]
    states = [[p.period, "immature" if p.period in (*late, *immature) else "complete"] for p in spans]
    for cohort in ("adults", "scheme"):
        con.executemany("INSERT INTO follow_up VALUES (?, ?, ?)", [[cohort, *state] for state in states])
    con.execute(f"CREATE TABLE index_event ({COLUMNS})")
    names = [part.split()[0] for part in COLUMNS.split(", ")]
    insert = f"INSERT INTO index_event ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
    for row in rows:
        con.execute(insert, [row[name] for name in names])
    return con
