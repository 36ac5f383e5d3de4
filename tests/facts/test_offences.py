"""What an offence's code tells, and what it makes of a person's reoffences, worked by hand."""

import pytest

from metrics.derive import derive
from metrics.offences import kind, placed
from tests.facts.stores import day, key, store

CUTOFF = day("2018-12-31")


@pytest.mark.parametrize(
    ("code", "group", "points", "acquisitive"),
    [
        ("28E", "burglary", 465.38, True),  # the police's code of a burglary in a dwelling, and the court's
        ("028/01", "burglary", 465.38, True),
        ("030/01", "burglary", 123.02, False),  # of another building
        ("034/01", "robbery", 799.63, True),
        ("045/10", "vehicle", 32.92, True),
        ("126", "vehicle", 9.31, False),  # interfering with a vehicle is not theft of it
        ("37.2", "vehicle", 53.45, True),
        ("037/02", "vehicle", 53.45, True),
        ("37.1", "violence", 532.42, False),
        ("131/01", "vehicle", 43.19, True),  # no weight of its own: the middle of 9.31, 32.92, 53.45 and 128.43
        ("046/00", "theft", 11.86, False),
        ("04600", "theft", 11.86, False),
        ("049/10", "theft", 36.81, False),  # a recording code that is the class alone stands for it
        ("105/01", "violence", 22.14, False),  # the middle of 13.51 and 30.76
        ("802", "motoring", 119.88, False),
        ("807/02", "motoring", 0, False),
        ("(F3)", "theft", 49.3, False),  # not a Home Office code: the middle one of the group
        (None, "robbery", 799.63, True),
        (None, "burglary", 465.38, False),  # of a dwelling or not: not told
    ],
)
def test_severity_and_serious_acquisitive_crime(code: str | None, group: str, points: float, acquisitive: bool) -> None:
    found = kind(code, group)
    assert (found.severity / 100, found.acquisitive) == (points, acquisitive)


def test_a_code_that_is_not_the_home_offices_has_no_class() -> None:
    assert placed("(F3)") is None and placed(None) is None and placed("") is None
    assert not kind("(F3)", "theft").told


def index(*offences: dict, code: str | None = "046/00") -> tuple:
    """Person a's severity and serious acquisitive reoffences after a fine on 10 January 2015."""
    first = {"person": "a", "offence_date": "2015-01-10", "disposal": "fine", "offence_code": code}
    earlier = {"person": "b", "offence_date": "2014-06-01"}  # so that records have begun
    con = store(offence=[earlier, first, *({"person": "a", "disposal": "fine"} | more for more in offences)])
    derive(con, CUTOFF)
    asked = "SELECT acquisitive_reoffences, severity FROM index_event WHERE cohort = 'area' AND period = '2015Q1' AND person_key = ?"
    return con.execute(asked, [key("a")]).fetchall()[0]


def test_reoffences_are_weighed_by_their_codes() -> None:
    found = index(
        {"offence_date": "2015-03-01", "offence_code": "046/00"},
        {"offence_date": "2015-04-01", "offence_code": "28E", "offence_group": "burglary"},
        {"offence_date": "2015-05-01", "offence_group": "robbery"},
        {"offence_date": "2016-01-10", "offence_code": "045/10", "offence_group": "vehicle"},  # day 365 counts
        {"offence_date": "2016-01-11", "offence_code": "34B", "offence_group": "robbery"},  # day 366 does not
    )
    assert found == (3, pytest.approx(11.86 + 465.38 + 799.63 + 32.92))


def test_nobody_reoffended_is_nought_and_no_codes_at_all_is_not_known() -> None:
    assert index() == (0, 0.0)
    assert index({"offence_date": "2015-03-01", "offence_group": "robbery"}, code=None) == (None, None)
