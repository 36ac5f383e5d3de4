"""What is said of the differences between ethnic groups, from rows as the release has them."""

from types import SimpleNamespace

import numpy as np
import pytest

from components import disparity
from components.disparity import Compared, Line
from metrics.disparity import Ratio
from metrics.figure import TOO_FEW
from metrics.kinds.proportion import wilson


def row(group: str, top: int, bottom: int, status: str = "final") -> dict:
    low, high = wilson(np.array([top / bottom]), np.array([float(bottom)]))
    few = f"fewer than 30 people: {TOO_FEW}" if bottom < 30 else ""
    number = None if status != "final" else 1.0
    return {
        "title": "Reoffending rate", "unit": "%", "decimals": 1, "polarity": "lower_is_better", "status": status, "reason": few,
        "value": number and 100 * top / bottom, "lower": number and 100 * low[0], "upper": number and 100 * high[0],
        "numerator": number and float(top), "denominator": number and float(bottom), "minimum_n": 30, "people": "adults",
        "dim1": "ethnicity", "val1": group, "label1": group.replace("_", " ").capitalize(), "dim2": "", "val2": "", "label2": "",
        "period": "2022/23-2024/25", "period_label": "Three years to March 2025", "numerator_of": "", "denominator_of": "",
    }  # fmt: skip


ROWS = {
    each["val1"]: each
    for each in (
        row("asian", 12, 60), row("black", 45, 80), row("mixed", 20, 55), row("white", 400, 1300), row("other", 5, 12),
        row("not_known", 6, 20),
    )
}  # fmt: skip


@pytest.fixture
def found() -> Compared:
    lines = tuple(disparity._line(group, ROWS, {}) for group in ROWS if group != "not_known")
    return Compared("Three years to March 2025", lines)


def of(found: Compared, label: str) -> Line:
    return next(line for line in found.lines if line.label == label)


def test_each_group_is_set_against_white_people_and_against_everybody_else_whose_group_is_known(
    found: Compared,
) -> None:
    black = of(found, "Black")
    assert black.to_white is not None and black.to_rest is not None
    assert black.to_white.value == pytest.approx((45 / 80) / (400 / 1300))
    # everybody else: Asian, Mixed, White and Other, however few, and not those whose group is not known
    assert black.to_rest.value == pytest.approx((45 / 80) / (437 / 1427))
    assert black.to_white.finding == "higher" and of(found, "Asian").to_white.finding == "cannot tell"  # type: ignore[union-attr]


def test_too_few_people_and_the_group_of_reference_are_not_compared(found: Compared) -> None:
    other, white = of(found, "Other"), of(found, "White")
    assert other.to_white is None and other.to_rest is None and other.why
    assert white.to_white is None and white.to_rest is not None


def test_the_sentences_say_what_can_be_told_and_what_cannot(found: Compared) -> None:
    told, rest = disparity.sentences(found)
    assert (
        told
        == "In the three years to March 2025 the rate for Black people was 1.83 times (1.45 to 2.21) that of White people."
    )
    assert rest.startswith(
        "For Asian people and people of mixed ethnic groups we cannot tell a difference from White people"
    )
    assert rest.endswith("That does not mean there is none.")


def test_nobody_to_compare_is_said() -> None:
    nobody = Compared("Year to March 2025", (Line("White", ROWS["white"], None, None, None, ""),))
    assert disparity.sentences(nobody)[0].startswith(
        "In the year to March 2025 no group can be set against White people"
    )


def test_an_end_beyond_one_never_reads_as_one() -> None:
    assert disparity.times(Ratio(1.3, 1.001, 1.7)) == "1.30 times (1.001 to 1.70)"
    assert disparity.times(Ratio(1.3, 0.999, 1.7)) == "1.30 times (1.00 to 1.70)"


def test_the_table_says_every_ratio_in_words_and_draws_it(found: Compared) -> None:
    html = disparity.table(found)
    assert "1.83 times" in html and "1.45 to 2.21" in html and "Cannot tell" in html and "Higher" in html
    assert "the group that others are set against" in html
    assert html.count('class="iv centred"') == 3
    notes = disparity.notes(found)
    assert any("not a finding about the people" in note for note in notes)
    assert any(note.startswith("7 comparisons stand here") for note in notes)


def test_the_download_has_every_ratio(found: Compared) -> None:
    frame = disparity.frame(found)
    assert frame.height == 15 and frame["ratio"].null_count() == 8
    assert disparity.frame(None).is_empty()


def test_the_first_period_with_enough_groups_is_shown_else_that_with_most(
    monkeypatch: pytest.MonkeyPatch, found: Compared
) -> None:
    def with_groups(period: str, many: int) -> Compared:
        able = [line for line in found.lines if line.to_white is not None]
        return Compared(period, tuple(able[:many]))

    for groups, expected in (
        ({"three_years": 2, "all": 3, "year": 1}, "three_years"),
        ({"three_years": 1, "all": 3, "year": 1}, "all"),
        ({"three_years": 1, "all": 1, "year": 0}, "three_years"),
        ({}, None),
    ):
        made = {kind: with_groups(kind, many) for kind, many in groups.items()}
        monkeypatch.setattr(disparity, "_in_period", lambda source, cohort, where, kind, made=made: made.get(kind))
        source = SimpleNamespace(dimensions=lambda: [SimpleNamespace(id="ethnicity")])
        shown = disparity.compared(source, None, {})  # type: ignore[arg-type]
        assert (shown and shown.period) == expected
