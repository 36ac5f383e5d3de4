"""Street crime of the county in the shape of data.police.uk, a file a month: context that is about no person."""

import datetime as dt

import numpy as np
import polars as pl

from etl.synthetic.chance import pick, stream
from etl.synthetic.places import LABELS

MONTHS = tuple(dt.date(2025 + (9 + step) // 12, (9 + step) % 12 + 1, 1) for step in range(12))
"""The last twelve months before the cut-off."""
ROWS_PER_PERSON = 600 / 8000
MOST_ROWS = 6500
"""What the real county records in a month."""
FORCE = "Cambridgeshire Constabulary"
_AREAS = np.array([*LABELS, ""])
_AREA_SHARE = np.array([0.20, 0.06, 0.12, 0.15, 0.11, 0.33, 0.03])
_ASB = 1
_TYPES = np.array((
    "Violence and sexual offences", "Anti-social behaviour", "Shoplifting", "Public order", "Criminal damage and arson",
    "Other theft", "Burglary", "Vehicle crime", "Other crime", "Drugs", "Bicycle theft", "Possession of weapons",
    "Theft from the person", "Robbery",
))  # fmt: skip
_TYPE_SHARE = np.array([35, 15, 9, 8, 8, 7, 5, 4, 2.5, 2.5, 2, 1, 1, 1])
_OUTCOMES = np.array((
    "Unable to prosecute suspect", "Investigation complete; no suspect identified", "Status update unavailable",
    "Court result unavailable", "Local resolution", "Offender given a caution", "Under investigation",
))  # fmt: skip
_OUTCOME_SHARE = np.array([38, 36, 6, 9, 4, 2, 5])
_STREETS = np.array(("Station Road", "High Street", "Church Lane", "Park Road", "Supermarket", "Mill Road"))


def month_of_crime(first: dt.date, people: int, seed: int) -> pl.DataFrame:
    """The crimes recorded in one month. Anti-social behaviour has neither an id nor an outcome, as published."""
    rng = stream(seed, 0, f"street crime {first:%Y-%m}")
    size = int(min(MOST_ROWS, max(120, people * ROWS_PER_PERSON)) * (0.9 + 0.2 * rng.random()))
    area = pick(rng.random(size), _AREA_SHARE)
    kind = pick(rng.random(size), _TYPE_SHARE)
    lsoa = rng.integers(1, 16, size)
    anti_social = kind == _ASB
    text = rng.bytes(32 * size).hex()
    ids = np.array([text[64 * row : 64 * row + 64] for row in range(size)])
    nowhere = area == len(LABELS)
    names = [
        f"{_AREAS[at]} {number:03d}{'ABCD'[number % 4]}" if at < len(LABELS) else ""
        for at, number in zip(area, lsoa, strict=True)
    ]
    street = _STREETS[rng.integers(0, len(_STREETS), size)]
    frame = pl.DataFrame(
        {
            "Crime ID": np.where(anti_social, "", ids),
            "Month": f"{first:%Y-%m}",
            "Reported by": FORCE,
            "Falls within": FORCE,
            "Longitude": np.where(nowhere, "", np.char.mod("%.6f", -0.25 + 0.4 * rng.random(size))),
            "Latitude": np.where(nowhere, "", np.char.mod("%.6f", 52.2 + 0.4 * rng.random(size))),
            "Location": np.where(nowhere, "No location", np.char.add("On or near ", street)),
            "LSOA code": np.where(nowhere, "", np.char.mod("E010%05d", 15_000 + 100 * area + lsoa)),
            "LSOA name": names,
            "Crime type": _TYPES[kind],
            "Last outcome category": np.where(anti_social, "", _OUTCOMES[pick(rng.random(size), _OUTCOME_SHARE)]),
            "Context": "",
        }
    )
    return frame.sort("Crime ID", maintain_order=True)
