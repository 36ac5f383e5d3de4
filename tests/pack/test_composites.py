"""Case studies: of ten people or more, labelled so, in the release's own figures, and never of a person."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from components import headlines, words
from metrics.dimensions import dimensions
from pack import composites
from pack.composites import Group
from pack.sheet import Sheet
from release.read import Reader
from tests.release import literal

PLACE = Group("Peterborough", "people of Peterborough", "managing_district", "peterborough")


def test_a_composite_says_of_how_many_it_is_and_each_figure_is_the_releases(levels: dict[str, Reader]) -> None:
    """60 people of Peterborough in the latest quarter, half of them in custody; 30 of 60 is 50%."""
    one = composites.composite(levels["partnership"], PLACE)
    assert one is not None
    assert one.label == "A composite of 60 people"
    assert "60 people of Peterborough were on the scheme" in one.said[0]
    assert "Of 60 on the last day, 50.0%" in one.said[0]
    line = composites.figure(levels["partnership"], "reoffending_rate", "scheme", PLACE)
    assert line is not None and words.in_sentence(line.now) in one.said[-1]
    assert f"after {words.count(line.now['denominator'])} releases, convictions or cautions" in one.said[-1]


def test_ten_people_make_a_composite_and_one_does_not(levels: dict[str, Reader]) -> None:
    """10 people in Fenland, one in East Cambridgeshire; the open level hides the one and rounds the others."""
    for source in levels.values():
        assert composites.composite(source, replace(PLACE, value="fenland")) is not None
        assert composites.composite(source, replace(PLACE, value=literal.ONE_PERSON_DISTRICT)) is None


def test_a_figure_of_fewer_than_ten_is_not_told(levels: dict[str, Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    source = levels["partnership"]
    line = composites.figure(source, "people_on_scheme", "caseload", PLACE)
    assert line is not None
    for of, many, told in ((9, None, False), (10, None, True), (3, 9, False), (3, 10, True)):
        few = replace(line, now={**line.now, "value": of, "numerator": of, "denominator": many})
        monkeypatch.setattr(headlines, "headline", lambda *_, few=few, **__: few)
        assert (composites.figure(source, "people_on_scheme", "caseload", PLACE) is not None) is told


def test_a_group_that_the_level_does_not_know_has_no_composite(levels: dict[str, Reader]) -> None:
    assert composites.composite(levels["partnership"], replace(PLACE, value="nowhere")) is None
    assert composites.composite(levels["partnership"], replace(PLACE, dimension="exit_reason", value="died")) is None


def test_the_groups_of_the_list_are_values_that_the_dimensions_know() -> None:
    known = dimensions()
    for group in composites.groups():
        assert group.value in dict(known[group.dimension].values), group.title


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_the_pack_says_that_they_are_composites(
    sheets: Callable[[str, str], Sheet], levels: dict[str, Reader], level: str
) -> None:
    said = sheets("quarter", level).text.split('#part("Case studies")')[1].split("#part(")[0]
    found = composites.composites(levels[level])
    assert (composites.RULE if found else composites.NONE) in said
    assert said.count("A composite of ") == len(found)
