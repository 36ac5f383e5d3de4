"""What Provision shows, from the release's tables: entries of the directory and how they lie by pathway and district."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components import data
from release.read import Reader

Row = Mapping[str, Any]
NOT_PLACES = ("out_of_area", "no_fixed_address", "not_known", "none")
SECTORS = {"statutory": "Statutory", "voluntary": "Voluntary", "private": "Private"}
STATES = {
    "": "All entries",
    "unverified": "Not verified in six months",
    "ending": "Funding ends within two quarters",
    "drop_in": "Drop-in",
}
"""The choices of which entries of the directory to show."""


@dataclass(frozen=True)
class Labels:
    """What readers call each district of the area and each pathway, in order."""

    districts: dict[str, str]
    pathways: dict[str, str]

    def place(self, district: str) -> str:
        """What a district is called."""
        return self.districts.get(district, district)

    def pathway(self, pathway: str) -> str:
        """What a pathway is called."""
        return self.pathways.get(pathway, pathway)


@dataclass(frozen=True)
class Line:
    """A programme of the directory with the entries of it that are alike but for their district."""

    entries: tuple[Row, ...]

    @property
    def first(self) -> Row:
        return self.entries[0]


@dataclass(frozen=True)
class Absent:
    """A programme (one of its entries) that some districts have and others do not; `people` with the need where it is missing, where known."""

    entry: Row
    here: tuple[str, ...]
    missing: tuple[str, ...]
    people: int | None


@dataclass(frozen=True)
class LeftOut:
    """A group that no programme takes, on which pathways and where; `needs` of people in it that nothing takes, where known."""

    sex: str
    age_from: int
    age_to: int | None
    pathways: tuple[str, ...]
    districts: tuple[str, ...]
    needs: int | None


@lru_cache(maxsize=8)
def labels(source: Reader) -> Labels:
    """The districts of the area and the pathways."""
    known = {d.id for d in source.dimensions()}
    places = dict(source.members("managing_district")) if "managing_district" in known else {}
    pathways = dict(source.members("pathway")) if "pathway" in known else {}
    listed = {row["district"] for row in directory(source)}
    kept = {value: label for value, label in places.items() if value not in NOT_PLACES}
    return Labels(kept | {d: d for d in sorted(listed) if d not in kept}, pathways)


def directory(source: Reader) -> tuple[Row, ...]:
    """Every entry of the directory; none where the release has no directory."""
    return data.listed(source, "directory")


def within(entries: Iterable[Row], district: str = "", pathway: str = "") -> list[Row]:
    """The entries of a district and a pathway, each '' for all."""
    return [e for e in entries if district in ("", e["district"]) and pathway in ("", e["pathway"])]


def found(entries: Iterable[Row], names: Labels, words: str, state: str = "") -> list[Row]:
    """The entries in which every one of the words is said, in any case: title, provider, sector, place, who it is for."""
    asked = words.casefold().split()
    return [e for e in entries if _in_state(e, state) and all(word in _said(e, names) for word in asked)]


def _in_state(entry: Row, state: str) -> bool:
    return {
        "": True,
        "unverified": entry["verified"] != "recently",
        "ending": entry["funding"] in ("soon", "passed"),
        "drop_in": bool(entry["drop_in"]),
    }[state]


def _said(entry: Row, names: Labels) -> str:
    who = {"female": "women", "male": "men"}.get(entry["sex_served"], "anyone women men")
    young = "children young" if entry["age_from"] is None or entry["age_from"] < 18 else "adults"
    parts = (
        entry["title"], entry["programme"], entry["provider"], entry["sector"], entry["funder"],
        names.pathways.get(entry["pathway"], ""), names.districts.get(entry["district"], ""), who, young,
        "drop-in" if entry["drop_in"] else "",
    )  # fmt: skip
    return " ".join(str(part) for part in parts).casefold()


def lines(entries: Iterable[Row]) -> list[Line]:
    """The entries by programme, those of a programme that differ in whom they take apart."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for e in entries:
        key = (
            e["pathway"],
            e["title"],
            e["programme"],
            e["provider"],
            e["sex_served"],
            e["age_from"],
            e["age_to"],
            e["drop_in"],
        )
        groups.setdefault(key, []).append(e)
    return [Line(tuple(group)) for group in groups.values()]


def cells(entries: Iterable[Row], names: Labels) -> dict[tuple[str, str], list[Row]]:
    """The entries of every pathway and district: an empty list where nothing is listed."""
    grid: dict[tuple[str, str], list[Row]] = {(p, d): [] for p in names.pathways for d in names.districts}
    for e in entries:
        grid.setdefault((e["pathway"], e["district"]), []).append(e)
    return grid


def needing(source: Reader) -> dict[tuple[str, str], int]:
    """People on the scheme with each need, by pathway and district: at the partnership level alone, else empty."""
    total: dict[tuple[str, str], int] = {}
    for row in data.listed(source, "provision_unmet"):
        key = (row["pathway"], row["district"])
        total[key] = total.get(key, 0) + row["need"]
    return total


def elsewhere(
    entries: Sequence[Row], names: Labels, needing: Mapping[tuple[str, str], int], district: str = ""
) -> list[Absent]:
    """Programmes that some districts have and others (or the one named) do not, those that most people with the need go without first."""
    made = []
    for code in dict.fromkeys(e["programme"] for e in entries):
        mine = [e for e in entries if e["programme"] == code]
        here = {e["district"] for e in mine}
        missing = tuple(d for d in names.districts if d not in here)
        if missing and (not district or district in missing):
            people = sum(needing.get((mine[0]["pathway"], d), 0) for d in missing if district in ("", d))
            made.append(
                Absent(mine[0], tuple(d for d in names.districts if d in here), missing, people if needing else None)
            )
    return sorted(made, key=lambda one: (-(one.people or 0), -len(one.missing), one.entry["title"]))


def left_out(source: Reader, names: Labels, district: str = "", pathway: str = "") -> list[LeftOut]:
    """The groups eligible for nothing where something is listed: one line a group and set of districts, with its pathways."""
    where: dict[tuple[str, tuple[int, int | None, str]], list[str]] = {}
    for row in data.listed(source, "provision_gaps"):
        if (
            not row["nothing"]
            and row["district"]
            and district in ("", row["district"])
            and pathway in ("", row["pathway"])
        ):
            where.setdefault((row["pathway"], (row["age_from"], row["age_to"], row["sex"])), []).append(row["district"])
    alike: dict[tuple[tuple[int, int | None, str], tuple[str, ...]], list[str]] = {}
    for (of, group), places in where.items():
        alike.setdefault((group, tuple(sorted(places))), []).append(of)
    unmet, order = data.listed(source, "provision_unmet"), list(names.pathways)
    made = [
        LeftOut(
            sex, low, high, tuple(sorted(pathways, key=lambda p: order.index(p) if p in order else 99)), places,
            sum(_needs(unmet, of, sex, (low, high), places) for of in pathways) if unmet else None,
        )
        for ((low, high, sex), places), pathways in alike.items()
    ]  # fmt: skip
    return sorted(made, key=lambda one: (one.age_from, one.sex, -len(one.pathways), one.pathways))


AGES = {"10 to 17": (10, 17), "18 to 25": (18, 25), "26 and over": (26, 200)}


def _needs(
    unmet: Iterable[Row], pathway: str, sex: str, ages: tuple[int, int | None], districts: Collection[str]
) -> int:
    """Needs of people whom nothing takes, in the groups of sex and age that the span of ages touches."""
    low, high = ages[0], 200 if ages[1] is None else ages[1]
    return sum(
        row["not_for_them"] for row in unmet
        if row["pathway"] == pathway and row["district"] in districts and sex in ("all", row["sex"])
        and row["age"] in AGES and AGES[row["age"]][0] <= high and AGES[row["age"]][1] >= low
    )  # fmt: skip


def ending(entries: Iterable[Row]) -> list[Line]:
    """Programmes with entries whose funding ends within two quarters or has ended, the soonest first."""
    soon = [e for e in entries if e["funding"] in ("soon", "passed")]
    return sorted(lines(soon), key=lambda line: (line.first["funding_ends"], line.first["title"]))


def bare_after(entries: Sequence[Row], names: Labels) -> list[tuple[str, str]]:
    """The pathways and districts that have something now and would have nothing once that funding ends."""
    return [
        key
        for key, mine in cells(entries, names).items()
        if mine and all(e["funding"] in ("soon", "passed") for e in mine)
    ]


def using(source: Reader) -> dict[tuple[str, str], Row]:
    """How each programme is used, by programme and district: at the partnership level alone, else empty."""
    return {(row["programme"], row["district"]): row for row in data.listed(source, "provision_use")}


def waits(entries: Iterable[Row]) -> list[Row]:
    """Entries that take people in on listed days, the longest gap first."""
    dated = [e for e in entries if e["dated"]]
    return sorted(dated, key=lambda e: (-(e["longest_gap"] or 0), e["title"], e["district"]))


def needs(source: Reader, district: str = "", pathway: str = "") -> list[Row]:
    """Need to expect against room in a district ('' for the area), by pathway in order."""
    order = list(labels(source).pathways)
    rows = [
        row
        for row in data.listed(source, "needs_expected")
        if row["district"] == district and pathway in ("", row["pathway"])
    ]
    return sorted(rows, key=lambda row: order.index(row["pathway"]) if row["pathway"] in order else 99)


@dataclass(frozen=True)
class Due:
    """Who is due out of prison in a place: by weekday (Monday first), by week, on a scheme, and those without a day to come."""

    weekdays: tuple[int, ...]
    weeks: tuple[int, ...]
    on_scheme: int
    overdue: int
    undated: int

    @property
    def people(self) -> int:
        return sum(self.weekdays)


def due(source: Reader, district: str = "") -> Due:
    """Everybody due out, in one district or ('') anywhere, no fixed address and out of area among them."""
    rows = [row for row in data.listed(source, "releases_due") if district in ("", row["district"])]
    dated = [row for row in rows if row["state"] == "dated"]
    return Due(
        tuple(sum(r["people"] for r in dated if r["weekday"] == n) for n in range(7)),
        tuple(sum(r["people"] for r in dated if r["week"] == n) for n in range(1, 14)),
        sum(r["people"] for r in dated if r["on_scheme"]),
        sum(r["people"] for r in rows if r["state"] == "overdue"),
        sum(r["people"] for r in rows if r["state"] == "undated"),
    )


def forecast(source: Reader) -> dict[str, Row]:
    """Releases to expect, by district ('' is everywhere)."""
    return {row["district"]: row for row in data.listed(source, "releases_expected")}


def week_of(source: Reader, number: int) -> dt.date:
    """The first day of a week ahead: week 1 begins the day after the cut-off."""
    return source.cutoff + dt.timedelta(days=7 * number - 6)
