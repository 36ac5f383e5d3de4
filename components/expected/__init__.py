"""Observed against expected: by district, by scheme and by band of risk, by each standard that the release holds. No Streamlit."""

from components.expected import sentences
from components.expected.pictures import alt_reliability, reliability
from components.expected.rows import Band, Standing, Whole, bands, by_place, by_year, districts_held, wholes
from components.expected.tables import bands_table, frame_of, standings_table, wholes_table

__all__ = [
    "Band",
    "Standing",
    "Whole",
    "alt_reliability",
    "bands",
    "bands_table",
    "by_place",
    "by_year",
    "districts_held",
    "frame_of",
    "reliability",
    "sentences",
    "standings_table",
    "wholes",
    "wholes_table",
]
