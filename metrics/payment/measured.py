"""What a rule needs to know, taken from what a release publishes: figures observed and expected, people, and their spread.

A rule against a `matched` group takes the comparisons of a subject: one for each cohort where the list of comparisons
names periods of their own, else the one over all its time. A rule against an `adjusted_baseline` takes the scheme's figures
by quarter of the latest complete year, and of a baseline year before it:

    expected rate = baseline rate + (predicted rate now - predicted rate of the baseline's people)

the predicted rates by OGRS3, the year's where the quarter's is not published. Reoffences for each reoffender are not adjusted. At the open level every figure is rounded:
`half` says by how much it may be out, so that nothing is said which rounding could turn.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from metrics.compare.plan import moves
from metrics.payment.pay import Figures, Numbers, share_error
from metrics.payment.rule import Rule
from metrics.payment.spread import Counts, Spread, Z, variance_of
from metrics.periods import quarters

OUTCOMES = {"occasions": "occasions", "reoffences": "frequency", "rate": "rate"}
"""The outcome of a matched comparison that is each measure."""
RATE, PREDICTED, EACH = "reoffending_rate", "expected_reoffending_rate", "reoffences_per_reoffender"
COHORT = "scheme"
LEAST_SHARE = 0.001
"""A share of none, or of all, has no luck to simulate: it is taken to be this far from either."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """One cohort or quarter: `observed` and `expected` by measure, the 95% limits of observed less expected, half a step of
    rounding. `compared`: people behind what was expected."""

    name: str
    people: float
    compared: float
    observed: Mapping[str, float]
    expected: Mapping[str, float]
    lower: Mapping[str, float] = field(default_factory=dict)
    upper: Mapping[str, float] = field(default_factory=dict)
    half: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """One contract: a subject in a district, its periods, and the spread of its people; or the `reason` there is none.

    `whole` is all periods together where measures are known over them apart from the periods (the year of a baseline).
    """

    subject_kind: str
    subject: str
    title: str
    district: str
    periods: tuple[Period, ...] = ()
    whole: Period | None = None
    spread: Spread | None = None
    shared: bool = False
    reason: str = ""

    @property
    def people(self) -> int:
        """People in all periods; somebody in two of them counts twice."""
        return round(sum(period.people for period in self.periods))

    def figures(self, end: int = 0, *, half: int = 0) -> Figures:
        """The figures as they stand; `end` -1 at the better end of each interval, 1 at the worse; `half` -1 or 1 for what
        rounding may hide in the provider's favour or against it."""
        names = tuple(dict.fromkeys(name for period in self.periods for name in period.observed))
        return Figures(
            _row([period.people for period in self.periods]),
            _row([period.compared for period in self.periods]),
            {name: _row([_moved(period, name, end, half) for period in self.periods]) for name in names},
            {name: _row([_expected(period, name, half) for period in self.periods]) for name in names},
            {} if self.whole is None else {
                name: (_row([_moved(self.whole, name, end, half)]), _row([_expected(self.whole, name, half)]))
                for name in self.whole.observed
            },
            self.shared,
        )  # fmt: skip


def _row(values: Sequence[float]) -> Numbers:
    return np.array([values], dtype=np.float64)


def _moved(period: Period, name: str, end: int, half: int) -> float:
    limits = period.lower if end < 0 else period.upper
    value = period.observed[name]
    if end and name in limits:
        value = max(period.expected[name] + limits[name], 0.0)
    return max(value + half * period.half.get(name, 0.0), 0.0)


def _expected(period: Period, name: str, half: int) -> float:
    return max(period.expected[name] - half * period.half.get(name, 0.0), 0.0)


def matched(
    rule: Rule, comparisons: pl.DataFrame, effects: pl.DataFrame, half: Mapping[str, float] | None = None
) -> list[Measured]:
    """A contract for each subject and district that was compared; `half` the half steps of rounding by measure."""
    found: list[Measured] = []
    if not comparisons.height:
        return found
    main = effects.filter(
        (pl.col("method") == "matched") & (pl.col("specification") == "main") & (pl.col("scale") == "difference")
    ) if effects.height else effects  # fmt: skip
    known = {(row["comparison"], row["outcome"]): row for row in main.iter_rows(named=True)}
    for rows in _contracts(comparisons):
        about = next((row for row in rows if not _own_period(row)), rows[0])
        who = (about["subject_kind"], about["subject"], about["title"], about["district"])
        chosen = _cohorts(rows)[-rule.periods :]  # of more cohorts than the contract has, the latest
        if why := _why_not(chosen):
            found.append(Measured(*who, reason=why))
            continue
        periods = [_cohort(rule, row, known, half or {}) for row in chosen]
        missing = next((period for period in periods if isinstance(period, str)), None)
        if isinstance(missing, str):
            found.append(Measured(*who, reason=missing))
            continue
        held = tuple(period for period in periods if isinstance(period, Period))
        found.append(Measured(*who, held, spread=_spread(rule, chosen, held, known)))
    return found


def _contracts(comparisons: pl.DataFrame) -> Iterator[list[Row]]:
    """The comparisons of each subject in each district."""
    held: dict[tuple[str, str, str], list[Row]] = {}
    for row in comparisons.sort("sort", "id").iter_rows(named=True):
        held.setdefault((row["subject_kind"], row["subject"], row["district"]), []).append(row)
    yield from held.values()


def _cohorts(rows: Sequence[Row]) -> list[Row]:
    """Comparisons with periods of their own, in order of time; without any, the one over all time."""
    own = [row for row in rows if _own_period(row)]
    return sorted(own, key=lambda row: (row["from_period"], row["id"])) if own else [rows[0]]


def _own_period(row: Row) -> bool:
    """Whether the list of comparisons gave it a period of its own; one that moves with the records is no contract's."""
    asked = json.loads(row["definition"])
    return not moves(row["definition"]) and any(asked.get(end) for end in ("from_period", "to_period"))


def _why_not(chosen: Sequence[Row]) -> str:
    for row in chosen:
        if row["verdict"] == "no_verdict":
            return str(row["reason"] or "no effect could be worked out")
    for one, following in pairwise(chosen):
        if following["from_period"] <= one["to_period"]:
            return "its comparisons overlap in time, so that people would be paid for twice"
    return ""


def _cohort(
    rule: Rule, row: Row, known: Mapping[tuple[str, str], Row], half: Mapping[str, float]
) -> Period | str:  # fmt: skip
    """One comparison as a cohort, or why it cannot be one."""
    people = row["analysed"]
    if people is None or people < rule.least:
        return f"fewer than {rule.least} people could be analysed"
    needed = [name for measure in rule.measures for name in _needs(measure)]
    rows = {name: known.get((row["id"], OUTCOMES[name])) for name in needed}
    absent = [name for name, effect in rows.items() if effect is None or effect["estimate"] is None]
    if absent:
        return f"the comparison has no figure of {', '.join(_WORDS[name] for name in absent)}"
    observed = {name: float(effect["treated"]) for name, effect in rows.items() if effect is not None}
    expected = {name: float(effect["expected"]) for name, effect in rows.items() if effect is not None}
    lower = {name: float(effect["lower"]) for name, effect in rows.items() if effect is not None}
    upper = {name: float(effect["upper"]) for name, effect in rows.items() if effect is not None}
    if "per_reoffender" in rule.measures:
        for held in (observed, expected):
            held["per_reoffender"] = held["reoffences"] / held["rate"] if held["rate"] else float("nan")
    name = f"{row['from_period']} to {row['to_period']}"
    return Period(name, float(people), _compared(rule, row), observed, expected, lower, upper, half)


_WORDS = {"occasions": "reconviction events", "reoffences": "reoffences", "rate": "people who reoffended"}


def _needs(measure: str) -> tuple[str, ...]:
    return ("reoffences", "rate") if measure == "per_reoffender" else (measure,)


def _compared(rule: Rule, row: Row) -> float:
    """People's worth of the comparison group: its effective number, else its number, at most the rule's controls each."""
    own = json.loads(row["evidence"] or "{}").get("effective_controls") or row["controls"] or row["analysed"]
    return float(min(own, rule.controls * row["analysed"]))


def _spread(
    rule: Rule, chosen: Sequence[Row], periods: Sequence[Period], known: Mapping[tuple[str, str], Row]
) -> Spread | None:
    """The people's spread from the largest cohort: its comparison group's figures, its intervals' variances."""
    row, period = max(zip(chosen, periods, strict=True), key=lambda pair: pair[1].people)
    rate = known.get((row["id"], "rate"))
    if rate is None or rate["expected"] is None:
        return None
    share = min(max(rate["expected"] / 100, LEAST_SHARE), 1 - LEAST_SHARE)
    counts = {}
    for name in {need for measure in rule.measures for need in _needs(measure)} - {"rate"}:
        effect = known[row["id"], OUTCOMES[name]]
        mean = max(effect["expected"] / 100, LEAST_SHARE)
        counts[name] = Counts(mean, variance_of(effect["lower"], effect["upper"], period.people, period.compared))
    if "rate" not in rule.measures:
        # Some who reoffend are never convicted in court: nobody has less than one event of those counted.
        share = min([share, *(count.mean for count in counts.values())])
    return Spread(share, counts, period.compared / period.people)


def adjusted(rule: Rule, figures: pl.DataFrame, titles: Mapping[str, str], *, rounded: bool) -> list[Measured]:
    """A contract for each scheme: the quarters of the latest complete year against a baseline year (adjusted by OGRS3)."""
    own = figures.filter(
        (pl.col("cohort") == COHORT) & (pl.col("dim1") == "scheme") & (pl.col("dim2") == "")
        & pl.col("indicator").is_in([RATE, PREDICTED, EACH])
    ) if figures.height else figures  # fmt: skip
    held = {(row["val1"], row["period"], row["indicator"]): row for row in own.iter_rows(named=True)}
    found = []
    for subject, title in titles.items():
        mine = {(period, name): row for (value, period, name), row in held.items() if value == subject}
        found.append(_against_baseline(rule, subject, title, mine, rounded=rounded))
    return found


def _against_baseline(
    rule: Rule, subject: str, title: str, held: Mapping[tuple[str, str], Row], *, rounded: bool
) -> Measured:
    who = ("scheme", subject, title, "")
    years = sorted(
        period for period, name in held if name == RATE and len(period) == 7 and "/" in period
        and held[period, RATE]["status"] == "final" and _whole(held, period)
    )  # fmt: skip
    base = rule.baseline or (years[0] if years else "")
    year = years[-1] if years else ""
    if base not in years or base >= year:
        return Measured(*who, reason="no complete year with predicted risk, and a baseline year before it, is shown")
    spans = [year] if rule.period == "year" else _quarters(year)
    if any((held.get((span, RATE)) or {}).get("denominator") is None for span in spans):
        return Measured(*who, reason=f"a {rule.period} of {year} is not shown, or nobody is in it")
    if any(held[span, RATE]["denominator"] < rule.least for span in spans):
        return Measured(*who, reason=f"fewer than {rule.least} people in a {rule.period} of {year}")
    if any(held[span, RATE]["value"] is None for span in spans):
        return Measured(*who, reason=f"how many reoffended in a {rule.period} of {year} is not shown")
    periods = tuple(_baseline_period(held, span, year, base, rounded=rounded) for span in spans)
    whole = _baseline_period(held, year, year, base, rounded=rounded)
    if "per_reoffender" in rule.measures and "per_reoffender" not in whole.observed:
        return Measured(*who, reason="reoffences for each person who reoffended are not shown")
    return Measured(*who, periods, whole, _baseline_spread(held, base, periods), shared=True)


def _quarters(year: str) -> list[str]:
    first = int(year[:4])
    return quarters(f"{first}Q2", f"{first + 1}Q1")


def _known(held: Mapping[tuple[str, str], Row], span: str) -> bool:
    return all((held.get((span, name)) or {}).get("value") is not None for name in (RATE, PREDICTED))


def _whole(held: Mapping[tuple[str, str], Row], year: str) -> bool:
    return _known(held, year) and held[year, RATE]["denominator"] is not None


def _baseline_period(
    held: Mapping[tuple[str, str], Row], span: str, year: str, base: str, *, rounded: bool
) -> Period:  # fmt: skip
    """One period against the baseline. Predicted risk is the period's own where it is published, else the year's."""
    predicted = held[span if _known(held, span) else year, PREDICTED]["value"]
    rate, people = held[span, RATE]["value"], held[span, RATE]["denominator"]
    before, compared = held[base, RATE]["value"], held[base, RATE]["denominator"]
    expected = min(max(before + predicted - held[base, PREDICTED]["value"], 0.0), 100.0)
    error = float(share_error(np.array(expected), np.array(people), np.array(compared)))
    observed, wanted = {"rate": rate}, {"rate": expected}
    lower, upper = {"rate": rate - expected - Z * error}, {"rate": rate - expected + Z * error}
    # Counts to the nearest 5 and predictions to the nearest whole point, here and in the baseline.
    half = {"rate": 500 / people / 2 + 500 / compared / 2 + 0.5} if rounded else {}
    now, then = held.get((span, EACH)), held.get((base, EACH))
    if now and then and now["value"] is not None and then["value"] is not None:
        observed["per_reoffender"], wanted["per_reoffender"] = now["value"], then["value"]
        if now["lower"] is not None and then["lower"] is not None:
            gap = now["value"] - then["value"]
            lower["per_reoffender"] = gap - float(np.hypot(now["value"] - now["lower"], then["upper"] - then["value"]))
            upper["per_reoffender"] = gap + float(np.hypot(now["upper"] - now["value"], then["value"] - then["lower"]))
        if rounded:
            half["per_reoffender"] = (
                sum(2.5 * (1 + row["value"]) / row["denominator"] for row in (now, then) if row["denominator"]) / 2
            )
    return Period(span, float(people), float(compared), observed, wanted, lower, upper, half)


def _baseline_spread(held: Mapping[tuple[str, str], Row], base: str, periods: Sequence[Period]) -> Spread:
    """The baseline's people: their share, and the spread of reoffences among those who reoffended."""
    share = min(max(held[base, RATE]["value"] / 100, LEAST_SHARE), 1 - LEAST_SHARE)
    compared = held[base, RATE]["denominator"] / (sum(period.people for period in periods) / len(periods))
    counts = {}
    each = held.get((base, EACH))
    if each and each["value"] is not None and each["lower"] is not None and each["denominator"]:
        error = (each["upper"] - each["lower"]) / (2 * Z)
        within = error**2 * each["denominator"]
        mean = each["value"] * share
        counts["reoffences"] = Counts(mean, share * within + share * (1 - share) * each["value"] ** 2)
    return Spread(share, counts, compared, shared=True)
