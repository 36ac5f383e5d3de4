"""The cut-off of a publish: what every contributing source reaches, and never later."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from app.publish import refuse_mixed
from common.errors import ProblemError
from etl.cutoff import cutoff_of
from etl.parts import Part

EARLY, LATE = dt.date(2026, 6, 30), dt.date(2026, 9, 30)


def part(source: str, table: str, as_at: dt.date | None) -> Part:
    return Part(
        Path(), f"{source}.csv", "", source, "police", "", True, True, "file", as_at, "", "", 1, 1, 0, 0, {table: 1}
    )


def test_the_cutoff_is_what_every_contributing_source_reaches() -> None:
    assert cutoff_of([part("police", "offence", LATE), part("prison", "custody_spell", EARLY)]) == EARLY


def test_context_does_not_hold_back_the_cutoff() -> None:
    assert cutoff_of([part("police", "offence", LATE), part("street", "recorded_crime", EARLY)]) == LATE


def test_context_alone_has_a_cutoff_of_its_own() -> None:
    assert cutoff_of([part("street", "recorded_crime", EARLY)]) == EARLY


def test_a_later_cutoff_than_a_source_reaches_is_refused_by_the_sources_name() -> None:
    with pytest.raises(ProblemError, match="prison"):
        cutoff_of([part("police", "offence", LATE), part("prison", "custody_spell", EARLY)], LATE)


@pytest.mark.parametrize("asked", [None, LATE])
def test_a_source_that_no_day_is_known_of_is_refused_even_where_a_cutoff_is_given(asked: dt.date | None) -> None:
    """A cut-off later than the data would make unfinished follow-up final: the classic error."""
    with pytest.raises(ProblemError, match=r"which day these sources reach: police.*--as-at"):
        cutoff_of([part("police", "offence", None), part("prison", "custody_spell", LATE)], asked)


def test_invented_and_real_extracts_are_not_published_together() -> None:
    invented = part("police", "offence", LATE)
    real = replace(part("provider", "intervention_spell", LATE), synthetic=False)
    with pytest.raises(ProblemError, match=r"real ones are provider\.csv"):
        refuse_mixed([invented, real])
    refuse_mixed([invented])
    refuse_mixed([real])
    refuse_mixed([])
