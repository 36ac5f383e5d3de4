"""SQL that turns a source's text into canonical columns: map, hash, then type by the contract's rule.

Each canonical column gives two results: its value, and the rule it breaks (NULL when it breaks none).
"""

import dataframely as dy

from etl import identity
from etl.geography import geography
from etl.settings import Column, Mapping

TRUE, FALSE = ("true", "yes", "y", "1", "t"), ("false", "no", "n", "0", "f")
WHOLE = r"^[+-]?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.0+)?$"
NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d+)?$"
POUNDS = r"^[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})?(\.\d{1,2}0*)?$"
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
EXPRESSION_FAILED = "the expression fails on this row"


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def guarded(sql: str) -> str:
    """An expression that gives {v: result}, or NULL where it fails, instead of an error that quotes a cell."""
    return f"TRY({{'v': ({sql})}})"


def value_sql(  # noqa: PLR0911, one return for each sort of column
    contract: dy.Column, column: Column, mapping: Mapping, x: str, given: str = "VARCHAR"
) -> tuple[str, str]:
    """SQL of a column's typed value and of the rule it breaks, from SQL `x` that holds DuckDB type `given`."""
    text = x if given == "VARCHAR" else f"CAST({x} AS VARCHAR)"
    if isinstance(contract, dy.Date):
        if given.startswith(("DATE", "TIMESTAMP")):
            return f"CAST({x} AS DATE)", "NULL"
        formats = date_formats(mapping)
        listed = ", ".join(literal(one) for one in formats)
        return _checked(f"CAST(try_strptime({text}, [{listed}]) AS DATE)", x, f"not a date ({', '.join(formats)})")
    if isinstance(contract, dy.Int64) and column.unit == "pounds":
        plain = f"replace(replace(replace({text}, '£', ''), ' ', ''), '+', '')"
        exact = f"CAST(try_cast(replace({plain}, ',', '') AS DECIMAL(20, 2)) * 100 AS BIGINT)"
        fits = f"regexp_matches({plain}, '{POUNDS}') AND regexp_matches({plain}, '[0-9]')"
        return _checked(f"CASE WHEN {fits} THEN {exact} END", x, "not an amount in pounds and whole pence")
    if isinstance(contract, dy.Int64):
        if given in INTEGERS:
            return _checked(f"try_cast({x} AS BIGINT)", x, "not a whole number")
        if given == "DOUBLE" or given.startswith(("DECIMAL", "FLOAT")):
            return _checked(f"CASE WHEN {x} = floor({x}) THEN try_cast({x} AS BIGINT) END", x, "not a whole number")
        number = f"try_cast(regexp_replace(replace({text}, ',', ''), '\\.0+$', '') AS BIGINT)"
        return _checked(f"CASE WHEN regexp_matches({text}, '{WHOLE}') THEN {number} END", x, "not a whole number")
    if isinstance(contract, dy.Float64):
        if given in INTEGERS or given == "DOUBLE" or given.startswith(("DECIMAL", "FLOAT")):
            return f"CAST({x} AS DOUBLE)", "NULL"
        number = f"try_cast(replace({text}, ',', '') AS DOUBLE)"
        return _checked(f"CASE WHEN regexp_matches({text}, '{NUMBER}') THEN {number} END", x, "not a number")
    if isinstance(contract, dy.Bool):
        if given == "BOOLEAN":
            return x, "NULL"
        low = f"lower({text})"
        truth = f"CASE WHEN {low} IN {TRUE} THEN true WHEN {low} IN {FALSE} THEN false END"
        return _checked(truth, x, "not yes or no")
    if (contract.metadata or {}).get("lookup") == "district":
        known = ", ".join(literal(slug) for slug in geography()["district"])
        return _checked(f"CASE WHEN {text} IN ({known}) THEN {text} END", x, "not a district of this area")
    return text, "NULL"


def date_formats(mapping: Mapping) -> tuple[str, ...]:
    """The mapping's date formats; a spreadsheet's own dates arrive as ISO text, so that is added for those."""
    formats = mapping.read.dates
    sheets = mapping.format in ("xlsx", "xls", "ods", "parquet")
    return (*formats, "%Y-%m-%d") if sheets and "%Y-%m-%d" not in formats else formats


def hashed_sql(column: Column, x: str) -> str:
    """SQL of an agency's own reference, hashed within its family of references."""
    return identity.keyed_sql(f"reference|{column.hash}", x)


def _checked(value: str, x: str, rule: str) -> tuple[str, str]:
    return value, f"CASE WHEN {x} IS NOT NULL AND ({value}) IS NULL THEN {literal(rule)} END"
