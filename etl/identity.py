"""Identifiers become keyed hashes at the first step, and links between them become persons when a store is built.

pseudonym = HMAC-SHA256(key, kind | identifier in capitals without blanks or punctuation)   (RFC 2104)
          = SHA256(opad || SHA256(ipad || message)), with ipad and opad the key xor 0x36.. and 0x5c..

The key lies outside the store, readable by its owner alone, and is made on first use. It reaches DuckDB only as
bound parameters, so that no error and no query text can hold it.
"""

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from common import paths
from common.errors import ProblemError

BLOCK = 64
KEY_BYTES = 32
KIND_ORDER = ("pnc", "noms", "crn", "yot", "provider", "source")
"""A person is named after their first identifier in this order; within a kind, after the smallest pseudonym."""
ONE_EACH = ("pnc", "noms", "crn", "yot")
"""Kinds of which a person should have only one: two of them is a conflict, unless a row that carries both joins them."""
PLACEHOLDERS = (
    "UNKNOWN", "UNK", "NOTKNOWN", "NK", "NONE", "NIL", "NULL", "NA", "NOTAPPLICABLE", "NOTAVAILABLE", "NOTRECORDED",
    "MISSING", "PENDING", "TBC", "TBA",
)  # fmt: skip
"""What is typed, in capitals and without blanks, where nobody knows the identifier. Hashed, it would join strangers."""


def load_key(data_dir: Path) -> bytes:
    """The secret key. Made on first use; refused if anybody but its owner could read it."""
    file = paths.key_file(data_dir)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(3)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            aside.rename(file) if os.name == "nt" else os.link(aside, file)
        except FileExistsError:
            pass  # another process made it first: use that one
        finally:
            aside.unlink(missing_ok=True)
    if os.name != "nt" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ProblemError("others can read the identity key", file.name, "its owner alone", "chmod 600 the key file")
    key = file.read_bytes()
    if len(key) < KEY_BYTES:
        raise ProblemError("the identity key is too short", file.name, f"{KEY_BYTES} bytes or more")
    return key


def fingerprint(key: bytes) -> str:
    """A short mark by which parts made with different keys are told apart. It does not reveal the key."""
    return hmac.new(key, b"iom key fingerprint", hashlib.sha256).hexdigest()[:16]


def pads(key: bytes) -> dict[str, bytes]:
    """The two padded keys of HMAC, to be bound as the parameters $ipad and $opad."""
    block = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return {"ipad": bytes(byte ^ 0x36 for byte in block), "opad": bytes(byte ^ 0x5C for byte in block)}


def normal_sql(text: str) -> str:
    """SQL for an identifier in capitals, letters and digits only; NULL when nothing is left."""
    return f"nullif(regexp_replace(upper({text}), '[^A-Z0-9]', '', 'g'), '')"


def placeholder_sql(kind: str, text: str) -> str:
    """SQL for whether a text stands where an identifier of this kind should be: a word for none, or XXXX, 0000, --.

    A `source` reference means nothing outside its feed, so all of it counts. A provider may number clients from 1,
    so there 7, 22 and 333 are somebody's.
    """
    if kind == "source":
        return "false"
    normal = normal_sql(text)
    repeated = f"replace({normal}, left({normal}, 1), '') = ''"
    if kind == "provider":
        repeated += f" AND NOT regexp_matches({normal}, '^[1-9]{{1,3}}$')"
    return f"({normal} IS NULL OR {normal} IN {PLACEHOLDERS} OR ({repeated}))"


def keyed_sql(prefix: str, text: str) -> str:
    """SQL for the keyed hash of `prefix|identifier`, NULL for a missing identifier."""
    message = f"encode('{prefix}|' || {normal_sql(text)})"
    return f"sha256($opad || unhex(sha256($ipad || {message})))"


def keyed(key: bytes, prefix: str, text: str) -> str:
    """The same pseudonym in plain Python, for tests and for looking one person up."""
    normal = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
    return hmac.new(key, f"{prefix}|{normal}".encode(), hashlib.sha256).hexdigest()


def resolve(con: duckdb.DuckDBPyConnection, links: str) -> dict[str, int]:
    """Create `resolved(id_key, person_key)` from a relation of links, and count conflicts by kind.

    `links` names a relation (id_kind, id_key, person_key, from_date, action, seq). For each pair of identifiers
    the latest dated row decides whether they are the same person. Persons are the connected components of what
    is the same; where a split pair is still joined through others, the group is divided between the two.
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE pair AS
        SELECT least(id_key, person_key) AS a, greatest(id_key, person_key) AS b,
               arg_max(action, (coalesce(from_date, DATE '0001-01-01'), seq, action = 'split')) AS action
        FROM {links} WHERE id_key <> person_key GROUP BY ALL""")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE node AS
        SELECT id_key, min(rank) AS rank, row_number() OVER (ORDER BY min(rank), id_key) - 1 AS n
        FROM (SELECT id_key, coalesce(list_position({list(KIND_ORDER)}, id_kind), 99) AS rank FROM {links}
              UNION ALL SELECT person_key, 99 FROM {links}) GROUP BY id_key""")
    edges = con.sql("""
        SELECT x.n AS a, y.n AS b, p.action = 'split' AS split, x.rank = y.rank AS alike
        FROM pair p JOIN node x ON x.id_key = p.a JOIN node y ON y.id_key = p.b ORDER BY ALL""").pl()
    size = int(con.sql("SELECT count(*) FROM node").fetchall()[0][0])
    label = _components(size, edges)
    first = np.full(label.max() + 1 if size else 0, size, dtype=np.int64)
    np.minimum.at(first, label, np.arange(size))
    con.register("labelled", pl.DataFrame({"n": np.arange(size), "first": first[label]}).to_arrow())
    con.execute("""
        CREATE OR REPLACE TEMP TABLE resolved AS
        SELECT node.id_key, head.id_key AS person_key
        FROM labelled JOIN node ON node.n = labelled.n JOIN node head ON head.n = labelled.first""")
    con.unregister("labelled")
    con.execute("DROP TABLE pair")
    found = _conflicts(con, links, size, edges)
    con.execute("DROP TABLE node")
    return found


def _conflicts(con: duckdb.DuckDBPyConnection, links: str, size: int, edges: pl.DataFrame) -> dict[str, int]:
    """People with two identifiers of one kind, by kind. Those that a row joins to each other, as a merge does, are one."""
    merged = _components(size, edges.filter("alike"))
    con.register("merged", pl.DataFrame({"n": np.arange(size), "one": merged}).to_arrow())
    conflicts = con.sql(
        f"""SELECT id_kind, count(*) AS people FROM (
                SELECT l.id_kind, r.person_key FROM {links} l JOIN resolved r ON r.id_key = l.id_key
                JOIN node ON node.id_key = l.id_key JOIN merged ON merged.n = node.n
                WHERE list_contains($kinds, l.id_kind)
                GROUP BY l.id_kind, r.person_key HAVING count(DISTINCT merged.one) > 1)
            GROUP BY id_kind ORDER BY id_kind""",
        params={"kinds": list(ONE_EACH)},
    ).fetchall()
    con.unregister("merged")
    return {kind: int(people) for kind, people in conflicts}


def _components(size: int, edges: pl.DataFrame) -> np.ndarray:
    """The group number of each node; groups that hold a split pair are divided between the pair."""
    if size == 0:
        return np.zeros(0, dtype=np.int64)
    same = edges.filter(~pl.col("split"))
    a, b = same["a"].to_numpy(), same["b"].to_numpy()
    graph = coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    label = connected_components(graph, directed=False)[1].astype(np.int64)
    splits = [(int(x), int(y)) for x, y in edges.filter("split").select("a", "b").iter_rows()]
    if not any(label[x] == label[y] for x, y in splits):
        return label
    near: dict[int, list[int]] = {}
    affected = {int(label[x]) for x, y in splits if label[x] == label[y]}
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        if int(label[x]) in affected:
            near.setdefault(x, []).append(y)
            near.setdefault(y, []).append(x)
    for x, y in splits:
        if label[x] == label[y]:
            _divide(label, near, x, y)
    return label


def _divide(label: np.ndarray, near: dict[int, list[int]], x: int, y: int) -> None:
    """Give every node of one group to the nearer of two that are known to be different people; ties to the first."""
    group, fresh = label[x], label.max() + 1
    owner = {x: x, y: y}
    front = [x, y]
    while front:
        reached = []
        for node in front:
            for other in near.get(node, ()):
                if label[other] == group and other not in owner:
                    owner[other] = owner[node]
                    reached.append(other)
        front = reached
    for node, whose in owner.items():
        if whose == y:
            label[node] = fresh
