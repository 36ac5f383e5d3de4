"""Who holds the scheme's places and who could, by how many charges the last year brought, and what each band goes on to do.

The band is the number of recordable offences charged in the 365 days up to the day (arrest or charge, else first
hearing, else proof), breaches left out: what a selection meeting can count. Held and outside are adults on the last day of
the reporting quarter: on IOM in the managing district, or not on it and living in the district. What a band would do
without a place is what those outside and at liberty did: proven reoffences per 100 people in the 365 days after the last
days of the latest four complete quarters, a person counted at each. A district's own figure is drawn towards the
band's by partial pooling: choosing the highest of many small figures would choose luck.

Those held are not those outside: meetings see more than a count of charges. So the figures say what a place is
expected to face, and only the scheme's matched comparison says how much of it a place averts. docs/methods/places.md.
Source: the request of the Cambridgeshire and Peterborough review to balance the most prolific against serving every district.
"""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from metrics.compare.shrinkage import counts
from metrics.derive import EPOCH, choose, run_step, working_tables
from metrics.periods import quarter_end, quarter_of

FOLDER = Path(__file__).parent
FOLLOW_UP, WAITING = 365, 183
BANDS = {"0": 0, "1": 1, "2-3": 2, "4-6": 4, "7-11": 7, "12+": 12}
"""Each band of charges and the fewest in it."""
QUARTERS = 4
"""Complete quarters whose last days the expectation rests on."""
COLUMNS = {
    "period": pl.String, "district": pl.String, "tier": pl.String, "band": pl.String, "sort": pl.Int64, "held": pl.Int64,
    "held_inside": pl.Int64, "outside": pl.Int64, "outside_inside": pl.Int64, "people": pl.Int64, "entries": pl.Int64,
    "reoffences": pl.Int64, "raw": pl.Float64, "expected": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "reason": pl.String,
}  # fmt: skip
"""The release table. `held`, `outside`: people on the day; `held_inside`, `outside_inside`: those of them in custody. `people`
(`entries` person-days) of `reoffences` give `raw`, and after pooling `expected`, `lower`, `upper`: proven reoffences per
100 people in a year. Rows of a tier hold counts only; district '' is the whole area, whatever the address."""


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """The release table: band by district, and band by tier, on the last day of the reporting quarter."""
    today, *learnt = days(cutoff)
    found = people(con, cutoff, [today, *learnt])
    if not found["held"].any():
        return pl.DataFrame(schema=COLUMNS)
    period = quarter_of(EPOCH + dt.timedelta(days=today))
    return (
        summary(found, today).with_columns(period=pl.lit(period)).select(pl.col(k).cast(t) for k, t in COLUMNS.items())
    )


def days(cutoff: dt.date) -> list[int]:
    """The last day of the reporting quarter, then those of the latest complete quarters, in days since 1970."""
    ends: list[int] = []
    quarter = quarter_of(cutoff)
    while len(ends) < 60:
        day = (quarter_end(quarter) - EPOCH).days
        if day <= (cutoff - EPOCH).days:
            ends.append(day)
        quarter = quarter_of(EPOCH + dt.timedelta(days=day - 100))
    complete = [day for day in ends if day + FOLLOW_UP + WAITING <= (cutoff - EPOCH).days]
    return [ends[0], *complete[:QUARTERS]]


def people(con: duckdb.DuckDBPyConnection, cutoff: dt.date, asked: list[int]) -> pl.DataFrame:
    """One row a person and day of `asked`: cluster, day, charges, held, inside, district, tier, reoffences, band."""
    with working_tables(con):
        choose(con, [], [], cutoff)
        con.execute("CREATE OR REPLACE TEMP TABLE asked_day (day INTEGER)")
        con.executemany("INSERT INTO asked_day VALUES (?)", [[day] for day in asked])
        run_step(con, "records")
        con.execute((FOLDER / "people.sql").read_text(encoding="utf-8"))
        run_step(con, "state")
        given = {"follow_up": FOLLOW_UP, "waiting": WAITING}
        found = con.sql((FOLDER / "held.sql").read_text(encoding="utf-8"), params=given).pl()
    return found.with_columns(band=band_of(found["charges"]))


def band_of(charges: pl.Series) -> pl.Series:
    """The band of each number of charges."""
    place = np.searchsorted([*BANDS.values()], charges.to_numpy(), side="right") - 1
    return pl.Series("band", np.array([*BANDS])[place], dtype=pl.String)


def summary(found: pl.DataFrame, today: int) -> pl.DataFrame:
    """The table's rows from one row a person and day (as `people` gives them), without the period."""
    now = found.filter(pl.col("day") == today)
    places = sorted(now.filter("held")["district"].unique())
    here = now.filter(pl.col("district").is_in(places))
    learnt = found.filter((pl.col("day") < today) & ~pl.col("held") & ~pl.col("inside"))
    rates = pl.concat([_rates(mine, str(band), places) for (band,), mine in learnt.group_by("band")] or [_none()])
    nobody = pl.lit("", pl.String)
    cells = pl.concat([
        _counted(now.with_columns(district=nobody, tier=nobody)), _counted(here.with_columns(tier=nobody)),
        _counted(now.filter("held").with_columns(district=nobody)).filter(pl.col("tier") != "none"),
    ])  # fmt: skip
    joined = cells.join(rates, on=["district", "tier", "band"], how="left")
    order = pl.col("band").replace_strict({b: n for n, b in enumerate(BANDS)}, return_dtype=pl.Int64)
    reason = pl.when(pl.col("tier") != "").then(pl.lit("the band's own figure holds for each tier"))
    return joined.with_columns(
        order.alias("sort"),
        *(pl.col(name).fill_null(0) for name in ("people", "entries", "reoffences")),
        reason=pl.when(pl.col("expected").is_not_null()).then(nobody).otherwise(
            reason.otherwise(pl.lit("nobody at liberty outside the scheme to learn from"))
        ),
    ).sort("district", "tier", "sort")  # fmt: skip


def _counted(now: pl.DataFrame) -> pl.DataFrame:
    held, inside = pl.col("held"), pl.col("inside")
    return now.group_by("district", "tier", "band").agg(
        held=held.sum().cast(pl.Int64), held_inside=(held & inside).sum().cast(pl.Int64),
        outside=(~held).sum().cast(pl.Int64), outside_inside=(~held & inside).sum().cast(pl.Int64),
    )  # fmt: skip


RATE = ("district", "tier", "band", "people", "entries", "reoffences", "raw", "expected", "lower", "upper")


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={name: COLUMNS[name] for name in RATE})


def _rates(mine: pl.DataFrame, band: str, places: list[str]) -> pl.DataFrame:
    """What one band went on to do: everywhere, and in each place drawn towards it."""
    whole = mine.group_by("cluster").agg(pl.col("reoffences").sum(), days=pl.len())
    clustering = overdispersion(whole["reoffences"].to_numpy(), whole["days"].to_numpy())
    by = mine.group_by("district").agg(
        people=pl.col("cluster").n_unique(), entries=pl.len(), reoffences=pl.col("reoffences").sum()
    )
    by = pl.DataFrame({"district": places}, schema={"district": pl.String}).join(by, on="district", how="left")
    by = by.fill_null(0)
    total, entries = int(mine["reoffences"].sum()), mine.height
    low, high = limits(total, entries, clustering)
    rows = [("", whole.height, entries, total, 100 * total / entries, 100 * total / entries, 100 * low, 100 * high)]
    if by["entries"].sum():
        pooled = counts(
            places, by["reoffences"].to_list(), by["entries"].to_list(), clustering=clustering, unit=100
        ).places
        rows += zip(
            by["district"], by["people"], by["entries"], by["reoffences"], pooled["raw"], pooled["estimate"],
            pooled["lower"], pooled["upper"], strict=True,
        )  # fmt: skip
    names = [name for name in RATE if name not in ("tier", "band")]
    made = pl.DataFrame(rows, schema={name: COLUMNS[name] for name in names}, orient="row")
    return made.with_columns(tier=pl.lit(""), band=pl.lit(band)).select(RATE)


def overdispersion(reoffences: np.ndarray, entries: np.ndarray) -> float:
    """How many times the count varies beyond Poisson's, people being the units: Σ (y - n m)² / Σ y, never below 1.

    y and n are a person's reoffences and days of counting, m = Σ y / Σ n.
    """
    total = float(reoffences.sum())
    if total <= 0:
        return 1.0
    mean = total / float(entries.sum())
    return max(float(((reoffences - entries * mean) ** 2).sum()) / total, 1.0)


def limits(count: int, entries: int, clustering: float) -> tuple[float, float]:
    """95% limits of count / entries: the exact ones of a Poisson count, with as many fewer events as they cluster."""
    from scipy.special import gammaincinv

    some = count / clustering
    low = float(gammaincinv(some, 0.025)) if count else 0.0
    return low * clustering / entries, float(gammaincinv(some + 1, 0.975)) * clustering / entries
