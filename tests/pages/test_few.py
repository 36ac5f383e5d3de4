"""Too few people: the figure is shown, and nothing is said of change or target."""

from components.judge import change, status
from components.words import behind, change_in_sentence
from metrics.figure import TOO_FEW


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
