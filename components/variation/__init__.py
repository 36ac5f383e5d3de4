"""More than chance? Control charts over time and funnels between places, in pictures and words. No Streamlit."""

from components.variation.control import alt_control, control, points_table
from components.variation.places import (
    alt_funnel,
    between,
    funnel_answer,
    funnel_chart,
    funnel_notes,
    places_table,
)
from components.variation.sentences import meaning, reading_answer
from release.places_and_times import over_time

__all__ = [
    "alt_control",
    "alt_funnel",
    "between",
    "control",
    "funnel_answer",
    "funnel_chart",
    "funnel_notes",
    "meaning",
    "over_time",
    "places_table",
    "points_table",
    "reading_answer",
]
