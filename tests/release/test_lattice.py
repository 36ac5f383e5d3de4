"""The closed list of tables: what it holds at each level, and that a wrong entry is refused."""

from pathlib import Path

import pytest

from metrics.cohorts import cohorts
from release import lattice

COHORTS = {cohort.id: cohort for cohort in cohorts()}


def test_no_table_crosses_more_than_two_dimensions() -> None:
    for level in lattice.LEVELS:
        for cohort in COHORTS.values():
            for kind in lattice.KINDS:
                assert all(len(table) <= 2 for table in lattice.tables(level, "index_event", cohort, kind))


def test_open_quarters_are_totals_only() -> None:
    for cohort in COHORTS.values():
        for fact in ("index_event", "caseload", "pathway_step", "referral", "prison_release"):
            assert set(lattice.tables("open", fact, cohort, "quarter")) <= {()}


def test_open_area_cohorts_have_no_scheme_breakdowns() -> None:
    for kind in lattice.KINDS:
        used = {d for table in lattice.tables("open", "index_event", COHORTS["adults"], kind) for d in table}
        assert not used & {"managing_district", "scheme", "category", "tier", "strand", "need"}


def test_everything_open_is_partnership_too() -> None:
    for cohort in COHORTS.values():
        for kind in lattice.KINDS:
            exact = set(lattice.tables("partnership", "index_event", cohort, kind))
            assert set(lattice.tables("open", "index_event", cohort, kind)) <= exact


def test_two_way_tables_have_both_margins() -> None:
    """Without its margins a two-way table's lines could not be checked."""
    for cohort in COHORTS.values():
        for kind in lattice.KINDS:
            tables = set(lattice.tables("open", "index_event", cohort, kind))
            for table in tables:
                assert all((dim,) in tables for dim in table), (cohort.id, kind, table)


def test_mistakes_are_all_told(tmp_path: Path) -> None:
    file = tmp_path / "lattice.toml"
    file.write_text(
        '[[tables]]\nlevel = "secret"\nfacts = ["nothing"]\nkinds = ["week"]\nshapes = ["total"]\nextra = 1\n'
    )
    with pytest.raises(ValueError, match="extra is not known") as caught:
        lattice.rules(file)
    for word in ("level must be", "'nothing' is not one of facts", "'week' is not one of kinds"):
        assert word in str(caught.value)
