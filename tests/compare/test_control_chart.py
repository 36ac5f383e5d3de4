"""Control charts: rules by hand and by a slow twin, limits against published charts, planted causes, false alarms."""

import datetime as dt
import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import ProblemError
from metrics.compare.control_chart import (
    LEAST_POINTS,
    Chart,
    annotations,
    assurance,
    cause_of,
    chart_kind,
    control_chart,
    reading,
    rebased,
)
from metrics.compare.control_limits import correlation, mean_moving_range, p_limits, u_limits, xmr_limits
from metrics.compare.control_rules import RULES, one_side, outside_limits, trend, two_of_three


def quarters(number: int) -> list[str]:
    return [f"{2015 + i // 4}Q{i % 4 + 1}" for i in range(number)]


def rule(name: str, values: list[float], centre: float = 0.0, sigma: float = 1.0) -> list[int]:
    value = np.array(values, dtype=float)
    return RULES[name](value, np.full(len(value), centre), np.full(len(value), sigma)).tolist()


# --- the rules, by hand -----------------------------------------------------------------------------------------------


def test_a_point_outside_the_limits() -> None:
    assert rule("outside_limits", [3.0, 3.01, -3.01, 0.0, float("nan")]) == [0, 1, -1, 0, 0]


def test_eight_in_a_row_on_one_side_and_seven_are_not() -> None:
    assert rule("one_side", [1] * 7 + [-1]) == [0] * 8
    assert rule("one_side", [-1] + [1] * 8) == [0] + [1] * 8
    assert rule("one_side", [1] * 4 + [0] + [1] * 4) == [0] * 9, "a point on the line ends a run"
    assert rule("one_side", [1] * 4 + [float("nan")] + [1] * 4) == [0] * 9, "a missing quarter ends a run"


def test_six_points_rising_are_a_trend_and_five_are_not() -> None:
    assert rule("trend", [1, 2, 3, 4, 5, 5]) == [0] * 6
    assert rule("trend", [9, 1, 2, 3, 4, 5, 6]) == [0, 1, 1, 1, 1, 1, 1]
    assert rule("trend", [6, 5, 4, 3, 2, 1]) == [-1] * 6
    assert rule("trend", [1, 2, 3, 3, 4, 5, 6]) == [0] * 7, "equal neighbours end a trend"
    assert rule("trend", []) == []


def test_two_of_three_beyond_two_sigma_on_one_side() -> None:
    assert rule("two_of_three", [2.1, 0, 2.1]) == [1, 0, 1]
    assert rule("two_of_three", [2.1, 0, 0, 2.1]) == [0] * 4
    assert rule("two_of_three", [2.1, -2.1, 0]) == [0] * 3, "on the same side"
    assert rule("two_of_three", [2.1, float("nan"), 2.1]) == [0] * 3, "three quarters that are there"


def slow_rules(values: list[float]) -> dict[str, list[int]]:
    """The four rules by looking at every window of every length, centre 0 and sigma 1."""
    side = [0 if math.isnan(v) else (v > 0) - (v < 0) for v in values]
    found = {name: [0] * len(values) for name in RULES}
    for i, v in enumerate(values):
        if not math.isnan(v) and abs(v) > 3:
            found["outside_limits"][i] = side[i]
    for a in range(len(values)):
        for b in range(a + 1, len(values) + 1):
            part = values[a:b]
            if len(part) == 8 and len(set(side[a:b])) == 1 and side[a]:
                for i in range(a, b):
                    found["one_side"][i] = side[a]
            up = all(x < y for x, y in itertools.pairwise(part))
            down = all(x > y for x, y in itertools.pairwise(part))
            if len(part) == 6 and (up or down):
                for i in range(a, b):
                    found["trend"][i] = found["trend"][i] or (1 if up else -1)
            if len(part) == 3 and not any(map(math.isnan, part)):
                for way in (1, -1):
                    far = [i for i in range(a, b) if values[i] * way > 2]
                    if len(far) >= 2:
                        for i in far:
                            found["two_of_three"][i] = way
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([-3.5, -2.5, -1, -0.5, 0, 0.5, 1, 2.5, 3.5, float("nan")]), max_size=24))
def test_every_rule_equals_its_slow_twin_on_coarse_values(values: list[float]) -> None:
    assert {name: rule(name, values) for name in RULES} == slow_rules(values)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000))
def test_every_rule_equals_its_slow_twin_on_drifting_values(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0, 0.8, 30)).tolist()
    assert {name: rule(name, values) for name in RULES} == slow_rules(values)


# --- limits -----------------------------------------------------------------------------------------------------------


def line(chart: Chart, name: str, place: int = 0) -> float:
    value = chart.points[name][place]
    assert value is not None
    return float(value)


def test_xmr_limits_equal_montgomerys_paint_viscosity() -> None:
    """Montgomery, Introduction to Statistical Quality Control, table 6.6: mean 33.52, moving range 0.48, limits 32.25 and 34.80."""
    value = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84]
    assert mean_moving_range(np.array(value)) == pytest.approx(0.48, abs=0.005)
    chart = control_chart("xmr", quarters(15), value)
    assert line(chart, "centre") == pytest.approx(33.52, abs=0.005)
    assert line(chart, "upper") == pytest.approx(34.80, abs=0.005)
    assert line(chart, "lower") == pytest.approx(32.25, abs=0.01)
    assert not any(chart.points["rules"].to_list())


ORANGE_JUICE = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # fmt: skip


def test_p_limits_equal_montgomerys_orange_juice_cans() -> None:
    """Table 7.1 (data `orangejuice` of R's qcc): 347 of 1,500, limits 0.0524 and 0.4102, samples 15 and 23 outside."""
    chart = control_chart("p", quarters(30), ORANGE_JUICE, [50] * 30, primed=False)
    assert line(chart, "centre") == pytest.approx(0.2313, abs=5e-5)
    assert line(chart, "lower") == pytest.approx(0.0524, abs=5e-5)
    assert line(chart, "upper") == pytest.approx(0.4102, abs=5e-5)
    outside = [i + 1 for i, names in enumerate(chart.points["rules"]) if "outside_limits" in names]
    assert outside == [15, 23]
    assert "too_tight" in chart.segments["notes"][0], "two batches of material: more than binomial chance"
    widened = control_chart("p", quarters(30), ORANGE_JUICE, [50] * 30)
    assert not any("outside_limits" in names for names in widened.points["rules"])


def test_u_limits_equal_montgomerys_computers_and_dyed_cloth() -> None:
    """Table 7.10 (`pcmanufact` of qcc): u = 1.93, limits 0.07 and 3.79. Table 7.11 (`dyedcloth`): u = 1.42, at 10 units 0.29 and 2.55."""
    defects = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
    chart = control_chart("u", quarters(20), defects, [5] * 20, primed=False)
    assert [line(chart, n) for n in ("centre", "lower", "upper")] == pytest.approx([1.93, 0.07, 3.79], abs=0.005)
    count = np.array([14, 12, 20, 11, 7, 10, 21, 16, 19, 23], dtype=float)
    units = np.array([10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5])
    found = u_limits(count, units, primed=False)
    assert found.centre[0] == pytest.approx(1.42, abs=0.005)
    assert found.centre[0] - 3 * found.sigma[0] == pytest.approx(0.29, abs=0.01)
    assert found.centre[0] + 3 * found.sigma[0] == pytest.approx(2.55, abs=0.01)


def test_laneys_sigma_by_hand() -> None:
    """Two sizes, p = 40 / 100: z = -0.8165, 0.8165, 0 and so on; the sum is written out."""
    count, people = np.array([8.0, 12.0, 20.0]), np.array([24.0, 24.0, 52.0])
    p = 40 / 100
    z = [
        (8 / 24 - p) / (p * 0.6 / 24) ** 0.5,
        (12 / 24 - p) / (p * 0.6 / 24) ** 0.5,
        (20 / 52 - p) / (p * 0.6 / 52) ** 0.5,
    ]
    measured = (abs(z[1] - z[0]) + abs(z[2] - z[1])) / 2 / 1.128
    found = p_limits(count, people)
    assert found.measured == pytest.approx(measured)
    assert found.sigma == pytest.approx(max(measured, 1) * np.sqrt(p * 0.6 / people))


def test_widened_limits_become_xmr_limits_when_groups_are_large_and_equal() -> None:
    """Closed form: with equal groups Laney's p' limits are the XmR chart's (Laney 2002)."""
    rng = np.random.default_rng(3)
    people = np.full(24, 100_000.0)
    count = np.round(rng.normal(0.4, 0.02, 24) * people)
    ours, plain = p_limits(count, people), xmr_limits(count / people)
    assert ours.sigma == pytest.approx(plain.sigma)
    assert ours.centre == pytest.approx(plain.centre)


def test_limits_are_never_narrower_than_chance() -> None:
    count, people = np.full(20, 40.0), np.full(20, 100.0)
    found = p_limits(count, people)
    assert (found.measured, found.dispersion) == (0.0, 1.0)


def test_a_missing_quarter_has_no_moving_range() -> None:
    assert mean_moving_range(np.array([1.0, 3.0, np.nan, 10.0, 11.0])) == pytest.approx((2 + 1) / 2)


# --- the chart and what it says ---------------------------------------------------------------------------------------


def test_there_are_no_limits_before_twelve_points() -> None:
    eleven = control_chart("p", quarters(11), [4] * 10 + [40], [40] * 11, scale=100)
    assert eleven.points["lower"].null_count() == 11
    assert set(eleven.points["cause"]) == {"no_limits"}
    said = reading(eleven)
    assert said is not None
    assert (said.cause, said.points, said.needed, said.notes) == ("no_limits", 11, 1, ("few_points",))
    twelve = control_chart("p", quarters(12), [4] * 11 + [40], [40] * 12, scale=100)
    assert twelve.points["cause"][-1] == "change"


def test_a_chart_is_in_the_figures_unit_and_within_its_range() -> None:
    chart = control_chart("p", quarters(12), [1, 9] * 6, [10] * 12, scale=100)
    assert chart.points["value"].to_list() == [10, 90] * 6
    assert chart.points["lower"].min() == 0
    assert chart.points["upper"].max() == 100


def test_direction_is_good_or_bad_by_polarity_alone() -> None:
    assert cause_of(1, "lower_is_better") == "concern"
    assert cause_of(-1, "lower_is_better") == "improvement"
    assert cause_of(1, "higher_is_better") == "improvement"
    assert cause_of(-1, "higher_is_better") == "concern"
    assert cause_of(1, "no_judgement") == "change"
    assert cause_of(0, "lower_is_better") == "common"


def test_meeting_a_target_is_another_question_than_special_cause() -> None:
    value = [40.0, 41.0] * 12
    chart = control_chart("xmr", quarters(24), value, polarity="lower_is_better")
    low, high = line(chart, "lower"), line(chart, "upper")
    assert reading(chart, target=50).cause == "common"  # type: ignore[union-attr]
    assert [assurance(chart, t) for t in (high, high - 0.01, low + 0.01, low, low - 0.01, None)] == [
        "will_meet", "hit_or_miss", "hit_or_miss", "hit_or_miss", "will_miss", "no_target",
    ]  # fmt: skip
    other = control_chart("xmr", quarters(24), value, polarity="higher_is_better")
    assert [assurance(other, t) for t in (low, low + 0.01, high, high + 0.01)] == [
        "will_meet", "hit_or_miss", "hit_or_miss", "will_miss",
    ]  # fmt: skip
    unjudged = control_chart("xmr", quarters(24), value)
    assert assurance(unjudged, 40) == "no_target"
    short = control_chart("xmr", quarters(5), value[:5], polarity="lower_is_better")
    assert assurance(short, 40) == "no_limits"


def test_a_missing_quarter_is_drawn_as_nothing() -> None:
    chart = control_chart("p", quarters(14), [10] * 6 + [None, None] + [10] * 6, [30] * 14)
    assert chart.points["value"].null_count() == 2
    assert chart.segments["points"].to_list() == [12]
    assert chart.has_limits


def test_nobody_and_nothing_make_no_chart() -> None:
    assert reading(control_chart("p", [], [], [])) is None
    assert reading(control_chart("p", quarters(3), [0, 0, 0], [0, 0, 0])) is None
    none = control_chart("p", quarters(12), [0] * 12, [30] * 12)
    assert set(none.points["cause"]) == {"common"}
    with pytest.raises(ValueError, match="denominator"):
        control_chart("p", quarters(2), [1, 2])


def test_the_chart_for_each_kind_of_statistic() -> None:
    assert [chart_kind(k) for k in ("proportion", "ratio", "survival", "count")] == ["p", "u", "xmr", "xmr"]


def test_few_expected_events_are_noted() -> None:
    chart = control_chart("p", quarters(12), [1, 2] * 6, [20] * 12)
    assert "few_expected" in chart.segments["notes"][0]
    many = control_chart("p", quarters(12), [20, 22] * 6, [60] * 12)
    assert many.segments["notes"].to_list() == [[]]


# --- events -----------------------------------------------------------------------------------------------------------

SPANS = pl.DataFrame(
    {
        "period": quarters(24),
        "start": [dt.date(2015 + i // 4, i % 4 * 3 + 1, 1) for i in range(24)],
        "end": [dt.date(2015 + (i + 1) // 4, (i + 1) % 4 * 3 + 1, 1) - dt.timedelta(days=1) for i in range(24)],
    }
)
EVENTS = pl.DataFrame(
    {
        "on_date": [dt.date(2018, 1, 1), dt.date(2018, 3, 31), dt.date(2019, 4, 2), dt.date(2031, 1, 1)],
        "title": ["new scheme", "its last day", "a Fenland service opens", "after the chart"],
        "district": ["", "", "fenland", ""],
    }
)


def test_dated_notes_stand_in_their_quarter_and_district() -> None:
    county = annotations(SPANS, EVENTS)
    assert county["period"].to_list() == ["2018Q1", "2018Q1"]
    assert annotations(SPANS, EVENTS, "fenland")["period"].to_list() == ["2018Q1", "2018Q1", "2019Q2"]


def test_limits_begin_anew_at_a_declared_event_and_nowhere_else() -> None:
    assert rebased(SPANS, EVENTS, [dt.date(2018, 1, 1)]) == ["2018Q1"]
    with pytest.raises(ProblemError, match="No event is declared on 2017-06-01"):
        rebased(SPANS, EVENTS, [dt.date(2017, 6, 1)])
    with pytest.raises(ProblemError, match="2019-04-02"):
        rebased(SPANS, EVENTS, [dt.date(2019, 4, 2)], "cambridge")


def test_a_declared_change_gives_each_stretch_its_own_limits() -> None:
    value = [50.0, 52.0] * 6 + [30.0, 32.0] * 6
    before = control_chart("xmr", quarters(24), value, polarity="lower_is_better")
    assert set(before.points["cause"][:12]) == {"concern"}
    after = control_chart(
        "xmr", quarters(24), value, polarity="lower_is_better", breaks=rebased(SPANS, EVENTS, [dt.date(2018, 1, 1)])
    )
    assert after.points["centre"].unique().sort().to_list() == [31, 51]
    assert set(after.points["cause"]) == {"common"}
    assert after.segments["first"].to_list() == ["2015Q1", "2018Q1"]


# --- planted causes and false alarms ----------------------------------------------------------------------------------


def signalled(value: np.ndarray, centre: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    return np.any([r(value, centre, sigma) != 0 for r in (outside_limits, one_side, trend, two_of_three)], axis=0)


def test_a_planted_shift_of_three_sigma_is_found() -> None:
    """Measured over 2,000 charts: 22%, 47%, 73% and 97% of falls of 1, 1.5, 2 and 3 sigma in the last 8 of 24."""
    rng = np.random.default_rng(11)
    found = 0
    for _ in range(100):
        value = rng.normal(40, 1, 24)
        value[-8:] -= 3
        chart = control_chart("xmr", quarters(24), value.tolist(), polarity="lower_is_better")
        found += "improvement" in chart.points["cause"][-8:].to_list()
    assert found / 100 > 0.9


def test_how_often_the_latest_quarter_is_falsely_alarming() -> None:
    """Stable counts: the latest quarter is marked about 1 time in 100, and a chart of 24 somewhere 16 times in 100."""
    rng = np.random.default_rng(12)
    last = anywhere = 0
    for _ in range(1000):
        value = rng.normal(40, 3, 24)
        limits = xmr_limits(value)
        marks = signalled(value, limits.centre, limits.sigma)
        last, anywhere = last + marks[-1], anywhere + marks.any()
    assert last / 1000 == pytest.approx(0.013, abs=3 * (0.013 / 1000) ** 0.5)
    assert anywhere / 1000 == pytest.approx(0.162, abs=3 * (0.162 * 0.838 / 1000) ** 0.5 + 0.005)


def test_prolific_people_break_a_plain_u_chart_and_not_the_widened_one() -> None:
    """Reoffences of 40 people a quarter, negative binomial, shape 0.5: 99% of plain charts of 24 alarm, 16% of ours."""
    rng = np.random.default_rng(13)
    plain = ours = 0
    people = np.full(24, 40.0)
    for _ in range(150):
        count = rng.negative_binomial(0.5, 0.5 / 2.5, (24, 40)).sum(axis=1).astype(float)
        for primed in (False, True):
            limits = u_limits(count, people, primed)
            alarm = signalled(count / people, limits.centre, limits.sigma).any()
            plain, ours = plain + (alarm and not primed), ours + (alarm and primed)
    assert plain / 150 > 0.95
    assert ours / 150 < 0.26


def test_neighbouring_quarters_alike_are_noted() -> None:
    """Follow-up of neighbouring cohorts overlaps: with a correlation of 0.5, 68% of charts of 24 alarm. It is said so."""
    rng = np.random.default_rng(14)
    noted = 0
    for _ in range(100):
        value = np.zeros(60)
        for i in range(1, 60):
            value[i] = 0.5 * value[i - 1] + rng.normal()
        noted += "neighbours_alike" in control_chart("xmr", quarters(40), value[20:].tolist()).segments["notes"][0]
    assert noted / 100 > 0.55
    assert correlation(np.array([1.0, -1.0] * 10)) < -0.9
    assert correlation(np.ones(12)) == 0


def test_twelve_is_the_least_number_of_points() -> None:
    assert LEAST_POINTS == 12
