"""A provider's list becomes an evaluation: who was found and why not, the verdict, and nothing that names anybody."""

import csv
import datetime as dt
import json
import re
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
from click.testing import CliRunner

from app import provider_list
from app.cli import main
from common import paths, versions
from common.errors import ProblemError
from metrics.compare.lists import kept
from metrics.compare.plan import FILE
from release.comparisons import Comparing
from release.models import at_level
from tests.release.made_comparison import CUTOFF, SEVENTY, pnc, write_store


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """A data directory with a current store of 220 people, each known by a PNC number and a probation number."""
    root = tmp_path_factory.mktemp("data")
    write_store(root)
    return root


def listed(path, rows, header=("PNC ID", "CRN", "Start Date")):
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return path


def test_a_list_is_evaluated_and_its_rows_accounted_for(data_dir, tmp_path):
    file = listed(
        tmp_path / "our_people.csv",
        [
            *SEVENTY,
            (pnc(0), "", "2018-09-01"),  # named twice
            (pnc(1), "X000002", "2018-09-01"),  # two people
            (pnc(9999), "", "2018-09-01"),  # nobody knows them
            ("UNKNOWN", "", "2018-09-01"),
            (pnc(5), "", "31/13/2018"),
        ],
    )
    found = CliRunner().invoke(main, ["evaluate", str(file), "--data-dir", str(data_dir), "--json"])
    assert found.exit_code == 0, found.output
    told = json.loads(found.output)
    assert told["list"] | {"refused": 0} == {
        "rows": 75, "looked_up": 73, "not_found": 1, "two_people": 1, "listed_twice": 1, "people_found": 70, "refused": 0,
    }  # fmt: skip
    assert sum(told["list"]["refused"].values()) == 2
    assert (told["submitted"], told["verdict"] in ("fewer", "more", "cannot_tell")) == (70, True)
    assert not re.search("our.people", found.output)
    year = dt.date.today().year
    assert (told["comparison"]["id"], told["comparison"]["title"]) == (f"list_{year}_1", f"List 1 of {year}")


def test_no_identifier_is_printed_or_kept(data_dir, tmp_path):
    file = listed(tmp_path / "people.csv", SEVENTY)
    found = CliRunner().invoke(main, ["evaluate", str(file), "--data-dir", str(data_dir), "--add", "--title", "Ours"])
    assert found.exit_code == 0, found.output
    assert "70 rows were read; 70 people were found" in found.output
    assert "Evidence: level" in found.output or "There is no verdict" in found.output
    folder = data_dir / "lists" / "list_ours"
    saved = b"".join(part.read_bytes() for part in folder.iterdir())
    for number in (0, 33, 69):
        assert pnc(number) not in found.output and pnc(number).encode() not in saved
        assert f"{number:07d}".encode() not in saved


def test_a_kept_list_is_published_with_the_rest(data_dir, tmp_path):
    file = listed(tmp_path / "kept.csv", SEVENTY)
    CliRunner().invoke(main, ["evaluate", str(file), "--data-dir", str(data_dir), "--add", "--title", "Kept"])
    con = provider_list.connect_readonly(versions.current(paths.stores(data_dir)) / paths.STORE_FILE)
    found = {comparison.id: starts.height for comparison, starts in kept(con, data_dir)}
    con.close()
    assert found["list_kept"] == 70


@pytest.mark.parametrize("title", [[], ["--title", "Mentoring, spring"]])
def test_a_files_name_is_published_at_neither_level(tmp_path, title):
    """Providers name files after people."""
    write_store(tmp_path)
    entries = ("scheme", "scheme_in", "programme", "cohort")
    (tmp_path / FILE).write_text("".join(f"[{name}]\npublish = false\n" for name in entries), "utf-8")
    file = listed(tmp_path / "john_smith_and_co.csv", SEVENTY)
    made = CliRunner().invoke(main, ["evaluate", str(file), "--add", *title, "--data-dir", str(tmp_path)])
    assert made.exit_code == 0 and "smith" not in made.output.lower()
    again = CliRunner().invoke(main, ["evaluate", "--lists", "--data-dir", str(tmp_path)])
    year = dt.date.today().year
    name = "list_mentoring_spring" if title[1:] == ["Mentoring, spring"] else f"list_{year}_1"
    assert f"{name}: {(title or ['', f'List 1 of {year}'])[1]};" in again.output
    con = provider_list.connect_readonly(versions.current(paths.stores(tmp_path)) / paths.STORE_FILE)
    with Comparing(con, CUTOFF, tmp_path, None, ThreadPoolExecutor(1)) as comparing:
        tables = comparing.tables()
    con.close()
    assert tables["comparison"].select("id", "subject").rows() == [(name, name)]
    shown = pl.DataFrame(
        schema=dict.fromkeys(("indicator", "cohort", "period", "dim1"), pl.String) | {"value": pl.Float64}
    )
    for level in ("partnership", "open"):
        found = at_level(tables, level, shown)
        assert found["comparison"].height == 1
        assert "smith" not in json.dumps([frame.to_dicts() for frame in found.values()], default=str).lower()
    assert not [path for path in (tmp_path / "lists").rglob("*") if "smith" in path.name]
    saved = b"".join(path.read_bytes() for path in (tmp_path / "lists").rglob("*") if path.is_file())
    assert b"smith" not in saved.lower()


def test_lists_without_a_title_are_numbered(tmp_path):
    day = dt.date(2026, 5, 1)
    assert provider_list.called_by(" New  start ", tmp_path, day) == ("list_new_start", "New start")
    assert provider_list.called_by("наставничество", tmp_path, day) == ("list_2026_1", "наставничество")
    write_store(tmp_path)
    for name in ("a.csv", "b.csv"):
        file = listed(tmp_path / name, SEVENTY[:12])
        CliRunner().invoke(main, ["evaluate", str(file), "--add", "--data-dir", str(tmp_path)])
    assert [path.name[9:] for path in sorted((tmp_path / "lists").iterdir())] == ["_1", "_2"]


def test_the_kept_lists_are_told_in_counts_and_one_is_taken_out(data_dir, tmp_path):
    place = ["--data-dir", str(data_dir)]
    file = listed(tmp_path / "told.csv", SEVENTY)
    CliRunner().invoke(main, ["evaluate", str(file), *place, "--add", "--title", "Told"])
    said = CliRunner().invoke(main, ["evaluate", "--lists", *place])
    assert said.exit_code == 0, said.output
    told = "list_told: Told; 70 rows, 70 people found in the store; started 2018-05-01 to 2018-05-01, followed for 365 days."
    assert told in said.output and "PNC" not in said.output
    gone = CliRunner().invoke(main, ["evaluate", "--take-out", "list_told", *place])
    assert gone.exit_code == 0 and "the next `iom publish` is without it" in gone.output
    assert "list_told" not in CliRunner().invoke(main, ["evaluate", "--lists", *place]).output


def test_taking_out_a_list_that_is_not_kept_says_which_are(data_dir, tmp_path):
    outside = tmp_path / "lists"
    outside.mkdir()
    for name in ("list_nobody", "../lists", str(outside)):
        found = CliRunner().invoke(main, ["evaluate", "--take-out", name, "--data-dir", str(data_dir)])
        assert found.exit_code == 2 and "no list is kept by that id" in found.stderr
    assert outside.exists()
    empty = CliRunner().invoke(main, ["evaluate", "--lists", "--data-dir", str(tmp_path / "empty")])
    assert empty.exit_code == 0 and "No list is kept" in empty.output


def test_those_who_started_after_the_cut_off_are_a_step_with_its_reason(data_dir, tmp_path):
    """100 people found are 100 submitted, though 30 of them start later than the records reach."""
    late = [(pnc(n), "", "2023-02-01") for n in range(70, 100)]
    file = listed(tmp_path / "late.csv", [*SEVENTY, *late])
    told = json.loads(CliRunner().invoke(main, ["evaluate", str(file), "--data-dir", str(data_dir), "--json"]).output)
    assert (told["list"]["people_found"], told["submitted"], told["flow"][0]["people"]) == (100, 100, 100)
    assert told["flow"][1] == {
        "step": "started by the cut-off",
        "people": 70,
        "reason": "they started after the cut-off",
    }
    said = CliRunner().invoke(main, ["evaluate", str(file), "--data-dir", str(data_dir)]).output
    assert "70  started by the cut-off (the others: they started after the cut-off)" in said


def test_a_list_too_short_has_no_verdict_and_says_so(data_dir, tmp_path):
    file = listed(tmp_path / "few.csv", SEVENTY[:12])
    found = CliRunner().invoke(main, ["evaluate", str(file), "--data-dir", str(data_dir)])
    assert (
        f"There is no verdict on List 1 of {dt.date.today().year}: fewer than 60 people were submitted." in found.output
    )


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_the_template_is_a_list_that_can_be_read(data_dir, tmp_path, name):
    file = tmp_path / name
    assert CliRunner().invoke(main, ["evaluate", "--template", str(file)]).exit_code == 0
    assert provider_list.read_list(file, data_dir).read == 0


def test_a_list_without_the_columns_says_which_it_needs(data_dir, tmp_path):
    file = listed(tmp_path / "wrong.csv", [("Smith", "2018-01-01")], header=("Name", "Started"))
    with pytest.raises(ProblemError) as caught:
        provider_list.read_list(file, data_dir)
    assert "Start Date" in str(caught.value) and "Smith" not in str(caught.value)


def test_without_a_store_nothing_can_be_evaluated(tmp_path):
    file = listed(tmp_path / "x.csv", SEVENTY[:1])
    found = CliRunner().invoke(main, ["evaluate", str(file), "--data-dir", str(tmp_path / "empty")])
    assert found.exit_code == 1 and "iom publish" in found.stderr
