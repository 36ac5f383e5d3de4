"""docs/requirements.md answers every numbered request, and whatever it names exists: files, pages, indicators, commands."""

import re
import tomllib
from pathlib import Path

import pytest

from app.cli import main
from app.frame import SECTIONS
from etl.contracts import TABLES
from metrics.areas import area_dimensions
from metrics.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/requirements.md"
TEXT = PAGE.read_text("utf-8")
ROWS = [
    [cell.strip() for cell in row.split("|")[1:-1]] for row in re.findall(r"^\| \d+ \|.*\|$", TEXT, flags=re.MULTILINE)
]
REQUESTS = 52
PAGES = {"Quarter", *(title for pages in SECTIONS.values() for title in pages.values())}
COHORTS = set(tomllib.loads((ROOT / "metrics/cohorts.toml").read_text("utf-8")))
INDICATORS = catalogue()


def anchors(page: Path) -> set[str]:
    """The places within a page that a link can lead to."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def links(cell: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", cell)


def targets(cell: str) -> list[str]:
    """All that a cell names: links, pages, indicators, cohorts, commands."""
    return [*links(cell), *re.findall(r"(?<!\*)\*([^*]+)\*", cell), *re.findall(r"`([^`]+)`", cell)]


def test_every_request_is_there_once_in_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, REQUESTS + 1))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_request_is_answered_or_says_why_not(row: list[str]) -> None:
    _, asked, today, answer, missing = row
    assert asked
    assert today in ("Yes", "Partly", "Not yet")
    assert bool(targets(answer)) is (today != "Not yet")
    assert bool(missing) is (today != "Yes")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_request_names_exists(row: list[str]) -> None:
    cells = " ; ".join(row[3:])
    for link in links(cells):
        file, _, anchor = link.partition("#")
        page = (PAGE.parent / file).resolve()
        assert page.is_file(), link
        assert not anchor or anchor in anchors(page), link
    assert set(re.findall(r"(?<!\*)\*([^*]+)\*", cells)) <= PAGES
    for marked in re.findall(r"`([^`]+)`", cells):
        if marked.startswith("iom "):
            name, *options = marked.removeprefix("iom ").split()
            known = {text for parameter in main.commands[name].params for text in parameter.opts}
            assert set(options) <= known, marked
    plain = set(re.findall(r"(?<!\[)`(\w+)`", cells))
    breakdowns = {*area_dimensions(), *(by for one in INDICATORS.values() for by in one.dimensions)}
    assert plain <= {*INDICATORS, *COHORTS, *breakdowns}
    assert set(re.findall(r"\[`(\w+)`\]", cells)) <= set(TABLES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_breakdown_named_is_one_of_its_indicator(row: list[str]) -> None:
    for indicator, said in re.findall(r"`(\w+)` by ((?:`\w+`(?:, | and )?)+)", row[3]):
        assert set(re.findall(r"`(\w+)`", said)) <= {*INDICATORS[indicator].dimensions, *area_dimensions()}, indicator


def test_every_indicator_and_page_answers_somebody_or_is_known_to_serve_others() -> None:
    """What nobody asked for by number: measures that others rest on."""
    answers = " ".join(row[3] for row in ROWS)
    unasked = {name for name in INDICATORS if f"`{name}`" not in answers}
    assert unasked == {
        "days_to_first_reoffence", "expected_reoffending_rate", "joined_scheme", "observed_minus_expected",
        "offences_per_year_at_liberty", "reoffences_per_reoffender", "scorable_share",
    }  # fmt: skip
    assert {page for page in PAGES if f"*{page}*" not in answers} == set()
