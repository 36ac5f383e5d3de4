"""Scenarios side by side: what each moves, what it comes to, and the same for the download."""

from collections.abc import Callable, Sequence
from html import escape

import polars as pl

from components.markup.plain import sub
from components.value.accounts import NUMBER, lines
from components.value.scenario import Knob, Outcome, Settings
from components.value.sentences import chance, count, joined, outcome_word, pounds, share, years
from metrics.value.bands import band
from metrics.value.break_even import one_in_words
from metrics.value.simulate import Spread

Cell = Callable[[Outcome], str]
FREE = "nothing to pay back"


def side_by_side(found: Sequence[Outcome], knobs: Sequence[Knob], bar: float) -> str:
    """What each scenario comes to, as published first: a column each."""
    rows: list[tuple[str, str, Cell]] = [
        ("Moved", "", lambda o: moved_words(o.settings, knobs).replace("; ", "\n") or "nothing"),
        ("Offences to avert", "", lambda o: _or_none(o.even.offences_to_avert, count)),
        ("Reduction needed", "of the offences expected", lambda o: _or_none(o.even.needed, _needed)),
        (
            "It pays if it prevents",
            "of the offences expected",
            lambda o: FREE if o.even.cost == 0 else _or_none(o.even.needed, one_in_words),
        ),
        ("Reduction", "found, or supposed", _reduction),
        ("Break-even", "", lambda o: outcome_word(o.even.verdict, o.supposes_the_effect)),
        (
            "Chance of breaking even",
            "everybody's gain, set-up left out",
            lambda o: chance(o.drawn.society.breaking_even),
        ),
        ("Chance of more than £1 back for £1", "", lambda o: _or_none(o.drawn.society.ratio_above_1, chance)),
        (f"Chance of more than £{bar:g} back for £1", "", lambda o: _or_none(o.drawn.society.ratio_above_bar, chance)),
        (
            "Net present value",
            "everybody",
            lambda o: _ends(o.worked.society.net_present_value, o.drawn.society.net_present_value),
        ),
        ("Back for each £1", "everybody", lambda o: _or_none(o.worked.society.ratio, pounds)),
        ("Saved for each £1", "public budgets alone", lambda o: _or_none(o.worked.saved_per_pound, pounds)),
        ("Payback", "everybody", lambda o: years(o.worked.society.payback_years)),
        ("Band", "everybody, best estimate", lambda o: _or_none(o.worked.society.ratio, band)),
        ("Price year", "", lambda o: o.even.price_year),
    ]
    header = '<th scope="col"></th>' + "".join(
        f'<th scope="col"{NUMBER}>{escape(o.name)}{sub(f"{o.even.price_year} prices")}</th>' for o in found
    )
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(title)}{sub(under)}</th>'
        + "".join(
            f'<td role="cell" class="num" data-label="{escape(o.name)}, {o.even.price_year} prices">{lines(cell(o))}</td>'
            for o in found
        )
        + "</tr>"
        for title, under, cell in rows
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Scenarios side by side"><table class="figures scenarios stack" role="table">'
        '<caption class="vh">Scenarios side by side</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _or_none(value: float | None, said: Callable[[float], str]) -> str:
    return "none" if value is None else said(value)


def _needed(value: float) -> str:
    return "more than all" if value > 100 else share(value)


def _reduction(of: Outcome) -> str:
    found = of.reduction
    return (
        share(found.estimate)
        if found.lower == found.upper
        else f"{share(found.estimate)}\n{share(found.lower)} to {share(found.upper)}"
    )


def _ends(value: float, ends: Spread) -> str:
    return (
        pounds(value) if ends.lower == ends.upper else f"{pounds(value)}\n{pounds(ends.lower)} to {pounds(ends.upper)}"
    )


def moved_words(settings: Settings, knobs: Sequence[Knob]) -> str:
    """What a scenario moves, in words: 'What it cost 50%; Unit costs Low'."""
    return "; ".join(f"{knob.label} {knob.said(settings[knob.id])}" for knob in knobs if knob.id in settings)


def in_words(of: Outcome, knobs: Sequence[Knob]) -> str:
    """A scenario in the head of a download: what it moves, and the price year of its own amounts."""
    return f"{moved_words(of.settings, knobs)} (pounds of {of.even.price_year})"


def price_year(found: Sequence[Outcome]) -> str:
    """The price year of a download's amounts, and that scenarios have another where they do."""
    year = found[0].even.price_year
    others = list(dict.fromkeys(o.even.price_year for o in found if o.even.price_year != year))
    return f"{year}; of scenarios also {joined(others)}, as each one says" if others else year


def scenario_frame(found: Sequence[Outcome], knobs: Sequence[Knob], bar: float) -> pl.DataFrame:
    """Scenarios for the download: what each moves, and all that it comes to, with its price year."""
    return pl.DataFrame(
        [
            {
                "scenario": o.name, "moved": moved_words(o.settings, knobs), "basis": o.basis, "effect_supposed": o.supposes_the_effect,
                "cost": o.even.cost, "unit_cost": o.even.unit_cost, "offences_to_avert": o.even.offences_to_avert, "expected": o.even.expected,
                "needed_percent": o.even.needed, "reduction_percent": o.reduction.estimate, "reduction_lower": o.reduction.lower,
                "reduction_upper": o.reduction.upper, "break_even": o.even.verdict, "chance_of_breaking_even": o.drawn.society.breaking_even,
                "chance_of_ratio_above_1": o.drawn.society.ratio_above_1, "bar": bar, "chance_of_ratio_above_bar": o.drawn.society.ratio_above_bar,
                "net_present_value_everybody": o.worked.society.net_present_value, "ratio_everybody": o.worked.society.ratio,
                "saved_per_pound_public_budgets": o.worked.saved_per_pound, "payback_years_everybody": o.worked.society.payback_years,
                "price_year": o.even.price_year, "draws": o.drawn.draws, "seed": o.drawn.seed,
            }
            for o in found
        ],
        infer_schema_length=None,
    )  # fmt: skip
