"""The tables of Provision for its download: those of the release, as the level shows them."""

import polars as pl

from components import data, export
from components.judge import Row
from release.read import Reader

TABLES = {
    "directory": "directory", "gaps": "provision_gaps", "people_with_nothing": "provision_unmet", "use": "provision_use",
    "needs_expected": "needs_expected", "releases_due": "releases_due", "releases_expected": "releases_expected",
    "turning_18": "turning_18",
}  # fmt: skip
"""The file of each table and the reader's method that gives it."""


def frames(source: Reader, providers: list[Row]) -> dict[str, pl.DataFrame | None]:
    """Every table that is not empty at this level, and the figures by provider."""
    made: dict[str, pl.DataFrame | None] = {}
    for name, method in TABLES.items():
        frame: pl.DataFrame = data.part(source, method)
        made[name] = frame if frame.height else None
    made["providers"] = export.frame_of(providers) if providers else None
    return made
