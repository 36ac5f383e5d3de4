"""Writing one level's file: the figures, and the tables that say what they are and where they came from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common.duck import connect_build
from metrics.catalogue import catalogue
from metrics.cohorts import Cohort
from metrics.dimensions import FACTS, dimensions, members
from release.exact import Made
from release.standing import standing

SCHEMA = Path(__file__).with_name("schema.sql")


def write(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    about: dict[str, Any],
    chosen: Sequence[Cohort],
    made: Made,
    *,
    models: Mapping[str, pl.DataFrame],
) -> None:
    """One level's file: the figures, and the tables that say what they are and where they came from."""
    found, curves, listed = made
    out = connect_build(file, memory_limit="2GB", threads=1)  # in order: smaller, and no slower
    try:
        out.execute(SCHEMA.read_text(encoding="utf-8"))
        names = ("id", "level", "label", "area", "synthetic", "cutoff", "reporting_quarter", "code_version", "created")
        values = {name: about[name] for name in names}
        out.execute(
            f"INSERT INTO release ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
        )
        served = set(listed["indicator"])
        indicators = [d for d in catalogue().values() if d.id in served]
        put(out, "indicator", pl.DataFrame([
            {"id": d.id, "version": d.version, "title": d.title, "unit": d.unit, "polarity": d.polarity, "kind": d.kind,
             "fact": d.fact, "class": d.class_, "minimum_n": d.minimum_n, "sort": d.sort, "definition": d.as_json()}
            for d in indicators
        ]))  # fmt: skip
        put(out, "dimension", pl.DataFrame([
            {"id": d.id, "title": d.title, "kind": d.kind, "sort": d.sort} for d in dimensions().values()
        ]))  # fmt: skip
        put(out, "member", pl.DataFrame([
            {"dimension": m.dimension, "value": m.value, "label": m.label, "sort": m.sort} for m in members(con)
        ]))  # fmt: skip
        put(out, "standing", standing(con, about["cutoff"]))
        put(out, "lattice", listed)
        put(out, "figure", found)
        put(out, "curve", curves)
        for table, frame in models.items():
            put(out, table, frame)
        people = con.sql(
            "SELECT id, title, people, clock, district_dimension, follow_up_days, waiting_days, sort, holds FROM cohort"
        ).pl()
        shown = [cohort.id for cohort in chosen]
        put(out, "cohort", people.filter(pl.col("id").is_in(shown)))
        put(out, "follow_up", con.sql("SELECT * FROM follow_up").pl().filter(pl.col("cohort").is_in(shown)))
        for table, query in copied(about["level"]).items():
            put(out, table, con.sql(query).pl())
        if con.sql("SELECT 1 FROM duckdb_tables() WHERE table_name = 'boundary'").fetchall():
            put(out, "boundary", con.sql("SELECT district, geojson FROM boundary").pl())
        full = completeness(con)
        put(out, "completeness", full if about["level"] == "partnership" else coarse(full))
        out.execute("CHECKPOINT")
    finally:
        out.close()


def copied(level: str) -> dict[str, str]:
    """What goes from the store into a release by one query each: never a row about a person.

    Small numbers of quarantined rows of a rule, and how many rows of a file were loaded to the row, are told to the partnership only.
    """
    few = "" if level == "partnership" else " WHERE rows > 7"
    rows = "read, loaded, quarantined, duplicate, superseded"
    if level != "partnership":
        # a file of a list of people has a row for each of them: in tens, and still adding up or not as the exact ones do
        tens = "(loaded + 5) // 10 * 10"
        fewer = f"least((superseded + 5) // 10 * 10, greatest({tens} - 10, 0))"
        rows = (
            f"read - loaded + {tens} AS read, {tens} AS loaded, quarantined, duplicate,"
            f" CASE WHEN superseded >= loaded THEN {tens} ELSE {fewer} END AS superseded"
        )
    return {
        "period": 'SELECT period, kind, label, start, "end", parent FROM period',
        "source": f"SELECT file, sha256, source, mapping_sha256, layout_verified, as_at, {rows}, withdrawn FROM source",
        "quarantine": f"SELECT file, table_name, column_name, rule, rows FROM quarantine{few}",
        "identity_conflict": "SELECT kind, people FROM identity_conflict ORDER BY kind"
        if level == "partnership"
        else "SELECT kind, (people + 5) // 10 * 10 AS people FROM identity_conflict WHERE people >= 5 ORDER BY kind",
        "target": "SELECT indicator, coalesce(cohort, '') AS cohort, coalesce(district, '') AS district, from_date, to_date, value FROM target",
        "event": "SELECT on_date, title, coalesce(district, '') AS district FROM event",
        "benchmark": "SELECT indicator, area, cohort, period, value, numerator, denominator,"
        " regexp_extract(period, '[0-9]{4}(/[0-9]{2})?') AS year, source, coalesce(definition_note, '') AS definition_note"
        " FROM benchmark ORDER BY indicator, cohort, area, period",
        "recorded_crime": "SELECT CAST(date_trunc('month', month) AS DATE) AS month, district, crime_type,"
        " count(*) AS incidents FROM recorded_crime"
        " WHERE month <= (SELECT cutoff FROM store) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    }


def completeness(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """For each column of each canonical table that holds rows: how many rows, and how many have a value."""
    derived = (
        *FACTS,
        "cohort",
        "period",
        "follow_up",
        "store",
        "source",
        "quarantine",
        "identity_conflict",
        "geography",
        "boundary",
    )
    listing = con.sql(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND NOT internal AND database_name = current_database() GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    rows: list[tuple[str, str, int, int]] = []
    for table, columns in listing:
        if table in derived:
            continue
        wanted = [column for column in columns if column not in ("source_file", "source_row")]
        counts = ", ".join(f'count("{column}")' for column in wanted)
        [(total, *filled)] = con.sql(f"SELECT count(*), {counts} FROM {table}").fetchall()
        if total:
            rows += [(table, column, total, n) for column, n in zip(wanted, filled, strict=True)]
    names = {"table_name": pl.String, "column_name": pl.String, "rows": pl.Int64, "filled": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


def coarse(full: pl.DataFrame) -> pl.DataFrame:
    """Completeness for the open level, in tens: who has died, or been recalled, must not be counted to the person."""
    tens = (((pl.col(name) + 5) // 10) * 10 for name in ("rows", "filled"))
    return full.with_columns(tens).filter(pl.col("rows") > 0)


def put(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table, column by name."""
    if frame.height:
        con.register("given", frame.to_arrow())
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given")
        con.unregister("given")
