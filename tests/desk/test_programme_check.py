"""The desk's page evaluates a list as `iom evaluate` does, shows and keeps nobody's identifier, and says what is wrong."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from app import programme_check
from app.provider_list import evaluate
from common.errors import ProblemError
from components import evidence, verdicts
from tests.desk.made import as_csv
from tests.pages.reading import lede, markup, text
from tests.release.made_comparison import SEVENTY, pnc

Desk = Callable[[], AppTest]
MIXED = [
    *SEVENTY,
    (pnc(0), "", "2018-09-01"),  # named twice
    (pnc(1), "X000002", "2018-09-01"),  # two people
    (pnc(9999), "", "2018-09-01"),  # nobody knows them
    ("UNKNOWN", "", "2018-09-01"),
    (pnc(5), "", "31/13/2018"),
]
LIST = as_csv(MIXED)


def submit(app: AppTest, data: bytes | None, title: str = "Mentoring", name: str = "list.csv") -> AppTest:
    app.text_input(key="programme-name").set_value(title)
    if data is not None:
        app.file_uploader[0].set_value((name, data, "text/csv"))
    [button] = [b for b in app.button if b.label == "Check this programme"]
    button.click().run()
    assert not app.exception, [e.message for e in app.exception]
    return app


@pytest.fixture(scope="module")
def expected(data_dir: Path, tmp_path_factory: pytest.TempPathFactory):
    file = tmp_path_factory.mktemp("list") / "mentoring.csv"
    file.write_bytes(LIST)
    return evaluate(file, data_dir, "Mentoring", follow_up=365, waiting=183, add=False)


def test_the_page_asks_its_question_within_the_frame(desk: Desk) -> None:
    app = desk()
    assert [t.value for t in app.title] == ["Did this programme make a difference?"]
    assert "who started a programme and when" in lede(app)
    assert "Synthetic data" in text(app)


def test_an_uploaded_list_shows_what_evaluated_says(desk: Desk, expected) -> None:
    _, _, found = expected
    app = submit(desk(), LIST)
    about = {"title": "Mentoring", "verdict": found.verdict, "reason": found.reason, "outcome_days": 365}
    headline = {**found.headline, "q_value": None}
    assert lede(app) == verdicts.verdict(about, headline)
    assert verdicts.of_100(about, headline) in text(app)
    assert f"{found.submitted:,} people were submitted and {found.analysed:,} analysed" in text(app)


def test_every_row_of_the_list_is_accounted_for(desk: Desk, data_dir: Path) -> None:
    checked = programme_check.check(LIST, "l.csv", "Mentoring", data_dir)
    assert (checked.read, checked.found) == (75, 70)
    assert sum(count.number for count in checked.counts) == 75
    said = text(submit(desk(), LIST))
    assert "75 rows were read and 70 people found." in said
    for count in checked.counts:
        assert f"{count.what} {count.number:,}" in said


def test_a_case_is_the_case_that_a_release_would_hold(data_dir: Path, expected) -> None:
    _, _, found = expected
    case = programme_check.check(LIST, "l.csv", "Mentoring", data_dir).case
    assert case.headline is not None and case.headline["estimate"] == found.headline["estimate"]
    assert len(case.effects) == len(found.effects) and case.effects[0]["headline"]
    assert [step["people"] for step in case.flow] == [step.people for step in found.flow]
    assert evidence.outcomes(case) and evidence.specifications(case) and evidence.love_plot(case)


def test_no_identifier_is_on_the_page_in_the_download_or_left_behind(desk: Desk, data_dir: Path) -> None:
    before = {path for path in data_dir.rglob("*") if path.is_file()}
    app = submit(desk(), LIST, name="20-0000007Q.csv")
    shown = text(app) + markup(app) + " ".join(e.value for e in app.error)
    checked = app.session_state["_programme"]
    with zipfile.ZipFile(io.BytesIO(programme_check.archive(checked, dt.date(2026, 1, 2)))) as bundle:
        taken = " ".join(bundle.read(name).decode() for name in bundle.namelist())
        assert {"comparison.csv", "effects.csv", "list.csv", "method.md", "about.txt"} <= set(bundle.namelist())
    keys = checked.ids["id_key"].to_list()
    for number in range(70):
        assert f"{number:07d}" not in shown and f"{number:07d}" not in taken
    assert not [key for key in keys if key in shown or key in taken]
    assert not app.query_params
    assert {path for path in data_dir.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("data", [LIST, b"Name\nWard\n"], ids=["sound", "bad"])
def test_the_file_is_let_go_of_once_it_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    held: dict[str, UploadedFileRec] = {}
    seen: list[str] = []
    add, remove = MemoryUploadedFileManager.add_file, MemoryUploadedFileManager.remove_file

    def added(self: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
        held[file.file_id] = file
        seen.append(file.file_id)
        add(self, session_id, file)

    def removed(self: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        held.pop(file_id)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", added)
    app = desk()
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", removed)
    submit(app, data)
    assert app.file_uploader[0].value is None
    assert seen and not held


def test_a_list_is_added_to_the_next_release_and_taken_out(desk: Desk, data_dir: Path) -> None:
    app = submit(desk(), LIST, title="Kept on the desk")
    folder = data_dir / "lists" / "list_kept_on_the_desk"
    assert not folder.exists()
    app.button(key="programme-add").click().run()
    assert "the next release that is published includes it" in text(app)
    assert pl.read_parquet(folder / "list.parquet").height
    saved = b"".join(part.read_bytes() for part in folder.iterdir())
    assert pnc(3).encode() not in saved
    app.button(key="programme-out").click().run()
    assert not folder.exists()
    assert not app.exception


def test_the_lists_that_are_kept_are_shown_in_counts_and_can_be_taken_out(desk: Desk, data_dir: Path) -> None:
    checked = programme_check.check(LIST, "l.csv", "A <b>kept</b> list", data_dir)
    programme_check.add(checked, data_dir)
    folder = data_dir / "lists" / "list_a_b_kept_b_list"
    app = desk()
    assert "Which lists go into the next release?" in text(app)
    assert (
        "73 rows, 70 people found in the current store; started 1 May 2018 to 1 September 2018; followed for 365 days"
        in text(app)
    )
    assert "A &lt;b&gt;kept&lt;/b&gt; list" in markup(app) and pnc(3) not in markup(app)
    (folder / "list.parquet").write_bytes(b"no parquet")
    app.run()
    assert "cannot be read" in text(app)
    app.button(key="out-list_a_b_kept_b_list").click().run()
    assert not folder.exists() and "list_a_b_kept_b_list is taken out" in text(app) and not app.exception
    app.run()
    assert "Which lists go into the next release?" not in text(app)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (None, "", "no list was given"),
        (as_csv([("Ward", "2018-01-01")], ("Name", "Started")), "l.csv", "Start Date and one or more of PNC ID"),
        (b"", "l.csv", "the list cannot be read as a table"),
        (b"PK not a workbook", "l.xlsx", "not a readable workbook"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_allowed(desk: Desk, data: bytes | None, name: str, said: str) -> None:
    app = submit(desk(), data, name=name)
    [error] = app.error
    assert said.lower() in error.value.lower()
    assert "Allowed" in error.value and "Ward" not in error.value and "mapping" not in error.value


def test_a_programme_without_a_name_is_refused(desk: Desk) -> None:
    [error] = submit(desk(), LIST, title="  ").error
    assert "no name" in error.value


def test_too_few_people_have_no_verdict(desk: Desk) -> None:
    app = submit(desk(), as_csv(SEVENTY[:12]))
    assert lede(app) == "There is no verdict on Mentoring: fewer than 60 people were submitted."


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_can_be_read(data_dir: Path, form: str) -> None:
    checked = programme_check.check(programme_check.template(form), f"t.{form}", "Empty", data_dir)
    assert (checked.read, checked.case.about["verdict"]) == (0, "no_verdict")


def test_a_workbook_with_true_dates_is_read_as_the_same_list_in_text_is(data_dir: Path) -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["PNC ID", "CRN", "Start Date"])
        for row, (number, _, start) in enumerate(SEVENTY, start=1):
            sheet.write(row, 0, number)
            sheet.write_datetime(row, 2, dt.datetime.fromisoformat(start), day)
    book_, text_ = (
        programme_check.check(data, name, "Same", data_dir)
        for data, name in ((held.getvalue(), "L.XLSX"), (as_csv(SEVENTY), "l.csv"))
    )
    assert book_.found == text_.found == 70
    assert book_.case.headline == text_.case.headline


def test_what_was_not_foreseen_never_quotes_a_cell(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(pnc(7))

    monkeypatch.setattr(programme_check, "evaluate", fail)
    with pytest.raises(ProblemError) as caught:
        programme_check.check(LIST, "l.csv", "Mentoring", data_dir)
    assert pnc(7) not in str(caught.value) and caught.value.__cause__ is None
