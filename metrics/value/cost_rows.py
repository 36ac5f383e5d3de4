"""Cost for each by scheme or programme, tier, district and year, on both bases: the release's `cost_per_person`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from metrics.value.break_even_rows import BASES, NOBODY
from metrics.value.case import Basis
from metrics.value.cost_per_person import (
    CHANCE,
    EXACT,
    MEASURES,
    Adjusted,
    Rounded,
    adjusted,
    averages,
    cost_for_each,
    limits,
)
from metrics.value.published import Key, Published

COUNTS = dict(
    zip(
        MEASURES,
        ("people", "person_years", "months_at_liberty", "completions", "accommodation_kept", "work_kept"),
        strict=True,
    )
)
MISSING = {
    "month_at_liberty": "no custody is recorded, so that nobody can tell who was at liberty",
    "completion": "a scheme is not completed",
    "accommodation_kept": "no accommodation is recorded, or the half year after has not passed",
    "work_kept": "no work is recorded, or the half year after has not passed",
}
NONE = {
    "completion": "nobody completed it in the year", "accommodation_kept": "nobody kept settled accommodation",
    "work_kept": "nobody kept work or training",
}  # fmt: skip
NOBODY_OUT = "nobody on it was at liberty"
TIERS, FREQUENCY = "tier", "expected_offences"


class Mixed(NamedTuple):
    """A case-mix adjustment: the average that a group is read against, and how far its cost is from it."""

    strata: str
    found: Adjusted | None
    averages: Mapping[str, float | None]


def cost_table(
    costs: pl.DataFrame,
    by_tier: pl.DataFrame,
    managed: pl.DataFrame,
    published: Mapping[Key, Published],
    year: str,
    *,
    rounded: Rounded = EXACT,
    hidden: str = "",
) -> pl.DataFrame:
    """One row for each group of `managed` that has a cost, by basis and measure.

    `costs` and `by_tier` are spending.yearly in prices of `year`, the latter by tier. A tier's cost is that of lines that name it. Districts of
    a scheme are read against all of it by tier; programmes and schemes in all against all of their kind with a cost and
    a published comparison, by the offences expected. `rounded` widens limits; `hidden` is why a count is not there at a level
    that hides some.
    """
    if not managed.height or not costs.height:
        return pl.DataFrame()
    spent = {_at(row, ""): row for row in costs.iter_rows(named=True) if not row["reason"]}
    spent |= {
        _at(row, row["tier"]): row
        for row in by_tier.iter_rows(named=True)
        if row["tier"] and not row["reason"] and _at(row, "") in spent
    }
    people = {_at(row, row["tier"]): row for row in managed.iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for basis in BASES:
        pounds = {at: _running(row, basis) for at, row in spent.items()}
        mixes = _by_tier(pounds, people) | _by_frequency(pounds, people, published)
        for at, cost in pounds.items():
            rows += [
                _row(at, basis, measure, cost, people.get(at), mixed=mixes.get(at), year=year) for measure in MEASURES
            ]
    if not rows:
        return pl.DataFrame()
    made = _with_limits(pl.DataFrame(rows, infer_schema_length=None), rounded)
    if not hidden:
        return made
    gone = pl.col("count").is_null() & (pl.col("reason") != MISSING["completion"])
    return made.with_columns(reason=pl.when(gone).then(pl.lit(hidden)).otherwise(pl.col("reason")))


At = tuple[str, str, str, str, str]
"""subject_kind, subject, district, period, tier."""


def _at(row: Mapping[str, Any], tier: str) -> At:
    return row["subject_kind"], row["subject"], row["district"], row["period"], tier


def _running(row: Mapping[str, Any], basis: Basis) -> float:
    return float(row["cash"] if basis == "cash" else row["cash"] + row["mainstream"] + row["in_kind"])


def _row(
    at: At, basis: Basis, measure: str, cost: float, people: Mapping[str, Any] | None,
    *, mixed: Mixed | None, year: str,
) -> dict[str, Any]:  # fmt: skip
    kind, subject, district, period, tier = at
    count = None if people is None else people[COUNTS[measure]]
    reason = ""
    if people is None:
        reason = NOBODY
    elif count is None:
        reason = MISSING.get(measure, NOBODY) if kind == "scheme" or measure != "completion" else NOBODY
    elif not count:
        reason = NONE.get(measure, NOBODY_OUT)
    standard = mixed.averages.get(measure) if mixed else None
    found = mixed.found if mixed else None
    return {
        "subject_kind": kind, "subject": subject, "tier": tier, "district": district, "period": period,
        "basis": basis, "measure": measure, "cost": cost, "count": count,
        "value": None if count is None else cost_for_each(cost, count).value,
        "people": people["people"] if people and count is not None and measure in CHANCE else None,
        "price_year": year, "strata": mixed.strata if mixed else "",
        "expected_cost": found and found.expected_cost, "ratio": found and found.ratio, "standard": standard,
        "adjusted": found.ratio * standard if found and standard is not None else None, "reason": reason,
    }  # fmt: skip


def _with_limits(rows: pl.DataFrame, rounded: Rounded) -> pl.DataFrame:
    """Limits of the measures that are a matter of chance, all rows at once."""
    cost, count, people = (rows[name].cast(pl.Float64).to_numpy() for name in ("cost", "count", "people"))
    lower, upper = (pl.Series(side) for side in limits(cost, count, people, rounded))
    return rows.drop("people").with_columns(lower=lower.fill_nan(None), upper=pl.when(upper.is_finite()).then(upper))


def _by_tier(pounds: Mapping[At, float], people: Mapping[At, Mapping[str, Any]]) -> dict[At, Mixed]:
    """Districts of a subject against all its districts: cost that names a tier, by person-years on each tier."""
    groups: dict[tuple[str, str, str], list[At]] = {}
    for at in pounds:
        if at[2] and at[4]:
            groups.setdefault((at[0], at[1], at[3]), []).append(at)
    found: dict[At, Mixed] = {}
    for (kind, subject, period), tiers in groups.items():
        sizes = {at: float(people[at]["person_years"]) for at in tiers if at in people}
        costs: dict[str, float] = {}
        total: dict[str, float] = {}
        for at in tiers:
            costs[at[4]] = costs.get(at[4], 0.0) + pounds[at]
            total[at[4]] = total.get(at[4], 0.0) + sizes.get(at, 0.0)
        average = averages(costs, total)
        whole = (kind, subject, "", period, "")
        standard = _standard(pounds.get(whole), people.get(whole))
        for district in {at[2] for at in tiers}:
            mine = [at for at in tiers if at[2] == district]
            has = {at[4]: sizes.get(at, 0.0) for at in mine}
            one = adjusted(sum(pounds[at] for at in mine), has, average)
            found[kind, subject, district, period, ""] = Mixed(TIERS, one, standard)
    return found


def _by_frequency(
    pounds: Mapping[At, float], people: Mapping[At, Mapping[str, Any]], published: Mapping[Key, Published]
) -> dict[At, Mixed]:
    """Subjects in all against all of their kind: one stratum, whose size is the offences expected of their people."""
    groups: dict[tuple[str, str], dict[At, float]] = {}
    for at in pounds:
        said = published.get((at[0], at[1], ""))
        if at[2] == at[4] == "" and at in people and said is not None and said.per_100 > 0:
            groups.setdefault((at[0], at[3]), {})[at] = said.per_100 / 100 * people[at]["people"]
    found: dict[At, Mixed] = {}
    for sizes in groups.values():
        if len(sizes) < 2:  # nothing to be read against
            continue
        cost = sum(pounds[at] for at in sizes)
        average = averages({FREQUENCY: cost}, {FREQUENCY: sum(sizes.values())})
        together = {name: _sum([people[at][name] for at in sizes]) for name in COUNTS.values()}
        standard = _standard(cost, together)
        for at, size in sizes.items():
            found[at] = Mixed(FREQUENCY, adjusted(pounds[at], {FREQUENCY: size}, average), standard)
    return found


def _standard(cost: float | None, people: Mapping[str, Any] | None) -> dict[str, float | None]:
    if cost is None or people is None:
        return {}
    return {measure: cost / people[name] if people[name] else None for measure, name in COUNTS.items()}


def _sum(counts: list[float | None]) -> float | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
