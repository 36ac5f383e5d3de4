"""The self-assessment file: every statement belongs to a part, and every figure that it names can be read."""

from pathlib import Path

import pytest

from common import paths
from common.errors import ProblemError
from components.review.assessment import KINDS, assessment, statements
from metrics.catalogue import catalogue
from metrics.cohorts import cohorts
from release.partners import standing_of_partners
from tests.facts.stores import day, store


def test_five_principles_and_five_characteristics_each_with_statements() -> None:
    parts = assessment()
    assert [sum(part.kind == kind for part in parts) for kind in KINDS] == [5, 5]
    assert all(2 <= len(part.statements) <= 3 for part in parts)
    assert len(statements()) == sum(len(part.statements) for part in parts)


def test_every_figure_named_is_one_that_a_release_holds() -> None:
    known, served = catalogue(), {one.id for one in cohorts()}
    standing = set(standing_of_partners(store(), day("2026-09-30"))["measure"])
    for one in statements().values():
        for figure in one.figures:
            if figure.standing:
                assert figure.standing in standing, one.id
            else:
                assert figure.cohort in served, one.id
                assert known[figure.indicator].serves(figure.cohort), one.id


def test_statements_are_plain_and_about_people() -> None:
    text = paths.reference("self_assessment.toml").read_text("utf-8").split("[[statement]]", 1)[1].lower()
    assert not [word for word in ("offender", "nominal", "stakeholder", "holistic") if word in text]
    assert all(len(one.text.split()) <= 25 for one in statements().values())


def test_every_mistake_in_the_file_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(
        '[[part]]\nkind = "maxim"\nid = "a"\ntitle = "A"\nsays = "."\n'
        '[[statement]]\npart = "b"\nid = "x"\ntext = "."\nbring = "."\nfigures = [{indicator = "y"}]\n'
        '[[statement]]\npart = "a"\nid = "x"\ntext = "."\n',
        encoding="utf-8",
    )
    with pytest.raises(ProblemError) as told:
        assessment(file)
    for said in (
        "'x' is there twice",
        "a: no such kind",
        "x: no part 'b'",
        "x: fields are",
        "a figure is an indicator and a cohort",
    ):
        assert said in str(told.value)
