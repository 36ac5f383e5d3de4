"""The groups that no programme takes, by pathway and district, and how many people with the need they leave out.

Both come from the directory as it stands: a pathway has nothing in a district when no entry is listed there, and has nothing
for somebody when no entry's sex and ages fit. How many people that is counts everybody on the caseload of the reporting
quarter with the need, by sex and by age on its last day.
"""

import datetime as dt

import duckdb
import polars as pl

from metrics.periods import quarter_end
from metrics.provision.eligibility import left_out

NOT_PLACES = ("out_of_area", "no_fixed_address", "not_known")
GAP = {
    "pathway": pl.String,
    "district": pl.String,
    "sex": pl.String,
    "age_from": pl.Int64,
    "age_to": pl.Int64,
    "nothing": pl.Boolean,
}
"""The release table of groups eligible for nothing; `nothing`: no entry at all. District '' is nowhere in the area."""
UNMET = {
    "pathway": pl.String, "district": pl.String, "sex": pl.String, "age": pl.String, "need": pl.Int64, "nothing": pl.Int64,
    "not_for_them": pl.Int64,
}  # fmt: skip
"""The release table of people with the need: `nothing` live where no entry is listed, `not_for_them` where none takes them."""
AGES = {"10 to 17": (10, 17), "18 to 25": (18, 25), "26 and over": (26, None)}


def gaps(directory: pl.DataFrame, pathways: list[str], districts: list[str]) -> pl.DataFrame:
    """The groups eligible for nothing: one row each, in the columns of GAP."""
    rows = []
    for pathway in pathways:
        mine = directory.filter(pl.col("pathway") == pathway)
        for district in ["", *districts]:
            here = mine if not district else mine.filter(pl.col("district") == district)
            rules = here.select("sex_served", "age_from", "age_to").rows()
            rows += [
                (pathway, district, group.sex, group.age_from, group.age_to, not rules)
                for group in left_out(rules, pathway)
            ]
    return pl.DataFrame(rows, schema=GAP, orient="row")


def unmet(con: duckdb.DuckDBPyConnection, quarter: str) -> pl.DataFrame:
    """People on the caseload of a quarter with a need, and those for whom the directory has nothing."""
    age = " ".join(f"WHEN n.age <= {high} THEN '{name}'" for name, (_, high) in AGES.items() if high)
    last = list(AGES)[-1]
    found = con.sql(
        "WITH needy AS (SELECT s.pathway, s.managing_district AS district, s.sex,"
        " CAST(date_part('year', age(CAST($day AS DATE), p.date_of_birth)) AS INTEGER) AS age"
        " FROM pathway_step AS s LEFT JOIN person AS p ON p.person_key = s.person_key WHERE s.period = $quarter AND s.need)"
        f" SELECT n.pathway, n.district, n.sex, CASE WHEN n.age IS NULL THEN 'not_known' {age} ELSE '{last}' END AS age,"
        " count(*) AS need, count(*) FILTER (NOT listed) AS nothing, count(*) FILTER (listed AND NOT taken) AS not_for_them"
        " FROM (SELECT n.*, EXISTS (SELECT 1 FROM programme AS g WHERE g.pathway = n.pathway AND g.district = n.district) AS listed,"
        " EXISTS (SELECT 1 FROM programme AS g WHERE g.pathway = n.pathway AND g.district = n.district AND g.sex_served IN ('all', n.sex)"
        " AND (g.age_from IS NULL OR g.age_from <= n.age) AND (g.age_to IS NULL OR g.age_to >= n.age)) AS taken FROM needy AS n) AS n"
        " GROUP BY ALL ORDER BY ALL",
        params={"day": quarter_end(quarter), "quarter": quarter},
    ).pl()
    return found.select(pl.col(name).cast(kind) for name, kind in UNMET.items())


def places_of(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The districts of the area, by label."""
    rows = con.sql("SELECT district FROM geography ORDER BY label, district").fetchall()
    return [district for (district,) in rows if district not in NOT_PLACES]


def reviewed(cutoff: dt.date) -> str:
    """The quarter being reviewed: the last that has ended by the cut-off."""
    from metrics.periods import quarter_of, quarter_start

    return quarter_of(quarter_start(quarter_of(cutoff + dt.timedelta(days=1))) - dt.timedelta(days=1))
