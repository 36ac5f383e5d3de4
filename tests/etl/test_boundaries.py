"""Boundaries: the area's districts and no others, in degrees, or a plain refusal."""

import json
from pathlib import Path

import duckdb
import pytest

from common.errors import ProblemError
from etl.boundaries import FILE, fill_boundaries, load_boundaries
from etl.geography import geography

AREA = geography().filter(geography()["in_area"])
SQUARE = [[[0.0, 52.0], [0.1, 52.0], [0.1, 52.1], [0.0, 52.0]]]


def collection(tmp_path: Path, coordinates: object = SQUARE, leave_out: str = "") -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"LAD24CD": code},
            "geometry": {"type": "Polygon", "coordinates": coordinates},
        }
        for code in [*AREA["ons_code"], "E07000999"]
        if code != leave_out
    ]
    file = tmp_path / "districts.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return file


def test_only_the_areas_districts_are_kept_and_reach_the_store(tmp_path: Path) -> None:
    assert load_boundaries(collection(tmp_path), tmp_path) == AREA["district"].to_list()
    with duckdb.connect() as con:
        fill_boundaries(con, tmp_path)
        rows = con.sql("SELECT district, geojson FROM boundary").fetchall()
    assert {district for district, _ in rows} == set(AREA["district"])
    assert all(json.loads(shape)["coordinates"] == SQUARE for _, shape in rows)


def test_without_boundaries_the_table_is_empty(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        fill_boundaries(con, tmp_path)
        assert con.sql("SELECT count(*) FROM boundary").fetchall() == [(0,)]


def test_a_missing_district_is_named(tmp_path: Path) -> None:
    file = collection(tmp_path, leave_out=AREA["ons_code"][0])
    with pytest.raises(ProblemError, match=AREA["district"][0]):
        load_boundaries(file, tmp_path)
    assert not (tmp_path / FILE).exists()


def test_national_grid_metres_are_refused(tmp_path: Path) -> None:
    metres = [[[545000, 258000], [546000, 258000], [546000, 259000], [545000, 258000]]]
    with pytest.raises(ProblemError, match="longitude and latitude"):
        load_boundaries(collection(tmp_path, metres), tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"features": 3}', "not json"])
def test_what_is_not_geojson_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.geojson"
    file.write_text(text, "utf-8")
    with pytest.raises(ProblemError, match="GeoJSON"):
        load_boundaries(file, tmp_path)


def test_the_published_boundaries_load(shared_data: Path, tmp_path: Path) -> None:
    """The six districts, out of their own file and out of the file of England and Wales."""
    for name in ("Cambridgeshire_6_LADs_May_2024_BSC.geojson", "LAD_May_2024_EW_BSC_4dp.geojson"):
        assert len(load_boundaries(shared_data / "boundaries" / name, tmp_path)) == 6
