"""Every figure behind a value for money: what it is, how sure, in which year's prices, from where, and whose.

The reference files of data/reference give the figures that ship with the program; a partnership's own stand in
`parameters.csv` in its data directory and replace them, one by one, by name (`local` then says so wherever they are
used). Names: those of value_parameters.csv as they are; `crime.TYPE`, an offence's unit cost; `agency.CODE`, a cost to one
agency; `gains.TYPE.STAGE.WHO.HEAD`, the part of
it that somebody bears; `discount.YEAR` and `discount_health.YEAR`, the rate from that year on; `deflator.YEAR`; `optimism.GRADE.benefits` and
`optimism.GRADE.costs`. Percentages are percentages (3.5 is 3.5%); `share` gives the proportion.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from common.errors import ProblemsError
from metrics.value import local
from metrics.value.parameter import Parameter
from metrics.value.reference import rows, versions

__all__ = ["FILE", "Parameter", "Parameters", "parameters"]
FILE = local.FILE
"""A partnership's own parameters, in its data directory."""
CRIMINAL_JUSTICE = "criminal_justice"
"""Police, courts, prison, probation and the rest together, where a source does not tell them apart."""


class Parameters(Mapping[str, Parameter]):
    """Every parameter by name, the partnership's own in place of the reference's."""

    def __init__(self, known: Mapping[str, Parameter]) -> None:
        self._known = dict(known)
        self._under: dict[str, Mapping[str, Parameter]] = {}

    def __getitem__(self, name: str) -> Parameter:
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    @property
    def price_year(self) -> str:
        """The price year of results, as 2023/24."""
        first = int(self._known["price_year"].value)
        return f"{first}/{(first + 1) % 100:02d}"

    def value(self, name: str) -> float:
        """The value of one, a percentage as a proportion."""
        return self._known[name].share

    def under(self, prefix: str) -> Mapping[str, Parameter]:
        """Those whose name begins with `prefix.`, by the rest of it: `under("crime")["robbery"]`."""
        if prefix not in self._under:
            start = f"{prefix}."
            found = {name[len(start) :]: one for name, one in self._known.items() if name.startswith(start)}
            self._under[prefix] = MappingProxyType(found)
        return self._under[prefix]

    def own(self) -> dict[str, Parameter]:
        """Those that the partnership put in place of the reference's or added."""
        return {name: one for name, one in self._known.items() if one.local}


def parameters(data_dir: Path | None = None) -> Parameters:
    """Every parameter; with a data directory, its own parameters.csv in place of the reference's.

    Errors: ProblemsError with everything that is wrong in the local file, each with its line and what is allowed.
    """
    known = dict(_shipped())
    if data_dir is not None and (data_dir / FILE).exists():
        given, problems = local.read(data_dir / FILE, known)
        if problems:
            raise ProblemsError(problems)
        known |= given
    return Parameters(known)


@cache
def _shipped() -> dict[str, Parameter]:
    listed = [*_scalars(), *_crimes(), *_agencies(), *_gains(), *_rates(), *_deflator(), *_optimism()]
    return {one.name: one for one in listed}


def _scalars() -> Iterator[Parameter]:
    for row in rows("value_parameters.csv"):
        yield _from(row, row["name"], row["unit"], least=float(row["least"]), most=float(row["most"]))


def _crimes() -> Iterator[Parameter]:
    for row in rows("crime_unit_costs.csv"):
        yield _from(row, f"crime.{row['type']}", "£ an offence", most=1e7)


def _agencies() -> Iterator[Parameter]:
    for row in rows("agency_unit_costs.csv"):
        yield _from(row, f"agency.{row['code']}", row["unit"], most=1e9)


def _gains() -> Iterator[Parameter]:
    titles = {row["type"]: row["title"] for row in rows("crime_unit_costs.csv")}
    for row in rows("who_gains.csv"):
        if not row["of"]:  # the pounds are those of agencies
            continue
        who = row["gainer"] or CRIMINAL_JUSTICE
        title = f"{titles[row['type']]}: {row['stage']}, {who.replace('_', ' ')}, {row['head']}"
        name = f"gains.{row['type']}.{row['stage']}.{who}.{row['head']}"
        yield _from({**row, "title": title, "value": row["pounds"]}, name, "£ an offence", most=1e7)


def _rates() -> Iterator[Parameter]:
    for row in rows("discount_schedule.csv"):
        years = f"years {row['from_year']} to {row['to_year']}"
        for name, column, title in (("discount", "standard", ""), ("discount_health", "health", ", effects on health")):
            said = {"title": f"Discount rate{title}, {years}", "value": row[column], "version": row["version"]}
            yield _from({**said, "read": "copy"}, f"{name}.{row['from_year']}", "% a year", most=20)


def _deflator() -> Iterator[Parameter]:
    for row in rows("gdp_deflator.csv"):
        said = {"title": f"Prices in {row['year']}", "read": "copy"}
        yield _from({**row, **said}, f"deflator.{row['year']}", "index", least=0.01, most=1e6)


def _optimism() -> Iterator[Parameter]:
    for row in rows("optimism_bias.csv"):
        for of, column, most in (("benefits", "benefits_less", 100), ("costs", "costs_more", 500)):
            said = {"title": f"Optimism bias of {of}: {row['title'].lower()}", "value": row[column]}
            yield _from({**row, **said}, f"optimism.{row['grade']}.{of}", "%", most=most)


def _from(row: Mapping[str, str], name: str, unit: str, *, least: float = 0.0, most: float) -> Parameter:
    version = versions()[row["version"]]
    low, high = (float(row[end]) if row.get(end) else None for end in ("low", "high"))
    return Parameter(
        name=name,
        value=float(row["value"]),
        low=low,
        high=high,
        unit=unit,
        price_year=row.get("price_year", ""),
        source=version.source,
        edition=version.edition,
        retrieved=version.retrieved,
        checked=version.checked and row["read"] == "original",
        local=False,
        note=row.get("note", ""),
        title=row["title"],
        read=row["read"],
        least=least,
        most=most,
    )
