"""What is said of a comparison: the verdict from its interval alone, the grade from its balance, and no verdict with a reason."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from metrics.compare import evaluation
from metrics.compare.cox import hazard_ratio
from metrics.compare.evaluation import evaluated, rubric, verdict_of
from metrics.compare.frame import evaluation_frame
from metrics.compare.joining import Joining, joining, undiluted
from metrics.compare.over_time import happened_first, hazards, weighted
from metrics.compare.people import Source
from metrics.compare.plan import Comparison
from metrics.compare.result import Effect
from metrics.compare.sensitivity import specifications
from metrics.compare.survival import log_rank, times
from tests.release.made_comparison import CUTOFF, county

IOM = Comparison(id="iom", title="IOM", subject_kind="scheme", subject="iom")


@pytest.fixture(scope="module")
def frame():
    return evaluation_frame(county(), IOM, CUTOFF)


def effect(outcome="rate", scale="difference", lower=-3.0, upper=2.0):
    return Effect(outcome, "matched", "main", scale, "", 0.0, lower, upper, 1.0, 1.0, 0.5, 100, 100)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (effect(lower=-3, upper=-0.1), "fewer"),
        (effect(lower=-3, upper=0), "cannot_tell"),
        (effect(lower=0.1, upper=3), "more"),
        (effect(scale="ratio", lower=0.5, upper=0.99), "fewer"),
        (effect(scale="ratio", lower=0.5, upper=1.2), "cannot_tell"),
        (effect(outcome="time", lower=4, upper=20), "fewer"),  # more days without reoffending
        (effect(outcome="time", lower=-20, upper=-4), "more"),
    ],
)
def test_the_verdict_is_the_intervals(given, verdict):
    assert verdict_of(given) == verdict


def test_a_comparison_is_worked_out_whole(frame):
    found = evaluated(frame)
    assert found.verdict in ("fewer", "more", "cannot_tell") and found.grade in (2, 3) and found.grade in rubric()
    assert found.grade == (3 if found.evidence["corrected_imbalance"] <= 0.10 else 2)
    assert found.headline is not None and found.headline["outcome"] == "rate"
    tried = {row["specification"] for row in found.effects}
    every = {choice.id for choice in specifications(frame.covariates, leave_out=False)}
    assert every - tried <= {"no_later_joiners"} and {"caliper_0.1", "caliper_0.4", "once"} <= every
    assert {"e_value", "rosenbaum", "joined_later", "undiluted"} <= {row["measure"] for row in found.sensitivity}
    last = found.curves.filter(pl.col("day") == 365)
    share = frame.people.filter(pl.col("treated"))["reoffended"].mean()
    shown = last.filter(pl.col("arm") == "treated")["value"][0]
    assert shown == pytest.approx(100 * share, abs=6)  # of those matched


def test_what_came_first_adds_up_and_a_reoffence_is_never_seen_later_than_it_was(frame):
    found = evaluated(frame)
    days = found.competing.pivot("cause", index=["arm", "day"], values="value")
    assert (days.select(pl.sum_horizontal("reoffence", "custody", "death")).to_series() <= 100 + 1e-9).all()
    first = found.competing.filter(pl.col("cause") == "reoffence").join(found.curves, on=["arm", "day"], suffix="_km")
    # What custody came before is no first reoffence: the incidence lies at or under 1 - Kaplan-Meier.
    assert first.height and (first["value"] <= first["value_km"] + 1e-9).all()
    hazard, test = [row for row in found.effects if row["outcome"] == "hazard"]
    assert (hazard["method"], hazard["scale"]) == ("cox", "ratio") and hazard["lower"] < hazard["estimate"]
    weights = np.ones(frame.people.height)
    same, curves = hazards(frame, weighted(frame, weights))
    assert same.estimate == pytest.approx(hazard_ratio(times(frame.people, 365.0)).estimate)
    assert (test["method"], test["estimate"]) == ("log_rank", None) and 0 < test["p_value"] <= 1
    assert curves.p_value == pytest.approx(log_rank(times(frame.people, 365.0)).p_value)


def test_without_a_prison_extract_nothing_is_said_of_what_came_first(frame):
    people = frame.people.with_columns(custody=pl.lit(None, pl.Boolean))
    assert happened_first(frame, weighted(replace(frame, people=people), np.ones(people.height))).is_empty()


def test_records_of_different_sources_give_no_verdict(frame):
    other = replace(frame, source=Source(0.9, 0.1))
    found = evaluated(other)
    assert (found.verdict, found.effects) == ("no_verdict", ())
    assert "different records" in found.reason


def test_too_few_submitted_gives_no_verdict(frame):
    assert evaluated(replace(frame, submitted=59)).reason == "fewer than 60 people were submitted"


def test_groups_that_stay_unlike_give_no_verdict(frame, monkeypatch):
    monkeypatch.setattr(evaluation, "TOO_UNLIKE", 0.0001)
    found = evaluated(frame)
    assert (found.verdict, found.effects) == ("no_verdict", ()) and found.balance.height > 0


def test_the_shares_of_those_who_join_later_are_by_weight():
    people = pl.DataFrame({
        "treated": [True, False, False, False], "joined_later": [False, True, False, True], "days_to_join": [0, 73, None, 292],
    })  # fmt: skip
    # Weights 2, 1, 1: three quarters join; after joining lie 2 x 292/365 + 1 x 73/365 of 4 years' follow-up.
    found = joining(people, np.array([1.0, 2.0, 1.0, 1.0]), 365)
    assert (found.later, found.exposed) == pytest.approx((0.75, (2 * 0.8 + 0.2) / 4))


def test_a_difference_without_those_who_join_is_over_the_share_that_did_not():
    halved = Effect("rate", "matched", "main", "difference", "", -3.0, -5.0, -1.0, 30.0, 33.0, 0.01, 100, 100)
    found = undiluted(halved, Joining(0.6, 0.5))
    assert (found.method, found.estimate, found.lower, found.upper) == ("undiluted", -6.0, -10.0, -2.0)
    assert (found.treated, found.comparison) == (30.0, 36.0)
    assert undiluted(halved, Joining(0.0, 0.0)) is None  # nobody joined: it is the difference itself
