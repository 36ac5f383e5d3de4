"""Observed against expected: the limits of observed less expected, people's own probabilities taken as given.

Outcomes are drawn from people's own probabilities (nothing planted), in one entry each or up to four alike; or with
everybody's odds cut by two fifths (a fall planted), against the fall in those people. Beside Wilson's limits on effective
entries (ours) stand, as facts, Student's t clustered by person and exact Poisson limits.
docs/methods/observed-against-expected.md holds what was reached.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.calibrate.harness import Answers, Experiment
from metrics.compare.standardise import exact_limits
from metrics.kinds import expected

Numbers = NDArray[np.float64]
LEVELS = {"12%_expected": -2.5, "28%_expected": -1.2, "55%_expected": 0.3}
SIZES = (30, 60, 200, 1000)
FALL = 0.6
"""The planted fall: everybody's odds times this."""
CELLS = [
    (f"{level}.{'repeated' if repeat else 'once'}.{'fall' if fall else 'nothing'}", number, repeat, fall)
    for level, number in LEVELS.items()
    for repeat in (False, True)
    for fall in (False, True)
]


def drawn(rng: np.random.Generator, n: int, level: float, repeat: bool, odds: float) -> dict[str, float]:
    """The sums of one cell of n people, and what was planted in it (percentage points / 100)."""
    chance = 1 / (1 + np.exp(-rng.normal(level, 1.1, n)))
    true = chance * odds / (1 - chance + chance * odds)
    entries = rng.integers(1, 5, n) if repeat else np.ones(n, int)
    own = np.clip(true + 0.8 * rng.choice([-1, 1], n) * true * (1 - true), 0, 1) if repeat else true
    happened = rng.binomial(entries, own)
    x, d = happened - chance * entries, entries.astype(float)
    sums = {"n": float(n), "sx": x.sum(), "sd": d.sum(), "sxx": (x * x).sum(), "sxd": (x * d).sum(),
            "sdd": (d * d).sum(), "se": (chance * d).sum(), "sv": (chance * (1 - chance) * d).sum()}  # fmt: skip
    sums |= dict.fromkeys(("sxxx", "sxxd", "sxdd", "sddd"), np.nan)
    return sums | {"truth": ((true - chance) * d).sum() / d.sum()}


def draw(n: int, seed: int) -> Answers:
    """One cell of each kind, all worked out together."""
    from scipy.special import stdtrit

    rng = np.random.default_rng([seed, n, 3])
    rows = [drawn(rng, n, level, repeat, FALL if fall else 1.0) for _, level, repeat, fall in CELLS]
    sums: dict[str, Numbers] = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    truth = sums.pop("truth")
    ours = expected.excess(sums)
    value = ours.value
    spread = sums["sxx"] - 2 * value * sums["sxd"] + value**2 * sums["sdd"]
    half = stdtrit(n - 1, 0.975) * np.sqrt(n / (n - 1) * spread) / sums["sd"]
    low, high = (limit - sums["se"] for limit in exact_limits(np.rint(sums["sx"] + sums["se"])))
    ends = {
        "coverage": (ours.lower, ours.upper),
        "t": (value - half, value + half),
        "Poisson": (low / sums["sd"], high / sums["sd"]),
    }
    return {
        f"{cell[0]}.{name}": bool(ends[name][0][place] <= truth[place] <= ends[name][1][place])
        for place, cell in enumerate(CELLS)
        for name in ends
    }


def experiments() -> list[Experiment]:
    claims = {
        f"{name}.{what}": "coverage" if what == "coverage" else "fact"
        for name, *_ in CELLS
        for what in ("coverage", "t", "Poisson")
    }
    return [
        Experiment(
            f"expected_{n}", f"Observed less expected, {n:,} people", claims, partial(draw, n), quick=200 if n == 60 else 0
        )
        for n in SIZES
    ]  # fmt: skip
