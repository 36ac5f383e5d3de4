"""The list that the police fixed on one day: the county's highest scores, followed ever since as one cohort.

A county in this product's source documents fixed 219 people in 2008, across three divisions, and asked what became of their
offending. Nothing is done to the people on this list for being on it: they are at their worst on the day they are chosen,
so their counts fall afterwards, and most of that fall is regression to the mean.
"""

import datetime as dt

import numpy as np
import polars as pl

from etl.synthetic import faults as f
from etl.synthetic.calendar import as_dates, day
from etl.synthetic.extract import ISO, Extract, text, with_people
from etl.synthetic.justice import CHARGED
from etl.synthetic.places import LABELS
from etl.synthetic.simulation import Block

FIXED_ON = day(dt.date(2023, 2, 1))
NAMED = 220 / 8000
"""Names on the list for each person simulated. In the default county 220 are sent and one cannot be read: 219 are loaded."""
DIVISIONS = np.array(["Southern", "Southern", "Central", "Central", "Southern", "Northern"])
"""Each district's police division, in the order of places.DISTRICTS."""


def chosen(block: Block) -> pl.DataFrame:
    """The adults with the highest scores on the day, living in one of the six districts: person, place, score."""
    people, size = block.people, len(block.people)
    charged = block.incidents.filter((pl.col("outcome") == CHARGED) & (pl.col("arrest") < FIXED_ON))
    ago = FIXED_ON - charged["arrest"].to_numpy()
    worth = charged["offences"].to_numpy() * np.where(ago <= 183, 2, 1) * (ago <= 365)
    score = np.bincount(charged["person"].to_numpy(), worth, size)
    home, age = people.home_on(FIXED_ON), people.age_on(FIXED_ON)
    eligible = (home < len(LABELS)) & (age >= 18) & (people.died > FIXED_ON) & (score > 0)
    ranked = np.lexsort((np.arange(size), -score, ~eligible))[: min(round(NAMED * size), int(eligible.sum()))]
    listed = np.sort(ranked)
    return pl.DataFrame({"person": listed, "place": home[listed], "score": score[listed], "age": age[listed]})


def extract(block: Block, ids: pl.DataFrame) -> Extract:
    """The list as the police sent it."""
    found = with_people(chosen(block), ids, "pnc", "surname", "forename", "born")
    place = found["place"].to_numpy()
    found = found.with_columns(
        pl.Series("division", DIVISIONS[place]),
        pl.Series("on", as_dates(np.full(found.height, FIXED_ON))),
        pl.col("score", "age").floor().cast(pl.Int64),
    )
    frame = text(found, ISO).select(
        pl.col("pnc").alias("PNC ID"), pl.col("surname").alias("Surname"), pl.col("forename").alias("Forename"),
        pl.col("division").alias("Division"), pl.col("score").alias("Score"), pl.col("on").alias("Fixed On"),
        pl.col("age").alias("Age"),
    )  # fmt: skip
    return Extract(
        "police_fixed_list", "police_fixed_list", frame, faults=(f.bad_date("Fixed On", "cohort_member", "index_date"),)
    )
