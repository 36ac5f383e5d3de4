"""The county reoffends at published levels: checked by a plain computation over the simulated people.

Bands are wide: a county of 6,000 has about 5,000 index events among adults, many of them of the same people.
"""

import bisect
from collections import defaultdict

import numpy as np
import polars as pl
import pytest

from etl.synthetic.calendar import CUTOFF, FAR, START, as_dates
from etl.synthetic.justice import CAUTIONED, CHARGED, SENTENCE

LAST = CUTOFF - 548


def _cohort(block):
    """(person, quarter, age, sentence days or None, reoffences) of every index event, person by person."""
    people = block.people
    disposal = dict(zip(block.occasions["occasion"], block.occasions["disposal"], strict=True))
    proved = defaultdict(list)
    index = []
    for row in block.incidents.iter_rows(named=True):
        cautioned = row["outcome"] == CAUTIONED
        convicted = row["outcome"] == CHARGED and disposal.get(row["occasion"], -1) >= 0
        if cautioned or convicted:
            proved[row["person"]].append((row["day"], row["proven"], row["offences"]))
        if cautioned:
            index.append((row["proven"], 2, row["person"], None))
    index += [(r["sentence"], 1, r["person"], None) for r in block.occasions.iter_rows(named=True) if r["disposal"] > 0]
    index += [
        (r["end"], 0, r["person"], r["sentence_days"])
        for r in block.spells.iter_rows(named=True)
        if r["kind"] == SENTENCE and r["end"] < FAR
    ]
    seen, found = set(), []
    for day, _, person, days in sorted(index, key=lambda event: event[:3]):
        date = as_dates(np.array([day]))[0]
        quarter = (date.year, (date.month - 1) // 3)
        if not START <= day <= LAST or (person, quarter) in seen:
            continue
        seen.add((person, quarter))
        again = sum(n for on, proven, n in proved[person] if day < on <= day + 365 and proven <= day + 548)
        found.append((person, quarter, (day - people.born[person]) / 365.25, days, again))
    return found


@pytest.fixture(scope="module")
def adults(usual):
    return [entry for entry in _cohort(usual) if entry[2] >= 18]


def _rate(entries):
    return 100 * sum(entry[4] > 0 for entry in entries) / len(entries)


def test_about_28_in_100_adults_reoffend(adults):
    assert 24 <= _rate(adults) <= 32


def test_about_60_in_100_reoffend_after_sentences_under_12_months(adults):
    short = [entry for entry in adults if entry[3] is not None and entry[3] < 365]
    longer = [entry for entry in adults if entry[3] is not None and entry[3] >= 365]
    assert 54 <= _rate(short) <= 66
    assert _rate(longer) < _rate(short) - 10


def test_most_sentences_to_custody_are_under_12_months(usual):
    custody = usual.occasions.filter((pl.col("disposal") == 0) & (pl.col("sentence") >= START))
    assert 0.5 <= (custody["sentence_days"] < 365).mean() <= 0.68


def test_no_date_comes_in_monthly_lumps(usual):
    """Each tenth of the month has about its share of offences, hearings, sentences and scheme starts."""
    decided = usual.incidents.filter(pl.col("first") < FAR)
    for days in (
        usual.incidents["day"], decided["first"], decided["proven"], usual.occasions["sentence"],
        usual.episodes["start"], usual.decisions["day"], usual.referrals["started"],
    ):  # fmt: skip
        numbers = as_dates(days.to_numpy()).drop_nulls().dt.day()
        assert numbers.n_unique() >= 28
        assert numbers.value_counts(normalize=True)["proportion"].max() < 0.08


def test_about_four_reoffences_a_reoffender(adults):
    again = [entry[4] for entry in adults if entry[4]]
    assert 3.2 <= np.mean(again) <= 4.8


def test_people_on_the_scheme_reoffend_more_and_more_often(usual, adults):
    on = {row[0] for row in usual.episodes.filter(pl.col("scheme") == 0).select("person").iter_rows()}
    managed = [entry for entry in adults if entry[0] in on]
    again = [entry[4] for entry in managed if entry[4]]
    assert _rate(managed) > 1.4 * _rate(adults)
    assert 3.5 <= np.mean(again) <= 5.5


def test_a_tenth_of_people_commit_half_of_the_offences(usual):
    offences = usual.incidents.filter(pl.col("day") >= START).group_by("person").agg(pl.col("offences").sum())
    counts = np.sort(offences["offences"].to_numpy())[::-1]
    size = len(usual.people)
    assert 0.42 <= counts[: size // 10].sum() / counts.sum() <= 0.62
    assert 0.06 <= counts[: size // 200].sum() / counts.sum() <= 0.14


def test_nobody_offends_in_the_community_from_inside(usual):
    spells = defaultdict(list)
    for row in usual.spells.iter_rows(named=True):
        spells[row["person"]].append((row["start"], row["end"]))
    outside = usual.incidents.filter(pl.col("inside") == 0)
    within = 0
    for person, day in outside.select("person", "day").iter_rows():
        held = sorted(spells.get(person, []))
        at = bisect.bisect_right(held, (day - 1, FAR)) - 1
        within += at >= 0 and held[at][0] < day < held[at][1]
    assert within == 0
    inside = usual.incidents.filter(pl.col("inside") == 1)
    assert 0 < inside.height < 0.05 * usual.incidents.height


def test_spells_in_custody_never_overlap(usual):
    spells = usual.spells.sort("person", "start", "end")
    before = spells["end"].shift(1).to_numpy()[1:]
    same = spells["person"].to_numpy()[1:] == spells["person"].to_numpy()[:-1]
    assert not (same & (spells["start"].to_numpy()[1:] < before)).any()


def test_proof_lags_the_offence_and_some_of_it_is_late(usual):
    proved = usual.incidents.filter((pl.col("proven") < FAR) & (pl.col("outcome") == CHARGED))
    lag = (proved["proven"] - proved["day"]).to_numpy()
    assert (lag >= 0).all()
    assert 25 <= np.median(lag) <= 100
    assert 0.03 <= (lag > 183).mean() <= 0.20


def test_a_fifth_of_prison_releases_fall_on_a_friday_and_none_at_a_weekend(usual):
    out = usual.spells.filter((pl.col("kind") == SENTENCE) & (pl.col("end") < FAR) & (pl.col("end") > pl.col("start")))
    weekday = (out["end"].to_numpy() + 3) % 7
    assert 0.14 <= (weekday == 4).mean() <= 0.26
    assert (weekday >= 5).mean() < 0.02


def test_about_half_of_those_on_iom_in_peterborough_are_inside(usual):
    shares = []
    for on in range(START + 730, CUTOFF, 365):
        here = usual.episodes.filter(
            (pl.col("scheme") == 0) & (pl.col("district") == 5) & (pl.col("start") <= on) & (pl.col("end") > on)
        )["person"].unique()
        inside = usual.spells.filter((pl.col("start") <= on) & (pl.col("end") > on))["person"].unique()
        shares.append(here.is_in(inside.implode()).mean())
        assert 60 <= here.len() <= 80  # 100 places for 8,000 people are 75 for 6,000; leavers overlap with joiners
    assert 0.35 <= np.mean(shares) <= 0.65
