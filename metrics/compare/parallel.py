"""Parallel running: the measures of the schemes before IOM, worked out beside the single cohort's, and why they differ.

Two old rules, kept running for whoever can be found by them (`RULES`):

- `on_date`, the PPO measure (Home Office, 2009): everybody on the scheme on 1 February; offences proven of the next April
  to March, against those of the October to September that ended four months before. Worked out for PPO, and for IOM.
- `tested`, the DIP measure (National Indicator 38, 2008): everybody who tested positive on arrest, or came onto DIP, in January to
  March; offences proven of the 12 months after the first such day, against those of the 12 months before it.

The single cohort takes the first prison release, conviction or caution in each quarter of somebody on a scheme, and follows the 12
months after it (facts/index_event.sql). `STEPS` lead from an old measure to it, one difference at a time, each of them a group of
people and a way of following them: `old`; `entered`, those of them whom the single cohort counts at all in the April to March
of the follow-up, still by the old clock; `clock`, the same people by the single cohort's clock; `scheme`, everybody whom the
single cohort counts on that scheme; `all`, on any scheme. The last two are published figures, to the last digit.

What a step moves is a difference between groups that overlap, so it has no interval of its own. The change against the year before is
given because the old measures were judged by it, and it is no effect: people come onto a scheme at their worst, and their
counts fall anyway (metrics/compare/before_after.py sets the expected fall beside it).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.compare.before_after import WAITING_DAYS, windows
from metrics.compare.contrast import NOTHING, Group, contrast
from metrics.derive import EPOCH, choose, run_step, working_tables
from metrics.kinds import proportion, ratio
from metrics.person_years import spells_of_records

Numbers = NDArray[np.float64]

ON_DATE, TESTED = "on_date", "tested"
RULES = {ON_DATE: ("ppo", "iom"), TESTED: ("dip",)}
"""Each old rule, and the schemes that it is worked out for."""
STEPS = ("old", "entered", "clock", "scheme", "all")
COHORT = "scheme"
YEAR = 365.25
FIRST_PROOF = dt.timedelta(days=31)
"""Records begin some weeks before the first proof that they hold: an offence takes as long to be proven."""
SCHEMA = {
    "rule": pl.String, "scheme": pl.String, "year": pl.String, "step": pl.String, "sort": pl.Int64, "people": pl.Int64,
    "entries": pl.Int64, "rate": pl.Float64, "rate_lower": pl.Float64, "rate_upper": pl.Float64, "per_100": pl.Float64,
    "per_100_lower": pl.Float64, "per_100_upper": pl.Float64, "in_custody": pl.Float64, "before_per_100": pl.Float64,
    "change": pl.Float64, "change_lower": pl.Float64, "change_upper": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What followed people, one element an entry: `person` (a number), offences, days observed and in custody (NaN: no
    prison extract)."""

    person: NDArray[np.int64]
    offences: Numbers
    days: Numbers
    custody: Numbers


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """One row for each rule, scheme, year (April to March, of the follow-up) and step that anybody is in.

    Rates are % of entries with a proven offence and offences per 100 entries, with 95% intervals clustered by person; changes
    are % of the year before, for `old` alone. A year has its rows once every measure of it is final.
    """
    years = _years(con, cutoff)
    if not years:
        return pl.DataFrame(schema=SCHEMA)
    with working_tables(con):
        choose(con, [], [], cutoff)
        run_step(con, "records")
        members = _members(con, years)
        counted = spells_of_records(con, _spells(members), waiting_days=WAITING_DAYS)
    old = members.join(_wide(counted), on=["person_key", "on_date"], how="left")
    events = _events(con, years)
    rows: list[dict[str, object]] = []
    for rule, schemes in RULES.items():
        for scheme in schemes:
            for year, start in years.items():
                mine = old.filter((pl.col("rule") == rule) & (pl.col("scheme") == scheme) & (pl.col("start") == start))
                theirs = events.filter(pl.col("year") == year)
                if len(mine) and len(theirs):
                    rows += [
                        {"rule": rule, "scheme": scheme, "year": year} | row for row in _steps(mine, theirs, scheme)
                    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _years(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> dict[str, int]:
    """The April to March years of which every measure is final, by label, with the calendar year in which they begin."""
    begun = con.sql("SELECT min(proven_date) FROM offence WHERE outcome IN ('convicted', 'cautioned')").fetchall()[0][0]
    if begun is None:
        return {}
    begun -= FIRST_PROOF
    done = con.sql(
        "SELECT f.period, year(p.start) FROM follow_up AS f JOIN period AS p ON p.period = f.period"
        f" WHERE f.cohort = '{COHORT}' AND f.state = 'complete' AND p.kind = 'year' ORDER BY p.start"
    ).fetchall()
    return {
        label: start
        for label, start in done
        if windows(start).baseline[0] >= begun
        and windows(start).complete_on <= cutoff
        and dt.date(start - 1, 1, 1) >= begun
    }


def _members(con: duckdb.DuckDBPyConnection, years: Mapping[str, int]) -> pl.DataFrame:
    """Whom each old rule counts, in which year, on which day, and the first and last days of both its years. Needs records.sql."""
    asked = pl.DataFrame(
        [
            {
                "start": start,
                "fixed": (windows(start).fixed - EPOCH).days,
                "from_day": (dt.date(start, 1, 1) - EPOCH).days,
                "to_day": (dt.date(start, 3, 31) - EPOCH).days,
            }
            for start in years.values()
        ],
        schema=dict.fromkeys(("start", "fixed", "from_day", "to_day"), pl.Int32),
    )
    con.register("_asked_year", asked.to_arrow())
    con.execute("CREATE OR REPLACE TEMP TABLE asked_year AS SELECT * FROM _asked_year")
    con.unregister("_asked_year")
    named = ", ".join(f"'{scheme}'" for scheme in RULES[ON_DATE])
    found = con.sql(f"""
        WITH told AS (
            SELECT person_key, CAST(arrest_date - DATE '1970-01-01' AS INTEGER) AS day FROM arrest WHERE drug_test = 'positive'
            UNION ALL
            SELECT person_key, start_day FROM episode WHERE scheme = 'dip'
        ), counted AS (
            SELECT '{ON_DATE}' AS rule, e.scheme, a.start, a.fixed AS day, e.person_key
            FROM asked_year AS a JOIN episode AS e ON e.start_day <= a.fixed AND a.fixed < e.end_day
            WHERE e.scheme IN ({named})
            GROUP BY e.scheme, a.start, a.fixed, e.person_key
            UNION ALL
            SELECT '{TESTED}', 'dip', a.start, min(t.day), t.person_key
            FROM asked_year AS a JOIN told AS t ON t.day >= a.from_day AND t.day <= a.to_day
            GROUP BY a.start, t.person_key
        )
        SELECT c.rule, c.scheme, c.start, c.day, c.person_key FROM counted AS c
        JOIN who AS w ON w.person_key = c.person_key
        WHERE w.death_day IS NULL OR w.death_day > c.day
        ORDER BY c.rule, c.scheme, c.start, c.person_key
    """).pl()
    around = {start: windows(start) for start in years.values()}
    ends = {
        name: pl.col("start").replace_strict({start: day(one) for start, one in around.items()}, return_dtype=pl.Int32)
        for name, day in {
            "before_first": lambda one: (one.baseline[0] - EPOCH).days,
            "before_last": lambda one: (one.baseline[1] - EPOCH).days,
            "after_first": lambda one: (one.follow_up[0] - EPOCH).days,
            "after_last": lambda one: (one.follow_up[1] - EPOCH).days,
        }.items()
    }
    fixed, day = pl.col("rule") == ON_DATE, pl.col("day").cast(pl.Int32)
    return found.with_columns(
        day.cast(pl.Date).alias("on_date"),
        pl.when(fixed).then(ends["before_first"]).otherwise(day - 365).alias("before_first"),
        pl.when(fixed).then(ends["before_last"]).otherwise(day - 1).alias("before_last"),
        pl.when(fixed).then(ends["after_first"]).otherwise(day + 1).alias("after_first"),
        pl.when(fixed).then(ends["after_last"]).otherwise(day + 365).alias("after_last"),
    )


def _spells(members: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [
            members.select(
                "person_key", "on_date", side=pl.lit(side), first_day=f"{side}_first", last_day=f"{side}_last"
            ).unique()
            for side in ("before", "after")
        ]
    )


def _wide(counted: pl.DataFrame) -> pl.DataFrame:
    """One row a person and day, with the offences, days and days in custody of both years."""
    kept = ["offences", "days_observed", "days_in_custody"]
    sides = [
        counted.filter(pl.col("side") == side).select(
            "person_key", "on_date", *(pl.col(name).cast(pl.Float64).alias(f"{side}_{name}") for name in kept)
        )
        for side in ("before", "after")
    ]
    return sides[0].join(sides[1], on=["person_key", "on_date"], how="full", coalesce=True)


def _events(con: duckdb.DuckDBPyConnection, years: Mapping[str, int]) -> pl.DataFrame:
    """The single cohort's index events of these years, and what followed each."""
    return con.sql(
        "SELECT y.period AS year, e.person_key, e.scheme, e.reoffences, e.days_observed, e.days_in_custody FROM index_event AS e"
        ' JOIN period AS q ON q.period = e.period JOIN period AS y ON y.kind = \'year\' AND q.start >= y.start AND q."end" <= y."end"'
        " WHERE e.cohort = ? AND list_contains(CAST(? AS VARCHAR[]), y.period) ORDER BY ALL",
        params=[COHORT, list(years)],
    ).pl()


def _steps(old: pl.DataFrame, events: pl.DataFrame, scheme: str) -> Iterator[dict[str, object]]:
    """The steps from an old measure to the single cohort's, of one rule, scheme and year."""
    counted, known = events["person_key"].unique(), old["person_key"].unique()
    entered = old.filter(pl.col("person_key").is_in(counted.implode()))
    groups = {
        "old": _of_old(old),
        "entered": _of_old(entered),
        "clock": _of_events(events.filter(pl.col("person_key").is_in(known.implode()))),
        "scheme": _of_events(events.filter(pl.col("scheme").list.contains(scheme))),
        "all": _of_events(events),
    }
    for sort, (step, found) in enumerate(groups.items()):
        if len(found.person):
            yield {"step": step, "sort": sort} | _measured(found) | (_against_before(old) if step == "old" else {})


def _of_old(frame: pl.DataFrame) -> Outcomes:
    names = ("after_offences", "after_days_observed", "after_days_in_custody")
    return Outcomes(_numbered(frame), *(_column(frame, name) for name in names))


def _of_events(frame: pl.DataFrame) -> Outcomes:
    return Outcomes(
        _numbered(frame), *(_column(frame, name) for name in ("reoffences", "days_observed", "days_in_custody"))
    )


def _numbered(frame: pl.DataFrame) -> NDArray[np.int64]:
    return frame["person_key"].rank("dense").cast(pl.Int64).to_numpy() - 1


def _column(frame: pl.DataFrame, name: str) -> Numbers:
    return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _measured(found: Outcomes) -> dict[str, object]:
    """Rate and frequency with their intervals, and the share of days in custody."""
    known = _of_one(proportion.compute(_sums(found.person, (found.offences > 0).astype(float))))
    often = _of_one(ratio.compute(_sums(found.person, found.offences)))
    custody, days = found.custody.sum(), found.days.sum()
    return {
        "people": int(found.person.max()) + 1,
        "entries": len(found.person),
        **dict(zip(("rate", "rate_lower", "rate_upper"), known, strict=True)),
        **dict(zip(("per_100", "per_100_lower", "per_100_upper"), often, strict=True)),
        "in_custody": _known(100 * custody / days) if days else None,
    }


def _of_one(result: ratio.Result) -> list[float | None]:
    return [_known(100 * float(column[0])) for column in (result.value, result.lower, result.upper)]


def _sums(person: NDArray[np.int64], x: Numbers) -> dict[str, Numbers]:
    """The sums that the kinds of statistic need, of one cell, clustered by person; every entry counts for one."""
    top, bottom = np.bincount(person, x), np.bincount(person).astype(float)
    sums = {"n": float(len(bottom)), "people": float(len(bottom))}
    for name in ("sx", "sd", "sxx", "sxd", "sdd", "sxxx", "sxxd", "sxdd", "sddd"):
        product = np.ones(len(bottom))
        for letter in name[1:]:
            product = product * (top if letter == "x" else bottom)
        sums[name] = float(product.sum())
    return {name: np.array([value]) for name, value in sums.items()}


def _against_before(old: pl.DataFrame) -> dict[str, object]:
    """The year before, and the change since: rates of offences a year, whether at liberty or not, as the old measures had it."""
    person = _numbered(old)
    sides = [
        Group(sign, _column(old, f"{side}_offences"), _column(old, f"{side}_days_observed") / YEAR, person)
        for side, sign in (("before", -1), ("after", 1))
    ]
    found = contrast(sides) if all(side.exposure.sum() > 0 for side in sides) else NOTHING
    return {
        "before_per_100": _known(100 * float(sides[0].offences.sum()) / len(old)),
        "change": found.estimate,
        "change_lower": found.lower,
        "change_upper": found.upper,
    }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
