"""What a mapping says, once it has been read and checked (etl.mapping)."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import dataframely as dy

from etl.contracts import TABLES

AUTOMATIC = {"identity_link": ("id_kind", "id_key", "person_key", "action")}
"""Columns that the loader itself fills or has a default for, beside `person_key` everywhere."""


@dataclass(frozen=True)
class Read:
    """How to read the file. CSV settings are never guessed."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header_row: int = 1
    sheet: str | int = 0
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    missing: tuple[str, ...] = ("",)
    as_at: str | None = None
    reaches: dt.date | None = None
    distinct_where: str | None = None


@dataclass(frozen=True)
class Column:
    """Where one canonical column comes from: a source column, a SQL expression, or a fixed value.

    `values` maps a source's values to the canonical ones; `otherwise` stands for values that are not in the map
    (without it their rows are quarantined, under `rule` where that is given) and `missing` for an empty cell.
    `hash` names the family of references that an agency's own reference is hashed within.
    """

    name: str
    column: str | None = None
    sql: str | None = None
    value: str | None = None
    values: dict[str, str] | None = field(default=None, hash=False)
    otherwise: str | None = None
    missing: str | None = None
    rule: str | None = None
    hash: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Identifier:
    """One identifier of the row's person: its kind, and where it stands in the source."""

    kind: str
    column: str | None = None
    sql: str | None = None


@dataclass(frozen=True)
class Table:
    """One canonical table that the file feeds."""

    to: str
    columns: tuple[Column, ...]
    where: str | None = None


@dataclass(frozen=True)
class Cohort:
    """A named cohort that the file fills, with its follow-up and waiting days, and which reoffences the file holds."""

    name: str
    title: str
    follow_up_days: int
    waiting_days: int
    holds: str


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file, checked."""

    path: Path
    sha256: str
    source: str
    agency: str
    title: str
    area: str
    files: tuple[str, ...]
    format: str
    layout_verified: bool
    synthetic: bool
    replaces: str
    read: Read
    identity: tuple[Identifier, ...]
    tables: tuple[Table, ...]
    cohorts: tuple[Cohort, ...]


def contract_columns(table: str) -> dict[str, dy.Column]:
    """The columns of a canonical table."""
    return dict(TABLES[table].columns())
