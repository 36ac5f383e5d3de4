"""The invented county's review: written once, by the store's own rules, about measures that there are."""

from pathlib import Path

from app.demo_review import write_review
from components import review
from components.review.assessment import statements
from metrics.catalogue import catalogue


def test_the_invented_review_is_written_once_and_never_over_another(tmp_path: Path) -> None:
    assert write_review(tmp_path)
    held = review.read(tmp_path)
    assert [(one.id, one.open) for one in held.actions] == [
        ("2025Q4-001", False),
        ("2026Q1-001", True),
        ("2026Q2-001", True),
    ]
    assert all(catalogue()[one.draft.indicator].serves(one.draft.cohort) for one in held.actions)
    assert len(held.answers) == 6 * len(statements())
    assert not write_review(tmp_path)
    assert review.read(tmp_path) == held
