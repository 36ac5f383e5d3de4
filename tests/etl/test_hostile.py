"""Odd files and odd mappings: each is refused or set aside in words that hold no cell, and nothing is raised raw."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from etl.mapping import Mapping, read_mapping
from etl.parts import all_parts, withdraw
from etl.stage import stage

MAPPING = """
source = "street"
agency = "published"
files = "street*"
format = "{form}"
[read]
{read}
[[table]]
to = "recorded_crime"
columns.month = "M"
columns.district = {{value = "fenland"}}
columns.crime_type = {crime_type}
"""
HEADER, SOUND = b"M,T\n", b"2024-01-01,SECRET\n"


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("SECRET.csv", HEADER + SOUND)
    return out.getvalue()


def load(folder: Path, data: bytes, form: str = "csv", read: str = "", *, crime_type: str = '"T"') -> Result:
    """Load one file with the command line; whatever is wrong ends in a sentence without any cell."""
    (folder / "m.toml").write_text(MAPPING.format(form=form, read=read, crime_type=crime_type), "utf-8")
    (folder / "street").write_bytes(data)
    said = CliRunner().invoke(
        main, ["load", str(folder / "m.toml"), str(folder / "street"), "--data-dir", str(folder / "data")]
    )
    assert said.exception is None or isinstance(said.exception, SystemExit)
    assert "SECRET" not in said.output
    return said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "header row is missing"),
        (zipped(), "NUL bytes"),
        ((HEADER + SOUND).decode().encode("utf-16"), "NUL bytes"),
        ((HEADER + SOUND).decode().encode("utf-16-le"), "utf-16"),
        (b"\0" * 5000, "NUL bytes"),
        (b"SECRET" * 400_000, "no column M"),
        (b"M,T" + b"," * 100_000 + b"\n" + SOUND, "100002 columns"),
        (b"M,SECRET\n" + SOUND, "no column T"),
    ],
)
def test_a_csv_that_is_not_one_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    said = load(tmp_path, data)
    assert said.exit_code == 1
    assert words in said.output
    assert "Where: " in said.output
    assert all_parts(tmp_path / "data") == []


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods", "parquet"])
@pytest.mark.parametrize("data", [b"SECRET" * 50, zipped(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)])
def test_a_file_of_another_format_is_refused(tmp_path: Path, form: str, data: bytes) -> None:
    said = load(tmp_path, data, form)
    assert said.exit_code == 1
    assert "not a readable" in said.output


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b"2024-01-01,SEC\0RET\n", "a NUL byte"),
        (b'"SECRET,x\n', "stray quote or line end"),
        (b"," * 1_000_000 + b"\n", "wrong number of columns"),
        (b"2024-02-31,SECRET\n", "not a date (%Y-%m-%d)"),
        (b"45323,SECRET\n", "not a date (%Y-%m-%d)"),
    ],
)
def test_an_odd_line_is_set_aside_alone(tmp_path: Path, line: bytes, rule: str) -> None:
    said = load(tmp_path, HEADER + line + SOUND)
    assert said.exit_code == 0, said.output
    (part,) = all_parts(tmp_path / "data")
    assert (part.read, part.loaded, part.quarantined) == (2, 1, 1)
    assert pl.read_parquet(part.path / "quarantine.parquet")["rule"].to_list() == [rule]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("(SELECT count(*) FROM read_csv('/etc/passwd'))", "reaches for a file"),
        ("(SELECT content FROM read_text('/etc/passwd'))", "reaches for a file"),
        ("T) FROM src; COPY src TO 'copied.csv'; --", "reaches for a file"),
        ("T) FROM src; SET lock_configuration = false; --", "does not work"),
        ("[1, 2]", "several values"),
        ("{'a': T}", "several values"),
        ("nonsuch(T)", "nonsuch does not exist"),
    ],
)
def test_an_expression_reaches_nothing_but_its_row(tmp_path: Path, sql: str, words: str) -> None:
    said = load(tmp_path, HEADER + SOUND, crime_type=f'{{sql = "{sql}"}}')
    assert said.exit_code == 1
    assert words in said.output
    assert "columns.crime_type" in said.output
    assert not Path("copied.csv").exists()


@pytest.mark.parametrize("text", ["table = 3\nfiles = [3]\nread = 5", "table = [3]\ncohort = [1]\nfiles = 4", "x = ["])
def test_a_mapping_of_the_wrong_shape_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.toml").write_text(text, "utf-8")
    (tmp_path / "street").write_bytes(HEADER)
    said = CliRunner().invoke(
        main, ["load", str(tmp_path / "m.toml"), str(tmp_path / "street"), "--data-dir", str(tmp_path / "data")]
    )
    assert said.exit_code == 1
    assert isinstance(said.exception, SystemExit)
    assert "Where: m.toml" in said.output


def test_a_sheet_below_0_is_refused(tmp_path: Path) -> None:
    assert "number from 0" in load(tmp_path, b"", "xlsx", "sheet = -1").output


@pytest.mark.parametrize("at", ["data", "data/parts"])
def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path, at: str) -> None:
    (tmp_path / at).parent.mkdir(exist_ok=True)
    (tmp_path / at).write_text("in the way", "utf-8")
    said = load(tmp_path, HEADER + SOUND)
    assert said.exit_code == 1
    assert "data directory cannot be written" in said.output
    assert "--data-dir" in said.output


def test_the_same_content_under_two_names_is_refused(
    police: Mapping, write_csv: Callable[..., Path], sound_row: Callable[..., list[str]], tmp_path: Path
) -> None:
    """The first stands, untouched, until it is withdrawn; quarters without any row are alike and let through."""
    data = tmp_path / "data"
    (first,) = stage(police, [write_csv([sound_row()], "police_crime_2024-03-31.csv")], data)
    second = write_csv([sound_row()], "police_crime_2024-06-30.csv")
    with pytest.raises(Exception, match="same content as police_crime_2024-03-31") as caught:
        stage(police, [second], data)
    assert "iom withdraw" in str(caught.value)
    assert all_parts(data) == [stage(police, [write_csv([sound_row()], first.file)], data)[0]]
    withdraw(data, first.file)
    assert [part.file for part in stage(police, [second], data)] == [second.name]
    empty = [write_csv([], f"police_crime_2024-0{month}-28.csv") for month in (1, 2)]
    assert [part.read for part in stage(read_mapping(police.path), empty, data)] == [0, 0]
