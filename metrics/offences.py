"""What an offence's code tells of it: how grave it is, and whether it is serious acquisitive crime.

*Severity* is the weight of the Crime Severity Score (Office for National Statistics): the mean sentence that such an offence
draws, in days of custody and their equivalent, from data/reference/severity_weights.csv. *Serious acquisitive crime* is the
Home Office's: burglary in a dwelling, robbery, theft of and from a vehicle (data/reference/serious_acquisitive.csv).

Weights are listed by crime recording code (28E, 8N, 37.2), and courts write class and subclass (028/01, 46). A code is
read as itself; else by its class: the recording code that is the class alone, or the middle weight of those of that
class; else, where the class has no weight or no code was given, by the middle weight of its group. Motoring offences have
no weight but the one listed.

Falls short: within a class or group the middle weight stands for offences that differ (class 8 runs from harassment to
wounding), so that a fall in the gravest of them is not seen. An offence without a code is serious acquisitive only where
its group is robbery: a burglary's code alone says whether it was of a dwelling.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median

import duckdb

from common.paths import reference

_CODE = re.compile(r"(\d{1,3})([A-Z])?(?:[/.](\d{1,2}))?|(\d{3})(\d{2})")
"""Class with a letter or a subclass (28E, 37.2, 028/01, 46), or class and subclass without a mark between (04600)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code tells: `severity` in hundredths of a point; `told` when the code itself, or its class, has a weight."""

    severity: int
    acquisitive: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """Hundredths of a point by recording code, and the middle one of each class and of each group."""

    code: Mapping[str, int]
    of_class: Mapping[int, int]
    group: Mapping[str, int]


@cache
def weights() -> Weights:
    """The weights of the Crime Severity Score from the committed file."""
    with reference("severity_weights.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    code = {row["offence_code"]: round(100 * float(row["weight"])) for row in rows}
    by_class: dict[int, list[int]] = {}
    by_group: dict[str, list[int]] = {}
    for row in rows:
        number, _ = placed(row["offence_code"]) or (0, None)
        by_class.setdefault(number, []).append(code[row["offence_code"]])
        by_group.setdefault(row["offence_group"], []).append(code[row["offence_code"]])
    by_group.pop("motoring", None)
    return Weights(
        code,
        {number: _middle(found) for number, found in by_class.items()},
        {group: _middle(found) for group, found in by_group.items()},
    )


def _middle(found: list[int]) -> int:
    return int(median(found) + 0.5)


@cache
def _acquisitive() -> Mapping[int, frozenset[int]]:
    """The classes of serious acquisitive crime, and the subclasses of those that are not so altogether."""
    with reference("serious_acquisitive.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["class"]): frozenset(map(int, row["subclasses"].split())) for row in csv.DictReader(file)}


def placed(code: str | None) -> tuple[int, int | None] | None:
    """Class and subclass of a Home Office code; None where it is not one.

    >>> placed("028/01"), placed("28E"), placed("37.2"), placed("04600"), placed("(F3)")
    ((28, 1), (28, None), (37, 2), (46, 0), None)
    """
    match = _CODE.fullmatch((code or "").strip().upper())
    if not match:
        return None
    number, letter, sub, joined, rest = match.groups()
    if joined:
        return int(joined), int(rest)
    return int(number), None if letter or sub is None else int(sub)


def kind(code: str | None, group: str) -> Kind:
    """What is known of an offence by its code and group.

    Burglary in a dwelling by the police's code and the court's; shop theft; robbery and burglary without a code:

    >>> kind("28E", "burglary"), kind("028/01", "burglary")
    (Kind(severity=46538, acquisitive=True, told=True), Kind(severity=46538, acquisitive=True, told=True))
    >>> kind("046/00", "theft")
    Kind(severity=1186, acquisitive=False, told=True)
    >>> kind(None, "robbery"), kind(None, "burglary")
    (Kind(severity=79963, acquisitive=True, told=False), Kind(severity=46538, acquisitive=False, told=False))
    """
    known, place = weights(), placed(code)
    number, sub = place or (None, None)
    exact = known.code.get((code or "").strip().upper())
    if exact is None and number is not None and sub is not None:
        exact = known.code.get(f"{number}.{sub}")
    if exact is None and number is not None:
        exact = known.code.get(str(number), known.of_class.get(number))
    severity = known.group.get(group, 0) if exact is None else exact
    if number is None:
        return Kind(severity, group == "robbery", exact is not None)
    subclasses = _acquisitive().get(number)
    acquisitive = subclasses is not None and (not subclasses or sub is None or sub in subclasses)
    return Kind(severity, acquisitive, exact is not None)


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The temp table `offence_kind` that facts/records.sql reads: every code and group of the store, and what it tells."""
    pairs = con.execute("SELECT DISTINCT offence_code, offence_group FROM offence").fetchall()
    con.execute(
        "CREATE OR REPLACE TEMP TABLE offence_kind"
        " (offence_code VARCHAR, offence_group VARCHAR, severity INTEGER, acquisitive BOOLEAN, told BOOLEAN)"
    )
    rows = []
    for code, group in pairs:
        found = kind(code, group)
        rows.append((code or "", group, found.severity, found.acquisitive, found.told))
    for first in range(0, len(rows), 500):
        some = rows[first : first + 500]
        places = ", ".join(["(?, ?, ?, ?, ?)"] * len(some))
        con.execute(f"INSERT INTO offence_kind VALUES {places}", [value for row in some for value in row])
