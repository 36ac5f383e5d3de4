"""A published data set through the facts: follow-up got right, and the two ways it is got wrong."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from metrics.cohorts import named_cohorts
from metrics.derive import index_event_for
from tests.facts.stores import fill, store


@pytest.mark.shared
def test_two_year_rate_of_complete_quarters(shared_data: Path) -> None:
    people = pl.read_csv(shared_data / "compas" / "compas_two_years_no_names.csv", infer_schema=False)
    members = [
        {
            "person": row["id"],
            "cohort": "compas",
            "index_date": row["compas_screening_date"],
            "age_at_index": int(row["age"]),
        }
        for row in people.to_dicts()
    ]
    offences = [
        {"person": row["id"], "offence_date": row["r_offense_date"], "offence_key": row["id"]}
        for row in people.filter(pl.col("r_offense_date").is_not_null() & (pl.col("r_offense_date") != "")).to_dicts()
    ]
    definition = [{"cohort": "compas", "title": "COMPAS", "follow_up_days": 730, "waiting_days": 0}]
    con = fill(store(cohort_definition=definition), cohort_member=members, offence=offences)
    made = index_event_for(con, named_cohorts(con)[0], 730, 0, dt.date(2016, 3, 31))
    complete = f"SELECT sum(reoffended::INT)::INT, count(*) FROM {made.index_event} JOIN {made.follow_up} USING (cohort, period)"
    assert con.execute(f"{complete} WHERE state = 'complete'").fetchall() == [(2202, 6207)]
    # The naive rate keeps late entrants, whose two years are not up: only those who reoffended are among them.
    flags = people.select(pl.col("two_year_recid").cast(pl.Int64)).to_series()
    assert (int(flags.sum()), len(flags)) == (3251, 7214)
