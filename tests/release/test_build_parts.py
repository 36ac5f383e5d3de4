"""Small parts of the release build that stand by themselves."""

import polars as pl

from release.write import coarse


def test_completeness_is_told_in_tens_at_the_open_level() -> None:
    full = pl.DataFrame(
        {"table_name": ["a", "b", "c"], "column_name": "x", "rows": [1284, 4, 15], "filled": [1277, 3, 4]}
    )
    assert coarse(full).rows() == [("a", "x", 1280, 1280), ("c", "x", 20, 0)]
