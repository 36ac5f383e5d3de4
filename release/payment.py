"""What each payment rule would pay for what a level of a release shows, and what luck alone would be paid.

Worked out for each level from that level's own comparisons and figures, so the open level says nothing that its protected
figures do not say; where their rounding could turn what is paid, nothing is said. Rules are read from the data directory
and published with what they pay: a page needs nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from metrics.dimensions import dimensions, label_of
from metrics.payment.luck import GOOD, HARMFUL, luck
from metrics.payment.measured import Measured, adjusted, matched
from metrics.payment.reckoning import reckoned
from metrics.payment.rule import Rule
from release.models import STEPS
from release.protect import ANALYSED
from release.tables import Tables as Held

Tables = dict[str, pl.DataFrame]
PEOPLE = (300, 1000)
"""Sizes of cohort for which the luck of a scheme that does nothing is published, beside the contract's own."""
DRAWS = 2_000
ROUNDED = {"rate": STEPS["rate"] / 2, "reoffences": STEPS["frequency"] / 2, "occasions": STEPS["occasions"] / 2}
COARSE = 2
"""Significant figures of money at the open level."""

_KEY = {"rule": pl.String, "subject_kind": pl.String, "subject": pl.String, "title": pl.String, "district": pl.String}
SCHEMA: dict[str, dict[str, Any]] = {
    "payment": {
        **_KEY, "people": pl.Int64, "period": pl.String, "element": pl.String, "step": pl.String, "sort": pl.Int64,
        "measure": pl.String, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "payment": pl.Float64,
        "price_year": pl.String, "reason": pl.String,
    },
    "payment_luck": {
        **_KEY, "people": pl.Int64, "periods": pl.Int64, "true_effect": pl.Float64, "probability": pl.Float64, "expected_payment": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "price_year": pl.String,
    },
    "payment_spread": {
        **_KEY, "people": pl.Int64, "periods": pl.Int64, "share": pl.Float64, "compared": pl.Float64, "shared": pl.Boolean,
        "measure": pl.String, "mean": pl.Float64, "variance": pl.Float64,
    },
    "payment_rule": {
        "rule": pl.String, "sort": pl.Int64, "local": pl.Boolean, "checked": pl.Boolean, "definition": pl.String,
    },
}  # fmt: skip


def payment_tables(
    chosen: Sequence[Rule], tables: Mapping[str, pl.DataFrame], figures: pl.DataFrame, *, level: str
) -> Tables:  # fmt: skip
    """The tables of payment by results for one level: `tables` (comparisons, effects) and `figures` are the level's own."""
    rounded = level != "partnership"
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMA}
    for place, rule in enumerate(chosen, start=1):
        rows["payment_rule"].append({
            "rule": rule.id, "sort": place, "local": rule.local, "checked": rule.checked, "definition": rule.as_json(),
        })  # fmt: skip
        # Whatever a rule's own fewest people are, the open level tells of 30 or more.
        rule = replace(rule, least=max(rule.least, ANALYSED)) if rounded else rule  # noqa: PLW2901
        for one in contracts(rule, tables, figures, rounded=rounded):
            key = {"rule": rule.id, "subject_kind": one.subject_kind, "subject": one.subject, "title": one.title,
                   "district": one.district}  # fmt: skip
            rows["payment"] += _paid(rule, one, key, rounded=rounded)
            if one.spread is not None:
                rows["payment_spread"] += _spread(one, key)
                rows["payment_luck"] += _lucky(rule, one, key, rounded=rounded)
    return {name: pl.DataFrame(rows[name], schema=schema) for name, schema in SCHEMA.items()}


def contracts(
    rule: Rule, tables: Mapping[str, pl.DataFrame], figures: pl.DataFrame, *, rounded: bool
) -> list[Measured]:
    """Everything that a rule could be a contract for, measured or with the reason why not."""
    comparisons, effects = (tables.get(name, pl.DataFrame()) for name in ("comparison", "effect"))
    if rule.against == "matched":
        return matched(rule, comparisons, effects, ROUNDED if rounded else None)
    names = dimensions()["scheme"].values
    known = set(figures.filter(pl.col("dim1") == "scheme")["val1"]) if figures.height else set()
    if comparisons.height:  # a scheme whose figures are not shown is told of, with the reason
        known |= set(comparisons.filter(pl.col("subject_kind") == "scheme")["subject"])
    return adjusted(rule, figures, {one: names.get(one, label_of(one)) for one in sorted(known)}, rounded=rounded)


def _paid(rule: Rule, one: Measured, key: Mapping[str, str], *, rounded: bool) -> Iterable[dict[str, Any]]:
    for row in reckoned(rule, one).rows():
        if rounded:
            # Differences of rounded figures: nothing finer than the figures that they are made of.
            row |= {name: coarse(row[name]) for name in ("payment", *(_MONEY if row["measure"] == "pounds" else ()))}
            row |= {name: None for name in ("lower", "upper") if row["measure"] != "pounds"}
            if row["step"] == "units":
                row["value"] = coarse(row["value"])
        yield {**key, "people": one.people or None, **row, "price_year": rule.price_year}


_MONEY = ("value", "lower", "upper")


def coarse(value: float | None) -> float | None:
    """Two significant figures."""
    return None if value is None else float(f"{value:.{COARSE - 1}e}")


def _spread(one: Measured, key: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    assert one.spread is not None
    about = {
        **key, "people": _each(one), "periods": len(one.periods), "share": one.spread.share,
        "compared": one.spread.compared, "shared": one.spread.shared,
    }  # fmt: skip
    yield {**about, "measure": "rate", "mean": one.spread.share, "variance": one.spread.share * (1 - one.spread.share)}
    for measure, counts in sorted(one.spread.counts.items()):
        yield {**about, "measure": measure, "mean": counts.mean, "variance": counts.variance}


def _each(one: Measured) -> int:
    """People in a period, as many in each."""
    return round(one.people / len(one.periods))


def _lucky(rule: Rule, one: Measured, key: Mapping[str, str], *, rounded: bool) -> Iterable[dict[str, Any]]:
    """Luck at the contract's own size for a scheme that does nothing, a good and a harmful one; at others for the first."""
    assert one.spread is not None
    own = _each(one)
    for people, effect in ((own, 0.0), (own, GOOD), (own, HARMFUL), *((size, 0.0) for size in PEOPLE if size != own)):
        found = luck(rule, one.spread, people, effect, draws=DRAWS, periods=len(one.periods))
        money = {"expected_payment": found.expected, "low": found.low, "high": found.high}
        if rounded:
            money = {name: coarse(value) or 0.0 for name, value in money.items()}
        yield {**key, "people": people, "periods": found.periods, "true_effect": effect, "probability": found.probability, **money,
               "price_year": rule.price_year}  # fmt: skip


class Payments(Held):
    """The tables of payment by results of one level. Releases made before they were have them empty."""

    def payment_rules(self) -> pl.DataFrame:
        """Every rule as it stood: rule, sort, local, checked, definition (JSON; metrics.payment.rule.from_json)."""
        return self._paid("payment_rule", "sort")

    def payments(self) -> pl.DataFrame:
        """What each rule pays for each contract, step by step."""
        return self._paid("payment", "rule, subject_kind DESC, subject, district, sort")

    def payment_luck(self) -> pl.DataFrame:
        """What a scheme of a known effect would be paid by luck: probability, expected payment, the middle 90% of draws."""
        return self._paid("payment_luck", "rule, subject_kind DESC, subject, district, people, true_effect")

    def payment_spreads(self) -> pl.DataFrame:
        """How much people differ, contract by contract: what a page's own simulation is made of."""
        return self._paid("payment_spread", "rule, subject_kind DESC, subject, district, measure")

    def _paid(self, table: str, order: str) -> pl.DataFrame:
        if not self._rows(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{table}'"):
            return pl.DataFrame(schema=SCHEMA[table])
        return self._query(f"SELECT * FROM {table} ORDER BY {order}")
