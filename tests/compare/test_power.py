"""Power: R's printed examples, a published negative binomial design, statsmodels, simulation, and both ways round."""

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from common.errors import ProblemError
from metrics.compare.power import Count, Design, Rate, design_effect, people_needed, smallest_fall, table

ONE = Design(controls=1)


def test_equals_rs_power_prop_test() -> None:
    """R, ?power.prop.test: n = 50, p1 = .5, p2 = .75 has power .740; power .9 takes n = 76.7; n = 50 finds p2 = 0.8026 at .9."""
    assert round(Rate(0.5).power(50, 0.75, ONE), 3) == 0.740
    assert people_needed(Rate(0.5), 0.75, ONE, power=0.9) == 77
    found = smallest_fall(Rate(0.5), 50, ONE, power=0.9)
    assert found is not None
    assert round(1 - found, 4) == 0.8026


def test_equals_the_published_design_of_gsdesignnb() -> None:
    """R gsDesignNB, vignette on sample size: means 3.0 and 1.8 (rates 0.5 and 0.3 over a mean of 6 months, spread evenly from 0
    to 12), dispersion 0.1 x 4/3 for that spread. 35 each for 80%; 40 with 80 controls reach 95%... of 90% asked."""
    count = Count(3.0, shape=1 / (0.1 * 4 / 3))
    assert people_needed(count, 1.8, ONE, power=0.8) == 35
    # 40 in the group of mean 3.0 and 80 in the other: seen from the 80, half a control each.
    other = Count(3.0, shape=1 / (0.1 * 4 / 3)).power(80, 1.8, Design(controls=0.5))
    assert 0.90 <= other < 0.96


@pytest.mark.parametrize(
    ("people", "without", "with_it", "k"), [(60, 0.45, 0.30, 10), (200, 0.3, 0.2, 5), (1000, 0.5, 0.46, 1)]
)
def test_equals_statsmodels(people: int, without: float, with_it: float, k: float) -> None:
    from statsmodels.stats.proportion import power_proportions_2indep

    theirs = power_proportions_2indep(with_it - without, without, people, ratio=k, return_results=False)
    assert Rate(without).power(people, with_it, Design(controls=k)) == pytest.approx(
        float(np.squeeze(theirs)), abs=0.002
    )


@pytest.mark.parametrize("outcome", [Rate(0.45), Count(2.4, 0.55)])
@pytest.mark.parametrize("people", [60, 200, 1000])
def test_both_ways_round(outcome: Rate | Count, people: int) -> None:
    found = smallest_fall(outcome, people)
    assert found is not None
    assert outcome.power(people, found, Design()) == pytest.approx(0.8, abs=1e-6)
    assert people_needed(outcome, found) in (people, people + 1)
    assert people_needed(outcome, found * 1.02) > people


def test_power_of_no_difference_is_half_the_level() -> None:
    """As everywhere, a finding in the wrong direction is not power."""
    assert Rate(0.45).power(200, 0.45, Design()) == pytest.approx(0.025)
    assert Count(2.4, 0.5).power(200, 2.4, Design()) == pytest.approx(0.025)


def test_ten_controls_each_are_worth_less_than_twice_the_people() -> None:
    """With k controls the variance is 1 + 1/k of a person's, so ten are worth 20/11 of one; and never twice."""
    one, ten = people_needed(Count(2.4, 0.55), 1.9, ONE), people_needed(Count(2.4, 0.55), 1.9, Design(controls=10))
    assert 1.7 < one / ten < 2


def test_a_design_effect_takes_so_many_times_the_people() -> None:
    assert design_effect(1.5, 0.4) == pytest.approx(1.2)
    assert design_effect(20, 0.05) == pytest.approx(1.95)
    plain, alike = people_needed(Rate(0.45), 0.36), people_needed(Rate(0.45), 0.36, Design(design_effect=1.95))
    assert alike == pytest.approx(1.95 * plain, rel=0.01)


def simulated(outcome: Rate | Count, people: int, with_it: float, k: int, samples: int = 1500) -> float:
    """How often the difference of means, over its standard error, is below -1.96; log means for counts."""
    rng = np.random.default_rng(people)

    def draw(mean: float, size: int) -> np.ndarray:
        if isinstance(outcome, Rate):
            return (rng.random((samples, size)) < mean).astype(float)
        return rng.poisson(rng.gamma(outcome.shape, mean / outcome.shape, (samples, size))).astype(float)

    treated, control = draw(with_it, people), draw(outcome.without, k * people)
    m1, m0 = treated.mean(1), control.mean(1)
    v1, v0 = treated.var(1, ddof=1) / people, control.var(1, ddof=1) / (k * people)
    if isinstance(outcome, Rate):
        z = (m1 - m0) / np.sqrt(v1 + v0)
    else:
        z = np.log(np.maximum(m1, 1e-9) / m0) / np.sqrt(v1 / np.maximum(m1, 1e-9) ** 2 + v0 / m0**2)
    return float(np.mean(z < -1.959964))


@pytest.mark.parametrize(("outcome", "people", "with_it"), [
    (Rate(0.45), 60, 0.27), (Rate(0.45), 200, 0.35), (Rate(0.45), 1000, 0.404),
    (Count(2.4, 0.55), 60, 1.2), (Count(2.4, 0.55), 200, 1.75), (Count(2.4, 0.55), 1000, 2.09),
])  # fmt: skip
def test_equals_simulation(outcome: Rate | Count, people: int, with_it: float) -> None:
    """Within 4.5 points; three Monte Carlo standard errors are 3.5."""
    expected = outcome.power(people, with_it, Design(controls=3))
    assert simulated(outcome, people, with_it, 3) == pytest.approx(expected, abs=0.045)


def test_the_table_for_60_200_and_1000() -> None:
    rows = table(Rate(0.45))
    assert [row.people for row in rows] == [60, 200, 1000]
    assert [round(100 * (row.with_it or 0), 1) for row in rows] == [26.7, 34.8, 40.4]
    assert [round(row.fall_percent or 0) for row in rows] == [41, 23, 10]


def test_some_questions_have_no_answer() -> None:
    assert smallest_fall(Count(0.05, 0.3), 60) is None
    with pytest.raises(ProblemError, match="More than"):
        people_needed(Rate(0.45), 0.4499999)
    with pytest.raises(ProblemError, match="different from"):
        people_needed(Rate(0.45), 0.45)
    with pytest.raises(ProblemError, match="reoffending rate"):
        Rate(1.2)
    with pytest.raises(ProblemError, match="Power"):
        smallest_fall(Rate(0.45), 60, power=1.0)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["power", *words])
    return done.exit_code, done.output


def test_the_command_answers_in_sentences() -> None:
    code, text = run("--rate", "45")
    assert code == 0
    assert "   60 people: a fall to 26.7%, which is 41% fewer" in text
    assert "does not say that there is nothing" in text
    code, text = run("--reoffences", "240", "--fall", "20", "--controls", "10")
    needed = people_needed(Count(2.4, 0.55), 1.92)
    assert (code, f"takes {needed:,} people analysed" in text) == (0, True)
    assert "from 240 to 192.0 reoffences per 100 people" in text
    code, text = run("--rate", "45", "--fall", "20", "--people", "60", "--json")
    assert code == 0
    assert '"power": 26.' in text


def test_the_command_refuses_what_it_cannot_answer() -> None:
    code, text = run()
    assert code == 2
    assert "--rate or --reoffences" in text
    assert run("--rate", "45", "--reoffences", "240")[0] == 2
    assert run("--rate", "0")[0] == 1
