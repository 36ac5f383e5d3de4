"""A partnership's own parameters: the file, its columns, and everything that can be wrong with it, told at once."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path

from common.errors import ProblemError
from metrics.value.parameter import AHEAD, Parameter, year_of

FILE = "parameters.csv"
COLUMNS = ("name", "value", "low", "high", "unit", "price_year", "source", "edition", "retrieved", "checked", "note")
_NAME = re.compile(r"^[A-Za-z0-9_.&-]{1,60}$")
_AGENCY = re.compile(r"^agency\.[A-Za-z0-9&.-]{1,40}$")
_DEFLATOR = re.compile(r"^deflator\.(?:19|20)\d{2}$")


def read(path: Path, known: Mapping[str, Parameter]) -> tuple[dict[str, Parameter], list[ProblemError]]:
    """The parameters of one file, and everything that is wrong with it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns, listed = list(reader.fieldnames or ()), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}, [ProblemError("The local parameters cannot be read", path.name, "a CSV file in UTF-8", "save it so")]
    if missing := [column for column in ("name", "value", "price_year", "source") if column not in columns]:
        return {}, [
            ProblemError(
                f"Columns are missing: {', '.join(missing)}",
                path.name,
                ", ".join(COLUMNS),
                "see `iom parameters template`",
            )
        ]
    return checked(listed, known, path.name)


def checked(
    listed: list[dict[str, str]], known: Mapping[str, Parameter], where: str
) -> tuple[dict[str, Parameter], list[ProblemError]]:
    """Rows in the columns of the file as parameters, and everything that is wrong with them. A row's own `row` is
    its line where it has one; else the first is line 2."""
    found: dict[str, Parameter] = {}
    problems: list[ProblemError] = []
    covered, seen = _covered(known), set[str]()
    for line, row in enumerate(listed, start=2):
        given = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        place = given.pop("row", "") or str(line)
        if not any(given.values()):
            continue
        wrong, one = _one(given, known, covered)
        name = given.get("name", "")
        if one is not None and name in seen:
            wrong = [(f"{name} stands twice", "each name once", "delete one of the two")]
        seen.add(name)
        problems += [ProblemError(what, f"{where}, line {place}", allowed, remedy) for what, allowed, remedy in wrong]
        if not wrong and one is not None:
            found[name] = one
    return found, problems


def _one(
    row: Mapping[str, str], known: Mapping[str, Parameter], covered: range
) -> tuple[list[tuple[str, str, str]], Parameter | None]:
    name = row.get("name", "")
    base = known.get(name) or _new(name)
    if base is None:
        said = f"{name} is not a parameter" if _NAME.match(name) else "A name is not a parameter"
        return [(said, "a name that `iom parameters` lists, agency.CODE, or deflator.YEAR", "correct the name")], None
    numbers, wrong = _numbers(row, name)
    value = numbers.get("value")
    if value is not None:
        low, high = numbers.get("low", value), numbers.get("high", value)
        wrong += list(_bad_numbers(base, value, low, high))
    wrong += list(_bad_words(row, base, covered))
    if wrong or value is None:
        return wrong, None
    one = replace(
        base,
        value=value,
        low=numbers.get("low"),
        high=numbers.get("high"),
        price_year=row.get("price_year", ""),
        unit=row.get("unit") or base.unit,
        source=row.get("source", ""),
        edition=row.get("edition", ""),
        retrieved=row.get("retrieved", ""),
        checked=row.get("checked", "").lower() in ("true", "yes"),
        local=True,
        note=row.get("note", ""),
        title=base.title or row.get("note", "") or name,
        read="local",
    )
    return [], one


def _new(name: str) -> Parameter | None:
    """What a partnership may add: an agency's cost, or a later year's prices."""
    if _AGENCY.match(name):
        title, unit, least, most = "", "£", 0.0, 1e9
    elif _DEFLATOR.match(name):
        title, unit, least, most = f"Prices in {name[-4:]}", "index", 0.01, 1e6
    else:
        return None
    return Parameter(name, 0.0, None, None, unit, "", "", "", "", False, True, "", title, "local", least, most)


def _numbers(row: Mapping[str, str], name: str) -> tuple[dict[str, float], list[tuple[str, str, str]]]:
    found: dict[str, float] = {}
    wrong: list[tuple[str, str, str]] = []
    for column in ("value", "low", "high"):
        text = row.get(column, "").replace(",", "").replace("£", "").removesuffix("%").strip()
        if not text and column != "value":
            continue
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if isfinite(number):
            found[column] = number
        else:
            what = f"The {column} of {name} is {'missing' if not text else 'not a number'}"
            wrong.append((what, "a number, such as 1350 or 3.5", "correct it"))
    return found, wrong


def _bad_numbers(base: Parameter, value: float, low: float, high: float) -> Iterator[tuple[str, str, str]]:
    allowed = f"{plain(base.least)} to {plain(base.most)}" + (f" ({base.unit})" if base.unit else "")
    for which, number in (("value", value), ("low", low), ("high", high)):
        if (which == "value" or number != value) and not base.least <= number <= base.most:
            yield f"The {which} of {base.name} is {plain(number)}", allowed, "correct it"
    if base.unit == "year" and value != int(value):
        yield f"{base.name} is {plain(value)}", "a whole year", "correct it"
    if low > value:
        yield (
            f"The low of {base.name} is {plain(low)}, above its value of {plain(value)}",
            "low <= value <= high",
            "correct it",
        )
    if high < value:
        yield (
            f"The high of {base.name} is {plain(high)}, below its value of {plain(value)}",
            "low <= value <= high",
            "correct it",
        )


def _covered(known: Mapping[str, Parameter]) -> range:
    """The years whose prices are known, or may be carried on to."""
    years = [int(name.rpartition(".")[2]) for name in known if name.startswith("deflator.")]
    return range(min(years), max(years) + AHEAD + 1)


def _bad_words(row: Mapping[str, str], base: Parameter, covered: range) -> Iterator[tuple[str, str, str]]:
    if base.is_money:
        try:
            first, financial = year_of(row.get("price_year", ""))
        except ProblemError as problem:
            yield f"{problem.what}: {base.name}", problem.allowed, "say in which year's prices it is"
        else:
            if first not in covered or first + financial not in covered:
                what = f"The price year of {base.name} is {row['price_year']}, which the deflator does not reach"
                yield what, f"{covered[0]} to {covered[-1]}", "correct it, or give deflator.YEAR"
    if (unit := row.get("unit", "")) and known_unit(unit) != known_unit(base.unit):
        yield f"The unit of {base.name} is not the one it has", base.unit, "convert it, or leave the unit empty"
    if not row.get("source"):
        yield f"{base.name} has no source", "where the figure comes from", "name it"
    if row.get("checked", "").lower() not in ("", "true", "false", "yes", "no"):
        yield f"`checked` of {base.name} is not a yes or a no", "true or false", "correct it"


def plain(number: float) -> str:
    """A number as somebody would type it: 16,865,300."""
    return f"{number:,.10g}"


def known_unit(unit: str) -> str:
    """What kind of unit it is: pounds, per cent, or the word itself."""
    return unit[:1] if unit[:1] in "£%" else unit
