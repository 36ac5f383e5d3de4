"""How the demonstration loads the county: two files at a time, or each as it is written where the county is large."""

from types import SimpleNamespace

import pytest

from app import demo, publish
from etl.mapping import read_mapping
from etl.parts import all_parts
from etl.synthetic import county


@pytest.fixture
def told(monkeypatch):
    """What the build told while it ran; publishing is left out."""
    monkeypatch.setattr(publish, "publish", lambda *_arguments, **_extra: SimpleNamespace(release="none"))
    return []


def _build(folder, told, **extra):
    return demo.make_demo(folder, 300, 3, progress=lambda step, done: told.append((step, done)), **extra)[0]


def _in_order(told):
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    return {step for step, _ in told}


def test_every_file_is_named_in_order_and_loaded(tmp_path, told):
    files = _build(tmp_path, told)
    steps = _in_order(told)
    assert {f"Loading {read_mapping(county.MAPPINGS / f'{name}.toml').title}" for name, _ in files} <= steps
    parts = all_parts(tmp_path)
    assert sorted(part.file for part in parts) == sorted(file.name for _, file in files)
    assert all(part.reconciles and part.synthetic for part in parts)
    assert all(file.exists() for _, file in files)


def test_a_large_county_keeps_no_extract_once_it_is_loaded(tmp_path, told, monkeypatch):
    monkeypatch.setattr(county, "WORKBOOKS_UP_TO", 200)
    monkeypatch.setattr(county, "BLOCK", 150)
    files = _build(tmp_path, told)
    _in_order(told)
    parts = all_parts(tmp_path)
    assert sorted(part.file for part in parts) == sorted(file.name for _, file in files)
    assert sum(part.file.startswith("police_crime_") for part in parts) == 2
    left = {file.name for file in (tmp_path / demo.EXTRACTS).iterdir()}
    assert left == {"truth.json", "faults.json", "mappings"}


def test_extracts_that_were_asked_for_are_kept(tmp_path, told, monkeypatch):
    monkeypatch.setattr(county, "WORKBOOKS_UP_TO", 200)
    files = _build(tmp_path / "data", told, out=tmp_path / "out")
    assert all(file.exists() for _, file in files)
