"""What the commands tell in words: why rows were set aside, which periods there are, whom a figure is about."""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from etl.parts import live_parts
from tests.cli import small
from tests.release import literal


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--data-dir", str(data_dir)])


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    literal.write(folder)
    return folder


def test_load_tells_why_rows_were_set_aside_and_never_what_they_held(tmp_path: Path) -> None:
    mapping, listing = small.write(tmp_path / "in", people=30)
    rows = listing.read_text("utf-8").splitlines()
    for line in range(3, 11):  # eight rows whose sex is not a value that is allowed
        ref, started, age, _, offended = rows[line].split(",")
        rows[line] = ",".join((ref, started, age, "purple", offended))
    ref, _, age, sex, offended = rows[20].split(",")
    rows[20] = ",".join((ref, "Smith", age, sex, offended))
    listing.write_text("\n".join(rows) + "\n", "utf-8")
    said = run(tmp_path, "load", str(mapping), str(listing))
    assert said.exit_code == 0
    told = [line for line in said.stdout.splitlines() if line.startswith("  ")]
    assert told[0].startswith("  8 rows: person, sex: not one of")
    assert told[0].endswith("(row 4, 5, 6, 7, 8, ...)")
    assert told[1].startswith("  1 row: cohort_member, index_date:")
    assert told[1].endswith("(row 21)")
    assert "purple" not in said.output
    assert "Smith" not in said.output
    file = Path(told[-1].rpartition(": ")[2])
    assert set(pl.read_parquet(file)["row"]) == {*range(4, 12), 21}
    assert len(told) == 3
    [part] = live_parts(tmp_path)
    assert part.quarantined == 9


def test_load_tells_nothing_of_a_file_without_quarantine(tmp_path: Path) -> None:
    said = run(tmp_path, "load", *map(str, small.write(tmp_path / "in", people=30)))
    assert said.exit_code == 0
    assert len(said.stdout.splitlines()) == 2


def test_an_unknown_quarter_names_the_periods_in_order_and_shortly(data_dir: Path) -> None:
    said = run(data_dir, "figure", "reoffending_rate", "--quarter", "1066Q1")
    assert said.exit_code == 2
    quarters, years, threes = (sorted(p for p in _periods(data_dir) if f(p)) for f in KINDS)
    assert f"a quarter from {quarters[0]} to {quarters[-1]}; a year from {years[0]} to {years[-1]}" in said.stderr
    assert threes[0] in said.stderr
    assert quarters[1] not in said.stderr, "the rest go without saying"
    assert "latest; all (every quarter); pooled" in said.stderr


KINDS = (lambda p: "Q" in p, lambda p: "/" in p and "-" not in p, lambda p: "-" in p)


def _periods(data_dir: Path) -> list[str]:
    from release import files

    return [p.id for p in files.open_level(data_dir, "partnership").periods()]


def test_without_a_cohort_it_is_the_one_that_pages_lead_with_and_says_so(tmp_path: Path) -> None:
    from release import files

    literal.write(tmp_path)
    file = files.release_folder(tmp_path) / "partnership.duckdb"
    import duckdb

    from common import versions

    with duckdb.connect(str(file)) as con:  # another cohort that comes first in order, and has the same figures
        con.execute("UPDATE cohort SET sort = sort + 1")
        con.execute("INSERT INTO cohort SELECT * REPLACE ('adults' AS id, 0 AS sort) FROM cohort WHERE id = 'scheme'")
        for table in ("figure", "lattice", "follow_up"):
            con.execute(
                f"INSERT INTO {table} SELECT * REPLACE ('adults' AS cohort) FROM {table} WHERE cohort = 'scheme'"
            )
    versions.write_manifest(file.parent)
    assert [c.id for c in files.open_level(tmp_path, "partnership").cohorts("reoffending_rate")] == ["adults", "scheme"]
    said = run(tmp_path, "figure", "reoffending_rate").stdout.splitlines()
    assert said[0].startswith("scheme all everybody: ")
    assert "for the cohort scheme, which is shown unless --cohort names another, partnership level" in said[-1]
    named = run(tmp_path, "figure", "reoffending_rate", "--cohort", "adults").stdout.splitlines()
    assert named[0].startswith("adults ")
    assert "for the cohort adults, partnership level" in named[-1]


def test_text_names_the_unit_and_what_is_counted_in_words(data_dir: Path) -> None:
    [rate, _] = run(data_dir, "figure", "reoffending_rate", "--quarter", "2025Q1").stdout.splitlines()
    assert "37.9% (95% interval" in rate
    assert rate.endswith(
        ": 25 people with one or more proven reoffences of 66 people in the cohort (index events, when quarters are pooled)"
    )
    [each, _] = run(data_dir, "figure", "reoffences_per_100", "--quarter", "2025Q1").stdout.splitlines()
    assert " per 100 people (95% interval" in each
    assert "proven reoffences over 66 people in the cohort" in each
    [count, _] = run(data_dir, "figure", "people_on_scheme", "--quarter", "2025Q1").stdout.splitlines()
    assert count.endswith(" people with one day or more on the scheme in the period")


def test_an_empty_directory_is_no_clean_bill_of_health(tmp_path):

    found = CliRunner().invoke(main, ["check", "--data-dir", str(tmp_path / "mistyped")])
    assert found.exit_code == 1
    assert "There is nothing to check" in found.output and "IOM_DATA_DIR" in found.output


def test_withdrawing_what_is_not_there_says_what_is(tmp_path):

    found = CliRunner().invoke(main, ["withdraw", "nobody.csv", "--data-dir", str(tmp_path)])
    assert found.exit_code == 1
    assert all(part in found.output for part in ("No staged file", "Where:", "Allowed: none", "To do:"))


def test_a_wrong_command_line_is_told_as_every_problem_is():
    found = CliRunner().invoke(main, ["load", "nowhere.toml", "nobody.csv"])
    assert found.exit_code == 2
    assert all(part in found.output for part in ("does not exist", "Where:", "Allowed: ", "To do: see `"))
