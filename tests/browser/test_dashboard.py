"""What only a browser can show: deep links, the address, reloads, downloads, and the width of a phone."""

import io
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ARTEFACTS, Server

pytestmark = pytest.mark.browser

OPEN = "Open (protected)"
# page -> its question, and the filters of a deep link with what must be chosen after it
PAGES = {
    "": ("How did we do this quarter?", {"district": "Fenland"}),
    "reoffending": ("Are people reoffending less?", {"measure": "Reoffences per 100 people", "by": "Need at index"}),
    "districts": ("Where is it changing?", {"measure": "Share in custody", "people": "Caseload"}),
    "pathways": ("Which pathways are people getting through?", {"pathway": "Finance"}),
    "data_quality": ("Can we trust these figures?", {}),
    "definitions": ("What does each measure mean?", {"measure": "Reoffences per 100 people"}),
}


def opened(tab: Page, server: Server, path: str, **filters: str) -> None:
    """Go to a page and wait until it has been drawn to its foot."""
    tab.goto(server.url(path) + (f"?{urlencode(filters)}" if filters else ""))
    ready(tab)


def ready(tab: Page) -> None:
    """Wait until the page has been drawn to its foot."""
    expect(tab.locator("p.foot")).to_be_visible(timeout=60_000)


def chosen(tab: Page, key: str) -> Locator:
    """The field of a filter; its value is the choice made."""
    return tab.locator(f".st-key-{key} input")


def walk(tab: Page, section: str, page: str) -> None:
    """Go to a page by the menu."""
    tab.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    tab.get_by_role("menuitem", name=page, exact=True).click()


def query(tab: Page) -> dict[str, list[str]]:
    """The filters in the address."""
    return parse_qs(urlsplit(tab.url).query)


def test_a_cold_deep_link_to_a_server_nobody_has_visited_keeps_filters_and_frame(
    just_started: Server, tab: Page
) -> None:
    """The trap: on the first request of its life a server might run the page alone, without frame or filters."""
    opened(tab, just_started, "reoffending", district="Peterborough", level=OPEN)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Are people reoffending less?")
    expect(tab.locator(".synthetic")).to_be_visible()
    expect(tab.locator(".chips")).to_contain_text(OPEN)
    assert query(tab) == {"district": ["Peterborough"], "level": [OPEN]}
    expect(tab.locator("p.lede")).to_contain_text("42%")  # the open level's rounded figure for Peterborough, 2024/25


def test_a_release_from_real_extracts_is_refused_beyond_this_machine_on_every_page(exposed: Server, tab: Page) -> None:
    for path in PAGES:
        tab.goto(exposed.url(path) + "?district=Fenland")
        expect(tab.get_by_role("heading", level=1)).to_have_text("This release is not shown here", timeout=20_000)
        expect(tab.get_by_text("made from real extracts")).to_contain_text("every network address")
        expect(tab.get_by_text("made from real extracts")).to_contain_text("--server.address 127.0.0.1")
        for figure in ("table", ".lede", ".tile", ".dots", ".panel", ".js-plotly-plot", ".chips", ".foot"):
            expect(tab.locator(figure)).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_a_deep_link_to_every_page_keeps_its_filters(server: Server, tab: Page, path: str) -> None:
    question, filters = PAGES[path]
    opened(tab, server, path, **filters)
    expect(tab.get_by_role("heading", level=1)).to_have_text(question)
    assert query(tab) == {name: [value] for name, value in filters.items()}
    for name, value in filters.items():
        expect(chosen(tab, name)).to_have_value(value)
    ARTEFACTS.mkdir(exist_ok=True)
    tab.screenshot(path=ARTEFACTS / f"{path or 'quarter'}-1280.png")


def test_small_multiples_are_drawn_and_described(server: Server, tab: Page) -> None:
    opened(tab, server, "districts")
    drawings = tab.locator(".panel img")
    expect(drawings).to_have_count(6)
    for place in range(6):  # Streamlit strips what it does not trust from HTML: the drawings must survive it
        assert drawings.nth(place).evaluate("e => e.complete && e.naturalWidth") > 0
        assert len(drawings.nth(place).get_attribute("alt") or "") > 20


def test_a_change_of_filter_is_written_to_the_address_and_a_reload_restores_it(server: Server, tab: Page) -> None:
    opened(tab, server, "")
    assert query(tab) == {}
    chosen(tab, "district").click()
    tab.get_by_role("option", name="Cambridge", exact=True).click()
    expect(tab.locator("p.lede")).to_contain_text("39.5%")
    tab.wait_for_url("**district=Cambridge**")
    tab.reload()
    ready(tab)
    expect(chosen(tab, "district")).to_have_value("Cambridge")
    expect(tab.locator("p.lede")).to_contain_text("39.5%")


def test_filters_survive_a_walk_between_pages(server: Server, tab: Page) -> None:
    opened(tab, server, "", district="Fenland", level=OPEN)
    walk(tab, "Outcomes", "Reoffending")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Are people reoffending less?")
    expect(chosen(tab, "district")).to_have_value("Fenland")
    tab.wait_for_url("**district=Fenland**")
    expect(tab.locator(".chips")).to_contain_text(OPEN)


def test_the_level_switch_changes_figures_and_address(server: Server, tab: Page) -> None:
    opened(tab, server, "")
    expect(tab.locator("p.lede")).to_contain_text("41.1%")
    tab.locator(".st-key-level").get_by_text(OPEN).click()
    expect(tab.locator("p.lede")).to_contain_text("42%")
    tab.wait_for_url("**level=Open**")


def test_a_download_opens_and_holds_figures_method_and_filters(server: Server, tab: Page, tmp_path: Path) -> None:
    opened(tab, server, "reoffending", district="Fenland")
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="Download these figures (ZIP)").click()
    kept = tmp_path / "held.zip"
    waiting.value.save_as(kept)
    with zipfile.ZipFile(io.BytesIO(kept.read_bytes())) as bundle:
        assert {"trend.csv", "breakdown.csv", "method.md", "about.txt"} <= set(bundle.namelist())
        about = bundle.read("about.txt").decode()
    assert "District: Fenland" in about
    assert "SYNTHETIC" in about
    assert "Data to: 30 September 2026" in about


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_page_without_sideways_scrolling(server: Server, tab: Page, path: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    opened(tab, server, path)
    main = tab.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    ARTEFACTS.mkdir(exist_ok=True)
    tab.screenshot(path=ARTEFACTS / f"{path or 'quarter'}-390.png")


@pytest.mark.parametrize("width", [1024, 1440])
def test_nothing_of_the_summary_lies_over_its_neighbour(server: Server, tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    opened(tab, server, "")
    over = tab.evaluate(
        """() => [...document.querySelectorAll("table.summary tr")].flatMap(row => {
            const ends = [...row.children].map(cell => ({
                left: cell.getBoundingClientRect().left,
                right: Math.max(...[cell, ...cell.querySelectorAll("*")].filter(e => !e.closest(".vh")).map(e => {
                    const inside = document.createRange(); inside.selectNodeContents(e);
                    return inside.getBoundingClientRect().right; })) }));
            return ends.slice(1).map((cell, i) => ends[i].right - cell.left).filter(by => by > 1);
        })"""
    )
    assert over == []
    assert tab.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_the_menu_of_a_phone_has_every_page_in_its_section(server: Server, tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    opened(tab, server, "")
    tab.get_by_test_id("stExpandSidebarButton").click()
    menu = tab.get_by_test_id("stSidebar")
    for name in ("Outcomes", "Reoffending", "Cohort", "Services", "Pathways", "Money", "About", "Definitions"):
        expect(menu.get_by_text(name, exact=True).first).to_be_visible()
    box = menu.bounding_box()
    assert box is not None
    assert box["width"] <= 390
    menu.get_by_text("Pathways", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Which pathways are people getting through?")


def test_a_deep_link_by_ids_reopens_the_view_and_writes_its_labels(server: Server, tab: Page) -> None:
    opened(tab, server, "reoffending", district="fenland", measure="reoffences_per_100", level="open")
    expect(chosen(tab, "district")).to_have_value("Fenland")
    expect(chosen(tab, "measure")).to_have_value("Reoffences per 100 people")
    expect(tab.locator(".chips")).to_contain_text(OPEN)
    expect(tab.locator(".band")).not_to_contain_text("not a choice")
    tab.reload()
    ready(tab)
    expect(chosen(tab, "district")).to_have_value("Fenland")
    chosen(tab, "district").click()
    tab.get_by_role("option", name="Cambridge", exact=True).click()
    tab.wait_for_url("**district=Cambridge**")
    expect(chosen(tab, "district")).to_have_value("Cambridge")


def test_a_deep_link_to_nowhere_says_so(server: Server, tab: Page) -> None:
    opened(tab, server, "", district="Atlantis")
    expect(tab.get_by_text("which is not a choice here")).to_contain_text("Atlantis")
    expect(chosen(tab, "district")).to_have_value("All districts")


def test_the_page_works_from_the_keyboard(server: Server, tab: Page) -> None:
    opened(tab, server, "")
    summary = tab.locator("summary", has_text="How is this worked out?")
    summary.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("details[open] dt").first).to_be_visible()


def test_the_back_button_walks_back_to_the_page(server: Server, tab: Page) -> None:
    """Not to its filters: Streamlit tells the server of a step back without them (docs/decisions.md, decision 41)."""
    opened(tab, server, "reoffending", district="fenland", measure="reoffences_per_100")
    expect(chosen(tab, "district")).to_have_value("Fenland")
    walk(tab, "Outcomes", "Districts")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Where is it changing?")
    ready(tab)
    tab.go_back()
    if "/reoffending" not in tab.url:
        tab.go_back()  # Streamlit made a step of its own of the filters that came along to the second page
    expect(tab.get_by_role("heading", level=1)).to_have_text("Are people reoffending less?")
    ready(tab)


def test_a_filter_changed_after_a_deep_link_is_the_one_that_goes_along(server: Server, tab: Page) -> None:
    opened(tab, server, "", district="Fenland")
    chosen(tab, "district").click()
    tab.get_by_role("option", name="Cambridge", exact=True).click()
    tab.wait_for_url("**district=Cambridge**")
    walk(tab, "Outcomes", "Reoffending")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Are people reoffending less?")
    expect(chosen(tab, "district")).to_have_value("Cambridge")


def test_a_table_opens_with_its_figures_and_what_they_count(server: Server, tab: Page) -> None:
    opened(tab, server, "")
    tab.locator("summary", has_text="Show these figures as a table").click()
    table = tab.locator("details[open] table")
    expect(table).to_be_visible()
    expect(table).to_contain_text("41.1%")
    expect(table.locator("th", has_text="Change since a year before")).to_be_visible()


def test_a_headline_leads_to_more_and_to_its_definition_with_the_filters(server: Server, tab: Page) -> None:
    opened(tab, server, "", district="Fenland", level=OPEN)
    tab.get_by_role("link", name="Reoffending rate", exact=True).first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Are people reoffending less?")
    expect(chosen(tab, "district")).to_have_value("Fenland")
    expect(chosen(tab, "measure")).to_have_value("Reoffending rate")
    expect(tab.locator(".chips")).to_contain_text(OPEN)
    tab.get_by_role("link", name="Definition", exact=True).first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("What does each measure mean?")
    expect(chosen(tab, "measure")).to_have_value("Reoffending rate")


def test_the_contents_lead_down_the_page(server: Server, tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    opened(tab, server, "definitions")
    tab.locator(".contents a", has_text="What the words mean").click()
    expect(tab.locator("h2#words")).to_be_in_viewport()
    heights = tab.locator(".contents a").evaluate_all("links => links.map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 24  # WCAG 2.2: a target of 24 pixels


def test_paper_shows_the_filters_as_text_and_not_as_boxes(server: Server, tab: Page) -> None:
    opened(tab, server, "", district="Fenland")
    expect(tab.locator(".on-paper")).to_be_hidden()
    tab.emulate_media(media="print")
    expect(tab.locator(".on-paper")).to_be_visible()
    expect(tab.locator(".on-paper")).to_contain_text("District: Fenland")
    expect(tab.locator(".stSelectbox").first).to_be_hidden()
    downloads = tab.locator(".stDownloadButton")
    for place in range(downloads.count()):
        expect(downloads.nth(place)).to_be_hidden()
