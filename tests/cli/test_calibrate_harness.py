"""The harness itself: it must accept what holds, refuse what does not, and never take no answer for a right one."""

from functools import partial

import numpy as np
import pytest

from app.calibrate import harness
from app.calibrate.harness import Experiment, carried_out, judged


def answers(right: int, of: int) -> list[bool | float | None]:
    return [True] * right + [False] * (of - right)


@pytest.mark.parametrize(
    ("kind", "right", "of", "accepted"),
    [
        ("coverage", 950, 1000, True),
        ("coverage", 920, 1000, True),  # 92.0: within three errors (0.75 points) of 94
        ("coverage", 915, 1000, False),
        ("coverage", 985, 1000, False),
        ("coverage", 9400, 10_000, True),
        ("coverage", 9300, 10_000, False),
        ("type_one", 50, 1000, True),
        ("type_one", 85, 1000, False),
        ("type_one", 15, 1000, False),
        ("at_most_5", 0, 200, True),
        ("at_most_5", 19, 200, True),
        ("at_most_5", 25, 200, False),
        ("most", 110, 200, True),
        ("most", 60, 200, False),
    ],
)
def test_a_share_is_held_to_its_range_and_three_errors(kind, right, of, accepted):
    assert judged("x", "y", kind, answers(right, of)).accepted is accepted


def test_no_answer_is_counted_and_never_taken_for_right():
    found = judged("x", "y", "coverage", [*answers(95, 100), None, None])
    assert found.data_sets == 100 and found.unanswered == 2
    assert not judged("x", "y", "coverage", [None] * 50).accepted


def test_a_mean_error_is_held_to_its_own_error():
    rng = np.random.default_rng(1)
    noise = rng.normal(size=400)
    assert judged("x", "y", "unbiased", list(noise)).accepted
    assert not judged("x", "y", "unbiased", list(noise + 0.4)).accepted


def test_a_known_shortfall_is_held_to_what_it_reaches(monkeypatch):
    note = {"x": {"y": {"low": 0.88, "high": 0.92, "when": "30 people, heavy tails"}}}
    monkeypatch.setattr(harness, "known", lambda: note)
    found = judged("x", "y", "coverage", answers(900, 1000))
    assert found.accepted and found.known == "30 people, heavy tails"
    assert not judged("x", "y", "coverage", answers(800, 1000)).accepted
    assert not judged("x", "y", "coverage", answers(970, 1000)).accepted  # better than known: say so


def normal_mean(width: float, seed: int):
    sample = np.random.default_rng(seed).normal(size=25)
    half = width / 5
    return {"holds": bool(abs(sample.mean()) <= half)}


@pytest.mark.parametrize(("width", "accepted"), [(1.96, True), (1.3, False)])
def test_an_interval_that_is_too_narrow_is_found_out(width, accepted):
    experiment = Experiment("mean", "A normal mean", {"holds": "coverage"}, partial(normal_mean, width), full=2000)
    [[found]] = list(carried_out([experiment], workers=2))
    assert found.data_sets == 2000 and found.accepted is accepted


def test_the_same_seeds_give_the_same_answers():
    experiment = Experiment("mean", "A normal mean", {"holds": "coverage"}, partial(normal_mean, 1.96), full=300)
    first, second = (list(carried_out([experiment], workers=w)) for w in (1, 2))
    assert first == second
