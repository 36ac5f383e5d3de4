"""Provision in the hand-written release: seven entries of a directory, and the 13 weeks ahead. Cut-off 30 September 2026.

Accommodation is in Fenland (funding ends soon, stale) and Peterborough (verified); health is a drop-in in Fenland and a clinic in
Cambridge alone; the pathway for women has a group in Fenland for women aged 18 to 40. Nothing else is listed.
"""

import datetime as dt
from typing import Any

import duckdb

from release.provision import FOR_THE_PARTNERSHIP

CUTOFF = dt.date(2026, 9, 30)


def entry(programme: str, title: str, district: str, pathway: str, **more: Any) -> dict[str, Any]:
    """An entry that anyone aged 18 and over may start when a place is free, verified in July."""
    return {
        "programme": programme, "title": title, "provider": "Fen Homes", "sector": "voluntary", "pathway": pathway,
        "district": district, "sex_served": "all", "age_from": 18, "age_to": None, "places": 10, "drop_in": False,
        "unit_cost": 820.0, "price_year": "2025/26", "funder": "PCC", "funding_ends": None, "funding": "unknown",
        "last_verified": dt.date(2026, 7, 1), "verified": "recently", "last_start": None, "next_start": None, "dated": False,
        "starts": 0, "start_places": None, "longest_gap": None, "mean_wait": None,
    } | more  # fmt: skip


STALE = {"last_verified": dt.date(2026, 1, 5), "verified": "stale"}
ENDS = {"funding_ends": dt.date(2027, 3, 31), "funding": "soon"}
GROUP = {
    "dated": True, "last_start": dt.date(2026, 8, 24), "next_start": dt.date(2026, 11, 9), "starts": 1, "start_places": 6,
    "longest_gap": 77, "mean_wait": 38.5,
}  # fmt: skip
DIRECTORY = [
    entry("HOME", "Housing link worker", "fenland", "accommodation", **STALE, **ENDS),
    entry("HOME", "Housing link worker", "peterborough", "accommodation"),
    entry("CLINIC", "Forensic mental health clinic", "cambridge", "health", provider="NHS Trust", sector="statutory"),
    entry("HUB", "Health hub", "fenland", "health", drop_in=True, provider="NHS Trust", sector="statutory"),
    entry("GROUP", "Women's group", "fenland", "women", sex_served="female", age_to=40, **GROUP),
    entry(
        "ADVICE", "Money advice", "fenland", "finance", last_verified=None, verified="never", provider="Citizens Advice"
    ),
    entry("ADVICE", "Money advice", "cambridge", "finance", provider="Citizens Advice"),
]
# pathway, district, sex, age_from, age_to, nothing
GAPS = [
    ("accommodation", "fenland", "all", 10, 17, False), ("accommodation", "peterborough", "all", 10, 17, False),
    ("accommodation", "cambridge", "all", 10, None, True), ("women", "fenland", "female", 10, 17, False),
    ("women", "fenland", "female", 41, None, False), ("accommodation", "", "all", 10, 17, False),
]  # fmt: skip
# pathway, district, sex, age, need, nothing, not_for_them
UNMET = [
    ("accommodation", "cambridge", "male", "26 and over", 9, 9, 0), ("accommodation", "fenland", "male", "10 to 17", 2, 0, 2),
    ("women", "fenland", "female", "26 and over", 5, 0, 3), ("health", "peterborough", "male", "26 and over", 12, 12, 0),
]  # fmt: skip
# programme, district, on_it, waiting, referred, started
USE = [("HOME", "fenland", 4, 2, 30, 21), ("HUB", "fenland", 7, 0, 16, 12)]
# district, state, week, weekday, on_scheme, people
DUE = [
    ("fenland", "dated", 1, 4, True, 3), ("fenland", "dated", 2, 0, False, 2), ("peterborough", "dated", 2, 4, True, 4),
    ("no_fixed_address", "dated", 13, 1, False, 1), ("fenland", "overdue", None, None, True, 1),
    ("cambridge", "undated", None, None, False, 2), ("cambridge", "later", None, None, False, 20),
]  # fmt: skip
# district, known, value, lower, upper, windows, foretold, held, tried
EXPECTED = [("", 10, 48.0, 34.0, 63.0, 8, 64.0, 4, 4), ("fenland", 5, 6.4, 2.0, 12.0, 8, 66.0, 3, 4), ("peterborough", 4, 18.0, 8.0, 30.0, 8, 65.0, 3, 4)]  # fmt: skip
# district, ahead, turned, on_scheme, supervised, on_programme, followed
TURNING = [("", 2, 6, 2, 1, 2, 4), ("fenland", 0, 1, 0, 0, 1, 1)]
# pathway, district, value, lower, upper, windows, held, tried, leaving, waiting, on_it, places, room, entries, room_unknown, verdict
NEED = [
    ("accommodation", "", 34.5, 22.0, 49.0, 8, 4, 4, 7, 2, 4, 20, 20.0, 2, 0, "short"),
    ("health", "", 32.0, 21.0, 45.0, 8, 3, 4, 9, 0, 7, 20, 90.0, 2, 0, "enough"),
    ("finance", "", 38.0, 26.0, 51.0, 8, 4, 4, 5, 1, 0, 20, None, 2, 2, "cannot_tell"),
    ("attitudes_thinking", "", 40.0, 28.0, 54.0, 8, 4, 4, 5, 0, 0, 0, None, 0, 0, "nothing"),
    ("accommodation", "fenland", 4.2, 1.0, 9.0, 8, 4, 4, 0, 2, 4, 10, 6.0, 1, 0, "cannot_tell"),
]


def put(con: duckdb.DuckDBPyConnection, level: str) -> None:
    """Fill the tables of provision of one level's file."""
    own = {"unit_cost": None, "price_year": ""} if level == "open" else {}
    tables: dict[str, list[Any]] = {
        "directory": [tuple((row | own).values()) for row in DIRECTORY], "provision_gap": GAPS, "provision_unmet": UNMET, "provision_use": USE,
        "release_due": DUE, "release_expected": EXPECTED, "need_expected": NEED,
        "turning_18": TURNING,
    }  # fmt: skip
    for table, rows in tables.items():
        if level == "partnership" or table not in FOR_THE_PARTNERSHIP:
            con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
