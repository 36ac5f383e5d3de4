"""District boundaries for the map, from a GeoJSON file such as the Office for National Statistics publishes.

Boundaries are public and about no person: they are kept as they are, beside the parts. Without them the district
page draws a tile map.
"""

import json
import math
from pathlib import Path
from typing import Any

import duckdb

from common import versions
from common.errors import ProblemError
from etl.geography import district_values, geography

FILE = "boundaries.json"
SHAPES = ("Polygon", "MultiPolygon")


def load_boundaries(file: Path, data_dir: Path) -> list[str]:
    """Keep the area's districts out of a GeoJSON file; gives their slugs.

    A feature is a district's when one of its properties is the district's ONS code or name. Coordinates are
    longitude and latitude in degrees (WGS84). Other places in the file are left out; a district of the area that is
    missing, or a file in another projection, is refused.
    """
    found: dict[str, Any] = {}
    for feature in _features(file):
        district = _district(feature.get("properties") or {})
        geometry = feature.get("geometry") or {}
        if district is None:
            continue
        if geometry.get("type") not in SHAPES:
            raise _problem(f"the boundary of {district} is not an area", file, " or ".join(SHAPES))
        if not all(_on_earth(x, y) for x, y in _points(geometry.get("coordinates", []))):
            raise _problem("the coordinates are not longitude and latitude", file, "degrees (WGS84, EPSG:4326)")
        found[district] = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    wanted = geography().filter(geography()["in_area"])["district"].to_list()
    missing = [district for district in wanted if district not in found]
    if missing:
        raise _problem(
            f"no boundary was found for {', '.join(missing)}", file, "a feature for each district of the area"
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    versions.write_atomic(data_dir / FILE, json.dumps({district: found[district] for district in wanted}))
    return wanted


def fill_boundaries(con: duckdb.DuckDBPyConnection, data_dir: Path) -> None:
    """The store's table `boundary` (district, geojson): empty where no boundaries were loaded."""
    con.execute("CREATE TABLE boundary (district VARCHAR NOT NULL, geojson JSON NOT NULL)")
    kept = data_dir / FILE
    if kept.is_file():
        shapes = json.loads(kept.read_text("utf-8"))
        con.executemany(
            "INSERT INTO boundary VALUES (?, ?)", [(name, json.dumps(shape)) for name, shape in shapes.items()]
        )


def _features(file: Path) -> list[dict[str, Any]]:
    try:
        document = json.loads(file.read_text("utf-8-sig"))
        features = document["features"]
    except (OSError, ValueError, KeyError, TypeError):
        raise _problem(
            "the file is not a GeoJSON feature collection", file, '{"type": "FeatureCollection", ...}'
        ) from None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise _problem("the file's features are not a list of features", file, "GeoJSON")
    return features


def _district(properties: dict[str, Any]) -> str | None:
    """The district that a feature's own properties name, by code first."""
    known = district_values()
    texts = [" ".join(value.split()).lower() for value in properties.values() if isinstance(value, str)]
    texts.sort(key=lambda text: not any(character.isdigit() for character in text))
    return next((known[text] for text in texts if text in known), None)


def _points(coordinates: Any) -> list[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [point for part in coordinates for point in _points(part)]


def _on_earth(x: float, y: float) -> bool:
    return math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90


def _problem(what: str, file: Path, allowed: str) -> ProblemError:
    return ProblemError(what, file.name, allowed, "use the boundaries that the ONS publishes as GeoJSON, in WGS84")
