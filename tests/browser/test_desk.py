"""A list goes through a real browser and a real server, and comes back as an evaluation that names nobody."""

import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import programme_check
from components import verdicts
from tests.browser.conftest import ARTEFACTS, ROOT, Server
from tests.desk import made
from tests.release.made_comparison import SEVENTY, pnc

pytestmark = pytest.mark.browser
LIST = made.as_csv([*SEVENTY, (pnc(9999), "", "2018-09-01")])


class Desk(Server):
    """The desk, started as the analyst starts it."""

    def __init__(self, data_dir: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "desk", "--port", str(self.port), "--data-dir", str(data_dir)],
            cwd=ROOT,
            env={**os.environ, "STREAMLIT_SERVER_HEADLESS": "true"},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    made.write(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def desk(chromium: str, data_dir: Path, tmp_path: Path) -> Iterator[Desk]:
    running = Desk(data_dir, tmp_path / "desk.log")
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def test_a_list_is_checked_taken_away_and_kept_nowhere(desk: Desk, data_dir: Path, tab: Page, tmp_path: Path) -> None:
    before = {path for path in data_dir.rglob("*") if path.is_file()}
    tab.goto(desk.url("programme_check"))
    expect(tab.locator("p.foot")).to_be_visible(timeout=60_000)
    tab.get_by_label("Name of the programme").fill("Mentoring")
    tab.get_by_label("Name of the programme").press("Tab")
    file = {"name": "20-0000001Q.csv", "mimeType": "text/csv", "buffer": LIST}
    tab.locator("input[type=file]").set_input_files([file])
    expect(tab.get_by_text("20-0000001Q.csv")).to_be_visible()
    tab.get_by_role("button", name="Check this programme").click()
    expect(tab.get_by_role("heading", name="How much of the list was found?")).to_be_visible(timeout=60_000)

    case = programme_check.check(LIST, "list.csv", "Mentoring", data_dir).case
    expect(tab.locator("p.lede")).to_have_text(verdicts.verdict(case.about, case.headline))
    expect(tab.get_by_text("71 rows were read and 70 people found.")).to_be_visible()
    with tab.expect_download() as taken:
        tab.get_by_role("button", name="Download this evaluation (ZIP)").click()
    taken.value.save_as(tmp_path / "taken.zip")
    with zipfile.ZipFile(tmp_path / "taken.zip") as bundle:
        held = " ".join(bundle.read(name).decode() for name in bundle.namelist())
    everywhere = tab.content() + tab.url + held + (tmp_path / "desk.log").read_text("utf-8")
    for number in (0, 1, 33, 69, 9999):
        assert f"{number:07d}Q" not in everywhere
    assert {path for path in data_dir.rglob("*") if path.is_file()} == before

    tab.set_viewport_size({"width": 390, "height": 900})
    wide = tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    ARTEFACTS.mkdir(exist_ok=True)
    tab.screenshot(path=ARTEFACTS / "programme-check-390.png")
