"""The release's rows on observed against expected, put together: a place or a year by three standards, a band by two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from components import data
from components.verdicts import Row
from release.read import CohortInfo, Reader

ENOUGH = 30
"""Fewer people than this are shown, and not judged."""
NATIONAL, LOCAL = "national", "local"
BAND, SCHEME = "ogrs_band", "scheme"
NOBODY = ("none", "not_known", "out_of_area", "no_fixed_address")
"""Values of a district that are no place: shown nowhere here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one group in one year stands to what was expected of it: by national OGRS3, recalibrated, and standardised.

    `observed` is the share who reoffended (%), None where the level hides it; `national` and `local` hold value, lower and
    upper in percentage points; `standard` the ratio observed / expected with ratio_lower and ratio_upper.
    """

    label: str
    period: str
    people: int
    entries: int
    observed: float | None
    national: Row | None
    local: Row | None
    standard: Row | None
    whole: bool = False

    @property
    def few(self) -> bool:
        """Whether too few people stand behind it to be judged."""
        return self.people < ENOUGH


@dataclass(frozen=True, slots=True)
class Band:
    """A band of national scores: the share expected, and the share observed with its 95% interval (%)."""

    name: str
    basis: str
    people: int
    entries: int
    expected: float
    observed: float
    lower: float
    upper: float

    @property
    def few(self) -> bool:
        """Whether too few people stand behind it to be judged."""
        return self.people < ENOUGH

    @property
    def scores(self) -> str:
        """The scores it holds, as they are said: '50 to 74%', '90% or more'."""
        low, _, high = self.name.partition("-")
        return f"{low} to {high}%" if high else f"{low.removesuffix('+')}% or more"


@dataclass(frozen=True, slots=True)
class Whole:
    """A cohort in one year, all together: the two predictions with their Brier score and AUC."""

    period: str
    national: Row
    local: Row | None

    @property
    def best(self) -> Row:
        """The recalibrated prediction where there is one, else the national."""
        return self.local or self.national


def _share(row: Row, name: str) -> float | None:
    return None if row[name] is None or not row["entries"] else 100 * float(row[name]) / row["entries"]


def _mine(source: Reader, table: str, cohort: str, dim: str) -> list[dict[str, Any]]:
    labels = {p.id: p.label for p in source.periods("year")}
    return [
        {**row, "period_label": labels[row["period"]]}
        for row in data.listed(source, table)
        if row["cohort"] == cohort and row["dim1"] == dim and row["period"] in labels
    ]


def _standing(label: str, found: Iterable[Row], standard: Row | None, whole: bool = False) -> Standing:
    by = {row["basis"]: row for row in found}
    one = by.get(NATIONAL) or by[LOCAL]
    return Standing(
        label, one["period_label"], one["people"], one["entries"], _share(one, "observed"), by.get(NATIONAL), by.get(LOCAL), standard, whole
    )  # fmt: skip


def wholes(source: Reader, cohort: str) -> list[Whole]:
    """Every complete year of a cohort, the latest first."""
    years: dict[str, dict[str, Row]] = {}
    for row in _mine(source, "calibration", cohort, ""):
        years.setdefault(row["period"], {})[row["basis"]] = row
    found = [(year, by) for year, by in sorted(years.items(), reverse=True) if NATIONAL in by]
    return [Whole(by[NATIONAL]["period_label"], by[NATIONAL], by.get(LOCAL)) for _, by in found]


def by_place(source: Reader, about: CohortInfo) -> list[Standing]:
    """The latest complete year: all districts first, then each that has a row, in alphabetical order."""
    every = wholes(source, about.id)
    if not every:
        return []
    year = every[0].national["period"]
    names = {value: label for value, label in source.members(about.district_dimension) if value not in NOBODY}
    standards = {
        row["val1"]: row
        for dim in ("", about.district_dimension)
        for row in _mine(source, "standardised", about.id, dim)
        if row["period"] == year
    }
    rows: dict[str, list[Row]] = {}
    for row in _mine(source, "calibration", about.id, about.district_dimension):
        if row["period"] == year and row["val1"] in names:
            rows.setdefault(row["val1"], []).append(row)
    first = [row for row in (every[0].national, every[0].local) if row is not None]
    whole = _standing("All districts", first, standards.get(""), whole=True)
    places = [_standing(names[value], found, standards.get(value)) for value, found in rows.items()]
    return [whole, *sorted(places, key=lambda one: one.label)]


def districts_held(found: Sequence[Standing]) -> bool:
    """Whether the level shows any district by itself."""
    return any(not one.whole for one in found)


def by_year(source: Reader, scheme: str) -> list[Standing]:
    """One scheme, each complete year, the latest first."""
    mine: dict[str, list[Row]] = {}
    for row in _mine(source, "calibration", SCHEME, SCHEME):
        if row["val1"] == scheme:
            mine.setdefault(row["period"], []).append(row)
    standards = {row["period"]: row for row in _mine(source, "standardised", SCHEME, SCHEME) if row["val1"] == scheme}
    return [
        _standing(found[0]["period_label"], found, standards.get(year))
        for year, found in sorted(mine.items(), reverse=True)
    ]


def bands(source: Reader, cohort: str) -> list[Band]:
    """The latest complete year by band of national scores, by each prediction; empty where the level hides them."""
    found = _mine(source, "calibration", cohort, BAND)
    latest = max((row["period"] for row in found), default="")
    made = []
    for row in found:
        expected, observed = _share(row, "expected"), _share(row, "observed")
        if row["period"] != latest or expected is None or observed is None or row["lower"] is None:
            continue
        ends = (min(max(expected + row[end], 0.0), 100.0) for end in ("lower", "upper"))
        made.append(Band(row["val1"], row["basis"], row["people"], row["entries"], expected, observed, *ends))
    return sorted(made, key=lambda band: (band.basis, band.expected))
