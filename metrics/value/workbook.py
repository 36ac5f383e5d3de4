"""Unit costs out of somebody's workbook, as rows of the local parameters: a small layout says which column is which.

A layout is a TOML file: `source`, `edition`, `header_row`, `sheets`; `[columns]` names the columns that hold code, title, value,
unit and price_year (low, high and note too, where there are any); `[names]` says which code is which parameter, all others become
agency.CODE; `[sums]` names headings that their components should add to. Without a layout the columns are those of the local
file itself, which `iom parameters template` writes.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from common.errors import ProblemError
from metrics.value import local

FOLDER = Path(__file__).parent / "layouts"
COLUMNS = ("code", "title", "value", "unit", "price_year", "low", "high", "note")
NEEDED = ("code", "value", "price_year")
KEYS = {"source", "edition", "header_row", "sheets", "columns", "names", "sums"}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a workbook's costs stand. `sums` are headings whose components add to them within `within` pounds."""

    source: str
    columns: Mapping[str, str]
    edition: str = ""
    header_row: int = 1
    sheets: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    sums: tuple[str, ...] = ()
    within: float = 1.01


@dataclass(frozen=True, slots=True)
class Sum:
    """A heading, and what its components come to."""

    code: str
    heading: float
    components: float
    parts: int

    @property
    def differs_by(self) -> float:
        return self.heading - self.components


def layouts() -> tuple[str, ...]:
    """The layouts that ship with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def layout(name: str) -> Layout:
    """A layout by its name, or from a TOML file of somebody's own."""
    path = FOLDER / f"{name}.toml"
    path = path if path.exists() else Path(name)
    where = path.name
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise ProblemError(
            "The layout cannot be read", where, f"{', '.join(layouts())}, or a TOML file", "correct its name"
        ) from None
    columns = said.get("columns", {})
    missing = [key for key in NEEDED if not isinstance(columns, dict) or not columns.get(key)]
    unknown = sorted((set(said) - KEYS) | (set(columns) - set(COLUMNS) if isinstance(columns, dict) else set()))
    if missing or unknown or not said.get("source"):
        told = [f"columns.{key}" for key in missing] + ([] if said.get("source") else ["source"])
        raise ProblemError(
            f"The layout lacks: {', '.join(told) or 'nothing'}; keys that are not known: {', '.join(unknown) or 'none'}", where,
            f"{', '.join(sorted(KEYS))}; columns {', '.join(COLUMNS)}", "see metrics/value/layouts",
        )  # fmt: skip
    sums = said.get("sums", {})
    return Layout(
        source=said["source"],
        columns=columns,
        edition=str(said.get("edition", "")),
        header_row=int(said.get("header_row", 1)),
        sheets=tuple(said.get("sheets", ())),
        names=said.get("names", {}),
        sums=tuple(sums.get("headings", ())),
        within=float(sums.get("within", 1.01)),
    )


def from_layout(cells: pl.DataFrame, given: Layout, only: Sequence[str] = (), edition: str = "") -> list[Row]:
    """The workbook's rows in the columns of the local file. `only`: codes that begin so. Rows without a code are passed over."""
    if missing := [column for column in given.columns.values() if column not in cells.columns]:
        raise ProblemError(
            f"The workbook lacks the column(s) {', '.join(missing)}", "the workbook",
            "the columns that the layout names, in the row it names as the header", "correct the layout's columns or header_row",
        )  # fmt: skip
    found = []
    for row in cells.iter_rows(named=True):
        told = {key: (row[column] or "").strip() for key, column in given.columns.items()}
        code = told.pop("code")
        if not code or (only and not code.startswith(tuple(only))):
            continue
        title = told.pop("title", "")
        name = given.names.get(code, f"agency.{code}")
        unit = f"£ {told.pop('unit', '').lower()}".strip()
        note = "; ".join(part for part in (title, told.pop("note", "")) if part)
        kept = {"name": name, "unit": unit, "source": given.source, "edition": edition or given.edition, "note": note}
        found.append({**dict.fromkeys(local.COLUMNS, ""), **told, **kept, "row": str(row.get("row", ""))})
    return found


def from_template(cells: pl.DataFrame, price_year: str = "", source: str = "") -> list[Row]:
    """Rows that stand in the columns of the local file; those without a value are passed over. `price_year` and `source` fill
    what a row leaves empty, so that two columns, name and value, are enough."""
    if missing := [column for column in ("name", "value") if column not in cells.columns]:
        raise ProblemError(
            f"The workbook lacks the column(s) {', '.join(missing)}", "the workbook", ", ".join(local.COLUMNS),
            "take the template, or name a layout",
        )  # fmt: skip
    found = []
    for row in cells.iter_rows(named=True):
        told = {key: (row.get(key) or "").strip() for key in local.COLUMNS}
        if told["name"] and told["value"]:
            told["source"] = told["source"] or source
            told["price_year"] = told["price_year"] or price_year
            found.append({**told, "row": str(row.get("row", ""))})
    return found


def sums(rows: Sequence[Mapping[str, str]], given: Layout) -> Iterator[Sum]:
    """Each heading of the layout that stands in the rows, and what its components (CODE.1, CODE.2, ...) come to."""
    values: dict[str, float] = {}
    for row in rows:
        try:
            values[row["name"].removeprefix("agency.")] = float(row["value"].replace(",", "").replace("£", ""))
        except ValueError:  # told by the checks
            continue
    for code in given.sums:
        parts = [value for one, value in values.items() if one.rpartition(".")[0] == code]
        if code in values and parts:
            yield Sum(code, values[code], sum(parts), len(parts))
