"""Costs entered at the desk: checked whole, staged as any extract is, never over the reference, and taken out again."""

import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from streamlit.testing.v1 import AppTest

from app import costs
from app.costs import Line
from common import paths
from common.errors import ProblemError, ProblemsError
from etl.contracts import terms
from etl.mapping import read_mapping
from etl.parts import live_parts
from etl.stage import stage
from metrics.value.parameters import parameters
from tests.desk.conftest import ROOT
from tests.pages.reading import lede, text

GOOD = ("IOM", "", "tier_1", "Fenland", "Police", "2024Q1", "Running", "Additional", "PCC", "12500.50", "2023/24")
PAGE = ROOT / "app" / "desk_pages" / "costs.py"


def line(**other: str) -> Line:
    heads = (
        "scheme",
        "programme",
        "tier",
        "district",
        "agency",
        "quarter",
        "kind",
        "additional",
        "funder",
        "amount",
        "price_year",
    )
    return Line.of({**dict(zip(heads, GOOD, strict=True)), **other}.values())


def wrong(data_dir: Path, *lines: Line) -> str:
    with pytest.raises(ProblemError) as found:
        costs.save(lines, data_dir)
    assert not (data_dir / paths.PARTS).exists() or not live_parts(data_dir)
    return str(found.value)


def test_the_forms_words_are_the_mappings() -> None:
    columns = {column.name: column for column in read_mapping(costs.MAPPING).tables[0].columns}
    for name, words in (
        ("scheme", costs.SCHEMES),
        ("agency", costs.AGENCIES),
        ("kind", costs.KINDS),
        ("additional", costs.ADDITIONAL),
    ):
        assert columns[name].values == {word.casefold(): code for code, word in words.items()}
    assert set(costs.SCHEMES) == set(terms.SCHEMES) and set(costs.AGENCIES) == set(terms.AGENCIES)
    assert [column.column for column in columns.values()] == list(costs.HEADS)
    assert set(costs.MEANINGS) == set(costs.HEADS)


def test_saved_lines_are_a_part_with_what_was_entered(tmp_path: Path) -> None:
    other = line(
        scheme="",
        programme="mentoring",
        tier="",
        agency="Council",
        additional="Mainstream",
        kind="In kind",
        amount="£1,000",
    )
    part = costs.save([line(), other], tmp_path, today=dt.date(2026, 1, 2))
    assert (part.read, part.loaded, part.quarantined, part.duplicate) == (2, 2, 0, 0)
    assert re.fullmatch(r"costs-entered-2026-01-02-[0-9a-f]{8}\.csv", part.file)
    one, two = pl.read_parquet(part.path / "cost.parquet").sort("source_row").to_dicts()
    assert (one["scheme"], one["programme"], one["district"], one["pence"], one["price_year"]) == (
        "iom",
        None,
        "fenland",
        1250050,
        "2023/24",
    )
    assert (one["agency"], one["kind"], one["additional"], one["funder"]) == ("police", "running", True, "PCC")
    assert (two["scheme"], two["programme"], two["pence"], two["additional"], two["kind"]) == (
        None,
        "mentoring",
        100000,
        False,
        "in_kind",
    )


def test_the_command_line_loads_the_same_table(tmp_path: Path) -> None:
    file = tmp_path / "costs-entered-2026-01-02.csv"
    file.write_bytes(costs.as_csv([line()]))
    [part] = stage(read_mapping(costs.MAPPING), [file], tmp_path / "data")
    assert part.loaded == 1 and costs.by_quarter(tmp_path / "data")["pounds"].to_list() == [12500.5]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"amount": "-5"}, "Amount: not above nought. Where: row 1"),
        ({"amount": "0"}, "Amount: not above nought"),
        ({"amount": "about ten"}, "Amount: not an amount in pounds"),
        ({"amount": ""}, "Amount: missing"),
        ({"quarter": ""}, "Quarter: missing"),
        ({"quarter": "March 2024"}, "Quarter: not in the form of a code"),
        ({"quarter": "2204Q1"}, "Quarter: too long ago or too far ahead"),
        ({"price_year": ""}, "Price year: missing"),
        ({"price_year": "2024"}, "Price year: not in the form of a code"),
        ({"price_year": "2055/56"}, "Price year: the deflator has no prices for it, or it is yet to come"),
        ({"price_year": "1900/01"}, "Price year: the deflator has no prices for it, or it is yet to come"),
        ({"price_year": "2024/29"}, "Price year: not two years that follow each other"),
        ({"agency": "Fire"}, "Agency: not a value that the mapping knows"),
        ({"district": "Rutland"}, "District: not a value that the mapping knows"),
        ({"district": ""}, "District: missing"),
        ({"kind": ""}, "Kind: missing"),
        ({"scheme": ""}, "names neither a scheme nor a programme"),
        ({"programme": "mentoring"}, "names both a scheme and a programme"),
        ({"funder": "<b>"}, "Funder: not in the form of a code"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_told_by_row_and_head_and_nothing_is_saved(
    tmp_path: Path, other: dict[str, str], said: str
) -> None:
    assert said in wrong(tmp_path, line(**other))


def test_every_problem_is_told_at_once_in_order_of_rows(tmp_path: Path) -> None:
    told = wrong(tmp_path, line(), line(quarter=""), line(amount="-1", district="Rutland", quarter="2024Q2"), line())
    assert [int(row) for row in re.findall(r"row (\d+)\. ", told.replace("as row 1. Where", ""))] == [2, 3, 3, 4]
    assert "the same money as row 1" in told


def test_a_programme_must_be_in_the_directory_where_one_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "programmes", lambda data_dir: {"mentoring": "Mentoring"})
    assert "not in the directory" in wrong(tmp_path, line(scheme="", programme="mentring"))
    assert costs.save([line(scheme="", programme="mentoring")], tmp_path).loaded == 1


def test_money_that_is_loaded_already_is_saved_again_only_when_confirmed(tmp_path: Path) -> None:
    part = costs.save([line()], tmp_path)
    with pytest.raises(ProblemsError, match=part.file):
        costs.save([line(amount="1")], tmp_path)
    assert costs.by_quarter(tmp_path)["lines"].to_list() == [1]
    costs.save([line(amount="1")], tmp_path, again=True)
    [row] = costs.by_quarter(tmp_path).to_dicts()
    assert (row["quarter"], row["subject"], row["lines"], row["pounds"], row["files"]) == (
        "2024Q1",
        "iom",
        2,
        12501.5,
        2,
    )


def test_an_entry_is_taken_out_and_no_extract_is(tmp_path: Path) -> None:
    part = costs.save([line()], tmp_path)
    assert [one.file for one in costs.entered(tmp_path)] == [part.file]
    costs.take_out(part.file, tmp_path)
    assert costs.entered(tmp_path) == [] and costs.by_quarter(tmp_path).is_empty()
    with pytest.raises(ProblemError, match="iom withdraw"):
        costs.take_out("council_costs.xlsx", tmp_path)


def digests() -> dict[str, str]:
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in (paths.reference(""), costs.MAPPING.parent)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_nobody_can_save_over_the_reference(tmp_path: Path) -> None:
    before = digests()
    costs.save([line()], tmp_path)
    for place in (paths.reference(""), paths.reference("mine"), tmp_path / ".." / tmp_path.name / "link"):
        if place.name == "link":
            place.symlink_to(paths.reference(""))
        with pytest.raises(ProblemError, match="nobody may save over the reference"):
            costs.save([line(quarter="2024Q2")], place)
    assert digests() == before


def test_costs_beside_invented_extracts_are_invented(tmp_path: Path) -> None:
    file = tmp_path / "costs-entered-2026-01-02.csv"
    file.write_bytes(costs.as_csv([line()]))
    stage(read_mapping(costs.MAPPING), [file], tmp_path / "data", synthetic=True)
    assert costs.save([line(quarter="2024Q2")], tmp_path / "data").synthetic
    assert not costs.save([line()], tmp_path / "real").synthetic


def workbook(*rows: tuple[str, ...]) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    sheet = book.add_worksheet("Costs")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return held.getvalue()


def test_a_workbook_says_what_the_form_says_and_is_told_by_its_own_rows(tmp_path: Path) -> None:
    [read] = costs.read_lines(workbook(costs.HEADS, GOOD), "Costs 2024.XLSX")
    assert read.cells == line().cells and read.row == 2
    both = costs.read_lines(
        workbook(costs.HEADS, GOOD, tuple("" for _ in GOOD), (*GOOD[:5], "soon", *GOOD[6:])), "c.xlsx"
    )
    assert "Quarter: not in the form of a code. Where: row 4" in wrong(tmp_path, *both)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_empty_table_is_read_back_with_no_line(form: str) -> None:
    assert costs.read_lines(costs.template(form), f"costs.{form}") == []


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"not a workbook", "c.xlsx", "cannot be read as a table"),
        (b"a,b\n1,2\n", "c.csv", "lacks 11 columns: Scheme"),
        (b"x", "c.pdf", "costs are a table"),
    ],
)
def test_a_file_that_is_not_the_table_is_refused_in_words(data: bytes, name: str, said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        costs.read_lines(data, name)


@pytest.fixture
def desk_costs(desk: Callable[[], AppTest], data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page upon a data directory of its own that has the desk's release and store."""
    for name in ("releases", "stores", "identity.key"):
        (tmp_path / name).symlink_to(data_dir / name)
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    app = desk()
    app.switch_page(str(PAGE)).run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def press(app: AppTest, label: str) -> AppTest:
    [button] = [b for b in app.button if b.label == label]
    button.click().run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def fill(app: AppTest, **other: str) -> AppTest:
    for key, value in {"quarter": "2024Q1", "amount": "12500", "price-year": "2023/24"}.items():
        app.text_input(key=f"cost-{key}").set_value(other.get(key, value))
    for key, word in {
        "scheme": "IOM",
        "district": "Fenland",
        "agency": "Police",
        "kind": "Running",
        "additional": "Additional",
    }.items():
        app.selectbox(key=f"cost-{key}").set_value(word)
    return press(app, "Add this line")


def test_a_line_of_the_form_is_held_then_saved_then_taken_out(desk_costs: AppTest, tmp_path: Path) -> None:
    app = desk_costs
    assert [t.value for t in app.title] == ["What did it cost?"] and "quarter by quarter" in lede(app)
    assert "No cost is loaded" in text(app)
    said = text(fill(app))
    assert "1 line is ready to save" in said and not live_parts(tmp_path)
    app = press(app, "Save for the next release")
    assert "run `iom publish`" in app.success[0].value and "£12,500" in text(app)
    [part] = live_parts(tmp_path)
    assert part.source == costs.SOURCE and part.loaded == 1
    assert "loaded already from" in fill(app).warning[0].value
    press(app, "Clear these lines")
    assert "No cost is loaded" in text(press(app, "Take it out"))


def test_a_wrong_line_is_said_on_the_page_and_not_held(desk_costs: AppTest) -> None:
    app = fill(desk_costs, amount="-1", quarter="soon")
    said = app.error[0].value
    assert "Amount: not above nought" in said and "Quarter: not in the form of a code" in said
    assert "ready to save" not in text(app)


def test_an_uploaded_table_is_read_and_held(desk_costs: AppTest) -> None:
    app = desk_costs
    app.file_uploader[0].set_value(("costs.xlsx", workbook(costs.HEADS, GOOD), "application/xlsx"))
    press(app, "Read this table")
    assert "1 line is ready to save" in text(app)


# local parameters

OWN = "name,value,price_year,source\ncrime.shop_theft,250,2022/23,Retail survey\n"


@pytest.fixture
def desk_parameters(desk_costs: AppTest) -> AppTest:
    app = desk_costs
    app.switch_page(str(PAGE.with_name("parameters.py"))).run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def test_a_local_figure_is_taken_in_marked_and_taken_out(desk_parameters: AppTest, tmp_path: Path) -> None:
    app, before = desk_parameters, digests()
    assert "every figure is the one that ships" in text(app)
    app.file_uploader[0].set_value(("ours.csv", OWN.encode(), "text/csv"))
    press(app, "Check and save")
    assert "crime.shop_theft" in app.success[0].value and "Retail survey" in text(app)
    assert parameters(tmp_path)["crime.shop_theft"].local and parameters(tmp_path)["crime.shop_theft"].value == 250
    app.multiselect(key="own-out").set_value(["crime.shop_theft"]).run()
    press(app, "Let the shipped figures stand again")
    assert not parameters(tmp_path).own() and digests() == before


def test_a_wrong_figure_is_told_and_nothing_is_saved(desk_parameters: AppTest, tmp_path: Path) -> None:
    app = desk_parameters
    app.file_uploader[0].set_value(("ours.csv", OWN.replace("250", "-250").replace("2022/23", "").encode(), "text/csv"))
    press(app, "Check and save")
    assert "-250" in app.error[0].value and "price year" in app.error[0].value.lower()
    assert not (tmp_path / "parameters.csv").exists()
