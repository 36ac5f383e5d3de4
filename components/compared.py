"""One comparison on a page: its verdict, what it rests on, and how far the answer moves."""

from collections.abc import Sequence

import streamlit as st

from components import evidence, markup, page, verdicts
from components.evidence import Case
from components.verdicts import Row


def answer(case: Case) -> None:
    """The verdict: a mark, how strong the evidence is, and one sentence."""
    page.show(evidence.verdict_line(case))
    page.answer(verdicts.verdict(case.about, case.headline))
    page.show(markup.paragraphs(said([verdicts.how_often(case.about, case.frequency)])))


def of_100(case: Case) -> None:
    """The verdict's figures: of 100 typical people, in both groups."""
    main = case.headline
    if main is not None and main["treated"] is not None:
        page.show(evidence.hundred(case))
        page.show(markup.paragraphs(said([verdicts.of_100(case.about, main), verdicts.luck(main)])))


def said(lines: Sequence[str]) -> list[str]:
    """The sentences that there are."""
    return [line for line in lines if line]


def two_answers(case: Case, years: Sequence[Row]) -> None:
    """The matched result beside observed minus expected, on one scale; nothing for those of whom nothing is expected."""
    if years:
        page.heading("Two ways of asking", verdicts.TWO_WAYS)
        page.show(evidence.two_answers(case, years))
        page.show(markup.paragraphs([verdicts.expected_line(years[-1])]))


def behind(case: Case) -> None:
    """What stands behind the verdict: outcomes, who is compared and how alike they are, other ways, and how soon."""
    about, main = case.about, case.headline
    if main is not None and main["treated"] is not None:
        page.heading("What differed?", "People who took part, beside people like them who did not; 95% intervals.")
        page.show(evidence.outcomes(case) + markup.note([verdicts.OWN_SCALES]))
        page.show(markup.details("Show every figure as a table", evidence.effects_table(case)))

    page.heading("Who is compared?", verdicts.flow(case.flow))
    page.show(evidence.flow_table(case))

    if case.balance:
        alike = verdicts.balance(evidence.worst_after(case.balance), evidence.corrected(about))
        page.heading("Are the two groups alike?", alike)
        page.show(evidence.love_plot(case))
        page.show(markup.details("Show every covariate as a table", evidence.balance_table(case)))
    if case.support:
        page.show(markup.subheading("Is there somebody like each of them?"))
        page.show(markup.paragraphs([evidence.overlap(case.support)]))
        page.chart(evidence.support(case.support), evidence.alt_support(case.support), "support")
        page.show(markup.details("Show these figures as a table", evidence.support_table(case)))

    if case.other_ways:
        page.heading("How far does the answer move?", verdicts.moves(case.headline, case.other_ways))
        page.show(evidence.specifications(case))
    diluted = "" if main is None else verdicts.diluted(case.sensitivity, main)
    page.show(markup.paragraphs(said([diluted, *verdicts.unseen(about["verdict"], case.sensitivity)])))
    if case.effect_curves:
        how_soon(case)
    if case.competing:
        what_came_first(case)


def how_soon(case: Case) -> None:
    """Time to first reoffence in both groups: curves, mean days, the ratio of hazards, and whether the curves differ."""
    days = case.about["outcome_days"]
    page.heading("How soon did people reoffend?", "Share who had reoffended by each day, with 95% intervals.")
    page.chart(evidence.arms(case.effect_curves, days), evidence.alt_arms(case.effect_curves), "arms")
    mean, ratio = case.published("time", "matched", "difference"), case.published("hazard", "cox", "ratio")
    test = case.published("hazard", "log_rank", "ratio")
    lines = ["" if mean is None else verdicts.sooner(mean, days), "" if ratio is None else verdicts.hazard(ratio, days)]
    page.show(markup.paragraphs(said([*lines, "" if test is None else verdicts.log_rank(test["p_value"])])))
    page.show(markup.note([verdicts.CURVE_AS_MATCHED]))
    page.show(markup.details("Show these figures as a table", evidence.arms_table(case)))


def what_came_first(case: Case) -> None:
    """A reoffence, custody without one, or death: the share of each group to whom each came first."""
    days, found = case.about["outcome_days"], evidence.by_cause(case.competing)
    page.heading("Did custody or death come first?", verdicts.COMPETING)
    page.show(markup.paragraphs(said([verdicts.came_first(evidence.ends(case.competing), days)])))
    drawn = [cause for cause in ("reoffence", "custody") if cause in found]
    top = evidence.top_of([row for cause in drawn for row in found[cause]])
    for cause, column in zip(drawn, st.columns(2), strict=False):
        with column:
            page.show(markup.subheading(verdicts.FIRST[cause]))
            alt = evidence.alt_arms(found[cause], f"to whom {verdicts.CAUSES[cause]} came first")
            page.chart(evidence.arms(found[cause], days, top), alt, f"first-{cause}")
    page.show(markup.details("Show these figures as a table", evidence.competing_table(case)))
