"""Early sight: forty quarters of 120 people whose reoffences are gamma-Poisson and proven late; the last four are nowcast.

The truth is what the quarter comes to in the end. docs/methods/nowcast.md holds what was reached.
"""

import datetime as dt

import numpy as np

from app.calibrate.harness import Answers, Experiment
from metrics.compare.delay import entries
from metrics.compare.nowcast import INDICATORS, Cohort, nowcast
from metrics.derive import EPOCH
from metrics.periods import quarter_end, quarter_start, quarters

PEOPLE, HORIZON = 120, 548
QUARTERS = quarters("2016Q1", "2025Q4")
OPEN = ("2025Q2", "2025Q1", "2024Q4", "2024Q3")
"""Ended 2, 3, 4 and 5 quarters before the cut-off."""
NAMES = {"reoffending_rate": "rate", "reoffences_per_100": "frequency"}


def draw(seed: int) -> Answers:
    """One history of forty quarters: does each unfinished quarter's interval hold what it comes to?"""
    rng = np.random.default_rng([seed, 548])
    quarter = np.repeat(np.arange(len(QUARTERS)), PEOPLE)
    begins = np.array([(quarter_start(name) - EPOCH).days for name in QUARTERS])
    day = begins[quarter] + rng.integers(0, 90, len(quarter))
    of = np.repeat(np.arange(len(day)), rng.poisson(rng.gamma(0.5, 1.6, len(day))))
    seen = np.minimum(rng.integers(1, 366, len(of)) + rng.exponential(90, len(of)).astype(int), HORIZON)
    everywhere = np.zeros(len(day), dtype=np.int64)
    who = entries(day, everywhere, everywhere + 1, of=of, seen=seen, horizon=HORIZON)
    cohort = Cohort("adults", who, quarter, QUARTERS, ["", "fenland"])
    cutoff: dt.date = quarter_end(QUARTERS[-1])
    size = len(QUARTERS)
    final = {
        "reoffending_rate": 100 * np.bincount(quarter[who.first <= HORIZON], minlength=size) / PEOPLE,
        "reoffences_per_100": 100 * np.bincount(quarter[of], minlength=size) / PEOPLE,
    }
    answers: dict[str, bool | float | None] = dict.fromkeys(CLAIMS)
    for row in nowcast(cohort, [(name, "quarter") for name in OPEN], (cutoff - EPOCH).days):
        if row["district"] == "" and row["lower"] is not None:
            truth = final[str(row["indicator"])][QUARTERS.index(str(row["period"]))]
            age = 2 + OPEN.index(str(row["period"]))
            held = bool(float(row["lower"]) - 0.01 <= truth <= float(row["upper"]) + 0.01)  # type: ignore[arg-type]
            answers[f"{NAMES[str(row['indicator'])]}.{age}_quarters_on.coverage"] = held
    return answers


CLAIMS = {
    f"{NAMES[indicator]}.{age}_quarters_on.coverage": "coverage" for indicator in INDICATORS for age in (2, 3, 4, 5)
}


def experiments() -> list[Experiment]:
    return [Experiment("nowcast", "Unfinished quarters of 120 people", CLAIMS, draw, quick=20)]
