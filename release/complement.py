"""Complementary suppression: what is hidden must not come back by subtraction.

A *line* is a published total and the cells that make it up: a district and its groups, a year and its quarters.
What a line's cells leave over (the people without a need, quarters not in any published year) is its residual:
never printed, but known to anybody who subtracts when all else is shown. In every line, either nothing needs
hiding or at least two members are unknown, and the unknown together hold more than seven people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

KEY = ("cohort", "period", "dim1", "val1", "dim2", "val2")
SMALL = 7
"""Counts of 1 to this many people are never shown."""


@dataclass(frozen=True)
class Lines:
    """Lines as arrays: `parent[l]` is the cell of line l's total; `cell[i]` is a child in line `line[i]`.

    `split[l]` says that the line divides one group of people (not a period), and `multi[l]` that it is the
    yes/no split of one value of a multi-valued dimension.
    """

    parent: np.ndarray
    cell: np.ndarray
    line: np.ndarray
    split: np.ndarray
    multi: np.ndarray

    def total(self, values: np.ndarray) -> np.ndarray:
        """The sum of each line's children."""
        return np.bincount(self.line, weights=values[self.cell].astype(float), minlength=len(self.parent))

    def residual(self, values: np.ndarray) -> np.ndarray:
        """What each line's children leave over of its total."""
        return values[self.parent] - self.total(values)


def lines(cells: pl.DataFrame, kinds: Mapping[str, str], covers: Mapping[tuple[str, str], Sequence[str]]) -> Lines:
    """The lines among published cells.

    `kinds` says of each dimension whether it is a partition or multi. `covers` gives for (cohort, period) the
    shorter published periods that it pools; those for which a table does not exist are left to the residual.
    """
    frame = cells.select(KEY).with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    found = [_space(frame, kinds, 1), _space(frame, kinds, 2), _time(frame, covers)]
    pairs = pl.concat(found)
    if not pairs.height:
        empty = np.zeros(0, dtype=np.int64)
        return Lines(empty, empty, empty, empty.astype(bool), empty.astype(bool))
    named = pairs.with_columns(line=pl.struct("parent", "name").rank("dense").cast(pl.Int64) - 1).sort("line", "cell")
    heads = named.unique("line", keep="first").sort("line")
    return Lines(
        parent=heads["parent"].to_numpy(),
        cell=named["cell"].to_numpy(),
        line=named["line"].to_numpy(),
        split=heads["split"].to_numpy(),
        multi=heads["multi"].to_numpy(),
    )


def _space(frame: pl.DataFrame, kinds: Mapping[str, str], side: int) -> pl.DataFrame:
    """Cells under the margin that is left when one of their dimensions is taken away."""
    dim, val, other, other_val = f"dim{side}", f"val{side}", f"dim{3 - side}", f"val{3 - side}"
    margin = frame.filter(pl.col("dim2") == "").select(
        pl.col("cell").alias("parent"), "cohort", "period", pl.col("dim1").alias("_dim"), pl.col("val1").alias("_val")
    )
    children = frame.filter(pl.col(dim) != "").with_columns(_dim=pl.col(other), _val=pl.col(other_val))
    multi = pl.col(dim).is_in([name for name, kind in kinds.items() if kind == "multi"])
    return children.join(margin, on=["cohort", "period", "_dim", "_val"]).select(
        "parent",
        "cell",
        name=pl.when(multi).then(pl.concat_str(pl.col(dim), pl.lit("="), pl.col(val))).otherwise(pl.col(dim)),
        split=pl.lit(True),
        multi=multi,
    )


def _time(frame: pl.DataFrame, covers: Mapping[tuple[str, str], Sequence[str]]) -> pl.DataFrame:
    """Cells of shorter periods under the same group's cell of the period that pools them."""
    pairs = [(cohort, period, child) for (cohort, period), children in covers.items() for child in children]
    steps = pl.DataFrame(pairs, schema=dict.fromkeys(("cohort", "_pooled", "period"), pl.String), orient="row")
    group = ["cohort", "dim1", "val1", "dim2", "val2"]
    parents = frame.select(pl.col("cell").alias("parent"), pl.col("period").alias("_pooled"), *group)
    return (
        frame.join(steps, on=["cohort", "period"])
        .join(parents, on=["_pooled", *group])
        .select("parent", "cell", name=pl.lit("time"), split=pl.lit(False), multi=pl.lit(False))
    )


def complete(
    lines: Lines,
    values: np.ndarray,
    hidden: np.ndarray,
    residual: tuple[np.ndarray, np.ndarray],
    weights: Iterable[np.ndarray] = (),
    *,
    base: np.ndarray,
) -> np.ndarray:
    """Hide further cells until no hidden cell of any line can be had by subtraction; returns all that is hidden.

    `base` is the count of people whose cells these are, `values` what is counted of them.
    `residual` says of each line whether it leaves something over, and whether that must not become known.
    `weights` are counts of which the hidden members of a line must together hold more than seven (the people,
    and those of them who did and who did not). The smallest cell that holds anybody is hidden first, then an
    empty one (an empty cell is a secret too when all else is in one group), and a total only as the last resort.
    """
    hidden = hidden.copy()
    weights = [np.asarray(w, dtype=float) for w in weights]
    left_over = [lines.residual(w) for w in weights]
    there, secret = residual
    size = len(lines.parent)
    if not size:
        return hidden
    # An empty cell under an empty total is known to be empty: it hides nothing.
    known = np.zeros(len(values), dtype=bool)
    known[lines.cell[(base[lines.parent] == 0)[lines.line]]] = True
    last = values.max() + 1
    rank = np.where(values > 0, values, last)  # empty cells come after those that hold anybody
    order = np.lexsort((lines.cell, rank[lines.cell], lines.line))
    cell, line = lines.cell[order], lines.line[order]
    while True:
        child = hidden[lines.cell]
        count = np.bincount(lines.line, weights=child, minlength=size)
        enough = np.ones(size, dtype=bool)
        for weight, over in zip(weights, left_over, strict=True):
            held = np.bincount(lines.line, weights=np.where(child, weight[lines.cell], 0.0), minlength=size)
            enough &= held + np.where(there, over, 0.0) > SMALL
        head = hidden[lines.parent]
        alone = count + head + there < 2
        bad = ((count + head > 0) | secret) & (alone | (~head & ~enough))
        if not bad.any():
            return hidden
        free = bad[line] & ~hidden[cell] & ~known[cell] & ((values[cell] > 0) | alone[line])
        lines_free, first = np.unique(line[free], return_index=True)
        hidden[cell[free][first]] = True
        stuck = bad.copy()
        stuck[lines_free] = False
        hidden[lines.parent[stuck]] = True
        if not free.any() and not (stuck & ~head).any():
            return hidden  # every member of every such line is hidden already: there is nothing left to tell
