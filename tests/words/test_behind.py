"""What lies behind a figure, sentence by sentence: provisional, no cause, and never more than the interval says."""

import re

import pytest

from components.behind import sentences as say

RATE = {"unit": "%", "decimals": 1}
COUNT = {"unit": "reoffences per 100 people", "decimals": 1}
CAUSES = re.compile(r"\b(caus|because|due to|led to|thanks to|effect of|worked|impact|result)", re.I)


def nowcast(value=46.9, coverage=100 * 26 / 27, **more):
    known = value is not None
    return {"value": value, "lower": 42.3 if known else None, "upper": 53.5 if known else None, "backcasts": 27 if known else 0,
            "coverage": coverage if known else None, "seen_so_far": 42.3 if known else None, "people": 71,
            "period_label": "April 2025 to March 2026", "reason": "" if known else "fewer than 30 people", **RATE, **more}  # fmt: skip


def part(name, value, lower, upper, reason=""):
    ends = {"from_label": "April 2023 to March 2024", "to_label": "April 2024 to March 2025"}
    return {"part": name, "value": value, "lower": lower, "upper": upper, "reason": reason, **ends, **COUNT}


def parts(change=(-12.7, -20.0, -5.4), mix=(-10.0, -15.0, -5.0), remainder=(-2.7, -9.0, 4.0)):
    return {
        "before": part("before", 114.2, 100.0, 130.0),
        "mix": part("mix", *mix),
        "season": part("season", None, None, None, "the same quarters are compared: season has no part in it"),
        "remainder": part("remainder", *remainder),
        "after": part("after", 101.5, 90.0, 120.0),
        "change": part("change", *change),
    }


def top(value=38.4, lower=34.8, upper=41.9, **more):
    return {"measure": "top_10", "value": value, "lower": lower, "upper": upper, "by_chance": 21.0, "dominated": False,
            "people": 64, "of_people": 637, **RATE, **more}  # fmt: skip


def test_a_nowcast_is_provisional_with_its_interval_and_how_often_it_held():
    assert say.early(nowcast(), "people on a scheme") == (
        "Provisional: of people on a scheme, April 2025 to March 2026 is likely to come to 46.9% (95% interval 42.3% to 53.5%);"
        " the interval held what became final in 26 of 27 earlier cohorts."
    )


@pytest.mark.parametrize(("coverage", "held"), [(100.0, 27), (100 * 24 / 27, 24), (0.0, 0)])
def test_how_often_it_held_is_a_whole_number_of_cohorts(coverage, held):
    assert say.held(nowcast(coverage=coverage)) == (
        f"the interval held what became final in {held} of 27 earlier cohorts"
    )


def test_a_nowcast_never_tried_says_so():
    assert say.held(nowcast(backcasts=0)) == "it has not been tried on earlier cohorts"


def test_no_nowcast_says_why():
    said = say.early(nowcast(None), "people on a scheme")
    assert said == "There is no early sight of April 2025 to March 2026, people on a scheme: fewer than 30 people."


def test_one_reason_for_several_cohorts_is_told_once():
    rows = [nowcast(None, period_label="2025Q2"), nowcast(), nowcast(None, period_label="2025Q3")]
    assert say.missing(rows) == ["No nowcast for 2025Q2 and 2025Q3: fewer than 30 people."]


def test_proven_so_far_is_in_the_key_only_where_it_is_drawn():
    assert "proven so far" in say.sight_key([nowcast()])
    assert "proven so far" not in say.sight_key([nowcast(seen_so_far=None)])


def test_a_nowcast_without_final_figures_beside_it_says_so():
    assert say.NO_FINAL in say.sight_notes([], [nowcast()])
    assert say.NO_FINAL not in say.sight_notes([nowcast()], [nowcast()])


@pytest.mark.parametrize(
    ("value", "look", "said"),
    [
        (-12.7, COUNT, "\u221212.7"),
        (1.25, RATE, "+1.2"),
        (0.04, RATE, "0.0"),
        (-0.04, RATE, "0.0"),
        (3.0, RATE | {"decimals": 0}, "+3"),
    ],
)
def test_a_difference_has_its_sign_and_nought_has_none(value, look, said):
    assert say.signed(value, look) == said


def test_a_change_beyond_chance_fell_or_rose():
    assert say.moved(parts()) == (
        "It fell from 114.2 (April 2023 to March 2024) to 101.5 (April 2024 to March 2025), \u221212.7 reoffences per 100 people"
        " (95% interval \u221220.0 to \u22125.4)."
    )
    assert say.moved(parts(change=(12.7, 5.4, 20.0))).startswith("It rose from")


@pytest.mark.parametrize("change", [(-12.7, -30.0, 4.0), (-12.7, -30.0, 0.0), (12.7, 0.0, 30.0)])
def test_a_change_within_chance_neither_fell_nor_rose(change):
    said = say.moved(parts(change=change))
    assert said.endswith("we cannot tell this from chance.")
    assert "fell" not in said and "rose" not in said


def test_a_part_beyond_chance_goes_with_the_change_and_the_rest_cannot_be_told():
    assert say.accounts(parts()) == (
        "Caseload mix goes with \u221210.0; what goes with remainder cannot be told from chance."
    )


def test_season_is_told_from_chance_like_any_other_part():
    seasonal = parts() | {"season": part("season", 32.7, 30.0, 35.0)}
    assert say.accounts(seasonal).startswith("Caseload mix goes with \u221210.0 and season goes with +32.7;")
    within = parts() | {"season": part("season", 2.7, -30.0, 35.0)}
    assert say.accounts(within).endswith("what goes with season and remainder cannot be told from chance.")


def test_parts_within_chance_are_not_told():
    assert say.accounts(parts(mix=(-10.0, -21.0, 1.0))) == "No part of it can be told from chance."


def test_a_part_that_cannot_be_told_apart_gives_its_reason():
    assert say.untold(parts()) == ["Season: the same quarters are compared: season has no part in it."]


def test_the_parts_add_up_exactly_but_for_rounding_at_the_open_level():
    assert say.EXACT in say.waterfall_notes(parts(), "partnership")
    assert say.ROUNDED in say.waterfall_notes(parts(), "open") and say.EXACT not in say.waterfall_notes(parts(), "open")


def test_nothing_is_ever_said_to_cause_anything():
    told = [say.moved(parts()), say.accounts(parts()), say.answer({"a": parts()}, nowcast(), "Reoffending rate", "adults"),
            say.early(nowcast(), "adults"), *say.untold(parts()), say.concentrated(top(), "All"), *say.MEANS.values(),
            say.EXACT, say.ROUNDED, say.WATERFALL_KEY, say.PROVISIONAL]  # fmt: skip
    assert not [line for line in told if CAUSES.search(line)]
    assert say.NOT_THE_SCHEME.endswith("It is not the effect of the scheme.")


def test_the_answer_joins_the_latest_change_and_the_latest_cohort():
    said = say.answer({"a": parts()}, nowcast(), "Reoffending rate", "people on a scheme")
    assert said == (
        "Reoffending rate, people on a scheme: April 2024 to March 2025 was lower than April 2023 to March 2024, by more than"
        " chance, \u221212.7 reoffences per 100 people (95% interval \u221220.0 to \u22125.4); April 2025 to March 2026 is likely to come"
        " to 46.9% (95% interval 42.3% to 53.5%), provisionally."
    )
    within = say.answer({"a": parts(change=(-1.0, -9.0, 9.0))}, None, "Reoffending rate", "adults")
    assert "cannot be told apart from April 2023 to March 2024" in within and "lower" not in within


def test_the_answer_says_when_there_is_nothing():
    assert "nothing is foretold" in say.answer({}, None, "Reoffending rate", "adults")


def test_concentration_stands_beside_chance():
    assert say.concentrated(top(), "April 2022 to March 2025") == (
        "Of the offences proven in April 2022 to March 2025, 38.4% were by a tenth of the people with any (95% interval 34.8% to"
        " 41.9%); if all were equally likely to offend, chance alone would make it 21.0%."
    )


def test_concentration_within_chance_says_that_it_cannot_be_told():
    assert say.concentrated(top(lower=20.0), "All").endswith("We cannot tell this from chance.")


def test_concentration_that_is_hidden_says_so():
    assert say.concentrated(None, "April 2022 to March 2025") == (
        "How much of the offending was by the top tenth is not shown for April 2022 to March 2025."
    )
    [first, _, hidden] = say.tops_notes({"top_10": top()})
    assert first.startswith("Dashed line: what chance")
    assert hidden.startswith("Top 0.5% of people: hidden to protect people.")


def test_one_or_two_people_who_made_most_of_it_are_owned_up_to():
    notes = say.tops_notes({"top_10": top(), "top_0.5": top(measure="top_0.5", dominated=True)})
    assert any("one or two people committed most" in note for note in notes)
    assert notes[-1] == say.SHORT_OF
    assert "84 to 88 of 100 with 200 people" in say.SHORT_OF and "98 to 99 with 5,700" in say.SHORT_OF


@pytest.mark.parametrize(
    ("others", "left_out", "said"),
    [
        (0, 0, "No other partnership\u2019s open release has been taken in"),
        (1, 0, "Beside one other area\u2019s open release, on the same definition and version."),
        (2, 1, "One release was left out: another definition, version or follow-up than ours."),
        (0, 2, "No other area can stand beside ours. 2 releases were left out"),
    ],
)
def test_other_areas_stand_beside_ours_on_one_definition_only(others, left_out, said):
    assert said.replace("\u2019", "'") in say.beside(others, left_out)


def test_without_a_complete_year_nobody_stands_beside_ours():
    assert say.beside(0, 0, known=False) == say.NO_YEAR


@pytest.mark.parametrize(("level", "place", "said"), [
    ("open", "fenland", say.OPEN_BY_PLACE), ("open", "", say.OPEN_FEW), ("partnership", "", say.NO_SIGHT),
])  # fmt: skip
def test_an_empty_state_says_why(level, place, said):
    assert say.no_sight([], level, place) == [said]


def test_no_change_says_why():
    assert say.no_change("open", "fenland") == [say.OPEN_BY_PLACE]
    assert say.no_change("partnership", "fenland") == [say.NO_COHORT]


def test_no_limit_of_a_change_beyond_chance_reads_as_nought():
    assert say.moved(parts(change=(2.0, 0.04, 4.0))).endswith(
        "+2.0 reoffences per 100 people (95% interval +0.04 to +4.0)."
    )
    assert "\u22124.0 to \u22120.04)" in say.answer(
        {"a": parts(change=(-2.0, -4.0, -0.04))}, None, "Reoffending rate", "adults"
    )
