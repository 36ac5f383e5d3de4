"""The measures of the schemes before IOM beside the single cohort's. No Streamlit."""

from components.parallel.pictures import alt, chart
from components.parallel.rows import OFTEN, RATE, Case, case, choices, frames, lists, years
from components.parallel.sentences import (
    LISTS,
    LISTS_UNDER,
    METHOD,
    NONE,
    OPEN,
    TITLE,
    WHY_KEPT,
    answer,
    change_said,
    list_said,
    opening,
)
from components.parallel.tables import side_by_side, step_rows, steps_list, years_table

__all__ = [
    "LISTS", "LISTS_UNDER", "METHOD", "NONE", "OFTEN", "OPEN", "RATE", "TITLE", "WHY_KEPT", "Case", "alt", "answer", "case",
    "change_said", "chart", "choices", "frames", "list_said", "lists", "opening", "side_by_side", "step_rows", "steps_list", "years",
    "years_table",
]  # fmt: skip
