"""How do the old measures and the new compare?"""

import streamlit as st

from components import evidence, filters, markup, page, parallel, words

source = page.reader()


def show() -> None:
    """One old measure in one year beside the single cohort's, the steps between them, the years, and fixed lists."""
    said = st.container()
    left, right = st.columns(2)
    with left:
        measure = filters.choose("Old measure", parallel.choices(source), "old_measure")
    with right:
        year = filters.choose("Year", parallel.years(source, measure), "year")
    found = parallel.case(source, measure, year)
    with said:
        page.opening(parallel.opening(found))
        page.answer(parallel.answer(found))

    page.heading("Side by side", parallel.WHY_KEPT)
    page.show(parallel.side_by_side(found))
    page.paragraphs(parallel.change_said(found))

    page.heading("Why do they differ?", "The share of people with a proven offence, one difference at a time")
    if "all" in found.steps:
        page.show(markup.dots(parallel.step_rows(found), "label", caption="From the old measure to the new"))
        page.show(parallel.steps_list(found))
    else:
        page.show(markup.note([parallel.OPEN]))

    page.heading("Year by year", "Share of people with a proven offence. Bars: 95% intervals")
    page.chart(parallel.chart(source, measure), parallel.alt(source, measure), "parallel")
    page.show(markup.details("Show these figures as a table", parallel.years_table(source, measure)))
    show_lists()

    page.show(markup.details("How do the old measures work?", markup.paragraphs(parallel.METHOD)))
    infos = [source.indicator(name) for name in (parallel.RATE, parallel.OFTEN)]
    page.how(infos)
    chosen = filters.named(source, Measure=dict(parallel.choices(source))[measure], Year=year)
    tables = parallel.frames(source, measure)
    page.download(
        source, "parallel", parallel.TITLE, filters=chosen, tables=tables, infos=infos, method=parallel.METHOD
    )


def show_lists() -> None:
    """Lists of people fixed on one day, beside what was to be expected of them."""
    for number, (title, row) in enumerate(parallel.lists(source)):
        if not number:
            page.heading(parallel.LISTS, parallel.LISTS_UNDER)
        page.show(markup.subheading(title))
        page.paragraphs(parallel.list_said(row))
        page.show(evidence.before_after_table([row]))


page.question(parallel.TITLE)
if parallel.choices(source):
    show()
else:
    page.opening(words.NOTHING_HERE)
    page.answer(parallel.NONE)
    show_lists()
