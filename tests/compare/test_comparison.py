"""The whole comparison: by a plain twin, on a trial, and on invented people whose truth is known."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from common.errors import ProblemError
from metrics.compare.comparison import FREQUENCY, OUTCOMES, RATE, TIME, Specification, compare, frame, prepare, run
from metrics.compare.simulated import COVARIATES, Scenario, simulated

CRUDE = Specification("crude", method="none", adjust=False)


def test_a_match_without_correction_is_the_plain_mean_of_differences() -> None:
    made = simulated(60, np.random.default_rng(1))
    specification = Specification("plain", k=2, caliper=0.2, adjust=False)
    prepared = prepare(made.people, COVARIATES, OUTCOMES, specification)
    answer = run(prepared, specification)
    logit, treated = prepared.score.logit, prepared.treated
    width = 0.2 * np.sqrt((logit[treated].var(ddof=1) + logit[~treated].var(ddof=1)) / 2)
    y, gaps = made.people["reoffences"].to_list(), []
    for i in np.flatnonzero(treated):
        near = sorted((abs(logit[j] - logit[i]), y[j]) for j in np.flatnonzero(~treated))[:2]
        near = [other for distance, other in near if distance <= width]
        if near:
            gaps.append(y[i] - sum(near) / len(near))
    found = answer.effect("frequency")
    assert found.estimate == pytest.approx(100 * sum(gaps) / len(gaps))
    assert (answer.matched, answer.submitted, answer.outside) == (
        len(gaps), int(treated.sum()), int(treated.sum()) - len(gaps),
    )  # fmt: skip
    assert answer.matched == answer.analysed == found.people
    assert answer.pool == (~treated).sum()


def test_balance_improves_and_what_is_left_is_corrected() -> None:
    made = simulated(400, np.random.default_rng(2))
    answer = compare(made.people, COVARIATES)
    assert answer.balance["before"].abs().max() > 0.4  # type: ignore[operator]
    assert answer.largest_imbalance < 0.15
    assert answer.corrected_imbalance < 0.8 * answer.largest_imbalance
    crude = compare(made.people, COVARIATES, [RATE], CRUDE)
    assert crude.corrected_imbalance == crude.largest_imbalance > 0.4
    assert answer.support["treated"].sum() == answer.submitted
    assert answer.support["pool"].sum() == answer.pool
    assert {(e.outcome, e.scale) for e in answer.effects if e.method == "matched"} == {
        (o.id, s) for o in OUTCOMES for s in o.scales
    }
    assert frame(answer.effects).height == len(answer.effects)


def test_the_same_seed_gives_the_same_answer_and_rows_may_stand_in_any_order() -> None:
    made = simulated(80, np.random.default_rng(3))
    one, two = (compare(made.people, COVARIATES, seed=5, replicates=50) for _ in range(2))
    assert one.effects == two.effects
    shuffled = compare(made.people.sample(fraction=1, shuffle=True, seed=1), COVARIATES, seed=5)
    assert shuffled.effect("rate").estimate == pytest.approx(one.effect("rate").estimate)


def test_no_adjustment_of_any_kind_is_the_crude_difference() -> None:
    made = simulated(100, np.random.default_rng(4))
    rate = made.people.group_by("treated").agg(pl.col("reoffended").mean()).sort("treated")["reoffended"]
    found = compare(made.people, COVARIATES, [RATE], CRUDE).effect("rate")
    assert found.estimate == pytest.approx(100 * (rate[1] - rate[0]))


def test_exact_fields_are_exact_and_later_joiners_can_be_left_out() -> None:
    made = simulated(150, np.random.default_rng(5))
    exact = compare(made.people, COVARIATES, [RATE], Specification("e", exact=("sex", "district")))
    after = exact.balance.filter(pl.col("covariate").is_in(["sex", "district"]))["after"]
    assert after.abs().max() == pytest.approx(0, abs=1e-9)
    assert exact.matched <= compare(made.people, COVARIATES, [RATE]).matched
    without = compare(made.people, COVARIATES, [RATE], Specification("w", without_later_joiners=True))
    assert without.pool == exact.pool - made.people["joined_later"].sum()


@pytest.mark.parametrize("method", ["nearest", "radius", "overlap", "att"])
def test_a_planted_effect_is_recovered_by_every_method(method: str) -> None:
    made = simulated(3000, np.random.default_rng(6), Scenario(effect=0.6))
    answer = compare(made.people, COVARIATES, [RATE, FREQUENCY, TIME], Specification(method, method=method))  # type: ignore[arg-type]
    treated = made.people["treated"].to_numpy()
    crude = compare(made.people, COVARIATES, [RATE, FREQUENCY, TIME], CRUDE)
    for outcome in (RATE, FREQUENCY, TIME):
        truth = made.truth[outcome.id][treated].mean() * outcome.factor
        for estimator in ("matched", "doubly robust"):
            found = answer.effect(outcome.id, estimator)
            assert found.lower is not None and found.upper is not None and found.estimate is not None
            error = (found.upper - found.lower) / 3.92
            assert abs(found.estimate - truth) < 3 * error
        # and the crude comparison would have missed it
        worse = crude.effect(outcome.id)
        assert abs(worse.estimate - truth) > abs(answer.effect(outcome.id).estimate - truth)  # type: ignore[operator]


def test_the_truth_that_the_simulation_states_is_what_happens() -> None:
    on, off = (
        simulated(12_000, np.random.default_rng(7), Scenario(effect=effect, share=0.5, selection=0.0))
        for effect in (0.5, 1.0)
    )
    for outcome, column in (("rate", "reoffended"), ("frequency", "reoffences"), ("custody", "custody")):
        treated = on.people["treated"].to_numpy()
        happened = (
            on.people[column].to_numpy().astype(float)[treated].mean()
            - off.people[column].to_numpy()[off.people["treated"].to_numpy()].astype(float).mean()
        )
        assert on.truth[outcome][treated].mean() == pytest.approx(happened, abs=0.06)


def test_an_outcome_without_columns_says_so() -> None:
    made = simulated(60, np.random.default_rng(8))
    answer = compare(made.people.drop("custody"), COVARIATES)
    assert answer.effect("custody").estimate is None
    assert answer.effect("custody").reason == "not recorded on both sides"
    assert answer.effect("rate").estimate is not None


def test_what_cannot_be_compared_is_a_problem_and_names_nobody() -> None:
    made = simulated(60, np.random.default_rng(9))
    with pytest.raises(ProblemError, match="who is treated"):
        compare(made.people.drop("cluster"), COVARIATES)
    with pytest.raises(ProblemError, match="both sides"):
        compare(made.people.filter(pl.col("treated")), COVARIATES)


def test_a_randomised_trial_is_found_again(shared_data: Path) -> None:
    """Rossi, Berk and Lenihan (1980): 432 men released, half given aid at random; 48 and 66 of 216 arrested in a year."""
    path = shared_data / "rossi" / "Rossi.csv"
    if not path.exists():
        pytest.skip("shared/data/rossi is not here")
    men = pl.read_csv(path, null_values="NA", infer_schema_length=None).select(
        pl.int_range(pl.len()).alias("cluster"),
        (pl.col("fin") == "yes").alias("treated"),
        (pl.col("arrest") == 1).alias("reoffended"),
        (pl.col("arrest") == 1).alias("event"),
        (pl.col("week") * 7).alias("days_observed"),
        "age", "race", "wexp", "mar", "paro", "prio", "educ",
    )  # fmt: skip
    covariates, outcomes = ["age", "race", "wexp", "mar", "paro", "prio", "educ"], [RATE, TIME]
    crude = compare(men, covariates, outcomes, CRUDE).effect("rate")
    assert (crude.treated, crude.comparison) == pytest.approx((100 * 48 / 216, 100 * 66 / 216))
    assert (crude.lower, crude.upper) == pytest.approx((-16.6, 0.0), abs=0.15)
    for choice in (
        Specification(),
        Specification("overlap", method="overlap"),
        Specification("once", k=1, replacement=False),
    ):
        answer = compare(men, covariates, outcomes, choice)
        for method in ("matched", "doubly robust"):
            rate, days = answer.effect("rate", method), answer.effect("time", method)
            # Nothing selected, so every way of comparing agrees with the trial: 8.3 points fewer, and longer free.
            assert rate.estimate == pytest.approx(-100 * 18 / 216, abs=3.0)
            assert days.estimate is not None and days.estimate > 0
        # The trial's own verdict is on the edge (p = 0.05); matching 1:1 or correcting cannot make it sure.
        assert answer.effect("rate").p_value == pytest.approx(0.05, abs=0.1)
        assert answer.largest_imbalance < 0.25


def test_type_one_error_is_near_5_in_100_in_a_short_run() -> None:
    """The long run is `python -m benchmarks.matched_coverage`; this one sees only gross faults."""
    rng, wrong, samples = np.random.default_rng(10), np.zeros(2), 40
    for _ in range(samples):
        answer = compare(simulated(60, rng).people, COVARIATES, [RATE, FREQUENCY])
        wrong += [answer.effect(o).p_value < 0.05 for o in ("rate", "frequency")]  # type: ignore[operator]
    # 40 draws at 5%: 2 expected; more than 7 has probability 0.0007
    assert (wrong <= 7).all()
