"""Did it make a difference?"""

import streamlit as st

from components import compared, evidence, export, filters, markup, page, predicted, verdicts, words
from components.evidence import Case, Choice
from components.verdicts import Row

source = page.reader()


def chosen_case(found: list[Choice]) -> Case | None:
    """The comparison that the filters choose."""
    one, two, three = st.columns(3)
    with one:
        choice = filters.subject(found)
    with two:
        place = filters.compared_in(source, choice)
    with three:
        return filters.compared_over(source, evidence.picked(source, choice.subject, place))


def beside(about: Row, years: list[Row]) -> None:
    """Observed against expected by year, people's own before and after, and near misses."""
    if len(years) > 1:
        page.heading("Is it what their history predicts, year by year?", verdicts.MAY_REFLECT_SELECTION)
        page.show(evidence.expected_years(years))
        if not about["district"]:
            predicted.of_scheme(source, about["subject"])
    if rows := evidence.before_and_after(source, about):
        page.heading("Before and after", verdicts.before_after(rows[0]))
        page.show(evidence.before_after_table(rows))
    if rows := evidence.near_misses(source, about):
        page.heading(
            "Just below the threshold", "People whose scores just missed it, beside those who just reached it."
        )
        page.show(evidence.near_miss_table(rows))


def show(found: list[Choice]) -> None:
    """One comparison: its verdict, what it rests on, and how far the answer moves."""
    said = st.container()
    case = chosen_case(found)
    if case is None:
        return
    about = case.about
    years = evidence.against_expected(source, about)
    with said:
        page.opening(words.schemes_opening(about["verdict"], about["title"]))
        compared.answer(case)
    compared.of_100(case)
    compared.two_answers(case, years)
    compared.behind(case)
    beside(about, years)
    every = evidence.every(source)
    if both := evidence.side_by_side(every, evidence.expected_by_scheme(source)):
        page.heading("Every scheme, both ways", verdicts.NOT_A_RANKING)
        page.show(both)
    page.heading("Every comparison", verdicts.NOT_A_RANKING)
    page.show(evidence.every_comparison(every, dict(source.members("managing_district"))))
    page.show(markup.note([verdicts.many(*evidence.counted(every))]))

    page.show(markup.details("How is this worked out?", evidence.method(case)))
    chosen = {"Scheme or programme": about["title"], "Period": f"{about['from_period']} to {about['to_period']}"}
    how = export.headed(evidence.method_parts(case))
    page.download(
        source, "schemes", "Did it make a difference?", filters=chosen, tables=case.tables, infos=[], method=how
    )


page.question("Did it make a difference?")
if subjects := evidence.choices(source):
    show(subjects)
else:
    page.nothing(verdicts.NOTHING_COMPARED)
