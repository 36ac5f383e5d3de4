"""The page on pathways on the hand-written release with the steps from need to goal added, and what is lost, by hand.

Accommodation: of 40 needs found 20 were referred, 12 started (4 still wait), 6 completed (2 are on a programme still) and 3
met the goal; a start cost £8,000 / 40 = £200. Health: of 60, 45, 30 (5), 12 (8) and 6; a start cost £30,000 / 60 = £500.
"""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import duckdb
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from common import versions
from components import headlines, leakage, words
from components.leakage import cost
from components.leakage import sentences as say
from metrics.catalogue import catalogue
from release.files import open_level
from release.read import Reader
from tests.pack.test_reading_age import OLDEST, grade
from tests.pages.reading import markup, opening, text

STEPS = ("need_to_referral", "need_to_start", "need_to_completion", "need_to_goal", "need_waited_for", "need_being_met")
COUNTS = {"accommodation": (40, (20, 12, 6, 3, 4, 2)), "health": (60, (45, 30, 12, 6, 5, 8))}
AFTER = {"settled_on_release": ("after_prison", (11, 20)), "lost_while_waiting": ("wait_ends", (12, 48))}
MONEY = {"RENT": ("accommodation", 8000.0, 40), "CLINIC": ("health", 30000.0, 60)}


@pytest.fixture(scope="module")
def data_dir(literal: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written release, the partnership's level with the steps of two pathways and what their starts cost."""
    place = tmp_path_factory.mktemp("pathways")
    literal.write(place)
    [file] = place.rglob("partnership.duckdb")
    with duckdb.connect(str(file)) as con:
        _fill(con)
    versions.write_manifest(file.parent, {"id": literal.RELEASE_ID, "cutoff": literal.CUTOFF.isoformat()})
    return place


def _fill(con: duckdb.DuckDBPyConnection) -> None:
    def put(table: str, *values: Any) -> None:
        con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def figure(name: str, cohort: str, pathway: str, of: tuple[int, int], period: str = "2026Q3") -> None:
        group = ("pathway", pathway) if pathway else ("", "")
        top, bottom = of
        value = 100 * top / bottom
        put("figure", name, cohort, period, *group, "", "", value, max(value - 9, 0), value + 9, top, bottom, "final", "", None)  # fmt: skip
        if not con.execute("SELECT 1 FROM lattice WHERE indicator = ? AND dim1 = ?", [name, group[0]]).fetchall():
            put("lattice", name, cohort, "quarter" if "Q" in period else "year", group[0], "")

    for sort, name in enumerate([*STEPS, *AFTER], 300):
        d = catalogue()[name]
        put("indicator", name, 1, d.title, d.unit, d.polarity, d.kind, d.fact, d.class_, d.minimum_n, sort, d.as_json())
    for place, name in enumerate(STEPS):
        for pathway, (found, counts) in COUNTS.items():
            figure(name, "caseload", pathway, (counts[place], found))
        figure(name, "caseload", "", (sum(counts[place] for _, counts in COUNTS.values()), 100))
    for sort, (name, (cohort, of)) in enumerate(AFTER.items(), 60):
        put("cohort", cohort, cohort, "people", "process", "managing_district", 0, 0, sort, "every_reoffence")
        con.execute(
            "INSERT INTO follow_up SELECT ?, period, 'complete', complete_on FROM follow_up WHERE cohort = 'caseload'",
            [cohort],
        )
        figure(name, cohort, "", of, "2025/26")
    for programme, (pathway, pounds, starts) in MONEY.items():
        con.execute(
            "INSERT INTO directory BY NAME SELECT ? AS programme, 'A' AS title, 'B' AS provider, 'voluntary' AS sector, ? AS pathway,"
            " 'fenland' AS district, 'all' AS sex_served, false AS drop_in, '' AS price_year, '' AS funder, 'later' AS funding,"
            " 'recently' AS verified, false AS dated, 0 AS starts",
            [programme, pathway],
        )
        for kind, each in (("running", pounds), ("set_up", 99.0)):
            put("spend", "programme", programme, "", "fenland", "2025/26", kind, True, "council", "PCC", 1.0, "2025/26", each, "2023/24")  # fmt: skip
        put("managed", "programme", programme, "", "", "2025/26", 90, None, None, starts, 9, None, None)


@pytest.fixture
def source(data_dir: Path) -> Reader:
    return open_level(data_dir, "partnership")


def test_what_reached_each_step_adds_up_with_what_was_lost_and_what_is_on_its_way(source: Reader) -> None:
    everything, each = leakage.leaks(source, {}, "quarter")
    assert everything is not None
    assert [one.label for one in each] == ["Accommodation", "Health"]
    homes = each[0]
    assert homes.found == 40
    assert [homes.counted(step.lost) for step in homes.steps] == [0, 20, 4, 4, 3]
    assert [homes.counted(step.still) for step in homes.steps] == [0, 0, 4, 2, 0]
    assert homes.start is not None
    assert homes.start.pounds == 200  # setting up is left out
    assert [round(homes.money(step) or 0) for step in homes.steps[1:]] == [4000, 800, 800, 600]
    for one in (everything, *each):
        for before, step in zip(one.steps, one.steps[1:], strict=False):
            assert step.reached + step.still + step.lost == pytest.approx(before.reached)


def test_all_pathways_lose_what_they_lose_one_by_one_each_at_its_own_cost(source: Reader) -> None:
    everything, each = leakage.leaks(source, {}, "quarter")
    assert everything is not None
    for i in range(1, 5):
        assert everything.money(everything.steps[i]) == pytest.approx(sum(one.money(one.steps[i]) or 0 for one in each))
    assert [round(everything.money(step) or 0) for step in everything.steps[1:]] == [11500, 5800, 5800, 3600]
    said = say.answer(everything)
    assert said == (
        "Of every 100 needs found in the 12 months to September 2026 (100 in all), 65 led to a referral, 42 to a start, 18 to a "
        "completed programme and 9 to the goal met. Most are lost before a referral: 35 of every 100. Starts that did not lead to "
        "the goal cost £9,400 (2023/24 prices), what was gained on the way left out of account."
    )
    assert "£380 on average" in say.cost_basis(everything)  # £38,000 over 100 starts
    assert grade(say.opening(everything)) <= OLDEST


def test_a_longer_period_has_shares_and_no_counts(source: Reader) -> None:
    everything, _ = leakage.leaks(source, {}, "quarter")
    assert everything is not None
    pooled = leakage.Leak("", "All pathways", "All complete quarters", everything.ends, None, everything.steps, None)
    table = leakage.steps_table(pooled)
    assert "of 100 needs" not in table
    assert say.answer(pooled).startswith(
        "With all complete quarters pooled, of every 100 needs followed in a quarter, 65 led to a referral"
    )
    assert "no counts" in " ".join(say.how_pooled(pooled)) and say.how_pooled(everything) == []
    assert "not available" in table
    assert say.cost_basis(pooled) == say.NO_MONEY


@pytest.mark.parametrize(("level", "known"), [("partnership", 200.0), ("open", None)])
def test_at_the_open_level_a_cost_needs_every_programme_of_the_directory(
    monkeypatch: pytest.MonkeyPatch, level: str, known: float | None
) -> None:
    parts = {
        "spend": pl.DataFrame([{"subject_kind": "programme", "subject": "RENT", "period": "2025/26", "kind": "running", "real_pounds": 8000.0, "real_price_year": "2023/24"}]),
        "managed": pl.DataFrame([{"subject_kind": "programme", "subject": "RENT", "tier": "", "district": "", "period": "2025/26", "starts": 40}]),
        "directory": pl.DataFrame([{"programme": name, "pathway": "accommodation"} for name in ("RENT", "HIDDEN")]),
    }  # fmt: skip
    monkeypatch.setattr(cost.data, "part", lambda _, name: parts[name])
    found = leakage.cost_of_a_start(SimpleNamespace(level=level), "accommodation")  # type: ignore[arg-type]
    assert (found.pounds if found else None) == known
    assert leakage.cost_of_a_start(SimpleNamespace(level=level), "health") is None  # type: ignore[arg-type]


def test_the_page_shows_the_steps_the_money_and_what_follows_prison(run: Callable[..., AppTest]) -> None:
    app = run("pathways")
    assert opening(app).startswith("Of every ten needs that we find, six lead to a referral")
    said, html = text(app), markup(app)
    assert "Where each pathway loses most" in said
    assert "Before a referral: 50 of 100" in said  # accommodation
    assert "Settled accommodation on release" in said
    assert "11 of 20" in said
    assert "Do people have a home, money and work?" in said
    assert html.count('class="figures stack leakage"') == 1


def test_what_is_left_out_is_named_once_with_the_reason() -> None:
    def column(title: str, status: str) -> headlines.Column:
        return headlines.Column(title, "%", [{"value": None, "status": status}], None)

    assert words.hidden_steps([column("Need identified", "suppressed"), column("Referred", "suppressed")]) == [
        f"Not shown pathway by pathway: need identified; referred. {words.WHY_HIDDEN}"
    ]
    assert words.hidden_steps([column("Referred", "not available")]) == ["Not shown pathway by pathway: referred."]
    assert words.hidden_after(["Settled on release"]) == [f"Not shown: settled on release. {words.WHY_HIDDEN}"]
    assert words.hidden_steps([]) == words.hidden_after([]) == []


def test_the_open_level_says_which_of_what_follows_prison_it_hides(source: Reader) -> None:
    groups = headlines.after(source, "", "year")
    assert [line.now["indicator"] for _, _, lines in groups for line in lines] == ["settled_on_release"]
    infos = [
        SimpleNamespace(id=name, title=name, fact="after_prison")
        for name in ("settled_on_release", "working_at_12_weeks")
    ]
    at_open = SimpleNamespace(
        level="open", cohorts=lambda: [SimpleNamespace(id="after_prison")], indicators=lambda _: infos
    )
    assert headlines.hidden_after(at_open, groups) == ["working_at_12_weeks"]  # type: ignore[arg-type]
    assert headlines.hidden_after(source, []) == []  # the partnership's level hides nothing


def test_the_open_level_begins_with_the_period_that_shows_most_of_all_pathways_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By pathway the year shows eight and the whole nine; with the figures of all pathways the year shows two more."""
    known = {("year", "pathway"): 8, ("year", ""): 2, ("all", "pathway"): 9, ("all", ""): 0}
    monkeypatch.setattr("components.headlines.pathways._shown", lambda *asked: known[asked[3], asked[4]])
    cohort = SimpleNamespace(id="caseload", clock="process", district_dimension="managing_district")
    step = headlines.Step(SimpleNamespace(id="referred_of_need"), cohort, "pathway")  # type: ignore[arg-type]
    source = SimpleNamespace(level="open", period_kinds=lambda *_: ["year", "all"])
    assert headlines.step_kinds(source, [step], "") == (["year", "all"], "year")  # type: ignore[arg-type]
