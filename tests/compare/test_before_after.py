"""Before and after: the official windows, changes with their intervals, and what may be concluded."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from etl.synthetic import truth
from etl.synthetic.simulation import simulate
from metrics.compare import before_after
from metrics.compare.before_after import LIBERTY, conclude, people_of, windows
from metrics.compare.contrast import NOTHING, Contrast, Group, contrast
from metrics.compare.difference_in_differences import Changes, control_weights, difference_in_differences
from release.models import at_level
from tests.compare.made_county import store_of
from tests.facts.stores import store

FIGURES = pl.DataFrame(
    schema={"cohort": pl.String, "period": pl.String, "indicator": pl.String, "dim1": pl.String, "value": pl.Float64}
)
CUTOFF = dt.date(2026, 9, 30)


def group(sign: int, offences: list[float], years: list[float], people: list[int] | None = None) -> Group:
    who = np.arange(len(offences)) if people is None else np.array(people)
    return Group(sign, np.array(offences, float), np.array(years, float), who)


def test_the_published_windows() -> None:
    published = windows(2009)
    assert published.fixed == dt.date(2009, 2, 1)
    assert published.baseline == (dt.date(2007, 10, 1), dt.date(2008, 9, 30))
    assert published.follow_up == (dt.date(2009, 4, 1), dt.date(2010, 3, 31))
    assert published.complete_on == dt.date(2010, 9, 30)
    # A leap year's 29 February 2008 lies in the baseline: 366 days.
    assert (published.baseline[1] - published.baseline[0]).days + 1 == 366


def test_the_published_arithmetic_closes() -> None:
    """PPO 2009: of 10,635 people 56% reoffended, 4.3 times each, 2.4 per person."""
    reoffenders = round(0.56 * 10_635)
    counts = np.zeros(10_635)
    counts[:reoffenders] = 4.3
    assert Group(1, counts, np.ones(10_635), np.arange(10_635)).rate == pytest.approx(2.4, abs=0.05)


def test_a_change_by_hand() -> None:
    # 6 offences in 3 years, then 4 in 4: rates 2 and 1, a fall of 50%.
    before, after = group(-1, [3, 2, 1], [1, 1, 1]), group(1, [1, 1, 2], [1, 1, 2])
    found = contrast([before, after])
    assert found.estimate == pytest.approx(-50)
    # Each side's part is divided by 1 less the person's share of its years: a third, and 1/4, 1/4, 1/2.
    u = [0 / (3 / 4) - (1 / 6) / (2 / 3), 0 - 0, 0 - (-1 / 6) / (2 / 3)]
    assert found.error == pytest.approx(np.sqrt(sum(x**2 for x in u)))
    assert found.lower < -50 < found.upper


def test_no_offences_or_no_days_is_nothing_to_compare() -> None:
    assert contrast([group(1, [0, 0], [1, 1]), group(-1, [1, 2], [1, 1])]) == NOTHING
    assert contrast([group(1, [1, 0], [0, 0]), group(-1, [1, 2], [1, 1])]) == NOTHING


def test_the_error_is_statsmodels_clustered_one() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(3)
    n = 150
    pace = rng.gamma(0.6, 4.0, n)
    counts = rng.poisson(pace * np.array([[1.0], [0.7]]))
    person = np.arange(n)
    ours = contrast([Group(-1, counts[0], np.ones(n), person), Group(1, counts[1], np.ones(n), person)])
    design = np.column_stack([np.ones(2 * n), np.repeat([0.0, 1.0], n)])
    model = sm.GLM(counts.ravel(), design, sm.families.Poisson())
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": np.tile(person, 2), "use_correction": False})
    assert np.log(1 + ours.estimate / 100) == pytest.approx(fitted.params[1], abs=1e-6)
    assert ours.error == pytest.approx(fitted.bse[1] * n / (n - 1), rel=1e-5)  # all pull alike


def test_the_error_is_the_jackknifes() -> None:
    """Leave each person out in turn, from both sides at once: unequal years, and controls who stand for several."""
    rng = np.random.default_rng(8)
    n = 80
    pace, person = rng.gamma(0.8, 4.0, n), np.arange(n)
    years, weight = rng.uniform(0.3, 1.0, (2, n)), np.where(person < 8, 6.0, 1.0)
    counts = rng.poisson(pace * years).astype(float)

    def log_ratio(kept: np.ndarray) -> float:
        rate = [(weight * counts[side])[kept].sum() / (weight * years[side])[kept].sum() for side in (0, 1)]
        return float(np.log(rate[1] / rate[0]))

    left = np.array([log_ratio(person != one) for one in person])
    ours = contrast([Group(sign, counts[side], years[side], person, weight) for side, sign in ((0, -1), (1, 1))])
    assert ours.error == pytest.approx(np.sqrt(((left - log_ratio(person >= 0)) ** 2).sum()), rel=0.03)
    t = 1 / max(
        (h**2).sum()
        for h in (weight * years[0] / (weight * years[0]).sum(), weight * years[1] / (weight * years[1]).sum())
    )
    from scipy.stats import t as student

    reach = np.log((100 + ours.upper) / (100 + ours.estimate)) / ours.error
    assert t < 60 and reach == pytest.approx(student.ppf(0.975, t - 1))


@pytest.mark.parametrize("n", [60, 200])
def test_the_interval_of_a_change_holds(n: int) -> None:
    """Heavy-tailed people, unequal custody, a true fall of 30%: 1,500 samples."""
    rng = np.random.default_rng(n)
    held = 0
    for _ in range(1500):
        pace = rng.gamma(0.8, 4.0, n)
        years = np.where(rng.random((2, n)) < 0.3, rng.uniform(0.1, 0.9, (2, n)), 1.0)
        counts = rng.poisson(pace * years * np.array([[1.0], [0.7]])).astype(float)
        person = np.arange(n)
        found = contrast([Group(-1, counts[0], years[0], person), Group(1, counts[1], years[1], person)])
        held += found.lower <= -30 <= found.upper
    assert 0.92 <= held / 1500 <= 0.975


def frame(rows: list[tuple[int, bool, float, float]]) -> pl.DataFrame:
    """(person, treated, before, after), each year a whole one; the two earlier years as the first."""
    return pl.DataFrame(
        [
            {"person": p, "treated": t, "before_offences": b, "after_offences": a, "early_offences": b,
             "earliest_offences": b, **{f"{name}_days": 365.0 for name in ("before", "after", "early", "earliest")}}
            for p, t, b, a in rows
        ]
    )  # fmt: skip


def test_difference_in_differences_by_hand() -> None:
    # Treated fall from 8 to 2 (a quarter), controls from 8 to 4 (a half): half as many as the controls' change foretells.
    rows = frame([(1, True, 5, 1), (2, True, 3, 1), (3, False, 6, 2), (4, False, 2, 2)])
    found = difference_in_differences(rows, np.ones(4))
    assert found.effect.estimate == pytest.approx(-50)
    assert found.trend.estimate == pytest.approx(0)
    assert (found.matched, found.controls) == (2, 2)
    # A weight of nothing leaves a control out: 6 to 2 is a fall to a third, so 3/4 of that.
    assert difference_in_differences(rows, np.array([1.0, 1, 1, 0])).effect.estimate is None
    heavier = difference_in_differences(rows, np.array([1.0, 1, 3, 1])).effect.estimate
    assert heavier == pytest.approx(100 * ((2 / 8) / ((3 * 2 + 2) / (3 * 6 + 2)) - 1))


def test_controls_share_one_weight_and_agree_on_exact_fields() -> None:
    rng = np.random.default_rng(1)
    people = pl.DataFrame(
        {
            "treated": [True] * 40 + [False] * 400,
            "inside": rng.random(440) < 0.3,
            "h0": rng.poisson(3, 440).astype(float),
        }
    )
    weight = control_weights(people, ["h0"], ["inside"])
    treated, inside = people["treated"].to_numpy(), people["inside"].to_numpy()
    for side in (True, False):
        assert weight[~treated & (inside == side)].sum() == pytest.approx(weight[treated & (inside == side)].sum())
    assert set(weight[treated]) <= {0.0, 1.0}


FALL, RISE, NEITHER = Contrast(-30, -40, -20), Contrast(30, 20, 40), Contrast(0, -10, 10)


@pytest.mark.parametrize(
    ("people", "remainder", "effect", "trend", "code"),
    [
        (100, FALL, FALL, NEITHER, "fewer"),
        (100, RISE, RISE, NEITHER, "more"),
        (100, FALL, NEITHER, NEITHER, "cannot_tell"),  # beyond the expected fall, but no more than the controls
        (100, NEITHER, FALL, NEITHER, "cannot_tell"),
        (100, FALL, RISE, NEITHER, "cannot_tell"),
        (100, FALL, FALL, RISE, "cannot_tell"),  # the two sides moved apart before
        (100, FALL, FALL, NOTHING, "fewer"),
        (100, FALL, NOTHING, NEITHER, "no_verdict"),
        (100, NOTHING, FALL, NEITHER, "no_verdict"),
        (29, FALL, FALL, NEITHER, "no_verdict"),
    ],
)
def test_what_may_be_concluded(people: int, remainder: Contrast, effect: Contrast, trend: Contrast, code: str) -> None:
    found, reason = conclude(people, remainder, Changes(effect, trend, people, 100))
    assert found == code
    assert bool(reason) == (code == "no_verdict" or trend is RISE)


def test_people_and_their_windows_from_literal_rows() -> None:
    """Ann joins on 1 May 2020 and is on it on 1 February 2021; Bob offended but was never on a scheme."""
    con = store(
        scheme_episode=[{"person": "ann", "start_date": "2020-05-01", "managing_district": "fenland"}],
        offence=[
            {"person": "ann", "offence_date": "2019-12-24", "proven_date": "2020-01-10"},  # fixed baseline, first year
            {
                "person": "ann",
                "offence_date": "2020-04-30",
                "proven_date": "2020-05-10",
            },  # the same, the day before joining
            {
                "person": "ann",
                "offence_date": "2020-05-01",
            },  # the day of joining: in neither of first selection's years
            {"person": "ann", "offence_date": "2020-12-01"},  # in the gap of the fixed design
            {"person": "ann", "offence_date": "2021-05-02"},  # in the fixed follow-up; a day after the first year's end
            {"person": "ann", "offence_date": "2021-06-01", "outcome": "not_proven"},
            {"person": "bob", "offence_date": "2020-11-11"},
            {"person": "old", "offence_date": "2014-01-01"},
        ],
        custody_spell=[{"person": "ann", "start_date": "2021-07-01", "end_date": "2021-07-31", "kind": "remand"}],
    )
    found = people_of(con, [windows(2021)], dt.date(2014, 1, 1), dt.date(2023, 1, 1))
    ann = {row["design"]: row for row in found.filter(pl.col("treated")).to_dicts()}
    fixed, first = ann["fixed_date"], ann["first_selection"]
    assert (fixed["before_offences"], fixed["after_offences"]) == (
        3,
        1,
    )  # October 2019 to September 2020; April 2021 on
    assert (fixed["before_days_at_liberty"], fixed["after_days_at_liberty"]) == (366, 365 - 30)
    assert (first["before_offences"], first["after_offences"]) == (2, 1)
    assert (first["before_days_at_liberty"], first["after_days_at_liberty"]) == (365, 365)
    assert (fixed["first_offences"], fixed["district"]) == (2, "fenland")
    assert (
        fixed["h1_alleged"] == 1 and fixed["h2_alleged"] == 2
    )  # 1 December is 62 days before; 30 April and 1 May before that
    assert fixed["recent"] and first["recent"]
    others = found.filter(~pl.col("treated"))
    assert others["recent"].all()
    assert set(others["fixed_date"]) == {dt.date(2021, 2, 1)} and others["person"].n_unique() == 1


def test_without_a_prison_extract_it_is_not_available() -> None:
    con = store(
        scheme_episode=[{"person": "ann", "start_date": "2020-05-01"}],
        offence=[{"person": p, "offence_date": d} for p, d in (("ann", "2020-04-01"), ("old", "2014-01-01"))],
    )
    rows = before_after.compute(con, dt.date(2023, 1, 1))
    liberty = rows.filter(pl.col("measure") == LIBERTY)
    assert len(liberty) and set(liberty["status"]) == {"not available"}
    assert liberty["baseline"].null_count() == len(liberty)
    crude = rows.filter(pl.col("measure") != LIBERTY)
    assert set(crude["status"]) == {"final"} and set(crude["finding"]) == {"no_verdict"}


def test_a_store_of_nothing_has_no_rows() -> None:
    assert before_after.compute(store(), CUTOFF).is_empty()


def test_nobody_on_a_scheme_means_no_rows() -> None:
    days = ("2019-08-01", "2020-06-01", "2020-07-01", "2021-06-01")
    con = store(offence=[{"person": "bob", "offence_date": day} for day in days])
    assert before_after.compute(con, dt.date(2023, 1, 1)).is_empty()


def test_records_that_begin_late_leave_earlier_years_unknown() -> None:
    con = store(
        scheme_episode=[{"person": "ann", "start_date": "2020-05-01"}],
        offence=[{"person": "ann", "offence_date": day} for day in ("2019-09-15", "2020-04-01", "2021-05-01")],
        custody_spell=[{"person": "ann", "start_date": "2021-07-01", "end_date": "2021-07-31"}],
    )
    rows = before_after.compute(con, dt.date(2022, 10, 1))
    row = rows.filter((pl.col("design") == "fixed_date") & (pl.col("measure") == LIBERTY)).to_dicts()[0]
    assert (row["offences_before"], row["offences_after"], row["trend"]) == (1, 1, None)
    assert (row["finding"], row["reason"]) == ("no_verdict", "fewer than 30 people")


@pytest.fixture(scope="module")
def null_county() -> pl.DataFrame:
    """A county where nothing works and people are chosen at their worst."""
    return before_after.compute(store_of(simulate(6000, 5, truth.without_effects(truth.draw(5)))), CUTOFF)


def test_a_null_scheme_falls_by_much_and_is_not_praised(null_county: pl.DataFrame) -> None:
    rows = null_county.filter((pl.col("scheme") == "iom") & (pl.col("district") == "") & (pl.col("measure") == LIBERTY))
    assert len(rows) == 8 and (rows["people"] >= 30).all()
    assert rows["change"].median() < -20  # the naive before and after
    assert rows["expected_change"].median() < -20  # ... is foretold
    assert "fewer" not in rows["finding"].to_list()
    assert rows.filter((pl.col("remainder_lower") <= 0) & (pl.col("remainder_upper") >= 0)).height >= 4


def test_dates_taken_together_are_their_sums_of_distinct_people(null_county: pl.DataFrame) -> None:
    rows = null_county.filter((pl.col("scheme") == "iom") & (pl.col("district") == "") & (pl.col("measure") == LIBERTY))
    for design, together in before_after.POOLED.items():
        single, [one] = rows.filter(pl.col("design") == design), rows.filter(pl.col("design") == together).to_dicts()
        for name in ("offences_before", "offences_after", "days_before", "days_after"):
            assert one[name] == single[name].sum()
        assert one["fixed_date"] == single["fixed_date"].max()
        # People stay for years: at several fixed dates, but first selected once.
        seldom = single["people"].max() <= one["people"] < single["people"].sum()
        assert seldom if design == before_after.FIXED else one["people"] == single["people"].sum()
        width = np.log((100 + rows["did_upper"]) / (100 + rows["did_lower"]))
        assert width.filter(rows["design"] == together)[0] < width.filter(rows["design"] == design).mean()


def test_the_open_level_shows_dates_together_only_where_each_is_shown(null_county: pl.DataFrame) -> None:
    def designs(rows: pl.DataFrame) -> set[str]:
        open_rows = at_level({"before_after": rows}, "open", FIGURES)["before_after"]
        return set(open_rows.filter(pl.col("scheme") == "iom")["design"])

    first = pl.col("design") == before_after.FIRST
    assert designs(null_county) == {*before_after.POOLED, *before_after.POOLED.values()}
    few = null_county.with_columns(
        people=pl.when(first & (pl.col("fixed_date") == pl.col("fixed_date").min())).then(29).otherwise("people")
    )
    assert designs(few) == {*before_after.POOLED, before_after.POOLED[before_after.FIXED]}


def test_rows_hold_together(null_county: pl.DataFrame) -> None:
    assert dict(null_county.schema) == before_after.SCHEMA
    assert null_county.select("scheme", "district", "design", "fixed_date", "measure").is_unique().all()
    for row in null_county.filter(pl.col("change").is_not_null()).to_dicts():
        assert row["baseline"] == pytest.approx(365.25 * row["offences_before"] / row["days_before"], rel=1e-3)
        assert row["change"] == pytest.approx(100 * (row["follow_up"] / row["baseline"] - 1))
        if row["remainder"] is not None:
            expected = row["follow_up"] / row["expected_follow_up"] - 1
            assert row["remainder"] == pytest.approx(100 * expected)
