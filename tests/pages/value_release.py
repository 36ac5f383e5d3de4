"""The hand-written release with value for money worked out from a handful of costs and people, at both levels.

IOM: cannot tell in 2024/25 and short in 2023/24, when it cost five times as much; Fenland has no comparison. Mentoring
costs no cash. A programme with a long name has people and no costs. The Work club has costs and nobody managed.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common import paths, versions
from metrics.value.inputs import Inputs
from metrics.value.parameters import Parameters, parameters
from release import value as release_value
from release.files import LEVELS
from release.value import Value
from tests.release import literal, literal_comparison

LONG = "Employment, accommodation and family mentoring for people leaving short sentences"
PROGRAMMES = {"mentoring": "Mentoring", "long": LONG, "work_club": "WORK CLUB"}
QUARTERS = {"2023/24": ("2023Q2", "2023Q3", "2023Q4", "2024Q1"), "2024/25": ("2024Q2", "2024Q3", "2024Q4", "2025Q1")}
MENTORED = {
    "comparison": "mentoring", "outcome": "frequency", "method": "matched", "specification": "main", "scale": "difference",
    "unit": "reoffences per 100 people", "estimate": -30.0, "lower": -45.0, "upper": -15.0, "treated": 120.0, "expected": 150.0,
    "p_value": 0.001, "q_value": 0.01, "people": 90, "verdict": "fewer", "headline": True,
}  # fmt: skip


def _spend() -> pl.DataFrame:
    rows: list[dict[str, Any]] = []

    def line(
        subject: str, year: str, agency: str, pounds: float, *, district: str = "peterborough", **other: Any
    ) -> None:
        kind = "scheme" if subject == "iom" else "programme"
        for quarter in QUARTERS[year]:
            rows.append({
                "subject_kind": kind, "subject": subject, "tier": "", "district": district, "quarter": quarter, "year": year,
                "kind": "running", "additional": True, "agency": agency, "funder": "pcc", "price_year": year, "pounds": pounds / 4, **other,
            })  # fmt: skip

    for year, times in (("2023/24", 5), ("2024/25", 1)):
        line("iom", year, "police", 20_000 * times)
        line("iom", year, "probation", 30_000 * times, additional=False)
        line("iom", year, "council", 8_000 * times, kind="in_kind")
        line("iom", year, "police", 4_000 * times, district="fenland")
    line("iom", "2024/25", "police", 5_000, kind="set_up")
    line("mentoring", "2024/25", "voluntary", 20_000, additional=False)
    line("work_club", "2024/25", "council", 9_000)
    return pl.DataFrame(rows)


def _managed() -> pl.DataFrame:
    rows = [
        (kind, subject, "", district, year, people, 0.6 * people, 5.0 * people, people // 2, done, people // 4, people // 5)
        for kind, subject, district, people, done in (
            ("scheme", "iom", "", 250, None), ("scheme", "iom", "fenland", 60, None), ("scheme", "", "", 250, None),
            ("programme", "mentoring", "", 90, 40), ("programme", "long", "", 45, 0), ("programme", "", "", 150, 40),
        )
        for year in QUARTERS
    ]  # fmt: skip
    names = ("subject_kind", "subject", "tier", "district", "period", "people", "person_years", "months_at_liberty", "starts",
             "completions", "accommodation_kept", "work_kept")  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def _reoffences() -> pl.DataFrame:
    mix = {("046/01", "theft"): 400, ("028/01", "burglary"): 120, ("105/01", "violence"): 90, ("092/01", "drugs"): 110}
    rows = [
        (kind, subject, district, code, group, offences // (1 if subject in ("iom", "") else 3), 60, 9)
        for kind, subject, district in (
            ("scheme", "iom", ""),
            ("scheme", "", ""),
            ("programme", "mentoring", ""),
            ("programme", "", ""),
        )
        for (code, group), offences in mix.items()
    ]
    names = ("subject_kind", "subject", "district", "offence_code", "offence_group", "offences", "people", "most")
    return pl.DataFrame(rows, schema=names, orient="row")


def value(known: Parameters | None = None) -> Value:
    """The value of these costs and people, without a store."""
    made = Value.__new__(Value)
    made.__dict__.update(
        _cutoff=dt.date(2026, 9, 30),
        _known=known or parameters(),
        _inputs=Inputs(_spend(), _managed(), _reoffences()),
    )
    return made


def write(root: Path, draws: int = 4_000) -> None:
    """The hand-written release, with these tables in it and any parameters.csv of `root`; fewer draws than at publish, which no test needs."""
    release = literal.write(root)
    about = {**literal_comparison.COMPARISONS[0], "id": "mentoring", "title": "Mentoring", "subject_kind": "programme",
             "subject": "mentoring", "sort": 3}  # fmt: skip
    made, publish = value(parameters(root)), release_value.PUBLISH
    release_value.PUBLISH = draws
    for level in LEVELS:
        with duckdb.connect(str(paths.releases(root) / release / f"{level}.duckdb")) as con:
            put(con, "comparison", pl.DataFrame([about], infer_schema_length=None))
            put(con, "effect", pl.DataFrame([MENTORED], infer_schema_length=None))
            dimensions = [
                {"id": one, "title": one.capitalize(), "kind": "multi", "sort": 90} for one in ("scheme", "programme")
            ]
            held = {name for (name,) in con.sql("SELECT id FROM dimension").fetchall()}
            put(con, "dimension", pl.DataFrame([one for one in dimensions if one["id"] not in held]))
            put(con, "member", pl.DataFrame([{"dimension": "scheme", "value": "iom", "label": "IOM", "sort": 0}]))
            members = [("programme", code, label, place) for place, (code, label) in enumerate(PROGRAMMES.items())]
            put(con, "member", pl.DataFrame(members, schema=("dimension", "value", "label", "sort"), orient="row"))
            models = {table: con.sql(f"FROM {table}").pl() for table in ("comparison", "effect", "before_after")}
            for table, frame in made.tables(level, models).items():
                if frame.width:
                    put(con, table, frame)
    release_value.PUBLISH = publish
    versions.write_manifest(paths.releases(root) / release, {"id": release, "cutoff": literal.CUTOFF.isoformat()})


def put(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.register("_rows", frame.to_arrow())
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM _rows")
    con.unregister("_rows")
