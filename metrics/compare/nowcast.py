"""Early sight: what an unfinished cohort is likely to come to, with an interval that past nowcasts have earned.

At each earlier cut-off the same method is run on what was known then, and compared with what became final. How far it
was out sets the width of the interval, and how often the interval held the truth is published beside it. A nowcast is
always provisional: its status is its own, and no change or target is judged by it. docs/methods/nowcast.md.

Wider than need be once little is still to come: in 1,050 simulated histories of 120 people a quarter intervals hold
the rate in 95.8 and 96.3% two and three quarters on, 97.9 and 98.5% four and five on; reoffences in 95.7, 97.1, 98.9
and 99.3%.
"""

import datetime as dt
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.cohorts import EVERY, resolved, withheld
from metrics.compare.delay import WINDOW, Entries, Numbers, Whole, entries, expect_people, expect_reoffences, learn
from metrics.derive import EPOCH, choose, read_sql, run_step, working_tables
from metrics.kinds.shared import Z95
from metrics.periods import quarter_end, quarters

LEAST_DAYS = 90
"""A period must have ended this long ago: sooner, almost nothing of it can have been seen."""
LEAST_PEOPLE = 30
LEAST_COMPLETE = 8
"""Complete quarters that a nowcast must have been tried on before one is shown."""
MOST_BACKCASTS = 24
"""... and at most this many, the latest: courts and cohorts change."""
LEAST_AGED = 30
"""Index events that the oldest age must rest on."""
YEAR = 4
RATE = "reoffending_rate"
INDICATORS = (RATE, "reoffences_per_100")
SCHEMA = {
    "cohort": pl.String, "period": pl.String, "district": pl.String, "indicator": pl.String, "value": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "people": pl.Int64, "seen_so_far": pl.Float64, "backcasts": pl.Int32,
    "coverage": pl.Float64, "status": pl.String, "reason": pl.String,
}  # fmt: skip
ALL_DISTRICTS = ""
NOWHERE = ("none", "not_known")


@dataclass(frozen=True, slots=True)
class Cohort:
    """One cohort's entries by quarter (numbered from its first) and district (code 0 stands for every district)."""

    id: str
    who: Entries
    quarter: Whole
    quarters: list[str]
    districts: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """Nowcasts of one indicator, one element each: of `length` quarters from `first`, as after quarter `at`.

    `people`, `seen`, `added`, `variance` and `final` are sums over index events; `final` is NaN while it is unknown.
    """

    first: Whole
    length: Whole
    at: Whole
    district: Whole
    people: Numbers
    seen: Numbers
    added: Numbers
    variance: Numbers
    final: Numbers

    def where(self, kept: NDArray[np.bool_]) -> "Told":
        return Told(*(getattr(self, name)[kept] for name in Told.__dataclass_fields__))

    @property
    def age(self) -> Whole:
        """Quarters since the period's last."""
        return self.at - self.first - self.length + 1


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """Nowcasts of every unfinished period of every published cohort that is followed for reoffending.

    One row a cohort, period (quarter, and April to March year), district ('' is all) and indicator, in the columns of
    the release's table. `value`, `lower`, `upper` and `seen_so_far` are in % (reoffending_rate) or per 100 people.
    `coverage` (%) and `backcasts` are of earlier periods of the same length at the same age.
    """
    with working_tables(con):
        choose(con, [], [], cutoff)
        run_step(con, "records")
        delays = con.sql(read_sql("proof_delay")).pl()
    rows: list[dict[str, object]] = []
    for cohort in resolved(con):
        mine = delays.filter(pl.col("cohort") == cohort.id)
        if not len(mine):
            continue
        unfinished = con.sql(
            "SELECT f.period, p.kind FROM follow_up AS f JOIN period AS p ON p.period = f.period "
            "WHERE f.cohort = $cohort AND f.state <> 'complete' AND p.kind IN ('quarter', 'year') "
            'AND p."end" + CAST($days AS INTEGER) <= CAST($cutoff AS DATE) ORDER BY p.start, p.kind',
            params={"cohort": cohort.id, "days": LEAST_DAYS, "cutoff": cutoff},
        ).fetchall()
        told = nowcast(
            cohort_of(cohort.id, mine, cohort.follow_up_days + cohort.waiting_days), unfinished, (cutoff - EPOCH).days
        )
        rows += [row for row in told if row["indicator"] == RATE or not withheld(EVERY, cohort.holds)]
    return pl.DataFrame(rows, schema=SCHEMA)


def cohort_of(name: str, delays: pl.DataFrame, horizon: int) -> Cohort:
    """A cohort from its rows of facts/proof_delay.sql, whose order is by day and person."""
    one = delays.select((pl.struct("period", "person_key").rle_id()).alias("entry"), pl.all())
    people = one.unique("entry", keep="first", maintain_order=True)
    names = people["period"].unique().sort()
    run = quarters(names[0], names[-1])
    places = [ALL_DISTRICTS, *people["district"].unique().sort()]
    seen = one.filter(pl.col("seen").is_not_null())
    who = entries(
        _whole(people["day"]),
        _whole(people["prior_band"].rank("dense") - 1),
        _whole(people["district"].replace_strict(places, range(len(places)), return_dtype=pl.Int64)),
        of=_whole(seen["entry"]),
        seen=_whole(seen["seen"]),
        horizon=horizon,
    )
    quarter = people["period"].replace_strict(run, range(len(run)), return_dtype=pl.Int64)
    return Cohort(name, who, _whole(quarter), run, places)


def _whole(column: pl.Series) -> Whole:
    return column.cast(pl.Int64).to_numpy()


def nowcast(cohort: Cohort, unfinished: list[tuple[str, str]], cutoff: int) -> list[dict[str, object]]:
    """The rows of one cohort at `cutoff` (a day number); `unfinished` are its periods with their kind, quarter or year."""
    ends = [(quarter_end(name) - EPOCH).days for name in cohort.quarters]
    latest = max((place for place, end in enumerate(ends) if end <= cutoff), default=0)
    later = cutoff - ends[latest]  # the cut-off stands so many days after a quarter's end; so do the earlier ones
    spans = {period: span for period, kind in unfinished if (span := _span(cohort, period, kind))}
    if not spans:
        return []
    back = latest - min(first for first, _ in spans.values()) + 1  # quarters that any cut-off looks back on
    made = [
        both
        for at in range(max(0, latest - MOST_BACKCASTS - back), latest + 1)
        if (both := as_at(cohort, at, ends[at] + later, cutoff=cutoff, back=back))
    ]
    rows = []
    for place, indicator in enumerate(INDICATORS):
        told = _joined([one[place] for one in made])
        for length in sorted({length for _, length in spans.values()}):
            for whole_area in (True, False):
                mine = told.where((told.length == length) & ((told.district == 0) == whole_area))
                tried = mine.where(np.isfinite(mine.final) & (mine.people >= LEAST_PEOPLE))
                held = back_cast(tried, indicator == RATE)
                for period, (first, count) in spans.items():
                    if count == length:
                        now = mine.where((mine.first == first) & (mine.at == latest))
                        rows += _rows(cohort, indicator, period, now=now, tried=tried, held=held)
    return rows


def _joined(parts: list[Told]) -> Told:
    empty = np.zeros(0)
    return Told(
        *(np.concatenate([getattr(one, name) for one in parts] or [empty]) for name in Told.__dataclass_fields__)
    )


def _span(cohort: Cohort, period: str, kind: str) -> tuple[int, int] | None:
    """The number of a period's first quarter and how many it has; None where the cohort does not hold it whole."""
    first = period if kind == "quarter" else f"{period[:4]}Q2"
    if first not in cohort.quarters:
        return None
    return cohort.quarters.index(first), 1 if kind == "quarter" else YEAR


def as_at(cohort: Cohort, at: int, known: int, *, cutoff: int, back: int) -> tuple[Told, Told] | None:
    """What would be told of the last `back` quarters and runs of four from the records of the day `known`.

    Of people who reoffend and of reoffences. None where too few entries have reached the oldest age.
    """
    horizon = cohort.who.horizon
    who, quarter = _recent(cohort, known)
    pattern = learn(who, known)
    if pattern.complete < LEAST_AGED:
        return None
    start = at - back - YEAR + 1
    rows = np.flatnonzero((quarter >= start) & (quarter <= at))
    firsts = np.array([(f, n) for n in (1, YEAR) for f in range(max(0, at - back + 1), at + 2 - n)], dtype=np.int64)
    firsts = firsts.reshape(-1, 2)
    end = np.array([(quarter_end(cohort.quarters[f + n - 1]) - EPOCH).days for f, n in firsts], dtype=np.int64)
    open_still = (known - end >= LEAST_DAYS) & (end + horizon > known)
    firsts, end = firsts[open_still], end[open_still]
    places = len(cohort.districts)
    cell = (quarter[rows] - start) * places + who.district[rows]
    final_people = (who.first <= horizon).astype(np.float64)
    final_reoffences = np.bincount(who.of, minlength=len(who.day)).astype(np.float64)
    found = []
    for expect, final in ((expect_people, final_people), (expect_reoffences, final_reoffences)):
        expected = expect(who, pattern, rows, known)
        values = (np.ones(len(rows)), expected.seen, expected.added, expected.variance, final[rows])
        table = np.stack([np.bincount(cell, one, (back + YEAR) * places) for one in values], axis=-1)
        table = table.reshape(back + YEAR, places, len(values))
        table[:, 0] = table.sum(axis=1)
        running = np.concatenate([np.zeros((1, *table.shape[1:])), np.cumsum(table, axis=0)])
        begins = firsts[:, 0] - start
        sums = (running[begins + firsts[:, 1]] - running[begins]).reshape(-1, len(values))
        first, length = (np.repeat(firsts[:, column], places) for column in (0, 1))
        known_final = np.where(np.repeat(end, places) + horizon <= cutoff, sums[:, 4], np.nan)
        told = Told(
            first, length, np.full(len(first), at), np.tile(np.arange(places), len(firsts)),
            people=sums[:, 0], seen=sums[:, 1], added=sums[:, 2], variance=sums[:, 3], final=known_final,
        )  # fmt: skip
        found.append(told.where(told.people > 0.5))
    return found[0], found[1]


def _recent(cohort: Cohort, known: int) -> tuple[Entries, Whole]:
    """The entries that a cut-off can learn from or tell of, and their quarters."""
    who = cohort.who
    kept = (who.day > known - WINDOW - 2 * who.horizon) & (who.day <= known)
    place = np.cumsum(kept) - 1
    used = kept[who.of]
    recent = Entries(
        who.day[kept], who.stratum[kept], who.district[kept], place[who.of[used]], who.seen[used], who.first[kept],
        who.horizon,
    )  # fmt: skip
    return recent, cohort.quarter[kept]


def _rows(
    cohort: Cohort, indicator: str, period: str, *, now: Told, tried: Told, held: NDArray[np.bool_]
) -> list[dict[str, object]]:
    """A period's rows, one a district: the interval is scaled by how far past nowcasts (`tried`) were out."""
    found: list[dict[str, object]] = []
    if not len(now.first):
        return found
    periods = len(np.unique(tried.first))
    low, high = limits(now, scale(tried), periods, indicator == RATE)
    of_age = held[tried.age == now.age[0]]
    for place, people in enumerate(now.people):
        name = cohort.districts[now.district[place]]
        if name in NOWHERE:
            continue
        row: dict[str, object] = {
            "cohort": cohort.id, "period": period, "district": name, "indicator": indicator, "people": round(people),
            "backcasts": len(of_age), "status": "not available",
        }  # fmt: skip
        if people < LEAST_PEOPLE:
            row["reason"] = f"fewer than {LEAST_PEOPLE} people"
        elif periods < LEAST_COMPLETE or not len(of_age):
            row["reason"] = f"too few complete cohorts to try it on: {periods} of {LEAST_COMPLETE}"
        else:
            row |= {
                "value": 100 * (now.seen[place] + now.added[place]) / people, "lower": 100 * low[place] / people,
                "upper": 100 * high[place] / people, "seen_so_far": 100 * now.seen[place] / people,
                "coverage": 100 * float(np.mean(of_age)), "status": "nowcast", "reason": "",
            }  # fmt: skip
        found.append(row)
    return found


def back_cast(tried: Told, share: bool) -> NDArray[np.bool_]:
    """Whether each past nowcast's interval held what became final, its width scaled by the others alone.

    The others are of periods that share no quarter with it: a nowcast never vouches for itself.
    """
    own = np.ones(len(tried.first))
    periods = np.zeros(len(tried.first), dtype=np.int64)
    starts = np.unique(tried.first)
    for first in starts:
        mine = tried.first == first
        length = tried.length[mine][0]
        own[mine] = scale(tried.where(np.abs(tried.first - first) >= length))
        periods[mine] = (np.abs(starts - first) >= length).sum()
    low, high = limits(tried, own, periods, share)
    return (low - 0.5 < tried.final) & (tried.final < high + 0.5)


def scale(tried: Told) -> float:
    """How many times the modelled deviation past nowcasts were out: root of summed squared misses over summed variance."""
    expected = tried.variance.sum()
    return float(np.sqrt(((tried.final - tried.seen - tried.added) ** 2).sum() / expected)) if expected > 0 else 1.0


def limits(told: Told, scale: float | Numbers, periods: int | Whole, share: bool) -> tuple[Numbers, Numbers]:
    """95% limits of the final sums: what is seen is certain, what is added is a whole number still unknown.

    Its distribution is the one of the binomial, Poisson and negative binomial that has its mean and variance, the
    modelled variance times scale² and (Student's t on periods - 1 over the normal)², for the scale is estimated too.
    """
    from scipy.special import stdtrit

    stretch = stdtrit(np.maximum(np.asarray(periods) - 1, 1), 0.975) / Z95 * scale
    mean = np.maximum(told.added, 1e-9)
    variance = np.maximum(told.variance * stretch**2, 1e-9)
    lower, upper = (_quantile(chance, mean, variance) for chance in (0.025, 0.975))
    left = told.people - told.seen if share else np.inf
    return told.seen + np.minimum(lower, mean), told.seen + np.maximum(np.minimum(np.maximum(upper, mean), left), mean)


def _quantile(chance: float, mean: Numbers, variance: Numbers) -> Numbers:
    """The smallest whole number that such a count exceeds with no more than 1 - `chance`."""
    from scipy.special import bdtrik, nbdtrik, pdtrik

    ratio = variance / mean
    under, over = ratio < 0.999, ratio > 1.001
    alike = ~under & ~over
    found = np.zeros(len(mean))
    found[under] = bdtrik(chance, mean[under] / (1 - ratio[under]), 1 - ratio[under])
    found[over] = nbdtrik(chance, mean[over] / (ratio[over] - 1), 1 / ratio[over])
    found[alike] = pdtrik(chance, mean[alike])
    return np.maximum(np.ceil(np.where(np.isfinite(found), found, 0.0) - 1e-9), 0)
