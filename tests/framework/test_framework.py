"""The framework's files: every line fits the catalogue, the cohorts and the pages, and a mistake is told with its place."""

from pathlib import Path

import pytest

from common.errors import ProblemError
from metrics.catalogue import HEADINGS, catalogue
from metrics.cohorts import cohorts
from metrics.framework import FILE, MOST_LINES, Framework, Line, framework, mistakes, status_rules

PAGES = {path.stem for path in (Path(__file__).resolve().parents[2] / "pages").glob("*.py")}
COHORTS = {cohort.id for cohort in cohorts()}


def test_every_line_fits_the_catalogue_the_cohorts_and_the_pages() -> None:
    assert mistakes(framework(), catalogue(), COHORTS, PAGES) == []


def test_every_heading_has_lines_and_none_is_longer_than_a_summary() -> None:
    for heading in HEADINGS:
        assert 1 <= len(framework().under(heading)) <= MOST_LINES, heading


def test_every_standing_line_is_worked_out_by_one_of_the_makers() -> None:
    """Their code is searched for the name: a maker needs a whole store to be run."""
    texts = " ".join(path.read_text("utf-8") for path in (FILE.parents[1] / "release").glob("*.py"))
    texts += " ".join(path.read_text("utf-8") for path in FILE.parent.glob("p*/*.py"))
    missing = [line.standing for line in framework().lines if line.standing and f'"{line.standing}"' not in texts]
    assert missing == []


def test_two_areas_have_measures_of_their_own_and_between_them_leave_no_district_out() -> None:
    own = [set(line.districts) for line in framework().lines if line.districts]
    assert len(own) >= 2
    assert all(one.isdisjoint(other) for i, one in enumerate(own) for other in own[:i])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"indicator": "no_such"}, "there is no such indicator"),
        ({"heading": "cohort"}, "its own heading is outcomes"),
        ({"indicator": "people_on_scheme", "heading": "cohort"}, "not worked out for the cohort scheme"),
        ({"cohort": "nobody"}, "not worked out for the cohort nobody"),
        ({"where": (("weekday", "friday"),)}, "it takes no table by weekday"),
        ({"expected": "reoffending_rate"}, "does not say how far it is from what was expected"),
        ({"page": "nowhere"}, "there is no page nowhere"),
    ],
)
def test_what_does_not_fit_is_told(change: dict[str, object], said: str) -> None:
    line = Line(
        **{"heading": "outcomes", "page": "reoffending", "indicator": "reoffending_rate", "cohort": "scheme"} | change
    )
    found = mistakes(Framework(framework().headings, (line,), framework().rules), catalogue(), COHORTS, PAGES)
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[line]]\nheading = "weather"\nindicator = "x"\ncohort = "y"', "no known heading"),
        ('[[line]]\nheading = "outcomes"\nindicator = "x"', "or a standing figure"),
        ('[[line]]\nheading = "outcomes"\nindicator = "x"\ncohort = "y"\nstanding = "z"', "or a standing figure"),
        ('[[line]]\nheading = "outcomes"\nindicator = "x"\ncohort = "y"\nrule = "whim"', "no status rule whim"),
        ('[[line]]\nheading = "outcomes"\nindicator = "x"\ncohort = "y"\ncolour = "red"', "Unknown setting colour"),
        ('[[line]]\nheading = "outcomes"\nindicator = "x"\ncohort = "y"\n' * (MOST_LINES + 1), "more than 8 lines"),
        ("[heading.weather]\ntitle = 'Rain'", "no heading weather"),
        ("[[line", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    heads = FILE.read_text("utf-8").split("# --- outcomes")[0]
    (file := tmp_path / "framework.toml").write_text(f"{heads}\n{text}", "utf-8")
    with pytest.raises(ProblemError, match=said):
        framework(file)


def test_a_rule_turns_on_known_tests_alone(tmp_path: Path) -> None:
    (file := tmp_path / "rules.toml").write_text(
        '[mine]\nsays = "Red on Mondays."\nred = ["monday"]\ngreen = []', "utf-8"
    )
    with pytest.raises(ProblemError, match="target, expected, special_cause"):
        status_rules(file)


def test_the_rule_of_a_line_follows_whether_a_direction_is_good() -> None:
    line = Line("outcomes", "reoffending", "reoffending_rate", "scheme")
    assert framework().rule_of(line, "lower_is_better").id == "judged"
    assert framework().rule_of(line, "no_judgement").id == "none"
    assert framework().rule_of(Line("outcomes", "x", rule="against_expected"), "no_judgement").id == "against_expected"
