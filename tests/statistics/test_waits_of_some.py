"""A wait is of the rows of its denominator: how long others in the same fact took changes neither it nor its interval."""

from metrics.catalogue import catalogue
from tests.statistics.test_examples import worked_out

RECALLS = [
    {"person_key": f"p{n % 12}", "enforcement_kind": "recall", "days_to_end": n % 5, "executed": n != 7}
    for n in range(30)
]
"""Twelve people, most of them recalled more than once."""
OTHERS = [
    {"person_key": f"p{n}", "enforcement_kind": "warrant", "days_to_end": 40 + 90 * n, "executed": True}
    for n in range(9)
]


def test_the_interval_of_a_wait_is_that_of_its_own_rows() -> None:
    definition = catalogue()["recall_days"]
    alone = worked_out(definition, RECALLS)
    beside = worked_out(definition, RECALLS + OTHERS)
    assert alone["upper"] is not None and alone["lower"] < alone["value"] <= alone["upper"]
    for name in ("value", "lower", "upper", "numerator", "denominator"):
        assert beside[name] == alone[name], name
