"""More than chance? Control charts over time and funnels between places, in pictures and words. No Streamlit."""

from components.variation.control import alt_control, control, control_rows, limits_of, points_table, reading_of
from components.variation.places import (
    alt_funnel,
    between,
    funnel_answer,
    funnel_chart,
    funnel_notes,
    places_table,
)
from components.variation.sentences import meaning, reading_answer

__all__ = [
    "alt_control",
    "alt_funnel",
    "between",
    "control",
    "control_rows",
    "funnel_answer",
    "funnel_chart",
    "funnel_notes",
    "limits_of",
    "meaning",
    "places_table",
    "points_table",
    "reading_answer",
    "reading_of",
]
