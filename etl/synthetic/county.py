"""Write the raw extracts of a synthetic county, in blocks of people, with the sidecars truth.json and faults.json."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from etl.synthetic import extracts, truth
from etl.synthetic.chance import stream
from etl.synthetic.extract import Extract
from etl.synthetic.faults import Spoilt, spoil
from etl.synthetic.identifiers import BLOCK
from etl.synthetic.simulation import simulate
from etl.synthetic.writers import write_csv, write_ods, write_xlsx

AS_AT = "2026-09-30"
WORKBOOKS_UP_TO = 100_000
"""People above which every extract is CSV: a worksheet stops at 1,048,576 rows."""
MAPPINGS = Path(__file__).resolve().parents[1] / "mappings"

Progress = Callable[[str, float], None]


def write(
    out_dir: str | Path, people: int = 8000, seed: int = 1, progress: Progress | None = None
) -> list[tuple[str, Path]]:
    """Write every extract and both sidecars; gives (mapping name, file) in the order to load them.

    `progress` is called with a step's name and the share done. Above 100,000 people the workbooks become CSV of
    the same shape; the mappings for those are written beside them and named by their full path, without .toml.
    """
    return list(write_streaming(out_dir, people, seed, progress))


def write_streaming(
    out_dir: str | Path, people: int = 8000, seed: int = 1, progress: Progress | None = None
) -> Iterator[tuple[str, Path]]:
    """The same, giving each file as soon as it is written, so that a caller may load and delete it."""
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    planted = truth.draw(seed)
    planted.write(out / "truth.json")
    flat = people > WORKBOOKS_UP_TO
    blocks = -(-people // BLOCK)
    faults: list[dict[str, object]] = []
    say = progress or (lambda step, done: None)
    say("Writing the county's own workbooks", 0.0)
    yield from _write_all(extracts.of_county(people, seed), out, "", seed=seed, block=0, flat=flat, faults=faults)
    for number in range(blocks):
        size = min(BLOCK, people - number * BLOCK)
        say(f"Simulating block {number + 1} of {blocks}: {size:,} people", (number + 0.1) / blocks)
        block = simulate(size, seed, planted, number)
        say(f"Writing the extracts of block {number + 1} of {blocks}", (number + 0.5) / blocks)
        mark = f"_{number + 1:04d}" if blocks > 1 else ""
        yield from _write_all(extracts.of_block(block), out, mark, seed=seed, block=number, flat=flat, faults=faults)
    record = {"note": "Rows are numbered as a spreadsheet shows them.", "faults": faults}
    (out / "faults.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    say("Extracts written", 1.0)


def _write_all(
    made: list[Extract], out: Path, mark: str, *, seed: int, block: int, flat: bool, faults: list[dict[str, object]]
) -> Iterator[tuple[str, Path]]:
    books: dict[str, list[tuple[Extract, Spoilt]]] = {}
    for extract in made:
        rng = stream(seed, block, f"faults {extract.mapping}")
        spoilt = spoil(extract.frame, extract.faults, rng, len(extract.titles) + 2, extract.spare)
        book = extract.form == "xlsx" and not flat
        stem = extract.stem if book or extract.form != "xlsx" else _flat_stem(extract, made)
        suffix = "csv" if flat else extract.form
        path = out / (extract.file or f"{stem}{mark}_{AS_AT}.{suffix}")
        faults.extend({"file": path.name, "mapping": extract.mapping, **fault} for fault in spoilt.faults)
        if book:
            books.setdefault(path.name, []).append((extract, spoilt))
            continue
        if suffix == "csv":
            write_csv(path, spoilt.frame, extract.encoding, extract.titles, spoilt.wide)
        else:
            write_ods(path, extract.sheet, extract.titles, spoilt.frame)
        yield (_flat_mapping(extract, stem, out) if flat and extract.form != "csv" else extract.mapping), path
    for name, sheets in books.items():
        write_xlsx(out / name, [(one.sheet, one.titles, spoilt.frame) for one, spoilt in sheets])
        for one, _ in sheets:
            yield one.mapping, out / name


def _flat_stem(extract: Extract, made: list[Extract]) -> str:
    """A file's stem when its sheet becomes a file of its own."""
    alone = sum(other.stem == extract.stem for other in made) == 1
    return extract.stem if alone else f"{extract.stem}_{extract.mapping}"


def _flat_mapping(extract: Extract, stem: str, out: Path) -> str:
    """The mapping of a workbook for the same thing as CSV: its format and file pattern differ, nothing else."""
    folder = out / "mappings"
    folder.mkdir(exist_ok=True)
    lines = (MAPPINGS / f"{extract.mapping}.toml").read_text(encoding="utf-8").splitlines()
    swapped = {"format": 'format = "csv"', "files": f'files = "{stem}*.csv"', "sheet": ""}
    done = [swapped.get(line.split(" = ")[0], line) for line in lines]
    path = folder / f"{extract.mapping}.toml"
    path.write_text("\n".join(done) + "\n", encoding="utf-8")
    return str(path.resolve().with_suffix(""))
