"""Concentration: how much of the proven offending is by how few.

People with one or more proven offence in the period, in order of how many. The share of all their offences by the 0.5%
and the 10% with most; the Lorenz curve; the Gini coefficient. A few are always at the top by luck alone, so each share
stands beside what it would be if everybody were equally likely to offend (`by_chance`); and those at the top of one
year are not those of the next. It describes a list: it foretells nobody.

Falls short: intervals of the top 0.5% hold the truth in 84 to 88% of lists of 200 people, 89% of 600, 96% of 1,700
and 98 to 99% of 5,700 (there a little wide); of the top 10% and Gini in 86 to 87% at 100 people, 93 to 95% from 600.
A sample misses the few most active.

Sources: Lorenz, Publications of the American Statistical Association 9 (1905); Gini (1912); Home Office, Criminal
Justice: The Way Ahead (Cm 5074, 2001), where the shares of the top 0.5% and 10% come from. docs/methods/concentration.md.
"""

import datetime as dt
from collections.abc import Mapping

import duckdb
import numpy as np
import polars as pl

from metrics.compare.control_rules import Column

TOPS = {"top_0.5": 0.005, "top_10": 0.10}
LORENZ = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of people, the least active first, at which the curve is published: nothing within the top tenth."""
REPLICATES = 1000
SEED = 20050
TAIL_PEOPLE, FEWEST_ABOVE, TAIL_REPLICATES, SHAPE = 50, 10, 300, 0.5
CELLS = 2_000_000
"""Counts drawn at a time, so that memory stays flat."""
NORMAL = -1.959964
CONTRIBUTORS, LARGEST, TWO_LARGEST = 10, 0.5, 0.9
"""A magnitude's primary rule (design of the open level): contributors, and the most that one and two may hold."""

COLUMNS = {
    "cohort": pl.String, "period": pl.String, "measure": pl.String, "value": pl.Float64, "lower": pl.Float64,
    "upper": pl.Float64, "by_chance": pl.Float64, "people": pl.Int64, "of_people": pl.Int64, "offences": pl.Int64,
    "dominated": pl.Boolean,
}  # fmt: skip
"""The release table. `value`, `lower`, `upper`, `by_chance`: % of the period's proven offences (Gini: 0 to 100). `people`:
the group at stake, which decides whether the figure may be shown openly (the top 0.5%; the top tenth, also for points
of the curve; everybody, for Gini); `of_people`: everybody with an offence in the period. `dominated`: one or two of `people` made most of its offences."""


def top_share(counts: Column, share: float) -> float:
    """The share of all offences by the most active `share` of people; a part of a person counts as that part.

    Sorted downwards, with k = share n: (Σ of the first ⌊k⌋ + (k - ⌊k⌋) of the next) / Σ all.
    """
    ordered = np.sort(np.asarray(counts, dtype=float))[::-1]
    if not len(ordered) or ordered.sum() <= 0:
        return float("nan")
    return (
        float(np.interp(share * len(ordered), np.arange(len(ordered) + 1), np.r_[0, np.cumsum(ordered)]))
        / ordered.sum()
    )


def lorenz(counts: Column) -> tuple[Column, Column]:
    """The Lorenz curve: cumulated shares of people, the least active first, and of their offences; both from 0 to 1."""
    ordered = np.sort(np.asarray(counts, dtype=float))
    whole = np.r_[0, np.cumsum(ordered)]
    return np.linspace(0, 1, len(whole)), whole / whole[-1] if whole[-1] > 0 else np.zeros(len(whole))


def gini(counts: Column) -> float:
    """G = Σ (2 i - n - 1) x_i / (n Σ x), x in ascending order: 0 when all are equal, (n - 1)/n when one person has all."""
    ordered = np.sort(np.asarray(counts, dtype=float))
    n, total = len(ordered), float(ordered.sum())
    return float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * total)) if total > 0 else float("nan")


def measures(values: Column, frequencies: np.ndarray) -> dict[str, Column]:
    """Every measure for many tables of frequencies at once (rows): how many people have each of `values`, ascending."""
    people = np.cumsum(frequencies, axis=1)
    offences = np.cumsum(frequencies * values, axis=1)
    n, total = people[:, -1:].astype(float), offences[:, -1:].astype(float)
    found = {}
    for name, share in TOPS.items():
        rest = _below(n * (1 - share), people, offences, values)
        found[name] = 100 * (1 - rest / total[:, 0])
    for share in LORENZ:
        found[f"lorenz_{round(100 * share)}"] = 100 * _below(n * share, people, offences, values) / total[:, 0]
    before = people - frequencies
    # The ranks of the people with one value are before + 1 ... people; they add up to frequency (before + people + 1) / 2.
    ranks = frequencies * (before + people + 1.0)
    found["gini"] = 100 * ((ranks - frequencies * (n + 1)) * values).sum(axis=1) / (n * total)[:, 0]
    return found


def by_chance(mean: float, people: int) -> dict[str, float]:
    """The same measures if all were equally likely to offend: counts are Poisson's, at least 1, with this mean.

    The rate r solves r / (1 - e^-r) = mean; frequencies are the expected ones.
    """
    if mean <= 1:
        return {name: float(column[0]) for name, column in measures(np.ones(1), np.array([[people]])).items()}
    low, high = 0.0, mean
    for _ in range(60):
        rate = (low + high) / 2
        low, high = (rate, high) if rate / -np.expm1(-rate) < mean else (low, rate)
    values = np.arange(1, int(mean + 12 * np.sqrt(mean) + 12))
    logs = values * np.log(rate) - np.cumsum(np.log(values))
    chance = np.exp(logs - logs.max())
    return {n: float(c[0]) for n, c in measures(values.astype(float), (people * chance / chance.sum())[None]).items()}


def summary(counts: Column, seed: int = SEED, replicates: int = REPLICATES) -> pl.DataFrame:
    """One period's measures with 95% intervals: rows of the release table without cohort and period.

    The interval is the bootstrap's of people, 2.5th to 97.5th percentile shifted by the bootstrap's own bias. It holds
    93 to 95% for the top 10% and Gini from 600 people, 87% at 100. For the top 0.5% so few people are what a sample misses
    most (that interval held 73% at 600 people): there it is of `tail_error`, on the log
    scale: 84 to 89% at 200 and 600 people (one and three at the top), 96% at 1,700, 98 to 99% at 5,700.
    """
    counts = np.asarray(counts)
    values, frequency = np.unique(counts[counts > 0], return_counts=True)
    if not len(values):
        return pl.DataFrame(schema=COLUMNS).drop("cohort", "period")
    people, offences = int(frequency.sum()), int((values * frequency).sum())
    point = measures(values.astype(float), frequency[None])
    chance = by_chance(offences / people, people)
    drawn = np.random.default_rng(seed).multinomial(people, frequency / people, replicates)
    spread = measures(values.astype(float), drawn)
    ordered = np.sort(counts[counts > 0])[::-1]
    error = tail_error(ordered.astype(float), TOPS["top_0.5"], np.random.default_rng(seed))
    rows = []
    for name, value in point.items():
        bias = float(spread[name].mean() - value[0])
        low, high = np.percentile(spread[name], (2.5, 97.5)) - bias
        if name == "top_0.5" and error is not None:
            low, high = value[0] * np.exp(NORMAL * error), value[0] * np.exp(-NORMAL * error)
        # A point of the curve tells of each tenth of people: the most active tenth is the one at stake.
        share = TOPS.get(name, 0.1 if name.startswith("lorenz") else 1.0)
        inside = int(np.ceil(share * people - 1e-9))
        held = ordered[:inside]
        few = inside < CONTRIBUTORS or held[0] > LARGEST * held.sum() or held[:2].sum() > TWO_LARGEST * held.sum()
        ends = (min(max(low, 0.0), value[0]), max(min(high, 100.0), value[0]))
        rows.append((name, float(value[0]), *map(float, ends), chance[name], inside, people, offences, bool(few)))
    return pl.DataFrame(rows, schema={k: v for k, v in COLUMNS.items() if k not in ("cohort", "period")}, orient="row")


def tail_error(ordered: Column, share: float, rng: np.random.Generator) -> float | None:
    """The standard error of the log of the share held by the most active `share` of people; None where the tail is too
    thin to be fitted (fewer than 10 people above it). `ordered`: everybody's counts, the largest first.

    The sample holds too few of the most active to draw them again. So the tail (a tenth of people, at least 50) is drawn from
    a generalised Pareto curve, and everybody else as they are. The curve is fitted afresh to a resample of the tail each
    time, by probability-weighted moments, as how heavy the tail is is itself unsure; its shape is held within a half.
    Sources: Hosking and Wallis (1987), Technometrics 29; Caers and Maes (1998), Structural Safety 20.
    """
    people = len(ordered)
    above = min(max(TAIL_PEOPLE, people // 10), people // 2)
    threshold = ordered[above] if above < people else np.inf
    tail = ordered[ordered > threshold] - threshold - 0.5
    m = len(tail)
    if m < FEWEST_ABOVE:
        return None
    values, frequency = np.unique(ordered[ordered <= threshold], return_counts=True)
    found = []
    for first in range(0, TAIL_REPLICATES, size := max(1, CELLS // m)):
        replicates = min(size, TAIL_REPLICATES - first)
        again = np.sort(tail[rng.integers(0, m, (replicates, m))], axis=1)
        mean = again.mean(axis=1)
        lower = mean - (again @ np.arange(m)) / (m * (m - 1))  # mean of X (1 - F)
        gap = np.maximum(mean - 2 * lower, 1e-9)
        shape = np.clip(2 - mean / gap, -SHAPE, SHAPE)
        shape = np.where(np.abs(shape) < 1e-6, 1e-6, shape)
        scale = mean * (1 - shape)
        inside = rng.binomial(people, m / people, replicates)
        chance = rng.random((replicates, int(inside.max())))
        excess = np.ceil((scale / shape)[:, None] * (chance ** -shape[:, None] - 1) + 1e-12)
        drawn = np.where(np.arange(chance.shape[1]) < inside[:, None], threshold + excess, 0.0)
        drawn = np.sort(drawn, axis=1)[:, ::-1]
        rest = np.array([rng.multinomial(people - k, frequency / frequency.sum()) @ values for k in inside])
        whole = int(share * people)
        top = drawn[:, :whole].sum(axis=1) + (share * people - whole) * drawn[:, whole]
        found.append(top / (drawn.sum(axis=1) + rest))
    return float(np.log(np.concatenate(found)).std(ddof=1))


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """The release table: adults and children together, for each year, three years and all, that had ended by the cut-off.

    A proven offence counts in the period in which it was proven (recordable, convicted or cautioned, no breach): the
    date of the offence would leave the latest years unfinished.
    """
    spans = con.sql(
        "SELECT DISTINCT p.period, p.start, p.\"end\" FROM period AS p WHERE p.kind IN ('year', 'three_years')"
        " AND p.\"end\" <= $cutoff AND p.start >= (SELECT min(proven_date) FROM offence WHERE outcome IN ('convicted', 'cautioned'))"
        " UNION ALL SELECT 'all', min(start), max(\"end\") FROM period WHERE kind = 'quarter' AND \"end\" <= $cutoff"
        " ORDER BY 1",
        params={"cutoff": cutoff},
    ).pl()
    rows = con.sql(
        "SELECT person_key, proven_date, CAST(count(*) AS BIGINT) AS offences FROM offence"
        " WHERE outcome IN ('convicted', 'cautioned') AND recordable AND NOT breach AND offence_date <= $cutoff"
        " AND proven_date <= $cutoff GROUP BY person_key, proven_date",
        params={"cutoff": cutoff},
    ).pl()
    found = [pl.DataFrame(schema=COLUMNS)]
    for span in spans.iter_rows(named=True):
        if span["start"] is None:
            continue
        mine = rows.filter(pl.col("proven_date").is_between(span["start"], span["end"]))
        counts = mine.group_by("person_key").agg(pl.col("offences").sum())["offences"].to_numpy()
        keys = {"cohort": pl.lit("area"), "period": pl.lit(span["period"])}
        found.append(summary(counts).with_columns(**keys).select(list(COLUMNS)))
    return pl.concat(found)


def may_be_open(row: Mapping[str, object], fewest: int = 30) -> bool:
    """Whether a row may stand in the open level: 30 people or more in the group at stake, none of them dominant."""
    return int(str(row["people"])) >= fewest and not row["dominated"]


# --- within -----------------------------------------------------------------------------------------------------------


def _below(place: np.ndarray, people: np.ndarray, offences: np.ndarray, values: Column) -> Column:
    """Offences by the least active `place` people of each row, a part of a person counting as that part."""
    at = np.minimum((people < place).sum(axis=1), people.shape[1] - 1)[:, None]
    before = np.where(at > 0, np.take_along_axis(people, np.maximum(at - 1, 0), 1), 0)
    held = np.where(at > 0, np.take_along_axis(offences, np.maximum(at - 1, 0), 1), 0)
    return (held + (place - before) * values[at])[:, 0]
