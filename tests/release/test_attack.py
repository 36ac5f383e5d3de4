"""What the open level hides stays hidden from an exact attacker, and the same attacker breaks a weak scheme."""

import polars as pl
import pytest

from release.protect import SLACK, Quantity, protect, small
from tests.release import attack

QUANTITIES = (Quantity("people"), Quantity("again", of="people"))
SHOWN = {"people": "people__shown", "again": "again__shown"}


@pytest.mark.parametrize(("people", "seed"), [(60, 1), (60, 2), (100, 3), (150, 4), (150, 5), (300, 6)])
def test_no_hidden_cell_is_recovered(people: int, seed: int) -> None:
    county = attack.county(people, seed)
    published = protect(attack.cells(county), QUANTITIES, attack.KINDS, attack.COVERS)
    assert published["people__shown"].null_count() > 0, "nothing was hidden, so nothing was tested"
    assert attack.recovered(county, published, SHOWN, SLACK) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_attack_breaks_suppression_without_complements(seed: int) -> None:
    county = attack.county(100, seed)
    cells = attack.cells(county)
    weak = cells.with_columns(
        pl.when(small(pl.col(name))).then(None).otherwise(pl.col(name).cast(pl.Float64)).alias(f"{name}__shown")
        for name in ("people", "again")
    )
    assert attack.recovered(county, weak, SHOWN, 0), "the attacker found nothing: the test above proves nothing"


def test_the_same_attack_breaks_our_own_scheme_without_complements() -> None:
    """The rules and the exact counts as they are, leaving out only complementary suppression and rounding."""
    county = attack.county(100, 3)
    hidden = protect(attack.cells(county), QUANTITIES, attack.KINDS, attack.COVERS, complementary=False)
    weak = hidden.with_columns(
        pl.when(pl.col(f"{name}__shown").is_null()).then(None).otherwise(pl.col(name).cast(pl.Float64))
        .alias(f"{name}__shown")
        for name in ("people", "again")
    )  # fmt: skip
    assert attack.recovered(county, weak, SHOWN, 0)
