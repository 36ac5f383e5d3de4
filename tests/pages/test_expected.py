"""Observed against expected on the pages: districts by three standards, and how well history predicts, at both levels."""

import pytest

from components import expected
from components.expected import sentences as say
from tests.pages.reading import markup, text


def test_districts_stand_against_what_was_expected_of_their_people(run, level, source):
    app = run("districts", level)
    said = text(app)
    assert say.places_answer(expected.by_place(source, source.cohort("scheme"))) in said
    assert "All districts" in said and say.STANDARDS in said
    if level == "open":
        assert say.OPEN_BY_PLACE in said and markup(app).count('class="said"') == 3  # everybody, by three standards
    else:
        assert (
            "reoffending was above what people's history predicts in Fenland; one other has too few people to judge"
            in said
        )
        assert "1.42" in said and "Not known" not in [
            one.label for one in expected.by_place(source, source.cohort("scheme"))
        ]


def test_a_release_without_calibration_has_no_such_section(run, monkeypatch):
    monkeypatch.setattr(expected, "by_place", lambda source, about: [])
    monkeypatch.setattr(expected, "wholes", lambda source, cohort: [])
    assert "history predict" not in text(run("districts")) and "history predict" not in text(run("behind"))


def test_each_year_of_a_scheme_stands_by_every_standard(source):
    held = expected.by_year(source, "iom")
    if source.level == "open":
        assert held == []
        return
    [year] = held
    assert (year.people, year.local["value"], year.standard["ratio"]) == (90, pytest.approx(100 * 5 / 110), 1.07)


def test_how_well_history_predicts_is_shown_with_bands_at_the_level_that_has_them(run, level):
    said = text(run("behind", level))
    assert "How well does people\u2019s history predict here?" in said and "AUC 0.73" in said
    assert "Recalibrated on 600 index events here before" in said
    if level == "open":
        assert say.OPEN_BANDS in said
    else:
        assert "The national score is too low where it says 25 to 49%." in said
