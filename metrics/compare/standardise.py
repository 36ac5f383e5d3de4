"""Indirect standardisation: how many would have reoffended had each kind of person done so at the standard's rate.

    expected = sum over strata of people x standard's rate        ratio = observed / expected
    standardised rate = ratio x the standard's own rate

Breslow and Day, Statistical Methods in Cancer Research II (IARC, 1987), chapter 2; limits as in the Association of Public
Health Observatories' Technical Briefing 3 (2008). Observed counts are taken as Poisson. A person reoffends once at
most, so the limits are wider than need be: at a rate of 2% they hold the truth 96 times in a hundred, at 30% 99 times,
at 60% always but for one or two in a thousand (tests/compare/test_standardise.py). Use observed_over_expected for
judging, and this where all that is known is a table of rates by stratum. Two groups' ratios have different weights: each
stands against the standard, never against the other.
"""

import datetime as dt
from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Z95 = 1.959963984540054
STRATA = ("age_band", "sex", "prior_band")
"""The strata of the release's table: what national tables are cut by, and the history that decides most."""
SCHEMA: dict[str, type[pl.DataType]] = {
    "cohort": pl.String, "period": pl.String, "dim1": pl.String, "val1": pl.String, "strata": pl.String,
    "people": pl.Int64, "entries": pl.Int64, "observed": pl.Float64, "expected": pl.Float64,
    "ratio": pl.Float64, "ratio_lower": pl.Float64, "ratio_upper": pl.Float64, "byar_lower": pl.Float64, "byar_upper": pl.Float64,
    "rate": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "standard": pl.Float64,
}  # fmt: skip


def exact_limits(observed: ArrayLike) -> tuple[Numbers, Numbers]:
    """Exact 95% limits of a Poisson mean: chi²(2 O, 2.5%) / 2 and chi²(2 O + 2, 97.5%) / 2 (Garwood 1936).

    >>> [round(float(limit), 3) for limit in exact_limits(10)]
    [4.795, 18.39]
    """
    from scipy.special import gammaincinv

    count = np.asarray(observed, float)
    lower = np.where(count > 0, gammaincinv(np.maximum(count, 1e-9), 0.025), 0.0)
    return lower, gammaincinv(count + 1, 0.975)


def byar_limits(observed: ArrayLike) -> tuple[Numbers, Numbers]:
    """Byar's 95% limits: O (1 - 1/(9 O) - z / (3 sqrt O))³, and the same of O + 1 with + z. Within 1% of exact from 10.

    >>> [round(float(limit), 3) for limit in byar_limits(10)]
    [4.787, 18.391]
    """
    count = np.asarray(observed, float)
    low, high = np.maximum(count, 1e-9), count + 1
    lower = low * (1 - 1 / (9 * low) - Z95 / (3 * np.sqrt(low))) ** 3
    upper = high * (1 - 1 / (9 * high) + Z95 / (3 * np.sqrt(high))) ** 3
    return np.where(count > 0, lower, 0.0), upper


def standardised(
    people: pl.DataFrame, standard: pl.DataFrame, strata: Sequence[str], *, group: Sequence[str], overall: float
) -> pl.DataFrame:
    """Observed against expected of each group, with exact and Byar limits.

    `people`: the columns of `group` and `strata`, `entries` and `events`. `standard`: `strata` and `rate`, a share from
    0 to 1; `overall` the standard's own rate, likewise. People of a stratum that the standard does not have are left out
    and counted (`left_out`). A group of whom nothing is expected has no ratio. Rates come out as shares.
    """
    joined = people.join(standard.select(*strata, "rate"), on=list(strata), how="left")
    known = pl.col("rate").is_not_null()
    found = (
        joined.group_by(*group)
        .agg(
            entries=pl.col("entries").filter(known).sum(),
            observed=pl.col("events").filter(known).sum().cast(pl.Float64),
            expected=(pl.col("entries") * pl.col("rate")).sum(),
            left_out=pl.col("entries").filter(~known).sum(),
        )
        .sort(*group)
    )
    limits = {}
    for name, (low, high) in {"ratio": exact_limits(found["observed"]), "byar": byar_limits(found["observed"])}.items():
        limits[f"{name}_lower"], limits[f"{name}_upper"] = pl.Series(low), pl.Series(high)
    expected = pl.when(pl.col("expected") > 0).then(pl.col("expected"))
    found = found.with_columns(ratio=pl.col("observed") / expected, **{n: v / expected for n, v in limits.items()})
    return found.with_columns(
        rate=pl.col("ratio") * overall, lower=pl.col("ratio_lower") * overall, upper=pl.col("ratio_upper") * overall
    )


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """Each published cohort in each complete April to March year, by district and by scheme, in the columns of SCHEMA.

    The standard is everybody in the area followed for as long (children and adults, on a scheme or not), all complete
    years together: one fixed standard, so that a group's years can be read side by side. Those on a scheme are among
    it, the more so the longer the history: their ratios are drawn towards 1. The standard's own error is not counted.
    """
    frames = [pl.DataFrame(schema=SCHEMA)]
    cohorts = con.sql("SELECT * FROM cohort WHERE clock = 'reoffending' ORDER BY sort").pl()
    for cohort in cohorts.filter(pl.col("publish")).to_dicts():
        like = (pl.col("entry") == "area") & (pl.col("follow_up_days") == cohort["follow_up_days"])
        area = cohorts.filter(like & (pl.col("waiting_days") == cohort["waiting_days"]))
        everybody = area.filter(pl.col("age") == "any")["id"].to_list() or area["id"].to_list()
        district = cohort["district_dimension"]
        mine, standard = _counts(con, [cohort["id"]], district), _standard(_counts(con, everybody, district))
        for (year,), people in mine.group_by("year", maintain_order=True):
            if standard:
                frames += [_tabled(people, standard, dim, cohort["id"], year) for dim in ("", district, "scheme")]
    return pl.concat(frames)


def _counts(con: duckdb.DuckDBPyConnection, cohorts: Sequence[str], district: str) -> pl.DataFrame:
    """Entries in complete years: person, year, strata, district, schemes and outcome."""
    return con.sql(
        f"""SELECT hash(i.person_key) AS person, y.period AS year, {", ".join(f"i.{name}" for name in STRATA)},
            i.{district}, i.scheme, i.reoffended
        FROM index_event AS i
        JOIN period AS q ON q.period = i.period AND q.kind = 'quarter'
        JOIN period AS y ON y.period = q.parent
        JOIN follow_up AS f ON f.cohort = i.cohort AND f.period = y.period AND f.state = 'complete'
        WHERE list_contains(?, i.cohort) ORDER BY y.start""",
        params=[list(cohorts)],
    ).pl()


def _standard(area: pl.DataFrame) -> tuple[pl.DataFrame, float] | None:
    if not area.height:
        return None
    return area.group_by(*STRATA).agg(rate=pl.col("reoffended").mean()), float(area["reoffended"].mean())  # type: ignore[arg-type]


def _tabled(
    people: pl.DataFrame, standard: tuple[pl.DataFrame, float], dim: str, cohort: str, year: object
) -> pl.DataFrame:
    rates, overall = standard
    if dim == "scheme":
        people = people.explode("scheme", empty_as_null=False)
    people = people.with_columns(pl.col(dim).alias("val1") if dim else pl.lit("").alias("val1"))
    counted = people.group_by("val1", *STRATA).agg(entries=pl.len(), events=pl.col("reoffended").sum())
    known = people.join(rates, on=list(STRATA), how="semi")
    who = known.group_by("val1").agg(people=pl.col("person").n_unique().cast(pl.Int64))
    found = standardised(counted, rates, STRATA, group=["val1"], overall=overall).join(who, on="val1")
    shares = [(pl.col(name) * 100).clip(0, 100) for name in ("rate", "lower", "upper")]
    return (
        found.with_columns(*shares, cohort=pl.lit(cohort), period=pl.lit(year), dim1=pl.lit(dim))
        .with_columns(strata=pl.lit(" x ".join(STRATA)), standard=pl.lit(100 * overall))
        .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    )
