"""Every measurement in one command, as ratios in one run.

    python -m benchmarks [PEOPLE ...] [--runs N] [--no-twin]

For each size (10,000, 100,000 and 1,000,000 people): the synthetic county's extracts to a release, rows a second and
peak memory; the `index_event` query against its pandas twin; page time on the server and in a browser. Then the growth
exponent from 100,000 upward: log(time ratio) / log(people ratio). A million people take about 15 GB of disk for a while.
"""

import argparse
import json
import math
import statistics
import tempfile
from pathlib import Path

from benchmarks import index_event
from benchmarks.process import run

ROOT = Path(__file__).resolve().parents[1]


def extracts(people: int, out: Path) -> None:
    """Write a county's extracts and the list of them, in a process of its own."""
    made = run("-m", "benchmarks.county", str(people), str(out))
    print(f"{people:>9,} people: extracts written in {made.seconds:,.1f} s, peak {made.peak_mb:,.0f} MB")


def pipeline(people: int, out: Path, data_dir: Path) -> tuple[float, float]:
    """Load and publish; returns the seconds elapsed and of processor."""
    made = run("-m", "benchmarks.pipeline", str(out), str(data_dir))
    found = json.loads(made.output.splitlines()[-1])
    seconds = sum(found["seconds"].values())
    parts = ", ".join(
        f"{name} {found['seconds'][name]:,.1f} s ({found['processor'][name]:,.1f} of processor)"
        for name in found["seconds"]
    )
    print(
        f"{people:>9,} people: {found['read']:,} rows to release in {seconds:,.1f} s = {found['read'] / seconds:,.0f} rows/s"
        f" ({parts}); peak {made.peak_mb:,.0f} MB; {found['figures']:,} figures;"
        f" store {found['store_mb']:,.0f} MB, release {found['release_mb']:,.1f} MB"
    )
    return seconds, sum(found["processor"].values())


def pages(people: int, data_dir: Path, runs: int) -> None:
    made = run("-m", "benchmarks.pages", str(data_dir), "--runs", str(runs))
    found = json.loads(made.output.splitlines()[-1])
    for where in ("server", "browser"):
        for page, times in found[f"{where}_ms"].items():
            ordered = sorted(times)
            p95 = ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]
            print(
                f"{people:>9,} people: {page:<13}{where:>8} p50 {statistics.median(times):6.0f} ms, p95 {p95:6.0f} ms"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("people", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=15, help="page runs on the server at each size")
    parser.add_argument("--no-twin", action="store_true", help="leave out the pandas twin")
    asked = parser.parse_args()
    took: dict[int, tuple[float, float]] = {}
    for people in asked.people:
        with tempfile.TemporaryDirectory() as folder:
            out, data_dir = Path(folder) / "extracts", Path(folder) / "data"
            extracts(people, out)
            took[people] = pipeline(people, out, data_dir)
            pages(people, data_dir, asked.runs)
        if not asked.no_twin:
            index_event.compare(people)
    large = sorted(people for people in took if people >= 100_000)
    if len(large) > 1:
        low, high = large[0], large[-1]
        elapsed, used = (math.log(took[high][i] / took[low][i]) / math.log(high / low) for i in (0, 1))
        print(
            f"growth exponent, extracts to release, {low:,} to {high:,} people:"
            f" {elapsed:.2f} elapsed, {used:.2f} of processor"
        )


if __name__ == "__main__":
    main()
