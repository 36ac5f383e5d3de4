"""A comparison worked out in full: verdict, effects, how far the answer moves, who fell away, the strength of the evidence.

evaluated(frame) is what is published, what `iom evaluate` prints and what the desk shows: the same for each.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from common import paths
from common.errors import ProblemError
from metrics.compare import balance as balances
from metrics.compare.comparison import (
    FREQUENCY,
    MAIN,
    OUTCOMES,
    RATE,
    Compared,
    Effect,
    Prepared,
    Specification,
    group_weights,
    prepare,
    replace,
    run,
)
from metrics.compare.covariates import HOME
from metrics.compare.joining import Joining, joining, undiluted
from metrics.compare.over_time import happened_first, hazards, reoffended_by, weighted
from metrics.compare.people import Frame, Step, told
from metrics.compare.plan import Comparison
from metrics.compare.result import OCCASIONS
from metrics.compare.sensitivity import curve, direction, e_values, rosenbaum_bound, specifications

SUBMITTED, ANALYSED = 60, 30
"""The fewest people submitted, and analysed, for a verdict (design section 5)."""
TOO_UNLIKE = 0.5
"""A standardised mean difference after matching above which the groups are too unlike to compare at all."""
TRIED = (
    *("k1", "k3", "k10", "caliper_0.1", "caliper_0.4", "once", "radius", "overlap", "odds", "unadjusted"),
    "no_later_joiners",
)
"""The other specifications that are published beside the main one, for the rate and the frequency: all that need no score of
their own, and the one without those who join later."""
SEED = 20_260_930
"""Ties between equally near matches are settled by this: one comparison gives one answer."""
RUBRIC = "Maryland scale, matching on a propensity score taken as level 3"
EFFECT = (
    *("outcome", "method", "specification", "scale", "unit", "estimate", "lower", "upper", "treated", "expected"),
    *("p_value", "people", "verdict", "headline"),
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one comparison says, in aggregates only. `verdict` is fewer, more, cannot_tell, or no_verdict with `reason`.

    `flow` runs from submitted to analysed. `effects` are rows with the fields EFFECT. The frames are those of
    metrics.compare.result; `curves` has arm, day, value, lower, upper (% who have reoffended by the day), at_risk;
    `competing` the same by cause: what came first, a reoffence, custody without one, or death.
    """

    comparison: Comparison
    verdict: str
    reason: str = ""
    grade: int | None = None
    rubric: str = RUBRIC
    submitted: int = 0
    matched: int = 0
    analysed: int = 0
    controls: int = 0
    pool: int = 0
    joined_later: int = 0
    from_period: str = ""
    to_period: str = ""
    flow: tuple[Step, ...] = ()
    effects: tuple[dict[str, Any], ...] = ()
    balance: pl.DataFrame = field(default_factory=pl.DataFrame)
    support: pl.DataFrame = field(default_factory=pl.DataFrame)
    curves: pl.DataFrame = field(default_factory=pl.DataFrame)
    competing: pl.DataFrame = field(default_factory=pl.DataFrame)
    sensitivity: tuple[dict[str, Any], ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def headline(self) -> dict[str, Any] | None:
        """The effect that the verdict is about."""
        return next((row for row in self.effects if row["headline"]), None)

    def evidence_json(self) -> str:
        """What the grade rests on."""
        return json.dumps(self.evidence, sort_keys=True)


def evaluated(frame: Frame) -> Evaluation:
    """Work out one comparison. What cannot be answered is no verdict with the reason, never an error."""
    try:
        return _evaluated(frame)
    except ProblemError as problem:
        return without(frame, problem.what)
    except Exception as error:
        return without(frame, f"it could not be worked out ({type(error).__name__})")


def _evaluated(frame: Frame) -> Evaluation:
    if why := _why_not(frame):
        return without(frame, why)
    main = replace(MAIN, exact=frame.comparison.exact)
    prepared = prepare(frame.people, frame.covariates, (*OUTCOMES, OCCASIONS), main)
    found = run(prepared, main, seed=SEED)
    matched = Step("matched", found.matched, "nobody like them was found in the comparison group")
    flow = told([*frame.flow, matched, Step("analysed", found.analysed, "what followed is not known")])
    about: dict[str, Any] = {
        **_common(frame),
        "flow": flow,
        "matched": found.matched,
        "analysed": found.analysed,
        "controls": found.controls,
        "evidence": _evidence(frame, found),
    }
    if found.analysed < ANALYSED:
        return Evaluation(verdict="no_verdict", reason=f"fewer than {ANALYSED} people could be analysed", **about)
    about |= {"balance": found.balance, "support": found.support}
    if found.largest_imbalance > TOO_UNLIKE:
        why = "those on it and those compared with them are too unlike, even after matching"
        return Evaluation(verdict="no_verdict", reason=why, **about)
    effect = found.effect(RATE.id)
    if effect.estimate is None:
        return Evaluation(verdict="no_verdict", reason=effect.reason or "no effect could be worked out", **about)
    weights = group_weights(prepared, main, SEED)
    people = weighted(frame, weights)
    later = joining(frame.people, weights, frame.comparison.follow_up_days)
    alone = undiluted(effect, later)
    besides = (*([] if alone is None else [alone]), *hazards(frame, people), *_tried(frame, prepared, main))
    effects = (*found.effects, *besides)
    return Evaluation(
        verdict=verdict_of(effect),
        grade=_grade(found),
        effects=tuple(_row(one, headline=one is effect) for one in effects),
        curves=reoffended_by(frame, people),
        competing=happened_first(frame, people),
        sensitivity=tuple(_sensitivity(found, prepared, later)),
        **about,
    )


def verdict_of(effect: Effect) -> str:
    """fewer, more or cannot_tell, from the 95% interval alone. More days without reoffending is fewer."""
    side = direction(effect) * (-1 if effect.outcome == "time" else 1)
    return {-1: "fewer", 0: "cannot_tell", 1: "more"}[side]


def _why_not(frame: Frame) -> str:
    """Why nothing can be compared, or ''."""
    if frame.submitted < SUBMITTED:
        return f"fewer than {SUBMITTED} people were submitted"
    if frame.treated < ANALYSED:
        return f"fewer than {ANALYSED} people could be followed"
    if not frame.people.height - frame.treated:
        return "nobody could be compared with them"
    if not frame.source.same:
        return "the offences of those on it and of those compared come from different records"
    return ""


def _common(frame: Frame) -> dict[str, Any]:
    one = frame.comparison
    quarters = (
        frame.people.filter(pl.col("treated"))["quarter"] if frame.people.height else pl.Series([], dtype=pl.String)
    )
    return {
        "comparison": one,
        "submitted": frame.submitted,
        "pool": frame.people.height - frame.treated,
        "joined_later": frame.joined_later,
        "from_period": one.from_period or str(quarters.min() or ""),
        "to_period": one.to_period or str(quarters.max() or ""),
    }


def without(frame: Frame, why: str) -> Evaluation:
    """No verdict, with its reason and how many were submitted."""
    return Evaluation(verdict="no_verdict", reason=why, flow=frame.flow, **_common(frame))


def _grade(found: Compared) -> int:
    """3 where what is compared is alike (no difference above 0.10 once what matching left is corrected), else 2: a comparison
    group that is not equivalent. The rubric's level 3 holds matched groups with covariate adjustment."""
    return 3 if found.corrected_imbalance <= balances.ACCEPTABLE else 2


@cache
def rubric() -> dict[int, dict[str, str]]:
    """The levels of the Maryland scale by number. Source: data/reference/maryland_scale.csv."""
    with paths.reference("maryland_scale.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["level"]): row for row in csv.DictReader(file)}


def _evidence(frame: Frame, found: Compared) -> dict[str, Any]:
    return {
        "largest_imbalance": round(found.largest_imbalance, 4),
        "corrected_imbalance": round(found.corrected_imbalance, 4),
        "effective_controls": round(found.effective_controls, 1),
        "problems": list(found.problems),
        "separated": list(found.separated),
        "national_share": [frame.source.treated, frame.source.pool],
    }


def _row(effect: Effect, headline: bool) -> dict[str, Any]:
    known = {name: getattr(effect, name) for name in EFFECT if name not in ("expected", "verdict", "headline")}
    said = "no_verdict" if effect.estimate is None else verdict_of(effect)
    return {**known, "expected": effect.comparison, "verdict": said, "headline": headline}


def _tried(frame: Frame, prepared: Prepared, main: Specification) -> Sequence[Effect]:
    """The rate and the frequency under other reasonable choices; for a scheme also with the home district in the score."""
    known = list(frame.covariates)
    base = main if HOME in known else replace(main, covariates=tuple(known))
    choices = [s for s in specifications(known, base, leave_out=False) if s.id in TRIED]
    if not frame.joined_later:
        choices = [choice for choice in choices if not choice.without_later_joiners]
    if HOME not in known:
        known.append(HOME)
        choices.append(replace(main, id="with_home_district", covariates=tuple(known)))
    outcomes = tuple(replace(outcome, scales=("difference",)) for outcome in (RATE, FREQUENCY))
    return curve(frame.people, known, outcomes, choices, seed=SEED, ready=(base, prepared))


def _sensitivity(found: Compared, prepared: Prepared, joined: Joining) -> Iterator[dict[str, str | float]]:
    """How strong something unrecorded would have to be, and how much those who join later take off the difference."""
    effect = found.effect(RATE.id)
    for measure, value in zip(("e_value", "e_value_limit"), e_values(effect) or (), strict=False):
        yield _measure(measure, value, "VanderWeele and Ding 2017")
    yield _measure("rosenbaum", rosenbaum_bound(prepared, RATE, seed=SEED), "Rosenbaum 2002, one match each")
    share = "% of the comparison group, by weight, who join within the follow-up"
    yield _measure("joined_later", 100 * joined.later, share)
    if effect.estimate is not None and joined.exposed < 1:
        note = "the difference if nobody joined later, were it to work as well for them from the day they join"
        yield _measure("undiluted", effect.estimate / (1 - joined.exposed), note)


def _measure(measure: str, value: float, note: str) -> dict[str, str | float]:
    return {"outcome": RATE.id, "measure": measure, "value": value, "note": note}
