"""How pages open: each sentence that may be said is held to a reading age, and says no more than the figures do."""

import re
from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from components import words
from components.judge import Change
from components.words import openings
from tests.pack.test_reading_age import OLDEST, grade

JARGON = (
    "cohort", "interval", "reoffence", "index event", "offender", "denominator", "statutory", "median", "provisional", "nowcast",
)  # fmt: skip
SCHEME = SimpleNamespace(title="People on a scheme, 12 months", follow_up_days=365)
CHILDREN = SimpleNamespace(title="Children, two years", follow_up_days=730)


def row(indicator: str = "reoffending_rate", value: float | None = 36.4, **more: Any) -> dict[str, Any]:
    return {
        "indicator": indicator, "value": value, "lower": 20.9, "upper": 55.3, "unit": "%", "decimals": 1, "status": "final",
        "reason": "", "polarity": "lower_is_better", "label1": "Fenland", **more,
    }  # fmt: skip


@dataclass
class Line:
    now: dict[str, Any]
    change: Change


def plain(said: str) -> None:
    """Short sentences of common words."""
    assert said[0].isupper()
    assert said.endswith(".")
    assert "  " not in said
    assert grade(said) <= OLDEST, (grade(said), said)
    assert not [word for word in JARGON if word in said.lower()]


KINDS = ("improved", "worsened", "higher", "lower", "cannot tell", "none", "difference")


@pytest.mark.parametrize(("kind", "cohort"), list(product(KINDS, (SCHEME, CHILDREN))))
def test_reoffending_opens_with_people_out_of_a_hundred(kind: Any, cohort: Any) -> None:
    said = openings.reoffending_opening(Line(row(), Change(kind, "")), cohort)  # type: ignore[arg-type]
    plain(said)
    assert "about 36 broke the law again" in said
    assert ("two years" in said) == (cohort is CHILDREN)
    assert ("more than luck" in said) == (kind in KINDS[:4])
    assert ("cannot tell" in said) == (kind == "cannot tell")


def test_reoffending_opens_with_what_can_be_said_of_other_figures() -> None:
    none = Change("none", "")
    many = row("reoffences_per_100", 274.9, unit="reoffences per 100 people")
    assert "about 275 new crimes" in openings.reoffending_opening(Line(many, none), SCHEME)  # type: ignore[arg-type]
    early = openings.reoffending_opening(Line(row(status="provisional"), none), SCHEME)  # type: ignore[arg-type]
    few = openings.reoffending_opening(Line(row(reason="fewer than 30: too few to judge"), none), SCHEME)  # type: ignore[arg-type]
    hidden = openings.reoffending_opening(Line(row(value=None), none), SCHEME)  # type: ignore[arg-type]
    other = openings.reoffending_opening(Line(row("days", 120.0, unit="days"), none), SCHEME)  # type: ignore[arg-type]
    for said in (early, few, hidden, other):
        plain(said)
    assert "too soon" in early
    assert "very few people" in few
    assert hidden == openings.TOO_FEW_PEOPLE == openings.reoffending_opening(None, SCHEME)  # type: ignore[arg-type]


def test_districts_are_counted_and_not_named() -> None:
    low, high = row(value=10.0, lower=8.0, upper=12.0), row(value=50.0, lower=45.0, upper=55.0)
    said = openings.districts_opening([(low, high), (high, low), (low, low)])
    plain(said)
    assert (
        said
        == "We looked at 3 districts. It got better in 1 and worse in 1, by more than luck. In the rest we cannot tell."
    )
    for pairs in ([(low, low)], [(row(value=None), low)], [], [(low | {"unit": "people"}, high | {"unit": "people"})]):
        plain(openings.districts_opening(pairs))
    assert "Fenland" not in said


@pytest.mark.parametrize("code", ["fewer", "more", "cannot_tell", "no_verdict"])
def test_a_verdict_says_no_more_than_itself(code: str) -> None:
    said = openings.schemes_opening(code, "IOM")
    plain(said)
    assert said.startswith({"fewer": "Yes", "more": "No.", "cannot_tell": "We cannot", "no_verdict": "We cannot"}[code])


@pytest.mark.parametrize("code", [*openings.PAID, "another"])
def test_what_it_pays_says_no_more_than_the_verdict(code: str) -> None:
    said = openings.value_opening({"all": {"verdict": code}}, "IOM")
    plain(said)
    assert said.startswith("Yes") == (code == "past")
    assert said.startswith("No") == (code in ("short", "cannot"))


def test_the_rest_are_plain_too() -> None:
    changes = [
        {"change": row(value=-5.0, lower=-9.0, upper=-1.0)},
        {"change": row(value=-5.0, lower=-9.0, upper=1.0)},
        {},
    ]
    for parts, sight in product(changes, (None, row())):
        plain(openings.behind_opening([parts] if parts else [], sight))
    assert "down, by more than luck" in openings.behind_opening([changes[0]], None)
    assert "could be luck" in openings.behind_opening([changes[1]], None)
    for payment in (None, 0.0, 5000.0):
        plain(openings.payment_opening(payment, "IOM", "\u00a35,000"))
    plain(openings.places_opening([SimpleNamespace(outside=40, faced=3.2)]))
    plain(openings.places_opening([]))
    file = {"withdrawn": False, "read": 1000, "loaded": 985, "quarantined": 10, "duplicate": 5}
    for files in ([file], [file | {"loaded": 900}], []):
        plain(openings.quality_opening(files))
    assert "About 10 rows in each 1,000" in openings.quality_opening([file])
    plain(openings.definitions_opening(92))
    plain(openings.NOTHING_HERE)


def summed(kind: str, status: str, value: float | None = 36.4, where: dict[str, str] | None = None) -> Any:
    """A line of the summary, as far as its opening asks."""
    return SimpleNamespace(
        now=row(value=value), change=Change(kind, ""), where=where or {}, line=SimpleNamespace(where=()),  # type: ignore[arg-type]
        status=SimpleNamespace(kind=status, red=status == "red"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "red", "green"), list(product(("improved", "worsened", "cannot tell", "none"), (0, 1, 12), (0, 1, 3)))
)
def test_the_quarter_opens_with_the_rate_and_how_much_is_red(kind: str, red: int, green: int) -> None:
    lines = [summed(kind, "none"), *[summed("none", "red")] * red, *[summed("none", "green")] * green]
    said = words.summary_opening([SimpleNamespace(lines=lines)])  # type: ignore[list-item]
    plain(said)
    assert ("more than luck" in said) == (kind in ("improved", "worsened"))
    assert ("needs an action" in said) == bool(red)
    assert re.search(rf"Of {1 + red + green} measures", said)


def test_the_quarter_says_whose_rate_it_is_and_when_there_is_none() -> None:
    of_need = words.summary_opening([SimpleNamespace(lines=[summed("none", "none", where={"need": "finance"})])])  # type: ignore[list-item]
    assert "with this need" in of_need
    plain(of_need)
    none = words.summary_opening([SimpleNamespace(lines=[summed("none", "none", value=None)])])  # type: ignore[list-item]
    assert none.startswith("There are too few people")
    assert words.summary_answer([]) == "This release holds none of the framework's measures for this choice."
