"""What a release says of itself: its store, its cut-off, the quarter being reviewed, its files, the code that made it."""

import datetime as dt
import subprocess
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import duckdb

from common import paths
from metrics.periods import quarter_end, quarter_of, quarter_start


def about(con: duckdb.DuckDBPyConnection, release_id: str, label: str) -> dict[str, Any]:
    [(store, cutoff, synthetic, area, created)] = con.sql(
        "SELECT id, cutoff, synthetic, area, created FROM store"
    ).fetchall()
    return {
        "id": release_id,
        "label": label,
        "area": area,
        "synthetic": synthetic,
        "cutoff": cutoff,
        "reporting_quarter": reporting_quarter(cutoff),
        "code_version": code_version(),
        "created": created,
        "store": store,
    }


def reporting_quarter(cutoff: dt.date) -> str:
    """The quarter being reviewed: the last that has ended by the cut-off."""
    quarter = quarter_of(cutoff)
    return quarter if quarter_end(quarter) <= cutoff else quarter_of(quarter_start(quarter) - dt.timedelta(days=1))


def sources(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = con.sql("SELECT * FROM source ORDER BY source, file").pl().to_dicts()
    return [row | {"as_at": row["as_at"].isoformat() if row["as_at"] else None} for row in rows]


def code_version() -> str:
    """The package's version and, where it runs from a checkout, the commit (with a + when files differ from it)."""
    try:
        number = version("iom-performance")
    except PackageNotFoundError:
        number = "unknown"
    try:
        ask = ["git", "-C", str(paths.REPO)]
        commit = subprocess.run(
            [*ask, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True, timeout=10
        )
        changed = subprocess.run(
            [*ask, "status", "--porcelain", "--untracked-files=no"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return number
    return f"{number} ({commit.stdout.strip()}{'+' if changed.stdout.strip() else ''})"
