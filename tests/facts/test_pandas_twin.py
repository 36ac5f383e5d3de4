"""The pandas yardstick answers as the SQL does, or its timing would mean nothing."""

import datetime as dt
import runpy
from pathlib import Path

import pandas as pd
import pytest

from metrics.cohorts import cohorts
from metrics.derive import derive
from tests.facts.random_county import CUTOFF, county
from tests.facts.stores import empty_store, fill

YARDSTICK = runpy.run_path(str(Path(__file__).resolve().parents[2] / "benchmarks" / "pandas_twin.py"))
COLUMNS, READ, index_event = YARDSTICK["COLUMNS"], YARDSTICK["READ"], YARDSTICK["index_event"]


@pytest.mark.parametrize("seed", [21, 22, 23, 24])
def test_pandas_equals_sql(seed: int) -> None:
    con = fill(empty_store(), **county(seed, people=25))
    derive(con, CUTOFF, [cohort for cohort in cohorts() if cohort.id == "area"])
    tables = {name: con.sql(f"SELECT {chosen} FROM {name}").pl().to_pandas() for name, chosen in READ.items()}
    expected = con.sql("SELECT * FROM index_event").pl().to_pandas()
    found = index_event(tables, CUTOFF)
    found = found[found["period"].isin(expected["period"].unique())]
    assert len(expected) > 30
    assert set(COLUMNS) == set(expected.columns) - {"cohort"}, "the twin makes every column that the SQL makes"
    pd.testing.assert_frame_equal(
        _ordered(found, COLUMNS),
        _ordered(expected, COLUMNS),
        check_dtype=False,
        check_names=False,
        check_index_type=False,
    )


def _ordered(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    kept = frame[columns].copy()
    kept["index_date"] = pd.to_datetime(kept["index_date"]).dt.date
    kept["days_to_first"] = kept["days_to_first"].astype("Float64")
    for name in ("scheme", "need"):
        kept[name] = kept[name].map(tuple)
    assert kept["index_date"].map(type).eq(dt.date).all()
    return kept.sort_values(["person_key", "period"], ignore_index=True)
