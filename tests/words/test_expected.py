"""Observed against expected in words and pictures: never beyond the interval, and nobody judged on too few people."""

import plotly.graph_objects as go
import pytest

from components import expected
from components.expected import Band, Standing, Whole
from components.expected import sentences as say


def gap(value, half, **other):
    return {"value": value, "lower": value - half, "upper": value + half, **other}


def standing(label, local, people=60, whole=False, **other):
    one = {"national": gap(2.0, 5.0), "standard": None, "observed": 50.0, **other}
    return Standing(
        label,
        "April 2024 to March 2025",
        people,
        people + 5,
        one["observed"],
        one["national"],
        local,
        one["standard"],
        whole,
    )


def whole_row(**other):
    return {
        "observed": 60.0,
        "entries": 120,
        "brier": 0.21,
        "auc": 0.73,
        "fitted_entries": None,
        **gap(10.0, 7.5),
        **other,
    }


ALL = standing("All districts", gap(4.0, 8.0), whole=True)


def test_districts_are_named_only_where_their_interval_lies_on_one_side():
    found = [
        ALL,
        standing("Cambridge", gap(-9.0, 5.0)),
        standing("Fenland", gap(12.0, 8.0)),
        standing("Huntingdon", gap(3.0, 8.0)),
    ]
    assert say.places_answer(found) == (
        "April 2024 to March 2025, recalibrated on earlier years here: reoffending was above what people's history predicts in"
        " Fenland; below what people's history predicts in Cambridge; in Huntingdon it cannot be told apart from it."
        " A difference may reflect who is selected, and not only what was done."
    )


def test_nobody_is_judged_on_too_few_people():
    small = standing("Cambridge", gap(-40.0, 5.0), people=29)
    said = say.places_answer([ALL, small, standing("Fenland", gap(3.0, 8.0))])
    assert (
        "cannot be told apart from what people's history predicts in Fenland; one other has too few people to judge"
        in said
    )
    assert "below" not in said
    assert "no district has 30 people or more, so none is judged." in say.places_answer([ALL, small])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (gap(4.5, 2.0), "more reoffended than the score expected, +4.5 percentage points (95% interval +2.5 to +6.5)"),
        (gap(-4.5, 2.0), "fewer reoffended than the score expected"),
        (gap(4.5, 8.0), "what happened cannot be told apart from what the score expected"),
        (gap(5.0, 9.0), "+5 percentage points (95% interval \u22124 to +14)"),
        ({"value": 5.0, "lower": None, "upper": None}, "cannot be told apart from what the score expected, +5 percentage points (no interval)"),
    ],
)  # fmt: skip
def test_all_together_never_beyond_the_interval(row, said):
    assert said in say.places_answer([standing("All districts", row, whole=True)])


def test_what_is_not_shown_is_said_to_be_so():
    hidden = standing("All districts", {"value": None, "lower": None, "upper": None}, whole=True)
    assert say.places_answer([hidden]) == "What was expected is not shown for April 2024 to March 2025."


def test_how_well_people_are_told_apart_is_said_in_pairs():
    both = Whole("April 2024 to March 2025", whole_row(), whole_row(brier=0.2, fitted_entries=600, **gap(5.0, 7.5)))
    assert "73 times of 100 (AUC 0.73; a coin would 50 times)" in say.apart(both)
    assert say.close(both) == (
        "Brier score 0.210 national and 0.200 recalibrated: 0 is perfect, and giving everybody the average would score 0.250."
    )
    national, local = say.in_all(both)
    assert national.startswith(
        "National score, April 2024 to March 2025: more reoffended than the score expected, +10.0"
    )
    assert local.startswith("Recalibrated on 600 index events here before: what happened cannot be told apart")
    hidden = Whole("2024/25", whole_row(observed=None, auc=None), None)
    assert say.close(hidden) == "Brier score 0.210 national: 0 is perfect." and say.apart(hidden) == ""
    assert len(say.in_all(hidden)) == 1 and hidden.best is hidden.national


BANDS = [
    Band("0-24", "national", 40, 50, 10.0, 12.0, 5.0, 24.0),
    Band("25-49", "national", 50, 60, 35.0, 50.0, 38.0, 62.0),
    Band("90+", "national", 6, 8, 93.0, 40.0, 20.0, 60.0),
    Band("25-49", "local", 50, 60, 40.0, 50.0, 38.0, 62.0),
]


def test_bands_that_fit_badly_are_named_where_there_are_people_enough():
    assert say.bands_answer(BANDS) == "The national score is too low where it says 25 to 49%."
    assert "In no band with people enough" in say.bands_answer(BANDS[:1])
    assert say.bands_answer(BANDS[2:3]) == "No band has 30 people or more, so none is judged."
    high = Band("50-74", "national", 90, 90, 60.0, 40.0, 30.0, 52.0)
    assert say.bands_answer([*BANDS, high]) == (
        "The national score is too low where it says 25 to 49% and too high where it says 50 to 74%."
    )


def test_the_picture_holds_every_band_once_and_is_valid():
    drawn = go.Figure(expected.reliability(BANDS))
    marks = [trace for trace in drawn.data if trace.mode == "markers"]
    assert [list(trace.y) for trace in marks] == [[12.0, 50.0, 40.0], [50.0]]
    assert list(marks[0].marker.opacity) == [1, 1, 0.35]
    assert "score 25 to 49%: 40% expected, 50% reoffended" in expected.alt_reliability(BANDS)
    assert not [trace for trace in go.Figure(expected.reliability([])).data if trace.mode == "markers" and trace.x]


def test_a_standing_is_tabled_with_its_strips_and_its_people():
    ratio = {"ratio": 1.42, "ratio_lower": 1.2, "ratio_upper": 1.7}
    few = standing("Cambridge", gap(-9.0, 5.0), people=12, observed=None, standard={**ratio, "ratio": None})
    html = expected.standings_table(
        [standing("<b>Fenland", gap(12.5, 8.0), standard=ratio), few], "Districts", "District"
    )
    assert (
        "&lt;b&gt;Fenland" in html
        and "+12.5" in html
        and "+4.5 to +20.5" in html
        and "1.42" in html
        and "1.2 to 1.7" in html
    )
    assert html.count("too few</abbr>") == 1 and '<tr role="row" class="few">' in html
    assert html.count("[x]") == 1 and "\u2013</td>" in html
