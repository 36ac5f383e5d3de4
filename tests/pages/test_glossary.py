"""The glossary holds the words that pages use, and no others."""

import re
import tomllib
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from components import words
from components.words import GLOSSARY
from tests.pages.reading import ROOT, markup, text

Run = Callable[..., AppTest]
JARGON = (
    "index date", "index event", "restricted mean", "Kaplan-Meier", "95% interval", "proven reoffence", "follow-up",
    "cohort", "statutory", "fixed", "flex", "free", "polarity", "pooled", "provisional", "held", "suppressed", "withheld",
    "at liberty", "caseload", "caution", "disposal", "quarantined", "denominator", "strand", "tier", "pathway", "scheme",
    "waiting period", "confidence interval", "managing district", "home district", "cut-off",
    "break-even", "unit cost", "opportunity cost", "net present value", "price year", "optimism bias", "payback", "fiscal",
    "deadweight", "displacement", "attribution", "multiplier", "in kind", "mainstream", "set-up", "case mix", "managed",
)  # fmt: skip
"""Words of the field that a new reader stumbles on: each must be explained."""


def spoken() -> str:
    """All that the measures, breakdowns and pages can say, but for the glossary itself."""
    texts = [tomllib.loads(p.read_text("utf-8"))["text"] for p in sorted((ROOT / "metrics/definitions").glob("*.toml"))]
    said = [str(part) for text in texts for part in text.values()]
    files = [*(ROOT / "components").rglob("*.py"), *(ROOT / "pages").glob("*.py"), *(ROOT / "metrics").glob("*.toml")]
    said += [path.read_text("utf-8") for path in files if path.name != "glossary.py"]
    return "\n".join(said).lower()


SPOKEN = spoken()


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.anchor)
def test_every_word_explained_is_one_that_the_pages_use(term: words.Term) -> None:
    forms = [term.name.lower(), *(form.lower() for form in term.also)]
    assert any(re.search(rf"\b{re.escape(form)}", SPOKEN) for form in forms), term.name


@pytest.mark.parametrize("word", JARGON)
def test_every_hard_word_is_explained(word: str) -> None:
    heads = " ".join([form for term in GLOSSARY for form in (term.name, *term.also)]).lower()
    assert word.lower() in heads


def test_the_words_stand_in_order_and_once() -> None:
    names = [term.name.lower() for term in GLOSSARY]
    assert names == sorted(set(names))
    assert len({term.anchor for term in GLOSSARY}) == len(GLOSSARY)


def test_no_word_of_the_glossary_calls_people_by_what_they_did() -> None:
    said = " ".join(term.meaning for term in GLOSSARY).lower()
    assert not re.search(r"\b(offenders?|subjects?|criminals?|nominals?)\b", said)


def test_the_definitions_page_explains_every_word_and_leads_to_every_measure(run: Run, level: str) -> None:
    app = run("definitions", level)
    said, drawn = text(app), markup(app)
    assert all(term.meaning in said for term in GLOSSARY)
    places = re.findall(r'href="#([\w-]+)"', drawn)
    assert len(places) > 10
    assert [place for place in places if f'id="{place}"' not in drawn] == []


def test_one_measure_alone_is_shown_whole_with_the_way_back(run: Run) -> None:
    drawn = markup(run("definitions", measure="Reoffending rate"))
    assert 'class="contents"' not in drawn
    assert ">All measures</a>" in drawn
    assert "<details><summary>All of" not in drawn
