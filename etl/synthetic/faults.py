"""Faults of the kinds that real extracts have, put into an extract and listed for the sidecar.

Each faulty row gets one fault, and the list says which file and row, which column, and what the loader should
make of it. Faults keep away from the first row of each person, so that identifiers still meet.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

SHARE = 0.0015
"""Share of a file's rows that each kind of fault touches: at least one row each, at most a hundred."""
MOST = 100


@dataclass(frozen=True)
class Fault:
    """A kind of fault an extract may have. `column` is the source's; `to` and `canonical` say where it shows."""

    kind: str
    column: str = ""
    other: str = ""
    to: str = ""
    canonical: str = ""
    rule: str = ""
    values: tuple[str, ...] = ()


def bad_date(column: str, to: str, canonical: str) -> Fault:
    """A date that no calendar has."""
    return Fault("bad date", column, "", to, canonical, "not a date", ("31/02/2021", "00/00/0000", "TBC", "2021-13-45"))


def unknown_code(column: str, to: str, canonical: str, *values: str) -> Fault:
    """A value that the mapping does not know."""
    rule = "not a value that the mapping knows" if to else "no table takes this row"
    return Fault("unknown code", column, "", to, canonical, rule, values)


def bad_number(column: str, to: str, canonical: str, rule: str = "not a whole number") -> Fault:
    """Words where a number should stand."""
    return Fault("bad number", column, "", to, canonical, rule, ("N/K", "circa 30", "1o"))


def blank(column: str, to: str, canonical: str) -> Fault:
    """A cell that has to be filled, empty."""
    return Fault("blank", column, "", to, canonical, "missing", ("",))


def missing_ids(columns: str, to: str) -> Fault:
    """A row with no identifier at all. `columns` are separated by |."""
    return Fault("missing identifier", columns, "", to, "person_key", "no identifier", ("",))


def dates_reversed(first: str, last: str, to: str, rule: str) -> Fault:
    """Two dates entered the wrong way round."""
    return Fault("dates reversed", first, last, to, "(whole row)", rule)


WRONG_WIDTH = Fault("wrong number of columns", rule="wrong number of columns", canonical="(whole row)")
DUPLICATE = Fault("duplicate", rule="exact duplicate of an earlier row", canonical="(whole row)")


@dataclass
class Spoilt:
    """An extract with its faults: the frame, rows that are to be written too wide, and what was done."""

    frame: pl.DataFrame
    wide: set[int] = field(default_factory=set)
    faults: list[dict[str, object]] = field(default_factory=list)


def spoil(
    frame: pl.DataFrame, faults: tuple[Fault, ...], rng: np.random.Generator, first_row: int, spare: str | None
) -> Spoilt:
    """Put faults into a frame of text. `first_row` is the number of its first row in the file; `spare` names the
    column of identifiers whose first rows are left alone."""
    done = Spoilt(frame)
    height = frame.height
    if height < 12:
        return done
    usable = np.ones(height, bool)
    if spare is not None:
        usable &= ~frame[spare].is_first_distinct().to_numpy()
    changes: dict[str, dict[int, str]] = {}
    repeats: list[int] = []
    for fault in faults:
        rows = _choose(frame, fault, usable, rng)
        usable[rows] = False
        for at in rows:
            row = int(at)
            if fault.kind == "duplicate":
                repeats.append(row)
                continue
            if fault.kind == "wrong number of columns":
                done.wide.add(row)
            elif fault.kind == "dates reversed":
                changes.setdefault(fault.column, {})[row] = frame[fault.other][row]
                changes.setdefault(fault.other, {})[row] = frame[fault.column][row]
            else:
                value = fault.values[int(rng.integers(len(fault.values)))]
                for column in fault.column.split("|"):
                    changes.setdefault(column, {})[row] = value
            done.faults.append(_entry(fault, row + first_row, "quarantined"))
    for column, cells in changes.items():
        values = frame[column].to_list()
        for row, value in cells.items():
            values[row] = value
        done.frame = done.frame.with_columns(pl.Series(column, values, dtype=pl.String))
    for number, row in enumerate(repeats):
        done.frame = done.frame.vstack(done.frame[row : row + 1])
        done.faults.append(_entry(DUPLICATE, height + number + first_row, "duplicate"))
    return done


def _choose(frame: pl.DataFrame, fault: Fault, usable: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    allowed = usable
    if fault.kind == "dates reversed":
        differ = (frame[fault.column] != frame[fault.other]) & (frame[fault.column] != "") & (frame[fault.other] != "")
        allowed = allowed & differ.fill_null(False).to_numpy()
    elif fault.column:
        filled = pl.Series(np.zeros(frame.height, bool))
        for column in fault.column.split("|"):
            filled |= frame[column].fill_null("") != ""
        allowed = allowed & filled.to_numpy()
    places = np.flatnonzero(allowed)
    wanted = min(MOST, max(1, round(frame.height * SHARE)), len(places))
    return np.sort(rng.choice(places, wanted, replace=False)) if wanted else np.empty(0, np.int64)


def _entry(fault: Fault, row: int, expected: str) -> dict[str, object]:
    return {
        "row": row, "kind": fault.kind, "column": fault.column, "table": fault.to, "canonical": fault.canonical,
        "expected": expected, "rule": fault.rule,
    }  # fmt: skip
