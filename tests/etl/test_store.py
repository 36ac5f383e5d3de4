"""The store: every contract's table, identifiers resolved to persons, later extracts standing before earlier ones."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from common import duck, paths, versions
from common.errors import ProblemError, ProblemsError
from etl import check, identity, store
from etl.contracts import TABLES
from etl.cutoff import cutoff_of
from etl.mapping import Mapping, contract_columns, read_mapping
from etl.parts import all_parts, live_parts
from etl.stage import stage

Row = Callable[..., list[str]]
Write = Callable[..., Path]
Built = Callable[..., duckdb.DuckDBPyConnection]
PROVIDER = """
source = "provider"
agency = "voluntary"
files = "provider*.csv"
format = "csv"
[identity]
crn = "Case"
[[table]]
to = "need"
columns.pathway = {value = "accommodation"}
columns.assessed_on = "When"
columns.level = {value = "some"}
[[table]]
to = "person"
columns.sex = {value = "not_known"}
columns.ethnicity = {value = "white"}
"""


def provider(tmp_path: Path, *cases: str) -> tuple[Mapping, Path]:
    mapping, file = tmp_path / "provider.toml", tmp_path / "provider.csv"
    mapping.write_text(PROVIDER, "utf-8")
    file.write_text("Case,When\n" + "".join(f"{case},2024-01-05\n" for case in cases), "utf-8")
    return read_mapping(mapping), file


def test_a_store_of_nothing_has_every_table_typed(tmp_path: Path, built: Built) -> None:
    con = built(tmp_path, dt.date(2024, 3, 31))
    for table in TABLES:
        described = {name: kind for name, kind, *_ in con.sql(f"DESCRIBE {table}").fetchall()}
        expected = {name: store.column_type(table, name) for name in contract_columns(table)}
        assert expected.get("person_key", "BIGINT") == "BIGINT"
        assert described == {**expected, "source_file": "VARCHAR", "source_row": "BIGINT"}
        assert con.sql(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]
    assert con.sql("SELECT cutoff, synthetic FROM store").fetchall() == [(dt.date(2024, 3, 31), False)]
    assert con.sql("SELECT count(*) FROM geography WHERE in_area").fetchall() == [(6,)]
    assert check.check(tmp_path) == []


def test_police_and_provider_meet_in_one_person(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    """The provider knows only the CRN, police know PNC and CRN: the need and the offence are one person's."""
    data = tmp_path / "data"
    stage(police, [write_csv([sound_row(), sound_row(PNC_ID="Q2", CRN="", Crime_Ref="9")])], data)
    mapping, file = provider(tmp_path, "x-123456", "elsewhere")
    stage(mapping, [file], data)
    con = built(data)
    pseudonym = identity.keyed(identity.load_key(data), "pnc", "2004/0123456A")
    ((key,),) = con.sql(
        "SELECT DISTINCT person_key FROM identity_link WHERE id_key = $id", params={"id": pseudonym}
    ).fetchall()
    assert sorted(con.sql("SELECT person_key FROM person").fetchall()) == [(1,), (2,), (3,)], "numbered without gaps"
    assert con.sql("SELECT count(*) FROM offence JOIN need USING (person_key)").fetchall() == [(1,)]
    assert con.sql("SELECT DISTINCT person_key FROM need JOIN offence USING (person_key)").fetchall() == [(key,)]
    assert con.sql("SELECT count(*), count(DISTINCT person_key) FROM person").fetchall() == [(3, 3)]
    met = con.sql("SELECT sex, ethnicity, date_of_birth FROM person WHERE person_key = $key", params={"key": key})
    assert met.fetchall() == [("male", "white", dt.date(1990, 12, 1))]
    links = con.sql("SELECT id_kind, count(DISTINCT person_key) FROM identity_link GROUP BY 1 ORDER BY 1").fetchall()
    assert links == [("crn", 2), ("pnc", 2)]
    assert con.sql("SELECT synthetic FROM store").fetchall() == [(False,)], "one real part makes the store real"
    assert check.check(data) == []


def test_two_pnc_ids_of_one_person_are_counted(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    data = tmp_path / "data"
    stage(police, [write_csv([sound_row(), sound_row(PNC_ID="1999/1B", Crime_Ref="2")])], data)
    assert built(data).sql("SELECT kind, people FROM identity_conflict").fetchall() == [("pnc", 1)]


def test_the_later_extract_stands_and_the_earlier_counts_as_superseded(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    data = tmp_path / "data"
    later = write_csv([sound_row(Months="12"), sound_row(Crime_Ref="3")], "police_crime_2024-06-30.csv")
    earlier = write_csv([sound_row(Months="6"), sound_row(Crime_Ref="2")], "police_crime_2024-03-31.csv")
    stage(police, [later, earlier], data)
    con = built(data)
    assert con.sql("SELECT sentence_days, source_file FROM offence ORDER BY ALL").fetchall() == [
        (180, "police_crime_2024-03-31.csv"), (180, "police_crime_2024-06-30.csv"), (360, "police_crime_2024-06-30.csv"),
    ]  # fmt: skip
    counted = con.sql("SELECT as_at, read, loaded, superseded FROM source ORDER BY as_at").fetchall()
    assert counted == [(dt.date(2024, 3, 31), 2, 2, 1), (dt.date(2024, 6, 30), 2, 2, 0)]
    assert con.sql("SELECT cutoff, synthetic FROM store").fetchall() == [(dt.date(2024, 6, 30), True)]


def test_quarantine_is_counted_by_reason(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    data = tmp_path / "data"
    stage(police, [write_csv([sound_row(LA="Oz", Crime_Ref=str(n)) for n in range(3)])], data)
    assert built(data).sql("SELECT table_name, column_name, rule, rows FROM quarantine").fetchall() == [
        ("offence", "offence_district", "outside the six districts", 3)
    ]


def test_a_flipped_bit_in_a_part_stops_the_build(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    """Most flipped bits in Parquet read back without complaint, so the manifest decides; CURRENT still serves."""
    data = tmp_path / "data"
    (part,) = stage(police, [write_csv([sound_row()])], data)
    built(data).close()
    serving = versions.current(paths.stores(data))
    file = part.path / "person.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 4
    file.write_bytes(content)
    with pytest.raises(ProblemsError, match=r"person.parquet: changed since it was written"):
        built(data)
    assert versions.current(paths.stores(data)) == serving
    assert [path.name for path in paths.stores(data).iterdir() if path.name.startswith(".")] == []
    assert "person.parquet" in str(check.check(data)[0])


def test_a_flipped_bit_in_the_store_is_found(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    data = tmp_path / "data"
    stage(police, [write_csv([sound_row()])], data)
    built(data).close()
    folder = versions.current(paths.stores(data))
    assert folder is not None
    content = bytearray((folder / paths.STORE_FILE).read_bytes())
    content[-100] ^= 1
    (folder / paths.STORE_FILE).write_bytes(content)
    assert "checksum differs" in str(check.check(data)[0])


def test_a_file_that_does_not_reconcile_stops_the_build(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    data = tmp_path / "data"
    (part,) = stage(police, [write_csv([sound_row()])], data)
    versions.write_manifest(part.path, {"read": 2})
    with pytest.raises(ProblemsError, match="2 rows were read but 1 loaded"):
        built(data)
    assert versions.current(paths.stores(data)) is None
    assert "2 rows were read" in str(check.check(data)[0])


def test_parts_made_with_another_key_are_refused(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    data = tmp_path / "data"
    stage(police, [write_csv([sound_row()])], data)
    paths.key_file(data).unlink()
    with pytest.raises(ProblemsError, match="another identity key"):
        built(data)


def test_rows_that_break_a_contract_in_the_store_are_found(tmp_path: Path) -> None:
    con = duck.connect_build(tmp_path / "x.duckdb")
    store.fill(con, tmp_path / "data", dt.date(2024, 3, 31))
    con.execute("INSERT INTO rag_rating (person_key, rated_on, overall) VALUES (NULL, DATE '2024-01-01', 'purple')")
    con.execute("INSERT INTO source VALUES ('f', '', 's', 'a', '', true, true, NULL, 3, 1, 1, 0, 0, false)")
    con.execute("INSERT INTO cohort_definition SELECT 'c', 'C', 365, 183, 'every_reoffence', 'f', 1 FROM range(2)")
    said = [str(problem) for problem in check.check_tables(con)]
    assert any("rows read are not all accounted for. Where: f" in one for one in said)
    assert any("overall: not one of: red, amber, green" in one for one in said)
    assert any("source_row: no origin" in one for one in said)
    assert any("person_key: no identifier" in one for one in said)
    assert any("1 key(s) stand for more than one row" in one for one in said)
    assert not any("purple" in one for one in said)


def test_the_cut_off_needs_a_day_from_somebody(tmp_path: Path, built: Built) -> None:
    with pytest.raises(ProblemError, match="Nothing has been loaded"):
        built(tmp_path)


def test_the_store_and_a_publish_have_one_rule_for_the_cut_off(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    """A source that links people but holds nothing that a figure rests on, such as referrals, does not hold it back."""
    mapping = tmp_path / "people.toml"
    text = police.path.read_text("utf-8").replace('"police_crime"', '"people"').replace("police_crime*", "people*")
    offence, person = text.index('[[table]]\nto = "offence"'), text.index('[[table]]\nto = "person"')
    mapping.write_text(text[:offence] + text[person:], "utf-8")
    data = tmp_path / "data"
    stage(police, [write_csv([sound_row()], "police_crime_2024-03-31.csv")], data)
    stage(read_mapping(mapping), [write_csv([sound_row()], "people_2023-12-31.csv")], data)
    con = built(data)
    assert con.sql("SELECT cutoff FROM store").fetchall() == [(dt.date(2024, 3, 31),)]
    assert cutoff_of(live_parts(data)) == dt.date(2024, 3, 31)
    with pytest.raises(ProblemError, match="later than the data of police_crime"):
        cutoff_of(live_parts(data), dt.date(2024, 4, 1))


def test_no_identifier_is_in_the_store_or_its_manifest(
    police: Mapping, write_csv: Write, sound_row: Row, tmp_path: Path, built: Built
) -> None:
    data = tmp_path / "data"
    stage(police, [write_csv([sound_row(), sound_row(LA="Mordor")])], data)
    con = built(data)
    tables = [name for (name,) in con.sql("SELECT table_name FROM duckdb_tables()").fetchall()]
    texts = [json.dumps(con.sql(f"FROM {name}").pl().to_dicts(), default=str).encode() for name in tables]
    texts += [path.read_bytes() for path in paths.stores(data).rglob("*") if path.is_file()]
    key = identity.load_key(data)
    for text in texts:
        for secret in (b"0123456A", b"X123456", b"35/001", b"Hagan", b"Mordor", key, key.hex().encode()):
            assert secret not in text


def test_merges_and_splits_are_dated_rows(tmp_path: Path, built: Built) -> None:
    """A file of decisions by the partnership: two PNC ids of one person, and one wrong link undone."""
    (tmp_path / "links.toml").write_text(
        """
source = "identity_decisions"
agency = "police"
files = "links*.csv"
format = "csv"
[identity]
pnc = ["First", "Second"]
[[table]]
to = "identity_link"
columns.from_date = "From"
columns.action = {column = "Decision", values = {"merge" = "same", "split" = "split"}}
""",
        "utf-8",
    )
    file = tmp_path / "links.csv"
    file.write_text(
        "First,Second,From,Decision\nA1,A2,2020-01-01,merge\nB1,B2,2020-01-01,merge\nB1,B2,2021-01-01,split\n", "utf-8"
    )
    (part,) = stage(read_mapping(tmp_path / "links.toml"), [file], tmp_path / "data")
    assert part.reconciles
    con = built(tmp_path / "data", dt.date(2024, 3, 31))
    key = identity.load_key(tmp_path / "data")
    found = dict(con.sql("SELECT id_key, min(person_key) FROM identity_link GROUP BY id_key").fetchall())
    person = {name: found[identity.keyed(key, "pnc", name)] for name in ("A1", "A2", "B1", "B2")}
    assert person["A1"] == person["A2"]
    assert person["B1"] != person["B2"]
    assert con.sql("SELECT people FROM identity_conflict").fetchall() == [], "a merge row says that they are one"
    assert len(all_parts(tmp_path / "data")) == 1
    assert check.check(tmp_path / "data") == []
