"""Payment by results: the answer, the reckoning, luck and the rule are the release's own, at both levels, empty and refused."""

import io
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from components import payment
from components.payment import sentences as say
from tests.pages.reading import lede, markup, text
from tests.release import literal_payment as written

PAGE = "payment_by_results"
LOCAL = "Simple local rule"


def test_the_answer_is_what_the_rule_pays_and_what_luck_would_be_paid(run, source, level):
    app = run(PAGE, level)
    rule = payment.rules(source)["peterborough"]
    found = payment.contract(source, rule, "scheme:iom", "")
    assert [t.value for t in app.title] == [say.TITLE]
    assert lede(app) == say.answer(found, payment.of_nothing(found))
    said = text(app)
    if level == "partnership":
        # 120 against 137 for every 100 of 98 people: 12.4% fewer, 16.66 events at £14,300
        assert (
            "would be paid £238,000 in 2010/11 prices; a scheme of its size that does nothing would be paid something about"
            in lede(app)
        )
        assert "£238,000 (paid for above)" not in said and "waits until every one is in" in said
    else:
        assert "its figures are rounded at this level, so the fall may be anything from" in lede(app)
        assert "10.0% pays." in lede(app)
    assert "Prices and limits of this rule were not all read in the original" in said
    assert "£14,300 for every reconviction event averted" in said and "others say £13,000,000" in said


def test_the_simple_rule_pays_points_of_the_rate(run):
    app = run(PAGE, rule=LOCAL)
    assert "IOM would be paid £64,000 in 2024/25 prices" in lede(app)  # 42.0 against 48.4
    assert "more than the floor about" in lede(app)
    assert (
        "At the worse end of the 95% intervals it would be paid £36,000, at the better end £92,000 in 2024/25 prices"
        in text(app)
    )


def test_luck_follows_the_sliders_in_the_address(run, source):
    app = run(PAGE, rule=LOCAL, size="1000", effect="-10")
    found = payment.contract(source, payment.rules(source)["simple_local"], "scheme:iom", "")
    told = payment.chance(found, 1000, -10)
    assert [slider.value for slider in app.slider] == [1000, -10]
    for line in say.luck_lines(found, told):
        assert line in text(app)
    assert "A scheme with 10% fewer events in truth, in one cohort of 1,000 people" in text(app)
    assert say.beside(found, told) in text(app)


def test_another_contract_begins_at_its_own_size(run, source):
    app: AppTest = run(PAGE, rule=LOCAL, size="1000")
    app.selectbox("rule").set_value("peterborough").run()
    assert (
        app.slider("size").value
        == payment.contract(source, payment.rules(source)["peterborough"], "scheme:iom", "").size
    )


@pytest.mark.parametrize("asked", ["5000", "many", "-3"])
def test_a_size_that_cannot_be_is_left_out_and_said(run, asked):
    app = run(PAGE, rule=LOCAL, size=asked)
    assert app.slider("size").value == 98
    assert f"\u201c{asked}\u201d; it can be 20 to 3,000: it was left out" in text(app)


def test_a_contract_that_cannot_be_reckoned_gives_its_reason_and_the_rule_all_the_same(run):
    app = run(PAGE, rule=LOCAL, district="Fenland")
    assert lede(app) == (
        "Under the rule \u201cSimple local rule\u201d it cannot be said what IOM, Fenland would be paid: fewer than 60 people were"
        " submitted."
    )
    assert say.NO_LUCK in text(app) and "What does the rule say?" in text(app) and not app.slider


def test_a_rule_that_the_level_cannot_reckon_says_why(run):
    app = run(PAGE, "open", rule="2015 hybrid (Transforming Rehabilitation)")
    assert (
        "what IOM would be paid: no complete year with predicted risk, and a baseline year before it, is shown."
        in lede(app)
    )
    assert "1.96 standard errors" in text(app)


def test_the_pictures_say_in_words_what_they_show(run):
    charts = [str(chart.proto) for chart in run(PAGE, rule=LOCAL).get("plotly_chart")]
    assert len(charts) == 2
    assert "Bar chart of what 100 schemes would be paid" in charts[0] and "IOM today: £64,000" in charts[0]
    assert "Line chart of how often the scheme would be paid" in charts[1]


def test_the_download_holds_the_rule_the_steps_the_sliders_and_the_luck(data_dir, source):
    from components import export

    found = payment.contract(source, payment.rules(source)["simple_local"], "scheme:iom", "")
    told = payment.chance(found, 98, 0)
    made = export.archive(source, say.TITLE, {"People": "98"}, tables=payment.frames(found, told), infos=[],
                          method_lines=export.headed(say.method_of(found.rule)))  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(made)) as bundle:
        held = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert "**The fall.** What was expected less" in held["method.md"] and "Pounds of 2024/25" in held["method.md"]
    assert {"rule.csv", "payment.csv", "luck.csv"} <= set(held)
    assert "does nothing,98,1,0.0," in held["luck.csv"] and "2024/25" in held["payment.csv"]
    assert "nobody's contract" in held["rule.csv"] and "People: 98" in held["about.txt"]


def test_a_release_without_comparisons_says_so(tmp_path, monkeypatch, literal, run):
    monkeypatch.setattr(written, "put", lambda con, level: None)
    literal.write(tmp_path, "20261001T090000-000001")  # an id of its own: levels are made once for each
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    assert lede(run(PAGE)) == say.NONE


def test_tables_fold_at_phone_width_and_nothing_is_ranked(run):
    app = run(PAGE, rule=LOCAL)
    assert 'class="plain stack pay total"' in markup(app) and 'data-label="Due, 2024/25 prices"' in markup(app)
    assert not any(word in text(app).lower() for word in ("best", "league", "offenders"))
