"""Fill a store: the canonical tables from the live parts, with every identifier resolved to its person.

A store is always built from nothing into a new file, because deleting is not erasing. Every table of the
contracts is there, typed, whether anything feeds it or not.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import dataframely as dy
import duckdb
import polars as pl

from common import versions
from common.errors import ProblemError, ProblemsError
from etl import identity
from etl.boundaries import fill_boundaries
from etl.columns_sql import quoted
from etl.contracts import KEYS, TABLES
from etl.cutoff import cutoff_of
from etl.geography import geography
from etl.parts import QUARANTINE, Part, all_parts, live_parts
from etl.settings import contract_columns

SQL_TYPES = {dy.String: "VARCHAR", dy.Date: "DATE", dy.Int64: "BIGINT", dy.Float64: "DOUBLE", dy.Bool: "BOOLEAN"}
ORIGIN = ("source_file", "source_row")
DEFAULT_AREA = "Cambridgeshire and Peterborough"
PERSON_KEY = "BIGINT"
"""A store numbers its people 1, 2, 3, ... in the order of their pseudonyms: joins on 64 digits cost several times as much."""
META = """
    CREATE TABLE store (id VARCHAR NOT NULL, created TIMESTAMP NOT NULL, cutoff DATE NOT NULL,
                        synthetic BOOLEAN NOT NULL, area VARCHAR NOT NULL, code_version VARCHAR NOT NULL);
    CREATE TABLE source (file VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, source VARCHAR NOT NULL, agency VARCHAR NOT NULL,
                         mapping_sha256 VARCHAR NOT NULL, layout_verified BOOLEAN NOT NULL, synthetic BOOLEAN NOT NULL,
                         as_at DATE, read BIGINT NOT NULL, loaded BIGINT NOT NULL, quarantined BIGINT NOT NULL,
                         duplicate BIGINT NOT NULL, superseded BIGINT NOT NULL, withdrawn BOOLEAN NOT NULL);
    CREATE TABLE quarantine (file VARCHAR NOT NULL, table_name VARCHAR NOT NULL, column_name VARCHAR NOT NULL,
                             rule VARCHAR NOT NULL, rows BIGINT NOT NULL);
    CREATE TABLE identity_conflict (kind VARCHAR NOT NULL, people BIGINT NOT NULL);
"""


def fill(
    con: duckdb.DuckDBPyConnection,
    data_dir: Path,
    cutoff: dt.date | None = None,
    *,
    store_id: str = "",
    area: str | None = None,
    code_version: str = "",
) -> None:
    """Make every table of the store in `con` from the live parts of `data_dir`.

    Parts are checked against their manifests first; a part that changed, that does not reconcile, or that was
    made with another key stops the build. Without `cutoff` it is as etl.cutoff says.
    """
    live = live_parts(data_dir)
    check_parts(live, data_dir)
    day = cutoff or cutoff_of(live)
    synthetic = bool(live) and all(part.synthetic for part in live)
    con.execute(META)
    _people(con, live)
    superseded = dict.fromkeys((str(part.path) for part in live), 0)
    for name in TABLES:
        _table(con, name, live, superseded)
    con.execute("DROP TABLE resolved")
    con.execute("DROP TABLE part")
    _meta(con, data_dir, live, superseded)
    _geography(con)
    fill_boundaries(con, data_dir)
    con.execute(
        "INSERT INTO store VALUES (?, ?, ?, ?, ?, ?)",
        [
            store_id or versions.new_id(),
            dt.datetime.now(dt.UTC).replace(tzinfo=None),
            day,
            synthetic,
            area or area_of(live),
            code_version,
        ],
    )


def area_of(parts: Sequence[Part]) -> str:
    """What the figures' area is called: as the mappings of the sources about people say, or else the default."""
    about_people = [part for part in parts if "identity_link" in part.tables]
    named = sorted({part.area or DEFAULT_AREA for part in about_people})
    return " and ".join(named) or DEFAULT_AREA


def check_parts(parts: Sequence[Part], data_dir: Path) -> None:
    """Refuse parts whose files changed, that do not reconcile, that lack a column, or that another key made."""
    problems = [
        ProblemError(problem, "parts", remedy="stage the file again")
        for part in parts
        for problem in versions.verify(part.path)
    ]
    problems += [
        ProblemError(
            f"{part.read} rows were read but {part.loaded} loaded + {part.quarantined} quarantined + "
            f"{part.duplicate} duplicates", part.file, remedy="stage the file again"
        )
        for part in parts
        if not part.reconciles
    ]  # fmt: skip
    problems += [
        ProblemError(
            f"the part was staged by an earlier version of the program, and its {table} lacks {', '.join(lacking)}",
            part.file, remedy="load the file again with `iom load`",
        )
        for part in parts
        for table in part.tables
        if (file := part.path / f"{table}.parquet").is_file()
        and (lacking := sorted(set(contract_columns(table)) - set(pl.read_parquet_schema(file))))
    ]  # fmt: skip
    if parts:
        mark = identity.fingerprint(identity.load_key(data_dir))
        problems += [
            ProblemError("the part was made with another identity key", part.file, remedy="stage the file again")
            for part in parts
            if part.key_mark != mark
        ]
    if problems:
        raise ProblemsError(problems)


def columns_sql(table: str) -> str:
    """The typed columns of a store table, as SQL."""
    contract = [f"{quoted(name)} {column_type(table, name)}" for name in contract_columns(table)]
    return ", ".join([*contract, "source_file VARCHAR", "source_row BIGINT"])


def column_type(table: str, name: str) -> str:
    """A store column's SQL type: the contract's, but that a person is known by their number in this store."""
    return PERSON_KEY if name == "person_key" else SQL_TYPES[type(contract_columns(table)[name])]


def _people(con: duckdb.DuckDBPyConnection, live: Sequence[Part]) -> None:
    """`part` numbers the live parts from the earliest extract to the latest; `resolved` gives every pseudonym its person's number."""
    order = sorted(live, key=lambda part: (part.as_at or dt.date.min, part.staged_at, part.path.name))
    rows = [(seq, str(part.path), part.file) for seq, part in enumerate(order)]
    con.execute("CREATE TEMP TABLE part (seq BIGINT, path VARCHAR, file VARCHAR)")
    if rows:
        con.executemany("INSERT INTO part VALUES (?, ?, ?)", rows)
    con.execute(f"CREATE TEMP TABLE link AS {_scan(live, 'identity_link')}")
    for kind, people in identity.resolve(con, "link").items():
        con.execute("INSERT INTO identity_conflict VALUES (?, ?)", [kind, people])
    con.execute("DROP TABLE link")
    _number(con)


def _number(con: duckdb.DuckDBPyConnection) -> None:
    """Number the resolved persons in the order of their pseudonyms. A number means nothing outside its store."""
    con.execute("ALTER TABLE resolved RENAME TO named")
    con.execute("""
        CREATE TEMP TABLE resolved AS
        SELECT named.id_key, numbered.number AS person_key
        FROM named JOIN (
            SELECT person_key, row_number() OVER (ORDER BY person_key) AS number
            FROM (SELECT DISTINCT person_key FROM named) AS person
        ) AS numbered ON numbered.person_key = named.person_key""")
    con.execute("DROP TABLE named")


def _scan(live: Sequence[Part], table: str) -> str:
    """SQL for a table's rows over all live parts, each with its part's number and file."""
    names = ", ".join(quoted(name) for name in contract_columns(table))
    files = [str(part.path / f"{table}.parquet") for part in live if table in part.tables]
    if not files:
        typed = ", ".join(
            f"CAST(NULL AS {SQL_TYPES[type(c)]}) AS {quoted(n)}" for n, c in contract_columns(table).items()
        )
        return (
            f"SELECT {typed}, '' AS source_file, CAST(0 AS BIGINT) AS source_row, CAST(0 AS BIGINT) AS seq WHERE false"
        )
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"""SELECT {names}, part.file AS source_file, source_row, seq
               FROM read_parquet([{listed}], filename = true) f
               JOIN part ON part.path = left(f.filename, length(f.filename) - {len(table) + len("/.parquet")})"""


def _table(con: duckdb.DuckDBPyConnection, table: str, live: Sequence[Part], superseded: dict[str, int]) -> None:
    """Make and fill one table. Of rows with one key the latest extract's stands, in a file the last row's."""
    con.execute(f"CREATE TABLE {table} ({columns_sql(table)})")
    if not any(table in part.tables for part in live):
        return
    names = list(contract_columns(table))
    rows = _scan(live, table)
    if "person_key" in names:
        of = "id_key" if table == "identity_link" else "person_key"
        others = ", ".join(f"f.{quoted(name)}" for name in names if name != "person_key")
        # Every part links the pseudonyms that its rows carry; a row without a person would be refused by the check.
        rows = f"""SELECT r.person_key, {others}, f.source_file, f.source_row, f.seq
                   FROM ({rows}) f LEFT JOIN resolved r ON r.id_key = f.{of}"""
    listed = ", ".join(quoted(name) for name in (*names, *ORIGIN))
    if table == "person":
        _persons(con, rows, names)
    elif table == "identity_link":
        con.execute(f"""INSERT INTO identity_link SELECT {listed} FROM ({rows})
                        WINDOW w AS (PARTITION BY id_key, person_key, from_date, action ORDER BY seq, source_row)
                        QUALIFY row_number() OVER w = 1""")
    elif table in KEYS:
        key = ", ".join(KEYS[table])
        rest = ", ".join(f"{quoted(name)} DESC NULLS LAST" for name in names)
        con.execute(f"""CREATE TEMP TABLE keyed AS SELECT *, row_number() OVER (
                            PARTITION BY {key} ORDER BY seq DESC, source_row DESC, {rest}) AS standing,
                            max(seq) OVER (PARTITION BY {key}) AS latest FROM ({rows})""")
        con.execute(f"INSERT INTO {table} SELECT {listed} FROM keyed WHERE standing = 1")
        dropped = con.sql("""SELECT part.path, count(*) FROM keyed JOIN part USING (seq)
                             WHERE seq < latest GROUP BY part.path""").fetchall()
        for path, count in dropped:
            superseded[path] += int(count)
        con.execute("DROP TABLE keyed")
    else:
        con.execute(f"INSERT INTO {table} SELECT {listed} FROM ({rows})")


def _persons(con: duckdb.DuckDBPyConnection, rows: str, names: list[str]) -> None:
    """One row a person: for each column the latest extract that knows it, because agencies know different things."""
    order = "(seq, source_row)"
    told = []
    for name in names:
        column = quoted(name)
        if name == "person_key":
            continue
        if name in ("sex", "ethnicity"):
            known = f"arg_max({column}, {order}) FILTER ({column} <> 'not_known')"
            told.append(f"coalesce({known}, 'not_known') AS {column}")
        else:
            told.append(f"arg_max({column}, {order}) FILTER ({column} IS NOT NULL) AS {column}")
    con.execute(f"""INSERT INTO person BY NAME SELECT person_key, {", ".join(told)},
                    arg_max(source_file, {order}) AS source_file, arg_max(source_row, {order}) AS source_row
                    FROM ({rows}) GROUP BY person_key""")


def _meta(con: duckdb.DuckDBPyConnection, data_dir: Path, live: Sequence[Part], superseded: dict[str, int]) -> None:
    """What became of every file, and why rows were quarantined (by reason: rows stay on the analyst's desk)."""
    serving = {part.path for part in live}
    for part in all_parts(data_dir):
        dropped = superseded[str(part.path)] if part.path in serving else part.loaded
        con.execute(
            "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                part.file, part.sha256, part.source, part.agency, part.mapping_sha256, part.layout_verified,
                part.synthetic, part.as_at, part.read, part.loaded, part.quarantined, part.duplicate,
                0 if part.withdrawn else dropped, part.withdrawn,
            ],
        )  # fmt: skip
    for part in live:
        reasons = (
            pl.read_parquet(part.path / f"{QUARANTINE}.parquet")
            .group_by("table_name", "column_name", "rule")
            .agg(pl.col("row").n_unique().cast(pl.Int64).alias("rows"))
            .sort("table_name", "column_name", "rule")
            .select(pl.lit(part.file).alias("file"), "table_name", "column_name", "rule", "rows")
        )
        con.register("reasons", reasons.to_arrow())
        con.execute("INSERT INTO quarantine SELECT * FROM reasons")
        con.unregister("reasons")


def _geography(con: duckdb.DuckDBPyConnection) -> None:
    con.register("places", geography().to_arrow())
    con.execute("CREATE TABLE geography AS SELECT * FROM places")
    con.unregister("places")
