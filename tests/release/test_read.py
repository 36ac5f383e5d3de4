"""The reader on a release written by hand: members always there, single choices, and nothing outside the lattice."""

from pathlib import Path

import pytest

from common.errors import ProblemError
from release import files
from release.read import OutsideLatticeError, Reader
from tests.release import literal


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    literal.write(folder)
    return folder


@pytest.fixture(scope="module")
def exact(data_dir: Path) -> Reader:
    return files.open_level(data_dir, "partnership")


@pytest.fixture(scope="module")
def shown(data_dir: Path) -> Reader:
    return files.open_level(data_dir, "open")


def test_a_figure_is_the_one_written(exact: Reader) -> None:
    """2025Q1: 13 + 11 + 9 + 33 people of whom 5 + 4 + 2 + 14 reoffended."""
    found = exact.figure("reoffending_rate", "scheme", "2025Q1")
    assert (found.numerator, found.denominator, found.value) == (25, 66, pytest.approx(100 * 25 / 66))
    assert (found.status, found.level, found.release) == ("final", "partnership", literal.RELEASE_ID)


def test_every_member_is_there_and_missing_ones_say_so(exact: Reader) -> None:
    frame = exact.figures("reoffending_rate", "scheme", "2024Q4", by=["district"])
    assert frame["val1"].to_list() == list(literal.DISTRICTS)
    gone = frame.filter(frame["value"].is_null())
    assert gone["status"].unique().to_list() == ["not available"]
    assert all(gone["reason"].to_list())


def test_states_of_follow_up(exact: Reader) -> None:
    frame = exact.figures("reoffending_rate", "scheme")
    states = dict(zip(frame["period"], frame["status"], strict=True))
    assert states["2025Q1"] == "final"
    assert states["2025Q2"] == states["2025Q3"] == "provisional"
    assert states["2025Q4"] == "immature"
    assert states[literal.EMPTY_QUARTER] == "not available"
    assert exact.latest_complete("scheme") == "2025Q1"


def test_the_year_before(exact: Reader) -> None:
    assert exact.year_before("2025Q1") == "2024Q1"
    assert exact.year_before("2024/25") == "2023/24"
    assert exact.year_before("2025/26-2027/28") == "2022/23-2024/25"
    assert exact.year_before("2024Q1") is None


def test_district_is_the_cohorts_own(exact: Reader) -> None:
    found = exact.figure("reoffending_rate", "scheme", "2024Q4", {"district": "east_cambridgeshire"})
    assert found.where == {"managing_district": "east_cambridgeshire"}
    assert found.denominator == 1


@pytest.mark.parametrize("value", [["female", "male"], "no_such", None])
def test_filters_are_single_choices(exact: Reader, value: object) -> None:
    with pytest.raises(ProblemError, match="not a single value of sex"):
        exact.figures("reoffending_rate", "scheme", "all", where={"sex": value})  # type: ignore[dict-item]


def test_a_dimension_is_a_breakdown_or_a_filter(exact: Reader) -> None:
    with pytest.raises(ProblemError, match="cannot also be a filter"):
        exact.figures("reoffending_rate", "scheme", "all", by=["district"], where={"managing_district": "fenland"})


def test_outside_the_lattice_names_what_is_near(exact: Reader) -> None:
    with pytest.raises(OutsideLatticeError, match="by sex over quarters") as caught:
        exact.figures("reoffending_rate", "scheme", by=["sex", "need"])
    assert caught.value.exit_code == 2


def test_the_open_level_has_no_quarters_of_districts(shown: Reader) -> None:
    with pytest.raises(OutsideLatticeError, match="by managing_district over years"):
        shown.figures("reoffending_rate", "scheme", "2025Q1", by=["district"])
    assert shown.small_counts() == 0


def test_a_suppressed_figure_has_its_reason(shown: Reader) -> None:
    found = shown.figure("reoffending_rate", "scheme", "all", {"district": "east_cambridgeshire"})
    assert (found.status, found.value) == ("suppressed", None)
    assert found.reason


def test_an_unknown_release_is_refused_with_those_there_are(data_dir: Path) -> None:
    with pytest.raises(ProblemError, match=literal.RELEASE_ID):
        files.open_level(data_dir, "open", "20200101T000000-000000")


def test_curves_start_at_everybody(exact: Reader) -> None:
    curve = exact.curve("days_to_first_reoffence", "scheme", "all")
    assert curve["day"][0] == 0
    assert curve["value"][0] == 100
