"""A matched comparison of a large pool, beside one put together from scikit-learn: `python -m benchmarks.matching`.

1,000 people treated against a pool of 500,000 with 20 covariates: the score, a 10:1 match, balance, every outcome,
and 1,000 bootstrap replicates. The other side is what an analyst would write: pandas' indicators, scaling,
LogisticRegression, NearestNeighbors on the logit, the same balance in pandas, and a bootstrap of the matched sets in
numpy. Each runs in a process of its own, one after the other, on the same people; compare the ratios.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.process import run

OUTCOME_MEANS = ("reoffended", "reoffences", "days_observed", "severity", "custody", "liberty_offences")


def timed(clock: dict[str, list[float]], name: str, work: Callable[[], object]) -> object:
    began, used = time.perf_counter(), time.process_time()
    found = work()
    clock[name] = [time.perf_counter() - began, time.process_time() - used]
    return found


def ours(path: Path, replicates: int) -> dict[str, list[float]]:
    from metrics.compare.comparison import OUTCOMES, Specification, prepare, run
    from metrics.compare.simulated import COVARIATES

    people, clock = pl.read_parquet(path), {}  # type: tuple[pl.DataFrame, dict[str, list[float]]]
    specification = Specification(k=10)
    prepared = timed(clock, "design and score", lambda: prepare(people, COVARIATES, OUTCOMES, specification))
    timed(
        clock,
        "match, balance, outcomes, bootstrap",
        lambda: run(prepared, specification, replicates=replicates, doubly_robust=False),  # type: ignore[arg-type]
    )
    timed(clock, "doubly robust beside (not in the total)", lambda: run(prepared, specification))  # type: ignore[arg-type]
    return clock


def theirs(path: Path, replicates: int) -> dict[str, list[float]]:
    import pandas as pd
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import NearestNeighbors
    from sklearn.preprocessing import StandardScaler

    from metrics.compare.simulated import COVARIATES

    people, clock = pd.read_parquet(path), {}  # type: tuple[pd.DataFrame, dict[str, list[float]]]
    treated = people["treated"].to_numpy()

    def score() -> tuple[np.ndarray, pd.DataFrame]:
        raw = people[list(COVARIATES)].copy()
        missing = raw["sentence_days"].isna()
        raw["sentence_days"] = raw["sentence_days"].fillna(raw["sentence_days"].mean())
        raw["sentence_missing"] = missing.astype(float)
        x = pd.get_dummies(raw, drop_first=True, dtype=float)
        fitted = LogisticRegression(max_iter=1000).fit(scaled := StandardScaler().fit_transform(x), treated)
        return fitted.decision_function(scaled), x

    def match() -> np.ndarray:
        tree = NearestNeighbors(n_neighbors=10).fit(logit[~treated, None])
        found: np.ndarray = tree.kneighbors(logit[treated, None], return_distance=False)
        return found

    def after() -> object:
        groups = (x[treated], x[~treated], x[~treated].iloc[pairs.ravel()])
        spread = np.sqrt((groups[0].var() + groups[1].var()) / 2)
        balance = [(groups[0].mean() - other.mean()) / spread for other in groups[1:]]
        effects = []
        rng = np.random.default_rng(1)
        for name in OUTCOME_MEANS:
            y = people[name].to_numpy().astype(float)
            gaps = y[treated] - y[~treated][pairs].mean(1)
            drawn = [gaps[rng.integers(0, len(gaps), len(gaps))].mean() for _ in range(replicates)]
            effects.append((gaps.mean(), np.quantile(drawn, [0.025, 0.975])))
        return balance, effects

    logit, x = timed(clock, "design and score", score)  # type: ignore[misc]
    pairs = timed(clock, "match", match)  # type: ignore[assignment]
    timed(clock, "balance, outcomes, bootstrap", after)
    return clock


def make(path: Path, n_treated: int, pool: int) -> None:
    from metrics.compare.simulated import Scenario, simulated

    share = n_treated / (n_treated + pool)
    simulated(n_treated, np.random.default_rng(1), Scenario(share=share)).people.write_parquet(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treated", type=int, default=1_000)
    parser.add_argument("--pool", type=int, default=500_000)
    parser.add_argument("--replicates", type=int, default=1_000)
    parser.add_argument("--side", choices=("make", "ours", "theirs"), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side == "make":
        make(asked.path, asked.treated, asked.pool)
    elif asked.side:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        clock = {"ours": ours, "theirs": theirs}[asked.side](asked.path, asked.replicates)
        print(json.dumps({"clock": clock, "before": before}))
    else:
        report(asked)


def report(asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.parquet"
        common = ("-m", "benchmarks.matching", "--path", str(path), "--replicates", str(asked.replicates))
        sizes = ("--treated", str(asked.treated), "--pool", str(asked.pool))
        run(*common, *sizes, "--side", "make")
        total: dict[str, tuple[float, float, float]] = {}
        for side in ("ours", "theirs"):
            made = run(*common, "--side", side)
            clock = json.loads(made.output.splitlines()[-1])["clock"]
            counted = [times for name, times in clock.items() if "not in the total" not in name]
            total[side] = (sum(t[0] for t in counted), sum(t[1] for t in counted), made.peak_mb)
            for name, (elapsed, processor) in clock.items():
                print(f"{side:>7}  {name:<42}{elapsed:7.2f} s ({processor:.2f} of processor)")
            print(
                f"{side:>7}  total {total[side][0]:.2f} s ({total[side][1]:.2f} of processor), peak {made.peak_mb:,.0f} MB"
            )
    a, b = total["ours"], total["theirs"]
    print(f"theirs / ours: elapsed {b[0] / a[0]:.1f}, processor {b[1] / a[1]:.1f}, memory {b[2] / a[2]:.1f}")


if __name__ == "__main__":
    sys.exit(main())
