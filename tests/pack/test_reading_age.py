"""The public summary can be read at twelve: Flesch-Kincaid grade of each part, with a counter held to known words.

grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59 (Kincaid and others, 1975). A British reading age is
about five years more than the grade.
"""

import re

import pytest

from pack import public
from release.read import Reader

OLDEST = 8.0
"""The grade that no part may be above: a reading age of 13; the whole is held to 7."""


def syllables(word: str) -> int:
    """Groups of vowels, less a silent last e, at least one. Numbers are read as short words."""
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    if re.search(r"[^aeiouyl]e$|[^td]ed$|[^aeiouscxzgh]es$", word.lower()) and found > 1:
        found -= 1
    return max(found, 1)


def grade(text: str) -> float:
    sentences = [one for one in re.split(r"(?<=[.!?:;])\s+", text) if re.search(r"[A-Za-z]", one)]
    told = re.findall(r"[A-Za-z']+|\d[\d,./%]*", text)
    return 0.39 * len(told) / len(sentences) + 11.8 * sum(map(syllables, told)) / len(told) - 15.59


@pytest.mark.parametrize(("word", "many"), [("crime", 1), ("people", 2), ("scheme", 1), ("probation", 3), ("helped", 1), ("started", 2),
                                            ("numbers", 2), ("agencies", 3), ("likes", 1), ("charities", 3)])  # fmt: skip
def test_the_counter_counts_syllables(word: str, many: int) -> None:
    assert syllables(word) == many


def test_the_measure_tells_plain_from_official_english() -> None:
    assert grade("The cat sat on the mat. It was warm.") < 2
    assert (
        grade(
            "Multi-agency partnerships facilitate the rehabilitation of persistent offenders through integrated interventions."
        )
        > 16
    )


def test_every_part_of_the_public_summary_is_in_plain_english(levels: dict[str, Reader]) -> None:
    parts = public.parts(levels["open"])
    area = levels["open"].area
    for title, said in parts:
        text = " ".join(said).replace("Integrated Offender Management (IOM)", "The scheme").replace(area, "our county")
        text = re.sub(r"(East |South )?(Cambridgeshire|Huntingdonshire|Peterborough|Cambridge|Fenland)", "Town", text)
        assert grade(text) <= OLDEST, (title, grade(text))
    whole = " ".join(line for _, said in parts for line in said)
    assert grade(whole) <= 7, grade(whole)


def test_it_uses_none_of_the_fields_own_words(levels: dict[str, Reader]) -> None:
    whole = " ".join(line for _, said in public.parts(levels["open"]) for line in said).lower()
    for word in (
        "cohort",
        "95% interval",
        "reoffence",
        "index event",
        "offenders",
        "quarterly",
        "denominator",
        "statutory",
        "median",
    ):
        assert word not in whole, word


def test_the_verdicts_words_say_no_more_than_it(levels: dict[str, Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    from components import evidence

    case = evidence.picked(levels["open"], "scheme:iom", "")[0]
    for code, first in (
        ("fewer", "Yes."),
        ("more", "No."),
        ("cannot_tell", public.CANNOT),
        ("no_verdict", public.CANNOT),
    ):
        told = evidence.Case({**case.about, "verdict": code})
        monkeypatch.setattr(evidence, "picked", lambda *_, told=told: [told])
        assert public.verdict(levels["open"]).startswith(first)
    monkeypatch.setattr(evidence, "picked", lambda *_: [])
    assert public.verdict(levels["open"]).startswith(public.CANNOT)
