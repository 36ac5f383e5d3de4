"""Whether an action moved its measure: by hand, and on quarters in which nothing was done."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from components.governance import sentences as say
from components.governance.moved import WORDS, Kind, finding, usual_range
from metrics.kinds.proportion import wilson


def row(quarter: int, top: int, bottom: int, polarity: str = "lower_is_better") -> dict[str, Any]:
    """A quarter's share as a figure, with Wilson's interval."""
    low, high = wilson(np.array([top / bottom]), np.array([float(bottom)]))
    return {
        "period": f"{2020 + quarter // 4}Q{quarter % 4 + 1}", "value": 100 * top / bottom, "lower": 100 * low[0],
        "upper": 100 * high[0], "numerator": top, "denominator": bottom, "status": "final", "reason": "", "unit": "%",
        "polarity": polarity,
    }  # fmt: skip


EARLIER = [row(q, top, 100) for q, top in enumerate((38, 42, 40, 41, 37, 43, 40, 39, 41, 40, 42, 37))]


def test_the_usual_range_is_two_sigma_about_the_earlier_quarters_for_the_people_there_are_now() -> None:
    # 480 of 1,200 are 40%; moving ranges of z are narrower than chance allows, so sigma is binomial: sqrt(0.4 0.6 / n)
    usual = usual_range(EARLIER, row(20, 30, 150), "proportion", 100.0)
    sigma = 100 * (0.4 * 0.6 / 150) ** 0.5
    assert usual == pytest.approx((40 - 2 * sigma, 40 + 2 * sigma))
    assert usual_range(EARLIER[1:], row(20, 30, 150), "proportion", 100.0) is None  # eleven quarters
    waits = [{**one, "value": value} for one, value in zip(EARLIER, [20.0, 22.0] * 6, strict=True)]
    # XmR: the mean moving range is 2, sigma 2 / 1.128
    assert usual_range(waits, row(20, 1, 2), "quantile", 1.0) == pytest.approx((21 - 4 / 1.128, 21 + 4 / 1.128))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (55, 25, "moved"),  # below 30.2%, and better than 55% by more than chance
        (55, 38, "back"),  # better than 55% by more than chance, and where it usually is
        (35, 29, "outside"),  # below 30.2%, but no better than when it was opened by more than chance
        (45, 41, "same"),
        (55, 53, "still"),  # above 49.8%, as when it was opened
        (40, 62, "worse"),
    ],
)
def test_against_the_quarter_that_opened_it_and_the_usual_range(before: int, after: int, kind: Kind) -> None:
    red, since = row(13, before, 100), row(14, after, 100)
    usual = usual_range(EARLIER, since, "proportion", 100.0)
    assert finding(red, since, usual).kind == kind
    turned = [
        {**one, "value": 100 - one["value"], "lower": 100 - one["upper"], "upper": 100 - one["lower"]}
        for one in (red, since)
    ]
    higher = [{**one, "polarity": "higher_is_better"} for one in turned]
    assert usual
    assert finding(*higher, (100 - usual[1], 100 - usual[0])).kind == kind


def test_every_finding_that_can_be_read_has_its_words_in_the_summary() -> None:
    assert set(say.BECAME) == set(WORDS) - {"early", "few", "unjudged", "none"}
    for kind, told in say.BECAME.items():
        assert ("outside its usual range" in WORDS[kind].lower()) == ("outside its usual range" in told)


def test_with_too_few_earlier_quarters_it_is_held_against_the_one_that_opened_it() -> None:
    assert finding(row(3, 60, 100), row(4, 30, 100), None).kind == "better"
    assert finding(row(3, 30, 100), row(4, 60, 100), None).kind == "worse"
    assert finding(row(3, 40, 100), row(4, 38, 100), None).kind == "same"
    assert finding(row(3, 60, 100, "no_judgement"), row(4, 30, 100, "no_judgement"), None).kind == "unjudged"


def test_whether_it_reached_its_aim_is_told_beside_the_finding() -> None:
    assert finding(row(3, 60, 100), row(4, 30, 100), None, aim=30.0).reached is True
    assert finding(row(3, 60, 100), row(4, 31, 100), None, aim=30.0).reached is False
    assert finding(row(3, 60, 100), row(4, 31, 100), None).reached is None


def test_where_nothing_was_done_it_seldom_says_that_the_measure_moved() -> None:
    """40% each quarter of about 150 people; an action is opened from the first quarter after 16 whose interval lies above 40%."""
    rng = np.random.default_rng(3)
    kinds, naive, tries = [], 0, 0
    while len(kinds) < 80 and tries < 2000:
        tries += 1
        people = rng.poisson(150, 60) + 5
        tops = rng.binomial(people, 0.4)
        low, _ = wilson(tops / people, people.astype(float))
        opened = next((q for q in range(16, 59) if low[q] > 0.4), None)
        if opened is None:
            continue
        quarters = [row(q, int(tops[q]), int(people[q])) for q in range(opened + 2)]
        usual = usual_range(quarters[:opened], quarters[-1], "proportion", 100.0)
        found = finding(quarters[opened], quarters[-1], usual)
        kinds.append(found.kind)
        naive += found.change is not None and found.change.kind == "improved"
    assert len(kinds) == 80
    assert naive > 0.2 * len(kinds)  # against the quarter that opened it, about a third look better
    assert kinds.count("moved") < 0.08 * len(kinds)  # 2.5% are meant to


def test_the_first_day_that_an_action_could_move_anything() -> None:
    from components.governance.rows import _quarter_start, _since

    assert (_since("2025Q4"), _since("2026Q1")) == (dt.date(2026, 1, 1), dt.date(2026, 4, 1))
    assert _quarter_start(dt.date(2026, 2, 10)) == dt.date(2026, 1, 1)
    assert _quarter_start(dt.date(2025, 12, 31)) == dt.date(2025, 10, 1)
