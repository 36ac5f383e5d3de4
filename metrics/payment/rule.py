"""A payment rule: data, so that a new contract needs no code.

A rule says what is compared with what (`against`), over which periods, and what is paid for in one or more elements; the
whole is limited by a floor and a cap. docs/guides/payment-rules.md says how to write one; every mistake in a file is told
at once. Shipped rules are in data/payment_rules; those in a data directory's payment_rules are the analyst's own (`local`).
"""

import json
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from common import paths
from common.errors import ProblemError, ProblemsError

FOLDER = "payment_rules"
MEASURES = {
    "occasions": "reconviction events for every 100 people",
    "reoffences": "proven reoffences for every 100 people",
    "rate": "% of people who reoffended",
    "per_reoffender": "reoffences for each person who reoffended",
}
"""What an element may pay for. A reconviction event is an occasion: offences sentenced together count once."""
AGAINST = ("matched", "adjusted_baseline")
"""A matched comparison group over the same time, or people's own earlier figure moved by the change in predicted risk."""
PERIODS = ("cohort", "quarter", "year")
OVER = ("each", "all")
TRIGGER_UNITS = ("percent", "points", "standard_errors")
PAYS_FOR = ("averted", "point", "success")
COUNTED_FROM = ("zero", "trigger")
AFTER_IF = ("not_worse", "paid")
MOST_PRICE = 1e9
_ID = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_YEAR = re.compile(r"^\d{4}/\d{2}$")


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a rule pays for.

    - `measure`: a key of MEASURES. `over`: `each` period by itself, or `all` of them pooled, once
      all the contract's periods are in.
    - `trigger`: the least fall that pays, in `trigger_unit`: `percent` of what was expected, `points` in the measure's own
      unit, or `standard_errors` of the difference of two shares under no effect (measure `rate` alone; 1.96 is 95%).
    - `pays_for`: `averted` (each event, or person, averted), `point` (each whole unit of the fall in the measure's own
      unit, parts of it in proportion) or `success` (one sum where the trigger is reached); `price` pounds each.
    - `counted_from`: the fall is counted from `zero`, or only beyond the `trigger` (then the trigger is a dead band).
    - `deducts`: a rise beyond the trigger takes off as much as a fall would pay.
    - `after`: an earlier element that must be `not_worse` than expected, or must have `paid`, before this one pays.
    - `less_paid`: an earlier element whose payment is taken off this one's: what was paid once is not paid twice.
    """

    id: str
    title: str
    measure: str
    trigger: float
    pays_for: str
    price: float
    over: str = "each"
    trigger_unit: str = "percent"
    counted_from: str = "zero"
    deducts: bool = False
    after: str = ""
    after_if: str = "not_worse"
    less_paid: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A contract's rule. Money in pounds of `price_year`, for the whole contract of `periods` periods.

    `controls`: at most so many controls to each person (matched). `baseline`: the year that an adjusted baseline rests on
    ("2014/15"; empty for the first complete one). `least` people in a period for anything to be measured. `floor`: paid
    whatever happens; `most_deducted`: the most that rises can take, so that the total may fall below nothing by that.
    `checked`: whether every figure was read in the original; `unchecked` says which were not, and what they rest on.
    """

    id: str
    title: str
    about: str
    against: str
    period: str
    periods: int
    cap: float
    price_year: str
    source: str
    elements: tuple[Element, ...]
    floor: float = 0.0
    most_deducted: float = 0.0
    controls: int = 10
    baseline: str = ""
    least: int = 30
    checked: bool = False
    unchecked: str = ""
    local: bool = False
    sort: int = 0

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that its elements need, each once."""
        return tuple(dict.fromkeys(element.measure for element in self.elements))

    def as_json(self) -> str:
        """The rule as JSON, keys in order: published with what it pays."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


def from_json(text: str) -> Rule:
    """A rule as it was published."""
    given = json.loads(text)
    return Rule(**{**given, "elements": tuple(Element(**one) for one in given["elements"])})


def shipped() -> Path:
    """The folder of the rules that come with the program."""
    return paths.REPO / "data" / FOLDER


def rules(data_dir: Path | None = None) -> tuple[Rule, ...]:
    """Every rule: those shipped, then the data directory's own, which replace shipped ones of the same file name."""
    found: dict[str, Rule] = {}
    problems: list[ProblemError] = []
    own = None if data_dir is None else data_dir / FOLDER
    for folder, local in ((shipped(), False), (own, True)):
        for path in sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else ():
            try:
                found[path.stem] = read(path, local=local)
            except ProblemsError as several:
                problems += several.problems
            except ProblemError as problem:
                problems.append(problem)
    if problems:
        raise ProblemsError(problems)
    return tuple(sorted(found.values(), key=lambda rule: (rule.local, rule.sort, rule.id)))


def read(path: Path, *, local: bool = False) -> Rule:
    """One rule from its file, named for the file. Every mistake in it is told at once."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise ProblemError(
            "the payment rule cannot be read", path.name, "a TOML file", "see docs/guides/payment-rules.md"
        ) from None
    return parse(given, path.stem, path.name, local=local)


def parse(given: Mapping[str, Any], name: str, where: str, *, local: bool = False) -> Rule:
    """A rule from its keys, or all that is wrong with them."""
    problems = [ProblemError(what, f"{where}{place}", allowed) for what, place, allowed in _mistakes(given, name)]
    if problems:
        raise ProblemsError(problems)
    known = {field.name for field in fields(Rule)} - {"id", "elements", "local"}
    elements = tuple(Element(**_floats(one, ("trigger", "price"))) for one in given["element"])
    own = _floats({key: given[key] for key in known & set(given)}, ("cap", "floor", "most_deducted"))
    return Rule(id=name, elements=elements, local=local, **own)


def _floats(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {key: float(value) if key in names else value for key, value in given.items()}


Mistake = tuple[str, str, str]
"""What is wrong, where within the file, what is allowed."""


def _mistakes(given: Mapping[str, Any], name: str) -> Iterator[Mistake]:
    if not _ID.match(name):
        yield "the name of the file is not allowed", "", "small letters, digits and _, beginning with a letter"
    yield from _unknown(given, {field.name for field in fields(Rule)} - {"id", "elements", "local"} | {"element"}, "")
    yield from _texts(given, ("title", "about", "source"), "")
    yield from _choice(given, "against", AGAINST, "")
    yield from _choice(given, "period", PERIODS, "", missing="the period that results are counted over is missing")
    yield from _whole(given, "periods", 1, 100)
    for key, low, high, usual in (("controls", 1, 100, 10), ("least", 1, 100_000, 30), ("sort", 0, 1000, 0)):
        yield from _whole({key: given.get(key, usual)}, key, low, high)
    yield from _money(given, "cap", "", missing="the cap is missing: without one a lucky draw has no limit")
    for key in ("floor", "most_deducted"):
        yield from _money({key: given.get(key, 0)}, key, "")
    if not _YEAR.match(str(given.get("price_year", ""))):
        yield "the price year is missing or is not a financial year", "", 'like "2014/15"'
    if given.get("baseline", "") != "" and not _YEAR.match(str(given["baseline"])):
        yield "`baseline` is not a year", "", 'like "2014/15", or empty for the first complete one'
    for key in ("checked",):
        if not isinstance(given.get(key, False), bool):
            yield f"`{key}` is not true or false", "", "true or false"
    if given.get("checked") is not True and not str(given.get("unchecked", "")).strip():
        yield (
            "it is not said which figures were not read in the original",
            "",
            "`unchecked` in words, or `checked = true`",
        )
    if _number(given.get("floor", 0)) and _number(given.get("cap")) and given.get("floor", 0) > given["cap"] >= 0:
        yield "the floor is above the cap", "", "a floor of at most the cap"
    elements = given.get("element")
    if not isinstance(elements, list) or not elements:
        yield "nothing is paid for", "", "one [[element]] or more"
        return
    seen: list[str] = []
    for place, one in enumerate(elements, start=1):
        if not isinstance(one, dict):
            yield "an element is not a table", f", element {place}", "[[element]] and its keys below it"
            continue
        yield from _element(one, f", element {one.get('id', place)}", seen)
        seen.append(str(one.get("id", "")))


def _element(one: Mapping[str, Any], where: str, seen: Sequence[str]) -> Iterator[Mistake]:
    yield from _unknown(one, {field.name for field in fields(Element)}, where)
    if not _ID.match(str(one.get("id", ""))) or one["id"] in seen:
        yield "`id` is missing, not allowed, or another element's", where, "small letters, digits and _, each id once"
    yield from _texts(one, ("title",), where)
    yield from _choice(one, "measure", tuple(MEASURES), where)
    yield from _choice(one, "pays_for", PAYS_FOR, where)
    for key, allowed in (
        ("over", OVER), ("trigger_unit", TRIGGER_UNITS), ("counted_from", COUNTED_FROM), ("after_if", AFTER_IF),
    ):  # fmt: skip
        if key in one:
            yield from _choice(one, key, allowed, where)
    yield from _money(one, "price", where, missing="the price is missing")
    unit, trigger = one.get("trigger_unit", "percent"), one.get("trigger")
    highest = {"percent": 100, "points": 100 if one.get("measure") == "rate" else 10_000}.get(unit, 10)
    if not _number(trigger) or not 0 <= float(trigger) <= highest:  # type: ignore[arg-type]
        yield "the trigger is missing or beyond what a fall can be", where, f"a number from 0 to {highest} ({unit})"
    if unit == "standard_errors" and one.get("measure") != "rate":
        yield "only a share of people has a standard error by rule", where, 'measure = "rate", or another trigger_unit'
    if not isinstance(one.get("deducts", False), bool):
        yield "`deducts` is not true or false", where, "true or false"
    if one.get("less_paid") and one.get("over") != "all":
        yield "`less_paid` in each period would take one payment off several times", where, 'over = "all"'
    for key in ("after", "less_paid"):
        if one.get(key, "") not in ("", *seen):
            yield f"`{key}` names no earlier element", where, ", ".join(seen) or "none: it is the first"


def _unknown(given: Mapping[str, Any], known: set[str], where: str) -> Iterator[Mistake]:
    if extra := sorted(set(given) - known):
        yield f"keys are not known: {', '.join(extra)}", where, ", ".join(sorted(known))


def _texts(given: Mapping[str, Any], names: Iterable[str], where: str) -> Iterator[Mistake]:
    for name in names:
        if not isinstance(given.get(name), str) or not given[name].strip():
            yield f"`{name}` is missing or is not text", where, "text in quotation marks"


def _choice(
    given: Mapping[str, Any], name: str, allowed: Sequence[str], where: str, missing: str = ""
) -> Iterator[Mistake]:
    if given.get(name) not in allowed:
        said = missing if missing and name not in given else f"`{name}` is missing or not known"
        yield said, where, ", ".join(allowed)


def _whole(given: Mapping[str, Any], name: str, low: int, high: int) -> Iterator[Mistake]:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        yield f"`{name}` is missing or is not a whole number", "", f"{low} to {high}"


def _money(given: Mapping[str, Any], name: str, where: str, missing: str = "") -> Iterator[Mistake]:
    value = given.get(name)
    if value is None:
        yield missing or f"`{name}` is missing", where, "pounds, 0 or more"
    elif not _number(value) or not 0 <= value <= MOST_PRICE:
        yield f"`{name}` is a negative payment or not a number of pounds", where, "pounds, 0 or more"


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
