"""A partnership's own parameters: read from a workbook, checked whole, kept in its data directory, never in the reference."""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from common import paths
from common.errors import ProblemError, ProblemsError
from etl.read import read_rows
from etl.settings import Read
from metrics.value import local, workbook
from metrics.value.parameters import parameters

FORMS = {".csv": "csv", ".xlsx": "xlsx", ".xls": "xls", ".ods": "ods"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found: parameters put in the local file, and headings that their components do not add to."""

    path: Path
    names: tuple[str, ...]
    replaced: tuple[str, ...]
    sums: tuple[workbook.Sum, ...]
    within: float


def take_in(
    file: Path,
    data_dir: Path,
    layout: str | None = None,
    *,
    only: Sequence[str] = (),
    sheets: Sequence[str] = (),
    price_year: str = "",
    source: str = "",
    edition: str = "",
    write: bool = True,
) -> Imported:
    """Put the costs of a workbook into the local parameters. Nothing is written unless every row is right."""
    given = workbook.layout(layout) if layout else None
    cells = _cells(file, sheets or (given.sheets if given else ()), given.header_row if given else 1)
    found: tuple[workbook.Sum, ...] = ()
    if given:
        rows = workbook.from_layout(cells, given, only, edition)
        found = tuple(workbook.sums(rows, given))
    else:
        rows = workbook.from_template(cells, price_year, source)
    if not rows:
        raise ProblemError(
            "No row holds a cost", file.name, "at least one row with a name or code, and a value", "fill it in"
        )
    known, problems = local.checked(rows, parameters(), file.name)
    if problems:
        raise ProblemsError(problems)
    kept = parameters(data_dir).own()
    if write:
        save(data_dir, {**_as_rows(kept), **{row["name"]: row for row in rows}}.values())
    return Imported(
        data_dir / local.FILE,
        tuple(known),
        tuple(sorted(set(kept) & set(known))),
        found,
        given.within if given else 0.0,
    )


def remove(data_dir: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Take local parameters out, so that the reference's stand again."""
    kept, wanted = parameters(data_dir).own(), tuple(names)
    if unknown := [name for name in wanted if name not in kept]:
        raise ProblemError(
            f"{len(unknown)} of these are not local",
            str(data_dir / local.FILE),
            ", ".join(kept) or "none is",
            "see `iom parameters`",
        )
    save(data_dir, (row for name, row in _as_rows(kept).items() if name not in wanted))
    return wanted


def template(file: Path) -> int:
    """Write every parameter that may be replaced as a CSV to fill in: `value` is empty, `shipped` is the reference's."""
    known = [one for one in parameters().values() if not one.name.startswith(("agency.", "deflator.", "gains."))]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*local.COLUMNS, "shipped", "what it is"])
    for one in known:
        unit = dict.fromkeys(local.COLUMNS, "") | {"name": one.name, "unit": one.unit}
        writer.writerow([*unit.values(), f"{one.value:g}", one.title])
    file.write_text(text.getvalue(), encoding="utf-8")
    return len(known)


def save(data_dir: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write the local file aside, then put it in its place."""
    path = data_dir / local.FILE
    if path.resolve().parent == paths.reference("").resolve():
        raise ProblemError(
            "The reference is never written over",
            str(data_dir),
            "a data directory of your own",
            "give --data-dir another",
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".csv.new")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, local.COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _as_rows(kept: Mapping[str, object]) -> dict[str, dict[str, str]]:
    return {name: {column: _text(getattr(one, column)) for column in local.COLUMNS} for name, one in kept.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _cells(file: Path, sheets: Sequence[str], header_row: int) -> pl.DataFrame:
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise ProblemError("The workbook is of a kind that is not read", file.name, ", ".join(FORMS), "save it as one")
    chosen: Sequence[str | int] = sheets if form != "csv" and sheets else (0,)
    read = [read_rows(file, Read(header_row=header_row, sheet=sheet), form) for sheet in chosen]
    if wrong := sum(one.rejected.height + one.errors.height for one in read):
        raise ProblemError(
            f"{wrong} row(s) cannot be read or hold an error such as #N/A",
            file.name,
            "sound rows",
            "correct them and save again",
        )
    return pl.concat([one.frame for one in read], how="diagonal")
