"""A comparison as a reader sees it: which one, what it found, and what stands behind it. No Streamlit."""

from components.evidence.balance import corrected, love_plot, worst_after
from components.evidence.beside import (
    against_expected,
    before_after_table,
    before_and_after,
    expected_by_scheme,
    expected_years,
    near_miss_table,
    near_misses,
    side_by_side,
    two_answers,
)
from components.evidence.case import Case, Choice, choices, counted, every, picked
from components.evidence.findings import every_comparison, hundred, outcomes, specifications, verdict_line
from components.evidence.flow import flow_table
from components.evidence.pictures import alt_arms, alt_support, arms, by_cause, ends, overlap, support, top_of
from components.evidence.tables import (
    arms_table,
    balance_table,
    competing_table,
    effects_table,
    method,
    method_parts,
    support_table,
)

__all__ = [
    "Case",
    "Choice",
    "against_expected",
    "alt_arms",
    "alt_support",
    "arms",
    "arms_table",
    "balance_table",
    "before_after_table",
    "before_and_after",
    "by_cause",
    "choices",
    "competing_table",
    "corrected",
    "counted",
    "effects_table",
    "ends",
    "every",
    "every_comparison",
    "expected_by_scheme",
    "expected_years",
    "flow_table",
    "hundred",
    "love_plot",
    "method",
    "method_parts",
    "near_miss_table",
    "near_misses",
    "outcomes",
    "overlap",
    "picked",
    "side_by_side",
    "specifications",
    "support",
    "support_table",
    "top_of",
    "two_answers",
    "verdict_line",
    "worst_after",
]
