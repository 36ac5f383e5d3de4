"""Young people who move to adult services: who turns 18 soon, and what those who did were on three months later.

Ahead: people on a scheme at the cut-off whose 18th birthday falls in the 182 days after it. Turned: people whose 18th birthday fell in the
three years to 91 days before the cut-off and who were on a scheme on one of the 91 days before it. Each of those is looked
at on the 91st day after the birthday: on a scheme; under supervision that is not a youth order; on a programme that takes 18-year-olds (by the
directory, any if it does not list the programme); `followed` is any of these. Somebody who died by then is left out. Few people turn 18 on a
scheme: these are counts, never rates. Their district is that of the scheme they were on last.
Source: the 2009 policy statement asks that young people moving to adult services be followed.
"""

import datetime as dt

import duckdb
import polars as pl

AHEAD, LOOK, BACK = 182, 91, 1096
COLUMNS = {
    "district": pl.String, "ahead": pl.Int64, "turned": pl.Int64, "on_scheme": pl.Int64, "supervised": pl.Int64, "on_programme": pl.Int64,
    "followed": pl.Int64,
}  # fmt: skip
"""The release table; district '' is everywhere."""

SQL = """
WITH birthday AS (
    SELECT person_key, date_of_death, CAST(date_of_birth + INTERVAL 18 YEAR AS DATE) AS turns FROM person
), near AS (
    SELECT b.*, e.managing_district AS district, e.end_date,
        row_number() OVER (PARTITION BY b.person_key ORDER BY e.start_date DESC, e.scheme, e.managing_district) AS place
    FROM birthday AS b JOIN scheme_episode AS e ON e.person_key = b.person_key AND e.start_date < b.turns AND e.start_date <= $cutoff
        AND (e.end_date IS NULL OR e.end_date > b.turns - $look)
    WHERE b.turns > $cutoff - $back AND b.turns <= $cutoff + $ahead AND (b.date_of_death IS NULL OR b.date_of_death > least(b.turns + $look, $cutoff))
), seen AS (
    SELECT n.district, n.turns > $cutoff AND (n.end_date IS NULL OR n.end_date > $cutoff) AS ahead, n.turns <= $cutoff - $look AS turned,
        EXISTS (SELECT 1 FROM scheme_episode AS e WHERE e.person_key = n.person_key AND e.start_date <= n.turns + $look
            AND (e.end_date IS NULL OR e.end_date > n.turns + $look)) AS on_scheme,
        EXISTS (SELECT 1 FROM supervision_spell AS v WHERE v.person_key = n.person_key AND v.kind <> 'youth_order'
            AND v.start_date <= n.turns + $look AND (v.end_date IS NULL OR v.end_date > n.turns + $look)) AS supervised,
        EXISTS (SELECT 1 FROM intervention_spell AS i WHERE i.person_key = n.person_key AND i.started_on <= n.turns + $look
            AND (i.ended_on IS NULL OR i.ended_on > n.turns + $look)
            AND NOT EXISTS (SELECT 1 FROM programme AS g WHERE g.programme = i.programme AND g.age_to < 18)) AS on_programme
    FROM near AS n WHERE n.place = 1
)
SELECT district, count(*) FILTER (ahead) AS ahead, count(*) FILTER (turned) AS turned, count(*) FILTER (turned AND on_scheme) AS on_scheme,
    count(*) FILTER (turned AND supervised) AS supervised, count(*) FILTER (turned AND on_programme) AS on_programme,
    count(*) FILTER (turned AND (on_scheme OR supervised OR on_programme)) AS followed
FROM seen GROUP BY district HAVING count(*) FILTER (ahead OR turned) > 0 ORDER BY district
"""


def turning_18(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """The release table: a row for each district with anybody, and one for everywhere."""
    given = {"cutoff": cutoff, "ahead": AHEAD, "look": LOOK, "back": BACK + LOOK}
    found = con.sql(SQL, params=given).pl().select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    return pl.concat(
        [found.select(pl.lit("").alias("district"), *(pl.col(name).sum() for name in list(COLUMNS)[1:])), found]
    )
