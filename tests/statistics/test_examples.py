"""Every definition's own examples, through the real cube and the real kind."""

import dataclasses
import datetime as dt
import math

import duckdb
import pytest

from metrics.catalogue import Definition, catalogue
from metrics.cube import cells, histogram
from metrics.kinds import compute

CASES = [(d, number) for d in catalogue().values() for number in range(len(d.examples))]
TYPES = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", str: "VARCHAR"}


def small_store(definition: Definition, rows: list[dict]) -> duckdb.DuckDBPyConnection:
    """A store that holds nothing but the fact's rows, all of complete follow-up."""
    con = duckdb.connect()
    con.execute('CREATE TABLE period (period VARCHAR, kind VARCHAR, start DATE, "end" DATE)')
    for quarter, start, end in (("2024Q1", (1, 1), (3, 31)), ("2024Q2", (4, 1), (6, 30))):
        con.execute(
            "INSERT INTO period VALUES (?, 'quarter', ?, ?)", [quarter, dt.date(2024, *start), dt.date(2024, *end)]
        )
    con.execute("CREATE TABLE follow_up AS SELECT 'example' AS cohort, period, 'complete' AS state FROM period")
    types = {name: TYPES[type(value)] for row in rows for name, value in row.items()}
    for name in definition.requires:
        assert name in types
    types.setdefault("person_key", "VARCHAR")
    types.setdefault("period", "VARCHAR")
    con.execute(
        f"CREATE TABLE {definition.fact} (cohort VARCHAR, "
        + ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        + ")"
    )
    for number, row in enumerate(rows):
        full = {"person_key": f"p{number}", "period": "2024Q1"} | row
        con.execute(
            f"INSERT INTO {definition.fact} (cohort, {', '.join(chr(34) + n + chr(34) for n in full)})"
            f" VALUES ('example', {', '.join('?' for _ in full)})",
            list(full.values()),
        )
    return con


def worked_out(definition: Definition, rows: list[dict]) -> dict:
    con = small_store(definition, rows)
    anybody = dataclasses.replace(definition, cohorts=("*",))
    tables = [definition.requires]
    found = cells(con, definition.fact, [anybody], tables, ["all"])
    waits = histogram(con, definition.fact, [anybody], tables, ["all"]) if definition.waits else None
    result = compute(definition, found, waits)
    assert len(result) == 1
    return result.row(0, named=True)


@pytest.mark.parametrize(("definition", "number"), CASES, ids=[f"{d.id}-{n}" for d, n in CASES])
def test_the_example_gives_its_value(definition: Definition, number: int) -> None:
    example = definition.examples[number]
    result = worked_out(definition, [dict(row) for row in example.rows])
    assert result["value"] == (None if example.value is None else pytest.approx(example.value))
    for name in ("numerator", "denominator"):
        expected = getattr(example, name)
        if expected is not None:
            assert result[name] == pytest.approx(expected)
    assert not any(isinstance(number, float) and math.isnan(number) for number in result.values())
    if result["value"] is not None and result["lower"] is not None:
        assert result["lower"] <= result["value"] + 1e-9
        assert result["upper"] is None or result["upper"] >= result["value"] - 1e-9


FRAMEWORK = {
    "outcomes": """reoffending_rate reoffences_per_100 reoffences_per_reoffender days_to_first_reoffence severity_of_reoffending
        offences_per_year_at_liberty serious_acquisitive_rate serious_acquisitive_per_100 observed_over_expected
        observed_minus_expected days_offence_to_sentence""",
    "cohort": """people_on_scheme people_at_quarter_end share_in_custody joined_scheme left_scheme people_selected people_de_selected
        time_on_scheme returned_in_12_months stepped_down stepped_up reviews_overdue free_6_months_top_tier
        free_12_months_top_tier rated_red rated_green rating_improved rating_worsened reoffended_after_rating consent_given
        consent_refused decided_against_score reoffended_after_decision transferred_in transferred_out without_statutory""",
    "pathways": """need_identified starts_in_order need_to_referral need_to_start need_to_completion need_to_goal referred_of_need
        started_of_referred waiting_days longest_waits lost_while_waiting completed_of_started outcome_gained unmet_need
        paid_within_7_days settled_on_release settled_at_3_months working_at_12_weeks mental_health_contact drop_in_first""",
    "compliance": """appointments_kept scheme_status_before_court breach_to_enforcement recalls_executed warrants_executed
        result_to_record friday_releases unexpected_friday_releases unexpected_releases release_date_changed
        police_told_before_release conferences_held conferences_on_time reviews_on_time""",
    "governance": "conference_attendance lead_professional_named",
}
"""What the partnerships asked to be counted, by heading; provision and the rest of governance are tables of a release."""


def test_every_indicator_that_was_asked_for_is_there_under_its_heading() -> None:
    for heading, ids in FRAMEWORK.items():
        assert set(ids.split()) <= {d.id for d in catalogue().values() if d.heading == heading}
