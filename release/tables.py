"""The small tables of a release that are shown as they are: files, quarantine, completeness, targets, context."""

import json
from typing import Any

import duckdb
import polars as pl

from common.duck import cursor
from metrics.compare import concentration, why_it_moved
from release import standing

BENCHMARK: dict[str, Any] = {
    "indicator": pl.String, "area": pl.String, "cohort": pl.String, "period": pl.String, "value": pl.Float64,
    "numerator": pl.Float64, "denominator": pl.Float64, "year": pl.String, "source": pl.String,
    "definition_note": pl.String,
}  # fmt: skip
LATER: dict[str, dict[str, Any]] = {
    "benchmark": BENCHMARK, "concentration": concentration.COLUMNS, "decomposition": why_it_moved.COLUMNS,
    "standing": standing.COLUMNS,
}  # fmt: skip
"""Tables that the first releases did not have."""


class Tables:
    """A level's file, read through one locked connection with a new cursor for every query."""

    _con: duckdb.DuckDBPyConnection

    def sources(self) -> pl.DataFrame:
        """The files behind the release, with their reconciliation."""
        return self._query("SELECT * FROM source ORDER BY source, file")

    def quarantine(self) -> pl.DataFrame:
        """Rows set aside by file, table, column and rule."""
        return self._query("SELECT * FROM quarantine ORDER BY rows DESC, file, table_name, column_name, rule")

    def identity_conflicts(self) -> pl.DataFrame:
        """People with two different identifiers of one kind (kind, people), most first: in tens at the open level.

        They are counted as one person each. Empty where there are none, and for releases made before they were kept.
        """
        held = self._rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'identity_conflict'")
        if not held:
            return pl.DataFrame(schema={"kind": pl.String, "people": pl.Int64})
        return self._query("SELECT kind, people FROM identity_conflict ORDER BY people DESC, kind")

    def completeness(self) -> pl.DataFrame:
        """How full each column of each table is."""
        return self._query("SELECT * FROM completeness ORDER BY table_name, column_name")

    def without_prison(self) -> bool:
        """Whether no custody was loaded: then nobody released from custody is in the area and scheme cohorts."""
        rows = self._rows(
            "SELECT count(*) FILTER (table_name = 'custody_spell' AND rows > 0) AS n, count(*) AS m FROM completeness"
        )
        return bool(rows[0]["m"]) and not rows[0]["n"]

    def events(self) -> pl.DataFrame:
        """Dated notes for charts."""
        return self._query("SELECT * FROM event ORDER BY on_date, title")

    def targets(self, indicator: str | None = None) -> pl.DataFrame:
        """What the partnership expects, for one indicator or for all."""
        return self._query(
            "SELECT * FROM target WHERE $indicator IS NULL OR indicator = $indicator ORDER BY ALL",
            {"indicator": indicator},
        )

    def benchmarks(self, indicator: str | None = None) -> pl.DataFrame:
        """Published figures elsewhere: indicator, area, cohort, period, value, counts, year, source, definition note."""
        return self._since(
            "benchmark",
            "SELECT * FROM benchmark WHERE $name IS NULL OR indicator = $name ORDER BY indicator, cohort, area, period",
            indicator,
        )

    def concentration(self, period: str | None = None) -> pl.DataFrame:
        """How much of proven offending is by how few, in one period or in all (metrics.compare.concentration)."""
        return self._since(
            "concentration",
            "SELECT * FROM concentration WHERE $name IS NULL OR period = $name ORDER BY cohort, period, measure",
            period,
        )

    def decomposition(self, cohort: str | None = None) -> pl.DataFrame:
        """Why rates moved between two cohorts, part by part in the order drawn (metrics.compare.why_it_moved)."""
        return self._since(
            "decomposition",
            "SELECT * FROM decomposition WHERE $name IS NULL OR cohort = $name"
            " ORDER BY cohort, district, indicator, to_period, from_period, sort",
            cohort,
        )

    def standing(self, measure: str | None = None) -> pl.DataFrame:
        """How provision and the partners stand at each quarter's end, one measure or all (release/standing.py)."""
        return self._since(
            "standing",
            "SELECT * FROM standing WHERE $name IS NULL OR measure = $name ORDER BY heading, measure, district, period",
            measure,
        )

    def recorded_crime(self) -> pl.DataFrame:
        """Recorded crime by month, district and type: context, with no person behind it."""
        return self._query("SELECT * FROM recorded_crime ORDER BY month, district, crime_type")

    def boundaries(self) -> dict[str, dict[str, Any]]:
        """GeoJSON geometry by district, where the analyst has loaded boundaries; else empty."""
        return {row["district"]: json.loads(row["geojson"]) for row in self._rows("SELECT * FROM boundary")}

    def _since(self, table: str, sql: str, name: str | None) -> pl.DataFrame:
        """A table that earlier releases do not have: empty there."""
        held = self._query("SELECT 1 FROM duckdb_tables() WHERE table_name = $name", {"name": table})
        return self._query(sql, {"name": name}) if held.height else pl.DataFrame(schema=LATER[table])

    def _query(self, sql: str, params: dict[str, Any] | None = None) -> pl.DataFrame:
        con: duckdb.DuckDBPyConnection = cursor(self._con)
        try:
            return con.sql(sql, params=params or {}).pl()
        finally:
            con.close()

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        return self._query(sql).to_dicts()
