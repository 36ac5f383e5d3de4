"""What must be said of money wherever it is shown or downloaded: how its figures were read, and which are local."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from metrics.value.parameters import Parameters
from metrics.value.prices import assumed
from metrics.value.provenance import Provenance, parameter, provenance

Row = Mapping[str, Any]
"""A row of the release's `value_parameter`: name, title, read, checked, local and the rest."""
NAMED = 3
"""So many local figures are named; more are counted."""


def warnings(rows: Sequence[Row]) -> list[str]:
    """The warnings that parameters carry to every page and export that uses them; none where all was checked.

    Unit costs quoted by others or typed from memory; who bears them and optimism bias, from memory; the partnership's own.
    Assumptions are listed as such, and not warned of.
    """
    found = provenance(parameter(row) for row in rows)
    said = [_unit_costs(found)]
    for what, many in (("Who bears the cost of an offence", found.bearers), ("Optimism bias", found.optimism)):
        said.append(f"{what} is from memory, and not checked against the original." if many else "")
    said.append(_local(found.local))
    return [one for one in said if one]


def warning(rows: Sequence[Row]) -> str:
    """The same as one line, for the head of a download."""
    return " ".join(warnings(rows))


def carried_on(price_years: Iterable[str], known: Parameters) -> str:
    """Said where costs are of years that the deflator does not reach, so that prices were carried on by an assumption."""
    years = sorted({year for year in price_years if assumed(year, known)})
    if not years:
        return ""
    span = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    growth = known["deflator_growth"].value
    last = max(known.under("deflator"))
    return f"Prices of {span} are carried on from {last} at {growth:g}% a year, an assumption: the deflator ends there."


def _unit_costs(found: Provenance) -> str:
    quoted, memory, many = found.press, found.memory, found.unit_costs
    if not found.unchecked:
        return ""
    if many == 1:
        how = "as others quote it" if quoted else "from memory"
        return f"The unit cost of the offence is {how}, and not checked against the original: read every pound that rests on it so."
    verb = "was" if (quoted or memory) == 1 else "were"
    parts = [f"{quoted} {verb} typed as others quote them"] if quoted else []
    parts += [f"{memory} from memory" if quoted else f"{memory} {verb} typed from memory"] if memory else []
    return (
        f"Of {many} unit costs of offences, {' and '.join(parts)}; none of these was checked against the original: read every pound"
        " that rests on them so."
    )


def _local(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    more = f" and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
    is_one = "figure is" if len(titles) == 1 else "figures are"
    return f"{len(titles)} {is_one} this partnership's own: {', '.join(titles[:NAMED])}{more}."
