"""Which comparison is looked at, and everything that the release holds about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from components import data, verdicts
from metrics.compare.plan import moves
from release.read import Reader

Row = Mapping[str, Any]
PARTS = ("effects", "flow", "balance", "support", "effect_curves", "competing", "sensitivity")
"""The reader's methods, one for each table that tells of a comparison."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the filters choose between: the comparisons of one subject, by district and period."""

    subject: str
    title: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison, its headline effect, and the rows of every table about it."""

    about: Row
    effects: Sequence[Row] = ()
    flow: Sequence[Row] = ()
    balance: Sequence[Row] = ()
    support: Sequence[Row] = ()
    effect_curves: Sequence[Row] = ()
    competing: Sequence[Row] = ()
    sensitivity: Sequence[Row] = ()

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The rows of every table about it that has any, for a download: made only when asked for."""
        parts = {part: getattr(self, part) for part in PARTS}
        return {name: _frame(rows) for name, rows in {"comparison": [self.about], **parts}.items() if rows}

    @property
    def headline(self) -> Row | None:
        """The effect that the verdict is about."""
        return next((row for row in self.effects if row["headline"]), None)

    @property
    def windowed(self) -> bool:
        """Whether it is of quarters that move with the records, beside one over all time."""
        return moves(self.about.get("definition"))

    @property
    def frequency(self) -> Row | None:
        """How often people reoffended, as a difference by the published specification."""
        asked = ("frequency", "matched", "main", "difference")
        key = ("outcome", "method", "specification", "scale")
        return next((row for row in self.effects if tuple(row[name] for name in key) == asked), None)

    @property
    def beside(self) -> list[Row]:
        """The other outcomes, by the published specification: each once, as a difference where there is one."""
        chosen: dict[str, Row] = {}
        for row in self.effects:
            published = not row["headline"] and row["method"] == "matched" and row["specification"] == "main"
            if published and (row["outcome"] not in chosen or row["scale"] == "difference"):
                chosen[row["outcome"]] = row
        return [row for row in chosen.values() if self.headline is None or row["outcome"] != self.headline["outcome"]]

    def published(self, outcome: str, method: str, scale: str) -> Row | None:
        """One outcome's effect by one method in its published specification."""
        wanted = (outcome, method, "main", scale)
        names = ("outcome", "method", "specification", "scale")
        return next((row for row in self.effects if tuple(row[name] for name in names) == wanted), None)

    @property
    def other_ways(self) -> list[Row]:
        """The headline outcome worked out in other reasonable ways."""
        main = self.headline
        if main is None:
            return []
        same = [r for r in self.effects if r["outcome"] == main["outcome"] and r["scale"] == main["scale"]]
        return [row for row in same if not row["headline"]]


def choices(source: Reader) -> list[Choice]:
    """Every subject compared, with the districts it is compared in: IOM, the other schemes, programmes, by title."""
    found: dict[str, list[Row]] = {}
    for row in (case.about for case in every(source)):
        found.setdefault(f"{row['subject_kind']}:{row['subject']}", []).append(row)
    kinds = {"scheme": 0, "programme": 1}
    ordered = sorted(
        found.items(),
        key=lambda item: (kinds.get(item[1][0]["subject_kind"], 2), item[1][0]["subject"] != "iom", _name(item[1])),
    )
    return [Choice(key, _name(rows), tuple(sorted({row["district"] for row in rows}))) for key, rows in ordered]


def _name(rows: Sequence[Row]) -> str:
    """A subject's own title: that of its comparison over the whole area, where there is one."""
    whole = next((row for row in rows if not row["district"]), rows[0])
    return str(whole["title"])


def picked(source: Reader, subject: str, district: str) -> list[Case]:
    """The comparisons of a subject in a district ('' for the whole area): over all time first, then the latest period first."""
    kind, _, name = subject.partition(":")
    found = [
        case
        for case in every(source)
        if (case.about["subject_kind"], case.about["subject"], case.about["district"]) == (kind, name, district)
    ]
    latest = sorted(found, key=lambda case: case.about["to_period"], reverse=True)
    return sorted(latest, key=lambda case: case.windowed)


@lru_cache(maxsize=64)
def every(source: Reader) -> tuple[Case, ...]:
    """Every comparison with the rows of its tables, in the release's order; kept by its reader."""
    mine: dict[str, dict[str, list[Row]]] = {}
    for part in PARTS:
        for row in data.listed(source, part):
            mine.setdefault(row["comparison"], {}).setdefault(part, []).append(row)
    return tuple(Case(about, **mine.get(about["id"], {})) for about in data.listed(source, "comparisons"))


def _frame(rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame([dict(row) for row in rows], infer_schema_length=None)


def counted(cases: Sequence[Case]) -> tuple[int, int]:
    """How many comparisons were made, and how many verdicts do not survive an allowance for their number."""
    told = [case for case in cases if case.about["verdict"] != "no_verdict"]
    return len(told), sum(bool(case.headline and verdicts.luck(case.headline)) for case in told)
