"""Which scheme or programme, where and in which year, and every row that the release holds of its value for money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from components import data
from components.value.sentences import BASES, Row
from release.read import Reader

TABLES = ("break_even", "spend", "managed", "cost_per_person", "value_for_money", "value_quantiles", "tornado",
          "switching_values")  # fmt: skip
"""The reader's methods, one for each table that tells of a subject in a year."""
PUBLISHED = {"outcome": "frequency", "method": "matched", "specification": "main", "scale": "difference"}
"""The one effect that money is worked out from: reoffences per 100 people beside matched people's."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A scheme or programme that people are managed by or money was spent on."""

    kind: str
    id: str
    name: str
    spent: bool
    compared: bool

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Valued:
    """Everything about one subject in a district ('' for everywhere) and year."""

    subject: Subject
    district: str
    place: str
    period: str
    even: Mapping[str, Row]
    spend: Sequence[Row] = ()
    managed: Row | None = None
    each: Sequence[Row] = ()
    money: Sequence[Row] = ()
    quantiles: Sequence[Row] = ()
    tornado: Sequence[Row] = ()
    switching: Sequence[Row] = ()
    mix: Sequence[Row] = ()
    parameters: Sequence[Row] = ()
    about: Row | None = None
    effect: Row | None = None
    tables: Mapping[str, pl.DataFrame | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What sentences call it: 'IOM', or 'IOM in Fenland'."""
        return f"{self.subject.name} in {self.place}" if self.district else self.subject.name

    @property
    def main(self) -> Row | None:
        """The break-even that leads: that of all that was given."""
        return next((self.even[basis] for basis in BASES if basis in self.even), None)

    def measure(self, name: str, basis: str, *, head: str = "", gainer: str = "") -> Row | None:
        """One published figure of value for money."""
        want = {"measure": name, "basis": basis, "head": head, "gainer": gainer}
        return next((row for row in self.money if all(row[key] == value for key, value in want.items())), None)

    def of(self, rows: Sequence[Row], basis: str) -> list[Row]:
        """The rows of one basis."""
        return [row for row in rows if row["basis"] == basis]


def subjects(source: Reader) -> list[Subject]:
    """Every scheme and programme that can be looked at, IOM first, then by name."""
    titles = {
        (row["subject_kind"], row["subject"]): row["title"]
        for row in reversed(data.listed(source, "comparisons"))  # the first listed is over all time
        if not row["district"]
    }
    found = [
        Subject(
            row["subject_kind"], row["subject"], titles.get((row["subject_kind"], row["subject"])) or _plain(row["label"], row["subject_kind"]),
            bool(row["spent"]), bool(row["compared"]),
        )
        for row in data.listed(source, "value_subjects")
        if row["subject"]  # without one it is everybody of the kind
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.kind != "scheme", one.id != "iom", one.name))


def _plain(label: str, kind: str) -> str:
    """A programme that is known by its code alone, not in capitals: WORK READY is Work ready."""
    return label.capitalize() if kind == "programme" and label.isupper() and " " in label else label


def places(source: Reader, subject: Subject) -> list[tuple[str, str]]:
    """The districts that a subject has a break-even for, everywhere first."""
    names = dict(source.members("managing_district"))
    found = sorted(
        {row["district"] for row in _rows(source, "break_even", subject)} - {""}, key=lambda d: names.get(d, d)
    )
    return [("", "All districts"), *((d, names.get(d, d.replace("_", " ").capitalize())) for d in found)]


def periods(source: Reader, subject: Subject, district: str) -> tuple[list[tuple[str, str]], str]:
    """The years that a subject has anything for, the latest first; and the one to begin with: the latest with a verdict."""
    mine = [
        row
        for table in ("break_even", "managed")
        for row in _rows(source, table, subject)
        if row["district"] == district
    ]
    years = sorted({row["period"] for row in mine if "/" in row["period"]}, reverse=True)
    told = [row["period"] for row in mine if row.get("verdict", "not_available") != "not_available"]
    labels = {p.id: p.label for p in source.periods("year")}
    return [(year, labels.get(year, year)) for year in years], max(told, default=years[0] if years else "")


def valued(source: Reader, subject: Subject, district: str, period: str) -> Valued:
    """Every row about one choice."""
    names = dict(source.members("managing_district"))
    held = {
        table: [row for row in _rows(source, table, subject) if row["district"] == district and row["period"] == period]
        for table in TABLES
    }
    if not district:  # spending is held line by line: everywhere is every district's lines
        held["spend"] = [row for row in _rows(source, "spend", subject) if row["period"] == period]
    even = {row["basis"]: row for row in held["break_even"]}
    main = next((even[basis] for basis in BASES if basis in even), None)
    about = next((row for row in data.listed(source, "comparisons") if main and row["id"] == main["comparison"]), None)
    effect = next(
        (row for row in data.listed(source, "effects") if main and _is_published(row, main["comparison"])), None
    )
    mix = _mix(source, subject, district, main)
    each = [row for row in held["cost_per_person"] if row["tier"] == ""]
    parameters = data.listed(source, "value_parameters")
    tables = {name: _frame(rows) for name, rows in {**held, "offence_mix": mix, "parameters": parameters}.items()}
    return Valued(
        subject, district, names.get(district, district), period, even, held["spend"],
        next((row for row in held["managed"] if row["tier"] == ""), None), each, held["value_for_money"],
        held["value_quantiles"], held["tornado"], held["switching_values"], mix, parameters, about, effect, tables,
    )  # fmt: skip


def _mix(source: Reader, subject: Subject, district: str, main: Row | None) -> list[Row]:
    """The mix of offences that the unit cost was worked out from: the district's own, the subject's, or everybody's of its kind."""
    which = (main or {}).get("mix") or "own"
    key = {"own": (subject.id, district), "subject": (subject.id, ""), "kind": ("", "")}[which]
    return [
        row
        for row in data.listed(source, "offence_mix")
        if row["subject_kind"] == subject.kind and (row["subject"], row["district"]) == key
    ]


def _is_published(row: Row, comparison: str) -> bool:
    return (
        bool(comparison)
        and row["comparison"] == comparison
        and all(row[key] == value for key, value in PUBLISHED.items())
    )


def _rows(source: Reader, table: str, subject: Subject) -> list[Row]:
    return [
        row
        for row in data.listed(source, table)
        if row["subject_kind"] == subject.kind and row["subject"] == subject.id
    ]


def _frame(rows: Sequence[Row]) -> pl.DataFrame | None:
    return pl.DataFrame([dict(row) for row in rows], infer_schema_length=None) if rows else None
