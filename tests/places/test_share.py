"""Shares of a whole with their limits: literal tables, the binomial's own interval, and how often they hold the truth."""

import numpy as np
import pytest

from metrics.kinds.proportion import wilson
from metrics.places.share import Counted, shares


def poisson(place: str, count: int) -> Counted:
    from scipy.stats import chi2

    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return Counted(place, count, low, chi2.ppf(0.975, 2 * count + 2) / 2)


def test_literal_shares() -> None:
    made = shares([Counted("north", 30, 20, 45), Counted("south", 10, 10, 10)])
    assert [one.share for one in made] == [75.0, 25.0]
    # a full count beside it: the odds are 20 to 45 over 10
    assert (made[0].lower, made[0].upper) == (pytest.approx(100 * 20 / 30), pytest.approx(100 * 45 / 55))
    assert (made[1].lower, made[1].upper) == (pytest.approx(100 * 10 / 55), pytest.approx(100 * 10 / 30))


def test_nobody_and_nothing() -> None:
    assert shares([]) == []
    assert shares([Counted("north", 0, 0, 3), Counted("south", 0, 0, 3)]) == []
    none, all_of_it = shares([Counted("north", 0, 0, 3), Counted("south", 10, 6, 15)])
    assert (none.share, none.lower) == (0.0, 0.0)
    assert none.upper == pytest.approx(100 * (3 / 6) / (1 + 3 / 6))
    assert (all_of_it.share, all_of_it.upper) == (100.0, 100.0)
    assert all_of_it.lower == pytest.approx(100 * 2 / 3)


def test_of_poisson_counts_it_is_close_to_the_binomials() -> None:
    made = shares([poisson("north", 120), poisson("south", 280)])[0]
    low, high = (100 * float(end[0]) for end in wilson(np.array([0.3]), np.array([400.0])))
    assert made.lower == pytest.approx(low, abs=0.7)
    assert made.upper == pytest.approx(high, abs=0.7)


def test_it_holds_the_truth_about_as_often_as_it_says() -> None:
    """Three districts of 40, 90 and 200 expected: each share's interval over 400 years of luck."""
    rng = np.random.default_rng(5)
    means = np.array([40.0, 90.0, 200.0])
    truth = 100 * means / means.sum()
    held = np.zeros(3)
    table = {n: poisson("", n) for n in range(400)}
    for counts in rng.poisson(means, (400, 3)):
        found = [Counted(str(i), int(n), table[int(n)].lower, table[int(n)].upper) for i, n in enumerate(counts)]
        held += [one.lower <= true <= one.upper for one, true in zip(shares(found), truth, strict=True)]
    assert (held / 400 > 0.93).all()
