"""The release's table of near misses: from a store's decisions to rows of both levels."""

import datetime as dt

import duckdb
import numpy as np
import polars as pl
import pytest

from metrics.compare.near_misses import SCHEMA, compute
from release.models import MODELS, at_level
from tests.facts.stores import empty_store, fill

CUTOFF = dt.date(2020, 12, 31)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """300 people scored from -15 to 14.9 from the threshold of 20; those at or above join, and half of the others reoffend."""
    rng = np.random.default_rng(1)
    names = [f"p{number}" for number in range(300)]
    distance = [round(-15 + number / 10, 1) for number in range(300)]
    chance = rng.random(300)
    decided = [
        {"person": n, "decided_on": "2018-03-01", "score": 20 + d, "threshold": 20.0, "score_version": "fine", "district": "fenland",
         "decision": "selected" if d >= 0 else "not_selected"} for n, d in zip(names, distance, strict=True)
    ]  # fmt: skip
    coarse = [
        row | {"score_version": "coarse", "score": float(row["score"] >= 20), "threshold": 1.0} for row in decided
    ]
    return fill(
        empty_store(),
        person=[{"person": n, "sex": "female" if i % 3 else "male"} for i, n in enumerate(names)],
        selection_decision=decided + coarse,
        scheme_episode=[{"person": n, "start_date": "2018-03-05"} for n, d in zip(names, distance, strict=True) if d >= 0],
        offence=[
            {"person": n, "offence_date": "2018-06-01", "proven_date": "2018-07-01"}
            for n, d, u in zip(names, distance, chance, strict=True) if u < (0.1 if d >= 0 else 0.5)
        ],
    )  # fmt: skip


def test_each_score_has_a_row_for_each_outcome_or_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    rows = {(row["version"], row["outcome"]): row for row in compute(con, CUTOFF).to_dicts()}
    assert set(rows) == {(version, outcome) for version in ("fine", "coarse") for outcome in ("rate", "frequency")}
    fine, coarse = rows["fine", "rate"], rows["coarse", "rate"]
    assert (fine["subject"], fine["design"], fine["reason"]) == ("scheme:iom", "sharp", "")
    assert fine["lower"] <= -40 <= fine["upper"]
    assert fine["lower"] < fine["estimate"] < fine["upper"]
    assert (fine["jump"], fine["people"]) == (pytest.approx(100), fine["below"] + fine["above"])
    assert (coarse["estimate"], coarse["people"]) == (None, 300)
    assert "too coarse" in coarse["reason"]


NOTHING_SHOWN = pl.DataFrame(
    schema={"indicator": pl.String, "cohort": pl.String, "period": pl.String, "dim1": pl.String, "value": pl.Float64}
)


def test_the_open_level_has_coarse_figures_and_no_refusals(con: duckdb.DuckDBPyConnection) -> None:
    exact = compute(con, CUTOFF)
    [model] = [model for model in MODELS if model.table == "near_miss"]
    shown = at_level({model.table: exact}, "open", NOTHING_SHOWN)["near_miss"]
    assert shown["version"].unique().to_list() == ["fine"]
    for row, true in zip(shown.to_dicts(), exact.filter(exact["version"] == "fine").to_dicts(), strict=True):
        assert row["lower"] <= true["lower"] <= true["upper"] <= row["upper"]
        assert row["below"] % 5 == row["above"] % 5 == row["people"] % 5 == 0
        assert [row[name] for name in ("treated", "comparison", "p_value", "bandwidth", "density_p_value")] == [
            None
        ] * 5


def test_a_store_without_scores_has_no_rows_but_all_columns() -> None:
    made = compute(empty_store(), CUTOFF)
    assert (made.height, made.columns) == (0, list(SCHEMA))
