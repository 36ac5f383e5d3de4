"""The page of the canonical tables, written from the contracts: `python -m etl.contracts.page` prints it."""

import sys

import dataframely as dy

from etl.contracts import KEYS, TABLES
from etl.contracts.columns import code, key, local_key

HEAD = """# The canonical tables

What a mapping may feed: written from the contracts in `etl/contracts/` by `python -m etl.contracts.page`, and held to
them by a test. *Required* columns may not be empty: a row without one is quarantined. `person_key` is never mapped: it
comes from the mapping's `[identity]`. Every row of a store also carries `source_file` and `source_row`.
"""


def page() -> str:
    """The whole page, tables in the order of their names."""
    return "\n".join([HEAD, *(_table(name) for name in sorted(TABLES))]).rstrip() + "\n"


def _table(name: str) -> str:
    schema = TABLES[name]
    told = " ".join((schema.__doc__ or "").split())
    lines = [f"## `{name}`", "", told, ""]
    if name in KEYS:
        lines += [f"One row for each {', '.join(KEYS[name])}: of two with the same, the later extract's stands.", ""]
    lines += ["| Column | Holds | |", "|---|---|---|"]
    for column, contract in schema.columns().items():
        lines.append(f"| `{column}` | {_holds(contract)} | {'' if contract.nullable else 'required'} |")
    rules = [rule.replace("_", " ") for rule in sorted(schema._schema_validation_rules())]
    if rules:
        lines += ["", f"Rules: {'; '.join(rules)}."]
    return "\n".join([*lines, ""])


def _holds(contract: dy.Column) -> str:
    """What a column may hold, in words."""
    if isinstance(contract, dy.String):
        return _text(contract)
    plain = {dy.Date: "a date", dy.Bool: "true or false", dy.Float64: "a number", dy.Int64: "a whole number"}
    low, high = getattr(contract, "min", None), getattr(contract, "max", None)
    bounded = isinstance(contract, dy.Int64) and low is not None and high is not None and high < 10**9
    return plain[type(contract)] + (f", {low:,} to {high:,}" if bounded else "")


def _text(contract: dy.String) -> str:
    about = contract.metadata or {}
    if about.get("allowed"):
        return "one of: " + ", ".join(about["allowed"])
    if about.get("lookup") == "district":
        return "a district"
    if contract.regex == key().regex:
        return "a pseudonym"
    if contract.regex == code().regex:
        return "a short code: letters, digits, spaces and _ - . /"
    if contract.max_length == local_key().max_length:
        return "a reference: an agency's own is hashed (`hash = true`)"
    return f"text of up to {contract.max_length} characters"


if __name__ == "__main__":
    sys.stdout.write(page())
