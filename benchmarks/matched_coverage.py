"""Which interval for a matched comparison? `python -m benchmarks.matched_coverage TREATED SAMPLES [--tail lognormal]`.

Draws invented people (metrics/compare/simulated.py; 15% treated), compares them, and for each outcome prints how often
each interval missed the truth, above and below: Student's t, and Hall's limits joined with a least skewness of 0, 1 and
2 (published: t for shares and days, 2 for counts; a ratio errs exactly as its difference where nothing works). `bias` is in standard deviations of the estimate; `error` is the
root mean estimated variance over the true spread. One core; seeded. `iom calibrate` holds the published method to its
claims over many more samples.
"""

import argparse

import numpy as np

from metrics.compare import doubly_robust, estimate
from metrics.compare.comparison import MAIN, OUTCOMES, group_weights, groups, prepare
from metrics.compare.interval import Side, limits, side
from metrics.compare.linear_form import form
from metrics.compare.simulated import Scenario, simulated

LEAST = {"t": None, "skew 0": 0.0, "skew 1": 1.0, "skew 2": 2.0}
Key = tuple[str, str]


def ends(found: estimate.Estimate, least: float | None) -> tuple[float, float]:
    """The difference's interval with this least skewness on either side, or symmetric."""
    made = [
        Side(
            own.error,
            side(terms, own.freedom + 1, centred=False, least_skew=least).skew,
            own.freedom,
        )
        for own, terms in zip(estimate.sides(found), (found.own - found.expected, found.chance), strict=True)
    ]
    return limits(found.treated - found.comparison, *made)


def study(treated: int, samples: int, scenario: Scenario, seed: int) -> dict[Key, np.ndarray]:
    """For each method and outcome one row a sample: error, estimated variance, then missed above and below."""
    rng, found = np.random.default_rng(seed), {}  # type: tuple[np.random.Generator, dict[Key, list[list[float]]]]
    for _ in range(samples):
        made = simulated(treated, rng, scenario)
        prepared = prepare(made.people, made.covariates, OUTCOMES)
        weights = group_weights(prepared, MAIN, seed)
        rows = np.flatnonzero(prepared.treated & (weights > 0))
        others = np.flatnonzero(~prepared.treated & (weights > 0))
        for method, pair in (
            ("matched", groups(prepared, MAIN, rows, others, weights)),
            ("doubly robust", doubly_robust.groups(prepared.design, prepared.score, prepared.treated)),
        ):
            fitted = form(pair)
            for outcome in OUTCOMES:
                one = estimate.estimate(fitted, prepared.columns, prepared.cluster, outcome)
                null = scenario.effect == 1 and not scenario.custody
                if one is None or not (null or outcome.id in made.truth):
                    continue
                truth = 0.0 if null else float(pair.v @ made.truth[outcome.id][pair.treated])
                row = [
                    one.treated - one.comparison - truth,
                    sum(own.error**2 for own in estimate.sides(one)),
                ]
                for least in LEAST.values():
                    lower, upper = ends(one, least)
                    row += [lower > truth, upper < truth]
                found.setdefault((method, outcome.id), []).append(row)
    return {key: np.array(rows, dtype=float) for key, rows in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("treated", type=int)
    parser.add_argument("samples", type=int)
    parser.add_argument("--tail", choices=("gamma", "lognormal"), default="gamma")
    parser.add_argument("--effect", type=float, default=1.0)
    parser.add_argument("--custody", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    scenario = Scenario(effect=asked.effect, tail=asked.tail, custody=asked.custody)
    print(f"{asked.treated} treated, {asked.samples} samples, {scenario}")
    print("held (missed above, below), %" + " " + "bias  error  " + "".join(f"{name:^19}" for name in LEAST))
    for (method, outcome), rows in study(asked.treated, asked.samples, scenario, asked.seed).items():
        spread = rows[:, 0].std()
        shares = 100 * rows[:, 2:].mean(0)
        cells = "".join(
            f"{100 - shares[i] - shares[i + 1]:6.1f} ({shares[i]:4.1f}, {shares[i + 1]:4.1f}) "
            for i in range(0, 2 * len(LEAST), 2)
        )
        print(
            f"{method:14}{outcome:10}{rows[:, 0].mean() / spread:6.2f} {np.sqrt(rows[:, 1].mean()) / spread:6.3f} {cells}"
        )


if __name__ == "__main__":
    main()
