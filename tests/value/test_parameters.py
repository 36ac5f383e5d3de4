"""A partnership's own parameters: what replaces what, and every mistake told at once with what is allowed."""

from pathlib import Path

import pytest

from common.errors import ProblemsError
from metrics.value import discounting, local
from metrics.value.parameters import FILE, parameters
from metrics.value.unit_costs import mix_cost

HEAD = "name,value,low,high,unit,price_year,source,edition,retrieved,checked,note"


def write(folder: Path, *lines: str) -> Path:
    (folder / FILE).write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return folder


def problems(folder: Path, *lines: str) -> list[str]:
    with pytest.raises(ProblemsError) as told:
        parameters(write(folder, *lines))
    assert all(one.what and one.where and one.allowed and one.remedy for one in told.value.problems)
    return [str(one) for one in told.value.problems]


def test_without_a_file_the_reference_stands(tmp_path: Path) -> None:
    assert parameters(tmp_path) == parameters() and parameters(tmp_path).own() == {}


def test_a_partnerships_own_replaces_one_figure_and_is_marked(tmp_path: Path) -> None:
    known = parameters(
        write(
            tmp_path,
            'crime.robbery,"£12,500",10000,15000,£ an offence,2023/24,Force finance team,2026,2026-01-05,true,ours',
        )
    )
    one = known["crime.robbery"]
    assert (one.value, one.low, one.high, one.price_year, one.source) == (
        12_500,
        10_000,
        15_000,
        "2023/24",
        "Force finance team",
    )
    assert one.local and one.checked and one.title == "Robbery of a person"
    assert set(known.own()) == {"crime.robbery"} and not known["crime.arson"].local
    found = mix_cost({"robbery": 1}, "2023/24", known)
    assert found.pounds == 12_500 and found.by_type[0].local and found.share_unchecked == 0
    known = parameters(write(tmp_path, "crime.robbery,12500,,,,2023/24,Force finance team,,,,"))
    assert (
        mix_cost({"robbery": 1, "arson": 3}, "2023/24", known).share_unchecked == 0.75
    )  # not from memory or the press: ours
    assert not parameters()["crime.robbery"].local  # the reference is as it was


def test_without_a_range_it_is_taken_as_known(tmp_path: Path) -> None:
    one = parameters(write(tmp_path, "multiplier,1.8,,,,,Our own count,,,,"))["multiplier"]
    assert one.ranged() == (1.8, 1.8, 1.8) and one.unit == "ratio" and not one.checked


def test_percentages_are_percentages(tmp_path: Path) -> None:
    known = parameters(
        write(tmp_path, "displacement,10%,0%,30%,%,,Our panel,,,,", "discount.1,4,,,% a year,,Our treasurer,,,,")
    )
    assert known["displacement"].ranged() == (0.1, 0.0, 0.3)
    assert discounting.factor(1, known=known) == pytest.approx(1 / 1.04)
    assert discounting.factor(31, known=known) == pytest.approx(1.04**-30 / 1.03)


def test_an_agencys_cost_and_a_later_years_prices_may_be_added(tmp_path: Path) -> None:
    known = parameters(
        write(
            tmp_path,
            "agency.HOSTEL,52,,,£ a night,2025/26,The city council,,,yes,A night in a hostel",
            "deflator.2025,103.1,,,,,Treasury,,,,",
        )
    )
    assert known["agency.HOSTEL"].title == "A night in a hostel" and known["agency.HOSTEL"].is_money
    assert known["deflator.2025"].value == 103.1


@pytest.mark.parametrize(
    ("line", "said", "allowed"),
    [
        ("crime.robbery,-5,,,,2023/24,Us,,,,", "The value of crime.robbery is -5", "0 to 10,000,000 (£ an offence)"),
        ("discount.1,350,,,,,Us,,,,", "The value of discount.1 is 350", "0 to 20 (% a year)"),
        ("discount.1,350%,,,,,Us,,,,", "The value of discount.1 is 350", "0 to 20 (% a year)"),
        ("crime.robbery,12000,,,,,Us,,,,", "A price year is missing: crime.robbery", "as 2015/16"),
        ("crime.robbery,12000,,,,2023/25,Us,,,,", "A price year is not a year: crime.robbery", "as 2015/16"),
        ("crime.robbery,12000,,,,1985/86,Us,,,,", "is 1985/86, which the deflator does not reach", "1990 to 2034"),
        (
            "crime.spying,12000,,,,2023/24,Us,,,,",
            "crime.spying is not a parameter",
            "a name that `iom parameters` lists",
        ),
        ("multiplier,2,3,4,,,Us,,,,", "The low of multiplier is 3, above its value of 2", "low <= value <= high"),
        ("multiplier,2,1,1.5,,,Us,,,,", "The high of multiplier is 1.5, below its value of 2", "low <= value <= high"),
        ("displacement,130,,,,,Us,,,,", "The value of displacement is 130", "0 to 100 (%)"),
        ("displacement,20,10,400,,,Us,,,,", "The high of displacement is 400", "0 to 100 (%)"),
        ("lasting_years,0,,,,,Us,,,,", "The value of lasting_years is 0", "1 to 40 (years)"),
        ("price_year,2023.5,,,,,Us,,,,", "price_year is 2,023.5", "a whole year"),
        ("multiplier,many,,,,,Us,,,,", "The value of multiplier is not a number", "a number"),
        ("multiplier,nan,,,,,Us,,,,", "The value of multiplier is not a number", "a number"),
        ("multiplier,,,,,,Us,,,,", "The value of multiplier is missing", "a number"),
        ("multiplier,2,,,,,,,,,", "multiplier has no source", "where the figure comes from"),
        ("crime.robbery,120,,,%,2023/24,Us,,,,", "The unit of crime.robbery is not the one it has", "£ an offence"),
        ("multiplier,2,,,,,Us,,,perhaps,", "`checked` of multiplier is not a yes or a no", "true or false"),
        ("Joe Bloggs 1/1/1980,2,,,,,Us,,,,", "A name is not a parameter", "a name that `iom parameters` lists"),
    ],
)
def test_each_mistake_says_what_was_found_where_and_what_is_allowed(
    tmp_path: Path, line: str, said: str, allowed: str
) -> None:
    told = problems(tmp_path, line)
    assert len(told) == 1
    assert said in told[0] and allowed in told[0] and f"{FILE}, line 2" in told[0]
    assert "Bloggs" not in told[0]


def test_all_mistakes_are_told_at_once_and_nothing_is_taken(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        "crime.robbery,-5,,,,,,,,,",
        "multiplier,2,,,,,Us,,,,",
        "multiplier,3,,,,,Us,,,,",
        "discount.1,350,,,,,Us,,,,",
    )
    assert len(told) == 5
    assert [line for line in told if "line 2" in line] == told[:3]
    assert "multiplier stands twice" in told[3] and "line 4" in told[3]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProblemsError, match="cannot be read"):
        parameters(tmp_path)
    (tmp_path / FILE).write_text("who,what\n1,2\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match="Columns are missing: name, value"):
        parameters(tmp_path)


def test_a_spreadsheets_mark_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("\ufeff" + HEAD + "\n,,,,,,,,,,\nmultiplier,2,,,,,Us,,,,\n", encoding="utf-8")
    assert set(parameters(tmp_path).own()) == {"multiplier"}


def test_a_number_is_written_as_somebody_would_type_it() -> None:
    assert [local.plain(number) for number in (3_200_000.0, 0.5, 1e9, 38.43)] == [
        "3,200,000",
        "0.5",
        "1,000,000,000",
        "38.43",
    ]
