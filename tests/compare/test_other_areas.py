"""Other areas' open releases: taken in only as they should be, compared only like with like."""

import json
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from app.cli import main
from common.errors import ProblemError
from metrics.catalogue import catalogue
from release import inspected, other_areas
from release.other_areas import add, areas, beside, differences, remove
from release.read import Reader
from tests.compare.open_release import make


def change(path: Path, *sql: str) -> Path:
    con = duckdb.connect(str(path))
    for one in sql:
        con.execute(one)
    con.close()
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Reader:
    return Reader(make(tmp_path / "ours.duckdb", "Cambridgeshire and Peterborough", "partnership", value=42.0))


def test_an_open_release_is_taken_in_and_stands_beside_ours(tmp_path: Path, ours: Reader) -> None:
    taken = add(tmp_path, make(tmp_path / "in.duckdb"))
    assert (taken.area, taken.indicators, taken.figures) == ("Norfolk", 2, 3)
    assert areas(tmp_path) == [taken]
    found = beside(tmp_path, ours, "reoffending_rate", "scheme", "2023/24")
    assert found.select("area", "ours", "period", "value", "source").rows() == [
        ("Cambridgeshire and Peterborough", True, "2023/24", 42.0, "release r1"),
        ("Norfolk", False, "2023/24", 30.0, "release r1"),
        ("England and Wales", False, "2009", 56.0, "PPO cohort 2009"),
    ]
    assert found["definition_note"].to_list() == ["", "", "on a date"]
    hidden = beside(tmp_path, ours, "reoffences_per_100", "scheme", "2022/23").row(1, named=True)
    assert (hidden["value"], hidden["status"]) == (None, "suppressed")
    missing = beside(tmp_path, ours, "reoffences_per_100", "scheme", "2023/24").row(1, named=True)
    assert missing["status"] == "not available"


def test_areas_stand_in_order_of_name_and_never_of_value(tmp_path: Path, ours: Reader) -> None:
    for name, value in (("Suffolk", 10.0), ("Essex", 90.0), ("Norfolk", 50.0)):
        add(tmp_path, make(tmp_path / "in.duckdb", name, value=value))
    found = beside(tmp_path, ours, "reoffending_rate", "scheme", "2023/24")["area"].to_list()
    assert found[:4] == ["Cambridgeshire and Peterborough", "Essex", "Norfolk", "Suffolk"]


def test_a_release_of_our_own_is_refused_by_its_name_and_by_its_id(tmp_path: Path) -> None:
    """It would stand beside itself as somebody else."""
    name = "20260701T090000-abc123"
    folder = tmp_path / "releases" / name
    folder.mkdir(parents=True)
    make(folder / "open.duckdb", "Made county", release=name)
    (tmp_path / "releases" / "CURRENT").write_text(name, "utf-8")
    for area, release in (("Made county", name), ("made  County ", "r9"), ("Norfolk", name)):
        with pytest.raises(ProblemError, match="is our own") as caught:
            add(tmp_path, make(tmp_path / "in.duckdb", area, release=release))
        assert caught.value.exit_code == 2
    assert areas(tmp_path) == []
    assert add(tmp_path, make(tmp_path / "in.duckdb", release="r9")).area == "Norfolk"


def test_one_of_our_area_taken_in_before_we_published_does_not_stand_beside_us(tmp_path: Path, ours: Reader) -> None:
    add(tmp_path, make(tmp_path / "in.duckdb", ours.area))
    found = beside(tmp_path, ours, "reoffending_rate", "scheme", "2023/24")
    assert found["area"].to_list() == [ours.area, "England and Wales"]


def test_a_new_release_of_an_area_replaces_its_old_one_and_an_area_can_be_taken_out(tmp_path: Path) -> None:
    add(tmp_path, make(tmp_path / "in.duckdb"))
    add(tmp_path, make(tmp_path / "in.duckdb", release="r2"))
    assert [one.release for one in areas(tmp_path)] == ["r2"]
    assert len(list(other_areas.folder(tmp_path).iterdir())) == 2
    remove(tmp_path, "Norfolk")
    assert list(other_areas.folder(tmp_path).iterdir()) == []
    with pytest.raises(ProblemError, match="has not been added"):
        remove(tmp_path, "Norfolk")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"version": 2}, "version 2, ours is 1"),
        ({"days": 730}, "number of follow up days"),
    ],
)
def test_another_definition_is_refused_with_its_reason(tmp_path: Path, ours: Reader, other: dict, why: str) -> None:
    add(tmp_path, make(tmp_path / "in.duckdb", **other))
    with pytest.raises(ProblemError, match=why):
        beside(tmp_path, ours, "reoffending_rate", "scheme", "2023/24")
    left = beside(tmp_path, ours, "reoffending_rate", "scheme", "2023/24", skip_different=True)
    assert "Norfolk" not in left["area"].to_list()


def test_one_version_with_another_formula_is_refused(tmp_path: Path, ours: Reader) -> None:
    file = make(tmp_path / "in.duckdb")
    d = json.loads(catalogue()["reoffending_rate"].as_json()) | {"numerator": "reoffences > 1"}
    con = duckdb.connect(str(file))
    con.execute("UPDATE indicator SET definition = ? WHERE id = 'reoffending_rate'", [json.dumps(d)])
    con.close()
    taken = add(tmp_path, file)
    con = duckdb.connect(str(other_areas._file(tmp_path, taken, ".duckdb")), read_only=True)
    assert differences(ours, con, "reoffending_rate", "scheme") == ["its reoffending_rate has another numerator"]
    con.close()


HOSTILE = {
    "a partnership release": (["UPDATE release SET level = 'partnership'"], "not an open release"),
    "a view": (["CREATE VIEW trick AS SELECT * FROM figure"], "holds views"),
    "a macro": (["CREATE MACRO trick(x) AS x + 1"], "holds functions"),
    "a type": (["CREATE TYPE trick AS ENUM ('a')"], "holds types"),
    "another schema": (["CREATE SCHEMA s", "CREATE TABLE s.figure (x INTEGER)"], "other schemas"),
    "a view in place of a table": (
        ["ALTER TABLE figure RENAME TO hidden", "CREATE VIEW figure AS SELECT * FROM hidden"], "holds views",
    ),
    "a computed column": (["CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1))"], "computed"),
    "a missing table": (["DROP TABLE follow_up"], "no table follow_up"),
    "another type": (["ALTER TABLE figure ALTER value TYPE VARCHAR"], "differs from a release's in value"),
    "two releases": (["INSERT INTO release SELECT * FROM release"], "more than 1"),
    "no figures": (["DELETE FROM figure"], "no rows"),
    "a number that is none": (["UPDATE figure SET upper = 'inf'::DOUBLE WHERE value IS NOT NULL"], "not one"),
    "exact counts": (["UPDATE figure SET numerator = 61 WHERE value IS NOT NULL"], "exact counts"),
    "an unknown status": (["UPDATE figure SET status = 'nowcast' WHERE value IS NOT NULL"], "status"),
    "a hidden value": (["UPDATE figure SET status = 'suppressed'"], "calls hidden"),
    "a value outside its interval": (["UPDATE figure SET lower = 90 WHERE value IS NOT NULL"], "outside its own"),
    "markup": (["UPDATE release SET area = '<script>alert(1)</script>'"], "text that no release does"),
    "a path for a name": (["UPDATE release SET area = '../../etc'"], "name of its area"),
    "control characters": (["UPDATE figure SET reason = chr(27) || '[2J'"], "text that no release does"),
    "a definition that is not one": (["UPDATE indicator SET definition = '[1]'"], "cannot be read"),
    "another definition": (["UPDATE indicator SET definition = '{\"id\": \"x\", \"version\": 1}'"], "another id or version"),
    "a figure of nothing": (["UPDATE figure SET indicator = 'unknown'"], "does not define"),
    "a figure twice": (["INSERT INTO figure SELECT * FROM figure"], "twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    sql, why = HOSTILE[name]
    with pytest.raises(ProblemError, match=why):
        add(tmp_path, change(make(tmp_path / "in.duckdb"), *sql))
    assert areas(tmp_path) == []
    assert not list(tmp_path.glob("areas/*"))


def test_what_is_no_release_at_all_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "in.duckdb"
    text.write_text("not a database")
    with pytest.raises(ProblemError, match="not a DuckDB file"):
        add(tmp_path, text)
    cut = make(tmp_path / "cut.duckdb")
    cut.write_bytes(cut.read_bytes()[:5000])
    with pytest.raises(ProblemError):
        add(tmp_path, cut)
    link = tmp_path / "link.duckdb"
    link.symlink_to(make(tmp_path / "true.duckdb"))
    with pytest.raises(ProblemError, match="link is not followed"):
        add(tmp_path, link)
    with pytest.raises(ProblemError):
        add(tmp_path, tmp_path / "absent.duckdb")


def test_flipped_bytes_are_refused_or_harmless(tmp_path: Path) -> None:
    """A file damaged anywhere is refused, or what is taken in has passed every check; nothing else is raised."""
    whole = make(tmp_path / "whole.duckdb").read_bytes()
    for place in range(0, len(whole), len(whole) // 6):
        broken = bytearray(whole)
        for offset in range(place, min(place + 64, len(whole))):
            broken[offset] ^= 0xFF
        file = tmp_path / "broken.duckdb"
        file.write_bytes(bytes(broken))
        try:
            add(tmp_path, file)
        except ProblemError:
            continue
        assert areas(tmp_path)


def test_what_is_kept_was_written_by_us(tmp_path: Path) -> None:
    """A table that no release has, whatever it holds, is not carried over; nor is the file itself."""
    taken = add(tmp_path, change(make(tmp_path / "in.duckdb"), "CREATE TABLE secret AS SELECT 'a name' AS name"))
    kept = other_areas._file(tmp_path, taken, ".duckdb")
    con = duckdb.connect(str(kept), read_only=True)
    names = {row[0] for row in con.sql("SELECT table_name FROM duckdb_tables()").fetchall()}
    con.close()
    assert names == set(inspected.MOST_ROWS)
    assert b"a name" not in kept.read_bytes()


def test_the_command_lists_adds_and_removes(tmp_path: Path) -> None:
    run = CliRunner()
    file = make(tmp_path / "in.duckdb")
    place = ["--data-dir", str(tmp_path)]
    added = run.invoke(main, ["areas", *place, "add", str(file)])
    assert added.exit_code == 0, added.output
    assert "Norfolk" in added.output
    assert "Norfolk  release r1" in run.invoke(main, ["areas", *place]).output
    assert run.invoke(main, ["areas", *place, "remove", "Norfolk"]).exit_code == 0
    assert "0 other areas" in run.invoke(main, ["areas", *place]).output
    shutil.rmtree(other_areas.folder(tmp_path))
    assert "0 other areas" in run.invoke(main, ["areas", *place]).output


def test_published_figures_are_read_with_source_year_and_note(ours: Reader) -> None:
    assert ours.benchmarks("reoffending_rate").row(0, named=True) == {
        "indicator": "reoffending_rate", "area": "England and Wales", "cohort": "scheme", "period": "2009",
        "value": 56.0, "numerator": None, "denominator": 10635.0, "year": "2009", "source": "PPO cohort 2009",
        "definition_note": "on a date",
    }  # fmt: skip
    assert ours.benchmarks("waiting_days").height == 0


def test_a_release_made_before_these_tables_has_none(tmp_path: Path) -> None:
    old = change(make(tmp_path / "old.duckdb"), "DROP TABLE benchmark", "DROP TABLE concentration", "DROP TABLE decomposition")  # fmt: skip
    reader = Reader(old)
    assert (reader.benchmarks().height, reader.concentration().height, reader.decomposition().height) == (0, 0, 0)
    assert "value" in reader.concentration("all").columns
    assert isinstance(reader.decomposition("adults"), pl.DataFrame)
