"""Two hand-written comparisons for the hand-written release: one with a verdict, one without."""

import datetime as dt
import json

import duckdb
import polars as pl

ABOUT = {
    "subject_kind": "scheme", "subject": "iom", "from_period": "2024Q1", "to_period": "2025Q1", "outcome_days": 365,
    "waiting_days": 183, "rubric": "Maryland scale, matching on a propensity score taken as level 3", "evidence": "{}",
    "definition": json.dumps({"id": "iom"}), "inputs_sha256": "0" * 64,
}  # fmt: skip
COMPARISONS = [
    {**ABOUT, "id": "iom", "title": "IOM", "district": "", "submitted": 120, "matched": 100, "analysed": 98,
     "controls": 410, "pool": 5000, "joined_later": 12, "verdict": "fewer", "reason": "", "grade": 3, "sort": 1},
    {**ABOUT, "id": "iom_fenland", "title": "IOM, Fenland", "district": "fenland", "submitted": 41, "matched": None,
     "analysed": None, "controls": None, "pool": 900, "joined_later": None, "verdict": "no_verdict",
     "reason": "fewer than 60 people were submitted", "grade": None, "sort": 2},
]  # fmt: skip
EFFECT = {
    "comparison": "iom", "outcome": "rate", "method": "matched", "specification": "main", "scale": "difference",
    "unit": "percentage points", "estimate": -6.4, "lower": -9.2, "upper": -3.6, "treated": 42.0, "expected": 48.4,
    "p_value": 0.001, "q_value": 0.004, "people": 98, "verdict": "fewer", "headline": True,
}  # fmt: skip
EFFECTS = [
    EFFECT,
    EFFECT | {"specification": "k1", "headline": False, "estimate": -5.0, "lower": -9.9, "upper": -0.1},
    EFFECT | {"specification": "overlap", "headline": False, "estimate": -4.0, "lower": -8.5, "upper": 0.5},
    EFFECT | {"outcome": "frequency", "unit": "reoffences per 100 people", "headline": False, "estimate": -13.0,
              "lower": -40.0, "upper": 14.0, "treated": 142.0, "expected": 155.0, "verdict": "cannot_tell"},
    EFFECT | {"outcome": "occasions", "unit": "reconviction events per 100 people", "headline": False, "estimate": -17.0,
              "lower": -40.0, "upper": 6.0, "treated": 120.0, "expected": 137.0, "verdict": "cannot_tell"},
    EFFECT | {"outcome": "time", "unit": "days", "headline": False, "estimate": 14.0, "lower": 3.0, "upper": 25.0,
              "treated": 281.0, "expected": 267.0},
    EFFECT | {"outcome": "hazard", "method": "cox", "scale": "ratio", "unit": "hazard ratio", "headline": False,
              "estimate": 0.81, "lower": 0.66, "upper": 0.99, "treated": None, "expected": None},
    EFFECT | {"outcome": "hazard", "method": "log_rank", "scale": "ratio", "unit": "hazard ratio", "headline": False,
              "estimate": None, "lower": None, "upper": None, "treated": None, "expected": None, "p_value": 0.038,
              "verdict": "no_verdict"},
]  # fmt: skip
FLOW = [
    {"comparison": "iom", "sort": 0, "step": "submitted", "people": 120, "reason": ""},
    {
        "comparison": "iom",
        "sort": 1,
        "step": "followed",
        "people": 100,
        "reason": "their follow-up is not complete yet",
    },
    {"comparison": "iom", "sort": 2, "step": "analysed", "people": 98, "reason": "what followed is not known"},
]
BALANCE = [
    {"comparison": "iom", "covariate": "charges_365", "level": "", "before": 0.81, "after": 0.04, "treated_mean": 4.0,
     "pool_mean": 0.6, "matched_mean": 3.9},
    {"comparison": "iom", "covariate": "sex", "level": "female", "before": -0.2, "after": -0.03, "treated_mean": 0.1,
     "pool_mean": 0.2, "matched_mean": 0.12},
]  # fmt: skip
SUPPORT = [
    {"comparison": "iom", "bin": b, "treated": t, "pool": p}
    for b, t, p in ((0.0, 20, 4800), (0.2, 50, 180), (0.5, 28, 20))
]
CURVE = [
    {
        "comparison": "iom",
        "arm": arm,
        "day": day,
        "value": value,
        "lower": value - 3,
        "upper": value + 3,
        "at_risk": 90.0,
    }
    for arm, values in (("treated", (0.0, 24.0, 42.0)), ("comparison", (0.0, 29.0, 48.0)))
    for day, value in zip((0, 182, 364), values, strict=True)
]
COMPETING = [
    {"comparison": "iom", "arm": arm, "cause": cause, "day": day, "value": value, "lower": max(value - 3, 0), "upper": value + 3,
     "at_risk": 90.0}
    for (arm, cause), values in {
        ("treated", "reoffence"): (0.0, 22.0, 37.0), ("comparison", "reoffence"): (0.0, 27.0, 43.0),
        ("treated", "custody"): (0.0, 9.0, 15.0), ("comparison", "custody"): (0.0, 5.0, 8.0),
    }.items()
    for day, value in zip((0, 182, 364), values, strict=True)
]  # fmt: skip
SENSITIVITY = [
    {"comparison": "iom", "outcome": "rate", "measure": "e_value", "value": 1.57, "note": ""},
    {"comparison": "iom", "outcome": "rate", "measure": "rosenbaum", "value": 1.2, "note": ""},
]
BEFORE_AFTER = [
    {"scheme": "iom", "district": "", "design": "first_selection", "fixed_date": dt.date(2024, 2, 1),
     "measure": "offences_per_year_at_liberty", "people": 51, "baseline": 5.0, "first_baseline": 5.0, "follow_up": 3.0,
     "expected_follow_up": 3.4, "change": -40.0, "change_lower": -55.0, "change_upper": -20.0, "expected_change": -32.0,
     "remainder": -12.0, "remainder_lower": -35.0, "remainder_upper": 15.0, "finding": "cannot_tell", "status": "final",
     "reason": ""},
]  # fmt: skip


def _step(rule: str, scheme: str, year: str, step: str, sort: int, people: int, rate: float) -> dict[str, object]:  # noqa: PLR0917
    change = (
        {"before_per_100": 210.0, "change": -55.0, "change_lower": -68.0, "change_upper": -38.0} if not sort else {}
    )
    return {
        "rule": rule, "scheme": scheme, "year": year, "step": step, "sort": sort, "people": people, "entries": people, "rate": rate,
        "rate_lower": rate - 6, "rate_upper": rate + 7, "per_100": 3 * rate, "per_100_lower": 2 * rate, "per_100_upper": 5 * rate,
        "in_custody": 38.0 - 3 * sort,
    } | dict.fromkeys(("before_per_100", "change", "change_lower", "change_upper")) | change  # fmt: skip


PARALLEL = [
    *(
        _step("on_date", "iom", "2024/25", step, sort, people, rate)
        for sort, (step, people, rate) in enumerate(
            (("old", 190, 28.0), ("entered", 72, 43.0), ("clock", 72, 48.0), ("scheme", 120, 44.0), ("all", 140, 41.0))
        )
    ),
    _step("tested", "dip", "2024/25", "old", 0, 41, 60.0),
    _step("tested", "dip", "2024/25", "all", 4, 140, 41.0),
]


def put(con: duckdb.DuckDBPyConnection, level: str) -> None:
    """The rows of one level: common support is the partnership's alone."""
    tables = {
        "comparison": COMPARISONS, "effect": EFFECTS, "flow": FLOW, "balance": BALANCE, "effect_curve": CURVE,
        "competing": COMPETING,
        "sensitivity": SENSITIVITY, "before_after": BEFORE_AFTER,
        "parallel": [row for row in PARALLEL if level == "partnership" or row["step"] == "old"],
    }  # fmt: skip
    if level == "partnership":
        tables["support"] = SUPPORT
    for table, rows in tables.items():
        con.register("_rows", pl.DataFrame(rows, infer_schema_length=None).to_arrow())
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM _rows")
        con.unregister("_rows")
