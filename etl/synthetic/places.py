"""The districts of the synthetic county: where people live, how many are on the scheme, what score it takes."""

import numpy as np

DISTRICTS = (
    "cambridge",
    "east_cambridgeshire",
    "fenland",
    "huntingdonshire",
    "south_cambridgeshire",
    "peterborough",
)
LABELS = (
    "Cambridge",
    "East Cambridgeshire",
    "Fenland",
    "Huntingdonshire",
    "South Cambridgeshire",
    "Peterborough",
)
CAMBRIDGE, EAST, FENLAND, HUNTS, SOUTH, PETERBOROUGH, OUT_OF_AREA, NO_FIXED = range(8)
HOMES = (*DISTRICTS, "out_of_area", "no_fixed_address")
HOME_LABELS = (*LABELS, "Out of area", "No fixed abode")
HOME_SHARE = np.array([0.17, 0.05, 0.15, 0.12, 0.07, 0.40, 0.025, 0.015])

PLACES_PER_PERSON = np.array([34, 8, 24, 20, 8, 100]) / 8000
"""Places on IOM for each person simulated: about 100 in Peterborough in the default county."""
THRESHOLD = np.array([5.0, 3.0, 4.0, 4.0, 3.0, 3.5])
"""The score at which each district considers somebody: they differ, so their caseloads do too."""
PPO_PLACES_PER_PERSON = np.array([10, 2, 8, 6, 2, 30]) / 8000


def places(people: int, per_person: np.ndarray = PLACES_PER_PERSON) -> np.ndarray:
    """Places on a scheme in each district for a county of so many people: at least one."""
    return np.maximum(1, np.rint(per_person * people).astype(int))
