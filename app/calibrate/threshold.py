"""Near misses: the discontinuity's interval, and the check that nobody was moved over the threshold.

Scores lean to the right as real ones do (few people score high), reoffending bends with the score, and selection is certain
(sharp) or likely (fuzzy, 10% below and 70% above). Counts are heavy-tailed. Scores are continuous or whole points.
docs/methods/discontinuity.md holds what was reached.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from app.calibrate.harness import Answers, Experiment
from metrics.compare.density import density_check
from metrics.compare.discontinuity import discontinuity
from metrics.compare.result import FREQUENCY, RATE, Outcome

SIZES = (500, 2000)
SHARE, MEAN = -0.15, -0.8
"""The true effects at the threshold: on the share who reoffend, and on reoffences a person."""
MOVED = 0.5
"""The share of those within two points below who are moved above, where bunching is planted."""


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    fuzzy: bool
    whole: bool
    outcome: Outcome

    def effect(self, works: bool) -> float:
        """The true jump, in the outcome's unit."""
        return (100 * (SHARE if self.outcome.id == RATE.id else MEAN)) if works else 0.0


SETTINGS = (
    Setting("sharp_rate", False, False, RATE),
    Setting("sharp_counts", False, False, FREQUENCY),
    Setting("sharp_whole_points_rate", False, True, RATE),
    Setting("fuzzy_rate", True, False, RATE),
    Setting("fuzzy_counts", True, False, FREQUENCY),
    Setting("fuzzy_whole_points_rate", True, True, RATE),
)


def drawn(rng: np.random.Generator, people: int, setting: Setting, works: bool) -> pl.DataFrame:
    """People with a gamma score of mean 12 and a threshold of 12; whole points are rounded down, selection goes by them."""
    score = rng.gamma(4.0, 3.0, people)
    if setting.whole:
        score = np.floor(score)
    x = score - 12
    likely = np.where(x >= 0, 0.7, 0.1) if setting.fuzzy else (x >= 0).astype(float)
    treated = rng.random(people) < likely
    bent = 0.02 * x - 0.0006 * x**2
    share = np.clip(0.45 + bent + (SHARE * treated if works else 0), 0.02, 0.98)
    mean = np.clip(2.0 + 4 * bent + (MEAN * treated if works else 0), 0.05, None)
    return pl.DataFrame({
        "cluster": np.arange(people), "distance": x, "treated": treated, "reoffended": rng.random(people) < share,
        "reoffences": rng.poisson(rng.gamma(0.55, mean / 0.55)), "before": rng.normal(size=people) + bent,
    })  # fmt: skip


def draw(setting: Setting, people: int, seed: int) -> Answers:
    """With the planted effect and without: does the interval hold it, and is it found?"""
    rng = np.random.default_rng([seed, people, SETTINGS.index(setting)])
    answers: dict[str, bool | float | None] = {}
    for works, name in ((True, "effect"), (False, "null")):
        effect = discontinuity(drawn(rng, people, setting, works), setting.outcome).effect
        told = effect.lower is not None and effect.upper is not None and effect.p_value is not None
        answers[f"{name}.answered"] = told
        truth = setting.effect(works)
        answers[f"{name}.coverage"] = bool(effect.lower <= truth <= effect.upper) if told else None  # type: ignore[operator]
        answers["effect.found" if works else "null.type_one"] = bool(effect.p_value < 0.05) if told else None  # type: ignore[operator]
    return answers


CLAIMS = {
    "effect.coverage": "coverage",
    "null.coverage": "coverage",
    "null.type_one": "type_one",
    "effect.found": "fact",
    "effect.answered": "fact",
    "null.answered": "fact",
}


def bunching(people: int, seed: int) -> Answers:
    """Does the density check say that people bunch above the threshold, where nobody was moved and where half were?"""
    rng = np.random.default_rng([seed, people])
    answers: dict[str, bool | float | None] = {}
    for whole, name in ((False, "continuous"), (True, "whole_points")):
        score = rng.gamma(4.0, 3.0, people)
        x = (np.floor(score) if whole else score) - 12
        near = (x < 0) & (x >= -2) & (rng.random(people) < MOVED)
        for moved, what in ((False, "type_one"), (True, "moved_found")):
            p = density_check(np.where(near, x + 2, x) if moved else x).p_value
            answers[f"{name}.{what}"] = None if p is None else bool(p < 0.05)
    return answers


BUNCHING = {
    "continuous.type_one": "type_one",
    "whole_points.type_one": "type_one",
    "continuous.moved_found": "fact",
    "whole_points.moved_found": "fact",
}


def experiments() -> list[Experiment]:
    found = []
    for people in SIZES:
        quick = people == SIZES[0]
        for setting in SETTINGS:
            title = f"Near misses, {people:,} people, {setting.name.replace('_', ' ')}"
            asked = 20 if quick and setting.name in ("sharp_rate", "fuzzy_counts") else 0
            found.append(
                Experiment(
                    f"threshold_{setting.name}_{people}", title, CLAIMS, partial(draw, setting, people), quick=asked
                )
            )
        title = f"Bunching at the threshold, {people:,} people"
        found.append(
            Experiment(f"bunching_{people}", title, BUNCHING, partial(bunching, people), quick=20 if quick else 0)
        )
    return found
