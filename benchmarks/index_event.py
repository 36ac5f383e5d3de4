"""index_event in SQL against the pandas twin, on the same random store, each in a process of its own.

    python -m benchmarks.index_event [PEOPLE ...]     (10,000, 100,000 and 1,000,000 people when none is given)

Processor seconds are the fair measure on a shared machine: elapsed seconds are printed beside them. Each side's
peak memory is that of its process from an open store file to the finished table. The growth exponent is that of
processor seconds between one size and the next: 1 is growth in proportion. The twin sits out where its memory
(about 18 KB a person) would not leave the machine a quarter to spare.
"""

import datetime as dt
import json
import math
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import duckdb

from benchmarks.process import run

CUTOFF = dt.date(2026, 9, 30)
TWIN_KB = 18
"""Memory that the pandas twin reaches for each person of a large store, measured."""


def sql(path: str) -> int:
    from metrics.cohorts import cohorts
    from metrics.derive import index_event_for

    con = duckdb.connect(path, read_only=True, config={"memory_limit": "4GB", "preserve_insertion_order": False})
    area = next(cohort for cohort in cohorts() if cohort.id == "area")
    made = index_event_for(con, area, 365, 183, CUTOFF)
    return con.execute(f"SELECT count(*) FROM {made.index_event}").fetchall()[0][0]


def pandas(path: str) -> int:
    from benchmarks.pandas_twin import READ, index_event

    con = duckdb.connect(path, read_only=True)
    tables = {name: con.sql(f"SELECT {chosen} FROM {name}").df() for name, chosen in READ.items()}
    con.close()
    return len(index_event(tables, CUTOFF))


def one(side: str, path: str) -> None:
    """Run one side and print what it took, as JSON."""
    clock, processor = time.perf_counter(), time.process_time()
    rows = {"sql": sql, "pandas": pandas}[side](path)
    print(json.dumps({"rows": rows, "seconds": time.perf_counter() - clock, "processor": time.process_time() - processor,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))  # fmt: skip


def compare(people: int) -> dict[str, dict[str, float]]:
    """What each side took; a side that does not fit in memory is missing."""
    from benchmarks.random_store import build  # here, so that neither side's peak holds what building needs

    took = {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "store.duckdb")
        with duckdb.connect(path) as con:
            build(con, people)
        for side in ("sql", "pandas"):
            if side == "pandas" and people * TWIN_KB > 0.75 * _available_kb():
                print(
                    f"{people:>9,} people, {side:>6}: not run, it needs about {people * TWIN_KB / 1e6:.0f} GB",
                    flush=True,
                )
                continue
            try:
                took[side] = json.loads(run("-m", "benchmarks.index_event", "--one", side, path).output)
            except RuntimeError as error:
                print(f"{people:>9,} people, {side:>6}: {error}")
    for side, found in took.items():
        print(f"{people:>9,} people, {side:>6}: {found['rows']:>9,} rows, {found['seconds']:7.1f} s elapsed, "
              f"{found['processor']:7.1f} s of processor, {found['peak_mb']:8,.0f} MB", flush=True)  # fmt: skip
    if len(took) == 2:
        a, b = took["sql"], took["pandas"]
        print(f"{'':>9}         SQL: {b['seconds'] / a['seconds']:.1f} times faster elapsed, {b['processor'] / a['processor']:.1f} times "
              f"by processor, in {a['peak_mb'] / b['peak_mb']:.2f} of the memory", flush=True)  # fmt: skip
    return took


def _available_kb() -> float:
    """Memory that the machine could still give, in KB; without a way to tell, plenty."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return math.inf
    return next((float(line.split()[1]) for line in lines if line.startswith("MemAvailable")), math.inf)


def growth(sizes: list[int], took: list[dict[str, dict[str, float]]]) -> None:
    for side in ("sql", "pandas"):
        for (small, before), (large, after) in pairwise(zip(sizes, took, strict=True)):
            if side in before and side in after:
                ratio = after[side]["processor"] / before[side]["processor"]
                print(
                    f"growth exponent, {side:>6}, {small:,} to {large:,} people: {math.log(ratio) / math.log(large / small):.2f}"
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        chosen = sorted(int(size) for size in sys.argv[1:]) or [10_000, 100_000, 1_000_000]
        growth(chosen, [compare(size) for size in chosen])
