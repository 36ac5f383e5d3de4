"""What the open level shows of places: bands of the whole area with enough people, and never all but one of them."""

import polars as pl

from metrics.places.held import COLUMNS
from release.models import at_level

FIGURES = pl.DataFrame(schema={"indicator": pl.String, "dim1": pl.String, "value": pl.Float64, "cohort": pl.String, "period": pl.String})  # fmt: skip


def band(name: str, held: int, outside: int, district: str = "", tier: str = "") -> dict[str, object]:
    return {
        "period": "2026Q3", "district": district, "tier": tier, "band": name, "sort": 0, "held": held, "held_inside": 3,
        "outside": outside, "outside_inside": 2, "people": 61, "entries": 92, "reoffences": 31, "raw": 33.7,
        "expected": 33.7, "lower": 21.2, "upper": 47.9, "reason": "",
    }  # fmt: skip


def opened(*rows: dict[str, object]) -> pl.DataFrame:
    return at_level({"place": pl.DataFrame(list(rows), schema=COLUMNS)}, "open", FIGURES)["place"]


def test_small_bands_districts_and_tiers_are_not_told() -> None:
    shown = opened(band("1", 21, 303), band("4-6", 3, 40), band("7-11", 22, 7), band("1", 12, 90, "fenland"), band("1", 14, 0, "", "tier_1"), band("2-3", 33, 122))  # fmt: skip
    assert shown["band"].to_list() == ["1", "2-3"]
    row = shown.to_dicts()[0]
    assert (row["held"], row["outside"], row["expected"], row["lower"], row["upper"]) == (20, 305, 35, 20, 50)
    assert (row["held_inside"], row["outside_inside"], row["reoffences"], row["raw"]) == (None, None, None, None)


def test_one_band_is_never_hidden_alone() -> None:
    shown = opened(band("1", 21, 303), band("2-3", 33, 122), band("4-6", 15, 40), band("7-11", 2, 11))
    assert shown["band"].to_list() == ["1", "2-3"], "with 4-6 shown, 7-11 would be the total less the rest"
    assert opened(band("1", 21, 303), band("2-3", 33, 122)).height == 2
