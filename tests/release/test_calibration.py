"""What the open level may show of the calibration and of standardised rates."""

import polars as pl

from metrics.compare import calibration, standardise
from release.models import MODELS, at_level


def row(schema: dict, **given: object) -> dict:
    blank = {name: "" if kind == pl.String else 0.5 for name, kind in schema.items()}
    return blank | {"people": 103, "entries": 111} | given


def opened(table: str, schema: dict, rows: list[dict]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=schema, orient="row", strict=False)
    assert table in {model.table for model in MODELS}
    return at_level({table: frame}, "open", rates(frame))[table]


def rates(frame: pl.DataFrame, hidden: tuple[str, ...] = ()) -> pl.DataFrame:
    """The open level's reoffending rates of the same cohorts and periods, some of them hidden."""
    cells = frame.select("cohort", "period").unique()
    value = pl.when(pl.col("period").is_in(hidden)).then(None).otherwise(30.0)
    return cells.with_columns(value=value, indicator=pl.lit("reoffending_rate"), dim1=pl.lit(""))


def test_no_counts_of_who_reoffended_and_nothing_by_district() -> None:
    rows = [
        row(
            calibration.SCHEMA,
            value=9.4,
            lower=1.9,
            upper=16.7,
            observed=76.0,
            expected=62.8,
            brier=0.1441,
            fitted_entries=1234,
        ),
        row(calibration.SCHEMA, dim1="ogrs_band", val1="0-24", people=33, value=7.6, lower=-1.01, upper=23.5),
        row(calibration.SCHEMA, dim1="ogrs_band", val1="90+", people=29),
        row(calibration.SCHEMA, dim1="managing_district", val1="fenland"),
        row(calibration.SCHEMA, dim1="scheme", val1="iom"),
    ]
    found = opened("calibration", calibration.SCHEMA, rows)
    assert found["val1"].to_list() == [""]  # no rate of a band is published, so nothing that would tell it
    told = found.row(0, named=True)
    assert (told["people"], told["entries"], told["fitted_entries"]) == (105, 110, 1235)
    assert (told["value"], told["lower"], told["upper"], told["brier"]) == (9, 1, 17, 0.14)
    assert found["observed"].null_count() == found["expected"].null_count() == 1


def test_standardised_rates_are_of_thirty_people_or_more_and_of_everybody() -> None:
    rows = [
        row(
            standardise.SCHEMA,
            ratio=1.03,
            ratio_lower=0.83,
            ratio_upper=1.27,
            rate=32.4,
            lower=26.02,
            upper=39.87,
            standard=31.5,
        ),
        row(standardise.SCHEMA, people=12),
        row(standardise.SCHEMA, dim1="managing_district", val1="fenland"),
    ]
    found = opened("standardised", standardise.SCHEMA, rows)
    assert found.height == 1
    told = found.row(0, named=True)
    assert (told["ratio"], told["ratio_lower"], told["ratio_upper"]) == (1.0, 0.8, 1.3)
    assert (told["rate"], told["lower"], told["upper"]) == (32, 26, 40)
    assert told["observed"] is told["expected"] is told["byar_lower"] is None


def test_what_would_tell_a_hidden_rate_is_hidden_too() -> None:
    rows = [row(calibration.SCHEMA, period="2022/23"), row(calibration.SCHEMA, period="2023/24")]
    frame = pl.DataFrame(rows, schema=calibration.SCHEMA, orient="row", strict=False)
    shown = at_level({"calibration": frame}, "open", rates(frame, hidden=("2022/23",)))["calibration"]
    assert shown["period"].to_list() == ["2023/24"]
    assert at_level({"calibration": frame}, "partnership", rates(frame))["calibration"].height == 2


def test_an_interval_across_nought_stays_across_it() -> None:
    rows = [row(calibration.SCHEMA, value=7.6, lower=-1.01, upper=23.5)]
    told = opened("calibration", calibration.SCHEMA, rows).row(0, named=True)
    assert told["lower"] < 0 < told["upper"]
