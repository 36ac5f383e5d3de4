"""The list of comparisons: what an entry makes, what replaces what, and every mistake told at once."""

import datetime as dt

import pytest

from common.errors import ProblemError
from metrics.compare.plan import expanded, plan, read_entries
from tests.facts.stores import empty_store, fill


@pytest.fixture
def con():
    return fill(
        empty_store(),
        scheme_episode=[
            {"person": "a", "scheme": "iom", "managing_district": "fenland", "start_date": "2018-01-01"},
            {"person": "b", "scheme": "iom", "managing_district": "cambridge", "start_date": "2018-01-01"},
            {"person": "c", "scheme": "dip", "managing_district": "out_of_area", "start_date": "2018-01-01"},
        ],
        intervention_spell=[{"person": "a", "programme": "NEW ONE", "referred_on": "2018-01-01"}],
        cohort_member=[
            {"person": "a", "cohort": "trial", "index_date": "2018-01-01", "group_name": "treatment"},
            {"person": "a", "cohort": "list", "index_date": "2018-01-01", "group_name": "none"},
        ],
    )


def written(tmp_path, text):
    file = tmp_path / "comparisons.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_list_has_every_scheme_district_programme_and_cohort_with_people_treated(con):
    assert {(c.id, c.district, c.title) for c in plan(con)} == {
        ("scheme_dip", "all", "DIP"),
        ("scheme_iom", "all", "IOM"),
        ("scheme_in_iom_fenland", "fenland", "IOM, Fenland"),
        ("scheme_in_iom_cambridge", "cambridge", "IOM, Cambridge"),
        ("programme_new_one", "all", "New one"),
        ("cohort_trial", "all", "trial"),
    }


def test_a_programme_is_compared_in_a_district_where_enough_of_those_who_started_lived(tmp_path):
    """60 lived in Fenland when they first started, 59 in Cambridge; one moved to Cambridge later."""
    homes = ["fenland"] * 60 + ["cambridge"] * 59 + ["out_of_area"] * 70
    people = [f"p{n}" for n in range(len(homes))]
    con = fill(
        empty_store(),
        intervention_spell=[
            *(
                {"person": p, "programme": "NEW ONE", "referred_on": "2018-01-01", "started_on": "2018-01-05"}
                for p in people
            ),
            {"person": "p60", "programme": "NEW ONE", "referred_on": "2019-01-01", "started_on": "2019-02-01"},
            {"person": "q", "programme": "NEW ONE", "referred_on": "2018-01-01", "started_on": None},
        ],
        residence=[
            *(
                {"person": p, "district": home, "from_date": "2017-01-01"}
                for p, home in zip(people, homes, strict=True)
            ),
            {"person": "p0", "district": "cambridge", "from_date": "2018-02-01"},
            {"person": "q", "district": "cambridge", "from_date": "2017-01-01"},
        ],
    )
    assert [c.id for c in plan(con) if c.subject_kind == "programme"] == ["programme_new_one"], "not unless asked for"
    (tmp_path / "comparisons.toml").write_text('[programme_in]\nfor_each = "programme_district"\n', encoding="utf-8")
    found = {(c.id, c.subject, c.district, c.title) for c in plan(con, tmp_path) if c.subject_kind == "programme"}
    assert found == {
        ("programme_new_one", "NEW ONE", "all", "New one"),
        ("programme_in_new_one_fenland", "NEW ONE", "fenland", "New one, Fenland"),
    }


def test_a_scheme_has_its_latest_four_quarters_and_the_four_before_where_enough_began():
    """548 days before 2022-12-30 is 30 June 2021: a day earlier that quarter is not whole yet."""
    episodes = [("a", "2020-04-01", 59), ("b", "2019-04-01", 30), ("c", "2020-03-31", 30), ("d", "2018-05-01", 60)]
    con = fill(
        empty_store(),
        scheme_episode=[
            {"person": f"{name}{n}", "scheme": "iom", "managing_district": "fenland", "start_date": day}
            for name, day, people in episodes
            for n in range(people)
        ],
    )

    def windows(cutoff: str) -> list[tuple[str, str, str, str, str]]:
        found = [c for c in plan(con, cutoff=dt.date.fromisoformat(cutoff)) if c.window]
        return [(c.id, c.title, c.from_period, c.to_period, c.window) for c in found]

    before = ("scheme_over_before_iom", "IOM, April 2019 to March 2020", "2019Q2", "2020Q1", "before")
    assert windows("2022-12-29") == [before]  # 30 and 30 began then; 59 in the four quarters after
    moved = ("scheme_over_before_iom", "IOM, July 2019 to June 2020", "2019Q3", "2020Q2", "before")
    assert windows("2022-12-30") == [moved]  # followed to the end of June: the quarters move on by one
    assert not [c for c in plan(con) if c.window]
    [whole, *rest] = [c for c in plan(con, cutoff=dt.date(2022, 12, 29)) if c.district == "all"]
    assert (whole.id, [c.id for c in rest]) == ("scheme_iom", ["scheme_over_before_iom"])


def test_children_are_never_matched_with_adults(con):
    assert all("age_group" in comparison.exact for comparison in plan(con))


def test_a_data_directorys_list_adds_replaces_and_takes_out(con, tmp_path):
    written(
        tmp_path,
        '[scheme_iom]\ntitle = "Ours"\nsubject_kind = "scheme"\nsubject = "iom"\nfollow_up_days = 730\nfrom = "2018Q1"\n'
        "[scheme_in_iom_fenland]\npublish = false\n[programme]\npublish = false\n",
    )
    found = {comparison.id: comparison for comparison in plan(con, tmp_path)}
    assert (found["scheme_iom"].title, found["scheme_iom"].follow_up_days, found["scheme_iom"].from_period) == (
        "Ours",
        730,
        "2018Q1",
    )
    assert "scheme_in_iom_fenland" not in found and "scheme_in_iom_cambridge" in found
    assert not any(comparison.subject_kind == "programme" for comparison in found.values())


def test_every_mistake_is_told_at_once(tmp_path):
    file = written(
        tmp_path,
        '[a]\nfor_each = "district"\ntitle = "x"\n'
        '[b]\nsubject_kind = "tribe"\nfollow_up_days = 0\nfrom = "2018"\ncolour = "red"\nexact = ["rag"]\n'
        '[c]\ntitle = "x"\nsubject_kind = "scheme"\nsubject = "iom"\nfrom = "2019Q1"\nto = "2018Q1"\nwaiting_days = true\n',
    )
    with pytest.raises(ProblemError) as caught:
        read_entries(file)
    said = str(caught.value)
    for mistake in (
        "`for_each` is not known", "with `for_each` these come from the store: title", "missing: title, subject",
        "`subject_kind` is not known", "`follow_up_days` is not a number of days", "`from` is not a quarter",
        "keys are not known: colour", "cannot be matched on: rag", "`from` is after `to`", "`waiting_days` is not a number",
    ):  # fmt: skip
        assert mistake in said


def test_a_list_that_is_no_toml_is_refused_without_its_content(tmp_path):
    with pytest.raises(ProblemError) as caught:
        read_entries(written(tmp_path, "[a]\nsecret = PNC 99/1234\n"))
    assert "1234" not in str(caught.value)


def test_an_entry_of_its_own_stands_before_a_generic_one(con):
    entries = {
        "scheme": {"for_each": "scheme"},
        "scheme_iom": {"title": "Mine", "subject_kind": "scheme", "subject": "iom"},
    }
    assert next(c.title for c in expanded(con, entries) if c.id == "scheme_iom") == "Mine"
