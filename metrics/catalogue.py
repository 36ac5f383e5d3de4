"""The catalogue: every indicator's definition, read from metrics/definitions/*.toml and checked.

A new indicator is one file. A mistake in a file is reported with what, where, what is allowed and what to do.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from common.errors import ProblemError, ProblemsError
from metrics.areas import own_columns
from metrics.binding import mistakes
from metrics.cohorts import NEEDS
from metrics.figure import Polarity

FOLDER = Path(__file__).with_name("definitions")
KINDS = ("proportion", "ratio", "count", "survival", "quantile", "expected", "excess", "relative")
WAITS = ("survival", "quantile")
AGAINST = ("expected", "excess", "relative")
"""Kinds that set what happened against what was expected of each person."""
CLASSES = ("count", "derived", "magnitude", "model")
PERIOD_KINDS = ("quarter", "year", "three_years", "all")
POLARITIES = ("lower_is_better", "higher_is_better", "no_judgement")
HEADINGS = ("outcomes", "cohort", "pathways", "compliance", "provision", "governance")
"""The parts of the framework; metrics/framework.toml says what each asks and which measures stand for it."""
MODEL_OUTPUTS = ("value", "interval", "curve")
DISTRICTS = ("home_district", "managing_district", "offence_district")


@dataclass(frozen=True, slots=True)
class Text:
    """What a reader is told: nothing here changes a number."""

    title: str
    question: str
    why: str
    good: str
    formula: str
    numerator: str
    denominator: str
    caveats: tuple[str, ...]
    source: tuple[str, ...]
    clock: str
    district: str
    follow_up: str
    status_rule: str
    review: str


@dataclass(frozen=True, slots=True)
class Example:
    """Literal rows of the fact and the value that they must give, worked by hand."""

    rows: tuple[Mapping[str, Any], ...]
    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator.

    `heading` is the part of the framework that it belongs to. `counts` is what `minimum_n` counts: people, or the work that
    the fact has a row for.
    `numerator` and `denominator` are SQL over one row of `fact`; `scale` turns their ratio into `unit`.
    For waits (kinds survival and quantile) `numerator` is days waited, `event` whether the wait ended in what is
    waited for, and `horizon` the days that anybody is followed at most; of a quantile, `centile` is the share of them, in
    %, by whose day it is asked (50: the median). For kinds expected, excess and relative
    `numerator` is whether it happened and `expected` the probability that it would; rows without one are left out. `cohorts` is ("*",) for every cohort that the fact holds. `dimensions` are the breakdowns it can take, and
    `requires` those that every one of its tables must have. `needs` is what a cohort's source must hold for it
    (`every_reoffence`), or nothing. `model_outputs` says which of its value, interval
    and curve are model outputs (design section 7, rule 5).
    """

    id: str
    version: int
    sort: int
    heading: str
    kind: str
    class_: str
    fact: str
    numerator: str
    denominator: str
    event: str
    horizon: str
    centile: int
    expected: str
    scale: float
    unit: str
    decimals: int
    polarity: Polarity
    minimum_n: int
    counts: str
    cohorts: tuple[str, ...]
    periods: tuple[str, ...]
    dimensions: tuple[str, ...]
    requires: tuple[str, ...]
    needs: str
    model_outputs: tuple[str, ...]
    text: Text
    examples: tuple[Example, ...]

    @property
    def waits(self) -> bool:
        """Whether it is worked out from a histogram of days waited."""
        return self.kind in WAITS

    @property
    def modelled(self) -> bool:
        """Whether its value is a model output: the open level publishes it beside the count of people alone."""
        return self.waits or bool(self.expected)

    @property
    def title(self) -> str:
        return self.text.title

    @property
    def has_curve(self) -> bool:
        return "curve" in self.model_outputs

    def takes(self, table: Sequence[str]) -> bool:
        """Whether this indicator can be broken down by these dimensions together; by areas, where it is by district."""
        own = own_columns(table)
        by_area = len(own) == len(table) or bool(set(self.dimensions) & set(DISTRICTS))
        return by_area and set(own) <= set(self.dimensions) and set(self.requires) <= set(table)

    def serves(self, cohort: str) -> bool:
        """Whether this indicator is worked out for this cohort."""
        return "*" in self.cohorts or cohort in self.cohorts

    def as_json(self) -> str:
        """The whole definition, for the release and for the definitions page."""
        return json.dumps(asdict(self), ensure_ascii=False)


TEXT_FIELDS = tuple(Text.__dataclass_fields__)
FIELDS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "version": int,
    "sort": int,
    "heading": str,
    "kind": str,
    "class": str,
    "fact": str,
    "numerator": str,
    "denominator": str,
    "event": str,
    "horizon": str,
    "centile": int,
    "expected": str,
    "scale": (int, float),
    "unit": str,
    "decimals": int,
    "polarity": str,
    "minimum_n": int,
    "counts": str,
    "cohorts": list,
    "periods": list,
    "dimensions": list,
    "requires": list,
    "needs": str,
    "model_outputs": list,
    "text": dict,
    "example": list,
}
OPTIONAL: dict[str, Any] = {
    "counts": "people",
    "event": "",
    "horizon": "",
    "centile": 50,
    "expected": "",
    "scale": 1,
    "decimals": 1,
    "requires": [],
    "needs": "",
    "model_outputs": [],
}
CHOICES = {"heading": HEADINGS, "kind": KINDS, "class": CLASSES, "polarity": POLARITIES, "needs": ("", *NEEDS)}
CHOICE_LISTS = {"periods": PERIOD_KINDS, "model_outputs": MODEL_OUTPUTS}


def read_definition(path: Path) -> Definition:
    """One definition file, checked."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProblemError(
            "The file is not valid TOML", where=f"{path.name}: {error}", remedy="Correct the file"
        ) from error
    return parse(raw, path.name)


def parse(raw: Mapping[str, Any], name: str) -> Definition:
    """A definition from the content of its file; `name` is the file's, for messages."""
    raw = OPTIONAL | dict(raw)
    _check_fields(raw, name)
    _check_choices(raw, name)
    text = _text(raw["text"], name)
    return Definition(
        id=raw["id"],
        version=raw["version"],
        sort=raw["sort"],
        heading=raw["heading"],
        kind=raw["kind"],
        class_=raw["class"],
        fact=raw["fact"],
        numerator=raw["numerator"],
        denominator=raw["denominator"],
        event=raw["event"],
        horizon=raw["horizon"],
        centile=raw["centile"],
        expected=raw["expected"],
        scale=float(raw["scale"]),
        unit=raw["unit"],
        decimals=raw["decimals"],
        polarity=cast(Polarity, raw["polarity"]),
        minimum_n=raw["minimum_n"],
        counts=raw["counts"],
        cohorts=tuple(raw["cohorts"]),
        periods=tuple(raw["periods"]),
        dimensions=tuple(raw["dimensions"]),
        requires=tuple(raw["requires"]),
        needs=raw["needs"],
        model_outputs=tuple(raw["model_outputs"]),
        text=text,
        examples=tuple(_example(example, name) for example in raw["example"]),
    )


def _check_fields(raw: Mapping[str, Any], name: str) -> None:
    unknown = sorted(set(raw) - set(FIELDS))
    if unknown:
        raise ProblemError(
            f"Unknown setting {', '.join(unknown)}", where=name, allowed=", ".join(FIELDS), remedy="Remove or rename it"
        )
    for field, kind in FIELDS.items():
        if field not in raw:
            raise ProblemError(f"The setting {field} is missing", where=name, remedy=f"Add {field}")
        if not isinstance(raw[field], kind) or isinstance(raw[field], bool):
            raise ProblemError(f"The setting {field} has the wrong type", where=name, remedy=f"Correct {field}")
    if f"{raw['id']}.toml" != name:
        raise ProblemError(
            f"The id {raw['id']} differs from the file's name", where=name, remedy="Name the file for its id"
        )
    if not raw["example"]:
        raise ProblemError("A definition needs at least one example", where=name, remedy="Add an [[example]]")


def _check_choices(raw: Mapping[str, Any], name: str) -> None:
    for field, allowed in CHOICES.items():
        if raw[field] not in allowed:
            raise ProblemError(
                f"{field} is {raw[field]}",
                where=name,
                allowed=", ".join(filter(None, allowed)),
                remedy="Choose one of these",
            )
    for field, allowed in CHOICE_LISTS.items():
        wrong = [value for value in raw[field] if value not in allowed]
        if wrong:
            raise ProblemError(
                f"{field} has {', '.join(wrong)}", where=name, allowed=", ".join(allowed), remedy="Choose among these"
            )
    if not set(raw["requires"]) <= set(raw["dimensions"]):
        raise ProblemError("A required dimension is not among its dimensions", where=name, remedy="Add it there")
    if (raw["kind"] in WAITS) != bool(raw["event"]):
        raise ProblemError(
            "Kinds survival and quantile need an event, and no other kind has one", where=name, remedy="Correct event"
        )
    if not 1 <= raw["centile"] <= 99 or (raw["centile"] != 50 and raw["kind"] != "quantile"):
        raise ProblemError(
            f"centile is {raw['centile']}",
            where=name,
            allowed="1 to 99 for a quantile; no other kind has one",
            remedy="Correct centile",
        )
    if (raw["kind"] in AGAINST) != bool(raw["expected"]):
        raise ProblemError(
            "Kinds expected, excess and relative need an expected, and no other kind has one",
            where=name,
            remedy="Correct expected",
        )
    for field in ("cohorts", "periods"):
        if not raw[field]:
            raise ProblemError(f"{field} is empty", where=name, remedy="Name at least one")


def _text(raw: Mapping[str, Any], name: str) -> Text:
    missing = [field for field in TEXT_FIELDS if not raw.get(field)]
    unknown = sorted(set(raw) - set(TEXT_FIELDS))
    if missing or unknown:
        raise ProblemError(
            f"The text lacks {', '.join(missing) or 'nothing'} and has unknown {', '.join(unknown) or 'nothing'}",
            where=f"{name} [text]",
            allowed=", ".join(TEXT_FIELDS),
            remedy="Give each of these once",
        )
    lists = {field: tuple(raw[field]) for field in ("caveats", "source")}
    return Text(**{field: raw[field] for field in TEXT_FIELDS} | lists)


def _example(raw: Mapping[str, Any], name: str) -> Example:
    unknown = sorted(set(raw) - {"rows", "value", "numerator", "denominator"})
    if unknown or "rows" not in raw:
        raise ProblemError(
            "An example is malformed",
            where=name,
            allowed="rows, value, numerator, denominator",
            remedy="Correct the example",
        )
    return Example(
        rows=tuple(raw["rows"]),
        value=raw.get("value"),
        numerator=raw.get("numerator"),
        denominator=raw.get("denominator"),
    )


@cache
def catalogue(folder: Path = FOLDER) -> dict[str, Definition]:
    """Every indicator by id, in the order that pages show them. SQL that cannot be worked out is told at once."""
    found = [read_definition(path) for path in sorted(folder.glob("*.toml"))]
    if wrong := mistakes(found):
        raise ProblemsError(wrong)
    return {definition.id: definition for definition in sorted(found, key=lambda d: (d.sort, d.id))}


def definition(indicator: str) -> Definition:
    """The definition of one indicator; an unknown one is refused with the names that exist."""
    known = catalogue()
    if indicator not in known:
        raise ProblemError(
            f"There is no indicator {indicator}",
            where="the catalogue",
            allowed=", ".join(known),
            remedy="Use one of these names; `iom indicators` describes them",
        )
    return known[indicator]
