"""Invented people for whom the truth is known: does a comparison find what was planted, and only that?

Twenty covariates of the kind the comparison frame holds, driven by a hidden propensity to offend. Who is treated depends
on the covariates alone (15% of them, the more active rather). Reoffences are Poisson about a personal rate that is
far from equal (gamma or lognormal), lost with the time spent in custody, which the treated may see more of. `effect`
multiplies the rate of the treated. For each treated person the expected difference in every outcome, given the
covariates, is known by quadrature: the truth of an analysis is its mean over the treated whom it analysed.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
COVARIATES = (
    "age", "sex", "ethnicity", "index_kind", "disposal", "offence_group", "previous_sanctions", "years_since_first",
    "offences_1y", "offences_2y", "custody_days_1y", "custody_days_2y", "days_since_last", "district", "quarter",
    "prior_band", "ogrs3", "sentence_days", "unemployed", "drug_need",
)  # fmt: skip
NODES = 64
DAYS = 365


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is invented. `effect`: the rate of the treated over what it would have been. `tail`: how rates vary between
    people alike: `gamma` (shape 0.7) or `lognormal` (sigma 1.2). `custody`: the further chance of custody for the treated.
    `selection`: how strongly activity draws people in. `repeats`: the share of rows that are a second row of a person."""

    effect: float = 1.0
    tail: Literal["gamma", "lognormal"] = "gamma"
    custody: float = 0.0
    selection: float = 0.6
    share: float = 0.15
    repeats: float = 0.0
    mean: float = 1.6


@dataclass(frozen=True, slots=True)
class Simulated:
    """`people`: the frame that compare() takes, with a `row`. `truth`: per row and outcome id, the expected difference
    that treatment makes to that person, in the outcome's own unit before its factor (custody and severity likewise)."""

    people: pl.DataFrame
    covariates: tuple[str, ...]
    truth: dict[str, Numbers]


def simulated(n_treated: int, rng: np.random.Generator, scenario: Scenario | None = None) -> Simulated:
    """About `n_treated` people treated and as many others as make them `scenario.share` of all."""
    asked = scenario or Scenario()
    n = round(n_treated / asked.share)
    table, risk = _covariates(n, rng)
    pull = (
        asked.selection * (risk + 0.4 * (table["unemployed"] - 0.5) + 0.3 * (table["district"] == 2))
        - 0.25 * (table["age"] - 32) / 10
    )
    treated = rng.random(n) < _shares(pull, asked.share)
    if not treated.any():
        treated[int(np.argmax(pull))] = True
    rate = asked.mean * np.exp(0.55 * risk - 0.15 * (table["age"] - 32) / 10 + 0.2 * table["drug_need"] - 0.35)
    cluster = np.arange(n)
    again = np.flatnonzero(rng.random(n) < asked.repeats)
    cluster[again] = rng.integers(0, n, len(again))
    frailty = _frailty(asked.tail, rng.random(n))[cluster]
    lost = _lost(risk, np.where(treated, asked.custody, 0.0), rng.random(n))
    own = rate * frailty * np.where(treated, asked.effect, 1.0)
    outcomes = _outcomes(own, lost, risk + 2.0 * treated * asked.custody, rng)
    frame = {name: _words(name, values) for name, values in table.items()}
    people = pl.DataFrame({"row": np.arange(n), "cluster": cluster, "treated": treated, **frame, **outcomes})
    people = people.with_columns(pl.Series("joined_later", ~treated & (rng.random(n) < 0.02)))
    return Simulated(people, COVARIATES, _truth(rate, risk, treated, asked))


def _covariates(n: int, rng: np.random.Generator) -> tuple[dict[str, Numbers], Numbers]:
    hidden = rng.normal(size=n)

    def near(weight: float) -> Numbers:
        return weight * hidden + np.sqrt(1 - weight**2) * rng.normal(size=n)

    age = np.clip(18 + rng.gamma(2.2, 6.5, n) - 1.5 * hidden, 18, 75).round()
    previous = rng.poisson(np.exp(1.8 + 0.7 * near(0.7))).astype(float)
    last_year = rng.poisson(np.exp(0.3 + 0.7 * near(0.8)) * rng.gamma(1.5, 1 / 1.5, n)).astype(float)
    before = rng.poisson(np.exp(0.3 + 0.7 * near(0.7)) * rng.gamma(1.5, 1 / 1.5, n)).astype(float)
    inside = np.where(rng.random(n) < 0.3, rng.uniform(0, 300, n), 0.0).round()
    table = {
        "age": age,
        "sex": (rng.random(n) < 0.13).astype(float),
        "ethnicity": rng.choice(6, n, p=[0.8, 0.05, 0.06, 0.05, 0.02, 0.02]).astype(float),
        "index_kind": rng.choice(3, n, p=[0.45, 0.4, 0.15]).astype(float),
        "disposal": rng.choice(5, n, p=[0.4, 0.25, 0.15, 0.15, 0.05]).astype(float),
        "offence_group": rng.choice(7, n, p=[0.3, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05]).astype(float),
        "previous_sanctions": previous,
        "years_since_first": np.clip((age - 14) * rng.beta(2, 2, n), 0, None).round(1),
        "offences_1y": last_year,
        "offences_2y": last_year + before,
        "custody_days_1y": inside,
        "custody_days_2y": inside + np.where(rng.random(n) < 0.2, rng.uniform(0, 300, n), 0.0).round(),
        "days_since_last": rng.exponential(200 * np.exp(-0.5 * hidden)).round(),
        "district": rng.choice(6, n, p=[0.2, 0.1, 0.3, 0.15, 0.15, 0.1]).astype(float),
        "quarter": rng.integers(0, 4, n).astype(float),
        "prior_band": np.digitize(previous, [1, 3, 7, 11]).astype(float),
        "ogrs3": 1 / (1 + np.exp(-(0.2 + 0.8 * near(0.85)))),
        "sentence_days": np.where(rng.random(n) < 0.4, rng.gamma(1.0, 150, n), np.nan).round(),
        "unemployed": (rng.random(n) < 0.6).astype(float),
        "drug_need": (rng.random(n) < 0.4 + 0.1 * np.tanh(hidden)).astype(float),
    }
    risk = (
        0.35 * (np.log1p(last_year) - 0.85) / 0.65
        + 0.3 * (np.log1p(previous) - 1.85) / 0.7
        + 0.45 * (np.log(table["ogrs3"] / (1 - table["ogrs3"])) - 0.2) / 0.8
    )
    return table, risk


def _words(name: str, values: Numbers) -> pl.Series:
    if name in ("unemployed", "drug_need"):
        return pl.Series(name, values > 0)
    if name in ("sex", "ethnicity", "index_kind", "disposal", "offence_group", "district", "quarter", "prior_band"):
        return pl.Series(name, values.astype(np.int64)).cast(pl.String)
    return pl.Series(name, values).fill_nan(None)


def _shares(pull: Numbers, share: float) -> Numbers:
    """The chance of treatment: logistic in the pull, its mean set to the share."""
    low, high = -12.0, 12.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _expit(middle + pull).mean() < share else (low, middle)
    return _expit(low + pull)


def _expit(x: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-x))


def _frailty(tail: str, chance: Numbers) -> Numbers:
    """A personal multiple of the rate, mean 1, at these points of its distribution."""
    from scipy.special import gammaincinv, ndtri

    if tail == "gamma":
        return np.asarray(gammaincinv(0.7, chance) / 0.7)
    return np.exp(1.2 * ndtri(chance) - 0.72)


def _lost(risk: Numbers, further: Numbers, chance: Numbers) -> Numbers:
    """Share of the year in custody: with chance p some of it, the part uniform from 0.1 to 0.9."""
    p = np.clip(0.15 + 0.05 * np.tanh(risk) + further, 0, 1)
    return np.where(chance < p, 0.1 + 0.8 * chance / np.maximum(p, 1e-12), 0.0)


def _outcomes(own: Numbers, lost: Numbers, risk: Numbers, rng: np.random.Generator) -> dict[str, object]:
    n = len(own)
    reoffences = rng.poisson(own * (1 - lost))
    died = rng.random(n) < 0.015
    left = np.where(died, rng.integers(1, DAYS, n), DAYS)
    # Reoffences fall evenly over the days at liberty; custody, where there is any, is the year's last part.
    first = np.ceil((1 - (1 - rng.random(n)) ** (1 / np.maximum(reoffences, 1))) * (1 - lost) * DAYS)
    first = np.maximum(first, 1)
    event = (reoffences > 0) & (first <= left)
    each = rng.lognormal(0.0, 0.8, n)
    return {
        "reoffended": reoffences > 0,
        "reoffences": reoffences,
        "event": event,
        "days_observed": np.where(event, first, left).astype(np.int64),
        "days_to_first": pl.Series(np.where(event, first, np.nan)).fill_nan(None),
        "severity": reoffences * each,
        "custody": rng.random(n) < _expit(risk - 1.6),
        "days_at_liberty": np.round((1 - lost) * DAYS),
        "liberty_offences": reoffences,
        "died": died,
    }


def _truth(rate: Numbers, risk: Numbers, treated: NDArray[np.bool_], asked: Scenario) -> dict[str, Numbers]:
    """Expected difference for each treated row, 0 for the others: means over frailty and custody by quadrature."""
    rows = np.flatnonzero(treated)
    nodes = (np.arange(NODES) + 0.5) / NODES
    frailty = _frailty(asked.tail, nodes)
    frailty = frailty / frailty.mean() if asked.tail == "gamma" else frailty
    names = ("rate", "frequency", "time", "severity", "custody", "liberty_top", "liberty_bottom")
    found: dict[str, Numbers] = {name: np.zeros(len(rate)) for name in names}
    for sign, effect, further in ((1, asked.effect, asked.custody), (-1, 1.0, 0.0)):
        own = (rate[rows] * effect)[:, None] * frailty[None, :]
        chance = np.clip(0.15 + 0.05 * np.tanh(risk[rows]) + further, 0, 1)
        inside = _lost(np.zeros(16), np.full(16, 0.85), (np.arange(16) + 0.5) / 16)
        left = np.full(len(rows), DAYS, dtype=float)
        never, days = np.zeros(len(rows)), np.zeros(len(rows))
        for lost, weight in [(0.0, 1 - chance), *((one, chance / 16) for one in inside)]:
            none = np.exp(-own * (1 - lost)).mean(1)
            never += weight * none
            # The mean of days free: those at liberty until the first, by an even hazard, then custody if none.
            free = ((1 - np.exp(-own * (1 - lost))) / np.maximum(own, 1e-9)).mean(1) * DAYS
            days += weight * (free + none * lost * DAYS)
        mean = rate[rows] * effect
        liberty = 1 - chance * inside.mean()
        found["rate"][rows] += sign * (1 - never)
        found["frequency"][rows] += sign * mean * liberty
        found["time"][rows] += sign * np.minimum(days, left)
        found["severity"][rows] += sign * mean * liberty * np.exp(0.32)
        found["custody"][rows] += sign * _expit(risk[rows] - 1.6 + 2.0 * further)
        found["liberty_top"][rows] += sign * mean * liberty
        found["liberty_bottom"][rows] += sign * liberty
    return found
