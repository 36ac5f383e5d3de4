"""A random store of any size in a second or two, to time facts on: the shape of a county, none of its meaning.

Offending is heavy-tailed: the most active tenth commit about half of it. Use the synthetic county for anything
that people read; this is only for the clock.
"""

import duckdb
import numpy as np
import pyarrow as pa

from etl.contracts import TABLES
from etl.store import columns_sql

DAYS = 4383  # twelve years from 1 October 2014
START = np.datetime64("2014-10-01", "D")


def build(con: duckdb.DuckDBPyConnection, people: int, seed: int = 1) -> None:
    """Fill `con` with contract-typed tables: about 8 offences and 2 spells in custody a person."""
    rng = np.random.default_rng(seed)
    for name in TABLES:
        con.execute(f'CREATE TABLE "{name}" ({columns_sql(name)})')
    con.execute(
        "CREATE TABLE geography AS SELECT unnest(['cambridge', 'fenland', 'peterborough']) AS district, '' AS label"
    )
    activity = rng.lognormal(0, 1.25, people)
    activity /= activity.sum()
    _people(con, rng, people)
    _offences(con, rng, people, activity)
    _custody(con, rng, people, activity)
    _residence(con, rng, people)
    _scheme(con, rng, people, activity)


def _dates(days: np.ndarray) -> np.ndarray:
    return START + days.astype("timedelta64[D]")


def _pick(rng: np.random.Generator, values: list[str], n: int, weights: list[float] | None = None) -> pa.Array:
    codes = rng.choice(len(values), n, p=weights).astype(np.int8)
    return pa.DictionaryArray.from_arrays(codes, values).cast(pa.string())


def _add(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, object]) -> None:
    """Insert columns; `person` (from 0) becomes the person's number in the store, references become 64 digits."""
    con.register("_rows", pa.table(columns))
    made = {
        "person": "person + 1 AS person_key",
        "offence_key": "sha256(offence_key) AS offence_key",
        "occasion_key": "sha256(occasion_key) AS occasion_key",
    }
    selected = ", ".join(made.get(name, f'"{name}"') for name in columns)
    con.execute(f'INSERT INTO "{table}" BY NAME SELECT {selected} FROM _rows')
    con.unregister("_rows")


def _people(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, people: int) -> None:
    _add(con, "person", {
        "person": np.arange(people), "sex": _pick(rng, ["male", "female"], people, [0.83, 0.17]),
        "ethnicity": _pick(rng, ["white", "asian", "black", "mixed", "other"], people),
        "date_of_birth": np.datetime64("1960-01-01", "D") + rng.integers(0, 17000, people).astype("timedelta64[D]"),
        "sanctions_before": rng.integers(0, 8, people),
        "first_sanction_date": np.datetime64("2000-01-01", "D") + rng.integers(0, 5000, people).astype("timedelta64[D]"),
    })  # fmt: skip


def _offences(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, people: int, activity: np.ndarray) -> None:
    n = 8 * people
    days = rng.integers(0, DAYS, n)
    proven = days + rng.gamma(1.5, 80, n).astype(np.int64)
    _add(con, "offence", {
        "person": rng.choice(people, n, p=activity), "offence_key": pa.array(np.arange(n)).cast(pa.string()),
        "occasion_key": pa.array(rng.integers(0, n // 2, n)).cast(pa.string()),
        "offence_date": _dates(days), "proven_date": _dates(proven), "sentence_date": _dates(proven),
        "offence_district": _pick(rng, ["cambridge", "fenland", "peterborough"], n),
        "outcome": _pick(rng, ["convicted", "cautioned", "not_proven", "pending"], n, [0.55, 0.1, 0.25, 0.1]),
        "disposal": _pick(rng, ["custody", "suspended", "community", "fine", "discharge"], n, [0.15, 0.1, 0.25, 0.4, 0.1]),
        "sentence_days": rng.integers(14, 900, n), "offence_group": _pick(rng, ["theft", "violence", "drugs"], n),
        "offence_code": _pick(rng, ["046/00", "105/01", "092/52", "028/01", "803/01"], n),
        "recordable": rng.random(n) < 0.95, "breach": rng.random(n) < 0.05, "in_custody": rng.random(n) < 0.01,
        "record_source": pa.array(["national"]).take(np.zeros(n, np.int8)),
    })  # fmt: skip


def _custody(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, people: int, activity: np.ndarray) -> None:
    n = 2 * people
    start = rng.integers(0, DAYS, n)
    _add(con, "custody_spell", {
        "person": rng.choice(people, n, p=activity), "kind": _pick(rng, ["sentence", "remand", "recall"], n, [0.6, 0.3, 0.1]),
        "start_date": _dates(start), "end_date": _dates(start + rng.gamma(1, 60, n).astype(np.int64)),
        "release_type": _pick(rng, ["conditional", "at_sentence_end", "bail", "transfer"], n, [0.6, 0.2, 0.15, 0.05]),
        "sentence_days": rng.integers(14, 900, n),
    })  # fmt: skip


def _residence(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, people: int) -> None:
    n = people + people // 2
    _add(con, "residence", {
        "person": np.concatenate([np.arange(people), rng.integers(0, people, people // 2)]),
        "district": _pick(rng, ["cambridge", "fenland", "peterborough", "out_of_area"], n),
        "from_date": _dates(np.concatenate([np.zeros(people, np.int64), rng.integers(1, DAYS, people // 2)])),
    })  # fmt: skip


def _scheme(con: duckdb.DuckDBPyConnection, rng: np.random.Generator, people: int, activity: np.ndarray) -> None:
    n = people // 50
    member = rng.choice(people, n, p=activity)
    start = rng.integers(0, DAYS, n)
    _add(con, "scheme_episode", {
        "person": member, "scheme": _pick(rng, ["iom", "mappa"], n, [0.9, 0.1]), "category": _pick(rng, ["fixed", "flex", "free"], n),
        "managing_district": _pick(rng, ["cambridge", "fenland", "peterborough"], n),
        "start_date": _dates(start), "end_date": _dates(start + rng.gamma(2, 200, n).astype(np.int64)),
    })  # fmt: skip
    _add(con, "scheme_state", {
        "person": member, "scheme": _pick(rng, ["iom", "mappa"], n, [0.9, 0.1]), "kind": _pick(rng, ["tier", "strand"], n),
        "value": _pick(rng, ["one", "two"], n), "from_date": _dates(start),
    })  # fmt: skip
    needs = 6 * n
    _add(con, "need", {
        "person": rng.choice(member, needs), "pathway": _pick(rng, ["health", "accommodation", "finance"], needs),
        "assessed_on": _dates(rng.integers(0, DAYS, needs)), "level": _pick(rng, ["none", "some", "significant"], needs),
    })  # fmt: skip
    _add(con, "intervention_spell", {
        "person": rng.choice(member, needs), "programme": _pick(rng, ["a", "b"], needs), "pathway": _pick(rng, ["health", "finance"], needs),
        "referred_on": _dates(rng.integers(0, DAYS, needs)),
    })  # fmt: skip
    orders = people // 2
    from_day = rng.integers(0, DAYS, orders)
    _add(con, "supervision_spell", {
        "person": rng.choice(people, orders, p=activity), "kind": _pick(rng, ["licence", "community_order"], orders),
        "start_date": _dates(from_day), "end_date": _dates(from_day + rng.integers(100, 700, orders)),
    })  # fmt: skip
