"""Each page at several filter states and both levels: its title, and figures equal to the release's."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from common.errors import ProblemError
from components import data, export, filters, headlines, words
from release.read import CohortInfo, Reader
from tests.pack.test_reading_age import OLDEST, grade
from tests.pages.reading import LEVELS, ROOT, SHELL, lede, markup, opening, text

Run = Callable[..., AppTest]
PLACES = r"(East |South )?(Cambridgeshire|Huntingdonshire|Peterborough|Cambridge|Fenland)"
QUESTIONS = {
    "quarter": "How did we do this quarter?",
    "reoffending": "Are people reoffending less?",
    "districts": "Where is it changing?",
    "areas": "How does each area stand?",
    "schemes": "Did it make a difference?",
    "behind": "What lies behind it?",
    "pathways": "Which pathways are people getting through?",
    "data_quality": "Can we trust these figures?",
    "definitions": "What does each measure mean?",
}


def own(where: dict[str, str]) -> dict[str, str]:
    """A district as the scheme's own kind of district."""
    return {"managing_district": where["district"]}


@pytest.mark.parametrize("page", QUESTIONS)
def test_every_page_asks_its_question_within_the_frame(run: Run, level: str, source: Reader, page: str) -> None:
    app = run(page, level)
    assert [t.value for t in app.title] == [QUESTIONS[page]]
    said = text(app)
    for part in (source.area, source.label, words.day(source.cutoff), LEVELS[level], "Synthetic data", "final to"):
        assert part in said, part
    assert lede(app).endswith(".")
    assert grade(re.sub(PLACES, "Town", opening(app))) <= OLDEST, opening(app)


def test_the_quarter_answers_with_the_scheme_year_of_the_release(run: Run, level: str, source: Reader) -> None:
    figure = source.figure("reoffending_rate", "scheme", "2024/25")
    assert figure.value is not None
    app = run("quarter", level)
    [row] = data.rows(source, "reoffending_rate", "scheme", ["2024/25"]) or []
    assert row["value"] == figure.value
    assert f"{words.shown(row)} (95% interval {words.interval(row)})" in lede(app)
    assert "the year to March 2025" in lede(app)


def test_the_quarter_shows_process_measures_for_the_reporting_quarter(run: Run) -> None:
    said = text(run("quarter"))
    assert "Jul to Sep 2026, before: Jul to Sep 2025 People on the scheme" in said
    assert (
        "People on the scheme ? 110 +1 +4" in said
    )  # the release: 100 + place of the quarter, a quarter and a year apart


@pytest.mark.parametrize("district", ["Peterborough", "Fenland", "Cambridge"])
def test_the_quarter_keeps_to_the_district_chosen(run: Run, level: str, source: Reader, district: str) -> None:
    where = {"district": district.lower()}
    kinds = ["2024/25", "2022/23-2024/25", "all"]
    rows = [row for p in kinds for row in data.rows(source, "reoffending_rate", "scheme", [p], where=own(where)) or ()]
    shown = [row for row in rows if row["value"] is not None]
    assert shown[0]["value"] in [source.figure("reoffending_rate", "scheme", p, where).value for p in kinds]
    app = run("quarter", level, district=district)
    assert app.selectbox(key="district").value == where["district"]
    assert words.shown(shown[0]) in lede(app)


def test_one_person_in_a_district_is_shown_to_the_partnership_and_hidden_from_the_public(run: Run) -> None:
    exact = run("quarter", "partnership", district="East Cambridgeshire")
    assert "100.0%" in lede(exact)
    assert "Too few people" not in lede(exact)
    hidden = run("quarter", "open", district="East Cambridgeshire")
    assert "100.0%" not in text(hidden)
    assert "is not shown: too few people to publish" in lede(hidden)
    assert "[c]" in text(hidden)


def test_a_district_of_one_person_has_no_status_colour(run: Run) -> None:
    assert 'class="status too-few"' not in markup(run("quarter"))  # the target is for the area, not for a district


def test_a_district_that_is_none_is_no_choice(
    run: Run, source: Reader, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = Reader.members

    def members(reader: Reader, dimension: str) -> list[tuple[str, str]]:
        return [*every(reader, dimension), *([("none", "Not on a scheme")] if dimension == "managing_district" else [])]

    monkeypatch.setattr(Reader, "members", members)
    assert ("none", "Not on a scheme") in source.districts("scheme")
    for page in ("quarter", "reoffending"):
        app = run(page, level, district="Not on a scheme")
        assert app.selectbox(key="district").value == ""
        assert "Not on a scheme" not in app.selectbox(key="district").options


def test_a_release_that_follows_nobody_says_so(
    run: Run, source: Reader, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = Reader.cohorts

    def cohorts(reader: Reader, indicator: str | None = None) -> list[CohortInfo]:
        return [c for c in every(reader, indicator) if c.clock == "process"]

    assert "Reoffending final to" in text(run("reoffending", level))
    monkeypatch.setattr(Reader, "cohorts", cohorts)
    headlines.headlines.cache_clear()
    for page in QUESTIONS:
        assert "Reoffending final to" not in text(run(page, level))
    assert lede(run("reoffending", level)) == words.NO_REOFFENDING
    headlines.headlines.cache_clear()


@pytest.mark.parametrize(
    ("page", "key", "asked", "value"),
    [
        ("quarter", "district", "fenland", "fenland"),
        ("quarter", "pathway", "FINANCE", "finance"),
        ("districts", "people", "caseload", "caseload"),
        ("reoffending", "measure", "reoffences_per_100", "reoffences_per_100"),
        ("reoffending", "district", "peterBOROUGH", "peterborough"),
    ],
)
def test_the_address_takes_ids_and_labels_in_any_case(run: Run, page: str, key: str, asked: str, value: str) -> None:
    app = run(page, **{key: asked})
    assert app.selectbox(key=key).value == value
    assert "is not a choice here" not in text(app)


def test_the_address_says_what_it_asked_for_in_vain(run: Run) -> None:
    app = run("quarter", district="Atlantis")
    assert app.selectbox(key="district").value == ""
    assert "The address asks for district “Atlantis”, which is not a choice here: it was left out." in text(app)


def test_the_breakdown_opens_on_the_cohorts_own_district(run: Run, source: Reader, level: str) -> None:
    own = source.cohort("scheme").district_dimension
    app = run("reoffending", level)
    assert app.selectbox(key="by").value == own
    assert words.DISTRICTS_OF[own] in text(run("districts", level))


def test_a_measure_is_left_out_where_its_cohort_lacks_the_district(source: Reader) -> None:
    scheme = source.cohort("scheme")
    assert headlines.narrowed(source, "reoffending_rate", scheme, "none", "") is None
    assert headlines.narrowed(source, "reoffending_rate", scheme, "fenland", "") == {"managing_district": "fenland"}


def test_a_pathway_narrows_the_measures_that_know_pathways(run: Run, source: Reader, level: str) -> None:
    app = run("quarter", level, pathway="Finance")
    if level == "partnership":
        [need] = source.figures("need_identified", "caseload", "2026Q3", where={"need": "finance"})["value"]
        assert f"People with the need ? {need:.0f}" in text(app)
    else:
        assert "withheld" in text(app)
        assert "is not shown" in lede(app)


def test_an_empty_quarter_is_a_gap_with_a_symbol_and_never_zero(run: Run) -> None:
    app = run("reoffending", periods="Quarters")
    said = text(app)
    assert "July to September 2024 [x]" in said
    assert "no people on a scheme in this group in this period" in said
    chart = json.loads(app.get("plotly_chart")[0].proto.spec)
    drawn = [y for trace in chart["data"] for y in trace.get("y", []) if trace.get("mode") != "skip"]
    assert 0 not in drawn
    assert "[x]" in [a["text"] for a in chart["layout"]["annotations"]]


def test_the_trend_tells_provisional_from_final_and_draws_no_line_between_gaps(run: Run, source: Reader) -> None:
    chart = json.loads(run("reoffending", periods="Quarters").get("plotly_chart")[0].proto.spec)
    lines = [t for t in chart["data"] if t.get("line", {}).get("color") == "#12436D"]
    assert [t["line"].get("dash") for t in lines] == [None, None, "dot"]  # two runs of final quarters, one provisional
    assert any("Provisional" in a["text"] for a in chart["layout"]["annotations"])
    assert any(a["text"] == "1" for a in chart["layout"]["annotations"])
    assert "Early prison releases begin, 10 September 2024" in text(run("reoffending", periods="Quarters"))


def test_the_trend_draws_the_values_of_the_release(run: Run, data_dir: Path) -> None:
    from release.files import open_level

    frame = open_level(data_dir, "partnership").figures("reoffending_rate", "scheme", kind="quarter")
    expected = frame.filter(pl.col("status") == "final")["value"].to_list()
    chart = json.loads(run("reoffending", periods="Quarters").get("plotly_chart")[0].proto.spec)
    lines = [t for t in chart["data"] if t.get("line", {}).get("color") == "#12436D" and not t["line"].get("dash")]
    assert [y for t in lines for y in t["y"]] == pytest.approx(expected)


@pytest.mark.parametrize("measure", ["Reoffending rate", "Reoffences per 100 people", "Days to first reoffence"])
@pytest.mark.parametrize("district", ["All districts", "Peterborough"])
def test_reoffending_at_other_filters(run: Run, source: Reader, level: str, measure: str, district: str) -> None:
    info = next(i for i in source.indicators() if i.title == measure)
    where = {} if district == "All districts" else {"district": "peterborough"}
    app = run("reoffending", level, measure=measure, district=district)
    if source.cohorts(info.id):
        figure = source.figure(info.id, "scheme", "2024/25", where)
        assert measure in lede(app)
        if figure.value is None:
            assert figure.reason in text(app)
        else:
            row = data.rows(source, info.id, "scheme", ["2024/25"], where=where)
            assert row is not None
            assert words.in_sentence(row[0]) in lede(app)
    else:  # the open level of this release has no survival measure: the filter falls back, and says what it shows
        assert app.selectbox(key="measure").value == "reoffending_rate"


def test_breakdowns_show_each_group_of_the_release(run: Run, level: str, source: Reader) -> None:
    frame = source.figures("reoffending_rate", "scheme", "2024/25", by="sex")
    rows = data.rows(source, "reoffending_rate", "scheme", ["2024/25"], by="sex") or []
    assert [row["value"] for row in rows] == frame["value"].to_list()
    said = text(run("reoffending", level, by="Sex"))
    for row in rows:
        shown = row["reason"] if row["value"] is None else words.shown(row)
        assert row["label1"] in said
        assert shown in said


def test_the_survival_curve_is_the_release_curve(run: Run, data_dir: Path) -> None:
    from release.files import open_level

    curve = open_level(data_dir, "partnership").curve("days_to_first_reoffence", "scheme", "2024/25")
    spec = json.loads(run("reoffending").get("plotly_chart")[1].proto.spec)
    line = spec["data"][-1]
    assert line["x"] == curve["day"].to_list()
    assert line["y"] == pytest.approx(curve["value"].to_list())


def test_every_chart_has_a_description(run: Run, level: str) -> None:
    charts = [
        c for page in ("reoffending", "districts", "schemes", "pathways") for c in run(page, level).get("plotly_chart")
    ]
    assert charts
    assert all(len(c.proto.alt) > 20 for c in charts)
    assert all(c.proto.theme != "streamlit" for c in charts)


def test_districts_are_tiles_in_their_places_with_the_values_of_the_release(
    run: Run, level: str, source: Reader
) -> None:
    app = run("districts", level)
    frame = source.figures("reoffending_rate", "scheme", "2024/25", by="district")
    rows = data.rows(source, "reoffending_rate", "scheme", ["2024/25"], by="managing_district") or []
    assert [row["value"] for row in rows] == frame["value"].to_list()
    said = text(app)
    for row in rows:
        assert row["label1"] in said
        assert (row["reason"] if row["value"] is None else words.shown(row)) in said
    assert markup(app).count('class="tile ') == 6


def test_districts_are_never_ranked(run: Run) -> None:
    said = lede(run("districts"))
    assert "we cannot tell whether anything changed in Cambridge, Fenland, Huntingdonshire and Peterborough" in said


def test_recorded_crime_is_context(run: Run) -> None:
    said = text(run("districts"))
    assert "Context only" in said
    assert "January 2026" in said


def test_pathways_show_all_nine_with_need_referral_start_completion_and_wait(run: Run, data_dir: Path) -> None:
    from release.files import open_level

    source = open_level(data_dir, "partnership")
    app = run("pathways")
    said = text(app)
    labels = [label for _, label in source.members("need")]
    assert len(labels) == 9
    assert all(label in said for label in labels)
    for measure in ("referred_of_need", "started_of_referred", "completed_of_started"):
        for row in source.figures(measure, "caseload", "2026Q3", by="need").to_dicts():
            assert f"{row['value']:.1f}%" in said
    for row in source.figures("waiting_days", "referrals", "2026Q3", by="pathway").to_dicts():
        assert f"{row['value']:.0f}" in said


def test_pathways_at_the_open_level_say_why_there_are_none(run: Run) -> None:
    assert (
        lede(run("pathways", "open")) == "No measure by pathway may be shown at this level: too few people are on each."
    )


def test_data_quality_reconciles_each_file(run: Run, level: str, source: Reader) -> None:
    said = text(run("data_quality", level))
    for row in source.sources().to_dicts():
        assert f"{row['read']:,} {row['loaded']:,} {row['quarantined']:,} {row['duplicate']:,} ✓ yes" in said
    assert "a real date offence offence_date 1 10" in said
    assert "People on a scheme, 12 months up to March 2025 June 2025 to September 2025" in said


def test_definitions_come_from_the_release(run: Run, source: Reader, level: str) -> None:
    everything = text(run("definitions", level))
    for info in source.indicators():
        assert info.title in everything
    one = markup(run("definitions", level, measure="Reoffences per 100 people"))
    assert one.count('<section class="definition">') == 1
    assert source.indicator("reoffences_per_100").definition["text"]["formula"] in text(run("definitions", level))


def test_a_download_holds_figures_method_filters_release_and_dates(source: Reader) -> None:
    frame = source.figures("reoffending_rate", "scheme", kind="year")
    held = export.archive(
        source, "A page", {"District": "All"}, tables={"figures": frame}, infos=[source.indicator("reoffending_rate")]
    )
    with zipfile.ZipFile(io.BytesIO(held)) as bundle:
        assert sorted(bundle.namelist()) == ["about.txt", "figures.csv", "method.md"]
        about, method = bundle.read("about.txt").decode(), bundle.read("method.md").decode()
        table = pl.read_csv(bundle.read("figures.csv"))
    for part in (source.id, source.label, words.day(source.cutoff), "District: All", "SYNTHETIC", source.level):
        assert part in about
    assert source.indicator("reoffending_rate").definition["text"]["formula"] in method
    assert table["value"].to_list() == frame["value"].to_list()
    assert set(table["release"]) == {source.id}
    assert set(table["synthetic"]) == {True}


def test_pages_are_short_and_hold_no_sums() -> None:
    for page in sorted((ROOT / "pages").glob("*.py")):
        assert len(page.read_text("utf-8").splitlines()) < 100, page.name


def test_without_a_release_a_configured_directory_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    app = AppTest.from_file(str(SHELL), default_timeout=30).run()
    assert [t.value for t in app.title] == ["No release has been published yet"]
    assert "iom publish" in app.markdown[0].value


def test_without_a_directory_the_demonstration_is_built_and_its_step_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import demo
    from common import paths

    monkeypatch.delenv("IOM_DATA_DIR", raising=False)
    monkeypatch.setattr(paths, "REPO", tmp_path)
    asked = []

    def ensure(**_: object) -> demo.Progress:
        asked.append(1)
        return demo.Progress("building", "Loading the police's crimes", 0.4)

    monkeypatch.setattr("app.waiting.ensure_demo", ensure)
    app = AppTest.from_file(str(SHELL), default_timeout=30).run()
    assert not app.exception
    assert [t.value for t in app.title] == ["Making a synthetic county"]
    assert asked
    [bar] = app.get("progress")
    assert bar.proto.text == "Loading the police's crimes"
    told = "\n".join(m.value for m in app.markdown)
    assert "8,000 people" in told
    assert "75 to 95 seconds where two processor cores are free" in told
    assert "**▶ Load the extracts" in told


def test_a_release_from_real_extracts_is_refused_on_a_network_address(
    literal: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit as st

    literal.write(tmp_path, release_id="20261001T090000-abc124", synthetic=False)  # type: ignore[attr-defined]
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    before = st.config.get_option("server.address")
    st.config.set_option("server.address", "0.0.0.0")
    try:
        app = AppTest.from_file(str(SHELL), default_timeout=30).run()
    finally:
        st.config.set_option("server.address", before)
    assert [t.value for t in app.title] == ["This release is not shown here"]
    assert "real extracts" in app.text[0].value
    assert not app.selectbox


def test_a_page_refuses_by_itself_where_the_shell_did_not(
    literal: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit as st

    literal.write(tmp_path, release_id="20261001T090000-abc125", synthetic=False)  # type: ignore[attr-defined]
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    before = st.config.get_option("server.address")
    st.config.set_option("server.address", "0.0.0.0")
    try:
        with pytest.raises(ProblemError, match="every network address"):
            data.reader("20261001T090000-abc125", "open")
        for name in QUESTIONS:
            app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=30)
            app.session_state["_release_and_level"] = ("20261001T090000-abc125", "partnership")
            app.run()
            assert [t.value for t in app.title] == ["This release is not shown here"], name
            assert "real extracts" in app.text[0].value
            assert not app.get("html")
    finally:
        st.config.set_option("server.address", before)


def test_a_download_names_each_filter_by_its_own_kind(source: Reader) -> None:
    # one id may name a cohort, a breakdown and a group: none may take another's label
    said = filters.named(source, People="scheme", Breakdown="sex", District="", Periods="year")
    assert said["People"] == source.cohort("scheme").title
    assert said["Breakdown"] == source.dimension("sex").title
    assert filters.named(source, Breakdown="scheme")["Breakdown"] == "scheme"
    assert said["District"] == "All" and said["Periods"] == "Years to March"
