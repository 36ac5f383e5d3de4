"""What lies behind it: the page on a small release with model outputs written by hand, at both levels."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import plotly.graph_objects as go
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from components import behind, data, export
from release.read import Reader
from tests.pages.reading import lede, markup, text

Run = Callable[..., AppTest]
TITLE = "What lies behind it?"
CHANGE = {
    "before": (58.0, 50.0, 66.0, ""),
    "mix": (-6.0, -9.5, -2.5, ""),
    "custody": (None, None, None, "custody cannot be told apart"),
    "season": (None, None, None, "the same quarters are compared"),
    "remainder": (1.5, -4.0, 7.0, ""),
    "after": (53.5, 46.0, 61.0, ""),
    "change": (-4.5, -12.0, 3.0, ""),
}
SHARES = {"top_0.5": (9.0, 5.0, 13.0, 1.5, 4, True), "top_10": (41.5, 36.0, 47.0, 21.0, 66, False)}
CURVE = {f"lorenz_{k}": (k**2 / 110, k**2 / 120, k**2 / 100, k**2 / 105, 66, False) for k in range(10, 100, 10)}


@pytest.fixture(scope="module")
def data_dir(literal: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written release with early sight, a change in parts, concentration and one published figure."""
    place = tmp_path_factory.mktemp("behind")
    literal.write(place)
    literal.add(place, _fill)
    return place


def _fill(con: duckdb.DuckDBPyConnection, level: str) -> None:
    mine = level == "partnership"
    seen = 20.5 if mine else None
    for row in (
        ("2025Q2", 41.25, 36.0, 47.0, 52, seen, 24, 100 * 23 / 24, "nowcast", ""),
        ("2025/26", 44.5, 40.0, 50.0, 120, seen, 25, 96.0, "nowcast", ""),
        ("2025Q3", None, None, None, 12, None, 0, None, "not available", "fewer than 30 people"),
    ):
        if mine or row[1] is not None:
            con.execute(
                "INSERT INTO nowcast VALUES ('scheme', ?, '', 'reoffending_rate', ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
            )
    for sort, (part, (value, lower, upper, reason)) in enumerate(CHANGE.items()):
        row = ("scheme", "", "reoffending_rate", "2023/24", "2024/25", part, sort, value, lower, upper, 60, reason)
        con.execute("INSERT INTO decomposition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for measure, (value, lower, upper, chance, people, dominated) in (SHARES | CURVE).items():
        if mine or not dominated:
            row = ("area", "all", measure, value, lower, upper, chance, people, 660, 1500, dominated)
            con.execute("INSERT INTO concentration VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    con.execute(
        "INSERT INTO benchmark VALUES ('reoffending_rate', 'England and Wales', 'scheme', '2009', 56.0, NULL, 10635, '2009',"
        " 'PPO cohort 2009', 'Everybody on a PPO scheme on one day')"
    )


def test_the_page_has_its_title_and_figures_equal_to_the_release(run: Run, level: str, source: Reader) -> None:
    app = run("behind", level, periods="Years to March")
    assert [t.value for t in app.title] == [TITLE]
    decimals = 0 if level == "open" else 1
    nowcast = next(row for row in source.nowcasts().to_dicts() if row["period"] == "2025/26")
    said = text(app)
    assert f"is likely to come to {nowcast['value']:.{decimals}f}%" in said
    assert "the interval held what became final in 24 of 25 earlier cohorts" in said
    change = next(row for row in source.decomposition("scheme").to_dicts() if row["part"] == "change")
    assert f"\u2212{abs(change['value']):.{decimals}f} percentage points" in said
    top = next(row for row in source.concentration().to_dicts() if row["measure"] == "top_10")
    assert f"{top['value']:.{decimals}f}% were by a tenth of the people" in said
    assert "provisionally" in lede(app) and "cannot be told apart" in lede(app)


def test_an_unfinished_cohort_without_a_nowcast_says_why(run: Run) -> None:
    app = run("behind", periods="Quarters")
    assert "No nowcast for July to September 2025: fewer than 30 people." in text(app)
    assert "[x]" in text(app)


def test_the_open_level_hides_the_few_and_says_so(run: Run) -> None:
    exact, hidden = text(run("behind")), text(run("behind", "open"))
    assert "9.0%" in exact and "one or two people committed most" in exact
    assert "Top 0.5% of people: hidden to protect people" in hidden and "[c]" in hidden
    assert "rounded by itself" in hidden and "add up exactly" in exact
    assert behind.sentences.SIGHT_KEY in exact and behind.sentences.SIGHT_KEY not in hidden


def test_by_district_the_open_level_shows_a_state_that_says_why(run: Run) -> None:
    app = run("behind", "open", district="Fenland")
    assert markup(app).count('class="state"') == 3
    assert behind.sentences.OPEN_BY_PLACE in text(app)


def test_published_figures_stand_apart_with_source_and_year(run: Run) -> None:
    said = text(run("behind"))
    assert behind.sentences.NATIONAL in said
    assert "England and Wales 2009 56.0% PPO cohort 2009 Everybody on a PPO scheme on one day" in said


def test_published_figures_are_shown_though_no_year_is_complete(source: Reader) -> None:
    found = behind.elsewhere(source, source.indicator("reoffending_rate"), source.cohort("scheme"), None)
    assert found.ours is None and [row["value"] for row in found.published] == [56.0]


def test_every_chart_is_valid_and_has_its_words(source: Reader) -> None:
    info, about = source.indicator("reoffending_rate"), source.cohort("scheme")
    final = behind.finals(source, info, about, "year", "")
    sights = [row for row in behind.sights(source, info, "scheme", "") if row["kind"] == "year"]
    drawn = behind.sight(final, sights, source.periods("year"))
    assert go.Figure(drawn).data[-1].marker.color == "#ffffff"  # hollow
    assert "Provisional nowcast for" in behind.alt_sight(final, sights, info.title)
    [parts] = behind.changes(source, info, "scheme", "").values()
    bars = next(trace for trace in go.Figure(behind.waterfall(parts)).data if trace.type == "bar")
    assert list(bars.base) == [58.0, 52.0] and list(bars.y) == [-6.0, 1.5]
    assert bars.base[-1] + bars.y[-1] == parts["after"]["value"]
    assert "from 58" in behind.alt_waterfall(parts, info.title)
    [held] = behind.lists(source).values()
    curve = go.Figure(behind.lorenz(held)).data[-1]
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 100, 100) and len(curve.x) == 11
    assert "top tenth of people 4" in behind.alt_lorenz(held)


def test_other_areas_stand_in_order_of_name_and_never_of_value() -> None:
    def row(area: str, value: float, ours: bool = False) -> dict[str, object]:
        look = {"unit": "%", "decimals": 1, "status": "final", "reason": "", "lower": None, "upper": None}
        return {
            "area": area,
            "ours": ours,
            "value": value,
            "period_label": "2024/25",
            "source": f"release {area}",
        } | look

    found = behind.Elsewhere(row("Midshire", 50.0, True), [row("Westshire", 40.0), row("Anyshire", 60.0)], (), 0)
    html = behind.areas_table(found)
    spots = [html.index(name) for name in ("Anyshire", "Midshire (ours)", "Westshire")]
    assert spots == sorted(spots) and "release Westshire" in html
    assert behind.areas_notes(found) == [behind.sentences.NOT_RANKED]
    assert not behind.areas_table(behind.Elsewhere(row("Midshire", 50.0, True), (), (), 1))


def test_all_of_it_is_in_the_download(source: Reader) -> None:
    info, about = source.indicator("reoffending_rate"), source.cohort("scheme")
    [parts] = behind.changes(source, info, "scheme", "").values()
    [held] = behind.lists(source).values()
    sights = behind.sights(source, info, "scheme", "")
    found = behind.elsewhere(source, info, about, source.latest_complete("scheme", "year"))
    frames = behind.frames(sights, list(parts.values()), list(held.values()), found)
    made = export.archive(source, TITLE, {}, tables=frames, infos=[info])
    bundle = zipfile.ZipFile(io.BytesIO(made))
    names = {"early_sight", "why_it_moved", "concentration", "published", "how_worked_out"}
    assert {f"{name}.csv" for name in names} <= set(bundle.namelist())
    told = pl.read_csv(io.BytesIO(bundle.read("why_it_moved.csv")))
    assert told.filter(pl.col("part") == "mix")["value"].to_list() == [-6.0]
    assert told["level"].unique().to_list() == [source.level]
    how = pl.read_csv(io.BytesIO(bundle.read("how_worked_out.csv")))
    assert set(how["section"]) == {"Early sight", "Why it moved", "How few", "Elsewhere"}


def test_a_release_without_these_tables_shows_states(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nowcasts", "decomposition", "concentration"):
        monkeypatch.setattr(Reader, name, lambda self: pl.DataFrame())
    data.listed.cache_clear(), data.part.cache_clear()
    app = run("behind")
    assert markup(app).count('class="state"') == 3
    assert "nothing is foretold" in lede(app)
    data.listed.cache_clear(), data.part.cache_clear()
