"""How the counts of one fact hang together: which are parts of which, which are the same, and which add up to another.

Complementary suppression works on the groups of one count. Two counts of the same rows, each safe by itself, may tell
by subtraction what a third one hides: decisions against the score, less those above it, are those below it. What hangs
together is read from the rows: in which combinations the counts' conditions are true.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl

from release.complement import SMALL
from release.protect import Quantity

PEOPLE = "people:"
"""Before the condition of a count of different people, where without it the rows are counted."""


@dataclass(frozen=True, slots=True)
class Related:
    """Pairs of counts of the same rows or people, which are hidden together or have more than 7 between them, and sums
    (whole, part, part)."""

    same: tuple[tuple[str, str], ...] = ()
    sums: tuple[tuple[str, str, str], ...] = ()


NOTHING_TIED = Related()


def related(con: duckdb.DuckDBPyConnection, fact: str, of: Sequence[Quantity]) -> tuple[list[Quantity], Related]:
    """The quantities with the counts that each is within, a part after its wholes; and what else ties them."""
    counts = [q for q in of if not q.magnitude]
    true = _patterns(con, fact, counts)
    inside = {
        (a.name, b.name) for a, b in itertools.permutations(counts, 2) if not (true[a.name] & ~true[b.name]).any()
    }
    held = {q.name for q in counts if true[q.name].any()}
    same: list[tuple[str, str]] = []
    within: dict[str, list[str]] = {q.name: [] for q in of}
    for a, b in itertools.combinations(counts, 2):
        if (a.name, b.name) in inside and (b.name, a.name) in inside:
            same.append((a.name, b.name))
    for part, whole in inside:
        if part in held and (whole, part) not in inside and _of_people(part) == _of_people(whole):
            within[part].append(whole)
    sums = [
        (total.name, a.name, b.name)
        for total in counts
        for a, b in itertools.combinations([q for q in counts if q.name in held], 2)
        if (a.name, total.name) in inside and (b.name, total.name) in inside
        and not (true[a.name] & true[b.name]).any() and not (true[total.name] & ~true[a.name] & ~true[b.name]).any()
        and not any(_of_people(q.name) for q in (total, a, b))
    ]  # fmt: skip
    known = {q.name: replace(q, within=tuple(sorted(set(within[q.name]) - {q.of}))) for q in of}
    return _wholes_first(known), Related(tuple(same), tuple(sums))


def also_hidden(found: pl.DataFrame, ties: Related) -> dict[str, np.ndarray]:
    """Cells of each quantity to hide for the sake of another: of two that are the same, and of a sum's last unknown."""
    hidden: dict[str, np.ndarray] = {}

    def of(name: str) -> np.ndarray:
        return hidden.setdefault(name, found[f"{name}__shown"].is_null().to_numpy().copy())

    for a, b in ties.same:
        less, more = sorted((a, b), key=lambda name: found[name].sum())
        between = (found[more] - found[less]).to_numpy()
        if _of_people(a) == _of_people(b) and between.any():  # what is not known of some is left out of one of them
            hidden[less] = of(less) | (~of(more) & (between > 0) & (between <= SMALL))
        else:
            hidden[a] = hidden[b] = of(a) | of(b)
    for whole, a, b in ties.sums:
        alone = (of(whole).astype(int) + of(a) + of(b) == 1) & (found[whole].to_numpy() > 0)
        smaller = found[a].to_numpy() <= found[b].to_numpy()
        take_a = alone & (of(b) | (~of(a) & smaller))
        take_b = alone & ~take_a
        hidden[a], hidden[b] = of(a) | take_a, of(b) | take_b
    return hidden


def _of_people(name: str) -> bool:
    return name.startswith(PEOPLE)


def _patterns(con: duckdb.DuckDBPyConnection, fact: str, counts: Sequence[Quantity]) -> Mapping[str, np.ndarray]:
    """For each count, in which of the combinations of conditions that occur among the rows it is true."""
    columns = ", ".join(
        f"coalesce(CAST(({q.name.removeprefix(PEOPLE)}) AS DOUBLE) > 0, false) AS q{place}"
        for place, q in enumerate(counts)
    )
    rows = con.sql(f"SELECT DISTINCT {columns} FROM {fact}").pl()
    return {q.name: rows[f"q{place}"].to_numpy() for place, q in enumerate(counts)}


def _wholes_first(known: Mapping[str, Quantity]) -> list[Quantity]:
    order: dict[str, Quantity] = {}

    def add(q: Quantity) -> None:
        for name in (*((q.of,) if q.of else ()), *q.within):
            if name not in order:
                add(known[name])
        order.setdefault(q.name, q)

    for q in known.values():
        add(q)
    return [*order.values()]
