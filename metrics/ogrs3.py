"""OGRS3: how many people like these would be expected to reoffend, from age, sex, criminal history and offence.

The Offender Group Reconviction Scale, version 3 (Howard, Francis, Soothill and Humphreys, Ministry of Justice Research
Summary 7/09, 2009). With all ages in completed years and previous sanctions counted in occasions, never in offences:

    copas = ln((1 + previous sanctions) / (10 + age at conviction - age at first sanction))
    Z     = status + 1.251124464 copas + age and sex at the start of follow-up + category of the index offence
    P(one year) = 1 / (1 + exp(-(Z + 1.402562384)))        P(two years) = 1 / (1 + exp(-(Z + 2.121705678)))

Coefficients: data/reference/ogrs3_coefficients.csv, where two published implementations stand side by side with what
was taken from each. Home Office codes to categories: data/reference/ogrs3_categories.csv. What is not known is not
scorable (NaN, NULL), never nil. metrics/facts/history.sql is the same in SQL; docs/methods/ogrs3.md says what counts.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import numpy as np
from numpy.typing import ArrayLike, NDArray

from common.paths import reference

MOST_SANCTIONS = 50
"""Previous sanctions above this count as this many."""
YOUNGEST, OLDEST = 10, 120
BANDS = ((0.25, "0-24"), (0.50, "25-49"), (0.75, "50-74"), (0.90, "75-89"))
HIGHEST, NOT_SCORABLE = "90+", "not_scorable"
"""Bands of the two-year probability in %; practice speaks of low to 49, medium to 74, high to 89 and very high."""
_CODE = re.compile(r"(?:(\d{1,3})[/.](\d{1,2})|(\d{3})(\d{2})|(\d{1,3}))")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The coefficients in use; `age` by sex has one for each age in years from 10 to 120."""

    one_year: float
    two_years: float
    copas: float
    status: dict[str, float]
    age: dict[str, Numbers]
    offence: dict[str, float]
    titles: dict[str, str]


@cache
def coefficients() -> Coefficients:
    """The coefficients in use, from the committed file."""
    with reference("ogrs3_coefficients.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    terms: dict[str, dict[str, float]] = {}
    for row in rows:
        terms.setdefault(row["term"], {})[row["level"]] = float(row["coefficient"])
    return Coefficients(
        terms["intercept"]["one_year"],
        terms["intercept"]["two_years"],
        terms["copas"]["weight"],
        terms["status"],
        {sex: _by_age(terms[sex]) for sex in ("female", "male")},
        terms["offence"],
        {row["level"]: row["title"] for row in rows if row["term"] == "offence"},
    )


def _by_age(bands: dict[str, float]) -> Numbers:
    found = np.full(OLDEST + 1, np.nan)
    for band, value in bands.items():
        low, _, high = band.partition("-")
        found[int(low.rstrip("+")) : int(high) + 1 if high else None] = value
    return found


@cache
def _categories() -> tuple[dict[int, str], dict[tuple[int, int], str]]:
    """The category of each Home Office class, and those of the subclasses that differ from their class."""
    classes: dict[int, str] = {}
    exceptions: dict[tuple[int, int], str] = {}
    with reference("ogrs3_categories.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for number in _numbers(row["classes"]):
                if row["subclasses"]:
                    exceptions |= {(number, sub): row["category"] for sub in _numbers(row["subclasses"])}
                else:
                    classes[number] = row["category"]
    return classes, exceptions


def _numbers(text: str) -> list[int]:
    """1-3 7 is 1, 2, 3 and 7."""
    found: list[int] = []
    for part in text.split():
        low, _, high = part.partition("-")
        found += range(int(low), int(high or low) + 1)
    return found


def category(code: str | None) -> str | None:
    """The OGRS3 category of a Home Office code written 105/01, 105.1 or 10501; None where it cannot be told.

    A class alone (105) will do where all of it is in one category. Three codes (88/00, 111/00 and 141/00), class 950 and
    999/55 need the exact offence. Crime recording codes that end in a letter (8N, 28E) are another list, so not known.

    >>> category("046/00"), category("8/32"), category("92"), category("28E")
    ('theft', 'other', None, None)
    """
    match = _CODE.fullmatch((code or "").strip())
    if not match:
        return None
    classes, exceptions = _categories()
    number = int(match[1] or match[3] or match[5])
    if match[5]:
        mixed = any(one == number for one, _ in exceptions)
        return None if mixed else classes.get(number) or None
    return exceptions.get((number, int(match[2] or match[4])), classes.get(number, "")) or None


def probability(
    *,
    sex: Sequence[str] | NDArray[np.str_],
    age: ArrayLike,
    age_at_conviction: ArrayLike,
    age_first_sanction: ArrayLike,
    previous_sanctions: ArrayLike,
    category: Sequence[str | None],
    cautioned_only: ArrayLike = False,
) -> tuple[Numbers, Numbers]:
    """P(proven reoffending) within one year and two years of the start of follow-up, one element a person.

    `age` at the start of follow-up (sentence, caution or prison release); `age_at_conviction` when the index offence was
    proven, which is years earlier after a long sentence; `age_first_sanction` at the first caution or conviction ever;
    all in completed years. `previous_sanctions` counts occasions before the index offence's; with none, this sanction
    is the first and `age_first_sanction` is not looked at. `cautioned_only`: index and all earlier sanctions were cautions.
    NaN where anything is not known: sex, an age under 10, a truncated history, the offence.

    A man of 20 convicted of violence for the first time; a woman of 43 convicted at 37 of criminal damage, five
    sanctions before, the first at 14 (both worked by the Ministry's own tests: 12.16% and 22.13%; 16.98% and 29.57%):

    >>> one, two = probability(sex=["male", "female"], age=[20, 43], age_at_conviction=[20, 37],
    ...     age_first_sanction=[20, 14], previous_sanctions=[0, 5], category=["violence", "criminal_damage"])
    >>> (100 * one).round(2).tolist(), (100 * two).round(2).tolist()
    ([12.16, 16.98], [22.13, 29.57])
    """
    known = coefficients()
    now, then, first, before = (
        np.asarray(values, float) for values in (age, age_at_conviction, age_first_sanction, previous_sanctions)
    )
    first = np.where(before == 0, then, first)
    before = np.minimum(before, MOST_SANCTIONS)
    possible = (first >= YOUNGEST) & (then >= first) & (now >= then) & (now <= OLDEST) & (before >= 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        copas = np.log((1 + before) / (10 + then - first))
    place = np.where(possible, now, 0).astype(np.int64)
    sexes = np.asarray(sex, dtype=object)
    by_sex = np.select([sexes == name for name in known.age], [ages[place] for ages in known.age.values()], np.nan)
    offence = np.array([known.offence.get(name or "", np.nan) for name in category])
    total = _status(before, np.asarray(cautioned_only, bool)) + known.copas * copas + by_sex + offence
    total = np.where(possible, total, np.nan)
    return _logistic(total + known.one_year), _logistic(total + known.two_years)


def _status(before: Numbers, cautioned_only: NDArray[np.bool_]) -> Numbers:
    status = coefficients().status
    convicted = np.where(before == 0, status["first_conviction"], status["repeat"])
    cautioned = np.select(
        [before == 0, before == 1], [status["first_caution"], status["second_caution"]], status["many_cautions"]
    )
    return np.where(cautioned_only, cautioned, convicted)


def _logistic(z: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-z))


def band(two_years: ArrayLike) -> NDArray[np.str_]:
    """The band of each two-year probability."""
    values = np.asarray(two_years, float)
    bands = np.select([values < top for top, _ in BANDS], [name for _, name in BANDS], HIGHEST)
    return np.where(np.isnan(values), NOT_SCORABLE, bands)


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The temp tables that facts/records.sql and facts/history.sql read: the coefficients, and each code's category."""
    known = coefficients()
    status = known.status
    names = ("one_year", "two_years", "copas", *status)
    columns = ", ".join(f"{name} DOUBLE" for name in names)
    con.execute(f"CREATE OR REPLACE TEMP TABLE ogrs_weight ({columns})")
    values: list[Any] = [known.one_year, known.two_years, known.copas, *status.values()]
    con.execute(f"INSERT INTO ogrs_weight VALUES ({', '.join('?' * len(values))})", values)
    ages = [(sex, age, float(by[age])) for sex, by in known.age.items() for age in range(YOUNGEST, OLDEST + 1)]
    _table(con, "ogrs_age (sex VARCHAR, age SMALLINT, weight DOUBLE)", ages)
    _table(con, "ogrs_offence (category VARCHAR, weight DOUBLE)", list(known.offence.items()))
    codes = con.execute("SELECT DISTINCT offence_code FROM offence WHERE offence_code IS NOT NULL").fetchall()
    placed = [(code, found) for (code,) in codes if (found := category(code))]
    _table(con, "ogrs_code (offence_code VARCHAR, category VARCHAR)", placed)


def _table(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table}")
    name = table.partition(" ")[0]
    for first in range(0, len(rows), 500):
        some = rows[first : first + 500]
        places = ", ".join(["(" + ", ".join("?" * len(some[0])) + ")"] * len(some))
        con.execute(f"INSERT INTO {name} VALUES {places}", [value for row in some for value in row])
