"""The framework: which measures stand on the one-page summary, under which heading, and by which rule they are judged.

Read from metrics/framework.toml and metrics/status_rules.toml, whose comments say what each field means. Nothing here
reads a figure.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from common.errors import ProblemError, ProblemsError
from metrics.catalogue import HEADINGS, Definition

FILE = Path(__file__).with_name("framework.toml")
RULES = Path(__file__).with_name("status_rules.toml")
MOST_LINES = 8
"""More lines than this under one heading would not be a summary."""
TESTS = ("target", "expected", "special_cause")
"""What a rule may turn on: the target, what was expected of these people, chance over time."""
JUDGED, NO_JUDGEMENT = "judged", "none"


@dataclass(frozen=True, slots=True)
class Heading:
    """A part of the framework: its title, the question that it asks, and the page that answers it."""

    id: str
    title: str
    question: str
    page: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A published status rule: which tests make a measure red, which green, and how a reader is told."""

    id: str
    says: str
    red: tuple[str, ...]
    green: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: a measure of a cohort (of one group of it, by `where`), or a standing figure.

    `standing` names a measure of the release's table of figures that are of nobody; `indicator` and `cohort` are then
    empty. `districts` are those whose own line this is, where areas have chosen different measures; empty for all.
    """

    heading: str
    page: str
    indicator: str = ""
    cohort: str = ""
    standing: str = ""
    where: tuple[tuple[str, str], ...] = ()
    title: str = ""
    expected: str = ""
    districts: tuple[str, ...] = ()
    rule: str = ""

    @property
    def name(self) -> str:
        """The line in messages: its measure and whom it is about."""
        return " ".join(filter(None, (self.standing or self.indicator, self.cohort, *(v for _, v in self.where))))


@dataclass(frozen=True, slots=True)
class Framework:
    """The headings in order, the lines of the summary in order, and the status rules by name."""

    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    rules: Mapping[str, Rule] = field(hash=False)

    def under(self, heading: str) -> tuple[Line, ...]:
        """The lines of one heading."""
        return tuple(line for line in self.lines if line.heading == heading)

    def heading(self, heading: str) -> Heading:
        """One heading by its id."""
        return next(each for each in self.headings if each.id == heading)

    def rule_of(self, line: Line, polarity: str) -> Rule:
        """The rule by which a line is judged: its own, else by whether its measure has a direction that is good."""
        return self.rules[line.rule or (NO_JUDGEMENT if polarity == "no_judgement" else JUDGED)]


@cache
def framework(file: Path = FILE, rules: Path = RULES) -> Framework:
    """The framework as its files have it. Every mistake in them is told at once."""
    known = status_rules(rules)
    raw = _read(file)
    problems = [*_wrong_headings(raw, file.name), *_wrong_lines(raw, known, file.name)]
    if problems:
        raise ProblemsError(problems)
    headings = tuple(Heading(id=name, **raw["heading"][name]) for name in HEADINGS)
    pages = {heading.id: heading.page for heading in headings}
    return Framework(headings, tuple(_line(entry, pages[entry["heading"]]) for entry in raw["line"]), known)


@cache
def status_rules(file: Path = RULES) -> Mapping[str, Rule]:
    """The published status rules by name."""
    found = {}
    for name, entry in _read(file).items():
        tests = [*entry.get("red", ()), *entry.get("green", ())]
        if set(entry) != {"says", "red", "green"} or not set(tests) <= set(TESTS):
            raise ProblemError(
                f"The status rule {name} is malformed",
                where=file.name,
                allowed=f"says, red and green; tests are {', '.join(TESTS)}",
                remedy="Correct the rule",
            )
        found[name] = Rule(name, entry["says"], tuple(entry["red"]), tuple(entry["green"]))
    return found


def mistakes(
    framed: Framework, definitions: Mapping[str, Definition], cohorts: Collection[str], pages: Collection[str]
) -> list[str]:
    """What in the framework does not fit the catalogue, the cohorts or the pages; empty when all is well."""
    found = [f"{line.name}: {said}" for line in framed.lines for said in _unfit(line, definitions, cohorts)]
    asked = [line.page for line in framed.lines] + [heading.page for heading in framed.headings]
    return found + [f"there is no page {page}" for page in sorted(set(asked) - set(pages))]


def _unfit(line: Line, definitions: Mapping[str, Definition], cohorts: Collection[str]) -> Iterator[str]:
    if line.standing:
        return
    if line.indicator not in definitions:
        yield "there is no such indicator"
        return
    about = definitions[line.indicator]
    if about.heading != line.heading:
        yield f"its own heading is {about.heading}"
    if line.cohort not in cohorts or not about.serves(line.cohort):
        yield f"it is not worked out for the cohort {line.cohort}"
    by = list(dict.fromkeys([*(dimension for dimension, _ in line.where), *about.requires]))
    if not about.takes(by):
        yield f"it takes no table by {', '.join(by)}"
    if line.expected and (line.expected not in definitions or definitions[line.expected].kind != "excess"):
        yield f"{line.expected} does not say how far it is from what was expected"


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProblemError(
            "The file is not valid TOML", where=f"{file.name}: {error}", remedy="Correct the file"
        ) from error


def _wrong_headings(raw: Mapping[str, Any], name: str) -> Iterator[ProblemError]:
    given = raw.get("heading", {})
    for heading in HEADINGS:
        if set(given.get(heading, {})) != {"title", "question", "page"}:
            yield ProblemError(
                f"The heading {heading} needs a title, a question and a page", name, remedy="Give each of these once"
            )
    for unknown in sorted(set(given) - set(HEADINGS)):
        yield ProblemError(f"There is no heading {unknown}", name, ", ".join(HEADINGS), "Rename or remove it")


def _wrong_lines(raw: Mapping[str, Any], rules: Mapping[str, Rule], name: str) -> Iterator[ProblemError]:
    fields = set(Line.__dataclass_fields__)
    lines = raw.get("line", [])
    for place, entry in enumerate(lines, 1):
        where = f"{name}, line {place} ({entry.get('standing') or entry.get('indicator', 'no measure')})"
        if unknown := sorted(set(entry) - fields):
            yield ProblemError(f"Unknown setting {', '.join(unknown)}", where, ", ".join(sorted(fields)), "Remove it")
        if entry.get("heading") not in HEADINGS:
            yield ProblemError("The line has no known heading", where, ", ".join(HEADINGS), "Choose one of these")
        if bool(entry.get("standing")) == bool(entry.get("indicator") and entry.get("cohort")):
            yield ProblemError(
                "A line names an indicator with its cohort, or a standing figure", where, remedy="Give one of the two"
            )
        if entry.get("rule", JUDGED) not in rules:
            yield ProblemError(f"There is no status rule {entry['rule']}", where, ", ".join(rules), "Choose one")
    for heading in HEADINGS:
        if sum(entry.get("heading") == heading for entry in lines) > MOST_LINES:
            yield ProblemError(
                f"{heading} has more than {MOST_LINES} lines", name, remedy="Keep those that a meeting would act on"
            )


def _line(entry: Mapping[str, Any], page: str) -> Line:
    given = {**entry, "page": entry.get("page", page)}
    given["where"] = tuple(sorted(entry.get("where", {}).items()))
    given["districts"] = tuple(entry.get("districts", ()))
    return Line(**given)
