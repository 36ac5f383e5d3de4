"""Extracts to release, in a process of its own: load every extract of a folder and publish.

    python -m benchmarks.pipeline EXTRACTS DATA_DIR

EXTRACTS holds `files.json`, written by benchmarks/__main__.py: the mapping and name of each extract. Prints one JSON
object: rows read, rows loaded, seconds of loading and of publishing (elapsed and of processor), figures, megabytes.
"""

import json
import sys
import time
from pathlib import Path

from app.publish import publish
from common import versions
from common.duck import connect_readonly
from etl.mapping import read_mapping
from etl.parts import live_parts
from etl.stage import stage


def clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def main(extracts: Path, data_dir: Path) -> None:
    steps: dict[str, tuple[float, float]] = {}
    last = clocks()

    def lap(name: str) -> None:
        nonlocal last
        now = clocks()
        steps[name] = (now[0] - last[0], now[1] - last[1])
        last = now

    for mapping, file in json.loads((extracts / "files.json").read_text("utf-8")):
        stage(read_mapping(mapping), [extracts / file], data_dir, synthetic=True)
    lap("load")
    made = publish(data_dir)
    lap("publish")
    parts = live_parts(data_dir)
    with connect_readonly(made.folder / "partnership.duckdb") as con:
        figures = con.sql("SELECT count(*) FROM figure").fetchall()[0][0]
    size = sum(file.stat().st_size for file in made.folder.iterdir())
    store = sum(file.stat().st_size for file in (versions.current(data_dir / "stores") or data_dir).iterdir())
    print(json.dumps({
        "read": sum(part.read for part in parts),
        "loaded": sum(part.loaded for part in parts),
        "seconds": {name: elapsed for name, (elapsed, _) in steps.items()},
        "processor": {name: used for name, (_, used) in steps.items()},
        "figures": figures,
        "release_mb": size / 1e6,
        "store_mb": store / 1e6,
    }))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
