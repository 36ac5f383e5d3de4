"""Schemes: the verdict and everything under it are the release's own, at both levels, with and without a verdict."""

import io
import zipfile

import pytest
import streamlit as st

from components import verdicts
from components.evidence import beside
from release.files import open_level
from tests.pages.reading import lede, markup, text
from tests.release import literal_comparison as written


def test_the_verdict_is_the_release_sentence_and_its_figures_stand_below(run, level, source):
    app = run("schemes", level)
    about = source.comparisons().row(0, named=True)
    main = source.effects().filter(source.effects()["headline"]).row(0, named=True)
    assert [t.value for t in app.title] == ["Did it make a difference?"]
    assert lede(app) == verdicts.verdict(about, main)
    said = text(app)
    assert verdicts.of_100(about, main) in said
    assert "Reoffended less" in said and "level 3 of 5" in said
    assert "120 people were submitted and 98 analysed (20 because their follow-up is not complete yet" in said
    assert "Charges in the last year" in said and "One match each" in said
    assert "2 other reasonable ways" in said and "1 of 2 give the same verdict" in said
    assert "E-value 1.57" in said


def test_how_soon_is_said_with_the_curves_the_mean_and_the_ratio(run, level, source):
    said = text(run("schemes", level))
    assert "281 days without reoffending within 12 months, similar people 267" in said
    assert "0.81 times as likely to do so" in said and "They reoffended later, or not at all" in said
    tested = source.effects().filter(source.effects()["method"] == "log_rank")["p_value"][0]
    assert verdicts.log_rank(tested) in said and "log-rank" in said


def test_what_came_first_stands_beside_how_soon(run, level):
    app = run("schemes", level)
    said = text(app)
    assert "a proven reoffence for 37% and 43%; and custody without one for 15% and 8%" in said
    charts = str([c.proto for c in app.get("plotly_chart")])
    assert charts.count("still at risk") == 3


def test_before_and_after_says_what_it_cannot_prove(run, level):
    said = text(run("schemes", level))
    assert (
        "were lower: \u221240% (95% interval \u221255% to \u221220%)" in said and verdicts.ALONE_PROVES_NOTHING in said
    )
    assert "reduced" not in said.lower()


def test_common_support_is_the_partnerships_alone(run):
    assert "Propensity score (logit" in str([c.proto for c in run("schemes", "partnership").get("plotly_chart")])
    assert "Propensity score (logit" not in str([c.proto for c in run("schemes", "open").get("plotly_chart")])


def test_a_comparison_without_a_verdict_gives_its_reason_and_no_figures(run):
    app = run("schemes", district="Fenland")
    assert lede(app) == "There is no verdict on IOM, Fenland: fewer than 60 people were submitted."
    assert "What differed?" not in text(app)


def test_schemes_are_listed_and_never_ranked(run):
    said = text(run("schemes"))
    assert "this is not a ranking" in said and "1 more without a verdict" in said
    assert not any(word in said.lower() for word in ("best", "worst", "league", "top scheme"))


def test_a_release_without_comparisons_says_so(tmp_path, monkeypatch, literal, run):
    monkeypatch.setattr(written, "put", lambda con, level: None)
    literal.write(tmp_path, "20261001T090000-000000")  # an id of its own: levels are made once for each
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    assert lede(run("schemes")).startswith("Nothing is compared in this release")


@pytest.mark.parametrize("width", ["stack"])
def test_tables_fold_at_phone_width(run, width):
    assert f"effects {width}" in markup(run("schemes"))


def test_the_download_holds_how_the_comparison_was_made(run, source, monkeypatch):
    made = []
    monkeypatch.setattr(st, "download_button", lambda label, data, **other: made.append(data))
    run("schemes", source.level)
    with zipfile.ZipFile(io.BytesIO(made[-1]())) as bundle:
        how = bundle.read("method.md").decode()
    assert (
        "**Compared with.** The people most like them among" in how and "**Cannot see.** What was not recorded" in how
    )


def test_the_written_comparison_is_what_the_reader_gives(data_dir):
    found = open_level(data_dir, "partnership").comparisons()
    assert found["id"].to_list() == ["iom", "iom_fenland"]
    assert found["verdict"].to_list() == ["fewer", "no_verdict"]


def test_the_open_level_opens_with_everybody_on_any_scheme_where_a_scheme_is_hidden(run, monkeypatch):
    row = {"period_label": "Year to March 2025", "period": "2024/25", "value": 5.0, "lower": -4.0, "upper": 13.0, "status": "final",
           "denominator": 165.0, "reason": "", "val1": ""}  # fmt: skip
    real = beside.data.rows

    def rows(source, indicator, cohort, *other, where=None, **more):
        if indicator != beside.EXPECTED:
            return real(source, indicator, cohort, *other, where=where, **more)
        return None if where or more.get("by") else [row]

    monkeypatch.setattr(beside.data, "rows", rows)
    monkeypatch.setattr(beside, "_held", lambda source: True)
    said = text(run("schemes", "open"))
    assert "People on any scheme; Year to March 2025; 165 index events" in said
    assert "People on any scheme: reoffending cannot be told apart from what" in said and "+5 percentage points" in said
