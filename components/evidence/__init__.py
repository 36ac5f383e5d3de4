"""A comparison as a reader sees it: which one, what it found, and what stands behind it. No Streamlit."""

from components.evidence.balance import love_plot, worst_after
from components.evidence.beside import (
    against_expected,
    before_after_table,
    before_and_after,
    expected_table,
    near_miss_table,
    near_misses,
)
from components.evidence.case import Case, Choice, choices, counted, every, picked
from components.evidence.findings import every_comparison, hundred, outcomes, specifications, verdict_line
from components.evidence.flow import flow_table
from components.evidence.pictures import alt_arms, alt_support, arms, support
from components.evidence.tables import arms_table, balance_table, effects_table, method, method_parts, support_table

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
    "choices",
    "counted",
    "effects_table",
    "every",
    "every_comparison",
    "expected_table",
    "flow_table",
    "hundred",
    "love_plot",
    "method",
    "method_parts",
    "near_miss_table",
    "near_misses",
    "outcomes",
    "picked",
    "specifications",
    "support",
    "support_table",
    "verdict_line",
    "worst_after",
]
