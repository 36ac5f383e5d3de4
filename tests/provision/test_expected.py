"""What to expect in the next 13 weeks: a slow twin, the closed form for Poisson counts, and how often it holds."""

import math

import numpy as np
import pytest
from scipy.stats import nbinom

from metrics.provision.expected import FEWEST, USED, expected


def test_it_is_jeffreys_predictive_interval_where_counts_vary_as_poissons_do() -> None:
    told = expected([[4, 5, 5, 6, 5, 4, 6, 5]])
    assert told.value[0] == 5.0 and told.windows == 8
    # shape 40.5, probability 8/9: the smallest counts with 2.5% and 97.5% of the probability at or below them
    assert (told.lower[0], told.upper[0]) == (nbinom.ppf(0.025, 40.5, 8 / 9), nbinom.ppf(0.975, 40.5, 8 / 9))
    below = sum(math.exp(math.lgamma(k + 40.5) - math.lgamma(40.5) - math.lgamma(k + 1)) * (8 / 9) ** 40.5 * (1 / 9) ** k for k in range(int(told.lower[0])))  # fmt: skip
    assert below < 0.025


def test_more_varied_counts_have_a_wider_interval() -> None:
    told = expected([[20] * 8, [5, 35] * 4])
    assert told.value.tolist() == [20.0, 20.0]
    assert told.upper[1] - told.lower[1] > 2 * (told.upper[0] - told.lower[0])


def test_only_the_last_eight_windows_count_and_fewer_than_four_tell_nothing() -> None:
    assert expected([[900] * 4 + [2] * USED]).value[0] == 2.0
    none = expected([[1] * (FEWEST - 1)])
    assert np.isnan(none.value[0]) and (none.windows, none.tried) == (FEWEST - 1, 0)


def test_the_trials_leave_out_what_they_foretell() -> None:
    told = expected([[3, 3, 3, 3, 3, 3, 3, 40]])
    assert (told.held[0], told.tried) == (3, 4), "the last window broke the interval of those before it"


def test_nothing_seen_leaves_room_for_something() -> None:
    told = expected([[0] * 8])
    assert (told.value[0], told.lower[0]) == (0.0, 0.0)
    assert told.upper[0] >= 1


@pytest.mark.parametrize(("mean", "times", "least", "most"), [(10.0, 1.0, 0.955, 0.99), (40.0, 3.0, 0.90, 0.96)])  # fmt: skip
def test_how_often_it_holds(mean: float, times: float, least: float, most: float) -> None:
    """The share that its docstring states: about 97% for Poisson counts, less for more varied ones."""
    chance = np.random.default_rng(11)
    rate = mean if times == 1 else chance.gamma(mean / (times - 1), times - 1, (2000, 9))
    counts = chance.poisson(rate, (2000, 9))
    told = expected(counts[:, :8])
    inside = (told.lower <= counts[:, 8]) & (counts[:, 8] <= told.upper)
    assert least <= inside.mean() <= most
