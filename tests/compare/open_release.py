"""A small release file made by hand, in the shape that this program writes."""

import json
import tempfile
from functools import cache
from pathlib import Path

import duckdb

from metrics.catalogue import catalogue
from metrics.periods import periods
from release.inspected import SCHEMA

FIGURE = "INSERT INTO figure VALUES (?, ?, ?, '', '', '', '', ?, ?, ?, ?, ?, ?, ?, NULL)"


@cache
def template() -> bytes:
    """An empty release file."""
    with tempfile.TemporaryDirectory() as aside:
        file = Path(aside) / "empty.duckdb"
        con = duckdb.connect(str(file))
        con.execute(SCHEMA.read_text("utf-8"))
        con.close()
        return file.read_bytes()


def make(path: Path, area: str = "Norfolk", level: str = "open", *, value: float = 30.0, version: int = 1, days: int = 365, release: str = "r1") -> Path:  # fmt: skip
    """A small release file: two indicators, one cohort, two years, in the shape that this program writes."""
    path.unlink(missing_ok=True)
    path.write_bytes(template())
    con = duckdb.connect(str(path))
    con.execute(
        "INSERT INTO release BY NAME SELECT ? AS id, ? AS level, 'x' AS label, ? AS area, true AS synthetic, DATE '2026-06-30' AS cutoff,"
        " '2026Q2' AS reporting_quarter, '1' AS code_version, TIMESTAMP '2026-07-01' AS created",
        [release, level, area],
    )
    for name in ("reoffending_rate", "reoffences_per_100"):
        d = catalogue()[name]
        definition = json.loads(d.as_json()) | {"version": version}
        con.execute(
            "INSERT INTO indicator BY NAME SELECT ? AS id, ? AS version, ? AS title, ? AS unit, ? AS polarity, ? AS kind, ? AS fact,"
            " ? AS class, 30 AS minimum_n, 1 AS sort, ? AS definition",
            [d.id, version, d.title, d.unit, d.polarity, d.kind, d.fact, d.class_, json.dumps(definition)],
        )
        for kind in ("year", "all"):
            con.execute("INSERT INTO lattice VALUES (?, 'scheme', ?, '', '')", [name, kind])
    extra = {row[0] for row in con.sql("DESCRIBE cohort").fetchall()} - {"id"}
    row = {"id": "scheme", "title": "People on a scheme", "people": "people", "clock": "reoffending", "district_dimension": "managing_district",
           "follow_up_days": days, "waiting_days": 183, "sort": 0}  # fmt: skip
    names = [name for name in row if name == "id" or name in extra]
    holds = ", 'people' AS holds" if "holds" in extra else ""
    con.execute(f"INSERT INTO cohort BY NAME SELECT {', '.join(f'? AS {n}' for n in names)}{holds}", [row[n] for n in names])  # fmt: skip
    con.execute("INSERT INTO dimension VALUES ('managing_district', 'District', 'partition', 0)")
    for span in periods("2022Q2", "2024Q1"):
        con.execute("INSERT INTO period VALUES (?,?,?,?,?,?)", [span.period, span.kind, span.label, span.start, span.end, span.parent])  # fmt: skip
        con.execute("INSERT INTO follow_up VALUES ('scheme', ?, 'complete', DATE '2025-09-30')", [span.period])
    for year in ("2022/23", "2023/24"):
        con.execute(FIGURE, ["reoffending_rate", "scheme", year, value, value - 5, value + 5, 60, 200, "final", ""])
    con.execute(FIGURE, ["reoffences_per_100", "scheme", "2022/23", None, None, None, None, None, "suppressed", "too few people"])  # fmt: skip
    con.execute("INSERT INTO benchmark VALUES ('reoffending_rate', 'England and Wales', 'scheme', '2009', 56, NULL, 10635, '2009', 'PPO cohort 2009', 'on a date')")  # fmt: skip
    con.close()
    return path
