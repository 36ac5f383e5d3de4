"""Revisions are told figure by figure; what was provisional and is now final is none; none says so."""

import shutil
from pathlib import Path

import duckdb
import pytest

from common import versions
from pack import changed
from release import files
from release.read import Reader
from release.revisions import previous, revisions
from tests.release import literal

EARLIER = "20260701T090000-abc120"


@pytest.fixture(scope="module")
def pair(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Reader, Reader]:
    """The hand-written release, and one before it in which three figures were otherwise."""
    root = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(data_dir, root)
    known = files.releases_root(root)
    shutil.copytree(known / literal.RELEASE_ID, known / EARLIER)
    total = "indicator = 'reoffending_rate' AND cohort = 'scheme' AND dim1 = '' AND dim2 = ''"
    with duckdb.connect(str(known / EARLIER / "partnership.duckdb")) as con:
        con.execute(f"UPDATE release SET id = '{EARLIER}', cutoff = DATE '2026-06-30'")
        con.execute(f"UPDATE figure SET value = 12.5 WHERE {total} AND period = '2024/25'")
        con.execute(f"UPDATE figure SET value = 11.5, status = 'provisional' WHERE {total} AND period = '2025Q1'")
        con.execute(f"UPDATE figure SET value = value + 1e-12 WHERE {total} AND period = '2024Q1'")
        con.execute(
            "UPDATE figure SET value = 1.5 WHERE indicator = 'reoffending_rate' AND cohort = 'scheme'"
            " AND dim1 = 'managing_district' AND val1 = 'fenland' AND dim2 = '' AND period = '2024/25'"
        )
    versions.write_manifest(known / EARLIER, {"id": EARLIER, "cutoff": "2026-06-30"})
    now = files.open_level(root, "partnership")
    before = previous(now)
    assert before is not None
    return now, before


def test_the_release_before_is_found_by_level_and_place(pair: tuple[Reader, Reader]) -> None:
    now, before = pair
    assert before.id == EARLIER
    assert before.level == now.level
    assert previous(before) is None


def test_final_figures_that_differ_are_revisions_and_nothing_else_is(pair: tuple[Reader, Reader]) -> None:
    found = revisions(*pair)
    keys = [(row["indicator"], row["cohort"], row["period"], row["val1"]) for row in found.revised.to_dicts()]
    assert keys == [("reoffending_rate", "scheme", "2024/25", ""), ("reoffending_rate", "scheme", "2024/25", "fenland")]
    assert found.finished == 1
    assert (found.hidden, found.brought, found.redefined) == (0, 0, [])


def test_each_is_told_as_both_releases_show_it(pair: tuple[Reader, Reader]) -> None:
    now, before = pair
    rows = changed.rows(now, revisions(now, before))
    [(measure, _, period, group, old, new, by), district] = rows
    assert (measure, period, group, old) == ("Reoffending rate", "Year to March 2025", "Everybody", "12.5%")
    figure = now.figure("reoffending_rate", "scheme", "2024/25")
    assert new == f"{figure.value:.1f}%"
    assert by == f"+{figure.value - 12.5:.1f} points"
    assert district[3:5] == ("Fenland", "1.5%")
    said = changed.answer(revisions(now, before), before)
    assert "2 that were final are different" in said and EARLIER in said and "30 June 2026" in said


def test_none_says_so(pair: tuple[Reader, Reader]) -> None:
    now, _ = pair
    assert changed.answer(revisions(now, now), now).startswith("No final figure has been revised")


def test_another_area_or_real_beside_synthetic_is_no_earlier_release(data_dir: Path, tmp_path: Path) -> None:
    root = tmp_path / "data"
    shutil.copytree(data_dir, root)
    known = files.releases_root(root)
    shutil.copytree(known / literal.RELEASE_ID, known / EARLIER)
    with duckdb.connect(str(known / EARLIER / "open.duckdb")) as con:
        con.execute("UPDATE release SET area = 'Elsewhere'")
    versions.write_manifest(known / EARLIER, {"id": EARLIER, "cutoff": "2026-06-30"})
    assert previous(files.open_level(root, "open", literal.RELEASE_ID)) is None
