"""Rates by time at liberty, cell by cell: 386 people of Toronto, court contacts at each age from 9 to 38.

crimCV's TO2 (counts), TO2Risk (share of the year at liberty) and TO2adj (counts adjusted, whole numbers): our offences a
year at liberty, offences / days at liberty x 365.25, rounded.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

AGES = range(9, 39)


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> dict[str, pl.DataFrame]:
    folder = shared_data / "toronto"
    if not folder.is_dir():
        pytest.skip("the data are not here: expected the folder shared/data/toronto")
    return {name: pl.read_csv(folder / f"{name}.csv").drop("") for name in ("TO2", "TO2Risk", "TO2adj")}


def rates(count: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Our definition over one cell for each person and age."""
    from metrics.catalogue import definition
    from metrics.cube import MOMENTS
    from metrics.kinds import compute

    x, d = count.ravel(), days.ravel()
    sums = {name: x ** name.count("x") * d ** name.count("d") for name in MOMENTS[1:10]}
    number = {name: np.ones(len(x)) for name in ("n", "people", "known")} | {
        "positive": (x > 0).astype(float),
        "entries": d,
    }
    keys = {
        "cohort": "c",
        "period": "p",
        "dim1": "cell",
        "val1": [f"{at:05d}" for at in range(len(x))],
        "dim2": "",
        "val2": "",
    }
    made = compute(definition("offences_per_year_at_liberty"), pl.DataFrame(keys | sums | number))
    return made.sort("val1")["value"].to_numpy().reshape(count.shape)


def test_every_cell_of_the_adjusted_file(tables: dict[str, pl.DataFrame]) -> None:
    """All 11,580 cells. The file's authors capped it at 25 a year: 33 cells, which our rates show as they are."""
    count, share, adjusted = (tables[name].to_numpy().astype(float) for name in ("TO2", "TO2Risk", "TO2adj"))
    assert count.shape == (386, len(AGES))
    found = rates(count, share * 365.25)
    assert np.array_equal(np.minimum(np.round(found), 25), adjusted)
    capped = np.round(found) > 25
    assert capped.sum() == 33
    assert (adjusted[capped] == 25).all()
    assert np.array_equal(np.round(found)[~capped], adjusted[~capped])


def test_a_groups_rate_is_summed_offences_over_summed_days(tables: dict[str, pl.DataFrame]) -> None:
    """Not the mean of people's rates: one week at liberty with one offence would weigh as much as a year."""
    count, share = (tables[name].to_numpy().astype(float) for name in ("TO2", "TO2Risk"))
    pooled = count.sum() / (share.sum() * 365.25) * 365.25
    assert pooled == pytest.approx(count.sum() / share.sum())
    assert (count / share).mean() > 1.3 * pooled
