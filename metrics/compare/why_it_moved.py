"""The changes that are taken apart at publish: each year against the one before, and the latest quarter.

The latest complete quarter stands against the same quarter a year before (season is then nothing by construction) and
against the quarter before it (season then has a part). For each published 12-month cohort, all together; and by its own
district for the latest year. metrics/compare/decomposition.py holds the method.
"""

import datetime as dt
import itertools

import duckdb
import numpy as np
import polars as pl

from metrics.compare.decomposition import CERTAIN, PARTS, Change, Cohort, Seasons, decompose, season_factors
from metrics.periods import quarter_after, year_before

INDICATORS = ("reoffences_per_100", "reoffending_rate")
FEWEST = 30
LATEST = 6
"""Changes taken apart for a whole cohort: two of the latest quarter, the rest of the latest years."""
STRATUM = ("young_adult", "prior", "released")
COLUMNS = {
    "cohort": pl.String, "district": pl.String, "indicator": pl.String, "from_period": pl.String,
    "to_period": pl.String, "part": pl.String, "sort": pl.Int64, "value": pl.Float64, "lower": pl.Float64,
    "upper": pl.Float64, "people": pl.Int64, "reason": pl.String,
}  # fmt: skip
"""The release table. `part`: before, mix, custody, season, remainder, after, change, in the order that a waterfall is
drawn in; the four in the middle add up to `change`. Values are per 100 people (or in %), as the indicator's. `people`:
entries of the smaller of the two cohorts. A part that cannot be told apart has no value, and its reason says why."""

NO_PRISON = "the prison extract has not been loaded: what custody explains is in the remainder"
NOT_A_SHARE = "custody cannot be told apart from reoffending itself for a share of people: it is in the remainder"
SAME_QUARTERS = "the same quarters are compared: season has no part in it"
NO_SEASON = "fewer than three whole years to tell seasons by: what season explains is in the remainder"


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """The release table, from the facts of a store whose follow-up is complete."""
    found: list[tuple[object, ...]] = []
    for cohort, district in _cohorts(con):
        people = _people(con, cohort, district)
        if not people.height:
            continue
        people = people.with_columns(stratum=pl.struct(STRATUM).rank("dense").cast(pl.Int64) - 1)
        strata = int(people["stratum"].max()) + 1  # type: ignore[arg-type]
        for indicator in INDICATORS:
            factors = _seasons(people, indicator)
            for old, new, kind in _pairs(people)[-LATEST:]:
                found += _rows(
                    people, (cohort, "", indicator, old, new), factors if kind == "quarter" else None, strata
                )
            years = _pairs(people.filter(pl.col("year_complete")), years_only=True)[-1:]
            for name, mine in people.group_by("district", maintain_order=True) if years else ():
                found += _rows(mine, (cohort, str(name[0]), indicator, *years[0][:2]), None, strata)
    return pl.DataFrame(found, schema=COLUMNS, orient="row").sort(
        "cohort", "district", "indicator", "to_period", "from_period", "sort"
    )


def _rows(
    people: pl.DataFrame, key: tuple[str, str, str, str, str], factors: Seasons | None, strata: int
) -> list[tuple[object, ...]]:
    _, _, indicator, old, new = key
    sides = [people.filter((pl.col("period") == span) | (pl.col("year") == span)) for span in (old, new)]
    fewest = min(side.height for side in sides)
    if fewest < FEWEST:
        return []
    first, second = (_cohort(side, indicator, factors) for side in sides)
    doubt = CERTAIN if factors is None else factors.doubt(old, new)
    change = decompose(first, second, strata, scale=100.0, season_doubt=doubt)
    whole = {"before": change.before, "after": change.after, "change": change.change}
    rows: list[tuple[object, ...]] = []
    for sort, part in enumerate(("before", *PARTS, "after", "change")):
        value = whole[part] if part in whole else change.parts[part]
        rows.append(
            (*key, part, sort, *(value or (None,) * 3), fewest, _reason(part, change, key, first.custody_known))
        )
    return rows


def _reason(part: str, change: Change, key: tuple[str, str, str, str, str], prison: bool) -> str:
    if part in ("before", "after", "change") or change.parts[part] is not None:
        return ""
    _, _, indicator, old, new = key
    if part == "custody":
        return NOT_A_SHARE if indicator == "reoffending_rate" else NO_PRISON
    return SAME_QUARTERS if old[-2:] == new[-2:] or "/" in new else NO_SEASON


def _cohort(side: pl.DataFrame, indicator: str, factors: Seasons | None) -> Cohort:
    unknown = np.full(side.height, np.nan)
    share = indicator == "reoffending_rate"
    events = side["reoffended" if share else "reoffences"].cast(pl.Float64).to_numpy()
    days = unknown if share else side["days_at_liberty"].cast(pl.Float64).to_numpy()
    at_liberty = unknown if share else side["liberty_offences"].cast(pl.Float64).to_numpy()
    season = np.ones(side.height)
    if factors:
        season = side["period"].str.slice(4).replace_strict(factors.factors, return_dtype=pl.Float64).to_numpy()
    return Cohort(side["person"].to_numpy(), side["stratum"].to_numpy(), events, at_liberty, days, season)


def _seasons(people: pl.DataFrame, indicator: str) -> Seasons | None:
    """The quarters' factors for an indicator: reoffences a day at liberty (a person, without prisons), or people."""
    if indicator == "reoffending_rate":
        top, bottom = pl.col("reoffended").cast(pl.Float64).sum(), pl.len().cast(pl.Float64)
    elif people["days_at_liberty"].null_count():
        top, bottom = pl.col("reoffences").cast(pl.Float64).sum(), pl.len().cast(pl.Float64)
    else:
        top, bottom = (
            pl.col("liberty_offences").cast(pl.Float64).sum(),
            pl.col("days_at_liberty").cast(pl.Float64).sum(),
        )
    by = people.group_by("period").agg(top.alias("top"), bottom.alias("bottom")).sort("period")
    return season_factors(by["period"].to_list(), by["top"].to_numpy(), by["bottom"].to_numpy())


def _pairs(people: pl.DataFrame, years_only: bool = False) -> list[tuple[str, str, str]]:
    """(before, after, kind): complete years in a row, then the latest quarter with the year before's and the last's."""
    years = people.filter(pl.col("year_complete"))["year"].unique().sort().to_list()
    pairs = [(a, b, "year") for a, b in itertools.pairwise(years) if int(b[:4]) == int(a[:4]) + 1]
    quarters = people["period"].unique().sort().to_list()
    if years_only or not quarters:
        return pairs
    latest = quarters[-1]
    before = [q for q in quarters if quarter_after(q) == latest]
    return pairs + [(q, latest, "quarter") for q in (year_before(latest), *before) if q in quarters]


def _cohorts(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Published cohorts followed for twelve months, and their own district dimension."""
    return con.sql(
        "SELECT id, district_dimension FROM cohort WHERE publish AND clock = 'reoffending' AND entry IN ('area', 'scheme')"
        " AND follow_up_days = 365 ORDER BY sort, id"
    ).fetchall()


def _people(con: duckdb.DuckDBPyConnection, cohort: str, district: str) -> pl.DataFrame:
    """One row an entry of complete quarters, people by number, with what makes people alike before the index date."""
    if district not in ("home_district", "managing_district", "offence_district"):
        raise ValueError(f"{cohort}: {district} is no district dimension")
    return con.sql(
        f"""SELECT dense_rank() OVER (ORDER BY e.person_key) - 1 AS person, e.period, p.parent AS year,
            coalesce(y.state = 'complete', false) AS year_complete, e.{district} AS district, e.young_adult,
            CASE WHEN e.prior_band IN ('7-10', '11+') THEN '7+' ELSE e.prior_band END AS prior,
            e.index_kind = 'release' AS released, e.reoffended, e.reoffences, e.days_at_liberty, e.liberty_offences
        FROM index_event AS e
        JOIN follow_up AS f ON f.cohort = e.cohort AND f.period = e.period AND f.state = 'complete'
        JOIN period AS p ON p.period = e.period
        LEFT JOIN follow_up AS y ON y.cohort = e.cohort AND y.period = p.parent
        WHERE e.cohort = $cohort ORDER BY 1, 2""",
        params={"cohort": cohort},
    ).pl()
