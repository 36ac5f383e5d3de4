"""The worth of what is planted on synthetic counties: does the interval hold the net benefit that was truly made?

True net benefit = (reoffences that the very people compared would have committed without it - those they did) x what an offence
costs - what was spent. What they would have done is the same county, from the same seed, with that one programme taken out or
the scheme on paper alone (county_truth.py), and the estimand is the comparison's own: starting now against not starting now.
The comparison is the published one, so whatever biases it biases the value as much.
"""

from dataclasses import replace

import duckdb
import polars as pl

from app.calibrate.county import OUTCOMES, PEOPLE, SCHEME, compared, programme
from app.calibrate.county_store import CUTOFF_DATE, county_store
from app.calibrate.county_truth import truths
from app.calibrate.harness import Answers, Experiment
from app.calibrate.value import DRAWS, case_of, true_value
from etl.synthetic import truth
from metrics.compare.comparison import MAIN, group_weights, prepare
from metrics.compare.evaluation import SEED
from metrics.compare.frame import evaluation_frames
from metrics.compare.people import Frame
from metrics.value.case import Effect
from metrics.value.simulate import simulate


def draw(seed: int, people: int = PEOPLE) -> Answers:
    """One county: the scheme, the harmful programme, the one that works for women alone and the one for easy cases."""
    planted = truth.draw(seed)
    codes = {
        "harmful": planted.harmful_programme,
        "women_only": planted.women_only_programme,
        "easy_cases": planted.easy_cases_programme,
    }
    asked = {"scheme": SCHEME, **{name: programme(code) for name, code in codes.items()}}
    with (
        county_store(people, seed, planted) as con,
        evaluation_frames(con, list(asked.values()), CUTOFF_DATE) as made,
    ):
        real = {name: (made.frame(one), made.moments(one)) for name, one in asked.items()}
    answers: dict[str, bool | float | None] = {}
    for name, (frame, moments) in real.items():
        on_paper = name == "scheme"
        other = planted if on_paper else _without(planted, codes[name])
        with county_store(people, seed, other, on_paper=on_paper) as con:
            answers |= _asked(name, frame, moments, con, seed)
    return answers


def _without(planted: truth.Truth, code: str) -> truth.Truth:
    """The county in which this one programme does nothing."""
    men, women = {**planted.programme_men, code: 1.0}, {**planted.programme_women, code: 1.0}
    return replace(planted, programme_men=men, programme_women=women)


def _asked(
    name: str, frame: Frame, moments: pl.DataFrame, without: duckdb.DuckDBPyConnection, seed: int
) -> dict[str, bool | None]:
    """What the simulated interval says of its true worth; None where there is no comparison."""
    found = compared(frame)
    effect = None if found is None else found.effect("frequency")
    if effect is None or effect.estimate is None or effect.comparison is None:
        return dict.fromkeys(f"{name}.{claim}" for claim in ("coverage", "shown_as_a_loss", "surely_averted"))
    published = Effect.from_difference(
        estimate=effect.estimate, lower=effect.lower, upper=effect.upper, expected=effect.comparison,
        people=effect.people, comparison=frame.comparison.id, grade=3, verdict="",
    )  # fmt: skip
    main = replace(MAIN, exact=frame.comparison.exact)
    weights = group_weights(prepare(frame.people, frame.covariates, OUTCOMES, main), main, SEED)
    averted = -truths(without, frame.comparison, moments, frame.people, weights)["frequency"].asked / 100
    value = simulate(case_of(published, sure=True), DRAWS, seed).society
    net = value.net_present_value
    return {
        f"{name}.coverage": bool(net.lower <= published.people * true_value(averted, None) <= net.upper),
        f"{name}.shown_as_a_loss": bool(value.benefits.at(0.5) < 0),
        f"{name}.surely_averted": bool(value.benefits.lower > 0),
    }


CLAIMS = {
    **{f"{name}.coverage": "coverage" for name in ("scheme", "harmful", "women_only", "easy_cases")},
    **{f"{name}.shown_as_a_loss": "fact" for name in ("scheme", "women_only", "easy_cases")},
    "harmful.shown_as_a_loss": "most",
    **{f"{name}.surely_averted": "fact" for name in ("scheme", "women_only")},
    **{f"{name}.surely_averted": "at_most_5" for name in ("harmful", "easy_cases")},
}


def experiments() -> list[Experiment]:
    """One, by command alone: half a minute of processor a county."""
    return [
        Experiment("value_county", "Value for money on synthetic counties of 8,000 people", CLAIMS, draw, 200, quick=0)
    ]
