"""Observed against expected: limits by hand, against a slow twin and statsmodels, and how often they hold the truth."""

import math

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from metrics.kinds import expected


def cell(happened: np.ndarray, chance: np.ndarray, entries: np.ndarray) -> dict[str, np.ndarray]:
    """The sums that one cell carries, from each person's count, summed probabilities and entries (one probability each)."""
    x, spread = happened - chance, chance * (1 - chance / entries)
    sums = {"n": len(x), "sx": x.sum(), "sd": entries.sum(), "sxx": (x * x).sum(), "sxd": (x * entries).sum(),
            "sdd": (entries * entries).sum(), "se": chance.sum(), "sv": spread.sum()}  # fmt: skip
    sums |= dict.fromkeys(("sxxx", "sxxd", "sxdd", "sddd"), math.nan)
    return {name: np.array([float(value)]) for name, value in sums.items()}


def once(happened: list[int], chance: list[float]) -> dict[str, np.ndarray]:
    return cell(np.array(happened, float), np.array(chance), np.ones(len(chance)))


def test_the_same_chance_for_all_is_the_interval_of_the_rate() -> None:
    """With one probability for everybody nothing is explained: Wilson's interval of the rate, n for n - 1."""
    sums = once([1] * 12 + [0] * 28, [0.4] * 40)
    effect = 40 / 39
    low, high = proportion_confint(12 / effect, 40 / effect, method="wilson")
    result = expected.excess(sums)
    assert (result.value[0], result.lower[0], result.upper[0]) == pytest.approx((0.3 - 0.4, low - 0.4, high - 0.4))
    ratio = expected.relative(sums)
    assert (ratio.value[0], ratio.lower[0], ratio.upper[0]) == pytest.approx((0.75, low / 0.4, high / 0.4))


def test_none_reoffended() -> None:
    """40 people expected at 10%, none observed: sum e(1-e) = D q(1-q), so Wilson's upper limit z² / (n + z²)."""
    result = expected.excess(once([0] * 40, [0.1] * 40))
    assert result.value[0] == pytest.approx(-0.1)
    assert result.lower[0] == pytest.approx(-0.1)
    assert result.upper[0] == pytest.approx(3.841458820694124 / 43.841458820694124 - 0.1)


def test_what_is_known_of_people_narrows_the_interval() -> None:
    """Half at 10% and half at 90%, as it turned out: far narrower than if nothing told them apart."""
    happened = [1] * 5 + [0] * 45 + [1] * 45 + [0] * 5
    told, untold = once(happened, [0.1] * 50 + [0.9] * 50), once(happened, [0.5] * 100)
    width = [float((r.upper - r.lower)[0]) for r in map(expected.excess, (told, untold))]
    assert width[0] < 0.65 * width[1]


def test_the_difference_excludes_nothing_where_the_ratio_does() -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        chance = rng.uniform(0.05, 0.9, 40)
        sums = once(list((rng.random(40) < np.minimum(chance * rng.uniform(0.4, 1.6), 1)).astype(int)), list(chance))
        difference, ratio = expected.excess(sums), expected.relative(sums)
        assert (difference.lower[0] > 0) == (ratio.lower[0] > 1)
        assert (difference.upper[0] < 0) == (ratio.upper[0] < 1)
        assert difference.lower[0] <= difference.value[0] <= difference.upper[0]


def drawn(rng: np.random.Generator, people: int, level: float, most: int, alike: float) -> dict[str, np.ndarray]:
    """People whose outcomes follow their probabilities, with up to `most` entries and what no score knows of them."""
    score = rng.normal(level, 1.1, people)
    entries = rng.integers(1, most + 1, people).astype(float)
    chance = 1 / (1 + np.exp(-score))
    # `alike` moves a person up or down in all entries, without moving the mean for those of that score
    own = np.clip(chance + alike * rng.choice([-1, 1], people) * chance * (1 - chance), 0, 1)
    return cell(rng.binomial(entries.astype(int), own).astype(float), chance * entries, entries)


@pytest.mark.parametrize(("people", "level"), [(30, -1.2), (60, -1.2), (200, 0.3), (60, -2.5)])
@pytest.mark.parametrize(("most", "alike"), [(1, 0.0), (4, 0.8)])
def test_nothing_planted_is_found_one_time_in_twenty(people: int, level: float, most: int, alike: float) -> None:
    """Outcomes from the probabilities themselves: O - E = 0 lies within the limits 94 to 97 times in a hundred."""
    rng = np.random.default_rng(people)
    draws = [drawn(rng, people, level, most, alike) for _ in range(1500)]
    cells = {name: np.concatenate([one[name] for one in draws]) for name in draws[0]}
    result = expected.excess(cells)
    error = 3 * math.sqrt(0.05 * 0.95 / 1500)
    covered = float(np.mean((result.lower <= 0) & (result.upper >= 0)))
    assert 0.94 - error <= covered <= 0.97 + error
    standard = result.value.std() / math.sqrt(1500)
    assert abs(result.value.mean()) < 3.5 * standard


def test_a_planted_fall_is_recovered() -> None:
    """Everybody's odds halved: the mean difference found is the mean difference planted."""
    rng = np.random.default_rng(2)
    score = rng.normal(0, 1, 4000)
    chance, planted = 1 / (1 + np.exp(-score)), 1 / (1 + np.exp(-(score + math.log(0.5))))
    result = expected.excess(cell((rng.random(4000) < planted).astype(float), chance, np.ones(4000)))
    assert result.lower[0] < (planted - chance).mean() < result.upper[0]
    assert result.upper[0] < 0
