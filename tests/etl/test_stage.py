"""Staging: a row loads whole or not at all, and every row read is accounted for."""

import datetime as dt
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common import paths, versions
from common.errors import ProblemError
from etl import identity
from etl.mapping import Mapping, read_mapping
from etl.parts import all_parts, live_parts, withdraw
from etl.stage import stage

Row = Callable[..., list[str]]
Write = Callable[..., Path]
FAULTS = {
    "sound": {},
    "bad date": {"Offence_Dt": "31/02/2020"},
    "no id": {"PNC_ID": "", "CRN": "NULL"},
    "bad district": {"LA": "Mordor"},
    "before": {"Proven_Dt": "01/01/2020"},
    "expression": {"Months": "six"},
    "not proven": {"Proven_Dt": ""},
    "bad birth": {"DOB": "1/13/1990"},
    "pending": {"Outcome": "Pending", "Proven_Dt": ""},
    "no months": {"Months": ""},
}
LOADS = {"sound", "pending", "no months"}


def reasons(folder: Path) -> set[tuple[int, str, str, str]]:
    return set(pl.read_parquet(folder / "quarantine.parquet").rows())


def test_values_are_typed_by_the_contract(police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path) -> None:
    (part,) = stage(police, [write_csv([sound_row()])], tmp_path / "data")
    offence = pl.read_parquet(part.path / "offence.parquet").row(0, named=True)
    assert offence["offence_date"] == dt.date(2020, 2, 3)
    assert offence["proven_date"] == dt.date(2020, 5, 10)
    assert offence["offence_district"] == "fenland"
    assert (offence["recordable"], offence["breach"], offence["sentence_days"]) == (True, False, 180)
    assert offence["source_row"] == 2
    person = pl.read_parquet(part.path / "person.parquet").row(0, named=True)
    assert (person["sex"], person["date_of_birth"]) == ("male", dt.date(1990, 12, 1))
    assert part.as_at == dt.date(2024, 3, 31)
    assert "Name" not in part.tables


def test_each_fault_is_quarantined_under_its_rule(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path
) -> None:
    rows = [sound_row(**changes) for changes in FAULTS.values()]
    (part,) = stage(police, [write_csv(rows)], tmp_path / "data")
    number = {name: at for at, name in enumerate(FAULTS, start=2)}
    found = reasons(part.path)
    assert (number["bad date"], "offence", "offence_date", "not a date (%d/%m/%Y)") in found
    assert (number["no id"], "offence", "person_key", "no identifier") in found
    assert (number["no id"], "person", "person_key", "no identifier") in found
    assert (number["bad district"], "offence", "offence_district", "outside the six districts") in found
    assert (number["before"], "offence", "(whole row)", "proven not before offence") in found
    assert (number["expression"], "offence", "sentence_days", "the expression fails on this row") in found
    assert (number["not proven"], "offence", "(whole row)", "proof is dated") in found
    assert (number["bad birth"], "person", "date_of_birth", "not a date (%d/%m/%Y)") in found
    assert {row for row, *_ in found} == {at for name, at in number.items() if name not in LOADS}
    assert (part.read, part.loaded, part.quarantined, part.duplicate) == (10, 3, 7, 0)


def test_a_row_loads_whole_or_not_at_all(police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path) -> None:
    """The offence of the second row is sound, its person is not: neither table takes it, nor does identity_link."""
    rows = [sound_row(), sound_row(Crime_Ref="35/002", CRN="Z9", DOB="nonsense")]
    (part,) = stage(police, [write_csv(rows)], tmp_path / "data")
    for table in part.tables:
        assert pl.read_parquet(part.path / f"{table}.parquet")["source_row"].unique().to_list() == [2]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.sampled_from([*FAULTS, "short", "stray"]), max_size=12),
    repeats=st.lists(st.booleans(), max_size=12),
)
def test_every_row_is_accounted_for(
    police: Mapping, sound_row: Row, tmp_path: Path, kinds: list[str], repeats: list[bool]
) -> None:
    """read = loaded + quarantined + duplicate, and each number is what the plain list of rows says."""
    import csv
    import io
    import tempfile

    out = io.StringIO(newline="")
    writer = csv.writer(out)
    seen: set[str] = set()
    expected = {"read": 0, "loaded": 0, "duplicate": 0}
    for at, kind in enumerate(kinds):
        copies = 2 if at < len(repeats) and repeats[at] else 1
        line = sound_row(**FAULTS.get(kind, {}), Crime_Ref=f"R/{at}")
        for _ in range(copies):
            expected["read"] += 1
            if kind == "short":
                writer.writerow(line[:-1])
            elif kind == "stray":
                out.write('x"y,' + ",".join(["z"] * 11) + "\r\n")
            else:
                writer.writerow(line)
                expected["duplicate"] += ",".join(line) in seen
                expected["loaded"] += kind in LOADS and ",".join(line) not in seen
                seen.add(",".join(line))
    header = "PNC ID,CRN,Crime Ref,Offence Dt,Proven Dt,LA,Outcome,Breach,Months,Sex,DOB,Name\r\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "police_crime_2024-03-31.csv"
        file.write_bytes((header + out.getvalue()).encode("windows-1252"))
        (part,) = stage(police, [file], Path(folder) / "data")
        assert part.reconciles
        assert {"read": part.read, "loaded": part.loaded, "duplicate": part.duplicate} == expected
        quarantined = pl.read_parquet(part.path / "quarantine.parquet")["row"].n_unique()
        assert part.quarantined == quarantined == part.read - part.loaded - part.duplicate


def test_identical_rows_are_duplicates_unless_the_mapping_says_otherwise(tmp_path: Path) -> None:
    toml = (
        'source = "street"\nagency = "published"\nfiles = "*"\nformat = "csv"\n[read]\n'
        'distinct_where = "\\"Id\\" <> \'\'"\n[[table]]\nto = "recorded_crime"\n'
        'columns.month = "M"\ncolumns.district = {column = "D", map = "district"}\ncolumns.crime_type = "T"\n'
    )
    (tmp_path / "street.toml").write_text(toml, "utf-8")
    file = tmp_path / "street.csv"
    same, no_id = "a1,2024-01-01,Fenland,theft\n", ",2024-01-01,Fenland,asb\n"
    file.write_text("Id,M,D,T\n" + same * 3 + no_id * 4, "utf-8")
    (part,) = stage(read_mapping(tmp_path / "street.toml"), [file], tmp_path / "data")
    assert (part.read, part.loaded, part.duplicate) == (7, 5, 2)


def test_a_row_that_no_table_takes_is_quarantined(tmp_path: Path) -> None:
    toml = (
        'source = "street"\nagency = "published"\nfiles = "*"\nformat = "csv"\n'
        '[[table]]\nto = "recorded_crime"\nwhere = "T <> \'other\'"\n'
        'columns.month = "M"\ncolumns.district = {column = "D", map = "district"}\ncolumns.crime_type = "T"\n'
    )
    (tmp_path / "street.toml").write_text(toml, "utf-8")
    file = tmp_path / "street.csv"
    file.write_text("M,D,T\n2024-01-01,Fenland,other\n2024-01-01,Fenland,theft\n", "utf-8")
    (part,) = stage(read_mapping(tmp_path / "street.toml"), [file], tmp_path / "data")
    assert reasons(part.path) == {(2, "", "(whole row)", "no table takes this row")}
    assert part.reconciles


@pytest.mark.parametrize(
    ("text", "pence"),
    [("12.34", 1234), ("£1,234.5", 123450), ("-0.07", -7), ("1000000000.01", 100000000001), ("12.345", None),
     ("1,23", None), ("twelve", None), ("", None)],
)  # fmt: skip
def test_pounds_become_pence_exactly(tmp_path: Path, text: str, pence: int | None) -> None:
    toml = (
        'source = "costs"\nagency = "council"\nfiles = "*"\nformat = "csv"\n[read]\ndelimiter = ";"\n[[table]]\nto = "cost"\n'
        'columns.district = {value = "fenland"}\ncolumns.agency = {value = "council"}\ncolumns.quarter = {value = "2024Q1"}\n'
        'columns.kind = {value = "running"}\ncolumns.additional = {value = true}\ncolumns.price_year = {value = "2023/24"}\n'
        'columns.pence = {column = "Amount", unit = "pounds"}\n'
    )
    (tmp_path / "costs.toml").write_text(toml, "utf-8")
    file = tmp_path / "costs.csv"
    file.write_text(f"Line;Amount\n1;{text}\n", "utf-8")
    (part,) = stage(read_mapping(tmp_path / "costs.toml"), [file], tmp_path / "data")
    got = pl.read_parquet(part.path / "cost.parquet")["pence"].to_list() if part.loaded else [None]
    assert got == [pence]


def test_staging_again_does_nothing(police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path) -> None:
    file = write_csv([sound_row()])
    (first,) = stage(police, [file], tmp_path / "data")
    before = {path: path.stat().st_mtime_ns for path in first.path.iterdir()}
    (again,) = stage(police, [file], tmp_path / "data")
    assert first.fresh
    assert not again.fresh
    assert "nothing to do" in str(again)
    assert before == {path: path.stat().st_mtime_ns for path in first.path.iterdir()}


def test_a_later_file_of_the_same_name_supersedes(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    (old,) = stage(police, [write_csv([sound_row()])], data)
    (new,) = stage(police, [write_csv([sound_row(), sound_row(Crime_Ref="2")])], data)
    assert [part.path for part in live_parts(data)] == [new.path]
    stage(police, [write_csv([sound_row()])], data)
    assert [part.path for part in live_parts(data)] == [old.path]


def test_a_withdrawn_file_leaves_no_rows(police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (part,) = stage(police, [write_csv([sound_row()])], data)
    withdraw(data, part.file)
    assert live_parts(data) == []
    assert not list(part.path.glob("*.parquet"))
    assert [one.withdrawn for one in all_parts(data)] == [True]
    with pytest.raises(ProblemError, match="No staged file"):
        withdraw(data, part.file)


def test_the_day_an_extract_reaches_must_be_in_its_name_or_given(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path
) -> None:
    file = write_csv([sound_row()], "police_crime_latest.csv")
    with pytest.raises(ProblemError, match="day that the extract reaches"):
        stage(police, [file], tmp_path / "data")
    (part,) = stage(police, [file], tmp_path / "data", as_at=dt.date(2024, 6, 30))
    assert part.as_at == dt.date(2024, 6, 30)


def test_a_part_that_changed_is_staged_afresh(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path
) -> None:
    file = write_csv([sound_row()])
    (part,) = stage(police, [file], tmp_path / "data")
    target = part.path / "offence.parquet"
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    assert versions.verify(part.path) == [
        f"{part.path.name}/offence.parquet: changed since it was written (checksum differs)"
    ]
    (again,) = stage(police, [file], tmp_path / "data")
    assert again.fresh
    assert versions.verify(again.path) == []


def test_a_faulty_expression_is_reported_without_any_cell(
    tmp_path: Path, write_csv: Write, sound_row: Row, police: Mapping
) -> None:
    text = police.path.read_text("utf-8").replace('CAST("Months" AS INTEGER) * 30', 'nonsuch("Months")')
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    with pytest.raises(ProblemError) as caught:
        stage(read_mapping(tmp_path / "wrong.toml"), [write_csv([sound_row()])], tmp_path / "data")
    assert "columns.sentence_days" in str(caught.value)
    assert "nonsuch" in str(caught.value)
    assert not list(paths.parts(tmp_path / "data").rglob("*.parquet"))


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
def test_killed_staging_leaves_nothing_that_counts(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path
) -> None:
    """A process killed while it writes leaves only a folder aside, which the next run sweeps up."""
    data = tmp_path / "data"
    script = (
        "import sys, time, pathlib\nfrom common import versions\nfrom etl import stage\nfrom etl.mapping import read_mapping\n"
        "whole = versions.write_manifest\n"
        "def slow(*a, **k):\n    pathlib.Path(sys.argv[3], 'ready').touch(); time.sleep(60)\n"
        "versions.write_manifest = slow\n"
        "stage.stage(read_mapping(sys.argv[1]), [sys.argv[2]], pathlib.Path(sys.argv[3]))\n"
    )
    repo = Path(__file__).resolve().parents[2]
    file = write_csv([sound_row()])
    data.mkdir()
    run = subprocess.Popen([sys.executable, "-c", script, str(police.path), str(file), str(data)], cwd=repo)
    for _ in range(600):
        if (data / "ready").exists():
            break
        time.sleep(0.05)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    left = list(paths.parts(data).glob("*/.building-*"))
    assert len(left) == 1
    assert all_parts(data) == []
    (part,) = stage(police, [file], data)
    assert part.fresh
    assert not list(paths.parts(data).glob("*/.building-*"))


def test_the_key_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    key = identity.load_key(tmp_path)
    file = paths.key_file(tmp_path)
    assert len(key) == 32
    assert identity.load_key(tmp_path) == key
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        with pytest.raises(ProblemError, match="others can read"):
            identity.load_key(tmp_path)


def test_no_identifier_or_name_is_in_any_part_or_manifest(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path
) -> None:
    """Search the bytes of everything that staging wrote, uncompressed too, for what must not be there."""
    rows = [sound_row(), sound_row(PNC_ID="1999/7654321B", LA="Mordor", Months="shire"), sound_row(CRN="")]
    data = tmp_path / "data"
    (part,) = stage(police, [write_csv(rows)], data)
    key = identity.load_key(data)
    written = [path for path in paths.parts(data).rglob("*") if path.is_file()]
    texts = [path.read_bytes() for path in written]
    texts += [
        json.dumps(pl.read_parquet(path).to_dicts(), default=str).encode() for path in part.path.glob("*.parquet")
    ]
    secrets = [
        "0123456A",
        "7654321B",
        "20040123456A",
        "X123456",
        "35/001",
        "35001",
        "Hagan",
        "Smythe",
        "Mordor",
        "shire",
    ]
    for text in texts:
        for secret in secrets:
            assert secret.lower().encode() not in text.lower(), secret
        assert key not in text
        assert key.hex().encode() not in text


def test_a_file_of_another_name_is_refused(police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path) -> None:
    """One wrong name stops the whole command before anything is staged; capitals do not matter."""
    data = tmp_path / "data"
    right = write_csv([sound_row()], "POLICE_Crime_2024-03-31.CSV")
    wrong = write_csv([sound_row()], "prison_spells_2024-03-31.csv")
    with pytest.raises(ProblemError, match=r"police_crime\*\.csv") as caught:
        stage(police, [right, wrong], data)
    assert "--any-name" in str(caught.value)
    assert right.name not in str(caught.value)
    assert all_parts(data) == []
    parts = stage(police, [right], data) + stage(police, [wrong], data / "other", any_name=True)
    assert [part.read for part in parts] == [1, 1]


def test_a_placeholder_is_no_identifier(police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path) -> None:
    """Strangers who share UNKNOWN stay strangers: each row falls to its CRN, or is refused with the reason."""
    rows = [
        sound_row(PNC_ID="UNKNOWN", CRN="X1", Crime_Ref="1"),
        sound_row(PNC_ID="Not known", CRN="X2", Crime_Ref="2"),
        sound_row(PNC_ID="0000000", CRN="n/a", Crime_Ref="3"),
        sound_row(PNC_ID="", CRN="-", Crime_Ref="4"),
        sound_row(PNC_ID="", CRN="", Crime_Ref="5"),
        sound_row(PNC_ID="2004/1B", CRN="TBC", Crime_Ref="6"),
    ]
    (part,) = stage(police, [write_csv(rows)], tmp_path / "data")
    key = identity.load_key(tmp_path / "data")
    wanted = [identity.keyed(key, *one) for one in (("crn", "X1"), ("crn", "X2"), ("pnc", "2004/1B"))]
    assert pl.read_parquet(part.path / "offence.parquet")["person_key"].to_list() == wanted
    links = pl.read_parquet(part.path / "identity_link.parquet")
    assert sorted(links["id_key"].to_list()) == sorted(wanted), "no placeholder links anybody"
    rule = "no identifier: a placeholder stands where an identifier should be"
    told = {(row, said) for row, _, column, said in reasons(part.path) if column == "person_key"}
    assert told == {(4, rule), (5, rule), (6, "no identifier")}
    assert part.reconciles


@pytest.mark.skipif(os.name == "nt", reason="modes are for POSIX")
def test_parts_are_for_their_owner_alone(police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path) -> None:
    root = paths.parts(tmp_path / "data")
    root.mkdir(parents=True)
    root.chmod(0o755)  # as an earlier version left it
    (part,) = stage(police, [write_csv([sound_row()])], tmp_path / "data")
    assert [stat.S_IMODE(one.stat().st_mode) for one in (root, part.path.parent, part.path)] == [0o700] * 3
