"""The words of a comparison, sentence by sentence, and that they can never say more than the interval does."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import verdicts


def comparison(verdict="fewer", **other):
    return {
        "title": "the IOM scheme in Fenland",
        "verdict": verdict,
        "reason": "",
        "outcome_days": 365,
        **other,
    }


def effect(lower, upper, *, outcome="rate", scale="difference", treated=42.0, expected=48.4, **other):
    return {
        "outcome": outcome,
        "scale": scale,
        "estimate": (lower + upper) / 2,
        "lower": lower,
        "upper": upper,
        "treated": treated,
        "expected": expected,
        "verdict": "cannot_tell",
        "q_value": None,
        **other,
    }


def test_fewer():
    said = verdicts.verdict(comparison("fewer"), effect(-9.2, -3.6))
    assert said == (
        "People on the IOM scheme in Fenland reoffended less within 12 months than similar people who were not on it."
    )


def test_more():
    said = verdicts.verdict(comparison("more", outcome_days=730), effect(1.1, 8.0))
    assert said == (
        "People on the IOM scheme in Fenland reoffended more within two years than similar people who were not on it."
    )


def test_cannot_tell_does_not_mean_no_effect():
    said = verdicts.verdict(comparison("cannot_tell"), effect(-5.0, 3.0))
    assert said == (
        "We cannot tell whether the IOM scheme in Fenland changed reoffending within 12 months."
        " This does not mean that it has no effect."
    )


def test_no_verdict_gives_its_reason():
    said = verdicts.verdict(comparison("no_verdict", reason="22 people could be analysed and 30 are needed"), None)
    assert said == ("There is no verdict on the IOM scheme in Fenland: 22 people could be analysed and 30 are needed.")


@pytest.mark.parametrize(
    ("code", "lower", "upper"),
    [
        ("cannot_tell", -9, -2),
        ("cannot_tell", 0.1, 4),
        ("fewer", -9, 0),
        ("fewer", -9, 0.1),
        ("fewer", 1, 2),
        ("more", 0, 4),
        ("more", -1, 4),
        ("more", -4, -1),
    ],
)
def test_words_never_exceed_the_interval(code, lower, upper):
    with pytest.raises(ValueError, match="not borne out"):
        verdicts.verdict(comparison(code), effect(lower, upper))


@pytest.mark.parametrize(("code", "lower", "upper"), [("fewer", 0.6, 1.01), ("more", 0.98, 1.4)])
def test_a_ratio_is_held_to_one(code, lower, upper):
    with pytest.raises(ValueError, match="not borne out"):
        verdicts.verdict(comparison(code), effect(lower, upper, scale="ratio"))
    assert verdicts.verdict(comparison("fewer"), effect(0.6, 0.9, scale="ratio")).startswith("People on")


def test_more_days_without_reoffending_is_the_good_direction():
    longer = effect(4, 30, outcome="time")
    assert "reoffended less" in verdicts.verdict(comparison("fewer"), longer)
    with pytest.raises(ValueError, match="not borne out"):
        verdicts.verdict(comparison("more"), longer)


def test_of_100_typical_people():
    said = verdicts.of_100(comparison(), effect(-9.2, -3.6))
    assert said == (
        "Of 100 typical people on the IOM scheme in Fenland, 42 reoffended within 12 months; of 100 similar people who were"
        " not on it, 48. The difference is between 4 and 9 fewer (95% interval)."
    )


def test_only_a_share_can_be_told_of_100():
    with pytest.raises(ValueError, match="share"):
        verdicts.of_100(comparison(), effect(-9, -3, outcome="frequency"))


@pytest.mark.parametrize(
    ("lower", "upper", "outcome", "scale", "said"),
    [
        (-5.0, 3.0, "rate", "difference", "anything from 5 fewer to 3 more"),
        (1.0, 8.4, "rate", "difference", "between 1 and 8 more"),
        (-8.4, -0.4, "rate", "difference", "between 0.4 and 8.4 fewer"),
        (-8.4, -0.01, "rate", "difference", "between 0.01 and 8.40 fewer"),
        (0.0, 0.0, "rate", "difference", "none"),
        (4.0, 30.0, "time", "difference", "between 4 and 30 more days"),
        (-4.0, 30.0, "time", "difference", "anything from 4 fewer days to 30 more days"),
        (0.7, 0.9, "frequency", "ratio", "between 10% and 30% fewer"),
        (0.7, 1.2, "frequency", "ratio", "anything from 30% fewer to 20% more"),
        (1.1, 1.5, "frequency", "ratio", "between 10% and 50% more"),
    ],
)
def test_the_interval_in_words(lower, upper, outcome, scale, said):
    spoken = verdicts.span(effect(lower, upper, outcome=outcome, scale=scale))
    assert spoken == f"The difference is {said} (95% interval)."


@given(st.floats(-50, 50), st.floats(0.001, 50))
def test_a_span_that_holds_nought_never_names_one_direction_alone(lower, width):
    upper = lower + width
    said = verdicts.span(effect(lower, upper))
    both = "fewer" in said and "more" in said
    assert both == (lower < 0 < upper)


@given(st.floats(0.02, 60))
def test_no_end_of_an_interval_reads_as_nought_unless_it_is(end):
    assert " 0 " not in verdicts.span(effect(end, end + 5)) and " 0.0 " not in verdicts.span(effect(end, end + 5))


def test_an_outcome_beside_the_headline():
    said = verdicts.outcome_line(effect(-25.0, -1.0, outcome="frequency", treated=142.0, expected=155.0))
    assert said == (
        "Reoffences for each 100 people: 142 against 155 among similar people."
        " The difference is between 1 and 25 fewer (95% interval)."
    )


def test_the_answer_made_larger_is_no_other_way_of_finding_it():
    main, other = effect(-9.0, -3.0), effect(-6.0, 2.0, method="matched")
    larger = effect(-12.0, -4.0, method="undiluted")
    said = verdicts.moves(main, [other, larger])
    assert "0 of 1 give the same verdict" in said and "\u22128" not in said
    assert verdicts.moves(main, [larger]) == "No other way of working it out could be computed."


def test_a_share_says_of_what_and_a_yearly_rate_keeps_its_decimals():
    custody = verdicts.outcome_line(effect(-15.0, 3.0, outcome="custody", treated=33.0, expected=39.0))
    assert custody.startswith("Of 100 people, went to custody: 33 against 39 among similar people.")
    liberty = verdicts.outcome_line(effect(-1.2, 0.3, outcome="liberty", treated=1.29, expected=1.52))
    assert liberty.startswith("Reoffences for each year at liberty: 1.29 against 1.52 among similar people.")


def test_many_comparisons_are_owned_up_to():
    assert verdicts.many(1, 0) == ""
    assert verdicts.many(20, 0).endswith("one or more would seem to differ by luck alone.")
    assert "One verdict here does not survive" in verdicts.many(20, 1)
    assert "3 verdicts here do not survive" in verdicts.many(20, 3)


def test_a_verdict_that_may_be_luck_says_so():
    lucky = effect(-9, -1, verdict="fewer", q_value=0.21)
    assert "may be luck" in verdicts.luck(lucky)
    assert verdicts.luck({**lucky, "q_value": 0.01}) == ""
    assert verdicts.luck({**lucky, "q_value": None}) == ""
    assert verdicts.luck({**lucky, "verdict": "cannot_tell"}) == ""


@pytest.mark.parametrize(
    ("change", "lower", "upper", "said"),
    [
        (-42.0, -65.0, -3.0, "were lower: \u221242% (95% interval \u221265% to \u22123%)."),
        (12.0, 0.4, 30.0, "were higher: +12% (95% interval +0.4% to +30%)."),
        (-12.0, -30.0, 9.0, "cannot be told apart: \u221212% (95% interval \u221230% to +9%)."),
    ],
)
def test_before_and_after_gives_who_when_and_how_sure_and_never_says_reduced(change, lower, upper, said):
    row = {
        "change": change,
        "change_lower": lower,
        "change_upper": upper,
        "people": 88,
        "fixed_date": dt.date(2025, 4, 1),
    }
    spoken = verdicts.before_after(row)
    assert spoken == (
        "88 people, as of 1 April 2025: offences for each year at liberty in the year after, beside the year before,"
        f" {said} {verdicts.ALONE_PROVES_NOTHING}"
    )
    assert "reduc" not in spoken


def test_before_and_after_without_an_interval_says_so():
    assert "changed by 0% (no interval)." in verdicts.before_after({"change": 0.0})


def test_expected_may_reflect_who_is_selected():
    below = verdicts.expected_line({"value": -6.1, "lower": -9.0, "upper": -3.2, "reason": ""})
    assert below == (
        "Reoffending is below what people's history leads us to expect: \u22126.1 percentage points"
        " (95% interval \u22129.0 to \u22123.2). A difference may reflect who is selected, and not only what was done."
    )
    unsure = verdicts.expected_line({"value": -6.1, "lower": -13.0, "upper": 1.2, "reason": ""})
    assert unsure.startswith("Reoffending cannot be told apart from what people's history leads us to expect")
    hidden = verdicts.expected_line({"value": None, "lower": None, "upper": None, "reason": "fewer than 30 people"})
    assert hidden == "Observed against expected reoffending is not shown (fewer than 30 people)."


def test_submitted_and_analysed():
    steps = [
        {"people": 120, "reason": ""},
        {"people": 104, "reason": "their follow-up is not complete yet"},
        {"people": 104, "reason": "they started in custody"},
        {"people": 98, "reason": "nobody like them was found"},
    ]
    assert verdicts.flow(steps) == (
        "120 people were submitted and 98 analysed"
        " (16 because their follow-up is not complete yet; 6 because nobody like them was found)."
    )
    assert verdicts.flow([]) == ""


def test_how_much_later_people_reoffended():
    later = effect(4.2, 18.0, outcome="time", treated=292.0, expected=281.0)
    assert verdicts.sooner(later, 365) == (
        "On average people went 292 days without reoffending within 12 months, similar people 281."
        " The difference is between 4 and 18 more days (95% interval)."
    )
    unsure = verdicts.sooner(effect(-5.2, 18.3, outcome="time", treated=292.0, expected=285.0), 365)
    assert unsure.endswith(
        "anything from 5 fewer days to 18 more days (95% interval). This cannot be told from no difference."
    )
    assert verdicts.sooner({**later, "estimate": None}, 365) == ""


def ratio(lower, middle, upper):
    return {**effect(lower, upper, outcome="hazard", scale="ratio", treated=None, expected=None), "estimate": middle}


def test_a_hazard_ratio_in_plain_words():
    one = "It is one figure for the whole time: the difference may have been larger early and smaller late."
    assert verdicts.hazard(ratio(0.62, 0.78, 0.98), 365) == (
        "At any time within 12 months, those of them who had not yet reoffended were 0.78 times as likely to do so as similar"
        f" people (hazard ratio, 95% interval 0.62 to 0.98). They reoffended later, or not at all. {one}"
    )
    assert f"They reoffended sooner. {one}" in verdicts.hazard(ratio(1.1, 1.4, 1.9), 730)
    assert f"This cannot be told from no difference. {one}" in verdicts.hazard(ratio(0.7, 0.9, 1.1), 365)
    assert verdicts.hazard({**ratio(0.7, 0.9, 1.1), "estimate": None}, 365) == ""


@given(st.floats(0.05, 5), st.floats(0.01, 5))
def test_a_hazard_ratio_never_says_more_than_its_interval(lower, width):
    said = verdicts.hazard(ratio(lower, lower + width / 2, lower + width), 365)
    assert ("sooner" in said) == (lower > 1) and ("later, or" in said) == (lower + width < 1)
    assert ("cannot be told" in said) == (lower <= 1 <= lower + width)


def test_two_curves_differ_or_cannot_be_told_apart():
    assert verdicts.log_rank(0.0004) == "The two curves differ by more than chance (log-rank test, p below 0.001)."
    assert verdicts.log_rank(0.049) == "The two curves differ by more than chance (log-rank test, p = 0.049)."
    assert verdicts.log_rank(0.05).startswith("The two curves cannot be told apart (log-rank test, p = 0.050)")
    assert "p = 0.41" in verdicts.log_rank(0.41) and "can differ and pass it" in verdicts.log_rank(0.41)
    assert verdicts.log_rank(None) == ""


def test_what_came_first_claims_no_difference():
    ends = {("treated", "reoffence"): 24.6, ("comparison", "reoffence"): 27.0, ("treated", "custody"): 12.0,
            ("comparison", "custody"): 9.7, ("treated", "death"): 1.0}  # fmt: skip
    said = verdicts.came_first(ends, 365)
    assert said == (
        "What came first within 12 months, among those who took part and among similar people: a proven reoffence for 25% and"
        " 27%; and custody without one for 12% and 10%."
    )
    assert verdicts.came_first({}, 365) == ""


def test_what_joining_later_hides_is_said_without_a_verdict():
    rows = [{"measure": "joined_later", "value": 34.2}, {"measure": "undiluted", "value": -3.05}]
    assert verdicts.diluted(rows, effect(-6.4, 1.8)) == (
        "Of the similar people 34% joined within the follow-up, which hides part of any difference. Had nobody joined, and did"
        " it work as well for them, \u22122.3 would be about \u22123.0; the verdict does not rest on that."
    )
    assert verdicts.diluted(rows[:1], effect(-6.4, 1.8)).endswith("hides part of any difference.")
    assert verdicts.diluted([{"measure": "joined_later", "value": 0.0}], effect(-6.4, 1.8)) == ""
    assert verdicts.diluted([], effect(-6.4, 1.8)) == ""


def test_a_sign_is_a_true_minus_and_nought_has_none():
    assert (verdicts.signed(-2.34, 1), verdicts.signed(2.3, 1), verdicts.signed(-0.04, 1)) == ("\u22122.3", "+2.3", "0")


def test_more_often_is_said_beside_cannot_tell_and_not_in_its_place():
    often = effect(12.0, 50.0, outcome="frequency")
    assert verdicts.how_often(comparison("cannot_tell"), often) == (
        "How many of them reoffended cannot be told apart, but together they committed more proven reoffences for each 100 people."
        " The difference is between 12 and 50 more (95% interval). The verdict rests on the first: of two outcomes one may differ by luck."
    )
    fewer = verdicts.how_often(comparison("cannot_tell"), effect(-50.0, -12.0, outcome="frequency"))
    assert "committed fewer proven reoffences" in fewer and "between 12 and 50 fewer" in fewer


@pytest.mark.parametrize("code", ["fewer", "more", "no_verdict"])
def test_how_often_adds_nothing_to_another_verdict(code):
    assert verdicts.how_often(comparison(code), effect(12.0, 50.0, outcome="frequency")) == ""


def test_how_often_says_nothing_of_an_interval_that_holds_no_difference():
    assert verdicts.how_often(comparison("cannot_tell"), effect(-1.0, 50.0, outcome="frequency")) == ""
    assert verdicts.how_often(comparison("cannot_tell"), None) == ""


NOUGHT = re.compile(r"(?<![\d.,])0(\.0+)?(?=%| fewer| more| to |\)|$)|[+\u2212]0(\.0+)?(?![\d.])")
"""A figure that reads as none."""
AWAY = st.floats(1e-4, 40)
WIDE = st.floats(1e-4, 60)


def spoken(lower, upper):
    """Everything that is said of a difference whose interval lies between these limits."""
    middle = (lower + upper) / 2
    ours = {"treated": 45.0 + middle, "expected": 45.0}
    code = "fewer" if upper < 0 else "more"
    rate, often = effect(lower, upper, **ours), effect(lower, upper, outcome="frequency", **ours)
    days = effect(lower, upper, outcome="time", treated=290 + middle, expected=290.0)
    over = {"value": middle, "lower": lower, "upper": upper, "reason": ""}
    before = {"change": middle, "change_lower": lower, "change_upper": upper, "people": 88}
    return [
        verdicts.of_100(comparison(code), rate), verdicts.span(rate), verdicts.outcome_line(often), verdicts.sooner(days, 365),
        verdicts.how_often(comparison("cannot_tell"), often), verdicts.expected_line(over), verdicts.before_after(before),
        verdicts.span(effect(1 + lower / 100, 1 + upper / 100, outcome="frequency", scale="ratio")),
        " to ".join(verdicts.ends(lower, middle, upper, 1)), " ".join(verdicts.on_interval(middle, lower, upper)),
    ]  # fmt: skip


@given(AWAY, WIDE, st.booleans())
def test_what_is_told_from_chance_never_stands_beside_a_nought(near, width, below):
    lower, upper = (-near - width, -near) if below else (near, near + width)
    for said in spoken(lower, upper):
        assert not NOUGHT.search(said), said


@given(AWAY, WIDE, st.booleans())
def test_a_hazard_ratio_told_from_one_never_has_a_limit_of_one(near, width, below):
    lower, upper = (1 / (1 + near + width), 1 / (1 + near)) if below else (1 + near, 1 + near + width)
    said = verdicts.hazard(ratio(lower, (lower + upper) / 2, upper), 365)
    limits = re.search(r"interval (\S+) to (\S+)\)", said)
    assert all(float(end) != 1 for end in limits.groups()), said


@given(st.floats(1, 90), st.floats(1e-4, 5))
def test_two_groups_told_apart_never_read_the_same(ours, more):
    found = verdicts.both(effect(-2 * more, -more / 2, treated=ours, expected=ours + more))
    assert found[0] != found[1]


def test_two_groups_that_were_rounded_alike_are_said_to_be_rounded():
    assert "45 (both rounded). The" in verdicts.of_100(comparison(), effect(-2.0, -0.1, treated=45.0, expected=45.0))
