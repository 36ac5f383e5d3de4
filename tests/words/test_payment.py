"""What is said of payment by results, sentence by sentence."""

from dataclasses import replace

import plotly.graph_objects as go
import pytest

from components import payment
from components.payment import sentences as say
from components.payment.pictures import short, ticks
from components.payment.rows import Chance, Contract
from components.payment.tables import figure, hundred_table, rule_words, schemes_table, sizes_table, steps_table
from metrics.payment.luck import by_size, luck
from metrics.payment.measured import Measured, Period
from metrics.payment.reckoning import reckoned
from metrics.payment.rule import rules
from metrics.payment.spread import Counts, Spread

RULES = {rule.id: rule for rule in rules()}
BOND, HYBRID, SIMPLE = RULES["peterborough"], RULES["hybrid_2015"], RULES["simple_local"]
SPREAD = Spread(0.5, {"occasions": Counts(1.5, 4.0), "reoffences": Counts(2.0, 9.0)}, 10.0)


def contract(rule, *periods, title="Mentoring", spread=SPREAD, reason=""):
    measured = Measured("scheme", "x", title, "", tuple(periods), spread=spread, reason=reason)
    rows = [row | {"price_year": rule.price_year} for row in reckoned(rule, measured).rows()]
    size = round(measured.people / len(periods)) if periods else 0
    return Contract(rule, title, rows, spread if periods else None, size, len(periods) or 1, {})


def cohort(observed, expected, measure="occasions", *, people=500.0, width=20.0, name="2018Q1 to 2019Q4"):
    gap = observed - expected
    return Period(name, people, 10 * people, {measure: observed}, {measure: expected}, {measure: gap - width / 2},
                  {measure: gap + width / 2})  # fmt: skip


def chance(found, effect=0, people=200):
    make = lambda size, share, periods: luck(found.rule, SPREAD, size, share, draws=2000, periods=periods)  # noqa: E731
    one, none, good, bad = (make(people, share, found.periods) for share in (effect / 100, 0.0, -0.1, 0.1))
    return Chance(one, none, good, bad, tuple(by_size(found.rule, SPREAD, (100, 500), draws=500)),
                  make(people, effect / 100, found.rule.periods))  # fmt: skip


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "£0"), (85, "£85"), (14_300, "£14,300"), (23_733.98, "£23,700"), (999_400, "£999,000"), (999_600, "£1.00 million"),
     (3_885_024, "£3.89 million"), (-144_891, "\u2212£145,000")],
)  # fmt: skip
def test_money_is_told_to_three_figures(value, said):
    assert say.pounds(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "fewer than once in 200 times"), (0.006, "about once in 100 times"), (0.23, "about 23 times in 100"),
     (0.994, "about 99 times in 100"), (0.999, "practically always")],
)  # fmt: skip
def test_a_chance_is_told_in_times(value, said):
    assert say.times(value) == said


def test_a_payment_stands_beside_what_luck_would_be_paid():
    found = contract(BOND, cohort(130, 155))
    nothing = replace(luck(BOND, SPREAD, 500, draws=500, periods=1), probability=0.07)
    assert say.answer(found, nothing) == (
        "Under the rule \u201cPeterborough social impact bond\u201d Mentoring would be paid £1.79 million in 2010/11 prices; a scheme"
        " of its size that does nothing would be paid something about 7 times in 100."
    )


def test_nothing_is_paid_with_the_nearest_miss():
    assert "would be paid nothing (reconviction events for every 100 people: 8.4% below what was expected, and it takes 10.0%)." in say.answer(contract(BOND, cohort(142, 155)), None)  # fmt: skip
    assert "(reconviction events for every 100 people: 3.2% above what was expected)" in say.answer(contract(BOND, cohort(160, 155)), None)  # fmt: skip
    assert "(reconviction events for every 100 people: no lower than expected)" in say.answer(contract(BOND, cohort(155, 155)), None)  # fmt: skip


def test_a_floor_is_not_a_result():
    found = contract(SIMPLE, cohort(50, 45, "rate"))
    assert "would be paid the floor of £20,000 in 2024/25 prices and nothing for results (the share of people who reoffend: 11.1% above what was expected)" in say.answer(found, None)  # fmt: skip
    assert "more than the floor about" in say.answer(found, luck(SIMPLE, SPREAD, 100, draws=500))


def test_what_is_taken_off_is_not_called_payment():
    worse = [Period(f"2024Q{n}", 400.0, 2000.0, {"rate": 60.0, "per_reoffender": 3.0}, {"rate": 50.0, "per_reoffender": 3.0}) for n in (1, 2, 3, 4)]  # fmt: skip
    found = contract(HYBRID, *worse)
    assert "Mentoring would have £640,000 in 2014/15 prices taken off" in say.answer(found, None)
    assert (
        "would have £640,000 in 2014/15 prices taken off; none of 100 schemes that do nothing would lose as much or more."
        in say.beside(found, chance(found))
    )


def test_what_cannot_be_said_gives_the_reason():
    found = contract(BOND, reason="fewer than 60 people were submitted")
    assert say.answer(found, None).endswith("it cannot be said what Mentoring would be paid: fewer than 60 people were submitted.")  # fmt: skip
    assert say.over_the_intervals(found) == "" and say.beside(found, chance(contract(BOND, cohort(1, 2)))) == ""


def test_the_interval_of_a_payment_is_called_chance():
    found = contract(BOND, cohort(130, 155, width=30))
    assert say.over_the_intervals(found) == (
        "At the worse end of the 95% intervals it would be paid £0, at the better end £2.86 million in 2010/11 prices: that is how much of"
        " the payment is chance."
    )
    sure = contract(BOND, cohort(160, 155, width=2))
    assert (
        say.over_the_intervals(sure)
        == "At either end of the 95% intervals it would still be paid £0 in 2010/11 prices."
    )
    unknown = contract(BOND, Period("c", 500.0, 5000.0, {"occasions": 142.0}, {"occasions": 155.0}))
    assert say.over_the_intervals(unknown) == ""


def test_luck_is_told_for_a_scheme_that_does_nothing_and_for_one_that_does():
    found = contract(BOND, cohort(142, 155))
    nothing, warning = say.luck_lines(found, chance(found))
    assert nothing.startswith("A scheme that does nothing, in one cohort of 200 people, would be paid something about")
    assert "Over the rule's whole contract of 2 cohorts: about" in nothing and warning == say.LEAST_CHANCE
    some = say.luck_lines(found, chance(found, -20))[0]
    assert some.startswith("A scheme with 20% fewer events in truth")
    assert say.luck_lines(found, chance(found, 15))[0].startswith("A scheme with 15% more events in truth")


def test_today_is_set_beside_100_schemes():
    found = contract(SIMPLE, cohort(40, 50, "rate"))
    assert "would be paid £100,000 in 2024/25 prices; " in say.beside(found, chance(found)) and "of 100 schemes that do nothing would be paid as much or more." in say.beside(found, chance(found))  # fmt: skip
    assert "of 100 such schemes" in say.beside(found, chance(found, -10))
    floored = contract(SIMPLE, cohort(50, 50, "rate"))
    assert "would be paid £20,000 in 2024/25 prices; " in say.beside(floored, chance(floored)) and "would be paid no more." in say.beside(floored, chance(floored))  # fmt: skip


def test_every_element_of_the_shipped_rules_in_words():
    told = {rule.id: [say.element(one, rule) for one in rule.elements] for rule in RULES.values()}
    assert told["peterborough"] == [
        "A cohort on its own: £14,300 for every reconviction event averted, where reconviction events for every 100 people are"
        " 10% or more below what was expected in each cohort.",
        "All cohorts together: £14,300 for every reconviction event averted, where reconviction events for every 100 people are"
        " 7.5% or more below what was expected over all cohorts together; less what \u201cA cohort on its own\u201d has paid.",
    ]
    assert told["hybrid_2015"] == [
        "People who reoffend, by quarter: £4,000 for every person fewer who reoffends, where the share of people who reoffend is"
        " below what was expected by 1.96 standard errors or more in each quarter; a rise as large is taken off in the same way.",
        "Reoffences for each person who reoffends, over the year: £1,000 for every reoffence averted, where reoffences for each"
        " person who reoffends are 5% or more below what was expected over all quarters together; only what lies beyond that"
        " counts; a rise as large is taken off in the same way; it pays only if \u201cPeople who reoffend, by quarter\u201d is no"
        " worse than expected.",
    ]
    assert told["simple_local"] == [
        "Every percentage point below what was expected: £10,000 for every percentage point of the fall, where the share of"
        " people who reoffend is below what was expected in each cohort."
    ]


def test_limits_expected_and_source_in_words():
    assert say.limits(BOND) == "At most £8.00 million for the whole contract of 2 cohorts. Pounds of 2010/11."
    assert say.limits(SIMPLE) == "At least £20,000 and at most £150,000 for the whole contract of one cohort. Pounds of 2024/25."  # fmt: skip
    assert "; at most £1.00 million is taken off. Pounds of 2014/15." in say.limits(HYBRID)
    assert "at most 10 to each person" in say.expected_by(BOND)
    assert "the first complete year" in say.expected_by(HYBRID)
    assert "the year 2015/16" in say.expected_by(replace(HYBRID, baseline="2015/16"))
    assert say.where_from(SIMPLE)[-1] == say.CHECKED and say.where_from(BOND)[-1].startswith("Not all of it was read")
    mine = replace(SIMPLE, local=True)
    assert say.LOCAL in say.where_from(mine) and say.caution(mine) == [say.LOCAL]
    assert say.caution(BOND) == ["Prices and limits of this rule were not all read in the original: see below."]
    assert (
        say.counted(BOND)
        == "Counted: reconviction events for every 100 people. A fall is shown with a plus. Pounds of 2010/11."
    )


def test_every_table_and_picture_of_pounds_names_their_year():
    found = contract(BOND, cohort(120, 155))
    told = chance(found, -20)
    made = (steps_table(found), schemes_table(found, told), hundred_table(found, told), sizes_table(found, told),
            payment.alt_hundred(found, told), *say.luck_lines(found, told)[:1], say.beside(found, told))  # fmt: skip
    assert all("2010/11 prices" in one for one in made)


def test_the_method_of_a_download_holds_the_rule_its_year_and_its_warnings():
    told = dict(say.method_of(BOND))
    assert set(dict(say.METHOD)) < set(told)
    for part in ("£14,300 for every reconviction event averted", "Pounds of 2010/11.", "others say £13,000,000"):
        assert part in told[BOND.title]


def test_every_reason_has_its_words():
    codes = {"short", "rise", "none", "barred", "paid_already", "deducted", "not_known", "waiting"}
    assert set(say.WHY) == codes and set(say.LIMITS) == {"cap", "floor", "most_deducted"}


def test_tables_and_pictures_hold_what_they_say():
    found = contract(BOND, cohort(120, 155), cohort(150, 155, name="2020Q1 to 2021Q4"))
    table = steps_table(found)
    assert "120.0" in table and "+35.0 (+22.6%)" in table and "All together" in table and "Would be paid" in table
    assert "150.0" not in steps_table(found, "2018Q1 to 2019Q4")
    assert figure(None, "rate") == "[x]" and figure(-3.25, "rate", "+") == "\u22123.2%" and figure(3.456, "per_reoffender") == "3.46"  # fmt: skip
    told = chance(found, -20)
    assert "As chosen: \u221220% events" in schemes_table(found, told) and "Does nothing" in schemes_table(found, told)
    assert "91 to 100" in hundred_table(found, told) and "500" in sizes_table(found, told)
    assert "<li>" in rule_words(BOND) and "£13,000,000" in rule_words(BOND)
    for spec in (payment.hundred(found, told), payment.by_size(found, told, 200)):
        assert go.Figure(spec).data  # Plotly validates every property
    assert len(payment.hundred(found, told)["data"][0]["x"]) == 100
    assert "100 schemes" in payment.alt_hundred(found, told) and "times in 100 with 100" in payment.alt_by_size(found, told)  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 1_900_000, ["£0", "£500k", "£1m", "£1.5m"]),
        (-145_000, 108_000, ["\u2212£100k", "\u2212£50k", "£0", "£50k", "£100k"]),
        (0, 0, ["£0"]),
    ],
)
def test_an_axis_of_money_has_round_marks(low, high, marks):
    assert [short(mark) for mark in ticks(low, high)] == marks


def test_a_limit_is_named_in_the_table():
    capped = contract(SIMPLE, cohort(10, 50, "rate"))
    assert "Limited by the cap" in steps_table(capped) and "\u2212£250,000" in steps_table(capped)
    assert "Raised to the floor" in steps_table(contract(SIMPLE, cohort(50, 50, "rate")))
