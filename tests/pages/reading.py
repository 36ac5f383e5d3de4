"""What a page says, read back from an AppTest run."""

import html
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "app" / "shell.py"
LEVELS = {"partnership": "Partnership (exact)", "open": "Open (protected)"}


def markup(app: AppTest) -> str:
    """All HTML of a page, in order."""
    return "\n".join(element.proto.body for element in app.get("html"))


def text(app: AppTest) -> str:
    """All that a page says in HTML, without its tags, its style sheet and its repeated spaces."""
    bare = re.sub(r"<style>.*?</style>", "", markup(app), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare)))


def lede(app: AppTest) -> str:
    """The sentence under the title."""
    found = re.search(r'<p class="lede">(.*?)</p>', markup(app), flags=re.S)
    assert found, "the page has no answer under its title"
    return html.unescape(found[1])


def opening(app: AppTest) -> str:
    """The plain-English sentences under the title."""
    found = re.search(r'<p class="opening">(.*?)</p>', markup(app), flags=re.S)
    assert found, "the page does not open in plain English"
    return html.unescape(found[1])
