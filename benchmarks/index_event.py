"""index_event in SQL against the pandas twin, on the same random store, each in a process of its own.

    python -m benchmarks.index_event [PEOPLE ...]

Processor seconds are the fair measure on a shared machine: elapsed seconds are printed beside them. Each side's
peak memory is that of its process from an open store file to the finished table.
"""

import datetime as dt
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.process import run
from benchmarks.random_store import build

CUTOFF = dt.date(2026, 9, 30)


def sql(path: str) -> int:
    from metrics.cohorts import cohorts
    from metrics.derive import index_event_for

    con = duckdb.connect(path, read_only=True, config={"memory_limit": "4GB", "preserve_insertion_order": False})
    area = next(cohort for cohort in cohorts() if cohort.id == "area")
    made = index_event_for(con, area, 365, 183, CUTOFF)
    return con.execute(f"SELECT count(*) FROM {made.index_event}").fetchall()[0][0]


def pandas(path: str) -> int:
    from benchmarks.pandas_twin import index_event

    con = duckdb.connect(path, read_only=True)
    columns = {
        "person": "person_key, date_of_birth, date_of_death",
        "offence": "person_key, occasion_key, offence_date, proven_date, outcome, sentence_date, disposal, recordable, breach",
        "custody_spell": "person_key, kind, start_date, end_date, release_type",
        "residence": "person_key, district, from_date, to_date",
    }
    tables = {name: con.sql(f"SELECT {chosen} FROM {name}").pl().to_pandas() for name, chosen in columns.items()}
    con.close()
    return len(index_event(tables, CUTOFF))


def one(side: str, path: str) -> None:
    """Run one side and print what it took, as JSON."""
    clock, processor = time.perf_counter(), time.process_time()
    rows = {"sql": sql, "pandas": pandas}[side](path)
    print(json.dumps({"rows": rows, "seconds": time.perf_counter() - clock, "processor": time.process_time() - processor,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))  # fmt: skip


def compare(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "store.duckdb")
        with duckdb.connect(path) as con:
            build(con, people)
        took = {
            side: json.loads(run("-m", "benchmarks.index_event", "--one", side, path).output)
            for side in ("sql", "pandas")
        }
    for side, found in took.items():
        print(f"{people:>9,} people, {side:>6}: {found['rows']:>9,} rows, {found['seconds']:7.1f} s elapsed, "
              f"{found['processor']:7.1f} s of processor, {found['peak_mb']:8,.0f} MB")  # fmt: skip
    a, b = took["sql"], took["pandas"]
    print(
        f"  elapsed {b['seconds'] / a['seconds']:.1f} times faster, processor {b['processor'] / a['processor']:.1f}, memory {a['peak_mb'] / b['peak_mb']:.2f} of it"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        for size in [int(size) for size in sys.argv[1:]] or [10_000, 100_000]:
            compare(size)
