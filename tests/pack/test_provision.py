"""Provision on paper: what the directory has and lacks, and nothing of people at the open level."""

from collections.abc import Callable

from components.provision import rows, sentences
from pack import provision
from pack.sheet import Sheet
from release.read import Reader

Sheets = Callable[[str, str], Sheet]


def section(sheets: Sheets, level: str) -> str:
    """The part of the pack about provision."""
    return sheets("quarter", level).text.split(f'#part("{sentences.TITLE}")')[1].split("#part(")[0]


def test_it_says_what_the_page_says_and_where_nothing_is(sheets: Sheets, levels: dict[str, Reader]) -> None:
    source, said = levels["partnership"], section(sheets, "partnership")
    names = rows.labels(source)
    assert sentences.answer(rows.directory(source), names, "", "") in said
    assert "\u2715 Nothing" in said
    assert "Women's group" in said and "Longest gap, days" in said
    assert "Housing link worker" in said and "31 March 2027" in said


def test_a_cell_tells_places_staleness_and_who_needs_one() -> None:
    new, old = {"places": 4, "verified": "recently"}, {"places": 5, "verified": "stale"}
    assert provision._cell([new, old], None) == "2 (9 places)"
    assert provision._cell([old], None) == "1 (5 places); ! not verified"
    assert provision._cell([{"places": None, "verified": "recently"}], None) == "1 (places not known)"
    assert provision._cell([], 7) == "\u2715 Nothing: 7 with the need"


def test_the_weeks_ahead_and_people_are_the_partnerships_alone(sheets: Sheets) -> None:
    assert "Who is due out of prison?" in section(sheets, "partnership")
    open_level = section(sheets, "open")
    assert sentences.OPEN in open_level
    for told in ("Who is due out of prison?", "with the need", "People there", "Needs of people", "Room to start"):
        assert told not in open_level, told
