"""Deriving the facts of a store: who entered each cohort, what followed, and what each quarter's work was."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import duckdb

from metrics.cohorts import Cohort, resolved
from metrics.dated import dated, enter, fill, first_day_sql
from metrics.dimensions import dimensions
from metrics.offences import prepare as prepare_offences
from metrics.ogrs3 import prepare
from metrics.periods import FollowUp, first_quarter, follow_up, period_rows, quarter_end, quarter_of, quarter_start

FACTS = Path(__file__).with_name("facts")
EPOCH = dt.date(1970, 1, 1)
WORKING_TYPES = ("word", "gravity")


@dataclass(frozen=True, slots=True)
class Redefined:
    """A cohort under another definition: the names of two temp tables with the columns of the store's own
    `index_event` and `follow_up`, and the cohort that they follow."""

    index_event: str
    follow_up: str
    cohort: Cohort


def derive(con: duckdb.DuckDBPyConnection, cutoff: dt.date, cohorts: Sequence[Cohort] | None = None) -> None:
    """Create every derived table of a store (facts/shapes.sql) from its canonical tables, as known on `cutoff`.

    `cohorts` defaults to those shipped and those that the store's sources name.
    """
    chosen = tuple(cohorts) if cohorts is not None else resolved(con)
    firsts = first_quarters(con, chosen, cutoff)
    states = [row for cohort in chosen if cohort.id in firsts for row in follow_up(cohort, firsts[cohort.id], cutoff)]
    people = [each.shape for each in dated().values() if each.about == "people"]
    for shape in (read_sql("shapes"), *people):
        con.execute(shape.replace("person_key VARCHAR", f"person_key {_key_type(con)}"))
    for each in dated().values():
        if each.about == "work":
            con.execute(each.shape)
    _insert(con, "cohort", [_cohort_row(cohort) for cohort in chosen])
    _insert(con, "period", [astuple(period) for period in period_rows(firsts, cutoff)])
    _insert(con, "follow_up", [astuple(state) for state in states])
    with working_tables(con):
        choose(con, chosen, states, cutoff)
        happened = [(c.entry, c.id) for c in chosen if c.entry in dated() and c.id in firsts]
        for step in ("records", "age", "entry", "history", "process_entry"):
            run_step(con, step)
        enter(con, happened)
        for step in ("state", "outcome"):
            run_step(con, step)
        fill(con, happened)
        for fact in ("index_event", "caseload", "pathway_step", "referral", "prison_release"):
            con.execute(f"INSERT INTO {fact} BY NAME {read_sql(fact)}")


def index_event_for(
    con: duckdb.DuckDBPyConnection, cohort: Cohort, follow_up_days: int, waiting_days: int, cutoff: dt.date
) -> Redefined:
    """The index events of `cohort` followed for other numbers of days, as temp tables; the store is not changed.

    Any cohort with the reoffending clock will do. Works on a connection that may only read the store.
    """
    if cohort.clock != "reoffending":
        raise ValueError(f"the cohort {cohort.id} is not followed up: it has no index events")
    asked = replace(cohort, follow_up_days=follow_up_days, waiting_days=waiting_days)
    firsts = first_quarters(con, [asked], cutoff)
    states = follow_up(asked, firsts[asked.id], cutoff) if asked.id in firsts else []
    with working_tables(con, keep=("chosen_index_event", "chosen_follow_up")):
        choose(con, [asked], states, cutoff)
        for step in ("records", "age", "entry", "history", "state", "outcome"):
            run_step(con, step)
        con.execute(f"CREATE OR REPLACE TEMP TABLE chosen_index_event AS {read_sql('index_event')}")
        con.execute(
            "CREATE OR REPLACE TEMP TABLE chosen_follow_up "
            "(cohort VARCHAR, period VARCHAR, state VARCHAR, complete_on DATE)"
        )
        _insert(con, "chosen_follow_up", [astuple(state) for state in states])
    return Redefined("chosen_index_event", "chosen_follow_up", asked)


def _key_type(con: duckdb.DuckDBPyConnection) -> str:
    """How the store knows a person: by number, or in small stores made by hand by any name."""
    return str(con.sql("SELECT person_key FROM person").types[0])


def first_quarters(con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort], cutoff: dt.date) -> dict[str, str]:
    """Each cohort's first full quarter of records; a cohort whose records have not begun by the cut-off has none."""
    ranges = " UNION ALL ".join([read_sql("data_range"), *(first_day_sql(fact) for fact in dated().values())])
    begun = {basis: day for basis, day in con.execute(ranges).fetchall() if day is not None}
    found = {}
    for cohort in cohorts:
        first = begun.get(_basis(cohort))
        if first is not None and quarter_start(first_quarter(first)) <= cutoff:
            # A named cohort is a list: its first quarter is whole by definition.
            found[cohort.id] = quarter_of(first) if cohort.entry == "named" else first_quarter(first)
    return found


def _basis(cohort: Cohort) -> str:
    return cohort.id if cohort.entry == "named" else cohort.entry


def choose(
    con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort], states: Sequence[FollowUp], cutoff: dt.date
) -> None:
    """Put the parameters of the SQL in small tables: the cut-off, the cohorts with follow-up, each cohort's quarters,
    the coefficients of OGRS3, what each offence code tells."""
    prepare(con)
    prepare_offences(con)
    con.execute("CREATE OR REPLACE TEMP TABLE setting (cutoff DATE, cutoff_day INTEGER)")
    _insert(con, "setting", [(cutoff, (cutoff - EPOCH).days)])
    con.execute(
        "CREATE OR REPLACE TEMP TABLE chosen_cohort "
        "(cohort VARCHAR, basis VARCHAR, age VARCHAR, span UTINYINT, follow_up_days INTEGER, waiting_days INTEGER)"
    )
    followed = [cohort for cohort in cohorts if cohort.clock == "reoffending"]
    spans = sorted({(c.follow_up_days, c.waiting_days) for c in followed})
    _insert(
        con,
        "chosen_cohort",
        [
            (c.id, _basis(c), c.age, spans.index((c.follow_up_days, c.waiting_days)), c.follow_up_days, c.waiting_days)
            for c in followed
        ],
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE chosen_quarter "
        "(cohort VARCHAR, period VARCHAR, quarter_number INTEGER, start_day INTEGER, end_day INTEGER)"
    )
    _insert(con, "chosen_quarter", [(s.cohort, s.period, *_quarter_days(s.period)) for s in states if "Q" in s.period])
    con.execute("CREATE OR REPLACE TEMP TABLE pathway (pathway VARCHAR)")
    _insert(con, "pathway", [(pathway,) for pathway in dimensions()["pathway"].values])


def _quarter_days(quarter: str) -> tuple[int, int, int]:
    start, end = quarter_start(quarter), quarter_end(quarter)
    return start.year * 4 + (start.month - 1) // 3, (start - EPOCH).days, (end - EPOCH).days


def _cohort_row(cohort: Cohort) -> tuple[object, ...]:
    return (
        cohort.id,
        cohort.title,
        cohort.people,
        cohort.entry,
        cohort.age,
        cohort.clock,
        cohort.district_dimension,
        cohort.follow_up_days,
        cohort.waiting_days,
        cohort.publish,
        cohort.sort,
        cohort.holds,
    )


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    for first in range(0, len(rows), 500):
        some = rows[first : first + 500]
        places = f"({', '.join('?' * len(some[0]))})"
        values = [value for row in some for value in row]
        con.execute(f"INSERT INTO {table} VALUES {', '.join([places] * len(some))}", values)


def read_sql(name: str) -> str:
    return (FACTS / f"{name}.sql").read_text(encoding="utf-8")


def run_step(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(read_sql(name))


@contextmanager
def working_tables(con: duckdb.DuckDBPyConnection, keep: Sequence[str] = ()) -> Iterator[None]:
    """Drop the temp tables made within: they hold people's rows and are needed no longer, whatever happened."""
    before = _temp_tables(con)
    try:
        yield
    finally:
        for name in _temp_tables(con) - before - set(keep):
            con.execute(f'DROP TABLE temp."{name}"')
        for name in WORKING_TYPES:
            con.execute(f"DROP TYPE IF EXISTS {name}")


def _temp_tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
