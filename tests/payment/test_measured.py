"""What a rule needs, taken from the tables of a release: literal rows, reasons, rounding, and a baseline worked by hand."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from metrics.compare.comparison import MAIN, RATE, compare
from metrics.compare.result import OCCASIONS
from metrics.payment.luck import luck
from metrics.payment.measured import adjusted, matched
from metrics.payment.reckoning import TOO_CLOSE, Reckoned, reckoned
from metrics.payment.rule import Rule, rules
from metrics.payment.spread import Z

RULES = {rule.id: rule for rule in rules()}
BOND, HYBRID, SIMPLE = RULES["peterborough"], RULES["hybrid_2015"], RULES["simple_local"]


def about(name: str = "iom", **more: Any) -> dict[str, Any]:
    row = {
        "id": name, "subject_kind": "scheme", "subject": "iom", "title": "IOM", "district": "", "from_period": "2015Q4",
        "to_period": "2025Q1", "analysed": 936, "controls": 4000, "verdict": "cannot_tell", "reason": "", "sort": 1,
        "evidence": json.dumps({"effective_controls": 3000.0}), "definition": json.dumps({"from_period": "", "to_period": ""}),
    }  # fmt: skip
    own = {key: more[key] for key in ("from_period", "to_period") if key in more}
    return row | more | ({"definition": json.dumps(own)} if own else {})


def effect(outcome: str, treated: float, expected: float, width: float, name: str = "iom") -> dict[str, Any]:
    gap = treated - expected
    return {"comparison": name, "outcome": outcome, "method": "matched", "specification": "main", "scale": "difference",
            "estimate": gap, "lower": gap - width / 2, "upper": gap + width / 2, "treated": treated, "expected": expected}  # fmt: skip


def of(rule: Rule, abouts: list[dict[str, Any]], effects: list[dict[str, Any]], half: Any = None) -> Reckoned:
    [one] = matched(rule, pl.DataFrame(abouts), pl.DataFrame(effects), half)
    return reckoned(rule, one)


OCCASION, SHARE = effect("occasions", 142, 155, 24), effect("rate", 52, 55, 6)


def test_one_comparison_is_one_cohort_of_the_bond() -> None:
    [one] = matched(BOND, pl.DataFrame([about()]), pl.DataFrame([OCCASION, SHARE]))
    assert (one.people, one.periods[0].compared, one.spread is not None) == (936, 3000.0, True)
    found = reckoned(BOND, one)
    steps = {(step.element, step.step): step for step in found.steps}
    assert steps["cohort", "percent"].value == pytest.approx(8.387, abs=1e-3)
    assert (steps["cohort", "fall"].lower, steps["cohort", "fall"].upper) == (1.0, 25.0)
    assert steps["cohort", "due"].reason == "short" and steps["pooled", "due"].reason == "waiting"
    # at the better end of its interval the cohort is 25 for every 100 below: paid alone
    assert (found.payment, found.lower, found.upper) == (0, 0, pytest.approx(14_300 * 25 * 9.36))


def test_the_spread_is_read_off_the_comparison() -> None:
    [one] = matched(BOND, pl.DataFrame([about()]), pl.DataFrame([OCCASION, SHARE]))
    assert one.spread is not None
    assert one.spread.share == 0.55 and one.spread.compared == pytest.approx(3000 / 936)
    error = 24 / 2 / Z / 100
    counts = one.spread.counts["occasions"]
    assert (counts.mean, counts.variance) == (1.55, pytest.approx(error**2 / (1 / 936 + 1 / 3000)))


def test_quarters_that_move_with_the_records_are_no_contracts_cohorts() -> None:
    """The scheme's latest four quarters are published beside it, and nothing is paid by them."""
    asked = json.dumps({"from_period": "2024Q2", "to_period": "2025Q1", "window": "latest"})
    rows = [about(), about("latest", from_period="2024Q2", to_period="2025Q1", sort=2) | {"definition": asked}]
    effects = [OCCASION, SHARE, effect("occasions", 100, 200, 5, "latest"), effect("rate", 20, 60, 5, "latest")]
    [one] = matched(BOND, pl.DataFrame(rows), pl.DataFrame(effects))
    assert one == matched(BOND, pl.DataFrame([about()]), pl.DataFrame([OCCASION, SHARE]))[0]


def test_comparisons_with_periods_of_their_own_are_cohorts_and_the_whole_is_not_paid_for_again() -> None:
    rows = [
        about("whole", sort=9),
        about("second", title="IOM, second", from_period="2018Q1", to_period="2019Q4", analysed=1000, sort=3),
        about("first", from_period="2016Q1", to_period="2017Q4", sort=2),
    ]
    effects = [effect("occasions", 142, 155, 24, "first"), effect("occasions", 140, 155, 24, "second"),
               effect("occasions", 100, 200, 5, "whole")]  # fmt: skip
    assert [one.title for one in matched(BOND, pl.DataFrame(rows), pl.DataFrame(effects))] == ["IOM"]
    found = of(BOND, rows, effects)
    assert found.payment == pytest.approx(271.68 * 14_300)  # the case of docs/methods/payment-by-results.md
    spans = [step.period for step in found.steps if step.element == "cohort" and step.step == "due"]
    assert spans == ["2016Q1 to 2017Q4", "2018Q1 to 2019Q4"]


def test_of_more_cohorts_than_the_contract_has_the_latest_are_taken() -> None:
    rows = [about(f"c{year}", from_period=f"{year}Q1", to_period=f"{year}Q4") for year in (2016, 2017, 2018)]
    effects = pl.DataFrame([effect("occasions", 142, 155, 24, row["id"]) for row in rows])
    [one] = matched(BOND, pl.DataFrame(rows), effects)
    assert [period.name for period in one.periods] == ["2017Q1 to 2017Q4", "2018Q1 to 2018Q4"]


@pytest.mark.parametrize(
    ("rows", "effects", "why"),
    [
        ([about(verdict="no_verdict", reason="fewer than 60 people were submitted")], [OCCASION], "fewer than 60 people were submitted"),
        ([about(analysed=29)], [OCCASION], "fewer than 30 people could be analysed"),
        ([about()], [SHARE], "the comparison has no figure of reconviction events"),
        ([about()], [OCCASION | {"estimate": None}], "the comparison has no figure of reconviction events"),
        (
            [about("one", from_period="2016Q1", to_period="2018Q1"), about("two", from_period="2018Q1", to_period="2019Q4")],
            [OCCASION], "its comparisons overlap in time, so that people would be paid for twice",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_paid_for_has_its_reason(rows: Any, effects: Any, why: str) -> None:
    found = of(BOND, rows, effects)
    assert (found.payment, found.reason) == (None, why) and found.steps[-1].reason == why


def test_nothing_compared_is_no_contract() -> None:
    assert matched(BOND, pl.DataFrame(), pl.DataFrame()) == []
    [one] = adjusted(HYBRID, pl.DataFrame(), {"iom": "IOM"}, rounded=False)
    assert one.reason.startswith("no complete year with predicted risk") and not one.periods


def test_where_rounding_could_turn_the_payment_nothing_is_said() -> None:
    half = {"rate": 0.5, "occasions": 2.5}
    # 140 against 155 rounded to 5: 137.5 to 142.5 against 152.5 to 157.5 is anything from 6.6% to 12.7%
    close = of(BOND, [about()], [effect("occasions", 140, 155, 25), SHARE], half)
    assert (close.payment, close.reason) == (
        None, f"{TOO_CLOSE}, so the fall may be anything from 6.6% to 12.7%, and 10.0% pays",
    )  # fmt: skip
    assert {step.step for step in close.steps} & {"due", "units"} == set()
    # 120 against 155 pays whatever the figures were
    clear = of(BOND, [about()], [effect("occasions", 120, 155, 25), SHARE], half)
    assert clear.payment == pytest.approx(35 * 9.36 * 14_300) and clear.lower < clear.payment < clear.upper  # type: ignore[operator]
    none = of(BOND, [about()], [effect("occasions", 160, 155, 25), SHARE], half)
    assert none.payment == 0


# --- a baseline --------------------------------------------------------------------------------


def figure(indicator: str, period: str, value: float | None, people: float, width: float = 0.0) -> dict[str, Any]:
    limits = (None, None) if value is None or not width else (value - width / 2, value + width / 2)
    return {"indicator": indicator, "cohort": "scheme", "period": period, "dim1": "scheme", "val1": "iom", "dim2": "", "val2": "",
            "value": value, "lower": limits[0], "upper": limits[1], "numerator": None, "denominator": people,
            "status": "final" if value is not None else "suppressed"}  # fmt: skip


QUARTERS = ("2016Q2", "2016Q3", "2016Q4", "2017Q1")


def county(**changed: float | None) -> list[dict[str, Any]]:
    """A baseline year at 50% (predicted 48), a year at 45% (predicted 46): it is expected to be at 48%."""
    rows = [
        figure("reoffending_rate", "2015/16", 50, 800), figure("expected_reoffending_rate", "2015/16", 48, 790),
        figure("reoffences_per_reoffender", "2015/16", 4.0, 400, 0.8),
        figure("reoffending_rate", "2016/17", 45, 800), figure("expected_reoffending_rate", "2016/17", 46, 790),
        figure("reoffences_per_reoffender", "2016/17", 3.6, 360, 0.8),
    ]  # fmt: skip
    for span, rate in zip(QUARTERS, (40, 45, 47, 48), strict=True):
        rows.append(figure("reoffending_rate", span, changed.get(span, rate), 200))
    return rows


def against(rows: list[dict[str, Any]], *, rounded: bool = False, rule: Rule = HYBRID) -> Reckoned:
    [one] = adjusted(rule, pl.DataFrame(rows, infer_schema_length=None), {"iom": "IOM"}, rounded=rounded)
    return reckoned(rule, one)


def test_a_baseline_is_moved_by_the_change_in_predicted_risk() -> None:
    found = against(county())
    expected = [step.value for step in found.steps if step.step == "expected" and step.element == "binary"]
    assert expected == [48.0] * 4
    needed = next(step.value for step in found.steps if step.step == "needed")
    # 1.96 sqrt(48 x 52 (1/200 + 1/800)) = 7.74 points: a fall of 8 pays, the others do not
    assert needed == pytest.approx(1.96 * (48 * 52 * (1 / 200 + 1 / 800)) ** 0.5)
    due = [step.payment for step in found.steps if step.step == "due" and step.element == "binary"]
    assert due == [pytest.approx(16 * 4000), 0, 0, 0]
    # 4.0 to 3.6 is 0.4; the band is 5% of 4.0, 0.2; the rest for each of the year's 360 who reoffended
    frequency = next(step.payment for step in found.steps if step.step == "due" and step.element == "frequency")
    assert frequency == pytest.approx(0.2 * 360 * 1000)
    assert found.payment == pytest.approx(64_000 + 72_000)


def test_a_quarters_own_prediction_is_used_where_it_is_published() -> None:
    own = [*county(), figure("expected_reoffending_rate", "2016Q2", 40, 200)]
    found = against(own)
    first = next(step.value for step in found.steps if step.step == "expected")
    assert first == 42.0


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (county()[:3], "no complete year with predicted risk, and a baseline year before it, is shown"),
        ([r for r in county() if r["indicator"] != "expected_reoffending_rate"],
         "no complete year with predicted risk, and a baseline year before it, is shown"),
        ([r for r in county() if r["period"] != "2016Q4"], "a quarter of 2016/17 is not shown, or nobody is in it"),
        (county(**{"2016Q4": None}), "how many reoffended in a quarter of 2016/17 is not shown"),
        ([r | {"denominator": 29.0} if r["period"] == "2016Q4" else r for r in county()],
         "fewer than 30 people in a quarter of 2016/17"),
        ([r for r in county() if r["indicator"] != "reoffences_per_reoffender"],
         "reoffences for each person who reoffended are not shown"),
    ],
)  # fmt: skip
def test_a_baseline_that_cannot_be_had_has_its_reason(rows: list[dict[str, Any]], why: str) -> None:
    assert against(rows).reason == why


def test_rounded_quarters_say_nothing_that_rounding_could_turn() -> None:
    assert against(county(), rounded=True).reason.startswith(TOO_CLOSE)
    yearly = replace(HYBRID, period="year", periods=1)
    assert against(county(), rounded=True, rule=yearly).reason.startswith(
        TOO_CLOSE
    )  # 3 points, give or take 2.25; 4.9 pay
    low = [
        r | {"value": 38.0} if (r["indicator"], r["period"]) == ("reoffending_rate", "2016/17") else r for r in county()
    ]
    assert against(low, rounded=True, rule=yearly).payment == pytest.approx(80 * 4000 + 0.2 * 304 * 1000)


# --- planted: does luck say how often a real comparison of people alike is paid? -----------------


def test_luck_says_how_often_matched_comparisons_of_people_alike_are_paid() -> None:
    """Made counties where nothing works, compared in full: the share that are paid is what the luck of each foretells."""
    rng = np.random.default_rng(11)
    paid, foretold = {"points": 0, "bond": 0}, {"points": 0.0, "bond": 0.0}
    rounds = 40
    points = replace(SIMPLE, floor=0.0, elements=(replace(SIMPLE.elements[0], trigger=2.0),))
    for _ in range(rounds):
        active = rng.gamma(0.9, 1.0, 900)
        treated = rng.random(900) < 0.08 + 0.1 * np.clip(active, 0, 3)
        events = rng.poisson(1.1 * active * rng.gamma(1.5, 1 / 1.5, 900))
        people = pl.DataFrame({
            "treated": treated, "cluster": np.arange(900), "active": active, "reoffended": events > 0, "occasions": events,
        })  # fmt: skip
        found = compare(people, ["active"], (RATE, OCCASIONS), MAIN)
        row = about(analysed=found.analysed, evidence=json.dumps({"effective_controls": found.effective_controls}))
        effects = pl.DataFrame([
            {"comparison": "iom", "outcome": e.outcome, "method": e.method, "specification": "main", "scale": e.scale,
             "estimate": e.estimate, "lower": e.lower, "upper": e.upper, "treated": e.treated, "expected": e.comparison}
            for e in found.effects if e.method == "matched"
        ])  # fmt: skip
        for name, rule in (("points", points), ("bond", BOND)):
            [one] = matched(rule, pl.DataFrame([row]), effects)
            assert one.spread is not None
            paid[name] += (reckoned(rule, one).payment or 0) > 0
            foretold[name] += luck(rule, one.spread, one.people, draws=1000, periods=1).probability
    for name, count in paid.items():
        chance = foretold[name] / rounds
        assert abs(count / rounds - chance) < 3 * (chance * (1 - chance) / rounds) ** 0.5, (name, count, chance)
