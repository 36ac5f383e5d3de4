"""The calibration of value: its truth is the arithmetic's own where nothing is unsure, and few data sets give no gross fault."""

import numpy as np
import pytest

from app.calibrate.value import CLAIMS, COST, EXPECTED, WORLDS, case_of, compared, draw, true_value
from metrics.value.case import Effect
from metrics.value.worked import worked_out


@pytest.mark.parametrize("multiple", WORLDS.values())
def test_the_planted_worth_is_what_the_true_effect_comes_to(multiple: float) -> None:
    averted = EXPECTED * (1 - multiple)
    truth = Effect(100 * averted, -240.0, 240.0, 100 * EXPECTED, 50, "known", 3, "")
    found = worked_out(case_of(truth, sure=True)).society.net_present_value
    assert found == pytest.approx(50 * true_value(averted, None))
    assert found == pytest.approx(50 * (averted * (0.5 * 1_000 + 0.4 * 6_000) - COST))


def test_what_is_unsure_is_worth_as_much_on_average_as_its_ranges_say() -> None:
    """Triangular means: costs 1.0333 of the recorded; unit costs £500 + £2,533; lasting 2 years on average."""
    rng = np.random.default_rng(3)
    assert np.mean([true_value(0.0, rng) for _ in range(4_000)]) == pytest.approx(-COST * 3.1 / 3, rel=0.01)
    worth = np.mean([true_value(1.0, rng) for _ in range(4_000)]) + COST * 3.1 / 3
    years = 1 + 0.9167 * (1 - 0.5333) / 1.035  # part of the second year counts; the third adds a little
    assert worth == pytest.approx((500 + 0.4 * 19_000 / 3) * years, rel=0.06)


def test_an_invented_comparison_has_the_planted_effect_within_its_error() -> None:
    rng = np.random.default_rng(8)
    found = [compared(200, 0.75, rng).averted_per_100 for _ in range(200)]
    assert np.mean(found) == pytest.approx(60, abs=4 * np.std(found) / 200**0.5)


def test_a_few_programmes_of_each_world() -> None:
    """Twelve of each: at most three intervals miss the worth, the harmful are losses, the worthless rarely seem to work."""
    answers = [draw(200, seed) for seed in range(1, 13)]
    assert all(set(one) == set(CLAIMS) for one in answers)
    for name in WORLDS:
        for kind in ("effect_alone", "all_unsure"):
            assert sum(bool(one[f"{name}.{kind}.coverage"]) for one in answers) >= 9
    assert all(one["harmful.shown_as_a_loss"] for one in answers)
    assert not any(one["harmful.surely_averted"] for one in answers)
    assert sum(bool(one["worthless.surely_averted"]) for one in answers) <= 3
