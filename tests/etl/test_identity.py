"""Pseudonyms and persons: the hash is HMAC-SHA256, and links make one person of several identifiers."""

import hashlib
import hmac

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import identity

KINDS = {"a": "pnc", "b": "crn", "c": "noms", "d": "provider", "e": "crn", "y": "yot"}


@settings(max_examples=25)
@given(key=st.binary(min_size=32, max_size=80), texts=st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_the_sql_hash_is_hmac_sha256(key: bytes, texts: list[str]) -> None:
    """DuckDB's result equals Python's hmac over `kind|IDENTIFIER`, and blank identifiers have none."""
    con = duckdb.connect()
    con.register("ids", pl.DataFrame({"n": range(len(texts)), "t": texts}).to_arrow())
    got = con.sql(
        f"SELECT {identity.keyed_sql('pnc', 't')} AS k FROM ids ORDER BY n", params=identity.pads(key)
    ).fetchall()
    for text, (pseudonym,) in zip(texts, got, strict=True):
        normal = con.sql(f"SELECT {identity.normal_sql('$t')}", params={"t": text}).fetchall()[0][0]
        expected = hmac.new(key, f"pnc|{normal}".encode(), hashlib.sha256).hexdigest() if normal else None
        assert pseudonym == expected
    con.close()


def test_spellings_of_one_identifier_meet_and_kinds_do_not() -> None:
    key = b"k" * 32
    assert identity.keyed(key, "pnc", " 2004/0123456a ") == identity.keyed(key, "pnc", "20040123456A")
    assert identity.keyed(key, "pnc", "A1") != identity.keyed(key, "crn", "A1")
    assert identity.keyed(key, "pnc", "A1") != identity.keyed(b"j" * 32, "pnc", "A1")


def resolved(links: list[tuple[str, str, str | None, str]]) -> tuple[dict[str, str], dict[str, int]]:
    """Resolve links (identifier, other identifier, date, action) in which a letter stands for a pseudonym."""
    con = duckdb.connect()
    rows = [(KINDS[a[0]], a, b, day, action, seq) for seq, (a, b, day, action) in enumerate(links)]
    rows += [(KINDS[b[0]], b, b, None, "same", 0) for _, b, _, _ in links]
    frame = pl.DataFrame(rows, schema=["id_kind", "id_key", "person_key", "from_date", "action", "seq"], orient="row")
    con.register("given", frame.to_arrow())
    con.execute("CREATE TABLE link AS SELECT * REPLACE (CAST(from_date AS DATE) AS from_date) FROM given")
    conflicts = identity.resolve(con, "link")
    persons = dict(con.sql("SELECT id_key, person_key FROM resolved").fetchall())
    con.close()
    return persons, conflicts


def test_links_through_other_agencies_make_one_person() -> None:
    """Police know a1 and b1, probation b1 and c1, the provider d1 by c1: one person, named by the PNC identifier."""
    persons, conflicts = resolved(
        [("a1", "b1", None, "same"), ("b1", "c1", None, "same"), ("d1", "c1", None, "same"), ("b2", "a2", None, "same")]
    )
    assert persons == {"a1": "a1", "b1": "a1", "c1": "a1", "d1": "a1", "a2": "a2", "b2": "a2"}
    assert conflicts == {}


def test_one_person_with_two_pnc_ids_is_counted_as_a_conflict() -> None:
    _, conflicts = resolved([("a1", "b1", None, "same"), ("a2", "b1", None, "same")])
    assert conflicts == {"pnc": 1}


def test_two_of_one_kind_that_a_merge_row_joins_are_no_conflict() -> None:
    """b1, b2 and b3 are merged in a chain; e9 of the same kind came through the police number alone."""
    merged = [("b1", "b2", "2020-01-01", "same"), ("b2", "b3", "2021-01-01", "same"), ("b1", "a1", None, "same")]
    assert resolved(merged)[1] == {}
    assert resolved([*merged, ("e9", "a1", None, "same")])[1] == {"crn": 1}
    undone = [("b1", "b2", "2020-01-01", "same"), ("b1", "b2", "2021-01-01", "split"), ("b2", "a1", None, "same")]
    persons, conflicts = resolved(undone)
    assert persons["b1"] != persons["b2"]
    assert conflicts == {}


@pytest.mark.parametrize("links", [[("c1", "b1"), ("c2", "b1")], [("y1", "a1"), ("y2", "a1")]])
def test_two_prison_or_youth_numbers_of_one_person_are_a_conflict(links: list[tuple[str, str]]) -> None:
    kind = KINDS[links[0][0][0]]
    assert resolved([(a, b, None, "same") for a, b in links])[1] == {kind: 1}


def absent(kind: str, text: str) -> bool:
    con = duckdb.connect()
    (found,) = con.sql(f"SELECT {identity.placeholder_sql(kind, '$t')}", params={"t": text}).fetchall()
    con.close()
    return bool(found[0])


@pytest.mark.parametrize("kind", ["pnc", "crn", "noms", "yot", "provider"])
def test_placeholders_are_no_identifiers(kind: str) -> None:
    words = ["UNKNOWN", "Not known", "none", "N/A", "n.a.", "NA", "null", "TBC", "t b a", "Nil", "not-recorded"]
    for text in [*words, "X", "xxxx", "XX/XXXXXX", "0", "0000000", "9999999", "-", "??", "  ", ""]:
        assert absent(kind, text), text
    for text in ["X123456", "2004/0123456A", "A1234AA", "123456", "NONE1", "YOT0000000", "1000000"]:
        assert not absent(kind, text), text


def test_a_provider_numbers_clients_from_1_and_a_source_reference_is_its_own() -> None:
    for text in ("1", "7", "22", "333"):
        assert not absent("provider", text)
        assert absent("crn", text)
    assert identity.placeholder_sql("source", "$t") == "false"


def test_a_split_is_honoured_and_a_later_merge_undoes_it() -> None:
    links = [("a1", "b1", "2020-01-01", "same"), ("a1", "b1", "2021-01-01", "split")]
    assert resolved(links)[0] == {"a1": "a1", "b1": "b1"}
    assert resolved([*links, ("a1", "b1", "2022-01-01", "same")])[0] == {"a1": "a1", "b1": "a1"}


def test_a_split_holds_even_when_others_join_the_two() -> None:
    """a1 and a2 are two people, though b1 and c1 make a chain between them: each link of the chain goes to the nearer."""
    persons, _ = resolved([
        ("a1", "b1", None, "same"), ("b1", "c1", None, "same"), ("c1", "a2", None, "same"), ("a1", "a2", "2021-01-01", "split"),
    ])  # fmt: skip
    assert persons == {"a1": "a1", "b1": "a1", "c1": "a2", "a2": "a2"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 4), st.sampled_from("abcd"), st.integers(0, 4)),
        min_size=1,
        max_size=15,
    ),
    st.randoms(),
)
def test_persons_do_not_depend_on_the_order_of_links(pairs: list[tuple[str, int, str, int]], random: object) -> None:
    """Against a plain union by repeated renaming, and shuffled."""
    links: list[tuple[str, str, str | None, str]] = [(f"{a}{i}", f"{b}{j}", None, "same") for a, i, b, j in pairs]
    group = {name: name for a, b, _, _ in links for name in (a, b)}
    for a, b, _, _ in links:
        old, new = group[a], group[b]
        group = {name: new if whose == old else whose for name, whose in group.items()}
    persons, _ = resolved(links)
    assert {frozenset(n for n in group if group[n] == g) for g in set(group.values())} == {
        frozenset(n for n in persons if persons[n] == p) for p in set(persons.values())
    }
    random.shuffle(links)  # type: ignore[attr-defined]
    assert resolved(links)[0] == persons


def test_errors_never_hold_the_key(tmp_path: object) -> None:
    con = duckdb.connect()
    key = bytes(range(32))
    with pytest.raises(duckdb.Error) as caught:
        con.sql(f"SELECT {identity.keyed_sql('pnc', 'nowhere')}, CAST('x' AS INTEGER)", params=identity.pads(key))
    pads = identity.pads(key)
    for shown in (key.hex(), repr(key)[2:-1], pads["ipad"].hex(), pads["opad"].hex()):
        assert shown not in str(caught.value)
