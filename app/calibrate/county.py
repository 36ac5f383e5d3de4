"""The whole comparison on synthetic counties whose planted truth is known: from dated records to the verdict.

In each county people are selected at a peak of offending. Three counties a seed: as planted; the same with nothing
working at all; the same with only the scheme's own effect taken out, whose treated people are what would have been.
Beside the comparison stands what many partnerships publish: offences in the year before and the year after, and no more.
"""

from dataclasses import replace

import duckdb
import polars as pl

from app.calibrate.county_store import CUTOFF_DATE, county_store
from app.calibrate.harness import Answers, Experiment
from etl.synthetic import truth
from metrics.compare import before_after
from metrics.compare.comparison import FREQUENCY, MAIN, RATE, compare
from metrics.compare.contrast import Group, contrast
from metrics.compare.evaluation import ANALYSED, SEED, SUBMITTED, TOO_UNLIKE, verdict_of
from metrics.compare.frame import Frame, evaluation_frames
from metrics.compare.plan import Comparison
from metrics.compare.result import Compared
from metrics.person_years import person_years

PEOPLE = 8000
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

    def county(under: truth.Truth, wanted: list[Comparison]) -> dict[str, Compared | None]:
        with county_store(people, seed, under) as con:
            return {name: compared(frame) for name, frame in frames(con, wanted).items()}

    real = county(planted, [SCHEME, nowhere, harmful, easy])
    with county_store(people, seed, truth.without_effects(planted)) as con:
        null = {name: compared(frame) for name, frame in frames(con, [SCHEME, harmful]).items()}
        plain = naive(con)
        beside = before_and_after(con)
    with county_store(people, seed, replace(planted, scheme={**planted.scheme, "iom": 1.0})) as con:
        only_the_scheme(con)
        would_have = frames(con, [SCHEME])["iom"].people
    return {
        "null_scheme_praised": said(null["iom"], "fewer"),
        "null_scheme_blamed": said(null["iom"], "more"),
        "null_scheme_praised_by_a_plain_before_and_after": plain,
        **beside,
        "null_programme_praised": said(null[harmful.id], "fewer"),
        "no_effect_district_praised": said(real["nowhere"], "fewer"),
        "scheme_found": said(real["iom"], "fewer"),
        "harmful_found": said(real[harmful.id], "more"),
        "harmful_praised": said(real[harmful.id], "fewer"),
        "easy_cases_praised": said(real[easy.id], "fewer"),
        "scheme_rate_unbiased": _error(real["iom"], "rate", would_have, "reoffended"),
        "scheme_frequency_unbiased": _error(real["iom"], "frequency", would_have, "reoffences"),
        "null_rate_unbiased": _estimate(null["iom"], "rate"),
        "null_frequency_unbiased": _estimate(null["iom"], "frequency"),
    }


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


def only_the_scheme(con: duckdb.DuckDBPyConnection) -> None:
    """Everybody never on the scheme taken out: what would have been is asked of its own people alone."""
    for table in ("offence", "custody_spell", "residence", "arrest", "supervision_spell", "need", "person"):
        con.execute(
            f"DELETE FROM {table} WHERE person_key NOT IN (SELECT person_key FROM scheme_episode WHERE scheme = 'iom')"
        )


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
    "null_scheme_praised_by_a_plain_before_and_after": "fact",
    **{
        f"null_{design}_praised.{name}": "fact" if name == "change_alone" else "at_most_5"
        for design in (before_after.FIRST, before_after.FIXED)
        for name in ("change_alone", "beyond_expected", "against_controls", "finding")
    },
    "null_programme_praised": "at_most_5",
    "no_effect_district_praised": "at_most_5",
    "scheme_found": "most",
    "harmful_found": "most",
    "harmful_praised": "at_most_5",
    "easy_cases_praised": "at_most_5",
    "scheme_rate_unbiased": "unbiased",
    "scheme_frequency_unbiased": "unbiased",
    "null_rate_unbiased": "unbiased",
    "null_frequency_unbiased": "unbiased",
}


def experiments() -> list[Experiment]:
    """One, of 200 counties."""
    return [Experiment("county", "Synthetic counties of 8,000 people", CLAIMS, draw, full=200, quick=2)]
