"""A programme check: a provider's list, read from memory, becomes an evaluation that a page can show and a reader take away.

What is held of a list between clicks is its pseudonyms and start dates, for adding it to the next release; the file
itself, its name and its identifiers are let go of as soon as they are read.
"""

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import polars as pl

from app.provider_list import Listed, evaluate, store_file, write_template
from common.duck import connect_readonly
from common.errors import ProblemError
from components import evidence, verdicts, words
from components.evidence import Case
from metrics.compare.evaluation import Evaluation
from metrics.compare.lists import ABOUT, FOLDER, Found, Kept, counted, keep
from metrics.compare.plan import Comparison
from release.comparisons import rows_of

LONGEST_NAME = 60
PLAINLY = {
    "no identifier": "the row has none of the identifiers",
    "not a date": "the start date is missing or not a date (2024-03-31 or 31/03/2024)",
}
"""What the loader's rules say to a provider, by how they begin."""
TABLES = {"effects": "effect", "flow": "flow", "balance": "balance", "support": "support",
          "effect_curves": "effect_curve", "competing": "competing", "sensitivity": "sensitivity"}  # fmt: skip
"""The parts of a case, and the release's tables that they are rows of."""
SORTED = {"effects": (["headline", "outcome", "method", "specification", "scale"], [True, False, False, False, False])}


@dataclass(frozen=True, slots=True)
class Store:
    """What the store says of itself."""

    id: str
    cutoff: dt.date
    synthetic: bool
    area: str


@dataclass(frozen=True, slots=True)
class Count:
    """So many rows or people of a list, and what became of them."""

    what: str
    number: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A list that was evaluated: counts, aggregates, and the pseudonyms that adding it would keep."""

    store: Store
    comparison: Comparison
    read: int
    found: int
    counts: tuple[Count, ...]
    case: Case
    ids: pl.DataFrame


def current_store(data_dir: Path) -> Store:
    """The store that lists are looked up in. Raises ProblemError where there is none."""
    con = connect_readonly(store_file(data_dir), memory_limit="4GB")
    try:
        [(name, cutoff, synthetic, area)] = con.sql("SELECT id, cutoff, synthetic, area FROM store").fetchall()
    finally:
        con.close()
    return Store(name, cutoff, synthetic, area)


def check(data: bytes, name: str, title: str, data_dir: Path, *, follow_up: int = 365, waiting: int = 183) -> Checked:
    """Evaluate an uploaded list. Of its file's name only the ending is used. Nothing is written anywhere.

    Raises ProblemError for what cannot be read, which quotes neither a cell nor the file's name.
    """
    plain = " ".join(title.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise ProblemError(
            "the programme has no name" if not plain else "the programme's name is too long", "Name of the programme",
            f"1 to {LONGEST_NAME} letters", "name it as readers should see it",
        )  # fmt: skip
    store = current_store(data_dir)
    file = Path("the list").with_suffix(Path(name).suffix.lower())
    try:
        listed, known, found = evaluate(
            file, data_dir, plain, follow_up=follow_up, waiting=waiting, add=False, data=data
        )
    except ProblemError:
        raise
    except Exception as error:  # its message may quote a cell
        raise ProblemError(
            f"the list could not be read ({type(error).__name__})", "the list", "the template filled in, as CSV or XLSX",
            "copy its rows into a fresh template and save that",
        ) from None  # fmt: skip
    counts = tuple(accounted(listed, known))
    return Checked(store, found.comparison, listed.read, known.starts.height, counts, case_of(found), listed.ids)


def accounted(listed: Listed, known: Found) -> Iterator[Count]:
    """What became of each row of a list: they add up to the rows read."""
    yield Count("Found: somebody whom the store knows", known.starts.height)
    for why, number in (
        ("Not found: no identifier in the row is known to any loaded extract", known.unknown),
        ("Not found: the row's identifiers belong to two different people", known.conflicting),
        ("Not counted again: the row names somebody whom another row names; the earliest start counts", known.twice),
    ):
        if number:
            yield Count(why, number)
    for rule, rows in listed.refused.items():
        yield Count(
            f"Not used: {next((said for start, said in PLAINLY.items() if rule.startswith(start)), rule)}", rows
        )


def case_of(found: Evaluation) -> Case:
    """An evaluation as the pages' components know a comparison: the rows that a release would hold."""
    rows = rows_of(found, "")
    if rows["effect"].height:
        rows["effect"] = rows["effect"].with_columns(q_value=pl.lit(None, pl.Float64))
    parts: dict[str, pl.DataFrame] = {}
    for part, table in TABLES.items():
        frame = rows[table]
        by, descending = SORTED.get(part, ([], []))
        parts[part] = frame.sort(by, descending=descending) if frame.height and by else frame
    [about] = rows["comparison"].to_dicts()
    return Case(about, **{part: frame.to_dicts() for part, frame in parts.items()})


def add(checked: Checked, data_dir: Path) -> None:
    """Keep the list, as pseudonyms and dates, so that the next publish includes its comparison."""
    keep(data_dir, checked.comparison, checked.ids)


def is_kept(checked: Checked, data_dir: Path) -> bool:
    """Whether a list of this name is kept already."""
    return (data_dir / FOLDER / checked.comparison.id / ABOUT).is_file()


def kept_lists(data_dir: Path) -> list[Kept]:
    """The lists that the next publish includes, in counts, with how many of their people the current store knows."""
    con = connect_readonly(store_file(data_dir), memory_limit="4GB")
    try:
        return counted(data_dir, con)
    finally:
        con.close()


def kept_line(one: Kept) -> str:
    """A kept list as HTML: its name, and its counts below."""
    if one.broken:
        said = "cannot be read: check the list again and add it, or take it out. Until then nothing can be published"
    else:
        starts = (
            ""
            if one.first is None or one.last is None
            else f"; started {words.day(one.first)} to {words.day(one.last)}"
        )
        followed = f"; followed for {one.follow_up_days} days"
        said = f"{one.rows:,} rows, {one.people or 0:,} people found in the current store{starts}{followed}"
    return f'<div class="kept"><b>{escape(one.title)}</b><span class="sub">{escape(said)}</span></div>'


def template(form: str) -> bytes:
    """The empty list to fill in, as 'csv' or 'xlsx'."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"template.{form}"
        write_template(file)
        return file.read_bytes()


def archive(checked: Checked, now: dt.date) -> bytes:
    """The evaluation as a ZIP: a CSV for each table, what became of the list, the method, and where it comes from."""
    held = io.BytesIO()
    counted = pl.DataFrame([{"what": count.what, "rows": count.number} for count in checked.counts])
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, frame in {**checked.case.tables, "list": counted}.items():
            marked = frame.with_columns(
                store=pl.lit(checked.store.id), cutoff=pl.lit(checked.store.cutoff), synthetic=pl.lit(checked.store.synthetic)
            )  # fmt: skip
            bundle.writestr(f"{name}.csv", marked.write_csv())
        parts = "\n\n".join(f"**{head}.** {said}" for head, said in evidence.method_parts(checked.case))
        bundle.writestr("method.md", f"# How this is worked out\n\n{parts}\n")
        bundle.writestr("about.txt", "\n".join(_about(checked, now)) + "\n")
    return held.getvalue()


def _about(checked: Checked, now: dt.date) -> Iterator[str]:
    about: Any = checked.case.about
    yield f"Programme check: {about['title']}"
    yield ""
    if checked.store.synthetic:
        yield "SYNTHETIC DATA: nobody in these figures exists."
    yield "Exact figures from the analyst's desk: not protected for publication."
    yield ""
    yield verdicts.verdict(about, checked.case.headline)
    yield ""
    yield f"Area: {checked.store.area}"
    yield f"Store: {checked.store.id}, data to {words.day(checked.store.cutoff)}"
    yield f"Follow-up: {about['outcome_days']} days, and {about['waiting_days']} more for proof"
    yield f"Downloaded: {words.day(now)}"
