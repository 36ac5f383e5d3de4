"""Too few people: the figure is shown, and nothing is said of change or target."""

import datetime as dt

import polars as pl

from app.figure import lines
from components.judge import change, status
from components.words import behind, change_in_sentence, counts
from metrics.catalogue import catalogue
from metrics.compute import with_status
from metrics.figure import EACH_QUARTER_ANEW, TOO_FEW, Figure, noun_of


def row(value: float, lower: float, upper: float, reason: str = "", denominator: float = 40) -> dict[str, object]:
    return {
        "value": value, "lower": lower, "upper": upper, "status": "final", "reason": reason, "denominator": denominator,
        "unit": "%", "polarity": "lower_is_better", "period_label": "April 2024 to March 2025", "decimals": 1,
    }  # fmt: skip


SMALL = f"fewer than 30 people: {TOO_FEW}"


def test_eight_of_eleven_to_five_of_twenty_is_not_called_better() -> None:
    """The intervals part, and yet both figures are marked as of too few people."""
    now, before = row(25.0, 11.2, 46.9, SMALL, 20), row(72.7, 43.4, 90.3, SMALL, 11)
    assert change(now | {"reason": ""}, before | {"reason": ""}).kind == "improved"
    for one, other in ((now, before), (now | {"reason": ""}, before), (now, before | {"reason": ""})):
        how = change(one, other)
        assert (how.kind, how.words) == ("none", "Too few people to compare")
    assert change_in_sentence(now, before, change(now, before)).endswith(": too few people to compare.")


def test_few_people_who_entered_often_have_no_status() -> None:
    """30 index events may be of 20 people: the reason counts people, the denominator does not."""
    assert status(row(60, 50, 70, SMALL, 35), target=40, minimum_n=30).kind == "too few"
    assert status(row(60, 50, 70, "", 35), target=40, minimum_n=30).kind == "misses"


def test_entries_of_pooled_quarters_are_not_called_people() -> None:
    """Somebody who entered in two quarters of a year is two index events and one person."""
    named = {"denominator_of": "people in the cohort (index events, when quarters are pooled)", "numerator": 10}
    assert behind(row(100, 72, 100, SMALL, 10) | named | {"period": "2024/25"}) == "10 of 10 index events"
    assert behind(row(100, 72, 100, SMALL, 10) | named | {"period": "2024Q3"}) == "10 of 10 people"


def test_needs_are_called_needs_and_never_counted_over_pooled_quarters() -> None:
    """A need is one person on one pathway; pooled over quarters the same need is there again in each."""
    text = catalogue()["unmet_need"].text
    named = {"denominator_of": text.denominator, "numerator_of": text.numerator, "numerator": 944}
    quarter = row(72, 69, 75, "", 1316) | named | {"period": "2026Q3"}
    assert behind(quarter) == "944 of 1,316 needs"
    for period in ("2025/26", "all"):
        assert behind(quarter | {"period": period}) == counts(quarter | {"period": period}) == ""


def test_no_measure_of_the_steps_calls_what_it_counts_people() -> None:
    """Only the share with a need asks of people: on one pathway, each is there once."""
    steps = [d for d in catalogue().values() if d.fact == "pathway_step"]
    assert all(EACH_QUARTER_ANEW in d.text.denominator for d in steps)
    assert [d.id for d in steps if noun_of(d.text.denominator) == "people"] == ["need_identified"]
    assert {noun_of(d.text.denominator) for d in steps} == {"people", "needs", "referrals", "starts", "completions"}


def test_what_is_too_few_is_named_by_the_definition() -> None:
    """Five conferences are five pieces of work, and nobody's number."""
    cells = pl.DataFrame(
        {"indicator": ["conference_attendance"], "cohort": "conferences", "period": "2026Q3", "dim1": "", "val1": "", "dim2": "",
         "val2": "", "value": 75.0, "lower": 50.0, "upper": 90.0, "numerator": 30.0, "denominator": 40.0, "n": 5, "known": 5,
         "people": 5}
    )  # fmt: skip
    states = pl.DataFrame({"cohort": ["conferences"], "period": ["2026Q3"], "state": ["complete"]})
    [found] = with_status(cells, [catalogue()["conference_attendance"]], states).to_dicts()
    assert found["reason"] == f"fewer than 6 case conferences: {TOO_FEW}"


def test_iom_figure_says_needs_in_a_quarter_and_gives_shares_alone_where_quarters_are_pooled() -> None:
    def said(period: str) -> str:
        return next(lines([Figure(
            "unmet_need", 1, "caseload", period, {}, 72.0, 69.0, 74.0, 944, 1316, "%", "lower_is_better", "final", "", None,
            "store", "r", True, dt.date(2026, 9, 30),
        )]))  # fmt: skip

    assert said("2026Q3").endswith(
        ": 944 needs for which nothing has been started of 1,316 needs of people on the scheme, as last assessed"
    )
    assert "1,316" not in said("2025/26") and EACH_QUARTER_ANEW in said("2025/26")
