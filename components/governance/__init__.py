"""Governance: whether the partners keep their side, and whether what was decided moved anything. No Streamlit."""

from components.governance.rows import (
    ATTENDANCE,
    CONFERENCES,
    LEAD,
    LED,
    Placed,
    Planned,
    Said,
    actions,
    frames,
    judged,
    measure_of,
    partners,
    placed,
    said_of,
    sectors,
)

__all__ = [
    "ATTENDANCE",
    "CONFERENCES",
    "LEAD",
    "LED",
    "Placed",
    "Planned",
    "Said",
    "actions",
    "frames",
    "judged",
    "measure_of",
    "partners",
    "placed",
    "said_of",
    "sectors",
]
