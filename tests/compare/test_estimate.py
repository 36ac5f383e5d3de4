"""Effects, terms and intervals: by hand, against statsmodels, scipy and plain loops."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from metrics.compare.bootstrap import draws, ends
from metrics.compare.estimate import effects, estimate, ratio_limits, sides
from metrics.compare.interval import Side, limits, p_value, side
from metrics.compare.linear_form import Groups, form
from metrics.compare.pseudo import pseudo_values
from metrics.compare.result import FREQUENCY, LIBERTY, RATE, TIME

RNG = np.random.default_rng


def plain(n_treated: int, n_controls: int, w: list[float] | None = None) -> Groups:
    """Two groups without covariates."""
    weights = np.array(w if w else [1.0] * n_controls)
    size = n_treated + n_controls
    return Groups(
        np.arange(n_treated), np.arange(n_treated, size), np.full(n_treated, 1 / n_treated),
        weights / weights.sum(), np.zeros((n_treated, 0)), np.zeros((n_controls, 0)), weights, 0.0,
    )  # fmt: skip


def test_effects_worked_by_hand() -> None:
    # treated 0, 2, 4 reoffences; controls 1, 3, 5 with weights 1, 1, 2
    columns = {"reoffences": np.array([0.0, 2, 4, 1, 3, 5]), "reoffended": np.array([0.0, 1, 1, 1, 1, 1])}
    fitted = form(plain(3, 3, [1, 1, 2]))
    difference, ratio = effects(fitted, columns, np.arange(6), FREQUENCY, method="matched", name="main")
    # (0 + 2 + 4) / 3 = 2 against (1 + 3 + 10) / 4 = 3.5, per 100 people
    assert (difference.treated, difference.comparison, difference.estimate) == (200, 350, -150)
    assert ratio.estimate is None and "no ratio" in ratio.reason  # of three people it has no upper limit
    many = {name: np.r_[np.tile(y[:3], 20), np.tile(y[3:], 20)] for name, y in columns.items()}
    ratio = effects(form(plain(60, 60, [1, 1, 2] * 20)), many, np.arange(120), FREQUENCY, method="m", name="n")[1]
    assert ratio.estimate == pytest.approx(2 / 3.5)
    assert (difference.people, difference.controls, difference.unit) == (3, 3, "reoffences per 100 people")
    (rate,) = effects(fitted, columns, np.arange(6), RATE, method="matched", name="main")
    assert rate.estimate == pytest.approx(100 * (2 / 3 - 1))
    assert rate.lower is not None and rate.lower >= -100


def test_the_terms_are_each_persons_share_of_the_chance() -> None:
    columns = {"reoffences": np.array([0.0, 2, 4, 1, 3, 5])}
    found = estimate(form(plain(3, 3, [1, 1, 2])), columns, np.arange(6), FREQUENCY)
    assert found is not None
    assert found.own - found.expected == pytest.approx([-2 / 3, 0, 2 / 3, 0, 0, 0])
    # residuals -2.5, -0.5, 1.5 over 1 - weight, 3/4, 3/4 and 1/2 (a share's: over the root); times the weight
    terms = [-2.5 / 3, -0.5 / 3, 1.5]
    assert found.chance == pytest.approx([0, 0, 0, *terms])
    one, two = sides(found)
    # 3 / 2 x (4/9 + 4/9), the small-sample correction n / (n - 1); fewer than 5 reoffend, so the floor is looked at
    floor = np.sqrt(7 / 3 * (1 + 7 / 3) / 3)
    assert one.error == pytest.approx(max(np.sqrt(4 / 3), floor))
    assert two.error >= np.sqrt(sum(t * t for t in terms)) - 1e-12


def test_rows_of_one_person_are_summed_and_both_sides_of_one_cancel() -> None:
    rng = RNG(1)
    y = rng.poisson(2.0, 60).astype(float)
    twice, groups = np.concatenate([y[:20], y[:20], y[20:], y[20:]]), plain(40, 80)
    people = np.concatenate([np.arange(20), np.arange(20), np.arange(20, 60), np.arange(20, 60)])
    doubled = effects(form(groups), {"reoffences": twice}, people, FREQUENCY, method="m", name="n")[0]
    single = effects(form(plain(20, 40)), {"reoffences": y}, np.arange(60), FREQUENCY, method="m", name="n")[0]
    # Every row twice tells nothing new: only the correction for leverage differs.
    assert doubled.estimate == pytest.approx(single.estimate)
    assert (doubled.lower, doubled.upper) == pytest.approx((single.lower, single.upper), rel=0.03)
    alike = np.concatenate([y[:20], y[:20]])
    same = effects(
        form(plain(20, 20)), {"reoffences": alike}, np.tile(np.arange(20), 2), FREQUENCY, method="m", name="n"
    )[0]
    apart = effects(form(plain(20, 20)), {"reoffences": alike}, np.arange(40), FREQUENCY, method="m", name="n")[0]
    assert same.upper - same.lower < 0.5 * (apart.upper - apart.lower)  # type: ignore[operator]


def test_a_rate_at_liberty_is_a_ratio_of_sums() -> None:
    columns = {
        "liberty_offences": np.array([1.0, 3, 2, 2, 2, 2, 2]),
        "days_at_liberty": np.array([100.0, 300, 365.25, 365.25, 365.25, 365.25, 365.25]),
    }
    difference, ratio = effects(form(plain(2, 5)), columns, np.arange(7), LIBERTY, method="m", name="n")
    # 4 offences in 400 days = 3.6525 a year; 2 a year
    assert (difference.treated, difference.comparison) == pytest.approx((3.6525, 2.0))
    assert ratio.estimate == pytest.approx(1.82625)
    nobody = columns | {"days_at_liberty": np.array([0.0, 0, 365, 365, 365, 365, 365])}
    assert effects(form(plain(2, 5)), nobody, np.arange(7), LIBERTY, method="m", name="n")[0].reason


def test_unknown_outcomes_leave_their_row_or_the_outcome() -> None:
    columns = {"reoffended": np.array([1.0, 0, np.nan, 1, 0, 0, 1])}
    (found,) = effects(form(plain(3, 4)), columns, np.arange(7), RATE, method="m", name="n")
    assert (found.treated, found.comparison, found.people) == (50, 50, 2)
    none = {"reoffended": np.array([1.0, 0, 1, np.nan, np.nan, np.nan, np.nan])}
    (missing,) = effects(form(plain(3, 4)), none, np.arange(7), RATE, method="m", name="n")
    assert missing.estimate is None and missing.reason == "not recorded on both sides"


def test_the_form_is_weighted_least_squares() -> None:
    import statsmodels.api as sm

    rng = RNG(2)
    x, y = rng.normal(size=(50, 3)), rng.normal(size=50)
    w, v = rng.uniform(0.2, 1, 40), np.full(10, 0.1)
    g = Groups(np.arange(10), np.arange(10, 50), v, w / w.sum(), x[:10], x[10:], w, 0.0)
    made = form(g)
    oracle = sm.WLS(y[10:], sm.add_constant(x[10:]), weights=w).fit()
    expected = made.expected(y[10:])
    assert expected[0] == pytest.approx(oracle.predict(sm.add_constant(x[:10])), abs=1e-7)
    assert expected[1] == pytest.approx(oracle.fittedvalues, abs=1e-7)
    root = np.sqrt(w)
    scaled = sm.OLS(root * y[10:], root[:, None] * sm.add_constant(x[10:])).fit()
    assert made.leverage == pytest.approx(scaled.get_influence().hat_matrix_diag, abs=1e-7)
    # The weighted sum of outcomes is bias-corrected matching: matched mean plus what the regression expects of the gap.
    corrected = expected[0].mean() - g.w @ expected[1] + g.w @ y[10:]
    assert made.omega @ y[10:] == pytest.approx(corrected)
    assert made.omega.sum() == pytest.approx(1)
    assert made.omega @ x[10:] == pytest.approx(v @ x[:10], abs=1e-7)


def test_without_skew_it_is_welchs_test() -> None:
    rng = RNG(3)
    one, two = rng.normal(0.5, 1, 30), rng.normal(0, 2, 50)
    oracle = stats.ttest_ind(one, two, equal_var=False)
    a = Side(one.std(ddof=1) / np.sqrt(30), 0.0, 29)
    b = Side(two.std(ddof=1) / np.sqrt(50), 0.0, 49)
    value = one.mean() - two.mean()
    assert limits(value, a, b) == pytest.approx(tuple(oracle.confidence_interval(0.95)))
    assert p_value(value, a, b) == pytest.approx(oracle.pvalue, abs=1e-9)


def test_one_side_alone_is_halls_interval() -> None:
    # As metrics/kinds/ratio.py works it for a mean of counts, without its least skewness.
    y = np.array([0.0] * 20 + [1] * 15 + [2] * 8 + [3, 4])
    n, z = len(y), y - y.mean()
    made = side(z / n, n, centred=True, least_skew=0.0)
    g = (z**3).mean() / (z**2).mean() ** 1.5
    a, t = g / np.sqrt(n), stats.t.ppf(0.975, n - 1)
    e = y.std(ddof=1) / np.sqrt(n)

    def h(t: float) -> float:
        return float(3 / a * (np.cbrt(1 + a * (t - a / 6)) - 1))

    lower, upper = limits(y.mean(), made, Side(0.0, 0.0, 1e9))
    assert made.skew == pytest.approx(a)
    assert (lower, upper) == pytest.approx((y.mean() - e * h(t), y.mean() - e * h(-t)))
    assert upper - y.mean() > y.mean() - lower


@pytest.mark.parametrize("skew", [-0.4, 0.0, 0.2, 0.6])
def test_the_p_value_says_what_the_interval_says(skew: float) -> None:
    for value in np.linspace(-4, 4, 41):
        a, b = Side(1.0, skew, 40.0), Side(0.7, 0.1, 80.0)
        lower, upper = limits(float(value), a, b)
        assert (p_value(float(value), a, b) < 0.05) == (lower > 0 or upper < 0)


def restricted_mean(days: np.ndarray, event: np.ndarray, w: np.ndarray, horizon: float) -> float:
    """Kaplan-Meier's area, day by day."""
    free, area, last = 1.0, 0.0, 0.0
    for day in sorted({d for d, e in zip(days, event, strict=True) if e}):
        area, last = area + free * (day - last), day
        free *= 1 - w[(days == day) & event].sum() / w[days >= day].sum()
    return area + free * (horizon - last)


def test_pseudo_values_average_to_the_restricted_mean_and_are_the_days_without_censoring() -> None:
    rng = RNG(5)
    w = rng.uniform(0.5, 2, 60)
    full = np.minimum(np.ceil(rng.exponential(300, 60)), 365)
    event = full < 365
    assert pseudo_values(full, event, w, 365) == pytest.approx(full)
    left = np.where(rng.random(60) < 0.3, rng.integers(1, 365, 60), 365)
    days, seen = np.minimum(full, left), event & (full <= left)
    found = pseudo_values(days, seen, w, 365)
    assert np.average(found, weights=w) == pytest.approx(restricted_mean(days, seen, w, 365))
    # Each is the mean plus the person's influence: the change of the mean as their weight grows.
    share, small = w / w.sum(), 1e-6
    for i in range(0, 60, 7):
        more = share.copy()
        more[i] += small
        slope = (restricted_mean(days, seen, more, 365) - restricted_mean(days, seen, share, 365)) / small
        assert found[i] == pytest.approx(restricted_mean(days, seen, share, 365) + slope, abs=0.05)


def test_time_to_first_reoffence_is_a_difference_of_restricted_means() -> None:
    rng = RNG(6)
    days = rng.integers(1, 366, 50).astype(float)
    event = rng.random(50) < 0.6
    columns = {"days_observed": days, "event": event.astype(float)}
    (found,) = effects(form(plain(20, 30)), columns, np.arange(50), TIME, method="m", name="n")
    ones = np.ones(30)
    assert found.estimate == pytest.approx(
        restricted_mean(days[:20], event[:20], ones[:20], 365) - restricted_mean(days[20:], event[20:], ones, 365)
    )


def test_bootstrap_weights_keep_spread_and_lean() -> None:
    terms = np.array([[1.0], [2.0], [-1.0]])
    found = draws(terms, 200_000, RNG(7))
    # mean 0, variance 1 + 4 + 1, third moment 1 + 8 - 1
    assert found.mean() == pytest.approx(0, abs=0.03)
    assert found.var() == pytest.approx(6, rel=0.02)
    assert (found**3).mean() == pytest.approx(8, rel=0.1)
    assert ends(1.0, np.arange(-100.0, 101)) == pytest.approx((1 - 95, 1 + 95))


def test_nobody_with_the_outcome_still_has_an_interval() -> None:
    columns = {"reoffended": np.zeros(60), "reoffences": np.zeros(60)}
    (rate,) = effects(form(plain(20, 40)), columns, np.arange(60), RATE, method="m", name="n")
    assert rate.estimate == 0
    assert rate.upper is not None and rate.upper > 5
    difference, ratio = effects(form(plain(20, 40)), columns, np.arange(60), FREQUENCY, method="m", name="n")
    assert difference.lower is not None and difference.lower < 0
    assert ratio.estimate is None and "no ratio" in ratio.reason


def test_a_ratio_excludes_1_exactly_where_the_difference_excludes_0() -> None:
    rng = RNG(9)
    for shift in np.linspace(0.3, 2.5, 15):
        y = np.concatenate([rng.poisson(2 * shift, 40), rng.poisson(2, 80)]).astype(float)
        difference, ratio = effects(
            form(plain(40, 80)), {"reoffences": y}, np.arange(120), FREQUENCY, method="m", name="n"
        )
        assert (difference.lower > 0) == (ratio.lower > 1)  # type: ignore[operator]
        assert (difference.upper < 0) == (ratio.upper < 1)  # type: ignore[operator]
        assert ratio.lower < ratio.estimate < ratio.upper  # type: ignore[operator]
        assert difference.p_value == ratio.p_value


def test_fiellers_interval_of_a_ratio() -> None:
    # Symmetric sides without covariates: Fieller's closed form for a ratio of two independent means.
    rng = RNG(10)
    y = np.concatenate([rng.normal(3, 1, 50), rng.normal(2, 1, 70)])
    found = estimate(form(plain(50, 70)), {"reoffences": y}, np.arange(120), FREQUENCY)
    assert found is not None
    found = replace(found, lean=False, freedom=1e12)
    found = replace(found, people=10**9)
    a, b = found.treated, found.comparison
    one, two = sides(found)
    va, vb, z = one.error**2, two.error**2, 1.959963984540054
    g = z**2 * vb / b**2
    half = z / b * np.sqrt(va * (1 - g) + (a / b) ** 2 * vb)
    assert ratio_limits(found) == pytest.approx(((a / b - half) / (1 - g), (a / b + half) / (1 - g)), rel=1e-5)
