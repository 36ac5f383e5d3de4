"""The people of a matched comparison: those it is about, everybody who could be compared, and what followed.

Both sides are described by what was known on the evaluation date and followed from the day after it. How dates are
given to people who never started is the heart of it: docs/methods/evaluation-dates.md.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from common.errors import ProblemError
from metrics.compare.covariates import described, named
from metrics.compare.followed import followed, starts_table
from metrics.compare.people import Frame, Step, source_of, told
from metrics.compare.plan import EVERYWHERE, EXACT, Comparison
from metrics.compare.pool import fewer_dates, thinned
from metrics.derive import EPOCH, choose, run_step, working_tables
from metrics.periods import quarter_end, quarter_start

FOLDER = Path(__file__).parent
HISTORY_DAYS = 365
"""The records must reach so far back before an evaluation date: a peak is told from a habit by what came before."""
OUTCOMES = (
    *("reoffended", "reoffences", "occasions", "days_to_first", "event", "days_observed", "days_followed", "severity"),
    *("custody", "days_to_custody", "days_at_liberty", "liberty_offences", "died", "days_to_death"),
)


def evaluation_frame(
    con: duckdb.DuckDBPyConnection, comparison: Comparison, cutoff: dt.date, starts: pl.DataFrame | None = None
) -> Frame:
    """The frame of one comparison, from a store's canonical tables as known on `cutoff`; the store is not changed.

    `starts` (person_key, start_date) gives the people of a comparison whose subject is a list.
    """
    given = {} if starts is None else {comparison.id: starts}
    with evaluation_frames(con, [comparison], cutoff, given) as frames:
        return frames.frame(comparison)


@contextmanager
def evaluation_frames(
    con: duckdb.DuckDBPyConnection,
    comparisons: Sequence[Comparison],
    cutoff: dt.date,
    starts: Mapping[str, pl.DataFrame] | None = None,
) -> Iterator["Frames"]:
    """Describe everybody once for several comparisons; the temp tables are dropped at the end, whatever happens."""
    with working_tables(con):
        choose(con, [], [], cutoff)
        for step in ("records", "age", "entry"):
            run_step(con, step)
        yield Frames(con, comparisons, cutoff, starts or {})


def nobody(known: pl.DataFrame) -> pl.DataFrame:
    """A pool without people, in the columns of one."""
    return known.clear().with_columns(
        pl.lit(False).alias("joined_later"), pl.lit(0, pl.Int32).alias("days_to_join"), pl.lit(False).alias("treated")
    )


class Frames:
    """The frames of several comparisons over one set of working tables."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        comparisons: Sequence[Comparison],
        cutoff: dt.date,
        starts: Mapping[str, pl.DataFrame],
    ) -> None:
        self._con, self._cutoff_day = con, (cutoff - EPOCH).days
        self._number = {comparison.id: number for number, comparison in enumerate(comparisons)}
        self._first_day = _first_day(con) + HISTORY_DAYS
        shortest = min((c.follow_up_days + c.waiting_days for c in comparisons), default=0)
        con.execute("CREATE OR REPLACE TEMP TABLE evaluation_setting (first_day INTEGER, last_day INTEGER)")
        con.execute("INSERT INTO evaluation_setting VALUES (?, ?)", [self._first_day, self._cutoff_day - shortest])
        self._late: dict[str, int] = {}
        self._submit(comparisons, starts)
        con.execute(_sql("evaluation"))
        self._describe()
        spans = {(c.follow_up_days, c.waiting_days) for c in comparisons}
        self._known = {span: self._followed(*span) for span in spans}
        self._dates = {
            span: self._everybody.join(known.select(*_PLACED), on=["person_key", "day"])
            for span, known in self._known.items()
        }

    def frame(self, comparison: Comparison, *, least: tuple[int, int] = (0, 0)) -> Frame:
        """One comparison's people, covariates, outcomes and flow.

        With fewer people submitted, or followed, than `least` says, nobody is sought to compare them with.
        """
        rows, flow = self._rows(comparison, least)
        people, covariates = named(rows, comparison, self._pathway(comparison))
        wanted = dict.fromkeys(("cluster", "treated", "joined_later", "days_to_join", *covariates, *EXACT, *OUTCOMES))
        return Frame(
            comparison=comparison,
            people=people.select(*wanted),
            covariates=covariates,
            flow=told(flow),
            submitted=flow[0].people,
            source=source_of(rows),
        )

    def moments(self, comparison: Comparison) -> pl.DataFrame:
        """The person_key and day of each row of the comparison's frame, in its order: for judging by a known truth."""
        return self._rows(comparison)[0].select("person_key", "day")

    def _rows(self, comparison: Comparison, least: tuple[int, int] = (0, 0)) -> tuple[pl.DataFrame, list[Step]]:
        """Those treated and the dates that they may be compared with, described and followed; who fell away."""
        number = self._number[comparison.id]
        mine = self._con.sql(
            "SELECT person_key, start_day, day, death_day, place FROM evaluation WHERE comparison = $n AND treated",
            params={"n": number},
        ).pl()
        if comparison.subject_kind == "scheme" and comparison.district != EVERYWHERE:
            mine = mine.filter(pl.col("place") == comparison.district)
        left, flow = self._left(mine, comparison)
        known = self._known[comparison.follow_up_days, comparison.waiting_days]
        treated = left.join(known, on=["person_key", "day"])
        why = "nothing was recorded against them in the two years before, or their age is not known"
        flow.append(Step("comparable", treated.height, why))
        if comparison.subject_kind != "scheme" and comparison.district != EVERYWHERE:
            treated = treated.filter(pl.col("home_district") == comparison.district)
            flow.append(Step("lived there", treated.height, "their home was in another district"))
        enough = flow[0].people >= least[0] and treated.height >= least[1]
        pool = self._pool(comparison, number, treated, known) if enough else nobody(known)
        rows = pl.concat(
            [
                treated.with_columns(
                    treated=pl.lit(True), joined_later=pl.lit(False), days_to_join=pl.lit(0, pl.Int32)
                ).select(pool.columns),
                pool,
            ]
        ).sort(pl.col("treated"), "person_key", "day", descending=[True, False, False])
        return rows, flow

    def _submit(self, comparisons: Sequence[Comparison], starts: Mapping[str, pl.DataFrame]) -> None:
        """Each person's first start on each comparison's subject."""
        con = self._con
        kind = str(con.sql("SELECT person_key FROM person").types[0])
        con.execute(starts_table(kind))
        for comparison in comparisons:
            values: list[int | str] = [self._number[comparison.id]]
            if comparison.id in starts:
                con.register("_given_starts", starts[comparison.id].select("person_key", "start_date").to_arrow())
                query = _STARTS["list"]
            else:
                query = _STARTS[comparison.subject_kind]
                values.append(comparison.subject)
            con.execute(f"INSERT INTO evaluation_start {query}", values)
            self._late[comparison.id] = self._starting_later(comparison, given=comparison.id in starts)
        con.execute("DROP VIEW IF EXISTS _given_starts")

    def _starting_later(self, comparison: Comparison, *, given: bool) -> int:
        """People of a list or a named cohort whose start lies after the cut-off: submitted, and then left out."""
        if given:
            query, values = "SELECT person_key, true, start_date FROM _given_starts", []
        elif comparison.subject_kind == "cohort":
            query = "SELECT person_key, group_name = 'treatment', index_date FROM cohort_member WHERE cohort = $1"
            query, values = f"{query} AND group_name IN ('treatment', 'comparison')", [comparison.subject]
        else:
            return 0
        [(people,)] = self._con.execute(
            f"SELECT count(*) FROM (SELECT min_by(ours, day) AS ours, min(day) AS first FROM ({query}) AS t"
            " (person_key, ours, day) GROUP BY person_key) WHERE ours AND first > (SELECT cutoff FROM setting)",
            values,
        ).fetchall()
        return int(people)

    def _describe(self) -> None:
        """Everybody's covariates on every date that any comparison needs, read once."""
        con = self._con
        fewer_dates(con)
        con.execute(
            "INSERT INTO moment SELECT person_key, day FROM pool_moment UNION"
            " SELECT person_key, day FROM evaluation WHERE day IS NOT NULL AND day <= (SELECT cutoff_day FROM setting)"
        )
        run_step(con, "history")
        run_step(con, "state")
        con.execute(_sql("covariates"))
        self._people = described(con.sql("SELECT * FROM moment_covariate").pl())
        self._everybody = con.sql("SELECT person_key, day, lot FROM pool_moment").pl()

    def _followed(self, follow_up_days: int, waiting_days: int) -> pl.DataFrame:
        """Everybody's covariates and what followed, on the dates that can be followed for so long."""
        known = self._people.join(followed(self._con, follow_up_days, waiting_days), on=["person_key", "day"])
        return known.filter(pl.col("age").is_between(10, 120)).with_row_index("_row")

    def _left(self, mine: pl.DataFrame, comparison: Comparison) -> tuple[pl.DataFrame, list[Step]]:
        """Those submitted who have an evaluation date that can be followed in full, and who fell out on the way."""
        late = self._late[comparison.id]
        flow = [Step("submitted", mine.height + late, "")]
        if late:
            flow.append(Step("started by the cut-off", mine.height, "they started after the cut-off"))

        def keep(frame: pl.DataFrame, step: str, kept: pl.Expr, reason: str) -> pl.DataFrame:
            frame = frame.filter(kept)
            flow.append(Step(step, frame.height, reason))
            return frame

        left = mine
        alive = pl.col("death_day").is_null() | (pl.col("death_day") > pl.col("day"))
        left = keep(
            left, "at liberty", pl.col("day").is_not_null() & alive, "they started in custody and were not released"
        )
        last = self._cutoff_day - comparison.follow_up_days - comparison.waiting_days
        left = keep(left, "followed", pl.col("day") <= last, "their follow-up is not complete yet")
        left = keep(left, "history", pl.col("day") >= self._first_day, "the records do not reach back a year before")
        first, final = _bounds(comparison)
        if comparison.from_period or comparison.to_period:
            left = keep(
                left, "in the period", pl.col("day").is_between(first, final), "they started outside the period"
            )
        return left.select("person_key", "day"), flow

    def _pool(self, comparison: Comparison, number: int, treated: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
        """Dates of people not on it by then, in the quarters of those treated, drawn to be as busy as they were."""
        joined = self._con.sql(
            "SELECT person_key, start_day AS joined_day FROM evaluation_start WHERE comparison = $n AND treated",
            params={"n": number},
        ).pl()
        own = self._con.sql(
            "SELECT person_key, day FROM evaluation WHERE comparison = $n AND NOT treated AND day IS NOT NULL",
            params={"n": number},
        ).pl()
        span = (comparison.follow_up_days, comparison.waiting_days)
        dates = own.with_columns(lot=pl.lit(0, pl.UInt64)).join(known.select(*_PLACED), on=["person_key", "day"])
        if not own.height:
            quarters = treated.select("quarter").unique()
            dates = self._dates[span].join(quarters, on="quarter", how="semi")
        later = pl.col("joined_day") <= pl.col("day") + comparison.follow_up_days
        dates = (
            dates.join(joined, on="person_key", how="left")
            .filter(pl.col("joined_day").is_null() | (pl.col("joined_day") > pl.col("day")))
            .with_columns(joined_later=later.fill_null(False), days_to_join=pl.col("joined_day") - pl.col("day"))
        )
        dates = thinned(dates, treated).sort("_row")
        return known[dates["_row"]].with_columns(dates["joined_later"], dates["days_to_join"], treated=pl.lit(False))

    def _pathway(self, comparison: Comparison) -> str | None:
        if comparison.subject_kind != "programme":
            return None
        found = self._con.sql(
            "SELECT pathway FROM intervention_spell WHERE programme = $p GROUP BY pathway ORDER BY count(*) DESC, pathway LIMIT 1",
            params={"p": comparison.subject},
        ).fetchall()
        return str(found[0][0]) if found else None


_PLACED = ("person_key", "day", "_row", "quarter", "charges_365", "at_release")
"""What is needed of a row to choose it."""

_STARTS = {
    "scheme": "SELECT $1, person_key, true, min(start_day), min_by(CAST(managing_district AS VARCHAR), start_day) FROM episode"
    " WHERE scheme = $2 GROUP BY person_key",
    "programme": "SELECT $1, person_key, true, CAST(min(started_on) - DATE '1970-01-01' AS INTEGER), NULL FROM intervention_spell"
    " WHERE programme = $2 AND started_on <= (SELECT cutoff FROM setting) GROUP BY person_key",
    # Somebody named in both groups is counted where they were first.
    "cohort": "SELECT $1, person_key, min_by(group_name, index_date) = 'treatment',"
    " CAST(min(index_date) - DATE '1970-01-01' AS INTEGER), NULL FROM cohort_member WHERE cohort = $2"
    " AND group_name IN ('treatment', 'comparison') AND index_date <= (SELECT cutoff FROM setting) GROUP BY person_key",
    "list": "SELECT $1, person_key, true, CAST(min(start_date) - DATE '1970-01-01' AS INTEGER), NULL FROM _given_starts"
    " WHERE start_date <= (SELECT cutoff FROM setting) GROUP BY person_key",
}
"""Each person's first start on a subject, by the kind of subject."""


def _bounds(comparison: Comparison) -> tuple[int, int]:
    """The first and last day of the comparison's period."""
    first = (quarter_start(comparison.from_period) - EPOCH).days if comparison.from_period else -1_000_000
    final = (quarter_end(comparison.to_period) - EPOCH).days if comparison.to_period else 1_000_000
    return first, final


def _first_day(con: duckdb.DuckDBPyConnection) -> int:
    """The first day of the records: one old offence proven lately does not make them older."""
    [(day,)] = con.sql("SELECT CAST(min(proven_day) AS INTEGER) FROM proof").fetchall()
    if day is None:
        raise ProblemError(
            "there is no proven offence to follow anybody by",
            "the store's offences",
            "an extract of convictions or cautions",
            "load one, then publish again",
        )
    return int(day)


@cache
def _sql(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
