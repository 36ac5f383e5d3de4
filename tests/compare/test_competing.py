"""Cumulative incidence: by hand, against statsmodels, against numerical derivatives, and where nobody leaves early."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from common.errors import ProblemError
from metrics.compare.competing import (
    CUSTODY,
    DEATH,
    REOFFENCE,
    check,
    competing_times,
    difference_at,
    first_events,
    incidence,
    incidence_frame,
)  # fmt: skip
from metrics.compare.survival import variance
from metrics.kinds.proportion import wilson


def people(rows: list[tuple]) -> pl.DataFrame:
    """Rows of (treated, reoffence, custody, death, observed)."""
    names = ["treated", "days_to_first", "days_to_custody", "days_to_death", "days_observed"]
    frame = pl.DataFrame(
        rows, schema=dict.fromkeys(names[:1], pl.Boolean) | dict.fromkeys(names[1:], pl.Int64), orient="row"
    )
    return frame.with_columns(cluster=pl.arange(len(rows)))


def random_people(seed: int, rows: int = 80) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    days = [np.ceil(rng.exponential(scale, rows)) for scale in (20, 30, 60)]
    observed = np.minimum(rng.integers(5, 41, rows), days[2])
    frame = pl.DataFrame({
        "cluster": rng.integers(0, 50, rows), "treated": rng.random(rows) < 0.4, "days_to_first": days[0],
        "days_to_custody": days[1], "days_to_death": days[2], "days_observed": observed,
        "weight": rng.choice([0.5, 1, 2], rows),
    })  # fmt: skip
    late = [
        pl.when(pl.col(c) <= pl.col("days_observed")).then(pl.col(c)).alias(c)
        for c in ("days_to_first", "days_to_custody", "days_to_death")
    ]
    return frame.with_columns(late)


@pytest.mark.parametrize(
    ("row", "day", "cause"),
    [
        ((True, 5, None, None, 30), 5, REOFFENCE),
        ((True, 5, 3, None, 30), 3, CUSTODY),
        ((True, 5, 5, None, 30), 5, REOFFENCE),  # the custody came of the offence
        ((True, None, 8, 8, 8), 8, CUSTODY),
        ((True, None, None, 9, 9), 9, DEATH),
        ((True, 31, None, None, 60), 30, 0),  # after the horizon
        ((True, 30, None, None, 60), 30, REOFFENCE),
        ((True, None, None, None, 12), 12, 0),  # followed no further
    ],
)
def test_the_first_event_and_its_cause(row: tuple, day: int, cause: int) -> None:
    found = first_events(people([row]), 30).row(0, named=True)
    assert (found["first_day"], found["cause"]) == (day, cause)


HAND = [
    (True, None, None, None, 1), (True, 2, None, None, 10), (True, None, 3, None, 10), (True, 4, None, None, 10),
    (False, 5, None, None, 10), (False, None, None, 6, 6),
]  # fmt: skip


def test_cumulative_incidence_by_hand() -> None:
    """Four treated, one leaves on day 1: reoffences on days 2 and 4, custody on day 3.

    1/3 reoffend by day 2; of the 2/3 left half go to custody on day 3; the other third reoffends on day 4.
    """
    made, cause = competing_times(people(HAND), 10)
    found = incidence(made, cause, REOFFENCE, True)
    assert dict(zip(found.day.tolist(), found.share.tolist(), strict=True)) == pytest.approx(
        {1: 0, 2: 1 / 3, 3: 1 / 3, 4: 2 / 3}
    )
    assert incidence(made, cause, CUSTODY, True).share[-1] == pytest.approx(1 / 3)
    assert difference_at(made, cause).estimate == pytest.approx(100 * (2 / 3 - 1 / 2))
    assert difference_at(made, cause, day=3).estimate == pytest.approx(100 / 3)


def test_the_shares_of_all_causes_and_the_free_add_up() -> None:
    made, cause = competing_times(random_people(1), 40)
    shown = incidence_frame(made, cause, step=10)
    from metrics.compare.survival import curve_of

    for treated, arm in ((True, "treated"), (False, "comparison")):
        curve = curve_of(made, treated)
        for day in (10, 20, 40):
            at = int(np.searchsorted(curve.day, day, side="right")) - 1
            total = shown.filter((pl.col("arm") == arm) & (pl.col("day") == day))["value"].sum()
            assert total == pytest.approx(100 * (1 - curve.free[at]))
    assert ((shown["lower"] <= shown["value"] + 1e-9) & (shown["value"] <= shown["upper"] + 1e-9)).all()


@pytest.mark.parametrize("seed", range(3))
def test_equals_statsmodels(seed: int) -> None:
    from statsmodels.duration.survfunc import CumIncidenceRight

    made, cause = competing_times(random_people(seed), 40)
    arm = made.treated
    theirs = CumIncidenceRight(made.day[arm], cause[arm])
    for wanted in (REOFFENCE, CUSTODY, DEATH):
        found = incidence(made, cause, wanted, True)
        at = np.searchsorted(found.day, theirs.times)
        assert found.share[at] == pytest.approx(theirs.cinc[wanted - 1])


@pytest.mark.parametrize("seed", range(3))
def test_the_influence_is_the_derivative(seed: int) -> None:
    """Change a person's weight a little and see how far the figure moves; repeats and weights included."""
    made, cause = competing_times(random_people(seed), 30, weight="weight")
    found = incidence(made, cause, REOFFENCE, False, by=20)
    at = np.searchsorted(found.day, 20, side="right") - 1
    moved = []
    for row in range(len(made.day)):
        step = np.zeros(len(made.day))
        step[row] = 1e-5 * made.weight[row]
        ends = [
            incidence(replace(made, weight=made.weight + s * step), cause, REOFFENCE, False, by=20).share[at]
            for s in (1, -1)
        ]
        moved.append((ends[0] - ends[1]) / 2e-5)
    assert found.influence == pytest.approx(np.array(moved), abs=1e-7)


def test_where_nobody_leaves_early_it_is_a_share() -> None:
    """Variance p (1 - p) / n, and Wilson's limits by squares and sums (Newcombe 1998, method 10)."""
    rows = [(True, 3, None, None, 30)] * 12 + [(True, None, 5, None, 30)] * 8 + [(True, None, None, None, 30)] * 20
    rows += [(False, 3, None, None, 30)] * 30 + [(False, None, None, None, 30)] * 30
    made, cause = competing_times(people(rows), 30)
    assert variance(incidence(made, cause, REOFFENCE, True).influence, made) == pytest.approx(0.3 * 0.7 / 40)
    found = difference_at(made, cause)
    (l1,), (u1,) = wilson(np.array([0.3]), np.array([40.0]))
    (l0,), (u0,) = wilson(np.array([0.5]), np.array([60.0]))
    assert found.lower == pytest.approx(100 * (-0.2 - np.hypot(0.3 - l1, u0 - 0.5)))
    assert found.upper == pytest.approx(100 * (-0.2 + np.hypot(u1 - 0.3, 0.5 - l0)))


def test_the_interval_equals_newcombes_published_example() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table II: 56/70 less 48/80, method 10: 0.0524 to 0.3339."""
    rows = [(True, 3, None, None, 30)] * 56 + [(True, None, None, None, 30)] * 14
    rows += [(False, 3, None, None, 30)] * 48 + [(False, None, None, None, 30)] * 32
    found = difference_at(*competing_times(people(rows), 30))
    assert (round(found.lower / 100, 4), round(found.upper / 100, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize("seed", range(20))
def test_the_p_value_and_the_interval_agree(seed: int) -> None:
    found = difference_at(*competing_times(random_people(seed, rows=40), 30))
    assert (found.p_value < 0.05) == (not found.lower <= 0 <= found.upper)


def test_taking_people_out_is_not_preventing() -> None:
    """A scheme that only recalls people: fewer reoffences first, more custody; Kaplan-Meier would see no difference."""
    from metrics.compare.survival import restricted_mean_difference, times

    rng = np.random.default_rng(3)
    size = 4000
    treated = np.arange(size) % 2 == 0
    first, custody = np.ceil(rng.exponential(300, size)), np.ceil(rng.exponential(np.where(treated, 200, 2000)))
    frame = pl.DataFrame({
        "cluster": np.arange(size), "treated": treated, "days_to_first": first, "days_to_custody": custody,
        "days_observed": np.full(size, 365), "until": np.minimum(np.minimum(first, custody), 365), "event": first <= np.minimum(custody, 365),
    })  # fmt: skip
    made, cause = competing_times(frame, 365)
    assert difference_at(made, cause, REOFFENCE).upper < -10
    assert difference_at(made, cause, CUSTODY).lower > 20
    plain = restricted_mean_difference(times(frame, 365, day="until"))
    assert plain.lower < 0 < plain.upper


def test_causes_that_do_not_go_with_the_times_are_refused() -> None:
    made, cause = competing_times(people(HAND), 10)
    with pytest.raises(ProblemError, match="do not go with"):
        check(made, cause * 0)
