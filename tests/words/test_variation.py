"""Control charts in pictures and words: three questions kept apart, and never more said than the codes say."""

import datetime as dt
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest

from components import variation
from components.variation.places import Places
from components.variation.sentences import ASSURANCE, CAUSES, NOTES, RULES
from metrics.compare.control_chart import control_chart, reading
from metrics.compare.control_rules import RULES as EVERY_RULE
from metrics.compare.funnel import funnel
from metrics.compare.shrinkage import shares

UNIT = {"unit": "%", "decimals": 1}


def quarters(counts, people=100, status="final"):
    rows, periods = [], {}
    for i, count in enumerate(counts):
        year, quarter = 2018 + i // 4, i % 4 + 1
        name = f"{year}Q{quarter}"
        start = dt.date(year, 3 * quarter - 2, 1)
        periods[name] = SimpleNamespace(id=name, label=name, start=start, end=start + dt.timedelta(days=89))
        value = None if count is None else 100 * count / people
        rows.append({"period": name, "value": value, "numerator": count, "denominator": people,
                     "status": status if count is not None else "not available", **UNIT})  # fmt: skip
    return rows, periods


def chart_of(rows):
    counts, people = ([row[name] for row in rows] for name in ("numerator", "denominator"))
    return control_chart("p", [row["period"] for row in rows], counts, people, scale=100, polarity="lower_is_better")


STEADY = [50, 47, 53, 49, 51, 48, 52, 50, 46, 54, 50, 49, 51, 50]


def test_every_code_has_its_words():
    assert set(RULES) == set(EVERY_RULE)
    assert set(NOTES) == {"few_points", "few_expected", "neighbours_alike", "too_tight"}
    assert set(ASSURANCE) == {"will_meet", "will_miss", "hit_or_miss", "no_target", "no_limits"}
    assert set(CAUSES) == {"improvement", "concern", "change", "common", "no_limits"}


def test_a_steady_process_is_no_more_than_chance_even_when_it_misses_its_target():
    rows, _ = quarters(STEADY)
    said = variation.reading_answer(reading(chart_of(rows), 20.0), "Fenland", rows[0])
    assert said.startswith(
        "Fenland: the latest quarter, 50.0%, differs from the average, 50.0%, by no more than chance."
    )
    assert "it will miss the target every quarter" in said


def test_a_fall_beyond_the_limits_is_better_where_lower_is_better():
    rows, _ = quarters([*STEADY, 20])
    said = variation.reading_answer(reading(chart_of(rows)), "Fenland", rows[0])
    assert said.startswith("Fenland: better than chance explains (one quarter beyond the limits): 20.0% against")


def test_a_rise_beyond_the_limits_is_worse():
    rows, _ = quarters([*STEADY, 80])
    assert "worse than chance explains" in variation.reading_answer(reading(chart_of(rows)), "Fenland", rows[0])


def test_eleven_quarters_have_no_limits_and_say_how_many_are_wanting():
    rows, periods = quarters(STEADY[:11])
    chart = chart_of(rows)
    assert "1 more finished quarter" in variation.reading_answer(reading(chart), "Fenland", rows[0])
    assert variation.meaning(chart) == []
    assert "without limits" in variation.alt_control(chart, "Fenland", "Reoffending rate")
    assert go.Figure(variation.control(chart, periods, "%")).data


@pytest.mark.parametrize("target", [None, 45.0])
def test_the_chart_is_valid_and_marks_special_causes_by_shape(target):
    rows, periods = quarters([*STEADY, 80])
    chart = chart_of(rows)
    figure = go.Figure(variation.control(chart, periods, "%", target))
    assert figure.data[-1].marker.symbol[-1] == "triangle-up"
    assert set(figure.data[-1].marker.symbol[:-1]) == {"circle"}
    assert "1 quarters marked" in variation.alt_control(chart, "Fenland", "Reoffending rate").replace("one", "1")
    assert "80.0" in variation.points_table(chart, periods) and "beyond the limits" in variation.points_table(
        chart, periods
    )


def test_nothing_finished_says_so():
    assert variation.reading_answer(None, "Fenland", UNIT) == "There is no final quarter that can be shown for Fenland."


def places(counts, people):
    info = SimpleNamespace(id="reoffending_rate", kind="proportion", title="Reoffending rate", unit="%", definition={})
    names = ("Cambridge", "Fenland", "Peterborough", "Huntingdonshire")[: len(counts)]
    rows = {
        name.lower(): {"label1": name, "status": "final", "value": 100 * c / n, "lower": 100 * c / n - 9,
                       "upper": 100 * c / n + 9, "numerator": c, "denominator": n, "reason": "", **UNIT}
        for name, c, n in zip(names, counts, people, strict=True)
    }  # fmt: skip
    codes = list(rows)
    made = funnel("proportion", codes, counts, people, unit=100)
    return Places(info, rows, made, shares(codes, counts, people, unit=100))


def test_alike_places_are_inside_the_funnel():
    of = places([40, 41, 120, 39], [100, 100, 300, 100])
    assert variation.funnel_answer(of).startswith("No district\u2019s reoffending rate differs")
    assert set(go.Figure(variation.funnel_chart(of)).data[-1].marker.symbol) == {"circle"}


def test_the_notes_of_a_funnel_give_its_level_its_unit_and_what_luck_leaves_outside():
    [first, *_] = variation.funnel_notes(places([40, 41, 120, 39], [100, 100, 300, 100]))
    assert first.startswith(
        "The level line is all together, 40.0%. If places differed by luck alone about 1 place in 50"
    )


def test_an_unlike_place_is_named_without_a_rank_and_its_selection_is_owned_up_to():
    of = places([200, 205, 600, 410], [500, 500, 1500, 500])
    said = variation.funnel_answer(of)
    assert "Huntingdonshire is above the" in said and "who is selected" in said
    assert "Cambridge is" not in said and "worst" not in said


def test_a_place_of_too_few_is_not_judged():
    of = places([200, 205, 600, 410], [500, 500, 1500, 500])
    of.rows["huntingdonshire"]["reason"] = "20 people: too few to judge"
    assert "on too few people to judge" in variation.funnel_answer(of)


def test_places_are_in_alphabetical_order_with_raw_and_pooled_side_by_side():
    html = variation.places_table(places([40, 5, 120, 39], [100, 9, 300, 100]))
    order = [html.index(name) for name in ("Cambridge", "Fenland", "Huntingdonshire", "Peterborough")]
    assert order == sorted(order)
    assert "55.6" in html and "Pooled estimate" in html


@pytest.mark.parametrize(
    "rows", [[], [{"status": "final", "value": 40.0}], [{"status": "provisional", "value": 4.0}] * 3]
)
def test_fewer_than_two_final_places_are_no_comparison(rows):
    assert variation.between(None, SimpleNamespace(kind="proportion"), "scheme", rows) is None
