"""The county's ratings and strands say what they are made to say: ratings foretell, but not surely; who refuses is caught."""

from collections import defaultdict

import polars as pl
import pytest

from etl.synthetic import scheme_tables
from etl.synthetic.calendar import CUTOFF
from etl.synthetic.ratings import EVERY, FIRST, ratings
from etl.synthetic.schemes import IOM


@pytest.fixture(scope="module")
def rated(usual):
    return ratings(usual, scheme_tables.episodes(usual))


def test_the_joint_rating_is_the_worse_of_the_two_and_none_is_rare(rated):
    order = {"Green": 0, "Amber": 1, "Red": 2}
    for compliance, risk, overall in rated.select("compliance", "risk", "overall").iter_rows():
        assert order[overall] == max(order[compliance], order[risk])
    shares = dict(rated["overall"].value_counts(normalize=True).iter_rows())
    assert all(0.12 < shares[colour] < 0.6 for colour in order)


def test_a_rating_foretells_offending_but_not_surely(usual, rated):
    """Somebody rated red offends within a year about three times as often as somebody rated green, and often not at all."""
    days = defaultdict(list)
    for person, day in usual.incidents.select("person", "day").iter_rows():
        days[person].append(day)
    again = defaultdict(list)
    for person, day, colour in rated.select("person", pl.col("on").cast(pl.Int32), "overall").iter_rows():
        if day <= CUTOFF - 365:
            again[colour].append(any(day < on <= day + 365 for on in days[person]))
    share = {colour: sum(found) / len(found) for colour, found in again.items()}
    assert share["Red"] > share["Amber"] > share["Green"] > 0.02
    assert 0.25 < share["Red"] < 0.7


def test_ratings_come_every_quarter_of_an_episode(usual, rated):
    spells = scheme_tables.episodes(usual).filter(pl.col("scheme") == IOM).select("person", "from_day")
    asked = rated.select("person", pl.col("on").cast(pl.Int64)).join(spells, on="person")
    regular = (pl.col("on") - pl.col("from_day") - FIRST) % EVERY == 0
    assert asked.filter(regular).select("person", "on").unique().height == rated.select("person", "on").unique().height


def test_most_of_those_who_refuse_are_in_catch_and_control(usual):
    marked = scheme_tables.states(usual, scheme_tables.episodes(usual))
    refused = marked.filter((pl.col("kind") == "Consent") & (pl.col("value") == "Refused"))["person"].unique()
    strand = marked.filter(pl.col("kind") == "Strand")
    theirs = pl.col("person").is_in(refused.implode())
    caught = pl.col("value") == "Catch and control"
    share = [strand.filter(who).select(caught.mean()).item() for who in (theirs, ~theirs)]
    assert 0.6 < share[0] < 0.98  # some refused in one episode and not in another
    assert share[0] > share[1] + 0.2
