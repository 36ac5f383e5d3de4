"""How often the limits of observed against expected hold the truth: python -m benchmarks.expected_coverage [REPLICATES].

People's outcomes are drawn from their own probabilities (nothing planted), in one entry each or up to four alike; or with
everybody's odds cut by two fifths (a fall planted), against the fall in those people. Figures are the share of intervals, %,
that hold the truth, for Wilson's limits on effective entries (ours), Student's t clustered by person, and exact Poisson limits.
"""

import sys

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from metrics.compare.standardise import exact_limits
from metrics.kinds import expected

Numbers = NDArray[np.float64]
SCENARIOS = (("12% expected", -2.5), ("28% expected", -1.2), ("55% expected", 0.3))
SIZES = (30, 60, 200, 1000)


def draws(
    rng: np.random.Generator, *, n: int, level: float, repeat: bool, odds: float, replicates: int
) -> dict[str, Numbers]:
    """The sums of many cells of n people, and what was planted in each (percentage points / 100)."""
    shape = (replicates, n)
    chance = 1 / (1 + np.exp(-rng.normal(level, 1.1, shape)))
    true = chance * odds / (1 - chance + chance * odds)
    entries = rng.integers(1, 5, shape) if repeat else np.ones(shape, int)
    own = np.clip(true + 0.8 * rng.choice([-1, 1], shape) * true * (1 - true), 0, 1) if repeat else true
    happened = rng.binomial(entries, own)
    x, d = happened - chance * entries, entries.astype(float)
    sums = {"n": np.full(replicates, float(n)), "sx": x.sum(1), "sd": d.sum(1), "sxx": (x * x).sum(1), "sxd": (x * d).sum(1),
            "sdd": (d * d).sum(1), "se": (chance * d).sum(1), "sv": (chance * (1 - chance) * d).sum(1)}  # fmt: skip
    sums |= dict.fromkeys(("sxxx", "sxxd", "sxdd", "sddd"), np.full(replicates, np.nan))
    return sums | {"truth": ((true - chance) * d).sum(1) / d.sum(1)}


def held(sums: dict[str, Numbers]) -> tuple[float, float, float]:
    """Shares (%) of intervals that hold the truth: ours, t, Poisson."""
    truth = sums.pop("truth")
    ours = expected.excess(sums)
    value, n = ours.value, sums["n"]
    spread = sums["sxx"] - 2 * value * sums["sxd"] + value**2 * sums["sdd"]
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(n / (n - 1) * spread) / sums["sd"]
    low, high = (limit - sums["se"] for limit in exact_limits(np.rint(sums["sx"] + sums["se"])))
    pairs = ((ours.lower, ours.upper), (value - half, value + half), (low / sums["sd"], high / sums["sd"]))
    return tuple(100 * float(np.mean((a <= truth) & (truth <= b))) for a, b in pairs)  # type: ignore[return-value]


def main(replicates: int) -> None:
    rng = np.random.default_rng(11)
    for title, level in SCENARIOS:
        for repeat in (False, True):
            for odds in (1.0, 0.6):
                cells = []
                for n in SIZES:
                    rounds = [
                        held(draws(rng, n=n, level=level, repeat=repeat, odds=odds, replicates=500))
                        for _ in range(max(replicates // 500, 1))
                    ]
                    cells.append(" / ".join(f"{share:.1f}" for share in np.mean(rounds, axis=0)))
                kind = (
                    f"{'up to four entries' if repeat else 'one entry'}, {'nothing' if odds == 1 else 'a fall'} planted"
                )
                print(f"| {title}, {kind} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
