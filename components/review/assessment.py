"""The self-assessment: its parts and statements, from data/reference/self_assessment.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from common import paths
from common.errors import ProblemError

Kind = Literal["principle", "characteristic"]
KINDS: dict[Kind, str] = {
    "principle": "Principles of the policy statement of 2009",
    "characteristic": "Characteristics of a successful scheme",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure that bears on a statement: an indicator of a cohort, or a standing figure of the release."""

    indicator: str = ""
    cohort: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is in place where it is; what to bring in support; which figures of the release bear on it."""

    id: str
    text: str
    bring: str
    figures: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A principle or a characteristic, with its statements."""

    id: str
    kind: Kind
    title: str
    says: str
    statements: tuple[Statement, ...]


@cache
def assessment(file: Path | None = None) -> tuple[Part, ...]:
    """The parts in order. Every mistake in the file is told at once."""
    path = file or paths.reference("self_assessment.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if wrong := _mistakes(raw):
        raise ProblemError(
            "The self-assessment is malformed: " + "; ".join(wrong),
            path.name,
            "as the comments at its head say",
            "correct it",
        )
    return tuple(
        Part(
            **one,
            statements=tuple(
                Statement(s["id"], s["text"], s["bring"], tuple(Measured(**f) for f in s.get("figures", ())))
                for s in raw["statement"]
                if s["part"] == one["id"]
            ),
        )
        for one in raw["part"]
    )


def statements() -> dict[str, Statement]:
    """Every statement by its id, in order."""
    return {one.id: one for part in assessment() for one in part.statements}


def _mistakes(raw: dict[str, Any]) -> list[str]:
    parts, said = raw.get("part", []), raw.get("statement", [])
    found = []
    for name, listed in (("part", parts), ("statement", said)):
        ids = [one.get("id", "") for one in listed]
        found += [
            f"{name} {one!r} is there twice or has no id"
            for one in sorted({i for i in ids if not i or ids.count(i) > 1})
        ]
    known = {one.get("id") for one in parts}
    found += [f"{one.get('id')}: no such kind" for one in parts if one.get("kind") not in KINDS]
    found += [
        f"{one.get('id')}: fields are kind, id, title, says"
        for one in parts
        if set(one) != {"kind", "id", "title", "says"}
    ]
    found += [f"{one.get('id')}: no part {one.get('part')!r}" for one in said if one.get("part") not in known]
    needed, allowed = {"part", "id", "text", "bring"}, {"part", "id", "text", "bring", "figures"}
    found += [
        f"{one.get('id')}: fields are {', '.join(sorted(allowed))}" for one in said if not needed <= set(one) <= allowed
    ]
    named = ({"indicator", "cohort"}, {"standing"})
    found += [f"{one.get('id')}: a figure is an indicator and a cohort, or standing" for one in said
              for figure in one.get("figures", ()) if set(figure) not in named]  # fmt: skip
    return found + [
        f"{one.get('id')}: no statement" for one in parts if one.get("id") not in {s.get("part") for s in said}
    ]
