"""Observed against expected, hand-written: two years of the cohort `scheme` by two predictions and one standard."""

import duckdb
import polars as pl

NONE = {"observed": None, "expected": None, "brier": None, "auc": None, "intercept": None, "slope": None,
        "fitted_from": None, "fitted_to": None, "fitted_entries": None}  # fmt: skip
WHERE = {"cohort": "scheme", "period": "2024/25"}


def calibrated(basis, group, counts, half, **other):
    """One row: the value is observed less expected over entries, in percentage points."""
    (dim1, val1), (people, entries, observed, expected) = group, counts
    value = 100 * (observed - expected) / entries
    return WHERE | NONE | {
        "basis": basis, "dim1": dim1, "val1": val1, "people": people, "entries": entries, "observed": float(observed),
        "expected": float(expected), "value": value, "lower": value - half, "upper": value + half, **other,
    }  # fmt: skip


FITTED = {"intercept": 0.3, "slope": 1.02, "fitted_from": "2015Q1", "fitted_to": "2024Q1", "fitted_entries": 600}
CALIBRATION = [
    calibrated("national", ("", ""), (100, 120, 66, 54), 7.5, brier=0.21, auc=0.73),
    calibrated("local", ("", ""), (100, 120, 66, 60), 7.5, brier=0.2, auc=0.73, **FITTED),
    calibrated("national", ("", ""), (100, 120, 60, 57), 7.5, brier=0.22, auc=0.7, period="2023/24"),
    calibrated("national", ("managing_district", "fenland"), (40, 50, 35, 20), 12.0),
    calibrated("local", ("managing_district", "fenland"), (40, 50, 35, 22), 12.0),
    calibrated("national", ("managing_district", "cambridge"), (12, 14, 3, 6), 15.0),
    calibrated("local", ("managing_district", "cambridge"), (12, 14, 3, 6), 15.0),
    calibrated("national", ("managing_district", "not_known"), (48, 56, 28, 28), 12.0),
    calibrated("national", ("ogrs_band", "25-49"), (50, 60, 30, 21), 12.0),
    calibrated("local", ("ogrs_band", "25-49"), (50, 60, 30, 24), 12.0),
    calibrated("national", ("ogrs_band", "90+"), (6, 8, 8, 7), 10.0),
    calibrated("national", ("scheme", "iom"), (90, 110, 60, 50), 8.0),
    calibrated("local", ("scheme", "iom"), (90, 110, 60, 55), 8.0),
]  # fmt: skip


def _standard(dim1, val1, people, entries, ratio):
    return WHERE | {
        "dim1": dim1, "val1": val1, "strata": "age_band x sex x prior_band", "people": people, "entries": entries, "observed": None,
        "expected": None, "ratio": ratio, "ratio_lower": ratio - 0.2, "ratio_upper": ratio + 0.3, "byar_lower": None,
        "byar_upper": None, "rate": 40 * ratio, "lower": 30.0, "upper": 55.0, "standard": 40.0,
    }  # fmt: skip


STANDARDISED = [
    _standard("", "", 100, 120, 1.1),
    _standard("managing_district", "fenland", 40, 50, 1.42),
    _standard("scheme", "iom", 90, 110, 1.07),
]


def put(con: duckdb.DuckDBPyConnection, level: str) -> None:
    """The rows of one level: the open one has everybody together, without counts of who reoffended."""
    for table, rows in (("calibration", CALIBRATION), ("standardised", STANDARDISED)):
        frame = pl.DataFrame(rows, infer_schema_length=None)
        if level == "open":
            frame = frame.filter(pl.col("dim1") == "").with_columns(
                observed=pl.lit(None, pl.Float64), expected=pl.lit(None, pl.Float64)
            )
        con.register("_rows", frame.to_arrow())
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM _rows")
        con.unregister("_rows")
