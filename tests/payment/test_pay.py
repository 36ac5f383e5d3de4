"""What is due: published results, literal tables, and a slow plain twin on random contracts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from metrics.payment.pay import Figures, due
from metrics.payment.rule import Element, Rule, rules
from tests.payment.pay_twin import paid as twin

RULES = {rule.id: rule for rule in rules()}
BOND, HYBRID, SIMPLE = RULES["peterborough"], RULES["hybrid_2015"], RULES["simple_local"]


def figures(periods: list[dict[str, float]], *, shared: bool = False) -> Figures:
    def row(name: str) -> np.ndarray:
        return np.array([[period[name] for period in periods]])

    names = [key for key in periods[0] if not key.endswith("_expected") and key not in ("people", "compared")]
    return Figures(
        row("people"), row("compared"), {n: row(n) for n in names}, {n: row(f"{n}_expected") for n in names},
        shared=shared,
    )  # fmt: skip


def total(rule: Rule, *periods: dict[str, float], shared: bool = False) -> float:
    return float(due(rule, figures(list(periods), shared=shared)).total[0])


def cohort(observed: float, expected: float, people: float = 1000) -> dict[str, float]:
    return {"people": people, "compared": 10 * people, "occasions": observed, "occasions_expected": expected}


def quarter(rate: float, expected: float, each: float, before: float, people: float = 1000) -> dict[str, float]:
    return {
        "people": people, "compared": 20_000, "rate": rate, "rate_expected": expected, "per_reoffender": each,
        "per_reoffender_expected": before,
    }  # fmt: skip


# --- published ---------------------------------------------------------------------------------


def test_peterborough_cohort_1_fell_by_8_4_percent_short_of_10_and_beyond_7_5() -> None:
    """142 against 155 reconviction events for every 100 of 936 men: 8.4%, no payment (press release of 7 August 2014)."""
    found = due(BOND, figures([cohort(142, 155, 936)]))
    alone, pooled = found.parts
    assert round(float(alone.percent[0, 0]), 1) == 8.4
    assert not alone.reached[0, 0] and pooled.reached[0, 0]
    assert pooled.waiting and found.total[0] == 0  # all cohorts together pay once all are in


def test_peterborough_paid_once_both_cohorts_were_in_at_9_percent_together() -> None:
    """Cohort 2 fell by 9.7% (second-hand) and both together by 9% (press, 27 July 2017): neither alone, both together."""
    found = due(BOND, figures([cohort(142, 155, 936), cohort(100 - 9.7, 100, 1000)]))
    alone, pooled = found.parts
    assert [round(float(p), 1) for p in alone.percent[0]] == [8.4, 9.7] and not alone.reached.any()
    two = due(BOND, figures([cohort(142, 155, 936), cohort(140, 155, 1000)])).parts[1]
    assert round(float(two.percent[0, 0])) == 9 and two.reached[0, 0]
    assert pooled.pounds[0, 0] > 0 and found.total[0] == pooled.pounds[0, 0]


def test_a_cohort_two_events_better_would_have_been_paid_at_once() -> None:
    """The press of the day: 'two fewer, 140 instead of 142' would not quite have done it: 9.7%; 139.5 is 10%."""
    assert total(BOND, cohort(140, 155)) == 0
    assert total(BOND, cohort(139.5, 155)) == pytest.approx(14_300 * 155)  # 15.5 for every 100 of 1,000 people


# --- literal -----------------------------------------------------------------------------------


def test_the_bond_pays_a_cohort_at_10_percent_and_takes_that_off_the_pooled_payment() -> None:
    # 20 of 100 fewer: 200 events; none in the other. Pooled 10%: the same 200 events, paid already.
    assert total(BOND, cohort(80, 100), cohort(100, 100)) == 200 * 14_300
    # 8% in each: neither alone, 160 events together.
    assert total(BOND, cohort(92, 100), cohort(92, 100)) == 160 * 14_300
    # 20% fewer and 20% more: the first is paid for; together nothing fell, and nothing is taken back.
    assert total(BOND, cohort(80, 100), cohort(120, 100)) == 200 * 14_300
    # 12% and 4%: pooled 8% is 160 events, of which 120 were paid for alone.
    assert total(BOND, cohort(88, 100), cohort(96, 100)) == 160 * 14_300


def test_the_bond_is_capped() -> None:
    assert total(BOND, cohort(20, 100), cohort(20, 100)) == 8_000_000


def test_a_rise_costs_the_bond_nothing() -> None:
    assert total(BOND, cohort(180, 100), cohort(180, 100)) == 0


def test_the_hybrid_pays_a_significant_fall_and_takes_off_a_significant_rise() -> None:
    level = quarter(50, 50, 4.0, 4.0)
    # 1.96 standard errors of 50% among 1,000 against 20,000: 1.96 x sqrt(2500 (1/1000 + 1/20000)) = 3.176 points
    assert total(HYBRID, quarter(46.8, 50, 4.0, 4.0), level, level, level, shared=True) == pytest.approx(32 * 4000)
    assert total(HYBRID, quarter(46.9, 50, 4.0, 4.0), level, level, level, shared=True) == 0
    assert total(HYBRID, quarter(53.2, 50, 4.0, 4.0), level, level, level, shared=True) == pytest.approx(-32 * 4000)


def test_the_hybrid_pays_frequency_beyond_its_dead_band_only() -> None:
    at = [quarter(50, 50, 3.8, 4.0)] * 4  # 5%: the edge of the band, and nothing beyond it
    assert total(HYBRID, *at, shared=True) == pytest.approx(0, abs=1e-6)
    beyond = [quarter(50, 50, 3.7, 4.0)] * 4  # 0.1 beyond the band for each of 2,000 who reoffended
    assert total(HYBRID, *beyond, shared=True) == pytest.approx(200 * 1000)


def test_binary_first_frequency_is_paid_only_where_no_more_people_reoffended() -> None:
    worse = [quarter(50.1, 50, 3.0, 4.0)] * 4
    found = due(HYBRID, figures(worse, shared=True))
    assert found.total[0] == 0 and found.parts[1].barred[0, 0]
    # but more reoffences for each are taken off all the same
    assert total(HYBRID, *[quarter(50.1, 50, 4.4, 4.0)] * 4, shared=True) == pytest.approx(-0.2 * 2004 * 1000)


def test_the_hybrid_takes_off_at_most_so_much_and_pays_at_most_so_much() -> None:
    assert total(HYBRID, *[quarter(90, 50, 4, 4)] * 4, shared=True) == -1_000_000
    assert total(HYBRID, *[quarter(10, 50, 4, 4)] * 4, shared=True) == 1_000_000


def test_the_simple_rule_pays_points_between_floor_and_cap() -> None:
    def of(observed: float, expected: float = 50.0) -> float:
        return total(SIMPLE, {"people": 200, "compared": 800, "rate": observed, "rate_expected": expected})

    assert [of(50), of(60), of(49), of(46.5), of(10)] == [20_000, 20_000, 20_000, 35_000, 150_000]


def test_a_trigger_that_is_just_reached_pays_however_the_machine_rounds() -> None:
    for expected in np.linspace(0.1, 300, 400):
        assert total(BOND, cohort(expected * 0.9, expected)) > 0


def test_a_figure_that_is_not_known_is_not_nothing() -> None:
    assert np.isnan(total(BOND, cohort(float("nan"), 155), cohort(100, 155)))


# --- twin --------------------------------------------------------------------------------------


def random_rule(rng: np.random.Generator, number: int) -> Rule:
    measures = ("occasions", "reoffences", "rate", "per_reoffender")
    elements: list[Element] = []
    for place in range(int(rng.integers(1, 4))):
        measure = str(rng.choice(measures))
        over = str(rng.choice(["each", "all"]))
        unit = str(rng.choice(["percent", "points", "standard_errors"] if measure == "rate" else ["percent", "points"]))
        earlier = [element.id for element in elements]
        elements.append(
            Element(
                f"e{place}", "", measure, float(rng.choice([0, 2, 5, 10])) if unit == "percent" else float(rng.choice([0, 0.5, 1.5])),
                str(rng.choice(["averted", "point", "success"])), float(rng.choice([10, 1000])), over, unit,
                str(rng.choice(["zero", "trigger"])), bool(rng.random() < 0.5),
                after=str(rng.choice(["", *earlier])) if over == "all" else "",
                after_if=str(rng.choice(["not_worse", "paid"])),
                less_paid=str(rng.choice(["", *earlier])) if over == "all" else "",
            )
        )  # fmt: skip
    floor = float(rng.choice([0, 500]))
    return replace(
        SIMPLE, id=f"r{number}", elements=tuple(elements), floor=floor, cap=float(rng.choice([2000, 1e9])),
        most_deducted=0.0 if floor else float(rng.choice([0, 5000, 1e9])), periods=int(rng.integers(1, 4)),
    )  # fmt: skip


def test_every_reckoning_equals_its_slow_twin() -> None:
    rng = np.random.default_rng(5)
    differed = 0
    for number in range(250):
        rule, shared = random_rule(rng, number), bool(rng.random() < 0.5)
        compared = float(rng.integers(200, 9000))
        periods = []
        for _ in range(int(rng.integers(1, 4))):
            row = {
                "people": float(rng.integers(30, 900)),
                "compared": compared if shared else float(rng.integers(50, 9000)),
            }
            for measure, scale in (("occasions", 150), ("reoffences", 250), ("rate", 60), ("per_reoffender", 4)):
                row[f"{measure}_expected"] = float(scale * rng.uniform(0.5, 1.2))
                row[measure] = float(row[f"{measure}_expected"] * rng.uniform(0.75, 1.2))
            periods.append(row)
        ours, theirs = total(rule, *periods, shared=shared), twin(rule, periods, shared=shared)
        assert ours == pytest.approx(theirs, abs=1e-6), rule
        differed += theirs not in (0.0, rule.floor, rule.cap)
    assert differed > 90  # enough of them hang on more than a limit


def test_many_draws_are_reckoned_as_one_is() -> None:
    rng = np.random.default_rng(6)
    observed, expected = rng.uniform(80, 120, (50, 2)), rng.uniform(95, 105, (50, 2))
    people = np.full((1, 2), 300.0)
    found = due(BOND, Figures(people, people * 10, {"occasions": observed}, {"occasions": expected})).total
    one = [total(BOND, *[cohort(o, e, 300) for o, e in zip(*row, strict=True)]) for row in zip(observed, expected, strict=True)]  # fmt: skip
    assert list(found) == pytest.approx(one)


def test_the_methods_pages_case_worked_by_hand_is_what_the_rule_pays() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/methods/payment-by-results.md").read_text("utf-8")
    [alone, later] = due(BOND, figures([cohort(142, 155, 936)])).parts
    assert f"13 / 155         = {alone.percent[0, 0]:.1f}%" in page
    assert f"10% of 155       = {alone.needed[0, 0]:.1f}" in page
    assert f"7.5% of 155      = {later.needed[0, 0]:.1f}" in page
    assert f"13 x 936 / 100   = {later.fall[0, 0] * 9.36:.2f} events" in page
    both = due(BOND, figures([cohort(142, 155, 936), cohort(140, 155, 1000)]))
    pooled = both.parts[1]
    assert f"{pooled.observed[0, 0]:.2f} against 155, {pooled.percent[0, 0]:.1f}% fewer: {pooled.units[0, 0]:.2f} events" in page  # fmt: skip
    assert f"£{both.total[0]:,.0f}" in page
