"""The closed list of tables that a release has at each level (lattice.toml), worked out for each cohort and fact."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from metrics.cohorts import Cohort
from metrics.dimensions import FACTS, dimensions

FILE = Path(__file__).with_name("lattice.toml")
LEVELS = ("partnership", "open")
KINDS = ("quarter", "year", "three_years", "all")
EVERY_FACT = "*"
CLOCKS = ("", "reoffending", "process")
SHAPES = ("total", "one_way", "district_by_one")
Table = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the lattice: for these facts and cohorts, these shapes of table over these kinds of period."""

    level: str
    facts: tuple[str, ...]
    kinds: tuple[str, ...]
    shapes: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    more: tuple[Table, ...] = ()
    follow_up_up_to: int | None = None
    clock: str = ""

    def covers(self, fact: str, cohort: Cohort) -> bool:
        """Whether the rule speaks of this fact and cohort."""
        return (
            (fact in self.facts or EVERY_FACT in self.facts)
            and self.clock in ("", cohort.clock)
            and (not self.entries or cohort.entry in self.entries)
            and (self.follow_up_up_to is None or cohort.follow_up_days <= self.follow_up_up_to)
        )

    def tables(self, cohort: Cohort) -> set[Table]:
        """The tables the rule adds for a cohort."""
        district = cohort.district_dimension
        found: set[Table] = {()} if "total" in self.shapes else set()
        if "one_way" in self.shapes:
            found |= {(d,) for d in self.dimensions}
        if "district_by_one" in self.shapes:
            found |= {ordered((district, d)) for d in self.dimensions if not d.endswith("_district")}
        return found | {ordered(table) for table in self.more}


def ordered(table: Sequence[str]) -> Table:
    """A table's dimensions in the order in which the figure table keeps them."""
    order = _order()
    return tuple(sorted(table, key=lambda d: order[d]))


@cache
def _order() -> dict[str, int]:
    return {name: dimension.sort for name, dimension in dimensions().items()}


def tables(level: str, fact: str, cohort: Cohort, kind: str, path: Path = FILE) -> tuple[Table, ...]:
    """The tables of a fact and cohort at a level over a kind of period, fewest dimensions first."""
    found: set[Table] = set()
    for rule in rules(path):
        if rule.level == level and kind in rule.kinds and rule.covers(fact, cohort):
            found |= rule.tables(cohort)
    return tuple(sorted(found, key=lambda t: (len(t), t)))


@cache
def rules(path: Path = FILE) -> tuple[Rule, ...]:
    """Every rule of the lattice. Every mistake in the file is told at once."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["tables"]
    mistakes = [mistake for place, entry in enumerate(entries, 1) for mistake in _mistakes(place, entry)]
    if mistakes:
        raise ValueError(f"{path.name}: " + "; ".join(mistakes))
    return tuple(Rule(**{key: _frozen(value) for key, value in entry.items()}) for entry in entries)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _mistakes(place: int, entry: Mapping[str, Any]) -> list[str]:
    allowed: dict[str, Sequence[str]] = {
        "facts": (*FACTS, EVERY_FACT),
        "kinds": KINDS,
        "shapes": SHAPES,
        "dimensions": tuple(dimensions()),
    }
    unknown = set(entry) - set(Rule.__dataclass_fields__)
    found = [f"table {place}: {key} is not known" for key in sorted(unknown)]
    if entry.get("level") not in LEVELS:
        found.append(f"table {place}: level must be one of {', '.join(LEVELS)}")
    if entry.get("clock", "") not in CLOCKS:
        found.append(f"table {place}: clock must be reoffending or process")
    for key, values in allowed.items():
        wrong = [value for value in entry.get(key, ()) if value not in values]
        found += [f"table {place}: {value!r} is not one of {key}" for value in wrong]
    wide = [table for table in entry.get("more", ()) if len(table) > 2 or not set(table) <= set(dimensions())]
    found += [f"table {place}: {table} is not one or two known dimensions" for table in wide]
    return found
