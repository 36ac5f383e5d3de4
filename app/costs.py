"""Costs that an analyst enters: lines of a form or a workbook, checked whole, become a part like any other extract.

Nothing is saved until every line is right, and nothing is ever saved over the reference: what is entered lies with the
other parts of the data directory, can be taken out again, and comes into the next release at `iom publish`.
"""

import csv
import datetime as dt
import hashlib
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import polars as pl

from common import paths
from common.errors import ProblemError, ProblemsError
from etl import identity
from etl.geography import geography
from etl.mapping import read_mapping
from etl.parts import Part, live_parts
from etl.parts import withdraw as take_out_of_parts
from etl.read import read_rows
from etl.settings import Read
from etl.stage import stage
from etl.transform import transform
from metrics.value.parameters import parameters
from metrics.value.prices import reached

MAPPING = paths.REPO / "etl" / "mappings" / "cost_form.toml"
SOURCE = "cost_form"
HEADS = ("Scheme", "Programme", "Tier", "District", "Agency", "Quarter", "Kind", "Additional", "Funder", "Amount",
         "Price year")  # fmt: skip
SCHEMES = {"iom": "IOM", "ppo": "PPO", "dip": "DIP", "mappa": "MAPPA", "deter": "Deter Young Offender",
           "short_sentence": "Short sentences"}  # fmt: skip
AGENCIES = {"police": "Police", "probation": "Probation", "prison": "Prison", "council": "Council", "health": "Health",
            "yot": "Youth justice", "voluntary": "Voluntary", "private": "Private", "court": "Court"}  # fmt: skip
KINDS = {"running": "Running", "set_up": "Set-up", "in_kind": "In kind"}
ADDITIONAL = {"true": "Additional", "false": "Mainstream"}
FIRST_YEAR, MOST_LINES, MOST_POUNDS = 2000, 5_000, 1_000_000_000
NO_ONE_DISTRICT = "not_known"
"""The district of a cost that is the whole area's: no line is without one, and no district is charged for another."""
SAME = ("scheme", "programme", "tier", "district", "agency", "quarter", "kind", "additional", "funder")
"""What makes two lines tell of the same money."""
MEANINGS = {
    "Scheme": f"One of {', '.join(SCHEMES.values())}; or leave it empty and give a programme",
    "Programme": "Its code in the directory of programmes; or leave it empty and give a scheme",
    "Tier": "The tier whose cost it is; empty for the whole scheme",
    "District": "A district's name; Not known for a cost of the whole area",
    "Agency": f"Who bears it: {', '.join(AGENCIES.values())}",
    "Quarter": "The calendar quarter it was spent in, as 2024Q1",
    "Kind": "Running; Set-up (shown apart, never in the break-even); In kind (people or rooms lent: no cash)",
    "Additional": "Additional: would not be spent without the scheme. Mainstream: would be spent anyway",
    "Funder": "Who pays it, as a short code; may be empty",
    "Amount": "Pounds, as 12500 or 12500.50; above nought",
    "Price year": "The financial year whose prices these are, as 2024/25",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One cost line as it was given: text in every cell, and the row that the analyst knows it by."""

    scheme: str = ""
    programme: str = ""
    tier: str = ""
    district: str = ""
    agency: str = ""
    quarter: str = ""
    kind: str = ""
    additional: str = ""
    funder: str = ""
    amount: str = ""
    price_year: str = ""
    row: int = 0

    @classmethod
    def of(cls, cells: Iterable[object], row: int = 0) -> "Line":
        """A line of these cells, in the order of the heads."""
        return cls(*(str(cell).strip() for cell in cells), row=row)  # type: ignore[misc,arg-type]

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells in the order of the heads."""
        return astuple(self)[:-1]


def as_csv(lines: Sequence[Line]) -> bytes:
    """Lines in the layout that `iom load etl/mappings/cost_form.toml` reads."""
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows([HEADS, *(line.cells for line in lines)])
    return held.getvalue().encode()


def template(form: str) -> bytes:
    """The empty table to fill in, as 'csv' or 'xlsx'; the workbook has a second sheet that says what each column means."""
    if form == "csv":
        return as_csv([])
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet, notes = book.add_worksheet("Costs"), book.add_worksheet("What each column means")
    sheet.write_row(0, 0, HEADS, bold)
    sheet.set_column(0, len(HEADS) - 1, 16)
    sheet.freeze_panes(1, 0)
    allowed = {"Scheme": SCHEMES, "Agency": AGENCIES, "Kind": KINDS, "Additional": ADDITIONAL}
    for at, head in enumerate(HEADS):
        if listed := list(places().values()) if head == "District" else list(allowed.get(head, {}).values()):
            sheet.data_validation(1, at, MOST_LINES, at, {"validate": "list", "source": listed})
        notes.write_row(at, 0, (head, MEANINGS[head]), wrapped)
    notes.set_column(0, 0, 14)
    notes.set_column(1, 1, 90)
    book.close()
    return held.getvalue()


def read_lines(data: bytes, name: str) -> list[Line]:
    """The lines of a filled-in template. Of its file's name only the ending is used."""
    form = {".csv": "csv", ".xlsx": "xlsx"}.get(Path(name).suffix.lower())
    if form is None:
        raise ProblemError("costs are a table", "the file", ".csv or .xlsx", "fill in the empty table and upload that")
    try:
        rows = read_rows(Path("the table").with_suffix(f".{form}"), Read(), form, data)
    except ProblemError as problem:
        raise ProblemError(
            f"the file cannot be read as a table: {problem.what}", "the file",
            "one sheet with the template's header in its first row; CSV as UTF-8 with commas",
            "copy the lines into the empty table and save that",
        ) from None  # fmt: skip
    if missing := [head for head in HEADS if head not in rows.frame.columns]:
        raise ProblemError(
            f"the table lacks {_n(len(missing), 'column')}: {', '.join(missing)}", "the file", ", ".join(HEADS),
            "use the columns of the empty table, and leave what does not apply empty",
        )  # fmt: skip
    wrong = [*rows.rejected.iter_rows(named=True), *rows.without_errors(HEADS)[1].iter_rows(named=True)]
    if wrong:
        raise ProblemsError(
            [ProblemError(said, f"row {row}", remedy="put it right and upload the file again")
             for row, said in dict.fromkeys((one["row"], one["rule"]) for one in wrong)]
        )  # fmt: skip
    cells = rows.frame.select("row", *HEADS).fill_null("").iter_rows()
    return [Line.of(found, row) for row, *found in cells]


def programmes(data_dir: Path) -> dict[str, str]:
    """The programmes that the loaded directories know, code and name."""
    found = _tables(data_dir, "programme")
    return dict(sorted(found.select("programme", "title").iter_rows())) if found is not None else {}


def places() -> dict[str, str]:
    """The districts that a line may name, by what the form calls each and how the table spells it."""
    named = {row["label"]: row["label"] for row in geography().iter_rows(named=True) if row["in_area"]}
    whole = next(row["label"] for row in geography().iter_rows(named=True) if row["district"] == NO_ONE_DISTRICT)
    return named | {"The whole area: no one district": whole}


def subjects(data_dir: Path) -> dict[str, str]:
    """Schemes and programmes as readers know them, by their codes."""
    return programmes(data_dir) | SCHEMES


def check(lines: Sequence[Line], data_dir: Path) -> None:
    """Raise ProblemsError with everything that is wrong with these lines; nothing is saved before all are right."""
    if not lines or len(lines) > MOST_LINES:
        raise ProblemError(
            "there is no cost line" if not lines else "there are too many lines", "the costs", f"1 to {MOST_LINES:,} lines",
            "add a line in the form, or fill in the empty table" if not lines else "upload them in several files",
        )  # fmt: skip
    problems = [*_by_contract(lines, data_dir), *_by_sense(lines, programmes(data_dir)), *_by_prices(lines, data_dir)]
    if problems:
        raise ProblemsError(sorted(problems, key=lambda problem: int(re.findall(r"\d+", problem.where)[0])))


def _by_contract(lines: Sequence[Line], data_dir: Path) -> Iterator[ProblemError]:
    """What the loader would set aside, told beforehand: the rows, columns and rules that it names."""
    mapping = read_mapping(MAPPING)
    named = {column.name: column.column or "" for column in mapping.tables[0].columns}
    rows = read_rows(Path("the table.csv"), mapping.read, "csv", as_csv(lines))
    key = identity.load_key(data_dir)
    _, failures, _ = transform(mapping, rows.frame.select("row", *HEADS), rows.rejected, key, "the table")
    for failure in failures.unique(["row", "column_name"], keep="first", maintain_order=True).iter_rows(named=True):
        head = named.get(failure["column_name"], "")
        if head:
            at = _row(lines, failure["row"] - 2)
            yield ProblemError(f"{head}: {failure['rule']}", f"row {at}", MEANINGS[head])


def _by_sense(lines: Sequence[Line], known: dict[str, str]) -> Iterator[ProblemError]:
    """What the contract lets through and money does not: no subject or two, nought, another century, the same twice."""
    seen: dict[tuple[str, ...], int] = {}
    for place, line in enumerate(lines):
        where = f"row {_row(lines, place)}"
        if bool(line.scheme) == bool(line.programme):
            said = "names both a scheme and a programme" if line.scheme else "names neither a scheme nor a programme"
            yield ProblemError(
                f"The line {said}", where, "one of the two", "enter the money under what it was spent on"
            )
        if line.programme and known and line.programme not in known:
            yield ProblemError("The programme is not in the directory", where, ", ".join(known), "load it there first")
        if re.fullmatch(r"-?[£\d,. ]+", line.amount) and not 0 < _pounds(line.amount) <= MOST_POUNDS:
            yield ProblemError("Amount: not above nought", where, f"above 0 and at most {MOST_POUNDS:,} pounds",
                               "to correct what was entered before, take that entry out and enter it anew")  # fmt: skip
        latest = dt.date.today().year + 1
        if re.fullmatch(r"\d{4}Q[1-4]", line.quarter) and not FIRST_YEAR <= int(line.quarter[:4]) <= latest:
            yield ProblemError("Quarter: too long ago or too far ahead", where, f"{FIRST_YEAR}Q1 to {latest}Q4")
        same = tuple(cell.casefold() for cell in line.cells[: len(SAME)])
        if same in seen:
            yield ProblemError(f"The line tells of the same money as row {seen[same]}", where, "each cost once",
                               "add the two amounts in one line, or name their funders")  # fmt: skip
        seen.setdefault(same, _row(lines, place))


def _by_prices(lines: Sequence[Line], data_dir: Path) -> Iterator[ProblemError]:
    """Price years that are none, that the deflator does not reach, or that are yet to come: such money could not be told."""
    known = parameters(data_dir)
    first, latest = min(int(year) for year in known.under("deflator")), dt.date.today().year
    for place, line in enumerate(lines):
        found = re.fullmatch(r"(\d{4})/(\d{2})", line.price_year)
        if found is None:
            continue
        where, year = f"row {_row(lines, place)}", int(found[1])
        if int(found[2]) != (year + 1) % 100:
            yield ProblemError("Price year: not two years that follow each other", where, "as 2024/25")
        elif not first <= year <= latest or not reached(line.price_year, known):
            yield ProblemError(
                "Price year: the deflator has no prices for it, or it is yet to come", where,
                f"{first}/{(first + 1) % 100:02} to {latest}/{(latest + 1) % 100:02}", "give the year whose prices these are",
            )  # fmt: skip


def clashes(lines: Sequence[Line], data_dir: Path) -> list[str]:
    """Lines that tell of money which is loaded already: what they tell of, and from which file. To be confirmed, not refused."""
    held = loaded(data_dir)
    if held.is_empty():
        return []
    known = {tuple(row[:-1]): row[-1] for row in held.select(*SAME, "file").fill_null("").iter_rows()}
    codes = [{name.casefold(): code for code, name in table.items()} for table in (SCHEMES, AGENCIES, KINDS)]
    districts = {row["label"].casefold(): row["district"] for row in geography().iter_rows(named=True)}
    said = []
    for place, line in enumerate(lines):
        same = (
            codes[0].get(line.scheme.casefold(), line.scheme), line.programme, line.tier,
            districts.get(line.district.casefold(), line.district), codes[1].get(line.agency.casefold(), line.agency), line.quarter,
            codes[2].get(line.kind.casefold(), line.kind), line.additional.casefold() == "additional", line.funder,
        )  # fmt: skip
        if file := known.get(same):
            what = line.scheme or line.programme
            said.append(
                f"Row {_row(lines, place)}: {what}, {line.district}, {line.agency}, {line.quarter} is loaded already from {file}."
            )
    return said


def save(lines: Sequence[Line], data_dir: Path, *, again: bool = False, today: dt.date | None = None) -> Part:
    """Check the lines and stage them as a part of the data directory, with the mapping cost_form.toml.

    Raises ProblemsError for what is wrong, and for money that is loaded already unless `again`. Never writes elsewhere.
    """
    refuse_reference(data_dir)
    check(lines, data_dir)
    if not again and (twice := clashes(lines, data_dir)):
        raise ProblemsError(
            [ProblemError(said, remedy="leave it out, or say that it is further money") for said in twice]
        )
    data = as_csv(lines)
    name = f"costs-entered-{today or dt.date.today()}-{hashlib.sha256(data).hexdigest()[:8]}.csv"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        [part] = stage(read_mapping(MAPPING), [file], data_dir, synthetic=_synthetic(data_dir))
    return part


def entered(data_dir: Path) -> list[Part]:
    """What was entered at the desk and counts, the latest first."""
    return [part for part in reversed(live_parts(data_dir)) if part.source == SOURCE]


def take_out(file: str, data_dir: Path) -> None:
    """Take an entry out: the next publish is without it. What other files brought is not touched."""
    if file not in {part.file for part in entered(data_dir)}:
        raise ProblemError(
            "no entry has this name", file, "an entry made at the desk", "use `iom withdraw` for an extract"
        )
    take_out_of_parts(data_dir, file)


def loaded(data_dir: Path) -> pl.DataFrame:
    """Every cost line that counts, whatever brought it: the contract's columns, with `file`."""
    found = _tables(data_dir, "cost")
    return pl.DataFrame(schema=[*SAME, "pence", "price_year", "file"]) if found is None else found


def by_quarter(data_dir: Path) -> pl.DataFrame:
    """What is loaded, by quarter, scheme or programme, and kind: lines, pounds at the prices they were given in, and files."""
    held = loaded(data_dir)
    if held.is_empty():
        return pl.DataFrame(schema=["quarter", "subject", "kind", "lines", "pounds", "price_years", "files"])
    return (
        held.with_columns(subject=pl.coalesce("scheme", "programme").fill_null(""))
        .group_by("quarter", "subject", "kind")
        .agg(
            lines=pl.len(),
            pounds=pl.col("pence").sum() / 100,
            price_years=pl.col("price_year").unique().sort().str.join(", "),
            files=pl.col("file").n_unique(),
        )
        .sort("quarter", "subject", "kind", descending=[True, False, False])
    )


def refuse_reference(data_dir: Path) -> None:
    """Refuse a data directory within the project's reference: what is entered never lies over what was published."""
    reference = paths.reference("").resolve()
    if reference in (data_dir.resolve(), *data_dir.resolve().parents):
        raise ProblemError(
            "the data directory lies within the reference files", str(data_dir), "a folder of its own",
            "give another with --data-dir or IOM_DATA_DIR: nobody may save over the reference",
        )  # fmt: skip


def _tables(data_dir: Path, name: str) -> pl.DataFrame | None:
    """A table's rows from every live part that has it, with the file they came from."""
    files = [(part.path / f"{name}.parquet", part.file) for part in live_parts(data_dir)]
    frames = [pl.read_parquet(path).with_columns(file=pl.lit(file)) for path, file in files if path.is_file()]
    return pl.concat(frames, how="diagonal") if frames else None


def _synthetic(data_dir: Path) -> bool:
    """Costs entered beside invented extracts are invented: a release never mixes the two."""
    return any(part.synthetic for part in live_parts(data_dir))


def _row(lines: Sequence[Line], place: int) -> int:
    """The row that the analyst knows a line by: its row in the workbook, or its number in the form."""
    return lines[place].row or place + 1


def _pounds(text: str) -> float:
    try:
        return float(re.sub(r"[£, ]", "", text))
    except ValueError:
        return 0.0


def _n(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
