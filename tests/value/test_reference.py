"""Every reference file has a version, and every figure of money a source, a range in order and a price year."""

import csv
from dataclasses import replace

import pytest

from common import paths
from metrics.value import local
from metrics.value.parameters import parameters
from metrics.value.provenance import COLUMNS, parameter, provenance, table, used
from metrics.value.reference import READS, rows, versions

FOLDER = paths.reference("versions.csv").parent
VALUE_FILES = [
    *("crime_unit_costs.csv", "agency_unit_costs.csv", "who_gains.csv", "value_parameters.csv", "optimism_bias.csv"),
    *("gdp_deflator.csv", "discount_schedule.csv"),
]


def test_every_reference_file_has_a_version_and_every_version_a_file() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".toml")} - {"versions.csv"}
    assert {one.file for one in versions().values()} == files


def test_every_version_says_source_licence_and_whether_it_was_checked() -> None:
    with (FOLDER / "versions.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert all(row["source"] and row["licence"] and row["checked"] in ("true", "false") for row in listed)
    assert len({row["id"] for row in listed}) == len(listed)
    assert all(None not in row for row in listed)  # no row has a cell too many


@pytest.mark.parametrize("name", VALUE_FILES)
def test_every_row_names_a_version_of_its_own_file(name: str) -> None:
    for row in rows(name):
        assert versions()[row["version"]].file == name
        assert row.get("read", "copy") in READS


def test_the_shipped_parameters_pass_the_checks_that_a_partnerships_own_must() -> None:
    known = parameters()
    listed = []
    for one in known.values():
        told = {column: getattr(one, column) for column in local.COLUMNS}
        listed.append(
            {
                key: "" if value is None else str(value).lower() if key == "checked" else str(value)
                for key, value in told.items()
            }
        )
    found, problems = local.checked(listed, known, "the reference")
    assert [str(problem) for problem in problems] == []
    assert set(found) == set(known)


def test_every_figure_of_money_has_a_price_year_and_every_unit_cost_a_range() -> None:
    known = parameters()
    assert all(one.price_year for one in known.values() if one.is_money)
    assert all(not one.price_year for one in known.values() if not one.is_money)
    for one in known.under("crime").values():
        assert one.low is not None and one.high is not None and 0 < one.low < one.value < one.high


def test_figures_typed_from_the_home_offices_second_edition() -> None:
    """Literal table: 2015/16 prices, and which were from memory when we typed them."""
    told = {
        row["type"]: (float(row["value"]), row["read"])
        for row in rows("crime_unit_costs.csv")
        if row["version"] == "rr99"
    }
    assert told == {
        "homicide": (3_200_000, "press"),
        "violence_with_injury": (14_050, "press"),
        "violence_without_injury": (5_930, "memory"),
        "rape": (39_360, "press"),
        "other_sexual": (6_520, "press"),
        "robbery": (11_320, "press"),
        "domestic_burglary": (5_930, "memory"),
        "commercial_burglary": (15_460, "memory"),
        "theft_of_vehicle": (10_290, "press"),
        "theft_from_vehicle": (870, "press"),
        "theft_from_person": (1_380, "memory"),
        "arson": (8_420, "press"),
        "criminal_damage": (1_350, "press"),
        "fraud": (1_290, "memory"),
        "cyber": (550, "press"),
    }


def test_no_unit_cost_from_memory_or_press_says_it_was_checked() -> None:
    assert not [name for name, one in parameters().items() if one.read in ("memory", "press", "copy") and one.checked]


def test_typed_figures_are_those_of_the_shared_copies(shared_data) -> None:
    """Deflator and discount schedule, cell by cell; unit costs where the copy has one number."""
    with (shared_data / "reference/hmt_gdp_deflator_2024_100.csv").open(encoding="utf-8") as file:
        theirs = {row["year"]: float(row["value"]) for row in csv.DictReader(file)}
    assert {row["year"]: float(row["value"]) for row in rows("gdp_deflator.csv")} == theirs
    with (shared_data / "reference/hmt_discount_schedule.csv").open(encoding="utf-8") as file:
        bands = [(row["year_to"], float(row["standard"]), float(row["health"])) for row in csv.DictReader(file)]
    ours = [
        (row["to_year"], float(row["standard"]) / 100, float(row["health"]) / 100)
        for row in rows("discount_schedule.csv")
    ]
    assert [band[0] for band in ours] == [band[0] for band in bands]
    for mine, yours in zip(ours, bands, strict=True):
        assert mine[1:] == pytest.approx(yours[1:])
    with (shared_data / "reference/ho_unit_costs_2018_2ed_2015_16_prices.csv").open(encoding="utf-8") as file:
        printed = {
            float(row["unit_cost_gbp_2015_16"]): row["status"]
            for row in csv.DictReader(file)
            if row["unit_cost_gbp_2015_16"].isdigit()
        }
    for row in rows("crime_unit_costs.csv"):
        if row["version"] == "rr99" and row["type"] != "homicide":
            assert printed[float(row["value"])].startswith("VERIFIED" if row["read"] == "press" else "RECALLED")


def test_greater_manchester_components_add_to_their_heading(shared_data) -> None:
    """Of the rows that we took, within £1; the source's figure for any crime lacks its police row (£228)."""
    with (shared_data / "reference/gmca_unit_cost_database_v1_4.csv").open(encoding="utf-8") as file:
        theirs = {row["code"]: row for row in csv.DictReader(file)}
    headings: dict[str, float] = {}
    for row in rows("agency_unit_costs.csv"):
        assert float(row["value"]) == float(theirs[row["code"]]["cost_gbp"]), row["code"]
        assert row["price_year"] == theirs[row["code"]]["cost_year"], row["code"]
        if row["heading"]:
            headings[row["heading"]] = headings.get(row["heading"], 0) + float(row["value"])
    apart = {code: round(float(theirs[code]["cost_gbp"]) - spent, 2) for code, spent in headings.items()}
    assert {code for code, by in apart.items() if abs(by) > 1.01} == {"CR8.0"}
    assert apart["CR8.0"] == 227.93


def test_what_a_release_holds_of_parameters() -> None:
    known = used(parameters())
    frame = table(known.values())
    assert tuple(frame.columns) == COLUMNS and frame.height == len(known)
    assert "crime.robbery" in known and "discount.1" in known and "agency.CR8.7.1" in known
    assert "deflator.1990" not in known and "agency.HE4.0" not in known
    told = provenance(parameters().under("crime").values())
    assert (told.unit_costs, told.memory, told.press, told.unchecked, told.local) == (17, 5, 12, 17, ())
    assert [parameter(row) for row in frame.to_dicts()] == [replace(one, least=0.0, most=1e9) for one in known.values()]
