"""Who may not be taken by anything: the sexes and ages that no programme of a pathway takes.

Eligibility in the directory is rules: everybody, women or men, from one age to another, both included. What is left of the
ages from 10 (the age of criminal responsibility) when every programme's ages are taken away is eligible for nothing. The
pathway for women is measured for women alone.
Source: the county's review asks that nobody fall between eligibility rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

YOUNGEST = 10
FOR_WOMEN = "women"
"""The pathway that is for women alone."""


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """People of a sex (`all`, `female` or `male`) from one age to another, both included; no `age_to` is any age above."""

    age_from: int
    age_to: int | None
    sex: str


def left_out(rules: Sequence[tuple[str, int | None, int | None]], pathway: str = "") -> list[Group]:
    """The groups that no rule takes, youngest first. A rule is (sex served, age from, age to); no age is no limit."""
    found = {sex: _without(rules, sex) for sex in ("female", "male")}
    if pathway == FOR_WOMEN:
        return [Group(low, high, "female") for low, high in found["female"]]
    both = [ages for ages in found["female"] if ages in found["male"]]
    groups = [Group(low, high, "all") for low, high in both]
    for sex, spans in found.items():
        groups += [Group(low, high, sex) for low, high in spans if (low, high) not in both]
    return sorted(groups, key=lambda group: (group.age_from, group.sex))


def _without(rules: Sequence[tuple[str, int | None, int | None]], sex: str) -> list[tuple[int, int | None]]:
    """The spans of ages that are left for one sex."""
    taken = [(low or YOUNGEST, high) for served, low, high in rules if served in ("all", sex)]
    left: list[tuple[int, int | None]] = []
    age = YOUNGEST
    for low, high in sorted(taken, key=lambda ages: ages[0]):
        if low > age:
            left.append((age, low - 1))
        if high is None:
            return left
        age = max(age, high + 1)
    return [*left, (age, None)]
