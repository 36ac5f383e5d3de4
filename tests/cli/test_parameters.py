"""`iom parameters`: the list, a workbook taken in, and the reference that nobody can write over."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from app import own_parameters
from app.cli import main
from app.publish import publish
from common import paths
from common.errors import ProblemError, ProblemsError
from metrics.value import workbook
from metrics.value.parameters import parameters

ROWS = [
    ("code", "description", "unit", "cost_gbp", "cost_year"),
    ("CR8.7", "Burglary dwelling - average cost", "Per incident", 1400.0, "2015/16"),
    ("CR8.7.1", "Burglary dwelling - police", "Per incident", 700.0, "2015/16"),
    ("CR8.7.2", "Burglary dwelling - probation", "Per incident", 650.5, "2015/16"),
    ("HE4.0", "A&E attendance", "Per incident", 109.0, "2011/12"),
]


def book(path: Path, rows=ROWS, above: int = 0) -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("Crime")
        for number, row in enumerate(rows):
            sheet.write_row(number + above, 0, row)
    return path


def run(*words: str):
    return CliRunner().invoke(main, ["parameters", *words])


def reference_bytes() -> str:
    return hashlib.sha256(
        b"".join(path.read_bytes() for path in sorted(paths.reference("versions.csv").parent.iterdir()))
    ).hexdigest()


def test_the_list_names_every_figure_with_where_it_comes_from(tmp_path: Path) -> None:
    done = run("--data-dir", str(tmp_path), "--all")
    assert done.exit_code == 0
    for name, one in parameters().items():
        assert f" {name} " in done.output and one.source in done.output
    assert f" {'price_year':34} 2023; assumption: " in done.output  # a year is no quantity
    line = next(line for line in done.output.splitlines() if "crime.robbery" in line)
    assert "11,320 (9,056 to 13,584) £ an offence, 2015/16 prices; as quoted" in line and line.startswith(" ?")


def test_the_list_as_data_and_searched(tmp_path: Path) -> None:
    found = json.loads(run("--data-dir", str(tmp_path), "--like", "burglary of a business", "--json").output)
    assert [row["name"] for row in found] == ["crime.commercial_burglary"]
    assert found[0]["checked"] is False and found[0]["read"] == "memory" and found[0]["price_year"] == "2015/16"


def test_every_reference_file_is_listed_with_its_sources() -> None:
    told = run("--versions").output
    files = {path.name for path in paths.reference("versions.csv").parent.iterdir()} - {"versions.csv"}
    assert [name for name in files if name not in told] == []
    assert "Research Report 99 (2nd edition, 2018; 2015/16 prices; OGL v3; not checked against the original)" in told
    assert {row["file"] for row in json.loads(run("--versions", "--json").output)} == files


def test_a_workbook_in_the_greater_manchester_layout(tmp_path: Path) -> None:
    before = reference_bytes()
    done = run(
        "--data-dir",
        str(tmp_path),
        "import",
        str(book(tmp_path / "costs.xlsx")),
        "--layout",
        "greater_manchester",
        "--edition",
        "2.3",
    )
    assert done.exit_code == 0, done.output
    assert "CR8.7: £1,400.00, but its 2 components come to £1,350.50." in done.output
    assert "Put 4 parameters in" in done.output
    own = parameters(tmp_path).own()
    assert set(own) == {"agency.CR8.7", "agency.CR8.7.1", "agency.CR8.7.2", "agency.HE4.0"}
    one = own["agency.CR8.7.1"]
    assert (one.value, one.price_year, one.edition, one.local, one.checked) == (700, "2015/16", "2.3", True, False)
    assert reference_bytes() == before


def test_title_rows_above_another_sheet_and_a_layout_of_ones_own(tmp_path: Path) -> None:
    layout = tmp_path / "ours.toml"
    layout.write_text(
        'source = "Our finance team"\nheader_row = 3\nsheets = ["Crime"]\n[columns]\ncode = "code"\nvalue = "cost_gbp"\n'
        'price_year = "cost_year"\n[names]\n"CR8.7" = "crime.domestic_burglary"\n',
        encoding="utf-8",
    )
    done = own_parameters.take_in(book(tmp_path / "costs.xlsx", above=2), tmp_path, str(layout), only=["CR8.7"])
    assert done.names == ("crime.domestic_burglary", "agency.CR8.7.1", "agency.CR8.7.2")
    assert parameters(tmp_path)["crime.domestic_burglary"].source == "Our finance team"


def test_two_columns_are_enough(tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("name,value\ncrime.robbery,12000\nmultiplier,\ncrime.arson,9000\n", encoding="utf-8")
    done = run(
        "--data-dir", str(tmp_path), "import", str(file), "--price-year", "2023/24", "--source", "Force finance team"
    )
    assert done.exit_code == 0 and "Put 2 parameters" in done.output
    listed = run("--data-dir", str(tmp_path), "--like", "crime.arson").output
    assert "*? crime.arson" in listed and "9,000 £ an offence, 2023/24 prices; local: Force finance team" in listed


def test_a_filled_template_comes_back_and_the_empty_one_holds_no_cost(tmp_path: Path) -> None:
    file = tmp_path / "template.csv"
    assert run("--data-dir", str(tmp_path), "template", str(file)).exit_code == 0
    with pytest.raises(ProblemError, match="No row holds a cost"):
        own_parameters.take_in(file, tmp_path)
    with file.open(encoding="utf-8", newline="") as out:
        rows = list(csv.DictReader(out))
    assert {"multiplier", "crime.robbery", "discount.1", "optimism.3.benefits"} <= {row["name"] for row in rows}
    for row in rows:
        row |= {
            "value": row["shipped"],
            "source": "As shipped",
            "price_year": "2023/24" if row["unit"].startswith("£") else "",
        }
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert len(own_parameters.take_in(file, tmp_path).names) == len(rows)


def test_later_figures_replace_earlier_ones_and_may_be_taken_out(tmp_path: Path) -> None:
    for value in ("12000", "13000.5"):
        (tmp_path / "two.csv").write_text(f"name,value\ncrime.robbery,{value}\nmultiplier,2\n", encoding="utf-8")
        done = own_parameters.take_in(tmp_path / "two.csv", tmp_path, price_year="2023/24", source="Us")
    assert done.replaced == ("crime.robbery", "multiplier")
    assert parameters(tmp_path)["crime.robbery"].value == 13_000.5
    assert run("--data-dir", str(tmp_path), "remove", "multiplier").exit_code == 0
    assert set(parameters(tmp_path).own()) == {"crime.robbery"}
    told = run("--data-dir", str(tmp_path), "remove", "multiplier")
    assert told.exit_code == 1 and "not local" in told.output


def test_every_mistake_is_told_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = [
        ROWS[0],
        ("CR8.7", "x", "Per incident", -5, "2015/16"),
        ("CR8.8", "x", "Per incident", 5, ""),
        ("CR8.9", "x", "Per incident", "?", "2015/16"),
        ROWS[1],
    ]
    file = book(tmp_path / "costs.xlsx", wrong)
    with pytest.raises(ProblemsError) as told:
        own_parameters.take_in(file, tmp_path, "greater_manchester")
    assert [str(one).split(". Where")[0] for one in told.value.problems] == [
        "The value of agency.CR8.7 is -5",
        "A price year is missing: agency.CR8.8",
        "The value of agency.CR8.9 is not a number",
        "agency.CR8.7 stands twice",
    ]
    assert "costs.xlsx, line 2" in str(told.value.problems[0])
    assert not (tmp_path / "parameters.csv").exists()


def test_checking_writes_nothing(tmp_path: Path) -> None:
    done = run(
        "--data-dir",
        str(tmp_path),
        "import",
        str(book(tmp_path / "costs.xlsx")),
        "--layout",
        "greater_manchester",
        "--check",
    )
    assert done.exit_code == 0 and "did not write" in done.output
    assert not (tmp_path / "parameters.csv").exists()


def test_a_mistake_stops_a_publish_before_anything_else(tmp_path: Path) -> None:
    (tmp_path / "parameters.csv").write_text(
        "name,value,price_year,source\ncrime.robbery,-5,2023/24,Us\n", encoding="utf-8"
    )
    with pytest.raises(ProblemsError, match=r"crime.robbery is -5.*parameters.csv, line 2"):
        publish(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["parameters.csv"]


def test_nobody_can_save_over_the_reference(tmp_path: Path) -> None:
    before = reference_bytes()
    folder = paths.reference("versions.csv").parent
    (tmp_path / "link").symlink_to(folder)
    for where in (folder, tmp_path / "link"):
        with pytest.raises(ProblemError, match="never written over"):
            own_parameters.save(where, [])
    assert reference_bytes() == before


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("costs.txt", "name,value\n", "of a kind that is not read"),
        ("costs.csv", "who,what\n1,2\n", "lacks the column.s. name, value"),
    ],
)
def test_a_file_that_is_no_workbook_of_costs(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError, match=said):
        own_parameters.take_in(tmp_path / name, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= nothing", "The layout cannot be read"),
        ('source = "x"\n[columns]\ncode = "a"\n', "lacks: columns.value, columns.price_year"),
        ('source = "x"\ncolour = 1\n[columns]\ncode = "a"\nvalue = "b"\nprice_year = "c"\n', "not known: colour"),
    ],
)
def test_a_layout_that_says_too_little_or_too_much(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError, match=said):
        workbook.layout(str(tmp_path / "ours.toml"))


def test_every_shipped_layout_loads() -> None:
    assert workbook.layouts() == ("greater_manchester",)
    assert all(workbook.layout(name).source for name in workbook.layouts())


def test_the_whole_greater_manchester_database(tmp_path: Path, shared_data: Path) -> None:
    """674 costs. Of 26 headings that their components should add to, 24 do within £1; any crime lacks its police row, and the complex
    eviction counts a week of temporary accommodation that may last longer."""
    done = own_parameters.take_in(
        shared_data / "reference/gmca_unit_cost_database_v1_4.csv", tmp_path, "greater_manchester", edition="1.4"
    )
    assert len(done.names) == 674 and len(done.sums) == 26
    apart = {one.code: round(one.differs_by, 2) for one in done.sums if abs(one.differs_by) > done.within}
    assert apart == {"CR8.0": 227.93, "HO1.0": 162.56}
    assert len(parameters(tmp_path).own()) == 674
