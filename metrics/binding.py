"""Whether a definition's SQL can be worked out: each expression is bound against an empty fact.

Nothing is read and no store is needed, so a wrong column is told when the catalogue is loaded and not when somebody
asks for the figure. It costs about 0.1 s of one processor, once a process.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from common.errors import ProblemError
from metrics.dated import dated

if TYPE_CHECKING:
    from metrics.catalogue import Definition

SHAPES = Path(__file__).with_name("facts") / "shapes.sql"
KEYS = ("cohort", "period", "person_key")
"""What every fact has and no expression counts."""
EXPRESSIONS = ("numerator", "denominator", "event", "horizon", "expected")
NUMBERS = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U", "DECIMAL", "FLOAT", "DOUBLE")


def mistakes(definitions: Iterable["Definition"]) -> list[ProblemError]:
    """Everything that is wrong with the SQL, facts and breakdowns of these definitions; empty when all is well."""
    con = duckdb.connect(":memory:", config={"enable_external_access": "false"})
    try:
        con.execute(SHAPES.read_text(encoding="utf-8"))
        for fact in dated().values():
            con.execute(fact.shape)
        columns: dict[str, list[str]] = {}
        for table, column in con.sql(
            "SELECT table_name, column_name FROM duckdb_columns() ORDER BY column_index"
        ).fetchall():
            columns.setdefault(table, []).append(column)
        facts = {table: names for table, names in columns.items() if set(KEYS) <= set(names)}
        return [problem for definition in definitions for problem in _of(con, definition, facts)]
    finally:
        con.close()


def _of(
    con: duckdb.DuckDBPyConnection, definition: "Definition", facts: dict[str, list[str]]
) -> Iterator[ProblemError]:
    file = f"{definition.id}.toml"
    if definition.fact not in facts:
        yield ProblemError(
            f"There is no fact {definition.fact}", f"{file}, fact", ", ".join(facts), "name one of these"
        )
        return
    usable = [name for name in facts[definition.fact] if name not in KEYS]
    for name in definition.dimensions:
        if name not in usable:
            yield ProblemError(
                f"The fact {definition.fact} has no column {name} to break down by", f"{file}, dimensions",
                ", ".join(usable), f"leave {name} out, or correct its spelling",
            )  # fmt: skip
    for field in EXPRESSIONS:
        expression = getattr(definition, field)
        if expression and (reason := _refused(con, definition.fact, expression)):
            yield ProblemError(
                f"The SQL of {field} does not work: {reason}",
                f"{file}, {field}",
                f"a number or a yes-or-no for one row of {definition.fact}, from its columns {', '.join(usable)}",
                f"correct {field} in that file",
            )


def _refused(con: duckdb.DuckDBPyConnection, fact: str, expression: str) -> str:
    """Why DuckDB will not take an expression over one row, or nothing where it will."""
    try:
        # in a WHERE too, because sums over rows and window functions are refused there
        found = con.sql(f"SELECT ({expression}) AS x FROM {fact} AS source WHERE ({expression}) IS NOT NULL")
    except duckdb.Error as error:
        return str(error).splitlines()[0].removeprefix("Binder Error: ").removeprefix("Parser Error: ")[:200]
    kind = str(found.types[0])
    return "" if kind.startswith(NUMBERS) else f"it gives {kind.lower()}"
