"""The worth of planted programmes on synthetic counties: does the interval hold the net benefit that was planted?

True net benefit = (what the programme's own people would have done without it - what they did) x what an offence costs - what
was spent. What they would have done is the same county, from the same seed, with that one programme taken out of it. The
comparison is the published one (app/calibrate/county.py), so whatever biases it biases the value as much.
"""

from dataclasses import replace

import polars as pl

from app.calibrate.county import PEOPLE, compared, frames, programme
from app.calibrate.county_store import county_store
from app.calibrate.harness import Answers, Experiment
from app.calibrate.value import DRAWS, case_of, true_value
from etl.synthetic import truth
from metrics.compare.frame import Frame
from metrics.compare.plan import Comparison
from metrics.value.case import Effect
from metrics.value.simulate import simulate


def draw(seed: int, people: int = PEOPLE) -> Answers:
    """One county: the harmful programme, the one that works for women alone, and the one that only takes easy cases."""
    planted = truth.draw(seed)
    codes = {
        "harmful": planted.harmful_programme,
        "women_only": planted.women_only_programme,
        "easy_cases": planted.easy_cases_programme,
    }
    asked = {name: programme(code) for name, code in codes.items()}
    with county_store(people, seed, planted) as con:
        real = frames(con, list(asked.values()))
    answers: dict[str, bool | float | None] = {}
    for name, comparison in asked.items():
        without = _without(planted, codes[name])
        with county_store(people, seed, without) as con:
            would_have = frames(con, [comparison])[comparison.id]
        answers |= _asked(name, real[comparison.id], would_have, comparison, seed)
    return answers


def _without(planted: truth.Truth, code: str) -> truth.Truth:
    """The county in which this one programme does nothing."""
    men, women = {**planted.programme_men, code: 1.0}, {**planted.programme_women, code: 1.0}
    return replace(planted, programme_men=men, programme_women=women)


def _asked(name: str, real: Frame, would_have: Frame, comparison: Comparison, seed: int) -> dict[str, bool | None]:
    """What the simulated interval says of one programme's true worth; None where there is no comparison."""
    found = compared(real)
    effect = None if found is None else found.effect("frequency")
    if effect is None or effect.estimate is None or effect.comparison is None:
        return dict.fromkeys((f"{name}.coverage", f"{name}.shown_as_a_loss", f"{name}.surely_averted"))
    published = Effect.from_difference(
        estimate=effect.estimate, lower=effect.lower, upper=effect.upper, expected=effect.comparison,
        people=effect.people, comparison=comparison.id, grade=3, verdict="",
    )  # fmt: skip
    value = simulate(case_of(published, sure=True), DRAWS, seed).society
    averted = _frequency(would_have) - _frequency(real)
    net = value.net_present_value
    return {
        f"{name}.coverage": bool(net.lower <= published.people * true_value(averted, None) <= net.upper),
        f"{name}.shown_as_a_loss": bool(net.at(0.5) < 0),
        f"{name}.surely_averted": bool(value.benefits.lower > 0),
    }


def _frequency(frame: Frame) -> float:
    """Reoffences a person of those treated."""
    return float(frame.people.filter(pl.col("treated"))["reoffences"].cast(pl.Float64).mean())  # type: ignore[arg-type]


CLAIMS = {
    "harmful.coverage": "coverage",
    "women_only.coverage": "coverage",
    "easy_cases.coverage": "coverage",
    "harmful.shown_as_a_loss": "most",
    "women_only.shown_as_a_loss": "fact",
    "easy_cases.shown_as_a_loss": "fact",
    "harmful.surely_averted": "at_most_5",
    "women_only.surely_averted": "fact",
    "easy_cases.surely_averted": "at_most_5",
}


def experiments() -> list[Experiment]:
    """One, by command alone: twenty seconds of processor a county."""
    return [
        Experiment("value_county", "Value for money on synthetic counties of 8,000 people", CLAIMS, draw, 200, quick=0)
    ]
