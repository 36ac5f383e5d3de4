"""Where is it changing?"""

import streamlit as st

from components import charts, data, filters, headlines, markup, page, words

source = page.reader()
page.question("Where is it changing?")
said = st.container()

one, two, three = st.columns(3)
with one:
    cohort = filters.cohort(source, clock=None)
with two:
    info = filters.measure(source, cohort)
with three:
    kinds, first = headlines.district_kinds(source, info.id, cohort)
    kind = filters.kind(kinds, first)

places = data.tiles()
pairs = headlines.by_district(source, info.id, cohort, kind)
inside, elsewhere = headlines.inside_area(pairs, places)
with said:
    page.answer(words.districts_answer(inside) + words.how_much_hidden([now for now, _ in inside]))

if inside:
    now, before = inside[0]
    page.heading(words.measure_of(info.title, cohort.title), words.when(now, before))
    shapes = data.part(source, "boundaries")
    if shapes:
        page.chart(charts.boundary_map(headlines.judged(inside), shapes), words.districts_answer(inside), "map")
    page.show(markup.tile_map(inside, places, f"{info.title} by district, drawn by hand"))
    latest = [now for now, _ in inside]
    page.show(markup.note([words.WHO_IS_SELECTED, *words.key_to(latest)]))
    page.table_of([row for pair in pairs for row in pair if row], f"{info.title} by district")
else:
    page.show(markup.note(words.no_table(source.nearest(info.id, cohort.id, [cohort.district_dimension]))))

over_time = (
    data.figures(source, info.id, cohort.id, kind=kind, by=cohort.district_dimension)
    if kinds and kind != "all"
    else None
)
if over_time is not None and inside:
    page.heading("Each district over time", f"{filters.KINDS[kind]}; all on one scale, in alphabetical order.")
    periods = {p.id: p for p in source.periods(kind)}
    panels = headlines.panels(over_time, [now["val1"] for now, _ in inside])
    top = markup.scale_of([row for _, rows in panels for row in rows])
    for start in range(0, len(panels), 3):
        for spot, (label, rows) in zip(st.columns(3), panels[start : start + 3], strict=False):
            with spot:
                page.show(markup.subheading(label))
                page.trend(rows, periods, label, key=f"panel-{label}", height=190, top=top, small=True)

crime = data.part(source, "recorded_crime")
if not crime.is_empty():
    page.heading("Recorded crime in the area", "Context only: every crime the police recorded, whoever committed it.")
    page.chart(charts.incidents(crime), words.alt_crime(crime), "crime")
    page.show(markup.details("Show these figures as a table", markup.crime_table(crime)))

page.how([info])
chosen = filters.named(source, People=cohort.id, Measure=info.id, Periods=kind)
tables = {
    "districts": page.frame_of([row for pair in pairs for row in pair if row]),
    "over_time": over_time,
    "recorded_crime": crime,
}
page.download(source, "districts", "Where is it changing?", filters=chosen, tables=tables, infos=[info])
