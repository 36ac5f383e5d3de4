"""What a page says of follow-up is what the release's own cohorts have, not what a definition file says in general."""

from components.words import follow_up_of
from release.read import CohortInfo


def test_a_named_cohorts_own_days_are_said() -> None:
    named = CohortInfo("compas", "Screened", "people screened", "reoffending", "home_district", 730, 0)
    caseload = CohortInfo("caseload", "Caseload", "people on a scheme", "process", "managing_district", 0, 0)
    assert follow_up_of([named, caseload]) == [
        "Screened: offences on days 1 to 730 after the index date, proven by day 730."
    ]
