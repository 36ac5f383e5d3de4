"""One seed gives one county, byte for byte; blocks owe nothing to one another; large counties are CSV."""

import hashlib

import polars as pl

from etl.mapping import read_mapping
from etl.synthetic import county, truth
from etl.synthetic.extracts import of_block
from etl.synthetic.simulation import simulate


def _hashes(files):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for _, file in files}


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    folder, files = written
    again = county.write(tmp_path, people=2000, seed=11)
    assert _hashes(again) == _hashes(files)
    for sidecar in ("truth.json", "faults.json"):
        assert (tmp_path / sidecar).read_bytes() == (folder / sidecar).read_bytes()


def test_another_seed_gives_another_county_and_another_truth(written, tmp_path):
    _, files = written
    other = _hashes(county.write(tmp_path, people=2000, seed=12))
    for name, digest in _hashes(files).items():
        if name.startswith(("police_", "pnc_", "prison_", "ndelius_", "micase_", "idiom", "provider_")):
            assert other[name] != digest, name
    first, second = truth.draw(11), truth.draw(12)
    assert first.scheme != second.scheme
    assert first.programme_men != second.programme_men


def test_a_block_is_the_same_whatever_ran_before_it():
    planted = truth.draw(3)
    alone = simulate(600, 3, planted, 2)
    simulate(600, 3, planted, 1)
    after = simulate(600, 3, planted, 2)
    assert alone.incidents.equals(after.incidents)
    assert alone.spells.equals(after.spells)
    assert alone.episodes.equals(after.episodes)


def test_blocks_share_no_person_and_no_reference():
    planted = truth.draw(3)
    first, second = (of_block(simulate(600, 3, planted, number)) for number in (0, 1))
    for one, other in zip(first, second, strict=True):
        for column in ("PNC ID", "CRN", "NOMS No", "YOT Ref", "Client Ref", "Crime Ref", "Case Ref", "Custody Ref"):
            if column in one.frame.columns:
                shared = set(one.frame[column]) & set(other.frame[column]) - {""}
                assert not shared, (one.mapping, column)


def test_a_large_county_is_csv_in_the_same_shapes_one_file_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr(county, "WORKBOOKS_UP_TO", 500)
    monkeypatch.setattr(county, "BLOCK", 400)
    files = county.write(tmp_path, people=1000, seed=4)
    assert {file.suffix for _, file in files} == {".csv"}
    blocks = [file.name for _, file in files if file.name.startswith("police_crime")]
    assert blocks == [f"police_crime_{n:04d}_2026-09-30.csv" for n in (1, 2, 3)]
    # The second block's file is what the second block alone makes.
    block = simulate(400, 4, truth.draw(4), 1)
    crimes = next(one for one in of_block(block) if one.mapping == "police_crime").frame
    refs = pl.read_csv(tmp_path / blocks[1], infer_schema=False, truncate_ragged_lines=True)["Crime Ref"]
    assert set(refs) == set(crimes["Crime Ref"])
    for name, file in files:
        mapping = read_mapping(f"{name}.toml" if "/" in name else county.MAPPINGS / f"{name}.toml")
        assert mapping.format == "csv"
        assert any(file.match(pattern) for pattern in mapping.files), name
