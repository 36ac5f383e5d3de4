"""The area's districts, from `data/reference/geography.csv`: geography is data."""

import functools

import polars as pl

from common import paths

FILE = "geography.csv"


@functools.cache
def geography() -> pl.DataFrame:
    """Every district and every way of having none, with the areas that each belongs to."""
    types = {"tile_x": pl.Int64, "tile_y": pl.Int64, "in_area": pl.Boolean}
    return pl.read_csv(paths.reference(FILE), schema_overrides=types, infer_schema=False)


@functools.cache
def district_values() -> dict[str, str]:
    """Every spelling of a district that a source may use (slug, label, ONS code) and the slug it means."""
    values: dict[str, str] = {}
    for row in geography().iter_rows(named=True):
        for spelling in (row["district"], row["label"], row["ons_code"]):
            if spelling:
                values[" ".join(spelling.split()).lower()] = row["district"]
    return values
