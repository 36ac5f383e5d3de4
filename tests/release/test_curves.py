"""A county too small to have any curve is still published."""

import polars as pl

from metrics.catalogue import definition
from release.exact import CURVE
from release.open_level import KEY
from release.protected import protected_curves as _protected_curves


def test_no_curve_to_protect_gives_no_curve_rather_than_an_error() -> None:
    days = definition("days_to_first_reoffence")
    part = pl.DataFrame(schema={**dict.fromkeys(KEY, pl.String), f"{days.denominator}__shown": pl.Float64})
    monthly = pl.DataFrame(schema={"indicator": pl.Float64, "value": pl.Float64})
    assert _protected_curves(days, part, monthly).columns == list(CURVE)
