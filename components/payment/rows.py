"""Which contract is looked at, and everything that the release holds about it: the rule, its steps, and its people's spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from components import data
from metrics.payment.luck import GOOD, HARMFUL, SIZES, Luck, luck
from metrics.payment.rule import Element, Rule, from_json
from metrics.payment.spread import Counts, Spread
from release.read import Reader

Row = Mapping[str, Any]
CURVE_DRAWS = 4_000
"""Draws for each size of the curve; the chosen size has 10,000."""
FEWEST, MOST = 20, 3000
EFFECTS = (-30, 30)
"""True effects that the slider reaches, in % of events."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is worked out for: its key, its title and the districts it is worked out in ('' is everywhere)."""

    key: str
    title: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """One rule for one subject in one district: its steps, what is paid, and its spread where luck can be simulated."""

    rule: Rule
    title: str
    rows: Sequence[Row]
    spread: Spread | None
    size: int
    periods: int
    labels: Mapping[str, str]

    @property
    def paid(self) -> Row:
        """The step that says what is paid, or why that cannot be said."""
        return next(row for row in self.rows if row["step"] == "paid")

    @property
    def spans(self) -> tuple[str, ...]:
        """The cohorts or quarters, in order."""
        return tuple(dict.fromkeys(row["period"] for row in self.rows if row["period"]))

    def lines(self, span: str = "") -> list[tuple[Element, str, dict[str, Row]]]:
        """The steps of each element in each period (of one `span` only, where given), by name."""
        found: dict[tuple[str, str], dict[str, Row]] = {}
        for row in self.rows:
            if row["element"] and (not span or row["period"] in ("", span)):
                found.setdefault((row["element"], row["period"]), {})[row["step"]] = row
        elements = {element.id: element for element in self.rule.elements}
        return [(elements[element], period, steps) for (element, period), steps in found.items()]

    def of_whole(self, step: str) -> Row | None:
        """A step of the whole contract."""
        return next((row for row in self.rows if not row["element"] and row["step"] == step), None)


def rules(source: Reader) -> dict[str, Rule]:
    """Every rule that the release holds, by id, in order."""
    return {row["rule"]: _rule(row["definition"]) for row in data.listed(source, "payment_rules")}


@lru_cache(maxsize=100)
def _rule(definition: str) -> Rule:
    return from_json(definition)


def subjects(source: Reader, rule: str) -> list[Subject]:
    """What a rule is worked out for: schemes first, IOM before the others, by title."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in data.listed(source, "payments"):
        if row["rule"] == rule and row["step"] == "paid":
            found.setdefault((row["subject_kind"], row["subject"]), []).append(row)
    kinds = {"scheme": 0, "programme": 1}
    made = []
    for (kind, name), rows in found.items():
        whole = next((row for row in rows if not row["district"]), rows[0])
        places = tuple(sorted({row["district"] for row in rows}))
        made.append(
            (kinds.get(kind, 2), name != "iom", whole["title"], Subject(f"{kind}:{name}", whole["title"], places))
        )
    return [one[-1] for one in sorted(made, key=lambda one: one[:3])]


def contract(source: Reader, rule: Rule, subject: str, district: str) -> Contract | None:
    """The contract of one rule with one subject in one district."""
    kind, _, name = subject.partition(":")
    mine = (rule.id, kind, name, district)

    def held(table: str) -> list[Row]:
        rows = data.listed(source, table)
        return [r for r in rows if (r["rule"], r["subject_kind"], r["subject"], r["district"]) == mine]

    rows, spread = held("payments"), held("payment_spreads")
    if not rows:
        return None
    size, periods = (spread[0]["people"], spread[0]["periods"]) if spread else (0, rule.periods)
    labels = _labels(source, [row["period"] for row in rows])
    return Contract(rule, rows[0]["title"], rows, _spread(spread), size, periods, labels)


def _labels(source: Reader, spans: Sequence[str]) -> dict[str, str]:
    """Cohorts and quarters in words: 'October 2015 to March 2025', 'April to June 2024'."""
    known = {period.id: period for kind in ("quarter", "year") for period in source.periods(kind)}
    said = {}
    for span in dict.fromkeys(spans):
        first, _, last = span.partition(" to ")
        if last and first in known and last in known:
            said[span] = f"{known[first].start:%B %Y} to {known[last].end:%B %Y}"
        elif first in known:
            said[span] = known[first].label
    return said


def _spread(rows: Sequence[Row]) -> Spread | None:
    if not rows:
        return None
    counts = {row["measure"]: Counts(row["mean"], row["variance"]) for row in rows if row["measure"] != "rate"}
    return Spread(rows[0]["share"], counts, rows[0]["compared"], rows[0]["shared"])


def sizes(own: int) -> tuple[int, int]:
    """How small and how large a cohort the slider reaches."""
    return min(FEWEST, own), max(MOST, own)


@dataclass(frozen=True, slots=True)
class Chance:
    """Luck as the sliders ask for it, over as many cohorts as were measured: the chosen scheme and, beside it, one that does
    nothing, a good and a harmful one; the chosen one at every size (`curve`), and over the `whole` contract of the rule.
    """

    chosen: Luck
    nothing: Luck
    good: Luck
    harmful: Luck
    curve: tuple[Luck, ...]
    whole: Luck


def chance(found: Contract, people: int, effect: int) -> Chance | None:
    """What luck would pay at this size of cohort and true effect (in %), and how the chance moves with size."""
    if found.spread is None:
        return None
    key = (found.rule.as_json(), _frozen(found.spread))
    periods = (people, found.periods)
    one, none, good, bad = (_luck(*key, periods, share) for share in (effect / 100, 0.0, GOOD, HARMFUL))
    curve = tuple(_luck(*key, (size, found.periods), effect / 100, CURVE_DRAWS) for size in SIZES)
    return Chance(one, none, good, bad, curve, _luck(*key, (people, found.rule.periods), effect / 100))


def of_nothing(found: Contract) -> Luck | None:
    """What a scheme of today's size that does nothing would be paid."""
    return (
        None
        if found.spread is None
        else _luck(found.rule.as_json(), _frozen(found.spread), (found.size, found.periods), 0.0)
    )


Frozen = tuple[float, float, bool, tuple[tuple[str, float, float], ...]]


def _frozen(spread: Spread) -> Frozen:
    counts = tuple(sorted((name, c.mean, c.variance) for name, c in spread.counts.items()))
    return spread.share, spread.compared, spread.shared, counts


@lru_cache(maxsize=2000)
def _luck(definition: str, frozen: Frozen, size: tuple[int, int], effect: float, draws: int = 10_000) -> Luck:
    """Luck for people in each period, and so many periods."""
    share, compared, shared, counts = frozen
    spread = Spread(share, {name: Counts(mean, variance) for name, mean, variance in counts}, compared, shared)
    return luck(_rule(definition), spread, size[0], effect, draws=draws, periods=size[1])


def frames(found: Contract, told: Chance | None) -> dict[str, pl.DataFrame]:
    """The contract's tables for a download: the rule, the steps, and luck as the sliders stood."""
    rule = found.rule
    made = {
        "rule": pl.DataFrame([{"rule": rule.id, "title": rule.title, "local": rule.local, "checked": rule.checked,
                               "source": rule.source, "unchecked": rule.unchecked, "definition": rule.as_json()}]),
        "payment": pl.DataFrame([dict(row) for row in found.rows], infer_schema_length=None),
    }  # fmt: skip
    if told is not None:
        held = {"chosen": told.chosen, "does nothing": told.nothing, "good": told.good, "harmful": told.harmful}
        every = [
            *held.items(),
            ("chosen, whole contract", told.whole),
            *(("by size of cohort", one) for one in told.curve),
        ]
        made["luck"] = pl.DataFrame([
            {"scheme": name, "people": one.people, "periods": one.periods, "true_effect": one.true_effect, "probability": one.probability,
             "expected_payment": one.expected, "low": one.low, "high": one.high, "price_year": rule.price_year}
            for name, one in every
        ])  # fmt: skip
    return made
