"""The whole comparison on synthetic counties whose planted truth is known: from dated records to the verdict.

In each county people are selected at a peak of offending. Three counties a seed: as planted; the same with nothing
working at all; the same with only the scheme's own effect taken out, whose treated people are what would have been.
"""

from dataclasses import replace

import polars as pl

from app.calibrate.county_store import CUTOFF_DATE, county_store
from app.calibrate.harness import Answers, Experiment
from etl.synthetic import truth
from metrics.compare.comparison import FREQUENCY, MAIN, RATE, compare
from metrics.compare.evaluation import ANALYSED, SEED, SUBMITTED, TOO_UNLIKE, verdict_of
from metrics.compare.frame import Frame, evaluation_frames
from metrics.compare.plan import Comparison
from metrics.compare.result import Compared

PEOPLE = 8000
SCHEME = Comparison(id="iom", title="IOM", subject_kind="scheme", subject="iom")


def programme(code: str) -> Comparison:
    return Comparison(id=f"programme_{code.lower()}", title=code, subject_kind="programme", subject=code)


def frames(planted: truth.Truth, wanted: list[Comparison]) -> dict[str, Frame]:
    """The frames of several comparisons in the county of this truth."""
    con = county_store(PEOPLE, planted.seed, planted)
    try:
        with evaluation_frames(con, wanted, CUTOFF_DATE) as made:
            return {comparison.id: made.frame(comparison) for comparison in wanted}
    finally:
        con.close()


def compared(frame: Frame) -> Compared | None:
    """The comparison as it is published, the two outcomes asked about here; None where there would be no verdict."""
    if frame.submitted < SUBMITTED or frame.treated < ANALYSED:
        return None
    main = replace(MAIN, exact=frame.comparison.exact)
    found = compare(frame.people, frame.covariates, (RATE, FREQUENCY), main, seed=SEED)
    return found if found.analysed >= ANALYSED and found.largest_imbalance <= TOO_UNLIKE else None


def verdict(found: Compared | None) -> str | None:
    """The headline's verdict, or None where there is none."""
    effect = None if found is None else found.effect(RATE.id)
    return None if effect is None or effect.estimate is None else verdict_of(effect)


def said(found: Compared | None, code: str) -> bool | None:
    told = verdict(found)
    return None if told is None else told == code


def draw(seed: int) -> Answers:
    """One county: what is said of the scheme, of the district without effect and of the special programmes."""
    planted = truth.draw(seed)
    nowhere = replace(SCHEME, id="nowhere", district=planted.no_effect_district)
    special = {
        "harmful": planted.harmful_programme,
        "easy_cases": planted.easy_cases_programme,
    }
    programmes = {name: programme(code) for name, code in special.items()}
    real = {name: compared(frame) for name, frame in frames(planted, [SCHEME, nowhere, *programmes.values()]).items()}
    null = {
        name: compared(frame)
        for name, frame in frames(truth.without_effects(planted), [SCHEME, *programmes.values()]).items()
    }
    without = replace(planted, scheme={**planted.scheme, "iom": 1.0})
    would_have = frames(without, [SCHEME])["iom"].people
    return {
        "null_scheme_praised": said(null["iom"], "fewer"),
        "null_scheme_blamed": said(null["iom"], "more"),
        "null_programme_praised": said(null[programmes["harmful"].id], "fewer"),
        "no_effect_district_praised": said(real["nowhere"], "fewer"),
        "scheme_found": said(real["iom"], "fewer"),
        "harmful_found": said(real[programmes["harmful"].id], "more"),
        "easy_cases_praised": said(real[programmes["easy_cases"].id], "fewer"),
        "scheme_rate_unbiased": _error(real["iom"], "rate", would_have, "reoffended"),
        "scheme_frequency_unbiased": _error(real["iom"], "frequency", would_have, "reoffences"),
        "null_rate_unbiased": _estimate(null["iom"], "rate"),
        "null_frequency_unbiased": _estimate(null["iom"], "frequency"),
    }


def _estimate(found: Compared | None, outcome: str) -> float | None:
    return None if found is None else found.effect(outcome).estimate


def _error(found: Compared | None, outcome: str, would_have: pl.DataFrame, column: str) -> float | None:
    """What the comparison group did, less what the treated would have done without the scheme; a hundred people."""
    group = None if found is None else found.effect(outcome).comparison
    treated = would_have.filter(pl.col("treated"))[column].cast(pl.Float64).mean()
    return None if group is None or treated is None else group - 100 * float(treated)  # type: ignore[arg-type]


CLAIMS = {
    "null_scheme_praised": "at_most_5",
    "null_scheme_blamed": "at_most_5",
    "null_programme_praised": "at_most_5",
    "no_effect_district_praised": "at_most_5",
    "scheme_found": "most",
    "harmful_found": "most",
    "easy_cases_praised": "at_most_5",
    "scheme_rate_unbiased": "unbiased",
    "scheme_frequency_unbiased": "unbiased",
    "null_rate_unbiased": "unbiased",
    "null_frequency_unbiased": "unbiased",
}


def experiments() -> list[Experiment]:
    """One, of 200 counties."""
    return [Experiment("county", "Synthetic counties of 8,000 people", CLAIMS, draw, full=200, quick=0)]
