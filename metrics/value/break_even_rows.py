"""Break-even by scheme or programme, district and year, on both bases: the release's `break_even`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

import polars as pl

from metrics.value.break_even import NO_COST, NO_EXPECTED, Expected, break_even
from metrics.value.case import Basis
from metrics.value.cases import assumptions
from metrics.value.cost_per_person import EXACT, Rounded
from metrics.value.mixes import Mixes
from metrics.value.parameters import Parameters
from metrics.value.published import Key, Published

BASES: tuple[Basis, ...] = ("cash", "opportunity")
NOBODY = "nobody managed is recorded for the year"
KEYS = ["subject_kind", "subject", "district", "period"]
SHOWN = ("cost", "unit_cost", "price_year", "offences_to_avert", "expected", "needed", "one_in", "verdict", "reason")


def break_even_table(
    costs: pl.DataFrame,
    managed: pl.DataFrame,
    mixes: Mixes,
    published: Mapping[Key, Published],
    known: Parameters,
    *,
    rounded: Rounded = EXACT,
) -> pl.DataFrame:
    """One row for each subject, district, year and basis that has costs or people.

    `costs` are spending.yearly; `managed` is the release's table, of which the rows of all tiers are read. Districts
    without a cost of their own have no row. Where the figures are `rounded`, a verdict is one that this could not turn.
    """
    everybody = (
        managed.filter((pl.col("tier") == "") & (pl.col("subject") != "")).select(*KEYS, "people", "person_years")
        if managed.height
        else None
    )
    both = costs if everybody is None else costs.join(everybody, on=KEYS, how="full", coalesce=True)
    if not both.height:
        return pl.DataFrame()
    if everybody is None:
        both = both.with_columns(people=pl.lit(None, pl.Int64), person_years=pl.lit(None, pl.Float64))
    kept = both.filter((pl.col("district") == "") | pl.col("cash").is_not_null()).sort(KEYS)
    rests = Rests(mixes, published, known, rounded)
    rows = [_row(row, basis, rests) for row in kept.iter_rows(named=True) for basis in BASES]
    return pl.DataFrame(rows, infer_schema_length=None)


class Rests(NamedTuple):
    """What every row rests on beside its own costs and people."""

    mixes: Mixes
    published: Mapping[Key, Published]
    known: Parameters
    rounded: Rounded


def _row(row: Mapping[str, Any], basis: Basis, rests: Rests) -> dict[str, Any]:
    known = rests.known
    key: Key = (row["subject_kind"], row["subject"], row["district"])
    said, mix, people = rests.published.get(key), rests.mixes.mix(key), row["people"]
    multiplier = known["multiplier"].value
    usable = row["reason"] == ""
    cost = (row["cash"] if basis == "cash" else row["cash"] + row["mainstream"] + row["in_kind"]) if usable else None
    expected = Expected(said.per_100, people, said.basis) if said and people else None
    counted = assumptions(known, None).counted
    observed = said.observed.counted(counted) if said and said.observed else None
    unit_cost = mix.cost.pounds if mix else None
    found = break_even(
        cost,
        unit_cost,
        known.price_year,
        expected,
        observed,
        multiplier=multiplier,
        within=within(expected, rests.rounded),
        unit_cost_high=mix.cost.high if mix else None,
    )
    shown = {name: value for name, value in asdict(found).items() if name in SHOWN}
    reason = found.reason
    if reason == NO_COST:
        reason = row["reason"] or NO_COST
    if reason == NO_EXPECTED and not people:
        reason = NOBODY
    return shown | {
        **{name: row[name] for name in (*KEYS, "people", "person_years", "set_up", "in_kind")},
        "basis": basis, "reason": reason, "multiplier": multiplier, "counted": counted,
        "unit_cost_low": mix and mix.cost.low, "unit_cost_high": mix and mix.cost.high,
        "share_without_unit_cost": mix and mix.cost.share_without, "share_unchecked": mix and mix.cost.share_unchecked,
        "mix": mix.which if mix else "",
        "per_100": said and said.per_100, "expected_basis": said.basis if said else "",
        "observed": observed and observed.estimate, "lower": observed and observed.lower, "upper": observed and observed.upper,
        "comparison": said.comparison if said else "",
    }  # fmt: skip


def within(expected: Expected | None, rounded: Rounded) -> float:
    """How far rounding may have moved what is needed: cost up, people and their frequency down, as a share of it."""
    if rounded == EXACT or expected is None or min(expected.people, expected.per_100) <= rounded.counts:
        return 0.0 if rounded == EXACT else 1.0
    by = rounded.counts
    return (1 + rounded.costs) / (1 - by / expected.people) / (1 - by / expected.per_100) - 1
