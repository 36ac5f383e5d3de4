"""From summary counts: Newcombe's published example, statsmodels, Justice Data Lab results, coverage, and the command line."""

import json
from itertools import product

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from common.errors import ProblemError
from metrics.value.calculator import Calculated, Counts, calculate, frequency_difference, rate_difference

LARGE = 10_000_000
"""A comparison group whose own rate is exact, where the published one is only called much larger."""


def test_newcombes_published_example() -> None:
    """Newcombe 1998, table II, method 10: 56 of 70 against 48 of 80 is 0.2000 (0.0524 to 0.3339)."""
    found = rate_difference(Counts(70, 56), Counts(80, 48))
    assert (round(found.lower / 100, 4), round(found.upper / 100, 4)) == (0.0524, 0.3339)
    assert found.verdict == "more"


@pytest.mark.parametrize(
    "counts", [(142, 71, 500, 280), (40, 0, 300, 90), (60, 60, 80, 79), (3085, 586, 100_000, 26_000)]
)
def test_equals_statsmodels(counts: tuple[int, int, int, int]) -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    n1, r1, n0, r0 = counts
    low, high = confint_proportions_2indep(r1, n1, r0, n0, method="newcomb", compare="diff")
    found = rate_difference(Counts(n1, r1), Counts(n0, r0))
    assert (found.lower, found.upper) == pytest.approx((100 * low, 100 * high), abs=1e-9)


PUBLISHED = [
    # Justice Data Lab: people, their rate and the comparison group's in whole %; what was concluded, its limits where told.
    ("Prisoners' Education Trust, January 2014", (3_085, 19, 26), "fewer", (5, 8)),
    ("Prisoners' Education Trust, Open University courses", (805, 18, 23), "fewer", (2, 8)),
    ("Prisoners' Education Trust, January 2021", (9_041, 18, 23), "fewer", None),
    ("The Clink, November 2016", (89, 17, 29), "fewer", None),
    ("The Clink, July 2022", (258, 12, 13), "cannot_tell", None),
    ("City and Guilds, February 2017", (8_513, 40, 42), "fewer", None),
]


@pytest.mark.parametrize(("name", "counts", "verdict", "limits"), PUBLISHED)
def test_justice_data_lab_results_from_their_counts(
    name: str, counts: tuple[int, int, int], verdict: str, limits: tuple[int, int] | None
) -> None:
    """The verdict, and the limits where told, from people and rates in whole %: docs/methods/summary-counts.md says which
    pages were read. Rates within half a point of those printed reach the printed limits, rounded."""
    people, ours, theirs = counts
    found = calculate(Counts(people, round(people * ours / 100)), Counts(LARGE, round(LARGE * theirs / 100)))
    assert found.rate.verdict == verdict, name
    if limits:
        ends = [
            rate_difference(Counts(people, round(people * (ours + a) / 100)), Counts(LARGE, round(LARGE * (theirs + b) / 100)))
            for a, b in product((-0.49, 0, 0.49), repeat=2)
        ]  # fmt: skip
        assert any((round(-one.upper), round(-one.lower)) == limits for one in ends)


def test_frequency_agrees_with_the_prolific_of_2009() -> None:
    """56% of 10,635 reoffended 4.3 times each, 2.408 a person: (1 + 2.408 / 0.44)^-0.44 = 0.44 did not, so the shape is 0.44
    and variance / mean = 1 + 2.408 / 0.44 = 6.5."""
    ppo = Counts(10_635, 5_956, 5_956 * 4.3)
    found = calculate(ppo, ppo)
    assert found.dispersion is not None
    assert found.dispersion[0] == pytest.approx(1 + 2.408 / 0.44, rel=0.01)
    assert found.frequency is not None
    assert (found.frequency.estimate, found.frequency.verdict) == (0, "cannot_tell")


def test_counts_without_more_spread_than_chance_are_poisson() -> None:
    rate = 1 - np.exp(-1.2)
    even = calculate(Counts(1000, round(1000 * rate), 1_200), Counts(5000, round(5000 * rate) + 20, 6_000))
    assert even.dispersion == pytest.approx((1.0, 1.0), abs=0.02)
    assert frequency_difference(Counts(40, 0, 0), Counts(400, 160, 400)).lower > -140


@pytest.mark.parametrize(("shape", "people"), [(0.55, 100), (2.0, 150)])
def test_the_interval_of_the_frequency_holds_the_truth(shape: float, people: int) -> None:
    """500 pairs of groups whose counts really are negative binomial: 95%, give or take three Monte Carlo errors and a point."""
    rng = np.random.default_rng([people, int(100 * shape)])
    held = []
    for _ in range(500):
        groups = [
            rng.poisson(rng.gamma(shape, mean / shape, size)) for mean, size in ((1.3, people), (1.6, 4 * people))
        ]
        one, two = (Counts(len(g), int((g > 0).sum()), float(g.sum())) for g in groups)
        found = frequency_difference(one, two)
        held.append(found.lower <= -30 <= found.upper)
    assert np.mean(held) == pytest.approx(0.95, abs=0.01 + 3 * (0.95 * 0.05 / 500) ** 0.5)


def test_break_even_from_counts_by_hand() -> None:
    """Peterborough's figures for 1,000 people at £1,000 each, an offence at £10,000: 100 to avert of 1,550, 6.5%; one in 15.
    130 were averted: £7,692 each."""
    found = paid()
    assert found.frequency is not None and found.break_even is not None
    assert found.frequency.estimate == pytest.approx(-13)
    assert found.break_even.offences_to_avert == pytest.approx(100)
    assert found.break_even.needed == pytest.approx(100 / 1550 * 100)
    assert found.break_even.one_in == 15
    assert found.break_even.verdict == "cannot_tell"
    at, least, most = found.cost_per_averted
    assert at == pytest.approx(1_000_000 / 130)
    assert least == pytest.approx(1_000_000 / (-found.frequency.lower * 10))
    assert most is None  # it may be that none was averted


def paid(**changes: float) -> Calculated:
    return calculate(
        Counts(1000, 560, 1_420),
        Counts(10_000, 5_700, 15_500),
        **{"cost": 1_000_000, "unit_cost": 10_000, "price_year": "2012/13", **changes},  # type: ignore[arg-type]
    )


def test_what_an_offence_costs_and_how_many_stand_behind_one_change_it_alike() -> None:
    twice = paid(multiplier=2.0).break_even
    dear = paid(unit_cost=20_000).break_even
    assert twice is not None and dear is not None
    assert twice.needed == pytest.approx(dear.needed)


def test_rates_alone_break_even_by_reoffences_a_reoffender() -> None:
    counts = Counts(3085, 586), Counts(LARGE, round(0.26 * LARGE))
    none = calculate(*counts, cost=1e6, unit_cost=3_000, price_year="2012/13")
    assert none.break_even is None
    assert none.basis == ""
    found = calculate(*counts, cost=1e6, unit_cost=3_000, price_year="2012/13", per_reoffender=3.0)
    assert found.basis == "rate" and found.break_even is not None
    assert found.break_even.expected == pytest.approx(0.26 * 3 * 3085)
    assert found.break_even.verdict == "past"


def test_too_few_people_get_no_verdict_and_no_price() -> None:
    found = calculate(Counts(29, 2, 3), Counts(1000, 500, 900), cost=100, unit_cost=3_000, price_year="2012/13")
    assert (found.rate.verdict, found.cost_per_averted) == ("no_verdict", (None, None, None))
    assert found.break_even is not None and found.break_even.verdict == "not_available"


@pytest.mark.parametrize(
    ("people", "reoffended", "reoffences"), [(0, 0, None), (10, 11, None), (10, -1, None), (10, 4, 3.0), (10, 0, 2.0)]
)
def test_counts_that_cannot_be(people: int, reoffended: int, reoffences: float | None) -> None:
    with pytest.raises(ProblemError):
        Counts(people, reoffended, reoffences)


def asked(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["calculate", *args])
    return done.exit_code, done.output


def test_the_command_line_answers_in_sentences_and_as_data() -> None:
    counts = ["--treated", "3085", "--treated-rate", "19", "--comparison-rate", "26"]
    code, said = asked(*counts, "--name", "Prisoners' Education Trust")
    assert code == 0
    assert "reoffended less within 12 months" in said
    assert "between 5.6 and 8.4 fewer (95% interval)" in said
    code, said = asked(
        *counts, "--cost", "925500", "--unit-cost", "3000", "--price-year", "2012/13", "--per-reoffender", "3"
    )
    assert "it pays if it prevents about one in 8 of those expected" in said
    assert "(cost and unit cost in 2012/13 prices)" in said and ", in 2012/13 prices), taking those" in said
    code, said = asked(*counts, "--cost", "10", "--price-year", "2012/13", "--json")
    assert json.loads(said)["price_year"] == "2012/13"
    assert json.loads(said)["rate"]["verdict"] == "fewer"


def test_the_command_line_refuses_money_without_a_year_and_half_a_group() -> None:
    counts = ["--treated", "100", "--treated-reoffended", "20", "--comparison-rate", "26"]
    code, said = asked(*counts, "--cost", "10")
    assert code == 1 and "price year is missing" in said
    code, said = asked(*counts, "--cost", "10", "--unit-cost", "0", "--price-year", "2012/13")
    assert code == 2 and "Invalid value for '--unit-cost'" in said
    code, said = asked("--treated", "100", "--comparison-rate", "26")
    assert code == 2 and "--treated-reoffended or --treated-rate" in said
    code, said = asked(*counts[:4], "--comparison-reoffended", "26")
    assert code == 2 and "of how many people" in said
