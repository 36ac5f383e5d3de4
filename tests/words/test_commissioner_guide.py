"""The commissioner's guide says what the page does: every verdict, slider, section and limit that it names is the code's."""

import re
from pathlib import Path

from components.value import scenario
from components.value import sentences as say
from metrics.value.parameters import parameters
from tests.value.cases import case

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "commissioner.md").read_text("utf-8")
FLAT = " ".join(GUIDE.split())


def test_every_verdict_stands_with_its_shape() -> None:
    rows = re.findall(r"^ +\| ([^|\s-]) \| ([^|]+) \|", GUIDE, flags=re.M)
    assert {(shape, word.strip()) for shape, word in rows} == {
        (say.SYMBOLS[code], say.SHORT[code]) for code in say.SHORT
    }


def test_every_slider_is_named_as_the_address_names_it() -> None:
    named = re.findall(r"`(\w+)`", GUIDE.split("## Ask what if")[1].split("## Bring")[0])
    knobs = scenario.knobs(case(), scenario.price_years(case(), scenario.Figures(parameters())))
    assert named == [
        *(
            "cost",
            "effect",
            "unit",
            "multiplier",
            "deadweight",
            "displacement",
            "attribution",
            "lasting",
            "discount",
            "prices",
        ),
        "beside",
    ]
    assert set(named) - {"beside"} == {knob.id for knob in knobs}


def test_the_limits_are_the_codes() -> None:
    assert f"up to {scenario.MOST_BESIDE} named ones" in FLAT and f"at most {scenario.LONGEST_NAME} letters" in FLAT


def test_the_sections_stand_in_the_pages_order() -> None:
    page = (ROOT / "pages" / "value_for_money.py").read_text("utf-8") + (ROOT / "components" / "valued.py").read_text(
        "utf-8"
    )
    sections = re.findall(r"\*\*([^*]+\?)\*\*", GUIDE)[:4]
    assert sections == [
        "Who pays, and who gains?",
        "How sure is it?",
        "What does each one cost?",
        "What is it resting on?",
    ]
    assert all(f'"{title}"' in page for title in sections)
    assert say.OPENING.rstrip(".") in FLAT


def test_the_desk_has_the_pages_it_names() -> None:
    source = (ROOT / "app" / "desk.py").read_text("utf-8")  # running it would start the desk
    assert {"Costs", "Parameters"} <= set(re.findall(r"page \*(\w+)\*", FLAT))
    for title in re.findall(r"page \*(\w+)\*", FLAT):
        assert f'"{title}"' in source
