"""Sensitivity and many comparisons: published examples, statsmodels, and a curve that reports what changed."""

from dataclasses import replace

import numpy as np
import pytest

from metrics.compare.comparison import FREQUENCY, MAIN, RATE, Effect, prepare, run
from metrics.compare.many import q_values
from metrics.compare.sensitivity import (
    bound,
    curve,
    direction,
    e_value,
    e_values,
    moves,
    rosenbaum_bound,
    specifications,
    upper_chance,
)
from metrics.compare.simulated import COVARIATES, Scenario, simulated

EFFECT = Effect("rate", "matched", "main", "difference", "percentage points", -10, -18, -2, 40, 50, 0.01, 100, 300)


def test_published_e_values() -> None:
    """Seen: the EValue package's own vignette (by the method's authors); the first example as others work it from the paper,
    whose own page was not to be had."""
    # VanderWeele and Ding (2017): breastfeeding and infant deaths, RR 3.9 (1.8 to 8.7): E-values 7.26 and 3.0.
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert e_value(3.9) == pytest.approx(7.263034, abs=5e-7)
    assert e_value(1.8) == pytest.approx(3.0, abs=0.005)
    # Smoking and lung cancer (Hammond and Horn), RR 10.73 (8.02 to 14.36), as the vignette prints it.
    assert e_value(10.73) == pytest.approx(20.94777, abs=5e-6)
    assert e_value(8.02) == pytest.approx(15.52336, abs=5e-6)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value(1.0) == 1
    assert e_value(0.0) == float("inf")


def test_e_values_of_an_effect() -> None:
    # 40% against 50%: RR 0.8; the end nearer to none is 48%: RR 0.96
    assert e_values(EFFECT) == pytest.approx((1.25 + np.sqrt(1.25 * 0.25), e_value(0.96)))
    ratio = replace(EFFECT, scale="ratio", estimate=0.8, lower=0.6, upper=1.1)
    assert e_values(ratio) == pytest.approx((e_value(0.8), 1.0))
    assert e_values(replace(EFFECT, unit="days")) is None
    assert e_values(replace(EFFECT, estimate=None)) is None


def test_rosenbaums_published_bounds() -> None:
    # Rosenbaum (2002), Observational Studies, table 4.1: heavy smoking and lung cancer (Hammond 1964), 122 pairs that
    # differ, in 110 of which the smoker died. Seen: the counts, in the documentation of R's rbounds, binarysens(12, 110);
    # not seen: the book's table, whose figures are as commonly quoted: upper bounds
    # 0.0036, 0.03 and 0.1 for a factor of 4, 5 and 6.
    treated = np.r_[np.ones(110, bool), np.zeros(12, bool)]
    events, one = (~treated).astype(int), np.ones(122, int)
    for factor, chance, within in ((4, 0.0036, 0.0001), (5, 0.03, 0.005), (6, 0.1, 0.005)):
        assert upper_chance(treated, events, one, factor) == pytest.approx(chance, abs=within)
    assert 4 < bound(treated, events, one) < 5.2
    # The table is of the normal curve, as ours is; the binomial's own tail is smaller here, so the bound is a careful one.
    from scipy.stats import binom

    for factor in (1, 2, 3, 4, 5, 6):
        exact = binom.sf(109, 122, factor / (1 + factor))
        assert exact <= upper_chance(treated, events, one, factor) <= 2 * exact + 1e-4


def test_few_pairs_are_worked_exactly_and_a_fall_mirrors_a_rise() -> None:
    treated = np.array([True] * 9 + [False])
    events, one = (~treated).astype(int), np.ones(10, int)
    # 9 or 10 heads of 10
    assert upper_chance(treated, events, one, 1.0) == pytest.approx(11 / 1024)
    assert bound(treated, events, one) == pytest.approx(bound(~treated, treated.astype(int), one), rel=1e-6)
    assert bound(np.array([True, False]), np.array([0, 1]), np.array([1, 1])) == 1


def test_q_values_are_benjamini_and_hochbergs() -> None:
    from statsmodels.stats.multitest import multipletests

    p = [0.01, 0.04, 0.03, 0.2, 0.9]
    # 0.9; 0.2 x 5/4; then min over later of 0.04 x 5/3 and 0.03 x 5/2; 0.01 x 5
    assert q_values(p) == pytest.approx([0.05, 0.2 / 3, 0.2 / 3, 0.25, 0.9])
    rng = np.random.default_rng(1).random(40) ** 2
    assert q_values(rng.tolist()) == pytest.approx(multipletests(rng, method="fdr_bh")[1])
    assert q_values([None, 0.5, None]) == [None, 0.5, None]
    assert q_values([]) == []


def test_the_curve_tries_every_choice_and_says_which_change_the_answer() -> None:
    made = simulated(120, np.random.default_rng(3), Scenario(effect=0.4))
    choices = specifications(COVARIATES[:8], leave_out=False)
    assert len({s.id for s in choices}) == len(choices) >= 12
    tried = curve(made.people, COVARIATES[:8], [RATE, FREQUENCY], choices)
    assert {e.specification for e in tried} == {s.id for s in choices}
    # The curve's main specification is the published comparison itself.
    main = run(prepare(made.people, COVARIATES[:8], [RATE, FREQUENCY]), MAIN).effect("rate")
    assert next(e for e in tried if e.specification == "main") == main
    found = {(m.outcome, m.scale): m for m in moves(tried)}
    frequency = found["frequency", "difference"]
    assert frequency.lowest < frequency.highest < 0
    assert frequency.agree + len(frequency.changed) == frequency.choices == len(choices)


def test_each_covariate_is_left_out_in_turn() -> None:
    ids = [s.id for s in specifications(["age", "sex"], later_joiners=False)]
    assert ids[-2:] == ["without_age", "without_sex"]
    assert next(s for s in specifications(["age", "sex"]) if s.id == "without_age").covariates == ("sex",)


def test_direction_is_read_from_the_interval_alone() -> None:
    assert direction(EFFECT) == -1
    assert direction(replace(EFFECT, lower=0.0)) == -1  # the whole of it, up to -2, lies below none
    assert direction(replace(EFFECT, upper=0.5)) == 0
    assert direction(replace(EFFECT, scale="ratio", lower=1.1, upper=2)) == 1
    assert direction(replace(EFFECT, lower=None)) == 0


def test_a_strong_effect_needs_a_strong_hidden_difference() -> None:
    rng = np.random.default_rng(4)
    strong = prepare(simulated(400, rng, Scenario(effect=0.15)).people, COVARIATES, [RATE])
    none = prepare(simulated(400, rng, Scenario()).people, COVARIATES, [RATE])
    assert rosenbaum_bound(strong, RATE) > 1.5 > rosenbaum_bound(none, RATE) >= 1
