"""The whole comparison on synthetic counties whose planted truth is known: from dated records to the verdict.

In each county people are selected at a peak of offending. Three counties a seed: as planted; the same with the scheme on
paper alone, which shows what would have become of each of its people (county_truth.py); and one where nothing works, the
scheme being on paper too. Beside the comparison stands what many partnerships publish: offences in the year before and the year after, and no more.
"""

from dataclasses import replace

import duckdb
import polars as pl

from app.calibrate.county_store import CUTOFF_DATE, county_store
from app.calibrate.county_truth import COLUMNS, truths
from app.calibrate.harness import Answers, Experiment
from etl.synthetic import truth
from metrics.compare import before_after
from metrics.compare.comparison import FREQUENCY, MAIN, RATE, compare, group_weights, prepare
from metrics.compare.contrast import Group, contrast
from metrics.compare.evaluation import ANALYSED, SEED, SUBMITTED, TOO_UNLIKE, verdict_of
from metrics.compare.frame import evaluation_frames
from metrics.compare.joining import joining, undiluted
from metrics.compare.people import Frame
from metrics.compare.plan import Comparison
from metrics.compare.result import Compared, Effect
from metrics.person_years import person_years

PEOPLE, REGION = 8000, 80_000
SCHEME = Comparison(id="iom", title="IOM", subject_kind="scheme", subject="iom")
OUTCOMES = (replace(RATE, scales=("difference",)), replace(FREQUENCY, scales=("difference",)))


def programme(code: str) -> Comparison:
    return Comparison(id=f"programme_{code.lower()}", title=code, subject_kind="programme", subject=code)


def frames(con: duckdb.DuckDBPyConnection, wanted: list[Comparison]) -> dict[str, Frame]:
    """The frames of several comparisons in one county."""
    with evaluation_frames(con, wanted, CUTOFF_DATE) as made:
        return {comparison.id: made.frame(comparison) for comparison in wanted}


def compared(frame: Frame) -> Compared | None:
    """The comparison as it is published, the two outcomes asked about here; None where there would be no verdict."""
    if frame.submitted < SUBMITTED or frame.treated < ANALYSED:
        return None
    main = replace(MAIN, exact=frame.comparison.exact)
    found = compare(frame.people, frame.covariates, OUTCOMES, main, seed=SEED)
    return found if found.analysed >= ANALYSED and found.largest_imbalance <= TOO_UNLIKE else None


def verdict(found: Compared | None) -> str | None:
    """The headline's verdict, or None where there is none."""
    effect = None if found is None else found.effect(RATE.id)
    return None if effect is None or effect.estimate is None else verdict_of(effect)


def said(found: Compared | None, code: str) -> bool | None:
    told = verdict(found)
    return None if told is None else told == code


def draw(seed: int, people: int = PEOPLE) -> Answers:
    """One county: what is said of the scheme, of the district without effect and of the special programmes."""
    planted = truth.draw(seed)
    nowhere = replace(SCHEME, id="nowhere", district=planted.no_effect_district)
    harmful, easy = programme(planted.harmful_programme), programme(planted.easy_cases_programme)
    with (
        county_store(people, seed, planted) as con,
        evaluation_frames(con, [SCHEME, nowhere, harmful, easy], CUTOFF_DATE) as made,
    ):
        scheme, moments = made.frame(SCHEME), made.moments(SCHEME)
        real = {one.id: compared(made.frame(one)) for one in (nowhere, harmful, easy)}
    real["iom"] = compared(scheme)
    with county_store(people, seed, planted, on_paper=True) as con:
        judged = judge(con, scheme, moments, real["iom"])
    with county_store(people, seed, truth.without_effects(planted), on_paper=True) as con:
        null = {name: compared(frame) for name, frame in frames(con, [SCHEME, harmful]).items()}
        plain = naive(con)
        beside = before_and_after(con)
    return {
        "null_scheme_praised": said(null["iom"], "fewer"),
        "null_scheme_blamed": said(null["iom"], "more"),
        "null_scheme_praised_by_a_plain_before_and_after": plain,
        **beside,
        "null_programme_praised": said(null[harmful.id], "fewer"),
        "no_effect_district_praised": said(real["nowhere"], "fewer"),
        "scheme_found": said(real["iom"], "fewer"),
        "scheme_blamed": said(real["iom"], "more"),
        "harmful_found": said(real[harmful.id], "more"),
        "harmful_found_by_frequency": above(real[harmful.id], FREQUENCY.id),
        "harmful_rate.difference": estimate(real[harmful.id], RATE.id),
        "harmful_frequency.difference": estimate(real[harmful.id], FREQUENCY.id),
        "harmful_praised": said(real[harmful.id], "fewer"),
        "easy_cases_praised": said(real[easy.id], "fewer"),
        **judged,
        **{
            f"null_{outcome}.{name}": answer
            for outcome in COLUMNS
            for name, answer in against(null["iom"], outcome, 0.0).items()
        },
    }


def draw_region(seed: int, people: int = REGION) -> Answers:
    """As many people as ten such counties hold: is a harm found where enough people were on the programme?"""
    planted = truth.draw(seed)
    harmful = programme(planted.harmful_programme)
    with county_store(people, seed, planted) as con:
        found = compared(frames(con, [harmful])[harmful.id])
    return {
        "harmful_found": said(found, "more"),
        "harmful_praised": said(found, "fewer"),
        "harmful_found_by_frequency": above(found, FREQUENCY.id),
        "harmful_rate.difference": estimate(found, RATE.id),
        "harmful_frequency.difference": estimate(found, FREQUENCY.id),
        "harmful_people": None if found is None else float(found.analysed),
    }


def judge(
    paper: duckdb.DuckDBPyConnection, frame: Frame, moments: pl.DataFrame, found: Compared | None
) -> dict[str, float | bool | None]:
    """The scheme's estimates against what would have become of the same people with it on paper alone.

    The matched difference is asked for starting now against not starting now; the undiluted one for being on it against
    never. `dilution` is how much of the latter the former leaves out, in truth; `unlike` how far the groups differ
    though neither is on it, before the correction by regression.
    """
    if found is None:
        return {}
    main = replace(MAIN, exact=frame.comparison.exact)
    weights = group_weights(prepare(frame.people, frame.covariates, OUTCOMES, main), main, SEED)
    later = joining(frame.people, weights, frame.comparison.follow_up_days)
    answers: dict[str, float | bool | None] = {}
    for outcome, true in truths(paper, frame.comparison, moments, frame.people, weights).items():
        answers |= {f"scheme_{outcome}.{name}": one for name, one in against(found, outcome, true.asked).items()}
        alone = undiluted(found.effect(outcome), later) if outcome == RATE.id else None
        if alone is not None:
            answers |= {f"undiluted_{outcome}.{name}": one for name, one in held(alone, true.effect).items()}
        answers |= {
            f"scheme_{outcome}.effect": true.effect,
            f"scheme_{outcome}.dilution": true.dilution,
            f"scheme_{outcome}.unlike": true.unlike,
        }
    return answers


def estimate(found: Compared | None, outcome: str) -> float | None:
    return None if found is None else found.effect(outcome).estimate


def above(found: Compared | None, outcome: str) -> bool | None:
    """Whether an outcome's interval lies above no difference."""
    lower = None if found is None else found.effect(outcome).lower
    return None if lower is None else bool(lower > 0)


def against(found: Compared | None, outcome: str, true: float) -> dict[str, float | bool | None]:
    """How far an outcome's difference lies from the truth, and whether its interval holds it."""
    return {} if found is None else held(found.effect(outcome), true)


def held(effect: Effect, true: float) -> dict[str, float | bool | None]:
    if effect.estimate is None or effect.lower is None or effect.upper is None:
        return {"unbiased": None, "coverage": None}
    return {"unbiased": effect.estimate - true, "coverage": bool(effect.lower <= true <= effect.upper)}


def naive(con: duckdb.DuckDBPyConnection) -> bool | None:
    """Whether a plain before and after praises the scheme: offences a year at liberty, the year from people's first
    start against the year before it, 95% interval clustered by person, no comparison and no expected fall."""
    first = con.sql(
        "SELECT person_key, min(start_date) AS on_date FROM scheme_episode WHERE scheme = 'iom'"
        " GROUP BY person_key HAVING min(start_date) + 548 <= $cutoff",
        params={"cutoff": CUTOFF_DATE},
    ).pl()
    years = person_years(con, first, CUTOFF_DATE)
    sides = {str(side): rows for (side,), rows in years.group_by("side")}
    if len(sides) < 2:
        return None

    def group(sign: int, rows: pl.DataFrame) -> Group:
        count, days = (rows[name].cast(pl.Float64).to_numpy() for name in ("liberty_offences", "days_at_liberty"))
        return Group(sign, count, days, rows["person_key"].cast(pl.Int64).to_numpy())

    change = contrast([group(1, sides["after"]), group(-1, sides["before"])])
    return None if change.upper is None else bool(change.upper < 0)


def before_and_after(con: duckdb.DuckDBPyConnection) -> dict[str, float | None]:
    """Of each design's dates, the share at which a scheme that does nothing is praised: by the change alone, by what the
    expected fall leaves, by the difference in differences, and by the published finding, which asks for both."""
    rows = before_after.compute(con, CUTOFF_DATE).filter(
        (pl.col("scheme") == "iom") & (pl.col("district") == "") & (pl.col("measure") == before_after.LIBERTY)
    )
    answers: dict[str, float | None] = {}
    for design in (before_after.FIRST, before_after.FIXED):
        mine = rows.filter(pl.col("design") == design)
        praised = {
            "change_alone": pl.col("change_upper") < 0,
            "beyond_expected": pl.col("remainder_upper") < 0,
            "against_controls": pl.col("did_upper") < 0,
            "finding": pl.col("finding") == "fewer",
        }
        for name, said_so in praised.items():
            share = mine.select(said_so.mean()).item() if len(mine) else None
            answers[f"null_{design}_praised.{name}"] = None if share is None else float(share)
    return answers


CLAIMS = {
    "null_scheme_praised": "at_most_5",
    "null_scheme_blamed": "at_most_5",
    "null_scheme_praised_by_a_plain_before_and_after": "fact",
    **{
        f"null_{design}_praised.{name}": "fact" if name == "change_alone" else "at_most_5"
        for design in (before_after.FIRST, before_after.FIXED)
        for name in ("change_alone", "beyond_expected", "against_controls", "finding")
    },
    "null_programme_praised": "at_most_5",
    "no_effect_district_praised": "at_most_5",
    "scheme_found": "most",
    "scheme_blamed": "at_most_5",
    "harmful_found": "most",
    "harmful_found_by_frequency": "fact",
    "harmful_rate.difference": "mean",
    "harmful_frequency.difference": "mean",
    "harmful_praised": "at_most_5",
    "easy_cases_praised": "at_most_5",
    **{
        f"{which}_{outcome}.{claim}": claim
        for which, outcomes in (("scheme", COLUMNS), ("undiluted", ("rate",)), ("null", COLUMNS))
        for outcome in outcomes
        for claim in ("unbiased", "coverage")
    },
    **{f"scheme_{outcome}.{name}": "mean" for outcome in COLUMNS for name in ("effect", "dilution", "unlike")},
}


REGION_CLAIMS = {
    "harmful_found": "most",
    "harmful_praised": "at_most_5",
    "harmful_found_by_frequency": "most",
    "harmful_rate.difference": "mean",
    "harmful_frequency.difference": "mean",
    "harmful_people": "mean",
}


def experiments() -> list[Experiment]:
    """200 counties, and 40 regions of ten times as many people, too dear for the small run."""
    return [
        Experiment("county", "Synthetic counties of 8,000 people", CLAIMS, draw, full=200, quick=2),
        Experiment("region", "Synthetic regions of 80,000 people", REGION_CLAIMS, draw_region, full=40, quick=0),
    ]
