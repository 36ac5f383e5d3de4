"""Control charts in pictures and words: three questions kept apart, and never more said than the codes say."""

import datetime as dt
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest

from components import variation
from components.variation.sentences import ASSURANCE, CAUSES, NOTES, RULES
from metrics.compare.control_chart import reading
from metrics.compare.control_rules import RULES as EVERY_RULE

INFO = SimpleNamespace(kind="proportion", polarity="lower_is_better", definition={}, unit="%")
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


STEADY = [50, 47, 53, 49, 51, 48, 52, 50, 46, 54, 50, 49, 51, 50]


def test_every_code_has_its_words():
    assert set(RULES) == set(EVERY_RULE)
    assert set(NOTES) == {"few_points", "few_expected", "neighbours_alike", "too_tight"}
    assert set(ASSURANCE) == {"will_meet", "will_miss", "hit_or_miss", "no_target", "no_limits"}
    assert set(CAUSES) == {"improvement", "concern", "change", "common", "no_limits"}


def test_a_steady_process_is_no_more_than_chance_even_when_it_misses_its_target():
    rows, _ = quarters(STEADY)
    said = variation.reading_answer(reading(variation.limits_of(INFO, rows), 20.0), "Fenland", rows)
    assert said.startswith(
        "Fenland: the latest quarter, 50.0%, differs from the average, 50.0%, by no more than chance."
    )
    assert "it will miss the target every quarter" in said


def test_a_fall_beyond_the_limits_is_better_where_lower_is_better():
    rows, _ = quarters([*STEADY, 20])
    said = variation.reading_answer(reading(variation.limits_of(INFO, rows)), "Fenland", rows)
    assert said.startswith("Fenland: better than chance explains (one quarter beyond the limits): 20.0% against")


def test_a_rise_beyond_the_limits_is_worse():
    rows, _ = quarters([*STEADY, 80])
    assert "worse than chance explains" in variation.reading_answer(
        reading(variation.limits_of(INFO, rows)), "Fenland", rows
    )


def test_eleven_quarters_have_no_limits_and_say_how_many_are_wanting():
    rows, periods = quarters(STEADY[:11])
    chart = variation.limits_of(INFO, rows)
    assert "1 more finished quarter" in variation.reading_answer(reading(chart), "Fenland", rows)
    assert variation.meaning(chart) == []
    assert "without limits" in variation.alt_control(chart, "Fenland", "Reoffending rate")
    assert go.Figure(variation.control(chart, periods, "%")).data


def test_unfinished_quarters_are_left_out_and_gaps_are_kept():
    rows, _ = quarters([50, None, 52])
    late, _ = quarters([30], status="provisional")
    assert [row["value"] for row in variation.control_rows([*rows, *late])] == [50.0, None, 52.0]
    assert variation.control_rows(late) == []


@pytest.mark.parametrize("target", [None, 45.0])
def test_the_chart_is_valid_and_marks_special_causes_by_shape(target):
    rows, periods = quarters([*STEADY, 80])
    chart = variation.limits_of(INFO, rows)
    figure = go.Figure(variation.control(chart, periods, "%", target))
    assert figure.data[-1].marker.symbol[-1] == "triangle-up"
    assert set(figure.data[-1].marker.symbol[:-1]) == {"circle"}
    assert "1 quarters marked" in variation.alt_control(chart, "Fenland", "Reoffending rate").replace("one", "1")
    assert "80.0" in variation.points_table(chart, periods) and "beyond the limits" in variation.points_table(
        chart, periods
    )


def test_nothing_finished_says_so():
    assert variation.reading_answer(None, "Fenland", []) == "There is no final quarter that can be shown for Fenland."


def places(counts, people, kind="proportion", **other):
    info = SimpleNamespace(
        id="reoffending_rate", kind=kind, title="Reoffending rate", unit="%", definition={"scale": 1}
    )
    rows = [
        {"label1": name, "status": "final", "value": 100 * c / n, "lower": 100 * c / n - 9, "upper": 100 * c / n + 9,
         "numerator": c, "denominator": n, "reason": "", **UNIT, **other}
        for name, c, n in zip(("Cambridge", "Fenland", "Peterborough", "Huntingdonshire"), counts, people, strict=False)
    ]  # fmt: skip
    return info, rows


def test_alike_places_are_inside_the_funnel():
    of = variation.between(*places([40, 41, 120, 39], [100, 100, 300, 100]))
    assert variation.funnel_answer(of).startswith("No district\u2019s reoffending rate differs")
    assert set(go.Figure(variation.funnel_chart(of)).data[-1].marker.symbol) == {"circle"}


def test_an_unlike_place_is_named_without_a_rank_and_its_selection_is_owned_up_to():
    of = variation.between(*places([200, 205, 600, 410], [500, 500, 1500, 500]))
    said = variation.funnel_answer(of)
    assert "Huntingdonshire is above the" in said and "who is selected" in said
    assert "Cambridge is" not in said and "worst" not in said


def test_a_place_of_too_few_is_not_judged():
    info, rows = places([200, 205, 600, 410], [500, 500, 1500, 500])
    rows[3]["reason"] = "20 people: too few to judge"
    assert "on too few people to judge" in variation.funnel_answer(variation.between(info, rows))


def test_places_are_in_alphabetical_order_with_raw_and_pooled_side_by_side():
    html = variation.places_table(variation.between(*places([40, 5, 120, 39], [100, 9, 300, 100])))
    order = [html.index(name) for name in ("Cambridge", "Fenland", "Huntingdonshire", "Peterborough")]
    assert order == sorted(order)
    assert "55.6" in html and "Pooled estimate" in html


def test_a_measure_without_a_funnel_has_none_and_one_place_is_no_comparison():
    info, rows = places([40, 41], [100, 100], kind="survival")
    assert variation.between(info, rows) is None
    info, rows = places([40], [100])
    assert variation.between(info, rows) is None
    info, rows = places([40, 41], [100, 100], status="provisional")
    assert variation.between(info, rows) is None
