"""How the page on promises opens: how many targets are met and missed, in sentences that anybody can read."""

from itertools import product
from types import SimpleNamespace

import pytest

from components.compliance import sentences as say
from tests.words.test_openings import plain


def groups(met: int, missed: int, unsure: int, without: int = 3) -> list[SimpleNamespace]:
    kinds = ["meets"] * met + ["misses"] * missed + ["cannot tell"] * unsure + ["no target"] * without
    return [SimpleNamespace(lines=[SimpleNamespace(status=SimpleNamespace(kind=kind)) for kind in kinds])]


@pytest.mark.parametrize(("met", "missed", "unsure"), [c for c in product(range(3), repeat=3) if any(c)])
def test_the_opening_counts_the_targets(met: int, missed: int, unsure: int) -> None:
    said = say.opening(groups(met, missed, unsure))  # type: ignore[arg-type]
    plain(said)
    assert ("the one target" if met + missed + unsure == 1 else f"the {met + missed + unsure} targets") in said
    if met + missed + unsure == 1 and not unsure:
        assert f"The scheme {'meets' if met else 'misses'} the one target" in said
    elif met or missed:
        assert f"meets {met or 'none'} of the" in said
        assert f"misses {missed or 'none'}." in said
        assert ("luck" in said) == bool(unsure)
    else:
        assert "cannot tell yet" in said


def test_nothing_is_said_of_targets_where_none_is_set() -> None:
    assert say.opening(groups(0, 0, 0)) == say.opening([]) == ""  # type: ignore[arg-type]
