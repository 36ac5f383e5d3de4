"""Payment by results on a page: which contract, what it would be paid, and what luck alone would be paid. No Streamlit."""

from components.payment import sentences
from components.payment.pictures import alt_by_size, alt_hundred, by_size, hundred
from components.payment.rows import (
    EFFECTS,
    Chance,
    Contract,
    Subject,
    chance,
    contract,
    frames,
    of_nothing,
    rules,
    sizes,
    subjects,
)
from components.payment.tables import hundred_table, method, rule_words, schemes_table, sizes_table, steps_table

__all__ = [
    "EFFECTS",
    "Chance",
    "Contract",
    "Subject",
    "alt_by_size",
    "alt_hundred",
    "by_size",
    "chance",
    "contract",
    "frames",
    "hundred",
    "hundred_table",
    "method",
    "of_nothing",
    "rule_words",
    "rules",
    "schemes_table",
    "sentences",
    "sizes",
    "sizes_table",
    "steps_table",
    "subjects",
]
