"""More than chance? Control charts over time and funnels between places, in pictures and words. No Streamlit."""

from components.variation.control import alt_control, control, control_rows, limits_of, points_table
from components.variation.sentences import meaning, reading_answer

__all__ = [
    "alt_control",
    "control",
    "control_rows",
    "limits_of",
    "meaning",
    "points_table",
    "reading_answer",
]
