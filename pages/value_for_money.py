"""Does it pay?"""

import streamlit as st

from components import links, markup, page, value, valued, words
from components.value import Valued, accounts, pictures, steps, tables
from components.value import sentences as say
from metrics.value.case import Basis

source, TITLE = page.reader(), "Does it pay?"


def break_even(of: Valued) -> None:
    """Both bases, the curve, and what stands behind them."""
    page.show(tables.verdicts(of.even))
    if any(pictures.can_draw(row) for row in of.even.values()):
        page.heading("How much must it prevent?", say.OPENING)
        page.chart(pictures.curve(of.even), pictures.alt_curve(of.even), "break-even")
    if of.about is not None:
        to = links.to(source, "schemes", subject=of.subject.name)
        page.show(markup.note_links([("The comparison that the effect is from", to)]))
    if main := of.main:
        lines = [say.out_of(main), say.evidence(of.about), say.set_up(main)]
        page.show(
            markup.paragraphs([line for line in lines if line])
            + markup.note([*say.unit_cost_warnings(main), *say.coarse(source.level)])
        )
        page.show(tables.switch("Show these figures as a table", tables.even_table(of.even)))
        page.show(
            tables.switch("Show the offences and their unit costs", tables.mix_table(of.mix, value.titles(of)))
            if of.mix
            else ""
        )


def who_gains(of: Valued, basis: Basis) -> None:
    """Who pays and who gains: public budgets as a waterfall, everybody else beside, each account apart."""
    gains = [row for row in of.money if row["basis"] == basis and row["measure"] == "gain"]
    if gains:
        page.heading("Who pays, and who gains?", say.in_prices(of.main))
        page.show(tables.public_purse(of, value.paid(of, basis), basis))
        page.show(tables.panels(gains, ("economic", "social")))
        page.show(markup.note(say.purse(gains, of.measure("not_attributed", basis))))
    if of.spend:
        page.show(tables.switch("Show what was spent line by line", tables.spend_table(of.spend)))


def how_sure(of: Valued, basis: Basis, drawn: value.Outcome | None) -> None:
    """What it is worth, how likely it pays, what moves it most, and what would have to be true."""
    ratio, even, harm = (of.measure(name, basis, head=head) for name, head in value.SURE)
    page.heading("How sure is it?", say.in_prices(of.main, say.worth(ratio, even, harm)))
    net = of.measure("net_present_value", basis, head="society")
    cautious = say.caution(of.measure("taken_for_optimism", basis), of.measure("added_for_optimism", basis), of.about)
    if drawn is not None and net is not None:
        shown = (drawn.drawn.society.histogram, net["value"], drawn.paying, net["price_year"])
        page.chart(pictures.spread(*shown), pictures.alt_spread(*shown), "spread")
    page.show(
        accounts.sure_table(of, basis, value.bar(source))
        + markup.note([*cautious, *say.sure_notes(value.figures(source).draws)])
    )
    page.show(accounts.bands_bar(accounts.bands(of, basis)) + markup.note(say.BAND_NOTES))
    if net is not None and (moves := of.of(of.tornado, basis)):
        page.heading("What moves it most?", say.in_prices(net, say.MOVES))
        page.show(steps.tornado(moves, net["value"]))
        page.show(tables.switch("Show these figures as a table", accounts.tornado_table(moves)))
        page.heading("What would have to be true?", say.in_prices(net, say.WOULD_HAVE))
        page.show(accounts.needed_table(accounts.in_order(of.of(of.switching, basis), moves)))


def show() -> None:
    """The choice, the answer, and the sections under it."""
    said = st.container()
    of, basis = valued.choose(source)
    known = value.figures(source)
    case, why = value.case_of(of, basis, known), value.why_not(of)
    of = value.with_results(of, case, known)
    with said:
        page.opening(words.value_opening(of.even, of.name))
        page.answer(say.answer(of.even, of.name))
    break_even(of)
    who_gains(of, basis)
    if case is not None and of.money:
        how_sure(of, basis, value.published(case, known, value.bar(source)))
    else:
        page.show(tables.state("Costs and benefits", say.no_value(of.name, why, source.level)))
    if of.each:
        page.heading("What does each one cost?", say.in_prices(of.each[0], say.EACH))
        page.show(tables.each_table(of.each) + markup.note(tables.each_notes(of.each)))
    page.heading("What is it resting on?", say.log(of.parameters))
    resting = tables.assumptions(of.parameters, value.impact(of, basis), value.used(of))
    page.show(markup.note(tables.log_notes(of.parameters, of.spend)) + resting)
    valued.scenarios(source, of, case, basis, TITLE)


page.question(TITLE)
if value.subjects(source):
    show()
else:
    page.nothing(say.NOTHING)
