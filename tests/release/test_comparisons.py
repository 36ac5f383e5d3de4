"""Comparisons as they are published: at both levels, reused while nothing changed, never stopping a release."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import duckdb
import polars as pl
import pytest

from metrics.compare import evaluation
from release import comparisons
from release.comparisons import SAME_PEOPLE, Comparing
from release.models import at_level, opened_comparisons
from release.write import SCHEMA, put
from tests.release.made_comparison import CUTOFF, county


@pytest.fixture(scope="module")
def con():
    return county()


@pytest.fixture(scope="module")
def tables(con):
    with Comparing(con, CUTOFF, None, None) as comparing:
        return comparing.tables()


NOTHING_SHOWN = pl.DataFrame(
    schema={"indicator": pl.String, "cohort": pl.String, "period": pl.String, "dim1": pl.String, "value": pl.Float64}
)


def publish(folder: Path, tables: dict[str, pl.DataFrame], level: str) -> Path:
    out = duckdb.connect(str(folder / f"{level}.duckdb"))
    out.execute(SCHEMA.read_text("utf-8"))
    for name, frame in at_level(tables, level, NOTHING_SHOWN).items():
        put(out, name, frame)
    out.close()
    return folder


def test_each_comparison_of_the_list_is_published_with_its_verdict(tables):
    found = {row["id"]: row for row in tables["comparison"].to_dicts()}
    assert set(found) == {"scheme_iom", "scheme_dip", "scheme_in_iom_fenland", "scheme_in_iom_cambridge"} | (
        {"scheme_in_dip_peterborough"}
    )
    iom = found["scheme_iom"]
    assert (iom["submitted"], iom["verdict"] in ("fewer", "more", "cannot_tell")) == (70, True)
    assert (found["scheme_dip"]["verdict"], found["scheme_dip"]["reason"]) == (
        "no_verdict",
        "fewer than 60 people were submitted",
    )
    assert iom["analysed"] <= iom["matched"] <= iom["submitted"] and iom["district"] == ""


def test_a_district_of_the_very_same_people_is_not_counted_again():
    """All of the scheme's people in one district: one finding, one p-value in the family."""
    one = county()
    one.execute("UPDATE scheme_episode SET managing_district = 'fenland' WHERE scheme = 'iom'")
    with Comparing(one, CUTOFF, None, None, ThreadPoolExecutor(1)) as comparing:
        found = comparing.tables()
    about = {row["id"]: row for row in found["comparison"].to_dicts()}
    whole, place = about["scheme_iom"], about["scheme_in_iom_fenland"]
    assert whole["verdict"] != "no_verdict" and (place["verdict"], place["reason"]) == ("no_verdict", SAME_PEOPLE)
    assert place["submitted"] == whole["submitted"]
    assert set(found["effect"]["comparison"]) == {"scheme_iom"}
    rate = found["effect"].filter(pl.col("headline")).row(0, named=True)
    assert rate["q_value"] == rate["p_value"]


def test_one_effect_is_the_headline_and_the_verdict_is_its_intervals(tables):
    [main] = tables["effect"].filter(pl.col("headline")).to_dicts()
    assert (main["comparison"], main["outcome"], main["method"], main["specification"]) == (
        "scheme_iom",
        "rate",
        "matched",
        "main",
    )
    said = "fewer" if main["upper"] < 0 else "more" if main["lower"] > 0 else "cannot_tell"
    assert main["verdict"] == said == tables["comparison"].filter(pl.col("id") == "scheme_iom")["verdict"][0]
    assert main["estimate"] == pytest.approx(main["treated"] - main["expected"])


def test_the_flow_never_grows_and_gives_a_reason_only_where_somebody_fell_away(tables):
    for _, steps in tables["flow"].sort("sort").group_by("comparison", maintain_order=True):
        people, reasons = steps["people"].to_list(), steps["reason"].to_list()
        assert people == sorted(people, reverse=True)
        assert all(
            (reason != "") == (n < last) for last, n, reason in zip(people, people[1:], reasons[1:], strict=False)
        )


def test_both_levels_fit_the_releases_tables(tables, tmp_path):
    for level in ("partnership", "open"):
        publish(tmp_path, tables, level)


def test_an_unchanged_comparison_is_taken_from_the_last_release_and_a_changed_one_is_not(
    con, tables, tmp_path, monkeypatch
):
    folder = publish(tmp_path, tables, "partnership")
    asked = []
    monkeypatch.setattr(
        comparisons, "evaluated", lambda frame: asked.append(frame.comparison.id) or evaluation.evaluated(frame)
    )
    with Comparing(con, CUTOFF, None, folder, ThreadPoolExecutor(1)) as comparing:
        again = comparing.tables()
    assert asked == []
    for name, frame in tables.items():
        key = [column for column in frame.columns if frame.schema[column] != pl.Float64]
        assert again[name].select(frame.columns).sort(key).equals(frame.sort(key)) or name == "comparison"
    other = county()
    other.execute(
        "UPDATE offence SET offence_date = offence_date - 1, proven_date = proven_date - 1 WHERE proven_date > '2019-01-01'"
    )
    with Comparing(other, CUTOFF, None, folder, ThreadPoolExecutor(1)) as comparing:
        comparing.tables()
    assert "scheme_iom" in asked


def test_a_comparison_that_fails_is_no_verdict_and_stops_nothing(con, monkeypatch):
    def fails(*_, **__):
        raise ZeroDivisionError("with a name in it: Smith")

    monkeypatch.setattr(evaluation, "prepare", fails)
    with Comparing(con, CUTOFF, None, None, ThreadPoolExecutor(1)) as comparing:
        found = comparing.tables()["comparison"]
    [row] = found.filter(pl.col("id") == "scheme_iom").to_dicts()
    assert (row["verdict"], row["reason"]) == ("no_verdict", "it could not be worked out (ZeroDivisionError)")
    assert found.height == 5


class Lost(ThreadPoolExecutor):
    """A pool whose process has been killed."""

    def submit(self, *_, **__):
        lost = Future()
        lost.set_exception(BrokenProcessPool("killed"))
        return lost


def test_a_lost_process_is_no_verdict_and_stops_nothing(con):
    with Comparing(con, CUTOFF, None, None, Lost(1)) as comparing:
        found = comparing.tables()["comparison"]
    assert found["verdict"].unique().to_list() == ["no_verdict"]
    assert "it could not be worked out: the process was lost" in found["reason"].to_list()


def test_the_open_level_shows_coarse_figures_of_enough_people_and_never_contradicts_its_verdict(tables):
    shown = opened_comparisons(tables)
    assert "support" not in shown
    assert shown["effect"]["p_value"].is_null().all()
    assert (shown["effect"]["people"] % 5 == 0).all() and shown["effect"]["people"].min() >= 30
    exact = tables["effect"].filter(pl.col("scale") == "difference", pl.col("outcome") == "rate")
    coarse = shown["effect"].filter(pl.col("scale") == "difference", pl.col("outcome") == "rate")
    assert (coarse["lower"] <= exact["lower"]).all() and (coarse["upper"] >= exact["upper"]).all()
    told = shown["comparison"].filter(pl.col("verdict") == "no_verdict")
    assert told["submitted"].is_null().all() and (shown["comparison"]["inputs_sha256"] == "").all()
    assert shown["balance"]["treated_mean"].is_null().all()
    assert shown["effect_curve"]["day"].to_numpy().tolist() == [d for d in shown["effect_curve"]["day"] if d % 28 == 0]


def test_what_came_first_is_open_only_by_the_month_and_only_for_causes_of_ten_people_or_more(tables):
    exact, shown = tables["competing"], opened_comparisons(tables)["competing"]
    last = exact.filter(pl.col("arm") == "treated", pl.col("day") == 365)
    analysed = dict(tables["comparison"].select("id", "analysed").iter_rows())
    enough = {
        (r["comparison"], r["cause"]) for r in last.to_dicts() if r["value"] / 100 * analysed[r["comparison"]] >= 10
    }
    assert set(shown.select("comparison", "cause").iter_rows()) == enough
    assert ("scheme_iom", "death") not in enough and ("scheme_iom", "reoffence") in enough
    assert (shown["day"] % 28 == 0).all() and (shown["at_risk"] >= 30).all()
    assert shown["value"].to_list() == shown["value"].round(0).to_list()


@pytest.mark.parametrize(("lower", "upper"), [(-7.2, -0.3), (0.2, 6.9)])
def test_rounding_outward_never_crosses_no_difference(tables, lower, upper):
    one = (
        tables["effect"]
        .filter(pl.col("headline"))
        .with_columns(estimate=pl.lit((lower + upper) / 2), lower=pl.lit(lower), upper=pl.lit(upper), people=pl.lit(70))
    )
    [row] = opened_comparisons({**tables, "effect": one})["effect"].to_dicts()
    assert row["lower"] <= lower and row["upper"] >= upper and row["lower"] * row["upper"] > 0
