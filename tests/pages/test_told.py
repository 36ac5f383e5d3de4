"""Tables and downloads carry the change, the target, the verdict, the unit and what the counts are counts of."""

import io
import zipfile
from collections.abc import Callable

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from components import data, export, headlines, links, words
from components.markup import figures_table, tile_map
from release.read import Reader
from tests.pages.reading import lede, markup, text

Run = Callable[..., AppTest]


def test_a_row_is_told_with_its_change_and_target(source: Reader) -> None:
    rows = headlines.told(source, data.rows(source, "reoffending_rate", "scheme", kind="year") or [])
    by_period = {row["period"]: row for row in rows}
    now, before = by_period["2024/25"], by_period["2023/24"]
    assert now["compared_with"] == before["period_label"]
    assert now["change"] == pytest.approx(now["value"] - before["value"])
    assert (before["compared_with"], before["change"]) == ("", None)
    [aim] = [t for t in source.targets("reoffending_rate").to_dicts() if not t["district"] and t["cohort"] == "scheme"]
    assert now["target"] == aim["value"]
    assert now["against_target"] in ("Meets target", "Misses target", "Cannot tell", "Too few people")


def test_only_everybody_and_districts_have_targets(source: Reader) -> None:
    rows = headlines.told(source, data.rows(source, "reoffending_rate", "scheme", ["2024/25"], by="sex") or [])
    assert {row["target"] for row in rows} == {None}
    assert {row["against_target"] for row in rows} <= {"No target", "Not shown"}


def test_a_figure_without_judgement_has_no_target(source: Reader) -> None:
    rows = data.rows(source, "reoffending_rate", "scheme", ["2024/25"]) or []
    assert [headlines.target_of(source, row) for row in rows] == [40.0]
    assert [headlines.target_of(source, {**row, "polarity": "no_judgement"}) for row in rows] == [None]


def test_the_csv_holds_unit_denominator_target_change_and_verdict(source: Reader) -> None:
    rows = headlines.told(source, data.rows(source, "reoffending_rate", "scheme", kind="year") or [])
    held = export.archive(source, "A page", {}, tables={"figures": export.frame_of(rows)}, infos=[])
    with zipfile.ZipFile(io.BytesIO(held)) as bundle:
        table = pl.read_csv(bundle.read("figures.csv"), infer_schema_length=None)
        assert words.WHY_LEVELS_DIFFER in bundle.read("about.txt").decode()
    for name in ("unit", "denominator", "denominator_of", "target", "against_target", "change", "change_in_words"):
        assert name in table.columns, name
    now = table.row(by_predicate=pl.col("period") == "2024/25", named=True)
    [row] = [row for row in rows if row["period"] == "2024/25"]
    assert now["shown"] == words.shown(row)
    assert (now["unit"], now["target"], now["against_target"]) == ("%", row["target"], row["against_target"])


def test_the_table_names_what_the_counts_are_of() -> None:
    row = {
        "period_label": "2025", "label1": "Fenland", "label2": "", "dim1": "managing_district", "dim2": "", "value": 50.0,
        "lower": 40.0, "upper": 60.0, "numerator": 5, "denominator": 10, "unit": "%", "decimals": 0, "status": "final",
        "reason": "", "numerator_of": "people who reoffended", "denominator_of": "people in the cohort",
    }  # fmt: skip
    said = figures_table([row], "A table")
    assert "Counted: people who reoffended, out of people in the cohort." in said
    assert ">Managing district<" in said
    mixed = figures_table([row, {**row, "denominator_of": "referrals"}], "A table")
    assert ">Out of<" in mixed
    assert ">referrals<" in mixed


def test_a_tile_shows_its_target_where_there_is_one(source: Reader) -> None:
    pairs = headlines.by_district(source, "reoffending_rate", source.cohort("scheme"), "three_years")
    districts = [now["val1"] for now, _ in pairs if now["value"] is not None]
    drawn = tile_map(pairs, {}, "Tiles", {districts[0]: 44.0})
    assert drawn.count("tile-target") == 1
    assert "target 44" in drawn


def test_headlines_lead_to_their_definition_and_to_more_with_the_filters(run: Run, level: str, source: Reader) -> None:
    said = markup(run("quarter", level, district="Peterborough"))
    scheme = source.cohort("scheme")
    kept = {"people": scheme.title, "measure": "Reoffending rate", "district": "Peterborough"}
    for address in (links.to(source, "reoffending", **kept), links.definition(source, "reoffending_rate")):
        assert address.replace("&", "&amp;") in said
    assert ("level=Open" in said) == (level == "open")


def test_a_link_opens_what_it_says(run: Run, source: Reader, level: str) -> None:
    app = run("reoffending", level, people="People on a scheme, 12 months", district="Peterborough")
    assert "is not a choice here" not in text(app)
    assert app.selectbox(key="district").value == "peterborough"


def test_many_comparisons_bring_the_note_on_luck(run: Run) -> None:
    assert words.by_luck(4) == []
    assert words.by_luck(words.compared(["improved", "cannot tell", "none", "difference"] * 3)) == words.by_luck(6)
    [said] = words.by_luck(12)
    assert "12 comparisons" in said
    assert "1 in 20" in said
    assert "about 1 in 20" in text(run("pathways"))


@pytest.mark.parametrize(
    ("kind", "period"), [("Quarters", "January to March 2025"), ("Years to March", "the year to March 2025")]
)
def test_the_reoffending_headline_follows_the_periods_chosen(run: Run, kind: str, period: str) -> None:
    assert f"in {period}:" in lede(run("reoffending", periods=kind))
    assert words.BREAKDOWN_POOLS in text(run("reoffending", periods=kind))


def test_filters_are_text_for_paper(run: Run) -> None:
    said = markup(run("quarter", district="Fenland"))
    assert '<p class="on-paper">District: <b>Fenland</b>; Pathway: <b>All pathways</b></p>' in said


def test_recorded_crime_names_its_unit_and_area(run: Run, source: Reader) -> None:
    app = run("districts")
    assert f"Crime recorded in {source.area}" in text(app)
    assert "Crimes a month" in app.get("plotly_chart")[-1].proto.spec
