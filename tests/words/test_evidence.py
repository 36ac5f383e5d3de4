"""A comparison as it is drawn: every number that a reader sees is the release's own, and no rank is made of them."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from components import evidence, verdicts
from components.evidence import Case
from components.evidence.findings import figures
from components.evidence.names import covariate
from components.evidence.strips import reach, strip, ticks

ROOT = Path(__file__).resolve().parents[2]


def about(**other):
    return {
        "id": "iom",
        "title": "the IOM scheme",
        "subject_kind": "scheme",
        "subject": "iom",
        "district": "",
        "from_period": "2020Q1",
        "to_period": "2023Q4",
        "outcome_days": 365,
        "waiting_days": 183,
        "verdict": "fewer",
        "reason": "",
        "grade": 3,
        "rubric": "Maryland scale",
        "pool": 5000,
        "analysed": 98,
        "joined_later": 12,
        **other,
    }


def effect(**other):
    return {
        "comparison": "iom",
        "outcome": "rate",
        "method": "matched",
        "specification": "main",
        "scale": "difference",
        "unit": "percentage points",
        "estimate": -6.4,
        "lower": -9.2,
        "upper": -3.6,
        "treated": 42.0,
        "expected": 48.4,
        "p_value": 0.001,
        "q_value": 0.02,
        "people": 98,
        "verdict": "fewer",
        "headline": True,
        **other,
    }


@pytest.fixture
def case():
    counts = effect(
        outcome="frequency", headline=False, estimate=-13.0, lower=-40.0, upper=14.0, treated=142.0, expected=155.0
    )
    ratio = effect(outcome="frequency", headline=False, scale="ratio", estimate=0.92, lower=0.75, upper=1.1)
    other = effect(headline=False, specification="radius matching", estimate=-2.0, lower=-6.0, upper=2.0)
    missing = effect(
        headline=False, method="doubly_robust", estimate=None, lower=None, upper=None, treated=None, expected=None
    )
    balance = [
        {"comparison": "iom", "covariate": "charges_365", "level": "", "before": 0.81, "after": 0.04,
         "treated_mean": 4.0, "pool_mean": 0.6, "matched_mean": 3.9},
        {"comparison": "iom", "covariate": "sex", "level": "female", "before": -0.2, "after": -0.07,
         "treated_mean": 0.1, "pool_mean": 0.2, "matched_mean": 0.12},
    ]  # fmt: skip
    flow = [
        {"sort": 0, "step": "Submitted", "people": 120, "reason": ""},
        {"sort": 1, "step": "Analysed", "people": 98, "reason": "their follow-up is not complete yet"},
    ]
    return Case(about(), (effect(), counts, ratio, other, missing), flow, balance)


def test_the_verdict_is_a_shape_a_word_and_a_grade(case):
    html = evidence.verdict_line(case)
    assert "▼" in html and "Reoffended less" in html
    assert "level 3 of 5 (moderate)" in html and "Maryland scale" in html


def test_of_100_people_both_bars_stand_on_one_scale(case):
    html = evidence.hundred(case)
    assert "width:42.0%" in html and "width:48.4%" in html


def test_nothing_is_drawn_of_an_effect_that_is_not_there():
    empty = Case(about(verdict="no_verdict", reason="22 people analysed", grade=None), ())
    assert evidence.hundred(empty) == "" and evidence.outcomes(empty) == "" and evidence.specifications(empty) == ""
    assert "Evidence" not in evidence.verdict_line(empty)


def test_each_outcome_once_as_a_difference(case):
    html = evidence.outcomes(case)
    assert html.count("<tr role=") == 3  # the heads, the rate, the frequency
    assert "\u221213" in html and "0.92" not in html


def test_the_answer_in_other_ways_is_beside_the_published_one(case):
    html = evidence.specifications(case)
    assert html.index("As published") < html.index("Doubly robust") and "Radius matching" in html
    assert "not available" in html


def test_the_love_plot_puts_the_most_unlike_first_and_says_both(case):
    html = evidence.love_plot(case)
    assert html.index("Charges in the last year") < html.index("Sex: female")
    assert "0.81 before matching, 0.04 after" in html
    assert evidence.worst_after(case.balance) == 0.07
    assert evidence.corrected(about()) is None
    assert evidence.corrected(about(evidence='{"corrected_imbalance": 0.03}')) == 0.03
    assert "once what is left is corrected for, none is above 0.03" in verdicts.balance(0.18, 0.03)
    assert verdicts.balance(0.18, 0.12) == verdicts.balance(0.18) and "Not well enough" in verdicts.balance(0.18)


def test_a_covariate_in_words():
    assert covariate({"covariate": "ogrs3", "level": ""}) == "OGRS3"
    assert covariate({"covariate": "home_district", "level": "fenland"}) == "Home district: fenland"


def test_the_flow_gives_each_step_its_reason(case):
    html = evidence.flow_table(case)
    assert "120" in html and "22: their follow-up is not complete yet" in html and "width:81.7%" in html


def test_every_comparison_stands_in_alphabetical_order_whatever_it_found(case):
    worse = Case(about(id="b", title="a mentoring programme", verdict="more"),
                 (effect(estimate=6.0, lower=2.0, upper=10.0, verdict="more"),))  # fmt: skip
    none = Case(about(id="c", title="zebra", verdict="no_verdict", reason="22 people analysed", analysed=None), ())
    html = evidence.every_comparison([none, case, worse], {"fenland": "Fenland"})
    order = [html.index(word) for word in ("a mentoring programme", "the IOM scheme", "zebra")]
    assert order == sorted(order)
    assert "22 people analysed" in html and "1 more without a verdict" in html


def test_over_all_time_stands_first_and_then_the_latest_quarters(monkeypatch):
    def made(name, to_period, window):
        return Case(about(id=name, to_period=to_period, definition=json.dumps({"window": window})))

    cases = (made("before", "2022Q4", "before"), made("latest", "2023Q4", "latest"), made("whole", "2023Q4", ""))
    monkeypatch.setattr(evidence.case, "every", lambda _: cases)
    assert [case.about["id"] for case in evidence.picked(None, "scheme:iom", "")] == ["whole", "latest", "before"]


def test_counts_those_that_may_be_luck(case):
    lucky = Case(about(id="x"), (effect(q_value=0.3),))
    none = Case(about(id="y", verdict="no_verdict"), ())
    assert evidence.counted([case, lucky, none]) == (2, 1)


def test_a_strip_is_centred_on_no_difference():
    row = effect(estimate=0.0, lower=-5.0, upper=5.0)
    assert "left:50.00%" in strip(row, 10.0, "") and 'iv-range"' in strip(row, 10.0, "")
    ratio = effect(scale="ratio", estimate=1.0, lower=0.9, upper=1.1)
    assert "left:50.00%" in strip(ratio, reach([ratio]), "")
    assert "beyond" in strip(effect(), 10.0, "")


def test_a_figure_that_is_missing_is_a_code_and_never_nought():
    assert figures(effect(estimate=None)) == ("[x]", "[x]", "[x]")


def test_the_charts_hold_the_rows_they_are_given(case):
    rows = [
        {"arm": arm, "day": day, "value": value, "lower": value - 3, "upper": value + 3, "at_risk": 90}
        for arm, ends in (("treated", (0.0, 20.0, 42.0)), ("comparison", (0.0, 25.0, 48.0)))
        for day, value in zip((0, 180, 365), ends, strict=True)
    ]
    drawn = evidence.arms(rows, 365)
    assert [t["y"] for t in drawn["data"] if "hovertext" in t] == [[0.0, 20.0, 42.0], [0.0, 25.0, 48.0]]
    assert "took part 42% by day 365 and similar people 48% by day 365" in evidence.alt_arms(rows)
    under = [text["text"] for text in drawn["layout"]["annotations"]]
    assert under.count("90") == 6 and under[2].endswith("still at risk:")
    assert drawn["layout"]["xaxis"]["ticktext"] == ["0", "3", "6", "9", "12"]
    bins = [{"bin": 0.0, "treated": 10, "pool": 90}, {"bin": 0.5, "treated": 30, "pool": 0}]
    both = evidence.support(bins)["data"]
    assert list(both[0]["y"]) == [25.0, 75.0] and list(both[1]["y"]) == [-100.0, 0.0]
    assert "30 of 40 who took part (75%) lie in a band" in evidence.alt_support(bins)
    rare = [{"bin": 0.0, "treated": 811, "pool": 90}, {"bin": 0.9, "treated": 3, "pool": 0}]
    assert evidence.overlap(rare).startswith("3 of 814 who took part (below 1%)")


def test_what_lies_just_above_the_acceptable_never_reads_as_it(case):
    row = {
        "covariate": "age",
        "level": "",
        "before": 0.4,
        "after": 0.1004,
        "treated_mean": 1,
        "pool_mean": 1,
        "matched_mean": 1,
    }
    assert "<b>0.1004</b>" in evidence.love_plot(Case(case.about, balance=(row,)))
    assert "<b>0.10</b>" in evidence.love_plot(Case(case.about, balance=({**row, "after": 0.0996},)))


def test_every_cell_is_escaped(case):
    hostile = Case(about(title="<script>", reason="<b>"), case.effects, case.flow)
    html = evidence.every_comparison([hostile], {}) + evidence.verdict_line(hostile)
    assert "<script>" not in html and not re.search(r"<b>[^<]*$", html)


def before_row(**other):
    return {
        "scheme": "iom", "district": "", "design": "first_selection", "fixed_date": dt.date(2024, 2, 1),
        "measure": "offences_per_year_at_liberty", "people": 51, "baseline": 5.0, "follow_up": 1.7,
        "expected_follow_up": 3.4, "change": -65.7, "change_lower": -83.5, "change_upper": -28.7, "remainder": -50.1,
        "remainder_lower": -77.9, "remainder_upper": 12.6, "did": None, "did_lower": None, "did_upper": None,
        "finding": "cannot_tell", "reason": "", **other,
    }  # fmt: skip


def test_before_and_after_stands_beside_what_selection_explains():
    html = evidence.before_after_table([before_row()])
    assert "5.00" in html and "1.70" in html and "3.40" in html
    assert ">\u221266%<" in html and "\u221284% to \u221229%" in html and "\u221278% to +13%" in html
    assert "[x]" in html and "Cannot tell from what selection explains" in html
    assert "reduc" not in html.lower()
    assert "whether or not they stayed; 1 February 2024" in html


def test_dates_taken_together_stand_beside_the_latest():
    html = evidence.before_after_table([before_row(), before_row(design="first_selection_pooled", people=140)])
    assert html.index("First selected in the year before") < html.index("every year together")
    assert "each person once; to 1 February 2024" in html and "<td>140</td>" in html


def test_observed_minus_expected_keeps_its_sign_and_interval():
    row = {"period_label": "Year to March 2025", "value": -6.1, "lower": -9.0, "upper": -3.2, "denominator": 240}
    html = evidence.expected_years([row])
    assert "\u22126.1" in html and "\u22129.0 to \u22123.2" in html and "240 index events" in html


def test_two_answers_stand_on_one_scale(case):
    year = {"period_label": "Year to March 2025", "value": 10.0, "lower": 2.0, "upper": 18.0, "denominator": 240}
    html = evidence.two_answers(case, [year])
    assert html.index("Beside similar people") < html.index("Beside what their history predicts")
    assert "98 people over the whole period" in html and "Year to March 2025; 240 index events" in html
    assert "left:75.00%" in html and "+20" in html  # ten of a scale that runs to twenty
    assert evidence.two_answers(case, []) == ""


def test_every_scheme_stands_by_both_measures_in_alphabetical_order(case):
    year = {"period_label": "Year to March 2025", "value": 10.0, "lower": 2.0, "upper": 18.0, "denominator": 240}
    none = Case(about(subject="dip", title="DIP", verdict="no_verdict", reason="22 people analysed"), ())
    html = evidence.side_by_side([case, none], {"dip": year})
    assert html.index("<b>DIP") < html.index("22 people analysed") < html.index("<b>+10<") < html.index("<b>the IOM")
    assert "not held by this release" in html
    assert evidence.side_by_side([case], {}) == ""


def test_a_scale_ends_at_a_round_number_whose_half_is_exact():
    for far, end in ((0.9, 1.0), (5.4, 6.0), (10.9, 12.0), (20.5, 30.0), (0.31, 0.4), (10.0, 12.0)):
        assert reach([effect(estimate=0.0, lower=-far, upper=far)]) == pytest.approx(end)
    assert re.findall(r">([^<]+)<", ticks(5.0)) == ["\u22125.0", "\u22122.5", "0", "+2.5", "+5.0"]


def test_one_level_of_two_stands_in_the_love_plot_and_what_is_still_unlike_comes_first(case):
    both = [{"comparison": "iom", "covariate": "at_release", "level": level, "before": sign, "after": 0.02 * sign}
            for level, sign in (("yes", 0.9), ("no", -0.9))]  # fmt: skip
    late = {"comparison": "iom", "covariate": "age", "level": "", "before": 0.05, "after": 0.2}
    html = evidence.love_plot(Case(about(), (), (), [*case.balance, *both, late]))
    assert html.count("Released from prison that day") == 2  # the label, and what a screen reader hears
    assert html.index("Age") < html.index("Released from prison") < html.index("Charges in the last year")
    assert 'iv-dot over" style' in html and "(1 of 4)" in html


def test_the_rows_of_a_case_are_its_own_and_its_tables_are_made_of_them(case):
    assert set(case.tables) == {"comparison", "effects", "flow", "balance"}
    assert case.tables["effects"].height == len(case.effects)
    assert case.published("frequency", "matched", "ratio")["estimate"] == 0.92
    assert case.published("hazard", "cox", "ratio") is None


def test_a_near_miss_that_cannot_be_told_says_why():
    row = {"version": "matrix-2", "outcome": "rate", "below": 40, "above": 51, "estimate": None, "lower": None,
           "upper": None, "reason": "too few values of the score", "problems": ""}  # fmt: skip
    html = evidence.near_miss_table([row, {**row, "outcome": "frequency"}])
    assert html.count("too few values of the score") == 1 and "matrix-2, 40 people below and 51 above" in html
    told = {**row, "estimate": -4.0, "lower": -9.0, "upper": 1.0, "reason": ""}
    assert "Of 100 people, reoffended" in evidence.near_miss_table([told])


def test_the_page_says_how_far_a_comparison_can_be_trusted_as_the_method_page_does(case):
    page = (ROOT / "docs" / "methods" / "calibration.md").read_text("utf-8")
    said = evidence.method(case)
    assert "praised in none and blamed" in said and "| 0 of 32; 1 of 32 |" in page
    assert "praised it in 29" in said and "**29 of 32**" in page
    assert "found in 10 of 32, a programme that harms in 3" in said and "| 10 of 32; 0 of 32 |" in page
