"""Value for money: every figure is the release's or worked out from it, at both levels, with and without costs and effects."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from components import export, value
from components.value import cases, scenario
from components.value import sentences as say
from metrics.value.results import results
from release.files import open_level
from release.read import Reader
from tests.pages import value_release
from tests.pages.reading import lede, markup, text

PAGE = "value_for_money"


@pytest.fixture(scope="module")
def valued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("valued")
    value_release.write(root)
    return root


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer draws than at publish: no test needs them all, and the same ones as this release was made with."""
    monkeypatch.setattr(cases, "PUBLISH", 4_000)


@pytest.fixture(scope="module")
def seen() -> dict[tuple[tuple[str, str], ...], AppTest]:
    """Pages that were run already: one that is only read is run once."""
    return {}


@pytest.fixture
def go(
    valued: Path,
    seen: dict[tuple[tuple[str, str], ...], AppTest],
    run: Callable[..., AppTest],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., AppTest]:
    def page(level: str = "partnership", *, fresh: bool = False, **filters: str) -> AppTest:
        monkeypatch.setenv("IOM_DATA_DIR", str(valued))
        asked = (("level", level), *sorted(filters.items()))
        if fresh or asked not in seen:
            seen[asked] = run(PAGE, level, **filters)
        return seen[asked]

    return page


def reader(valued: Path, level: str) -> Reader:
    return open_level(valued, level)


def even(source: Reader, subject: str, period: str, district: str = "") -> dict[str, dict]:
    rows = source.break_even(None, subject, district=district, period=period).to_dicts()
    return {row["basis"]: row for row in rows}


def test_the_answer_and_both_bases_are_the_releases_own(go, valued, level):
    app = go(level)
    rows = even(reader(valued, level), "iom", "2024/25")
    assert [t.value for t in app.title] == ["Does it pay?"]
    assert lede(app) == say.answer(rows, "IOM")
    said = text(app)
    for row in rows.values():
        assert say.opening(row) in said and say.one_in(row) in said and say.SHORT[row["verdict"]] in said
    assert (
        said.index("All that was given")
        < said.index("How much must it prevent?")
        < said.index("What is it resting on?")
    )
    assert all(warning in said for warning in say.unit_cost_warnings(rows["opportunity"]))


def test_every_cost_and_benefit_is_the_releases_own(go, valued, level):
    app = go(level)
    said = text(app)
    source = reader(valued, level)
    rows = source.value_for_money("scheme", "iom", period="2024/25").filter(pl.col("basis") == "opportunity").to_dicts()
    told = {(row["measure"], row["head"]): row for row in rows if not row["gainer"]}
    for measure in ("benefits", "costs", "net_present_value", "ratio"):
        for head in ("society", "fiscal"):
            row = told[measure, head]
            assert f"{say.pounds(row['value'])} {say.pounds(row['lower'])} to {say.pounds(row['upper'])}" in said, (
                measure,
                head,
            )
    for measure in ("breaking_even", "ratio_above_1", "ratio_above_bar"):
        assert say.chance(told[measure, "society"]["value"]) in said
    for row in rows:
        if row["measure"] == "gain":
            assert say.pounds(row["value"]) in said
    for row in source.tornado("scheme", "iom").filter(pl.col("basis") == "opportunity").to_dicts()[:3]:
        assert say.pounds(row["at_high"]) in said


def test_how_many_draws_is_what_the_level_was_published_with(go, valued, level):
    draws = value.figures(reader(valued, level)).draws
    assert draws == {"partnership": 4_000, "open": 10_000}[level]
    assert f"{draws:,} draws over the comparison's interval" in text(go(level))


def test_the_waterfall_adds_up_to_the_fiscal_account(go, valued):
    html = markup(go())
    falls = re.findall(r'<div class="steps falls".*?</div></div>', html, flags=re.S)[0]
    amounts = [
        float(x.replace("\u2212", "-").replace("+", "").replace("£", "").replace(",", ""))
        for x in re.findall(r"<b>([^<]+)</b>", falls)
    ]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=len(amounts))  # each is rounded to the pound
    net = reader(valued, "partnership").value_for_money("scheme", "iom", period="2024/25").filter(
        (pl.col("measure") == "net_present_value") & (pl.col("head") == "fiscal") & (pl.col("basis") == "opportunity")
    )["value"][0]  # fmt: skip
    assert amounts[-1] == pytest.approx(net, abs=1)


def test_no_figure_on_the_page_adds_fiscal_to_economic_or_social(go, valued):
    rows = reader(valued, "partnership").value_for_money("scheme", "iom", period="2024/25").filter(
        (pl.col("basis") == "opportunity") & (pl.col("measure") == "gain")
    )  # fmt: skip
    heads = {head: sum(rows.filter(pl.col("head") == head)["value"]) for head in ("fiscal", "economic", "social")}
    said = text(go())
    for one, other in (("fiscal", "economic"), ("fiscal", "social"), ("economic", "social")):
        assert say.pounds(heads[one] + heads[other]) not in said
    assert "never added" in said


def test_the_page_works_out_what_the_release_published(valued, level):
    """The case that a slider starts from gives the published figures themselves, at both levels."""
    source = reader(valued, level)
    iom = value.subjects(source)[0]
    of = value.valued(source, iom, "", "2024/25")
    figures = value.figures(source)
    case = value.case_of(of, "cash", figures)
    made = results(case, figures.known, draws=figures.draws)["value_for_money"]
    held = {(row["measure"], row["head"], row["gainer"]): row for row in of.money if row["basis"] == "cash"}
    assert len(made) == len(held) > 40
    for row in made:
        other = held[row["measure"], row["head"], row["gainer"]]
        for name in ("value", "lower", "upper"):
            assert (row[name] is None) == (other[name] is None)
            if row[name] is not None:
                assert row[name] == pytest.approx(other[name], rel=1e-6, abs=2e-4), (
                    row
                )  # chances are kept to four places


@pytest.mark.parametrize("own", [False, True])
def test_the_card_and_the_column_as_published_agree(valued, level, own, tmp_path):
    """Also where a partnership counts half of the effect as its own: both from the same share of what was found."""
    root = valued
    if own:
        root = tmp_path
        (root / "parameters.csv").write_text(
            "name,value,low,high,unit,price_year,source,edition,retrieved,checked,note\n"
            "attribution,50,50,50,%,,The partnership,2025,2025-01-01,true,\n"
            "cost_spread,110,90,130,%,,The partnership,2025,2025-01-01,true,\n",
            encoding="utf-8",
        )
        value_release.write(root, 1_000)
    source = reader(root, level)
    known, told = value.figures(source), set()
    for subject in value.subjects(source):
        of = value.valued(source, subject, "", "2024/25")
        for basis, row in of.even.items():
            if (case := value.case_of(of, basis, known)) is None:
                continue
            column = scenario.published(case, replace(known, draws=1_000), 2.0)
            told.add(row["verdict"])
            assert row["counted"] == (0.5 if own else 1.0)
            assert column.even.verdict == row["verdict"]
            for name in ("cost", "unit_cost", "offences_to_avert", "expected", "needed"):
                assert getattr(column.even, name) == pytest.approx(row[name])
            assert (column.reduction.estimate, column.reduction.lower, column.reduction.upper) == pytest.approx(
                (row["observed"], row["lower"], row["upper"])
            )
    assert len(told) > 1


def test_a_year_before_the_latest_is_worked_out_here(go, valued):
    app = go(year="Year to March 2024")
    row = even(reader(valued, "partnership"), "iom", "2023/24")["opportunity"]
    assert row["verdict"] == "short" and lede(app).startswith("IOM fell short of paying for itself in 2023/24")
    assert "How sure is it?" in text(app) and "What would have to be true?" in text(app)


def test_a_programme_that_costs_no_cash_is_free_and_past_break_even(go):
    app = go(subject="Mentoring")
    assert lede(app).startswith("Mentoring has already paid for itself in 2024/25")
    assert lede(app).endswith(
        "Counting additional cash alone, there is nothing to pay back, which does not show that it prevents anything."
    )
    said = text(go(subject="Mentoring", basis="Additional cash alone"))
    assert "[x] nothing was spent on this basis" in said and say.FREE_IS_NOT_WORTH in said


def test_without_costs_the_page_says_so_and_where_they_are_entered(go, level):
    app = go(level, subject=value_release.LONG)
    assert "no cost of it is recorded for the year" in lede(app)
    said = text(app)
    assert "How sure is it?" not in said and "What if?" not in said and "is not available" in said
    assert say.NO_COST in said
    assert not app.slider


def test_without_a_comparison_the_page_says_what_is_missing(go):
    app = go(district="Fenland")
    assert "nobody can say how many offences to expect without it" in lede(app)
    assert "£3,868 / £2,326 = 1.7 offences to avert" not in text(app)  # nothing is drawn of what is not available
    assert "Show what was spent line by line" in text(app)


def test_a_release_without_money_says_how_to_bring_it(run):
    assert lede(run(PAGE)) == say.NOTHING


def test_the_open_level_has_no_district_and_nothing_below_30_people(go, valued):
    source = reader(valued, "open")
    assert [choice.id for choice in value.subjects(source)] == ["iom", "long", "mentoring"]
    assert value.places(source, value.subjects(source)[0]) == [("", "All districts")]
    assert "work_club" not in str(source.spend()) and "Work club" not in text(go("open"))


def test_a_programme_is_called_what_its_comparison_calls_it_and_never_shouted(valued):
    named = [one.name for one in value.subjects(reader(valued, "partnership"))]
    assert named == ["IOM", value_release.LONG, "Mentoring", "Work club"]


def test_what_each_costs_stands_with_its_interval_and_its_reason(go):
    said = text(go())
    assert "Person managed One day or more in the year 250 £240 £93" in said
    assert "Accommodation kept Settled for 13 weeks 62 £967 £786 to £1,208" in said
    assert "[x] Completed programme: a scheme is not completed." in said
    assert "a plain cost for each is never compared" in said


def test_the_log_names_each_assumptions_source_and_how_it_was_read(go):
    said = text(go())
    assert "Crimes for each proven reoffence 1 1 to 3" in said and "assumed" in said
    assert "read every pound that rests on them so" in said
    assert "Home Office, The economic and social costs of crime, Research Report 99" in said


# scenarios


def knobs(valued: Path) -> tuple[scenario.Knob, ...]:
    source = reader(valued, "partnership")
    figures = value.figures(source)
    case = value.case_of(value.valued(source, value.subjects(source)[0], "", "2024/25"), "opportunity", figures)
    assert case is not None
    return scenario.knobs(case, scenario.price_years(case, figures))


def test_a_slider_in_the_address_moves_the_figures_beside_the_published(go):
    app = go(cost="50")
    said = text(app)
    assert "As published 2023/24 prices As the sliders stand 2023/24 prices" in said and "What it cost 50%" in said
    assert "Offences to avert 26 13" in said
    assert app.slider(key="cost").value == 50


def test_every_section_with_pounds_names_its_price_year(go, valued, level):
    app = go(level)
    for section in (
        "How sure is it?",
        "What moves it most?",
        "What would have to be true?",
        "What does each one cost?",
    ):
        assert "Pounds of 2023/24." in text(app).split(section, 1)[1][:400], section
    assert ("read no pound here to more than two figures" in text(app)) == (level == "open")


def test_scenarios_of_other_price_years_say_so_at_their_head(go):
    said = text(go(prices="2020/21", beside="Long~lasting.3"))
    assert "As published 2023/24 prices As the sliders stand 2020/21 prices Long 2023/24 prices" in said
    assert "These columns are in pounds of 2020/21 and 2023/24: only amounts of one year" in said
    assert "These columns are in pounds" not in text(go(cost="50"))


def test_a_download_says_which_scenario_is_in_which_pounds(valued):
    source = reader(valued, "partnership")
    known = value.figures(source)
    case = value.case_of(value.valued(source, value.subjects(source)[0], "", "2024/25"), "opportunity", known)
    assert case is not None
    made = [scenario.come_to(name, case, moved, known, draws=500)
            for name, moved in ((scenario.PUBLISHED, {}), ("Then", {"prices": "2020/21"}))]  # fmt: skip
    assert value.beside.price_year(made) == "2023/24; of scenarios also 2020/21, as each one says"
    assert value.beside.price_year(made[:1]) == "2023/24"
    assert value.beside.in_words(made[1], knobs(valued)) == "Price year 2020/21 (pounds of 2020/21)"


def test_every_slider_is_kept_in_the_address(go, valued):
    app = go(beside="Half the cost~cost.50~unit.low")
    held = {**{one.key: one for one in app.slider}, **{one.key: one for one in app.selectbox}}
    for knob in knobs(valued):
        assert held[knob.id].proto.query_param_key == knob.id
    assert "Half the cost" in text(app) and "What it cost 50% Unit costs Low" in text(app)


def test_a_named_scenario_says_what_it_would_say_on_the_sliders(go):
    moved = text(go(cost="50", lasting="3"))
    named = text(go(beside="Longer~cost.50~lasting.3"))
    row = r"Net present value everybody (\S+) \S+ to \S+ (\S+)"
    assert re.search(row, moved)[2] == re.search(row, named)[2]


@pytest.mark.parametrize(
    "asked",
    ["A1234BC~cost.50", "20/0000001Q~cost.50", "X123456~cost.50", "Half~cost.5000", "Half~cost.50~cost.60", "Half", "Half~nothing.1",
     "<b>~cost.50", "John Smith 010170~cost.50", "Half~unit.best", "As published~cost.50",
     "943 476 5919~cost.50", "Smith 12 04 1985~cost.50", "0770 0900 123~cost.50", "Flat 3 12 High Street~cost.50", "Plan 2025~cost.50"],
)  # fmt: skip
def test_what_is_not_a_scenario_is_left_out_of_the_address(valued, asked):
    assert scenario.read(asked, knobs(valued)) is None


def test_a_scenario_is_written_as_it_is_read(valued):
    named = scenario.Named(
        "Half the cost",
        {"cost": 50, "unit": "low", "multiplier": 1.5, "effect": -50, "discount": "3.5", "prices": "2022/23"},
    )
    assert scenario.read(scenario.written(named), knobs(valued)) == named
    assert (
        scenario.written(named)
        == "Half the cost~cost.50~unit.low~multiplier.1.5~effect.-50~discount.3.5~prices.2022/23"
    )


def test_a_name_may_hold_one_short_number():
    assert all(scenario.is_name(name) for name in ("Half the cost", "Idea 5", "10 more people", "5"))


def test_four_scenarios_do_not_stand_beside_and_one_name_stands_once(valued):
    asked = [f"Idea {n}~cost.{n}0" for n in (5, 6, 7, 8)] + ["Idea 5~cost.90"]
    found = list(scenario.listed(asked, knobs(valued)))
    assert [one.name for one in found if isinstance(one, scenario.Named)] == ["Idea 5", "Idea 6", "Idea 7"]


def test_what_the_address_asks_for_and_is_not_there_is_said(go):
    said = text(go(cost="9999", beside="A1234BC~cost.50"))
    assert "what it cost \u201c9999\u201d" in said and "which is not a choice here" in said
    assert "A1234BC" in said and "As the sliders stand" not in said


def test_a_name_goes_to_the_address_and_a_reference_of_a_person_does_not(go):
    app = go(cost="50", fresh=True)
    app.text_input(key="_scenario_name").set_value("X123456").run()
    [put] = [b for b in app.button if b.label == "Put it beside"]
    put.click().run()
    assert "beside" not in app.query_params and app.error[0].value == say.NOT_A_NAME
    assert scenario.NAME_RULE in text(app)
    app.text_input(key="_scenario_name").set_value("Half the cost").run()
    next(b for b in app.button if b.label == "Put it beside").click().run()
    assert app.query_params["beside"] == "Half the cost~cost.50"
    next(b for b in app.button if b.label == "Take away Half the cost").click().run()
    assert "beside" not in app.query_params


def test_the_download_holds_the_scenario_its_price_year_and_the_warnings(go, valued, monkeypatch):
    taken = SimpleNamespace(filters={}, tables={})

    def archive(source, page, filters, *, tables, **other):
        taken.filters, taken.tables = dict(filters), dict(tables)
        return real(source, page, filters, tables=tables, **other)

    real = export.archive
    monkeypatch.setattr(export, "archive", archive)
    asked = []
    import streamlit as st

    monkeypatch.setattr(st, "download_button", lambda label, data, **other: asked.append(data))
    go(cost="50", beside="Long~lasting.3", fresh=True)
    with zipfile.ZipFile(io.BytesIO(asked[-1]())) as bundle:
        names, about = set(bundle.namelist()), bundle.read("about.txt").decode()
        how = bundle.read("method.md").decode()
        scenarios = pl.read_csv(bundle.read("scenarios.csv"))
    assert {
        "break_even.csv",
        "spend.csv",
        "value_for_money.csv",
        "parameters.csv",
        "offence_mix.csv",
        "cost_per_person.csv",
    } <= names
    assert scenarios["scenario"].to_list() == ["As published", "As the sliders stand", "Long"]
    assert scenarios["moved"].to_list()[1:] == ["What it cost 50%", "Years that it lasts 3"]
    assert set(scenarios["price_year"]) == {"2023/24"}
    assert (
        "Scenario, Long: Years that it lasts 3" in about
        and "Price year: 2023/24" in about
        and "Take care: Unit costs of 85%" in about
    )
    assert "**Break-even.** Offences to avert are the cost divided by the unit cost" in how
    assert "Every pound is of 2023/24" in how and "Unit costs of 85%" in how
    assert "not checked against the original" in about
