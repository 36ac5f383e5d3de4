"""What must be said of money wherever it is shown or downloaded: how its figures were read, and which are local."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
"""A row of the release's `value_parameter`: name, title, read, checked, local and the rest."""


def warnings(rows: Sequence[Row]) -> list[str]:
    """The warnings that parameters carry to every page and export that uses them; nothing where all is checked.

    Unit costs that were quoted by others or typed from memory; who bears them, from memory; optimism bias, from memory;
    figures of the partnership's own. Figures that others may replace are not warned of: assumptions are listed as such.
    """
    said = [_unit_costs([row for row in rows if row["name"].startswith("crime.")])]
    said += [
        _from_memory(rows, "gains.", "Who bears the cost of an offence"),
        _from_memory(rows, "optimism.", "Optimism bias"),
    ]
    said.append(_local([row for row in rows if row["local"]]))
    return [one for one in said if one]


def warning(rows: Sequence[Row]) -> str:
    """The same as one line, for the head of a download."""
    return " ".join(warnings(rows))


def _unit_costs(rows: Sequence[Row]) -> str:
    quoted, memory = (sum(row["read"] == read for row in rows) for read in ("press", "memory"))
    if not quoted + memory:
        return ""
    if len(rows) > 1:
        verb = "was" if (quoted or memory) == 1 else "were"
        parts = [f"{quoted} {verb} typed as others quote them"] if quoted else []
        parts += [f"{memory} from memory" if quoted else f"{memory} {verb} typed from memory"] if memory else []
        return (
            f"Of {len(rows)} unit costs of offences, {' and '.join(parts)}; none of these was checked against the original: read every"
            " pound that rests on them so."
        )
    how = "as others quote it" if quoted else "from memory"
    return f"The unit cost of the offence is {how}, and not checked against the original: read every pound that rests on it so."


def _from_memory(rows: Sequence[Row], prefix: str, what: str) -> str:
    if not any(row["name"].startswith(prefix) and row["read"] == "memory" for row in rows):
        return ""
    return f"{what} is from memory, and not checked against the original."


def _local(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    named = ", ".join(row["title"] for row in rows[:3])
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    verb, them = ("is", "figure") if len(rows) == 1 else ("are", "figures")
    return f"{len(rows)} {them} {verb} this partnership's own: {named}{more}."
