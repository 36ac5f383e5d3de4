"""A tiny source of its own: a named cohort of invented people in one CSV, with the mapping that loads it."""

import csv
import datetime as dt
import random
from pathlib import Path

MAPPING = """
source = "programme_list"
agency = "voluntary"
title = "A programme's own list"
files = "list_*.csv"
format = "csv"
synthetic = true

[read]
encoding = "utf-8"
delimiter = ","
quote = '"'
header_row = 1
dates = ["%Y-%m-%d"]
missing = [""]
as_at = "(\\\\d{4}-\\\\d{2}-\\\\d{2})"

[identity]
source = "ref"

[[cohort]]
name = "starters"
title = "People who started"
follow_up_days = 365
waiting_days = 183

[[table]]
to = "cohort_member"
columns.cohort = {value = "starters"}
columns.index_date = "started"
columns.group_name = {value = "none"}
columns.age_at_index = "age"

[[table]]
to = "person"
columns.sex = "sex"
columns.ethnicity = {value = "not_known"}

[[table]]
to = "offence"
where = "\\"offended\\" IS NOT NULL"
columns.offence_key = {sql = "\\"ref\\"", hash = true}
columns.occasion_key = {sql = "\\"ref\\"", hash = true}
columns.offence_date = "offended"
columns.offence_district = {value = "out_of_area"}
columns.proven_date = "offended"
columns.outcome = {value = "convicted"}
columns.offence_code = {value = "T1"}
columns.offence_group = {value = "theft"}
columns.recordable = {value = true}
columns.breach = {value = false}
columns.in_custody = {value = false}
columns.record_source = {value = "local"}
"""


def write(folder: Path, people: int = 400, seed: int = 7, until: str = "2024-09-30") -> tuple[Path, Path]:
    """The mapping and the list, of people who started in 2022; returns both files."""
    folder.mkdir(parents=True, exist_ok=True)
    mapping, listing = folder / "programme_list.toml", folder / f"list_{until}.csv"
    mapping.write_text(MAPPING, encoding="utf-8")
    chance = random.Random(seed)
    with listing.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["ref", "started", "age", "sex", "offended"])
        for number in range(people):
            day = dt.date(2022, 1, 1) + dt.timedelta(days=chance.randrange(365))
            again = day + dt.timedelta(days=chance.randrange(1, 700)) if chance.random() < 0.5 else ""
            rows.writerow([f"P{number}", day, chance.randrange(18, 60), chance.choice(["female", "male"]), again])
    return mapping, listing
