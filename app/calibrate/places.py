"""Between places and over time: funnel limits, partial pooling, control charts. Nothing here is heavy: all by command.

Limits should hold the places that are on target, intervals of pooled estimates the places' true figures, and a stable
series should seldom alarm. docs/methods/funnel-plots.md, partial-pooling.md and control-charts.md hold what was reached.
"""

import numpy as np
from numpy.typing import NDArray

from app.calibrate.harness import Answers, Experiment
from metrics.compare.control_chart import control_chart
from metrics.compare.control_limits import u_limits, xmr_limits
from metrics.compare.control_rules import one_side, outside_limits, trend, two_of_three
from metrics.compare.funnel import Kind, Spread, funnel
from metrics.compare.shrinkage import Pooled, counts, shares

QUARTERS = tuple(f"{2010 + place // 4}Q{place % 4 + 1}" for place in range(24))
DISTRICTS = list("abcdef")
Numbers = NDArray[np.float64]


def band(kind: Kind, count: Numbers, size: Numbers, spread: Spread, target: float | None = None) -> str:
    """Where the first place stands; which it is, is chance."""
    made = funnel(kind, ["x"] * len(size), count.tolist(), size.tolist(), target=target, spread=spread, points=2)
    return str(made.places["band"][0])


def funnels(seed: int) -> Answers:
    """Sixty places on target; twelve of which shares truly vary by 6 points; twelve with one far off."""
    rng = np.random.default_rng([seed, 21])
    size = rng.integers(10, 200, 60).astype(float)
    on_target = {
        "share": band("proportion", rng.binomial(size.astype(int), 0.4).astype(float), size, "none", 0.4),
        "rate": band("rate", rng.poisson(0.4 * size).astype(float), size, "none", 0.4),
    }
    twelve = rng.integers(100, 400, 12)
    vary = rng.binomial(twelve, np.clip(rng.normal(0.4, 0.06, 12), 0, 1)).astype(float)
    rate = np.clip(rng.normal(0.4, 0.02, 12), 0, 1)
    rate[0] = 0.65
    far = rng.binomial(300, rate).astype(float)
    return {
        **{f"on_target.{kind}.within_95": at == "inside" for kind, at in on_target.items()},
        **{f"on_target.{kind}.within_998": not at.endswith("998") for kind, at in on_target.items()},
        "varying.within_95": band("proportion", vary, twelve.astype(float), "multiplicative") == "inside",
        "varying.within_95_by_chance_alone": band("proportion", vary, twelve.astype(float), "none") == "inside",
        "far_off.found_beyond_998": band("proportion", far, np.full(12, 300.0), "multiplicative") == "above_998",
    }


FUNNELS = {
    "on_target.share.within_95": "coverage",
    "on_target.rate.within_95": "coverage",
    "on_target.share.within_998": "within_998",
    "on_target.rate.within_998": "within_998",
    "varying.within_95": "coverage",
    "varying.within_95_by_chance_alone": "fact",
    "far_off.found_beyond_998": "most",
}


def pooled(seed: int) -> Answers:
    """Six small districts: shares with a true spread of 5 points, counts of prolific people with a spread of a fifth."""
    rng = np.random.default_rng([seed, 31])
    people = rng.integers(10, 40, 6)
    share = np.clip(rng.normal(0.4, 0.05, 6), 0.02, 0.98)
    some = shares(DISTRICTS, rng.binomial(people, share).tolist(), people.tolist())
    more = rng.integers(30, 90, 6)
    mean = 2 * np.exp(rng.normal(0, 0.2, 6))
    total = [int(rng.negative_binomial(0.5, 0.5 / (0.5 + m), k).sum()) for m, k in zip(mean, more, strict=True)]
    prolific = counts(DISTRICTS, total, more.tolist(), clustering=5)
    return {
        "share.coverage": _first_held(some, float(share[0])),
        "share.nearer_than_raw": _nearer(some, share),
        "count.coverage": _first_held(prolific, float(mean[0])),
        "count.nearer_than_raw": _nearer(prolific, mean),
    }


POOLED = {
    "share.coverage": "coverage",
    "count.coverage": "coverage",
    "share.nearer_than_raw": "most",
    "count.nearer_than_raw": "most",
}


def _first_held(found: Pooled, truth: float) -> bool:
    return bool(found.places["lower"][0] <= truth <= found.places["upper"][0])


def _nearer(found: Pooled, truth: Numbers) -> bool:
    """Whether the estimates are nearer the truth than the raw figures, by the sum of squares."""
    raw, drawn = (((found.places[name].to_numpy() - truth) ** 2).sum() for name in ("raw", "estimate"))
    return bool(drawn < raw)


def charts(seed: int) -> Answers:
    """Charts of 24 quarters: stable, fallen by three sigma in the last eight, and of forty prolific people a quarter."""
    rng = np.random.default_rng([seed, 11])
    stable = rng.normal(40, 3, 24)
    fallen = rng.normal(40, 1, 24)
    fallen[-8:] -= 3
    cause = control_chart("xmr", QUARTERS, fallen.tolist(), polarity="lower_is_better").points["cause"][-8:].to_list()
    count, people = rng.negative_binomial(0.5, 0.5 / 2.5, (24, 40)).sum(axis=1).astype(float), np.full(24, 40.0)
    limits = xmr_limits(stable)
    marks = _signalled(stable, limits.centre, limits.sigma)
    widened, plain = (u_limits(count, people, primed) for primed in (True, False))
    prolific = _signalled(count / people, widened.centre, widened.sigma)
    return {
        "stable.latest_quarter_alarms": bool(marks[-1]),
        "stable.any_quarter_alarms": bool(marks.any()),
        "prolific.latest_quarter_alarms": bool(prolific[-1]),
        "prolific.any_quarter_alarms": bool(prolific.any()),
        "prolific.any_quarter_alarms_on_a_plain_u_chart": bool(
            _signalled(count / people, plain.centre, plain.sigma).any()
        ),
        "fall_of_three_sigma.found": "improvement" in cause,
    }


CHARTS = {
    "stable.latest_quarter_alarms": "at_most_5",
    "prolific.latest_quarter_alarms": "at_most_5",
    "fall_of_three_sigma.found": "most",
    "stable.any_quarter_alarms": "fact",
    "prolific.any_quarter_alarms": "fact",
    "prolific.any_quarter_alarms_on_a_plain_u_chart": "fact",
}


def _signalled(value: Numbers, centre: Numbers, sigma: Numbers) -> NDArray[np.bool_]:
    rules = (outside_limits, one_side, trend, two_of_three)
    return np.any([rule(value, centre, sigma) != 0 for rule in rules], axis=0)


def experiments() -> list[Experiment]:
    return [
        Experiment("places_funnel", "Funnel limits", FUNNELS, funnels, quick=60),
        Experiment("places_pooled", "Six small districts, partially pooled", POOLED, pooled, quick=20),
        Experiment("places_charts", "Control charts of 24 quarters", CHARTS, charts, quick=60),
    ]
