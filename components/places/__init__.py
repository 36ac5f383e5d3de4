"""Places on the scheme as a reader sees them: the bands, the explorer, the tiers, what passing a place on would do. No Streamlit."""

from components.places import sentences
from components.places.pictures import alt_frontier, frontier
from components.places.rows import (
    EQUAL,
    SHARINGS,
    Reduction,
    Tier,
    area_cells,
    bands,
    cells,
    cost_of_a_place,
    reduction,
    tiers,
    weights,
)
from components.places.tables import by_band, by_district, by_swap, by_tier, frames

__all__ = [
    "EQUAL",
    "SHARINGS",
    "Reduction",
    "Tier",
    "alt_frontier",
    "area_cells",
    "bands",
    "by_band",
    "by_district",
    "by_swap",
    "by_tier",
    "cells",
    "cost_of_a_place",
    "frames",
    "frontier",
    "reduction",
    "sentences",
    "tiers",
    "weights",
]
