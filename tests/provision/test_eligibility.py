"""Who is eligible for nothing: literal rules, and every age against a slow plain twin."""

import random

import pytest

from metrics.provision.eligibility import Group, left_out

ANYONE = ("all", 18, None)


@pytest.mark.parametrize(
    ("rules", "groups"),
    [
        ([], [Group(10, None, "all")]),
        ([ANYONE], [Group(10, 17, "all")]),
        ([("all", None, None)], []),
        ([("all", 10, 17), ("all", 21, None)], [Group(18, 20, "all")]),  # those who fall between
        ([("female", 18, None)], [Group(10, 17, "female"), Group(10, None, "male")]),
        ([ANYONE, ("male", 10, 17)], [Group(10, 17, "female")]),
        ([("all", 18, 25), ("female", 26, None)], [Group(10, 17, "all"), Group(26, None, "male")]),
        ([("all", 18, 65)], [Group(10, 17, "all"), Group(66, None, "all")]),
        ([("all", 18, 30), ("all", 25, 40), ("all", 41, None)], [Group(10, 17, "all")]),
    ],
)
def test_groups_by_hand(rules: list[tuple[str, int | None, int | None]], groups: list[Group]) -> None:
    assert left_out(rules) == groups


def test_the_pathway_for_women_is_measured_for_women() -> None:
    assert left_out([("female", 18, None)], "women") == [Group(10, 17, "female")]
    assert left_out([], "women") == [Group(10, None, "female")]


def test_every_age_is_told_as_a_slow_twin_tells_it() -> None:
    chance = random.Random(3)
    for _ in range(200):
        rules = []
        for _ in range(chance.randrange(5)):
            low = chance.choice([None, *range(10, 70, 3)])
            high = chance.choice([None, *range(low or 10, 90, 4)])
            rules.append((chance.choice(["all", "female", "male"]), low, high))
        groups = left_out(rules)
        for sex in ("female", "male"):
            for age in range(10, 100):
                taken = any(of in ("all", sex) and (low or 10) <= age <= (high or 999) for of, low, high in rules)
                told = any(g.sex in ("all", sex) and g.age_from <= age <= (g.age_to or 999) for g in groups)
                assert told == (not taken), (rules, sex, age)
