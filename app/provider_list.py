"""A list from a small provider becomes a full evaluation against the current store.

The list names people by whatever identifiers the provider has, and the day each started. Identifiers become keyed hashes
as they are read; nothing that is said or kept holds one. The file's name is not used: providers name files after people.
"""

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from common import paths, versions
from common.duck import connect_readonly
from common.errors import ProblemError
from etl import identity
from etl.mapping import read_mapping
from etl.read import read_rows
from etl.settings import Read
from etl.transform import transform
from metrics.compare.evaluation import Evaluation, evaluated
from metrics.compare.frame import evaluation_frame
from metrics.compare.lists import COLUMNS, FOLDER, Found, counted, found, keep
from metrics.compare.plan import Comparison

IDENTIFIERS = {"PNC ID": "pnc", "CRN": "crn", "NOMS ID": "noms", "YOT ID": "yot", "Client Ref": "provider"}
START = "Start Date"
MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as read: a row for each identifier, and how many rows could not be used, by the rule they broke."""

    ids: pl.DataFrame
    read: int
    refused: dict[str, int]


def store_file(data_dir: Path) -> Path:
    """The store that lists are looked up in. Raises ProblemError where there is none."""
    folder = versions.current(paths.stores(data_dir))
    if folder is None:
        raise ProblemError(
            "there is no store to find people in", str(paths.stores(data_dir)), "a data directory with a published store",
            "run `iom load` and then `iom publish`",
        )  # fmt: skip
    return folder / paths.STORE_FILE


def write_template(file: Path) -> None:
    """An empty list to fill in, CSV or XLSX by its name: the identifiers a provider may have, and the day of the start."""
    header = [*IDENTIFIERS, START]
    if file.suffix.lower() == ".xlsx":
        import xlsxwriter

        book = xlsxwriter.Workbook(str(file))
        sheet = book.add_worksheet("People")
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        sheet.set_column(0, len(header) - 1, 16)
        book.close()
    elif file.suffix.lower() == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerow(header)
    else:
        raise ProblemError("the template's name does not say what it is", file.name, ".csv or .xlsx", exit_code=2)


def read_list(file: Path, data_dir: Path, data: bytes | None = None) -> Listed:
    """Read a list: at least one of the template's identifiers and a start date; dates as 2024-03-31 or 31/03/2024.

    Given its bytes (`data`), nothing is read from the disk: `file` is then only its name.
    """
    form = {".csv": "csv", ".xlsx": "xlsx"}.get(file.suffix.lower())
    if form is None:
        raise ProblemError("a list is a table", file.name, ".csv or .xlsx; `iom evaluate --template FILE` writes one")
    try:
        header = read_rows(file, Read(), form, data).frame.columns
    except ProblemError as problem:  # its advice is for whoever writes mappings
        raise ProblemError(
            f"the list cannot be read as a table: {problem.what}", file.name,
            "one sheet with the template's header in its first row; CSV as UTF-8 with commas",
            "copy the rows into the template (`iom evaluate --template FILE`) and save that",
        ) from None  # fmt: skip
    held = {column: kind for column, kind in IDENTIFIERS.items() if column in header}
    if not held or START not in header:
        raise ProblemError(
            "the list does not say who started when", file.name, f"{START} and one or more of {', '.join(IDENTIFIERS)}",
            "use the columns of the template: `iom evaluate --template FILE`",
        )  # fmt: skip
    lines = [
        'source = "list"', 'agency = "voluntary"', f'files = "*{file.suffix}"', f'format = "{form}"', 'title = "A list"',
        "layout_verified = false", "[read]", 'dates = ["%Y-%m-%d", "%d/%m/%Y"]', 'missing = ["", "NULL", "n/a"]', "[identity]",
        *(f'{kind} = "{column}"' for column, kind in held.items()),
        "[[cohort]]", 'name = "list"', 'title = "A list"', "follow_up_days = 365", "waiting_days = 183",
        "[[table]]", 'to = "cohort_member"', 'columns.cohort = {value = "list"}', f'columns.index_date = "{START}"',
        'columns.group_name = {value = "treatment"}',
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "list.toml"
        written.write_text("\n".join(lines) + "\n", encoding="utf-8")
        mapping = read_mapping(written)
    rows = read_rows(file, mapping.read, mapping.format, data)
    if rows.counted > MOST_ROWS:
        raise ProblemError("the list is too long", file.name, f"{MOST_ROWS:,} rows; load an extract instead")
    sound, rejected = rows.without_errors([*held, START])
    tables, failures, _ = transform(
        mapping, sound.select("row", *held, START), rejected, identity.load_key(data_dir), file.name
    )
    members = tables.get("cohort_member", pl.DataFrame())
    if not members.height:
        return Listed(pl.DataFrame(schema=COLUMNS), rows.counted, _rules(failures))
    return Listed(_each_identifier(tables["identity_link"], members), rows.counted, _rules(failures))


def _each_identifier(links: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Every row's pseudonyms: its own, and the others that it was the first to give."""
    own = members.select(pl.col("source_row").alias("row"), "person_key", pl.col("index_date").alias("start_date"))
    kinds = links.filter(pl.col("id_key") == pl.col("person_key")).select("person_key", "id_kind", "id_key").unique()
    first = links.select(pl.col("source_row").alias("row"), "id_kind", "id_key").join(own, on="row")
    ids = pl.concat([own.join(kinds, on="person_key").select(list(COLUMNS)), first.select(list(COLUMNS))])
    return ids.unique().sort("row", "id_kind", "id_key")


def _rules(failures: pl.DataFrame) -> dict[str, int]:
    """Rows that broke a rule, by the first rule that each broke."""
    first = failures.sort("row").unique("row", keep="first", maintain_order=True)
    return {str(rule): int(rows) for rule, rows in first.group_by("rule").len().sort("rule").iter_rows()}


def evaluate(
    file: Path,
    data_dir: Path,
    title: str | None,
    *,
    follow_up: int,
    waiting: int,
    add: bool,
    data: bytes | None = None,
) -> tuple[Listed, Found, Evaluation]:
    """Read the list, find its people in the current store, and compare them; with `add`, keep it for publishing.

    What it is called comes from `title`, else from the year and a number (list_2026_1).
    """
    store = store_file(data_dir)
    listed = read_list(file, data_dir, data)
    name, called = called_by(title, data_dir, dt.date.today())
    comparison = Comparison(
        id=name,
        title=called,
        subject_kind="list",
        subject=name,
        follow_up_days=follow_up,
        waiting_days=waiting,
        sort=1000,
    )
    con = connect_readonly(store, memory_limit="4GB")
    try:
        [(cutoff,)] = con.sql("SELECT cutoff FROM store").fetchall()
        known = found(con, listed.ids)
        result = evaluated(evaluation_frame(con, comparison, cutoff, known.starts))
    finally:
        con.close()
    if add:
        keep(data_dir, comparison, listed.ids)
    return listed, known, result


def called_by(title: str | None, data_dir: Path, day: dt.date) -> tuple[str, str]:
    """The id and title of a list: of the title that it was given, else the first number of the year that none kept has."""
    called = " ".join((title or "").split())
    if plain := re.sub(r"[^a-z0-9]+", "_", called.lower()).strip("_")[:60]:
        return f"list_{plain}", called
    number = next(n for n in count(1) if not (data_dir / FOLDER / f"list_{day.year}_{n}").exists())
    return f"list_{day.year}_{number}", called or f"List {number} of {day.year}"


def as_data(listed: Listed, known: Found, result: Evaluation) -> dict[str, Any]:
    """The whole evaluation as plain data: counts and aggregates only."""
    about = asdict(result.comparison)
    return {
        "comparison": {**about, "district": "" if about["district"] == "all" else about["district"]},
        "list": {
            "rows": listed.read, "refused": listed.refused, "looked_up": known.rows, "not_found": known.unknown,
            "two_people": known.conflicting, "listed_twice": known.twice, "people_found": known.starts.height,
        },
        "verdict": result.verdict, "reason": result.reason, "grade": result.grade, "rubric": result.rubric,
        "submitted": result.submitted, "matched": result.matched, "analysed": result.analysed, "controls": result.controls,
        "pool": result.pool, "joined_later": result.joined_later, "from_period": result.from_period, "to_period": result.to_period,
        "flow": [asdict(step) for step in result.flow], "effects": list(result.effects),
        "balance": result.balance.to_dicts(), "support": result.support.to_dicts(), "curves": result.curves.to_dicts(),
        "sensitivity": list(result.sensitivity), "evidence": result.evidence,
    }  # fmt: skip


def lines(listed: Listed, known: Found, result: Evaluation) -> Iterator[str]:
    """The evaluation in plain sentences."""
    from components import verdicts

    yield f"{listed.read:,} rows were read; {known.starts.height:,} people were found in the store."
    for rule, rows in listed.refused.items():
        yield f"  {_rows(rows)} could not be used: {rule}"
    for number, why in (
        (known.unknown, "no identifier in them is known to any loaded extract"),
        (known.conflicting, "their identifiers belong to two different people"),
        (known.twice, "they name somebody whom another row names; the earliest start counts"),
    ):
        if number:
            yield f"  {_rows(number)}: {why}"
    about = {
        "title": result.comparison.title, "verdict": result.verdict, "reason": result.reason,
        "outcome_days": result.comparison.follow_up_days,
    }  # fmt: skip
    headline = result.headline
    effect = None if headline is None else {**headline, "q_value": None}
    yield ""
    yield verdicts.verdict(about, effect)
    if effect is not None and effect["treated"] is not None:
        yield verdicts.of_100(about, effect)
        shown = {effect["outcome"]}
        for row in result.effects:
            if row["method"] == "matched" and row["specification"] == "main" and row["outcome"] not in shown:
                shown.add(row["outcome"])
                if row["estimate"] is not None:
                    yield f"  {verdicts.outcome_line(row)}"
    yield ""
    for step in result.flow:
        yield f"  {step.people:6,}  {step.step}" + (f" (the others: {step.reason})" if step.reason else "")
    if result.balance.height:
        worst = result.balance.sort(pl.col("after").abs(), descending=True, nulls_last=True).head(5)
        yield "Most unlike after matching (standardised mean difference, before and after):"
        for name, level, before, after in worst.select("covariate", "level", "before", "after").iter_rows():
            yield f"  {before or 0:+.2f} {after or 0:+.2f}  {name.replace('_', ' ')}{': ' + level if level else ''}"
    if result.grade is not None:
        yield f"Evidence: level {result.grade} of 5 ({result.rubric})."


def kept_lines(data_dir: Path) -> Iterator[str]:
    """The kept lists in plain sentences: counts and dates only."""
    folder = versions.current(paths.stores(data_dir))
    con = None if folder is None else connect_readonly(folder / paths.STORE_FILE, memory_limit="4GB")
    try:
        lists = counted(data_dir, con)
    finally:
        if con is not None:
            con.close()
    if not lists:
        yield f"No list is kept in {data_dir}: `iom evaluate LIST --add` keeps one for the next publish."
    for one in lists:
        if one.broken:
            yield f"{one.id}: cannot be read. Evaluate it again with --add, or `iom evaluate --take-out {one.id}`."
            continue
        people = "" if one.people is None else f", {one.people:,} people found in the store"
        starts = f"started {one.first} to {one.last}, " if one.first else ""
        yield f"{one.id}: {one.title}; {_rows(one.rows)}{people}; {starts}followed for {one.follow_up_days} days."


def _rows(number: int) -> str:
    return f"{number:,} row" + ("" if number == 1 else "s")
