"""A file's identifiers: each becomes a pseudonym at once, and those that one row carries are linked as one person."""

import duckdb
import polars as pl

from etl import contract_rules, identity
from etl.columns_sql import quoted
from etl.contracts import TABLES
from etl.expressions import bad_sql
from etl.settings import Mapping

PERSON = "_person_of_the_row"
"""The name that expressions do not use: the row's own pseudonym beside the source's columns."""
PLACEHOLDER = "_placeholder_in_the_row"
"""Beside it: whether the row has no pseudonym because a placeholder stands in an identifier's place."""
PLACEHOLDER_RULE = "no identifier: a placeholder stands where an identifier should be"


def identifiers(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, binds: dict[str, bytes], file: str
) -> pl.DataFrame | None:
    """Each row's pseudonyms, k0, k1, ... The first that is present is the row's own key, its person for now.

    A placeholder such as UNKNOWN or 0000000 has no pseudonym: the row falls to its next identifier. People come up many times in a file, so each spelling of an identifier is hashed once.
    """
    if not mapping.identity:
        return None
    found = []
    for number, one in enumerate(mapping.identity):
        text = quoted(one.column) if one.column is not None else f"TRY(CAST(({one.sql}) AS VARCHAR))"
        prefix = f"source|{mapping.source}" if one.kind == "source" else one.kind
        try:
            column = con.sql(
                f"""WITH told AS (SELECT row, {text} AS t FROM src),
                    once AS ({_once_sql(one.kind, prefix, "t", "told")})
                    SELECT row, k AS k{number}, coalesce(p, false) AS p{number} FROM told LEFT JOIN once USING (t)""",
                params=binds,
            ).pl()
        except duckdb.BinderException as error:
            raise bad_sql(mapping, f"[identity] {one.kind}", file, error) from None
        found.append(column.sort("row"))
    ids = found[0].hstack([series for column in found[1:] for series in column.drop("row")])
    numbers = range(len(found))
    ids = ids.with_columns(pl.coalesce(f"k{number}" for number in numbers).alias(PERSON))
    held = pl.any_horizontal(f"p{number}" for number in numbers)
    return ids.with_columns((held & pl.col(PERSON).is_null()).alias(PLACEHOLDER))


def _once_sql(kind: str, prefix: str, text: str, origin: str) -> str:
    """SQL for (t, k, p): each spelling of an identifier once, with its keyed hash, or whether it is a placeholder."""
    found = f"SELECT DISTINCT {text} AS t FROM {origin} WHERE {text} IS NOT NULL"
    judged = f"SELECT t, {identity.placeholder_sql(kind, 't')} AS p FROM ({found})"
    return f"SELECT t, CASE WHEN NOT p THEN {identity.keyed_sql(prefix, 't')} END AS k, p FROM ({judged})"


def telling_placeholders(failures: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Failures that say, of rows without an identifier, where a placeholder is the reason."""
    held = pl.col("row").is_in(ids.filter(PLACEHOLDER)["row"].implode())
    absent = pl.col("rule") == contract_rules.NO_IDENTIFIER
    return failures.with_columns(rule=pl.when(absent & held).then(pl.lit(PLACEHOLDER_RULE)).otherwise("rule"))


def undated_links(mapping: Mapping, ids: pl.DataFrame) -> pl.DataFrame:
    """The links that the loaded rows give, each once, at the first row that gives it."""
    undated = pl.lit(None, dtype=pl.Date).alias("from_date"), pl.lit("same").alias("action")
    found = [
        _link(one.kind, number, ids).unique(["id_key", "person_key"], keep="first", maintain_order=True)
        for number, one in enumerate(mapping.identity)
    ]
    return _in_order(pl.concat(found).with_columns(undated))


def dated_links(mapping: Mapping, ids: pl.DataFrame, dated: pl.DataFrame) -> pl.DataFrame:
    """Links from a table of merges and splits: each row's date and action apply to all its identifiers."""
    told = dated.select("source_row", "from_date", pl.col("action").fill_null("same"))
    found = [_link(one.kind, number, ids) for number, one in enumerate(mapping.identity)]
    return _in_order(pl.concat(found).join(told, on="source_row"))


def _link(kind: str, number: int, ids: pl.DataFrame) -> pl.DataFrame:
    return ids.filter(pl.col(f"k{number}").is_not_null()).select(
        pl.lit(kind).alias("id_kind"), pl.col(f"k{number}").alias("id_key"), pl.col(PERSON).alias("person_key"),
        pl.col("row").alias("source_row"),
    )  # fmt: skip


def _in_order(links: pl.DataFrame) -> pl.DataFrame:
    return links.select(*TABLES["identity_link"].column_names(), "source_row").sort("source_row", "id_kind", "id_key")
