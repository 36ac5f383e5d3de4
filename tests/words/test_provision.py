"""What Provision says of invented directories: its reading age, one and many, and what it must not claim."""

from typing import Any

import pytest

from components.provision import sentences as say
from components.provision.rows import Absent, Due, Labels, LeftOut
from tests.pack.test_reading_age import OLDEST, grade

NAMES = Labels(
    {"cambridge": "Cambridge", "fenland": "Fenland"},
    {"health": "Health", "education_training_employment": "Education, training and employment", "women": "Women"},
)


def entry(
    pathway: str = "health", district: str = "fenland", verified: str = "recently", **more: Any
) -> dict[str, Any]:
    return {
        "pathway": pathway,
        "district": district,
        "verified": verified,
        "programme": "A",
        "provider": "B",
        "funding": "later",
    } | more


EVERYWHERE = [entry(p, d) for p in NAMES.pathways for d in NAMES.districts]


@pytest.mark.parametrize(
    ("entries", "district", "pathway", "expected"),
    [
        (EVERYWHERE, "", "", "There is 1 programme, run by 1 provider. No district goes without help of any kind. Each line on the list was checked in the last six months."),
        (EVERYWHERE[:-1], "", "", "There is 1 programme, run by 1 provider. Fenland has nothing for women. Each line on the list was checked in the last six months."),
        ([entry(), entry(district="cambridge", verified="stale")], "", "health",
         "There is 1 programme for health, run by 1 provider. There is no gap. Of 2 lines on the list, 1 was checked in the last six months."),
        ([entry(verified="never")], "fenland", "",
         "There is 1 programme in Fenland, run by 1 provider. There is nothing for education, training and employment; or women."
         " Of 1 line on the list, none was checked in the last six months."),
        ([], "fenland", "health", "There is nothing on the list for health in Fenland."),
    ],
)  # fmt: skip
def test_answers(entries: list[dict[str, Any]], district: str, pathway: str, expected: str) -> None:
    said = say.answer(entries, NAMES, district, pathway)
    assert said == expected
    assert grade(said) <= OLDEST, (grade(said), said)


@pytest.mark.parametrize(
    ("entries", "district", "pathway", "expected"),
    [
        (EVERYWHERE, "", "", "There is help with each kind of need. The list has been checked in the last six months."),
        (EVERYWHERE, "fenland", "health", "There is help with this in Fenland. The list has been checked in the last six months."),
        (EVERYWHERE[:-1], "", "", "There is help in most places. But in Fenland there is no help with some kinds of need. The list has been checked in the last six months."),
        ([entry()], "", "", "No place has help with each kind of need. The list has been checked in the last six months."),
        ([entry(), *EVERYWHERE[:2]], "", "", "No place has help with each kind of need. The list has been checked in the last six months."),
        ([entry(p) for p in NAMES.pathways], "", "", "There is help in most places. But in Cambridge there is no help with some kinds of need. The list has been checked in the last six months."),
        (EVERYWHERE[:-1], "", "women", "There is no help with this in Fenland. The list has been checked in the last six months."),
        ([entry(verified="stale")], "fenland", "", "There is help in Fenland, but not with each kind of need. None of the list has been checked for six months, so ask first before you send somebody."),
        ([entry(), entry(district="cambridge", verified="never")], "", "health", "There is help in each district. About half of the list has not been checked for six months, so ask first before you send somebody."),
        ([], "fenland", "health", "There is no help in Fenland with this."),
    ],
)  # fmt: skip
def test_openings(entries: list[dict[str, Any]], district: str, pathway: str, expected: str) -> None:
    mine = [e for e in entries if district in ("", e["district"]) and pathway in ("", e["pathway"])]
    said = say.opening(mine, NAMES, district, pathway)
    assert said == expected
    assert grade(said) <= 7, (grade(said), said)


def need(pathway: str, verdict: str, value: float | None = 5.0) -> dict[str, Any]:
    return {"pathway": pathway, "verdict": verdict, "value": value, "tried": 4, "held": 3}


def test_room_is_promised_only_where_it_is_known() -> None:
    assert say.ahead([need("health", "short"), need("women", "cannot_tell")], NAMES, "") == (
        "There will be too little room for health. There is room enough for no pathway."
    )
    assert say.ahead([need("health", "enough"), need("women", "nothing")], NAMES, "") == (
        "Nothing is on offer for women. There is room enough for 1 of 2 pathways."
    )
    assert (
        say.ahead([need("health", "cannot_tell")], NAMES, " in Fenland")
        == "Whether there will be room enough cannot be told."
    )
    assert "too few records" in say.ahead([need("health", "cannot_tell", None)], NAMES, "")
    assert say.held([need("health", "short"), need("women", "short")]).startswith(
        "Made in the same way at each of the last 4 quarters, 6 of 8"
    )


def test_releases_say_what_they_leave_out() -> None:
    one = Due((0, 0, 0, 0, 1, 0, 0), (1, *[0] * 12), 1, 0, 0)
    assert say.releases(one, None, " to Fenland") == (
        "1 person is known to be due out of prison to Fenland in the next 13 weeks, 1 of them on a scheme. 1 would come out on a Friday."
    )
    assert say.undated(Due((0,) * 7, (0,) * 13, 0, 2, 1), None, True) == [
        "2 more have passed the day that was notified and are still inside.",
        "For 1 nobody has told a day.",
    ]


def test_groups_are_named_as_people() -> None:
    def named(sex: str, low: int, high: int | None) -> str:
        return say.who(LeftOut(sex, low, high, ("health",), ("fenland",), None))

    assert named("all", 10, 17) == "Children aged 10 to 17"
    assert named("female", 10, 17) == "Girls aged 10 to 17"
    assert named("all", 66, None) == "People aged 66 and over"
    assert named("male", 18, 18) == "Men aged 18"


def test_services_that_are_missing() -> None:
    clinic = Absent({"title": "Clinic"}, ("cambridge",), ("fenland",), 12)
    assert say.elsewhere([clinic]).startswith("1 programme is not offered in every district.")
    assert say.elsewhere([clinic]).endswith("Most people with the need are without: Clinic (12).")
    assert say.elsewhere([], "Fenland") == "Every programme is offered in Fenland."
