"""What is said of value for money: every verdict borne out by its figures, and no word that says more than the interval."""

import re

import plotly.graph_objects as go
import pytest

from components.value import accounts, pictures, scenario, steps, tables
from components.value import sentences as say
from components.value.beside import side_by_side
from metrics.value.parameters import Parameters, parameters
from tests.value.cases import case


def even(**other):
    return {
        "subject_kind": "scheme", "subject": "iom", "district": "", "period": "2024/25", "basis": "opportunity", "cost": 400_000.0,
        "set_up": 0.0, "in_kind": 0.0, "unit_cost": 3_200.0, "unit_cost_low": 2_000.0, "unit_cost_high": 5_000.0, "price_year": "2023/24",
        "share_without_unit_cost": 0.15, "share_unchecked": 0.85, "mix": "own", "multiplier": 1.0, "counted": 1.0, "offences_to_avert": 125.0,
        "people": 500, "person_years": 300.0, "per_100": 250.0, "expected": 1250.0, "expected_basis": "comparison", "needed": 10.0,
        "observed": 12.0, "lower": 4.0, "upper": 20.0, "one_in": 10.0, "verdict": "cannot_tell", "reason": "", "comparison": "iom", **other,
    }  # fmt: skip


PAST = even(verdict="past", needed=3.0)
SHORT = even(verdict="short", needed=30.0)
CANNOT = even(verdict="cannot", needed=160.0)
DEARER = even(verdict="short", needed=140.0)
FREE = even(verdict="free", basis="cash", cost=0.0, needed=0.0, offences_to_avert=0.0)
NONE = even(
    verdict="not_available",
    reason="no cost of it is recorded for the year",
    cost=None,
    needed=None,
    offences_to_avert=None,
)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (PAST, "IOM has already paid for itself in 2024/25: it had to prevent 3% of the offences expected, and the comparison found 4% to"
               " 20% fewer (95% interval)."),
        (even(), "We cannot tell whether IOM paid for itself in 2024/25: it had to prevent 10% of the offences expected, and the comparison"
                 " found 4% to 20% fewer (95% interval). This does not mean that it does not pay."),
        (SHORT, "IOM fell short of paying for itself in 2024/25: it had to prevent 30% of the offences expected, and the comparison found 4%"
                " to 20% fewer (95% interval)."),
        (CANNOT, "IOM could not pay for itself in 2024/25 through the offences it prevents: it would have to prevent 160% of those"
                 " expected (102% even at the high end of the unit cost), and there are no more than all of them."),
        (DEARER, "IOM fell short of paying for itself in 2024/25: it had to prevent 140% (more than all, at the middle of the unit cost; 90%"
                 " at its high end) of the offences expected, and the comparison found 4% to 20% fewer (95% interval)."),
        (FREE, "IOM cost no additional cash in 2024/25, so that on cash alone there is nothing to pay back."),
        (NONE, "Whether IOM paid for itself in 2024/25 is not available: no cost of it is recorded for the year."),
    ],
)  # fmt: skip
def test_each_verdict_as_one_sentence(row, said):
    assert say.verdict(row, "IOM") == said


@pytest.mark.parametrize(
    "row",
    [
        even(verdict="past"),  # 4% to 20% holds the 10% that is needed
        even(verdict="short", needed=15.0),
        even(verdict="cannot_tell", needed=None),
        even(verdict="cannot_tell", lower=None),
        even(verdict="cannot", needed=99.0),
        even(verdict="cannot", needed=140.0),  # 89.6% at the high end of the unit cost
        even(verdict="short", needed=160.0),
        even(verdict="free"),
        even(verdict="not_available"),
        even(verdict="past", needed=120.0, lower=125.0, upper=130.0),
    ],
)
def test_a_verdict_that_its_figures_do_not_bear_out_is_refused(row):
    with pytest.raises(ValueError, match="not borne out"):
        say.verdict(row, "IOM")


def test_the_interval_is_said_whole_and_by_its_side():
    assert (
        say.found(even(lower=-9.0, upper=26.0))
        == "the comparison found anything from 9% more to 26% fewer (95% interval)"
    )
    assert say.found(even(lower=-12.0, upper=-3.0)) == "the comparison found 3% to 12% more (95% interval)"
    assert say.found(even(lower=0.4, upper=26.0)) == "the comparison found 0.4% to 26% fewer (95% interval)"


def test_what_does_not_count_of_what_was_found_is_said():
    said = say.found(even(lower=2.0, upper=10.0, counted=0.5))
    assert said.startswith("of what the comparison found, 2% to 10% fewer counts (95% interval; displacement")
    assert say.found(even(counted=1.0)) == say.found(even())


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (3.2, "It pays if it prevents about one in 31 of the offences expected."),
        (34.0, "It pays if it prevents about one in 3 of the offences expected."),
        (50.0, "It pays if it prevents one in 2 of the offences expected."),
        (57.0, "It pays if it prevents 6 in every 10 of the offences expected."),
        (100.0, "It pays if it prevents all of the offences expected."),
        (
            101.0,
            "At the middle of the unit cost it would not pay even if it prevented all of the offences expected; at its high end it pays"
            " if it prevents 7 in every 10 of them.",
        ),
        (160.0, "It would not pay even if it prevented all of the offences expected."),
        (None, ""),
    ],
)
def test_one_in_so_many_is_the_nearest_whole_number(needed, said):
    assert say.one_in(even(needed=needed)) == said


def test_what_asks_for_no_cash_is_never_said_to_pay():
    """Free in cash is no gain: the caveat and what was found stand beside it, and harm is called harm."""
    unsure = say.one_in(FREE | {"observed": 10.0, "lower": -19.0, "upper": 39.0})
    harmful = say.one_in(FREE | {"observed": -20.0, "lower": -30.0, "upper": -10.0})
    unknown = say.one_in(FREE | {"observed": None, "lower": None, "upper": None})
    for said in (unsure, harmful, unknown):
        assert say.FREE_IS_NOT_WORTH in said and "It pays" not in said
    assert "The comparison found anything from 19% more to 39% fewer" in unsure and "harm" not in unsure
    assert "The comparison found 10% to 30% more (95% interval): it did harm" in harmful
    assert "comparison" not in unknown
    assert say.FREE_IS_NOT_WORTH in tables.verdicts({"cash": FREE})


def test_the_opening_line_is_its_own_arithmetic():
    said = say.opening(even())
    assert said == "£400,000 / £3,200 = 125 offences to avert (2023/24 prices)"
    cost, unit, avert = (
        float(x.replace(",", "")) for x in re.findall(r"[\d,]+(?= |$)", said.split("(")[0].replace("£", ""))
    )
    assert cost / unit == avert
    assert say.opening(NONE) == ""


def test_the_answer_gives_both_bases_and_the_second_in_few_words():
    assert say.answer({"opportunity": even(), "cash": PAST | {"basis": "cash"}}, "IOM").endswith(
        "Counting additional cash alone, it is already past break-even."
    )
    assert say.answer({"opportunity": even(), "cash": FREE}, "IOM").endswith(
        "Counting additional cash alone, there is nothing to pay back, which does not show that it prevents anything."
    )
    assert say.answer({"opportunity": even(), "cash": even(basis="cash")}, "IOM").endswith(
        "The same holds counting additional cash alone."
    )
    assert say.answer({"opportunity": NONE, "cash": NONE}, "IOM") == say.verdict(NONE, "IOM")
    assert "no cost of it is recorded" in say.answer({}, "IOM")


def test_every_verdict_is_a_word_and_a_shape_of_its_own():
    assert len(set(say.SYMBOLS.values())) == len(say.SYMBOLS) == len(set(say.SHORT.values()))
    html = tables.verdicts({"opportunity": even(), "cash": FREE})
    for row in (even(), FREE):
        assert say.SHORT[row["verdict"]] in html and say.SYMBOLS[row["verdict"]] in html
    assert "£400,000 / £3,200 = 125 offences to avert" in html and "one in 10" in html


def test_a_basis_that_is_not_available_says_why_and_shows_no_figure():
    html = tables.verdicts({"opportunity": NONE})
    assert "No cost of it is recorded for the year." in html and "£" not in html and ">0" not in html


def test_what_was_not_checked_and_what_has_no_cost_are_said():
    said = " ".join(say.unit_cost_warnings(even()))
    assert (
        "85% of the offences are from memory or the press" in said
        and "15% of the offences have no published unit cost" in said
    )
    assert "£3,200, between £2,000 and £5,000 (2023/24 prices)" in said
    assert say.unit_cost_warnings(even(share_unchecked=0.0, share_without_unit_cost=0.0, unit_cost_low=None)) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "£0"), (0.954, "£0.95"), (-0.954, "\u2212£0.95"), (9.5, "£9.50"), (47.97, "£48"), (1234.5, "£1,234"), (-999_999, "\u2212£999,999"),
     (1_500_000, "£1.50m"), (-0.001, "£0")],
)  # fmt: skip
def test_pounds_in_words(value, said):
    assert say.pounds(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "less than 1%"), (1.0, "more than 99%"), (0.5, "50%"), (0.994, "more than 99%"), (0.01, "1%")],
)
def test_no_draw_makes_a_thing_certain(value, said):
    assert say.chance(value) == said


def test_a_payback_may_never_come():
    assert [say.years(x) for x in (None, 0.0, 1.0, 2.34)] == ["never", "nothing to pay back", "1 year", "2.3 years"]


def test_a_supposed_effect_is_told_as_if_so_and_never_as_a_finding():
    known = scenario.Figures(parameters())
    made = case()
    found = [
        scenario.come_to(name, made, moved, known, draws=1000)
        for name, moved in (("As published", {}), ("Best", {"effect": 100.0}))
    ]
    assert not found[0].supposes_the_effect and found[1].supposes_the_effect
    html = side_by_side(found, scenario.knobs(made, []), 2.0)
    words = [say.outcome_word(one.even.verdict, one.supposes_the_effect) for one in found]
    assert all(f'data-label="{one.name}, 2023/24 prices"' in html for one in found)  # each cell says whose, on a phone
    assert words[1].startswith("if so, ") and all(word in html for word in words)
    assert say.SUPPOSED in say.scenario_notes(found) and say.SUPPOSED not in say.scenario_notes(found[:1])


def test_the_break_even_curve_holds_its_rows_and_is_told_in_words():
    rows = {"opportunity": even(), "cash": even(basis="cash", cost=100_000.0, needed=2.5, verdict="past")}
    spec = pictures.curve(rows)
    go.Figure(data=spec["data"], layout=spec["layout"])  # Plotly checks every property
    line = next(t for t in spec["data"] if t["line"] == {"color": pictures.INK, "width": 2})
    assert line["y"][-1] / line["x"][-1] == pytest.approx(1250 * 3200 / 100)  # a point of reduction pays for so much
    marks = [t for t in spec["data"] if t.get("mode") == "markers" and t["marker"].get("symbol") == "diamond-open"]
    assert [(t["x"], t["y"]) for t in marks] == [([10.0], [400_000.0]), ([2.5], [100_000.0])]
    assert all(
        y == pytest.approx(x * 40_000) for t in marks for x, y in zip(t["x"], t["y"], strict=True)
    )  # on the line
    alt = pictures.alt_curve(rows)
    assert "needs a reduction of 10%" in alt and "4% to 20% fewer" in alt and "Already past break-even" in alt


def test_a_curve_above_all_says_so_and_one_without_a_cost_is_not_drawn():
    spec = pictures.curve({"opportunity": CANNOT})
    assert not [t for t in spec["data"] if t.get("marker", {}).get("symbol") == "diamond-open"]
    assert "more than all" in pictures.alt_curve({"opportunity": CANNOT})
    assert not pictures.can_draw(FREE) and not pictures.can_draw(NONE)


def test_the_spread_keeps_every_draw_but_the_outermost():
    edges, counts = tuple(float(x) for x in range(-5, 6)), (1, 0, 200, 300, 400, 500, 300, 200, 99, 1)
    bars = pictures.bars((edges, counts))
    assert sum(share for *_, share in bars) >= 0.99
    spec = pictures.spread((edges, counts), -0.5, 0.55, "2023/24")
    go.Figure(data=spec["data"], layout=spec["layout"])
    hatched, filled = spec["data"]
    assert max(hatched["x"]) < 0 < min(filled["x"]) and hatched["marker"]["pattern"]["shape"] == "/"
    assert "55% of draws pay" in pictures.alt_spread((edges, counts), -0.5, 0.55, "2023/24")


def test_amounts_on_an_axis_carry_their_sign_before_the_pound():
    assert [pictures.short(x) for x in (0, -200_000, 1_500_000, 50)] == ["£0", "\u2212£200k", "£1.5m", "£50"]
    assert pictures.ticks(-250_000, 320_000)["ticktext"] == [
        "\u2212£200k",
        "\u2212£100k",
        "£0",
        "£100k",
        "£200k",
        "£300k",
    ]


def moves(name, **other):
    return {"assumption": name, "unit": "", "low": 0.0, "high": 0.25, "at_low": 10.0, "at_high": -5.0, **other}


def test_what_moves_it_most_says_each_end_and_names_what_has_no_bearing():
    html = steps.tornado([moves("displacement"), moves("drop_off", at_low=3.0, at_high=3.0)], 3.0)
    assert "low, 0%: £10" in html and "high, 25%: \u2212£5" in html and "Displacement" in html
    assert "Without any bearing as things stand: lost from year to year." in html


def test_the_waterfall_ends_at_what_is_left_over():
    html = steps.waterfall(
        [("Paid: police", 100.0)], [("Set-up", 20.0)], [("Saved: courts", 50.0), ("Saved: NHS", -10.0)], -80.0
    )
    signs = re.findall(r"<b>([^<]+)</b>", html)
    amounts = [float(x.replace("\u2212", "-").replace("+", "").replace("£", "")) for x in signs]
    assert sum(amounts[:-1]) == amounts[-1] == -80.0
    assert 'step-bar low"' in html  # a loss is hatched


def test_outside_public_budgets_each_head_is_a_panel_of_its_own_and_no_sum_is_shown():
    gains = [{"gainer": who, "head": head, "value": value} for who, head, value in
             (("victims", "economic", 300.0), ("society", "economic", 200.0), ("victims", "social", 500.0), ("police", "fiscal", 40.0))]  # fmt: skip
    html = tables.panels(gains, ("economic", "social"))
    assert html.count("<section") == 2 and "Police" not in html and tables.panels([], ("social",)) == ""
    assert not re.search(r"£1,0\d\d|£540|£740", html)  # no sum across panels
    assert "never added" in " ".join(say.purse(gains, None))


def test_cells_are_escaped():
    html = tables.verdicts({"opportunity": NONE | {"reason": "<script>"}}) + steps.tornado([moves("<b>x")], 0.0)
    assert "<script>" not in html and "<b>x" not in html.lower().replace("&lt;b&gt;x", "")


def test_what_would_have_to_be_true_may_have_no_answer():
    rows = [
        {
            "assumption": "effect",
            "value": 13.0,
            "low": -14.0,
            "high": 40.0,
            "needed": 14.2,
            "within_range": True,
            "pays_already": False,
        },
        {
            "assumption": "deadweight",
            "value": 0.0,
            "low": 0.0,
            "high": 0.1,
            "needed": None,
            "within_range": False,
            "pays_already": False,
        },
    ]
    html = accounts.needed_table(rows)
    assert "14 fewer per 100" in html and "within it" in html and "no value would do" in html
    assert 'data-label="Would have to be"' in html  # on a phone each cell says what it is
    assert "Could worsen to" in accounts.needed_table([rows[0] | {"pays_already": True}])


def test_the_log_puts_what_moves_the_answer_first_and_says_how_each_was_read():
    known = [{"name": n, "title": t, "value": 1.0, "low": None, "high": None, "unit": "ratio", "price_year": "", "source": "S", "edition": "1",
              "retrieved": "", "checked": False, "local": local, "read": read, "note": ""}
             for n, t, local, read in (("a", "First", False, "memory"), ("b", "Second", True, "local"), ("c", "Third", False, "copy"))]  # fmt: skip
    html = tables.assumptions(known, {"b": 0}, ())
    assert html.index("Second") < html.index("Show 2 more figures") < html.index("First")
    assert "the partnership&#x27;s own, not checked" in html and ">most<" in html and "from memory" in html


def test_parameters_are_told_apart_so_that_what_is_kept_is_theirs():
    one, two = scenario.Figures(parameters()), scenario.Figures(Parameters({**parameters()}))
    assert one != two and hash(one) != hash(two)


def test_where_the_effect_stands_is_said_beside_what_was_found():
    assert say.effect_at(13.0, 13.0, -14.0, 40.0) == (
        "The effect stands as it was found: 13 fewer offences for each 100 people (95% interval 14 more to 40 fewer)."
    )
    assert say.effect_at(-14.0, 13.0, -14.0, 40.0).startswith(
        "The effect is supposed to be 14 more offences for each 100 people; what"
    )


def test_two_bases_that_cost_the_same_are_drawn_once():
    spec = pictures.curve({"opportunity": even(), "cash": even(basis="cash")})
    names = [text["text"] for text in spec["layout"]["annotations"]]
    assert "<b>On both bases £400,000</b>" in names and not any("Additional" in name for name in names)
