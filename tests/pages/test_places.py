"""Who should the next place go to: the page on a small release with places written by hand, at both levels."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import places
from components.places import sentences as say
from metrics.places.allocate import allocate, today
from release.read import Reader
from tests.pages.reading import lede, markup, text

Run = Callable[..., AppTest]
BANDS = {"0": (12, 5, 200, 4, 10.0), "1": (10, 2, 90, 3, 25.0), "4-6": (11, 4, 30, 1, 110.0), "7-11": (9, 1, 4, 0, 260.0)}  # fmt: skip
DISTRICTS = {"fenland": {"1": (6, 1, 40, 2, 30.0), "7-11": (2, 0, 3, 0, 280.0)}, "peterborough": {"0": (5, 2, 90, 0, 9.0), "4-6": (9, 3, 20, 1, 100.0)}}  # fmt: skip


@pytest.fixture(scope="module")
def data_dir(literal: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written release with places by band, district and tier."""
    place = tmp_path_factory.mktemp("places")
    literal.write(place)
    literal.add(place, lambda con, level: _fill(con, mine=level == "partnership"))
    return place


def _fill(con: duckdb.DuckDBPyConnection, *, mine: bool) -> None:
    period = con.sql("SELECT max(period) FROM period WHERE kind = 'quarter'").fetchall()[0][0]

    def add(district: str, tier: str, band: str, found: tuple[float | None, ...]) -> None:
        held, inside, outside, outside_inside, expected = found
        rates = (expected, None, None) if expected is None else (expected, expected * 0.6, expected * 1.5)
        row = (period, district, tier, band, [*BANDS].index(band), held, inside, outside, outside_inside, 40, 60, 20, None, *rates, "" if expected else "not known")  # fmt: skip
        con.execute(f"INSERT INTO place VALUES ({', '.join('?' * len(row))})", row)

    for band, found in BANDS.items():
        if mine:
            add("", "", band, found)
        elif band in ("0", "1"):
            add("", "", band, (found[0], None, found[2], None, found[4]))
    for district, bands in DISTRICTS.items() if mine else ():
        for band, found in bands.items():
            add(district, "", band, found)
    if mine:
        add("", "tier_1", "7-11", (9, 1, 0, 0, None))


def test_the_page_tells_the_release(run: Run, level: str, source: Reader) -> None:
    app = run("places", level)
    assert [t.value for t in app.title] == [say.TITLE]
    bands = places.bands(source)
    assert [row["band"] for row in bands] == (["7-11", "4-6", "1", "0"] if level == "partnership" else ["1", "0"])
    for row in bands:
        assert f"<b>{row['expected']:.0f}</b>" in markup(app)
    assert say.averts(places.reduction(source)) in text(app)
    if level == "open":
        assert say.NO_DISTRICTS in text(app)
        assert not app.slider
    else:
        cells = places.cells(source)
        now = today(cells)
        assert sum(now.places) == 5 + 2 + 3 + 6
        best = allocate(cells, sum(now.places))
        assert f"face about {now.faced:,.0f} offences a year" in lede(app)
        assert f"the same number would face about {best.faced:,.0f}" in lede(app)


def test_the_download_holds_how_it_is_worked_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda label, data, **other: made.append(data))
    run("places")
    with zipfile.ZipFile(io.BytesIO(made[-1]())) as bundle:
        how, tiers = bundle.read("method.md").decode(), bundle.read("tiers.csv").decode()
    assert "**What a place faces.** What a band goes on to do" in how and say.CAUTION in how
    assert "averted,averted_lower,averted_upper" in tiers


def test_the_address_moves_the_explorer(run: Run) -> None:
    app = run("places", places="10", promised="50", sharing="As places are held now")
    assert [s.value for s in app.slider] == [10, 50]
    assert "10 places, 50% of them promised to districts as places are held now" in text(app)


def test_a_number_that_cannot_be_is_left_out_and_said(run: Run) -> None:
    app = run("places", places="9999")
    assert [s.value for s in app.slider] == [16, 0]
    assert "it can be 1 to 32: it was left out" in text(app)


def test_a_release_without_places_says_so(
    literal: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    literal.write(tmp_path)
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    assert lede(run("places")) == say.NONE
