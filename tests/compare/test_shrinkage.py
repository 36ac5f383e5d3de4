"""Partial pooling: closed forms, published examples, a slow twin, and truth recovered with its interval."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compare.shrinkage import counts, estimates, shares


def test_eight_schools() -> None:
    """Gelman and others, Bayesian Data Analysis, table 5.3 (200 draws, so to about 2 points): medians and 95% limits."""
    found = estimates(list("ABCDEFGH"), [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    published = {"A": (-2, 31), "B": (-5, 23), "C": (-11, 19), "D": (-7, 21), "E": (-9, 18), "F": (-7, 28), "G": (-1, 26), "H": (-6, 33)}  # fmt: skip
    medians = {"A": 10, "B": 8, "C": 7, "D": 8, "E": 5, "F": 6, "G": 10, "H": 8}
    for row in found.places.iter_rows(named=True):
        low, high = published[row["place"]]
        assert row["lower"] == pytest.approx(low, abs=4)
        assert row["upper"] == pytest.approx(high, abs=9.5)  # F and H were far out in their 200 draws
        assert row["estimate"] == pytest.approx(medians[row["place"]], abs=1.6)
    assert found.spread_lower < 1, "the schools may not differ at all"


HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
SEASON = [.346, .298, .276, .222, .273, .270, .263, .210, .269, .230, .264, .256, .303, .264, .226, .286, .316, .200]  # fmt: skip


def test_efron_and_morris_baseball() -> None:
    """Scientific American 1977: 18 players' first 45 times at bat foretell their season. Squared error .077 raw, .022 drawn in."""
    found = shares([str(i) for i in range(18)], HITS, [45] * 18).places
    raw, drawn = (((found[name].to_numpy() - np.array(SEASON)) ** 2).sum() for name in ("raw", "estimate"))
    assert raw == pytest.approx(0.077, abs=0.002)
    assert drawn == pytest.approx(0.022, abs=0.002)
    inside = (found["lower"].to_numpy() <= SEASON) & (found["upper"].to_numpy() >= SEASON)
    assert inside.sum() >= 17


def slow_shares(y: list[int], n: list[int]) -> list[float]:
    """The same model by adding up over a fine grid of means and spreads, one prior at a time."""
    total, sums = 0.0, [0.0] * len(y)
    for i in range(120):
        m = (i + 0.5) / 120
        for j in range(120):
            r = (j + 0.5) / 120
            k = 1 / r**2 - 1
            a, b = m * k, (1 - m) * k

            def beta(p: float, q: float) -> float:
                return math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q)

            fit = math.exp(sum(beta(a + s, b + t - s) - beta(a, b) for s, t in zip(y, n, strict=True)) + 60)
            total += fit
            for place, (s, t) in enumerate(zip(y, n, strict=True)):
                sums[place] += fit * (a + s) / (a + b + t)
    return [number / total for number in sums]


def test_shares_equal_a_slow_twin() -> None:
    y, n = [8, 3, 20, 11], [12, 20, 45, 30]
    assert shares(list("abcd"), y, n).places["estimate"].to_list() == pytest.approx(slow_shares(y, n), abs=0.003)


def test_what_is_known_well_is_not_drawn_in() -> None:
    found = shares(["a", "b", "c"], [20_000, 50_000, 80_000], [100_000] * 3).places
    assert found["estimate"].to_list() == pytest.approx([0.2, 0.5, 0.8], abs=1e-3)
    assert found["pull"].max() < 1e-3  # type: ignore[operator]


def test_a_place_of_nobody_is_given_the_whole_with_a_wide_interval() -> None:
    found = shares(["a", "b", "c", "d"], [20, 22, 18, 0], [50, 50, 50, 0])
    last = found.places.row(3, named=True)
    assert last["raw"] is None
    assert last["pull"] == pytest.approx(1)
    assert last["estimate"] == pytest.approx(0.4, abs=0.05)
    assert last["upper"] - last["lower"] > 0.1


def test_counts_with_a_flat_likelihood_by_hand() -> None:
    """Equal exposure and counts: everybody is the mean, whatever the spread."""
    found = counts(list("abc"), [30, 30, 30], [15, 15, 15], unit=100).places
    assert found["estimate"].to_list() == pytest.approx([200] * 3, rel=0.03)
    assert (found["lower"] < 200).all()
    assert (found["upper"] > 200).all()


def test_prolific_people_are_drawn_in_further() -> None:
    y, e = [10, 40, 90], [20, 20, 30]
    plain, clustered = counts(list("abc"), y, e).places, counts(list("abc"), y, e, clustering=6).places
    assert (clustered["pull"] > plain["pull"]).all()
    once, again = (
        shares(list("abc"), [5, 20, 25], [20, 40, 60]),
        shares(list("abc"), [5, 20, 25], [20, 40, 60], clustering=3),
    )
    assert (again.places["pull"] > once.places["pull"]).all()
    assert clustered["raw"].to_list() == pytest.approx(plain["raw"].to_list())


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), min_size=2, max_size=7))
def test_estimates_lie_within_their_interval_and_keep_the_order_of_places(rows: list[tuple[int, int]]) -> None:
    y, n = [min(s, t) for s, t in rows], [t for _, t in rows]
    if not sum(n):
        return
    names = [str(i) for i in range(len(rows))]
    found = shares(names, y, n).places
    assert found["place"].to_list() == names
    assert (found["lower"] <= found["estimate"]).all()
    assert (found["estimate"] <= found["upper"]).all()
    assert found["lower"].min() >= 0  # type: ignore[operator]
    assert found["upper"].max() <= 1  # type: ignore[operator]
    assert found["pull"].is_between(0, 1).all()


def test_six_small_districts_are_nearer_the_truth_and_their_intervals_hold() -> None:
    """About 25 people each, a true spread of 5 points: 95% or more of intervals hold, and errors are a third smaller or better."""
    rng = np.random.default_rng(31)
    inside = raw = drawn = total = 0.0
    for _ in range(15):
        people = rng.integers(10, 40, 6)
        truth = np.clip(rng.normal(0.4, 0.05, 6), 0.02, 0.98)
        found = shares(list("abcdef"), rng.binomial(people, truth), people).places
        inside += ((found["lower"].to_numpy() <= truth) & (truth <= found["upper"].to_numpy())).sum()
        raw += ((found["raw"].to_numpy() - truth) ** 2).sum()
        drawn += ((found["estimate"].to_numpy() - truth) ** 2).sum()
        total += 6
    assert inside / total > 0.92
    assert drawn < 0.6 * raw


def test_six_districts_of_prolific_people() -> None:
    rng = np.random.default_rng(32)
    inside = raw = drawn = total = 0.0
    for _ in range(15):
        people = rng.integers(30, 90, 6)
        truth = 2 * np.exp(rng.normal(0, 0.2, 6))
        y = [rng.negative_binomial(0.5, 0.5 / (0.5 + t), k).sum() for t, k in zip(truth, people, strict=True)]
        found = counts(list("abcdef"), y, people, clustering=5).places
        inside += ((found["lower"].to_numpy() <= truth) & (truth <= found["upper"].to_numpy())).sum()
        raw += ((found["raw"].to_numpy() - truth) ** 2).sum()
        drawn += ((found["estimate"].to_numpy() - truth) ** 2).sum()
        total += 6
    assert inside / total > 0.9
    assert drawn < raw
