"""How well OGRS3 fits here, and what it would expect once recalibrated: the release's table `calibration`.

For every cohort and complete April to March year (four pooled quarterly cohorts): observed against expected, first with
the national prediction, then with one recalibrated on everybody in the area (children and adults, on a scheme or not)
followed for as long, in complete quarters before the year began. This year's people never set their own expectation.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import polars as pl

from metrics.compare.recalibrate import Recalibration, auc, brier, fit
from metrics.kinds import expected

NATIONAL, LOCAL = "national", "local"
STEP = 1.0
"""At the open level: 30 people or more, counts to the nearest 5, percentage points outward to this."""
SCHEMA: dict[str, type[pl.DataType]] = {
    "cohort": pl.String, "period": pl.String, "basis": pl.String, "dim1": pl.String, "val1": pl.String,
    "people": pl.Int64, "entries": pl.Int64, "observed": pl.Float64, "expected": pl.Float64,
    "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "brier": pl.Float64, "auc": pl.Float64,
    "intercept": pl.Float64, "slope": pl.Float64, "fitted_from": pl.String, "fitted_to": pl.String, "fitted_entries": pl.Int64,
}  # fmt: skip
"""`people` scored (different people) and `entries`; `observed` and `expected` are numbers of people, pooled; `value`,
`lower`, `upper` observed less expected in percentage points. Brier, AUC and what was fitted stand with dim1 '' alone."""
QUERY = """
    SELECT i.cohort, i.period AS quarter, y.period AS year, hash(i.person_key) AS person, i.reoffended, i.ogrs3,
        i.ogrs_band, i.home_district, i.managing_district, i.scheme
    FROM index_event AS i
    JOIN follow_up AS f ON f.cohort = i.cohort AND f.period = i.period
    JOIN period AS q ON q.period = i.period AND q.kind = 'quarter'
    JOIN period AS y ON y.period = q.parent
    WHERE i.cohort = ? AND i.ogrs3 IS NOT NULL AND f.state = 'complete'"""


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """Every row of the release's table, in the columns of SCHEMA; nothing is rounded or withheld here."""
    cohorts = con.sql(
        "SELECT id, entry, age, follow_up_days, waiting_days, district_dimension FROM cohort WHERE publish AND clock = 'reoffending' ORDER BY sort"
    ).pl()
    area = {
        (row["follow_up_days"], row["waiting_days"], row["age"]): row["id"]
        for row in con.sql("SELECT * FROM cohort WHERE entry = 'area'").pl().to_dicts()
    }
    rows: list[dict[str, Any]] = []
    standards: dict[tuple[int, int], pl.DataFrame] = {}
    for cohort in cohorts.to_dicts():
        span = cohort["follow_up_days"], cohort["waiting_days"]
        if span not in standards:
            standards[span] = _standard(con, area, span)
        mine = con.sql(QUERY, params=[cohort["id"]]).pl()
        for year in _complete_years(con, cohort["id"]):
            people = mine.filter(pl.col("year") == year)
            if people.height:
                first = con.execute("SELECT start FROM period WHERE period = ?", [year]).fetchall()[0][0]
                quarter = f"{first.year}Q{(first.month + 2) // 3}"
                earlier = standards[span].filter(pl.col("quarter") < quarter)
                made = _year(people, earlier, cohort["district_dimension"])
                rows += [{"cohort": cohort["id"], "period": year} | row for row in made]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _complete_years(con: duckdb.DuckDBPyConnection, cohort: str) -> list[str]:
    found = con.execute(
        "SELECT f.period FROM follow_up AS f JOIN period AS p ON p.period = f.period"
        " WHERE f.cohort = ? AND p.kind = 'year' AND f.state = 'complete' ORDER BY p.start",
        [cohort],
    )
    return [year for (year,) in found.fetchall()]


def _standard(
    con: duckdb.DuckDBPyConnection, area: dict[tuple[int, int, str], str], span: tuple[int, int]
) -> pl.DataFrame:
    """Everybody in the area followed for as long: the cohort of all ages, or the children's and the adults'."""
    names = [area[*span, "any"]] if (*span, "any") in area else [area[k] for k in area if k[:2] == span]
    if not names:
        return pl.DataFrame(schema={"quarter": pl.String, "reoffended": pl.Boolean, "ogrs3": pl.Float64})
    parts = [con.sql(QUERY, params=[name]).pl().select("quarter", "reoffended", "ogrs3") for name in names]
    return pl.concat(parts)


def _year(people: pl.DataFrame, earlier: pl.DataFrame, district: str) -> Iterator[dict[str, Any]]:
    """One year of one cohort, by each prediction: in all, by band, by its district and by scheme."""
    model = fit(earlier["reoffended"].to_numpy(), earlier["ogrs3"].to_numpy()) if earlier.height else None
    yield from _rows(people, NATIONAL, None, district, earlier.clear())
    if model:
        local = people.with_columns(pl.Series("ogrs3", model.of(people["ogrs3"].to_numpy())))
        yield from _rows(local, LOCAL, model, district, earlier)


def _rows(
    people: pl.DataFrame, basis: str, model: Recalibration | None, district: str, fitted: pl.DataFrame
) -> Iterator[dict[str, Any]]:
    happened, chance = people["reoffended"].to_numpy(), people["ogrs3"].to_numpy()
    score = auc(happened, chance)
    whole = {
        "brier": brier(happened, chance), "auc": score if np.isfinite(score) else None,
        "intercept": model.intercept if model else None, "slope": model.slope if model else None,
        "fitted_from": fitted["quarter"].min(), "fitted_to": fitted["quarter"].max(),
        "fitted_entries": fitted.height or None,
    }  # fmt: skip
    for row in against(people, []):
        yield {"basis": basis, "dim1": "", "val1": ""} | row | whole
    for name in ("ogrs_band", district, "scheme"):
        by = people.explode("scheme", empty_as_null=False) if name == "scheme" else people
        for row in against(by, [name]):
            yield {"basis": basis, "dim1": name, "val1": row.pop(name)} | row


def against(people: pl.DataFrame, by: Sequence[str]) -> list[dict[str, Any]]:
    """Observed less expected in percentage points, with its limits (metrics/kinds/expected.py), for each group.

    `people` has person, reoffended, ogrs3 and the columns of `by`; somebody's entries count as one cluster.
    """
    less, chance = pl.col("reoffended").cast(pl.Float64) - pl.col("ogrs3"), pl.col("ogrs3")
    each = people.group_by(*by, "person").agg(
        x=less.sum(), d=pl.len().cast(pl.Float64), e=chance.sum(), v=(chance * (1 - chance)).sum()
    )
    x, d = pl.col("x"), pl.col("d")
    sums = {
        "n": pl.len().cast(pl.Float64), "sx": x.sum(), "sd": d.sum(), "sxx": (x * x).sum(), "sxd": (x * d).sum(),
        "sdd": (d * d).sum(), "se": pl.col("e").sum(), "sv": pl.col("v").sum(),
    }  # fmt: skip
    cells = each.group_by(*by).agg(**sums).sort(*by) if by else each.select(**sums)
    columns = {name: cells[name].to_numpy() for name in sums}
    columns |= dict.fromkeys(("sxxx", "sxxd", "sxdd", "sddd"), np.full(cells.height, np.nan))
    found = expected.excess(columns)
    return cells.select(
        *by,
        people=pl.col("n").cast(pl.Int64),
        entries=pl.col("sd").cast(pl.Int64),
        observed=(pl.col("sx") + pl.col("se")).round(6),
        expected=pl.col("se"),
        value=pl.Series(100 * found.value),
        lower=pl.Series(100 * found.lower),
        upper=pl.Series(100 * found.upper),
    ).to_dicts()
