"""What may be said of a figure: only what its interval supports."""

from typing import Any

import pytest

from components import words
from components.judge import change, status
from metrics.catalogue import catalogue


def row(value: float | None, lower: float | None = None, upper: float | None = None, **more: Any) -> dict[str, Any]:
    """A figure as the reader gives it: a final percentage of 100 people, unless said otherwise."""
    usual = {"unit": "%", "polarity": "lower_is_better", "status": "final", "reason": "", "numerator": value}
    usual |= {"denominator": 100, "title": "Reoffending rate", "period_label": "Year to March 2025", "decimals": 1}
    return usual | {"value": value, "lower": lower, "upper": upper} | more


@pytest.mark.parametrize(
    ("now", "before", "polarity", "kind"),
    [
        ((30, 25, 35), (50, 45, 55), "lower_is_better", "improved"),
        ((50, 45, 55), (30, 25, 35), "lower_is_better", "worsened"),
        ((50, 45, 55), (30, 25, 35), "higher_is_better", "improved"),
        ((50, 45, 55), (30, 25, 35), "no_judgement", "higher"),
        ((30, 25, 35), (50, 45, 55), "no_judgement", "lower"),
        ((48, 43, 53), (50, 45, 55), "lower_is_better", "cannot tell"),
    ],
)
def test_a_direction_is_named_only_where_the_interval_of_the_difference_leaves_out_zero(
    now: tuple[float, ...], before: tuple[float, ...], polarity: str, kind: str
) -> None:
    assert change(row(*now, polarity=polarity), row(*before, polarity=polarity)).kind == kind


def test_the_interval_of_a_difference_is_made_from_the_two_intervals() -> None:
    how = change(row(30, 27, 34), row(20, 16, 23))
    assert (how.difference, how.lower, how.upper) == pytest.approx((10, 10 - (9 + 9) ** 0.5, 10 + (16 + 16) ** 0.5))


def test_touching_zero_is_not_leaving_it_out() -> None:
    assert change(row(30, 27, 33), row(30, 27, 33)).kind == "cannot tell"
    assert change(row(34, 31, 37), row(30, 26, 34)).kind == "cannot tell"  # 4 less hypot(3, 4) is below zero
    assert change(row(36, 33, 39), row(30, 26, 34)).kind == "worsened"  # 6 less 5 is above it


def test_provisional_figures_carry_neither_change_nor_status() -> None:
    now = row(10, 8, 12, status="provisional")
    assert change(now, row(50, 45, 55)).kind == "none"
    assert status(now, 40, 30).kind == "none"
    assert "provisionally" in words.answer("Reoffending rate", "adults", now, row(50, 45, 55))


def test_a_count_is_stated_and_never_judged() -> None:
    how = change(row(12, 12, 12, unit="people"), row(20, 20, 20, unit="people"))
    assert (how.kind, how.words, how.difference) == ("difference", "Fewer", -8)


def test_without_an_interval_nothing_is_claimed() -> None:
    assert change(row(12, None, None, unit="days"), row(33, 20, 40, unit="days")).kind == "cannot tell"


@pytest.mark.parametrize(
    ("figure", "target", "kind"),
    [
        (row(30, 25, 35), 40, "meets"),
        (row(30, 25, 40), 40, "meets"),
        (row(50, 45, 55), 40, "misses"),
        (row(50, 40, 55), 40, "cannot tell"),
        (row(42, 35, 49), 40, "cannot tell"),
        (row(50, 45, 55), None, "no target"),
        (row(50, 45, 55, denominator=29), 40, "too few"),
        (row(50, 45, 55, polarity="higher_is_better"), 40, "meets"),
        (row(30, 25, 35, polarity="higher_is_better"), 40, "misses"),
        (row(50, 45, 55, polarity="no_judgement"), 40, "none"),
        (row(None, reason="too few people to publish", status="suppressed"), 40, "none"),
    ],
)
def test_red_is_an_interval_wholly_beyond_the_target(figure: dict[str, Any], target: float | None, kind: str) -> None:
    assert status(figure, target, 30).kind == kind


def test_a_missing_figure_is_a_symbol_with_its_reason_never_zero_or_blank() -> None:
    hidden = row(None, status="suppressed", reason="too few people to publish")
    assert words.shown(hidden) == "[c]"
    assert words.in_sentence(hidden) == "not shown (too few people to publish)"
    assert words.key_to([hidden]) == ["[c] hidden to protect people (too few people to publish)"]


@pytest.mark.parametrize("judged", ["better", "worse", "fell", "rose", "improve"])
def test_words_of_judgement_stay_away_where_we_cannot_tell(judged: str) -> None:
    said = words.answer("Reoffending rate", "adults", row(48, 43, 53), row(50, 45, 55))
    assert judged not in said
    assert "cannot tell" in said


def test_a_difference_of_nothing_has_no_sign() -> None:
    def said(now: float, before: float) -> str:
        return words.difference(
            change(row(now, now - 3, now + 3), row(before, before - 4, before + 4)), row(now, decimals=0)
        )

    assert said(30.2, 30.0) == "0 points (\u22125 to 5)"
    assert said(30.0, 30.2) == "0 points (\u22125 to 5)"
    assert said(36.0, 30.0) == "+6 points (1 to 11)"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Adults, 12 months", "adults"),
        ("Adults, two years", "adults (followed for two years)"),
        ("People screened in Broward County, 2013-14", "people screened in Broward County, 2013-14"),
        ("Caseload", "caseload"),
    ],
)
def test_people_are_named_with_how_long_they_are_followed_only_where_that_is_said(title: str, said: str) -> None:
    assert words.who(title) == said


def test_pathways_are_answered_in_plain_sentences_true_to_the_intervals() -> None:
    from components.headlines import Column

    def step(value: float, low: float, high: float, label: str) -> dict[str, Any]:
        return row(value, low, high, indicator="referred_of_need", title="Referred", decimals=0, label=label)

    groups = [step(20, 15, 25, "Finance"), step(45, 41, 50, "Attitudes and thinking"), step(31, 25, 39, "Health")]
    told = words.steps_answer([Column("Referred", "%", groups, step(33, 31, 35, ""))])
    assert told == (
        "In the year to March 2025, of needs as last assessed (100), 33% led to a referral. Different from all pathways together by more "
        "than chance: Referral is lower for Finance; higher for Attitudes and thinking."
    )
    alike = words.steps_answer([Column("Referred", "%", groups[2:], step(33, 31, 35, ""))])
    assert alike.endswith("No pathway can be told apart from all of them together.")
    assert words.listed(["Health", "Children and families"]) == "Health, and Children and families"


def test_each_step_says_what_it_is_a_share_of_and_pooled_quarters_give_no_counts() -> None:
    from components.headlines import Column

    text = catalogue()["referred_of_need"].text
    need = row(
        35, indicator="referred_of_need", decimals=0, denominator=1316, period="2026Q3", denominator_of=text.denominator
    )
    start = row(82, indicator="started_of_referred", decimals=0, denominator=1024, period="2026Q3")
    assert words.steps_said([need, start]) == (
        "In the year to March 2025, of needs as last assessed (1,316), 35% led to a referral; of all referrals (1,024), 82% started. "
        "Each share is of its own whole, so they do not multiply."
    )
    assert words.denominator(need) == "needs of people on the scheme, as last assessed"  # nothing is pooled
    assert words.column_head(Column("Referred", "%", [need], None)) == ("Referred", "share of needs")
    assert words.steps_said([need | {"period": "all", "period_label": "All complete quarters"}]) == (
        "With all complete quarters pooled (each need counts once in every quarter), of needs as last assessed, 35% led to a referral."
    )


def test_the_wait_says_whose_it_is_and_why_it_is_missing() -> None:
    from components.headlines import Column

    missing = "fewer than half have reached it, so there is no median"
    wait = row(None, indicator="waiting_days", unit="days", title="Waiting time", reason=missing)
    assert words.column_head(Column("Waiting time", "days", [wait], None)) == (
        "Waiting time, referrals made in the period",
        "median days",
    )
    assert words.reason(wait) == "fewer than half have started so far"
    assert words.reason({**wait, "indicator": "days_to_first_reoffence"}) == missing


def test_the_counts_behind_a_figure_stand_in_small_print() -> None:
    assert words.behind(row(47.5, 39, 56.1, numerator=86, denominator=181)) == "86 of 181 people"
    assert words.behind(row(4.85, 3.9, 6.3, unit="reoffences per reoffender", denominator=1086)) == "n = 1,086"
    assert words.behind(row(2.85, unit="reoffences per year at liberty", denominator=52595.0)) == "52,595 days"
    named = row(4.85, unit="reoffences per reoffender", denominator=86)
    named["denominator_of"] = "people with one or more proven reoffences"
    assert words.behind(named) == "86 people who reoffended"
    assert (
        words.behind(row(23, unit="days", denominator=222, denominator_of="referrals made in the period"))
        == "222 referrals"
    )
    assert words.behind(row(104, unit="people")) == ""
    assert words.behind(row(None)) == ""
    assert words.counts(row(578.6, unit="reoffences per 100 people", numerator=162, denominator=28)) == "162 for 28"


def test_a_figure_of_too_few_is_grey_and_says_so() -> None:
    from components import markup

    few_people = row(24.1, 12.2, 42.1, numerator=7, denominator=29, reason="fewer than 30 people: too few to judge")
    cell = markup.value_cell(few_people)
    assert cell.startswith('<span class="few">')
    assert "7 of 29 people, <abbr" in cell
    assert ">too few<" in cell
    assert 'class="iv-dot few"' in markup.strip(few_people)
    assert "few" not in markup.value_cell(row(24.1, 12.2, 42.1))
