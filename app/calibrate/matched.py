"""The matched comparison on invented people of whom the truth is known (metrics/compare/simulated.py).

For each outcome: does the interval hold the expected effect on those analysed, and where there is none, how often is one
declared? At 60, 200 and 1,000 treated, with heavy tails, 15% treated and custody unequal between the sides.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from app.calibrate.harness import Answers, Experiment
from metrics.compare.comparison import OUTCOMES, compare
from metrics.compare.result import Compared
from metrics.compare.simulated import Scenario, Simulated, simulated

SCENARIOS = {
    "null": Scenario(),
    "effect": Scenario(effect=0.7),
    "null_heavy": Scenario(tail="lognormal"),
    "effect_heavy": Scenario(effect=0.7, tail="lognormal"),
    "null_custody": Scenario(custody=0.15),
}
SIZES = (60, 200, 1000)
DIFFERENCES = tuple(replace(outcome, scales=("difference",)) for outcome in OUTCOMES)
"""A ratio's interval holds 1 exactly where the difference's holds 0 (metrics/compare/estimate.py), so under no effect it
errs as often; under an effect the true ratio is not known in closed form, and is not asked."""
NAMES = {"matched": "matched", "doubly robust": "doubly_robust"}
COUNTED = tuple(outcome for outcome in OUTCOMES if outcome.kind != "rate")
"""Outcomes whose true difference is a mean over people. A rate over time is a ratio of two: it is asked where nothing
works and nothing differs, so that its true difference is nought."""


def draw(scenario: str, treated: int, seed: int) -> Answers:
    """One data set: for each outcome and method, whether the interval holds the truth, and whether no effect is rejected."""
    rng = np.random.default_rng([seed, treated, list(SCENARIOS).index(scenario)])
    invented = simulated(treated, rng, SCENARIOS[scenario])
    found = compare(invented.people, invented.covariates, DIFFERENCES, seed=seed)
    answers: dict[str, bool | float | None] = {}
    for effect in found.effects:
        name = f"{NAMES[effect.method]}.{effect.outcome}"
        truth = true_difference(invented, found, effect.outcome, effect.method)
        ends = (effect.lower, effect.upper)
        answers[f"{name}.coverage"] = None if None in ends else bool(ends[0] <= truth <= ends[1])  # type: ignore[operator]
        answers[f"{name}.type_one"] = None if effect.p_value is None else bool(effect.p_value < 0.05)
    return answers


def true_difference(invented: Simulated, found: Compared, outcome: str, method: str) -> float:
    """The expected effect on the treated whom the method's effect is about, in the outcome's unit."""
    if outcome not in invented.truth or method not in found.whom:
        return 0.0
    rows, weights = found.whom[method]
    factor = next(o.factor for o in OUTCOMES if o.id == outcome)
    return float(weights @ invented.truth[outcome][rows] * factor)


def experiments() -> list[Experiment]:
    """Every scenario at every size."""
    found = []
    for scenario, asked in SCENARIOS.items():
        null = asked.effect == 1 and not asked.custody
        for size in SIZES:
            claims = {
                f"{method}.{outcome.id}.{kind}": kind
                for method in NAMES.values()
                for outcome in (OUTCOMES if null else COUNTED)
                for kind in (("coverage", "type_one") if null else ("coverage",))
            }
            quick = 25 if size < 1000 and scenario in ("null", "effect_heavy") else 0
            title = f"Matched comparison, {size:,} treated, {scenario.replace('_', ', ')}"
            found.append(
                Experiment(f"matched_{scenario}_{size}", title, claims, partial(draw, scenario, size), quick=quick)
            )
    return found
