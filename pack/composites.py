"""Case studies as composites: what a release says of ten or more people alike, told in one place and labelled so.

A release holds nothing of one person, so no story of one can come from it. Each composite is of a group that the release has
figures of anyhow (pack/composites.toml), in the figures that its level shows of that group: nothing is worked out for it.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from components import data, headlines, words
from components.headlines import POOLED, Headline
from components.judge import Row, few
from pack.sheet import Sheet
from release.read import CohortInfo, Reader

LIST = Path(__file__).with_name("composites.toml")
FEWEST = 10
"""A composite is of so many people or more, and so is every figure in it."""
MOST_NEEDS = 3
RULE = (
    "Each of these is a composite. Every figure is of all the people of a group together, ten or more of them, as this level"
    " shows it. Nobody's story is told here, and nobody need be like it: half of a group may have had help and the other half"
    " none. People can be in more than one group."
)
UNSURE = "These are too few to judge by."
NONE = "There are none at this level: no group of ten or more people has enough figures to tell of."
WHO = (("share_in_custody", "caseload", "Of {counted} on the last day, {figure} were in custody."),)
HELP = (
    ("referred_of_need", "caseload", "{figure} of the needs found led to a referral."),
    ("started_of_referred", "caseload", "{figure} of those referred started."),
    ("waiting_days", "referrals", "Half of those referred started within {figure}."),
    ("completed_of_started", "caseload", "{figure} of those who started completed."),
    ("appointments_kept", "required_contacts", "{figure} of appointments were kept."),
)
HAPPENED = (
    (
        "reoffending_rate",
        "scheme",
        "After {counted} releases, convictions or cautions, {figure} reoffended within 12 months.",
    ),
    ("reoffences_per_100", "scheme", "That is {figure}, a person being counted once a quarter."),
    ("expected_reoffending_rate", "scheme", "By their history alone, {figure} would be expected to reoffend."),
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people that the release has figures of."""

    title: str
    people: str
    dimension: str
    value: str


@dataclass(frozen=True, slots=True)
class Composite:
    """What is told of a group: how many people it is of, when, and the paragraphs."""

    group: Group
    size: Row
    said: Sequence[str]

    @property
    def label(self) -> str:
        """How it is marked, so that nobody takes it for a person."""
        return f"A composite of {words.shown(self.size)} people"


@cache
def groups() -> tuple[Group, ...]:
    """The groups that the pack tells of."""
    return tuple(Group(**one) for one in tomllib.loads(LIST.read_text(encoding="utf-8"))["composite"])


def page(sheet: Sheet) -> None:
    """The case studies, each with how many people it is of."""
    sheet.part("Case studies")
    found = composites(sheet.source)
    sheet.add("lede", RULE if found else NONE)
    for one in found:
        sheet.add("composite", one.group.title, one.label, list(one.said))


def composites(source: Reader) -> list[Composite]:
    """Every group of ten people or more that the level can tell of."""
    return [one for group in groups() if (one := composite(source, group)) is not None]


def composite(source: Reader, group: Group) -> Composite | None:
    """A group's composite; None where the level shows no size of it, or fewer than ten people, or nothing else."""
    size = figure(source, "people_on_scheme", "caseload", group)
    if size is None or size.now["value"] < FEWEST:
        return None
    when = words.period_in_sentence(size.now["period_label"])
    who = [f"In {when} {words.shown(size.now)} {group.people} were on the scheme.", *told(source, group, WHO, when)]
    said = [*who, *needs(source, group)], told(source, group, HELP), told(source, group, HAPPENED)
    if not any(said[1:]):
        return None
    return Composite(group, size.now, [" ".join(part) for part in said if part])


def told(source: Reader, group: Group, asked: Sequence[tuple[str, str, str]], last: str = "") -> list[str]:
    """The sentences whose figure the level shows of ten people or more, each period named once; `last` was named before."""
    said, unsure = [], False
    for indicator, cohort, text in asked:
        line = figure(source, indicator, cohort, group)
        if line is None:
            continue
        sentence = text.format(figure=words.in_sentence(line.now), counted=words.count(line.now["denominator"]))
        when = words.period_in_sentence(line.now["period_label"])
        said.append(sentence if when == last else f"In {when}: {words.title_in_sentence(sentence)}")
        last, unsure = when, unsure or few(line.now)
    return [*said, *([UNSURE] if unsure else [])]


def needs(source: Reader, group: Group) -> list[str]:
    """What most of them needed help with, where the level has needs by this group."""
    cohort = _cohort(source, "need_identified", "caseload")
    if cohort is None or group.dimension == "need" or group.value not in _values(source, group.dimension):
        return []
    where = {group.dimension: group.value}
    kind = headlines.kind_shown(source, "need_identified", cohort, by="pathway", where=where, kinds=POOLED)
    period = headlines.latest(source, cohort, kind) if kind else None
    rows = data.rows(source, "need_identified", cohort.id, [period], by="pathway", where=where) if period else None
    side = "label1" if rows and rows[0]["dim1"] == "pathway" else "label2"
    known = [row for row in rows or () if row["value"] is not None and _enough(row) and row[side] != group.title]
    most = sorted(known, key=lambda row: -row["value"])[:MOST_NEEDS]
    named = [f"{words.title_in_sentence(row[side])} ({words.shown(row)})" for row in most]
    return [f"Most often they needed help with {words.listed(named)}."] if named else []


def figure(source: Reader, indicator: str, cohort: str, group: Group) -> Headline | None:
    """A measure of a group in the latest pooled period that shows it of ten people or more; else None.

    People with a need are told of by that pathway's own steps, where a measure has no table by need.
    """
    about = _cohort(source, indicator, cohort)
    tables = source.tables(indicator, cohort) if about is not None else []
    by = next((d for d in (group.dimension, "pathway" if group.dimension == "need" else "") if (d,) in tables), None)
    if about is None or by is None or group.value not in _values(source, by):
        return None
    line = headlines.headline(source, indicator, about, {by: group.value}, kinds=POOLED)
    return line if line is not None and line.now["value"] is not None and _enough(line.now) else None


def _values(source: Reader, dimension: str) -> set[str]:
    return (
        {value for value, _ in source.members(dimension)} if dimension in {d.id for d in source.dimensions()} else set()
    )


def _enough(row: Row) -> bool:
    """Whether a figure is of ten people or more: a count of as many, or a share of as many."""
    of = row["numerator"] if row["denominator"] is None else row["denominator"]
    return bool(of is None or of >= FEWEST)


def _cohort(source: Reader, indicator: str, cohort: str) -> CohortInfo | None:
    """The cohort, where the release works this measure out for it."""
    return next((one for one in source.cohorts(indicator) if one.id == cohort), None)
