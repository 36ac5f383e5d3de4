"""Value for money at publish: every table of it, from the store, the published comparisons and the parameters.

The partnership sees what was worked out. The open level is worked out afresh from what the open level shows: spending
to two significant figures, people to the nearest 5, effects rounded outward, and a tenth of the draws. So nothing there can
tell more than these do.
Costs are budget lines and not about people, but cost over cost for each is a count: so a subject's money is open only where
at least 30 people were managed in the year, and so were none or at least 10 of the others of its kind.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import polars as pl

from common.errors import ProblemError
from metrics.value import provenance
from metrics.value.break_even_rows import BASES, break_even_table
from metrics.value.cases import bearers, case_of
from metrics.value.cost_per_person import EXACT
from metrics.value.cost_rows import cost_table
from metrics.value.inputs import Inputs, inputs
from metrics.value.mixes import Mixes
from metrics.value.parameters import Parameters
from metrics.value.published import Key, Published, published
from metrics.value.results import TABLES as RESULTS
from metrics.value.results import Rows, on_basis, results, together
from metrics.value.simulate import DRAWS, PUBLISH, forget
from metrics.value.spending import spend_table, yearly
from release.value_open import ROUNDED, TOO_FEW, opened_costs, opened_managed, opened_reoffences, opened_spend

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one level's value for money is worked out from."""

    spend: pl.DataFrame
    costs: pl.DataFrame
    by_tier: pl.DataFrame
    managed: pl.DataFrame
    mixes: Mixes
    said: Mapping[Key, Published]


class Value:
    """The tables of value for money of a store: what they rest on is read once, each level is worked out when asked for."""

    def __init__(self, con: duckdb.DuckDBPyConnection, cutoff: dt.date, known: Parameters) -> None:
        """Read spending, people and reoffences; `known` are the parameters, a partnership's own among them."""
        self._cutoff, self._known = cutoff, known
        self._inputs: Inputs = inputs(con, cutoff)

    def tables(self, level: str, models: Mapping[str, pl.DataFrame]) -> Tables:
        """Every table for a level; `models` are the comparisons and model outputs as the level shows them."""
        shown = self._exact(models) if level == "partnership" else self._opened(models)
        exact = level == "partnership"
        rounded, hidden = (EXACT, "") if exact else (ROUNDED, TOO_FEW)
        known, said = self._known, shown.said
        even = break_even_table(shown.costs, shown.managed, shown.mixes, said, known, rounded=rounded)
        each = cost_table(
            shown.costs, shown.by_tier, shown.managed, said, known.price_year, rounded=rounded, hidden=hidden
        )
        mix = shown.mixes.table()
        made = {
            "spend": shown.spend,
            "managed": shown.managed,
            "offence_mix": mix,
            "break_even": even,
            "cost_per_person": each,
            "value_parameter": provenance.table(self._parameters()),
        }
        found = together(_worked_out(shown, even, mix, known, PUBLISH if exact else DRAWS))
        forget()
        return made | {table: pl.DataFrame(found[table], infer_schema_length=None) for table in RESULTS}

    @cached_property
    def _spend(self) -> pl.DataFrame:
        return spend_table(self._inputs.spend, self._cutoff, self._known)

    @cached_property
    def _costs(self) -> pl.DataFrame:
        return yearly(self._spend)

    def _exact(self, models: Mapping[str, pl.DataFrame]) -> Shown:
        return Shown(
            self._spend,
            self._costs,
            yearly(self._spend, by=("tier",)),
            self._inputs.managed,
            Mixes.of(self._inputs.reoffences, self._known),
            published(models),
        )

    def _opened(self, models: Mapping[str, pl.DataFrame]) -> Shown:
        managed = opened_managed(self._inputs.managed)
        return Shown(
            opened_spend(self._spend, managed),
            opened_costs(self._costs, managed),
            yearly(pl.DataFrame(), by=("tier",)),
            managed,
            Mixes.of(opened_reoffences(self._inputs.reoffences), self._known),
            published(models),
        )

    def _parameters(self) -> list[Any]:
        """Those that a figure can rest on, and the deflator, with which a page works the same figures out again."""
        used = provenance.used(self._known)
        return [
            *used.values(),
            *(one for name, one in self._known.items() if name.startswith("deflator.") and name not in used),
        ]


def _worked_out(shown: Shown, even: pl.DataFrame, mix: pl.DataFrame, known: Parameters, draws: int) -> Iterator[Rows]:
    """Costs and benefits of the latest year with a verdict, of each subject and district whose effect has an interval."""
    told = even if not even.height else even.filter(pl.col("observed").is_not_null() & pl.col("needed").is_not_null())
    if not told.height:  # no costs, or no effect
        return
    latest = told.filter(pl.col("period") == pl.col("period").max().over("subject_kind", "subject", "district"))
    borne = bearers(known)
    years = shown.spend.filter(pl.col("period").str.contains("/"))
    for (kind, subject, district, period), rows in latest.group_by(
        "subject_kind", "subject", "district", "period", maintain_order=True
    ):
        here = (pl.col("subject_kind") == kind) & (pl.col("subject") == subject)
        there = pl.col("district") == district if district else pl.lit(True)
        lines = years.filter(here & there & (pl.col("period") == period)).to_dicts()
        by_basis = {row["basis"]: row for row in rows.iter_rows(named=True)}
        said = shown.said[str(kind), str(subject), str(district)]
        try:
            cases = [
                case_of(by_basis[basis], said, lines, _mix_rows(mix, by_basis[basis]), known, borne=borne)
                for basis in _different(by_basis)
            ]
            made = [results(case, known, draws=draws) for case in cases]
        except ProblemError:  # rounded at the open level, an effect may be more than was expected: nothing can be said
            continue
        yield made[0]
        yield made[1] if len(made) > 1 else on_basis(made[0], BASES[1])


def _different(rows: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The bases to work out: one where both cost the same."""
    same = len(rows) == len(BASES) and len({row["cost"] for row in rows.values()}) == 1
    return BASES[:1] if same else tuple(basis for basis in BASES if basis in rows)


def _mix_rows(mix: pl.DataFrame, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    subject, district = {
        "own": (row["subject"], row["district"]), "subject": (row["subject"], ""), "kind": ("", ""),
    }[row["mix"]]  # fmt: skip
    return mix.filter(
        (pl.col("subject_kind") == row["subject_kind"])
        & (pl.col("subject") == subject)
        & (pl.col("district") == district)
    ).to_dicts()
