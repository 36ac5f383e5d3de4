"""How long a simulated value for money takes, beside the same in a plain loop: `python -m benchmarks.value`.

A case of 15 types of offence with every range open. Ours at 10,000 draws (a slider) and 100,000 (a release); beside it the
plain loop of tests/value/value_twin.py, one view where ours makes two. Each side in a process of its own, one after the
other; the least of several runs by processor time, and the peak memory over what importing alone takes. Compare the ratios.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.process import run

if TYPE_CHECKING:
    from metrics.value.case import Case

TYPES = 15
LOOP = 20_000
"""Draws of the plain loop; its time for more is in proportion."""


def made() -> "Case":
    """A case of many types of offence, everything unsure."""
    from metrics.value.case import Range
    from tests.value.cases import THEFT, case

    types = tuple(
        replace(
            THEFT, offence_type=str(n), share=1 / TYPES, pounds=Range(1000 + 300 * n, 700 + 200 * n, 1500 + 500 * n)
        )
        for n in range(TYPES)
    )
    return case(offences=types, spread=Range(1, 0.9, 1.2))


def side(name: str, draws: int, runs: int) -> dict[str, float]:
    """Least processor and elapsed seconds of one side in this process."""
    from metrics.value.simulate import forget, simulate
    from tests.value.value_twin import drawn

    one = made()
    simulate(one, 100)  # the parameters are read and scipy imported once
    took = []
    for _ in range(0 if name == "nothing" else runs):
        forget()  # draws are kept from one case to the next
        began, used = time.perf_counter(), time.process_time()
        if name == "ours":
            simulate(one, draws)
        else:
            drawn(one, draws, 1, "society")
        took.append((time.process_time() - used, time.perf_counter() - began))
    processor, elapsed = min(took, default=(0.0, 0.0))
    return {"processor": processor, "elapsed": elapsed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--side", choices=("ours", "loop", "nothing"))
    parser.add_argument("--draws", type=int, default=100_000)
    asked = parser.parse_args()
    if asked.side:
        json.dump(side(asked.side, asked.draws, asked.runs), sys.stdout)
        return
    base = run("-m", "benchmarks.value", "--side", "nothing").peak_mb
    loop = 0.0
    for name, draws, runs in (("loop", LOOP, 2), ("ours", 10_000, asked.runs), ("ours", 100_000, asked.runs)):
        done = run("-m", "benchmarks.value", "--side", name, "--draws", str(draws), "--runs", str(runs))
        found = json.loads(done.output)
        each = found["processor"] / draws
        loop = loop or each
        ratio = "" if name == "loop" else f"; {loop / each:,.0f} times faster a draw than the loop"
        print(
            f"{name:>5} {draws:>8,} draws: {1000 * found['processor']:,.0f} ms of processor,"
            f" {1000 * found['elapsed']:,.0f} ms elapsed, {done.peak_mb - base:,.0f} MB beyond the imports{ratio}"
        )


if __name__ == "__main__":
    main()
