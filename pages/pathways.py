"""Which pathways are people getting through?"""

import streamlit as st

from components import charts, data, filters, headlines, markup, page, words

source = page.reader()
page.question("Which pathways are people getting through?")
said = st.container()

found = headlines.steps(source)
if not found:
    page.answer("This release holds no measure by pathway at this level.")
    st.stop()
first = found[0]
one, two = st.columns(2)
with one:
    district = filters.district(source, first[1])
with two:
    kind = filters.kind(headlines.step_kinds(source, found, district))

where = {first[1].district_dimension: district} if district else {}
columns = [
    (source.indicator(i).title, *headlines.by_pathway(source, i, cohort, dim, kind, where)) for i, cohort, dim in found
]
with said:
    page.answer(words.steps_answer([total for _, _, total in columns], [(title, rows) for title, rows, _ in columns]))

heads = [
    (title, words.unit_words(source.indicator(step[0]).unit))
    for (title, _, _), step in zip(columns, found, strict=True)
]
names, matrix = headlines.side_by_side(columns)
if names:
    page.show(markup.matrix(matrix, heads, "The nine pathways, from need to completion"))
    rows = [row for _, cells in matrix for row in cells if row]
    page.show(markup.note([words.PATHWAYS_OVERLAP, *words.key_to(rows)]))
    page.table_of(rows, "The nine pathways", ("title", "label1"))
else:
    page.show(markup.note(words.no_table(source.nearest(first[0], first[1].id, [first[2], *where], kind))))

page.heading("One pathway over time")
left, right = st.columns(2)
with left:
    pathway = filters.pathway(source)
with right:
    step = filters.choose("Step", [(i, source.indicator(i).title) for i, _, _ in found], "step")
indicator, about, dim = next(x for x in found if x[0] == step)
chosen_where = {**where, **({dim: pathway} if pathway else {})}
trend = data.figures(source, indicator, about.id, kind=kind, where=chosen_where)
if trend is not None:
    line = headlines.trimmed(trend.to_dicts())
    periods = {p.id: p for p in source.periods(kind)}
    page.chart(charts.trend(line, periods, height=280), charts.alt_trend(line, about.people), "trend")
    page.table_of(line, source.indicator(indicator).title)
else:
    page.show(markup.note(words.no_table(source.nearest(indicator, about.id, list(chosen_where), kind))))

infos = [source.indicator(i) for i, _, _ in found]
page.how(infos)
named = filters.named(source, District=district, Periods=kind, Pathway=pathway, Step=step)
tables = {"pathways": page.frame_of([row for _, rows, _ in columns for row in rows]), "over_time": trend}
page.download(source, "pathways", "Which pathways are people getting through?", named, tables, infos)
