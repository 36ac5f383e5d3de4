"""The first start of a stranger's clone: no data, nothing configured, one browser; the county is built and shown."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ARTEFACTS, Server

pytestmark = pytest.mark.browser


def test_the_first_start_names_its_steps_and_ends_in_a_quarter(first_start: Server, tab: Page) -> None:
    tab.goto(first_start.url())
    expect(tab.get_by_role("heading", level=1)).to_have_text("Making a synthetic county")
    bar = tab.get_by_test_id("stProgress")
    expect(bar).to_be_visible()
    seen = [bar.inner_text()]
    assert seen[0].strip() not in ("", "Starting")
    expect(tab.get_by_text("invents 300 people")).to_contain_text("75 to 95 seconds where two processor cores are free")
    expect(bar).to_contain_text("Loading", timeout=120_000)
    assert re.search(r"\(\d+ seconds? so far\)", bar.inner_text())
    ARTEFACTS.mkdir(exist_ok=True)
    tab.screenshot(path=ARTEFACTS / "first-start.png")
    expect(tab.get_by_role("heading", level=1)).to_have_text("How did we do this quarter?", timeout=300_000)
    expect(tab.locator(".synthetic").first).to_contain_text("nobody here exists")
    expect(tab.locator("table.figures").first).to_contain_text("Reoffending rate")
