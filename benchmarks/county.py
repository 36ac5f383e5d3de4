"""Write a synthetic county's extracts for the pipeline benchmark: python -m benchmarks.county PEOPLE FOLDER."""

import json
import sys
from pathlib import Path

from common import paths
from etl.synthetic import county


def main(people: int, out: Path) -> None:
    listed = []
    for name, file in county.write(out, people):
        own = Path(f"{name}.toml")
        mapping = own if own.is_absolute() else paths.REPO / "etl" / "mappings" / own
        listed.append((str(mapping), Path(file).name))
    (out / "files.json").write_text(json.dumps(listed), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
