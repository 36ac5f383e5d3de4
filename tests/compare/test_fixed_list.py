"""People fixed on one day, and what became of their offending beside what was to be expected."""

import datetime as dt

import polars as pl

from metrics.compare import before_after
from metrics.compare.before_after import LIBERTY, fixed_lists, people_of, windows, windows_around, without_its_own
from tests.facts.stores import store

BEGUN, CUTOFF = dt.date(2014, 1, 1), dt.date(2023, 1, 1)
FIXED = "2021-02-01"


def member(name: str, day: str = FIXED, cohort: str = "listed", group: str = "none") -> dict:
    return {"person": name, "cohort": cohort, "index_date": day, "group_name": group}


def test_the_windows_around_a_first_of_february_are_the_published_ones() -> None:
    assert windows_around(dt.date(2009, 2, 1)) == windows(2009)
    around = windows_around(dt.date(2020, 6, 30))
    assert around.baseline == (dt.date(2019, 2, 28), dt.date(2020, 2, 28))  # a month without a 30th ends sooner
    assert around.follow_up == (dt.date(2020, 8, 30), dt.date(2021, 8, 29))


def test_only_a_list_of_thirty_or_more_of_one_day_without_groups_is_followed() -> None:
    names = [f"p{n}" for n in range(30)]
    con = store(
        cohort_member=[
            *(member(name) for name in names),
            *(member(name, cohort="few") for name in names[:29]),
            *(member(name, FIXED if n else "2021-02-02", "two_days") for n, name in enumerate(names)),
            *(member(name, cohort="trial", group="treatment") for name in names),
            *(member(name, "2022-06-01", "too_late") for name in names),
            *(member(name, "2015-02-01", "too_early") for name in names),
        ]
    )
    assert list(fixed_lists(con, BEGUN, CUTOFF)) == ["listed"]


def test_a_list_is_followed_from_literal_rows_and_is_not_compared_with_itself() -> None:
    """Forty are listed; each offended twice in the baseline year and ten of them once in the year of follow-up. Four others
    offended too. The listed are on no scheme, so they could be looked up as comparable: nobody is set beside themselves."""
    listed = [f"p{n}" for n in range(40)]
    offences = [{"person": p, "offence_date": day} for p in listed for day in ("2019-12-01", "2020-05-01")]
    offences += [{"person": p, "offence_date": "2021-06-01"} for p in listed[:10]]
    offences += [{"person": p, "offence_date": "2020-11-01"} for p in ("o1", "o2", "o3", "o4")]
    con = store(
        offence=[{"person": "old", "offence_date": "2014-01-01"}, *offences],
        custody_spell=[{"person": "o1", "start_date": "2019-01-01", "end_date": "2019-02-01"}],
        cohort_member=[member(p) for p in listed],
        residence=[{"person": p, "district": "fenland", "from_date": "2015-01-01"} for p in listed],
    )
    lists = fixed_lists(con, BEGUN, CUTOFF)
    people = people_of(con, [], BEGUN, CUTOFF, lists)
    others = without_its_own(people, "listed").filter(~pl.col("treated"))
    assert people.filter(~pl.col("treated"))["person"].n_unique() == 44
    assert others["person"].n_unique() == 4
    rows = before_after.compute(con, CUTOFF).filter(pl.col("measure") == LIBERTY).to_dicts()
    assert [(row["scheme"], row["district"], row["people"]) for row in rows] == [
        ("listed", "", 40), ("listed", "fenland", 40)
    ]  # fmt: skip
    row = rows[0]
    assert (row["design"], row["fixed_date"], row["offences_before"], row["offences_after"]) == (
        "fixed_date", dt.date(2021, 2, 1), 80, 10
    )  # fmt: skip
    # 80 offences in 40 x 366 days (2020 is a leap year), 10 in 40 x 365
    assert round(row["change"], 6) == round(100 * ((10 / (40 * 365)) / (80 / (40 * 366)) - 1), 6)
