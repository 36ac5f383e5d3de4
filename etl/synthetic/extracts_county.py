"""The workbooks that are not about people: the council's costs, the directory, the partnership's plan."""

import datetime as dt
from dataclasses import replace

from etl.synthetic import county_tables as county
from etl.synthetic import faults as f
from etl.synthetic import street
from etl.synthetic.extract import Extract

_COSTS = ("Integrated Offender Management: finance return", "Prices as paid in each year", "")
_DIRECTORY = ("Directory of interventions, Cambridgeshire and Peterborough", "")


def extracts(people: int, seed: int) -> list[Extract]:
    """One extract for each sheet of each workbook, and the CSV files."""
    costs = (
        f.bad_number("Amount", "cost", "pence", "not an amount in pounds and whole pence"),
        f.unknown_code("LA", "cost", "district", "Countywide?", "Split"),
        f.DUPLICATE,
    )
    return [
        Extract("council_scheme_costs", "council_costs", county.scheme_costs(people, seed), "xlsx", sheet="Scheme",
                titles=_COSTS, faults=costs),
        Extract("council_programme_costs", "council_costs", county.programme_costs(people, seed), "xlsx", sheet="Programmes",
                titles=_COSTS, faults=costs[:2]),
        Extract("council_partners", "council_costs", county.partners(), "xlsx", sheet="Partners", titles=_COSTS,
                faults=(f.bad_date("Agreement Signed", "partner", "agreement_signed"),)),
        Extract("directory_programmes", "directory", county.directory(), "xlsx", sheet="Directory", titles=_DIRECTORY,
                faults=(f.unknown_code("Pathway", "programme", "pathway", "Lifestyle", "Various"), f.DUPLICATE)),
        Extract("directory_starts", "directory", county.starts(seed), "xlsx", sheet="Start dates", titles=_DIRECTORY,
                faults=(f.bad_date("Starts", "programme_start", "starts_on"),)),
        Extract("plan_actions", "partnership_plan", county.actions(), "xlsx", sheet="Actions", titles=("Action plan",)),
        Extract("plan_targets", "partnership_plan", county.targets(), "xlsx", sheet="Targets", titles=("Targets",)),
        Extract("plan_events", "partnership_plan", county.events(), "xlsx", sheet="Events", titles=("Events",)),
        Extract("plan_benchmarks", "partnership_plan", county.benchmarks(), "xlsx", sheet="Benchmarks",
                titles=("Published figures elsewhere",)),
        Extract("population", "population", county.population(),
                faults=(f.bad_number("Residents", "population", "residents"), f.unknown_code("Area", "population", "district", "Rutland"))),
        Extract("case_conferences", "case_conferences", county.conferences(people, seed),
                faults=(f.bad_date("Due", "case_conference", "due_on"), f.DUPLICATE)),
        *(_street(month, people, seed) for month in street.MONTHS),
    ]  # fmt: skip


def _street(month: dt.date, people: int, seed: int) -> Extract:
    """A month of data.police.uk, with a few crimes that fell outside the area, as every month there has."""
    outside = f.unknown_code(
        "LSOA name", "recorded_crime", "district", "South Holland 003B", "Norwich 010A", "Rutland 001A"
    )
    return Extract("police_uk_street", "police_uk_street", street.month_of_crime(month, people, seed),
                   faults=(replace(outside, kind="outside the area", rule="outside the six districts"),),
                   file=f"{month:%Y-%m}-synthetic-cambridgeshire-street.csv")  # fmt: skip
