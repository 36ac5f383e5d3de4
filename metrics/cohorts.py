"""The cohorts: who enters, how long they are followed, how long a case may then wait for proof."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import duckdb

from metrics.dated import dated

ENTRIES = ("area", "scheme", "named", "caseload", "referral", "prison_release", *dated())
EVERY, FIRST = "every_reoffence", "first_reoffence"
NEEDS = (EVERY,)
"""What an indicator may need of a cohort's source beyond whether and when each person first reoffended."""
FIRST_ONLY = "the source of this cohort holds each person's first reoffence only, so how many there were is not known"
LEAD = "scheme"
"""The cohort that pages and the command line lead with."""
FILE = Path(__file__).with_name("cohorts.toml")


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort: `people` says in words who they are; `clock` is `reoffending` or `process`.

    `follow_up_days` and `waiting_days` are whole days after the index date. `district_dimension` is the
    district that the cohort is shown by. `publish` is false for cohorts that exist only to reproduce
    national tables. `holds` says which reoffences its source has: every one, or each person's first alone.
    """

    id: str
    title: str
    people: str
    entry: str
    age: Literal["adult", "child", "any"]
    clock: Literal["reoffending", "process"]
    district_dimension: str
    follow_up_days: int
    waiting_days: int
    publish: bool
    sort: int = 0
    holds: str = EVERY


def withheld(needs: str, holds: str) -> str:
    """Why an indicator that needs this cannot be had for a cohort whose source holds that; nothing where it can."""
    return FIRST_ONLY if needs == EVERY and holds == FIRST else ""


def leading(ids: Sequence[str]) -> str:
    """The cohort that is shown where none is named: people on a scheme, or else the first of these."""
    return LEAD if LEAD in ids else ids[0]


def cohorts(path: Path = FILE) -> tuple[Cohort, ...]:
    """The cohorts that the framework ships, in their order of display. Every mistake in the file is told at once."""
    wanted = {field.name for field in fields(Cohort)} - {"id", "sort", "holds"}
    found, mistakes = [], []
    for sort, (name, entry) in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).items(), start=1):
        missing, unknown = wanted - set(entry), set(entry) - wanted
        mistakes += [f"{name}: {key} is missing" for key in sorted(missing)]
        mistakes += [f"{name}: {key} is not known" for key in sorted(unknown)]
        if not missing and not unknown:
            cohort = Cohort(id=name, sort=sort, **entry)
            mistakes += [f"{name}: {mistake}" for mistake in _mistakes(cohort)]
            found.append(cohort)
    if mistakes:
        raise ValueError(f"{path.name}: " + "; ".join(mistakes))
    return tuple(found)


def _mistakes(cohort: Cohort) -> list[str]:
    mistakes = []
    if cohort.entry not in ENTRIES:
        mistakes.append(f"entry must be one of {', '.join(ENTRIES)}")
    if cohort.age not in ("adult", "child", "any"):
        mistakes.append("age must be adult, child or any")
    if cohort.clock not in ("reoffending", "process"):
        mistakes.append("clock must be reoffending or process")
    if cohort.follow_up_days < 0 or cohort.waiting_days < 0:
        mistakes.append("days cannot be negative")
    if cohort.clock == "reoffending" and cohort.follow_up_days == 0:
        mistakes.append("a reoffending cohort needs follow-up days")
    return mistakes


def named_cohorts(con: duckdb.DuckDBPyConnection) -> tuple[Cohort, ...]:
    """The cohorts that the store's own sources name (its cohort_definition table)."""
    rows = con.sql("SELECT * FROM cohort_definition ORDER BY cohort").pl().to_dicts()
    return tuple(
        Cohort(
            id=row["cohort"],
            title=row["title"],
            people=f"people in the cohort {row['title']}",
            entry="named",
            age="any",
            clock="reoffending",
            district_dimension="home_district",
            follow_up_days=row["follow_up_days"],
            waiting_days=row["waiting_days"],
            publish=True,
            sort=100 + place,
            holds=row.get("holds") or EVERY,  # a store made before sources said so has no such column
        )
        for place, row in enumerate(rows)
    )


def resolved(con: duckdb.DuckDBPyConnection) -> tuple[Cohort, ...]:
    """All cohorts of a store: those shipped and those its sources name. A name cannot be used twice."""
    shipped, named = cohorts(), named_cohorts(con)
    taken = {cohort.id for cohort in shipped} & {cohort.id for cohort in named}
    if taken:
        raise ValueError(f"a mapping names a cohort {', '.join(sorted(taken))}, which the framework already has")
    return shipped + named
