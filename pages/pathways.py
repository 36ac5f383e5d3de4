"""Which pathways are people getting through?"""

import streamlit as st

from components import data, filters, headlines, links, markup, page, words
from components.headlines import Step

source = page.reader()


def show(found: list[Step]) -> None:
    """The steps of all pathways side by side, then one of them over time."""
    said = st.container()
    cohort = found[0].cohort
    one, two = st.columns(2)
    with one:
        district = filters.district(source, cohort)
    with two:
        kind = filters.kind(*headlines.step_kinds(source, found, district))
    where = {cohort.district_dimension: district} if district else {}
    columns = [headlines.by_pathway(source, step, kind, where) for step in found]
    with said:
        page.answer(words.steps_answer(columns) + words.how_much_hidden([row for c in columns for row in c.rows]))

    kept, hidden = headlines.with_figures(columns)
    names, matrix = headlines.side_by_side(kept)
    rows = headlines.told(source, [row for column in columns for row in column.rows])
    if names:
        page.show(markup.matrix(matrix, [words.column_head(column) for column in kept], "The nine pathways"))
        luck = words.by_luck(words.pathways_compared(kept))
        page.show(markup.note([words.PATHWAYS_OVERLAP, *luck, *words.hidden_steps(hidden), *words.key_to(rows)]))
        page.show(
            markup.note_links([(f"Definition: {s.info.title}", links.definition(source, s.info.id)) for s in found])
        )
        page.table_of(rows, "The nine pathways", ("title", "label"))
    else:
        page.show(markup.note(words.no_table(headlines.nearest(source, found[0], where, kind))))

    page.heading("One pathway over time")
    left, right = st.columns(2)
    with left:
        pathway = filters.pathway(source, everybody=False)
    with right:
        step = filters.step(found, headlines.first_shown(found, kept))
    narrowed = {**where, step.dim: pathway}
    trend = data.rows(source, step.info.id, step.cohort.id, kind=kind, where=narrowed)
    if kind == "all":
        page.show(markup.note([words.NO_TIME_IN_ALL]))
    elif trend is not None:
        line, periods = headlines.trimmed(headlines.told(source, trend)), {p.id: p for p in source.periods(kind)}
        if page.trend(line, periods, words.who(step.cohort.title), height=280):
            page.show(markup.note(words.key_to(line)))
        page.table_of(line, step.info.title)
    else:
        page.show(markup.note(words.no_table(headlines.nearest(source, step, narrowed, kind))))

    infos = [step.info for step in found]
    page.how(infos)
    chosen = filters.named(source, District=district, Periods=kind, Pathway=pathway, Step=step.info.id)
    tables = {"pathways": page.frame_of(rows), "over_time": page.frame_of(headlines.told(source, trend or []))}
    page.download(
        source, "pathways", "Which pathways are people getting through?", filters=chosen, tables=tables, infos=infos
    )


page.question("Which pathways are people getting through?")
if steps := headlines.steps(source):
    show(steps)
else:
    managed = any(cohort.clock == "process" for cohort in source.cohorts())
    page.answer(words.NO_PATHWAYS if managed else words.NO_CASELOAD)
