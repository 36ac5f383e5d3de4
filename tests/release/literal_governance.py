"""Governance in the hand-written release: three partners, a plan of five lines, and who has the programmes and the money."""

import datetime as dt

import duckdb

PARTNERS = [
    ("police", "County Force", dt.date(2024, 1, 15), True, 6.0, True, 4, 4),
    ("council", "Fen Council", dt.date(2025, 6, 3), False, 0.5, False, 2, 1),
    ("court", "Courts Service", None, None, None, None, None, None),
]
# number, district, indicator, owner, opened, due, closed, status: the cut-off is 30 September 2026
PLAN = [
    (1, "", "friday_releases", "prison", dt.date(2026, 2, 10), dt.date(2026, 8, 31), None, "on_track"),
    (2, "", "reoffending_rate", "probation", dt.date(2026, 1, 14), dt.date(2027, 3, 31), None, "on_track"),
    (
        3,
        "fenland",
        "people_on_scheme",
        "police",
        dt.date(2025, 1, 14),
        dt.date(2025, 6, 30),
        dt.date(2025, 6, 1),
        "done",
    ),
    (4, "fenland", "friday_releases", "prison", dt.date(2025, 1, 14), dt.date(2025, 6, 30), None, "dropped"),
    (5, "", "no_such_measure", "health", dt.date(2026, 7, 14), dt.date(2026, 9, 30), None, "open"),
]
SECTORS = [
    ("programmes", "now", "statutory", 1.0, 4.0, 25.0, ""),
    ("programmes", "now", "voluntary", 3.0, 4.0, 75.0, ""),
    ("pounds", "2024/25", "statutory", 60_000.0, 100_000.0, 60.0, "2025/26"),
    ("pounds", "2024/25", "voluntary", 40_000.0, 100_000.0, 40.0, "2025/26"),
]
STANDING = [
    ("extracts_received", "2026Q2", 50.0, 3.0, 6.0, "higher_is_better"),
    ("extracts_received", "2026Q3", 250 / 3, 5.0, 6.0, "higher_is_better"),
    ("agreements_signed", "2026Q3", 200 / 3, 2.0, 3.0, "higher_is_better"),
]


def put(con: duckdb.DuckDBPyConnection, level: str) -> None:
    """Fill the tables of governance: the same at both levels, but for money, which the open level has none of here."""
    con.executemany("INSERT INTO partner VALUES (?, ?, ?, ?, ?, ?, ?, ?)", PARTNERS)
    con.executemany("INSERT INTO action_plan VALUES (?, ?, ?, ?, ?, ?, ?, ?)", PLAN)
    told = [row for row in SECTORS if level == "partnership" or row[0] != "pounds"]
    con.executemany("INSERT INTO sector_share VALUES (?, ?, ?, ?, ?, ?, ?)", told)
    for measure, period, value, top, bottom, polarity in STANDING:
        con.execute(
            "INSERT INTO standing VALUES (?, 'governance', ?, ?, '', ?, ?, ?, '%', ?, 0, 'final', '')",
            [measure, measure.replace("_", " ").capitalize(), period, value, top, bottom, polarity],
        )
