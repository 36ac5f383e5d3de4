"""Matching: literal tables, and a plain twin that looks at every pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compare.matching import NOBODY, caliper_width, nearest, radius

RNG = np.random.default_rng


def test_a_literal_match_with_and_without_replacement() -> None:
    treated, controls = np.array([1.0, 1.1, 5.0]), np.array([1.05, 0.7, 3.0, 1.4])
    again = nearest(treated, controls, 2, 0.5, RNG(1))
    # 1.0: 0.05 from 1.05, 0.3 from 0.7. 1.1: 0.05 from 1.05, 0.3 from 1.4. 5.0: nobody within 0.5.
    assert again.pairs.tolist() == [[0, 1], [0, 3], [NOBODY, NOBODY]]
    assert again.weights(4) == pytest.approx([1 / 2 + 1 / 2, 1 / 2, 0, 1 / 2])
    once = nearest(treated, controls, 2, 0.5, RNG(1), replacement=False)
    # 1.1 chooses before 1.0: it takes 1.05; 1.0 takes 0.7. Then 1.1 takes 1.4, and 1.0 finds nobody left.
    assert once.pairs.tolist() == [[1, NOBODY], [0, 3], [NOBODY, NOBODY]]
    assert once.weights(4) == pytest.approx([1 / 2, 1, 0, 1 / 2])
    assert once.matched.tolist() == [True, True, False]


def test_a_literal_radius() -> None:
    found, weights = radius(np.array([1.0, 2.0, 9.0]), np.array([0.9, 1.5, 2.4, 5.0]), 0.55)
    # 1.0 has 0.9 and 1.5; 2.0 has 1.5 and 2.4; 9.0 nobody.
    assert found.tolist() == [True, True, False]
    assert weights == pytest.approx([1 / 2, 1 / 2 + 1 / 2, 1 / 2, 0])


def test_the_caliper_is_a_fifth_of_the_pooled_deviation() -> None:
    # variances 2 and 8: sqrt((2 + 8) / 2) = 2.236
    assert caliper_width(np.array([0.0, 2.0]), np.array([0.0, 4.0])) == pytest.approx(0.2 * np.sqrt(5))


def twin(treated, controls, k, caliper, *, groups, replacement):  # type: ignore[no-untyped-def]
    """Every pair looked at; distances of the chosen, in the order chosen. No ties in what it is given."""
    taken: set[int] = set()
    pairs: dict[int, list[int]] = {i: [] for i in range(len(treated))}
    order = range(len(treated)) if replacement else sorted(range(len(treated)), key=lambda i: -treated[i])
    for _ in range(k):
        for i in order:
            free = [
                j
                for j in range(len(controls))
                if j not in pairs[i]
                and (replacement or j not in taken)
                and groups[0][i] == groups[1][j]
                and abs(controls[j] - treated[i]) <= caliper
            ]
            if free:
                best = min(free, key=lambda j: abs(controls[j] - treated[i]))
                pairs[i].append(best)
                taken.add(best)
    return [pairs[i] + [NOBODY] * (k - len(pairs[i])) for i in range(len(treated))]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.booleans(), st.booleans())
def test_it_agrees_with_the_twin(seed: int, k: int, replacement: bool, grouped: bool) -> None:
    rng = RNG(seed)
    treated, controls = rng.normal(0.5, 1, rng.integers(1, 12)), rng.normal(0, 1, rng.integers(1, 25))
    groups = (
        (rng.integers(0, 3, len(treated)), rng.integers(0, 3, len(controls)))
        if grouped
        else (np.zeros(len(treated), int), np.zeros(len(controls), int))
    )
    caliper = float(rng.uniform(0.1, 2))
    found = nearest(treated, controls, k, caliper, RNG(1), replacement=replacement, groups=groups if grouped else None)
    assert found.pairs.tolist() == twin(treated, controls, k, caliper, groups=groups, replacement=replacement)
    inside, weights = radius(treated, controls, caliper, groups if grouped else None)
    plain = np.zeros(len(controls))
    for i in range(len(treated)):
        near = [
            j for j in range(len(controls))
            if groups[0][i] == groups[1][j] and abs(controls[j] - treated[i]) <= caliper
        ]  # fmt: skip
        assert inside[i] == bool(near)
        for j in near:
            plain[j] += 1 / len(near)
    assert weights == pytest.approx(plain, abs=1e-9)


def test_equal_scores_spread_their_matches_and_the_seed_settles_them() -> None:
    treated, controls = np.zeros(200), np.zeros(1000)
    one, again, other = (nearest(treated, controls, 1, 0.1, RNG(seed)).pairs for seed in (1, 1, 2))
    assert one.tolist() == again.tolist() != other.tolist()
    # 200 draws of 1,000 with replacement hit about 1000 (1 - 0.999^200) = 181 different controls.
    assert len(np.unique(one)) > 150
    once = nearest(treated, controls, 5, 0.1, RNG(1), replacement=False).pairs
    assert len(np.unique(once)) == 1000


def test_nobody_to_choose_from() -> None:
    assert nearest(np.array([1.0]), np.array([]), 2, 1.0, RNG(1)).pairs.tolist() == [[NOBODY, NOBODY]]
    assert nearest(np.array([1.0]), np.array([]), 2, 1.0, RNG(1), replacement=False).pairs.tolist() == [[NOBODY] * 2]
