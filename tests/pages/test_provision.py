"""Provision: what it says on the hand-written release, at both levels, and what a search finds."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import plotly.graph_objects as go
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import provision as given
from components.provision import sentences as say
from release.files import open_level
from release.read import Reader
from tests.pages.reading import lede, markup, opening, text
from tests.release import literal_provision

Run = Callable[..., AppTest]


@pytest.fixture(scope="module")
def data_dir(literal: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written release with a directory and the weeks ahead."""
    place = tmp_path_factory.mktemp("provision")
    literal.write(place)
    literal.add(place, literal_provision.put)
    return place


@pytest.fixture(scope="module")
def partnership(data_dir: Path) -> Reader:
    return open_level(data_dir, "partnership")


def test_the_page_tells_the_release(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda label, data, **other: made.append(data))
    app = run("provision")
    assert [t.value for t in app.title] == [say.TITLE]
    assert lede(app) == (
        "There are 5 programmes, run by 3 providers. There is nothing in East Cambridgeshire on 9 of 9 pathways,"
        " Huntingdonshire on 9 of 9 pathways, South Cambridgeshire on 9 of 9 pathways, Peterborough on 8 of 9 pathways,"
        " Cambridge on 7 of 9 pathways and Fenland on 5 of 9 pathways. Of 7 lines on the list, 5 were checked in the last six months."
    )
    said = text(app)
    assert opening(app).startswith("No place has help with each kind of need. Some of the list has not been checked")
    assert "Nothing 9 with the need" in said and "There will be too little room for accommodation." in said
    assert (
        "10 people are known to be due out of prison in the next 13 weeks, 7 of them on a scheme. 7 would come out on a Friday."
        in said
    )
    assert "Unless something takes their place, nothing will be left for accommodation in Fenland." in said
    assert (
        "2 young people on a scheme will turn 18 in the next 26 weeks. Of 6 who did in the last three years, 4 were with adult"
        in said
    )
    assert "£820 a person (2025/26 prices)" in said and "Never verified" in said and "Stale" in said
    with zipfile.ZipFile(io.BytesIO(made[-1]())) as bundle:
        names, how = set(bundle.namelist()), bundle.read("method.md").decode()
    assert {"directory.csv", "needs_expected.csv", "releases_due.csv"} <= names and "**Needs to expect.**" in how


def test_the_open_level_holds_the_directory_and_nobody(run: Run) -> None:
    app = run("provision", level="open")
    said = text(app)
    assert say.OPEN in said and "Housing link worker" in said and "Stale" in said
    assert "9 with the need" not in said and "due out" not in said and "£820" not in said
    assert not app.get("plotly_chart")


def test_an_address_finds_an_entry(run: Run) -> None:
    app = run("provision", district="Fenland", find="women group")
    assert "There are 4 programmes in Fenland, run by 3 providers." in lede(app)
    assert "1 of 4 entries match." in text(app)
    assert "Women aged 18 to 40" in markup(app).split("The directory of programmes")[-1]


def test_words_and_states_narrow_the_directory(partnership: Reader) -> None:
    names, every = given.labels(partnership), given.directory(partnership)

    def programmes(words: str, state: str = "") -> list[str]:
        return [row["programme"] for row in given.found(every, names, words, state)]

    assert programmes("") == [row["programme"] for row in every]
    assert programmes("FEN homes peterborough") == ["HOME"]
    assert programmes("statutory health") == ["CLINIC", "HUB"]
    assert programmes("women", "drop_in") == ["HUB"], "what takes anyone takes women"
    assert programmes("", "unverified") == ["HOME", "ADVICE"] and programmes("", "ending") == ["HOME"]
    assert programmes("nothing like it") == []


def test_what_is_missing_where(partnership: Reader) -> None:
    names, every = given.labels(partnership), given.directory(partnership)
    missing = {one.entry["programme"]: one for one in given.elsewhere(every, names, given.needing(partnership))}
    assert "peterborough" in missing["CLINIC"].missing and missing["CLINIC"].here == ("cambridge",)
    assert next(iter(missing)) == "CLINIC" and missing["CLINIC"].people == 12, (
        "those whom most people go without come first"
    )
    here = given.elsewhere(every, names, given.needing(partnership), "fenland")
    assert [one.entry["programme"] for one in here] == ["CLINIC"]
    assert given.bare_after(every, names) == [("accommodation", "fenland")]
    groups = [(say.who(g), g.pathways, g.districts, g.needs) for g in given.left_out(partnership, names)]
    assert groups == [
        ("Children aged 10 to 17", ("accommodation",), ("fenland", "peterborough"), 2),
        ("Girls aged 10 to 17", ("women",), ("fenland",), 0),
        ("Women aged 41 and over", ("women",), ("fenland",), 3),
    ]


def test_releases_are_counted_once_everywhere(partnership: Reader) -> None:
    found = given.due(partnership)
    assert (found.people, sum(found.weeks), found.weekdays[4], found.on_scheme) == (10, 10, 7, 7)
    assert (found.overdue, found.undated) == (1, 2)
    assert given.due(partnership, "fenland").weekdays == (2, 0, 0, 0, 3, 0, 0)
    assert given.week_of(partnership, 1).isoformat() == "2026-10-01"


def test_the_chart_of_weeks_is_one_that_plotly_takes(partnership: Reader) -> None:
    found = given.due(partnership)
    starts = [given.week_of(partnership, number) for number in range(1, 14)]
    for usual in (3.7, None):
        drawn = given.weeks(found, starts, usual)
        go.Figure(drawn)  # every property is checked
        assert list(drawn["data"][0]["y"]) == list(found.weeks) == [3, 6, *[0] * 10, 1]
        assert ("usual week brings 3.7" in given.alt_weeks(found, usual)) == (usual is not None)


def test_a_release_without_a_directory_says_so(
    literal: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    literal.write(tmp_path)
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    assert lede(run("provision")) == say.NONE
