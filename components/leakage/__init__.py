"""From need to outcome: where people are lost along the pathways, and what is lost with them. No Streamlit."""

from components.leakage import sentences
from components.leakage.cost import Start, cost_of_a_start
from components.leakage.rows import Leak, Step, leak, leaks
from components.leakage.tables import KEY, frame, steps_table, worst_table

__all__ = [
    "KEY",
    "Leak",
    "Start",
    "Step",
    "cost_of_a_start",
    "frame",
    "leak",
    "leaks",
    "sentences",
    "steps_table",
    "worst_table",
]
