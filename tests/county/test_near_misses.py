"""The mentoring provider's assessments: one threshold decides who is taken on, and the programme's effect is the planted one."""

import csv
from dataclasses import replace

import polars as pl
import pytest

from etl.synthetic import truth
from etl.synthetic.calendar import CUTOFF, START
from etl.synthetic.directory import PROGRAMMES
from etl.synthetic.referrals import THRESHOLD
from etl.synthetic.simulation import simulate
from metrics.compare.discontinuity import discontinuity
from metrics.compare.result import FREQUENCY

MENTORING = [programme.code for programme in PROGRAMMES].index("MENTORING")


def test_the_threshold_decides_and_nothing_else(written) -> None:
    folder, _ = written
    with next(folder.glob("provider_mentoring*.csv")).open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Score"]]
    assert len(rows) > 60
    assert {float(row["Threshold"]) for row in rows} == {THRESHOLD}
    assert all((row["Group"] == "Mentored") == (float(row["Score"]) >= THRESHOLD) for row in rows)


def assessed(block) -> pl.DataFrame:
    """Each person's first referral to mentoring that a year of the county follows."""
    found = block.referrals.filter(
        (pl.col("programme") == MENTORING) & pl.col("referred").is_between(START, CUTOFF - 500)
    )
    return found.sort("referred").unique("person", keep="first", maintain_order=True)


def followed(block, people: pl.DataFrame) -> pl.DataFrame:
    """What the discontinuity needs: distance in points, whether they started, offences in the year after the start's wait."""
    offences = (
        block.incidents.join(people.select("person", "referred"), on="person")
        .filter((pl.col("day") > pl.col("referred")) & (pl.col("day") <= pl.col("referred") + 365))
        .group_by("person")
        .agg(pl.col("offences").sum().alias("reoffences"))
    )
    return people.join(offences, on="person", how="left").select(
        cluster="person", distance=100 * (1 - pl.col("lot")) - THRESHOLD, treated=pl.col("started") < CUTOFF,
        reoffences=pl.col("reoffences").fill_null(0),
    )  # fmt: skip


def test_mentoring_does_what_was_planted_to_those_above_alone(nothing_works) -> None:
    """The same county, every chance the same, with and without effect: those above offend less, those below much as before."""
    strong = dict.fromkeys((programme.code for programme in PROGRAMMES), 1.0) | {"MENTORING": 0.3}
    none = truth.without_effects(truth.draw(5))
    works = simulate(4000, 5, replace(none, programme_men=strong, programme_women=strong))
    people = assessed(works).join(assessed(nothing_works), on=["person", "referred", "lot"], how="semi")
    assert people.height > 150
    before, after = followed(nothing_works, people), followed(works, people)
    above, below = pl.col("distance") >= 0, pl.col("distance") < 0
    # Some of those below are referred again within the year, and start then.
    assert after.filter(below)["reoffences"].sum() == pytest.approx(before.filter(below)["reoffences"].sum(), rel=0.12)
    assert after.filter(above)["reoffences"].sum() < 0.8 * before.filter(above)["reoffences"].sum()
    assert (after["treated"] == (after["distance"] >= 0)).all()
    jumps = [discontinuity(one, FREQUENCY).effect for one in (before, after)]
    assert all(jump.estimate is not None for jump in jumps), [jump.reason for jump in jumps]
    assert jumps[0].lower <= 0 <= jumps[0].upper
    assert jumps[1].estimate < jumps[0].estimate
