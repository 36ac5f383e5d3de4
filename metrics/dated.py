"""Dated facts: what happened on a day, to somebody on a scheme or at a piece of the partnership's work.

A new process fact is one file in `facts/dated/`, read when it is asked for. Its first lines are comments that say what a
row is; two of them are settings:

    -- begins: appointment.due_on, scheme_episode.start_date     the records' first day is the latest of these columns' first
    -- about: people                                              or `work`: conferences and the like, with nobody in them

Its first statement creates the fact, with `{described}` for the columns that every dated fact has; its second selects
`person_key`, `day` (days since 1970) and the fact's own columns from canonical tables and the working tables of
records.sql. The cohort whose entry is the fact's name gives its quarters; what people were like on the day is added here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

FOLDER = Path(__file__).with_name("facts") / "dated"
KEYS = "cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, person_key VARCHAR NOT NULL"
PLACE = "managing_district VARCHAR NOT NULL"
TRAITS = (
    "sex", "ethnicity", "age_band", "age_group", "young_adult", "home_district", "statutory", "category", "tier", "strand",
)  # fmt: skip
DESCRIBED = {
    "people": f"{KEYS}, {PLACE}, {', '.join(f'{name} VARCHAR NOT NULL' for name in TRAITS)}, scheme VARCHAR[] NOT NULL",
    "work": f"{KEYS}, {PLACE}",
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A dated fact. `begins` are the columns of canonical tables without which it has no records; `shape` creates it
    and `rows` selects what happened."""

    name: str
    about: Literal["people", "work"]
    begins: tuple[tuple[str, str], ...]
    shape: str
    rows: str


@cache
def dated(folder: Path = FOLDER) -> dict[str, Dated]:
    """Every dated fact by name. Every mistake in the files is told at once."""
    found, mistakes = {}, []
    for path in sorted(folder.glob("*.sql")):
        try:
            found[path.stem] = _parsed(path.stem, path.read_text(encoding="utf-8"))
        except ValueError as mistake:
            mistakes.append(f"{path.name}: {mistake}")
    if mistakes:
        raise ValueError("; ".join(mistakes))
    return found


def _parsed(name: str, text: str) -> Dated:
    settings = dict(
        line.removeprefix("--").strip().split(":", 1) for line in text.splitlines() if line.startswith(("-- begins:", "-- about:"))
    )  # fmt: skip
    about = settings.get("about", "").strip()
    begins = tuple(tuple(one.strip().split(".")) for one in settings.get("begins", "").split(","))
    statements = "\n".join(
        line for line in text.splitlines() if not line.lstrip().startswith("--")
    )  # they may hold a semicolon
    shape, _, rows = statements.partition(";")
    if about not in ("people", "work"):
        raise ValueError("a line `-- about:` must say people or work")
    if not all(len(one) == 2 for one in begins):
        raise ValueError("a line `-- begins:` must name columns as table.column, with commas between")
    if f"TABLE {name} (" not in shape or "{described}" not in shape or "SELECT" not in rows:
        raise ValueError(f"the file must create the table {name} with {{described}} in it, and then select its rows")
    return Dated(name, about, begins, shape.replace("{described}", DESCRIBED[about]), rows.strip().rstrip(";"))  # type: ignore[arg-type]


def first_day_sql(fact: Dated) -> str:
    """A row of the entry rule and its first day of records: the latest of its tables' first; null where one is empty."""
    firsts = ", ".join(f"(SELECT min({column}) FROM {table}) AS d{i}" for i, (table, column) in enumerate(fact.begins))
    days = [f"d{i}" for i in range(len(fact.begins))]
    known = " AND ".join(f"{one} IS NOT NULL" for one in days)
    return f"SELECT '{fact.name}' AS basis, CASE WHEN {known} THEN greatest({', '.join(days)}) END AS first_day FROM (SELECT {firsts}) AS x"


def enter(con: duckdb.DuckDBPyConnection, cohorts: Sequence[tuple[str, str]]) -> None:
    """The rows of each dated fact in the quarters of its cohorts, as temp tables NAME_entry; their days join `moment`.

    `cohorts` are pairs of a dated fact's name and a cohort that it fills: a fact may fill several, followed for longer.
    """
    for name in dict.fromkeys(name for name, _ in cohorts):
        fact = dated()[name]
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name}_entry AS SELECT q.cohort, q.period, r.* FROM ({fact.rows}) AS r"
            " CROSS JOIN setting AS s"
            " JOIN chosen_quarter AS q ON list_contains(CAST(? AS VARCHAR[]), q.cohort) AND q.start_day <= r.day AND r.day <= q.end_day"
            " WHERE r.day <= s.cutoff_day",
            [[cohort for entry, cohort in cohorts if entry == name]],
        )
        if fact.about == "people":
            con.execute(
                f"INSERT INTO moment SELECT person_key, day FROM (SELECT person_key, day FROM {name}_entry"
                " EXCEPT SELECT person_key, day FROM moment) AS added"
            )


def fill(con: duckdb.DuckDBPyConnection, cohorts: Sequence[tuple[str, str]]) -> None:
    """Each dated fact's rows, with what people were like on the day. Needs `enter` and then state.sql."""
    for name in dict.fromkeys(name for name, _ in cohorts):
        if dated()[name].about == "work":
            con.execute(f"INSERT INTO {name} BY NAME SELECT * EXCLUDE (day) FROM {name}_entry")
            continue
        traits = ", ".join(f"m.{trait}" for trait in TRAITS if not trait.startswith(("age", "young")))
        ages = ", ".join(
            f"coalesce(a.{trait}, 'not_known') AS {trait}" for trait in TRAITS if trait.startswith(("age", "young"))
        )
        con.execute(
            f"INSERT INTO {name} BY NAME SELECT e.* EXCLUDE (day), m.managing_district, {traits}, {ages},"
            " coalesce(h.scheme, CAST([] AS VARCHAR[])) AS scheme"
            f" FROM {name}_entry AS e JOIN moment_state AS m ON m.person_key = e.person_key AND m.day = e.day"
            " LEFT JOIN moment_scheme AS h ON h.person_key = e.person_key AND h.day = e.day"
            " LEFT JOIN age AS a ON a.age = m.age"
        )
