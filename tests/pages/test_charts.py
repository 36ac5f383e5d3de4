"""Every chart is valid Plotly: the pages skip Plotly's own checks for speed, so they are made here."""

import datetime as dt
from base64 import b64decode
from typing import Any
from xml.etree import ElementTree

import plotly.graph_objects as go
import polars as pl
import pytest

from components import charts, data, drawings, headlines
from release.read import Reader


@pytest.mark.parametrize("indicator", ["reoffending_rate", "reoffences_per_100"])
@pytest.mark.parametrize("kind", ["quarter", "year", "all"])
def test_a_trend_is_a_valid_chart(source: Reader, indicator: str, kind: str) -> None:
    rows = headlines.trimmed(data.rows(source, indicator, "scheme", kind=kind) or [])
    events = [{"on_date": dt.date(2024, 9, 10), "district": "", "title": "x"}]
    periods = {p.id: p for p in source.periods(kind)}
    drawn = charts.trend([{**row, "target": 40.0} for row in rows], periods, events=events)
    assert len(go.Figure(drawn).data) == len(drawn["data"])
    assert [a["text"] for a in drawn["layout"]["annotations"]].count("1") == 1


def test_an_empty_trend_is_a_valid_chart() -> None:
    assert not go.Figure(charts.trend([], {})).data


def test_the_other_charts_are_valid() -> None:
    curve = pl.DataFrame({"day": [0, 7], "value": [100.0, 90.0], "lower": [100.0, 80.0], "upper": [100.0, 95.0]})
    assert len(go.Figure(charts.survival(curve, 365)).data) == 2
    crime = pl.DataFrame({"month": [dt.date(2026, 1, 1)], "district": ["fenland"], "incidents": [3]})
    assert list(go.Figure(charts.incidents(crime)).data[0].y) == [3]


def test_the_map_draws_each_district_at_its_place_with_its_value() -> None:
    def square(x: float) -> dict[str, object]:
        return {"type": "Polygon", "coordinates": [[[x, 52.0], [x + 0.1, 52.0], [x + 0.1, 52.1], [x, 52.1], [x, 52.0]]]}

    row = {"val1": "fenland", "label1": "Fenland", "value": 30.0, "unit": "%", "status": "final", "decimals": 1}
    other = row | {"val1": "cambridge", "label1": "Cambridge", "value": None, "status": "suppressed"}
    shapes = {"fenland": square(0.0), "cambridge": square(0.1)}
    drawn = drawings.outline(shapes)
    pairs = [(row, "improved"), (other, "none")]
    image = ElementTree.fromstring(drawings.boundary_map(pairs, drawn, "A map."))[0]
    assert image.get("alt") == "A map."
    drawing = ElementTree.fromstring(b64decode(image.get("src", "").partition("base64,")[2]))
    paths = [e.get("class") for e in drawing.iter() if e.tag.endswith("path")]
    assert paths == ["area improved", "area none"]
    placed = {e.text: int(e.get("x", "")) for e in drawing.iter() if e.get("class") in ("name", "value")}
    assert placed["Fenland"] == placed["30.0%"] == pytest.approx(142, abs=20)
    assert placed["Cambridge"] == placed["[c]"] == pytest.approx(418, abs=20)
    assert drawings.boundary_map(pairs, drawings.outline({}), "A map.") == ""


def test_a_name_stands_inside_its_district_and_clear_of_one_within_it() -> None:
    outer = [[0.0, 52.0], [1.0, 52.0], [1.0, 53.0], [0.0, 53.0], [0.0, 52.0]]
    inner = [[0.4, 52.4], [0.7, 52.4], [0.7, 52.7], [0.4, 52.7], [0.4, 52.4]]
    shapes = {
        "around": {"type": "Polygon", "coordinates": [outer, inner]},
        "within": {"type": "Polygon", "coordinates": [inner]},
    }
    drawn = drawings.outline(shapes)
    assert drawn
    left, right = 4 + 0.4 * 552, 4 + 0.7 * 552
    top, bottom = 4 + (drawn.high - 8) * 0.3, 4 + (drawn.high - 8) * 0.6
    (x, y), (u, v) = drawn.names["around"], drawn.names["within"]
    assert left < u < right
    assert top < v < bottom
    assert not (left < x < right and top < y < bottom)


def test_small_multiples_draw_every_value_and_name_every_gap(source: Reader) -> None:
    rows = data.rows(source, "reoffending_rate", "scheme", kind="year", by="managing_district") or []
    names = [value for value, _ in source.members("managing_district")][:6]
    found = headlines.panels(rows, names)
    tree = ElementTree.fromstring(drawings.small_multiples(found, {p.id: p for p in source.periods("year")}))
    images = list(tree.iter("img"))
    assert len(images) == len(found)
    assert all(len(image.get("alt", "")) > 20 for image in images)
    for image, (_, shown) in zip(images, found, strict=True):
        drawing = ElementTree.fromstring(b64decode(image.get("src", "").partition("base64,")[2]))
        marks = [e.get("class") or "" for e in drawing.iter()]
        assert sum("dot" in mark for mark in marks) == sum(row["value"] is not None for row in shown)
        assert marks.count("gap") == sum(row["value"] is None and row["status"] != "immature" for row in shown)


def test_a_target_is_drawn_over_the_periods_that_have_it() -> None:
    rows = [{"target": aim} for aim in (None, None, 45.0, 45.0, 40.0, None, 45.0)]
    assert charts.aims(rows) == [(45.0, [2, 3]), (45.0, [6]), (40.0, [4])]
    assert charts.aims([{}, {"target": None}]) == []


def test_the_words_of_a_target_stand_clear_of_the_figures() -> None:
    first, last = dt.date(2024, 1, 1), dt.date(2026, 1, 1)

    def stands(*values: float | None) -> tuple[Any, str]:
        place = charts._clear_of(80.0, [{"value": value} for value in values], first, last)
        return place["x"], place["yanchor"]

    assert stands(76, 74, 80, 75) == (last, "bottom")  # below the line: the words above it
    assert stands(76, 74, 80, 85) == (last, "top")
    assert stands(70, 74, 80, 81) == (first, "bottom")  # further off where the line begins
    assert stands(90, 79) == (last, "bottom")  # too short a line to have a far end
    assert stands(None, 79, 79, None) == (last, "bottom")
