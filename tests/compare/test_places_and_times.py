"""Charts and funnels from a release: only final figures, the right chart, the county's own unit; what the open level takes."""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from common.errors import ProblemError
from metrics.compare.concentration import COLUMNS
from metrics.kinds.proportion import wilson
from metrics.periods import quarters
from release.models import MODELS, at_level
from release.places_and_times import between_places, over_time, partly_pooled
from release.read import Reader
from tests.compare.open_release import make

DISTRICTS = ("fenland", "cambridge", "huntingdonshire", "out_of_area")
ROW = "INSERT INTO figure VALUES (?, 'scheme', ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, '', NULL)"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    path = make(tmp_path_factory.mktemp("release") / "ours.duckdb", "Ours", "partnership")
    con = duckdb.connect(str(path))
    con.execute("DELETE FROM period")
    con.execute("INSERT INTO event VALUES ('2020-02-02', 'a new team', '')")
    for place, name in enumerate(DISTRICTS):
        con.execute("INSERT INTO member VALUES ('managing_district', ?, ?, ?)", [name, name.title(), place])
    for name in ("reoffending_rate", "reoffences_per_100"):
        con.execute("INSERT INTO lattice VALUES (?, 'scheme', 'quarter', '', ''), (?, 'scheme', 'year', 'managing_district', '')", [name, name])  # fmt: skip
    for place, quarter in enumerate(quarters("2018Q1", "2022Q4")):
        month = int(quarter[-1]) * 3 - 2
        start = dt.date(int(quarter[:4]), month, 1)
        end = dt.date(start.year + (month == 10), (month + 2) % 12 + 1, 1) - dt.timedelta(days=1)
        con.execute("INSERT INTO period VALUES (?, 'quarter', ?, ?, ?, NULL)", [quarter, quarter, start, end])
        count, status = (20 + place % 3, "final") if place < 17 else (5, "provisional")
        if place == 16:
            count = 45
        if place >= 19:
            continue
        con.execute(ROW, ["reoffending_rate", quarter, "", "", 100 * count / 50, 1, 99, count, 50, status])
    con.execute("INSERT INTO period VALUES ('2022/23', 'year', 'y', '2022-04-01', '2023-03-31', NULL)")
    for place, name in enumerate(DISTRICTS):
        count, people = (40, 200 + 100 * place) if name != "fenland" else (160, 200)
        low, high = (100 * float(limit[0]) for limit in wilson(np.array([count / people]), np.array([float(people)])))
        con.execute(ROW, ["reoffending_rate", "2022/23", "managing_district", name, 100 * count / people, low, high, count, people, "final"])  # fmt: skip
        # Intervals twice as wide as Poisson's: people are prolific.
        value, half = 100 * count / people, 2 * 1.96 * 100 * count**0.5 / people
        con.execute(ROW, ["reoffences_per_100", "2022/23", "managing_district", name, value, value - half, value + half, count, people, "final"])  # fmt: skip
    con.close()
    return Reader(path)


def test_final_quarters_are_charted_and_provisional_ones_stand_apart(reader: Reader) -> None:
    found = over_time(reader, "reoffending_rate", "scheme", target=60.0)
    assert found.chart.kind == "p"
    assert found.chart.points.height == 17
    assert found.chart.points["value"][0] == 40
    assert found.provisional["period"].to_list() == ["2022Q2", "2022Q3"]
    assert found.reading is not None
    assert (found.reading.period, found.reading.cause) == ("2022Q1", "concern")
    assert "outside_limits" in found.reading.rules
    assert found.reading.assurance == "hit_or_miss"
    assert found.notes.select("period", "title").rows() == [("2020Q1", "a new team")]


def test_limits_begin_anew_only_at_the_declared_event(reader: Reader) -> None:
    found = over_time(reader, "reoffending_rate", "scheme", rebase=[dt.date(2020, 2, 2)])
    assert found.chart.segments["first"].to_list() == ["2018Q1", "2020Q1"]
    with pytest.raises(ProblemError, match="No event is declared"):
        over_time(reader, "reoffending_rate", "scheme", rebase=[dt.date(2020, 2, 3)])


def test_districts_are_a_funnel_in_their_order_in_the_figures_unit(reader: Reader) -> None:
    found = between_places(reader, "reoffending_rate", "scheme", "2022/23", spread="none")
    assert found is not None
    assert found.places["place"].to_list() == ["fenland", "cambridge", "huntingdonshire"]
    assert found.places["value"].to_list() == pytest.approx([80, 40 / 3, 10])
    assert found.places["band"][0] == "above_998"
    assert found.target == pytest.approx(100 * 240 / 900)
    rate = between_places(reader, "reoffences_per_100", "scheme", "2022/23", target=30.0)
    assert rate is not None
    assert rate.target == pytest.approx(30)
    assert rate.clustering == pytest.approx(4, abs=0.05), "prolific people are allowed for"


def test_pooled_estimates_stand_beside_the_raw(reader: Reader) -> None:
    for name in ("reoffending_rate", "reoffences_per_100"):
        found = partly_pooled(reader, name, "scheme", "2022/23")
        assert found is not None
        assert found.places["raw"].to_list() == pytest.approx([80, 40 / 3, 10])
        assert 10 < found.places["estimate"][2] < 80


def test_what_the_open_level_takes_of_concentration_and_change() -> None:
    """Thirty people in the group at stake and none dominant; years of the whole area only; whole points, counts to 5."""
    base = {"cohort": "area", "period": "all", "value": 8.19, "lower": 7.3, "upper": 8.9, "by_chance": 1.5, "of_people": 6012, "offences": 15958}  # fmt: skip
    rows = [("top_0.5", 29, False), ("top_0.5", 31, False), ("top_10", 601, False), ("top_10", 45, True)]
    frame = pl.DataFrame([base | {"measure": m, "people": n, "dominated": d} for m, n, d in rows]).select(list(COLUMNS))
    moved = {"cohort": "adults", "indicator": "reoffending_rate", "part": "mix", "sort": 1, "value": -1.234, "lower": -2.2, "upper": -0.3, "reason": ""}  # fmt: skip
    spans = [("", "2022/23", "2023/24", 400), ("fenland", "2022/23", "2023/24", 400), ("", "2022Q4", "2023Q4", 400), ("", "2021/22", "2022/23", 29)]  # fmt: skip
    change = pl.DataFrame(
        [moved | {"district": d, "from_period": a, "to_period": b, "people": n} for d, a, b, n in spans]
    )
    names = {model.table for model in MODELS}
    assert {"concentration", "decomposition"} <= names
    tables = {"concentration": frame, "decomposition": change}
    told = [("2021/22", 30.0), ("2022/23", 30.0), ("2023/24", 31.0), ("2022Q4", None), ("2023Q4", None)]
    rates = pl.DataFrame([{"indicator": "reoffending_rate", "cohort": "adults", "period": p, "dim1": "", "value": v} for p, v in told])  # fmt: skip
    shown = at_level(tables, "open", rates)
    hidden = rates.with_columns(value=pl.when(pl.col("period") == "2022/23").then(None).otherwise(pl.col("value")))
    assert not at_level(tables, "open", hidden)["decomposition"].height  # it would tell the hidden rate
    assert shown["concentration"].select("measure", "people").rows() == [("top_0.5", 30), ("top_10", 600)]
    assert shown["concentration"].select("value", "lower", "upper", "offences").row(0) == (8, 7, 9, 15960)
    assert shown["decomposition"].select("district", "to_period", "people").rows() == [("", "2023/24", 400)]
    assert shown["decomposition"].select("value", "lower", "upper").row(0)[:2] == (-1, -3)
    assert at_level(tables, "partnership", rates)["concentration"].height == 4


def test_a_kind_without_limits_has_no_funnel(tmp_path: Path) -> None:
    path = make(tmp_path / "in.duckdb", "Ours", "partnership")
    con = duckdb.connect(str(path))
    con.execute("UPDATE indicator SET kind = 'survival'")
    con.close()
    other = Reader(path)
    assert between_places(other, "reoffending_rate", "scheme", "2022/23") is None
    assert partly_pooled(other, "reoffending_rate", "scheme", "2022/23") is None
