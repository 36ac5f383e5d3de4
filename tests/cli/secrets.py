"""What must never leave an agency's extract, taken from the extracts, and a search for it in files of any kind."""

import fnmatch
import re
from pathlib import Path

import duckdb
import polars as pl

from common import duck
from etl.mapping import read_mapping
from etl.read import read_rows

MAPPINGS = Path(__file__).resolve().parents[2] / "etl" / "mappings"
NAMES = ("Surname", "Family Name")
PLACES = ("Address", "Postcode")
SHORTEST = 6
"""Shorter texts, and rows of noughts, turn up by chance among millions of random bytes."""
WORD = re.compile(rb"[A-Za-z0-9]{%d,}" % SHORTEST)


def of_extracts(folder: Path) -> dict[str, set[str]]:
    """Identifiers (as written, and bare), surnames, and addresses with postcodes of every extract in a folder."""
    found: dict[str, set[str]] = {"identifiers": set(), "names": set(), "places": set()}
    for mapping in map(read_mapping, sorted(MAPPINGS.glob("*.toml"))):
        wanted = {one.column for one in mapping.identity}
        wanted |= {column.column for table in mapping.tables for column in table.columns if column.hash}
        for file in sorted(folder.iterdir()):
            if not wanted or not any(fnmatch.fnmatchcase(file.name, pattern) for pattern in mapping.files):
                continue
            frame = read_rows(file, mapping.read, mapping.format).frame
            for kind, columns in (("identifiers", wanted), ("names", NAMES), ("places", PLACES)):
                for column in set(columns) & set(frame.columns):
                    found[kind] |= set(frame[column].drop_nulls().str.strip_chars().unique().to_list())
    bare = {re.sub("[^A-Z0-9]", "", text.upper()) for text in found["identifiers"]}
    pieces = {piece for text in found["identifiers"] for piece in re.split("[^A-Za-z0-9]", text)}
    found["identifiers"] = {text for text in bare | pieces if len(text) >= SHORTEST and len(set(text)) > 3}
    found["names"] = {text for name in found["names"] if len(name) >= SHORTEST and name.isascii()
                      for text in (name, name.upper(), name.lower())}  # fmt: skip
    found["places"] = {text for text in found["places"] if len(text) >= SHORTEST}
    return found


def in_file(file: Path, secrets: dict[str, set[str]]) -> set[str]:
    """The secrets that a file holds: in its bytes, and in the text cells of a Parquet file or a database."""
    data = file.read_bytes()
    if file.suffix == ".parquet":
        data += _text(pl.read_parquet(file))
    elif file.suffix == ".duckdb":
        con = duck.connect_readonly(file)
        try:
            data += b"\n".join(_text(_table(con, name)) for (name,) in con.sql("SHOW TABLES").fetchall())
        finally:
            con.close()
    words = {word.decode() for word in WORD.findall(data)}
    some = sorted(secrets["places"])[::25]
    return words & (secrets["identifiers"] | secrets["names"]) | {text for text in some if text.encode() in data}


def _table(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    return con.sql(f'SELECT * FROM "{name}"').pl()


def _text(frame: pl.DataFrame) -> bytes:
    cells = [frame[name].cast(pl.String).unique().drop_nulls().to_list() for name, kind in frame.schema.items()
             if kind in (pl.String, pl.Categorical) or isinstance(kind, pl.Enum)]  # fmt: skip
    cells += [frame[name].explode().drop_nulls().unique().to_list() for name, kind in frame.schema.items()
              if kind == pl.List(pl.String)]  # fmt: skip
    return "\n".join(cell for column in cells for cell in column).encode()
