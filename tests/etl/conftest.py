"""A small police source, for tests of staging and of the store."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from common import duck, paths, versions
from etl import store
from etl.mapping import Mapping, read_mapping

POLICE = """
source = "police_crime"
agency = "police"
files = "police_crime*.csv"
format = "csv"
synthetic = true
[read]
encoding = "windows-1252"
dates = ["%d/%m/%Y"]
missing = ["", "NULL"]
as_at = "(\\\\d{4}-\\\\d{2}-\\\\d{2})"
[identity]
pnc = "PNC ID"
crn = "CRN"
[[table]]
to = "offence"
columns.offence_key = {column = "Crime Ref", hash = true}
columns.offence_date = "Offence Dt"
columns.offence_district = {column = "LA", map = "district", rule = "outside the six districts"}
columns.proven_date = "Proven Dt"
columns.outcome = {column = "Outcome", values = {"Convicted" = "convicted", "Pending" = "pending"}}
columns.offence_group = {value = "theft"}
columns.recordable = {value = true}
columns.breach = "Breach"
columns.in_custody = {value = false}
columns.record_source = {value = "local"}
columns.sentence_days = {sql = 'CAST("Months" AS INTEGER) * 30'}
[[table]]
to = "person"
columns.sex = {column = "Sex", values = {"M" = "male", "F" = "female"}, missing = "not_known"}
columns.ethnicity = {value = "not_known"}
columns.date_of_birth = "DOB"
"""
HEADER = [
    "PNC ID",
    "CRN",
    "Crime Ref",
    "Offence Dt",
    "Proven Dt",
    "LA",
    "Outcome",
    "Breach",
    "Months",
    "Sex",
    "DOB",
    "Name",
]


def row(**changes: str) -> list[str]:
    """One sound row of the police source, with changes."""
    sound = {
        "PNC ID": "2004/0123456A", "CRN": "X123456", "Crime Ref": "35/001", "Offence Dt": "03/02/2020",
        "Proven Dt": "10/05/2020", "LA": "Fenland", "Outcome": "Convicted", "Breach": "N", "Months": "6", "Sex": "M",
        "DOB": "01/12/1990", "Name": "Zoë O'Hagan-Smythe",
    }  # fmt: skip
    return list({**sound, **{name.replace("_", " "): value for name, value in changes.items()}}.values())


@pytest.fixture
def police(tmp_path: Path) -> Mapping:
    file = tmp_path / "police_crime.toml"
    file.write_text(POLICE, "utf-8")
    return read_mapping(file)


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as the police would send them: commas, Windows-1252."""
    import csv

    def write(rows: list[list[str]], name: str = "police_crime_2024-03-31.csv") -> Path:
        file = tmp_path / "extracts" / name
        file.parent.mkdir(exist_ok=True)
        with file.open("w", encoding="windows-1252", newline="") as stream:
            csv.writer(stream).writerows([HEADER, *rows])
        return file

    return write


def build_store(data_dir: Path, cutoff: dt.date | None = None) -> duckdb.DuckDBPyConnection:
    """Build and open a store from the live parts, as a publish does."""
    with versions.building(paths.stores(data_dir)) as build:
        con = duck.connect_build(build.path / paths.STORE_FILE)
        try:
            store.fill(con, data_dir, cutoff, store_id=build.id)
        finally:
            con.close()
    versions.point(paths.stores(data_dir), build.id)
    current = versions.current(paths.stores(data_dir))
    assert current is not None
    return duck.connect_readonly(current / paths.STORE_FILE)


@pytest.fixture
def built() -> Callable[..., duckdb.DuckDBPyConnection]:
    return build_store


@pytest.fixture
def sound_row() -> Callable[..., list[str]]:
    return row
