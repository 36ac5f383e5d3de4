"""Mapping files: every mistake is reported at once, in words that say what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from common.errors import ProblemError, ProblemsError
from etl.geography import district_values, geography
from etl.mapping import Mapping, read_mapping
from etl.stage import stage

MAPPINGS = sorted((Path(__file__).resolve().parents[2] / "etl" / "mappings").glob("*.toml"))


@pytest.mark.parametrize("file", MAPPINGS, ids=lambda file: file.stem)
def test_every_mapping_of_ours_is_sound(file: Path) -> None:
    mapping = read_mapping(file)
    assert mapping.source
    assert mapping.tables


def test_a_mapping_says_what_it_says(police: Mapping) -> None:
    assert (police.source, police.format, police.synthetic, police.layout_verified) == (
        "police_crime",
        "csv",
        True,
        False,
    )
    assert [one.kind for one in police.identity] == ["pnc", "crn"]
    assert [table.to for table in police.tables] == ["offence", "person"]
    columns = {column.name: column for column in police.tables[0].columns}
    assert columns["offence_key"].hash == "police_crime"
    assert columns["recordable"].value == "true"
    assert (columns["offence_district"].values or {})["peterborough"] == "peterborough"


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(
        """
source = "Police Crime"
agency = "constabulary"
files = "*.csv"
format = "docx"
colour = "blue"
[read]
delimiter = "tab"
dates = ["dd/mm/yyyy"]
encoding = "cp9999"
[identity]
passport = "Passport"
[[table]]
to = "offences"
[[table]]
to = "scheme_episode"
columns.start_date = {column = "Start", sql = "1"}
columns.stop_date = "End"
columns.category = {column = "Cat", values = {"A" = "gold"}}
columns.managing_district = {column = "LA", map = "ward"}
""",
        "utf-8",
    )
    with pytest.raises(ProblemsError) as caught:
        read_mapping(file)
    said = str(caught.value)
    for mistake in (
        "source is not a plain name", "agency is unknown", "format is unknown", "the key colour is unknown",
        "delimiter is not one plain character", "not a date format", "encoding is unknown", "kind passport is unknown",
        "table offences is unknown", "exactly one of column, sql and value", "no column stop_date", "value gold is not allowed",
        "value map does not exist", "column scheme is required",
    ):  # fmt: skip
        assert mistake in said, mistake
    assert "fixed, flex, free" in said


def test_a_table_about_people_needs_an_identity(tmp_path: Path) -> None:
    file = tmp_path / "nobody.toml"
    file.write_text(
        'source = "x"\nagency = "police"\nfiles = "x"\nformat = "csv"\n[[table]]\nto = "rag_rating"\n'
        'columns.rated_on = "D"\ncolumns.overall = {value = "red"}\n',
        "utf-8",
    )
    with pytest.raises(ProblemsError, match="there is no \\[identity\\]"):
        read_mapping(file)


def test_two_spellings_may_not_disagree(tmp_path: Path) -> None:
    file = tmp_path / "spellings.toml"
    file.write_text(
        'source = "x"\nagency = "police"\nfiles = "x"\nformat = "csv"\n[[table]]\nto = "recorded_crime"\n'
        'columns.month = "M"\ncolumns.crime_type = "C"\n'
        'columns.district = {column = "D", values = {"City" = "cambridge", " city" = "peterborough"}}\n',
        "utf-8",
    )
    with pytest.raises(ProblemsError, match="two spellings"):
        read_mapping(file)


def test_columns_that_the_file_lacks_are_all_named(
    police: Mapping, tmp_path: Path, sound_row: Callable[..., list[str]]
) -> None:
    file = tmp_path / "police_crime_2024-03-31.csv"
    file.write_text("PNC ID,Secret Person\n1,2\n", "utf-8")
    with pytest.raises(ProblemsError) as caught:
        stage(police, [file], tmp_path / "data")
    said = str(caught.value)
    assert "no column Crime Ref" in said
    assert "no column CRN" in said
    assert "Secret" not in said


def test_a_problem_says_what_where_allowed_and_what_to_do() -> None:
    assert (
        str(ProblemError("it broke", "here", "a, b", "mend it"))
        == "it broke. Where: here. Allowed: a, b. To do: mend it."
    )


def test_geography_is_data() -> None:
    assert geography().filter("in_area")["district"].to_list() == [
        "cambridge", "east_cambridgeshire", "fenland", "huntingdonshire", "peterborough", "south_cambridgeshire",
    ]  # fmt: skip
    assert district_values()["e07000012"] == "south_cambridgeshire"
    assert district_values()["no fixed address"] == "no_fixed_address"
