"""What the scheme promised and what became of it: contacts, enforcement, courts, prison releases, meetings. No Streamlit."""

from components.compliance import sentences
from components.compliance.pictures import alt_weekdays, weekdays_chart
from components.compliance.rows import (
    FACTS,
    Group,
    Measure,
    Weekday,
    first_kind,
    groups,
    kinds,
    measures,
    weekdays,
)
from components.compliance.tables import by_group, frame_of_weekdays, promises, weekdays_table

__all__ = [
    "FACTS",
    "Group",
    "Measure",
    "Weekday",
    "alt_weekdays",
    "by_group",
    "first_kind",
    "frame_of_weekdays",
    "groups",
    "kinds",
    "measures",
    "promises",
    "sentences",
    "weekdays",
    "weekdays_chart",
    "weekdays_table",
]
